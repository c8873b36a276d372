//! The built program in a pseudo-terminal: it takes the terminal, shows the office, and gives the terminal back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/terminal.rs"]
mod terminal;

use std::time::{Duration, Instant};

use terminal::{PATIENCE, Terminal};

fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_lianneng"))
            .args(args)
            .arg("--data")
            .arg(folder.path().join("office"))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    run(&["init", "--rehearsal"]);
    folder
}

#[test]
fn it_shows_the_office_rests_silently_and_gives_the_terminal_back() {
    let folder = office();
    let mut terminal = Terminal::start(&folder.path().join("office"));
    terminal.wait("F5下一步");
    assert!(terminal.screen().screen().alternate_screen());
    terminal.send("张");
    terminal.wait("查找张");
    let behind = |terminal: &Terminal| {
        let screen = terminal.screen();
        let (row, column) = screen.screen().cursor_position();
        screen
            .screen()
            .contents_between(row, 0, row, column)
            .trim_end()
            .ends_with('张')
    };
    let end = Instant::now() + PATIENCE;
    while !behind(&terminal) {
        assert!(
            Instant::now() < end,
            "the real cursor does not stand behind what was typed\n{}",
            terminal.text()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    terminal.send("\x1b");
    // a lone Esc is known for one only when nothing follows it
    std::thread::sleep(Duration::from_millis(300));
    terminal.send("2");
    terminal.wait("2风险点");
    std::thread::sleep(Duration::from_millis(300));
    let before = terminal.bytes();
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(terminal.bytes(), before, "nothing is written at rest");
    terminal.send("\x1b[21~");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.given_back());
}

#[test]
fn a_terminated_console_gives_the_terminal_back() {
    let folder = office();
    let mut terminal = Terminal::start(&folder.path().join("office"));
    terminal.wait("F5下一步");
    let pid = terminal.child.process_id().unwrap().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    terminal.ends();
    assert!(terminal.given_back());
}
