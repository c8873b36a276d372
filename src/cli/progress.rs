//! How far long work is, on a terminal's stderr; scripts and files hear nothing.

use std::io::{self, IsTerminal, Write};

/// A line that counts up.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    shown: Option<u64>,
    terminal: bool,
}

impl Progress {
    /// For work called `what`, such as 正在校验.
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            shown: None,
            terminal: io::stderr().is_terminal(),
        }
    }

    /// So much of so much is done; with a total of 0, so many.
    pub fn tell(&mut self, done: u64, total: u64) {
        let percent = done.saturating_mul(100).checked_div(total);
        let step = percent.unwrap_or(done / 1_000);
        if !self.terminal || self.shown == Some(step) {
            return;
        }
        self.shown = Some(step);
        let mut err = io::stderr().lock();
        if total == 0 {
            write!(err, "\r{}：{done}", self.what).ok();
        } else {
            write!(err, "\r{}：{step}%", self.what).ok();
        }
        err.flush().ok();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.is_some() {
            // Back to the start and blank, so that what follows begins on a clean line.
            write!(io::stderr().lock(), "\r\x1b[K").ok();
        }
    }
}
