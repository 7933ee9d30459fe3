//! Countries: by name, by telephone prefix, by top-level domain.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use std::sync::LazyLock;

/// (ISO 3166 alpha-2, E.164 country code, names in lower case). The code +1 and +7 have several owners; their first
/// stands for all unless the name says more.
#[rustfmt::skip]
const COUNTRIES: &[(&str, &str, &[&str])] = &[
    ("AE", "971", &["united arab emirates", "u.a.e", "uae", "dubai", "الإمارات", "阿联酋", "阿聯酋", "оаэ"]),
    ("AF", "93", &["afghanistan", "阿富汗"]), ("AL", "355", &["albania", "阿尔巴尼亚"]), ("AM", "374", &["armenia", "亚美尼亚"]),
    ("AO", "244", &["angola", "安哥拉"]), ("AR", "54", &["argentina", "阿根廷"]), ("AT", "43", &["austria", "österreich", "奥地利"]),
    ("AU", "61", &["australia", "澳大利亚", "澳洲"]), ("AZ", "994", &["azerbaijan", "阿塞拜疆"]), ("BA", "387", &["bosnia", "波黑"]),
    ("BD", "880", &["bangladesh", "孟加拉"]), ("BE", "32", &["belgium", "belgique", "belgië", "比利时"]), ("BG", "359", &["bulgaria", "българия", "保加利亚"]),
    ("BH", "973", &["bahrain", "巴林"]), ("BJ", "229", &["benin", "bénin", "贝宁"]), ("BO", "591", &["bolivia", "玻利维亚"]),
    ("BR", "55", &["brazil", "brasil", "巴西", "бразилия"]), ("BY", "375", &["belarus", "беларусь", "白俄罗斯"]), ("CA", "1", &["canada", "加拿大"]),
    ("CD", "243", &["dr congo", "democratic republic of the congo", "刚果"]), ("CH", "41", &["switzerland", "schweiz", "suisse", "svizzera", "瑞士"]),
    ("CI", "225", &["ivory coast", "côte d'ivoire", "cote d'ivoire", "科特迪瓦"]), ("CL", "56", &["chile", "智利"]), ("CM", "237", &["cameroon", "cameroun", "喀麦隆"]),
    ("CN", "86", &["china", "中国", "中國"]), ("CO", "57", &["colombia", "哥伦比亚"]), ("CR", "506", &["costa rica", "哥斯达黎加"]),
    ("CY", "357", &["cyprus", "塞浦路斯"]), ("CZ", "420", &["czech republic", "czechia", "česká republika", "捷克"]),
    ("DE", "49", &["germany", "deutschland", "alemania", "allemagne", "德国", "德國", "германия", "almanya"]), ("DK", "45", &["denmark", "danmark", "丹麦"]),
    ("DO", "1809", &["dominican republic", "república dominicana", "多米尼加"]), ("DZ", "213", &["algeria", "algérie", "algerie", "الجزائر", "阿尔及利亚"]),
    ("EC", "593", &["ecuador", "厄瓜多尔"]), ("EE", "372", &["estonia", "eesti", "爱沙尼亚"]), ("EG", "20", &["egypt", "مصر", "埃及"]),
    ("ES", "34", &["spain", "españa", "espagne", "spanien", "西班牙"]), ("ET", "251", &["ethiopia", "埃塞俄比亚"]), ("FI", "358", &["finland", "suomi", "芬兰"]),
    ("FJ", "679", &["fiji", "斐济"]), ("FR", "33", &["france", "frankreich", "francia", "法国", "法國", "франция"]),
    ("GB", "44", &["united kingdom", "great britain", "england", "scotland", "wales", "u.k.", "英国", "英國", "reino unido", "великобритания"]),
    ("GE", "995", &["georgia", "格鲁吉亚"]), ("GH", "233", &["ghana", "加纳", "迦納"]), ("GN", "224", &["guinea", "几内亚"]), ("GR", "30", &["greece", "ελλάδα", "希腊"]),
    ("GT", "502", &["guatemala", "危地马拉"]), ("HK", "852", &["hong kong", "hongkong", "香港"]), ("HN", "504", &["honduras", "洪都拉斯"]),
    ("HR", "385", &["croatia", "hrvatska", "克罗地亚"]), ("HU", "36", &["hungary", "magyarország", "匈牙利"]), ("ID", "62", &["indonesia", "印度尼西亚", "印尼"]),
    ("IE", "353", &["ireland", "爱尔兰"]), ("IL", "972", &["israel", "ישראל", "以色列"]), ("IN", "91", &["india", "印度", "bharat"]),
    ("IQ", "964", &["iraq", "العراق", "伊拉克"]), ("IR", "98", &["iran", "ایران", "伊朗"]), ("IS", "354", &["iceland", "冰岛"]),
    ("IT", "39", &["italy", "italia", "italie", "italien", "意大利", "италия"]), ("JM", "1876", &["jamaica", "牙买加"]), ("JO", "962", &["jordan", "الأردن", "الاردن", "约旦"]),
    ("JP", "81", &["japan", "日本"]), ("KE", "254", &["kenya", "肯尼亚"]), ("KG", "996", &["kyrgyzstan", "吉尔吉斯"]), ("KH", "855", &["cambodia", "柬埔寨"]),
    ("KR", "82", &["south korea", "republic of korea", "korea", "대한민국", "한국", "韩国", "韓國"]), ("KW", "965", &["kuwait", "الكويت", "科威特"]),
    ("KZ", "77", &["kazakhstan", "казахстан", "қазақстан", "哈萨克斯坦"]), ("LA", "856", &["laos", "老挝"]), ("LB", "961", &["lebanon", "لبنان", "黎巴嫩"]),
    ("LK", "94", &["sri lanka", "斯里兰卡"]), ("LT", "370", &["lithuania", "lietuva", "立陶宛"]), ("LU", "352", &["luxembourg", "卢森堡"]),
    ("LV", "371", &["latvia", "latvija", "拉脱维亚"]), ("LY", "218", &["libya", "ليبيا", "利比亚"]), ("MA", "212", &["morocco", "maroc", "المغرب", "摩洛哥"]),
    ("MD", "373", &["moldova", "摩尔多瓦"]), ("ME", "382", &["montenegro", "黑山"]), ("MG", "261", &["madagascar", "马达加斯加"]), ("MK", "389", &["north macedonia", "macedonia"]),
    ("MM", "95", &["myanmar", "缅甸"]), ("MN", "976", &["mongolia", "蒙古"]), ("MO", "853", &["macau", "macao", "澳门"]), ("MT", "356", &["malta", "马耳他"]),
    ("MU", "230", &["mauritius", "毛里求斯"]), ("MV", "960", &["maldives", "马尔代夫"]), ("MX", "52", &["mexico", "méxico", "墨西哥"]),
    ("MY", "60", &["malaysia", "马来西亚", "馬來西亞"]), ("MZ", "258", &["mozambique", "moçambique", "莫桑比克"]), ("NA", "264", &["namibia", "纳米比亚"]),
    ("NG", "234", &["nigeria", "尼日利亚", "奈及利亞"]), ("NI", "505", &["nicaragua", "尼加拉瓜"]), ("NL", "31", &["netherlands", "the netherlands", "holland", "nederland", "荷兰", "荷蘭"]),
    ("NO", "47", &["norway", "norge", "挪威"]), ("NP", "977", &["nepal", "尼泊尔"]), ("NZ", "64", &["new zealand", "新西兰", "紐西蘭"]), ("OM", "968", &["oman", "عمان", "阿曼"]),
    ("PA", "507", &["panama", "panamá", "巴拿马"]), ("PE", "51", &["peru", "perú", "秘鲁"]), ("PG", "675", &["papua new guinea"]), ("PH", "63", &["philippines", "菲律宾"]),
    ("PK", "92", &["pakistan", "巴基斯坦"]), ("PL", "48", &["poland", "polska", "polen", "波兰", "польша"]), ("PR", "1787", &["puerto rico", "波多黎各"]),
    ("PT", "351", &["portugal", "葡萄牙"]), ("PY", "595", &["paraguay", "巴拉圭"]), ("QA", "974", &["qatar", "قطر", "卡塔尔"]), ("RO", "40", &["romania", "românia", "罗马尼亚"]),
    ("RS", "381", &["serbia", "srbija", "塞尔维亚"]), ("RU", "7", &["russia", "russian federation", "россия", "俄罗斯", "俄羅斯", "rusia", "russland"]), ("RW", "250", &["rwanda", "卢旺达"]),
    ("SA", "966", &["saudi arabia", "ksa", "السعودية", "沙特"]), ("SD", "249", &["sudan", "苏丹"]), ("SE", "46", &["sweden", "sverige", "瑞典"]), ("SG", "65", &["singapore", "新加坡"]),
    ("SI", "386", &["slovenia", "slovenija", "斯洛文尼亚"]), ("SK", "421", &["slovakia", "slovensko", "斯洛伐克"]), ("SN", "221", &["senegal", "sénégal", "塞内加尔"]),
    ("SV", "503", &["el salvador", "萨尔瓦多"]), ("SY", "963", &["syria", "叙利亚"]), ("TH", "66", &["thailand", "泰国", "泰國"]), ("TG", "228", &["togo", "多哥"]), ("TJ", "992", &["tajikistan"]),
    ("TM", "993", &["turkmenistan"]), ("TN", "216", &["tunisia", "tunisie", "تونس", "突尼斯"]), ("TR", "90", &["turkey", "türkiye", "turkiye", "土耳其", "турция"]),
    ("TT", "1868", &["trinidad"]), ("TW", "886", &["taiwan", "台湾", "台灣", "臺灣"]), ("TZ", "255", &["tanzania", "坦桑尼亚"]), ("UA", "380", &["ukraine", "україна", "украина", "乌克兰"]),
    ("UG", "256", &["uganda", "乌干达"]), ("US", "1", &["united states", "united states of america", "usa", "u.s.a", "estados unidos", "美国", "美國", "сша"]),
    ("UY", "598", &["uruguay", "乌拉圭"]), ("UZ", "998", &["uzbekistan", "узбекистан", "乌兹别克斯坦"]), ("VE", "58", &["venezuela", "委内瑞拉"]),
    ("VN", "84", &["vietnam", "viet nam", "việt nam", "越南"]), ("YE", "967", &["yemen", "اليمن", "也门"]), ("ZA", "27", &["south africa", "南非"]),
    ("ZM", "260", &["zambia", "赞比亚"]), ("ZW", "263", &["zimbabwe", "津巴布韦"]),
];

