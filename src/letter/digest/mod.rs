//! The digest: new inquiries, best first, and whatever else needs a person.

mod card;
mod sheets;
mod subject;

use super::template::{Content, Mail, Page, Subject};
use super::{Letter, Look, grade, plain, when};
use crate::clock::UnixTime;
use crate::grading::Grade;
use crate::message::Kind;
use crate::report::{Counts, Digest, HeldLine, InquiryLine, QuarantineLine, QuestionLine, SetAsideLine};
use card::{Card, Line, buyer_phrase, subject_of};
use serde::Serialize;

/// How much of each section is shown; from the fullest to what always fits.
const SIZES: [Size; 5] = [
    Size { cards: 10, others: 10 },
    Size { cards: 7, others: 10 },
    Size { cards: 5, others: 8 },
    Size { cards: 3, others: 5 },
    Size { cards: 1, others: 3 },
];
/// Inquiries without a card that the text has a line for.
const LINES: usize = 200;
/// Inquiries to be answered first.
const FIRST: usize = 5;

#[derive(Clone, Copy)]
pub(super) struct Size {
    /// Inquiries, with everything about them.
    cards: usize,
    /// Lines in each of the other sections.
    others: usize,
}

impl Size {
    fn shows_all(self, digest: &Digest) -> bool {
        let others = [
            digest.notices.len(),
            digest.quarantined.len(),
            digest.set_aside.len(),
            digest.questions.len(),
            digest.held.len(),
        ];
        digest.inquiries.len() <= self.cards && others.iter().all(|length| *length <= self.others)
    }
}

/// The digest as a letter; what has no room in it stands in a workbook that goes along.
pub fn digest(digest: &Digest, look: &Look) -> Letter {
    let (letter, size) = look.templates.fitting(&SIZES, |size| content(digest, look, size));
    let whole = (!size.shows_all(digest)).then(|| sheets::attachment(digest, look));
    Letter { attachments: whole.into_iter().collect(), ..letter }
}

/// The fullest content, as samples have it.
pub(super) fn whole(digest: &Digest, look: &Look) -> Content {
    content(digest, look, SIZES[0])
}

fn content(digest: &Digest, look: &Look, size: Size) -> Content {
    let page = Page::new(title(digest, look), preview(digest, look), digest.at, look);
    let subject = Subject::new(subject::facts(digest, look), when::moments(digest.at, look));
    Content::new(Mail::Digest, look.language, page, subject, &View::new(digest, look, size))
}

fn inquiries_and_replies(digest: &Digest) -> (usize, usize) {
    let replies = digest.inquiries.iter().filter(|line| line.kind == Kind::Reply).count();
    (digest.inquiries.len() - replies, replies)
}

/// Inquiries with a sign of fraud.
fn risky(digest: &Digest) -> usize {
    digest.inquiries.iter().filter(|line| !line.risks.is_empty()).count()
}

#[derive(Serialize)]
struct View {
    grades: Vec<GradeCount>,
    risky: usize,
    first: Vec<Line>,
    waiting: String,
    tally: String,
    uncounted: Vec<String>,
    notices: Section<String>,
    cards: Vec<Card>,
    cards_more: Option<String>,
    /// What has no card, for the text alone: whoever searches his mailbox for a number finds the mail.
    rest: Vec<Line>,
    quarantined: Section<Item>,
    set_aside: Section<SetAside>,
    questions: Section<Item>,
    held: Section<Item>,
    counts: String,
}

/// Some of a list, and how many more there are.
#[derive(Serialize)]
struct Section<T> {
    shown: Vec<T>,
    more: Option<String>,
}

impl<T> Section<T> {
    fn new<S>(all: &[S], most: usize, look: &Look, make: impl Fn(&S) -> T) -> Self {
        let more = all.len().saturating_sub(most);
        Section {
            shown: all.iter().take(most).map(make).collect(),
            more: (more > 0).then(|| look.language.left_out(more)),
        }
    }
}

#[derive(Serialize)]
struct GradeCount {
    grade: &'static str,
    colour: &'static str,
    count: usize,
    /// In a subject.
    #[serde(skip)]
    is_worth_a_word: bool,
}

/// A mail of another section.
#[derive(Serialize)]
struct Item {
    head: String,
    subject: String,
    detail: String,
}

/// A mail that was taken for no inquiry.
#[derive(Serialize)]
struct SetAside {
    kind: &'static str,
    from: String,
    subject: String,
    reason: String,
}

