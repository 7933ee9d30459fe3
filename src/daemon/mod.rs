//! The only loop: sleep until something is due, run it, tell systemd, stop cleanly.

mod accounts;
mod one_click;
mod signals;
mod systemd;

use crate::clock::{Clock, UnixTime};
use crate::config::{self, Environment, LoadOptions, Settings};
use crate::intake::PollError;
use crate::jobs::{self, Context};
use crate::letter::Notice;
use crate::outbox::Sink;
use crate::progress::Progress;
use crate::store::Store;
use accounts::Failures;
use anyhow::Result;
use one_click::OneClick;
use sd_notify::NotifyState;
use sha2::{Digest as _, Sha256};
use signals::{Order, Signals};
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The wall clock is looked at again at least this often: a machine that slept, or whose clock was set, notices.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Seconds until it is looked again whether people may be reminded by now.
const REST: i64 = 300;

/// The running service.
pub struct Daemon {
    path: PathBuf,
    environment: Environment,
    settings: Settings,
    store: Store,
    clock: Clock,
    progress: Progress,
    owner: String,
    secret: String,
    failures: Failures,
    /// A person asked for a poll, whatever the plan says.
    poll_now: bool,
    /// Something was polled, and perhaps in a former life, that no digest has told yet.
    digest_due: bool,
    one_click: OneClick,
    /// More newsletters are to be planned as soon as the last ones have gone.
    news_follow: bool,
}

impl Daemon {
    /// A service over an open store, with the configuration that was read from `path`.
    pub async fn new(
        path: PathBuf,
        environment: Environment,
        settings: Settings,
        store: Store,
        clock: Clock,
        owner: String,
    ) -> Result<Daemon> {
        let secret = jobs::installation_secret(&store).await?;
        let (progress, failures) = (Progress::default(), Failures::default());
        Ok(Daemon {
            path,
            environment,
            settings,
            store,
            clock,
            progress,
            owner,
            secret,
            failures,
            poll_now: false,
            digest_due: true,
            one_click: OneClick::Off,
            news_follow: false,
        })
    }

    /// Runs until SIGTERM or SIGINT.
    ///
    /// # Errors
    /// The signals can't be had. Failures of the jobs are logged and tried again instead.
    pub async fn run(mut self) -> Result<()> {
        let stop = CancellationToken::new();
        let mut signals = Signals::new()?;
        self.look_again().await;
        let watchdog = tokio::spawn(systemd::watchdog(self.progress.clone()));
        systemd::tell(&[NotifyState::Ready]);
        tracing::info!(accounts = self.settings.accounts.len(), "inquiryd is ready");
        while let Some(wake) = self.round_or_stop(&stop, &mut signals).await {
            tokio::select! {
                () = tokio::time::sleep(self.pause_until(wake)) => {}
                order = signals.next() => match order {
                    Order::Stop => break,
                    Order::Reload => self.reload().await,
                    Order::Poll => {
                        self.failures.forget_pauses();
                        self.poll_now = true;
                    }
                },
            }
        }
        systemd::tell(&[NotifyState::Stopping]);
        watchdog.abort();
        self.give_leases_back().await;
        self.store.close().await;
        tracing::info!("inquiryd ended cleanly");
        Ok(())
    }

    /// A poll that was broken off still holds its lease: whoever comes next need not wait for its end.
    async fn give_leases_back(&self) {
        for account in &self.settings.accounts {
            if let Err(error) = self.store.release(&job(&account.name), &self.owner).await {
                tracing::warn!(error = format!("{error:#}"), "a lease can't be given back; it ends by itself");
            }
        }
    }

    /// One round; None if the service was told to stop meanwhile.
    ///
    /// Polling is then dropped between two commits; a mail whose bytes are leaving is finished first.
    async fn round_or_stop(&mut self, stop: &CancellationToken, signals: &mut Signals) -> Option<UnixTime> {
        let round = self.round(stop);
        tokio::pin!(round);
        tokio::select! {
            wake = &mut round => Some(wake),
            () = signals.stop() => {
                systemd::tell(&[NotifyState::Stopping]);
                stop.cancel();
                round.await;
                None
            }
        }
    }

