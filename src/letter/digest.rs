//! The digest: new inquiries, best first, and whatever else needs a person.

use super::words::Words;
use super::{Letter, Look, countries, plain, template, when};
use crate::clock::UnixTime;
use crate::grading::Grade;
use crate::message::Kind;
use crate::report::{Counts, Digest, HeldLine, InquiryLine, QuarantineLine};
use serde::Serialize;

/// Gmail hides what comes after 102 kB of HTML.
const HTML_BYTES: usize = 96_000;

/// How much of a long digest is shown; from the fullest to what always fits.
const SIZES: [Size; 6] = [
    Size { cards: 25, lines: 100, others: 40 },
    Size { cards: 20, lines: 100, others: 40 },
    Size { cards: 12, lines: 80, others: 30 },
    Size { cards: 6, lines: 60, others: 20 },
    Size { cards: 3, lines: 30, others: 10 },
    Size { cards: 1, lines: 10, others: 5 },
];

#[derive(Clone, Copy)]
struct Size {
    /// Inquiries with everything about them.
    cards: usize,
    /// Inquiries with one line each.
    lines: usize,
    /// Lines in each of the other sections.
    others: usize,
}

/// The digest as a letter.
pub fn digest(digest: &Digest, look: &Look) -> Letter {
    let view = |size| View::new(digest, look, size);
    let fullest = view(SIZES[0]);
    let subject = subject(&fullest.essence, digest.at, look);
    let mut shown = fullest;
    let mut html = template::render("digest.html", &shown);
    for size in &SIZES[1..] {
        if html.len() <= HTML_BYTES {
            break;
        }
        shown = view(*size);
        html = template::render("digest.html", &shown);
    }
    Letter { subject, text: template::render("digest.txt", &shown), html }
}

/// `[询盘] 新询盘 3 封（A1 B2）· 11月23日 12:30`; a full-width bracket brings its own space.
fn subject(essence: &str, at: UnixTime, look: &Look) -> String {
    let gap = if essence.ends_with('）') { "" } else { " " };
    format!("{} {essence}{gap}· {}", look.language.words().mark, when::day_and_time(at, look))
}

#[derive(Serialize)]
struct View {
    w: &'static Words,
    company: String,
    at: String,
    title: String,
    /// Title with the grades, for the subject.
    #[serde(skip)]
    essence: String,
    preview: String,
    grades: Vec<GradeCount>,
    /// Inquiries with a sign of fraud.
    risky: usize,
    waiting: String,
    notices: Vec<String>,
    notices_more: Option<String>,
    cards: Vec<Card>,
    lines: Vec<Line>,
    lines_note: String,
    lines_more: Option<String>,
    quarantined: Vec<Item>,
    quarantined_more: Option<String>,
    held: Vec<Item>,
    held_more: Option<String>,
    counts: String,
}

#[derive(Serialize)]
struct GradeCount {
    grade: &'static str,
    colour: &'static str,
    count: usize,
}

/// A mail of another section.
#[derive(Serialize)]
struct Item {
    head: String,
    subject: String,
    detail: String,
}

/// An inquiry in one line.
#[derive(Serialize)]
struct Line {
    grade: &'static str,
    colour: &'static str,
    id: i64,
    subject: String,
    buyer: String,
    risky: bool,
}

