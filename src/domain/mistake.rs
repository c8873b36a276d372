//! Mistakes in the text files an office may edit: calendar, policy, registers.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, Error};

/// One mistake in an edited file: the line, counted from 1, and what is wrong there, in Chinese.
///
/// Readers collect every mistake of a file before they refuse it, so that one look mends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Mistake {
    /// The line of the file, counted from 1.
    pub line: usize,
    /// What is wrong there, in Chinese, without the line.
    pub reason: String,
}

impl Mistake {
    /// The mistake at a byte offset of `text`.
    pub fn at(text: &str, offset: usize, reason: impl Into<String>) -> Self {
        Self {
            line: line_of(text, offset),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "第 {} 行：{}", self.line, self.reason)
    }
}

/// The line, counted from 1, on which a byte offset of `text` lies.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Reads TOML to the end in spite of broken lines: what could be read, with spans, and every break in the syntax.
pub fn read_toml(text: &str) -> (Spanned<DeTable<'_>>, Vec<Mistake>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    // The parser may report one break several times, and syntax before values.
    let mut mistakes: Vec<Mistake> = errors.iter().map(|error| broken_syntax(text, error)).collect();
    mistakes.sort();
    mistakes.dedup();
    (table, mistakes)
}

fn broken_syntax(text: &str, error: &Error) -> Mistake {
    let span = error.span().unwrap_or(0..0);
    let source = text.get(span.clone()).unwrap_or_default().trim();
    let line = line_of(text, span.start);
    let reason = if error.message().contains("duplicate key") {
        format!("“{source}”写了两次")
    } else if looks_like_a_date(source) {
        no_such_day(source)
    } else {
        let whole = text.lines().nth(line - 1).unwrap_or_default().trim();
        format!("写法不合 TOML 规则：{whole}（请检查引号、括号、逗号和等号）")
    };
    Mistake { line, reason }
}

/// The sentence for a date that is not in the calendar or not written as one.
pub fn no_such_day(source: &str) -> String {
    format!("没有“{source}”这一天，日期应写作 2026-01-31")
}

fn looks_like_a_date(source: &str) -> bool {
    source.contains('-') && source.chars().all(|c| c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one_and_past_the_end_is_the_last() {
        let text = "甲\n乙\n";
        assert_eq!(line_of(text, 0), 1);
        assert_eq!(line_of(text, text.find('乙').unwrap_or_default()), 2);
        assert_eq!(line_of(text, 999), 3);
        assert_eq!(Mistake::at(text, 4, "错").to_string(), "第 2 行：错");
    }

    #[test]
    fn every_break_in_the_syntax_is_listed_and_reading_goes_on() {
        let (table, mistakes) = read_toml("a = 2026-02-30\nb = 1\nb = 2\nc = = 3\nd = 4\n");
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [1, 3, 4], "{mistakes:?}");
        assert!(mistakes[0].reason.contains("2026-02-30"), "{mistakes:?}");
        assert!(mistakes[1].reason.contains("“b”写了两次"), "{mistakes:?}");
        assert!(mistakes[2].reason.contains("c = = 3"), "{mistakes:?}");
        assert!(table.get_ref().contains_key("d"));
    }

    #[test]
    fn windows_line_ends_and_a_byte_order_mark_are_no_mistake() {
        let (table, mistakes) = read_toml("\u{feff}a = 1\r\nb = 2\r\n");
        assert_eq!(mistakes, []);
        assert_eq!(table.get_ref().len(), 2);
    }
}
