//! The built program in a pseudo-terminal, its screen read back through an emulator.
#![allow(dead_code, clippy::unwrap_used)]

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longest wait for a screen; generous, as the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal before anything runs in it.
pub struct Setup {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(String, Option<String>)>,
    size: (u16, u16),
    /// What it answers when asked for the cursor's place and its background; `None`: nothing.
    column: Option<u16>,
    background: Option<&'static str>,
    /// How long its answers take.
    delay: Duration,
}

impl Setup {
    /// The built program on an office.
    pub fn new(folder: &Path) -> Setup {
        Setup::of(env!("CARGO_BIN_EXE_lianneng"), ["--data".into(), folder.into()])
    }

    /// Any program.
    pub fn of(program: impl Into<OsString>, args: impl IntoIterator<Item = OsString>) -> Setup {
        let setup = Setup {
            program: program.into(),
            args: args.into_iter().collect(),
            env: Vec::new(),
            size: (80, 24),
            column: Some(2),
            background: None,
            delay: Duration::ZERO,
        };
        setup
            .env("TERM", "xterm-256color")
            .without("NO_COLOR")
            .without("COLORFGBG")
            .without("COLORTERM")
            .without("LIANNENG_WIDTH")
    }

    pub fn env(mut self, name: &str, value: &str) -> Setup {
        self.env.push((name.into(), Some(value.into())));
        self
    }

    fn without(mut self, name: &str) -> Setup {
        self.env.push((name.into(), None));
        self
    }

    pub fn size(mut self, size: (u16, u16)) -> Setup {
        self.size = size;
        self
    }

    /// What the terminal answers about itself, and after how long.
    pub fn answers(mut self, column: Option<u16>, background: Option<&'static str>, delay: Duration) -> Setup {
        (self.column, self.background, self.delay) = (column, background, delay);
        self
    }

    pub fn start(self) -> Terminal {
        let pair = native_pty_system().openpty(size(self.size)).unwrap();
        let mut command = CommandBuilder::new(self.program);
        command.args(self.args);
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (sink, answering) = (Arc::clone(&seen), Arc::clone(&writer));
        let (column, background, delay) = (self.column, self.background, self.delay);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let reading = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut chunk) {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                sink.lock().unwrap().extend_from_slice(&chunk[..n]);
                let said = String::from_utf8_lossy(&chunk[..n]).into_owned();
                let mut answer = String::new();
                if let Some(background) = background.filter(|_| said.contains("\x1b]11;?")) {
                    answer = format!("\x1b]11;rgb:{background}\x1b\\");
                }
                if let Some(column) = column.filter(|_| said.contains("\x1b[6n")) {
                    answer.push_str(&format!("\x1b[1;{column}R"));
                }
                if !answer.is_empty() {
                    std::thread::sleep(delay);
                    let mut writer = answering.lock().unwrap();
                    writer.write_all(answer.as_bytes()).unwrap();
                    writer.flush().unwrap();
                }
            }
        });
        Terminal {
            child,
            writer,
            seen,
            size: self.size,
            master: pair.master,
            stop,
            reading,
        }
    }
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

pub struct Terminal {
    pub child: Box<dyn Child + Send + Sync>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    seen: Arc<Mutex<Vec<u8>>>,
    size: (u16, u16),
    master: Box<dyn MasterPty + Send>,
    stop: Arc<AtomicBool>,
    reading: std::thread::JoinHandle<()>,
}

impl Terminal {
    pub fn start(folder: &Path) -> Terminal {
        Setup::new(folder).start()
    }

    pub fn screen(&self) -> vt100::Parser {
        let (cols, rows) = self.size;
        let mut parser = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        parser.process(&self.seen.lock().unwrap());
        parser
    }

    pub fn text(&self) -> String {
        self.screen().screen().contents().replace(' ', "")
    }

    pub fn wait(&self, text: &str) {
        self.until(text, |terminal| terminal.text().contains(text));
    }

    /// Waits until something holds.
    pub fn until(&self, what: &str, holds: impl Fn(&Terminal) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < end, "no {what} on\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn send(&mut self, bytes: &str) {
        let mut writer = self.writer.lock().unwrap();
        writer.write_all(bytes.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Gives the window another size. What was seen before is forgotten: an emulator of that size saw none of it.
    pub fn resize(&mut self, to: (u16, u16)) {
        self.size = to;
        self.seen.lock().unwrap().clear();
        self.master.resize(size(to)).unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        let sent = std::process::Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// Everything written so far.
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    /// Forgets what was written so far.
    pub fn forget(&self) {
        self.seen.lock().unwrap().clear();
    }

    pub fn bytes(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Takes the terminal away and waits for the program to end by itself.
    pub fn hang_up(self) -> u32 {
        let Terminal {
            mut child,
            writer,
            master,
            stop,
            reading,
            ..
        } = self;
        // the reader holds an end of its own: the next frame lets it see that it shall go
        stop.store(true, Ordering::SeqCst);
        master.resize(size((100, 30))).unwrap();
        reading.join().unwrap();
        drop((writer, master));
        ended(&mut child)
    }

    pub fn ends(&mut self) -> u32 {
        ended(&mut self.child)
    }

    /// Whether the terminal was given back: main screen, no bracketed paste, cursor shown.
    pub fn given_back(&self) -> bool {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = self.seen();
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

fn ended(child: &mut Box<dyn Child + Send + Sync>) -> u32 {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.exit_code();
        }
        assert!(Instant::now() < end, "it does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}
