//! What a text is found by: every character, every pair of neighbours, whole words of letters and digits, and the
//! initials of names (`stack.md` §3). Each gram carries its register's prefix, so that a register is searched alone.

use std::collections::BTreeSet;

/// Parts a gram of letters from the register's prefix.
const WORD: char = '\u{E000}';
/// Marks a gram of pinyin initials.
const INITIAL: char = '\u{E001}';
/// Readings of a name that are kept at most: each heteronym doubles them.
const READINGS: usize = 16;

/// Letters as compared: narrow, lower case.
pub fn fold_char(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    narrow.to_ascii_lowercase()
}

/// A text as compared with what is typed.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// A run of characters that belong together.
#[derive(Debug, PartialEq, Eq)]
enum Run {
    /// Latin letters and digits.
    Word(String),
    /// Anything else that is no punctuation.
    Script(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut fresh = true;
    for c in text.chars().map(fold_char) {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        match found.last_mut() {
            Some(Run::Word(word)) if !fresh && c.is_ascii() => word.push(c),
            Some(Run::Script(script)) if !fresh && !c.is_ascii() => script.push(c),
            _ if c.is_ascii() => found.push(Run::Word(c.into())),
            _ => found.push(Run::Script(vec![c])),
        }
        fresh = false;
    }
    found
}

/// The grams under which something is filed.
#[derive(Debug, Default)]
pub struct Grams {
    prefix: String,
    grams: BTreeSet<String>,
}

impl Grams {
    /// Grams of one register, by the prefix of its codes.
    pub fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_ascii_lowercase(),
            grams: BTreeSet::new(),
        }
    }

    fn put(&mut self, mark: Option<char>, gram: impl IntoIterator<Item = char>) {
        let mut whole = self.prefix.clone();
        whole.extend(mark);
        whole.extend(gram);
        self.grams.insert(whole);
    }

    /// Files a text.
    pub fn text(&mut self, text: &str) {
        for run in runs(text) {
            match run {
                Run::Word(word) => self.put(Some(WORD), word.chars()),
                Run::Script(script) => {
                    for (at, c) in script.iter().enumerate() {
                        self.put(None, [*c]);
                        if let Some(next) = script.get(at + 1) {
                            self.put(None, [*c, *next]);
                        }
                    }
                }
            }
        }
    }

    /// Files a code: whole, and by its number with and without leading zeros.
    pub fn code(&mut self, code: &str) {
        let whole: String = code.chars().map(fold_char).filter(|c| c.is_alphanumeric()).collect();
        if whole.is_empty() {
            return;
        }
        self.put(Some(WORD), whole.chars());
        if let Some(number) = code
            .rsplit('-')
            .next()
            .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
        {
            self.put(Some(WORD), number.chars());
            self.put(Some(WORD), number.trim_start_matches('0').chars());
        }
    }

    /// Files a name by its readings: initials (张三 by `zs`), whole and by syllables (`zhangsan`, `zhang`, `san`).
    pub fn name(&mut self, name: &str) {
        for reading in readings(name) {
            let letters: Vec<char> = reading.iter().filter_map(|s| s.chars().next()).collect();
            for (at, c) in letters.iter().enumerate() {
                self.put(Some(INITIAL), [*c]);
                if let Some(next) = letters.get(at + 1) {
                    self.put(Some(INITIAL), [*c, *next]);
                }
            }
            self.put(Some(WORD), reading.concat().chars());
            for syllable in reading {
                self.put(Some(WORD), syllable.chars());
            }
        }
    }

    /// The grams as the index takes them.
    pub fn finish(self) -> String {
        let mut out = String::with_capacity(self.grams.iter().map(|g| g.len() + 1).sum());
        for gram in self.grams {
            out.push_str(&gram);
            out.push(' ');
        }
        out
    }
}

/// The readings of a name, at most sixteen, each as its syllables; letters and digits stand for themselves.
pub fn readings(name: &str) -> Vec<Vec<String>> {
    use pinyin::ToPinyinMulti;
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    for c in name.chars().map(fold_char) {
        let mut syllables: BTreeSet<String> = BTreeSet::new();
        match c.to_pinyin_multi() {
            Some(multi) => syllables.extend(multi.into_iter().map(|p| p.plain().to_owned())),
            None if c.is_ascii_alphanumeric() => {
                syllables.insert(c.into());
            }
            None => continue,
        }
        let longer = |head: &Vec<String>, syllable: &String| {
            let mut whole = head.clone();
            whole.push(syllable.clone());
            whole
        };
        found = found
            .iter()
            .flat_map(|head| syllables.iter().map(move |syllable| longer(head, syllable)))
            .take(READINGS)
            .collect();
    }
    found.retain(|r| !r.is_empty());
    found
}

