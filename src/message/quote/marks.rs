//! The marks that mail programs of many languages put in front of history, and people under their words.

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
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
        "보낸 사람", "보낸사람", "발신", "gönderen", "kimden", "lähettäjä", "feladó", "από", "de la", "dari", "từ", "من", "מאת", "จาก", "saatja", "nuo", "no"]),
    (Label::Date, &["sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em", "enviada em", "fecha",
        "data", "inviato", "verzonden", "skickat", "sendt", "dato", "wysłano", "отправлено", "дата", "надіслано", "发送时间", "发送日期", "日期", "时间",
        "寄件日期", "傳送時間", "送信日時", "日時", "送信", "보낸 날짜", "날짜", "보낸 시간", "gönderildi", "gönderilme tarihi", "tarih", "lähetetty", "päivämäärä",
        "elküldve", "dátum", "odesláno", "datum odeslání", "odoslané", "στάλθηκε", "ημερομηνία", "trimis", "dikirim", "tanggal", "đã gửi", "ngày",
        "تاريخ الإرسال", "التاريخ", "تم الإرسال", "נשלח", "תאריך"]),
    (Label::To, &["to", "an", "à", "a", "para", "aan", "till", "til", "do", "dla", "кому", "收件人", "收件者", "宛先", "받는 사람", "받는사람", "kime", "alıcı",
        "vastaanottaja", "címzett", "komu", "προς", "către", "catre", "kepada", "tới", "đến", "إلى", "אל", "destinatario", "destinataire", "destinatário"]),
    (Label::Copy, &["cc", "kopie", "kopia", "копия", "抄送", "副本", "참조", "bilgi", "copie", "bcc", "cópia", "kopi", "másolat"]),
    (Label::Subject, &["subject", "betreff", "betr", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne", "temat", "тема", "主题", "主題",
        "主旨", "件名", "제목", "konu", "aihe", "tárgy", "předmět", "predmet", "θέμα", "subiect", "subiectul", "subjek", "chủ đề", "tiêu đề", "الموضوع", "נושא"]),
];

static BY_NAME: LazyLock<HashMap<&str, Label>> =
    LazyLock::new(|| LABELS.iter().flat_map(|(label, names)| names.iter().map(|n| (*n, *label))).collect());

/// What the label in front of a line's first colon means, and the value behind it.
pub(in crate::message) fn header_label(line: &str) -> Option<(Label, &str)> {
    let line = line.trim_start().trim_start_matches('*');
    let window = &line[..line.floor_char_boundary(48)];
    let colon = window.find([':', '：'])?;
    let name = window[..colon].trim().trim_end_matches('*').trim();
    if name.is_empty() || name.len() > 30 {
        return None;
    }
    let name = name.to_lowercase();
    let value = line[colon..].trim_start_matches([':', '：']).trim().trim_start_matches('*').trim();
    BY_NAME.get(name.as_str()).map(|label| (*label, value))
}

/// `-----Original Message-----` and its kin, or a block of header lines.
pub(super) fn starts_history(lines: &[&str]) -> bool {
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
    let filled = lines.iter().map(|l| super::unquoted(l)).filter(|l| !l.trim().is_empty());
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
pub(super) fn is_separator(line: &str) -> bool {
    let line = line.trim();
    if line.len() < 4 || line.len() > 200 || !line.starts_with(['-', '_', '=', '—', '*']) {
        return false;
    }
    is_rule(line) && line.starts_with('_') || NAMED_SEPARATOR.is_match(line)
}

/// A line of dashes, underscores, equals signs or asterisks only.
pub(super) fn is_rule(line: &str) -> bool {
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

static WROTE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let verbs = [
        "wrote",
        "schrieb",
        "a écrit",
        "a ecrit",
        "escribió",
        "escribio",
        "escreveu",
        "ha scritto",
        "schreef",
        "skrev",
        "napisał",
        "napisal",
        "pisze",
        "написал",
        "пишет",
        "писал",
        "写道",
        "寫道",
        "书写",
        "のメール",
        "さんは書きました",
        "作成",
        "작성",
        "yazdı",
        "şunu yazdı",
        "كتب",
        "kirjoitti",
        "írta",
        "napsal",
        "έγραψε",
        "a scris",
        "đã viết",
        "viết",
        "menulis",
        "כתב",
        "wrote",
        "написав",
        "rašė",
        "rakstīja",
        "kirjutas",
        "napísal",
    ];
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(verbs).expect("fixed words compile")
});

