//! How people introduce their company: "We are Kestrel Leisure, an importer of ...".

use regex::Regex;
use std::sync::LazyLock;

/// Bytes of a mail in which people introduce themselves.
const WINDOW: usize = 3_000;

/// A name: words with a capital letter, and the small words between them.
const NAME: &str =
    r"\p{Lu}[\p{L}\p{N}&'’.-]*(?: (?:(?:&|and|of|de|del|du|des|und|y|e|et|i) )?\p{Lu}[\p{L}\p{N}&'’.-]*){0,5}";

/// The lines that can hold an introduction hold one of these.
static TRIGGER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[Ww]e are|[Tt]his is|[Ii] am|I'm|I’m|i'm|[Mm]y name is|[Oo]n behalf of|[Ii] represent|[Ii] work (?:for|at|with)|[Oo]ur company|[Cc]ompany name|[Ss]omos|[Ss]oy|[Nn]ous sommes|[Jj]e suis|[Ww]ir sind|[Ii]ch bin|[Ss]iamo|[Ss]ou|[Jj]esteśmy|[Ww]ij zijn|[Ii]k ben)(?-u:\b)|компани[яи]|我").expect("a fixed pattern compiles")
});

#[rustfmt::skip]
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let us = r"(?:[Ww]e are|[Oo]ur company (?:name )?is|[Cc]ompany name(?: is|:)|[Ss]omos|[Nn]ous sommes|[Ww]ir sind|[Ss]iamo|[Jj]esteśmy|[Ww]ij zijn)";
    let me = r"(?:[Tt]his is|[Ii] am|I'm|I’m|i'm|[Mm]y name is|[Ss]oy|[Jj]e suis|[Ii]ch bin|[Ss]ou|[Ii]k ben)";
    let end = r"(?:[,.;:!)\n]|$| (?:is|are|in|from|based|located|an?|and|with|which|we|und|eine?|et|une?|y|una?|en|aus|from|uit|w|z|\())";
    [
        format!(r"(?:[Oo]n behalf of|[Ii] represent|[Ii] work (?:for|at|with)) (?:the company )?(?P<c>{NAME}){end}"),
        format!(r"{us} (?:the company |la empresa |la société |die Firma |la ditta |firma )?(?P<c>{NAME}){end}"),
        format!(r"{me} [^.\n]{{2,60}}? (?:from|at|with|of|de|von|der|bei|chez|van|da|z) (?:the company |the |la empresa |la société |der Firma |company )?(?P<c>{NAME}){end}"),
        r"компани[яи] [«“\x22](?P<c>[^»”\x22\n]{2,50})[»”\x22]".to_owned(),
        r"我(?:们|們)?(?:是|来自|來自|在)(?P<c>[\p{Han}A-Za-z0-9（）()]{3,25}?(?:有限公司|公司|商行|集团|集團))".to_owned(),
    ]
    .iter()
    .map(|form| Regex::new(form).expect("a fixed pattern compiles"))
    .collect()
});

/// The company that the writer says he is or works for.
pub(super) fn company(text: &str) -> Option<String> {
    let window = &text[..text.floor_char_boundary(WINDOW)];
    window.split(['\n', '。']).filter(|line| TRIGGER.is_match(line)).take(20).find_map(in_line)
}

fn in_line(line: &str) -> Option<String> {
    let line = &line[..line.floor_char_boundary(400)];
    FORMS.iter().find_map(|form| {
        let name = form.captures(line)?.name("c")?.as_str().trim_end_matches(['.', '-', ' ']);
        is_name(name).then(|| name.to_owned())
    })
}

/// Neither a place, nor a person's rank, nor a sentence's next word.
fn is_name(name: &str) -> bool {
    const NO_NAMES: &[&str] = &[
        "I",
        "The",
        "A",
        "An",
        "Your",
        "Our",
        "We",
        "China",
        "Interested",
        "Looking",
        "European",
        "Purchasing",
        "Sales",
        "Buyer",
        "Mr",
        "Mrs",
        "Ms",
        "Herr",
        "Frau",
        "Alibaba",
        "Google",
        "Canton",
        "Made-in-China",
        "In",
        "DHL",
        "CEO",
        "Managing",
        "Europe",
        "Africa",
    ];
    let first = name.split(' ').next().unwrap_or_default();
    let cjk = name.starts_with(|c: char| c > '\u{3000}');
    let vague = ["一家", "一間", "一个", "你们", "貴", "贵", "一家", "做"].iter().any(|v| name.starts_with(v));
    !vague
        && name.chars().count() >= 3
        && !NO_NAMES.contains(&first)
        && (cjk || !name.contains("公司"))
        && (name.contains(' ') || name.chars().count() >= 4)
        && crate::message::country::by_name(name).is_none()
        && !crate::message::country::is_demonym(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_introduce_their_company_in_a_sentence() {
        for (text, expected) in [
            ("We are Kestrel Leisure, an importer of garden goods.", "Kestrel Leisure"),
            ("Hi, this is Jo from Kestrel Ltd.", "Kestrel Ltd"),
            ("My name is Ana Costa and I am the buyer at Casa Verde Jardins.", "Casa Verde Jardins"),
            ("I am writing on behalf of Oak & Ash Interiors", "Oak & Ash Interiors"),
            ("Somos Importadora Los Andes, de Chile", "Importadora Los Andes"),
            ("Wir sind die Firma Gartenhaus Thalbach aus Ulm", "Gartenhaus Thalbach"),
            ("Мы — компания «Турист Плюс» из Перми", "Турист Плюс"),
            ("您好，我是杭州山野户外有限公司的采购", "杭州山野户外有限公司"),
        ] {
            assert_eq!(company(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_place_or_a_wish_is_no_company() {
        for text in [
            "This is Jo from Lagos.",
            "We are European importers.",
            "We are Interested in tents.",
            "I am Kofi, I have shop in Kumasi.",
            "I am from Peru.",
            "我们是一家做户外的公司",
        ] {
            assert_eq!(company(text), None, "{text}");
        }
    }
}
