//! The digest: new inquiries, best first, and whatever else needs a person.

mod card;

use super::words::Words;
use super::{Letter, Look, grade, plain, template, when};
use crate::clock::UnixTime;
use crate::grading::Grade;
use crate::message::Kind;
use crate::report::{Counts, Digest, HeldLine, InquiryLine, QuarantineLine, QuestionLine, SetAsideLine};
use card::{Card, Line, buyer_phrase, subject_of};
use serde::Serialize;

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
    let subject = subject(&view(SIZES[0]).essence, digest.at, look);
    let (text, html) = template::fitting("digest", &SIZES, view);
    Letter { subject, text, html, attachments: Vec::new() }
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
    tally: String,
    uncounted: Vec<String>,
    answer_token: Option<String>,
    notices: Section<String>,
    cards: Vec<Card>,
    lines: Section<Line>,
    lines_note: String,
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
        let (cards, lines) = digest.inquiries.split_at(digest.inquiries.len().min(size.cards));
        let title = title(digest, look);
        let grades = grade_counts(&digest.inquiries);
        View {
            w: language.words(),
            company: plain::line(&look.company, 80),
            at: when::day_and_time(digest.at, look),
            essence: essence(&title, &grades, look),
            title,
            preview: preview(digest, look),
            grades,
            risky: digest.inquiries.iter().filter(|line| !line.risks.is_empty()).count(),
            waiting: language.waiting(digest.waiting),
            tally: tally(digest, look),
            uncounted: digest.uncounted.iter().flatten().map(|folder| language.disagrees(folder)).collect(),
            answer_token: look.actions.as_ref().map(super::Actions::whole_mail),
            notices: Section::new(&digest.notices, size.others, look, |notice| plain::line(notice, 400)),
            cards: cards.iter().map(|line| Card::new(line, digest, look)).collect(),
            lines: Section::new(lines, size.lines, look, |line| Line::new(line, digest, look)),
            lines_note: language.compact_note(lines.len().min(size.lines)),
            quarantined: Section::new(&digest.quarantined, size.others, look, |line| unread(line, digest, look)),
            set_aside: Section::new(&digest.set_aside, size.others, look, |line| set_aside(line, look)),
            questions: Section::new(&digest.questions, size.others, look, |line| question(line, look)),
            held: Section::new(&digest.held, size.others, look, |line| held(line, digest, look)),
            counts: counts(&digest.counts, look),
        }
    }
}

/// The ledger in one sentence, and whether the server counts alike.
fn tally(digest: &Digest, look: &Look) -> String {
    let agrees = digest.uncounted.as_ref().is_some_and(Vec::is_empty).then(|| look.language.agrees());
    std::iter::once(look.language.tally(&digest.tally).as_str()).chain(agrees).collect::<Vec<_>>().join(" · ")
}

/// The title and the grades, as the subject has them.
fn essence(title: &str, grades: &[GradeCount], look: &Look) -> String {
    if grades.is_empty() {
        return title.to_owned();
    }
    let grades: Vec<_> = grades.iter().map(|each| (each.grade, each.count)).collect();
    format!("{title}{}", look.language.in_brackets(&look.language.grades(&grades)))
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
        let grade = grade::name(line.grading.grade);
        format!("{grade} {}", buyer_phrase(line, look))
    });
    names.collect::<Vec<_>>().join(" | ")
}

fn grade_counts(inquiries: &[InquiryLine]) -> Vec<GradeCount> {
    let count = |grade| GradeCount {
        grade: grade::name(grade),
        colour: grade::colour(grade),
        count: inquiries.iter().filter(|line| line.grading.grade == grade).count(),
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
