//! A bar on a terminal, and nothing where nobody watches.

use std::cell::Cell;
use std::io::{IsTerminal, Write};

/// Characters of a full bar.
const WIDTH: i64 = 40;

/// How far something got, on standard error.
pub struct Bar {
    all: i64,
    done: Cell<i64>,
    /// The hundredths that are shown; None if nobody watches.
    shown: Cell<Option<i64>>,
}

impl Bar {
    /// A bar for `all` things.
    pub fn new(all: i64) -> Self {
        let watched = std::io::stderr().is_terminal() && all > 0;
        Bar { all, done: Cell::new(0), shown: Cell::new(watched.then_some(-1)) }
    }

    /// So many more are done.
    pub fn add(&self, some: i64) {
        self.done.set(self.done.get() + some);
        let hundredths = (self.done.get() * 100 / self.all.max(1)).min(100);
        if self.shown.get().is_some_and(|shown| shown < hundredths) {
            self.shown.set(Some(hundredths));
            let full = usize::try_from(hundredths * WIDTH / 100).unwrap_or_default();
            let (bar, rest) = ("#".repeat(full), " ".repeat(WIDTH as usize - full));
            // A terminal that has gone is no reason to stop.
            let _ = write!(std::io::stderr(), "\r[{bar}{rest}] {hundredths:>3} %");
        }
    }
}

impl Drop for Bar {
    /// The line is left clean for what comes.
    fn drop(&mut self) {
        if self.shown.get().is_some() {
            let _ = write!(std::io::stderr(), "\r{}\r", " ".repeat(WIDTH as usize + 8));
        }
    }
}
