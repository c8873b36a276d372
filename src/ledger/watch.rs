//! Long work tells how far it is and asks whether to go on.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::fault::{Fault, FaultKind};

/// Who watches a piece of long work.
pub struct Watch<'a> {
    tell: Option<&'a mut dyn FnMut(u64, u64)>,
    cancel: Option<&'a AtomicBool>,
}

impl<'a> Watch<'a> {
    /// Nobody: the work runs to its end.
    pub fn nobody() -> Self {
        Self {
            tell: None,
            cancel: None,
        }
    }

    /// `tell` hears (done, total); the work stops soon after `cancel` becomes true.
    pub fn new(tell: &'a mut dyn FnMut(u64, u64), cancel: &'a AtomicBool) -> Self {
        Self {
            tell: Some(tell),
            cancel: Some(cancel),
        }
    }

    /// Tells how far the work is; an error when it should stop.
    pub fn step(&mut self, done: u64, total: u64) -> Result<(), Fault> {
        if self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Err(Fault::new(FaultKind::Busy, "已按要求中断").hint("没有留下办到一半的内容。"));
        }
        if let Some(tell) = &mut self.tell {
            tell(done, total);
        }
        Ok(())
    }
}
