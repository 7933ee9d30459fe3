//! A labelled mail, as a line of `labelled.jsonl`.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
pub struct Record {
    pub id: String,
    pub from_name: Option<String>,
    pub from_addr: Option<String>,
    pub to: String,
    pub cc: Option<String>,
    pub subject: String,
    pub body: String,
    pub html: Option<String>,
    pub charset: Option<String>,
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub attachments: Vec<File>,
    pub dsn: Option<Report>,
    /// The whole mail in a file beside the labels, where the other fields can't express it.
    pub raw: Option<String>,
    pub expected: Expected,
}

#[derive(Debug, Deserialize)]
pub struct File {
    pub name: String,
    #[serde(rename = "type")]
    pub media_type: String,
    pub text: Option<String>,
    pub eml: Option<Enclosed>,
}

#[derive(Debug, Deserialize)]
pub struct Enclosed {
    pub from_name: Option<String>,
    pub from_addr: String,
    pub subject: String,
    pub body: String,
}

/// What a multipart/report states (RFC 3464, RFC 5965, RFC 8098).
#[derive(Debug, Deserialize)]
pub struct Report {
    #[serde(default)]
    pub arf: bool,
    #[serde(default)]
    pub mdn: bool,
    pub feedback_type: Option<String>,
    pub original_rcpt: Option<String>,
    pub disposition: Option<String>,
    pub reporting_mta: Option<String>,
    #[serde(rename = "final")]
    pub final_recipient: Option<String>,
    pub action: Option<String>,
    pub status: Option<String>,
    pub diag: Option<String>,
    pub returned_subject: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Expected {
    pub kind: String,
    #[serde(default)]
    pub accept_kinds: Option<Vec<Option<String>>>,
    pub grade: Option<String>,
    #[serde(default)]
    pub accept_grades: Option<Vec<Option<String>>>,
    #[serde(default)]
    pub known_buyer: Option<bool>,
    pub true_buyer: Option<TrueBuyer>,
    #[serde(default)]
    pub facts: Facts,
    #[serde(default)]
    pub scam_signals: Vec<String>,
    #[serde(default)]
    pub new_text_must_have: Vec<String>,
    #[serde(default)]
    pub new_text_must_not_have: Vec<String>,
    pub bounce: Option<Bounce>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum TrueBuyer {
    Address(String),
    Person { email: Option<String> },
}

/// As written in the mail; absent means not stated.
#[derive(Debug, Default, Deserialize)]
pub struct Facts {
    pub country: Option<String>,
    pub phone: Option<String>,
    pub incoterm: Option<String>,
    pub quantity: Option<String>,
    pub company: Option<String>,
    pub sample_request: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Bounce {
    pub recipient: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
}
