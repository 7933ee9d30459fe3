//! The sample mailbox: a weekend at a maker of garden lights in Ningbo. All names, companies and addresses are invented.

use crate::clock::UnixTime;

/// What the demo's clock shows: Monday 2026-11-23, 12:30 in Shanghai, four hours after the last mail.
pub const NOW: UnixTime = 1_795_408_200;

/// The buyers who are known already, as `buyers import` reads them.
pub const BUYERS: &str = include_str!("buyers.csv");

/// Makes `(name, raw mail)` of each file.
macro_rules! mails {
    ($($name:literal,)*) => { &[$(($name, include_bytes!(concat!("mails/", $name, ".eml")).as_slice()),)*] };
}

/// The INBOX in the order of arrival.
pub const INBOX: &[(&str, &[u8])] = mails![
    "newsletter-bounce-rfc3464",
    "german-out-of-office",
    "bounce-in-qmail-style",
    "vietnamese-resort",
    "suzhou-trader-with-attachment",
    "japanese-quotation",
    "unsubscribe",
    "french-comparing",
    "freight-offer",
    "taiwan-big5",
    "danish-container-order",
    "turkish-flood-light",
    "italian-html-table",
    "german-sample-courier-account",
    "brazilian-distributor",
    "spanish-free-sample-only",
    "penang-unlabelled-gbk",
    "korean-garden-retailer",
    "dear-supplier",
    "trade-newsletter",
    "russian-wholesale",
    "platform-hides-buyer",
    "hadley-reorder-in-thread",
    "dubai-floodlights-arabic",
    "colleague-forwards-inquiry",
    "advance-fee",
    "contact-form",
    "no-message-id",
    "warehouse-internal",
    "broken-mime",
    "seo-pitch",
    "same-message-id-other-buyer",
    "changed-bank-details-lookalike",
    "ok-600-pcs",
];

/// The Sent folder in the order of sending.
pub const SENT: &[(&str, &[u8])] =
    mails!["sent-offer-to-hadley", "sent-offer-to-ferncastle", "sent-answer-to-anselme",];

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::{Message, MessageParser};
    use std::collections::BTreeMap;

    fn parsed(mails: &[(&'static str, &'static [u8])]) -> Vec<(&'static str, Message<'static>)> {
        let parser = MessageParser::default();
        mails.iter().map(|(name, raw)| (*name, parser.parse(*raw).expect(name))).collect()
    }

    #[test]
    fn the_mails_arrive_in_order_before_the_demo_begins() {
        for mails in [INBOX, SENT] {
            let times: Vec<i64> =
                parsed(mails).iter().map(|(name, mail)| mail.date().expect(name).to_timestamp()).collect();
            assert!(times.is_sorted(), "{times:?}");
            assert!(times.iter().all(|time| (NOW - 5 * 86_400..NOW).contains(time)));
        }
    }

    #[test]
    fn one_message_id_stands_on_two_mails_and_one_mail_has_none() {
        let mut mails_of_id = BTreeMap::new();
        for (_, mail) in parsed(INBOX) {
            *mails_of_id.entry(mail.message_id().map(str::to_owned)).or_insert(0) += 1;
        }
        assert_eq!(mails_of_id.get(&None), Some(&1));
        assert_eq!(mails_of_id.into_values().filter(|count| *count == 2).count(), 1);
    }

    #[test]
    fn buyers_in_a_thread_answer_mails_that_are_in_sent() {
        let sent: Vec<String> =
            parsed(SENT).iter().map(|(name, mail)| mail.message_id().expect(name).to_owned()).collect();
        for name in ["hadley-reorder-in-thread", "ok-600-pcs"] {
            let mails = parsed(INBOX);
            let (_, reply) = mails.iter().find(|(mail, _)| *mail == name).expect(name);
            assert!(sent.iter().any(|id| reply.in_reply_to().as_text() == Some(id)), "{name}");
        }
    }

    #[test]
    fn every_address_is_in_a_reserved_domain() {
        for (name, raw) in INBOX.iter().chain(SENT) {
            let text = String::from_utf8_lossy(raw);
            for (at, _) in text.match_indices('@') {
                let domain: String =
                    text[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect();
                let reserved = domain.trim_end_matches('.').ends_with(".example") || domain == "localhost.localdomain";
                assert!(reserved, "{name}: {domain}");
            }
        }
    }
}
