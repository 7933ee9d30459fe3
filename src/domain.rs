//! Domain names: which part of them somebody registered, and which only look like another. Pure.

mod lookalike;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

pub use lookalike::{Likeness, Trusted, looks_like, skeleton};

/// Providers whose domains say nothing about who writes: registrable domains, and names that serve the world under
/// national endings, such as `yahoo.`.
static FREE_MAIL: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("domain/free_mail.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

/// The domain of an address, lower case.
pub fn of_address(email: &str) -> Option<&str> {
    email.rsplit_once('@').map(|(_, domain)| domain)
}

/// Whether a domain belongs to a mail provider rather than to a company; the list is `domain/free_mail.txt`.
pub fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(domain) || is_world_mail(domain)
}

/// Whether a domain belongs to a provider that serves the world under national domains (`yahoo.fr`).
pub fn is_world_mail(domain: &str) -> bool {
    let brand = domain.find('.').map_or("", |dot| &domain[..=dot]);
    FREE_MAIL.contains(brand) && registrable(domain) == domain
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
    fn a_provider_is_told_from_a_company_that_has_its_word_in_a_name() {
        for provider in
            ["gmail.com", "yahoo.com.br", "hotmail.co.uk", "gmx.at", "vip.163.com", "bigpond.com", "live.nl"]
        {
            assert!(is_free_mail(provider), "{provider}");
        }
        for company in ["kestrel.example", "live.kestrel.com", "yahoo-garden.com", "gmail.com.kestrel.de", "post.co"] {
            assert!(!is_free_mail(company), "{company}");
        }
        assert!(is_world_mail("yahoo.de") && !is_world_mail("web.de"));
    }

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
