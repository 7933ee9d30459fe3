//! Lines and header blocks that stand between the writer's words and history.

use super::attributions::is_dashed_attribution;
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
    if first == '|' {
        return is_notes_table_rule(line);
    }
    if is_forward_line(line) {
        return has_header_block(&lines[1..]);
    }
    header_label(line).is_some() && has_header_block(lines)
}

/// `|------------>`: Notes draws the header block of a quoted mail as a table.
fn is_notes_table_rule(line: &str) -> bool {
    line.len() >= 8
        && line.strip_prefix('|').and_then(|l| l.strip_suffix('>')).is_some_and(|l| l.bytes().all(|b| b == b'-'))
}

/// Three kinds of header labels, the sender among them, within a few lines. "From: Shanghai, To: Hamburg, Date: 12 Nov"
/// is a shipment: a mail has a subject, a copy or an address.
fn has_header_block(lines: &[&str]) -> bool {
    let mut seen = [false; 5];
    let mut address = false;
    let filled = lines.iter().map(|l| super::super::unquoted(l)).filter(|l| !l.trim().is_empty());
    for (index, line) in filled.take(8).enumerate() {
        match header_label(line) {
            Some((label, value)) if !value.is_empty() || label == Label::Subject => {
                seen[label as usize] = true;
                address |= value.contains('@');
            }
            _ if index == 0 => return false,
            _ => {}
        }
    }
    let is_mail = address || seen[Label::Subject as usize] || seen[Label::Copy as usize];
    is_mail && seen[Label::From as usize] && seen.iter().filter(|s| **s).count() >= 3
}

static NAMED_SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
    let names = [
        "original (?:message|e-?mail|mail|appointment)|original[ -]{2,}|replied message|reply message|end of forwarded",
        "forwarded (?:message|by|mail)",
        "(?:begin )?forwarded",
        "message (?:d.origine|original|transféré|suivi)",
        "ursprüngliche (?:nachricht|mail)|original-?nachricht|weitergeleitete nachricht",
        "mensaje (?:original|reenviado)",
        "mensagem (?:original|encaminhada)",
        "messaggio (?:originale|inoltrato)",
        "oorspronkelijk bericht|originele? bericht|origineel bericht|doorgestuurd bericht",
        "(?:исходное|оригинальное|конец переадресованного|конец пересылаемого|переадресованное|пересылаемое|пересланное|первоначальное) (?:сообщение|письмо)",
        "原始邮件|原始郵件|邮件原件|原邮件|原始信件|原信件|转发邮件|轉寄郵件|转发的邮件|回复的原邮件|回复邮件",
        "(?:元の|転送)メッセージ|元のメール",
        "원본 ?(?:메시지|메일)|전달된 메시지",
        "orijinal (?:ileti|mesaj)|özgün ileti|iletilen (?:ileti|mesaj)",
        "(?:oryginalna|przekazana) wiadomość|wiadomość (?:oryginalna|przekazana)",
        "ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding",
        "alkuperäinen viesti|eredeti üzenet|původní zpráva|pôvodná správa|mesajul original",
        "الرسالة الأصلية|رسالة معاد توجيهها",
        "thư gốc|tin nhắn gốc|thư đã chuyển tiếp|pesan asli|pesan terusan",
        "вихідне повідомлення|переслане повідомлення|оригинално съобщение",
        "αρχικό μήνυμα|προωθημένο μήνυμα|ההודעה המקורית|הודעה מקורית|הודעה שהועברה",
        "ข้อความต้นฉบับ|ข้อความที่ส่งต่อ|vidarebefordrat meddelande|videresendt (?:meddelelse|melding)",
        "edelleenlähetetty viesti|message transmis|treść przekazanej wiadomości|proslijeđena poruka|prosleđena poruka|posredovano sporočilo",
        "перенаправлен(?:ное|е) (?:сообщение|письмо|повідомлення)|препратено съобщение|missatge reenviat|persiųstas laiškas|pārsūtīta ziņa",
        "转发的?(?:消息|邮件)|轉寄的?(?:信件|郵件)|پیام (?:هدایت شده|ارسال شده)|mesej dimajukan|mensaxe reenviada|edastatud kiri",
        "välitetty viesti|továbbított üzenet|přeposlaná zpráva|preposlaná správa|originalna poruka|mesaj redirecționat",
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
    is_rule(line) && line.starts_with('_') || NAMED_SEPARATOR.is_match(line) || is_dashed_attribution(line)
}

/// A line of dashes, underscores, equals signs or asterisks only.
pub(in crate::message::quote) fn is_rule(line: &str) -> bool {
    line.len() >= 4
        && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '—' | '─'))
        && !line.chars().all(|c| c == '-' && line.len() < 5)
}

fn is_forward_line(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "begin forwarded message",
        "anfang der weitergeleiteten",
        "début du message",
        "début du courriel",
        "inicio del mensaje",
        "início da mensagem",
        "inizio messaggio",
        "inizio del messaggio",
        "begin doorgestuurd",
        "начало переадресованного",
        "початок переадресованого",
        "下面是被转发的邮件",
        "以下是轉寄的郵件",
        "開始轉寄郵件",
        "転送されたメッセージ",
        "전달된 메시지",
        "vidarebefordrat brev",
        "videresendt besked",
        "początek przekazywanej",
        "iletilmiş mesajın başlangıcı",
        "i̇leti başlangıcı",
        "ileti başlangıcı",
        "započni proslijeđenu",
        "začiatok preposlanej",
        "začátek přeposílané",
        "początek przekazanej",
        "start på videresendt",
        "vidarebefordrat mejl",
        "vidarebefordrat meddelande",
        "videresendt melding",
        "începe mesajul",
        "început mesaj",
        "початок листа",
        "以下是转发",
        "以下是被转发",
        "αρχή προωθημένου",
        "תחילת ההודעה",
        "bắt đầu thư",
        "awal pesan",
        "inici del missatge",
        "välitetty viesti",
        "továbbított levél",
        "začátek přeposlané",
        "بداية الرسالة",
    ];
    if line.len() >= 120 || !line.ends_with([':', '：']) {
        return false;
    }
    let lower = line.to_lowercase();
    STARTS.iter().any(|s| lower.starts_with(s))
}
