//! Domain names: which part of them somebody registered, and which only look like another. Pure.

mod lookalike;

use std::borrow::Cow;

pub use lookalike::{Likeness, Trusted, looks_like, skeleton};

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

/// The registrable part of a domain (`mail.kestrel.co.uk` → `kestrel.co.uk`), by the Public Suffix List
/// (<https://publicsuffix.org>); the domain itself where it is a public suffix.
pub fn registrable(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}

/// A domain as it goes over the wire: an internationalised one in punycode (RFC 5891), so that its letters can't deceive.
pub fn punycode(domain: &str) -> Cow<'_, str> {
    if domain.is_ascii() {
        return Cow::Borrowed(domain);
    }
    idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::EMPTY).unwrap_or(Cow::Borrowed(domain))
}

/// The letters a domain shows to a reader: punycode decoded.
pub fn readable(domain: &str) -> Cow<'_, str> {
    if domain.is_ascii() && !domain.contains("xn--") {
        return Cow::Borrowed(domain);
    }
    idna::domain_to_unicode(domain).0.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrable_part_is_found_under_the_public_suffixes_of_the_world() {
        for (domain, part) in [
            ("mail.kestrel.co.uk", "kestrel.co.uk"),
            ("a.b.example.com", "example.com"),
            ("shop.de", "shop.de"),
            ("x.com.br", "x.com.br"),
            ("com.br", "com.br"),
            ("sales.toko.co.id", "toko.co.id"),
            ("www.city.kawasaki.jp", "city.kawasaki.jp"),
            ("buyer.shop.example", "shop.example"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(registrable(domain), part, "{domain}");
        }
    }

    #[test]
    fn a_domain_with_foreign_letters_is_shown_as_it_goes_over_the_wire() {
        assert_eq!(punycode("kestrеl.example"), "xn--kestrl-7of.example", "the e is Cyrillic");
        assert_eq!(readable("xn--kestrl-7of.example"), "kestrеl.example");
        assert_eq!(punycode("plain.example"), "plain.example");
    }
}
