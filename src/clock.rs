//! The only place that reads the system clock; everything else is told what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// An instant in whole seconds since 1970-01-01T00:00:00Z.
pub type UnixTime = i64;

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// A clock that stands still until it is set: for tests, the demo and simulations.
    Settable(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `now`.
    pub fn standing_at(now: UnixTime) -> Self {
        Clock::Settable(Arc::new(AtomicI64::new(now)))
    }

    /// The current instant.
    #[allow(clippy::disallowed_methods, reason = "the one place where the system clock is read")]
    pub fn now(&self) -> UnixTime {
        match self {
            Clock::System => jiff::Timestamp::now().as_second(),
            Clock::Settable(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Moves a settable clock; the system clock is left alone.
    pub fn set(&self, now: UnixTime) {
        if let Clock::Settable(at) = self {
            at.store(now, Ordering::SeqCst);
        }
    }
}
