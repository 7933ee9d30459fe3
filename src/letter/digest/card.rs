//! An inquiry in a digest: a card with everything about it, or a line.

use crate::buyer::Stage;
use crate::grading::Reason;
use crate::letter::actions::{ActionLink, Actions};
use crate::letter::{Look, countries, grade, plain, when};
use crate::message::Kind;
use crate::report::{Digest, InquiryLine};
use crate::risk::Told;
use crate::staff::Matter;
use serde::Serialize;

/// An inquiry in a line: of those to be answered first, and of those that have no card.
#[derive(Serialize)]
pub(super) struct Line {
    grade: &'static str,
    colour: &'static str,
    id: i64,
    who: String,
    what: String,
    due: Option<Due>,
}

/// An inquiry with everything about it.
#[derive(Serialize)]
pub(super) struct Card {
    grade: &'static str,
    colour: &'static str,
    id: i64,
    reply: bool,
    received: String,
    due: Option<Due>,
    subject: String,
    name: String,
    /// Company, country.
    origin: Vec<String>,
    email: Option<String>,
    known: bool,
    /// How recognised, which mail of his, which way it came.
    history: Vec<String>,
    excerpt: String,
    facts: Vec<Fact>,
    why: String,
    reasons: Vec<ReasonLine>,
    risks: Vec<RiskItem>,
    attachments: Option<String>,
    actions: Vec<ActionLink>,
}

#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

#[derive(Serialize)]
struct ReasonLine {
    points: String,
    why: String,
    matched: String,
}

#[derive(Serialize)]
struct RiskItem {
    name: String,
    detail: String,
}

pub(super) fn subject_of(subject: &str, look: &Look, limit: usize) -> String {
    let subject = plain::line(subject, limit);
    if subject.is_empty() { look.language.words().no_subject.to_owned() } else { subject }
}

pub(super) fn buyer_phrase(line: &InquiryLine, look: &Look) -> String {
    let buyer = &line.buyer;
    let country = buyer.country.as_deref().map(|code| countries::name(code, look.language).to_owned());
    let who = buyer.name.clone().or_else(|| buyer.company.clone()).or_else(|| buyer.email.clone());
    let parts: Vec<String> = [who, country].into_iter().flatten().map(|part| plain::line(&part, 60)).collect();
    if parts.is_empty() { look.language.words().no_name.to_owned() } else { parts.join(" · ") }
}

impl Line {
    pub(super) fn new(line: &InquiryLine, digest: &Digest, look: &Look) -> Line {
        Line {
            grade: grade::name(line.grading.grade),
            colour: grade::colour(line.grading.grade),
            id: line.id,
            who: buyer_phrase(line, look),
            what: subject_of(&line.subject, look, 80),
            due: due(line, digest, look),
        }
    }
}

/// When an answer is due, and whether that has passed.
#[derive(Serialize)]
struct Due {
    words: String,
    late: bool,
}

fn due(line: &InquiryLine, digest: &Digest, look: &Look) -> Option<Due> {
    let due = line.due?;
    let (moment, late) = (when::moment(due, digest.at, look), is_late(line, digest));
    let words = if late { look.language.overdue_since(&moment) } else { look.language.due(&moment) };
    Some(Due { words, late })
}

pub(super) fn is_late(line: &InquiryLine, digest: &Digest) -> bool {
    line.due.is_some_and(|due| due < digest.at)
}

