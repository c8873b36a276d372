//! The built program in a pseudo-terminal: it takes the terminal, shows the office, and gives the terminal back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longest wait for a screen; generous, as the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Mutex<Vec<u8>>>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn start(folder: &Path) -> Terminal {
        let pty = native_pty_system();
        let pair = pty
            .openpty(PtySize {
                rows: 24,
                cols: 80,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_lianneng"));
        command.args(["--data".as_ref(), folder.as_os_str()]);
        command.env("TERM", "xterm-256color");
        command.env("LIANNENG_WIDTH", "narrow");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                sink.lock().unwrap().extend_from_slice(&chunk[..n]);
            }
        });
        Terminal {
            child,
            writer,
            seen,
            _master: pair.master,
        }
    }

    fn screen(&self) -> vt100::Parser {
        let mut parser = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        parser.process(&self.seen.lock().unwrap());
        parser
    }

    fn text(&self) -> String {
        self.screen().screen().contents().replace(' ', "")
    }

    fn wait(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.text().contains(text) {
            assert!(Instant::now() < end, "no {text} on\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn send(&mut self, bytes: &str) {
        self.writer.write_all(bytes.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn bytes(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    fn ends(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the terminal was given back: main screen, no bracketed paste, cursor shown.
    fn given_back(&self) -> bool {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned();
            let all = ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?25h"]
                .iter()
                .all(|code| seen.contains(code));
            if all || Instant::now() > end {
                return all;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

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
    let screen = terminal.screen();
    let (row, column) = screen.screen().cursor_position();
    let before: String = screen.screen().contents_between(row, 0, row, column);
    assert!(
        before.trim_end().ends_with("张"),
        "the real cursor stands behind what was typed: {before:?}"
    );
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
