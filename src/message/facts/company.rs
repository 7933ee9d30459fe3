//! The company's name: from the lines where people sign, or from the words that introduce them.

use super::introduction;
use crate::message::House;
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Lines at the end of a mail where a signature stands.
const SIGNATURE_LINES: usize = 14;

#[rustfmt::skip]
static LEGAL_FORM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\p{L}\p{N}&.,)’'-] ?)(?:(?-u:\b)(?:Ltd|LTD|Limited|LIMITED|Inc|INC|LLC|L\.L\.C|LLP|Corp|Corporation|PLC|plc|Pty|Pvt|GmbH|gmbh|AG|KG|OHG|UG|e\.U|e\.K|S\.?A\.?R\.?L|SARL|Sàrl|SAS|SPRL|EURL|S\.?A|S\.A\.U|SpA|S\.p\.A|S\.?r\.?l|SRL|Srl|S\.?L|SL|Ltda|LTDA|S\.A\. de C\.V|EIRELI|Lda|B\.?V|BV|N\.?V|BVBA|AB|ApS|A/S|AS|Oy|OÜ|UAB|SIA|Sp\. ?z ?o\.o|sp\. ?z ?o\.o|s\.r\.o|a\.s|Kft|d\.o\.o|EOOD|OOD|FZE|FZCO|FZ-LLC|W\.L\.L|WLL|Bhd|K\.K|Co|CO|Company|Group|Trading|Enterprises|Holdings|Supplies|Imports?|Exports?)(?:[.,]|\s|$)|Şti|A\.Ş)|^\p{L}{1,6} «|ООО|ОАО|ЗАО|ИП |ТОО|ЧП |ТОВ |ФОП |有限公司|有限会社|株式会社|合同会社|公司|商行|貿易|주식회사|㈜|\(주\)|شركة|مؤسسة|مجموعة|Công ty|CÔNG TY|Cửa hàng|M/[Ss]|^(?:PT|CV|UD|Groupe|Grupo|Gruppo|Comercial|Distribuidora|Importadora|Établissements|Ets|Stadt|Gemeinde|Ferramenta|Mairie de|Ayuntamiento de) \p{Lu}")
    .expect("a fixed pattern compiles")
});

/// The company named in the signature or in the writer's introduction; `domain` helps to find its line.
pub(in crate::message) fn company(
    signed: &str,
    name: Option<&str>,
    domain: Option<&str>,
    house: &House,
) -> Option<String> {
    let tail = signed.lines().rev().map(str::trim).filter(|l| !l.is_empty()).take(SIGNATURE_LINES);
    let parts = |line| str::split(line, ['|', '\t', '·', '•']).flat_map(|part| part.split(" - ")).map(str::trim);
    let candidates: Vec<&str> = tail.flat_map(parts).collect();
    let theirs = |company: &String| company.chars().count() >= 2 && !is_ours(company, house);
    let is_name = |part: &&str| part.chars().count() <= 60 && LEGAL_FORM.is_match(part) && !is_sentence(part);
    let by_form = || candidates.iter().copied().filter(is_name).map(|part| clean(part, name)).find(theirs);
    by_form()
        .or_else(|| introduction::company(signed).filter(theirs))
        .or_else(|| by_domain(&candidates, name, domain?).filter(theirs))
}

/// A company that spells one of our domains, or the platform that brought the mail.
fn is_ours(company: &str, house: &House) -> bool {
    let spelled = letters(company);
    let ours = |domain: &String| {
        let label = letters(crate::domain::registrable(domain).split('.').next().unwrap_or(domain));
        label.len() >= 4 && spelled.contains(&label)
    };
    house.domains.iter().any(ours)
        || ["alibaba", "madeinchina", "globalsources"].iter().any(|platform| spelled.starts_with(platform))
}

/// Letters and figures alone, without the marks on them: as a domain is written.
fn letters(text: &str) -> String {
    if text.is_ascii() {
        return text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase())).collect();
    }
    text.to_lowercase().nfd().filter(|c| c.is_alphanumeric()).collect()
}

