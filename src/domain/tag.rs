//! The thirteen tags of 四四五 (R002): four committees, four steps, five mechanisms.

/// A tag, by its place in [`TAGS`].
pub type Tag = usize;

/// The three parts.
pub const PARTS: [(&str, usize); 3] = [("四会网络", 4), ("四大环节", 4), ("五项机制", 5)];

/// Id and label of each, in the article's order.
pub const TAGS: [(&str, &str); 13] = [
    ("steering", "指委会"),
    ("prevention", "防委会"),
    ("implementation", "推委会"),
    ("social", "社监会(监委会)"),
    ("search", "搜"),
    ("clear", "清"),
    ("grade", "定"),
    ("enable", "能"),
    ("education", "教育"),
    ("supervision", "监督"),
    ("warning", "预警"),
    ("control", "防控"),
    ("incentive", "激励"),
];

/// The tag of a record: what its register says; what only says 四会 stands with its body, else with the unit's own.
pub fn of(register: &str, body: Option<&str>) -> Tag {
    if let Some(at) = TAGS.iter().skip(4).position(|(_, label)| *label == register) {
        return at + 4;
    }
    let body = body.unwrap_or_default();
    let starts = |word: &str| body.starts_with(word);
    match () {
        () if starts("steering") || starts("discipline") || starts("task_force") => 0,
        () if starts("leadership") => 1,
        () if starts("social") => 3,
        () => 2,
    }
}

/// A tag's label.
pub fn label(tag: Tag) -> &'static str {
    TAGS.get(tag).map_or("", |(_, label)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_thirteen_in_three_parts_and_every_record_has_one() {
        assert_eq!(PARTS.iter().map(|(_, n)| n).sum::<usize>(), TAGS.len());
        assert_eq!(label(of("预警", None)), "预警");
        assert_eq!(label(of("四会", Some("leadership_government"))), "防委会");
        assert_eq!(label(of("四会", Some("steering_office"))), "指委会");
        assert_eq!(label(of("四会", None)), "推委会");
        assert_eq!(label(of("四会", Some("social:DW-1"))), "社监会(监委会)");
    }
}
