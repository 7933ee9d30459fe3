//! The country a writer names when he says who and where he is.

use super::places::{Place, What, places};
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// Bytes of the words that introduce somebody.
const WINDOW: usize = 6_000;
/// Bytes behind the words that lead an introduction.
const REACH: usize = 150;

/// How close a place must stand to the words in front of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// "we are ...", "our company ...": the place may follow anywhere in the sentence, after a preposition.
    Identity,
    /// "based in ...", "greetings from ...": the place follows at once.
    Whereabouts,
}

#[rustfmt::skip]
const LEADS: &[(Lead, &[&str])] = &[
    (Lead::Identity, &["we are", "we're", "i am", "i'm", "i’m", "we’re", "our company", "my company", "our firm", "our shop", "my shop", "our store", "my store", "we have a shop", "we have shops", "i have shop", "i have a shop", "i own", "we own", "we run", "i run", "our office", "my name is", "this is", "on behalf of", "our business", "my business",
        "wir sind", "unsere firma", "ich bin", "mein name ist", "wir betreiben", "nous sommes", "je suis", "notre société", "notre entreprise", "somos", "soy ", "nuestra empresa", "sou ", "nossa empresa", "estamos", "siamo", "la nostra azienda", "wij zijn", "we zijn", "ik ben", "ons bedrijf",
        "мы ", "наша компания", "представляю", "меня зовут", "jesteśmy", "nasza firma", "reprezentuję", "firmamız", "şirketimiz", "biz ", "chúng tôi là", "chúng tôi ở", "công ty chúng tôi", "我们是", "我們是", "我是", "我司", "我们公司", "私ども", "弊社", "当社", "저희", "نحن", "شركتنا", "أنا "]),
    (Lead::Whereabouts, &["based in", "based at", "located in", "located at", "situated in", "headquartered in", "hq in", "residing in", "live in", "living in", "greetings from", "hello from", "good day from", "good morning from", "regards from", "inquiry from", "enquiry from", "request from", "rfq from", "order from", "buyer from", "importer from", "importer in",
        "company in", "company from", "firm in", "firm from", "wholesaler in", "wholesaler from", "distributor in", "distributor from", "distributor for", "distributors in", "distribution in", "distributorship in", "dealer in", "retailer in", "shop in", "store in", "stores in", "shops in", "business in", "agent in", "agent for", "agents in", "representative in", "warehouse in", "project in", "hotel in", "resort in", "customer from", "writing from", "write to you from", "we are from", "i am from",
        "sitz in", "ansässig in", "firma aus", "anfrage aus", "grüße aus", "basée en", "basée au", "basée à", "basé en", "basé au", "basé à", "située en", "située au", "située à", "situés en", "situés au", "distributeur en", "distributeur au", "importateur en", "importateur au", "con sede en", "ubicada en", "ubicados en", "desde", "saludos desde", "distribuidor en", "importador en", "empresa en", "tienda en", "com sede em", "sediada em", "localizada em", "localizados em", "importador em", "distribuidor no", "distribuidor em", "loja em",
        "con sede a", "con sede in", "azienda di", "gevestigd in", "groeten uit", "z siedzibą w", "pozdrowienia z", "из ", "в городе", "находимся в", "merkezli", "来自", "來自", "位于", "位於", "在", "من ", "في ", "مقرها"]),
];

static LEAD: LazyLock<(AhoCorasick, Vec<Lead>)> = LazyLock::new(|| {
    let pairs: Vec<(&str, Lead)> =
        LEADS.iter().flat_map(|(lead, words)| words.iter().map(move |w| (*w, *lead))).collect();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(pairs.iter().map(|(word, _)| *word))
        .expect("fixed words compile");
    (automaton, pairs.into_iter().map(|(_, lead)| lead).collect())
});

/// The country in which the writer says he is, read from normalised words. Not China: it is named as the place of the
/// goods, of the factory and of us.
pub(in crate::message) fn in_words(normalised: &str) -> Option<&'static str> {
    let window = &normalised[..normalised.floor_char_boundary(WINDOW)];
    let (automaton, leads) = &*LEAD;
    let mut read_to = 0;
    for hit in automaton.find_iter(window).take(60) {
        let starts_a_word = !window[..hit.start()].ends_with(char::is_alphanumeric) || hit_is_cjk(window, hit.start());
        if hit.end() < read_to || !starts_a_word {
            continue;
        }
        let lead = leads[hit.pattern().as_usize()];
        let sentence = sentence_after(window, hit.end(), if lead == Lead::Identity { REACH } else { 40 });
        let place = places(sentence).find(|place| place.country != "CN" && is_where(sentence, place, lead));
        if let Some(place) = place {
            return Some(place.country);
        }
        read_to = hit.end();
    }
    None
}

fn hit_is_cjk(text: &str, at: usize) -> bool {
    text[at..].starts_with(|c: char| c > '\u{3000}')
}

fn sentence_after(text: &str, from: usize, reach: usize) -> &str {
    let window = &text[from..text.floor_char_boundary(from + reach)];
    let end =
        ["\n\n", ". ", ".\n", "? ", "?\n", "! ", "!\n", "。", "；", ";"].iter().filter_map(|s| window.find(s)).min();
    &window[..end.unwrap_or(window.len())]
}

