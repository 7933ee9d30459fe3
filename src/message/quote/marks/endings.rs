//! What stands under the writer's words: closings and what phones add.

use super::notices::{ADVERT_LINE, DISCLAIMER_LINE};
use regex::Regex;
use std::sync::LazyLock;

const FOOTER_LINE: &str = concat!(
    r"(?i)^(?:sent (?:from|via|with|by) (?:my |the |a )?\S.{0,40}|(?:get|download) outlook for .{0,30}|outlook für .{1,30}|télécharger outlook .{0,30}|scarica outlook .{0,30}|descargar outlook .{0,30}|baixar o outlook .{0,30}|获取 ?outlook.{0,30}|outlook for (?:ios|android).{0,30}|скачать outlook .{0,30}|sent from .{0,40}yahoo.{0,20}",
    r"|(?:von|mit) mein(?:em|er) .{1,30} gesendet|gesendet (?:von|mit) .{1,40}|von meinem .{1,30}",
    r"|envoyé (?:de|depuis|à partir de) .{1,40}|enviado (?:desde|do|de|a partir do|via) .{1,40}|obter o outlook.{0,30}|obtener outlook.{0,30}",
    r"|inviato (?:da|dal) .{1,40}|verzonden (?:vanaf|met|via) .{1,40}|verstuurd vanaf .{1,40}|skickat från .{1,40}|sendt fra .{1,40}",
    r"|отправлено (?:из|с|от) .{1,60}|надіслано з .{1,40}|wysłane? z .{1,40}|(?:iphone|android)'?(?:um|im)?(?:dan|den) gönderildi",
    r"|发自我的.{0,30}|發自我的.{0,30}|从我的.{0,20}发送|來自我的.{0,20}|我的.{0,12}发出|发自.{0,20}邮箱.{0,20}|发送自 ?.{1,30}|iphoneから送信|.{1,20}から送信(?:しました)?",
    r"|odesláno z .{1,40}|elküldve .{1,40}|iphonemról küldve|lähetetty .{1,40}|trimis (?:de pe|din) .{1,40}|sänt från .{1,40}|εστάλη από .{1,40}|ส่งจาก .{1,40}|נשלח מ.{1,40}|来自我的.{1,20}|나의 .{1,20}에서 보냄|.{1,20}에서 보냄|تم الإرسال من .{1,40}|أُرسلت من .{1,40}|đã gửi từ .{1,40}|gửi từ .{1,30}|dikirim dari .{1,40})\.?$"
);
static FOOTER: LazyLock<Regex> = LazyLock::new(|| Regex::new(FOOTER_LINE).expect("a fixed pattern compiles"));

/// The line that a phone's mail program adds.
pub(in crate::message::quote) fn is_mobile_footer(line: &str) -> bool {
    line.len() <= 140 && FOOTER.is_match(line)
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
pub(in crate::message::quote) fn is_closing(line: &str) -> bool {
    line.len() <= 90 && CLOSING.is_match(line)
}

/// Whether a line may end the writer's words: one look instead of three for all the lines that don't.
pub(in crate::message::quote) fn may_end_the_words(line: &str) -> bool {
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!("(?:{FOOTER_LINE})|(?:{ADVERT_LINE})|(?:{DISCLAIMER_LINE})|(?:{CLOSING_LINE})"))
            .expect("fixed patterns compile")
    });
    ANY.is_match(&line[..line.floor_char_boundary(141)])
}

pub(in crate::message::quote) fn is_postscript(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["ps ", "ps:", "p.s", "p/s", "nb:", "n.b", "p.d", "附:", "附：", "又及", "追伸", "з.ы", "p. s"]
        .iter()
        .any(|p| lower.starts_with(p))
}
