//! The rows of a batch. No I/O: the store calls it inside its transaction.

use super::decide::{Decision, decide_one};
use super::passed_on;
use super::rows::{Fields, Numbered, fills, inquiry_row, json, mail_row, unreadable};
use super::suppression::suppressions;
use super::understood::{Content, Understanding, Understood, is_worth_keeping, outside};
use crate::buyer::{self, Buyer, GradedBy, Known, Mark, MarkKind, Match, MatchedBy, Past, Stage, ThreadLink};
use crate::clock::UnixTime;
use crate::grade::Grade;
use crate::grading::Grading;
use crate::mailbox::Direction;
use crate::message::{self, BounceKind, Kind, Message, Sample};
use crate::store::intake::{Answers, Contact, MailRow, NewBuyer, Next, QuestionRow, Rows};
use crate::store::sightings::Sighting;
use crate::store::staff::StaffMail;
use std::collections::HashMap;

/// The rows of a batch; mails that are recorded already, or twice in the batch, get none.
pub(super) fn decide_batch(
    mails: Vec<Understood>,
    answers: Answers,
    understanding: &Understanding,
    moment: Moment,
    next: &mut dyn FnMut(Next) -> i64,
) -> Rows {
    let (known, seen) = (answers.known, answers.recorded);
    let mut deciding = Deciding { rows: Rows::default(), known, seen, understanding, moment, next };
    for mail in mails {
        let (position, recorded) = (mail.position.clone(), deciding.seen.get(&mail.identity).copied());
        let mail_id = recorded.unwrap_or_else(|| deciding.record(mail));
        deciding.rows.sightings.push(Sighting { position, mail_id, again: recorded.is_some() });
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
    /// Numbers of recorded mails by identity.
    seen: HashMap<String, i64>,
    understanding: &'a Understanding,
    moment: Moment,
    next: &'a mut dyn FnMut(Next) -> i64,
}

impl Deciding<'_> {
    /// Decides a mail that is not on record, and gives it a number.
    fn record(&mut self, mail: Understood) -> i64 {
        let id = (self.next)(Next::Mail);
        self.seen.insert(mail.identity.clone(), id);
        match mail.direction {
            Direction::Incoming => self.incoming(id, mail),
            Direction::Outgoing => self.outgoing(id, mail),
        }
        id
    }

    fn incoming(&mut self, id: i64, mut mail: Understood) {
        let Some(mut content) = mail.content.take() else {
            let (received_at, _) = self.moment.of(mail.arrived_at);
            self.rows.mails.push(unreadable(id, mail, received_at));
            return;
        };
        let (received_at, history) = self.moment.of(mail.arrived_at.or(content.message.sent_at));
        let decision = decide_one(&content, Some(received_at), &self.known, self.understanding);
        self.suppress(&content.message, &decision);
        if !history {
            self.staff_mail(id, &content.message, &decision);
            if self.understanding.is_of_our_people(&content.message) {
                self.note_forward(id, &content.message, received_at);
            }
        }
        let mut buyer_id = decision.matched.map(|matched| matched.buyer_id);
        if let Some(grading) = &decision.grading {
            buyer_id = Some(self.inquiry(id, received_at, history, &decision, grading, &content));
        } else if let (Some(buyer_id), false) = (buyer_id, content.message.automatic) {
            self.contact(Contact { heard: true, ..Contact::at(buyer_id, received_at) });
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
            answers: true,
        };
        self.rows.mails.push(mail_row(fields, mail, content.message));
    }

    fn outgoing(&mut self, id: i64, mut mail: Understood) {
        let Some(content) = mail.content.take() else {
            let (received_at, _) = self.moment.of(mail.arrived_at);
            self.rows.mails.push(MailRow { direction: "out", ..unreadable(id, mail, received_at) });
            return;
        };
        let message = content.message;
        let (sent_at, history) = self.moment.of(message.sent_at.or(mail.arrived_at));
        let thread = message.references.iter().rev().find_map(|id| self.known.threads.get(id)?.buyer_id);
        let house = &self.understanding.house;
        let nobody_named = message.to.is_empty() && message.cc.is_empty();
        let recipients: Vec<&String> = outside(&message, house).collect();
        let buyer_id = thread.or_else(|| recipients.iter().find_map(|email| self.known.addresses.get(*email).copied()));
        // What goes to colleagues only, such as an inquiry handed on, answers no buyer.
        let answers = (nobody_named || !recipients.is_empty()) && self.may_answer(&message, &recipients, thread);
        if answers {
            if let (Some(buyer_id), false) = (buyer_id, message.automatic) {
                let suggested = buyer::suggested_by_ours(&message);
                if suggested == Some(Stage::SampleSent) {
                    self.rows.samples_sent.push((buyer_id, sent_at));
                }
                self.contact(Contact { suggested, ..Contact::at(buyer_id, sent_at) });
            }
            self.rows.references.extend(message.references.iter().map(|reference| (reference.clone(), id)));
        }
        if !history {
            self.note_forward(id, &message, sent_at);
        }
        self.join_thread(&message, buyer_id);
        let fields = Fields {
            id,
            direction: "out",
            kind: "outgoing",
            kind_reason: "our own mail".to_owned(),
            received_at: sent_at,
            history,
            buyer_id,
            // A copy answers by its references alone: whoever forges one knows no Message-ID of the buyer's.
            answers: answers && !mail.copy,
        };
        self.rows.mails.push(mail_row(fields, mail, message));
    }

    fn note_forward(&mut self, mail_id: i64, message: &Message, sent_at: UnixTime) {
        let (known, house) = (&self.known, &self.understanding.house);
        self.rows.forwards.extend(passed_on::forward_row(mail_id, message, sent_at, known, house));
    }

    /// Whether our mail may answer the buyer of its thread: it goes to him, to his company, or to who writes for him. A
    /// question to a factory in his thread, or his inquiry passed on, leaves him waiting.
    fn may_answer(&self, message: &Message, recipients: &[&String], thread: Option<i64>) -> bool {
        let Some(buyer_id) = thread else { return !message::is_forward(&message.subject) };
        let house = &self.understanding.house;
        let email = self.known.buyers.get(&buyer_id).and_then(|buyer| buyer.email.as_deref());
        let company = email.and_then(|email| house.company_domain(email));
        let his = |recipient: &&String| {
            self.known.addresses.get(*recipient) == Some(&buyer_id)
                || Some(recipient.as_str()) == email
                || company.is_some() && house.company_domain(recipient) == company
                || house.relays.is_relay(recipient)
        };
        recipients.is_empty() || email.is_none() || recipients.iter().any(his)
    }

    fn suppress(&mut self, message: &Message, decision: &Decision) {
        let buyer = decision.matched.and_then(|matched| self.known.buyers.get(&matched.buyer_id)?.email.clone());
        let found = suppressions(message, decision.kind, &buyer, &self.known.ours);
        self.rows.suppressions.extend(found.addresses);
        self.rows.suppressions_by_newsletter.extend(found.newsletters);
        self.rows.soft_bounces.extend(found.soft_bounces);
        if let (Kind::Bounce, Some(bounce)) = (decision.kind, &message.bounce)
            && bounce.kind == BounceKind::Hard
            && bounce.original_message_id.as_ref().is_some_and(|id| self.is_of_ours(id))
        {
            self.rows.bounced.extend(bounce.recipient.clone());
        }
    }

    /// Whether we sent the mail with this Message-ID: anybody can make up a report about another.
    fn is_of_ours(&self, message_id: &str) -> bool {
        self.known.ours.contains(message_id) || self.known.threads.contains_key(message_id)
    }

    /// One of us asks for something: it is done, or refused, once it is recorded.
    fn staff_mail(&mut self, mail_id: i64, message: &Message, decision: &Decision) {
        if !decision.instructs {
            return;
        }
        self.rows.staff_mails.push(StaffMail {
            mail_id,
            sender: message.from.email.clone().unwrap_or_default(),
            subject: message.subject.clone(),
            text: message.text.clone(),
            whole_text: message.whole_text.clone(),
            referred: json(&message.references),
            failed: message.failed_authentication.clone(),
        });
    }

    /// Records an inquiry; returns its buyer, who is new if nobody was recognised.
    fn inquiry(
        &mut self,
        mail: i64,
        at: UnixTime,
        history: bool,
        decision: &Decision,
        grading: &Grading,
        content: &Content,
    ) -> i64 {
        let message = &content.message;
        let known = decision.matched.and_then(|matched| self.known.buyers.get(&matched.buyer_id));
        let past = known.map(Past::of);
        // A small trial order of a steady customer lowers nothing.
        let is_order = grading.suggests.is_some_and(Stage::is_order);
        let best = known.and_then(|buyer| buyer.grade).filter(|_| is_order);
        let buyer = match decision.matched {
            Some(matched) => {
                // Whoever looks like a fraud must not be known next time.
                if decision.risks.is_empty() {
                    self.learn(matched, message);
                }
                matched.buyer_id
            }
            None => self.new_buyer(message, at),
        };
        let numbers = Numbered { inquiry: (self.next)(Next::Inquiry), mail, buyer };
        self.contact(Contact {
            inquiries: 1,
            grade: Some(best.map_or(grading.grade, |best| best.min(grading.grade))),
            suggested: buyer::suggested_stage(message).max(grading.suggests),
            fills: fills(decision.matched, message),
            heard: true,
            ..Contact::at(buyer, at)
        });
        if message.facts.sample != Sample::None && !history {
            self.rows.samples_asked.push((buyer, numbers.inquiry, at));
        }
        self.rows.questions.extend(decision.doubts.iter().map(|doubt| QuestionRow {
            inquiry_id: numbers.inquiry,
            buyer_id: buyer,
            candidate_id: doubt.buyer_id,
            reason: doubt.by.as_str(),
            likeness: i64::from(doubt.likeness),
        }));
        self.rows.inquiries.push(inquiry_row(&numbers, history, decision, grading, past.as_ref(), content));
        buyer
    }

    /// A known buyer writes from a new address, or names a new telephone: next time he is known by it.
    fn learn(&mut self, matched: Match, message: &Message) {
        let house = &self.understanding.house;
        let known = self.known.buyers.get(&matched.buyer_id);
        if known.is_some_and(|buyer| buyer::is_address_to_keep(message, matched.by, buyer, house))
            && let Some(address) = buyer::recognised_by(message)
        {
            self.know_address(address, matched.buyer_id);
        }
        let marks = match matched.by {
            // What a colleague signs with is not his, and anybody may write into a thread.
            MatchedBy::Domain | MatchedBy::Thread => return,
            by if by.is_by_address() => self.new_phones(message, matched.buyer_id),
            _ => buyer::marks_of(message, &self.understanding.house),
        };
        self.know_marks(marks, matched.buyer_id);
    }

    /// Telephones that are not on a card yet.
    fn new_phones(&self, message: &Message, buyer_id: i64) -> Vec<Mark> {
        let on_card = self.known.buyers.get(&buyer_id).and_then(|buyer| buyer.phone.as_deref());
        let marks = buyer::marks_of(message, &self.understanding.house).into_iter();
        marks.filter(|mark| mark.kind == MarkKind::Phone && Some(mark.mark.as_str()) != on_card).collect()
    }

    fn know_address(&mut self, address: String, buyer_id: i64) {
        if !self.known.addresses.contains_key(&address) {
            self.known.addresses.insert(address.clone(), buyer_id);
            self.rows.addresses.push((address, buyer_id));
        }
    }

    fn know_marks(&mut self, marks: Vec<Mark>, buyer_id: i64) {
        for mark in marks {
            let owners = self.known.marks.entry(mark.clone()).or_default();
            if !owners.contains(&buyer_id) {
                owners.push(buyer_id);
                self.rows.marks.push((mark, buyer_id));
            }
        }
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
            first_contact: at,
            last_contact: at,
            ..Buyer::default()
        };
        if let Some(address) = buyer::recognised_by(message) {
            self.know_address(address, id);
        }
        self.know_marks(marks_of_card(&buyer), id);
        self.known.buyers.insert(id, buyer.clone());
        self.rows
            .new_buyers
            .push(NewBuyer { buyer, source: message.relay.clone().unwrap_or_else(|| "mail".to_owned()) });
        id
    }

    /// A contact changes the card in the store, and for the rest of the batch.
    fn contact(&mut self, mut contact: Contact) {
        if let Some(buyer) = self.known.buyers.get_mut(&contact.buyer_id) {
            buyer.inquiries += contact.inquiries;
            buyer.last_contact = buyer.last_contact.max(contact.at);
            let counts = |grade: &Grade| match buyer.graded {
                GradedBy::Rules => true,
                // The old customer base knew him longer than one mail does.
                GradedBy::Import => buyer.grade.is_none_or(|known| *grade < known),
                GradedBy::Person => false,
            };
            contact.grade = contact.grade.filter(counts);
            buyer.grade = contact.grade.or(buyer.grade);
            // A suggestion only ever raises.
            contact.suggested =
                contact.suggested.filter(|stage| *stage > buyer.stage.max(buyer.stage_suggested.unwrap_or_default()));
            buyer.stage_suggested = contact.suggested.or(buyer.stage_suggested);
        }
        match self.rows.contacts.iter_mut().find(|other| other.buyer_id == contact.buyer_id) {
            Some(other) => other.add(contact),
            None => self.rows.contacts.push(contact),
        }
    }

    fn join_thread(&mut self, message: &Message, buyer_id: Option<i64>) {
        if let Some(id) = &message.message_id {
            let link = self.known.threads.entry(id.clone()).or_insert(ThreadLink { buyer_id });
            link.buyer_id = link.buyer_id.or(buyer_id);
        }
    }
}

/// What a new buyer will be recognised by besides his address. His name alone and his company alone recognise nobody; an
/// import, which asks for them, finds them on his card.
fn marks_of_card(buyer: &Buyer) -> Vec<Mark> {
    let (name, company) = (buyer.name.as_deref(), buyer.company.as_deref());
    let (email, phone) = (buyer.email.as_deref(), buyer.phone.as_deref());
    let mut marks = buyer::marks(name, company, email, phone, buyer.country.as_deref());
    marks.retain(|mark| !matches!(mark.kind, MarkKind::Name | MarkKind::Company));
    marks
}
