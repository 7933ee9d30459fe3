//! Automatic answers that no header and no subject gives away: a short mail that says who is away, or that a mail was
//! received, and asks for nothing.

use crate::message::{Facts, KindReason};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// An automatic answer is not longer than this, in bytes.
const LONGEST: usize = 1500;

/// Who writes no more than this, in bytes, says nothing beside it.
const SHORT: usize = 100;

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// Somebody is away, or the house is closed.
    Away,
    /// When he is back, whom to ask instead, when he answers.
    Meanwhile,
    /// A mail was received.
    Received,
    /// Nobody reads this mailbox, a program wrote, or somebody has left for good: enough by itself.
    Nobody,
    /// Business, or an excuse after an absence: a person wrote, unless the sentence only says whom to ask about it.
    Trades,
    /// The writer wants something: a person wrote.
    Wants,
}

use Says::*;

/// Stems as [`crate::text::normalise`] leaves them; a stem begins a word, and any ending may follow.
#[rustfmt::skip]
const PHRASES: &[(Says, &[&str])] = &[
    (Away, &[
        "wieder im büro", "wieder im haus", "nicht im haus", "nicht am platz", "nicht am arbeitsplatz", "krankgeschrieben", "auf einer messe", "in den ferien", "pas au bureau", "en arrêt maladie", "en formation", "mis vacaciones", "de baja", "no estaré disponible", "no me encuentro", "de licença", "de atestado", "fora da empresa", "non sono in ufficio", "in malattia", "niet aanwezig", "niet bereikbaar", "op reis", "ziekteverlof", "na zwolnieniu", "na szkoleniu", "nie ma mnie w biurze", "на больничном", "в отъезде", "на лікарняному", "nejsem v kanceláři", "na služobn", "nie som v kancelárii", "szabadságra", "în vacanță", "in vacanta", "la birou până", "nisam u uredu", "na bolovanju", "şehir dışında", "yurt dışında", "toplantıda olaca", "출장으로", "연차", "병가", "휴직", "去开会", "病假", "年假", "不在公司", "参加展会", "參加展覽", "đang đi vắng", "tidak masuk kantor", "på kursus", "på kurs", "på reise", "sjukskriven", "tjänstledig", "sykemeldt", "matkoilla", "sairauslomalla", "în concediu", "attending a trade show", "attending an exhibition", "attending a conference", "travelling on business", "traveling on business", "on business travel", "not be in the office", "out of town", "out sick", "medical leave", "on furlough", "on paternity", "on parental", "taking time off", "day off",
        "out of office", "out of the office", "on leave", "on annual leave", "on sick leave", "on maternity leave", "on parental leave", "on paternity leave", "annual leave", "maternity leave", "parental leave", "on vacation", "on holiday", "on a business trip", "on business trip", "away from the office", "away from my desk", "away from my office", "away until", "i am away", "i'm away", "will be away", "i will be travelling", "i am travelling", "i am traveling", "limited access", "no access to e-mail", "no access to email", "not in the office", "office will be closed", "office is closed", "we are closed", "we will be closed", "will be closed for", "closed for the holiday", "closed from",
        "im urlaub", "in urlaub", "urlaub", "abwesend", "nicht im büro", "außer haus", "in elternzeit", "auf dienstreise", "auf geschäftsreise", "nicht erreichbar", "betriebsferien", "büro geschlossen", "büro ist geschlossen", "betrieb geschlossen",
        "absent du", "absente du", "absent jusqu", "absente jusqu", "absent de", "absente de", "suis absent", "suis actuellement absent", "en congé", "en vacances", "en déplacement", "hors du bureau", "serons fermés", "sera fermé", "sommes fermés", "congé maternité", "congé de maternité",
        "de vacaciones", "fuera de la oficina", "fuera de oficina", "estaré ausente", "estoy ausente", "estaré fuera", "de viaje", "acceso limitado", "sin acceso al correo", "permaneceremos cerrad", "estaremos cerrad", "baja por maternidad", "me encuentro en la feria",
        "de férias", "fora do escritório", "estarei ausente", "estou ausente", "em viagem", "acesso limitado", "estaremos fechad", "licença maternidade", "licença-maternidade", "férias coletivas",
        "in ferie", "per ferie", "sono assente", "sarò assente", "fuori ufficio", "fuori sede", "in trasferta", "in maternità", "chiusura estiva", "resterà chiusa", "resteremo chiusi", "saremo chiusi", "ufficio chiuso",
        "afwezig", "op vakantie", "met vakantie", "niet op kantoor", "buiten kantoor", "met verlof", "zwangerschapsverlof", "zijn wij gesloten", "zijn gesloten", "ben ik niet aanwezig",
        "na urlopie", "urlop", "nieobecn", "poza biurem", "w delegacji", "w podróży służbowej", "będę niedostępn", "macierzyńsk",
        "в отпуск", "в отпуску", "отпуске", "отсутств", "нахожусь в командировк", "в командировк", "вне офиса", "нет доступа к почте", "ограниченный доступ", "декретн", "у відпустці", "відпустк", "відсутн", "у відрядженні", "не працюємо", "не работаем",
        "dovolen", "mimo kancelář", "mimo kancelárie", "nemám přístup k e", "nemám prístup k e", "nepřítom", "neprítom", "služební cest", "služobnej cest", "szabadságon", "szabadságát", "nem vagyok az irodá", "távol leszek", "távollét", "zárva tartunk", "concediu", "plecat din birou", "plecata din birou", "plecată din birou", "nu sunt in birou", "nu sunt la birou", "în delegați", "in delegatie", "na godišnjem odmor", "na godisnjem odmor", "odsut", "na dopustu", "odsoten", "odsotna", "na odmoru",
        "izindeyim", "izinde", "yıllık izin", "ofis dışında", "ofiste değil", "ofiste olmayaca", "seyahatte", "tatildeyim", "raporluyum", "doğum izn", "kapalı olacağız",
        "خارج المكتب", "في إجازة", "إجازة سنوية", "في اجازة", "اجازة", "في رحلة عمل", "مغلق", "در مرخصی", "مرخصی", "בחופש", "בחופשה", "לא במשרד", "מחוץ למשרד", "נעדר", "חופשת לידה",
        "不在に", "不在と", "不在の", "不在です", "休暇", "出張のため", "出張中", "休業", "お休みをいただ", "お休みを頂", "휴가", "부재 중", "부재중", "출장 중", "출장중", "자리를 비", "휴무", "육아휴직", "출산휴가",
        "休假", "出差", "外出", "不在办公室", "不在辦公室", "放假", "请假", "請假", "产假", "產假", "度假", "无法及时", "無法及時",
        "nghỉ phép", "đang nghỉ", "đi công tác", "vắng mặt", "không có mặt tại văn phòng", "nghỉ lễ", "nghỉ thai sản", "ลาพัก", "ลาหยุด", "ลากิจ", "ไม่อยู่ที่ทำงาน", "ไม่อยู่สำนักงาน", "ลาคลอด", "cuti", "sedang dinas", "tidak berada di kantor", "di luar kantor", "bercuti",
        "på semester", "är ledig", "föräldraledig", "inte på kontoret", "tjänsteresa", "bortrest", "holder ferie", "på ferie", "på barsel", "ikke på kontoret", "ikke på arbejde", "ute av kontoret", "har ferie", "permisjon", "på tjenestereise", "lomalla", "poissa", "vapaalla", "työmatkalla", "en ole toimistolla", "äitiysloma",
        "σε άδεια", "απουσιάζω", "θα απουσιάσω", "εκτός γραφείου", "διακοπές", "в отпуск до", "отпуск до", "извън офиса", "अवकाश", "छुट्टी", "कार्यालय से बाहर", "ছুটি", "puhkusel", "atvaļinājum", "atostog",
    ]),
    (Meanwhile, &[
        "limited access", "wieder erreichbar", "zurück", "kehre ich", "disponible a partir", "volveré", "vuelvo", "weer bereikbaar", "ben ik terug", "rientrerò", "ritorno", "wrócę", "revenir", "reviendrai", "dès mon retour", "je vous répondrai", "is covering", "hoitaa asia", "vender tilbage", "retour le", "연락 바랍", "回信可能", "回复可能", "請見諒", "请见谅",
        "urgent", "until", "i will return", "will be back", "back in the office", "back on", "returning on", "return to the office", "upon my return", "on my return", "when i return", "when i am back", "when we are back", "in my absence", "please contact", "please reach out", "will respond", "will reply", "will get back to you", "will answer", "respond to your",
        "dringend", "bis zum", "bis einschließlich", "ab dem", "wieder erreichbar", "wieder für sie", "weitergeleitet", "vertretung", "nach meiner rückkehr", "wenden sie sich", "urgence", "urgent", "jusqu", "de retour", "à mon retour", "contacter", "urgente", "hasta el", "a mi regreso", "regreso", "responderé", "contactar", "a la brevedad", "urgentes", "até", "retorno", "retornarei", "responderei", "urgenze", "urgenti", "fino al", "al mio rientro", "alla riapertura", "riapertura", "contattare", "rivolgersi", "spoed", "dringende", "tot en met", "t/m", "terug op", "weer aanwezig", "neem contact", "pilnych", "pilne", "do dnia", "po powrocie", "wracam", "kontakt z",
        "срочн", "по возвращени", "вернусь", "обращайтесь", "обращаться", "отвечу", "повернуся", "термінов", "відповім", "naléhav", "zastupuje", "vrátím se", "odpovím", "odpovieme", "odpovíme", "vrátim sa", "odpoviem", "sürgős", "visszatér", "válaszol", "urgen", "revin", "voi reveni", "voi raspunde", "voi răspunde", "hitn", "nujn", "acil", "döneceğim", "dönüşümde", "dönüşüm", "iletişime geç", "kadar", "عاجل", "العاجلة", "سأعود", "حتى", "عند عودتي", "פעם שאחזור", "דחופ", "אחזור", "לפנות", "אענה", "بازگشت", "پاسخ خواهم", "تا تاریخ",
        "以降", "戻り", "緊急", "お急ぎ", "改めて", "ご了承", "후에", "급하신", "급한", "복귀", "긴급", "확인이 어렵", "急事", "緊急", "紧急", "返回", "将于", "將於", "期间", "期間", "尽快", "盡快", "儘快", "回复您", "回覆您", "稍后", "khẩn cấp", "quay lại", "trở lại", "sẽ trả lời", "liên hệ", "เร่งด่วน", "กลับ", "ตอบกลับ", "mendesak", "kembali", "membalas", "hubungi",
        "brådskande", "åter den", "tillbaka", "svarar", "haster", "hastesag", "tilbage", "besvarer", "tilbake", "frem til", "til og med", "kiireel", "saakka", "palaan", "asti", "επείγ", "επιστρ", "θα απαντήσω", "έως", "спешн", "връщам", "ще отговоря", "нямам достъп", "उत्तर दूँगा", "तक", "वापस",
    ]),
    (Received, &[
        "邮件我已经收到", "邮件已经收到", "来信已经收到", "郵件已收到", "來信已收到", "ihre nachricht ist eingegangen", "vielen dank für ihre kontaktaufnahme",
        "we have received your", "have received your e-mail", "have received your email", "i have received your", "your message has been received", "your email has been received", "your e-mail has been received", "your request has been received", "thank you for contacting", "thanks for contacting", "thanks for reaching out", "thank you for reaching out", "ticket has been created", "has been assigned", "wir haben ihre nachricht erhalten", "wir haben ihre e-mail erhalten", "eingang ihrer", "ihre anfrage ist bei uns eingegangen", "nous avons bien reçu", "accusons réception", "votre message a bien été", "hemos recibido su", "recibimos su", "recebemos sua", "recebemos seu", "recebemos a sua", "abbiamo ricevuto", "wij hebben uw bericht", "we hebben uw bericht", "otrzymaliśmy", "получили ваше", "ваше письмо получено", "ваше обращение", "ваша заявка принята", "отримали ваш", "prijali sme", "přijali jsme", "obdrželi jsme", "megkaptuk", "am primit", "alındı", "tarafımıza ulaş", "تم استلام", "استلمنا", "دریافت شد", "קיבלנו את", "受け付けました", "受付いたしました", "受信いたしました", "접수되었", "접수 되었", "已收到", "我已收到", "đã nhận được", "ได้รับอีเมล", "ได้รับข้อความ", "telah kami terima", "telah diterima", "vi har mottagit", "vi har modtaget", "vi har mottatt", "vastaanotettu", "olemme vastaanottaneet", "λάβαμε", "получихме"]),
    (Nobody, &[
        "message was waitlisted", "is being held because", "has been placed on hold", "your message is being held", "sender verification", "has not been verified", "i'm protecting myself from", "once, click the link", "to release your message", "foi retida", "confirme que você é", "challenge-response", "your document:",
        "mailbox is not monitored", "mailbox is no longer monitored", "mailbox is unattended", "unmonitored mailbox", "inbox is not monitored", "address is no longer in use", "address is no longer monitored", "this is an automat", "automatically generated", "this is an auto", "automated response", "automated reply", "automatic reply", "automatic response", "auto-reply", "autoreply", "do not reply to this", "please type your reply above this line", "no longer with", "no longer work", "no longer employed", "has left the company", "left the company", "has retired", "is now retired",
        "automatisch generiert", "automatisch erstellt", "automatische antwort", "nicht mehr im unternehmen", "nicht mehr bei", "nicht mehr für", "réponse automatique", "message automatique", "généré automatiquement", "ne travaille plus", "ne fait plus partie", "a quitté", "respuesta automática", "mensaje automático", "generado automáticamente", "ya no trabaja", "ya no labora", "resposta automática", "mensagem automática", "não trabalha mais", "já não trabalha", "risposta automatica", "messaggio automatico", "non lavora più", "automatisch bericht", "automatisch gegenereerd", "niet meer werkzaam", "wiadomość wygenerowana automatycznie", "automatyczna odpowiedź", "już nie pracuje", "автоматический ответ", "автоматическое", "это автоответ", "больше не работает", "автоматичн", "již nepracuje", "automatikus", "nu mai lucreaz", "otomatik", "artık çalışm", "رد آلي", "رسالة آلية", "رد تلقائي", "הודעה אוטומטית", "自動送信", "自動返信", "自動配信", "자동으로 발송", "자동 발송", "자동 회신", "本邮件为自动", "自动回复", "自動回覆", "自動發送", "已离职", "已離職", "퇴사하", "퇴사했", "퇴직", "退職", "thư tự động", "tự động", "อัตโนมัติ", "otomatis", "automatiskt", "automatisk", "automaattinen", "αυτόματη", "αυτοματοποιημένο", "автоматичен", "mohon tidak membalas", "ne odgovarajte"]),
    (Trades, &[
        "price", "the order", "an order", "our order", "my order", "the samples", "samples are", "samples were", "the sample", "colour", "invoice", "payment", "paid the", "the deposit", "shipment", "container", "contract", "discount", "too expensive", "sorry for the late", "sorry for the delay", "apologies for the late", "i was out", "i was away", "i was on", "we were closed", "just got back", "i am back", "i'm back", "just returned", "preis", "anzahlung", "bestellung", "muster", "rechnung", "überwiesen", "vertrag", "farbe", "war ich", "ich war", "le prix", "la commande", "échantillon", "facture", "acompte", "contrat", "j'étais", "el precio", "el pedido", "muestra", "factura", "anticipo", "contrato", "estuve", "o preço", "o pedido", "amostra", "fatura", "estive", "il prezzo", "l'ordine", "campion", "fattura", "acconto", "contratto", "ero in", "de prijs", "de bestelling", "monster", "factuur", "was ik", "ik was", "cena", "zamówieni", "próbk", "faktur", "byłem", "byłam", "цена", "цену", "заказ", "образц", "счет", "счёт", "оплат", "договор", "был в", "была в", "ціна", "замовлен", "fiyat", "sipariş", "numune", "fatura", "sözleşme", "السعر", "الطلب", "عينة", "العينات", "価格", "注文", "見積", "サンプル", "契約", "가격", "주문", "샘플", "견적", "계약", "样品", "樣品", "价格", "價格", "下单", "下單", "订单", "訂單", "报价", "報價", "付款", "定金", "订金", "合同", "giá", "đơn hàng", "mẫu", "hợp đồng", "harga", "pesanan", "sampel", "ราคา", "สั่งซื้อ", "ตัวอย่าง", "priset", "beställning", "prisen", "bestilling", "hinta", "tilaus", "τιμή", "παραγγελί",
    ]),
    (Wants, &[
        "please send", "pls send", "please quote", "pls quote", "please confirm", "pls confirm", "please advise", "please proceed", "please ship", "please prepare", "please arrange", "please offer", "please check", "please resend", "go ahead", "kindly", "send me", "send us", "let me know", "can you", "could you", "we need", "i need", "we want", "we would like", "i would like", "interested in", "looking for", "we agree", "we accept", "we confirm", "i confirm", "proforma", "pro forma", "deposit", "lead time", "best price", "bitte senden", "bitte schicken", "bitte bestätigen", "können sie", "könnten sie", "wir brauchen", "wir benötigen", "wir bestellen", "veuillez nous", "veuillez envoyer", "merci de nous", "pouvez-vous", "pourriez-vous", "por favor envi", "favor de enviar", "podría", "pueden", "necesitamos", "quisiéramos", "por favor, envi", "poderia", "precisamos", "gostaríamos", "vi prego di", "potete", "vorremmo", "kunt u", "graag ontvang", "wij willen", "proszę o ofert", "proszę przesłać", "prosimy o", "czy możecie", "пришлите", "прошу прислать", "вышлите", "нам нужн", "хотим", "можете ли", "надішліть", "prosím pošlete", "pošlete", "kérem küldj", "kérjük küldj", "va rog sa", "vă rugăm să ne", "gönderir misiniz", "gönderin", "rica ederim", "أرسل", "نرجو", "نريد", "אנא שלחו", "送ってください", "お送りください", "お願いできます", "보내 주세요", "보내주세요", "견적 부탁", "请发", "請發", "请报", "請報", "请寄", "请安排", "我们需要", "我要", "vui lòng gửi", "chúng tôi cần", "ช่วยส่ง", "mohon kirim", "kami butuh", "kan ni", "kan du", "vi behöver", "vi trenger", "vi skal bruge", "voitteko", "tarvitsemme", "μπορείτε", "χρειαζόμαστε", "изпратете", "моля изпратете"]),
];

