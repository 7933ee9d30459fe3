//! The part of intake that needs neither the store nor other mails: it runs on any thread, for many mails at once.

use crate::clock::UnixTime;
use crate::config::settings::{Language, Settings, SourceSettings};
use crate::domain::{self, Trusted};
use crate::grading::{Hits, Inquiry, RuleBook};
use crate::letter::is_message_id_of_ours;
use crate::mailbox::{Batch, Body, Cursor, Direction, Folder, Position, RawMail};
use crate::message::{self, Evidence, House, Kind, Message};
use crate::risk::{self, Risk};
use crate::staff::{Person, token};
use crate::store::intake::NewlyTaken;
use crate::text::hex;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Everything that understanding a mail needs, fixed for one poll.
pub struct Understanding {
    pub house: House,
    pub rules: RuleBook,
    /// The language in which reasons are told.
    pub language: Language,
    /// The company's clock.
    pub zone: TimeZone,
    /// Addresses of our people who may tell inquiryd something, lower case.
    pub staff: Vec<String>,
    /// Addresses that our people write to buyers from, lower case: theirs, and those of the mailboxes.
    pub senders: Vec<String>,
    /// Domains of known buyers: what a look-alike is compared with.
    pub trusted: Trusted,
}

/// A mail, read and understood as far as it goes by itself.
#[derive(Debug)]
pub struct Understood {
    /// What makes it this mail and no other, within its account.
    pub identity: String,
    pub position: Position,
    pub size: u64,
    pub arrived_at: Option<UnixTime>,
    /// Whose mail it is: a copy of our own to a buyer is outgoing in whatever folder it lies.
    pub direction: Direction,
    /// It lay among incoming mail: anybody might have sent it there.
    pub copy: bool,
    /// None if the mailbox could not give it.
    pub content: Option<Content>,
    /// Why a person should look at it, None if it was read as it should be.
    pub quarantine: Option<String>,
}

#[derive(Debug)]
pub struct Content {
    pub message: Message,
    pub hits: Hits,
    pub risks: Vec<Risk>,
    /// The raw mail, zstd-compressed, where it is worth keeping.
    pub archive: Option<Vec<u8>>,
}

impl Understanding {
    /// `addresses` are those of known buyers.
    pub fn new(settings: &Settings, addresses: &[String]) -> Self {
        Understanding {
            house: settings.company.house.clone(),
            rules: settings.rules.clone(),
            language: settings.company.language,
            zone: settings.company.time_zone.clone(),
            staff: settings.staff.people.iter().map(Person::address).collect(),
            senders: senders(settings),
            trusted: Trusted::new(addresses.iter().filter_map(|address| domain::of_address(address))),
        }
    }

    /// Understands a batch of a folder, mail by mail.
    pub fn of_batch(&self, batch: Batch, folder: &Folder) -> (Vec<Understood>, NewlyTaken) {
        let taken = newly_taken(&batch);
        let mut archivist = Archivist::default();
        let mails = batch.mails.into_iter().map(|mail| self.of_mail(mail, folder, &mut archivist)).collect();
        (mails, taken)
    }

    /// Understands one mail. A mail that makes inquiryd itself fail is quarantined: it must not stop the others.
    fn of_mail(&self, mail: RawMail, folder: &Folder, archivist: &mut Archivist) -> Understood {
        let (bytes, quarantine) = match mail.body {
            Body::Whole(bytes) => (Some(bytes), None),
            Body::Beginning { bytes, reason } => (Some(bytes), Some(reason)),
            Body::Unreadable { reason } => (None, Some(reason)),
        };
        let mut direction = folder.direction;
        let read = bytes.map(|bytes| {
            let keep = folder.direction == Direction::Incoming && quarantine.is_some();
            let read = catch_unwind(AssertUnwindSafe(|| self.read(&bytes, quarantine.as_deref())));
            read.map(|(identity, mut content)| {
                if direction == Direction::Incoming && self.is_copy_of_ours(&content.message) {
                    direction = Direction::Outgoing;
                }
                // A web form may send by way of our own account: then Sent and INBOX show the same mail.
                let identity = match direction {
                    Direction::Incoming => identity,
                    Direction::Outgoing => format!("out:{identity}"),
                };
                if keep || (direction == Direction::Incoming && may_be_worth_keeping(&content.message)) {
                    content.archive = Some(archivist.compress(&bytes));
                }
                (identity, content)
            })
        });
        let failed = read.as_ref().is_some_and(Result::is_err);
        let (identity, content) = match read {
            Some(Ok((identity, content))) => (identity, Some(content)),
            Some(Err(_)) | None => (format!("at:{}/{}", folder.name, mail.position), None),
        };
        let copy = direction != folder.direction;
        let quarantine = if failed { Some(FAILED.to_owned()) } else { quarantine };
        Understood {
            identity,
            position: mail.position,
            size: mail.size,
            arrived_at: mail.arrived_at,
            direction,
            copy,
            content,
            quarantine,
        }
    }

