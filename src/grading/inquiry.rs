//! What the rules look at: a mail that was just read, or an inquiry recorded long ago.

use crate::clock::UnixTime;
use crate::message::{Attachment, Facts, Kind, Message, Writer};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// An inquiry as the rules see it, wherever it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    pub subject: &'a str,
    /// The writer's own new words.
    pub text: &'a str,
    pub kind: Kind,
    /// None if it came directly.
    pub relay: Option<&'a str>,
    /// ISO 639-1.
    pub language: Option<&'a str>,
    /// His name, email, company, country and phone.
    pub writer: &'a Writer,
    pub facts: &'a Facts,
    pub attachments: &'a [Attachment],
    /// None where nobody knows; then no rule on time or silence holds.
    pub received: Option<Received>,
}

/// Bytes of a mail's words that are looked at; an inquiry says what it wants long before.
const TEXT_LIMIT: usize = 256 * 1024;

impl<'a> Inquiry<'a> {
    /// A mail that was just read; `kind` is what it was settled to be.
    pub fn of(message: &'a Message, kind: Kind, received: Option<Received>) -> Self {
        Inquiry {
            subject: &message.subject,
            text: &message.text,
            kind,
            relay: message.relay.as_deref(),
            language: message.language.as_deref(),
            writer: &message.writer,
            facts: &message.facts,
            attachments: &message.attachments,
            received,
        }
    }

    /// As much of the text as is looked at.
    pub(super) fn beginning(&self) -> &'a str {
        &self.text[..self.text.floor_char_boundary(TEXT_LIMIT)]
    }
}

/// When an inquiry came.
#[derive(Clone, Copy, Debug)]
pub struct Received {
    pub at: UnixTime,
    /// What the company's calendar and clock showed.
    pub shown: DateTime,
}

impl Received {
    /// None for an instant beyond the calendar.
    pub fn new(at: UnixTime, zone: &TimeZone) -> Option<Self> {
        let instant = Timestamp::from_second(at).ok()?;
        Some(Received { at, shown: zone.to_datetime(instant) })
    }
}