/// An inquiry with everything about it.
#[derive(Serialize)]
struct Card {
    grade: &'static str,
    colour: &'static str,
    id: i64,
    reply: bool,
    received: String,
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

impl View {
    fn new(digest: &Digest, look: &Look, size: Size) -> View {
        let language = look.language;
        let grades = grade_counts(&digest.inquiries);
        let title = title(digest, look);
        let cards = digest.inquiries.len().min(size.cards);
        let lines = (digest.inquiries.len() - cards).min(size.lines);
        let more = |all: usize, shown: usize| (all > shown).then(|| language.left_out(all - shown));
        let grade_list: Vec<_> = grades.iter().map(|count| (count.grade, count.count)).collect();
        let essence = if grades.is_empty() {
            title.clone()
        } else {
            format!("{title}{}", language.in_brackets(&language.grades(&grade_list)))
        };
        View {
            w: language.words(),
            company: plain::line(&look.company, 80),
            at: when::day_and_time(digest.at, look),
            preview: preview(digest, look),
            waiting: if digest.waiting == 0 {
                language.nobody_waits().to_owned()
            } else {
                language.waiting(digest.waiting)
            },
            notices: digest.notices.iter().take(size.others).map(|notice| plain::line(notice, 400)).collect(),
            notices_more: more(digest.notices.len(), size.others),
            cards: digest.inquiries[..cards].iter().map(|line| Card::new(line, digest, look)).collect(),
            lines: digest.inquiries[cards..][..lines].iter().map(|line| Line::new(line, look)).collect(),
            lines_note: language.compact_note(lines),
            lines_more: more(digest.inquiries.len(), cards + lines),
            quarantined: digest.quarantined.iter().take(size.others).map(|line| unread(line, digest, look)).collect(),
            quarantined_more: more(digest.quarantined.len(), size.others),
            held: digest.held.iter().take(size.others).map(|line| held(line, digest, look)).collect(),
            held_more: more(digest.held.len(), size.others),
            counts: counts(&digest.counts, look),
            risky: digest.inquiries.iter().filter(|line| !line.risks.is_empty()).count(),
            grades,
            title,
            essence,
        }
    }
}

/// The essence in one phrase.
fn title(digest: &Digest, look: &Look) -> String {
    let language = look.language;
    let replies = digest.inquiries.iter().filter(|line| line.kind == Kind::Reply).count();
    let inquiries = digest.inquiries.len() - replies;
    match (inquiries + replies, digest.quarantined.len(), digest.held.len(), digest.notices.first()) {
        (0, 0, 0, None) => language.nothing_new(),
        (0, 0, 0, Some(notice)) => {
            let words = language.words();
            format!("{}{}{}", words.notices, words.colon, plain::line(notice, 60))
        }
        (0, 0, held, _) => language.may_not_have_arrived(held),
        (0, unread, _, _) => language.unreadable(unread),
        (_, unread, _, _) => language.new_mail(inquiries, replies, unread),
    }
}

/// What a mailbox shows beside the subject: who writes.
fn preview(digest: &Digest, look: &Look) -> String {
    let names = digest.inquiries.iter().take(4).map(|line| {
        let grade = grade_name(line.grading.grade);
        format!("{grade} {}", buyer_phrase(line, look))
    });
    names.collect::<Vec<_>>().join(" | ")
}

fn grade_counts(inquiries: &[InquiryLine]) -> Vec<GradeCount> {
    let count = |grade| GradeCount {
        grade: grade_name(grade),
        colour: colour(grade),
        count: inquiries.iter().filter(|line| line.grading.grade == grade).count(),
    };
    [Grade::A, Grade::B, Grade::C, Grade::D].map(count).into_iter().filter(|grade| grade.count > 0).collect()
}

pub(super) fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "A",
        Grade::B => "B",
        Grade::C => "C",
        Grade::D => "D",
    }
}

/// Mid-tones that carry white letters in light and in dark mode.
pub(super) fn colour(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "#11835c",
        Grade::B => "#2f6fb3",
        Grade::C => "#a8690f",
        Grade::D => "#717983",
    }
}

fn subject_of(subject: &str, look: &Look, limit: usize) -> String {
    let subject = plain::line(subject, limit);
    if subject.is_empty() { look.language.words().no_subject.to_owned() } else { subject }
}

fn buyer_phrase(line: &InquiryLine, look: &Look) -> String {
    let buyer = &line.buyer;
    let country = buyer.country.as_deref().map(|code| countries::name(code, look.language).to_owned());
    let who = buyer.name.clone().or_else(|| buyer.company.clone()).or_else(|| buyer.email.clone());
    let parts: Vec<String> = [who, country].into_iter().flatten().map(|part| plain::line(&part, 60)).collect();
    if parts.is_empty() { look.language.words().no_name.to_owned() } else { parts.join(" · ") }
}

