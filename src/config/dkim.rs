//! `[outbox.dkim]`: our mails are signed, for a mail server that signs none.

use super::Context;
use super::secrets;
use crate::outbox::Signer;
use crate::written::reader::{Mistake, Reader};
use crate::written::tree::Value;
use crate::written::values::{domain, is_host_name, text};
use lettre::message::Mailbox;

/// Who signs; None if nobody shall, or something is missing or wrong, which is noted.
pub(super) fn signer(section: &Reader<'_>, from: Option<&Mailbox>, context: &Context<'_>) -> Option<Signer> {
    if !section.has("dkim") {
        return None;
    }
    let section = section.section("dkim");
    let remedy = "the word before ._domainkey in the record, e.g. selector = \"s1\"";
    let selector = section.required("selector", selector, remedy);
    let written = section.found("domain", domain);
    let key = secrets::key(&section, context);
    let own = from.and_then(|from| in_ascii(from.email.domain()));
    let domain = match &written {
        Some(found) => in_ascii(&found.value),
        None => own.clone(),
    };
    if let (Some(found), Some(own), Some(domain)) = (&written, &own, &domain)
        && own != domain
        && !own.ends_with(&format!(".{domain}"))
    {
        let what = format!("our mails come from {own}, and a signature of {domain} says nothing of that (DMARC)");
        context.remark(found.problem(Mistake::new(what, "take the line out, or sign for the domain of outbox.from")));
    }
    section.finish();
    let (name, pem) = key?;
    match Signer::new(&domain?, &selector?, &pem.0) {
        Ok(signer) => Some(signer),
        Err(error) => {
            let remedy = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 makes a good one";
            context.problem(name.problem(Mistake::new(format!("{}: {error}", name.value), remedy)));
            None
        }
    }
}

/// A domain as the DNS knows it (RFC 5891), lower case.
fn in_ascii(domain: &str) -> Option<String> {
    idna::domain_to_ascii(domain).ok()
}

fn selector(value: &Value) -> Result<String, Mistake> {
    let word = text(value)?;
    if word.is_ascii() && is_host_name(&word) && !word.ends_with('.') {
        return Ok(word.to_lowercase());
    }
    Err(Mistake::new(format!("{word:?} is no selector"), "letters, digits and hyphens, e.g. \"s1\""))
}
