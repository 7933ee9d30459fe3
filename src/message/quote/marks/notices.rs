//! What servers and programs write around the writer's words: warnings above, adverts and small print below.

use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

/// Lines that small print takes to name what it is about.
const DISCLAIMER_WINDOW: usize = 6;

pub(super) const ADVERT_LINE: &str = concat!(
    r"(?i)^\W{0,4}(?:virus-free\.|virenfrei\.|libre de virus\.|livre de v[ií]rus\.|sans virus\.|priva? di virus\.|virusvrij\.|без вирусов\.|不含病毒|無病毒",
    r"|(?:this|the) (?:e-?mail|message) (?:has been|was) (?:checked|scanned)|scanned by |diese e-?mail wurde (?:von avast|auf viren)|cet? (?:e-?mail|courriel) a été vérifié|l.absence de virus dans",
    r"|este (?:mensaje|correo|e-?mail)(?: electrónico)? (?:ha sido|foi) (?:analizado|comprobado|verificado|escaneado)|questa e-?mail è stata controllata",
    r"|этот? (?:e-?mail|письмо|сообщение) проверен|это сообщение проверено|ta wiadomość (?:e-?mail )?została sprawdzona|tato zpráva byla zkontrolována",
    r"|you received this message because you are subscribed|you are receiving this (?:e-?mail|message) because|to unsubscribe from this (?:group|list)",
    r"|(?:please )?(?:consider|think of) (?:the|our) environment|save a tree)"
);
static ADVERT: LazyLock<Regex> = LazyLock::new(|| Regex::new(ADVERT_LINE).expect("a fixed pattern compiles"));

/// An antivirus program's, a list's or a well-meaning footer.
pub(in crate::message::quote) fn is_advert(line: &str) -> bool {
    line.len() >= 10 && ADVERT.is_match(&line[..line.floor_char_boundary(140)])
}

pub(super) const DISCLAIMER_LINE: &str = concat!(
    r"(?i)^\W{0,4}(?:confidential|disclaimer|legal notice|privileged|notice:|important(?: notice)?:|(?:this|the) (?:e-?mail|message|communication|transmission|electronic)|(?:the )?(?:information|contents?) (?:contained |of |in |transmitted )+",
    r"|if you (?:are not the intended|have received this)|please consider the environment|vertraulich|diese (?:e-?mail|nachricht|mail)|der inhalt dieser|ce (?:message|courriel|mail|courrier)|les informations contenues|avis de confidentialité",
    r"|este (?:mensaje|correo|e-?mail|mensagem)|esta (?:mensagem|comunicación)|aviso (?:legal|de confidencial)|la información contenida|as informações contidas|questo messaggio|questa e-?mail|le informazioni contenute|ai sensi",
    r"|dit (?:bericht|e-?mail)|deze e-?mail|de informatie|(?:данное|настоящее|это) (?:электронное )?(?:сообщение|письмо)|информация, содержащаяся|ta wiadomość|niniejsza wiadomość|treść tej|bu (?:e-?posta|ileti|mesaj)",
    r"|本(?:邮件|郵件|电邮|電郵|電子郵件|信件)|此(?:邮件|郵件|電子郵件)|このメール|本メール|본 (?:메일|이메일|메시지)|이 메일은|tento e-?mail|tato zpráva|detta (?:e-?post|meddelande)|denne (?:e-?mail|e-?post|meddelelse)|tämä (?:viesti|sähköposti)",
    r"|este e-?mail|acest (?:mesaj|e-?mail)|email này|pesan ini|هذه الرسالة|هذا البريد|το παρόν|ez az e-?mail)"
);
static DISCLAIMER: LazyLock<Regex> = LazyLock::new(|| Regex::new(DISCLAIMER_LINE).expect("a fixed pattern compiles"));

