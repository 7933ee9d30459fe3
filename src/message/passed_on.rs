//! Whether our mail passes a buyer's mail on to somebody outside. Pure.
//!
//! A mail that goes to the buyer himself, to his company or to who writes for him is an answer, whoever else gets it in copy;
//! but a blind copy is hidden from him, and counts by itself.

use super::{Address, House, Message, addresses_in, is_forward, subject_key};
use crate::domain;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Recipients that are looked at.
const RECIPIENTS: usize = 200;
/// Message-IDs, and addresses named in the text, that are looked at.
const TRACES: usize = 30;
/// Bytes of the text that are searched for a forward's marks.
const TEXT: usize = 64 * 1024;

/// What tells of our mail to somebody outside whether it passes a buyer's mail on, and whose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passing {
    /// Recipients outside the house, but for those who may get such mail.
    pub open: Vec<String>,
    /// The same of Bcc.
    pub blind: Vec<String>,
    /// It says that it passes a mail on, or encloses one; else it only refers to one.
    pub forwards: bool,
    /// Message-IDs of what it may pass on, the nearest first.
    pub referred: Vec<String>,
    /// Addresses that the passed mail names.
    pub named: Vec<String>,
    /// The comparable subject of what it passes on.
    pub subject_key: String,
}

/// A recorded mail of a buyer's thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    pub mail_id: i64,
    pub buyer_id: i64,
    /// He wrote it.
    pub incoming: bool,
}

/// What the record knows of the mails and people that a [`Passing`] names.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// By Message-ID; a web form may give one to many.
    pub by_id: HashMap<String, Vec<Source>>,
    /// Buyers by address.
    pub buyers: HashMap<String, i64>,
    /// The addresses on their cards.
    pub emails: HashMap<i64, String>,
    /// Their newest mails.
    pub newest: HashMap<i64, i64>,
    /// Mails of buyers by comparable subject.
    pub by_subject: HashMap<String, Vec<Source>>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Harmless,
    /// Nobody knows yet whose mail it passes on.
    Unknown {
        /// Recipients with private mailboxes: such a forward is told of, whosever mail it is.
        private: Vec<String>,
    },
    PassedOn {
        /// The buyer's mail; None where several may be meant, or where only his address is known.
        mail: Option<i64>,
        /// The address by which he is known, where no mail of his is.
        address: Option<String>,
        recipients: Vec<String>,
    },
}

/// Whose mail it is.
struct Found {
    buyers: Vec<i64>,
    mail: Option<i64>,
    address: Option<String>,
}

impl Passing {
    /// None where the mail goes to nobody outside, or neither forwards nor refers to anything.
    pub fn of(message: &Message, house: &House) -> Option<Passing> {
        let open = strangers(message.to.iter().chain(&message.cc), house);
        let blind = strangers(message.bcc.iter(), house);
        let forwards = forwards(message);
        if open.is_empty() && blind.is_empty() || !forwards && message.references.is_empty() {
            return None;
        }
        let referred = message.carried.message_ids.iter().chain(message.references.iter().rev());
        let mut passing = Passing {
            referred: referred.take(TRACES).cloned().collect(),
            named: Vec::new(),
            subject_key: String::new(),
            open,
            blind,
            forwards,
        };
        if forwards {
            passing.named = named(message, house);
            passing.named.retain(|email| !passing.open.contains(email) && !passing.blind.contains(email));
            passing.subject_key = subject_key(&message.subject);
        }
        Some(passing)
    }

    /// Everybody outside whom it reached.
    pub fn recipients(&self) -> impl Iterator<Item = &String> {
        self.open.iter().chain(&self.blind)
    }

    /// Decides by what the record knows.
    pub fn judge(&self, sources: &Sources, house: &House) -> Verdict {
        let Some(found) = self.found(sources) else {
            let is_private = |email: &&String| domain::of_address(email).is_some_and(domain::is_free_mail);
            let private: Vec<String> =
                self.recipients().filter(|_| self.forwards).filter(is_private).cloned().collect();
            return Verdict::Unknown { private };
        };
        let his = |email: &String| found.buyers.iter().any(|buyer| is_his(email, *buyer, sources, house));
        let answered = self.open.iter().any(his);
        let open = self.open.iter().filter(|_| !answered);
        let recipients: Vec<String> = open.chain(self.blind.iter().filter(|email| !his(email))).cloned().collect();
        match recipients.is_empty() {
            true => Verdict::Harmless,
            false => Verdict::PassedOn { mail: found.mail, address: found.address, recipients },
        }
    }