fn is_where(sentence: &str, place: &Place, lead: Lead) -> bool {
    let before = &sentence[..place.start];
    if is_foreign_trade(before) {
        return false;
    }
    let words: Vec<&str> = before.split_whitespace().collect();
    if lead == Lead::Whereabouts {
        // "based in the north of Peru": a few small words may stand between.
        return place.what != What::Demonym && words.len() <= 4;
    }
    let cjk = sentence[place.start..].starts_with(|c: char| c > '\u{3000}');
    match place.what {
        What::Demonym => names_a_business(&sentence[place.end..], &words),
        What::Country => {
            cjk || words.last().is_some_and(|w| is_preposition(w)) || before.trim_end().ends_with([',', '('])
        }
        What::City => {
            cjk || words.last().is_some_and(|w| is_preposition(w)) && !words.iter().rev().take(3).any(|w| *w == "port")
        }
    }
}

/// "we import from", "our customers in", "suppliers in": somebody else sits there.
fn is_foreign_trade(before: &str) -> bool {
    #[rustfmt::skip]
    const OTHERS: &[&str] = &[
        "import", "importing", "imports", "imported", "buy", "buying", "bought", "supplier", "suppliers", "factory", "factories", "source", "sourcing", "purchase", "purchasing", "export", "exporting", "exports", "ship", "shipping", "shipped", "deliver", "delivery", "sell", "selling", "customers", "clients", "customer", "client", "market", "markets", "visiting", "visit", "travel", "travelling", "made", "manufacturer",
        "manufacturers", "fair", "trip", "goods", "cif", "fob", "cfr", "port", "going", "arrive", "coming", "fly", "lieferanten", "importieren", "kunden", "clientes", "proveedores", "fournisseurs", "clients", "exhibition", "competitor",
    ];
    let tail = &before[before.ceil_char_boundary(before.len().saturating_sub(28))..];
    tail.split(|c: char| !c.is_alphanumeric()).any(|word| OTHERS.contains(&word))
}

fn is_preposition(word: &str) -> bool {
    #[rustfmt::skip]
    const PREPOSITIONS: &[&str] = &[
        "in", "from", "of", "at", "near", "the", "for", "aus", "im", "der", "den", "bei", "en", "de", "du", "des", "au", "aux", "la", "le", "à", "el", "do", "da", "dos", "em", "no", "na", "uit", "te", "di", "del", "dalla", "dal", "a", "из", "в", "во", "на", "г.", "z", "ze", "w", "we", "من", "في", "ở", "tại", "từ", "northern", "southern", "central", "western", "eastern", "around", "outside",
    ];
    PREPOSITIONS.contains(&word)
}

/// "a Polish importer", "una empresa chilena".
fn names_a_business(after: &str, before: &[&str]) -> bool {
    #[rustfmt::skip]
    const BUSINESSES: &[&str] = &[
        "importer", "importers", "company", "distributor", "distributors", "wholesaler", "wholesalers", "retailer", "firm", "brand", "trader", "traders", "trading", "buyer", "buyers", "customer", "chain", "agency", "agent", "start-up", "startup", "manufacturer", "hotel", "group", "shop", "store", "webshop", "dealer", "supplier", "business", "producer", "family", "organisation", "organization", "cooperative", "association",
        "firma", "unternehmen", "händler", "importeur", "großhändler", "gesellschaft", "hersteller", "société", "entreprise", "importateur", "distributeur", "grossiste", "enseigne", "empresa", "importadora", "importador", "distribuidora", "distribuidor", "compañía", "tienda", "mayorista", "azienda", "società", "ditta", "importatore", "distributore", "bedrijf", "groothandel", "компания", "фирма", "компании", "spółka", "firmą", "importerem",
    ];
    let bare = |word: &str| BUSINESSES.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()));
    after.split_whitespace().take(4).any(bare) || before.iter().rev().take(3).any(|word| bare(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;

    fn country(text: &str) -> Option<&'static str> {
        in_words(&normalise(text))
    }

    #[test]
    fn people_say_where_they_are_in_many_tongues() {
        for (text, code) in [
            ("We are a family business based in Peru and sell hammocks.", "PE"),
            ("I am Kofi, I have shop in Kumasi and Accra.", "GH"),
            ("We are a Polish importer of garden goods.", "PL"),
            ("We want to be your agent in Vietnam.", "VN"),
            ("Our company is a leading wholesaler of tents in the Czech Republic", "CZ"),
            ("wir sind ein deutsches Unternehmen", "DE"),
            ("Nous sommes une société marocaine", "MA"),
            ("Somos una empresa chilena del rubro", "CL"),
            ("Somos importadores de Colombia", "CO"),
            ("Мы компания из Казахстана", "KZ"),
            ("我们是秘鲁的进口商", "PE"),
            ("Good day from Ghana", "GH"),
            ("Distributor in Colombia", "CO"),
        ] {
            assert_eq!(country(text), Some(code), "{text}");
        }
    }

    #[test]
    fn where_others_sit_is_not_where_the_writer_is() {
        for text in [
            "We are importing from Vietnam at the moment.",
            "Our company has customers in Chile and Peru.",
            "We are looking for a factory in China.",
            "i am visiting Germany next week",
            "Are you made in Taiwan?",
            "price CIF Lagos please",
        ] {
            assert_eq!(country(text), None, "{text}");
        }
    }
}
