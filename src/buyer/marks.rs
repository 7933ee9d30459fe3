//! What else may tell that it is he: his company's domain, his telephone, his name together with his company's.
//!
//! Marks are what an index is asked for; [`likeness`] then says how sure a name is. Nothing here decides.

use crate::domain;
use crate::message::{House, Message, e164};
use crate::text::normalise;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of a mark, as many as an index can hold.
const MARK_LENGTH: usize = 160;
/// Two of a company's words that are as short as this say nothing alone.
const SIGNIFICANT: usize = 4;

/// Something that a buyer and a mail may have in common, made comparable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark {
    pub kind: MarkKind,
    pub mark: String,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkKind {
    /// The registrable domain of a company's address.
    Domain,
    /// E.164.
    Phone,
    /// A person's name with a company's, blurred so that a slip of the pen leaves one of its marks as it was.
    Person,
    /// A person's name alone: evidence beside another mark only.
    Name,
    /// A company's name alone: evidence beside another mark only.
    Company,
}

impl MarkKind {
    const ALL: [MarkKind; 5] = [MarkKind::Domain, MarkKind::Phone, MarkKind::Person, MarkKind::Name, MarkKind::Company];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            MarkKind::Domain => "domain",
            MarkKind::Phone => "phone",
            MarkKind::Person => "person",
            MarkKind::Name => "name",
            MarkKind::Company => "company",
        }
    }

    /// The kind of a word in the store.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Mark {
    fn new(kind: MarkKind, mark: &str) -> Self {
        Mark { kind, mark: mark.chars().take(MARK_LENGTH).collect() }
    }
}

/// The marks of a buyer's card. `emails` are lower case; a national phone needs the country.
pub fn marks<'a>(
    name: Option<&str>,
    company: Option<&str>,
    emails: impl IntoIterator<Item = &'a str>,
    phones: impl IntoIterator<Item = &'a str>,
    country: Option<&str>,
) -> Vec<Mark> {
    let domains = emails.into_iter().filter_map(domain::of_address).filter(|domain| !domain::is_free_mail(domain));
    let domains = domains.map(domain::registrable).filter(|domain| !domain::is_free_mail(domain));
    let phones = phones.into_iter().filter_map(|phone| e164(phone, country));
    let mut marks: BTreeSet<Mark> = domains.map(|domain| Mark::new(MarkKind::Domain, domain)).collect();
    marks.extend(phones.map(|phone| Mark::new(MarkKind::Phone, &phone)));
    marks.extend(name_marks(name, company));
    marks.extend(person_marks(name, company));
    marks.into_iter().collect()
}

/// The marks of a mail's writer, without the domains that many share. A machine that writes is nobody's colleague.
pub fn marks_of(message: &Message, house: &House) -> Vec<Mark> {
    if message.automatic {
        return Vec::new();
    }
    let writer = &message.writer;
    let domain = writer.email.as_deref().and_then(|email| house.company_domain(email));
    let mut marks: Vec<Mark> = domain.map(|domain| Mark::new(MarkKind::Domain, domain)).into_iter().collect();
    marks.extend(writer_phones(message).map(|phone| Mark::new(MarkKind::Phone, phone)));
    marks.extend(person_marks(writer.name.as_deref(), writer.company.as_deref()));
    marks
}

/// The telephone of the writer in E.164; one that no numbering plan knows is no evidence, nor are others that he names.
pub(super) fn writer_phones(message: &Message) -> impl Iterator<Item = &str> {
    message.writer.phone.iter().map(String::as_str).filter(|phone| phone.starts_with('+'))
}

/// A person's name and a company's, each by itself.
pub fn name_marks(name: Option<&str>, company: Option<&str>) -> Vec<Mark> {
    let name = name.and_then(person_key).map(|name| Mark::new(MarkKind::Name, &name));
    let company = company.and_then(company_key).map(|company| Mark::new(MarkKind::Company, &company));
    name.into_iter().chain(company).collect()
}

/// Three blurs of a person at a company: each bears another slip of the pen.
fn person_marks(name: Option<&str>, company: Option<&str>) -> Vec<Mark> {
    match (name.and_then(person_key), company.and_then(company_key)) {
        (Some(person), Some(company)) => blurred(&person, &company).into(),
        _ => Vec::new(),
    }
}

/// The mark of exactly this person at exactly this company, and of some others, from a [`MarkKind::Name`] and a
/// [`MarkKind::Company`].
pub fn person_mark(name: &Mark, company: &Mark) -> Mark {
    let [exact, ..] = blurred(&name.mark, &company.mark);
    exact
}

