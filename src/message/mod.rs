//! What a mail says: raw bytes become a [`Message`]. Pure.
//!
//! The way through the room: `parse` takes the bytes apart, `quote` tells new words from history, `relay` finds the buyer
//! behind platforms, forms and forwards, `facts` reads what he states, and `kind` decides by evidence in order. What can't
//! be read as it should leaves a remark; nothing panics, and sizes, depths and counts are bounded.

mod attachment;
mod authentication;
mod auto_reply;
mod bounce;
mod calendar;
mod charset;
mod country;
mod facts;
mod flowed;
mod header;
mod house;
mod html;
mod kind;
mod language;
mod parse;
mod passed_on;
mod phone;
mod quote;
mod reading;
mod reason;
mod relay;
mod subject;
mod thin;
mod tnef;
mod transfer;
mod understand;
mod unsubscribe;
mod uuencode;
mod words;
mod writer;

use crate::clock::UnixTime;
use serde::{Deserialize, Serialize};

pub use attachment::{Danger, danger};
pub use house::House;
pub use html::Link;
pub use language::LANGUAGES;
pub use passed_on::{Passing, Source, Sources, Verdict};
pub use reason::KindReason;
pub use relay::{RelayBook, SHIPPED as SHIPPED_RELAYS};
pub use understand::{body_digest, understand, understand_beginning};
pub use words::Fraud;

pub(crate) use country::by_name as country_by_name;
pub(crate) use subject::{is_forward, key as subject_key};
pub(crate) use transfer::quoted_printable;

use understand::addresses_in;

/// Text in the charset of a label, or, where that doesn't hold, in the one it looks like.
pub(crate) fn decoded_as(label: Option<&str>, bytes: &[u8]) -> String {
    charset::decode(label, bytes).text.into_owned()
}

/// What base64 stands for, as far as it can be read.
pub(crate) fn base64_decoded(text: &[u8]) -> Vec<u8> {
    transfer::base64(text).0
}

/// A telephone number in E.164 (`+441632960714`); `home` is the country (ISO 3166 alpha-2) of a national number. None
/// where no country's numbering plan knows it.
pub fn e164(written: &str, home: Option<&str>) -> Option<String> {
    phone::e164(written, home).map(|phone| phone.e164)
}

/// A name and an address as a header gives them (RFC 5322 section 3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Address {
    pub name: Option<String>,
    /// Lower case; None where the header holds no usable address.
    pub email: Option<String>,
}

/// What sort of mail this is; the names are those of `explain --json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Inquiry,
    Reply,
    Bounce,
    AutoReply,
    Newsletter,
    Spam,
    Pitch,
    PlatformNotice,
    Internal,
    Command,
}

impl Kind {
    const ALL: [(Kind, &str); 10] = [
        (Kind::Inquiry, "inquiry"),
        (Kind::Reply, "reply"),
        (Kind::Bounce, "bounce"),
        (Kind::AutoReply, "auto_reply"),
        (Kind::Newsletter, "newsletter"),
        (Kind::Spam, "spam"),
        (Kind::Pitch, "pitch"),
        (Kind::PlatformNotice, "platform_notice"),
        (Kind::Internal, "internal"),
        (Kind::Command, "command"),
    ];

    /// The word in the store and in `explain --json`.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind of a word; None for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// What a kind was decided by; what structure decides stands, whatever else is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// MIME structure, header fields, the sender's role.
    Structure,
    /// References to our mails, or their text quoted.
    Thread,
    /// The sender's domain is ours.
    Domain,
    /// Only the words.
    Words,
}

/// Words that give a fraud away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    pub fraud: Fraud,
    /// The words, for people.
    pub evidence: String,
}

