//! Links by which our people answer a line of a mail: `mailto:` with what to say and a token (RFC 6068).

use super::Language;
use crate::clock::UnixTime;
use crate::staff::{Matter, token};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// How one person answers a mail of ours.
#[derive(Clone, Debug)]
pub struct Actions {
    /// Where answers go: a mailbox that is polled.
    pub reply_to: String,
    /// The installation's secret.
    pub secret: String,
    /// Whose mail it is: an address.
    pub person: String,
    pub now: UnixTime,
}

/// A link with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionLink {
    pub label: &'static str,
    pub href: String,
}

/// What a link says: the words on it, and what its mail asks.
type Said = (&'static str, &'static str);

const GRADES: [Said; 4] = [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")];
const CHINESE: [Said; 13] = [
    ("已处理", "已处理"),
    ("已电话", "已电话"),
    ("已报价", "已报价"),
    ("寄样免费", "已寄样 免费"),
    ("寄样到付", "已寄样 到付"),
    ("寄样电汇", "已寄样 电汇"),
    ("订单", "订单"),
    ("洽谈中", "洽谈中"),
    ("推迟1天", "推迟1天"),
    ("我跟进", "我跟进"),
    ("备注", "备注"),
    ("例外", "例外"),
    ("不是询盘", "不是询盘"),
];
const ENGLISH: [Said; 13] = [
    ("done", "done"),
    ("called", "called"),
    ("quoted", "quoted"),
    ("sample free", "sample sent free"),
    ("sample collect", "sample sent collect"),
    ("sample T/T", "sample sent T/T"),
    ("order", "order"),
    ("negotiating", "negotiating"),
    ("snooze 1 day", "snooze 1 day"),
    ("mine", "mine"),
    ("note", "note"),
    ("exception", "exception"),
    ("not an inquiry", "not an inquiry"),
];
/// Those of a line that has room for few: about an inquiry, and about a buyer.
const SHORT: [usize; 4] = [0, 1, 2, 12];
const SHORT_OF_BUYERS: [usize; 3] = [1, 2, 10];

impl Actions {
    /// Every answer to a line.
    pub fn all(&self, matter: Matter, language: Language) -> Vec<ActionLink> {
        // The last one is about an inquiry.
        let of_buyers = words(language).len() - usize::from(matches!(matter, Matter::Buyer(_)));
        let said = GRADES.iter().chain(&words(language)[..of_buyers]);
        let token = self.token(matter);
        said.map(|said| self.link(matter, *said, &token)).collect()
    }

    /// The answers that are wanted most.
    pub fn few(&self, matter: Matter, language: Language) -> Vec<ActionLink> {
        let token = self.token(matter);
        let short: &[usize] = if matches!(matter, Matter::Buyer(_)) { &SHORT_OF_BUYERS } else { &SHORT };
        short.iter().map(|index| self.link(matter, words(language)[*index], &token)).collect()
    }

    /// The token that lets a plain answer to the whole mail count.
    pub(super) fn whole_mail(&self) -> String {
        token::token(&self.secret, &self.person, token::EVERYTHING, self.now)
    }

    fn token(&self, matter: Matter) -> String {
        token::token(&self.secret, &self.person, &matter.to_string(), self.now)
    }

    fn link(&self, matter: Matter, (label, asks): Said, token: &str) -> ActionLink {
        let subject = format!("{matter} {asks} [{token}]");
        ActionLink { label, href: format!("mailto:{}?subject={}", percent(&self.reply_to), percent(&subject)) }
    }
}

fn words(language: Language) -> &'static [Said; 13] {
    match language {
        Language::SimplifiedChinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

/// All but the unreserved characters and `@` (RFC 3986 section 2.3, RFC 6068 section 2).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

fn percent(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::{Why, instructions};

    #[test]
    fn every_link_in_every_language_asks_what_is_understood() {
        let actions = Actions {
            reply_to: "sales+x@haiyue.example".into(),
            secret: "secret".into(),
            person: "amy@haiyue.example".into(),
            now: 1_795_408_200,
        };
        for language in [Language::SimplifiedChinese, Language::English] {
            for (label, asks) in GRADES.iter().chain(words(language)) {
                let (found, misread) = instructions(&format!("#7 {asks} [k.1.00]"), "");
                // A note and an exception get their words from whoever sends the mail.
                let incomplete = misread.len() == 1 && misread[0].why == Why::NeedsWords;
                assert!(found.len() == 1 && misread.is_empty() || incomplete, "{label}: {found:?} {misread:?}");
                assert_eq!(instructions(&format!("#7 {asks} [k.1.00]"), "because").0.len(), 1, "{label}");
            }
        }
        let link = &actions.few(Matter::Inquiry(7), Language::English)[0];
        assert!(link.href.starts_with("mailto:sales%2Bx@haiyue.example?subject=%237%20done%20%5Bk."), "{}", link.href);
        assert!(!link.href.contains(['"', '<', '&', ' ']));
    }
}
