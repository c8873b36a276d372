//! The thread that owns the file: questions in, answers out, and a look every second for other windows' changes.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::msg::{Msg, Reply, Request, Ticket};
use super::store::{At, Problem, Store};

/// How often the file is asked whether another window changed it.
const LOOK: Duration = Duration::from_secs(1);

/// Silence after which upkeep goes on.
const PAUSE: Duration = Duration::from_millis(500);

/// Candidates offered below a field.
pub const CANDIDATES: usize = 9;

/// Hits shown by find.
pub const HITS: usize = 50;

/// Where questions are asked. What a newer question of the same list, or of find, makes worthless is broken off at
/// once when it runs and skipped when it waits; each question but [`Request::Drop`] has its answer all the same.
#[derive(Debug)]
pub struct Asker {
    questions: Sender<Request>,
    stops: Arc<Stops>,
}

impl Asker {
    /// Asks; true when an answer will come.
    pub fn ask(&self, request: Request) -> bool {
        self.stops.supersede(&request);
        !matches!(request, Request::Drop(_)) && self.questions.send(request).is_ok()
    }
}

/// What is wanted last, what runs, and the sign to break it off.
#[derive(Debug, Default)]
struct Stops {
    stop: Arc<AtomicBool>,
    wanted: Mutex<Wanted>,
}

#[derive(Debug, Default)]
struct Wanted {
    /// The newest turn of each list.
    lists: HashMap<(usize, usize), u64>,
    /// The newest text of find.
    text: Option<String>,
    running: Option<Request>,
}

impl Wanted {
    fn still(&self, request: &Request) -> bool {
        match request {
            Request::Page { ticket, .. } => {
                let newest = self.lists.get(&(ticket.pane, ticket.list));
                newest.is_none_or(|newest| ticket.turn >= *newest)
            }
            Request::Find(text) => self.text.as_ref().is_none_or(|newest| newest == text),
            _ => true,
        }
    }
}

impl Stops {
    fn wanted(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn supersede(&self, request: &Request) {
        let mut wanted = self.wanted();
        match request {
            Request::Page { ticket, .. } | Request::Drop(ticket) => {
                wanted.lists.insert((ticket.pane, ticket.list), ticket.turn);
            }
            Request::Find(text) => wanted.text = Some(text.clone()),
            _ => return,
        }
        if wanted.running.as_ref().is_some_and(|running| !wanted.still(running)) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Answers a question that is still wanted; one that is not, or was broken off, has an empty refusal.
    fn answer(&self, store: &mut impl Store, request: Request) -> Reply {
        {
            let mut wanted = self.wanted();
            self.stop.store(false, Ordering::Relaxed);
            if !wanted.still(&request) {
                return dropped(request);
            }
            wanted.running = Some(request.clone());
        }
        let reply = answer(store, request.clone());
        self.wanted().running = None;
        if self.stop.swap(false, Ordering::Relaxed) {
            return dropped(request);
        }
        reply
    }
}

fn dropped(request: Request) -> Reply {
    match request {
        Request::Page { ticket, at, .. } => Reply::Page(ticket, at, Err(Problem::default())),
        Request::Find(text) => Reply::Find(text, Err(Problem::default())),
        Request::Drop(ticket) => dropped_page(ticket),
        // only these are ever dropped
        _ => Reply::Header(Err(Problem::default())),
    }
}

fn dropped_page(ticket: Ticket) -> Reply {
    Reply::Page(ticket, At::Start, Err(Problem::default()))
}

/// Starts the worker; `open` runs on it, so that a slow file does not hold up the first frame.
///
/// Answers go to `answers` as [`Msg::Reply`]. A panic becomes [`Msg::Broken`]: the screen stays whole.
///
/// The worker ends when the sender of questions is dropped; joining it waits until the file is left in order.
///
/// # Errors
/// When no thread can be started.
pub fn start<S, O>(open: O, answers: Sender<Msg>) -> std::io::Result<(Asker, JoinHandle<()>)>
where
    S: Store,
    O: FnOnce() -> Result<S, String> + Send + 'static,
{
    let (questions, inbox) = channel();
    let stops = Arc::new(Stops::default());
    let heeded = Arc::clone(&stops);
    let worker = thread::Builder::new().name("console-worker".into()).spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| match open() {
            Ok(mut store) => {
                store.heed(Arc::clone(&heeded.stop));
                serve(&mut store, &inbox, &answers, &heeded);
                store.leave()
            }
            Err(sentence) => Err(sentence),
        }));
        let sentence = match outcome {
            Ok(Ok(())) => return,
            Ok(Err(sentence)) => sentence,
            Err(_) => "台账线程意外中止，已存盘的内容不受影响。请退出后重新打开。".to_owned(),
        };
        let _ = answers.send(Msg::Broken(sentence));
    })?;
    Ok((Asker { questions, stops }, worker))
}

fn serve(store: &mut impl Store, inbox: &Receiver<Request>, answers: &Sender<Msg>, stops: &Stops) {
    let mut seen = store.version().ok();
    let mut busy = true;
    loop {
        let msg = match inbox.recv_timeout(if busy { PAUSE } else { LOOK }) {
            Ok(request) => {
                busy = true;
                Msg::Reply(stops.answer(store, request))
            }
            Err(RecvTimeoutError::Timeout) => {
                // off the commit path: only when no key has come for a while
                busy = busy && store.rest();
                let now = store.version().ok();
                if now == seen {
                    continue;
                }
                seen = now;
                Msg::Changed
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if answers.send(msg).is_err() {
            return;
        }
    }
}

/// Answers one question.
pub fn answer(store: &mut impl Store, request: Request) -> Reply {
    match request {
        Request::Header => Reply::Header(store.header().map(Box::new)),
        Request::Nav { pane, register, parent } => {
            let rows = store.nav(&register, parent.as_deref());
            Reply::Nav(pane, parent, rows)
        }
        Request::Page {
            ticket,
            query,
            at,
            limit,
        } => {
            let page = store.page(&query, &at, limit);
            Reply::Page(ticket, at, page)
        }
        Request::Streams { ticket, query, most } => Reply::Streams(ticket, store.streams(&query, most)),
        Request::Detail(stream) => {
            let detail = store.detail(&stream).map(Box::new);
            Reply::Detail(stream, detail)
        }
        Request::Ahead(stream) => {
            let detail = store.detail(&stream).map(Box::new);
            Reply::Ahead(stream, detail)
        }
        Request::Actions(register) => {
            let actions = store.actions(&register);
            Reply::Actions(register, actions)
        }
        Request::Form(request) => Reply::Form(store.form(&request).map(Box::new)),
        Request::Submit(act) => Reply::Submit(store.submit(&act)),
        Request::Candidates { of, typed } => {
            let found = store.candidates(&of, &typed, CANDIDATES);
            Reply::Candidates(typed, found)
        }
        Request::Find(typed) => {
            let hits = store.find(&typed, HITS);
            Reply::Find(typed, hits)
        }
        Request::People(asked) => {
            let answer = store.people(&asked);
            Reply::People(asked, answer)
        }
        // never handed over
        Request::Drop(ticket) => dropped_page(ticket),
        Request::Triage(ask) => Reply::Triage(store.triage(&ask)),
        Request::Undo => Reply::Undo(store.undo()),
        Request::Redo => Reply::Redo(store.redo()),
        Request::Table(ask) => Reply::Table(store.table(&ask)),
    }
}