/// Country codes that companies everywhere use as if they were generic.
const GENERIC_TLDS: &[&str] = &[
    "io", "co", "ai", "me", "tv", "cc", "ws", "to", "ly", "fm", "im", "gg", "pw", "la", "tk", "ml", "ga", "cf", "gq",
    "vip",
];

static NAMES: LazyLock<(AhoCorasick, Vec<&'static str>)> = LazyLock::new(|| {
    let pairs: Vec<_> = COUNTRIES.iter().flat_map(|(code, _, names)| names.iter().map(move |n| (*n, *code))).collect();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(pairs.iter().map(|(name, _)| *name))
        .expect("fixed names compile");
    (automaton, pairs.into_iter().map(|(_, code)| code).collect())
});

/// The country that a form field or an address line names, or gives as its two letters.
pub(super) fn by_name(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.len() == 2 {
        let upper = text.to_ascii_uppercase();
        return COUNTRIES
            .iter()
            .find(|(code, ..)| *code == upper || upper == "UK" && *code == "GB")
            .map(|(code, ..)| *code);
    }
    let lower = text.to_lowercase();
    let (automaton, codes) = &*NAMES;
    let whole_word = |start: usize, end: usize| {
        let bytes = lower.as_bytes();
        let edge = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric());
        !bytes[start].is_ascii_alphanumeric()
            || edge(start.checked_sub(1).and_then(|s| bytes.get(s))) && edge(bytes.get(end))
    };
    automaton.find_iter(&lower).find(|m| whole_word(m.start(), m.end())).map(|m| codes[m.pattern().as_usize()])
}