    /// Everything that is due now. Returns when something is due next.
    async fn round(&mut self, stop: &CancellationToken) -> UnixTime {
        self.progress.step();
        self.listen().await;
        let polled = tokio::select! {
            polled = self.poll_due() => polled,
            () = stop.cancelled() => return self.clock.now(),
        };
        self.digest_due |= polled;
        self.plan_mail().await;
        if let Err(error) = self.send(stop).await {
            tracing::error!(error = format!("{error:#}"), "sending mail failed; it is tried again");
        }
        self.status().await
    }

    /// Polls the accounts that are due, all at the same time. Returns whether any was polled.
    async fn poll_due(&mut self) -> bool {
        let now = self.clock.now();
        let asked = std::mem::take(&mut self.poll_now);
        let mut due = Vec::new();
        for account in &self.settings.accounts {
            let last_run = self.store.last_run(&job(&account.name)).await.unwrap_or_else(|error| {
                tracing::error!(error = format!("{error:#}"), "the store can't be read");
                Some(now)
            });
            let slot = self.failures.due(&account.name, &self.settings.poll, last_run, now);
            due.extend(slot.or(asked.then_some(now)).map(|slot| (account, slot)));
        }
        if !due.is_empty() {
            systemd::tell(&[NotifyState::Status("polling")]);
        }
        let context = self.context();
        let polls = due.iter().map(|(account, _)| jobs::poll(&context, account));
        let results = futures_util::future::join_all(polls).await;
        let due: Vec<(String, UnixTime)> =
            due.into_iter().map(|(account, slot)| (account.name.clone(), slot)).collect();
        let any = !due.is_empty();
        for ((account, slot), result) in due.into_iter().zip(results) {
            // Another daemon polls it and notes the run; if it dies instead, the slot is still due here.
            if matches!(result, Ok(None)) {
                continue;
            }
            if let Err(error) = self.settle_poll(&account, slot, result.map(|_| ())).await {
                tracing::error!(error = format!("{error:#}"), "the poll's end can't be recorded");
            }
        }
        any
    }

    async fn settle_poll(&mut self, account: &str, slot: UnixTime, result: Result<(), PollError>) -> Result<()> {
        let now = self.clock.now();
        let Err(error) = result else {
            self.failures.succeeded(account);
            return self.store.finish_run(&job(account), slot).await;
        };
        let needs_a_person = matches!(&error, PollError::Mailbox(error) if !error.is_temporary());
        tracing::warn!(account, needs_a_person, error = %error, "the account could not be polled");
        if self.failures.failed(account, needs_a_person, now, spread(account, now)) {
            let error = error.to_string();
            let day = now / (24 * 3600);
            let notice = Notice::AccountFails { account, error: &error };
            self.context().notice(&format!("fails/{account}/{day}"), &notice).await?;
        }
        Ok(())
    }

    /// Each job by itself: one that fails is tried again in the next round and doesn't stop the others.
    async fn plan_mail(&mut self) {
        if let Err(error) = jobs::staff_mail(&self.context()).await {
            failed("staff mail", &error);
        }
        if self.digest_due {
            match jobs::digest(&self.context()).await {
                Ok(_) => self.digest_due = false,
                Err(error) => failed("digest", &error),
            }
        }
        if let Err(error) = jobs::reminders(&self.context()).await {
            failed("reminders", &error);
        }
        if let Err(error) = jobs::follow_ups(&self.context()).await {
            failed("follow-ups", &error);
        }
        if let Err(error) = jobs::reports(&self.context()).await {
            failed("reports", &error);
        }
        match jobs::newsletters(&self.context()).await {
            // The next ones are planned as soon as these have gone.
            Ok(planned) => self.news_follow = planned > 0 && self.settings.newsletter.pace.is_none(),
            Err(error) => {
                self.news_follow = false;
                failed("newsletters", &error);
            }
        }
    }

    async fn send(&self, stop: &CancellationToken) -> Result<()> {
        let mut sink = Sink::open(&self.settings.outbox.sink, &self.progress)?;
        jobs::drain(&self.context(), &mut sink, stop).await?;
        Ok(())
    }

