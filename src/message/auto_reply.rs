//! Answers that no person wrote: out of office, receipts, tickets (RFC 3834).

use super::header::Headers;
use super::reason::KindReason;
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
    if SUBJECT.is_match(subject) {
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

/// A question mark at the end of a word, not inside a link.
fn asks(own: &str) -> bool {
    own.contains(['？', '؟']) || own.split_ascii_whitespace().any(|word| word.ends_with('?') && !word.contains("://"))
}

/// A short mail whose words are those of an absence or a receipt, without any header that says so. Who asks for
/// something is a person, whatever he says of his holidays: programs have no questions.
pub(super) fn words_of_absence(own: &str) -> Option<KindReason> {
    if own.len() > 1500 || asks(own) {
        return None;
    }
    let hit = ABSENCE.find(own).or_else(|| RECEIPT.find(own))?;
    (!REQUEST.is_match(own)).then(|| KindReason::AutomaticWords(hit.as_str().to_owned()))
}

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:(?:re|aw|sv|回复|答复) ?[:：] ?)?\W*(?:auto(?:matic|mated|matische)?[- ]?(?:re(?:ply|sponse|sponder)|answer|antwort|antwoord)|autoreply|autosvar|automatisch(?:e|es)? (?:antwort|antwoord|beantwoord)|abwesenheits|out[- ]of[- ](?:the[- ])?office|(?-u:\b)ooo(?-u:\b)|away from (?:the |my )?(?:office|desk)",
        r"|on (?:annual |maternity )?(?:leave|vacation|holiday)s?(?-u:\b)|vacation (?:reply|response|notice)|ich bin (?:nicht|derzeit|im urlaub)|afwezig|absent(?-u:\b)|absence|réponse automatique|message d.absence|respuesta autom|fuera de (?:la )?oficina|ausente|ausência|resposta autom|fora do escritório",
        r"|risposta automatica|fuori ufficio|assente|automatiskt svar|automatisk svar|frånvar|fravær|poissaolo|automaattinen vastaus|automatyczna odpowiedź|autoodpowiedź|odpowiedź automatyczna|nieobecność|automatická odpověď|automatická odpoveď|automatikus válasz|răspuns automat",
        r"|автоответ|автоматический ответ|вне офиса|отсутств|автовідповідь|自动回复|自動回覆|自動回復|自动答复|自動返信|自動応答|【自動|不在通知|不在のお知らせ|外出自动|休假|부재 ?중|자동 ?(?:회신|응답|답장)|자동응답|otomatik (?:yanıt|cevap)|ofis dışı|رد تلقائي|الرد التلقائي|خارج المكتب",
        r"|trả lời tự động|thư trả lời tự động|balasan otomatis|jawab otomatis|αυτόματη απάντηση|תשובה אוטומטית|ตอบกลับอัตโนมัติ|read:|gelesen:|lu ?:|leído:|lido:|прочитано:|已读[:：]|已讀[:：]|not read:|ungelesen:)",
        r"|\((?:out of office|automatic reply|auto-reply)\)"
    ))
    .expect("a fixed pattern compiles")
});

static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\[?(?:ticket|case|request|incident|support)[ #:]|we (?:have )?received your|thank you for (?:contacting|your (?:e-?mail|message|inquiry|enquiry))").expect("a fixed pattern compiles")
});

static ABSENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:i am|i'm|i will be|we are) (?:currently |now )?(?:out of (?:the )?office|on (?:annual |sick |maternity |parental )?leave|on (?:holiday|vacation)|away from (?:my|the) (?:desk|office))|limited access to (?:my )?e-?mail|(?:this is an|automatically generated) (?:automat|auto.?reply|response)",
        r"|this mailbox is (?:not|no longer) monitored|no longer (?:works?|with|employed)(?: for| at| with)? (?:the |our |this )?company|has left the company|please type your reply above this line|ich bin (?:bis|ab|vom|derzeit|zurzeit|momentan)[^.]{0,60}(?:nicht im büro|abwesend|im urlaub|nicht erreichbar)",
        r"|je suis (?:actuellement )?(?:absente?|en congés?)|de retour le|estaré (?:de vacaciones|fuera|ausente)|estoy fuera de la oficina|estou (?:de férias|ausente|fora do escritório)|sono (?:in ferie|assente|fuori ufficio)|ik ben (?:tot|momenteel|van|op dit moment)[^.]{0,40}(?:afwezig|op vakantie|niet aanwezig)",
        r"|przebywam na urlopie|jestem nieobecn|я в отпуске|нахожусь в отпуске|буду отсутствовать|я отсутствую|我(?:正在|目前|现在)?(?:休假|出差|不在办公室)|已收到您的(?:邮件|来信)[^。]{0,12}(?:尽快|稍后)|本邮件为自动回复|このメールは自動(?:送信|返信|配信)|休暇(?:中|を取得|をいただ)|不在(?:に|と)(?:し|な)",
        r"|자동으로 (?:발송|전송)|휴가 중|부재 중|izindeyim|ofis dışındayım|أنا (?:خارج المكتب|في إجازة)|tôi (?:đang|sẽ) (?:nghỉ|vắng)"
    ))
    .expect("a fixed pattern compiles")
});

