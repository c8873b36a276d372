//! The loop: one queue for keys, answers and signals; drain it, update, draw once; nothing at rest.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event;

use super::burst::{Burst, TOGETHER};
use super::input::convert;
use super::terminal::Guard;
use super::theme::{Depth, Theme};
use super::view;
use crate::app::model::Model;
use crate::app::msg::{Effect, Msg};
use crate::app::store::Store;
use crate::app::update::{start, update};
use crate::app::worker::{self, Asker};

/// How long a frame waits for answers on their way, so that a key usually makes one frame and not two.
const SOON: Duration = Duration::from_millis(12);

/// What comes in.
enum Event {
    Msg(Msg),
    /// The process is to be stopped for a while (SIGTSTP).
    #[cfg_attr(not(unix), allow(dead_code))]
    Stop,
}

/// Runs the console until it is left; `open` opens the office's file on the worker.
///
/// # Errors
/// When there is no terminal, or it went away.
pub fn run<S, O>(open: O) -> io::Result<()>
where
    S: Store + 'static,
    O: FnOnce() -> Result<S, String> + Send + 'static,
{
    let depth = Depth::of_environment(|name| std::env::var(name).ok());
    let theme = Theme::shipped(depth);
    let (events, inbox) = channel();
    let (questions, worker) = worker::start(open, forward(&events)?)?;
    let shown = show(&theme, questions, events, &inbox);
    // The questions are dropped: the worker leaves the file in order, and only then the program ends.
    let left = worker.join().is_ok();
    shown.and(if left {
        Ok(())
    } else {
        Err(io::Error::other("台账线程意外中止"))
    })
}

fn show(theme: &Theme, questions: Asker, events: Sender<Event>, inbox: &Receiver<Event>) -> io::Result<()> {
    let mut guard = Guard::enter()?;
    listen(events.clone())?;
    signals(events)?;
    let mut model = Model::new(guard.size()?);
    let mut loop_ = Loop {
        questions,
        open: 0,
        quit: false,
    };
    let effects = start(&mut model);
    loop_.carry_out(effects, &mut guard)?;
    loop_.settle(&mut model, inbox, &mut guard)?;
    guard.draw(|buf| view::render(&model, theme, buf))?;
    while !loop_.quit {
        let Ok(event) = inbox.recv() else { return Ok(()) };
        loop_.take(event, &mut model, &mut guard)?;
        loop_.settle(&mut model, inbox, &mut guard)?;
        if !loop_.quit {
            guard.draw(|buf| view::render(&model, theme, buf))?;
        }
    }
    Ok(())
}

struct Loop {
    questions: Asker,
    /// Questions without an answer yet.
    open: usize,
    quit: bool,
}

impl Loop {
    fn take(&mut self, event: Event, model: &mut Model, guard: &mut Guard) -> io::Result<()> {
        let msg = match event {
            Event::Msg(msg) => msg,
            Event::Stop => return stop(guard),
        };
        match &msg {
            Msg::Reply(_) => self.open = self.open.saturating_sub(1),
            Msg::Broken(_) => self.open = 0,
            Msg::Resize(..) => guard.redraw(),
            _ => {}
        }
        let effects = update(model, msg);
        self.carry_out(effects, guard)
    }

    fn carry_out(&mut self, effects: Vec<Effect>, guard: &mut Guard) -> io::Result<()> {
        for effect in effects {
            match effect {
                // a worker that is gone has said so already
                Effect::Ask(request) => self.open += usize::from(self.questions.ask(request)),
                Effect::Copy(text) => guard.copy(&text)?,
                Effect::Redraw => guard.redraw(),
                Effect::Quit => self.quit = true,
            }
        }
        Ok(())
    }

    /// Takes in all that has come meanwhile, and what is about to come.
    fn settle(&mut self, model: &mut Model, inbox: &Receiver<Event>, guard: &mut Guard) -> io::Result<()> {
        let end = Instant::now() + SOON;
        while !self.quit {
            let event = if self.open == 0 {
                inbox.try_recv().ok()
            } else {
                let left = end.saturating_duration_since(Instant::now());
                match inbox.recv_timeout(left) {
                    Ok(event) => Some(event),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => {
                        self.quit = true;
                        None
                    }
                }
            };
            let Some(event) = event else { return Ok(()) };
            self.take(event, model, guard)?;
        }
        Ok(())
    }
}

/// A sender of messages into the queue of events, for the worker.
fn forward(events: &Sender<Event>) -> io::Result<Sender<Msg>> {
    let (answers, inbox) = channel::<Msg>();
    let events = events.clone();
    thread::Builder::new().name("console-answers".into()).spawn(move || {
        for msg in inbox {
            if events.send(Event::Msg(msg)).is_err() {
                return;
            }
        }
    })?;
    Ok(answers)
}

/// Reads the terminal for ever; the thread ends with the process.
fn listen(events: Sender<Event>) -> io::Result<()> {
    thread::Builder::new().name("console-keys".into()).spawn(move || {
        let mut burst = Burst::new(cfg!(windows));
        loop {
            let mut out = Vec::new();
            let last = match read(&burst) {
                Ok(Some(event)) => {
                    if let Some(input) = convert(event) {
                        burst.take(input, &mut out);
                    }
                    false
                }
                // nothing for a moment: what was held back is not the beginning of a paste
                Ok(None) => {
                    burst.end(&mut out);
                    false
                }
                // the terminal is gone
                Err(_) => {
                    out.push(Msg::Terminate);
                    true
                }
            };
            for msg in out {
                if events.send(Event::Msg(msg)).is_err() {
                    return;
                }
            }
            if last {
                return;
            }
        }
    })?;
    Ok(())
}

/// The next event; `None` when something is held back and nothing came for a moment.
fn read(burst: &Burst) -> io::Result<Option<event::Event>> {
    if burst.holds() && !event::poll(TOGETHER)? {
        return Ok(None);
    }
    event::read().map(Some)
}

#[cfg(unix)]
fn signals(events: Sender<Event>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGTERM, SIGTSTP};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGTSTP])?;
    thread::Builder::new().name("console-signals".into()).spawn(move || {
        for signal in signals.forever() {
            let event = if signal == SIGTSTP {
                Event::Stop
            } else {
                Event::Msg(Msg::Terminate)
            };
            if events.send(event).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn signals(_events: Sender<Event>) -> io::Result<()> {
    Ok(())
}

/// Gives the terminal back, stops, and takes it again when the process goes on.
fn stop(guard: &mut Guard) -> io::Result<()> {
    guard.leave();
    #[cfg(unix)]
    signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)?;
    guard.resume()
}
