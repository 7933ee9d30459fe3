//! Domain names: which part of them somebody registered, and which only look like another. Pure.

/// Labels under which the public registers, besides the top level itself; a short list, not the whole of it.
const SECOND_LEVEL: &[&str] = &[
    "co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go", "gob", "com", "ltd", "plc", "me", "firm", "ind",
    "in",
];

/// Providers whose domains say nothing about who writes.
const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "aol.com",
    "icloud.com",
    "me.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "mail.ru",
    "list.ru",
    "inbox.ru",
    "bk.ru",
    "yandex.ru",
    "yandex.com",
    "ya.ru",
    "rambler.ru",
    "qq.com",
    "foxmail.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sina.cn",
    "sohu.com",
    "139.com",
    "aliyun.com",
    "naver.com",
    "hanmail.net",
    "daum.net",
    "yahoo.co.jp",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "libero.it",
    "virgilio.it",
    "t-online.de",
    "freenet.de",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "protonmail.com",
    "proton.me",
    "zoho.com",
    "mail.com",
    "rediffmail.com",
    "ukr.net",
    "seznam.cz",
    "wp.pl",
    "onet.pl",
    "o2.pl",
    "interia.pl",
    "btinternet.com",
    "comcast.net",
    "bigpond.com",
    "hotmail.co.uk",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.de",
    "yahoo.es",
    "yahoo.com.br",
    "yahoo.co.in",
    "hotmail.fr",
    "live.fr",
    "tutanota.com",
];

/// The domain of an address, lower case.
pub fn of_address(email: &str) -> Option<&str> {
    email.rsplit_once('@').map(|(_, domain)| domain)
}

/// Whether a domain belongs to a mail provider rather than to a company.
pub fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(&domain) || is_world_mail(domain)
}

/// Whether a domain belongs to a provider that serves the world under national domains (`yahoo.fr`).
pub fn is_world_mail(domain: &str) -> bool {
    ["yahoo.", "hotmail.", "outlook.", "live.", "gmx."].iter().any(|p| domain.starts_with(p))
}

/// The registrable part of a domain (`mail.kestrel.co.uk` → `kestrel.co.uk`).
pub fn registrable(domain: &str) -> &str {
    let mut dots = domain.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return domain };
    let two_level = domain.len() - last <= 3 && SECOND_LEVEL.contains(&&domain[second + 1..last]);
    match (two_level, dots.next()) {
        (false, _) => &domain[second + 1..],
        (true, Some(third)) => &domain[third + 1..],
        (true, None) => domain,
    }
}

/// Why `domain` could be mistaken for `known`, if it could: they are not the same, but look so.
pub fn looks_like(domain: &str, known: &str) -> Option<&'static str> {
    let (domain, known) = (registrable(domain), registrable(known));
    let (name, top) = domain.split_once('.')?;
    let (known_name, known_top) = known.split_once('.')?;
    // Most names have nothing to do with one another: their letters say so cheaply.
    let extended = contains_as_part(name, known_name);
    if domain == known || !extended && letters_apart(name, known_name) > MOST_LETTERS_APART {
        return None;
    }
    // Short names are near one another by chance.
    if known_name.chars().count() < 5 || is_free_mail(domain) || is_free_mail(known) {
        return None;
    }
    if name == known_name && top != known_top {
        return Some("the same name under another top level");
    }
    if extended && known_name.chars().count() >= 8 {
        return Some("our partner's name with something added");
    }
    let plain = |text: &str| text.replace(['-', '_'], "");
    if plain(name) == plain(known_name) {
        return Some("differs by a hyphen");
    }
    if skeleton(name) == skeleton(known_name) {
        return Some("letters replaced by look-alikes");
    }
    let distance = edit_distance(name, known_name, 2);
    match distance {
        1 => Some("one letter differs"),
        2 if known_name.chars().count() >= 12 => Some("two letters differ"),
        _ => None,
    }
}

/// Two letters replaced, or `m` written as `rn` twice, put this many letters apart.
const MOST_LETTERS_APART: u32 = 6;

/// By how many letters, in whatever order, two names differ; hyphens don't count.
fn letters_apart(a: &str, b: &str) -> u32 {
    let mut counts = [0i8; 32];
    a.bytes().take(100).filter(|b| *b != b'-').for_each(|b| counts[usize::from(b % 32)] += 1);
    b.bytes().take(100).filter(|b| *b != b'-').for_each(|b| counts[usize::from(b % 32)] -= 1);
    counts.iter().map(|c| u32::from(c.unsigned_abs())).sum()
}

fn contains_as_part(name: &str, known: &str) -> bool {
    name.len() > known.len()
        && (name.starts_with(known) && name[known.len()..].starts_with('-')
            || name.ends_with(known) && name[..name.len() - known.len()].ends_with('-'))
}

/// A name with letters that look alike made one (Unicode TR 39 in the small).
pub fn skeleton(name: &str) -> String {
    let name = name.strip_prefix("xn--").map_or_else(|| name.to_owned(), str::to_owned);
    let mapped: String = name
        .chars()
        .map(|c| match c {
            '0' | 'о' | 'ο' => 'o',
            '1' | 'l' | 'i' | 'і' | '|' | 'ı' => 'l',
            '5' => 's',
            'а' => 'a',
            'е' => 'e',
            'с' => 'c',
            'р' => 'p',
            'х' => 'x',
            'у' => 'y',
            c => c,
        })
        .collect();
    mapped.replace("rn", "m").replace("vv", "w").replace("cl", "d").replace('-', "")
}

/// Letters inserted, deleted, replaced or swapped with their neighbour; `limit + 1` if it is more than `limit`.
fn edit_distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let width = b.len() + 1;
    let mut rows = vec![0usize; width * (a.len() + 1)];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let at = i * width + j;
            rows[at] = if i == 0 || j == 0 {
                i + j
            } else {
                let cost = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (rows[at - width] + 1).min(rows[at - 1] + 1).min(rows[at - width - 1] + cost);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[at - 2 * width - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len() * width + b.len()].min(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrable_part_is_found_under_two_levels() {
        for (domain, part) in [
            ("mail.kestrel.co.uk", "kestrel.co.uk"),
            ("a.b.example.com", "example.com"),
            ("shop.de", "shop.de"),
            ("x.com.br", "x.com.br"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(registrable(domain), part, "{domain}");
        }
    }

    #[test]
    fn look_alikes_of_a_buyer_are_seen_and_strangers_are_not() {
        for domain in [
            "kestrel-leisvre.co.uk",
            "kestrel-lelsure.co.uk",
            "kestrelleisure.co.uk",
            "kestrel-leisure.com",
            "kestrel-leisure-group.co.uk",
        ] {
            assert!(looks_like(domain, "kestrel-leisure.co.uk").is_some(), "{domain}");
        }
        for domain in ["kestrel-leisure.co.uk", "mail.kestrel-leisure.co.uk", "gmail.com", "garden-leisure.co.uk"] {
            assert!(looks_like(domain, "kestrel-leisure.co.uk").is_none(), "{domain}");
        }
        assert!(looks_like("walrnart.com", "walmart.com").is_some());
    }
}
