//! Paper and files on a step (§0.22): what is named in the log. The bytes lie outside it, by their SHA-256.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::act::Act;
use super::fault::Refusal;
use super::verb::Verb;

/// Largest file, in bytes.
pub const LARGEST: u64 = 20 << 20;
/// Most files on one step.
pub const MOST: usize = 20;
/// Longest name of a file, and longest 卷号/页/柜, in characters.
const LONGEST: usize = 120;
/// Names that Windows gives to devices, whatever their ending.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// A file on a step.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its name, without any folder.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of the bytes, as hex.
    pub sha256: String,
    /// The bytes, while the act is on its way into the ledger; never in the log.
    #[serde(skip)]
    pub bytes: Option<Arc<[u8]>>,
}

impl std::fmt::Debug for Attached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}（{} 字节，{}）", self.name, self.size, self.sha256)
    }
}

impl Attached {
    /// As the log names it.
    pub fn named(&self) -> Self {
        Self {
            bytes: None,
            ..self.clone()
        }
    }
}

/// 〔附2〕 and the names; nothing without files.
pub fn shown(files: &[Attached]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    format!("〔附{}〕{}", files.len(), names.join("、"))
}

/// What keeps a name from being written into a folder on any machine; `None` for a good one.
pub fn bad_name(name: &str) -> Option<&'static str> {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    let numbered = |prefix: &str| {
        let rest = stem.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let turns =
        |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    match () {
        () if name.trim().is_empty() => Some("是空的"),
        () if name.chars().count() > LONGEST => Some("超过 120 字"),
        () if name.contains(['/', '\\', ':']) => Some("带有路径"),
        () if name.contains(['*', '?', '"', '<', '>', '|']) || name.chars().any(|c| c.is_control() || turns(c)) => {
            Some("含有不能用于文件名的字符")
        }
        () if name.starts_with('.') || name.ends_with(['.', ' ']) => Some("以点开头，或以点、空格结尾"),
        () if DEVICES.contains(&stem.as_str()) || numbered("COM") || numbered("LPT") => Some("是 Windows 的设备名"),
        () => None,
    }
}

/// Whether an act of this verb may carry paper and files.
pub fn carried_by(verb: Verb) -> bool {
    !matches!(
        verb,
        Verb::Undo
            | Verb::Redo
            | Verb::Revert
            | Verb::Import
            | Verb::Adopt
            | Verb::Found
            | Verb::ConfirmDate
            | Verb::ReadSource
            | Verb::EraseSource
            | Verb::Lapse
    )
}

/// What an act carries, checked before anything is decided.
pub fn check(act: &Act) -> Result<(), Refusal> {
    let wrong = |reason: String| Refusal::new("wrong_attachment", reason);
    if act.paper.is_none() && act.attachments.is_empty() {
        return Ok(());
    }
    if !carried_by(act.verb) {
        return Err(wrong(format!("“{}”不带纸质材料和附件", act.verb.label())).hint("附在事项的办理步骤上，如“进展”"));
    }
    if act
        .paper
        .as_deref()
        .is_some_and(|paper| paper.chars().count() > LONGEST)
    {
        return Err(wrong("纸质材料的位置超过 120 字".into()).hint("只写卷号、页、柜，如 卷3 页12 柜2"));
    }
    if act
        .paper
        .as_deref()
        .is_some_and(|paper| paper.chars().any(char::is_control))
    {
        return Err(wrong("纸质材料的位置含有控制字符".into()).hint("只写卷号、页、柜，如 卷3 页12 柜2"));
    }
    if act.attachments.len() > MOST {
        return Err(
            wrong(format!("一步最多附 {MOST} 个文件，现为 {}", act.attachments.len())).hint("可先打成一个压缩包"),
        );
    }
    for file in &act.attachments {
        if let Some(why) = bad_name(&file.name) {
            return Err(wrong(format!("附件名“{}”{why}", file.name.escape_debug())).hint("改名后再附"));
        }
        if file.size == 0 {
            return Err(wrong(format!("附件“{}”是空文件", file.name)).hint("核对后重新选择文件"));
        }
        if file.size > LARGEST {
            return Err(too_large(&file.name, file.size));
        }
    }
    Ok(())
}

/// The sentence for a file that is too large.
pub fn too_large(name: &str, size: u64) -> Refusal {
    let reason = format!(
        "附件“{name}”有 {} MB，每个最多 {} MB",
        size.div_ceil(1 << 20),
        LARGEST >> 20
    );
    Refusal::new("wrong_attachment", reason).hint("压缩或拆开后再附，原件归入纸质卷宗")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_lead_elsewhere_are_bad() {
        for name in [
            "送达回证.pdf",
            "2026.11.20 照片（2）.jpg",
            "console.txt",
            "COM10.txt",
            "a",
        ] {
            assert_eq!(bad_name(name), None, "{name}");
        }
        for name in [
            "",
            " ",
            ".",
            "..",
            "../a",
            "a/b",
            "a\\b",
            "C:a",
            "a\0b",
            "甲\u{202E}fdp.exe",
            ".bashrc",
            "a.",
            "a ",
            "con",
            "NUL.txt",
            "Com1.pdf",
            "lpt9",
            "a?",
            "a\nb",
        ] {
            assert!(bad_name(name).is_some(), "{name:?}");
        }
        assert!(bad_name(&"长".repeat(121)).is_some());
    }
}
