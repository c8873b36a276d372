//! One cell that holds several things: numbered measures, a unit together with its section.

/// The measures in one cell: "1.…；2.…" in any style of numbering, or else one a line when every line ends like a
/// sentence; otherwise the cell is one measure.
pub fn measures(cell: &str) -> Vec<String> {
    let pieces = numbered(cell).unwrap_or_else(|| by_line(cell));
    pieces
        .iter()
        .map(|p| p.trim().trim_end_matches(['；', ';']).trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

/// A way of numbering: what the number looks like from outside.
#[derive(Clone, Copy)]
struct Style {
    digits: Digits,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Digits {
    Arabic,
    Chinese,
    Circled,
}

const STYLES: [Style; 6] = [
    Style {
        digits: Digits::Arabic,
        before: &["(", "（"],
        after: &[")", "）"],
    },
    Style {
        digits: Digits::Arabic,
        before: &[""],
        after: &[".", "．", "、", ")", "）", "，"],
    },
    Style {
        digits: Digits::Circled,
        before: &[""],
        after: &[""],
    },
    Style {
        digits: Digits::Chinese,
        before: &["(", "（"],
        after: &[")", "）"],
    },
    Style {
        digits: Digits::Chinese,
        before: &["第"],
        after: &["，", "、", ","],
    },
    Style {
        digits: Digits::Chinese,
        before: &[""],
        after: &["、", "是", "．", "."],
    },
];

impl Style {
    /// Length of the mark of number `n` at the start of `text`.
    fn mark(self, n: usize, text: &str) -> Option<usize> {
        let number = match self.digits {
            Digits::Arabic => vec![n.to_string(), full_width(n)],
            Digits::Chinese => vec![chinese(n)?],
            Digits::Circled => vec![
                char::from_u32(0x2460 + u32::try_from(n).ok()? - 1)
                    .filter(|_| n <= 20)?
                    .to_string(),
            ],
        };
        self.before.iter().find_map(|before| {
            let rest = text.strip_prefix(before)?;
            let rest = number.iter().find_map(|n| rest.strip_prefix(n.as_str()))?;
            let rest = self.after.iter().find_map(|after| rest.strip_prefix(after))?;
            // "1.5倍" is a number, not a mark.
            let decimal = matches!(self.digits, Digits::Arabic) && rest.starts_with(|c: char| c.is_numeric());
            (!decimal).then_some(text.len() - rest.len())
        })
    }
}

fn full_width(n: usize) -> String {
    n.to_string()
        .chars()
        .filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0))
        .collect()
}

fn chinese(n: usize) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (n / 10, n % 10) {
        (0, one) => DIGITS.get(one).map(|d| (*d).to_owned()),
        (1, one) => Some(format!("十{}", DIGITS.get(one)?)),
        (ten, one) => Some(format!("{}十{}", DIGITS.get(ten)?, DIGITS.get(one)?)),
    }
}

fn numbered(cell: &str) -> Option<Vec<String>> {
    let start = cell.trim_start();
    let (style, first) = STYLES.iter().find_map(|style| Some((*style, style.mark(1, start)?)))?;
    let mut pieces = Vec::new();
    let mut rest = &start[first..];
    for n in 2.. {
        let next = rest.char_indices().find_map(|(at, _)| {
            let after_digit = rest[..at].ends_with(|c: char| c.is_ascii_digit());
            let length = style.mark(n, &rest[at..]).filter(|_| !after_digit)?;
            Some((at, at + length))
        });
        let Some((end, begin)) = next else { break };
        pieces.push(rest[..end].to_owned());
        rest = &rest[begin..];
    }
    pieces.push(rest.to_owned());
    Some(pieces)
}

fn by_line(cell: &str) -> Vec<String> {
    let lines: Vec<&str> = cell.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let ended = |line: &&str| line.ends_with(['。', '；', ';', '！', '!']);
    match lines.split_last() {
        Some((_, before)) if !before.is_empty() && before.iter().all(ended) => {
            lines.iter().map(|l| (*l).to_owned()).collect()
        }
        _ => vec![cell.trim().to_owned()],
    }
}

/// Measures written into one cell so that [`measures`] finds them again.
pub fn join_measures(measures: &[String]) -> String {
    match measures {
        [one] if measures_are(one, measures) => one.clone(),
        many => many
            .iter()
            .enumerate()
            .map(|(i, m)| format!("{}.{m}", i + 1))
            .collect::<Vec<_>>()
            .join("；"),
    }
}

fn measures_are(cell: &str, wanted: &[String]) -> bool {
    measures(cell) == wanted
}

/// Endings of a unit's name after which a section may follow, and endings of a section's name.
const UNITS: [&str; 6] = ["委员会", "办事处", "中心", "局", "院", "校"];
const SECTIONS: [char; 5] = ['股', '科', '室', '队', '所'];