    /// Tells systemd how things are. Returns when something is due next.
    async fn status(&self) -> UnixTime {
        let now = self.clock.now();
        if self.news_follow {
            return now;
        }
        let next_poll = self.settings.poll.next_after(now);
        let waiting = self.store.count_waiting().await.unwrap_or(-1);
        let zone = &self.settings.company.time_zone;
        let failing = match self.failures.failing() {
            0 => String::new(),
            failing => format!("{failing} mailboxes fail; "),
        };
        let status = format!(
            "{failing}{waiting} inquiries wait for an answer; next poll {}",
            crate::schedule::wall_clock(next_poll, zone)
        );
        systemd::tell(&[NotifyState::Status(&status)]);
        let next_mail = self.store.next_planned().await.ok().flatten().unwrap_or(next_poll);
        let next_look = self.store.next_look().await.ok().flatten().unwrap_or(next_poll);
        // At night and on holidays nobody is reminded: what is due waits until that ends.
        let next_look = if self.context().may_remind() { next_look } else { next_look.max(now + REST) };
        next_poll
            .min(next_mail)
            .min(next_look)
            .min(self.settings.follow_up.at.next_after(now))
            .min(self.settings.reports.next_after(now))
            .min(self.failures.next_retry().unwrap_or(next_poll))
    }

    fn pause_until(&self, wake: UnixTime) -> Duration {
        if self.news_follow {
            return Duration::ZERO;
        }
        let seconds = u64::try_from(wake - self.clock.now()).unwrap_or(0);
        Duration::from_secs(seconds.max(1)).min(LONGEST_SLEEP).min(systemd::longest_rest())
    }

    /// SIGHUP: the new configuration, or, if it is wrong, the old one and a clear word in log and digest.
    async fn reload(&mut self) {
        systemd::tell_reloading();
        match config::load(&self.path, &self.environment, LoadOptions::default()) {
            Ok(loaded) if loaded.settings.store_url != self.settings.store_url => {
                let error = "store.url changed: restart the service to move to another store";
                tracing::error!("{error}; the old configuration stays in force");
                self.note_wrong_configuration(error).await;
            }
            Ok(loaded) => {
                self.settings = loaded.settings;
                self.look_again().await;
                self.failures = Failures::default();
                tracing::info!("the new configuration is in force");
            }
            Err(problems) => {
                for problem in problems.iter() {
                    tracing::error!("{problem}");
                }
                tracing::error!(
                    problems = problems.len(),
                    "the new configuration is wrong; the old one stays in force"
                );
                self.note_wrong_configuration(&problems.to_string()).await;
            }
        }
        systemd::tell(&[NotifyState::Ready]);
    }

    /// With other deadlines, another calendar or another rhythm, everything is due at another time.
    async fn look_again(&self) {
        let (reminder, rhythm) = (&self.settings.reminder.deadlines, &self.settings.follow_up.cadence);
        let decided = format!("{reminder:?} {rhythm:?} {}", self.settings.calendar.fingerprint());
        let fingerprint = crate::text::hex(&Sha256::digest(decided));
        match self.store.look_at_everything_again(&fingerprint).await {
            Ok(true) => tracing::info!("deadlines, calendar or rhythm changed: everything is looked at again"),
            Ok(false) => {}
            Err(error) => tracing::error!(error = format!("{error:#}"), "the store can't be written"),
        }
        let today = self.settings.calendar.date(self.clock.now());
        if let Some(year) = config::unannounced_year(&self.settings.calendar, today) {
            let key = format!("calendar/{year}/{}", today.month());
            if let Err(error) = self.context().notice(&key, &Notice::Calendar { year }).await {
                tracing::error!(error = format!("{error:#}"), "the notice can't be recorded");
            }
        }
    }

    /// For the next digest; the same mistake is told once a day.
    async fn note_wrong_configuration(&self, error: &str) {
        let day = self.clock.now() / (24 * 3600);
        if let Err(error) = self.context().notice(&format!("reload/{day}/{error}"), &Notice::Reload { error }).await {
            tracing::error!(error = format!("{error:#}"), "the notice can't be recorded");
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            settings: &self.settings,
            store: &self.store,
            clock: &self.clock,
            progress: &self.progress,
            owner: &self.owner,
            secret: &self.secret,
        }
    }
}

fn failed(job: &str, error: &anyhow::Error) {
    tracing::error!(job, error = format!("{error:#}"), "planning mail failed; it is tried again");
}

fn job(account: &str) -> String {
    format!("poll/{account}")
}

/// A number in 0..1 that differs from account to account and time to time.
fn spread(account: &str, now: UnixTime) -> f64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (account, now).hash(&mut hasher);
    f64::from(u16::try_from(hasher.finish() & 0xffff).unwrap_or(0)) / 65536.0
}