    /// Our own people's mail to somebody outside, of which the shared mailbox got a copy (Cc or Bcc). A form that writes in
    /// our name, what our own server calls forged, and what our people tell inquiryd are none.
    fn is_copy_of_ours(&self, message: &Message) -> bool {
        let house = &self.house;
        let from_us = message.from.email.as_ref().is_some_and(|from| self.senders.contains(from));
        let answers_elsewhere =
            message.reply_to.as_ref().and_then(|to| to.email.as_ref()).is_some_and(|email| !house.is_ours(email));
        let instructs = message.references.iter().any(|id| is_message_id_of_ours(id)) || token::is_in(&message.subject);
        message.kind == Kind::Internal
            && message.relay.is_none()
            && !message.automatic
            && from_us
            && !answers_elsewhere
            && !instructs
            && outside(message, house).next().is_some()
    }

    /// Whether one of our people wrote it, as far as the receiving server can tell.
    pub(super) fn is_of_our_people(&self, message: &Message) -> bool {
        message.failed_authentication.is_none()
            && message.from.email.as_ref().is_some_and(|from| self.senders.contains(from))
    }

    /// Reads the bytes of one mail; `beginning` says why they are not all of it.
    pub fn read(&self, bytes: &[u8], beginning: Option<&str>) -> (String, Content) {
        let message = match beginning {
            None => message::understand(bytes, &self.house),
            Some(reason) => message::understand_beginning(bytes, &self.house, reason),
        };
        let content = Content {
            hits: self.rules.scan(&Inquiry::of(&message, message.kind, None)),
            risks: risk::risks(&message, &self.house, &self.trusted),
            archive: None,
            message,
        };
        (identity(&content.message, bytes), content)
    }
}

/// Whoever of us may write to a buyer: a website that writes in our name is nobody.
fn senders(settings: &Settings) -> Vec<String> {
    let mailboxes = settings.accounts.iter().filter_map(|account| match &account.source {
        SourceSettings::Imap(imap) => Some(imap.user.to_lowercase()).filter(|user| user.contains('@')),
        SourceSettings::Maildir(_) => None,
    });
    let from = settings.outbox.from.email.to_string().to_lowercase();
    settings.staff.people.iter().map(Person::address).chain(mailboxes).chain([from]).collect()
}

/// The recipients who are none of us.
pub(super) fn outside<'m>(message: &'m Message, house: &'m House) -> impl Iterator<Item = &'m String> {
    let recipients = message.to.iter().chain(&message.cc).filter_map(|address| address.email.as_ref());
    recipients.filter(|email| !house.is_ours(email))
}

const FAILED: &str = "inquiryd failed on this mail; please read it in the mailbox and report it as a bug";

/// Inquiries and what may hold one are kept, so that they are still there when the mailbox is emptied.
pub(super) fn is_worth_keeping(kind: Kind) -> bool {
    matches!(kind, Kind::Inquiry | Kind::Reply | Kind::PlatformNotice)
}

/// A kind that only the words decided may turn out to be an inquiry, once the buyer or the thread is known.
fn may_be_worth_keeping(message: &Message) -> bool {
    is_worth_keeping(message.kind) || message.kind_by == Evidence::Words
}

/// Compresses mail for the archive; keeps its working memory from mail to mail.
#[derive(Default)]
pub struct Archivist {
    compressor: Option<zstd::bulk::Compressor<'static>>,
}

impl Archivist {
    /// zstd level 1: attachments are compressed already, words gain most at any level.
    fn compress(&mut self, raw: &[u8]) -> Vec<u8> {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            none => none.insert(zstd::bulk::Compressor::new(1).expect("level 1 exists")),
        };
        compressor.compress(raw).expect("zstd compresses any bytes into a buffer of its own size")
    }
}

/// The Message-ID with a digest of the body, so that a second mail that reuses a Message-ID is not taken for the first;
/// without a Message-ID, a digest of all bytes.
fn identity(message: &Message, raw: &[u8]) -> String {
    match &message.message_id {
        Some(id) => format!("id:{id}#{}", hex(&message::body_digest(raw)[..12])),
        None => format!("sha256:{}", hex(&Sha256::digest(raw))),
    }
}

fn newly_taken(batch: &Batch) -> NewlyTaken {
    match batch.cursor {
        Some(Cursor { uid_validity, last_uid }) => NewlyTaken::UpTo(Cursor { uid_validity, last_uid }),
        None => NewlyTaken::Files(
            batch
                .mails
                .iter()
                .filter_map(|mail| match &mail.position {
                    Position::File { name } => Some(name.clone()),
                    Position::Uid { .. } => None,
                })
                .collect(),
        ),
    }
}