/// A signature line that shares its letters with the domain's name.
fn by_domain(candidates: &[&str], name: Option<&str>, domain: &str) -> Option<String> {
    if crate::domain::is_free_mail(domain) {
        return None;
    }
    let label = letters(crate::domain::registrable(domain).split('.').next().unwrap_or(domain));
    candidates
        .iter()
        .flat_map(|part| part.split(", "))
        .filter(|part| part.chars().count() <= 50 && !part.contains(['@', '/', ':']) && !part.contains("www."))
        .find(|part| {
            let own = letters(part);
            own.len() >= 5
                && (label.contains(&own) || own.contains(&label) && label.len() >= 5)
                && name.is_none_or(|n| letters(n) != own)
        })
        .map(|part| part.trim_end_matches('.').to_owned())
}

/// Prose has verbs and full stops; a company's line has not.
fn is_sentence(part: &str) -> bool {
    let words = part.split_whitespace().count();
    part.ends_with(['?', '!', ':', '。'])
        || words > 8
        || part.contains('@')
        || part.contains("://")
        || part.contains('，')
        || part.starts_with(|c: char| c.is_lowercase()) && words > 3
}

fn clean(part: &str, name: Option<&str>) -> String {
    let part = part
        .split_once(", ")
        .filter(|(first, rest)| LEGAL_FORM.is_match(first) && !rest.to_lowercase().starts_with("ltd"))
        .map_or(part, |(first, _)| first);
    // Japanese and Chinese signatures put department and name on the company's line.
    let part = part.split(['　', '\u{3000}']).next().unwrap_or(part);
    let part = match part.split_once(' ') {
        Some((first, rest))
            if ["有限公司", "株式会社", "公司"].iter().any(|f| first.ends_with(f) || first.starts_with("株式会社"))
                && !rest.is_empty() =>
        {
            first
        }
        _ => part,
    };
    let part = name.filter(|n| part.len() > n.len() + 2).map_or(part, |n| part.trim_end_matches(n).trim_end());
    let part = ["Company:", "Company Name:", "Firma:", "Empresa:", "Société:", "公司：", "公司:"]
        .iter()
        .find_map(|label| part.strip_prefix(label))
        .unwrap_or(part);
    part.trim_matches(|c: char| matches!(c, ',' | '-' | '*' | '_' | ' ')).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str, name: Option<&str>, domain: Option<&str>) -> Option<String> {
        let house = House { domains: vec!["haiyue-garden.example".into()], ..House::default() };
        company(text, name, domain, &house)
    }

    #[test]
    fn a_signature_names_the_company() {
        for (text, expected) in [
            ("please quote\n\nJo Pike\nKestrel Leisure Ltd\n+44 1632 960714", "Kestrel Leisure Ltd"),
            ("Gruß\nGartenwelt Thalbach GmbH\nIndustriestr. 1", "Gartenwelt Thalbach GmbH"),
            ("林佳穎 採購\n台灣野趣戶外用品有限公司\nTEL: 02", "台灣野趣戶外用品有限公司"),
            ("株式会社みどり野　商品部\n高橋", "株式会社みどり野"),
            ("С уважением\nООО \"Туристан\"", "ООО \"Туристан\""),
            ("saludos\nDistribuidora El Arriero\nQuito", "Distribuidora El Arriero"),
            ("مع التحية\nمؤسسة النخيل للتجارة", "مؤسسة النخيل للتجارة"),
        ] {
            assert_eq!(named(text, None, None).as_deref(), Some(expected), "{text}");
        }
        let found =
            named("48 tables please\nAoife\nBluebell Marquees, Mullingar", Some("Aoife"), Some("bluebellmarquees.ie"));
        assert_eq!(found.as_deref(), Some("Bluebell Marquees"));
    }

    #[test]
    fn our_own_name_and_a_platform_are_no_buyers_company() {
        assert_eq!(named("Attn: Amy\nNingbo Haiyue Garden Co., Ltd.", None, None), None);
        assert_eq!(named("Sent by\nAlibaba.com Hong Kong Limited", None, None), None);
    }

    #[test]
    fn prose_is_no_company() {
        let prose = "We are looking for a company that can make tents for us next year.";
        assert_eq!(named(prose, None, None), None);
    }
}
