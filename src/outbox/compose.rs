//! A letter with addresses becomes the bytes of a mail (RFC 5322, MIME). Pure: the same input gives the same bytes,
//! so that a second attempt sends the identical mail.

use crate::clock::UnixTime;
use crate::letter::{Attachment, Letter, Unsubscribe};
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{self, Mailbox, MultiPart, SinglePart};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

/// The last second that the Date header can hold: 9999-12-31T23:59:59Z.
const LAST_SECOND: UnixTime = 253_402_300_799;

/// Everything of a mail besides its words.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub from: Mailbox,
    /// The To header: everyone the mail shows, whoever gets this copy.
    pub to: Vec<Mailbox>,
    /// Without angle brackets; planned with the mail, so that all attempts carry the same.
    pub message_id: String,
    pub date: UnixTime,
    /// Adds what keeps automatic answers away (RFC 3834 section 5, [MS-OXCMAIL] X-Auto-Response-Suppress).
    pub auto_submitted: bool,
    /// For newsletters: adds List-Unsubscribe (RFC 2369), List-Unsubscribe-Post (RFC 8058) where one click is enough, and
    /// marks the mail as bulk.
    pub unsubscribe: Option<Unsubscribe>,
    /// The Message-ID this mail answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// Where answers go, if not to `from`.
    pub reply_to: Option<Mailbox>,
}

/// Why a mail can't be composed; none of these goes away by trying again.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("a Message-ID must look like name@domain, in ASCII and without spaces or brackets; this is {0:?}")]
    MessageId(String),
    #[error("the mail has no recipient to show in its To header")]
    NoRecipient,
    #[error("the date {0} (seconds since 1970) is outside of what a Date header can say")]
    Date(UnixTime),
    #[error("{0:?} is no media type, which an attachment must have")]
    ContentType(&'static str),
    #[error("the mail can't be composed: {0}")]
    Build(#[from] lettre::error::Error),
}

/// The bytes of a mail: text and HTML as alternatives, then the attachments; UTF-8, transfer-encoded to ASCII, lines ended
/// by CRLF.
pub fn compose(letter: &Letter, envelope: &Envelope) -> Result<Vec<u8>, ComposeError> {
    if envelope.to.is_empty() {
        return Err(ComposeError::NoRecipient);
    }
    let mut mail = Message::builder()
        .from(envelope.from.clone())
        .subject(one_line(&letter.subject))
        .message_id(Some(bracketed(&envelope.message_id)?))
        .date(date(envelope.date)?);
    for mailbox in &envelope.to {
        mail = mail.to(mailbox.clone());
    }
    if let Some(mailbox) = &envelope.reply_to {
        mail = mail.reply_to(mailbox.clone());
    }
    if let Some(id) = &envelope.in_reply_to {
        let id = bracketed(id)?;
        mail = mail.in_reply_to(id.clone()).references(id);
    }
    for (name, value) in marks(envelope) {
        mail = mail.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    Ok(mail.multipart(body(letter, &envelope.message_id)?)?.formatted())
}

fn body(letter: &Letter, message_id: &str) -> Result<MultiPart, ComposeError> {
    let words = MultiPart::alternative()
        .boundary(boundary(message_id))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    if letter.attachments.is_empty() {
        return Ok(words);
    }
    let whole = MultiPart::mixed().boundary(boundary(&format!("{message_id} and its attachments")));
    let files = letter.attachments.iter().map(attached).collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().fold(whole.multipart(words), MultiPart::singlepart))
}

/// A file with its name in UTF-8 (RFC 2231).
fn attached(file: &Attachment) -> Result<SinglePart, ComposeError> {
    let content_type =
        ContentType::parse(file.content_type).map_err(|_| ComposeError::ContentType(file.content_type))?;
    Ok(message::Attachment::new(one_line(&file.name)).body(file.bytes.to_vec(), content_type))
}

/// Headers that tell machines what sort of mail this is.
fn marks(envelope: &Envelope) -> Vec<(&'static str, String)> {
    let mut marks = Vec::new();
    if envelope.auto_submitted {
        marks.push(("Auto-Submitted", "auto-generated".to_owned()));
        marks.push(("X-Auto-Response-Suppress", "All".to_owned()));
    }
    if let Some(unsubscribe) = &envelope.unsubscribe {
        let mailto = unsubscribe.mailto();
        match &unsubscribe.page {
            Some(page) => {
                marks.push(("List-Unsubscribe", format!("<{page}>, <{mailto}>")));
                marks.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
            }
            None => marks.push(("List-Unsubscribe", format!("<{mailto}>"))),
        }
        marks.push(("Precedence", "bulk".to_owned()));
    }
    marks
}

fn bracketed(id: &str) -> Result<String, ComposeError> {
    let plain = id.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'));
    match id.split_once('@') {
        Some((name, domain)) if plain && !name.is_empty() && !domain.is_empty() && !domain.contains('@') => {
            Ok(format!("<{id}>"))
        }
        _ => Err(ComposeError::MessageId(id.to_owned())),
    }
}

fn date(at: UnixTime) -> Result<SystemTime, ComposeError> {
    match u64::try_from(at) {
        Ok(seconds) if at <= LAST_SECOND => Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)),
        _ => Err(ComposeError::Date(at)),
    }
}

