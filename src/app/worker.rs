//! The thread that owns the file: questions in, answers out, and a look every second for other windows' changes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::msg::{Msg, Reply, Request};
use super::store::Store;

/// How often the file is asked whether another window changed it.
const LOOK: Duration = Duration::from_secs(1);

/// Silence after which upkeep goes on.
const PAUSE: Duration = Duration::from_millis(500);

/// Candidates offered below a field.
pub const CANDIDATES: usize = 9;

/// Hits shown by find.
pub const HITS: usize = 50;

/// Starts the worker; `open` runs on it, so that a slow file does not hold up the first frame.
///
/// Answers go to `answers` as [`Msg::Reply`]. A panic becomes [`Msg::Broken`]: the screen stays whole.
///
/// The worker ends when the sender of questions is dropped; joining it waits until the file is left in order.
///
/// # Errors
/// When no thread can be started.
pub fn start<S, O>(open: O, answers: Sender<Msg>) -> std::io::Result<(Sender<Request>, JoinHandle<()>)>
where
    S: Store,
    O: FnOnce() -> Result<S, String> + Send + 'static,
{
    let (questions, inbox) = channel();
    let worker = thread::Builder::new().name("console-worker".into()).spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| match open() {
            Ok(mut store) => {
                serve(&mut store, &inbox, &answers);
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
    Ok((questions, worker))
}

fn serve(store: &mut impl Store, inbox: &Receiver<Request>, answers: &Sender<Msg>) {
    let mut seen = store.version().ok();
    let mut busy = true;
    loop {
        let msg = match inbox.recv_timeout(if busy { PAUSE } else { LOOK }) {
            Ok(request) => {
                busy = true;
                Msg::Reply(answer(store, request))
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
        Request::Undo => Reply::Undo(store.undo()),
        Request::Redo => Reply::Redo(store.redo()),
    }
}