/// Receipts, left colleagues, closed offices and moved addresses, as machines and the people who set them up word them.
static RECEIPT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:this|your) (?:e-?mail|message|inquiry|enquiry|request) (?:was|has been) (?:automatically )?(?:received|generated|registered)|we have received your (?:e-?mail|message|inquiry|enquiry|request)|(?:office|shop|company) (?:is|will be) closed (?:from|until|for)|no longer (?:in use|monitored)|(?:mailbox|address|inbox) is not monitored|do not reply to this|back in the office on|will (?:return|be back) on",
        r"|nicht mehr (?:im unternehmen|bei uns|für [^.]{2,40} tätig)|betriebsferien|elternzeit|außer haus|wir haben ihre (?:e-?mail|nachricht|anfrage) erhalten|diese e-?mail wurde automatisch|absente? du bureau|ne (?:travaille|fait) plus (?:partie|chez)|nous avons bien reçu votre|ceci est (?:un message|une réponse) automatique|fermé(?:e|s)? du",
        r"|me encuentro (?:fuera|de vacaciones|ausente)|ya no trabaja|hemos recibido su (?:correo|mensaje|solicitud)|este es un (?:mensaje|correo) automático|encontro-me (?:de férias|ausente|fora)|já não trabalha|não trabalha mais|recebemos (?:o )?seu? (?:e-?mail|mensagem|contato)|esta é uma (?:mensagem|resposta) automática",
        r"|sarò (?:assente|in ferie|fuori)|non lavora più|abbiamo ricevuto la (?:sua|vostra)|(?:chiusi|chiuso|chiusa) (?:per ferie|dal)|niet meer werkzaam|we hebben uw (?:e-?mail|bericht) ontvangen|ik ben (?:met verlof|afwezig)|nie pracuje już|już nie pracuje|otrzymaliśmy (?:państwa )?wiadomość|poza biurem|на больничном|больше не работает|ваше (?:письмо|сообщение|обращение) (?:получено|принято|зарегистрировано)|это автоматическ",
        r"|sayın [^.]{0,40}(?:iletiniz|mesajınız|e-?postanız) (?:tarafımıza )?ulaş|(?:iletiniz|mesajınız|e-?postanız) alınmıştır|yıllık izin|artık (?:şirketimizde )?çalışm|تم استلام رسالتك|لقد استلمنا|سأكون خارج المكتب|هذه رسالة تلقائية|已离职|已離職|(?:春节|国庆|春節|國慶)(?:放假|假期|休假)(?:期间|時間|时间|期間|：)|(?:您的|你的)?(?:来信|来件|來信|邮件|郵件|信件)(?:已收到|已经收到|我已收到)|我已收到您?的?(?:邮件|来信|來信)|這是自動|这是一封自动|(?:目前|正在)(?:休假|休假中|出差中)",
        r"|退職(?:いたし|しま|致)|(?:夏季|冬季|年末年始|臨時)休業|お問い合わせを受け付け|自動送信されて|퇴사(?:하|했|하였)|자동 ?(?:발신|응답) ?메일|(?:문의|메일)가? (?:정상적으로 )?접수되었|연차 ?(?:휴가)?|tôi đang đi công tác|đã nhận được (?:email|thư|tin nhắn) của|đây là (?:email|thư|tin nhắn) tự động|không còn làm việc",
        r"|jag är (?:inte på kontoret|på semester|tjänstledig|föräldraledig)|åter på kontoret|semesterstängt|vi har mottagit ditt|jeg er (?:ikke på kontoret|på ferie|bortreist|ute av kontoret)|tilbake på kontoret|tilbage på kontoret|olen (?:lomalla|poissa|vuosilomalla)|palaan (?:töihin|toimistolle)|jsem (?:na dovolené|mimo kancelář)|nejsem v kanceláři|szabadságon (?:vagyok|leszek)|nem vagyok az irodában|sunt (?:în concediu|plecat)|mă aflu în concediu",
        r"|βρίσκομαι (?:σε άδεια|εκτός)|είμαι (?:σε άδεια|εκτός)|απουσιάζω|אני (?:בחופשה|לא במשרד|נמצא בחופשה)|אהיה מחוץ למשרד|saya sedang (?:cuti|tidak berada)|pesan ini dibuat otomatis|ฉันไม่อยู่ที่สำนักงาน|อยู่ในช่วงลาพักร้อน|ข้อความอัตโนมัติ|я у відпустці|перебуваю у відпустці|буду відсутн"
    ))
    .expect("a fixed pattern compiles")
});

/// Words of a person who wants something of us now.
static REQUEST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:please|pls|kindly|can you|could you) (?:now )?(?:quote|offer|send (?:me|us)|advise|confirm|ship|let (?:me|us) know)|we (?:need|order|want|would like)|quotation for|bitte (?:(?:senden|schicken|bieten) sie (?:uns|mir)|bestätigen)|merci de (?:nous|me) (?:envoyer|faire)|por favor (?:envíe(?:me|nos)|envie(?:-me|-nos)|cotice|confirme)|mandate?mi|inviate(?:mi|ci)",
        r"|请(?:报价|确认|发给|寄|提供)|請(?:報價|確認|提供)|見積|お送りください|견적|보내 ?주|пришлите|вышлите|lütfen (?:gönder|teklif)|proszę o (?:ofertę|wycenę|przesłanie)|[0-9] ?(?:pcs|pieces|units|sets|stück|pièces|piezas|peças|шт|件|台|套)"
    ))
    .expect("a fixed pattern compiles")
});

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
