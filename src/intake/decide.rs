//! From what a mail says and what the store knows, to what is recorded. No I/O: the store calls it inside its transaction.

use super::suppression::{is_unsubscribing, suppressions};
use super::understood::{Content, Understanding, Understood, is_worth_keeping};
use crate::buyer::{self, Buyer, Known, Match, MatchedBy, Past, Stage, ThreadLink};
use crate::clock::UnixTime;
use crate::grading::{Grading, Inquiry, Received};
use crate::mailbox::Direction;
use crate::message::{Kind, KindReason, Message};
use crate::risk::{self, Told};
use crate::store::intake::{Answers, Contact, InquiryRow, MailRow, NewBuyer, Next, Rows};
use std::collections::HashSet;

/// What became of one incoming mail.
#[derive(Clone, Debug)]
pub struct Decision {
    pub kind: Kind,
    pub kind_reason: String,
    /// The known buyer who wrote it.
    pub matched: Option<Match>,
    /// None where the kind is no inquiry.
    pub grading: Option<Grading>,
    /// The signs of fraud, in the company's language.
    pub risks: Vec<Told>,
}

/// Decides one incoming mail; `received_at` is None where nobody knows.
pub fn decide_one(
    content: &Content,
    received_at: Option<UnixTime>,
    known: &Known,
    understanding: &Understanding,
) -> Decision {
    let message = &content.message;
    if message.message_id.as_ref().is_some_and(|id| known.ours.contains(id)) {
        let kind_reason = "inquiryd itself sent it".to_owned();
        return Decision { kind: Kind::Internal, kind_reason, matched: None, grading: None, risks: Vec::new() };
    }
    let matched = buyer::find(message, known);
    let thread_known = message.references.iter().any(|id| known.threads.contains_key(id));
    let (kind, reason) = if is_unsubscribing(message, thread_known, &known.ours) {
        (Kind::Command, KindReason::AsksOut)
    } else {
        message.settled_kind(thread_known, matched.is_some())
    };
    let risks = told_risks(content, matched, known, understanding);
    let kind_reason = reason.told(understanding.language);
    let kind_reason = match kind {
        Kind::Spam => risks.iter().fold(kind_reason, |reason, risk| format!("{reason}; {}", risk.detail)),
        _ => kind_reason,
    };
    let grading = matches!(kind, Kind::Inquiry | Kind::Reply).then(|| {
        let buyer = matched.and_then(|matched| known.buyers.get(&matched.buyer_id));
        let received = received_at.and_then(|at| Received::new(at, &understanding.zone));
        let inquiry = Inquiry::of(message, kind, received);
        understanding.rules.grade(&inquiry, &content.hits, buyer.map(Past::of).as_ref(), understanding.language)
    });
    Decision { kind, kind_reason, matched, grading, risks }
}

/// The mail's own risks, and the one that only its thread shows.
fn told_risks(content: &Content, matched: Option<Match>, known: &Known, understanding: &Understanding) -> Vec<Told> {
    let message = &content.message;
    let by_thread_alone =
        matched.filter(|matched| matched.by == MatchedBy::Thread && !buyer::has_known_address(message, known));
    let buyer = by_thread_alone.and_then(|matched| known.buyers.get(&matched.buyer_id)?.email.as_deref());
    let stranger = buyer.and_then(|email| risk::new_domain_in_thread(message, &understanding.house, email));
    stranger.iter().chain(&content.risks).map(|risk| risk.told(understanding.language)).collect()
}

/// The rows of a batch; mails that are recorded already, or twice in the batch, get none.
pub(super) fn decide_batch(
    mails: Vec<Understood>,
    answers: Answers,
    direction: Direction,
    understanding: &Understanding,
    moment: Moment,
    next: &mut dyn FnMut(Next) -> i64,
) -> Rows {
    let (known, seen) = (answers.known, answers.recorded);
    let mut deciding = Deciding { rows: Rows::default(), known, seen, understanding, moment, next };
    for mail in mails {
        if deciding.seen.insert(mail.identity.clone()) {
            match direction {
                Direction::Incoming => deciding.incoming(mail),
                Direction::Outgoing => deciding.outgoing(mail),
            }
        }
    }
    deciding.rows
}

/// When a batch is recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub now: UnixTime,
    /// Mail that arrived before this instant is history: recorded, but nobody is reminded of it.
    pub history_before: UnixTime,
}