impl View {
    fn new(digest: &Digest, look: &Look, size: Size) -> View {
        let language = look.language;
        let rest = digest.inquiries.iter().skip(size.cards).take(LINES);
        let inquiries = Section::new(&digest.inquiries, size.cards, look, |line| Card::new(line, digest, look));
        View {
            grades: grade_counts(&digest.inquiries),
            risky: risky(digest),
            first: first(digest, look),
            waiting: language.waiting(digest.waiting),
            tally: tally(digest, look),
            uncounted: digest.uncounted.iter().flatten().map(|folder| language.disagrees(folder)).collect(),
            notices: Section::new(&digest.notices, size.others, look, |notice| plain::line(notice, 400)),
            cards: inquiries.shown,
            cards_more: inquiries.more,
            rest: rest.map(|line| Line::new(line, digest, look)).collect(),
            quarantined: Section::new(&digest.quarantined, size.others, look, |line| unread(line, digest, look)),
            set_aside: Section::new(&digest.set_aside, size.others, look, |line| set_aside(line, look)),
            questions: Section::new(&digest.questions, size.others, look, |line| question(line, look)),
            held: Section::new(&digest.held, size.others, look, |line| held(line, digest, look)),
            counts: counts(&digest.counts, look),
        }
    }
}

/// The inquiries to be answered first: the best and what is late, unless they look like fraud; by when they are due. None
/// if the first card says as much.
fn first(digest: &Digest, look: &Look) -> Vec<Line> {
    let worth = |line: &&InquiryLine| {
        line.risks.is_empty() && (is_worth_a_word(line.grading.grade) || card::is_late(line, digest))
    };
    if digest.inquiries.len() < 2 {
        return Vec::new();
    }
    let mut first: Vec<&InquiryLine> = digest.inquiries.iter().filter(worth).collect();
    first.sort_by_key(|line| line.due.unwrap_or(UnixTime::MAX));
    first.into_iter().take(FIRST).map(|line| Line::new(line, digest, look)).collect()
}

fn is_worth_a_word(grade: Grade) -> bool {
    matches!(grade, Grade::A | Grade::B)
}

/// The ledger in one sentence, and whether the server counts alike.
fn tally(digest: &Digest, look: &Look) -> String {
    let agrees = digest.uncounted.as_ref().is_some_and(Vec::is_empty).then(|| look.language.agrees());
    std::iter::once(look.language.tally(&digest.tally).as_str()).chain(agrees).collect::<Vec<_>>().join(" · ")
}

/// The fact in one phrase.
fn title(digest: &Digest, look: &Look) -> String {
    let language = look.language;
    let (inquiries, replies) = inquiries_and_replies(digest);
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

/// What a list of mails shows beside the subject: who writes, or what waits.
fn preview(digest: &Digest, look: &Look) -> String {
    let names = digest.inquiries.iter().take(4).map(|line| {
        let grade = grade::name(line.grading.grade);
        format!("{grade} {}", buyer_phrase(line, look))
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { look.language.waiting(digest.waiting) } else { names.join(" | ") }
}

fn grade_counts(inquiries: &[InquiryLine]) -> Vec<GradeCount> {
    let count = |grade| GradeCount {
        grade: grade::name(grade),
        colour: grade::colour(grade),
        count: inquiries.iter().filter(|line| line.grading.grade == grade).count(),
        is_worth_a_word: is_worth_a_word(grade),
    };
    [Grade::A, Grade::B, Grade::C, Grade::D].map(count).into_iter().filter(|grade| grade.count > 0).collect()
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

fn set_aside(line: &SetAsideLine, look: &Look) -> SetAside {
    SetAside {
        kind: look.language.kind(line.kind),
        from: plain::line(&line.from, 60),
        subject: subject_of(&line.subject, look, 90),
        reason: plain::line(&line.reason, 160),
    }
}

fn question(line: &QuestionLine, look: &Look) -> Item {
    let (known, new) = (line.candidate_id, line.buyer_id);
    let inquiry = line.inquiry_id.map(|id| format!("#{id}"));
    let head = inquiry.into_iter().chain([look.language.in_common(&line.reason)]);
    let named = |name: &str, id: i64| format!("{} ({id})", plain::line(name, 60)).trim_start().to_owned();
    Item {
        head: head.collect::<Vec<_>>().join(" · "),
        subject: look.language.may_be(&named(&line.buyer, new), &named(&line.candidate, known)),
        detail: look.language.same_or_different(known, new),
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
