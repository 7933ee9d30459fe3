//! The price the buyer has in mind, with its currency.

use regex::Regex;
use std::sync::LazyLock;

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"[0-9]{1,3}(?:[., ][0-9]{3})*(?:[.,][0-9]{1,3})?|[0-9]+(?:[.,][0-9]{1,3})?";
    let before = r"(?:US\$|USD|U\$S|EUR|GBP|RMB|CNY|HK\$|A\$|C\$|\$|€|£|¥|￥)";
    let after = r"(?:USD|usd|US\$|EUR|Euro|euros?|GBP|RMB|CNY|\$|€|£|dollars?|долл\w*|доллар\w*|евро|دولار|يورو|美元|美金|欧元|元|dólares|달러|ドル|dolar)";
    Regex::new(&format!(r"{before} ?(?:{number})|(?:{number}) ?{after}")).expect("a fixed pattern compiles")
});

static HINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)target|zielpreis|prix cible|precio objetivo|preço alvo|prezzo (?:target|obiettivo)|目标价|目標價|希望価格|목표|المستهدف|hedef|целев|budget|if you can do|can you do|we (?:can )?pay|max(?:imum)?(?-u:\b)|offer(?:ed)? (?:me|us)|give(?:s|n)? (?:me|us)",
        r"|bei \d|за которую|дали|si .{0,20}a \d|we take|at \d|prijs|preis|prezzo|цена|wären wir|within|以内|以內"
    ))
    .expect("a fixed pattern compiles")
});

/// "do 6.90 each", "at 16.40": a price without its currency.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:can (?:you )?do|factory|at|for|做到|target(?: price)?:?|price:?) (?P<p>[0-9]{1,4}[.,][0-9]{1,2})(?: each|/pc|/piece|[ ,.?？]|$)").expect("a fixed pattern compiles")
});

/// The price in a sentence that speaks of a target, else the first one named.
pub(super) fn read(text: &str) -> Option<String> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let hits: Vec<_> =
        PRICE.find_iter(text).take(40).filter(|hit| is_unit_price(text, hit.start(), hit.end())).collect();
    let hinted = hits.iter().find(|hit| HINT.is_match(around(text, hit.start(), hit.end())));
    let bare = || BARE.captures(text).and_then(|c| c.name("p"));
    hinted.copied().or_else(|| hits.first().copied()).or_else(bare).map(|hit| hit.as_str().trim().to_owned())
}

fn around(text: &str, start: usize, end: usize) -> &str {
    let breaks: &[&str] = &["\n", "? ", "! ", ". ", "。"];
    let from = text.ceil_char_boundary(start.saturating_sub(80));
    let before = &text[from..start];
    let from = breaks.iter().filter_map(|b| before.rfind(b)).max().map_or(from, |at| from + at + 1);
    let after = &text[end..text.floor_char_boundary(end + 14)];
    let to = breaks.iter().filter_map(|b| after.find(b)).min().map_or(text.len(), |at| end + at);
    &text[text.ceil_char_boundary(from)..text.floor_char_boundary(to.min(end + 12))]
}

/// A figure with digits on both sides of it belongs to a longer number; a large one is a turnover.
fn is_unit_price(text: &str, start: usize, end: usize) -> bool {
    let glued = text[..start].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '.')
        || text[end..].chars().next().is_some_and(|c| c.is_ascii_digit());
    let figure: String = text[start..end].chars().filter(|c| c.is_ascii_digit()).collect();
    !glued && figure.len() <= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_beats_another_price_in_the_mail() {
        assert_eq!(read("Your price was USD 3.50. Our target is US$ 3.10 FOB.").as_deref(), Some("US$ 3.10"));
        assert_eq!(read("Zielpreis liegt bei 29,50 USD.").as_deref(), Some("29,50 USD"));
        assert_eq!(read("السعر المستهدف 27 دولار").as_deref(), Some("27 دولار"));
        assert_eq!(read("no price here 2026"), None);
    }
}
