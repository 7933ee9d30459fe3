//! When the buyer needs the goods or our answer.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;
use std::sync::LazyLock;

/// A time, as people name it; each form is bounded, so that what follows it stays outside.
#[rustfmt::skip]
static DEADLINE: LazyLock<Regex> = LazyLock::new(|| {
    let month = r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    let day = r"(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
    let date = format!(r"(?:(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {month}(?:,? 20[0-9]{{2}})?|{month} [0-9]{{1,2}}(?:st|nd|rd|th)?(?:,? 20[0-9]{{2}})?|[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-](?:20)?[0-9]{{2}}|20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}|(?:the )?(?:beginning|middle|mid|end|start) of (?:{month}|next week|next month|this month|this week|the year|the month)|mid[- ]{month}|{month}(?: 20[0-9]{{2}})?|(?:next |this )?{day}|(?i:christmas|xmas|easter|ramadan|chinese new year|cny)|next week|next month|tomorrow|week [0-9]{{1,2}})");
    let german = r"(?:[0-9]{1,2}\. ?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|[0-9]{1,2}\.(?:20[0-9]{2})?)|Ende [A-Z]\p{L}+|Mitte [A-Z]\p{L}+|Anfang [A-Z]\p{L}+|KW ?[0-9]{1,2}|Weihnachten|Montag|Dienstag|Mittwoch|Donnerstag|Freitag)";
    Regex::new(&format!(
        r"(?-u:\b)(?:(?i:before|by|not later than|no later than|until|deadline(?: is)?:?|eta(?: by)?|etd(?: by)?|shipment in|delivery in|deliver(?:ed|y)? by) {date}|(?i:within) [0-9]{{1,3}} (?:working |business )?(?:days|weeks|hours)|(?:bis(?: zum| spätestens)?|vor|spätestens(?: am)?) {german}|(?:antes del?|avant(?: le| la)?|entro(?: il)?|até(?: o)?|vóór|voor) [0-9]{{1,2}}(?: de)? \p{{Ll}}{{3,10}})(?:$|[^\p{{L}}\p{{N}}])|до (?:[0-9]{{1,2}} (?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)|понедельника|вторника|среды|четверга|пятницы|конца (?:недели|месяца|года))|(?:月底|年底|本周|下周|[0-9]{{1,2}}月(?:[0-9]{{1,2}}[日号號]|底)?)(?:之?前|以前)"
    ))
    .expect("a fixed pattern compiles")
});

/// The first time that the words set; not for how long a price or an offer of ours holds.
pub(super) fn read(text: &str) -> Option<String> {
    crate::text::lines(text).filter(|line| may_hold(line)).take(200).find_map(|line| {
        let hit = DEADLINE.find(line)?;
        let before = line[..hit.start()].to_lowercase();
        let tells_of_the_past = ["valid", "since", "payment", "paid", "net ", "closed", "founded", "gültig"]
            .iter()
            .any(|w| before.ends_with(w) || before.trim_end().ends_with(w));
        let written = hit.as_str().trim_matches(|c: char| !c.is_alphanumeric());
        (!tells_of_the_past).then(|| written.to_owned())
    })
}

/// A cheap look before the pattern: the words that lead a time.
fn may_hold(line: &str) -> bool {
    #[rustfmt::skip]
    const LEADS: &[&str] = &["efore ", "by ", "By ", "ithin ", "ntil ", "than ", "eadline", "ETA", "eta", "ETD", "etd", "hipment in ", "elivery in ", "bis ", "vor ", "pätestens", "antes de", "avant ", "entro ", "até ", "voor ", "vóór ", "до ", "前", "BY ", "BEFORE "];
    static AUTOMATON: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let builder = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).prefilter(false).build(LEADS);
        builder.expect("fixed words compile")
    });
    AUTOMATON.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_the_buyer_sets_is_read_as_written() {
        for (text, expected) in [
            ("We need them before 20 December.", "before 20 December"),
            ("please ETA by end of March, thanks", "ETA by end of March"),
            ("reply within 3 days", "within 3 days"),
            ("shipment in week 12 please", "shipment in week 12"),
            ("on the water before Christmas", "before Christmas"),
            ("Lieferung bis Ende Februar", "bis Ende Februar"),
            ("entrega antes del 15 de marzo", "antes del 15 de marzo"),
            ("прошу ответить до пятницы", "до пятницы"),
            ("请在月底前回复", "月底前"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_times_are_no_deadline() {
        for text in [
            "as we wrote before",
            "price valid until 5 May",
            "made by hand",
            "we met in March",
            "payment within 30 days",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
