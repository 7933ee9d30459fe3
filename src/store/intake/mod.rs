//! Mails become rows: everything of one batch, and the cursor, in one transaction.

mod answers;
mod write;

use super::forwards::ForwardRow;
use super::sightings::Sighting;
use super::staff::StaffMail;
use super::{Numbers, Store, on_pool};
use crate::buyer::{Buyer, Known, Mark, Stage};
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::mailbox::{Cursor, Taken};
use answers::answers;
use anyhow::Result;
use std::collections::HashMap;
use write::{advance, write};

/// The folder of an account that a batch comes from.
#[derive(Clone, Debug)]
pub struct Place {
    pub account: String,
    pub folder: String,
}

/// What must be looked up before a batch can be decided.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    /// Identities of the batch's mails: which are recorded already?
    pub identities: Vec<String>,
    /// Message-IDs that the mails have or refer to.
    pub message_ids: Vec<String>,
    /// What buyers are recognised by.
    pub addresses: Vec<String>,
    /// What else writers may be recognised by, each with his address: asked only where nobody has it.
    pub strangers: Vec<(Option<String>, Vec<Mark>)>,
}

/// What the store answers.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The numbers of mails that are recorded already, by identity.
    pub recorded: HashMap<String, i64>,
    pub known: Known,
}

/// The rows of one batch.
#[derive(Debug, Default)]
pub struct Rows {
    pub mails: Vec<MailRow>,
    /// Where the batch's mails lie, those that are recorded already, too.
    pub sightings: Vec<Sighting>,
    /// (Message-ID referred to, mail) of outgoing mail.
    pub references: Vec<(String, i64)>,
    pub forwards: Vec<ForwardRow>,
    /// (mail, compressed raw mail).
    pub archives: Vec<(i64, Vec<u8>)>,
    pub new_buyers: Vec<NewBuyer>,
    /// (address, buyer): new addresses, of new buyers and of known ones.
    pub addresses: Vec<(String, i64)>,
    pub marks: Vec<(Mark, i64)>,
    pub questions: Vec<QuestionRow>,
    pub contacts: Vec<Contact>,
    pub inquiries: Vec<InquiryRow>,
    /// (buyer, inquiry, when he asked) for a sample.
    pub samples_asked: Vec<(i64, i64, UnixTime)>,
    /// (buyer, when): a mail of ours tells that a sample left.
    pub samples_sent: Vec<(i64, UnixTime)>,
    /// Addresses at which mail came back for good.
    pub bounced: Vec<String>,
    pub staff_mails: Vec<StaffMail>,
    pub suppressions: Vec<Suppression>,
    /// The same, where the mail names the newsletter of ours (its Message-ID in `address`) instead of the recipient.
    pub suppressions_by_newsletter: Vec<Suppression>,
    pub soft_bounces: Vec<SoftBounce>,
}

#[derive(Debug)]
pub struct MailRow {
    pub id: i64,
    pub identity: String,
    pub position: String,
    pub direction: &'static str,
    pub message_id: Option<String>,
    pub from_name: Option<String>,
    pub from_email: Option<String>,
    pub subject: String,
    /// See [`crate::message`]'s comparable subjects; empty where it ties nothing.
    pub subject_key: String,
    pub size: i64,
    pub received_at: UnixTime,
    pub kind: &'static str,
    pub kind_reason: String,
    pub automatic: bool,
    pub history: bool,
    pub buyer_id: Option<i64>,
    pub quarantine: Option<String>,
}

#[derive(Debug)]
pub struct NewBuyer {
    pub buyer: Buyer,
    pub source: String,
}

/// A contact of a known or new buyer: what it changes on his card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub buyer_id: i64,
    pub at: UnixTime,
    /// We heard from him: mail to him arrives, and nobody's decision to leave him alone stands.
    pub heard: bool,
    /// Inquiries and replies in this batch.
    pub inquiries: i64,
    /// His newest grade, if this batch has one.
    pub grade: Option<Grade>,
    /// A later stage than the card's.
    pub suggested: Option<Stage>,
    pub fills: Fills,
}

/// What is written where a card has a blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fills {
    pub name: Option<String>,
    pub company: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub language: Option<String>,
}

impl Contact {
    /// A contact that changes nothing but its time.
    pub fn at(buyer_id: i64, at: UnixTime) -> Self {
        Contact { buyer_id, at, ..Contact::default() }
    }

    /// Adds a later one of the same buyer.
    pub fn add(&mut self, later: Contact) {
        self.at = self.at.max(later.at);
        self.heard |= later.heard;
        self.inquiries += later.inquiries;
        self.grade = later.grade.or(self.grade);
        self.suggested = later.suggested.or(self.suggested);
        let (mine, theirs) = (&mut self.fills, later.fills);
        let fill = |mine: &mut Option<String>, theirs| *mine = mine.take().or(theirs);
        fill(&mut mine.name, theirs.name);
        fill(&mut mine.company, theirs.company);
        fill(&mut mine.country, theirs.country);
        fill(&mut mine.phone, theirs.phone);
        fill(&mut mine.language, theirs.language);
    }
}