static AUTOMATON: LazyLock<(AhoCorasick, Vec<Says>)> = LazyLock::new(|| {
    let pairs: Vec<_> = PHRASES.iter().flat_map(|(says, phrases)| phrases.iter().map(move |p| (*p, *says))).collect();
    let automaton = AhoCorasick::new(pairs.iter().map(|(phrase, _)| crate::text::normalise(phrase)));
    (automaton.expect("fixed phrases compile"), pairs.into_iter().map(|(_, says)| says).collect())
});

/// The words that make a short mail an automatic answer, or None: a person asks, orders, or simply writes.
pub(in crate::message) fn words_of_absence(own: &str, facts: &Facts) -> Option<KindReason> {
    let asks = own.contains(['?', '？', '؟']) && !own.contains("://");
    let counted = facts.quantity.as_deref().is_some_and(|quantity| quantity.contains(char::is_alphabetic));
    let trades = counted || facts.incoterm.is_some() || facts.target_price.is_some();
    if own.len() > LONGEST || own.len() < 8 || asks || trades {
        return None;
    }
    let normalised = crate::text::normalise(own);
    let (automaton, says) = &*AUTOMATON;
    let mut first: [Option<&str>; 6] = [None; 6];
    for hit in automaton.find_overlapping_iter(&normalised) {
        let says = says[hit.pattern().as_usize()];
        // "Please send your inquiry to office@…" asks nothing for the writer.
        let elsewhere = match says {
            Wants => names_an_address(&normalised, hit.end()),
            Trades => SENDS_ON.is_match(sentence_around(&normalised, hit.start())),
            _ => false,
        };
        if begins_a_word(&normalised, hit.start()) && !elsewhere {
            first[says as usize].get_or_insert(&normalised[hit.start()..hit.end()]);
        }
    }
    let [away, meanwhile, received, nobody, trades, wants] = first;
    if wants.is_some() || trades.is_some() {
        return None;
    }
    let dated = own.bytes().any(|b| b.is_ascii_digit());
    let telling = match (away, meanwhile, received) {
        _ if nobody.is_some() => nobody,
        (Some(away), other, _) if other.is_some() || received.is_some() || dated || own.len() < SHORT => Some(away),
        (_, Some(_), Some(received)) => Some(received),
        (_, _, Some(received)) if dated => Some(received),
        _ => None,
    };
    telling.map(|words| KindReason::AutomaticWords(words.to_owned()))
}

