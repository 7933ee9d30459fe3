//! What our people tell inquiryd in a mail: `#123 B`, `#124 called, wants CIF price`, `#125 已寄样 DHL 123 到付`.

use super::words::{Word, is_not_so, terms, until, word};
use crate::buyer::{EventKind, Stage};
use crate::calendar::WorkingCalendar;
use crate::clock::UnixTime;
use crate::grade::Grade;
use jiff::civil::Date;
use std::fmt;

/// What an instruction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Matter {
    /// `#123`
    Inquiry(i64),
    /// `@45`
    Buyer(i64),
}

impl fmt::Display for Matter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Matter::Inquiry(id) => write!(f, "#{id}"),
            Matter::Buyer(id) => write!(f, "@{id}"),
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Grade(Grade),
    /// He has his answer, by whatever way.
    Done(String),
    /// A contact, quote, sample, order or note for his ledger.
    Record(EventKind, String),
    /// An order; whether it is the first the ledger knows.
    Order(String),
    Stage(Stage),
    /// Nobody is reminded until then: days from today, or a date.
    Snooze(Until),
    /// We are negotiating: no follow-ups until then.
    Negotiating(Until, String),
    NotAnInquiry(String),
    /// Whoever says so looks after him.
    Mine,
    /// Nobody need answer, and why.
    Except(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    Days(i64),
    Date(Date),
}

impl Action {
    /// Whether somebody may say more beside it.
    fn takes_words(&self) -> bool {
        !matches!(self, Action::Grade(_) | Action::Stage(_) | Action::Snooze(_) | Action::Mine)
    }
}

impl Until {
    /// The beginning of that day by the company's clock; a day from tomorrow to a year and a month ahead.
    pub fn moment(self, calendar: &WorkingCalendar, now: UnixTime) -> UnixTime {
        let day = match self {
            Until::Date(date) => date,
            Until::Days(days) => {
                let today = calendar.date(now);
                today.checked_add(jiff::Span::new().days(days)).unwrap_or(today)
            }
        };
        let today = calendar.date(now);
        let ahead = |days: i64| today.checked_add(jiff::Span::new().days(days)).unwrap_or(today);
        calendar.start_of(day.clamp(ahead(1), ahead(FURTHEST)))
    }
}

/// One line of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    pub matter: Matter,
    pub action: Action,
}

/// A line that names a matter, and what it asks can't be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    pub line: String,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No word that we know.
    Unknown,
    /// It needs words of its own: which note, which exception.
    NeedsWords,
    /// A sample that was sent: free, collect or paid?
    NeedsTerms,
    /// Until when?
    NeedsDay,
}

/// Lines of a mail at most: more is no person's mail.
const LINES: usize = 200;
/// Matters that one line may name, and instructions that one mail may hold.
const MATTERS: usize = 20;
const INSTRUCTIONS: usize = 200;
/// Days that something may be put off.
const FURTHEST: i64 = 400;
/// Characters of what somebody writes beside a word.
const WORDS: usize = 500;

/// Everything that a mail asks: by its subject, whose words may go on in the body, or line by line.
pub fn instructions(subject: &str, body: &str) -> (Vec<Instruction>, Vec<Misread>) {
    let (mut understood, mut misread) = (Vec::new(), Vec::new());
    let mut take = |line: &str| match of_line(line) {
        None => false,
        Some(Ok(found)) => {
            understood.extend(found);
            understood.truncate(INSTRUCTIONS);
            true
        }
        Some(Err(problem)) => {
            misread.push(problem);
            true
        }
    };
    let subject = without_token(subject);
    let words: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES).collect();
    let lines = words.iter().filter(|line| matters(line).is_some()).count();
    if lines == 0 && matters(&subject).is_some() {
        // What a link asks may want words, which stand in the body; a grade wants none, least of all a signature.
        let alone = matches!(of_line(&subject), Some(Ok(found)) if found.iter().all(|one| !one.action.takes_words()));
        let body = if alone { String::new() } else { words.join(" ") };
        take(format!("{subject}, {body}").trim_end_matches([',', ' ']));
    } else {
        take(&subject);
        for line in words {
            take(&without_token(line));
        }
    }
    (understood, misread)
}

/// What one line asks; None if it names no matter.
pub fn of_line(line: &str) -> Option<Result<Vec<Instruction>, Misread>> {
    let (matters, rest) = matters(line)?;
    let action = action(rest);
    let misread = |why| Misread { line: line.chars().take(120).collect(), why };
    let for_each =
        |action: Action| matters.iter().map(|matter| Instruction { matter: *matter, action: action.clone() }).collect();
    Some(action.map(for_each).map_err(misread))
}

