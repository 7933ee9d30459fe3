//! What the servers on a mail's way noted about whom it is for.

use crate::message::addresses_in;
use crate::message::header::Headers;

/// Fields in which a server notes the envelope's recipient, the most certain first.
const FIELDS: &[&str] = &[
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "original-recipient",
    "x-hmxmroriginalrecipient",
    "x-apparently-to",
    "apparently-to",
    "x-rcpt-to",
];

/// The envelope's recipients, lower case.
pub(super) fn delivered_to(headers: &Headers<'_>) -> Vec<String> {
    let noted = FIELDS.iter().filter_map(|name| addresses_in(&headers.text(name)?).next());
    // `for <jo@kestrel.example>;` of the server that took it (RFC 5321 section 4.4).
    let received = headers.text("received").and_then(|trace| {
        let (_, recipient) = trace.split_once(" for ")?;
        addresses_in(recipient).next()
    });
    noted.chain(received).collect()
}