/// A mail as understood. Unknown values are None or empty, never invented.
#[derive(Clone, Debug)]
pub struct Message {
    /// Message-ID without angle brackets; None if missing or unusable.
    pub message_id: Option<String>,
    /// In-Reply-To and References, oldest first, without angle brackets and without repetition.
    pub references: Vec<String>,
    pub from: Address,
    pub reply_to: Option<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// Only the sender's own copy shows them.
    pub bcc: Vec<Address>,
    /// Mails that this one encloses, or says it passes on.
    pub carried: Carried,
    pub subject: String,
    /// The Date header; None if missing or unreadable (the mailbox's INTERNALDATE then serves).
    pub sent_at: Option<UnixTime>,
    /// ISO 639-1 of the writer's own words.
    pub language: Option<String>,
    /// The writer's own new words: quoted history and signature removed.
    pub text: String,
    /// The words with history and signature, as text.
    pub whole_text: String,
    pub kind: Kind,
    pub kind_reason: KindReason,
    /// What sort of evidence decided the kind.
    pub kind_by: Evidence,
    /// The platform or path that brought the mail ("alibaba", "web_form", "forward", ...), None if direct.
    pub relay: Option<String>,
    /// The person to answer: the sender, or whoever stands behind a relay.
    pub writer: Writer,
    /// The address to answer: the writer's own, or that of a relay which hides it and passes answers on.
    pub answer_to: Option<String>,
    pub facts: Facts,
    pub bounce: Option<Bounce>,
    pub attachments: Vec<Attachment>,
    /// Never answer this mail automatically: automatic, list, bulk or null sender (RFC 3834 section 2).
    pub automatic: bool,
    /// The words ask to be taken off our mailings (or the subject is our List-Unsubscribe mailto).
    pub unsubscribe: bool,
    /// Words that give a fraud away, for the look at risk.
    pub signs: Vec<Sign>,
    /// Links of the HTML part whose words and target a reader can't compare.
    pub links: Vec<Link>,
    /// What the receiving server's Authentication-Results (the topmost, RFC 8601) say failed, e.g. "dmarc=fail".
    pub failed_authentication: Option<String>,
    /// What could not be read as it should ("charset unknown: read as GB18030", "base64 broken").
    pub remarks: Vec<String>,
}

/// What is known of the mails that a mail encloses or passes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Without angle brackets.
    pub message_ids: Vec<String>,
    /// Addresses of those who wrote them, lower case.
    pub writers: Vec<String>,
}

/// Who wrote, as far as the mail itself says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Writer {
    pub name: Option<String>,
    /// Lower case.
    pub email: Option<String>,
    pub company: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// How the country is known.
    #[serde(rename = "country_source")]
    pub country_by: Option<CountrySource>,
    /// E.164 where a numbering plan knows it, else as written.
    pub phone: Option<String>,
}

/// What a country was read from, the most trustworthy first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountrySource {
    /// The mail names the country, one of its cities, or an address of its form.
    Stated,
    Phone,
    /// The top-level domain.
    Domain,
}

/// What the words state about the business.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The catalogue's words that the mail names, or the product of a form.
    pub products: Vec<String>,
    /// As written, e.g. "2,000 pcs" or "1x40HQ".
    pub quantity: Option<String>,
    /// As written, with its currency, e.g. "USD 3.10".
    pub target_price: Option<String>,
    /// As written, upper case: a term of Incoterms 2020, or an older one still in use (C&F and CNF are CFR of today).
    pub incoterm: Option<String>,
    pub port: Option<String>,
    pub sample: Sample,
    /// In their usual spelling, e.g. "FSC" or "EN 581".
    pub certificates: Vec<String>,
    /// As written, e.g. "before 20 December": for the delivery or for our answer.
    #[serde(default)]
    pub deadline: Option<String>,
    /// E.164 where a numbering plan knows the number, else as written.
    pub phones: Vec<String>,
    pub websites: Vec<String>,
}

/// A wish for a sample and who pays for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    #[default]
    None,
    Requested,
    Free,
    /// The buyer's own courier account carries the freight.
    CourierAccount,
    Paid,
}

/// A delivery that failed, or a complaint about one (RFC 3464, RFC 5965).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bounce {
    pub recipient: Option<String>,
    /// Enhanced status code (RFC 3463), e.g. "5.1.1".
    pub status: Option<String>,
    /// The server gave up on this mail; false while it still tries. Whether the address is dead says `kind`.
    pub permanent: bool,
    pub kind: BounceKind,
    /// Message-ID of the mail that bounced, without angle brackets.
    #[serde(skip)]
    pub original_message_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceKind {
    Hard,
    Soft,
    Complaint,
}

/// An attachment's label; its bytes stay in the archived raw mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Made safe: no path, no control characters, at most 120 characters.
    pub name: String,
    /// Media type, lower case.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Bytes after transfer decoding.
    pub size: usize,
}
