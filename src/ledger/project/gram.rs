//! What a text is found by: every character, every pair of neighbours, whole words of letters and digits, and the
//! initials of names (`stack.md` §3). Each gram carries its register's prefix, so that a register is searched alone.

use std::collections::BTreeSet;

use crate::domain::pinyin;
use crate::domain::width::{fold, fold_char};

/// Parts a gram of letters from the register's prefix.
const WORD: char = '\u{E000}';
/// Marks a gram of pinyin initials.
const INITIAL: char = '\u{E001}';

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

    /// Files a name by its readings: the initials of neighbours (张三 by `zs`) and each syllable (`zhang`, `san`).
    pub fn name(&mut self, name: &str) {
        let mut before: BTreeSet<char> = BTreeSet::new();
        for c in name.chars().map(fold_char).filter(|c| c.is_alphanumeric()) {
            let syllables = pinyin::syllables(c);
            let mut firsts: BTreeSet<char> = syllables.iter().filter_map(|s| s.chars().next()).collect();
            if firsts.is_empty() {
                firsts.insert(c);
            }
            for first in &firsts {
                self.put(Some(INITIAL), [*first]);
                for earlier in &before {
                    self.put(Some(INITIAL), [*earlier, *first]);
                }
            }
            for syllable in syllables {
                self.put(Some(WORD), syllable.chars());
            }
            before = firsts;
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

    /// The match expression within one register; `names` when it is filed by names.
    pub fn query(&self, prefix: &str, names: bool) -> String {
        let prefix = prefix.to_ascii_lowercase();
        let mut parts = Vec::new();
        for run in &self.runs {
            match run {
                Run::Word(word) if names => parts.push(spelt(&prefix, word)),
                Run::Word(word) => parts.push(format!("\"{prefix}{WORD}{word}\"")),
                Run::Script(script) => {
                    parts.extend(pairs(script).into_iter().map(|pair| format!("\"{prefix}{pair}\"")));
                }
            }
        }
        parts.join(" AND ")
    }

    /// True when every part stands in one of the texts, or spells part of the name.
    pub fn found_in(&self, texts: &[String], name: Option<&str>) -> bool {
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
                name.is_some_and(|name| pinyin::spells(name, word)) || folded.iter().any(is_word)
            }
        })
    }
}

/// What a name typed in letters may be filed under: as a word, and by the initials of each way of cutting it up.
fn spelt(prefix: &str, word: &str) -> String {
    let mut ways = vec![format!("\"{prefix}{WORD}{word}\"")];
    // A syllable not yet typed to its end.
    if pinyin::is_beginning(word) {
        ways.push(format!("\"{prefix}{WORD}{word}\" *"));
    }
    for initials in pinyin::initials(word)
        .into_iter()
        .filter(|i| i.len() > 1 || word.len() == 1)
    {
        let of = |pair: String| format!("\"{prefix}{INITIAL}{pair}\"");
        let pairs: Vec<String> = pairs(&initials.chars().collect::<Vec<_>>())
            .into_iter()
            .map(of)
            .collect();
        ways.push(format!("({})", pairs.join(" AND ")));
    }
    format!("({})", ways.join(" OR "))
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
    fn a_name_is_filed_by_every_reading_of_its_characters() {
        let mut g = Grams::new("RY");
        g.name("单三");
        let text = g.finish();
        for part in [
            "ry\u{E001}ss ",
            "ry\u{E001}ds ",
            "ry\u{E000}shan ",
            "ry\u{E000}dan ",
            "ry\u{E000}san ",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn what_is_typed_becomes_a_match_of_pairs() {
        let query = |prefix: &str, typed: &str, names| Typed::read(typed).query(prefix, names);
        assert_eq!(query("FX", "风", false), "\"fx风\"");
        assert_eq!(query("FX", "风险点", false), "\"fx风险\" AND \"fx险点\"");
        assert_eq!(query("FX", "zs", false), "\"fx\u{E000}zs\"");
        assert!(query("RY", "zhangs", true).contains("\"ry\u{E001}zs\""));
        assert!(query("RY", "zhang", true).contains("\"ry\u{E000}zhang\" *"));
        assert!(Typed::read("，。").is_empty());
    }
}