/// Each begins with what is the same in all that a slip leaves alike, and mostly in all three: so they lie together in
/// an index, and a new buyer costs one page of it and not three.
fn blurred(person: &str, company: &str) -> [Mark; 3] {
    let longest = person.split(' ').max_by_key(|word| word.chars().count()).unwrap_or_default();
    let head = company.split(' ').find(|word| is_significant(word)).unwrap_or(company);
    let beginning = |text: &str, length: usize| text.chars().filter(|c| *c != ' ').take(length).collect::<String>();
    let near = |company: &str| format!("{}|{}", beginning(longest, 4), beginning(company, 3));
    [
        format!("{}|1|{person}|{head}", near(head)),
        format!("{}|2|{longest}|{company}", near(company)),
        format!("{}|3|{}", near(company), beginning(company, 6)),
    ]
    .map(|mark| Mark::new(MarkKind::Person, &mark))
}

/// Words that say what sort of company it is, or whom one addresses, and not which.
static GENERIC: LazyLock<BTreeSet<&str>> = LazyLock::new(|| words_of("generic"));
static LEGAL_FORMS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| words_of("legal form"));
static TITLES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| words_of("title"));
/// Those that are written without a space beside the name.
static LEGAL_AFFIXES: LazyLock<Vec<&str>> = LazyLock::new(|| affixes(&LEGAL_FORMS));
static TITLE_AFFIXES: LazyLock<Vec<&str>> = LazyLock::new(|| affixes(&TITLES));

/// Words of East Asia, longest first.
fn affixes(words: &BTreeSet<&'static str>) -> Vec<&'static str> {
    const EAST_ASIAN: std::ops::RangeFrom<char> = '\u{3000}'..;
    let mut words: Vec<&str> =
        words.iter().copied().filter(|word| word.chars().all(|c| EAST_ASIAN.contains(&c))).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// The word without the longest of the affixes.
fn bare<'w>(word: &'w str, affixes: &[&str]) -> &'w str {
    let stripped = |affix: &&str| word.strip_suffix(*affix).or_else(|| word.strip_prefix(*affix));
    affixes.iter().find_map(stripped).filter(|rest| !rest.is_empty()).unwrap_or(word)
}

fn words_of(section: &str) -> BTreeSet<&'static str> {
    let (_, rest) = include_str!("name_words.txt").split_once(&format!("# {section}:")).unwrap_or_default();
    let lines = rest.lines().skip(1).take_while(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
}

fn is_significant(word: &str) -> bool {
    let long = word.chars().count() >= SIGNIFICANT || !word.is_ascii();
    long && !GENERIC.contains(word)
}