/// "On … Amy wrote:" over one to four lines: how many lines it takes.
pub(super) fn attribution(lines: &[&str]) -> Option<usize> {
    let first = super::unquoted(lines[0]).trim();
    if first.is_empty()
        || first.len() > 400
        || !first.contains(|c: char| c.is_ascii_digit() || c == '@' || c == '<') && !starts_like_one(first)
    {
        return None;
    }
    let mut text = String::new();
    for (index, line) in lines.iter().take(4).enumerate() {
        let line = super::unquoted(line).trim();
        if line.is_empty() || index > 0 && line.starts_with('-') {
            return None;
        }
        if index == 0 && !line.ends_with([':', '：', '道']) && !starts_like_one(line) {
            return None;
        }
        text.push_str(line);
        text.push(' ');
        let whole = text.trim_end();
        let ends = whole.ends_with([':', '：']) || whole.ends_with("道");
        if ends && whole.len() <= 400 && is_attribution(whole, lines.get(index + 1).copied()) {
            return Some(index + 1);
        }
        // Only lines that were folded by a mailer go on.
        if ends || index == 0 && !starts_like_one(first) {
            return None;
        }
    }
    None
}

fn is_attribution(text: &str, next: Option<&str>) -> bool {
    let lower = text.to_lowercase();
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    let address = lower.contains('@');
    let verb = WROTE.is_match(&lower);
    let quoted_next = next.is_some_and(|l| l.trim_start().starts_with('>'));
    let dated =
        digits >= 3 && (lower.contains(':') || lower.contains('.') || lower.contains('/') || lower.contains('年'));
    verb && (digits >= 2 || address || starts_like_one(text))
        || address && dated && digits >= 6
        || quoted_next && address
}

/// The words an attribution begins with, or a date.
fn starts_like_one(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "On ",
        "Am ",
        "Le ",
        "El ",
        "Em ",
        "Il ",
        "Op ",
        "Den ",
        "W dniu ",
        "Dnia ",
        "At ",
        "In data ",
        "Il giorno ",
        "No dia ",
        "A ",
        "в ",
        "В ",
        "في ",
        "Vào ",
        "Pada ",
        "Στις ",
        "Dne ",
        "Dňa ",
        "Pe ",
        "La ",
        "От: ",
        "在",
        "於",
        "于",
    ];
    text.starts_with(|c: char| c.is_ascii_digit()) || WORDS.iter().any(|w| text.starts_with(w))
}

/// "Please type your reply above this line".
pub(super) fn is_reply_line(line: &str) -> bool {
    static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = ["reply above this line", "write above this line", "reply above the dotted line"];
        AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("fixed words compile")
    });
    line.len() >= 21 && WORDS.is_match(line)
}

/// The writer says that his answers stand inside the history.
pub(super) fn points_into_history(line: &str) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)(?:see|answers?|repl(?:y|ies)|comments?|responses?|inline|my)(?-u:\b)[^.\n]{0,40}(?-u:\b)(?:below|inline|in ?line|between the lines|in (?:caps|red|blue|green|bold))",
            r"|(?-u:\b)(?:below|inline) in (?:caps|red|blue|green|bold)|in capitals|dans le texte|ci-dessous en|siehe unten|im text|in rot|in blau|más abajo|en rojo|en azul|abaixo em|no texto",
            r"|nel testo|in rosso|in blu|hieronder in|ниже в тексте|в тексте|красным|见下|見下|红字|紅字|蓝字|藍字|下記に|文中に|本文中|빨간|아래에"
        ))
        .expect("a fixed pattern compiles")
    });
    line.len() < 300 && WORDS.is_match(line)
}

/// A line that looks like an answer written into someone else's words.
pub(super) fn is_inline_answer(line: &str) -> bool {
    let line = line.trim();
    if ["=>", "->", "==>", "-->", "»", "☞", ">>", "→"].iter().any(|m| line.starts_with(m)) {
        return true;
    }
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let upper = line.chars().filter(|c| c.is_uppercase()).count();
    letters >= 2 && upper * 10 >= letters * 9 && header_label(line).is_none()
}

const FOOTER_LINE: &str = concat!(
    r"(?i)^(?:sent (?:from|via|with|by) (?:my |the |a )?\S.{0,40}|get outlook for .{0,20}|sent from .{0,40}yahoo.{0,20}",
    r"|(?:von|mit) mein(?:em|er) .{1,30} gesendet|gesendet (?:von|mit) .{1,40}|von meinem .{1,30}",
    r"|envoyé (?:de|depuis|à partir de) .{1,40}|enviado (?:desde|do|de|a partir do|via) .{1,40}|obter o outlook.{0,30}|obtener outlook.{0,30}",
    r"|inviato (?:da|dal) .{1,40}|verzonden (?:vanaf|met|via) .{1,40}|verstuurd vanaf .{1,40}|skickat från .{1,40}|sendt fra .{1,40}",
    r"|отправлено (?:из|с|от) .{1,60}|надіслано з .{1,40}|wysłane? z .{1,40}|(?:iphone|android)'?(?:um|im)?(?:dan|den) gönderildi",
    r"|发自我的.{0,30}|發自我的.{0,30}|从我的.{0,20}发送|來自我的.{0,20}|我的.{0,12}发出|发自.{0,20}邮箱.{0,20}|发送自 ?.{1,30}|iphoneから送信|.{1,20}から送信(?:しました)?",
    r"|나의 .{1,20}에서 보냄|.{1,20}에서 보냄|تم الإرسال من .{1,40}|أُرسلت من .{1,40}|đã gửi từ .{1,40}|gửi từ .{1,30}|dikirim dari .{1,40})\.?$"
);
static FOOTER: LazyLock<Regex> = LazyLock::new(|| Regex::new(FOOTER_LINE).expect("a fixed pattern compiles"));

