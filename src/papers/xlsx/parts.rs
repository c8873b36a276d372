//! What a sheet needs from the rest of the package: tabs, date formats, shared texts.

use std::collections::HashMap;

use quick_xml::events::Event;

use crate::domain::fault::Fault;

use super::super::package::{Package, Xml, attribute, broken};
use super::super::pool::Pool;

/// Bound on the small parts.
const SMALL: u64 = 64 << 20;
/// Bound on the shared texts, the only part held in memory.
const SHARED: u64 = 256 << 20;
const MAX_SHEETS: usize = 1_000;

/// A tab: its name, whether it is hidden, and the part that holds its cells.
pub(super) struct Tab {
    pub(super) name: String,
    pub(super) hidden: bool,
    pub(super) part: String,
}

/// What the workbook part says.
#[derive(Default)]
pub(super) struct Frame {
    pub(super) tabs: Vec<Tab>,
    pub(super) epoch_1904: bool,
    pub(super) styles: String,
    pub(super) shared: String,
}

struct Relation {
    kind: String,
    target: String,
}

/// Finds the tabs and the parts they need.
pub(super) fn frame(package: &mut Package) -> Result<Frame, Fault> {
    let root = relations(package, "_rels/.rels", "")?;
    let workbook = root
        .values()
        .find(|r| r.kind == "officeDocument")
        .map_or_else(|| "xl/workbook.xml".to_owned(), |r| r.target.clone());
    let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let relations = relations(package, &format!("{folder}/_rels/{name}.rels"), folder)?;
    let by_kind = |kind: &str, usual: &str| {
        let found = relations.values().find(|r| r.kind == kind);
        found.map_or_else(|| format!("{folder}/{usual}"), |r| r.target.clone())
    };
    let mut frame = Frame {
        styles: by_kind("styles", "styles.xml"),
        shared: by_kind("sharedStrings", "sharedStrings.xml"),
        ..Frame::default()
    };
    let path = package.path().to_owned();
    let Some(mut xml) = package.xml(&workbook, SMALL)? else {
        return Err(broken(&path));
    };
    let mut buffer = Vec::new();
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) if tag.local_name().as_ref() == b"sheet" => {
                let part = attribute(&tag, "id").and_then(|id| relations.get(&id));
                // Chart and dialog sheets have no cells.
                if let Some(part) = part.filter(|r| r.kind == "worksheet")
                    && frame.tabs.len() < MAX_SHEETS
                {
                    frame.tabs.push(Tab {
                        name: attribute(&tag, "name").unwrap_or_default(),
                        hidden: attribute(&tag, "state").is_some_and(|s| s != "visible"),
                        part: part.target.clone(),
                    });
                }
            }
            Event::Start(tag) if tag.local_name().as_ref() == b"workbookPr" => {
                // The same local name occurs again among the extensions, without the flag.
                if let Some(flag) = attribute(&tag, "date1904") {
                    frame.epoch_1904 = flag == "1" || flag == "true";
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(frame)
}

/// Relations by id; targets made absolute within the package.
fn relations(package: &mut Package, part: &str, folder: &str) -> Result<HashMap<String, Relation>, Fault> {
    let mut found = HashMap::new();
    let Some(mut xml) = package.xml(part, SMALL)? else {
        return Ok(found);
    };
    let mut buffer = Vec::new();
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) if tag.local_name().as_ref() == b"Relationship" => {
                let kind = attribute(&tag, "Type").unwrap_or_default();
                let target = attribute(&tag, "Target").unwrap_or_default().replace('\\', "/");
                let target = if target.starts_with('/') {
                    target
                } else {
                    format!("{folder}/{target}")
                };
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                if let Some(id) = attribute(&tag, "Id") {
                    found.insert(
                        id,
                        Relation {
                            kind,
                            target: resolve(&target),
                        },
                    );
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Resolves `.` and `..` of a relation's target.
fn resolve(target: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// For each cell style, whether its number format shows a day.
pub(super) fn day_styles(package: &mut Package, part: &str) -> Result<Vec<bool>, Fault> {
    let mut styles = Vec::new();
    let Some(mut xml) = package.xml(part, SMALL)? else {
        return Ok(styles);
    };
    let mut own: HashMap<u32, bool> = HashMap::new();
    let mut in_cell_styles = false;
    let mut buffer = Vec::new();
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"numFmt" => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&tag, "formatCode")) {
                        own.insert(id, shows_day(&code));
                    }
                }
                b"cellXfs" => in_cell_styles = true,
                b"xf" if in_cell_styles => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    styles.push(own.get(&id).copied().unwrap_or_else(|| builtin_shows_day(id)));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == b"cellXfs" => in_cell_styles = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// Built-in number formats that show a day; 27–36 and 50–58 are those of Chinese, Japanese and Korean Excel.
pub(in super::super) fn builtin_shows_day(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a number format's code shows a day: a year, a day, or a month that is not minutes.
pub(in super::super) fn shows_day(code: &str) -> bool {
    let mut letters = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            // Only the first section, for positive numbers, counts.
            ';' => break,
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                // [h]:mm counts hours; colours and locales say nothing.
                if !inside.is_empty() && inside.chars().all(|c| "hmsHMS".contains(c)) {
                    letters.push('h');
                }
            }
            c => letters.push(c.to_ascii_lowercase()),
        }
    }
    let letters = letters.replace("am/pm", "").replace("general", "");
    letters.contains(['y', 'd']) || (letters.contains('m') && !letters.contains(['h', 's', '0', '#']))
}