impl Line {
    fn new(line: &InquiryLine, look: &Look) -> Line {
        Line {
            grade: grade_name(line.grading.grade),
            colour: colour(line.grading.grade),
            id: line.id,
            subject: subject_of(&line.subject, look, 70),
            buyer: buyer_phrase(line, look),
            risky: !line.risks.is_empty(),
        }
    }
}

impl Card {
    fn new(line: &InquiryLine, digest: &Digest, look: &Look) -> Card {
        let language = look.language;
        let words = language.words();
        let grade = grade_name(line.grading.grade);
        let buyer = &line.buyer;
        let known_as = |text: &Option<String>| text.as_deref().map(|text| plain::line(text, 80));
        let country = buyer.country.as_deref().map(|code| countries::name(code, language).to_owned());
        let recognised = line.matched_by.as_deref().filter(|_| line.known).map(|by| language.recognised(by));
        let relay = line.relay.as_deref().map(|relay| plain::line(&language.relay(relay), 60));
        let nth = line.known.then(|| language.nth_mail(buyer.inquiries + 1));
        Card {
            grade,
            colour: colour(line.grading.grade),
            id: line.id,
            reply: line.kind == Kind::Reply,
            received: when::moment(line.received_at, digest.at, look),
            subject: subject_of(&line.subject, look, 160),
            name: known_as(&buyer.name).unwrap_or_else(|| words.no_name.to_owned()),
            origin: [known_as(&buyer.company), country].into_iter().flatten().collect(),
            email: known_as(&buyer.email),
            known: line.known,
            history: [recognised, nth, relay, Some(plain::line(&line.account, 60))].into_iter().flatten().collect(),
            excerpt: plain::line(&line.excerpt, 600),
            facts: facts(line, look),
            why: language.why(grade, line.grading.score),
            reasons: reasons(line),
            risks: risks(line, look),
            attachments: plain::list(&line.attachments, 8, 60),
        }
    }
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
    let reasons = line.grading.reasons.iter().take(12);
    let reason = |reason: &crate::grading::Reason| ReasonLine {
        points: format!("{:+}", reason.points).replace('-', "\u{2212}"),
        why: plain::line(&reason.why, 120),
        matched: plain::line(&reason.matched, 80),
    };
    reasons.map(reason).collect()
}

fn risks(line: &InquiryLine, look: &Look) -> Vec<RiskItem> {
    let risk = |risk: &crate::report::RiskLine| RiskItem {
        name: plain::line(&look.language.risk(&risk.risk), 60),
        detail: plain::line(&risk.detail, 200),
    };
    line.risks.iter().take(8).map(risk).collect()
}

fn unread(line: &QuarantineLine, digest: &Digest, look: &Look) -> Item {
    let from = plain::line(&line.from, 80);
    let at = when::moment(line.received_at, digest.at, look);
    let place = format!("{} / {}", plain::line(&line.account, 60), plain::line(&line.folder, 60));
    Item {
        head: [format!("#{}", line.mail_id), from, at, place]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        subject: subject_of(&line.subject, look, 120),
        detail: plain::line(&line.reason, 200),
    }
}

fn held(line: &HeldLine, digest: &Digest, look: &Look) -> Item {
    Item {
        head: format!("#{} · {}", line.outbox_id, when::moment(line.since, digest.at, look)),
        subject: subject_of(&line.subject, look, 120),
        detail: plain::line(&line.recipient, 120),
    }
}

fn counts(counts: &Counts, look: &Look) -> String {
    let language = look.language;
    let kinds = [
        (counts.inquiries, language.kind(Kind::Inquiry)),
        (counts.replies, language.kind(Kind::Reply)),
        (counts.bounces, language.kind(Kind::Bounce)),
        (counts.auto_replies, language.kind(Kind::AutoReply)),
        (counts.newsletters, language.kind(Kind::Newsletter)),
        (counts.spam, language.kind(Kind::Spam)),
        (counts.pitches, language.kind(Kind::Pitch)),
        (counts.platform_notices, language.kind(Kind::PlatformNotice)),
        (counts.internal, language.kind(Kind::Internal)),
        (counts.history, language.history()),
    ];
    let some = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{kind} {count}"));
    std::iter::once(language.mails(counts.mails)).chain(some).collect::<Vec<_>>().join(" · ")
}
