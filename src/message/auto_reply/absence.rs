//! Automatic answers that no header and no subject gives away: every clause says who is away, that a mail was received,
//! or is the courtesy about it. A clause that nothing explains is a person's.

use super::clauses::{clauses, sentences, unwrapped, words};
use crate::message::{Facts, KindReason};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// An automatic answer is not longer than this, in bytes.
const LONGEST: usize = 1500;

/// Who writes no more than this, in bytes, says nothing beside it.
const SHORT: usize = 100;

/// A clause of no more words than this is a name, a number or a greeting.
const FRAGMENT: usize = 2;

/// One word in so many may stand in a clause that nothing explains.
const OPEN_SHARE: usize = 3;

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// Somebody is away, or the house is closed.
    Away,
    /// When he is back, whom to ask instead, when he answers.
    Meanwhile,
    /// A mail was received.
    Received,
    /// Thanks for a mail, which people write, too.
    Thanks,
    /// Greetings, excuses, opening hours.
    Polite,
    /// Nobody reads this mailbox, a program wrote, or somebody has left for good: enough by itself.
    Nobody,
    /// Business, or an excuse after an absence: a person wrote, unless the sentence only says whom to ask about it.
    Trades,
    /// The writer wants something: a person wrote.
    Wants,
}

use Says::*;

const SENSES: [(&str, Says); 8] = [
    ("Away", Away),
    ("Meanwhile", Meanwhile),
    ("Received", Received),
    ("Thanks", Thanks),
    ("Polite", Polite),
    ("Nobody", Nobody),
    ("Trades", Trades),
    ("Wants", Wants),
];

/// Sense and stems; a stem begins a word, and any ending may follow.
const PHRASES: &str = include_str!("phrases.tsv");

static AUTOMATON: LazyLock<(AhoCorasick, Vec<Says>)> = LazyLock::new(|| {
    let rows = PHRASES.lines().filter_map(|line| line.split_once('\t'));
    let known =
        rows.filter_map(|(name, stems)| SENSES.iter().find(|(n, _)| *n == name).map(|(_, says)| (*says, stems)));
    let pairs: Vec<_> = known.flat_map(|(says, stems)| stems.split('|').map(move |stem| (stem, says))).collect();
    let automaton = AhoCorasick::new(pairs.iter().map(|(stem, _)| crate::text::normalise(stem)));
    (automaton.expect("fixed phrases compile"), pairs.into_iter().map(|(_, says)| says).collect())
});

/// What the clauses say together.
#[derive(Default)]
struct Tally {
    /// The first words of each sense, by its number.
    first: [Option<String>; 8],
    /// Words in clauses that some phrase explains.
    explained: usize,
    /// Words in clauses that nothing explains.
    open: usize,
}

impl Tally {
    fn of(text: &str) -> Self {
        let mut tally = Tally::default();
        for sentence in sentences(text) {
            let sends_on = SENDS_ON.is_match(sentence);
            clauses(sentence).for_each(|clause| tally.read(clause, sends_on));
        }
        tally
    }

    fn read(&mut self, clause: &str, sends_on: bool) {
        let (automaton, says) = &*AUTOMATON;
        let mut explained = sends_on;
        for hit in automaton.find_overlapping_iter(clause).filter(|hit| begins_a_word(clause, hit.start())) {
            let says = says[hit.pattern().as_usize()];
            // "Please send your inquiry to office@…" asks nothing for the writer.
            let elsewhere = match says {
                Wants => names_an_address(clause, hit.end()),
                Trades => sends_on,
                _ => false,
            };
            if !elsewhere {
                self.first[says as usize].get_or_insert_with(|| clause[hit.start()..hit.end()].to_owned());
                explained = true;
            }
        }
        match words(clause) {
            count if explained => self.explained += count,
            count if count > FRAGMENT => self.open += count,
            _ => {}
        }
    }

    fn says(&self, sense: Says) -> Option<&str> {
        self.first[sense as usize].as_deref()
    }
}

/// The words that make a short mail an automatic answer, or None: a person asks, orders, or simply writes. In doubt a
/// person: an answer shown needlessly costs seconds, a lost one costs the buyer.
pub(in crate::message) fn words_of_absence(own: &str, facts: &Facts) -> Option<KindReason> {
    let asks = own.contains(['?', '？', '؟']) && !own.contains("://");
    let counted = facts.quantity.as_deref().is_some_and(|quantity| quantity.contains(char::is_alphabetic));
    let trades = counted || facts.incoterm.is_some() || facts.target_price.is_some();
    if own.len() > LONGEST || own.len() < 8 || asks || trades {
        return None;
    }
    let tally = Tally::of(&unwrapped(&crate::text::normalise(own)));
    if tally.says(Wants).is_some() || tally.says(Trades).is_some() {
        return None;
    }
    if let Some(words) = tally.says(Nobody) {
        return Some(KindReason::AutomaticWords(words.to_owned()));
    }
    let dated = own.bytes().any(|b| b.is_ascii_digit());
    let (meanwhile, received) = (tally.says(Meanwhile), tally.says(Received));
    let covered = tally.open * OPEN_SHARE <= tally.explained;
    let away = tally.says(Away).filter(|_| meanwhile.is_some() || received.is_some() || dated || own.len() < SHORT);
    let arrived = received.filter(|_| meanwhile.is_some() || dated);
    let thanked = tally.says(Thanks).filter(|_| meanwhile.is_some() && tally.open == 0);
    let telling = away.or(arrived).filter(|_| covered).or(thanked);
    telling.map(|words| KindReason::AutomaticWords(words.to_owned()))
}

