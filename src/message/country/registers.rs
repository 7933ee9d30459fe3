//! Numbers of registers and tax offices that only one country gives out.

use super::address::last_lines;
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use std::sync::LazyLock;

/// What stands in front of the number, normalised.
#[rustfmt::skip]
const LABELS: &[(&str, &[&str])] = &[
    ("DE", &["amtsgericht", "handelsregister", "hrb", "ust-idnr", "ust-id"]), ("AT", &["firmenbuch", "uid-nr"]), ("FR", &["siret", "siren", "rcs"]),
    ("BR", &["cnpj", "inscrição estadual"]), ("IT", &["p.iva", "p. iva", "partita iva", "p.i."]), ("AR", &["cuit"]), ("CL", &["r.u.t", "rut"]), ("CO", &["nit"]), ("MX", &["rfc"]),
    ("RU", &["инн", "огрн"]), ("BY", &["унп"]), ("KZ", &["бин"]), ("UA", &["єдрпоу", "ідн"]), ("BG", &["еик"]), ("GR", &["αφμ", "α.φ.μ"]), ("PL", &["nip", "regon", "krs"]),
    ("NL", &["kvk", "btw-nr", "btw nr"]), ("DK", &["cvr", "cvr-nr"]), ("FI", &["y-tunnus"]), ("AU", &["abn", "acn"]), ("NZ", &["nzbn"]), ("IN", &["gstin", "gst in"]), ("US", &["ein"]), ("IL", &["ח.פ", "ח\"פ"]),
    ("KR", &["사업자등록번호", "사업자 등록번호"]), ("TW", &["統一編號", "統編"]), ("TR", &["mersis", "vergi no", "vergi dairesi"]), ("VN", &["mst", "mã số thuế"]), ("ID", &["npwp"]), ("TH", &["เลขประจำตัวผู้เสียภาษี"]),
    ("HU", &["adószám"]), ("HR", &["oib"]), ("RS", &["pib"]), ("ZA", &["cipc"]), ("AE", &["trn"]), ("NG", &["rc no", "cac"]), ("JP", &["法人番号"]), ("GB", &["company reg no", "registered in england"]),
];

static LABELLED: LazyLock<(AhoCorasick, Vec<&'static str>)> = LazyLock::new(|| {
    let pairs: Vec<_> =
        LABELS.iter().flat_map(|(country, labels)| labels.iter().map(move |l| (*l, *country))).collect();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(pairs.iter().map(|(label, _)| crate::text::normalise(label)))
        .expect("fixed labels compile");
    (automaton, pairs.into_iter().map(|(_, country)| country).collect())
});

/// VAT identification numbers of the European Union and its neighbours begin with the country's letters (Council
/// Directive 2006/112/EC, article 215).
static VAT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:DE ?[0-9]{9}|ATU[0-9]{8}|IT ?[0-9]{11}|ES ?[A-Z][0-9]{8}|NL ?[0-9]{9}B[0-9]{2}|BE ?0[0-9]{9}|PL ?[0-9]{10}|PT ?[0-9]{9}|GB ?[0-9]{9}|CZ ?[0-9]{8,10}|DK ?[0-9]{8}|SE ?[0-9]{12}|FI ?[0-9]{8}|EL ?[0-9]{9}|HU ?[0-9]{8}|SK ?[0-9]{10}|HR ?[0-9]{11}|IE ?[0-9]{7}[A-Z]{1,2}|FR ?[0-9A-Z]{2} ?[0-9]{9}|CHE-?[0-9]{3}\.[0-9]{3}\.[0-9]{3})(?-u:\b)")
        .expect("a fixed pattern compiles")
});

/// The country whose register or tax office numbers the company in the last lines.
pub(in crate::message) fn by_register(signed: &str, ours: impl Fn(&str) -> bool) -> Option<&'static str> {
    last_lines(signed).filter(|line| !ours(line) && line.bytes().any(|b| b.is_ascii_digit())).find_map(|line| {
        let by_vat = VAT.find(line).and_then(|hit| super::by_code(&vat_country(hit.as_str())));
        by_vat.or_else(|| labelled(&crate::text::normalise(line)))
    })
}

fn vat_country(number: &str) -> String {
    match &number[..2] {
        "EL" => "GR".to_owned(),
        letters => letters.to_owned(),
    }
}

/// A label as a word of its own with a number soon behind it.
fn labelled(line: &str) -> Option<&'static str> {
    let (automaton, countries) = &*LABELLED;
    let hit = automaton.find_iter(line).find(|hit| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let after = &line[hit.end()..line.floor_char_boundary(hit.end() + 40)];
        edge(line[..hit.start()].chars().next_back())
            && edge(after.chars().next())
            && after.bytes().filter(u8::is_ascii_digit).count() >= 4
    })?;
    Some(countries[hit.pattern().as_usize()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_number_names_its_country() {
        for (line, country) in [
            ("USt-IdNr.: DE117364402", "DE"),
            ("Amtsgericht Osnabrück HRB 20417", "DE"),
            ("SIRET 412 908 773 00021", "FR"),
            ("CNPJ 18.772.904/0001-55", "BR"),
            ("P.IVA 01234567890", "IT"),
            ("ΑΦΜ 099887711", "GR"),
            ("ABN 51 824 753 556", "AU"),
            ("NIP: 525-000-12-34", "PL"),
            ("VAT EL099887711", "GR"),
        ] {
            assert_eq!(by_register(&format!("please quote\n\nJo\n{line}"), |_| false), Some(country), "{line}");
        }
        for line in ["ein 2 m table", "PO 4500123456", "we have 30000 abnormal cases", "Tel. 0123 456789"] {
            assert_eq!(by_register(line, |_| false), None, "{line}");
        }
    }
}
