//! A pasted text as sentences, each character with its line; and a cursor that reads one.

/// Blanks that web pages and word processors leave behind.
fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// One spelling for characters that input methods and web pages write differently.
fn folded(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '(' => '（',
        ')' => '）',
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '－' | '–' | '─' | '~' | '～' => '—',
        '﹒' | '．' => '.',
        other => other,
    }
}

/// A sentence without blanks and without its full stop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    chars: Vec<(char, usize)>,
}

/// The sentences of a text. A line that goes on in the next one is joined to it: pasted text is wrapped anywhere.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut now = Sentence::default();
    for (at, line) in text.lines().enumerate() {
        let chars: Vec<char> = line.chars().filter(|c| !blank(*c)).map(folded).collect();
        let ended = now.chars.last().is_none_or(|(c, _)| *c == '：');
        if chars.is_empty() || ended || Cursor::over(&chars).marker() {
            found.push(std::mem::take(&mut now));
        }
        for c in chars {
            if matches!(c, '。' | '；' | '！' | '!') {
                found.push(std::mem::take(&mut now));
            } else {
                now.chars.push((c, at + 1));
            }
        }
    }
    found.push(now);
    found.retain(|sentence| !sentence.chars.is_empty());
    found
}

impl Sentence {
    /// Its text.
    pub fn text(&self) -> String {
        self.chars.iter().map(|(c, _)| *c).collect()
    }

    /// The line it begins on.
    pub fn line(&self) -> usize {
        self.chars.first().map_or(1, |(_, line)| *line)
    }

    /// A cursor at its beginning.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            chars: self.chars.clone(),
            at: 0,
        }
    }
}

/// Reads a sentence from left to right.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    chars: Vec<(char, usize)>,
    at: usize,
}

impl Cursor {
    fn over(chars: &[char]) -> Self {
        Self {
            chars: chars.iter().map(|c| (*c, 1)).collect(),
            at: 0,
        }
    }

    /// The line it stands on.
    pub fn line(&self) -> usize {
        let place = self.at.min(self.chars.len().saturating_sub(1));
        self.chars.get(place).map_or(1, |(_, line)| *line)
    }

    /// Nothing is left.
    pub fn done(&self) -> bool {
        self.at >= self.chars.len()
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).map(|(c, _)| *c)
    }

    /// Steps over a word, if it stands here.
    pub fn eat(&mut self, word: &str) -> bool {
        let mut at = self.at;
        for c in word.chars() {
            if self.chars.get(at).is_none_or(|(here, _)| *here != c) {
                return false;
            }
            at += 1;
        }
        self.at = at;
        true
    }

    /// Steps over the first of these words that stands here.
    pub fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    /// Steps over a number of at most four digits.
    pub fn number(&mut self) -> Option<u32> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.chars[from..self.at].iter().map(|(c, _)| *c).collect();
        let number = digits.parse().ok().filter(|_| digits.len() <= 4);
        if number.is_none() {
            self.at = from;
        }
        number
    }

    /// Steps over everything up to and including a word; what was before it.
    pub fn until(&mut self, word: &str) -> Option<String> {
        let mut ahead = self.clone();
        let mut passed = String::new();
        while !ahead.done() {
            if ahead.eat(word) {
                *self = ahead;
                return Some(passed);
            }
            passed.extend(ahead.peek());
            ahead.at += 1;
        }
        None
    }

    /// Steps over the number of a paragraph or a bullet: `一、`, `（二）`, `3.`, `•`.
    pub fn marker(&mut self) -> bool {
        let from = self.at;
        let open = self.eat("（");
        let mut digits = 0;
        while self
            .peek()
            .is_some_and(|c| "一二三四五六七八九十".contains(c) || c.is_ascii_digit())
        {
            self.at += 1;
            digits += 1;
        }
        let closed = match (digits, open) {
            (0, _) => !open && self.eat_any(&["•", "·", "●", "-", "—", "*"]),
            (1..=3, true) => self.eat("）"),
            (1..=3, false) => self.eat_any(&["、", "."]),
            _ => false,
        };
        if !closed {
            self.at = from;
        }
        closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(usize, String)> {
        sentences(text).iter().map(|s| (s.line(), s.text())).collect()
    }

    #[test]
    fn a_wrapped_line_goes_on_and_a_paragraph_does_not() {
        let found = split("关于放假的\n  通知\n\n各单位：\n一、元旦：1月1日放\n假。1月４日(周日)上班。\n二、春节：略");
        let expected = [
            (1, "关于放假的通知"),
            (4, "各单位："),
            (5, "一、元旦：1月1日放假"),
            (6, "1月4日（周日）上班"),
            (7, "二、春节：略"),
        ];
        assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn markers_are_numbers_with_their_sign() {
        let marked = |text: &str| Cursor::over(&text.chars().collect::<Vec<_>>()).marker();
        assert!(
            ["一、甲", "十二、甲", "（三）甲", "4.甲", "•甲"]
                .into_iter()
                .all(marked)
        );
        assert!(!["一月", "2026年", "（周日）", "甲、乙"].into_iter().any(marked));
    }
}