impl Moment {
    /// When a mail counts as received, and whether it is history. A clock that is behind shows mail of the future: it
    /// counts as received now, and is no history.
    fn of(self, arrived_at: Option<UnixTime>) -> (UnixTime, bool) {
        let arrived_at = arrived_at.unwrap_or(self.now);
        (arrived_at.min(self.now), arrived_at < self.history_before)
    }
}

struct Deciding<'a> {
    rows: Rows,
    /// What the store knows, and what this batch adds.
    known: Known,
    seen: HashSet<String>,
    understanding: &'a Understanding,
    moment: Moment,
    next: &'a mut dyn FnMut(Next) -> i64,
}

impl Deciding<'_> {
    fn incoming(&mut self, mut mail: Understood) {
        let id = (self.next)(Next::Mail);
        let Some(mut content) = mail.content.take() else {
            let (received_at, _) = self.moment.of(mail.arrived_at);
            self.rows.mails.push(unreadable(id, mail, received_at));
            return;
        };
        let (received_at, history) = self.moment.of(mail.arrived_at.or(content.message.sent_at));
        let decision = decide_one(&content, Some(received_at), &self.known, self.understanding);
        self.suppress(&content.message, &decision);
        let mut buyer_id = decision.matched.map(|matched| matched.buyer_id);
        if let Some(grading) = &decision.grading {
            let buyer = buyer_id.unwrap_or_else(|| self.new_buyer(&content.message, received_at));
            buyer_id = Some(buyer);
            self.contact(buyer, received_at, Some(grading));
            let numbers = Numbered { inquiry: (self.next)(Next::Inquiry), mail: id, buyer };
            self.rows.inquiries.push(inquiry_row(&numbers, history, &decision, grading, &content));
        } else if let (Some(buyer), false) = (buyer_id, content.message.automatic) {
            self.contact(buyer, received_at, None);
        }
        let keep = mail.quarantine.is_some() || is_worth_keeping(decision.kind);
        if let Some(archive) = content.archive.take().filter(|_| keep) {
            self.rows.archives.push((id, archive));
        }
        self.join_thread(&content.message, buyer_id);
        let fields = Fields {
            id,
            direction: "in",
            kind: decision.kind.as_str(),
            kind_reason: decision.kind_reason,
            received_at,
            history,
            buyer_id,
        };
        self.rows.mails.push(mail_row(fields, mail, content.message));
    }

    fn outgoing(&mut self, mut mail: Understood) {
        let id = (self.next)(Next::Mail);
        let Some(content) = mail.content.take() else {
            let (received_at, _) = self.moment.of(mail.arrived_at);
            self.rows.mails.push(MailRow { direction: "out", ..unreadable(id, mail, received_at) });
            return;
        };
        let message = content.message;
        let (sent_at, history) = self.moment.of(message.sent_at.or(mail.arrived_at));
        let thread = message.references.iter().rev().find_map(|id| self.known.threads.get(id)?.buyer_id);
        let recipients = message.to.iter().chain(&message.cc).filter_map(|address| address.email.as_ref());
        let recipients: Vec<&String> = recipients.collect();
        let buyer_id = thread.or_else(|| recipients.iter().find_map(|email| self.known.addresses.get(*email).copied()));
        let house = &self.understanding.house;
        // What goes to colleagues only, such as an inquiry handed on, answers no buyer.
        if recipients.is_empty() || recipients.iter().any(|email| !house.is_ours(email)) {
            if let (Some(buyer), false) = (buyer_id, message.automatic) {
                self.contact(buyer, sent_at, None);
            }
            self.rows.references.extend(message.references.iter().map(|reference| (reference.clone(), id)));
        }
        self.join_thread(&message, buyer_id);
        let fields = Fields {
            id,
            direction: "out",
            kind: "outgoing",
            kind_reason: "found in the Sent folder".to_owned(),
            received_at: sent_at,
            history,
            buyer_id,
        };
        self.rows.mails.push(mail_row(fields, mail, message));
    }

    fn suppress(&mut self, message: &Message, decision: &Decision) {
        let buyer = decision.matched.and_then(|matched| self.known.buyers.get(&matched.buyer_id)?.email.clone());
        let found = suppressions(message, decision.kind, &buyer, &self.known.ours);
        self.rows.suppressions.extend(found.addresses);
        self.rows.suppressions_by_newsletter.extend(found.newsletters);
    }

    fn new_buyer(&mut self, message: &Message, at: UnixTime) -> i64 {
        let id = (self.next)(Next::Buyer);
        let writer = &message.writer;
        let buyer = Buyer {
            id,
            name: writer.name.clone(),
            email: writer.email.clone(),
            company: writer.company.clone(),
            country: writer.country.clone(),
            phone: writer.phone.clone(),
            stage: Stage::default(),
            grade: None,
            inquiries: 0,
            first_contact: at,
            last_contact: at,
        };
        if let Some(address) = buyer::recognised_by(message) {
            self.known.addresses.insert(address.clone(), id);
            self.rows.addresses.push((address, id));
        }
        self.known.buyers.insert(id, buyer.clone());
        self.rows
            .new_buyers
            .push(NewBuyer { buyer, source: message.relay.clone().unwrap_or_else(|| "mail".to_owned()) });
        id
    }

    /// A contact changes the card in the store, and for the rest of the batch.
    fn contact(&mut self, buyer_id: i64, at: UnixTime, grading: Option<&Grading>) {
        let inquiries = i64::from(grading.is_some());
        let grade = grading.map(|grading| grading.grade.as_str());
        if let Some(buyer) = self.known.buyers.get_mut(&buyer_id) {
            buyer.inquiries += inquiries;
            buyer.last_contact = buyer.last_contact.max(at);
        }
        match self.rows.contacts.iter_mut().find(|contact| contact.buyer_id == buyer_id) {
            Some(contact) => {
                contact.at = contact.at.max(at);
                contact.inquiries += inquiries;
                contact.grade = grade.or(contact.grade);
            }
            None => self.rows.contacts.push(Contact { buyer_id, at, inquiries, grade }),
        }
    }

    fn join_thread(&mut self, message: &Message, buyer_id: Option<i64>) {
        if let Some(id) = &message.message_id {
            let link = self.known.threads.entry(id.clone()).or_insert(ThreadLink { buyer_id });
            link.buyer_id = link.buyer_id.or(buyer_id);
        }
    }
}

