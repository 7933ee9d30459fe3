//! Whose words a mail carries, and which they are.

use super::header::Headers;
use super::html::Page;
use super::parse::{Enclosed, Parsed};
use super::quote::Split;
use super::relay::{Carried, Forwarded, Looked, Relayed};
use super::understand::Envelope;
use super::{House, Link, Writer, html, quote, relay};

/// The words of a mail, and whose they are.
pub(super) struct Reading {
    /// The writer's own new words.
    pub own: String,
    /// The same with the signature, for the facts.
    pub signed: String,
    pub relayed: Option<Relayed>,
    /// The platform that speaks for itself.
    pub platform_notice: Option<String>,
}

/// The text a reader sees: the plain part, or the HTML part where the plain one says nothing.
pub(super) fn readable(plain: &str, html: &str) -> (String, Vec<Link>) {
    let page = if html.is_empty() { Page::default() } else { html::to_text(html) };
    let empty = plain.trim().is_empty() || !html.is_empty() && is_placeholder(plain);
    let read_page = empty || lost_its_marks(plain, &page.text);
    (printable(if read_page { &page.text } else { plain }), page.links)
}

/// The plain part runs on from the writer's words into a quote that the HTML part marks.
fn lost_its_marks(plain: &str, page: &str) -> bool {
    page.contains("\n> ")
        && memchr::memchr(b'>', plain.as_bytes()).is_none()
        && quote::split(plain).history.is_empty()
        && !quote::split(page).only_history
}

/// One kind of line end, and no control characters: no store and no reader has a use for them.
fn printable(text: &str) -> String {
    let bare = with_bare_line_ends(text);
    let odd = |b: u8| b < 0x20 && b != b'\t' && b != b'\n' || b == 0x7f;
    // Without a branch a byte, so that it runs at the speed of memory.
    if !bare.as_bytes().chunks(64).any(|chunk| chunk.iter().fold(false, |found, &b| found | odd(b))) {
        return bare;
    }
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l));
    if let Some(first) = lines.next() {
        push_line(first, &mut out);
    }
    for line in lines {
        out.push('\n');
        push_line(line, &mut out);
    }
    out
}

