//! Mail that someone else delivers for the buyer: platforms, web forms, a colleague's forward.

mod fields;
mod forward;
mod platforms;

use super::header::Headers;
use super::{Address, House, Writer};
pub(super) use fields::{Field, Fields};
pub(super) use forward::{Forwarded, forwarded};

/// The buyer behind a relay, and what the relay said about the business.
#[derive(Debug, Default)]
pub(super) struct Relayed {
    /// `alibaba`, `web_form`, `forward` …
    pub relay: String,
    pub writer: Writer,
    /// The buyer's own words; None if the relay shows none.
    pub words: Option<String>,
    pub product: Option<String>,
    pub quantity: Option<String>,
    pub price: Option<String>,
}

/// What a relayed mail turns out to be.
pub(super) enum Carried {
    /// A buyer stands behind it.
    Buyer(Box<Relayed>),
    /// The platform speaks for itself: named, so that it is no buyer.
    Notice(&'static str),
}

/// Form services that send for somebody's website.
#[rustfmt::skip]
const SERVICES: &[&str] = &[
    "wordpress.com", "wpforms.com", "formspree.io", "jotform.com", "typeform.com", "wix.com", "wixforms.com", "squarespace.info", "squarespace.com", "shopifyemail.com", "shopify.com", "123formbuilder.com", "formsubmit.co", "getform.io", "web3forms.com", "cognitoforms.com", "hubspot.com", "elementor.com", "netlify.com", "formstack.com", "zohoforms.com", "forms.ionos.com", "ueeshop.com", "leadong.com"
];

/// Who a web server calls itself.
#[rustfmt::skip]
const MACHINES: &[&str] = &[
    "wordpress", "noreply", "no-reply", "no_reply", "donotreply", "website", "web", "webmaster", "form", "forms", "webform", "contact", "contactform", "contact-form", "inquiry", "enquiry", "mailer", "www-data", "apache", "nobody", "notification", "notifications", "server", "www", "system"
];

/// Looks for a platform or a web form behind the mail.
pub(super) fn look(
    from: &Address,
    reply_to: Option<&Address>,
    headers: &Headers<'_>,
    subject: &str,
    text: &str,
    house: &House,
) -> Option<Carried> {
    let domain = from.email.as_deref().and_then(|e| e.rsplit_once('@')).map_or("", |(_, domain)| domain);
    if let Some(platform) = platforms::by_domain(domain) {
        let fields = Fields::read(text);
        return Some(match platforms::buyer(platform, &fields, reply_to, subject, text) {
            Some(relayed) => Carried::Buyer(Box::new(relayed)),
            None => Carried::Notice(platform),
        });
    }
    let machine = is_form_sender(from, headers, house);
    // Reading fields is only worth it where a form could be.
    if !machine && !looks_like_form(text) {
        return None;
    }
    let fields = Fields::read(text);
    form_buyer(from, reply_to, &fields, machine).map(|r| Carried::Buyer(Box::new(r)))
}

/// A web server that sends in our name, or a form service.
fn is_form_sender(from: &Address, headers: &Headers<'_>, house: &House) -> bool {
    let Some((local, domain)) = from.email.as_deref().and_then(|e| e.rsplit_once('@')) else { return false };
    if SERVICES.iter().any(|s| domain == *s || domain.ends_with(&format!(".{s}"))) {
        return true;
    }
    let ours = house.is_own_domain(domain);
    ours && MACHINES.contains(&local) || local == "wordpress" || ours && headers.lower("x-mailer").contains("phpmailer")
}

/// Cheap look: several short lines that begin with a form's usual labels.
fn looks_like_form(text: &str) -> bool {
    let mut found = 0;
    for line in text.lines().take(60) {
        if line.len() < 300 && fields::labelled(line).is_some() {
            found += 1;
        }
    }
    found >= 3
}

fn form_buyer(from: &Address, reply_to: Option<&Address>, fields: &Fields, machine: bool) -> Option<Relayed> {
    let writer = fields.writer();
    let named = fields.count();
    let answer_to = writer.email.clone().or_else(|| {
        reply_to.filter(|_| machine).and_then(|a| a.email.clone()).filter(|e| Some(e) != from.email.as_ref())
    });
    let is_form = match machine {
        true => named >= 1 && (answer_to.is_some() || writer.phone.is_some()) || named >= 3,
        // Somebody else's machine: only a whole form with another address than the sender's counts.
        false => {
            named >= 4 && writer.email.is_some() && writer.email != from.email && fields.get(Field::Message).is_some()
        }
    };
    if !is_form {
        return None;
    }
    let name = writer.name.clone().or_else(|| reply_to.filter(|_| machine).and_then(|a| a.name.clone()));
    Some(fields.relayed("web_form", Writer { name, email: answer_to, ..writer }))
}