fn unreadable(id: i64, mail: Understood, received_at: UnixTime) -> MailRow {
    MailRow {
        id,
        identity: mail.identity,
        position: mail.position,
        direction: "in",
        message_id: None,
        from_name: None,
        from_email: None,
        subject: String::new(),
        size: i64::try_from(mail.size).unwrap_or(i64::MAX),
        received_at,
        kind: "unreadable",
        kind_reason: "the mailbox could not give it".to_owned(),
        automatic: false,
        history: false,
        buyer_id: None,
        quarantine: mail.quarantine,
    }
}

/// What is decided about a mail, beside what it says itself.
struct Fields {
    id: i64,
    direction: &'static str,
    kind: &'static str,
    kind_reason: String,
    received_at: UnixTime,
    history: bool,
    buyer_id: Option<i64>,
}

fn mail_row(fields: Fields, mail: Understood, message: Message) -> MailRow {
    MailRow {
        id: fields.id,
        identity: mail.identity,
        position: mail.position,
        direction: fields.direction,
        message_id: message.message_id,
        from_name: message.from.name,
        from_email: message.from.email,
        subject: message.subject,
        size: i64::try_from(mail.size).unwrap_or(i64::MAX),
        received_at: fields.received_at,
        kind: fields.kind,
        kind_reason: fields.kind_reason,
        automatic: message.automatic,
        history: fields.history,
        buyer_id: fields.buyer_id,
        quarantine: mail.quarantine,
    }
}

/// The numbers of an inquiry.
struct Numbered {
    inquiry: i64,
    mail: i64,
    buyer: i64,
}

fn inquiry_row(
    numbers: &Numbered,
    history: bool,
    decision: &Decision,
    grading: &Grading,
    content: &Content,
) -> InquiryRow {
    let message = &content.message;
    InquiryRow {
        id: numbers.inquiry,
        mail_id: numbers.mail,
        buyer_id: numbers.buyer,
        known: decision.matched.is_some(),
        matched_by: decision.matched.map(|matched| matched.by.as_str()),
        relay: message.relay.clone(),
        language: message.language.clone(),
        text: message.text.clone(),
        facts: json(&message.facts),
        grade: grading.grade.as_str(),
        score: grading.score,
        reasons: json(&grading.reasons),
        risks: json(&decision.risks),
        attachments: json(&message.attachments),
        excuse: history.then_some("history"),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain values become JSON")
}
