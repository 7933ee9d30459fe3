//! Help for the tests.

use inquiryd::message::{Address, Facts, Kind, Message, Writer};

/// An inquiry by Ann of a garden company that states nothing but these words.
pub fn inquiry(subject: &str, text: &str) -> Message {
    let ann = Writer { name: Some("Ann".into()), email: Some("ann@garden.example".into()), ..Writer::default() };
    Message {
        message_id: None,
        references: Vec::new(),
        from: Address { name: ann.name.clone(), email: ann.email.clone() },
        reply_to: None,
        to: Vec::new(),
        cc: Vec::new(),
        subject: subject.to_owned(),
        sent_at: None,
        language: None,
        text: text.to_owned(),
        whole_text: text.to_owned(),
        kind: Kind::Inquiry,
        kind_reason: String::new(),
        relay: None,
        writer: ann,
        facts: Facts::default(),
        bounce: None,
        attachments: Vec::new(),
        automatic: false,
        unsubscribe: false,
        remarks: Vec::new(),
    }
}