/// The line that a phone's mail program adds.
pub(super) fn is_mobile_footer(line: &str) -> bool {
    line.len() <= 140 && FOOTER.is_match(line)
}

const DISCLAIMER_LINE: &str = concat!(
    r"(?i)^\W{0,4}(?:confidentiality|disclaimer|legal notice|privileged|this (?:e-?mail|message|communication|transmission)(?:,? (?:and|including|together with) any| (?:is|may|contains?|has been))",
    r"|(?:the )?(?:information|contents?) (?:contained |of |in )+this|please consider the environment|diese (?:e-?mail|nachricht) (?:enth|ist|und|kann)|ce (?:message|courriel|mail)(?: et| est| peut|,)",
    r"|este (?:mensaje|correo|e-?mail|mensagem)|esta mensagem|aviso (?:legal|de confidencialidad)|questo messaggio|le informazioni contenute|dit (?:bericht|e-?mail)",
    r"|данное сообщение|это (?:сообщение|письмо) (?:и|может|содержит)|本邮件(?:及|包含|可能|内容)|此(?:邮件|電子郵件)(?:及|包含|可能)|このメールは.{0,20}機密|본 (?:메일|이메일)|bu e-?posta)"
);
static START: LazyLock<Regex> = LazyLock::new(|| Regex::new(DISCLAIMER_LINE).expect("a fixed pattern compiles"));

/// The beginning of legal small print.
pub(super) fn is_disclaimer(line: &str) -> bool {
    line.len() >= 10 && START.is_match(&line[..line.floor_char_boundary(120)])
}

const CLOSING_LINE: &str = concat!(
    r"(?i)^(?:(?:with |my |many )?(?:best|kind|kindest|warm|warmest|yours?|sincere)? ?(?:regards|wishes)|(?:b|k|br|kr)\. ?r\.|regs|rgds|b/?rgds|br|yours (?:sincerely|faithfully|truly)|sincerely(?: yours)?|cheers",
    r"|mit (?:freundlich|best|herzlich)\S* gr\S+|(?:freundliche|beste|viele|liebe|herzliche) gr\S+|mfg|vg|lg",
    r"|(?:bien |très )?cordialement|salutations.{0,20}|(?:saludos|atentamente|un saludo|cordiales? saludos?|quedo atent[oa]).{0,20}|(?:atenciosamente|att|abs|abraços?|cumprimentos|com os melhores cumprimentos)",
    r"|(?:cordiali|distinti) saluti|saluti|met vriendelijke groet(?:en)?|mvg|groet(?:en|jes)?|med vänlig hälsning|mvh|(?:med )?(?:venlig|vennlig) hilsen|z poważaniem|pozdrawiam|с уважением|з повагою",
    r"|saygılarımla|iyi çalışmalar|trân trọng|مع التحية|تحياتي|敬具|此致|敬上|顺祝商祺|順頌商祺|祝好|祝商祺|감사합니다|以上、?よろしくお願い.{0,12})(?:[ ,.!，。、!/|-].{0,20})?$"
);
static CLOSING: LazyLock<Regex> = LazyLock::new(|| Regex::new(CLOSING_LINE).expect("a fixed pattern compiles"));

/// The words in front of a name at the end of a letter.
pub(super) fn is_closing(line: &str) -> bool {
    line.len() <= 90 && CLOSING.is_match(line)
}

/// Whether a line may end the writer's words: one look instead of three for all the lines that don't.
pub(super) fn may_end_the_words(line: &str) -> bool {
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!("(?:{FOOTER_LINE})|(?:{DISCLAIMER_LINE})|(?:{CLOSING_LINE})"))
            .expect("fixed patterns compile")
    });
    ANY.is_match(&line[..line.floor_char_boundary(141)])
}

pub(super) fn is_postscript(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["ps ", "ps:", "p.s", "p/s", "nb:", "n.b", "p.d", "附:", "附：", "又及", "追伸", "з.ы", "p. s"]
        .iter()
        .any(|p| lower.starts_with(p))
}