/// Unit and section in one text, "X局财务股": split at `/` or a line break, else after the longest known unit, else
/// after the first 局, 委员会, 办事处, 中心, 院 or 校 whose rest ends in 股, 科, 室, 队 or 所.
pub fn unit_and_section(text: &str, known: impl Fn(&str) -> bool) -> (String, Option<String>) {
    let pair = |unit: &str, section: &str| {
        (
            unit.trim().to_owned(),
            Some(section.trim().to_owned()).filter(|s| !s.is_empty()),
        )
    };
    if known(text.trim()) {
        return pair(text, "");
    }
    if let Some((unit, section)) = text.split_once(['/', '／', '\n']) {
        return pair(unit, section);
    }
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(2).collect();
    let ends_like_section = text.trim_end().ends_with(SECTIONS);
    // 区委组织部 is no section of 区委: its rest must look like one, or the known name must be complete.
    let complete = |unit: &str| ends_like_section || UNITS.iter().any(|u| unit.ends_with(u));
    if let Some(at) = boundaries
        .iter()
        .rev()
        .find(|at| known(text[..**at].trim()) && complete(text[..**at].trim()))
    {
        return pair(
            &text[..*at],
            text[*at..].trim_start_matches(['-', '－', '—', '·', '、']),
        );
    }
    let after_unit = boundaries
        .iter()
        .find(|at| UNITS.iter().any(|u| text[..**at].ends_with(u)) && !text[**at..].trim().is_empty());
    match after_unit {
        Some(at) if ends_like_section => pair(&text[..*at], &text[*at..]),
        _ => pair(text, ""),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbered_measures_in_every_style() {
        for cell in [
            "1.甲；2.乙；3.丙",
            "1、甲；2、乙；3、丙。",
            "１．甲\n２．乙\n３．丙",
            "(1)甲(2)乙(3)丙",
            "（1）甲；（2）乙；（3）丙；",
            "①甲②乙③丙",
            "一、甲\n二、乙\n三、丙",
            "（一）甲（二）乙（三）丙",
            "一是甲；二是乙；三是丙",
            " 1. 甲 2. 乙 3. 丙",
            "甲；\n乙；\n丙",
        ] {
            let found: Vec<String> = measures(cell)
                .iter()
                .map(|m| m.trim_end_matches('。').to_owned())
                .collect();
            assert_eq!(found, ["甲", "乙", "丙"], "{cell}");
        }
    }

    #[test]
    fn what_is_not_numbered_stays_one_measure() {
        for cell in [
            "加强学习；严格程序",
            "1.5倍以上的支出集体研究",
            "2010年起每季盘点",
            "钱账章\n分管",
            "一把手末位表态",
        ] {
            assert_eq!(measures(cell), [cell], "{cell}");
        }
        assert_eq!(measures("1.每2.5小时记录一次；2.双签"), ["每2.5小时记录一次", "双签"]);
        assert_eq!(measures("1.只有一条"), ["只有一条"]);
        assert_eq!(measures(" ；"), Vec::<String>::new());
        let many: Vec<String> = (1..=25)
            .map(|n| format!("措施{}", chinese(n).unwrap_or_default()))
            .collect();
        assert_eq!(measures(&join_measures(&many)), many);
    }

    #[test]
    fn unit_and_section_part_where_the_office_parts_them() {
        let known = |name: &str| matches!(name, "区财政局" | "区财政局国库支付中心" | "区委");
        for (text, unit, section) in [
            ("区财政局", "区财政局", ""),
            ("区城建局/规划股", "区城建局", "规划股"),
            ("区城建局／规划股", "区城建局", "规划股"),
            ("区城建局\n规划股", "区城建局", "规划股"),
            ("区财政局预算股", "区财政局", "预算股"),
            ("区财政局国库支付中心", "区财政局国库支付中心", ""),
            ("区财政局国库支付中心会计室", "区财政局国库支付中心", "会计室"),
            ("某区城市管理局市容科", "某区城市管理局", "市容科"),
            ("甘棠街道办事处财政所", "甘棠街道办事处", "财政所"),
            ("区疾控中心检验科", "区疾控中心", "检验科"),
            ("区人民法院办公室", "区人民法院", "办公室"),
            ("区委组织部", "区委组织部", ""),
            ("区委办公室", "区委", "办公室"),
            ("区招商局", "区招商局", ""),
            ("区教育局某某小学", "区教育局某某小学", ""),
        ] {
            let found = unit_and_section(text, known);
            assert_eq!(
                (found.0.as_str(), found.1.as_deref().unwrap_or("")),
                (unit, section),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_joined_measures_part_again(
            text in "\\PC{0,40}",
            list in prop::collection::vec("[甲乙丙丁，。a-z]{1,12}", 1..12),
        ) {
            let _ = measures(&text);
            let _ = unit_and_section(&text, |name| name.len() % 7 == 0);
            prop_assert_eq!(measures(&join_measures(&list)), list);
        }
    }
}
