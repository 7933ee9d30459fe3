//! Answers that no person wrote: out of office, receipts, tickets (RFC 3834).

mod absence;
mod clauses;
mod figures;
mod phrases;
mod turning;

use super::header::Headers;
use super::reason::KindReason;
pub(super) use absence::words_of_absence;
use regex::Regex;
use std::sync::LazyLock;

/// Why a mail is an automatic answer, if it is one by its headers or its subject.
pub(super) fn recognise(headers: &Headers<'_>, subject: &str) -> Option<KindReason> {
    let auto_submitted = headers.lower("auto-submitted");
    if auto_submitted.starts_with("auto-replied") || auto_submitted.starts_with("auto-notified") {
        let value = auto_submitted.split(';').next().unwrap_or_default();
        return Some(KindReason::Structure(format!("Auto-Submitted: {value} (RFC 3834)")));
    }
    for name in
        ["x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply", "x-auto-reply-from"]
    {
        if headers.raw(name).is_some_and(|v| !v.trim_ascii().eq_ignore_ascii_case(b"no")) {
            return Some(KindReason::Structure(name.to_owned()));
        }
    }
    let precedence = headers.lower("precedence");
    if matches!(precedence.as_str(), "auto_reply" | "auto-reply") {
        return Some(KindReason::Structure(format!("Precedence: {precedence}")));
    }
    if SUBJECT.is_match(subject) || REQUEST_TO_CONFIRM.is_match(subject) || AGGREGATE.is_match(subject) {
        return Some(KindReason::AutomaticSubject);
    }
    if auto_submitted.starts_with("auto-generated") && TICKET.is_match(subject) {
        return Some(KindReason::TicketSubject);
    }
    None
}

/// Whether a program sent the mail, whatever it says: it must never be answered automatically (RFC 3834 section 2).
pub(super) fn is_automatic(headers: &Headers<'_>) -> bool {
    let auto_submitted = headers.lower("auto-submitted");
    let precedence = headers.lower("precedence");
    !auto_submitted.is_empty() && !auto_submitted.starts_with("no")
        || matches!(precedence.as_str(), "bulk" | "list" | "junk" | "auto_reply" | "auto-reply")
        || ["list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-loop"]
            .iter()
            .any(|n| headers.has(n))
}

/// The subject is that of an automatic answer.
pub(super) fn is_absence(subject: &str) -> bool {
    SUBJECT.is_match(subject)
}

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:auto(?:matic|mated|matische)?[- ]?(?:re(?:ply|sponse|sponder)|answer|antwort|antwoord)|autoreply|autosvar|automatisch(?:e|es)? (?:antwort|antwoord|beantwoord)|abwesenheits|out[- ]of[- ](?:the[- ])?office|(?-u:\b)ooo(?-u:\b)|away from (?:the |my )?(?:office|desk)",
        r"|on (?:annual |maternity )?(?:leave|vacation|holiday)s?(?-u:\b)|vacation (?:reply|response|notice)|ich bin (?:nicht|derzeit|im urlaub)|afwezig|absent(?-u:\b)|absence|réponse automatique|message d.absence|respuesta autom|fuera de (?:la )?oficina|ausente|ausência|resposta autom|fora do escritório",
        r"|risposta automatica|fuori ufficio|assente|automatiskt svar|automatisk svar|frånvar|fravær|poissaolo|automaattinen vastaus|automatyczna odpowiedź|autoodpowiedź|odpowiedź automatyczna|nieobecność|automatická odpověď|automatická odpoveď|automatikus válasz|răspuns automat",
        r"|автоответ|автоматический ответ|вне офиса|отсутств|автовідповідь|自动回复|自動回覆|自動回復|自动答复|自動返信|自動応答|【自動|不在通知|不在のお知らせ|外出自动|休假|부재 ?중|자동 ?(?:회신|응답|답장)|자동응답|otomatik (?:yanıt|cevap)|ofis dışı|رد تلقائي|الرد التلقائي|خارج المكتب",
        r"|trả lời tự động|thư trả lời tự động|balasan otomatis|jawab otomatis|αυτόματη απάντηση|תשובה אוטומטית|ตอบกลับอัตโนมัติ|read:|gelesen:|lu ?:|leído:|lido:|прочитано:|已读[:：]|已讀[:：]|not read:|ungelesen:)",
        r"|(?:gelezen|letto|lida|lido|leída|lu|lue|odczytano|přečteno|olvasva|читано|прочтено|okundu|opened|åbnet|lest|läst|luettu|読了|開封済み|읽음|citit|đã đọc|telah dibaca|αναγνώστηκε|נקרא)\s*[:：]",
        r"|(?:return receipt|read receipt|disposition notification|lesebestätigung|empfangsbestätigung|accusé de (?:lecture|réception)|confirmation de lecture|confirmación de (?:lectura|entrega)|confirmação de (?:leitura|entrega)|conferma di lettura|ricevuta di ritorno|leesbevestiging|potwierdzenie (?:przeczytania|odczytu)|уведомление о (?:прочтении|доставке)|已读回执|已讀回執|阅读回执|回执|開封確認|수신 ?확인|okundu bilgisi|läskvitto|læsebekræftelse|lesebekreftelse)\s*(?:[:：(\[–-]|$)",
        r"|\((?:out of office|automatic reply|auto-reply)\)"
    ))
    .expect("a fixed pattern compiles")
});

static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\[?(?:ticket|case|request|incident|support)[ #:]|we (?:have )?received your|thank you for (?:contacting|your (?:e-?mail|message|inquiry|enquiry))").expect("a fixed pattern compiles")
});

/// Challenges to senders whom a filter does not know.
static REQUEST_TO_CONFIRM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)sender verification|verification required|\(action required\)\s*$|\[confirm|antispam \w+ [»:]|please confirm your (?:message|e-?mail)").expect("a fixed pattern compiles")
});

/// Reports of a domain's mail as a whole (RFC 7489 section 7.2.1.1, RFC 8460 section 5.3).
static AGGREGATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\W*report[ -]domain:.+submitter:").expect("a fixed pattern compiles"));

#[cfg(test)]
mod tests {
    use super::*;

    fn by_subject(subject: &str) -> bool {
        recognise(&Headers::parse(b"\r\n"), subject).is_some()
    }

    #[test]
    fn an_absence_is_known_by_its_subject_in_many_tongues() {
        for subject in [
            "Automatic reply: Offer",
            "Abwesenheitsnotiz: Angebot",
            "Réponse automatique : Visite",
            "Respuesta automática: x",
            "Risposta automatica: x",
            "Resposta automática: x",
            "Automatisch antwoord: x",
            "Afwezig",
            "Autosvar: x",
            "Automatyczna odpowiedź: x",
            "Автоответ: x",
            "自动回复: x",
            "【自動返信】x",
            "자동 회신: x",
            "Otomatik yanıt: x",
            "رد تلقائي: x",
            "Trả lời tự động: x",
            "Out of Office Re: x",
        ] {
            assert!(by_subject(subject), "{subject}");
        }
        for subject in ["Office furniture inquiry", "We are out of stock", "Vacation homes need chairs", "Re: offer"] {
            assert!(!by_subject(subject), "{subject}");
        }
    }

    #[test]
    fn auto_submitted_no_is_a_person() {
        assert!(!is_automatic(&Headers::parse(b"Auto-Submitted: no\r\n\r\n")));
        assert!(recognise(&Headers::parse(b"Auto-Submitted: no\r\n\r\n"), "x").is_none());
        assert!(recognise(&Headers::parse(b"Auto-Submitted: auto-replied (vacation)\r\n\r\n"), "x").is_some());
    }
}