/// What a sentence holds that confirms receipt or names somebody else to turn to.
static SENDS_ON: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let stems = [
        "@",
        "www.",
        "http",
        "+",
        "contact",
        "kontakt",
        "contatt",
        "reach",
        "call",
        "received",
        "wenden",
        "erhalten",
        "bien reçu",
        "recibido",
        "recebemos",
        "ricevuto",
        "ontvangen",
        "otrzymali",
        "обращ",
        "звон",
        "получен",
        "iletişim",
        "alındı",
        "联系",
        "聯絡",
        "聯繫",
        "已收到",
        "連絡",
        "受け付け",
        "受付",
        "연락",
        "접수",
        "liên hệ",
        "hubungi",
        "ติดต่อ",
        "automat",
        "自动",
        "自動",
        "자동",
        "otomatik",
        "автомат",
    ];
    AhoCorasick::new(stems).expect("fixed words compile")
});

/// An address follows in the same sentence.
fn names_an_address(text: &str, from: usize) -> bool {
    let window = &text[from..text.floor_char_boundary(from + 90)];
    window.split(['\n', '!']).next().is_some_and(|sentence| sentence.contains('@'))
}

/// Scripts without gaps between words have no beginnings to look at.
fn begins_a_word(text: &str, at: usize) -> bool {
    let spaced = |c: char| {
        c.is_alphabetic()
            && !matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{6ff}')
    };
    let starts_spaced = text[at..].starts_with(spaced);
    !(starts_spaced && text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_automatic(text: &str) -> bool {
        words_of_absence(text, &Facts::default()).is_some()
    }

    #[test]
    fn an_absence_is_known_by_its_words_in_many_tongues() {
        for text in [
            "Hello, I am out of the office until 3 December. For urgent matters please contact my colleague.",
            "Guten Tag, ich bin bis zum 4.12. im Urlaub. In dringenden Fällen wenden Sie sich an Frau Roth.",
            "Bonjour, je suis en congé jusqu'au 5 décembre.",
            "Estimados, estaré fuera de la oficina hasta el 2 de diciembre.",
            "Olá, estou de férias até 10/12.",
            "Buongiorno, sono in ferie fino al 7 dicembre.",
            "Ik ben met vakantie tot en met 6 december.",
            "Jestem na urlopie do 1 grudnia.",
            "Я в отпуске до 5 декабря, отвечу по возвращении.",
            "3 Aralık tarihine kadar yıllık izindeyim.",
            "أنا في إجازة حتى 3 ديسمبر",
            "12月3日まで休暇をいただいております。",
            "12월 3일까지 휴가입니다. 급하신 용건은 전화 주십시오.",
            "我12月3日前休假，期间如有急事请联系王小姐。",
            "Tôi đang nghỉ phép đến ngày 3/12.",
            "Jag är på semester och är tillbaka den 3 december.",
            "Jeg er på ferie til og med 3. december.",
            "Olen lomalla 3.12. saakka.",
            "V době do 3. 12. čerpám dovolenou.",
            "December 3-ig szabadságon vagyok.",
            "Sunt in concediu pana pe 3 decembrie.",
            "Είμαι σε άδεια έως τις 3 Δεκεμβρίου.",
            "אני בחופשה עד 3 בדצמבר",
            "Saya sedang cuti dan akan kembali tanggal 3 Desember.",
            "ขณะนี้ลาพักร้อนถึงวันที่ 3 ธันวาคม",
            "Я у відпустці до 3 грудня.",
        ] {
            assert!(is_automatic(text), "{text}");
        }
    }

    #[test]
    fn a_receipt_a_ticket_and_a_mailbox_nobody_reads_are_automatic() {
        for text in [
            "We have received your email, ticket 4711. Our team will get back to you within two days.",
            "您好，您的邮件已收到，我们会尽快回复您。",
            "Jane has left the company. This mailbox is not monitored.",
            "Nous avons bien reçu votre message et vous répondrons sous 48 h.",
        ] {
            assert!(is_automatic(text), "{text}");
        }
    }

    #[test]
    fn a_person_who_was_away_and_now_wants_something_is_a_person() {
        for text in [
            "Sorry, I was on vacation until Monday. Please send the proforma.",
            "Our office is closed tomorrow, can you call on Monday?",
            "I am back from leave. We need the chairs before the holiday.",
            "Ich war im Urlaub. Bitte senden Sie das Angebot noch einmal.",
            "We received your samples, they are good. The colour is right.",
            "Thanks, well received.",
            "我上周出差，请发最新的目录",
        ] {
            assert!(!is_automatic(text), "{text}");
        }
    }

    #[test]
    fn an_order_is_no_absence_whatever_it_says_about_holidays() {
        let facts = Facts { quantity: Some("300 pcs".into()), ..Facts::default() };
        assert!(words_of_absence("I am on vacation until 3 December, 300 pcs as before.", &facts).is_none());
    }
}
