//! Which kind of mail this is, by evidence in order: structure and headers, thread, own domain, words.

use super::authentication;
use super::auto_reply;
use super::header::Headers;
use super::words::{Sense, Words};
use super::{Attachment, Evidence, Facts, Fraud, House, Kind, KindReason, Message, Sign, attachment, subject};
use crate::domain;

/// What is known of a mail when its kind is decided.
pub(super) struct Clues<'a> {
    pub headers: &'a Headers<'a>,
    pub from_email: Option<&'a str>,
    pub subject: &'a str,
    /// The writer's own words.
    pub own: &'a str,
    /// What he quotes.
    pub history: &'a str,
    pub references: &'a [String],
    /// A platform's or form's buyer was found, or it is a colleague's forward.
    pub relayed: bool,
    /// A platform speaks for itself.
    pub platform_notice: Option<&'a str>,
    pub words: &'a Words,
    pub signs: &'a [Sign],
    pub facts: &'a Facts,
    pub attachments: &'a [Attachment],
    pub report_type: Option<&'a str>,
    /// A mail program wrote of something that is no failure.
    pub daemon_notice: Option<&'a KindReason>,
}

/// A kind, why, and by what sort of evidence.
pub(super) type Verdict = (Kind, KindReason, Evidence);

fn verdict(kind: Kind, reason: KindReason, evidence: Evidence) -> Verdict {
    (kind, reason, evidence)
}

/// Decides the kind of a mail that is no bounce.
pub(super) fn decide(clues: &Clues<'_>, house: &House) -> Verdict {
    by_structure(clues, house)
        .or_else(|| by_thread(clues, house))
        .or_else(|| by_domain(clues, house))
        .unwrap_or_else(|| by_words(clues, house))
}

fn by_structure(clues: &Clues<'_>, house: &House) -> Option<Verdict> {
    use Evidence::Structure;
    // Platforms and forms write with automatic headers of their own: whoever they bring comes first.
    if clues.relayed {
        return Some(by_relay(clues, house));
    }
    if let Some(platform) = clues.platform_notice {
        let listed = clues.headers.has("list-unsubscribe");
        let kind =
            if listed || clues.words.weight(Sense::Circular) > 0 { Kind::Newsletter } else { Kind::PlatformNotice };
        return Some(verdict(kind, KindReason::Platform(platform.to_owned()), Structure));
    }
    if let Some(report_type) = clues.report_type {
        return Some(verdict(Kind::AutoReply, by_report(report_type), Structure));
    }
    if let Some(reason) = clues.daemon_notice {
        return Some(verdict(Kind::AutoReply, reason.clone(), Structure));
    }
    if let Some(reason) = auto_reply::recognise(clues.headers, clues.subject) {
        return Some(verdict(Kind::AutoReply, reason, Structure));
    }
    // A person who answers us through a mailing tool is no newsletter.
    if refers_to_us(clues, house) {
        return None;
    }
    list_headers(clues.headers, house).map(|reason| verdict(Kind::Newsletter, reason, Structure))
}

/// Every report is a program's (RFC 6522), also of a type that we do not know.
fn by_report(report_type: &str) -> KindReason {
    match report_type {
        "disposition-notification" => KindReason::ReadReceipt,
        "feedback-report" => KindReason::HarmlessFeedback,
        "delivery-status" => KindReason::DeliveredReport,
        other => KindReason::Structure(format!("multipart/report {other} (RFC 6522)")),
    }
}

/// A relayed mail is an inquiry, unless the buyer's words are plain fraud.
fn by_relay(clues: &Clues<'_>, house: &House) -> Verdict {
    let forwarded_by_us = clues.from_email.is_some_and(|e| house.is_ours(e));
    match clues.signs.first() {
        Some(sign) if forwarded_by_us && !sign.evidence.is_empty() => {
            verdict(Kind::Internal, KindReason::ShownFraud(sign.evidence.clone()), Evidence::Structure)
        }
        _ => verdict(Kind::Inquiry, KindReason::Brought, Evidence::Structure),
    }
}

/// List mail and bulk mail, unless the list is our own shared address.
fn list_headers(headers: &Headers<'_>, house: &House) -> Option<KindReason> {
    let list_id = headers.lower("list-id");
    if house.domains.iter().any(|own| list_id.contains(own.as_str())) {
        return None;
    }
    /// Fields of list managers and of mailing tools; a CRM that writes for one person sets none of these.
    const FIELDS: &[(&str, &str)] = &[
        ("list-unsubscribe", "List-Unsubscribe (RFC 2369)"),
        ("list-id", "List-Id (RFC 2919)"),
        ("list-post", "List-Post (RFC 2369)"),
        ("mailing-list", "Mailing-List"),
        ("x-mailing-list", "X-Mailing-List"),
        ("x-campaign", "X-Campaign"),
        ("x-campaignid", "X-CampaignID"),
        ("x-campaign-id", "X-Campaign-Id"),
        ("x-mc-user", "X-MC-User"),
        ("x-csa-complaints", "X-CSA-Complaints"),
    ];
    if let Some((_, shown)) = FIELDS.iter().find(|(name, _)| headers.has(name)) {
        return Some(KindReason::Structure((*shown).to_owned()));
    }
    let precedence = headers.lower("precedence");
    matches!(precedence.as_str(), "bulk" | "list" | "junk")
        .then(|| KindReason::Structure(format!("Precedence: {precedence}")))
}

