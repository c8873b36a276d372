//! What is left of an event once its content is sealed (§0.9, §0.23): the kind, days, codes, stages, deciding bodies and
//! who signed stay; what was written goes, and with it whom, which post and which points the report was about.
//!
//! The unit stays: the body that handled the matter names it anyway, and figures are kept by it. A text is anything
//! that is not a day, an id, a code or a word of a closed list, so that a field added later is sealed unless it is
//! listed here. What was sealed once is its own redaction for ever: `verify` asks for that.

use std::collections::HashSet;

use serde_json::Value;

use super::event::{Event, VERSION};
use super::source;

/// What stands where content stood.
pub const SEALED: &str = "（已密封）";

/// Links of a report that say what it was about.
const LINKS: [&str; 4] = ["person", "post", "section", "points"];

/// Words that stay although somebody typed them: names of those who acted, numbers, receiving organ.
const KEPT: [&str; 9] = [
    "name",
    "signer",
    "meeting",
    "votes",
    "number",
    "receiver",
    "receipt",
    "original_code",
    "code",
];

/// Fields that always hold what was written, whatever it looks like.
const WRITTEN: [&str; 13] = [
    "paper",
    "content",
    "text",
    "reason",
    "opinion",
    "facts",
    "plan",
    "result",
    "evidence",
    "demand",
    "statement",
    "note",
    "channel",
];

/// Shortest run of characters that counts as quoted; a shorter text counts as a whole, from four characters on.
const RUN: usize = 8;
const SHORTEST: usize = 4;

/// The texts that are being sealed, to find where else they were written.
#[derive(Debug, Default)]
pub struct Quotes {
    runs: HashSet<[char; RUN]>,
    short: HashSet<String>,
}

impl Quotes {
    /// The texts of these events.
    pub fn of<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Self, serde_json::Error> {
        let mut quotes = Self::default();
        for event in events {
            let (kind, mut body) = body_of(event)?;
            walk(&kind, "", &mut body, &mut |kept, text| {
                if !kept {
                    quotes.add(text);
                }
                None
            });
        }
        Ok(quotes)
    }

    fn add(&mut self, text: &str) {
        let text = text.trim();
        let letters: Vec<char> = text.chars().collect();
        if text == SEALED || letters.len() < SHORTEST {
            return;
        }
        if letters.len() < RUN {
            self.short.insert(text.to_owned());
        }
        self.runs
            .extend(letters.windows(RUN).filter_map(|run| <[char; RUN]>::try_from(run).ok()));
    }

    /// True when a text repeats one of them, or a part of one.
    pub fn repeated_in(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        let run = |run: &[char]| <[char; RUN]>::try_from(run).is_ok_and(|run| self.runs.contains(&run));
        letters.windows(RUN).any(run) || self.short.iter().any(|short| text.contains(short.as_str()))
    }

    /// True when anything written in an event repeats one of them.
    pub fn repeated_by(&self, event: &Event) -> Result<bool, serde_json::Error> {
        let mut found = false;
        strings(&body_of(event)?.1, &mut |text| found |= self.repeated_in(text));
        Ok(found)
    }
}

/// The event without its content; `None` when there is nothing to take out.
///
/// What repeats `quotes` goes from the kept words as well. An error would be a mistake of the program: every kind of
/// event must still be readable without its content.
pub fn redact(event: &Event, quotes: &Quotes) -> Result<Option<Event>, serde_json::Error> {
    let (kind, before) = body_of(event)?;
    let mut body = before.clone();
    walk(&kind, "", &mut body, &mut |kept, text| {
        (!kept || (is_text(text) && quotes.repeated_in(text))).then(|| SEALED.to_owned())
    });
    if body == before {
        return Ok(None);
    }
    let read = Event::decode(&kind, VERSION, &body.to_string());
    read.map(Some).map_err(serde::de::Error::custom)
}

fn body_of(event: &Event) -> Result<(String, Value), serde_json::Error> {
    let (kind, body) = event.encode()?;
    Ok((kind, serde_json::from_str(&body)?))
}

/// Calls `put` for every string that is a text, or a kept word, and puts what it gives in its place; links of the
/// report are taken out.
fn walk(kind: &str, key: &str, value: &mut Value, put: &mut dyn FnMut(bool, &str) -> Option<String>) {
    match value {
        Value::Object(map) => {
            if key == "fields" {
                map.retain(|id, _| !LINKS.contains(&id.as_str()));
            }
            if key.is_empty() && kind.starts_with("warning_") && map.contains_key("points") {
                map.insert("points".into(), Value::Array(Vec::new()));
            }
            // Which files were on it says what it was about; the bytes go with the names.
            map.remove("attachments");
            for (id, value) in map {
                walk(kind, id, value, put);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|value| walk(kind, key, value, put)),
        // 呈批单: "verb：code title"; the title is cut from the content.
        Value::String(text) if kind == "sheet_prepared" && key == "title" => {
            if let Some((head, title)) = text.split_once(' ')
                && let Some(instead) = put(false, title)
            {
                *text = format!("{head} {instead}");
            }
        }
        // Sealed already; it goes by its own rule, when its time is over.
        Value::String(_) if key == source::SEALED => {}
        Value::String(text) if !text.is_empty() => {
            let kept = KEPT.contains(&key) || !(is_text(text) || WRITTEN.contains(&key));
            if let Some(instead) = put(kept, text) {
                *text = instead;
            }
        }
        _ => {}
    }
}

/// Anything but a day, an id, a code or a word of a closed list.
fn is_text(text: &str) -> bool {
    !text.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c))
}