    /// By what it refers to, else by whom the passed mail names, else by its subject.
    fn found(&self, sources: &Sources) -> Option<Found> {
        let by_id = || self.referred.iter().filter_map(|id| sources.by_id.get(id)).find(|found| !found.is_empty());
        if let Some(nearest) = by_id() {
            let thread = self.referred.iter().filter_map(|id| sources.by_id.get(id)).flatten();
            let written =
                thread.filter(|source| source.incoming && nearest.iter().all(|n| n.buyer_id == source.buyer_id));
            return Some(one_of(nearest, written.copied().next()));
        }
        let known = self.named.iter().find_map(|email| Some((email, *sources.buyers.get(email)?)));
        if let Some((email, buyer)) = known {
            let mail = sources.newest.get(&buyer).copied();
            let address = mail.is_none().then(|| email.clone());
            return Some(Found { buyers: vec![buyer], mail, address });
        }
        sources.by_subject.get(&self.subject_key).filter(|found| !found.is_empty()).map(|found| {
            let newest = found.iter().max_by_key(|source| source.mail_id);
            one_of(found, newest.copied())
        })
    }
}

/// The mail is named where all these are of one buyer.
fn one_of(found: &[Source], best: Option<Source>) -> Found {
    let mut buyers: Vec<i64> = found.iter().map(|source| source.buyer_id).collect();
    buyers.sort_unstable();
    buyers.dedup();
    let mail = best.or(found.first().copied()).filter(|_| buyers.len() == 1).map(|source| source.mail_id);
    Found { buyers, mail, address: None }
}

/// Whether an address is the buyer's, of his own company's domain, or a relay's that passes answers on to him.
fn is_his(email: &str, buyer: i64, sources: &Sources, house: &House) -> bool {
    let card = sources.emails.get(&buyer).map(String::as_str);
    let company = card.and_then(|card| house.company_domain(card));
    sources.buyers.get(email) == Some(&buyer)
        || card == Some(email)
        || company.is_some() && house.company_domain(email) == company
        || house.relays.is_relay(email)
}

/// Addresses that are neither ours nor of those who may get buyers' mail.
fn strangers<'m>(addresses: impl Iterator<Item = &'m Address>, house: &House) -> Vec<String> {
    let emails = addresses.filter_map(|address| address.email.as_ref());
    let mut strangers: Vec<String> = Vec::new();
    for email in emails.filter(|email| !house.is_ours(email) && !house.is_partner(email)).take(RECIPIENTS) {
        if !strangers.contains(email) {
            strangers.push(email.clone());
        }
    }
    strangers
}

fn forwards(message: &Message) -> bool {
    let text = &message.whole_text[..message.whole_text.floor_char_boundary(TEXT)];
    is_forward(&message.subject)
        || !message.carried.message_ids.is_empty()
        || !message.carried.writers.is_empty()
        || message.attachments.iter().any(|attachment| attachment.media_type == "message/rfc822")
        || text.to_lowercase().contains("forwarded message")
}

