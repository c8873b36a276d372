//! Asks the terminal how wide it draws an ambiguous glyph: print `…`, ask for the cursor's column.
//!
//! On many Chinese consoles `…` and `│` are two cells wide whatever the tables say. `LIANNENG_WIDTH=wide|narrow`
//! answers instead of the terminal.

use std::io::{self, Write, stdout};

/// Longest wait for an answer; a late one is swallowed by the key reader.
#[cfg(unix)]
const PATIENCE_MS: i64 = 80;

/// Whether ambiguous glyphs take two cells here; a terminal that does not answer is taken for a narrow one.
///
/// The terminal must be in raw mode, and nobody else may be reading from it.
pub fn ambiguous_wide() -> bool {
    match std::env::var("LIANNENG_WIDTH").as_deref() {
        Ok("wide") => true,
        Ok("narrow") => false,
        _ => ask().unwrap_or(None) == Some(3),
    }
}

/// The column (from 1) after a `…` printed at the left edge.
#[cfg(unix)]
fn ask() -> io::Result<Option<u16>> {
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdin = rustix::stdio::stdin();
    if !std::io::IsTerminal::is_terminal(&io::stdin()) || std::env::var("TERM").is_ok_and(|t| t == "dumb") {
        return Ok(None);
    }
    let mut out = stdout();
    out.write_all("\r…\x1b[6n".as_bytes())?;
    out.flush()?;
    let end = Instant::now() + Duration::from_millis(PATIENCE_MS as u64);
    let mut answer = Vec::new();
    let mut chunk = [0u8; 64];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let wait = Timespec {
            tv_sec: 0,
            tv_nsec: i64::from(left.subsec_nanos()),
        };
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        if left.is_zero() || poll(&mut fds, Some(&wait))? == 0 {
            return Ok(None);
        }
        let n = rustix::io::read(stdin, &mut chunk)?;
        if n == 0 {
            return Ok(None);
        }
        answer.extend_from_slice(&chunk[..n]);
        if let Some(column) = column(&answer) {
            return Ok(Some(column));
        }
    }
}

#[cfg(not(unix))]
fn ask() -> io::Result<Option<u16>> {
    let mut out = stdout();
    out.write_all("\r…".as_bytes())?;
    out.flush()?;
    let (column, _) = crossterm::cursor::position()?;
    Ok(Some(column + 1))
}

/// Finds `ESC [ row ; column R` in what came back.
#[cfg_attr(not(unix), allow(dead_code))]
fn column(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?;
    let (_, report) = text.rsplit_once("\x1b[")?;
    let (_, column) = report.split_once('R')?.0.split_once(';')?;
    column.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_found_among_other_bytes() {
        assert_eq!(column(b"\x1b[1;3R"), Some(3));
        assert_eq!(column(b"xx\x1b[12;2R"), Some(2));
        assert_eq!(column(b"\x1b[12;2"), None);
        assert_eq!(column(b"garbage R"), None);
    }
}
