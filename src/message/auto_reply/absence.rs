//! Automatic answers that no header and no subject gives away: every clause says who is away, that a mail was received,
//! or is the courtesy about it. One clause of business is a person's, however many others are explained, and so is a
//! clause that nothing explains: a machine taken for a person costs a glance, a person taken for a machine a customer.

use super::clauses::{clauses, sentences, unwrapped, words};
use super::phrases::{COUNT, Says, phrases};
use super::{figures, turning};
use crate::message::{Facts, KindReason};
use Says::*;
use regex::Regex;
use std::sync::LazyLock;

/// An automatic answer is not longer than this, in bytes.
const LONGEST: usize = 1500;

/// Who writes no more than this, in bytes, says nothing beside it.
const SHORT: usize = 100;

/// A clause of no more words than this may be a name or a greeting.
const FRAGMENT: usize = 2;

/// So many words may lead to an address or to whom to ask.
const LEADING: usize = 14;

/// A mark of a question, and not one within a link.
static ASKS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\?(?:[^\w/&=%]|$)|[？؟]").expect("a fixed pattern compiles"));

/// What the clauses say together.
#[derive(Default)]
struct Tally {
    /// The first words of each sense, by its number.
    first: [Option<String>; COUNT],
    /// Some clause is nothing that machines say.
    open: bool,
}

/// Behind such a line stand the writer's name and company.
static CLOSES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"regards|sincerely|^yours|wishes|grüß|gruß|saluti|cordialement|salutations|saludos|atentamente|cumprimentos|atenciosamente|groet|poważaniem|pozdr|уважением|saygı",
        r"|تحيات|敬上|此致|商祺|敬具|hilsen|hälsning|ystävällisin|εκτίμηση|üdvözlettel|stimă|hormat|trân trọng|드림"
    ))
    .expect("a fixed pattern compiles")
});

/// A line of a signature, or a greeting, has no more words than this.
const NAME: usize = 4;

/// "This is Jo of Kestrel", in tongues that say it behind the greeting.
const INTRODUCES: [&str; 3] = ["입니다", "です", "と申します"];

impl Tally {
    /// `names` are the lines that hold nothing but names.
    fn of(text: &str, names: &[String]) -> Self {
        let mut tally = Tally::default();
        let (mut begun, mut dated, mut closed) = (false, false, false);
        for (at, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
            let count = words(line);
            let signs = count <= NAME && (closed || names.iter().any(|name| name == line.trim()));
            let mut greeted = false;
            for sentence in sentences(line) {
                let asks_another = turning::names_whom_to_ask(sentence);
                for clause in clauses(sentence) {
                    let introduces = at == 0 && greeted && INTRODUCES.iter().any(|end| clause.ends_with(end));
                    // Names stand in front, on a line of their own, or beside whom to ask; months behind an ordinal.
                    let beside = asks_another || greeted || !begun || count <= FRAGMENT;
                    let name = match signs || introduces {
                        true => NAME,
                        false if beside => FRAGMENT,
                        false => usize::from(dated),
                    };
                    tally.read(clause, asks_another, name);
                    greeted = phrases(clause).any(|(says, ..)| says == Polite);
                    begun |= words(clause) > 0;
                    dated = figures::ends_in_a_day(clause);
                }
            }
            closed |= begun && count <= NAME + 1 && CLOSES.is_match(line);
        }
        tally
    }

    /// A clause of no more than `name` words may be a name.
    fn read(&mut self, clause: &str, asks_another: bool, name: usize) {
        let leads = asks_another && (turning::is_condition(clause) || turning::names_whom_to_ask(clause));
        let confirms = turning::confirms_receipt(clause);
        let mut explained = if leads { LEADING } else { 0 };
        for (says, start, end) in phrases(clause) {
            let shown = &clause[start..end];
            let elsewhere = match says {
                Wants => turning::wants_for_others(&clause[start..]),
                Trades => leads || confirms && turning::is_order(shown),
                _ => false,
            };
            if !elsewhere {
                self.first[says as usize].get_or_insert_with(|| shown.to_owned());
                explained += words(shown) + says.room();
            }
        }
        let count = words(clause);
        let dated = figures::is_a_date(clause) || figures::ends_in_a_day(clause);
        let named = count <= name || count <= FRAGMENT && dated || figures::leads_to_a_day(clause);
        self.open |= count > explained && !named || !leads && figures::has_amount(clause);
    }

    fn says(&self, sense: Says) -> Option<&str> {
        self.first[sense as usize].as_deref()
    }
}

/// The lines in which every word is written like a name.
fn names(own: &str) -> Vec<String> {
    let is_name = |word: &str| word.chars().find(|c| c.is_alphabetic()).is_none_or(char::is_uppercase);
    let lines = own.lines().filter(|line| line.split_whitespace().all(is_name));
    lines.map(|line| crate::text::normalise(line).trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The words that make a short mail an automatic answer, or None: a person asks, orders, or simply writes.
pub(in crate::message) fn words_of_absence(own: &str, facts: &Facts) -> Option<KindReason> {
    let counted = facts.quantity.as_deref().is_some_and(|quantity| quantity.contains(char::is_alphabetic));
    let trades = counted || facts.incoterm.is_some() || facts.target_price.is_some();
    if own.len() > LONGEST || own.len() < 8 || trades || ASKS.is_match(own) {
        return None;
    }
    let text = unwrapped(&crate::text::normalise(own));
    let tally = Tally::of(&text, &names(own));
    if [Wants, Trades, Decides].iter().any(|business| tally.says(*business).is_some()) || figures::counts(&text) {
        return None;
    }
    let reason = |words: &str| KindReason::AutomaticWords(words.to_owned());
    if let Some(words) = tally.says(Nobody) {
        return Some(reason(words));
    }
    if tally.open {
        return None;
    }
    let dated = own.bytes().any(|b| b.is_ascii_digit());
    let meanwhile = tally.says(Meanwhile).or(tally.says(When));
    let received = tally.says(Received);
    let away = tally.says(Away).filter(|_| meanwhile.is_some() || received.is_some() || dated || own.len() < SHORT);
    let arrived = received.filter(|_| meanwhile.is_some() || dated);
    let thanked = tally.says(Thanks).filter(|_| meanwhile.is_some());
    tally.says(Left).or(away).or(arrived).or(thanked).map(reason)
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