/// Derived from the Message-ID, hence the same at each attempt; `=_` occurs in neither quoted-printable nor base64
/// (RFC 2045 section 6.7).
fn boundary(message_id: &str) -> String {
    format!("=_{}", crate::text::hex(&Sha256::digest(message_id)[..16]))
}

fn one_line(subject: &str) -> String {
    subject.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            subject: "[询盘] 新询盘 3 封".to_owned(),
            text: "买家 James\n.\nFrom the buyer\n".to_owned(),
            html: "<p>买家 James</p>\n".to_owned(),
            attachments: Vec::new(),
        }
    }

    fn envelope() -> Envelope {
        Envelope {
            from: "询盘助手 <bot@haichuan.example>".parse().expect("valid"),
            to: vec![
                "李雷 <lilei@haichuan.example>".parse().expect("valid"),
                "h@haichuan.example".parse().expect("valid"),
            ],
            message_id: "digest.7.1@haichuan.example".to_owned(),
            date: 1_795_408_200,
            auto_submitted: true,
            unsubscribe: None,
            in_reply_to: None,
            reply_to: None,
        }
    }

    fn text_of(letter: &Letter, envelope: &Envelope) -> String {
        String::from_utf8(compose(letter, envelope).expect("composes")).expect("a mail of ours is ASCII")
    }

    fn parsed(mail: &str) -> mail_parser::Message<'_> {
        mail_parser::MessageParser::default().parse(mail).expect("our own mail can be read")
    }

    #[test]
    fn a_second_attempt_sends_the_identical_mail() {
        assert_eq!(text_of(&letter(), &envelope()), text_of(&letter(), &envelope()));
        let other = Envelope { message_id: "digest.8.1@haichuan.example".to_owned(), ..envelope() };
        let boundary_line = |mail: &str| mail.lines().find(|line| line.starts_with("--=_")).map(str::to_owned);
        assert_ne!(boundary_line(&text_of(&letter(), &envelope())), boundary_line(&text_of(&letter(), &other)));
    }

    #[test]
    fn a_digest_says_that_it_is_automatic_and_shows_everyone_it_goes_to() {
        let mail = text_of(&letter(), &envelope());
        assert!(mail.is_ascii());
        assert!(mail.contains("\r\nAuto-Submitted: auto-generated\r\n"));
        assert!(mail.contains("\r\nX-Auto-Response-Suppress: All\r\n"));
        assert!(!mail.contains("List-") && !mail.contains("Precedence") && !mail.contains("Bcc"));
        let mail = parsed(&mail);
        assert_eq!(mail.message_id(), Some("digest.7.1@haichuan.example"));
        assert_eq!(mail.subject(), Some("[询盘] 新询盘 3 封"));
        assert_eq!(mail.to().map(|to| to.iter().count()), Some(2));
        assert_eq!(mail.date().map(mail_parser::DateTime::to_timestamp), Some(1_795_408_200));
        assert_eq!(mail.body_text(0).as_deref(), Some("买家 James\r\n.\r\nFrom the buyer\r\n"));
        assert_eq!(mail.body_html(0).as_deref(), Some("<p>买家 James</p>\r\n"));
    }

    #[test]
    fn a_newsletter_can_be_left_by_one_mail() {
        let unsubscribe = Unsubscribe {
            address: "sales+news@haichuan.example".parse().expect("valid"),
            subject: "退订 spring".to_owned(),
            page: None,
        };
        let mail =
            text_of(&letter(), &Envelope { unsubscribe: Some(unsubscribe), auto_submitted: false, ..envelope() });
        let unfolded = mail.replace("\r\n ", " ");
        let header = unfolded.lines().find(|line| line.starts_with("List-Unsubscribe:"));
        let expected = "List-Unsubscribe: <mailto:sales%2Bnews@haichuan.example?subject=%E9%80%80%E8%AE%A2%20spring>";
        assert_eq!(header, Some(expected));
        assert!(unfolded.contains("\r\nPrecedence: bulk\r\n") && !unfolded.contains("Auto-Submitted"));
    }

    #[test]
    fn a_buyers_words_in_a_subject_never_become_a_header() {
        let subject = "Quote\r\nBcc: everyone@example.com\n\nbody".to_owned();
        let mail = text_of(&Letter { subject, ..letter() }, &envelope());
        let mail = parsed(&mail);
        assert_eq!(mail.subject(), Some("Quote Bcc: everyone@example.com body"));
        assert!(mail.bcc().is_none());
    }

    #[test]
    fn an_unusable_message_id_or_date_is_named() {
        for id in ["", "no-domain", "a@", "@b", "a@b@c", "a b@c", "<a@b>", "a@b\r\nX: y", "ä@b"] {
            let error = compose(&letter(), &Envelope { message_id: id.to_owned(), ..envelope() });
            assert!(matches!(error, Err(ComposeError::MessageId(_))), "{id:?}");
        }
        for date in [-1, LAST_SECOND + 1] {
            let error = compose(&letter(), &Envelope { date, ..envelope() });
            assert!(matches!(error, Err(ComposeError::Date(_))), "{date}");
        }
        let nobody = compose(&letter(), &Envelope { to: Vec::new(), ..envelope() });
        assert!(matches!(nobody, Err(ComposeError::NoRecipient)));
    }

    #[test]
    fn attachments_stand_behind_the_words_with_their_names_in_any_script() {
        use mail_parser::MimeHeaders as _;
        let bytes: Vec<u8> = (0..=255).collect();
        let names = ["询盘 11月23日 \"全部\".xlsx", "all\r\nX-Evil: 1.csv"];
        let file = |name: &&str| Attachment::xlsx((*name).to_owned(), bytes.clone());
        let mail = text_of(&Letter { attachments: names.iter().map(file).collect(), ..letter() }, &envelope());
        assert!(mail.is_ascii() && mail.contains("multipart/mixed") && mail.contains("multipart/alternative"));
        let read = parsed(&mail);
        let files: Vec<_> = read.attachments().map(|part| (part.attachment_name(), part.contents())).collect();
        assert_eq!(files, [(Some(names[0]), &bytes[..]), (Some("all X-Evil: 1.csv"), &bytes[..])]);
        assert_eq!(read.body_html(0).as_deref(), Some("<p>买家 James</p>\r\n"));
        assert!(read.header("X-Evil").is_none());
        assert_eq!(mail, text_of(&Letter { attachments: names.iter().map(file).collect(), ..letter() }, &envelope()));
    }

    #[test]
    fn an_answer_names_what_it_answers() {
        let mail = text_of(&letter(), &Envelope { in_reply_to: Some("q1@buyer.example".to_owned()), ..envelope() });
        assert!(mail.contains("\r\nIn-Reply-To: <q1@buyer.example>\r\nReferences: <q1@buyer.example>\r\n"));
    }
}