/// May a new buyer be one we know?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionRow {
    pub inquiry_id: i64,
    pub buyer_id: i64,
    pub candidate_id: i64,
    /// [`crate::buyer::MatchedBy`]: what speaks for him.
    pub reason: &'static str,
    /// In hundredths.
    pub likeness: i64,
}

#[derive(Debug)]
pub struct InquiryRow {
    pub id: i64,
    pub mail_id: i64,
    pub buyer_id: i64,
    pub known: bool,
    pub matched_by: Option<&'static str>,
    pub relay: Option<String>,
    pub language: Option<String>,
    pub text: String,
    /// JSON of [`crate::message::Facts`].
    pub facts: String,
    pub grade: &'static str,
    pub score: i64,
    /// JSON of [`crate::grading::Reason`]s.
    pub reasons: String,
    /// JSON of risks.
    pub risks: String,
    /// JSON of [`crate::message::Attachment`]s.
    pub attachments: String,
    /// JSON of [`crate::message::Writer`].
    pub writer: String,
    /// JSON of [`crate::buyer::Past`]; empty if he was new.
    pub past: String,
    /// Why nobody need answer, e.g. "history".
    pub excuse: Option<&'static str>,
}

/// Mail that could not be delivered for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoftBounce {
    Address(String),
    /// The Message-ID of a newsletter of ours.
    Newsletter(String),
}

/// An address that gets no newsletter any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    pub address: String,
    /// "unsubscribed", "hard bounce", "complaint".
    pub reason: &'static str,
}

impl Store {
    /// What was taken of an IMAP folder.
    pub async fn cursor(&self, place: &Place) -> Result<Option<Cursor>> {
        let sql = "SELECT uid_validity, last_uid FROM folder_cursor WHERE account = $1 AND folder = $2";
        let row: Option<(i64, i64)> = on_pool!(self.reader(), c => sqlx::query_as(sql)
            .bind(&place.account).bind(&place.folder).fetch_optional(c).await?);
        Ok(row
            .map(|(uid_validity, last_uid)| Cursor { uid_validity: narrow(uid_validity), last_uid: narrow(last_uid) }))
    }

    /// What was taken of a Maildir folder.
    pub async fn maildir_files(&self, place: &Place) -> Result<Taken> {
        let sql = "SELECT name FROM maildir_file WHERE account = $1 AND folder = $2";
        let names: Vec<String> = on_pool!(self.reader(), c => sqlx::query_scalar(sql)
            .bind(&place.account).bind(&place.folder).fetch_all(c).await?);
        Ok(Taken::Files(names.into_iter().collect()))
    }

    /// Records a batch: asks the questions, lets `decide` turn the answers into rows, writes them and the cursor.
    ///
    /// `shown` is how many mails the folder showed in this batch. Mails whose identity is recorded already must get no rows; `decide` sees which.
    pub async fn record(
        &self,
        place: &Place,
        (taken, shown): (&NewlyTaken, usize),
        questions: &Questions,
        now: UnixTime,
        decide: impl FnOnce(Answers, &mut dyn FnMut(Next) -> i64) -> Rows,
    ) -> Result<Vec<i64>> {
        let mut tx = self.begin().await?;
        let mut numbers = tx.numbers().await?;
        let answers = answers(&mut tx, place, questions).await?;
        let rows = decide(answers, &mut |next| next_number(&mut numbers, next));
        write(&mut tx, place, &rows, now).await?;
        advance(&mut tx, place, taken, shown, now).await?;
        tx.set_numbers(&numbers).await?;
        tx.commit().await?;
        Ok(rows.inquiries.iter().map(|inquiry| inquiry.id).collect())
    }

    /// The newest recognisable addresses of buyers, at most `limit`: what look-alikes are compared with.
    pub async fn newest_addresses(&self, limit: i64) -> Result<Vec<String>> {
        let sql = "SELECT address FROM buyer_address ORDER BY buyer_id DESC LIMIT $1";
        Ok(on_pool!(self.reader(), c => sqlx::query_scalar(sql).bind(limit).fetch_all(c).await?))
    }

    /// Answers questions without recording anything: for `explain`.
    pub async fn ask(&self, questions: &Questions) -> Result<Answers> {
        let mut tx = self.begin().await?;
        let nowhere = Place { account: String::new(), folder: String::new() };
        answers(&mut tx, &nowhere, questions).await
    }
}

/// Which number `decide` asks for.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    Mail,
    Buyer,
    Inquiry,
}

/// How far the folder is taken once the batch is recorded.
#[derive(Clone, Debug)]
pub enum NewlyTaken {
    UpTo(Cursor),
    Files(Vec<String>),
}

fn next_number(numbers: &mut Numbers, next: Next) -> i64 {
    match next {
        Next::Mail => numbers.next_mail(),
        Next::Buyer => numbers.next_buyer(),
        Next::Inquiry => numbers.next_inquiry(),
    }
}

fn narrow(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
