//! Work on a thread of its own: how far it is, and a way to stop it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::app::store::Preview;
use crate::domain::BodyRef;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::domain::world::Operator;
use crate::papers::grid::Go;

/// Who asks, and in whose name.
pub struct Who {
    /// The operator.
    pub operator: Operator,
    /// The body picked to act for.
    pub capacity: Option<BodyRef>,
}

/// How work ended.
pub enum Ended {
    /// A sheet was looked over.
    Checked(Box<Preview>),
    /// Rows were taken; what became of them.
    Imported(String),
    /// A file was written; where.
    Written(String),
}

/// What the work tells, and asks.
pub struct Watch {
    done: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    /// So many rows are done; an error when it should stop.
    pub fn tell(&mut self, done: usize) -> Result<(), Stop> {
        match self.go(done) {
            Go::On => Ok(()),
            Go::Stop => Err(Fault::new(FaultKind::Busy, "已取消").into()),
        }
    }

    /// So many rows are done; whether to go on.
    pub fn go(&mut self, done: usize) -> Go {
        self.done.store(done as u64, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) {
            Go::Stop
        } else {
            Go::On
        }
    }

    /// Becomes true when the work should stop.
    pub fn stopper(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }
}

/// Work under way.
pub struct Job {
    what: &'static str,
    worker: Option<JoinHandle<Result<Ended, Stop>>>,
    done: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Job {
    /// Starts work called `what` (正在导入).
    pub fn start<W>(what: &'static str, work: W) -> Result<Job, Fault>
    where
        W: FnOnce(&mut Watch) -> Result<Ended, Stop> + Send + 'static,
    {
        let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let mut watch = Watch {
            done: Arc::clone(&done),
            stop: Arc::clone(&stop),
        };
        let worker = thread::Builder::new()
            .name("tables".into())
            .spawn(move || work(&mut watch));
        Ok(Job {
            what,
            worker: Some(worker.map_err(|_| broken())?),
            done,
            stop,
        })
    }

    /// Its name.
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// How many rows are done.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Asks it to stop.
    pub fn cancel(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to.
    pub fn is_cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether it has ended.
    pub fn finished(&self) -> bool {
        self.worker.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for its end, at most so long.
    pub fn wait(&self, long: Duration) -> bool {
        let begun = Instant::now();
        while !self.finished() && begun.elapsed() < long {
            thread::sleep(Duration::from_millis(3));
        }
        self.finished()
    }

    /// How it ended.
    pub fn end(mut self) -> Result<Ended, Stop> {
        match self.worker.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            _ => Err(broken().into()),
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.cancel();
        if let Some(worker) = self.worker.take() {
            drop(worker.join());
        }
    }
}

fn broken() -> Fault {
    Fault::new(FaultKind::World, "这件事意外中止，什么都没有改动").hint("请再试一次。")
}