/// The texts that cells share.
pub(super) fn shared_texts(package: &mut Package, part: &str) -> Result<Pool, Fault> {
    let mut shared = Pool::default();
    let Some(mut xml) = package.xml(part, SHARED)? else {
        return Ok(shared);
    };
    let mut buffer = Vec::new();
    let mut text = String::new();
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) if tag.local_name().as_ref() == b"si" => {
                text.clear();
                rich_text(&mut xml, b"si", &mut text)?;
                shared.push(&unescape(&text));
            }
            Event::Eof => {
                shared.settle();
                return Ok(shared);
            }
            _ => {}
        }
    }
}

/// Text of an element up to its end: all its runs, without the readings shown above characters.
pub(super) fn rich_text(xml: &mut Xml<'_>, closing: &[u8], text: &mut String) -> Result<(), Fault> {
    let mut buffer = Vec::new();
    let (mut in_text, mut in_reading) = (false, false);
    loop {
        let event = xml.event(&mut buffer)?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"t" => in_text = true,
                b"rPh" => in_reading = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                b"t" => in_text = false,
                b"rPh" => in_reading = false,
                name if name == closing => return Ok(()),
                _ => {}
            },
            Event::Eof => return Err(broken(xml.path())),
            event if in_text && !in_reading => xml.read_text(event, text)?,
            _ => {}
        }
    }
}

/// Excel writes characters XML cannot carry as `_x000D_`, and a real such sequence as `_x005F_x000D_`.
pub(super) fn unescape(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let hex = from.get(2..6).filter(|_| from.as_bytes().get(6) == Some(&b'_'));
        match hex
            .and_then(|h| u32::from_str_radix(h, 16).ok())
            .and_then(char::from_u32)
        {
            Some(c) => {
                out.push(c);
                rest = &from[7..];
            }
            None => {
                out.push_str("_x");
                rest = &from[2..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats_that_show_a_day() {
        for code in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"d\"日\";@",
            "[$-804]yyyy/m/d",
            "[DBNum1][$-804]m\"月\"d\"日\"",
            "m/d/yy h:mm",
            "mmm-yy",
        ] {
            assert!(shows_day(code), "{code}");
        }
        for code in [
            "General",
            "0.00_ ",
            "@",
            "h:mm:ss",
            "[h]:mm",
            "mm:ss.0",
            "[Red]0.0;[Blue]-0.0",
            "\"d\"0",
            "#,##0\\m",
            "h:mm AM/PM",
        ] {
            assert!(!shows_day(code), "{code}");
        }
    }

    #[test]
    fn escapes_of_characters_xml_cannot_carry() {
        assert_eq!(unescape("甲_x000D_乙"), "甲\r乙");
        assert_eq!(unescape("_x005F_x000D_"), "_x000D_");
        for plain in ["_x", "_x00", "甲_x00甲0_", "_xD800_", "a_b"] {
            assert_eq!(unescape(plain), plain);
        }
    }
}