fn by_thread(clues: &Clues<'_>, house: &House) -> Option<Verdict> {
    if clues.from_email.is_some_and(|e| house.is_ours(e)) {
        return None;
    }
    if let Some(absent) = absence(clues).filter(|_| refers_to_us(clues, house) || subject::is_reply(clues.subject)) {
        return Some(absent);
    }
    if refers_to_us(clues, house) {
        return Some(verdict(Kind::Reply, KindReason::AnswersUs, Evidence::Thread));
    }
    let quotes_us = super::addresses_in(clues.history).take(6).any(|email| house.is_ours(&email));
    (quotes_us && subject::is_reply(clues.subject))
        .then(|| verdict(Kind::Reply, KindReason::QuotesUs, Evidence::Thread))
}

/// An automatic answer by its words alone: it answers nothing, in whatever thread it comes.
fn absence(clues: &Clues<'_>) -> Option<Verdict> {
    let reason = auto_reply::words_of_absence(clues.own, clues.facts)?;
    Some(verdict(Kind::AutoReply, reason, Evidence::Words))
}

/// In-Reply-To or References name a Message-ID of our own domain.
fn refers_to_us(clues: &Clues<'_>, house: &House) -> bool {
    clues.references.iter().any(|id| id.rsplit_once('@').is_some_and(|(_, domain)| house.is_own_domain(domain)))
}

fn by_domain(clues: &Clues<'_>, house: &House) -> Option<Verdict> {
    let email = clues.from_email.filter(|e| house.is_ours(e))?;
    // Anyone can write our name into From: our own server's verdict decides.
    if authentication::failed(clues.headers, house).is_some() {
        return Some(verdict(Kind::Spam, KindReason::FalseColleague, Evidence::Structure));
    }
    let domain = domain::of_address(email).unwrap_or(email);
    Some(verdict(Kind::Internal, KindReason::OwnDomain(domain.to_owned()), Evidence::Domain))
}

fn by_words(clues: &Clues<'_>, house: &House) -> Verdict {
    let words = |kind, reason: KindReason| verdict(kind, reason, Evidence::Words);
    if let Some(reason) = fraud(clues, house) {
        return words(Kind::Spam, reason);
    }
    if let Some(absent) = absence(clues) {
        return absent;
    }
    let (selling, buying) = (clues.words.weight(Sense::Selling), clues.words.weight(Sense::Buying));
    let circular = clues.words.weight(Sense::Circular);
    let orders = clues.facts.quantity.is_some() && (clues.facts.incoterm.is_some() || buying >= 2);
    if circular >= 2
        && buying < 4
        && !orders
        && clues.own.len() > 20
        && !super::unsubscribe::asked(clues.subject, clues.own)
    {
        return words(Kind::Newsletter, KindReason::SmallPrint(clues.words.evidence(Sense::Circular)));
    }
    if selling >= 2 && selling > buying {
        return words(Kind::Pitch, KindReason::Sells(clues.words.evidence(Sense::Selling)));
    }
    words(Kind::Inquiry, KindReason::Person)
}

/// Reasons to take a stranger's mail for fraud without reading on.
fn fraud(clues: &Clues<'_>, house: &House) -> Option<KindReason> {
    // An invitation letter is also what honest visitors need: a risk, no verdict.
    if let Some(sign) = clues.signs.iter().find(|s| s.fraud != Fraud::InvitationLetter) {
        return Some(KindReason::FraudWords(sign.evidence.clone()));
    }
    let from_domain = clues.from_email.and_then(domain::of_address)?;
    if let Some((own, why)) = house.domains.iter().find_map(|own| Some((own, domain::looks_like(from_domain, own)?))) {
        let (theirs, own) = (from_domain.to_owned(), own.clone());
        return Some(KindReason::LooksLikeUs { theirs, own, why });
    }
    let dangerous = clues.attachments.iter().find(|a| attachment::danger(&a.name, &a.media_type).is_some())?;
    let vague = clues.facts.quantity.is_none() && clues.facts.incoterm.is_none() && clues.own.len() < 600;
    let locked = attachment::is_archive(&dangerous.name, &dangerous.media_type);
    let worse = !locked || attachment::has_double_extension(&dangerous.name) || names_password(clues.own);
    (vague && worse).then(|| KindReason::DangerousAttachment(dangerous.name.clone()))
}

/// The words give the password of the archive: scanners shall not look into it.
fn names_password(own: &str) -> bool {
    let own = own.to_lowercase();
    [
        "password",
        "passwort",
        "senha",
        "contraseña",
        "mot de passe",
        "пароль",
        "密码",
        "密碼",
        "パスワード",
        "비밀번호",
        "parola",
        "şifre",
    ]
    .iter()
    .any(|w| own.contains(w))
}

impl Message {
    /// The kind once the store has told whether the thread or the buyer is known to us, and why. What structure decides
    /// (bounces, automatic answers, newsletters, platforms) never changes; words give way to history.
    pub fn settled_kind(&self, thread_known: bool, buyer_known: bool) -> (Kind, KindReason) {
        let by_words = self.kind_by == Evidence::Words;
        match self.kind {
            Kind::Inquiry if thread_known && self.relay.is_none() => (Kind::Reply, KindReason::KnownThread),
            Kind::Pitch | Kind::Spam | Kind::Newsletter if by_words && thread_known && buyer_known => {
                (Kind::Reply, KindReason::KnownBuyerInThread(Box::new(self.kind_reason.clone())))
            }
            Kind::Pitch if by_words && buyer_known => {
                (Kind::Inquiry, KindReason::KnownBuyer(Box::new(self.kind_reason.clone())))
            }
            kind => (kind, self.kind_reason.clone()),
        }
    }
}
