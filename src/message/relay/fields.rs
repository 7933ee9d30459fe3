//! `label: value` mail: the language of web forms and platform notifications.

use super::Relayed;
use crate::message::header::{address_spec, addresses};
use crate::message::{Writer, country};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a label asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::message) enum Field {
    Name,
    FirstName,
    LastName,
    Email,
    Company,
    Country,
    Phone,
    Product,
    Quantity,
    Price,
    Message,
    /// Known, but nothing we use: it ends the field before it.
    Other,
}

#[rustfmt::skip]
const LABELS: &[(Field, &[&str])] = &[
    (Field::Name, &["name", "your name", "full name", "contact name", "contact person", "contact", "buyer", "buyer name", "customer name", "from", "sender", "posted by", "your-name",
        "nombre", "nombre completo", "nombre y apellidos", "nom", "nom et prénom", "votre nom", "nome", "nome completo", "ihr name", "naam", "имя", "ваше имя", "фио", "контактное лицо", "ad soyad", "adınız",
        "isim", "imię i nazwisko", "姓名", "您的姓名", "名字", "联系人", "聯絡人", "采购商姓名", "採購商姓名", "买家姓名", "称呼", "お名前", "氏名", "ご担当者名", "이름", "성함", "담당자", "الاسم", "họ tên", "họ và tên", "tên"]),
    (Field::FirstName, &["first name", "vorname", "prénom", "voornaam"]),
    (Field::LastName, &["last name", "surname", "nachname", "apellidos", "cognome", "sobrenome", "achternaam"]),
    (Field::Email, &["email", "e-mail", "email address", "e-mail address", "your email", "your-email", "mail", "correo", "correo electrónico", "adresse e-mail", "adresse email", "courriel", "e-mail-adresse", "ihre e-mail",
        "e-mailadres", "indirizzo email", "почта", "электронная почта", "эл. почта", "e-posta", "eposta", "adres e-mail", "邮箱", "郵箱", "电子邮箱", "電子郵件", "电子邮件", "联系邮箱", "邮件", "メールアドレス", "メール", "이메일", "البريد الإلكتروني", "البريد", "thư điện tử"]),
    (Field::Company, &["company", "company name", "your company", "organization", "organisation", "business name", "firm", "empresa", "compañía", "société", "entreprise", "firma", "unternehmen", "firmenname", "bedrijf", "bedrijfsnaam",
        "azienda", "società", "компания", "организация", "şirket", "firma adı", "公司", "公司名称", "公司名稱", "单位", "会社名", "貴社名", "御社名", "회사", "회사명", "업체명", "الشركة", "công ty"]),
    (Field::Country, &["country", "country/region", "country / region", "country or region", "location", "your country", "país", "pays", "land", "paese", "страна", "ülke", "kraj", "国家", "國家", "国家/地区", "所在国家/地区", "所在国家", "国", "国名", "국가", "الدولة", "البلد", "quốc gia"]),
    (Field::Phone, &["phone", "telephone", "tel", "tel.", "mobile", "mobile phone", "phone number", "your phone", "cell", "whatsapp", "whatsapp number", "mobile/whatsapp", "phone/whatsapp", "tel/whatsapp", "contact number", "teléfono", "telefono", "téléphone", "telefon",
        "telefonnummer", "telefone", "telefoon", "телефон", "电话", "電話", "联系电话", "手机", "手机号", "手機", "電話番号", "お電話番号", "연락처", "전화", "전화번호", "الهاتف", "هاتف", "điện thoại", "số điện thoại", "celular"]),
    (Field::Product, &["product", "products", "product name", "product of interest", "interested product", "product enquired", "enquiry product", "item", "buyer wants", "producto", "produit", "produkt", "prodotto", "produto", "ürün", "товар", "продукт",
        "产品", "產品", "询盘产品", "产品名称", "感兴趣的产品", "商品", "商品名", "제품", "المنتج", "sản phẩm", "enquiry"]),
    (Field::Quantity, &["quantity", "qty", "order quantity", "estimated order", "estimated order quantity", "purchase quantity", "cantidad", "quantité", "menge", "quantità", "quantidade", "aantal", "количество", "adet", "miktar", "ilość",
        "数量", "數量", "采购数量", "订购数量", "수량", "الكمية", "số lượng"]),
    (Field::Price, &["target price", "price", "budget", "expected price", "目标价", "目標價", "目标价格", "precio objetivo", "prix cible", "zielpreis"]),
    (Field::Message, &["message", "your message", "message body", "your-message", "comments", "comment", "inquiry", "inquiry details", "inquiry content", "details", "requirements", "requirement", "description", "buyer's message", "last message from buyer", "question",
        "mensaje", "comentarios", "votre message", "nachricht", "ihre nachricht", "bericht", "messaggio", "mensagem", "сообщение", "ваше сообщение", "текст сообщения", "комментарий", "mesaj", "mesajınız", "wiadomość", "treść wiadomości",
        "留言", "留言内容", "留言內容", "询盘内容", "詢盤內容", "内容", "內容", "信息", "需求", "备注", "お問い合わせ内容", "メッセージ", "ご用件", "내용", "문의내용", "문의 내용", "메시지", "الرسالة", "رسالة", "nội dung", "lời nhắn", "tin nhắn"]),
    (Field::Other, &["subject", "date", "time", "page url", "url", "user agent", "remote ip", "ip", "ip address", "powered by", "sent from", "referrer", "referer", "trade terms", "business type", "information requested", "city", "address", "website", "unit",
        "payment", "title", "asunto", "sujet", "betreff", "oggetto", "assunto", "тема", "konu", "主题", "主題", "件名", "제목", "subject line", "form", "submitted", "submission", "source", "buyer information", "contact information", "reply", "view full profile and reply", "发送时间",
        "probable requirement type", "preferred location", "地址", "fax", "sent to", "street", "zip", "postcode", "state", "how did you hear about us", "consent", "gdpr", "privacy"]),
];