/// Words in lower case without accents and punctuation.
fn plain_words(text: &str) -> Vec<String> {
    let plain: String = normalise(text).nfd().filter(|c| !is_combining_mark(*c)).nfc().collect();
    // L.L.C. and S.p.A. are one word, AT&T too.
    let joined = plain.replace(['.', '\'', '’'], "");
    joined.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A person's name made comparable: without titles, the words in one order. None if nothing is left.
pub(super) fn person_key(name: &str) -> Option<String> {
    let mut words = plain_words(name);
    words.retain(|word| !TITLES.contains(word.as_str()));
    words.iter_mut().for_each(|word| *word = bare(word, &TITLE_AFFIXES).to_owned());
    words.sort();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A company's name made comparable: without its legal form. None if nothing is left.
pub(super) fn company_key(name: &str) -> Option<String> {
    let mut words = plain_words(name);
    let all = words.clone();
    words.retain(|word| !LEGAL_FORMS.contains(word.as_str()));
    words.iter_mut().for_each(|word| *word = bare(word, &LEGAL_AFFIXES).to_owned());
    let key = if words.is_empty() { all } else { words };
    (!key.is_empty()).then(|| key.join(" "))
}

/// A person with his company.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named<'a> {
    pub name: Option<&'a str>,
    pub company: Option<&'a str>,
}

/// How like two persons with their companies are, in hundredths: 100 where both names are the same but for titles, legal
/// forms, accents and order; the mean of both names else. 0 where either lacks a name.
pub(super) fn likeness(one: Named<'_>, other: Named<'_>) -> u8 {
    let keys = |named: Named<'_>| Some((person_key(named.name?)?, company_key(named.company?)?));
    let (Some(one), Some(other)) = (keys(one), keys(other)) else { return 0 };
    let (person, company) = (person_likeness(&one.0, &other.0), company_likeness(&one.1, &other.1));
    // A namesake elsewhere is another, and so is a colleague: neither name makes up for the other.
    if person.min(company) < 0.8 {
        return 0;
    }
    // Truncated: only the same is 100.
    ((person + company) * 50.0) as u8
}

/// How like two names of persons are; None where they can't be compared, being written in different scripts.
pub(super) fn names_agree(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (person_key(one)?, person_key(other)?);
    let latin = |key: &str| key.chars().filter(|c| c.is_alphabetic()).all(|c| (c as u32) < 0x250);
    (latin(&one) == latin(&other)).then(|| person_likeness(&one, &other) >= 0.85)
}

fn person_likeness(one: &str, other: &str) -> f64 {
    let words = |key: &str| key.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (shorter, longer) =
        if one.len() <= other.len() { (words(one), words(other)) } else { (words(other), words(one)) };
    // "J. Pike" is Joanna Pike, "Marta López" may be Marta López García; a first name alone is nobody.
    let stands_for = |word: &String| {
        longer.iter().any(|full| full == word || (word.chars().count() == 1 && full.starts_with(word.as_str())))
    };
    let whole = shorter.iter().any(|word| word.chars().count() > 1);
    let abbreviated = if shorter.len() > 1 && whole && shorter.iter().all(stands_for) { 0.9 } else { 0.0 };
    strsim::jaro_winkler(one, other).max(abbreviated)
}

fn company_likeness(one: &str, other: &str) -> f64 {
    let words = |key: &str| key.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let (mine, theirs) = (words(one), words(other));
    let shared = mine.intersection(&theirs).any(|word| is_significant(word));
    let within = shared && (mine.is_subset(&theirs) || theirs.is_subset(&mine));
    strsim::jaro_winkler(one, other).max(if within { 0.92 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: (&str, &str), other: (&str, &str)) -> u8 {
        let named = |(name, company)| Named { name: Some(name), company: Some(company) };
        likeness(named(one), named(other))
    }

    #[test]
    fn titles_legal_forms_accents_and_order_make_no_other_person() {
        let pike = ("Joanna Pike", "Kestrel Leisure Ltd");
        assert_eq!(alike(pike, ("Ms. PIKE, Joanna", "KESTREL LEISURE LIMITED")), 100);
        assert_eq!(alike(("Étienne Vasseur", "Jardins de Brenne SARL"), ("Etienne Vasseur", "Jardins de Brenne")), 100);
        assert_eq!(alike(("王伟先生", "上海远航贸易有限公司"), ("王伟", "上海远航贸易")), 100);
        assert_eq!(alike(("Виктор Аксёнов", "ООО «Туристан»"), ("Аксёнов Виктор", "Туристан")), 100);
    }

    #[test]
    fn a_slip_or_an_initial_is_like_and_a_colleague_or_namesake_is_not() {
        let pike = ("Joanna Pike", "Kestrel Leisure Ltd");
        assert!((85..100).contains(&alike(pike, ("Johanna Pike", "Kestrel Leisure"))));
        assert!((85..100).contains(&alike(pike, ("J. Pike", "Kestrel Leisure UK Ltd"))));
        assert_eq!(alike(pike, ("Martin Cole", "Kestrel Leisure Ltd")), 0);
        assert_eq!(alike(pike, ("Joanna Pike", "Nordkamp Fritid AB")), 0);
        assert_eq!(alike(("Li Wei", "Trading Co"), ("Wang Fang", "Trading Co")), 0);
    }

    #[test]
    fn a_slip_leaves_one_mark_as_it_was() {
        let marks = |name, company| marks(Some(name), Some(company), [], [], None).into_iter().collect::<BTreeSet<_>>();
        let pike = marks("Joanna Pike", "Kestrel Leisure Ltd");
        for (name, company) in [
            ("Joana Pike", "Kestrel Leisure"),
            ("Joanna Pike", "Kestrel Leasure Ltd"),
            ("Pike Joanna", "Kestrel Ltd"),
            ("Joanne Pike", "Kestrel Leisure UK"),
        ] {
            assert!(marks(name, company).intersection(&pike).next().is_some(), "{name}, {company}");
        }
    }

    #[test]
    fn the_marks_of_a_person_lie_together() {
        let marks = person_marks(Some("Joanna Pike"), Some("Kestrel Leisure Ltd"));
        let marks: Vec<_> = marks.iter().map(|mark| mark.mark.as_str()).collect();
        assert_eq!(marks, ["joan|kes|1|joanna pike|kestrel", "joan|kes|2|joanna|kestrel leisure", "joan|kes|3|kestre"]);
    }

    #[test]
    fn a_card_is_marked_by_its_domains_and_numbers_and_by_no_providers() {
        let found = marks(None, None, ["a@mail.kestrel.co.uk", "b@gmail.com"], ["01632 960714"], Some("GB"));
        let found: Vec<_> = found.iter().map(|mark| (mark.kind, mark.mark.as_str())).collect();
        assert_eq!(found, [(MarkKind::Domain, "kestrel.co.uk"), (MarkKind::Phone, "+441632960714")]);
    }
}
