//! Orders by signal: stop, read the configuration again, poll now.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
pub enum Order {
    Stop,
    /// SIGHUP.
    Reload,
    /// SIGUSR1.
    Poll,
}

/// The signals that the service answers to.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    reload: Signal,
    poll: Signal,
}

impl Signals {
    pub fn new() -> Result<Signals> {
        let listen = |kind| signal(kind).context("listening for signals");
        Ok(Signals {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            reload: listen(SignalKind::hangup())?,
            poll: listen(SignalKind::user_defined1())?,
        })
    }

    /// Returns at SIGTERM or SIGINT; other signals wait for [`Signals::next`].
    pub async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    pub async fn next(&mut self) -> Order {
        tokio::select! {
            _ = self.terminate.recv() => Order::Stop,
            _ = self.interrupt.recv() => Order::Stop,
            _ = self.reload.recv() => Order::Reload,
            _ = self.poll.recv() => Order::Poll,
        }
    }
}
