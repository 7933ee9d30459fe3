//! Fetch, understand, record: one poll of one account, each batch in one transaction with its cursor.

mod batch;
mod compare;
mod decide;
mod passed_on;
mod rows;
mod suppression;
mod understood;

pub use decide::{Decision, decide_one};
pub use understood::{Content, Understanding, Understood};

use crate::buyer;
use crate::clock::{Clock, UnixTime};
use crate::config::settings::{Account, Settings};
use crate::follow_up::{self, Load};
use crate::mailbox::{Batch, Direction, FetchLimits, Folder, Mailbox, MailboxError, Taken};
use crate::message::House;
use crate::progress::Progress;
use crate::store::Store;
use crate::store::intake::{NewlyTaken, Place, Questions};
use futures_util::StreamExt;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Batches that are understood at the same time, each on a thread of its own.
const UNDERSTOOD_AT_ONCE: usize = 2;
/// Batches that wait between the mailbox and understanding.
const FETCHED_AHEAD: usize = 1;
/// Answers whose working time is counted in one transaction.
const MEASURED_AT_ONCE: usize = 1_000;
/// Newest addresses of buyers whose domains a look-alike is compared with.
pub const COMPARED_ADDRESSES: i64 = 20_000;

/// Why a poll ended early. What was recorded before stays recorded.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    #[error("recording mail: {0:#}")]
    Store(#[from] anyhow::Error),
}

/// What one poll of one account did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polled {
    /// Mails that the folders showed.
    pub shown: u64,
    /// Mails recorded now; the others were recorded before.
    pub recorded: u64,
    pub inquiries: u64,
    pub quarantined: u64,
    /// Mails recorded now that are older than inquiryd's work here.
    pub history: u64,
    /// What a person should know, e.g. that no Sent folder was found.
    pub remarks: Vec<String>,
}

/// What every poll needs.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    pub settings: &'a Settings,
    pub store: &'a Store,
    pub clock: &'a Clock,
    pub progress: &'a Progress,
}

