//! What the words state about the business: as written, never invented.

mod certificate;
mod company;
mod contact;
mod deadline;
mod digits;
mod incoterm;
mod introduction;
mod price;
mod quantity;
mod sample;

use super::{Facts, House};
use crate::text::normalise;
pub(super) use company::company;
use contact::{phones, websites};

/// Text that is searched for facts.
const WINDOW: usize = 64 * 1024;

/// Reads the facts from the writer's words; `signed` still carries the signature.
pub(super) fn read(subject: &str, signed: &str, normalised: &str, house: &House) -> Facts {
    let text = digits::in_ascii(&signed[..signed.floor_char_boundary(WINDOW)]);
    let text = &*text;
    let products = products(normalised, house);
    let (incoterm, port) = incoterm::read(text);
    Facts {
        quantity: quantity::read(text, &products).or_else(|| quantity::read(subject, &products)),
        target_price: price::read(text),
        incoterm,
        port,
        sample: sample::read(normalised),
        certificates: certificate::read(text),
        deadline: deadline::read(text),
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