/// Whoever the passed mail names, its writer first.
fn named(message: &Message, house: &House) -> Vec<String> {
    let writer = message.relay.as_ref().and_then(|_| message.writer.email.clone());
    let text = &message.whole_text[..message.whole_text.floor_char_boundary(TEXT)];
    let all = message.carried.writers.iter().cloned().chain(writer).chain(addresses_in(text));
    let mut named: Vec<String> = Vec::new();
    for email in all.filter(|email| !house.is_ours(email)) {
        if named.len() < TRACES && !named.contains(&email) {
            named.push(email);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::super::understand;
    use super::*;

    fn house() -> House {
        let partners = vec!["factory.example".to_owned(), "li@163.com".to_owned()];
        House { domains: vec!["haiyue.example".into()], partners, ..House::default() }
    }

    fn passing(headers: &str, text: &str) -> Option<Passing> {
        let raw =
            format!("From: Amy <amy@haiyue.example>\r\nMessage-ID: <a@haiyue.example>\r\n{headers}\r\n\r\n{text}\r\n");
        Passing::of(&understand(raw.as_bytes(), &house()), &house())
    }

    /// Ann is buyer 1 with the mail 10 (`1@kestrel`), Bob buyer 2 with the mail 20.
    fn sources() -> Sources {
        let ann = Source { mail_id: 10, buyer_id: 1, incoming: true };
        let bob = Source { mail_id: 20, buyer_id: 2, incoming: true };
        let emails = [(1, "ann@kestrel.example"), (2, "bob@gmail.com")];
        Sources {
            by_id: HashMap::from([
                ("1@kestrel.example".into(), vec![ann]),
                ("form@site.example".into(), vec![ann, bob]),
            ]),
            buyers: emails.iter().map(|(id, email)| ((*email).to_owned(), *id)).collect(),
            emails: emails.iter().map(|(id, email)| (*id, (*email).to_owned())).collect(),
            newest: HashMap::from([(1, 10)]),
            by_subject: HashMap::from([("chairs".into(), vec![ann]), ("price".into(), vec![ann, bob])]),
        }
    }

    fn verdict(headers: &str, text: &str) -> Verdict {
        passing(headers, text).map_or(Verdict::Harmless, |passing| passing.judge(&sources(), &house()))
    }

    fn passed(mail: Option<i64>, recipients: &[&str]) -> Verdict {
        Verdict::PassedOn { mail, address: None, recipients: recipients.iter().map(|r| (*r).to_owned()).collect() }
    }

    #[test]
    fn a_buyers_mail_that_goes_to_a_private_mailbox_is_told_by_whatever_ties_it_to_him() {
        let told = passed(Some(10), &["amy.x@gmail.com"]);
        for (headers, text) in [
            ("To: amy.x@gmail.com\r\nSubject: hi\r\nReferences: <1@kestrel.example>", "see below"),
            ("To: amy.x@gmail.com\r\nSubject: hi\r\nX-Forwarded-Message-Id: <1@kestrel.example>", "see below"),
            ("To: amy.x@gmail.com\r\nSubject: 转发：later", "From: Ann <ann@kestrel.example>\r\nTo: x\r\nSubject: y"),
            ("To: amy.x@gmail.com\r\nSubject: WG: Chairs", "see below"),
            ("To: leo@haiyue.example\r\nCc: amy.x@gmail.com\r\nSubject: Fwd: chairs", "see below"),
            ("Bcc: amy.x@gmail.com\r\nSubject: Fwd: chairs", "see below"),
        ] {
            assert_eq!(verdict(headers, text), told, "{headers}");
        }
    }

    #[test]
    fn an_enclosed_mail_is_passed_on_under_whatever_subject() {
        let headers = "To: amy.x@gmail.com\r\nSubject: photos\r\nMIME-Version: 1.0\r\n\
                       Content-Type: multipart/mixed; boundary=b";
        let text = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                    From: ann@kestrel.example\r\nMessage-ID: <1@kestrel.example>\r\nSubject: chairs\r\n\r\nPrice?\r\n--b--";
        assert_eq!(verdict(headers, text), passed(Some(10), &["amy.x@gmail.com"]));
    }

    #[test]
    fn an_answer_to_the_buyer_passes_nothing_on_whoever_gets_a_copy() {
        for to in ["ann@kestrel.example", "ANN@Kestrel.example, x@gmail.com", "bo@mail.kestrel.example, x@gmail.com"] {
            let headers = format!("To: {to}\r\nSubject: Re: chairs\r\nReferences: <1@kestrel.example>");
            assert_eq!(verdict(&headers, "USD 9"), Verdict::Harmless, "{to}");
        }
        let forward = "To: ann@kestrel.example\r\nCc: x@gmail.com\r\nSubject: Fwd: chairs";
        assert_eq!(verdict(forward, "as you asked"), Verdict::Harmless);
    }

    #[test]
    fn a_blind_copy_of_an_answer_is_hidden_from_the_buyer_and_told() {
        let answer = "To: ann@kestrel.example\r\nBcc: amy.x@gmail.com, leo@haiyue.example, bo@kestrel.example\r\n\
                      Subject: Re: chairs\r\nReferences: <1@kestrel.example>";
        assert_eq!(verdict(answer, "USD 9"), passed(Some(10), &["amy.x@gmail.com"]));
    }

    #[test]
    fn colleagues_and_partners_may_get_a_buyers_mail() {
        for to in ["leo@haiyue.example", "zhang@factory.example", "qc@works.factory.example", "li@163.com"] {
            let headers = format!("To: {to}\r\nSubject: Fwd: chairs\r\nReferences: <1@kestrel.example>");
            assert_eq!(verdict(&headers, "please quote"), Verdict::Harmless, "{to}");
        }
        let headers = "To: wang@163.com\r\nSubject: Fwd: chairs";
        assert_eq!(verdict(headers, "please quote"), passed(Some(10), &["wang@163.com"]), "one address is no domain");
    }

    #[test]
    fn a_buyer_at_a_mail_provider_has_no_company_domain_there() {
        let headers = "To: amy.x@gmail.com\r\nSubject: Fwd: lamps";
        let text = "From: Bob <bob@gmail.com>\r\nTo: x\r\nSubject: lamps";
        let address = Some("bob@gmail.com".to_owned());
        let recipients = vec!["amy.x@gmail.com".to_owned()];
        assert_eq!(verdict(headers, text), Verdict::PassedOn { mail: None, address, recipients });
    }

    #[test]
    fn where_several_buyers_may_be_meant_none_is_named() {
        let several = "To: x@rival.example\r\nSubject: Fwd: price";
        assert_eq!(verdict(several, "look"), passed(None, &["x@rival.example"]));
        let to_one_of_them = "To: bob@gmail.com\r\nSubject: x\r\nReferences: <form@site.example>";
        assert_eq!(verdict(to_one_of_them, "USD 9"), Verdict::Harmless);
    }

    #[test]
    fn a_forward_of_which_nobody_knows_the_buyer_is_told_only_to_private_mailboxes() {
        let unknown =
            |private: &[&str]| Verdict::Unknown { private: private.iter().map(|p| (*p).to_owned()).collect() };
        assert_eq!(verdict("To: amy.x@gmail.com\r\nSubject: Fwd: lamps", "look"), unknown(&["amy.x@gmail.com"]));
        assert_eq!(verdict("To: tax@accountant.example\r\nSubject: Fwd: VAT", "look"), unknown(&[]));
        assert_eq!(
            verdict("To: x@gmail.com\r\nSubject: Re: lamps\r\nIn-Reply-To: <7@else.example>", "ok"),
            unknown(&[])
        );
        assert_eq!(passing("To: x@gmail.com\r\nSubject: our new catalogue", "news"), None);
    }

    #[test]
    fn hostile_headers_are_bounded_and_name_nobody_twice() {
        let many: Vec<String> = (0..5_000).map(|n| format!("\"a\0b\" <x{}@gmail.com>", n % 2_500)).collect();
        let ids: String = (0..5_000).map(|n| format!(" <{n}@x.example>\r\n")).collect();
        let headers = format!(
            "To: {}\r\nBcc: ;;<>,@,\"\r\nSubject: =?utf-8?b?//8=?= Fwd: Fwd：转发\r\nReferences:\r\n{ids}X-Y: z",
            many.join(",\r\n ")
        );
        let found = passing(&headers, &"someone@else.example ".repeat(10_000)).expect("recipients outside");
        assert!(found.open.len() <= RECIPIENTS && found.referred.len() <= TRACES && found.named.len() <= TRACES);
        let mut once = found.open.clone();
        once.sort();
        once.dedup();
        assert_eq!((once.len(), found.blind.len()), (found.open.len(), 0));
        let json = serde_json::to_string(&found).expect("JSON");
        assert_eq!(serde_json::from_str::<Passing>(&json).expect("the same"), found);
    }
}
