//! `lianneng` without a command: the console over the office's file.

use std::io::IsTerminal;

use super::OfficeStore;
use crate::cli::Done;
use crate::cli::desk::Desk;
use crate::cli::output::{code, misuse};
use crate::cli::setting::Setting;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::ledger::site::{self, Class};
use crate::tui::run::run as show;

/// Opens the office and shows the console until it is left.
pub fn run(setting: &Setting) -> Done {
    // opened before the screen is taken: a refusal is a sentence in the shell, and it takes a few milliseconds
    console(Desk::open(setting)?)
}

/// Shows the console over an open office until it is left.
///
/// # Errors
/// When there is no terminal, or it went away.
pub fn console(desk: Desk) -> Done {
    require_terminal()?;
    let rehearsal = site::class(&desk.office.file().conn)? == Class::Rehearsal;
    let mark = if rehearsal { "演练" } else { "" };
    let own_looks = desk.office.file().office.as_ref().and_then(|paths| {
        let own = paths.folder.join("theme.toml");
        std::fs::read_to_string(own).ok()
    });
    let store = OfficeStore::new(desk.office, desk.operator, desk.capacity, mark)?;
    show(own_looks.as_deref(), move || Ok(store))
        .map_err(|error| Fault::new(FaultKind::World, format!("终端不可用：{error}")))?;
    Ok(code::DONE)
}

/// Refuses when there is no terminal to show the console on.
pub fn require_terminal() -> Result<(), Stop> {
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(misuse(
        "控制台要在终端窗口里运行",
        "脚本请用各命令（见 lianneng --help）；只建立示例用 lianneng demo --no-console。",
    ))
}