/// What a sentence holds that confirms receipt or names somebody else to turn to.
static SENDS_ON: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let stems = [
        "@",
        "www.",
        "http",
        "+",
        "contact",
        "kontakt",
        "contatt",
        "reach",
        "call",
        "received",
        "wenden",
        "erhalten",
        "bien reçu",
        "recibido",
        "recebemos",
        "ricevuto",
        "ontvangen",
        "otrzymali",
        "обращ",
        "звон",
        "получен",
        "iletişim",
        "alındı",
        "联系",
        "聯絡",
        "聯繫",
        "已收到",
        "連絡",
        "受け付け",
        "受付",
        "연락",
        "접수",
        "liên hệ",
        "hubungi",
        "ติดต่อ",
        "automat",
        "自动",
        "自動",
        "자동",
        "otomatik",
        "автомат",
    ];
    AhoCorasick::new(stems).expect("fixed words compile")
});

/// The sentence in which something stands.
fn sentence_around(text: &str, at: usize) -> &str {
    let ends = |c: char| matches!(c, '\n' | '!' | '?' | '。' | '！' | ';');
    let full_stop = |piece: &str| piece.find(". ");
    let mut start = text[..at].rfind(ends).map_or(0, |end| text.ceil_char_boundary(end + 1));
    start = text[start..at].rfind(". ").map_or(start, |stop| start + stop + 1);
    let rest = &text[at..];
    let end = rest.find(ends).unwrap_or(rest.len());
    let end = full_stop(&rest[..end]).unwrap_or(end);
    &text[start..at + end]
}

