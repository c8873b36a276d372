//! The loop: one queue for keys, answers and signals; drain it, update, draw once; nothing at rest.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event;

use super::burst::{Burst, TOGETHER};
use super::input::convert;
use super::probe::{self, Late};
use super::terminal::Guard;
use super::theme::{Background, Depth, Looks, Theme, Width};
use super::view;
use crate::app::cells;
use crate::app::key::Key;
use crate::app::model::{Model, Tone};
use crate::app::msg::{Effect, Msg, Reply, Request};
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
    /// The process goes on after it was stopped (SIGCONT): others have had the terminal.
    #[cfg_attr(not(unix), allow(dead_code))]
    GoOn,
    /// The terminal is gone; nobody is there to be told anything.
    Lost,
}

/// Runs the console until it is left; `open` opens the office's file on the worker, `own_looks` is the text of the
/// office's own `theme.toml`, if it has one.
///
/// A terminal that goes away ends the console like leaving it does: the file is left in order.
///
/// # Errors
/// When there is no terminal.
pub fn run<S, O>(own_looks: Option<&str>, open: O) -> io::Result<()>
where
    S: Store + 'static,
    O: FnOnce() -> Result<S, String> + Send + 'static,
{
    let (events, inbox) = channel();
    let (questions, worker) = worker::start(open, forward(&events)?)?;
    let shown = catch_unwind(AssertUnwindSafe(|| show(own_looks, questions, events, &inbox)));
    // The questions are dropped: the worker leaves the file in order, and only then the program ends.
    let left = worker.join().is_ok();
    match shown {
        Err(_) => Err(io::Error::other("界面意外中止；已存盘的内容不受影响，请重新打开")),
        Ok(Err(error)) if !is_lost(&error) => Err(error),
        Ok(_) if left => Ok(()),
        Ok(_) => Err(io::Error::other("台账线程意外中止")),
    }
}

/// Whether this says that the terminal is gone.
fn is_lost(error: &io::Error) -> bool {
    #[cfg(unix)]
    if rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::IO) {
        return true;
    }
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof)
}

/// Takes the terminal, and finds out how the console shall look on it.
fn enter(own: Option<&str>) -> io::Result<(Guard, Theme, Vec<String>)> {
    let environment = |name: &str| std::env::var(name).ok();
    let depth = Depth::of_environment(environment);
    let (looks, mistakes) = own.map_or_else(|| (Looks::shipped(), Vec::new()), Looks::with);
    let told = match looks.switches.background {
        Background::Light => Some(true),
        Background::Dark => Some(false),
        Background::Auto => environment("COLORFGBG").and_then(|value| probe::light_by_environment(&value)),
    };
    let guard = Guard::enter(told.is_none() && depth != Depth::Mono, looks.switches.mouse)?;
    let wide = match (looks.switches.width, environment("LIANNENG_WIDTH").as_deref()) {
        (_, Some("wide")) | (Width::Wide, _) => true,
        (_, Some("narrow")) | (Width::Narrow, _) => false,
        _ => guard.answers.ambiguous_wide(),
    };
    cells::set_ambiguous_wide(wide);
    let theme = looks.theme(depth, told.or(guard.answers.light).unwrap_or(false));
    Ok((guard, theme, mistakes))
}

fn show(own_looks: Option<&str>, questions: Asker, events: Sender<Event>, inbox: &Receiver<Event>) -> io::Result<()> {
    let (mut guard, theme, mistakes) = enter(own_looks)?;
    listen(events.clone(), Late::new(guard.answers.late))?;
    watch(events.clone())?;
    signals(events.clone())?;
    // what was typed while the program started
    for key in guard.answers.typed.chars().filter_map(typed) {
        let _ = events.send(Event::Msg(Msg::Key(key)));
    }
    let mut model = Model::new(guard.size()?);
    if !mistakes.is_empty() {
        model.say(Tone::Refused, mistakes.join("；"));
    }
    let mut loop_ = Loop {
        questions,
        open: 0,
        quit: false,
    };
    let effects = start(&mut model);
    loop_.carry_out(effects, &mut guard)?;
    loop_.settle(&mut model, inbox, &mut guard)?;
    loop_.draw(&mut model, &theme, &mut guard)?;
    while !loop_.quit {
        let Ok(event) = inbox.recv() else { return Ok(()) };
        // what is only kept for later changes nothing on the screen
        if let Event::Msg(msg @ Msg::Reply(Reply::Ahead(..))) = event {
            let effects = update(&mut model, msg);
            loop_.carry_out(effects, &mut guard)?;
            continue;
        }
        loop_.take(event, &mut model, &mut guard)?;
        loop_.settle(&mut model, inbox, &mut guard)?;
        loop_.draw(&mut model, &theme, &mut guard)?;
    }
    Ok(())
}