fn strings(value: &Value, heard: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => heard(text),
        Value::Array(all) => all.iter().for_each(|value| strings(value, heard)),
        Value::Object(map) => map.values().for_each(|value| strings(value, heard)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use serde_json::json;

    fn read(kind: &str, body: &Value) -> Event {
        Event::decode(kind, VERSION, &body.to_string()).unwrap()
    }

    fn sealed(kind: &str, body: &Value) -> Value {
        let event = redact(&read(kind, body), &Quotes::default()).unwrap().unwrap();
        serde_json::from_str(&event.encode().unwrap().1).unwrap()
    }

    fn report() -> Value {
        json!({
            "code": "YJ-XY-2026-0001",
            "fields": {
                "content": "出纳长期一人兼管票据和印鉴", "person": "00000000000000000000000000000021",
                "post": "00000000000000000000000000000022", "received_on": "2026-11-20", "receiver": "王强",
                "source": "informant", "source_sealed": "{\"v\":1}", "unit": "00000000000000000000000000000009"
            },
            "points": ["00000000000000000000000000000033"], "urgency": "normal",
            "duties": {"lead": "implementation:00000000000000000000000000000009", "co": "steering_office"},
            "due": {"step": "warning.assess", "day": "2026-11-27", "from": "2026-11-20", "length": 5, "kind": "wd",
                    "owner": "office"}
        })
    }

    #[test]
    fn of_a_report_days_codes_unit_and_bodies_stay_and_the_rest_goes() {
        let after = sealed("warning_registered", &report());
        assert_eq!(
            after["fields"],
            json!({"content": SEALED, "received_on": "2026-11-20", "receiver": "王强", "source": "informant",
                   "source_sealed": "{\"v\":1}", "unit": "00000000000000000000000000000009"})
        );
        assert_eq!(after["points"], json!([]));
        for same in ["code", "urgency", "duties", "due"] {
            assert_eq!(after[same], report()[same]);
        }
    }

    #[test]
    fn the_title_of_an_approval_sheet_keeps_verb_and_code() {
        let sheet = json!({
            "code": "CP-XY-2026-0001", "proposals": [], "deciding_body": "discipline",
            "title": "不予受理：YJ-XY-2026-0001 出纳长期一人兼管 票据"
        });
        assert_eq!(
            sealed("sheet_prepared", &sheet)["title"],
            "不予受理：YJ-XY-2026-0001 （已密封）"
        );
    }

    #[test]
    fn a_part_of_eight_characters_is_a_quote_and_a_short_text_as_a_whole() {
        let quotes = Quotes::of([&read("warning_registered", &report())]).unwrap();
        assert!(quotes.repeated_in("查实：长期一人兼管票据等情况"));
        assert!(!quotes.repeated_in("一人兼管票据"), "six characters are anybody's");
        let short = read("voided", &json!({"reason": "截留现金"}));
        let quotes = Quotes::of([&short]).unwrap();
        assert!(quotes.repeated_in("反映截留现金一事") && !quotes.repeated_in("截留"));
        // A word that stays goes too when it repeats the content.
        let referred = json!({
            "receiver": "区纪委（截留现金）", "due": report()["due"],
            "decided": {"how": "signed", "body": "discipline", "on": "2026-11-20"}
        });
        let after = redact(&read("clue_referred", &referred), &quotes).unwrap().unwrap();
        assert!(after.encode().unwrap().1.contains(SEALED));
        assert!(
            redact(&read("clue_referred", &referred), &Quotes::default())
                .unwrap()
                .is_none()
        );
    }

    /// A new kind of event whose closed words would be taken for text fails here.
    #[test]
    fn every_kind_of_event_reads_without_its_content_and_is_then_its_own_redaction() {
        for line in include_str!("../../tests/fixtures/events_v1.jsonl").lines() {
            let (kind, _, body): (String, i64, Value) = serde_json::from_str(line).unwrap();
            let event = read(&kind, &body);
            let after = redact(&event, &Quotes::default()).unwrap_or_else(|e| panic!("{kind}: {e}"));
            if let Some(after) = after {
                assert_eq!(redact(&after, &Quotes::default()).unwrap(), None, "{kind}");
            }
        }
    }

    /// Bodies sealed by an earlier version are asked for again by every later `verify`.
    #[test]
    fn what_was_sealed_once_stays_its_own_redaction() {
        for line in include_str!("../../tests/fixtures/sealed_v1.jsonl").lines() {
            let (kind, _, body): (String, i64, Value) = serde_json::from_str(line).unwrap();
            assert_eq!(redact(&read(&kind, &body), &Quotes::default()).unwrap(), None, "{kind}");
        }
    }
}