/// The text without the CR in front of an LF or of the end.
fn with_bare_line_ends(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in memchr::memchr_iter(b'\r', bytes).filter(|at| matches!(bytes.get(at + 1), None | Some(b'\n'))) {
        out.push_str(&text[from..at]);
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out
}

fn push_line(line: &str, out: &mut String) {
    if line.bytes().any(|b| b < 0x20 && b != b'\t' || b == 0x7f) {
        out.extend(
            line.chars()
                .map(|c| if c == '\r' { '\n' } else { c })
                .filter(|c| !c.is_control() || matches!(c, '\n' | '\t')),
        );
    } else {
        out.push_str(line);
    }
}

/// "Your client does not support HTML" is no text.
fn is_placeholder(plain: &str) -> bool {
    let plain = plain.trim();
    plain.len() < 300 && {
        let lower = plain.to_lowercase();
        let names_html = lower.contains("html");
        names_html
            && ["support", "view", "display", "unterstützt", "anzeigen", "afficher", "soporta", "显示", "支持", "支援"]
                .iter()
                .any(|w| lower.contains(w))
    }
}

/// Finds the writer's words: his own, a relayed buyer's, or those of a forwarded mail.
pub(super) fn read_words(
    parsed: &Parsed<'_>,
    envelope: &Envelope,
    split: &Split,
    body: &str,
    house: &House,
) -> Reading {
    let own = Reading { own: split.own.clone(), signed: split.signed.clone(), relayed: None, platform_notice: None };
    let looked = Looked {
        from: &envelope.from,
        reply_to: envelope.reply_to.as_ref(),
        headers: &parsed.headers,
        subject: &envelope.subject,
        text: body,
        new_text: &split.signed,
        house,
    };
    let forwarded = || relay::forwarded(&split.history, house).or_else(|| enclosed_forward(&parsed.enclosed, house));
    // A colleague hands a form on: the forward comes first.
    if relay::is_colleague(&looked)
        && is_forward(&envelope.subject, parsed, split)
        && let Some(forwarded) = forwarded()
    {
        return reading_of_forward(own, forwarded, split, house);
    }
    match relay::look(&looked) {
        Some(Carried::Buyer(relayed)) => {
            let words = relayed.words.clone().unwrap_or_else(|| split.own.clone());
            let signed = format!("{words}\n\n{}", relayed.goods).trim_end().to_owned();
            return Reading { own: words, signed, relayed: Some(*relayed), platform_notice: None };
        }
        Some(Carried::Notice(platform)) => return Reading { platform_notice: Some(platform), ..own },
        None => {}
    }
    if !envelope.from.email.as_deref().is_some_and(|e| house.is_ours(e)) {
        return with_enclosed_words(own, parsed);
    }
    if forwarded().is_some() {
        return own;
    }
    // A colleague tells of a customer in his own words.
    match relay::named_in_prose(&own.own, house) {
        Some(writer) => {
            let relayed =
                Relayed { relay: "forward".into(), writer, words: Some(own.own.clone()), ..Relayed::default() };
            Reading { relayed: Some(relayed), ..own }
        }
        None => own,
    }
}

/// Somebody sends a mail as an attachment and no words of his own: its words are what there is to read.
fn with_enclosed_words(own: Reading, parsed: &Parsed<'_>) -> Reading {
    let enclosed = parsed.enclosed.iter().find(|e| !e.plain.is_empty() || !e.html.is_empty());
    match enclosed {
        Some(enclosed) if own.own.len() < 40 => {
            let inner = quote::split(&readable(&enclosed.plain, &enclosed.html).0);
            let both = |words: &str| format!("{}\n\n{words}", own.own).trim().to_owned();
            Reading { own: both(&inner.own), signed: both(&inner.signed), ..own }
        }
        _ => own,
    }
}

/// A colleague who answers a buyer and copies the team quotes him, too: only a forward makes the buyer the writer.
fn is_forward(subject: &str, parsed: &Parsed<'_>, split: &Split) -> bool {
    let subject = subject.trim_start().to_lowercase();
    const PREFIXES: &[&str] = &[
        "fw:",
        "fwd:",
        "fw：",
        "fwd：",
        "wg:",
        "tr:",
        "rv:",
        "enc:",
        "i:",
        "vb:",
        "vl:",
        "doorst:",
        "转发",
        "轉寄",
        "转寄",
        "fw ",
        "пересл",
        "ilt:",
        "pd:",
        "전달",
        "redir",
        "videresend",
        "továbbít",
        "i̇lt:",
        "iletilen",
        "fs:",
        "fwrd:",
        "rif:",
        "σχετ.:προώ",
        "προώθ",
        "إعادة توجيه",
        "הועבר",
        "転送",
        "chuyển tiếp",
        "terusan",
        "inoltr",
        "přepos",
        "prepos",
        "doorg",
        "weitergel",
        "vidarebef",
        "vs:",
    ];
    PREFIXES.iter().any(|p| subject.starts_with(p))
        || !parsed.enclosed.is_empty()
        || split.only_history
        || split.history.to_lowercase().contains("forwarded message")
}

fn enclosed_forward(enclosed: &[Enclosed], house: &House) -> Option<Forwarded> {
    let mail = enclosed.iter().find(|e| e.from.email.as_deref().is_some_and(|email| !house.is_ours(email)))?;
    let text = readable(&mail.plain, &mail.html).0;
    Some(Forwarded { from: mail.from.clone(), reply_to: None, subject: Some(mail.subject.clone()), text })
}

fn reading_of_forward(own: Reading, forwarded: Forwarded, split: &Split, house: &House) -> Reading {
    let inner = quote::split(&forwarded.text);
    let note = if split.only_history { "" } else { own.own.as_str() };
    let subject = forwarded.subject.unwrap_or_default();
    let carried = relay::look(&Looked {
        from: &forwarded.from,
        reply_to: forwarded.reply_to.as_ref(),
        headers: &Headers::default(),
        subject: &subject,
        text: &forwarded.text,
        new_text: &inner.signed,
        house,
    });
    // A portal's mail that was handed on still tells of the buyer behind the portal.
    let (relayed, words, signed) = match carried {
        Some(Carried::Buyer(relayed)) => {
            let words = relayed.words.clone().unwrap_or_else(|| inner.own.clone());
            let signed = format!("{words}\n\n{}", relayed.goods);
            (*relayed, words, signed)
        }
        _ => {
            let writer = Writer { name: forwarded.from.name, email: forwarded.from.email, ..Writer::default() };
            let words = Some(inner.own.clone());
            (Relayed { relay: "forward".into(), writer, words, ..Relayed::default() }, inner.own, inner.signed)
        }
    };
    Reading {
        own: if note.is_empty() { words } else { format!("{note}\n\n{words}") },
        signed: format!("{subject}\n{signed}").trim().to_owned(),
        relayed: Some(relayed),
        platform_notice: None,
    }
}