static BY_LABEL: LazyLock<HashMap<&str, Field>> =
    LazyLock::new(|| LABELS.iter().flat_map(|(field, names)| names.iter().map(|n| (*n, *field))).collect());

/// The field a line begins with, and the value on the same line.
pub(super) fn labelled(line: &str) -> Option<(Field, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '>' | '-' | '•'));
    let window = &line[..line.floor_char_boundary(60)];
    let colon = window.find([':', '：'])?;
    let field = by_label(&window[..colon])?;
    let value = line[colon..].trim_start_matches([':', '：']).trim_matches(|c: char| c.is_whitespace() || c == '*');
    Some((field, value))
}

fn by_label(label: &str) -> Option<Field> {
    let label = label.trim().trim_end_matches(['*', '?']).trim();
    if label.is_empty() || label.len() > 40 {
        return None;
    }
    let label = label.to_lowercase().replace('’', "'");
    let label = label.strip_suffix("(required)").unwrap_or(&label).trim();
    BY_LABEL.get(label).copied()
}

/// The fields of a mail in its order.
#[derive(Debug, Default)]
pub(in crate::message) struct Fields {
    found: Vec<(Field, String)>,
}

const MAX_FIELDS: usize = 60;

impl Fields {
    /// Reads `label: value` lines, labels alone on a line with the value below, and cells apart by a tab.
    pub fn read(text: &str) -> Self {
        let mut fields = Fields::default();
        let mut open: Option<Field> = None;
        for line in text.lines().take(1000) {
            let trimmed = line.trim();
            if fields.found.len() >= MAX_FIELDS {
                break;
            }
            if ends_the_form(trimmed) {
                open = None;
                continue;
            }
            let cell = trimmed
                .split_once('\t')
                .and_then(|(label, value)| Some((by_label(label.trim_end_matches([':', '：']))?, value.trim())));
            let alone = || by_label(trimmed).filter(|f| *f != Field::Other || open.is_some()).map(|field| (field, ""));
            if let Some((field, value)) = cell.or_else(|| labelled(trimmed)).or_else(alone) {
                // A bare word may be an answer, not a label: "Details" inside somebody's message.
                let inside_message =
                    open == Some(Field::Message) && value.is_empty() && !trimmed.ends_with([':', '：']);
                if !inside_message || matches!(field, Field::Phone | Field::Email | Field::Company | Field::Country) {
                    open = (field != Field::Other || value.is_empty()).then_some(field);
                    fields.found.push((field, value.to_owned()));
                    continue;
                }
            }
            if let Some(field) = open {
                fields.continue_with(field, trimmed);
                if field != Field::Message && !trimmed.is_empty() {
                    open = None;
                }
            }
        }
        fields.found.retain(|(_, value)| !value.trim().is_empty());
        fields
    }

    fn continue_with(&mut self, field: Field, line: &str) {
        let Some((_, value)) = self.found.last_mut() else { return };
        if field == Field::Message {
            if !value.is_empty() {
                value.push('\n');
            }
            value.push_str(line);
        } else if value.is_empty() {
            value.push_str(line);
        }
    }

