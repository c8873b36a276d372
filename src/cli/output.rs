//! Data to stdout, words to stderr; one JSON document with `--json`, tables by display width otherwise.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::harmless::{self, Escaped};
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};

/// Exit codes (console.md §4).
pub mod code {
    /// Done.
    pub const DONE: u8 = 0;
    /// Refused by the rules.
    pub const REFUSED: u8 = 1;
    /// Wrong use.
    pub const USAGE: u8 = 2;
    /// The file is damaged or the log does not verify.
    pub const DAMAGED: u8 = 3;
    /// Busy or locked.
    pub const BUSY: u8 = 4;
    /// Not signed in or no right.
    pub const DENIED: u8 = 5;
    /// The world failed.
    pub const WORLD: u8 = 6;
}

/// The exit code a stop ends with.
pub fn code_of(stop: &Stop) -> u8 {
    match stop {
        Stop::Refused(refusal) if matches!(refusal.kind.as_str(), "no_right" | "not_signed_in") => code::DENIED,
        Stop::Refused(_) => code::REFUSED,
        Stop::Failed(fault) => match fault.kind {
            FaultKind::Usage => code::USAGE,
            FaultKind::Damaged => code::DAMAGED,
            FaultKind::Busy => code::BUSY,
            FaultKind::Denied => code::DENIED,
            FaultKind::World => code::WORLD,
        },
    }
}

/// Wrong use: exit code 2.
pub fn misuse(reason: impl Into<String>, hint: impl Into<String>) -> Stop {
    Stop::Failed(Fault::new(FaultKind::Usage, reason).hint(hint))
}

/// Says on stderr why nothing was done: two lines, or one JSON document.
pub fn tell(stop: &Stop, json: bool) {
    let (kind, reason, hint) = match stop {
        Stop::Refused(Refusal { kind, reason, hint }) => (kind.as_str(), reason, hint),
        Stop::Failed(fault) => (kind_of(fault.kind), &fault.reason, &fault.hint),
    };
    let mut err = io::stderr().lock();
    // Nothing can be done about a stderr that is gone.
    if json {
        let document = serde_json::json!({ "refused": { "kind": kind, "reason": reason, "hint": hint } });
        writeln!(Escaped::new(&mut err), "{document}").ok();
        return;
    }
    let what = if code_of(stop) == code::USAGE {
        "用法不对"
    } else {
        "未办理"
    };
    writeln!(err, "{what}：{}", harmless::lines(reason)).ok();
    if !hint.is_empty() {
        writeln!(err, "提示：{}", harmless::lines(hint)).ok();
    }
}

fn kind_of(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Usage => "usage",
        FaultKind::Damaged => "damaged",
        FaultKind::Busy => "busy",
        FaultKind::Denied => "denied",
        FaultKind::World => "world",
    }
}

/// A line of words on stderr.
pub fn say(words: impl AsRef<str>) {
    writeln!(io::stderr().lock(), "{}", harmless::lines(words.as_ref())).ok();
}

/// Writes data to stdout. A reader that goes away (`| head`) ends the writing without a fault.
pub fn print(write: impl FnOnce(&mut dyn Write) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut out = BufWriter::with_capacity(
        64 << 10,
        Quiet {
            out: io::stdout().lock(),
            gone: false,
        },
    );
    write(&mut out)?;
    out.flush().map_err(|error| unwritten(&error).into())
}

/// One JSON document on stdout.
pub fn json(value: &impl Serialize) -> Result<(), Stop> {
    print(|out| {
        let mut out = Escaped::new(out);
        serde_json::to_writer(&mut out, value).map_err(|error| Stop::from(unwritten(&error.into())))?;
        out.write_all(b"\n").map_err(|error| unwritten(&error).into())
    })
}

/// Lines of text on stdout.
pub fn text(lines: impl AsRef<str>) -> Result<(), Stop> {
    print(|out| writeln!(out, "{}", lines.as_ref().trim_end_matches('\n')).map_err(|error| unwritten(&error).into()))
}

fn unwritten(error: &io::Error) -> Fault {
    Fault::new(FaultKind::World, format!("结果写不出去：{error}")).hint("请检查磁盘空间或输出位置。")
}

/// Stdout that takes no offence when its reader has read enough.
struct Quiet<W> {
    out: W,
    gone: bool,
}

impl<W: Write> Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        match self.out.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(bytes.len())
            }
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.out.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

/// Widest column; longer text is cut with `…`, whole in `show` and `--json`.
const WIDEST: usize = 48;

/// A table whose columns line up whatever the width of their characters.
#[derive(Debug, Default)]
pub struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    whole: bool,
}

impl Table {
    /// A table with these heads.
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = S>) -> Self {
        Self {
            heads: heads.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Cuts nothing.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Prints it, heads first; nothing at all when there is no row.
    pub fn print(&self) -> Result<(), Stop> {
        if self.rows.is_empty() {
            Ok(())
        } else {
            text(self.render())
        }
    }

    fn render(&self) -> String {
        let widest = if self.whole { usize::MAX } else { WIDEST };
        let rows: Vec<Vec<String>> = std::iter::once(&self.heads)
            .chain(&self.rows)
            .map(|row| row.iter().map(|cell| cut(&harmless::one_line(cell), widest)).collect())
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.width())
                .max()
        };
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        let mut text = String::new();
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// The text, at most `width` cells wide.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used < width
    });
    kept.chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_display_width_and_fields_cannot_act() {
        let mut table = Table::new(["编号", "对象", "期限"]);
        table.row(["YJ-XY-2026-0031", "城建局", "逾期3日"]);
        table.row(["YJ-XY-2026-0002", "李\u{1b}[31m", "剩2日"]);
        let rendered = table.render();
        let columns: Vec<usize> = rendered
            .lines()
            .map(|line| line.find("  ").map_or(0, |at| line[..at].width()))
            .collect();
        assert_eq!(columns, [4, 15, 15]);
        let last: Vec<usize> = rendered
            .lines()
            .filter_map(|line| line.find(['期', '逾', '剩']).map(|at| line[..at].width()))
            .collect();
        assert_eq!(last, [last[0]; 3], "{rendered}");
        assert!(!rendered.contains('\u{1b}'));
    }

    #[test]
    fn long_text_is_cut_at_a_whole_character() {
        assert_eq!(cut("一二三四", 7), "一二三…");
        assert_eq!(cut("一二三四", 8), "一二三四");
        assert_eq!(cut("一二三四", 6), "一二…");
    }

    #[test]
    fn each_stop_has_its_exit_code() {
        let refused = |kind: &str| code_of(&Refusal::new(kind, "").into());
        assert_eq!([refused("wrong_stage"), refused("no_right")], [1, 5]);
        let failed = |kind| code_of(&Fault::new(kind, "").into());
        use FaultKind::{Busy, Damaged, Denied, Usage, World};
        assert_eq!([Usage, Damaged, Busy, Denied, World].map(failed), [2, 3, 4, 5, 6]);
    }
}