/// What a name is found by in letters: initials and whole readings.
pub fn spellings(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for reading in readings(name) {
        found.push(reading.iter().filter_map(|s| s.chars().next()).collect());
        found.push(reading.concat());
    }
    found
}

/// What somebody typed in order to find something.
#[derive(Debug)]
pub struct Typed {
    runs: Vec<Run>,
}

impl Typed {
    /// Reads what was typed.
    pub fn read(text: &str) -> Self {
        // A code is one word, hyphens and all.
        let joined = text.trim().replace('-', "");
        let code = text.contains('-') && joined.chars().all(|c| fold_char(c).is_ascii_alphanumeric());
        Self {
            runs: runs(if code { &joined } else { text }),
        }
    }

    /// Nothing in it can be looked up.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// What the index gives is what was typed; otherwise it must be compared with the text.
    pub fn exact(&self) -> bool {
        self.runs.iter().all(|run| match run {
            Run::Word(word) => word.len() <= 2,
            Run::Script(script) => script.len() <= 2,
        })
    }

    /// The match expression within one register.
    pub fn query(&self, prefix: &str) -> String {
        let prefix = prefix.to_ascii_lowercase();
        let mut parts = Vec::new();
        for run in &self.runs {
            match run {
                Run::Word(word) => {
                    let initials: Vec<String> = pairs(&word.chars().collect::<Vec<_>>())
                        .into_iter()
                        .map(|pair| format!("\"{prefix}{INITIAL}{pair}\""))
                        .collect();
                    parts.push(format!("(\"{prefix}{WORD}{word}\" OR ({}))", initials.join(" AND ")));
                }
                Run::Script(script) => {
                    parts.extend(pairs(script).into_iter().map(|pair| format!("\"{prefix}{pair}\"")));
                }
            }
        }
        parts.join(" AND ")
    }

    /// True when every part stands in one of the texts, or in one of the readings of a name.
    pub fn found_in(&self, texts: &[String], readings: &[String]) -> bool {
        let folded: Vec<String> = texts.iter().map(|t| fold(t)).collect();
        self.runs.iter().all(|run| match run {
            Run::Script(script) => {
                let wanted: String = script.iter().collect();
                folded.iter().any(|text| text.contains(&wanted))
            }
            Run::Word(word) => {
                let is_word = |text: &String| {
                    text.replace('-', "") == *word
                        || text
                            .split('-')
                            .any(|part| part.trim_start_matches('0') == word.trim_start_matches('0'))
                        || runs(text).contains(&Run::Word(word.clone()))
                };
                readings.iter().any(|r| r.contains(word.as_str())) || folded.iter().any(is_word)
            }
        })
    }
}

/// The match expression for what was typed, within one register; `None` when nothing in it can be looked up.
///
/// One run of three or more characters is looked up by its pairs, which is not exact: what is found must be
/// compared with the text itself.
pub fn query(prefix: &str, typed: &str) -> Option<String> {
    let typed = Typed::read(typed);
    (!typed.is_empty()).then(|| typed.query(prefix))
}

fn pairs(run: &[char]) -> Vec<String> {
    match run {
        [one] => vec![one.to_string()],
        _ => run.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn grams(text: &str) -> Vec<String> {
        let mut grams = Grams::new("FX");
        grams.text(text);
        grams.finish().split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn characters_pairs_and_words_are_filed() {
        let found = grams("拨付，WPS２表");
        assert_eq!(found, ["fx付", "fx拨", "fx拨付", "fx表", "fx\u{E000}wps2"]);
    }

    #[test]
    fn a_code_is_filed_whole_and_by_its_number() {
        let mut g = Grams::new("YJ");
        g.code("YJ-XY-2026-0031");
        let text = g.finish();
        for part in ["yj\u{E000}yjxy20260031 ", "yj\u{E000}0031 ", "yj\u{E000}31 "] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn every_reading_of_a_name_is_known() {
        assert_eq!(spellings("张三"), ["zs", "zhangsan"]);
        assert!(spellings("重庆").contains(&"cq".to_owned()));
        assert!(spellings("重庆").contains(&"zhongqing".to_owned()));
        assert!(readings("重重重重重重").len() <= READINGS);
        let mut g = Grams::new("RY");
        g.name("张三");
        let text = g.finish();
        for part in ["ry\u{E001}zs ", "ry\u{E000}zhangsan ", "ry\u{E000}san "] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn what_is_typed_becomes_a_match_of_pairs() {
        assert_eq!(query("FX", "风").unwrap(), "\"fx风\"");
        assert_eq!(query("FX", "风险点").unwrap(), "\"fx风险\" AND \"fx险点\"");
        assert!(query("RY", "zs").unwrap().contains("ry\u{E001}zs"));
        assert_eq!(query("FX", "，。"), None);
    }
}
