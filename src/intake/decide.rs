//! From what a mail says and what the store knows, to what it is. No I/O.

use super::suppression::is_unsubscribing;
use super::understood::{Content, Understanding};
use crate::buyer::{self, Doubt, Known, Match, MatchedBy, Past};
use crate::clock::UnixTime;
use crate::grading::{Grading, Inquiry, Received};
use crate::message::{Kind, KindReason, Message};
use crate::risk::{self, Told};
use crate::staff::{self, token};

/// What became of one incoming mail.
#[derive(Clone, Debug)]
pub struct Decision {
    pub kind: Kind,
    pub kind_reason: String,
    /// The known buyer who wrote it.
    pub matched: Option<Match>,
    /// Known buyers who he may be: a person decides.
    pub doubts: Vec<Doubt>,
    /// None where the kind is no inquiry.
    pub grading: Option<Grading>,
    /// The signs of fraud, in the company's language.
    pub risks: Vec<Told>,
    /// One of us asks inquiryd for something, or somebody in his name.
    pub instructs: bool,
}

/// Decides one incoming mail; `received_at` is None where nobody knows.
pub fn decide_one(
    content: &Content,
    received_at: Option<UnixTime>,
    known: &Known,
    understanding: &Understanding,
) -> Decision {
    let message = &content.message;
    if message.message_id.as_ref().is_some_and(|id| known.ours.contains(id)) {
        let kind_reason = "inquiryd itself sent it".to_owned();
        let (doubts, risks) = (Vec::new(), Vec::new());
        return Decision {
            kind: Kind::Internal,
            kind_reason,
            matched: None,
            doubts,
            grading: None,
            risks,
            instructs: false,
        };
    }
    let buyer::Identified { matched, doubts } = buyer::identify(message, known, &understanding.house);
    let thread_known = message.references.iter().any(|id| known.threads.contains_key(id));
    let instructs = is_instructing(message, known, understanding);
    let (kind, reason) = if is_unsubscribing(message, thread_known, &known.ours) {
        (Kind::Command, KindReason::AsksOut)
    } else if instructs && message.kind == Kind::Internal {
        (Kind::Command, KindReason::Instructs)
    } else {
        message.settled_kind(thread_known, matched.is_some())
    };
    let risks = told_risks(content, matched, known, understanding);
    let kind_reason = reason.told(understanding.language);
    let kind_reason = match kind {
        Kind::Spam => risks.iter().fold(kind_reason, |reason, risk| format!("{reason}; {}", risk.detail)),
        _ => kind_reason,
    };
    let grading = matches!(kind, Kind::Inquiry | Kind::Reply).then(|| {
        let buyer = matched.and_then(|matched| known.buyers.get(&matched.buyer_id));
        let received = received_at.and_then(|at| Received::new(at, &understanding.zone));
        let inquiry = Inquiry::of(message, kind, received);
        understanding.rules.grade(&inquiry, &content.hits, buyer.map(Past::of).as_ref(), understanding.language)
    });
    Decision { kind, kind_reason, matched, doubts, grading, risks, instructs }
}

/// Whether a mail bears the address of one of our people and names a matter, or answers a mail of ours. Whether it is to
/// be trusted is another question.
fn is_instructing(message: &Message, known: &Known, understanding: &Understanding) -> bool {
    let from_us = message.from.email.as_ref().is_some_and(|from| understanding.staff.contains(from));
    let internal = match message.kind {
        Kind::Internal => true,
        Kind::Spam => message.kind_reason == KindReason::FalseColleague,
        _ => false,
    };
    from_us && internal && !message.automatic && {
        let (instructions, misread) = staff::instructions(&message.subject, &message.text);
        let answers_us = message.references.iter().any(|id| known.ours.contains(id));
        let bears_token = token::is_in(&message.subject) || token::is_in(&message.whole_text);
        // What people write among themselves may begin with a number, too.
        answers_us
            || bears_token && !misread.is_empty()
            || !instructions.is_empty() && (bears_token || misread.is_empty())
    }
}

/// The mail's own risks, and the one that only shows beside whom it was taken for.
fn told_risks(content: &Content, matched: Option<Match>, known: &Known, understanding: &Understanding) -> Vec<Told> {
    let message = &content.message;
    let buyer = matched.and_then(|matched| Some((matched.by, known.buyers.get(&matched.buyer_id)?.email.as_deref()?)));
    let house = &understanding.house;
    let doubted = buyer.filter(|(by, email)| match by {
        MatchedBy::Thread => !buyer::has_known_address(message, known),
        // A number or a name is easily borrowed: from elsewhere than his company it is a warning.
        MatchedBy::Phone | MatchedBy::Name => house.company_domain(email).is_some(),
        MatchedBy::Address | MatchedBy::OtherAddress | MatchedBy::Domain => false,
    });
    let stranger = doubted.and_then(|(_, email)| risk::new_domain_in_thread(message, house, email));
    stranger.iter().chain(&content.risks).map(|risk| risk.told(understanding.language)).collect()
}
