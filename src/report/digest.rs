//! What the digest after a poll contains. Pure.

use crate::buyer::{Buyer, Past};
use crate::clock::UnixTime;
use crate::grading::Grading;
use crate::message::{Facts, Kind};
use crate::risk::Told;
use serde::Serialize;

/// The content of one digest.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    pub company: String,
    pub at: UnixTime,
    /// New inquiries and replies: best grade first, then oldest first.
    pub inquiries: Vec<InquiryLine>,
    pub quarantined: Vec<QuarantineLine>,
    /// Mails that were taken for no inquiry by their words: somebody glances at them, so that a mistake loses nobody.
    pub set_aside: Vec<SetAsideLine>,
    /// New buyers who may be known ones: a person decides.
    pub questions: Vec<QuestionLine>,
    /// Mails of ours of which nobody knows whether they arrived: held until a person decides.
    pub held: Vec<HeldLine>,
    /// What went wrong or needs a person, one sentence each.
    pub notices: Vec<String>,
    pub counts: Counts,
    /// Inquiries without an answer now, the new ones included.
    pub waiting: i64,
    /// What became of the last 30 days' inquiries.
    pub tally: Tally,
    /// Folders of which the server has more mail than we; None: nobody has counted yet.
    pub uncounted: Option<Vec<FolderLine>>,
}

/// What became of everything received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub received: i64,
    pub answered: i64,
    pub waiting: i64,
    pub excused: i64,
    pub quarantined: i64,
}

/// A folder whose mail is not all on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderLine {
    pub account: String,
    pub folder: String,
    pub missing: i64,
}

impl Digest {
    /// Whether people should get it at all. Noise alone is no news: it waits for the next digest that has some.
    pub fn says_something(&self) -> bool {
        !(self.inquiries.is_empty() && self.quarantined.is_empty() && self.held.is_empty() && self.notices.is_empty())
    }
}

/// One inquiry as people see it.
#[derive(Clone, Debug)]
pub struct InquiryLine {
    /// The number by which people speak of it: `#123`.
    pub id: i64,
    pub kind: Kind,
    pub received_at: UnixTime,
    pub account: String,
    pub subject: String,
    /// The writer's own words, shortened by [`excerpt`].
    pub excerpt: String,
    pub language: Option<String>,
    pub buyer: Buyer,
    /// True if this buyer was known before this mail.
    pub known: bool,
    /// How he was recognised ("address", "thread"), None if he is new.
    pub matched_by: Option<String>,
    /// What we knew of him before this mail; None if he is new.
    pub past: Option<Past>,
    /// Who of us looks after him.
    pub owner: Option<String>,
    pub relay: Option<String>,
    pub facts: Facts,
    pub grading: Grading,
    pub risks: Vec<Told>,
    pub attachments: Vec<String>,
    /// When it should be answered; None before whoever knows the deadlines has said so.
    pub due: Option<UnixTime>,
}

/// A mail that could not be understood, or only from its headers.
#[derive(Clone, Debug)]
pub struct QuarantineLine {
    pub mail_id: i64,
    pub received_at: UnixTime,
    pub account: String,
    pub folder: String,
    pub from: String,
    pub subject: String,
    /// For people: what is wrong with it.
    pub reason: String,
}

/// A mail that was taken for spam, for somebody's own offer, or for a platform's notice without a buyer.
#[derive(Clone, Debug)]
pub struct SetAsideLine {
    pub kind: Kind,
    pub from: String,
    pub subject: String,
    /// Why this kind, with the signs of fraud if there are any.
    pub reason: String,
}

/// May a new buyer be a known one?
#[derive(Clone, Debug)]
pub struct QuestionLine {
    pub inquiry_id: Option<i64>,
    pub buyer_id: i64,
    pub buyer: String,
    pub candidate_id: i64,
    pub candidate: String,
    /// What speaks for it: `domain`, `phone` or `name`.
    pub reason: String,
}

/// A mail of ours whose fate is unknown.
#[derive(Clone, Debug)]
pub struct HeldLine {
    pub outbox_id: i64,
    pub subject: String,
    pub recipient: String,
    pub since: UnixTime,
}

/// What the mails of this digest were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub mails: i64,
    pub inquiries: i64,
    pub replies: i64,
    pub bounces: i64,
    pub auto_replies: i64,
    pub newsletters: i64,
    pub spam: i64,
    pub pitches: i64,
    pub platform_notices: i64,
    pub internal: i64,
    /// Mail from before inquiryd: recorded, nobody is reminded.
    pub history: i64,
}

/// At most `limit` characters of `text`, ended at a word where there is one, with `…` if shortened.
pub fn excerpt(text: &str, limit: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= limit {
        return flat;
    }
    let cut: String = flat.chars().take(limit).collect();
    let end = cut.rfind(' ').filter(|at| cut.len() - at < 24).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_ends_at_a_word_or_between_characters() {
        assert_eq!(excerpt("please quote\n 600 chairs", 100), "please quote 600 chairs");
        assert_eq!(excerpt("please quote 600 chairs", 15), "please quote…");
        assert_eq!(excerpt("请给我们报价单和样品", 4), "请给我们…");
    }
}
