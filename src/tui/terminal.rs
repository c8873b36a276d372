//! The terminal while the console has it: entered once, given back on every way out.
//!
//! Raw mode, alternate screen and bracketed paste are undone by `Drop`, by the panic hook, and before the
//! process is stopped; each frame is one synchronized update and one write.

use std::io::{self, Write, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, style};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::probe::{self, Answers};
use super::screen::Screen;

/// Whether the terminal is ours at the moment; the panic hook and `Drop` both look.
static HELD: AtomicBool = AtomicBool::new(false);

/// Whether it tells us of the mouse.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// How the Windows console was before it was ours.
#[cfg(windows)]
static BEFORE: std::sync::Mutex<Option<super::windows::Before>> = std::sync::Mutex::new(None);

/// The size taken for a terminal that does not know its own (a serial line).
const UNKNOWN: (u16, u16) = (80, 24);

/// The terminal, ours until dropped.
///
/// ratatui's own `Terminal` asks the terminal for its cursor on every clear and resize, waits two seconds for a
/// terminal that does not answer, and would fight the key reader for the answer; so the frames are kept here.
pub struct Guard {
    screen: Screen,
    out: Vec<u8>,
    /// What the terminal said about itself.
    pub answers: Answers,
}

impl Guard {
    /// Takes the terminal, and asks it how wide it draws ambiguous glyphs and, if that matters, how dark it is.
    ///
    /// # Errors
    /// When standard output is no terminal or refuses raw mode.
    pub fn enter(ask_background: bool, mouse: bool) -> io::Result<Guard> {
        install_panic_hook();
        MOUSE.store(mouse, Ordering::SeqCst);
        take()?;
        let mut guard = Guard {
            screen: Screen::default(),
            out: Vec::new(),
            answers: Answers::default(),
        };
        guard.answers = probe::ask(ask_background);
        Ok(guard)
    }

    /// Columns and rows now.
    ///
    /// # Errors
    /// When the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        Ok(match crossterm::terminal::size()? {
            (0, _) | (_, 0) => UNKNOWN,
            size => size,
        })
    }

    /// Draws one frame of this size as one synchronized update and one write; writes nothing when nothing changed.
    ///
    /// `render` draws into an empty buffer and says where the cursor stands, if text can be typed.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, size: (u16, u16), render: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.out.clear();
        self.screen.frame(size, render, &mut self.out);
        send(&self.out)
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub fn redraw(&mut self) {
        self.screen.forget();
    }

    /// Sends text to the clipboard of the person at the terminal (OSC 52).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        send(format!("\x1b]52;c;{}\x07", base64(text.as_bytes())).as_bytes())
    }

    /// Gives the terminal back for a while (the process is about to be stopped).
    pub fn leave(&mut self) {
        give_back();
    }

    /// Takes it again, whatever was done to it meanwhile.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resume(&mut self) -> io::Result<()> {
        // the shell had the terminal: what crossterm remembers of its modes is no longer true
        give_back();
        take()?;
        self.redraw();
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

fn send(bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut out = stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

fn take() -> io::Result<()> {
    #[cfg(windows)]
    before_windows()?;
    enable_raw_mode()?;
    HELD.store(true, Ordering::SeqCst);
    let taken = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide).and_then(|()| {
        if MOUSE.load(Ordering::SeqCst) {
            mouse(true)
        } else {
            Ok(())
        }
    });
    if taken.is_err() {
        give_back();
    }
    taken
}

/// Undoes [`take`]; does nothing the second time. Errors are passed over: there is nobody left to tell.
fn give_back() {
    if !HELD.swap(false, Ordering::SeqCst) {
        return;
    }
    if MOUSE.load(Ordering::SeqCst) {
        let _ = mouse(false);
    }
    let _ = execute!(
        stdout(),
        EndSynchronizedUpdate,
        style::SetAttribute(style::Attribute::Reset),
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
    #[cfg(windows)]
    if let Some(before) = BEFORE.lock().ok().and_then(|mut before| before.take()) {
        super::windows::give_back(&before);
    }
}

#[cfg(windows)]
fn before_windows() -> io::Result<()> {
    if !crossterm::ansi_support::supports_ansi() {
        return Err(io::Error::other("此控制台太旧，需要 Windows 10 1809 或更新的版本"));
    }
    if let Ok(mut before) = BEFORE.lock() {
        *before = Some(super::windows::take());
    }
    Ok(())
}

/// Clicks and the wheel only: a terminal that told of every motion would wake us for nothing.
#[cfg(not(windows))]
fn mouse(on: bool) -> io::Result<()> {
    send(if on {
        b"\x1b[?1000h\x1b[?1006h"
    } else {
        b"\x1b[?1006l\x1b[?1000l"
    })
}

#[cfg(windows)]
fn mouse(on: bool) -> io::Result<()> {
    use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
    if on {
        execute!(stdout(), EnableMouseCapture)
    } else {
        execute!(stdout(), DisableMouseCapture)
    }
}

/// A panic of the main thread gives the terminal back before it is printed; one of a worker must not wreck the
/// live screen, so it is kept quiet here and reported as a message by whoever started the worker.
fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let worker = std::thread::current()
                .name()
                .is_some_and(|name| name.starts_with("console-"));
            if worker && HELD.load(Ordering::SeqCst) {
                return;
            }
            give_back();
            before(info);
        }));
    });
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let sign = SIGNS[(word >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= chunk.len() { char::from(sign) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_the_standard_has_it() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64("红".as_bytes()), "57qi");
    }
}
