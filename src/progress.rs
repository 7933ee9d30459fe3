//! Real progress, counted: what the watchdog may beat on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A counter that every room which waits for the outside moves when something really happened.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Something was read, recorded, sent or decided.
    pub fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Steps since the start.
    pub fn steps(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