impl Card {
    pub(super) fn new(line: &InquiryLine, digest: &Digest, look: &Look) -> Card {
        let language = look.language;
        let words = language.words();
        let grade = grade::name(line.grading.grade);
        let buyer = &line.buyer;
        let known_as = |text: &Option<String>| text.as_deref().map(|text| plain::line(text, 80));
        let country = buyer.country.as_deref().map(|code| countries::name(code, language).to_owned());
        let recognised = line.matched_by.as_deref().filter(|_| line.known).map(|by| language.recognised(by));
        let relay = line.relay.as_deref().map(|relay| plain::line(&language.relay(relay), 60));
        Card {
            grade,
            colour: grade::colour(line.grading.grade),
            id: line.id,
            reply: line.kind == Kind::Reply,
            received: when::moment(line.received_at, digest.at, look),
            due: due(line, digest, look),
            subject: subject_of(&line.subject, look, 160),
            name: known_as(&buyer.name).unwrap_or_else(|| words.no_name.to_owned()),
            origin: [known_as(&buyer.company), country].into_iter().flatten().collect(),
            email: known_as(&buyer.email),
            known: line.known,
            history: recognised
                .into_iter()
                .chain(acquaintance(line, digest, look))
                .chain([relay, Some(plain::line(&line.account, 60))].into_iter().flatten())
                .collect(),
            excerpt: plain::line(&line.excerpt, 600),
            facts: facts(line, look),
            why: language.why(grade, line.grading.score),
            reasons: reasons(line),
            risks: risks(line, look),
            attachments: plain::list(&line.attachments, 8, 60),
            actions: actions(line, look),
        }
    }
}

fn actions(line: &InquiryLine, look: &Look) -> Vec<ActionLink> {
    let links = |actions: &Actions| actions.all(Matter::Inquiry(line.id), look.language);
    look.actions.as_ref().map(links).unwrap_or_default()
}

/// What we know of him in a few words: how often he wrote, when we last spoke, how far he got, who looks after him.
fn acquaintance(line: &InquiryLine, digest: &Digest, look: &Look) -> Vec<String> {
    let language = look.language;
    let suggested = line.buyer.stage_suggested.map(|stage| language.stage_suggested(stage));
    let owner = line.owner.as_deref().map(|owner| language.looked_after(&plain::line(owner, 40)));
    let past = line.past.as_ref().map(|past| {
        let stage = (past.stage > Stage::Potential).then(|| language.stage(past.stage).to_owned());
        let parts = [
            Some(language.nth_mail(past.inquiries + 1)),
            Some(language.last_contact(&when::day(past.last_contact, digest.at, look))),
            past.grade.map(|grade| language.graded_last(grade.as_str())),
            stage,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>()
    });
    past.unwrap_or_default().into_iter().chain(owner).chain(suggested).collect()
}

fn facts(line: &InquiryLine, look: &Look) -> Vec<Fact> {
    let facts = &line.facts;
    let words = look.language.words();
    let cut = |text: &Option<String>| text.as_deref().map(|text| plain::line(text, 80));
    let terms: Vec<String> = [cut(&facts.incoterm), cut(&facts.port)].into_iter().flatten().collect();
    let stated = [
        (words.products, plain::list(&facts.products, 6, 60)),
        (words.quantity, cut(&facts.quantity)),
        (words.target_price, cut(&facts.target_price)),
        (words.terms, (!terms.is_empty()).then(|| terms.join(" "))),
        (words.sample, look.language.sample(facts.sample).map(str::to_owned)),
        (words.certificates, plain::list(&facts.certificates, 6, 30)),
        (words.phones, plain::list(&facts.phones, 3, 30)),
        (words.websites, plain::list(&facts.websites, 3, 60)),
    ];
    stated.into_iter().filter_map(|(label, value)| Some(Fact { label, value: value? })).collect()
}

fn reasons(line: &InquiryLine) -> Vec<ReasonLine> {
    let reasons = line.grading.reasons.iter().take(8);
    let reason = |reason: &Reason| ReasonLine {
        points: format!("{:+}", reason.points).replace('-', "\u{2212}"),
        why: plain::line(&reason.why, 120),
        matched: plain::line(&reason.matched, 80),
    };
    reasons.map(reason).collect()
}

fn risks(line: &InquiryLine, look: &Look) -> Vec<RiskItem> {
    let risk = |risk: &Told| RiskItem {
        name: plain::line(&look.language.risk(&risk.risk), 60),
        detail: plain::line(&risk.detail, 200),
    };
    line.risks.iter().take(8).map(risk).collect()
}
