//! The stage that mail speaks of: the buyer's, or our own to him. A person accepts it or not.

use super::Stage;
use crate::message::{Facts, Message, Sample};
use crate::text::normalise;
use regex::Regex;
use std::sync::LazyLock;

/// The stage that a buyer's mail suggests by its facts; rules may see further.
pub fn suggested_stage(message: &Message) -> Option<Stage> {
    match &message.facts {
        facts if facts.sample != Sample::None => Some(Stage::SampleAsked),
        Facts { products, quantity, .. } if !products.is_empty() || quantity.is_some() => Some(Stage::Intent),
        _ => None,
    }
}

/// The stage that our own mail to a buyer suggests: one that names a sample and the courier's number tells that it left.
pub fn suggested_by_ours(message: &Message) -> Option<Stage> {
    let words = normalise(&format!("{}\n{}", message.subject, message.text));
    (SAMPLE.is_match(&words) && WAYBILL.is_match(&words)).then_some(Stage::SampleSent)
}

/// A sample, in the languages in which exporters write.
static SAMPLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"样品|樣品|样件|サンプル|샘플|견본|عين[ةه]|образ[ец][а-я]*|\b(?:samples?|muestras?|échantillons?|muster|amostras?|numune|campion[ei]|próbk\p{L}*|monsters?|mẫu)\b",
    )
});

/// A courier beside a number of his: eight signs or more, with figures in them.
static WAYBILL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^a-z])(?:dhl|fedex|ups|tnt|ems|aramex|dpd|sf express|顺丰|順豐|快递|运单|單號|单号|awb|waybill|tracking|sendungsnummer|seguimiento|suivi|rastre\p{L}*|трек\p{L}*|накладн\p{L}*|takip|追跡)\P{L}{0,6}(?:\p{L}{0,12}\P{L}{1,4}){0,3}?[a-z]{0,4}\d[\d a-z-]{6,30}\d",
    )
});

fn pattern(written: &str) -> Regex {
    Regex::new(written).expect("a fixed pattern compiles")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{House, understand};

    fn ours(text: &str) -> Option<Stage> {
        let raw =
            format!("From: amy@seller.example\r\nTo: ann@kestrel.example\r\nSubject: your inquiry\r\n\r\n{text}\r\n");
        suggested_by_ours(&understand(raw.as_bytes(), &House::default()))
    }

    #[test]
    fn a_sample_with_its_waybill_has_left() {
        for text in [
            "Dear Ann, the sample was sent today, DHL tracking no. 1234567890.",
            "样品已寄出，顺丰单号 SF1234567890123，请查收。",
            "Die Muster sind unterwegs, FedEx Sendungsnummer: 7712 3456 7890.",
            "Образцы отправлены, DHL, трек-номер 12 3456 7890",
        ] {
            assert_eq!(ours(text), Some(Stage::SampleSent), "{text}");
        }
    }

    #[test]
    fn a_promise_or_goods_on_their_way_are_no_sample_sent() {
        for text in [
            "We will send the sample by DHL next week.",
            "Your container left, bill of lading MAEU1234567890, tracking no. 1234567890.",
            "The sample costs USD 25, item 100200300.",
        ] {
            assert_eq!(ours(text), None, "{text}");
        }
    }
}
