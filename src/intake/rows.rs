//! What is recorded of one mail.

use super::decide::Decision;
use super::understood::{Content, Understood};
use crate::buyer::{Match, MatchedBy, Past};
use crate::clock::UnixTime;
use crate::grading::Grading;
use crate::message::{self, Message};
use crate::store::intake::{Fills, InquiryRow, MailRow};

pub(super) fn unreadable(id: i64, mail: Understood, received_at: UnixTime) -> MailRow {
    MailRow {
        id,
        identity: mail.identity,
        position: mail.position.to_string(),
        direction: "in",
        message_id: None,
        from_name: None,
        from_email: None,
        subject: String::new(),
        subject_key: String::new(),
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
pub(super) struct Fields {
    pub id: i64,
    pub direction: &'static str,
    pub kind: &'static str,
    pub kind_reason: String,
    pub received_at: UnixTime,
    pub history: bool,
    pub buyer_id: Option<i64>,
    /// Whether it may answer an inquiry, or be answered: mail among ourselves does neither.
    pub answers: bool,
}

pub(super) fn mail_row(fields: Fields, mail: Understood, message: Message) -> MailRow {
    MailRow {
        id: fields.id,
        identity: mail.identity,
        position: mail.position.to_string(),
        direction: fields.direction,
        message_id: message.message_id,
        from_name: message.from.name,
        from_email: message.from.email,
        subject_key: if fields.answers { message::subject_key(&message.subject) } else { String::new() },
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
pub(super) struct Numbered {
    pub inquiry: i64,
    pub mail: i64,
    pub buyer: i64,
}

pub(super) fn inquiry_row(
    numbers: &Numbered,
    history: bool,
    decision: &Decision,
    grading: &Grading,
    past: Option<&Past>,
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
        writer: json(&message.writer),
        past: past.map(json).unwrap_or_default(),
        excuse: history.then_some("history"),
    }
}

pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain values become JSON")
}

/// What the mail tells of a known buyer that his card may lack; of a colleague's mail only what they share.
pub(super) fn fills(matched: Option<Match>, message: &Message) -> Fills {
    let writer = &message.writer;
    let own = |value: &Option<String>| match matched {
        Some(Match { by: MatchedBy::Domain | MatchedBy::Thread, .. }) => None,
        _ => value.clone(),
    };
    Fills {
        name: own(&writer.name),
        phone: own(&writer.phone),
        company: own(&writer.company),
        country: writer.country.clone(),
        language: message.language.clone(),
    }
}
