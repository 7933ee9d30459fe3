//! What a newsletter says of a fair: `{{ fair.title }}`, `{{ fair.place }}`, `{{ fair.booth }}`, `{{ fair.dates }}`.

use super::Fair;
use crate::newsletter::file::escaped;
use crate::written::reader::Mistake;
use jiff::civil::Date;

/// Words in one language or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// By primary tag (BCP 47), lower case; without one for whoever reads none of the others. Never empty.
    pub by_language: Vec<(Option<String>, String)>,
}

impl Told {
    pub fn once(words: &str) -> Told {
        Told { by_language: vec![(None, words.to_owned())] }
    }

    /// For who reads this language; else in English, else the first.
    pub fn in_language(&self, language: &str) -> &str {
        let of = |wanted: &str| self.by_language.iter().find(|(tag, _)| tag.as_deref() == Some(wanted));
        let found = of(language).or_else(|| of("en")).or_else(|| self.by_language.first());
        found.map_or("", |(_, words)| words)
    }
}

const KNOWN: [&str; 4] = ["fair.title", "fair.place", "fair.booth", "fair.dates"];

impl Fair {
    /// The text with the fair's words in it; those for the buyer stay.
    ///
    /// # Errors
    /// It says something of the fair that nobody has told.
    pub(in crate::newsletter) fn said(
        &self,
        text: &str,
        language: Option<&str>,
        is_markdown: bool,
    ) -> Result<String, Mistake> {
        let language = language.unwrap_or("en");
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let Some(end) = rest[start..].find("}}").map(|end| start + end) else { break };
            let word = rest[start + 2..end].trim();
            out.push_str(&rest[..start]);
            if word == "fair" || word.starts_with("fair.") {
                let said = self.word(word, language)?;
                out.push_str(&if is_markdown { escaped(&said) } else { said });
            } else {
                out.push_str(&rest[start..end + 2]);
            }
            rest = &rest[end + 2..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn word(&self, word: &str, language: &str) -> Result<String, Mistake> {
        match word {
            "fair.title" => Ok(self.title.in_language(language).to_owned()),
            "fair.place" => Ok(self.place.in_language(language).to_owned()),
            "fair.booth" => Ok(self.booth.clone()),
            "fair.dates" => Ok(dates_told(self.first, self.last, language)),
            other => {
                let what = format!("{{{{ {other} }}}} is nothing that a fair has");
                Err(Mistake::new(what, KNOWN.join(", ")))
            }
        }
    }
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// A month's names, as buyers write them.
pub(super) fn month_names(month: i8) -> [&'static str; 2] {
    let index = usize::from(month.unsigned_abs()).saturating_sub(1);
    [ENGLISH, SPANISH].map(|names| names.get(index).copied().unwrap_or_default())
}

/// `15–19 April 2027`; in a language that isn't spoken here, as numbers.
fn dates_told(first: Date, last: Date, language: &str) -> String {
    let [english, spanish] = month_names(first.month());
    let [english_end, spanish_end] = month_names(last.month());
    let (year, from, to) = (last.year(), first.day(), last.day());
    let (one_day, one_month, one_year) =
        (first == last, first.first_of_month() == last.first_of_month(), first.year() == last.year());
    match language {
        "en" if one_day => format!("{from} {english} {year}"),
        "en" if one_month => format!("{from}–{to} {english} {year}"),
        "en" if one_year => format!("{from} {english} – {to} {english_end} {year}"),
        "en" => format!("{from} {english} {} – {to} {english_end} {year}", first.year()),
        "es" if one_day => format!("el {from} de {spanish} de {year}"),
        "es" if one_month => format!("del {from} al {to} de {spanish} de {year}"),
        "es" if one_year => format!("del {from} de {spanish} al {to} de {spanish_end} de {year}"),
        "zh" if one_day => format!("{year}年{}月{from}日", first.month()),
        "zh" if one_month => format!("{year}年{}月{from}日至{to}日", first.month()),
        "zh" if one_year => format!("{year}年{}月{from}日至{}月{to}日", first.month(), last.month()),
        _ if one_day => first.to_string(),
        _ => format!("{first} – {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn canton() -> Fair {
        let title = vec![
            (Some("en".to_owned()), "141st *Canton* Fair".to_owned()),
            (Some("zh".to_owned()), "第141届广交会".to_owned()),
        ];
        Fair { title: Told { by_language: title }, ..Fair::canton() }
    }

    #[test]
    fn a_fair_is_told_in_the_readers_language() {
        let text = "{{ buyer.first_name }}: {{ fair.title }}, {{fair.dates}}, {{ fair.place }}, {{ fair.booth }}";
        for (language, expected) in [
            (None, "141st *Canton* Fair, 15–19 April 2027, Guangzhou, 13.1 B21"),
            (Some("zh"), "第141届广交会, 2027年4月15日至19日, Guangzhou, 13.1 B21"),
            (Some("es"), "141st *Canton* Fair, del 15 al 19 de abril de 2027, Guangzhou, 13.1 B21"),
            (Some("de"), "141st *Canton* Fair, 2027-04-15 – 2027-04-19, Guangzhou, 13.1 B21"),
        ] {
            let said = canton().said(text, language, false).expect("known words");
            assert_eq!(said, format!("{{{{ buyer.first_name }}}}: {expected}"));
        }
        let said = canton().said("{{ fair.title }}", None, true).expect("known words");
        assert_eq!(said, "141st \\*Canton\\* Fair");
        let wrong = canton().said("in hall {{ fair.hall }}", None, false).expect_err("no such word");
        assert_eq!(wrong.what, "{{ fair.hall }} is nothing that a fair has");
    }

    #[test]
    fn a_fair_over_the_end_of_a_month_names_both() {
        let told = |language| dates_told(date(2027, 4, 29), date(2027, 5, 3), language);
        assert_eq!(told("en"), "29 April – 3 May 2027");
        assert_eq!(told("zh"), "2027年4月29日至5月3日");
        assert_eq!(told("es"), "del 29 de abril al 3 de mayo de 2027");
        assert_eq!(dates_told(date(2027, 5, 3), date(2027, 5, 3), "en"), "3 May 2027");
    }
}
