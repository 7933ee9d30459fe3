//! Where a sentence only says whom to turn to, or that something has arrived.

use super::phrases::begins_a_word;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

fn automaton(stems: &[&str]) -> AhoCorasick {
    AhoCorasick::new(stems).expect("fixed words compile")
}

static CONTACT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "contact",
        "kontakt",
        "contatt",
        "contato",
        "contate",
        "reach",
        "call",
        "wenden",
        "обращ",
        "звон",
        "пишите",
        "iletişim",
        "联系",
        "聯絡",
        "聯繫",
        "致电",
        "致電",
        "連絡",
        "연락",
        "liên hệ",
        "hubungi",
        "ติดต่อ",
        "reach out",
        "write to",
        "escrib",
        "adresser",
        "rivolge",
        "اتصال",
        "التواصل",
        "راسل",
        "help",
        "skontakt",
        "zadzwo",
        "позвон",
        "перезвон",
        "свяж",
        "связат",
        "επικοινων",
        "hívj",
        "írjon",
        "dzwoni",
        "telefon",
        "contata",
        "appel",
        "llam",
        "ligue",
        "ligar para",
        "chiam",
        "bellen",
        "belt u",
        "arayın",
        "arayabilir",
        "ulaşabilir",
        "görüş",
        "anrufen",
        "전화",
        "電話",
        "gọi ",
        "direct ",
    ])
});

static ARRIVED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "received",
        "erhalten",
        "bien reçu",
        "recibido",
        "recebemos",
        "ricevuto",
        "ontvangen",
        "otrzymali",
        "получен",
        "alındı",
        "已收到",
        "受け付け",
        "受付",
        "접수",
        "نستلم",
        "استلام",
        "đã nhận",
        "automat",
        "自动",
        "自動",
        "자동",
        "otomatik",
        "автомат",
    ])
});

/// What shops receive from strangers, and confirm without a person.
static ORDERS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "order",
        "bestell",
        "auftrag",
        "commande",
        "pedido",
        "ordine",
        "zamówieni",
        "заказ",
        "замовлен",
        "sipariş",
        "الطلب",
        "注文",
        "주문",
        "订单",
        "訂單",
        "đơn hàng",
        "pesanan",
        "สั่งซื้อ",
        "beställning",
        "bestilling",
        "tilaus",
        "objednáv",
        "rendelés",
        "comanda",
    ])
});

/// What people send to a mailbox, in words that no goods have.
static MESSAGE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    automaton(&[
        "inquir",
        "enquir",
        "e-mail",
        "message",
        "request",
        "question",
        "anfrage",
        "nachricht",
        "demande",
        "consulta",
        "mensaje",
        "solicitud",
        "mensagem",
        "richiest",
        "messagg",
        "bericht",
        "vragen",
        "zapytan",
        "wiadomoś",
        "запрос",
        "письм",
        "сообщен",
        "вопрос",
        "sorular",
        "mesaj",
        "talep",
        "رسال",
        "استفسار",
        "邮件",
        "郵件",
        "问题",
        "メール",
        "메일",
        "문의",
        "câu hỏi",
    ])
});

/// An address or a number to call.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"@|www\.|https?:|\+[0-9]|(?:^|[^0-9-])[0-9][0-9 ()/-]{6,}[0-9]").expect("a fixed pattern compiles")
});

/// The beginning of "if it is urgent" and "for prices", which wait for whom to ask.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^\W*(?:for|if|in|regarding|should|bei|für|falls|wenn|sollte|pour|si|en|para|por|caso|em|se|per|voor|bij|als|w|we|jeśli|gdyby|по|если|для|при|в|якщо|eğer|om|för|vid|hvis|ved|for|jos|pro|při|pentru|για|untuk|jika|kalau|nếu|khi)\s",
        r"|^\W*(?:إذا|في|لل|如|若)|場合|際は|경우|시에는|(?:için|durumda|durumlarda|halinde|konularda)\s*$"
    ))
    .expect("a fixed pattern compiles")
});

/// The writer himself is to be called.
static ME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:me|us|mich|uns|m'|nous|me|мне|beni|bizi)\b|我(?:[^的们]|$)|tôi\b")
        .expect("a fixed pattern compiles")
});

pub(super) fn names_an_address(text: &str) -> bool {
    ADDRESS.is_match(text)
}

/// Whether somebody is told to turn to somebody else.
pub(super) fn names_whom_to_ask(text: &str) -> bool {
    turns_away(text) || names_an_address(text)
}

fn turns_away(text: &str) -> bool {
    let mut hits = CONTACT.find_iter(text).filter(|hit| begins_a_word(text, hit.start()));
    hits.next().is_some_and(|hit| !ME.is_match(&text[hit.end()..]))
}

pub(super) fn confirms_receipt(text: &str) -> bool {
    ARRIVED.is_match(text)
}

pub(super) fn is_condition(clause: &str) -> bool {
    CONDITION.is_match(clause)
}

pub(super) fn is_order(words: &str) -> bool {
    ORDERS.is_match(words)
}

/// "Please send your inquiry to office@…" and "you may call Ann" want nothing for the writer.
pub(super) fn wants_for_others(rest: &str) -> bool {
    turns_away(rest) || rest.find('@').is_some_and(|at| MESSAGE.is_match(&rest[..at]) || ORDERS.is_match(&rest[..at]))
}