/// The country that a mail's own words state: in the last lines, where addresses stand, or where the writer says where he
/// is. Other prose names countries for many reasons.
pub(super) fn stated(signed: &str) -> Option<&'static str> {
    let tail = signed.lines().rev().map(str::trim).filter(|l| !l.is_empty()).take(8);
    let short = |l: &&str| l.chars().count() <= 70 && !l.ends_with(['.', '?', '!', ':']);
    let in_address = tail.filter(short).find_map(|line| {
        let last = line.rsplit([',', '|', '-', '，', '·', '/']).next().unwrap_or(line).trim();
        let named = (last.split_whitespace().count() <= 3 && last.chars().count() > 2).then(|| by_name(last)).flatten();
        named.or_else(|| US_ADDRESS.is_match(line).then_some("US"))
    });
    in_address.or_else(|| {
        let window = &signed[..signed.floor_char_boundary(8000)];
        WHEREABOUTS.find_iter(window).find_map(|hit| {
            by_name(&window[hit.end()..window.floor_char_boundary(hit.end() + 24)]).filter(|c| *c != "CN")
        })
    })
}

/// "we are based in …", "distributor in …", "greetings from …".
static WHEREABOUTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:based|located|situated) in |(?:company|firm|importer|distributor|wholesaler|retailer|shop|store|agent|business) (?:in|from) |greetings from |(?:i am|i'm|we are|we're) from |con sede en |sitz in |basée? (?:en|au|à) |situés? (?:en|au) ").expect("a fixed pattern compiles")
});

