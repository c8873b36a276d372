//! The wall clock as the log claims it, or a clock that was set by hand for a test or a rehearsal.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, UTC. No order hangs on it: the log orders by tick.
#[derive(Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Set with `--now`; moves on by one millisecond at each reading, so that a run is repeatable and no two
    /// readings are equal.
    Fixed(AtomicI64),
}

impl Clock {
    /// A clock that starts at `ms` and moves only when it is read.
    pub fn fixed(ms: i64) -> Self {
        Self::Fixed(AtomicI64::new(ms))
    }

    /// The moment now, in milliseconds UTC.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Fixed(next) => next.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Given by hand, not read off the machine.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// Sets a fixed clock to `ms`; the machine's clock is left alone.
    pub fn set(&self, ms: i64) {
        if let Self::Fixed(next) = self {
            next.store(ms, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_is_repeatable_and_moves_when_read() {
        let clock = Clock::fixed(5_000);
        assert_eq!([clock.now_ms(), clock.now_ms()], [5_000, 5_001]);
        clock.set(9_000);
        assert_eq!(clock.now_ms(), 9_000);
    }

    #[test]
    fn the_machines_clock_is_past_the_day_this_was_written() {
        assert!(Clock::System.now_ms() > 1_700_000_000_000);
    }
}
