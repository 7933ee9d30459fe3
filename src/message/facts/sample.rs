//! The wish for a sample, and who pays for it.

use crate::message::Sample;
use regex::Regex;
use std::sync::LazyLock;

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern compiles")
}

static SAMPLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)samples?(?-u:\b)|muster(?-u:\b)|échantillon|echantillon|muestra|amostra|campion[ei](?-u:\b)|monster(?-u:\b|s)|próbk|образ(?:ец|ц)|样品|樣品|样板|サンプル|샘플|numune|عينة|عينات|mẫu|prover(?-u:\b)|vareprøve",
    )
});
/// Words around a sample that say it is wanted.
static WANTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"send|order|want|need|like|request|provide|could|can (?:we|i|you)|sample\?|pay|bitte|möchten|brauchen|senden|souhait|envoy|besoin|enviar|necesit|quer|mandar|inviare|vorrei|graag|sturen|proszę|prosi|можно|отправ|нужн|пришл|寄|要|需|提供|お送り|いただ|希望|받아|부탁|보내|요청|istiyor|gönder|نريد|ارسال|gửi|xin",
    )
});
static FREE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"free (?:of charge )?samples?|samples? (?:for free|free)|free of charge|kostenlos\S* muster|muster kostenlos|gratis|échantillon gratuit|muestra gratis|amostra gr[aá]tis|campione gratuito|бесплатн|免费样|免費樣|免费提供样|样品免费|無償サンプル|무료 샘플|샘플 무료|ücretsiz numune|عينة مجانية|mẫu miễn phí",
    )
});
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let courier = "(?:dhl|fedex|ups|tnt|aramex|sf|顺丰|順豐|courier|express)";
    pattern(&format!(
        r"{courier}[^.\n]{{0,30}}(?:account|acc\.?(?-u:\b)|a/c|no\.|konto|compte|cuenta|conta|账号|帳號|到付|착불|계정|アカウント|着払|collect)|(?:account|freight collect|到付|착불|着払)[^.\n]{{0,20}}{courier}|our (?:own )?courier account|my (?:own )?courier"
    ))
});
static PAID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"pay (?:for )?(?:the |your |all )?samples?|samples? (?:cost|fee|charge|price)s?|pay (?:the )?(?:sample|freight)|sample invoice|muster(?:kosten)? (?:bezahl|übernehm)|payer (?:les|l.)échantillon|pagar (?:la|las|a|as|por las)? ?(?:muestra|amostra)|оплат\S* образ|样品费|樣品費|サンプル代|샘플비|numune ücreti",
    )
});

/// Reads normalised text.
pub(super) fn read(normalised: &str) -> Sample {
    let Some(first) = SAMPLE.find(normalised) else {
        // A courier account is only given for samples.
        return if normalised.len() < 600 && ACCOUNT.is_match(normalised) {
            Sample::CourierAccount
        } else {
            Sample::None
        };
    };
    if ACCOUNT.is_match(normalised) {
        Sample::CourierAccount
    } else if FREE.is_match(normalised) {
        Sample::Free
    } else if PAID.is_match(normalised) {
        Sample::Paid
    } else {
        let from = normalised.ceil_char_boundary(first.start().saturating_sub(120));
        let to = normalised.floor_char_boundary(first.end() + 80);
        if WANTED.is_match(&normalised[from..to]) || normalised[from..to].contains('?') {
            Sample::Requested
        } else {
            Sample::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_pays_for_the_sample_is_told_apart() {
        for (text, sample) in [
            ("please send us a sample", Sample::Requested),
            ("can we have one free sample?", Sample::Free),
            ("sample against our dhl account 950 000 123", Sample::CourierAccount),
            ("we pay the sample", Sample::Paid),
            ("muster bitte senden", Sample::Requested),
            ("please quote", Sample::None),
        ] {
            assert_eq!(read(text), sample, "{text}");
        }
    }
}