/// A character typed before the key reader began, as a key.
fn typed(c: char) -> Option<Key> {
    match c {
        '\r' | '\n' => Some(Key::Enter),
        '\t' => Some(Key::Tab),
        ' ' => Some(Key::Space),
        c if c.is_control() => None,
        c => Some(Key::Char(c)),
    }
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
            Event::GoOn => return guard.resume(),
            Event::Lost => {
                self.quit = true;
                return Ok(());
            }
        };
        match &msg {
            Msg::Reply(Reply::Detail(..) | Reply::Ahead(..)) => {}
            Msg::Reply(_) => self.open = self.open.saturating_sub(1),
            Msg::Broken(_) => self.open = 0,
            Msg::Resize(..) => guard.redraw(),
            _ => {}
        }
        let effects = update(model, msg);
        self.carry_out(effects, guard)
    }

    /// Draws what there is to see, in the size the terminal has at this moment.
    fn draw(&mut self, model: &mut Model, theme: &Theme, guard: &mut Guard) -> io::Result<()> {
        if self.quit {
            return Ok(());
        }
        let size = guard.size()?;
        if size != model.size {
            // the message that tells of it is still on its way
            let effects = update(model, Msg::Resize(size.0, size.1));
            self.carry_out(effects, guard)?;
        }
        guard.draw(size, |buf| view::render(model, theme, buf))?;
        model.drawn();
        Ok(())
    }

    fn carry_out(&mut self, effects: Vec<Effect>, guard: &mut Guard) -> io::Result<()> {
        for effect in effects {
            match effect {
                // a worker that is gone has said so already
                Effect::Ask(request) => {
                    // the list moves at once; the matter, if it was not there ahead, follows in a frame of its own
                    let waits = !matches!(request, Request::Detail(_) | Request::Ahead(_));
                    let asked = self.questions.ask(request);
                    self.open += usize::from(waits && asked);
                }
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
fn listen(events: Sender<Event>, mut late: Late) -> io::Result<()> {
    thread::Builder::new().name("console-keys".into()).spawn(move || {
        let mut burst = Burst::new(cfg!(windows));
        loop {
            let mut out = Vec::new();
            let last = match read(&burst) {
                Ok(Some(event)) if late.swallows(&event) => false,
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
                Err(_) => true,
            };
            let out = out.into_iter().map(Event::Msg).chain(last.then_some(Event::Lost));
            for event in out {
                if events.send(event).is_err() {
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

/// Waits for the terminal to go away: the key reader would read its end over and over (crossterm 0.29).
#[cfg(unix)]
fn watch(events: Sender<Event>) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;

    thread::Builder::new().name("console-line".into()).spawn(move || {
        loop {
            // asked for nothing, it still tells of a hang-up
            let stdin = rustix::stdio::stdin();
            let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
            match poll(&mut fds, None) {
                Err(Errno::INTR | Errno::AGAIN) => continue,
                Err(_) => return,
                Ok(_) => {
                    let _ = events.send(Event::Lost);
                    return;
                }
            }
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn watch(_events: Sender<Event>) -> io::Result<()> {
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
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGTERM, SIGTSTP};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("console-signals".into()).spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => Event::Stop,
                SIGCONT => Event::GoOn,
                _ => Event::Msg(Msg::Terminate),
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
    // what follows is SIGCONT, and with it the event to take the terminal again
    #[cfg(unix)]
    return signal_hook::low_level::raise(signal_hook::consts::SIGSTOP);
    #[cfg(not(unix))]
    guard.resume()
}
