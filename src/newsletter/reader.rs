//! Who reads a newsletter, and what may be said to him by name.

/// Characters of a name that may stand in a sentence.
const NAME: usize = 40;

/// What a newsletter may say of its reader; what isn't known for sure is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    pub first_name: Option<String>,
    pub name: Option<String>,
    pub company: Option<String>,
    /// Two letters (ISO 3166).
    pub country: Option<String>,
    /// What he asked for last.
    pub product: Option<String>,
}

impl Reader {
    /// Somebody of whom everything is known, by whom an author's words are tried.
    pub fn example() -> Reader {
        Reader {
            first_name: Some("Ann".to_owned()),
            name: Some("Ann Lindqvist".to_owned()),
            company: Some("Kestrel Leisure Ltd".to_owned()),
            country: Some("GB".to_owned()),
            product: Some("folding chairs".to_owned()),
        }
    }
}

/// Words before a name that are none.
const TITLES: [&str; 12] = ["mr", "mrs", "ms", "miss", "dr", "prof", "ing", "eng", "sir", "madam", "mme", "herr"];
/// Words that name a desk or a firm, not a person.
const NO_PERSON: [&str; 26] = [
    "sales",
    "info",
    "purchasing",
    "purchase",
    "procurement",
    "export",
    "import",
    "office",
    "admin",
    "team",
    "department",
    "dept",
    "service",
    "support",
    "buyer",
    "buying",
    "contact",
    "mail",
    "ltd",
    "inc",
    "llc",
    "gmbh",
    "co",
    "company",
    "trading",
    "group",
];

/// A name that can stand in a sentence; None for an address, a desk, or something that nobody is called.
pub fn spoken_name(name: &str) -> Option<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !name.is_empty() && name.chars().count() <= NAME;
    let is_name = |c: char| c.is_alphabetic() || " .-'’·".contains(c);
    let is_desk = name.split([' ', '.', '-']).any(|word| NO_PERSON.contains(&word.to_lowercase().as_str()));
    (fits && name.chars().all(is_name) && name.chars().any(char::is_alphabetic) && !is_desk).then_some(name)
}

/// The first name, where the name says it for sure: two or three words in Latin letters, in the order in which most
/// countries write them. `LINDQVIST Ann` is Ann; `Lindqvist, Ann` is nobody, because a comma stands in no spoken name.
pub fn first_name(name: &str) -> Option<String> {
    let name = spoken_name(name)?;
    let is_latin =
        |word: &&str| word.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '-' | '\''));
    let title = |word: &&str| TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    let words: Vec<&str> = name.split(' ').skip_while(title).collect();
    if !(2..=3).contains(&words.len()) || !words.iter().all(is_latin) {
        return None;
    }
    let shouted = |word: &&str| word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
    let first = match words.iter().filter(|word| shouted(word)).count() {
        // Surnames are often written in capitals, wherever they stand.
        1 if shouted(&words[0]) => words[1],
        _ => words[0],
    };
    (first.chars().count() > 1).then(|| capitalised(first))
}

/// `ANN` and `ann` are Ann, `Anne-Marie` stays.
fn capitalised(word: &str) -> String {
    let mixed = word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase);
    if mixed {
        return word.to_owned();
    }
    let part = |part: &str| {
        let mut chars = part.chars();
        chars
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect())
    };
    word.split('-').map(part).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_name_is_said_only_where_the_name_tells_it() {
        for (name, first) in [
            ("Ann Lindqvist", Some("Ann")),
            ("ANN LINDQVIST", Some("Ann")),
            ("LINDQVIST Ann", Some("Ann")),
            ("Mr. Juan Carlos Ortega", Some("Juan")),
            ("anne-marie dupont", Some("Anne-Marie")),
            ("José Núñez", Some("José")),
            ("Lindqvist, Ann", None),
            ("Ann", None),
            ("王小明", None),
            ("J. Whitfield", None),
            ("Purchasing Department", None),
            ("ann@kestrel.example", None),
            ("Kestrel Leisure Ltd", None),
            ("Order 4711 Desk", None),
            ("", None),
        ] {
            assert_eq!(first_name(name).as_deref(), first, "{name}");
        }
    }

    #[test]
    fn an_address_or_a_desk_is_nobody() {
        assert_eq!(spoken_name(" 王小明 ").as_deref(), Some("王小明"));
        assert_eq!(spoken_name("Ann  O'Hara").as_deref(), Some("Ann O'Hara"));
        for name in ["sales", "Sales Team", "info@x.example", "https://x.example", "<b>Ann</b>", "{{ buyer }}"] {
            assert_eq!(spoken_name(name), None, "{name}");
        }
    }
}
