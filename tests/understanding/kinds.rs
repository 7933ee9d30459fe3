//! Who sells to us, who buys from us, and who answers us.

use super::mail;
use inquiryd::message::Kind;

fn kind_of(headers: &str, text: &str) -> Kind {
    let common = "From: Jo <jo@kestrel.example>\r\nSubject: Cooperation\r\nContent-Type: text/plain; charset=utf-8";
    mail(&format!("{common}{headers}"), text).kind
}

#[test]
fn who_offers_goods_of_his_own_is_no_buyer_in_many_tongues() {
    for text in [
        "Jesteśmy producentem kartonów. Oferujemy niskie ceny.",
        "Мы поставляем упаковку и плёнку.",
        "Chúng tôi chuyên sản xuất bao bì.",
        "نحن مصنع للتغليف",
        "我司提供包装材料，欢迎了解。",
    ] {
        assert_eq!(kind_of("", text), Kind::Pitch, "{text}");
    }
}

#[test]
fn a_buyer_who_praises_his_own_house_still_buys() {
    for text in [
        "We are a leading manufacturer of garden furniture and need 600D fabric. Please quote.",
        "We offer you a cooperation: we buy four containers of tents a year.",
        "Jesteśmy producentem mebli i poszukujemy tkanin.",
        "Somos fabricantes de muebles y buscamos telas.",
        "Üreticisiyiz, kumaş arıyoruz.",
    ] {
        assert_eq!(kind_of("", text), Kind::Inquiry, "{text}");
    }
}

#[test]
fn who_answers_us_through_a_mailing_tool_is_no_newsletter() {
    let tool = "\r\nList-Unsubscribe: <https://tool.example/u>\r\nPrecedence: bulk";
    let answer = format!("{tool}\r\nIn-Reply-To: <offer.5@seller.example>");
    assert_eq!(kind_of(&answer, "We take the green ones."), Kind::Reply);
    assert_eq!(kind_of(tool, "All the news of our house."), Kind::Newsletter);
}

#[test]
fn an_absence_sent_as_bulk_is_no_newsletter_and_no_wish_to_be_taken_off() {
    let headers = "\r\nPrecedence: bulk\r\nAuto-Submitted: auto-replied";
    assert_eq!(kind_of(headers, "I am away. Unsubscribe me if I bother you."), Kind::AutoReply);
}
