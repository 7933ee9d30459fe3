//! The rooms `message` and `risk` on whole mails.

mod automatic;
mod bounces;
mod bounds;
mod charsets;
mod facts;
mod kinds;
mod malformed;
mod mutations;
mod people;
mod quotes;
mod relays;
mod risks;

use inquiryd::message::{House, Message, understand};

/// The company in the sample mails.
pub fn house() -> House {
    House {
        domains: vec!["seller.example".into()],
        addresses: vec!["amy.private@gmail.com".into()],
        products: vec!["Folding chair".into()],
        ..House::default()
    }
}

/// All sample mails: name and bytes.
pub const MAILS: &[(&str, &[u8])] = &[
    ("gb2312_order", include_bytes!("../mails/gb2312_order.eml")),
    ("big5_inquiry", include_bytes!("../mails/big5_inquiry.eml")),
    ("shift_jis_order", include_bytes!("../mails/shift_jis_order.eml")),
    ("koi8_reply", include_bytes!("../mails/koi8_reply.eml")),
    ("unlabelled_gbk", include_bytes!("../mails/unlabelled_gbk.eml")),
    ("outlook_html_only", include_bytes!("../mails/outlook_html_only.eml")),
    ("form_wpforms", include_bytes!("../mails/form_wpforms.eml")),
    ("platform_alibaba", include_bytes!("../mails/platform_alibaba.eml")),
    ("forwarded_by_colleague", include_bytes!("../mails/forwarded_by_colleague.eml")),
    ("bounce_rfc3464", include_bytes!("../mails/bounce_rfc3464.eml")),
    ("bounce_qmail", include_bytes!("../mails/bounce_qmail.eml")),
    ("flowed_reply", include_bytes!("../mails/flowed_reply.eml")),
    ("double_from_no_boundary_end", include_bytes!("../mails/double_from_no_boundary_end.eml")),
];

/// A sample mail, understood.
pub fn sample(name: &str) -> Message {
    let (_, raw) = MAILS.iter().find(|(n, _)| *n == name).expect("a sample of this name");
    understand(raw, &house())
}

/// A short mail from its header lines and its text.
pub fn mail(headers: &str, text: &str) -> Message {
    understand(format!("{headers}\r\n\r\n{text}").as_bytes(), &house())
}
