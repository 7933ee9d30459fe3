//! A newsletter as it is written to one reader after the other.

use super::Context;
use crate::language::Language;
use crate::letter::{
    Attachment, CompiledNewsletter, Letter, Newsletter, PlannedMail, Unsubscribe, What, key, message_id,
};
use crate::newsletter::{Campaign, Candidate, Enclosure, Exclusion, Variant};
use crate::one_click::link;
use crate::store::outbox::Claimed;
use anyhow::{Context as _, Result, anyhow};
use lettre::Address;
use lettre::message::Mailbox;
use std::fs::File;
use std::io::Read as _;

/// A campaign, rendered once in each of its languages.
pub struct Compiled<'a> {
    campaign: &'a Campaign,
    variants: Vec<CompiledNewsletter>,
    attachments: Vec<Attachment>,
}

impl<'a> Compiled<'a> {
    /// # Errors
    /// The author's personal words, or the attachments, can't be read.
    pub fn new(context: &Context<'_>, campaign: &'a Campaign) -> Result<Compiled<'a>> {
        let compiled = |variant| compiled(context, variant);
        let variants = campaign.variants.iter().map(compiled).collect::<Result<_>>()?;
        let attachments = campaign.attachments.iter().map(attached).collect::<Result<_>>()?;
        Ok(Compiled { campaign, variants, attachments })
    }

    pub(super) fn campaign(&self) -> &'a Campaign {
        self.campaign
    }

    /// Why the buyer doesn't get it; None: he does.
    pub fn excluded(&self, context: &Context<'_>, candidate: &Candidate) -> Option<Exclusion> {
        let broken = || self.subject(context, candidate).is_err().then_some(Exclusion::Words);
        self.forbidden(context, candidate).or_else(broken)
    }

    /// The same, but for words that would be broken.
    fn forbidden(&self, context: &Context<'_>, candidate: &Candidate) -> Option<Exclusion> {
        self.campaign.excludes(&context.settings.newsletter.rules, candidate, context.now())
    }

    /// What he would read.
    ///
    /// # Errors
    /// A sentence would be broken.
    pub fn letter(&self, context: &Context<'_>, candidate: &Candidate, unsubscribe: &Unsubscribe) -> Result<Letter> {
        let letter = self.variant(candidate).letter(&candidate.reader(), unsubscribe)?;
        let subject = labelled(context, candidate, letter.subject);
        Ok(Letter { subject, attachments: self.attachments.clone(), ..letter })
    }

    /// Its subject.
    ///
    /// # Errors
    /// A sentence would be broken.
    fn subject(&self, context: &Context<'_>, candidate: &Candidate) -> Result<String> {
        let subject = self.variant(candidate).subject(&candidate.reader())?;
        Ok(labelled(context, candidate, subject))
    }

    fn variant(&self, candidate: &Candidate) -> &CompiledNewsletter {
        &self.variants[self.campaign.variant_for(candidate.language.as_deref())]
    }

    /// The mail to a candidate, to be composed when it leaves.
    pub(super) fn planned(&self, context: &Context<'_>, candidate: &Candidate) -> Result<PlannedMail> {
        if let Some(exclusion) = self.forbidden(context, candidate) {
            return Err(anyhow!(exclusion.as_str()));
        }
        let recipient: Address = candidate.email.as_deref().unwrap_or_default().parse()?;
        let key = key(What::Newsletter, &self.campaign.name, recipient.as_ref());
        let message_id = message_id(&key, context.secret, context.settings.outbox.from.email.domain());
        let subject = self.subject(context, candidate)?;
        let (what, recipient, not_before) = (What::Newsletter, recipient.to_string(), context.now());
        Ok(PlannedMail { key, what, recipient, message_id, subject, raw: None, not_before })
    }

    /// A planned mail's bytes; `addressee` is the buyer as he is now.
    ///
    /// # Errors
    /// A sentence would be broken.
    pub fn mail(&self, context: &Context<'_>, mail: &Claimed, addressee: &Candidate) -> Result<Vec<u8>> {
        let unsubscribe = way_out(context, &mail.message_id, (mail.id, &mail.recipient));
        let letter = self.letter(context, addressee, &unsubscribe)?;
        let recipient = Mailbox::new(addressee.name.clone(), mail.recipient.parse()?);
        let envelope = context.envelope(
            (self.campaign.from.as_ref(), &recipient),
            &mail.message_id,
            mail.created_at,
            Some(unsubscribe),
        );
        context.composed(&letter, &envelope)
    }
}

/// A subject as the law of the reader's country wants it.
fn labelled(context: &Context<'_>, candidate: &Candidate, subject: String) -> String {
    let labels = &context.settings.newsletter.labels;
    match candidate.country.as_ref().and_then(|country| labels.get(country)) {
        Some(label) => format!("{label}{subject}"),
        None => subject,
    }
}

/// A file of a newsletter's, read once for all of its mails.
fn attached(enclosure: &Enclosure) -> Result<Attachment> {
    let (path, size) = (&enclosure.file.path, enclosure.file.size);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(size + 1).read_to_end(&mut bytes));
    read.with_context(|| format!("reading {}", path.display()))?;
    anyhow::ensure!(
        bytes.len() as u64 == size,
        "{} is not what it was when the configuration was read",
        path.display()
    );
    Ok(Attachment { name: enclosure.name.clone(), content_type: enclosure.content_type, bytes: bytes.into() })
}

/// Where unsubscribing mail goes.
fn unsubscribe_to<'a>(context: &Context<'a>) -> &'a Mailbox {
    context.settings.newsletter.unsubscribe.as_ref().unwrap_or(&context.settings.outbox.from)
}

/// How the reader of the newsletter with this Message-ID, and this number and recipient in the outbox, leaves.
pub fn way_out(context: &Context<'_>, message_id: &str, (outbox_id, recipient): (i64, &str)) -> Unsubscribe {
    let address = unsubscribe_to(context).email.clone();
    let one_click = context.settings.newsletter.one_click.as_ref();
    let page = one_click.map(|one_click| link(&one_click.url, outbox_id, recipient, context.secret));
    Unsubscribe { address, subject: format!("unsubscribe {message_id}"), page }
}

fn compiled(context: &Context<'_>, variant: &Variant) -> Result<CompiledNewsletter> {
    let settings = &context.settings.newsletter;
    let unsubscribe = way_out(context, "", (0, ""));
    let language = match variant.language.as_deref() {
        Some("zh") => Language::SimplifiedChinese,
        _ => Language::English,
    };
    let newsletter = Newsletter {
        subject: &variant.subject,
        body: &variant.body,
        language,
        company: &context.settings.company.name,
        imprint: &settings.imprint,
        unsubscribe: &unsubscribe,
        templates: &context.settings.templates,
    };
    Ok(CompiledNewsletter::new(&newsletter)?)
}