/// An address follows in the same sentence.
fn names_an_address(text: &str, from: usize) -> bool {
    let window = &text[from..text.floor_char_boundary(from + 90)];
    window.split(['\n', '!']).next().is_some_and(|sentence| sentence.contains('@'))
}

/// Scripts without gaps between words have no beginnings to look at.
fn begins_a_word(text: &str, at: usize) -> bool {
    let spaced = |c: char| {
        c.is_alphabetic()
            && !matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{6ff}')
    };
    let starts_spaced = text[at..].starts_with(spaced);
    !(starts_spaced && text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_automatic(text: &str) -> bool {
        words_of_absence(text, &Facts::default()).is_some()
    }

    #[test]
    fn an_absence_is_known_by_its_words_in_many_tongues() {
        for text in [
            "Hello, I am out of the office until 3 December. For urgent matters please contact my colleague.",
            "Guten Tag, ich bin bis zum 4.12. im Urlaub. In dringenden Fällen wenden Sie sich an Frau Roth.",
            "Bonjour, je suis en congé jusqu'au 5 décembre.",
            "Estimados, estaré fuera de la oficina hasta el 2 de diciembre.",
            "Olá, estou de férias até 10/12.",
            "Buongiorno, sono in ferie fino al 7 dicembre.",
            "Ik ben met vakantie tot en met 6 december.",
            "Jestem na urlopie do 1 grudnia.",
            "Я в отпуске до 5 декабря, отвечу по возвращении.",
            "3 Aralık tarihine kadar yıllık izindeyim.",
            "أنا في إجازة حتى 3 ديسمبر",
            "12月3日まで休暇をいただいております。",
            "12월 3일까지 휴가입니다. 급하신 용건은 전화 주십시오.",
            "我12月3日前休假，期间如有急事请联系王小姐。",
            "Tôi đang nghỉ phép đến ngày 3/12.",
            "Jag är på semester och är tillbaka den 3 december.",
            "Jeg er på ferie til og med 3. december.",
            "Olen lomalla 3.12. saakka.",
            "V době do 3. 12. čerpám dovolenou.",
            "December 3-ig szabadságon vagyok.",
            "Sunt in concediu pana pe 3 decembrie.",
            "Είμαι σε άδεια έως τις 3 Δεκεμβρίου.",
            "אני בחופשה עד 3 בדצמבר",
            "Saya sedang cuti dan akan kembali tanggal 3 Desember.",
            "ขณะนี้ลาพักร้อนถึงวันที่ 3 ธันวาคม",
            "Я у відпустці до 3 грудня.",
        ] {
            assert!(is_automatic(text), "{text}");
        }
    }

    #[test]
    fn a_receipt_a_ticket_and_a_mailbox_nobody_reads_are_automatic() {
        for text in [
            "We have received your email, ticket 4711. Our team will get back to you within two days.",
            "您好，您的邮件已收到，我们会尽快回复您。",
            "Jane has left the company. This mailbox is not monitored.",
            "Nous avons bien reçu votre message et vous répondrons sous 48 h.",
        ] {
            assert!(is_automatic(text), "{text}");
        }
    }

    #[test]
    fn a_person_who_was_away_and_now_wants_something_is_a_person() {
        for text in [
            "Sorry, I was on vacation until Monday. Please send the proforma.",
            "Our office is closed tomorrow, can you call on Monday?",
            "I am back from leave. We need the chairs before the holiday.",
            "Ich war im Urlaub. Bitte senden Sie das Angebot noch einmal.",
            "We received your samples, they are good. The colour is right.",
            "Thanks, well received.",
            "我上周出差，请发最新的目录",
        ] {
            assert!(!is_automatic(text), "{text}");
        }
    }

    #[test]
    fn an_order_is_no_absence_whatever_it_says_about_holidays() {
        let facts = Facts { quantity: Some("300 pcs".into()), ..Facts::default() };
        assert!(words_of_absence("I am on vacation until 3 December, 300 pcs as before.", &facts).is_none());
    }
}
