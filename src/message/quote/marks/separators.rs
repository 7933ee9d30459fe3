//! Lines and header blocks that stand between the writer's words and history.

use super::labels::{Label, header_label};
use regex::Regex;
use std::sync::LazyLock;

/// `-----Original Message-----` and its kin, or a block of header lines.
pub(in crate::message::quote) fn starts_history(lines: &[&str]) -> bool {
    let line = lines[0].trim();
    let first = line.chars().next().unwrap_or(' ');
    if matches!(first, '-' | '_' | '=' | '—') && is_separator(line) {
        let naming = line.contains(|c: char| c.is_alphabetic());
        return naming
            || lines[1..].iter().find(|l| !l.trim().is_empty()).is_some_and(|l| header_label(l).is_some())
                && has_header_block(&lines[1..]);
    }
    if is_forward_line(line) {
        return has_header_block(&lines[1..]);
    }
    header_label(line).is_some() && has_header_block(lines)
}

/// Three kinds of header labels, the sender among them, within a few lines.
fn has_header_block(lines: &[&str]) -> bool {
    let mut seen = [false; 5];
    let filled = lines.iter().map(|l| super::super::unquoted(l)).filter(|l| !l.trim().is_empty());
    for (index, line) in filled.take(8).enumerate() {
        match header_label(line) {
            Some((label, value)) if !value.is_empty() || label == Label::Subject => seen[label as usize] = true,
            _ if index == 0 => return false,
            _ => {}
        }
    }
    seen[Label::From as usize] && seen.iter().filter(|s| **s).count() >= 3
}

static NAMED_SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
    let names = [
        "original (?:message|e-?mail)",
        "forwarded (?:message|by|mail)",
        "(?:begin )?forwarded",
        "message (?:d.origine|original|transféré|suivi)",
        "ursprüngliche (?:nachricht|mail)|original-?nachricht|weitergeleitete nachricht",
        "mensaje (?:original|reenviado)",
        "mensagem (?:original|encaminhada)",
        "messaggio (?:originale|inoltrato)",
        "oorspronkelijk bericht|doorgestuurd bericht",
        "(?:исходное|пересылаемое|пересланное|первоначальное) (?:сообщение|письмо)",
        "原始邮件|原始郵件|邮件原件|原邮件|转发邮件|轉寄郵件|转发的邮件|回复的原邮件|回复邮件",
        "(?:元の|転送)メッセージ|元のメール|original mail",
        "원본 ?(?:메시지|메일)|전달된 메시지",
        "orijinal (?:ileti|mesaj)|özgün ileti|iletilen (?:ileti|mesaj)",
        "(?:oryginalna|przekazana) wiadomość|wiadomość (?:oryginalna|przekazana)",
        "ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding",
        "alkuperäinen viesti|eredeti üzenet|původní zpráva|pôvodná správa|mesajul original",
        "الرسالة الأصلية|رسالة معاد توجيهها",
        "thư gốc|tin nhắn gốc|pesan asli",
    ];
    Regex::new(&format!(r"(?i)^[-_=—*\s]{{2,}}(?:{})[^\n]{{0,40}}$", names.join("|")))
        .expect("a fixed pattern compiles")
});

/// A line that only separates: dashes or underscores, with or without one of the known names between.
pub(in crate::message::quote) fn is_separator(line: &str) -> bool {
    let line = line.trim();
    if line.len() < 4 || line.len() > 200 || !line.starts_with(['-', '_', '=', '—', '*']) {
        return false;
    }
    is_rule(line) && line.starts_with('_') || NAMED_SEPARATOR.is_match(line)
}

/// A line of dashes, underscores, equals signs or asterisks only.
pub(in crate::message::quote) fn is_rule(line: &str) -> bool {
    line.len() >= 4
        && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '—' | '─'))
        && !line.chars().all(|c| c == '-' && line.len() < 5)
}

fn is_forward_line(line: &str) -> bool {
    let may_start = |c: char| matches!(c, 'b' | 'B' | 'a' | 'A' | 'd' | 'D' | 'i' | 'I' | 'н' | 'Н' | '下' | '転');
    if line.len() >= 120 || !line.starts_with(may_start) {
        return false;
    }
    let lower = line.to_lowercase();
    let starts = [
        "begin forwarded message",
        "anfang der weitergeleiteten",
        "début du message",
        "inicio del mensaje",
        "início da mensagem",
        "inizio messaggio",
        "begin doorgestuurd",
        "начало переадресованного",
        "下面是被转发的邮件",
        "転送されたメッセージ",
    ];
    starts.iter().any(|s| lower.starts_with(s))
}