    /// The first value of a field.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.found.iter().find(|(f, _)| *f == field).map(|(_, value)| value.trim())
    }

    /// How many fields that tell of a person or his wish were filled in.
    pub fn count(&self) -> usize {
        self.found.iter().filter(|(field, _)| *field != Field::Other).count()
    }

    /// The person the fields tell of.
    pub fn writer(&self) -> Writer {
        let given =
            [self.get(Field::FirstName), self.get(Field::LastName)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = self.get(Field::Name).map(str::to_owned).or(Some(given).filter(|n| !n.is_empty()));
        // `From: Jo <jo@x.example>` names both.
        let both =
            name.as_deref().and_then(|n| addresses(n.as_bytes()).into_iter().next()).filter(|a| a.email.is_some());
        let email = self.get(Field::Email).and_then(email_in).or_else(|| both.as_ref().and_then(|a| a.email.clone()));
        let name = both.map_or(name, |a| a.name).map(|n| without_title(&n)).filter(|n| !n.is_empty());
        let phone = self.get(Field::Phone).filter(|p| p.bytes().filter(u8::is_ascii_digit).count() >= 5);
        let phone =
            phone.filter(|p| !p.to_ascii_lowercase().contains("xxx")).map(|p| p.chars().take(40).collect::<String>());
        let stated = self.get(Field::Country).and_then(country::by_name);
        let city = self
            .found
            .iter()
            .filter(|(f, _)| *f == Field::Other)
            .find_map(|(_, v)| if v.len() < 80 { country::by_name(v) } else { None });
        Writer {
            name,
            email,
            company: self.get(Field::Company).map(str::to_owned),
            country: stated.or(city).map(str::to_owned),
            country_by: None,
            phone,
        }
    }

    /// The buyer with his words.
    pub fn relayed(&self, relay: &str, writer: Writer) -> Relayed {
        let own = |field| self.get(field).map(str::to_owned);
        Relayed {
            relay: relay.to_owned(),
            writer,
            words: own(Field::Message),
            product: own(Field::Product),
            quantity: own(Field::Quantity).filter(|q| q.contains(|c: char| c.is_ascii_digit())),
            price: own(Field::Price),
        }
    }
}

fn ends_the_form(line: &str) -> bool {
    let rule = line.len() >= 2 && line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*'));
    let lower = line.to_lowercase();
    rule || [
        "this e-mail was sent from",
        "this email was sent from",
        "this is a notification that",
        "sent from ",
        "reply now",
        "reply to this inquiry",
        "responder en",
        "tips:",
        "this is an automatically generated",
        "此邮件",
        "请尽快回复",
        "bu e-posta",
        "you may also",
        "view full profile",
    ]
    .iter()
    .any(|s| lower.starts_with(s))
}

fn email_in(value: &str) -> Option<String> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';'))
        .find_map(address_spec)
}

fn without_title(name: &str) -> String {
    let name = name.trim();
    for title in ["Mr. ", "Mr ", "Ms. ", "Ms ", "Mrs. ", "Mrs ", "Miss ", "Mme ", "Herr ", "Frau ", "Sr. ", "Sra. "] {
        if let Some(rest) = name.strip_prefix(title) {
            return rest.trim().to_owned();
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_the_value_under_the_label_is_read() {
        let fields = Fields::read(
            "Name\nNgaire\n\nEmail\nngaire@x.example\n\nMessage\nWhat price?\nSecond line\n\n---\nSent from X",
        );
        assert_eq!(fields.writer().email.as_deref(), Some("ngaire@x.example"));
        assert_eq!(fields.get(Field::Message), Some("What price?\nSecond line"));
    }

    #[test]
    fn a_chinese_form_is_read() {
        let fields = Fields::read("姓名：黃美玲\n國家：馬來西亞\n郵箱：m@x.example\n留言：你好，請發目錄");
        let writer = fields.writer();
        assert_eq!((writer.name.as_deref(), writer.country.as_deref()), (Some("黃美玲"), Some("MY")));
    }

    #[test]
    fn name_and_address_in_one_field_are_told_apart() {
        let writer = Fields::read("From: Mr. Jo Pike <jo@x.example>\nSubject: x\n\nMessage Body:\nhi").writer();
        assert_eq!((writer.name.as_deref(), writer.email.as_deref()), (Some("Jo Pike"), Some("jo@x.example")));
    }
}