impl Intake<'_> {
    /// Polls one account: its Sent folder first, so that answers are known before the mails that they answer to.
    ///
    /// # Errors
    /// The mailbox or the store failed; everything recorded until then stays. A folder that can't be read doesn't keep
    /// the others from being read: its error comes at the end.
    pub async fn poll(&self, account: &Account) -> Result<Polled, PollError> {
        self.poll_folders(account, |_| true).await
    }

    /// Reads the Sent folder alone, for answers.
    ///
    /// # Errors
    /// As [`Intake::poll`].
    pub async fn poll_sent(&self, account: &Account) -> Result<Polled, PollError> {
        self.poll_folders(account, |folder| folder.direction == Direction::Outgoing).await
    }

    async fn poll_folders(&self, account: &Account, wanted: impl Fn(&Folder) -> bool) -> Result<Polled, PollError> {
        let addresses = self.store.newest_addresses(COMPARED_ADDRESSES).await?;
        let understanding = Arc::new(Understanding::new(self.settings, &addresses));
        let mut mailbox = Mailbox::open(account, self.progress).await?;
        let list = mailbox.folders().await?;
        let mut folders: Vec<Folder> = list.folders.iter().filter(|folder| wanted(folder)).cloned().collect();
        folders.sort_by_key(|folder| folder.direction != Direction::Outgoing);
        let mut polled = Polled { remarks: list.remarks(), ..Polled::default() };
        // What moved from one folder to another before this look is met where it is now, when the folders are read.
        let compared = self.compare(&mut mailbox, account, &folders).await?;
        let mut failure = None;
        for folder in &folders {
            match self.poll_folder(&mut mailbox, account, folder, &understanding, &mut polled).await {
                Ok(()) => {}
                Err(error @ PollError::Store(_)) => return Err(error),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        mailbox.logout().await;
        if failure.is_none() && folders.len() == list.folders.len() {
            self.note_compared(&compared).await?;
        }
        self.settle().await?;
        failure.map_or(Ok(polled), Err)
    }

    /// What follows from what was recorded: inquiries have their answers, and new buyers their owners.
    ///
    /// # Errors
    /// The store failed.
    pub async fn settle(&self) -> Result<(), PollError> {
        let Intake { settings, store, .. } = *self;
        store.tie_answers().await?;
        self.settle_forwards().await?;
        let mut more = true;
        while more {
            let answers = store.unmeasured_answers(MEASURED_AT_ONCE).await?;
            more = answers.len() == MEASURED_AT_ONCE;
            let worked = |(id, received, answered): &(i64, UnixTime, UnixTime)| {
                (*id, settings.calendar.hours_between(*received, *answered))
            };
            store.measure_answers(&answers.iter().map(worked).collect::<Vec<_>>()).await?;
        }
        if settings.staff.has_owners() {
            let today = settings.calendar.date(self.clock.now());
            let unowned = store.unowned().await?;
            let mut load = if unowned.is_empty() { Load::new() } else { store.load().await? };
            let given = follow_up::share_out(&settings.staff, &unowned, &mut load, today);
            store.give(&given).await?;
        }
        Ok(())
    }

    /// Mail that arrived before this instant was there long before inquiryd first looked at the folder.
    async fn history_before(&self, place: &Place) -> Result<UnixTime, PollError> {
        let now = self.clock.now();
        let start = format!("start/{}/{}", place.account, place.folder);
        let started: UnixTime = self.store.setting(&start, &now.to_string()).await?.parse().unwrap_or(now);
        let history = i64::try_from(self.settings.limits.history.as_secs()).unwrap_or(i64::MAX);
        Ok(started.min(now).saturating_sub(history))
    }

    async fn poll_folder(
        &self,
        mailbox: &mut Mailbox,
        account: &Account,
        folder: &Folder,
        understanding: &Arc<Understanding>,
        polled: &mut Polled,
    ) -> Result<(), PollError> {
        let place = Place { account: account.name.clone(), folder: folder.name.clone() };
        let history_before = self.history_before(&place).await?;
        let taken = self.taken(mailbox, &place).await?;
        let limits = FetchLimits { mail_size: self.settings.limits.mail_size };
        let (batches, received) = mpsc::channel(FETCHED_AHEAD);
        let fetching = async {
            let fetched = mailbox.fetch(folder, &taken, &limits, &batches).await;
            drop(batches);
            fetched
        };
        let origin = Origin { place: &place, folder, understanding, history_before };
        let (fetched, recorded) = tokio::join!(fetching, self.record_batches(&origin, received, polled));
        recorded?;
        let fetched = fetched?;
        if fetched.complete {
            // What left the folder while it was read was counted by the server, and by nobody else.
            self.store.count_folder(&place, fetched.exists.saturating_sub(fetched.vanished), self.clock.now()).await?;
        }
        polled.remarks.extend(fetched.skipped);
        Ok(())
    }

    /// How far a folder was taken.
    async fn taken(&self, mailbox: &Mailbox, place: &Place) -> anyhow::Result<Taken> {
        match mailbox {
            Mailbox::Imap(_) => Ok(Taken::Uids(self.store.cursor(place).await?)),
            Mailbox::Maildir(_) => self.store.maildir_files(place).await,
        }
    }

    async fn record_batches(
        &self,
        origin: &Origin<'_>,
        mut received: mpsc::Receiver<Batch>,
        polled: &mut Polled,
    ) -> Result<(), PollError> {
        let batches = futures_util::stream::poll_fn(move |context| received.poll_recv(context));
        let mut understood = batches
            .map(|batch| {
                let (understanding, folder) = (Arc::clone(origin.understanding), origin.folder.clone());
                tokio::task::spawn_blocking(move || understanding.of_batch(batch, &folder))
            })
            .buffered(UNDERSTOOD_AT_ONCE);
        while let Some(batch) = understood.next().await {
            let (mails, taken) = batch.map_err(|error| anyhow::anyhow!("understanding a batch of mails: {error}"))?;
            self.record(origin, mails, taken, polled).await?;
            self.progress.step();
        }
        Ok(())
    }

    async fn record(
        &self,
        origin: &Origin<'_>,
        mails: Vec<Understood>,
        taken: NewlyTaken,
        polled: &mut Polled,
    ) -> Result<(), PollError> {
        let moment = batch::Moment { now: self.clock.now(), history_before: origin.history_before };
        let questions = questions(&mails, &origin.understanding.house);
        let shown = mails.len();
        polled.shown += shown as u64;
        let (mut recorded, mut quarantined, mut history) = (0, 0, 0);
        let decide = |answers, next: &mut dyn FnMut(_) -> i64| {
            let rows = batch::decide_batch(mails, answers, origin.understanding, moment, next);
            recorded = rows.mails.len() as u64;
            quarantined = rows.mails.iter().filter(|mail| mail.quarantine.is_some()).count() as u64;
            history = rows.mails.iter().filter(|mail| mail.history).count() as u64;
            rows
        };
        let inquiries = self.store.record(origin.place, (&taken, shown), &questions, moment.now, decide).await?;
        polled.recorded += recorded;
        polled.quarantined += quarantined;
        polled.history += history;
        polled.inquiries += inquiries.len() as u64;
        Ok(())
    }
}

/// Where a batch comes from, and what understands it.
struct Origin<'a> {
    place: &'a Place,
    folder: &'a Folder,
    understanding: &'a Arc<Understanding>,
    history_before: UnixTime,
}

/// What the store must be asked about these mails.
pub fn questions(mails: &[Understood], house: &House) -> Questions {
    let mut questions = Questions::default();
    for mail in mails {
        questions.identities.push(mail.identity.clone());
        let Some(content) = &mail.content else { continue };
        questions.message_ids.extend(content.message.message_id.clone());
        questions.message_ids.extend(content.message.references.iter().cloned());
        questions
            .message_ids
            .extend(content.message.bounce.iter().filter_map(|bounce| bounce.original_message_id.clone()));
        questions.addresses.extend(buyer::addresses_of(&content.message));
        let marks = buyer::marks_of(&content.message, house);
        questions.strangers.push((buyer::recognised_by(&content.message), marks));
    }
    for list in [&mut questions.message_ids, &mut questions.addresses] {
        list.sort_unstable();
        list.dedup();
    }
    questions
}
