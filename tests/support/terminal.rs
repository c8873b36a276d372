//! The built program in a pseudo-terminal, its screen read back through an emulator.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longest wait for a screen; generous, as the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Terminal {
    pub child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Mutex<Vec<u8>>>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    pub fn start(folder: &Path) -> Terminal {
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

    pub fn screen(&self) -> vt100::Parser {
        let mut parser = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        parser.process(&self.seen.lock().unwrap());
        parser
    }

    pub fn text(&self) -> String {
        self.screen().screen().contents().replace(' ', "")
    }

    pub fn wait(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.text().contains(text) {
            assert!(Instant::now() < end, "no {text} on\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn send(&mut self, bytes: &str) {
        self.writer.write_all(bytes.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    pub fn bytes(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    pub fn ends(&mut self) -> u32 {
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
    pub fn given_back(&self) -> bool {
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