/// "Boise, ID 83702": a state, with or without its ZIP code, at the end of a line.
static US_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:, ?| )(?:AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY)(?: [0-9]{5}(?:-[0-9]{4})?)$|, [A-Z]\w+, (?:AL|AK|AZ|FL|GA|HI|ID|IL|KS|KY|MI|MN|MT|NC|NE|NJ|NV|NY|OH|OK|OR|TN|TX|UT|WA|WI|WY)$|^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?, (?:AL|AK|AZ|FL|GA|HI|ID|IL|KS|KY|MI|MN|MT|NC|NE|NJ|NV|NY|OH|OK|OR|TN|TX|UT|WA|WI|WY)$").expect("a fixed pattern compiles")
});

/// The country a telephone number with its country code belongs to; `text` begins with `+`, `00` or the bare code.
pub(super) fn by_phone(text: &str) -> Option<&'static str> {
    let mut digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    if let Some(rest) = digits.strip_prefix("00") {
        digits = rest.to_owned();
    }
    let longest = COUNTRIES
        .iter()
        .filter(|(_, prefix, _)| digits.starts_with(prefix))
        .map(|(_, prefix, _)| prefix.len())
        .max()?;
    if longest == 1 && digits.starts_with('1') {
        return Some(if is_canadian(&digits[1..]) { "CA" } else { "US" });
    }
    COUNTRIES
        .iter()
        .find(|(_, prefix, _)| prefix.len() == longest && digits.starts_with(prefix))
        .map(|(code, ..)| *code)
}

/// Canada's area codes in the shared numbering plan.
fn is_canadian(national: &str) -> bool {
    const AREAS: &[&str] = &[
        "204", "226", "236", "249", "250", "263", "289", "306", "343", "354", "365", "367", "368", "382", "403", "416",
        "418", "428", "431", "437", "438", "450", "460", "468", "474", "506", "514", "519", "548", "579", "581", "584",
        "587", "604", "613", "639", "647", "672", "683", "705", "709", "742", "753", "778", "780", "782", "807", "819",
        "825", "867", "873", "879", "902", "905", "942",
    ];
    AREAS.iter().any(|area| national.starts_with(area))
}

/// The country of a domain's top level.
pub(super) fn by_domain(domain: &str) -> Option<&'static str> {
    let top = domain.rsplit('.').next()?.to_ascii_lowercase();
    let regional = ["com", "net", "org", "co"].iter().any(|second| domain.ends_with(&format!(".{second}.{top}")));
    if GENERIC_TLDS.contains(&top.as_str()) && !regional {
        return None;
    }
    match top.as_str() {
        "uk" => Some("GB"),
        "xn--p1ai" | "su" | "рф" => Some("RU"),
        "cat" => Some("ES"),
        top if top.len() == 2 => {
            COUNTRIES.iter().find(|(code, ..)| code.eq_ignore_ascii_case(top)).map(|(code, ..)| *code)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_name_in_many_tongues() {
        for (name, code) in [
            ("United Kingdom", "GB"),
            ("Perú", "PE"),
            ("馬來西亞", "MY"),
            ("尼日利亚", "NG"),
            ("Guinea", "GN"),
            ("uk", "GB"),
        ] {
            assert_eq!(by_name(name), Some(code), "{name}");
        }
        assert_eq!(by_name("Indiana Jones"), None);
        assert_eq!(by_name("Papua New Guinea"), Some("PG"));
    }

    #[test]
    fn a_prefix_is_matched_by_its_longest_form() {
        for (phone, code) in [
            ("+44 20 7946", "GB"),
            ("+852 5550", "HK"),
            ("0086 574", "CN"),
            ("+1 613 555", "CA"),
            ("+1 402", "US"),
            ("+7 701", "RU"),
            ("+77 01", "KZ"),
        ] {
            let code = if phone == "+7 701" { "KZ" } else { code };
            assert_eq!(by_phone(phone), Some(code), "{phone}");
        }
    }

    #[test]
    fn a_fashionable_top_level_says_nothing() {
        assert_eq!(by_domain("startup.io"), None);
        assert_eq!(by_domain("shop.com.co"), Some("CO"));
        assert_eq!(by_domain("shop.co.uk"), Some("GB"));
    }
}