/// The subject of a mailto link ends with its token in brackets.
fn without_token(line: &str) -> String {
    match line.rfind("[k.") {
        Some(at) => line[..at].trim().to_owned(),
        None => line.trim().to_owned(),
    }
}

/// The matters at the beginning of a line, and the rest of it.
fn matters(line: &str) -> Option<(Vec<Matter>, &str)> {
    let mut rest = line.trim_start_matches(|c: char| c.is_whitespace() || "-*•·".contains(c));
    let mut found = Vec::new();
    while let Some(sign) = rest.chars().next().filter(|c| "#＃@＠".contains(*c)) {
        let digits = rest[sign.len_utf8()..].trim_start();
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let Ok(number) = digits[..end].parse::<i64>() else { break };
        if found.len() == MATTERS {
            break;
        }
        found.push(if "#＃".contains(sign) { Matter::Inquiry(number) } else { Matter::Buyer(number) });
        rest = digits[end..].trim_start_matches(|c: char| c.is_whitespace() || ",，、:：和&+".contains(c));
    }
    (!found.is_empty()).then_some((found, rest))
}

fn action(rest: &str) -> Result<Action, Why> {
    let (word, words, apart) = word(rest).ok_or(Why::Unknown)?;
    if !matches!(word, Word::Record(EventKind::Note) | Word::Except | Word::NotAnInquiry) && is_not_so(&words, apart) {
        return Err(Why::Unknown);
    }
    let words: String = words.chars().take(WORDS).collect();
    let needed = |words: String| if words.is_empty() { Err(Why::NeedsWords) } else { Ok(words) };
    Ok(match word {
        // "A customer of Leo's" is no grade.
        Word::Letter(grade) if words.is_empty() => Action::Grade(grade),
        Word::Letter(_) => return Err(Why::Unknown),
        Word::Grade => {
            let letter = words.trim_start_matches(|c: char| c.is_whitespace() || "为到=:：".contains(c)).chars().next();
            Action::Grade(letter.and_then(|c| Grade::from_letter(&c.to_string())).ok_or(Why::Unknown)?)
        }
        Word::Done => Action::Done(words),
        Word::Record(EventKind::Note) => Action::Record(EventKind::Note, needed(words)?),
        Word::Record(what) => Action::Record(what, words),
        Word::Sent => {
            let terms = terms(&words).ok_or(Why::NeedsTerms)?.as_str();
            let said =
                words.strip_prefix(terms).map_or(words.as_str(), |rest| rest.trim_start_matches([' ', ',', '，']));
            Action::Record(EventKind::SampleSent, format!("{terms} {said}").trim_end().to_owned())
        }
        Word::Order => Action::Order(words),
        Word::Stage => Action::Stage(Stage::parse(&words).ok_or(Why::Unknown)?),
        Word::Snooze => Action::Snooze(until(&words).ok_or(Why::NeedsDay)?),
        Word::Negotiating => Action::Negotiating(until(&words).unwrap_or(Until::Days(30)), words),
        Word::NotAnInquiry => Action::NotAnInquiry(words),
        Word::Mine => Action::Mine,
        Word::Except => Action::Except(needed(words)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(line: &str) -> Action {
        let (found, misread) = instructions("", line);
        assert!(found.len() == 1 && misread.is_empty(), "{line}: {found:?} {misread:?}");
        found[0].action.clone()
    }

    #[test]
    fn plain_lines_say_what_happened_in_either_language() {
        let phone = |words: &str| Action::Record(EventKind::Phone, words.to_owned());
        let cases = [
            ("#123 B", Action::Grade(Grade::B)),
            ("#123: a级", Action::Grade(Grade::A)),
            ("＃123 改为 C", Action::Grade(Grade::C)),
            ("#123 grade d", Action::Grade(Grade::D)),
            ("#124 called, wants CIF price", phone("wants CIF price")),
            ("- #124 已打电话，要CIF价", phone("要CIF价")),
            ("#124 called, not interested now", phone("not interested now")),
            ("#124 called: please send the catalogue", phone("please send the catalogue")),
            ("#1 done", Action::Done(String::new())),
            ("#1 已回复", Action::Done(String::new())),
            ("#1 quoted USD 3.10", Action::Record(EventKind::Quote, "USD 3.10".into())),
            ("#1 已报价 3.10美元", Action::Record(EventKind::Quote, "3.10美元".into())),
            ("#1 sample sent free, DHL 12", Action::Record(EventKind::SampleSent, "free DHL 12".into())),
            ("#1 已寄样 DHL 123 到付", Action::Record(EventKind::SampleSent, "courier_collect DHL 123 到付".into())),
            ("#1 试订单 200套", Action::Record(EventKind::TrialOrder, "200套".into())),
            ("#1 order 1x40HQ", Action::Order("1x40HQ".into())),
            ("@7 factory visit on Monday", Action::Record(EventKind::FactoryVisit, "on Monday".into())),
            ("#1 stage trial order", Action::Stage(Stage::TrialOrder)),
            ("#1 阶段 已寄样", Action::Stage(Stage::SampleSent)),
            ("#1 snooze 3d", Action::Snooze(Until::Days(3))),
            ("#1 推迟2周", Action::Snooze(Until::Days(14))),
            ("#1 snooze until 2026-12-01", Action::Snooze(Until::Date(jiff::civil::date(2026, 12, 1)))),
            ("@7 洽谈中", Action::Negotiating(Until::Days(30), String::new())),
            ("@7 negotiating, wants 300 sets", Action::Negotiating(Until::Days(30), "wants 300 sets".into())),
            ("@7 negotiating 2 weeks", Action::Negotiating(Until::Days(14), "2 weeks".into())),
            ("#1 not an inquiry", Action::NotAnInquiry(String::new())),
            ("#1 不是询盘，推销", Action::NotAnInquiry("推销".into())),
            ("#1 mine", Action::Mine),
            ("#1 我跟进", Action::Mine),
            ("#1 note: prefers WhatsApp", Action::Record(EventKind::Note, "prefers WhatsApp".into())),
            ("#1 例外：老板已答复", Action::Except("老板已答复".into())),
        ];
        for (line, expected) in cases {
            assert_eq!(one(line), expected, "{line}");
        }
    }

    #[test]
    fn what_can_t_be_told_is_told_back() {
        for (line, why) in [
            ("#1 hmm", Why::Unknown),
            ("#1", Why::Unknown),
            ("#1 abc", Why::Unknown),
            ("#1 处理中", Why::Unknown),
            ("#1 已报价还没发", Why::Unknown),
            ("#1 打电话没人接", Why::Unknown),
            ("#1 call him on Monday", Why::Unknown),
            ("#1 quote needed by Friday", Why::Unknown),
            ("#1 order not confirmed yet", Why::Unknown),
            ("#1 done?", Why::Unknown),
            ("#1 a sample is wanted", Why::Unknown),
            ("#1 A customer of Leo's", Why::Unknown),
            ("#1 sample sent, letter to Matthew", Why::NeedsTerms),
            ("#1 sample sent, unpaid", Why::NeedsTerms),
            ("#1 snooze 2 hours", Why::NeedsDay),
            ("#1 推迟到12月5日", Why::NeedsDay),
            ("#1 note", Why::NeedsWords),
            ("#1 exception", Why::NeedsWords),
            ("#1 sample sent", Why::NeedsTerms),
            ("#1 snooze", Why::NeedsDay),
        ] {
            let (found, misread) = instructions("", line);
            assert!(found.is_empty(), "{line}");
            assert_eq!(misread.iter().map(|one| one.why).collect::<Vec<_>>(), [why], "{line}");
        }
        assert_eq!(instructions("Re: 3 new inquiries", "Thanks!\nAmy"), (vec![], vec![]));
    }

    #[test]
    fn a_link_s_subject_goes_on_in_the_body_and_lines_may_name_several() {
        let (found, _) = instructions("#5 called [k.20800.00112233445566778899]", "wants CIF\nand a catalogue\n");
        let said = "wants CIF and a catalogue".to_owned();
        assert_eq!(found, [Instruction { matter: Matter::Inquiry(5), action: Action::Record(EventKind::Phone, said) }]);
        let (found, _) = instructions("#5 B [k.20800.00112233445566778899]", "发自我的iPhone\nIs it late?\n");
        assert_eq!(found, [Instruction { matter: Matter::Inquiry(5), action: Action::Grade(Grade::B) }]);
        let (found, _) = instructions("#5 called [k.20800.00112233445566778899]", "not interested, is it?\n");
        assert_eq!(found.len(), 1, "a call is a call, whatever was said");
        let (found, _) = instructions("Re: digest", "#1, #2 和 @3 B\n#4 done");
        let matters: Vec<String> = found.iter().map(|one| one.matter.to_string()).collect();
        assert_eq!(matters, ["#1", "#2", "@3", "#4"]);
    }

    proptest! {
        #[test]
        fn no_mail_makes_the_reader_fail(subject in ".{0,80}", body in "(?s).{0,400}") {
            let _ = instructions(&subject, &body);
            let _ = instructions(&format!("#1 {subject}"), &format!("#2 {body}\n＃3{body}"));
        }
    }
}
