//! The terminal while the console has it: entered once, given back on every way out.
//!
//! Raw mode, alternate screen and bracketed paste are undone by `Drop`, by the panic hook, and before the
//! process is stopped; each frame is one synchronized update through one buffer.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue, style};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::probe;
use crate::app::cells;

const BUFFER: usize = 64 * 1024;

/// Whether the terminal is ours at the moment; the panic hook and `Drop` both look.
static HELD: AtomicBool = AtomicBool::new(false);

/// The terminal, ours until dropped.
///
/// ratatui's own `Terminal` asks the terminal for its cursor on every clear and resize, waits two seconds for a
/// terminal that does not answer, and would fight the key reader for the answer; so the two buffers are kept here.
pub struct Guard {
    backend: CrosstermBackend<BufWriter<Stdout>>,
    /// What is on the screen, and the frame being made.
    shown: Buffer,
    next: Buffer,
    /// Where the cursor stands; hidden when nowhere.
    cursor: Option<Position>,
    /// What is on the screen is not known: the next frame is drawn whole.
    stale: bool,
}

impl Guard {
    /// Takes the terminal, and finds out how wide it draws ambiguous glyphs.
    ///
    /// # Errors
    /// When standard output is no terminal or refuses raw mode.
    pub fn enter() -> io::Result<Guard> {
        install_panic_hook();
        // crossterm 0.29 answers NO_COLOR by a reset that also cancels reverse video; our own mono theme sends no
        // colour anyway, so its interference is switched off.
        style::force_color_output(true);
        take()?;
        let guard = Guard {
            backend: CrosstermBackend::new(BufWriter::with_capacity(BUFFER, stdout())),
            shown: Buffer::default(),
            next: Buffer::default(),
            cursor: None,
            stale: true,
        };
        cells::set_ambiguous_wide(probe::ambiguous_wide());
        Ok(guard)
    }

    /// Columns and rows now.
    ///
    /// # Errors
    /// When the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.backend.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame as one synchronized update and one write; writes nothing when nothing changed.
    ///
    /// `render` draws into an empty buffer and says where the cursor stands, if text can be typed.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        let (width, height) = self.size()?;
        let area = Rect::new(0, 0, width, height);
        if self.shown.area != area {
            self.stale = true;
        }
        self.next.resize(area);
        self.next.reset();
        let cursor = render(&mut self.next);
        if self.stale {
            self.shown.resize(area);
            self.shown.reset();
        }
        let changes = self.shown.diff(&self.next);
        if changes.is_empty() && !self.stale && cursor == self.cursor {
            return Ok(());
        }
        queue!(self.backend, BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.stale) {
            queue!(self.backend, Clear(ClearType::All))?;
        }
        self.backend.draw(changes.into_iter())?;
        match (self.cursor, cursor) {
            (_, Some(at)) => queue!(self.backend, cursor::MoveTo(at.x, at.y), cursor::Show)?,
            (Some(_), None) => queue!(self.backend, cursor::Hide)?,
            (None, None) => {}
        }
        queue!(self.backend, EndSynchronizedUpdate)?;
        Write::flush(&mut self.backend)?;
        self.cursor = cursor;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(())
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub fn redraw(&mut self) {
        self.stale = true;
    }

    /// Sends text to the clipboard of the person at the terminal (OSC 52).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        write!(self.backend, "\x1b]52;c;{}\x07", base64(text.as_bytes()))?;
        Write::flush(&mut self.backend)
    }

    /// Gives the terminal back for a while (the process is about to be stopped).
    pub fn leave(&mut self) {
        give_back();
    }

    /// Takes it again.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resume(&mut self) -> io::Result<()> {
        take()?;
        self.cursor = None;
        self.redraw();
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    HELD.store(true, Ordering::SeqCst);
    let taken = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide);
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
    let _ = execute!(
        stdout(),
        EndSynchronizedUpdate,
        style::ResetColor,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
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
