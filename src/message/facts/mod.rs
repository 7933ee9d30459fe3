//! What the words state about the business: as written, never invented.

mod company;
mod contact;
mod incoterm;
mod price;
mod quantity;
mod sample;

use super::{Facts, House};
use crate::text::{normalise, with_ascii_digits};
pub(super) use company::company;
pub(super) use contact::with_national_numbers;
use contact::{phones, websites};

/// Text that is searched for facts.
const WINDOW: usize = 64 * 1024;

/// Reads the facts from the writer's words; `signed` still carries the signature.
pub(super) fn read(subject: &str, signed: &str, normalised: &str, house: &House) -> Facts {
    let text = with_ascii_digits(&signed[..signed.floor_char_boundary(WINDOW)]);
    let text = &*text;
    let products = products(normalised, house);
    let (incoterm, port) = incoterm::read(text);
    Facts {
        quantity: quantity::read(text, &products).or_else(|| quantity::read(subject, &products)),
        target_price: price::read(text),
        incoterm,
        port,
        sample: sample::read(normalised),
        certificates: certificates(text),
        phones: phones(text),
        websites: websites(text),
        products,
    }
}

/// The company's own catalogue words that the mail names, in the catalogue's order.
fn products(normalised: &str, house: &House) -> Vec<String> {
    house
        .products
        .iter()
        .filter(|word| {
            let word = normalise(word);
            !word.is_empty() && normalised.contains(&word)
        })
        .cloned()
        .collect()
}

fn certificates(text: &str) -> Vec<String> {
    use regex::Regex;
    use std::sync::LazyLock;
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?-u:\b)(?:CE|GS|UL|ETL|FCC|RoHS|ROHS|REACH|SGS|BSCI|SEDEX|FSC|GOTS|OEKO-?TEX|Oeko-Tex|CCC|CPSIA|CPC|FDA|LFGB|TÜV|TUV|EAC|SASO|SABER|PSE|KC|UKCA|INMETRO|SONCAP|COC|EN ?[0-9]{3,5}(?:-[0-9])?|ISO ?[0-9]{4,5}|ASTM ?[A-Z]?[0-9]{2,5}|UPF ?50\+?|PFAS-free)(?-u:\b)",
        )
        .expect("a fixed pattern compiles")
    });
    let mut found: Vec<String> = Vec::new();
    for hit in NAMES.find_iter(text) {
        if found.len() < 20 && !found.iter().any(|f| f == hit.as_str()) {
            found.push(hit.as_str().to_owned());
        }
    }
    found
}
