//! Prices that buyers have in mind and that we quote, by product and country.

use serde::Serialize;
use std::collections::BTreeMap;

/// An amount as somebody wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Money {
    pub amount: f64,
    /// ISO 4217; None: no currency stands with it.
    pub currency: Option<&'static str>,
}

/// Longest first: `US$` is no `$` of unknown country.
const CURRENCIES: [(&str, &str); 40] = [
    ("долл", "USD"),
    ("dólares", "USD"),
    ("dollar", "USD"),
    ("دولار", "USD"),
    ("us$", "USD"),
    ("u$s", "USD"),
    ("usd", "USD"),
    ("달러", "USD"),
    ("ドル", "USD"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("dolar", "USD"),
    ("hk$", "HKD"),
    ("港币", "HKD"),
    ("hkd", "HKD"),
    ("a$", "AUD"),
    ("aud", "AUD"),
    ("c$", "CAD"),
    ("cad", "CAD"),
    ("欧元", "EUR"),
    ("евро", "EUR"),
    ("يورو", "EUR"),
    ("euro", "EUR"),
    ("eur", "EUR"),
    ("€", "EUR"),
    ("英镑", "GBP"),
    ("gbp", "GBP"),
    ("£", "GBP"),
    ("日元", "JPY"),
    ("円", "JPY"),
    ("jpy", "JPY"),
    ("人民币", "CNY"),
    ("rmb", "CNY"),
    ("cny", "CNY"),
    ("￥", "CNY"),
    ("¥", "CNY"),
    ("元", "CNY"),
    ("руб", "RUB"),
    ("$", "USD"),
    ("₽", "RUB"),
];

impl Money {
    /// The first amount of a text, as buyers write it: `US$ 3.10`, `29,50 USD`, `12.50元`, `1 250 €`.
    pub fn parse(text: &str) -> Option<Money> {
        let lower = text.to_lowercase();
        let currency = CURRENCIES.iter().find(|(word, _)| lower.contains(word)).map(|(_, code)| *code);
        let start = lower.find(|c: char| c.is_ascii_digit())?;
        let figure: String = lower[start..]
            .chars()
            .map(|c| if c == '\u{a0}' { ' ' } else { c })
            .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))
            .collect();
        let amount = amount(figure.trim_matches(|c: char| !c.is_ascii_digit()))?;
        (amount > 0.0).then_some(Money { amount, currency })
    }
}

/// A figure with points, commas and spaces, of which at most the last one is the decimal sign.
fn amount(figure: &str) -> Option<f64> {
    let last = figure.rfind(['.', ',', ' ']);
    let decimals = last.filter(|at| {
        let behind = figure.len() - at - 1;
        let alone = !figure[..*at].contains(['.', ',', ' ']);
        &figure[*at..=*at] != " " && (behind != 3 || alone && figure.starts_with("0"))
    });
    let (whole, fraction) = match decimals {
        Some(at) => (&figure[..at], &figure[at + 1..]),
        None => (figure, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{digits}.{fraction}").trim_end_matches('.').parse().ok()
}

/// Prices of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PriceRange {
    pub count: u64,
    pub lowest: Option<f64>,
    pub median: Option<f64>,
    pub highest: Option<f64>,
}

/// What a country wants to pay for a product, and what we quoted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriceLine {
    /// Empty: not known.
    pub product: String,
    pub country: String,
    /// ISO 4217; empty: none was named.
    pub currency: &'static str,
    pub target: PriceRange,
    pub quoted: PriceRange,
}

/// Whose price it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceKind {
    Target,
    Quoted,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Prices(BTreeMap<(String, String, &'static str), [Vec<f64>; 2]>);

impl Prices {
    pub(super) fn count(&mut self, kind: PriceKind, price: &Money, products: &[String], country: &str) {
        let unnamed = [String::new()];
        let products = if products.is_empty() { &unnamed } else { products };
        // A price beside several products is nobody knows whose.
        let [product] = products else { return };
        let key = (product.clone(), country.to_owned(), price.currency.unwrap_or(""));
        self.0.entry(key).or_default()[kind as usize].push(price.amount);
    }

    /// The most frequent first.
    pub(super) fn lines(self) -> Vec<PriceLine> {
        let line = |((product, country, currency), [target, quoted]): (_, [Vec<f64>; 2])| PriceLine {
            product,
            country,
            currency,
            target: range(target),
            quoted: range(quoted),
        };
        let mut lines: Vec<PriceLine> = self.0.into_iter().map(line).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.target.count + line.quoted.count));
        lines
    }
}

fn range(mut prices: Vec<f64>) -> PriceRange {
    prices.sort_by(f64::total_cmp);
    let median = prices.get(prices.len().saturating_sub(1) / 2).copied();
    PriceRange { count: prices.len() as u64, lowest: prices.first().copied(), median, highest: prices.last().copied() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_its_writer_meant_it() {
        for (text, amount, currency) in [
            ("US$ 3.10", 3.10, Some("USD")),
            ("29,50 USD", 29.5, Some("USD")),
            ("1,250.00 EUR", 1250.0, Some("EUR")),
            ("1.250,00 €", 1250.0, Some("EUR")),
            ("1 250 €", 1250.0, Some("EUR")),
            ("1,250 $", 1250.0, Some("USD")),
            ("0.125 USD", 0.125, Some("USD")),
            ("12.50元", 12.5, Some("CNY")),
            ("27 دولار", 27.0, Some("USD")),
            ("USD 12.5 CIF Hamburg, 600 pcs", 12.5, Some("USD")),
            ("6.90", 6.9, None),
        ] {
            let money = Money::parse(text).expect(text);
            assert!((money.amount - amount).abs() < 1e-9 && money.currency == currency, "{text}: {money:?}");
        }
        for text in ["", "soon", "USD", "0 USD", "$..."] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
    }

    #[test]
    fn targets_and_quotes_of_a_product_and_country_stand_side_by_side() {
        let mut prices = Prices::default();
        let chair = ["chair".to_owned()];
        for (kind, text) in [
            (PriceKind::Target, "USD 3"),
            (PriceKind::Target, "USD 5"),
            (PriceKind::Target, "USD 4"),
            (PriceKind::Quoted, "USD 6"),
        ] {
            prices.count(kind, &Money::parse(text).expect("a price"), &chair, "DE");
        }
        let two = ["chair".to_owned(), "table".to_owned()];
        prices.count(PriceKind::Target, &Money::parse("USD 90").expect("a price"), &two, "DE");
        let lines = prices.lines();
        assert_eq!(lines.len(), 1);
        assert_eq!(
            (lines[0].target.median, lines[0].target.lowest, lines[0].target.highest),
            (Some(4.), Some(3.), Some(5.))
        );
        assert_eq!((lines[0].quoted.count, lines[0].quoted.median), (1, Some(6.)));
    }
}
