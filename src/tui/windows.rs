//! A Windows console while we have it: a click must not freeze it, and what a child prints is UTF-8.
//!
//! QuickEdit stops the program at the first click until a key is pressed, which looks like a crash; it is switched
//! off. The office's own code page (936) gives way to UTF-8 for what is printed around the console. Both are put
//! back. The page is set through the system's own `chcp.com`, as calling the console directly would
//! need `unsafe`; our own text goes through the wide console calls and would be right under any page.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crossterm_winapi::{ConsoleMode, Handle};

const QUICK_EDIT: u32 = 0x0040;
const EXTENDED_FLAGS: u32 = 0x0080;
const UTF_8: &str = "65001";

/// How the console was before.
#[derive(Debug)]
pub struct Before {
    mode: Option<u32>,
    page: Option<String>,
}

/// Takes the console; what cannot be had is left as it is.
pub fn take() -> Before {
    let mode = input().and_then(|console| {
        let mode = console.mode().ok()?;
        console.set_mode(mode & !QUICK_EDIT | EXTENDED_FLAGS).ok()?;
        Some(mode)
    });
    let page = page(None).filter(|page| page != UTF_8);
    if page.is_some() {
        self::page(Some(UTF_8));
    }
    Before { mode, page }
}

/// Puts back what [`take`] changed.
pub fn give_back(before: &Before) {
    if let (Some(mode), Some(console)) = (before.mode, input()) {
        // without the flag Windows would ignore the QuickEdit bit
        let _ = console.set_mode(mode | EXTENDED_FLAGS);
    }
    if let Some(page) = &before.page {
        self::page(Some(page));
    }
}

fn input() -> Option<ConsoleMode> {
    Handle::current_in_handle().ok().map(ConsoleMode::from)
}

/// Asks for the code page, or sets it; the number is the last word of the answer in every language.
fn page(new: Option<&str>) -> Option<String> {
    // named in full: a program of that name in the current folder must not be started instead
    let root = std::env::var_os("SystemRoot").map(PathBuf::from)?;
    let mut command = Command::new(root.join("System32").join("chcp.com"));
    let said = command
        .args(new)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let number: String = String::from_utf8_lossy(&said.stdout)
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    (!number.is_empty()).then_some(number)
}
