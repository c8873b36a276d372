//! The terminal while the console has it: entered once, given back on every way out.
//!
//! Raw mode, alternate screen and bracketed paste are undone by `Drop`, by the panic hook, and before the
//! process is stopped; each frame is one synchronized update through one buffer.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue, style};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

use super::probe;
use super::theme::Depth;
use crate::app::cells;

const BUFFER: usize = 64 * 1024;

/// Whether the terminal is ours at the moment; the panic hook and `Drop` both look.
static HELD: AtomicBool = AtomicBool::new(false);

/// The terminal, ours until dropped.
pub struct Guard {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Guard {
    /// Takes the terminal, and finds out how wide it draws ambiguous glyphs.
    ///
    /// # Errors
    /// When standard output is no terminal or refuses raw mode.
    pub fn enter(depth: Depth) -> io::Result<Guard> {
        install_panic_hook();
        // crossterm 0.29 answers NO_COLOR by a reset that also cancels reverse video; our own mono theme sends no
        // colour anyway, so its interference is switched off.
        style::force_color_output(true);
        let _ = depth;
        take()?;
        cells::set_ambiguous_wide(probe::ambiguous_wide());
        let backend = CrosstermBackend::new(BufWriter::with_capacity(BUFFER, stdout()));
        let mut terminal = Terminal::new(backend)?;
        terminal.clear()?;
        Ok(Guard { terminal })
    }

    /// Columns and rows now.
    ///
    /// # Errors
    /// When the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame as one synchronized update.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(render).map(|_| ());
        // ended even when drawing failed, or the terminal would stay frozen
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn redraw(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }

    /// Sends text to the clipboard of the person at the terminal (OSC 52).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        write!(backend, "\x1b]52;c;{}\x07", base64(text.as_bytes()))?;
        Write::flush(backend)
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
        self.terminal.clear()
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
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
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