static LEGAL: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "confidential",
        "intended recipient",
        "intended solely",
        "intended only",
        "privileged",
        "addressee",
        "disclaimer",
        "legal notice",
        "received this in error",
        "the environment",
        "vertraulich",
        "rechtlich geschützt",
        "confidentiel",
        "destinataire",
        "confidencial",
        "destinatario",
        "destinatário",
        "riservat",
        "vertrouwelijk",
        "geadresseerde",
        "конфиденциальн",
        "адресат",
        "предназначен",
        "poufn",
        "adresat",
        "gizli",
        "保密",
        "机密",
        "機密",
        "收件人",
        "기밀",
        "수신자",
        "důvěrn",
        "konfidenti",
        "fortrolig",
        "luottamuksel",
        "confidenți",
        "bảo mật",
        "rahasia",
        "سرية",
        "εμπιστευτικ",
        "bizalmas",
    ];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("fixed words compile")
});

/// The beginning of legal small print: "This e-mail is …" counts only where it goes on as a lawyer would.
pub(in crate::message::quote) fn is_disclaimer(lines: &[&str]) -> bool {
    let Some(first) = lines.first().map(|l| l.trim()) else { return false };
    if first.len() < 10 || !DISCLAIMER.is_match(&first[..first.floor_char_boundary(120)]) {
        return false;
    }
    let paragraph = lines.iter().take(DISCLAIMER_WINDOW).enumerate();
    paragraph.take_while(|(index, l)| *index < 3 || !l.trim().is_empty()).any(|(_, line)| LEGAL.is_match(line))
}

const BANNERS: &[&str] = &[
    "external",
    "external email",
    "external sender",
    "external message",
    "caution: external",
    "caution: this email",
    "caution: this message",
    "caution - this email",
    "caution! this email",
    "warning: external",
    "warning: this email",
    "warning: this message",
    "attention: this email",
    "attention: external",
    "this email originated",
    "this message originated",
    "this message was sent from outside",
    "this email was sent from outside",
    "this email came from outside",
    "you don't often get email from",
    "you don’t often get email from",
    "some people who received this message don't often",
    "some people who received this message don’t often",
    "sie erhalten nicht oft",
    "sie erhalten nicht häufig",
    "achtung: externe",
    "externe e-mail",
    "vorsicht: diese e-mail",
    "vous n'obtenez pas souvent",
    "vous ne recevez pas souvent",
    "vous n’obtenez pas souvent",
    "attention : ce courriel",
    "no suele recibir correo",
    "no recibe con frecuencia",
    "correo externo",
    "atención: este correo",
    "você não costuma receber",
    "não é frequente receber",
    "non si ricevono spesso",
    "non si riceve spesso",
    "u ontvangt niet vaak",
    "nie otrzymujesz często",
    "вы нечасто получаете",
    "внешнее письмо",
    "внимание: внешн",
    "外部邮件",
    "外部郵件",
    "此邮件来自外部",
    "该邮件来自外部",
    "您通常不会收到来自",
    "你通常不会收到来自",
    "您不常收到來自",
    "社外メール",
    "외부 메일",
];
const WARNINGS: &[&str] = &[
    "do not click",
    "don't click",
    "open attachments",
    "learn why this is important",
    "recognize the sender",
    "recognise the sender",
    "content is safe",
    "outside of the organization",
    "outside your organization",
    "aka.ms/learnaboutsenderidentification",
    "请勿点击",
    "請勿點擊",
];

/// A server's warning above the words: how many of the first lines it takes.
pub(in crate::message::quote) fn banner(lines: &[&str]) -> usize {
    let mut end = 0;
    for (at, line) in lines.iter().enumerate().take(12) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let lower = line[..line.floor_char_boundary(300)].to_lowercase();
        let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        let tag = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
        let names_it = |words: &&&str| {
            if words.len() <= 16 && words.is_ascii() { tag == **words } else { bare.starts_with(**words) }
        };
        let warning = end > 0 && WARNINGS.iter().any(|w| lower.contains(w));
        let begins =
            BANNERS.iter().any(|words| names_it(&words)) || bare.starts_with("external email") && line.len() < 300;
        if !(begins || warning) {
            break;
        }
        end = at + 1;
    }
    end
}
