//! Links that do not lead where a reader thinks.

use super::{Risk, from_domain};
use crate::domain::{self, Trusted};
use crate::message::{House, Message};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// A link whose words show one host while it leads to another, or to a bare IP address.
pub(super) fn false_link(message: &Message) -> Option<Risk> {
    message.links.iter().find_map(|link| {
        let target = host(&link.target)?;
        let bare_ip = target.bytes().all(|b| b.is_ascii_digit() || b == b'.') || target.starts_with('[');
        let shown = host(&link.shown)
            .or_else(|| link.shown.starts_with("www.").then_some(link.shown.as_str()).and_then(bare_host));
        let differs = shown.is_some_and(|shown| !same_house(shown, target) && !is_wrapper(target));
        (bare_ip || differs).then(|| Risk::FalseLink { shown: short(&link.shown), target: shown_host(target) })
    })
}

/// A link to a page that asks for a password, on a host that is neither the sender's nor one we trust: in a mail that
/// brings an order it has no business.
pub(super) fn login_link(message: &Message, house: &House, trusted: &Trusted) -> Option<Risk> {
    let targets = message.links.iter().map(|link| link.target.as_str());
    let written = message.facts.websites.iter().map(String::as_str);
    let sender = from_domain(message).unwrap_or_default();
    targets.chain(written).find_map(|url| {
        let host = host(url).or_else(|| bare_host(url))?;
        let at_home = same_house(host, sender) || house.is_own_domain(host) || trusted.contains(host);
        (!at_home && wants_password(url, host)).then(|| Risk::LoginLink { target: shown_host(host) })
    })
}

/// The words of a sign-in page in the URL; on a free page builder a weaker word is enough.
fn wants_password(url: &str, host: &str) -> bool {
    static SIGN_IN: LazyLock<AhoCorasick> = LazyLock::new(|| {
        words(&[
            "login",
            "log-in",
            "signin",
            "sign-in",
            "logon",
            "webmail",
            "/owa",
            "roundcube",
            "verify-account",
            "verify-mail",
            "verify-email",
            "password",
            "passwd",
            "mailbox-",
            "keep-same",
            "revalidat",
            "authenticat",
            "credential",
        ])
    });
    static WEAKER: LazyLock<AhoCorasick> = LazyLock::new(|| {
        words(&[
            "mail",
            "account",
            "verify",
            "secure",
            "update",
            "office",
            "sharepoint",
            "onedrive",
            "docu",
            "invoice",
            "auth",
            "admin",
        ])
    });
    static BUILDERS: &[&str] = &[
        "weebly.com",
        "weeblysite.com",
        "wixsite.com",
        "web.app",
        "firebaseapp.com",
        "workers.dev",
        "pages.dev",
        "r2.dev",
        "glitch.me",
        "netlify.app",
        "vercel.app",
        "000webhostapp.com",
        "herokuapp.com",
        "github.io",
        "blogspot.com",
        "square.site",
        "godaddysites.com",
        "webflow.io",
        "dweb.link",
        "ipfs.io",
        "cloudflare-ipfs.com",
        "ngrok.io",
        "ngrok-free.app",
        "duckdns.org",
        "replit.app",
        "repl.co",
        "onrender.com",
        "surge.sh",
        "carrd.co",
        "strikingly.com",
        "mystrikingly.com",
        "jotform.com",
        "typeform.com",
        "formstack.com",
        "azurewebsites.net",
        "backblazeb2.com",
        "edgeone.app",
    ];
    if SIGN_IN.is_match(url) {
        return true;
    }
    let built = BUILDERS.iter().any(|builder| host.strip_suffix(builder).is_some_and(|rest| rest.ends_with('.')));
    built && WEAKER.is_match(url)
}

fn words(words: &[&str]) -> AhoCorasick {
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("fixed words compile")
}

/// Mail scanners and mailing tools put their own address in front of every link.
fn is_wrapper(host: &str) -> bool {
    const WRAPPERS: &[&str] = &[
        "safelinks.protection.outlook.com",
        "urldefense.com",
        "urldefense.proofpoint.com",
        "mimecast.com",
        "mimecastprotect.com",
        "linkprotect.cudasvc.com",
        "secureweb.cisco.com",
        "clicktime.symantec.com",
        "google.com",
        "list-manage.com",
        "sendgrid.net",
        "mailchi.mp",
        "hubspotlinks.com",
        "hs-sites.com",
        "exmail.qq.com",
        "mail.qq.com",
        "sophos.com",
        "trendmicro.com",
        "avanan.click",
        "cloudfilter.net",
        "barracudanetworks.com",
        "hornetsecurity.com",
    ];
    WRAPPERS.iter().any(|own| host.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

fn same_house(a: &str, b: &str) -> bool {
    !a.is_empty() && domain::registrable(a).eq_ignore_ascii_case(domain::registrable(b))
}

fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    bare_host(rest)
}

fn bare_host(rest: &str) -> Option<&str> {
    let host = rest.split(['/', '?', '#', ' ']).next()?;
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    host.contains('.').then_some(host)
}

fn shown_host(host: &str) -> String {
    short(&domain::punycode(host))
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_link_is_what_stands_behind_the_last_sign_that_deceives() {
        assert_eq!(host("https://mail.seller.example@evil.test:8080/x"), Some("evil.test"));
        assert_eq!(host("ftp://x.test"), None);
        assert_eq!(shown_host("kestrеl.example"), "xn--kestrl-7of.example");
    }

    #[test]
    fn a_page_that_wants_a_password_is_known_by_its_address() {
        for url in
            ["https://evil.test/owa/auth", "https://x.test/webmail/index.php?email=a", "https://mailverify.weebly.com/"]
        {
            assert!(wants_password(url, host(url).expect("a host")), "{url}");
        }
        for url in
            ["https://buyer.test/catalogue", "https://shop.wixsite.com/chairs", "https://drive.google.com/file/d/1"]
        {
            assert!(!wants_password(url, host(url).expect("a host")), "{url}");
        }
    }
}
