//! What systemd is told: READY, STATUS, RELOADING, STOPPING, and a watchdog that beats on real progress only.

use crate::progress::Progress;
use sd_notify::NotifyState;
use std::time::Duration;

/// Tells systemd; without systemd nothing happens.
pub fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd could not be told");
    }
}

/// A configuration is being read again (needs `MONOTONIC_USEC` since systemd 253).
pub fn tell_reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// The longest that the service may rest without being taken for dead.
pub fn longest_rest() -> Duration {
    sd_notify::watchdog_enabled().map_or(Duration::MAX, |timeout| timeout / 4)
}

/// Beats until dropped, but only when `progress` moved since the last beat: a service that hangs is restarted.
pub async fn watchdog(progress: Progress) {
    let Some(timeout) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let mut beaten = None;
    loop {
        let steps = progress.steps();
        if beaten != Some(steps) {
            tell(&[NotifyState::Watchdog]);
            beaten = Some(steps);
        }
        tokio::time::sleep((timeout / 4).max(Duration::from_millis(100))).await;
    }
}
