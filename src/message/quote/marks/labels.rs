//! The labels of a quoted mail's header lines, in many languages.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a line like `From: …` in front of a quoted mail says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::message) enum Label {
    From,
    Date,
    To,
    Copy,
    Subject,
}

#[rustfmt::skip]
const LABELS: &[(Label, &[&str])] = &[
    (Label::From, &["from", "von", "de", "da", "van", "från", "fra", "od", "от", "від", "发件人", "寄件者", "寄件人", "發件人", "差出人", "送信者",
        "보낸 사람", "보낸사람", "발신", "gönderen", "kimden", "lähettäjä", "feladó", "από", "de la", "dari", "từ", "من", "מאת", "จาก", "saatja", "nuo", "no", "expéditeur", "remitente", "mittente", "absender", "отправитель", "avsender", "afsender", "发件者", "來自",
        "šalje", "expeditor", "expeditorul", "від кого", "nadawca", "送信元", "از", "فرستنده", "frá", "nga", "daripada", "од", "प्रेषक", "থেকে", "منجانب", "المرسل", "השולח", "người gửi", "pengirim", "보낸이", "ผู้ส่ง", "odesílatel", "odosielateľ", "siuntėjas", "sūtītājs", "pošiljatelj", "αποστολέας", "подател"]),
    (Label::Date, &["sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em", "enviada em", "fecha",
        "data", "inviato", "verzonden", "skickat", "sendt", "dato", "wysłano", "отправлено", "дата", "надіслано", "发送时间", "发送日期", "日期", "时间",
        "寄件日期", "傳送時間", "送信日時", "日時", "送信", "보낸 날짜", "날짜", "보낸 시간", "gönderildi", "gönderilme tarihi", "tarih", "lähetetty", "päivämäärä",
        "elküldve", "dátum", "odesláno", "datum odeslání", "odoslané", "στάλθηκε", "ημερομηνία", "trimis", "dikirim", "tanggal", "đã gửi", "ngày",
        "ส่ง", "วันที่", "изпратено", "تاريخ الإرسال", "التاريخ", "تم الإرسال", "נשלח", "תאריך",
        "gönderme tarihi", "gönderilen", "poslano", "poslato", "послато", "датум", "išsiųsta", "nosūtīts", "datums", "saadetud", "kuupäev", "відправлено", "päiväys", "dată", "data wysłania", "日付", "时刻", "تاریخ", "ارسال شده", "तारीख", "दिनांक", "তারিখ", "dihantar", "tarikh", "dërguar", "enviat", "enviat el", "envoyée", "date d'envoi", "fecha de envío", "data de envio", "data di invio", "gesendet am", "보낸날짜", "发送於", "寄送日期", "遞送日期", "ngày gửi", "sendt den"]),
    (Label::To, &["to", "an", "à", "a", "para", "aan", "till", "til", "do", "dla", "кому", "收件人", "收件者", "宛先", "받는 사람", "받는사람", "kime", "alıcı",
        "vastaanottaja", "címzett", "komu", "προς", "către", "catre", "kepada", "tới", "đến", "إلى", "אל", "destinatario", "destinataire", "destinatário", "empfänger", "получатель", "ถึง",
        "pour", "prima", "za", "kam", "adressaat", "adresat", "destinatarul", "lietotājam", "pre", "kellele", "per a", "به", "گیرنده", "प्रति", "প্রতি", "بخدمت", "untuk", "për", "på", "за", "до", "получател", "المستلم", "送信先", "收信人", "받는이", "người nhận", "penerima", "příjemce", "παραλήπτης"]),
    (Label::Copy, &["cc", "kopie", "kopia", "копия", "抄送", "副本", "참조", "bilgi", "copie", "bcc", "cópia", "kopi", "másolat",
        "kopio", "kópia", "копія", "kopie (cc)", "copie à", "másolatot kap", "dw", "udw", "kopija", "koopia", "kp", "коп.", "κοιν.", "κοινοποίηση", "نسخة", "نسخة إلى", "رونوشت", "עותק", "สำเนา", "สำเนาถึง", "sk", "a/c", "afrit", "प्रतिलिपि", "সিসি", "نقل", "ccn", "cci", "копие", "密送", "숨은참조", "tembusan"]),
    (Label::Subject, &["subject", "betreff", "betr", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne", "temat", "тема", "主题", "主題",
        "主旨", "件名", "제목", "konu", "aihe", "tárgy", "předmět", "predmet", "θέμα", "subiect", "subiectul", "subjek", "เรื่อง", "หัวเรื่อง", "относно", "chủ đề", "tiêu đề", "الموضوع", "נושא",
        "sujet", "titre", "ogg", "naslov", "zadeva", "teema", "tēma", "موضوع", "विषय", "বিষয়", "perihal", "subjekti", "efni", "tiêu đề thư", "assunto do e-mail", "onderw", "betrifft", "věc"]),
];

static BY_NAME: LazyLock<HashMap<&str, Label>> =
    LazyLock::new(|| LABELS.iter().flat_map(|(label, names)| names.iter().map(|n| (*n, *label))).collect());

/// What the label in front of a line's first colon means, and the value behind it.
pub(in crate::message) fn header_label(line: &str) -> Option<(Label, &str)> {
    let line = line.trim_start().trim_start_matches('*');
    let window = &line[..line.floor_char_boundary(64)];
    let colon = window.find([':', '：'])?;
    let name = window[..colon].trim().trim_end_matches('*').trim();
    if name.is_empty() || name.len() > 48 {
        return None;
    }
    let name = name.to_lowercase();
    let value = line[colon..].trim_start_matches([':', '：']).trim().trim_start_matches('*').trim();
    BY_NAME.get(name.as_str()).map(|label| (*label, value))
}
