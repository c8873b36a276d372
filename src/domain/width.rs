//! Characters as an input method leaves them, made plain: full-width forms narrow, letters alike in both cases.

/// The narrow form of a full-width letter, digit or mark (`Ａ`, `１`, `，`→`,`), and of the ideographic space.
pub fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// A character as compared with what is typed: narrow, lower case.
pub fn fold_char(c: char) -> char {
    narrow(c).to_ascii_lowercase()
}

/// A text as compared with what is typed.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_and_cases_are_one() {
        assert_eq!(fold("ＹＪ－００３１　Zhang张，！"), "yj-0031 zhang张,!");
        assert_eq!(narrow('Ｚ'), 'Z');
        assert_eq!(narrow('、'), '、', "what each place takes it for is its own business");
    }
}
