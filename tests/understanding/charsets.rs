use super::sample;

#[test]
fn a_gb2312_mail_with_gbk_characters_reads_as_its_writer_meant() {
    let message = sample("gb2312_order");
    assert_eq!(message.subject, "询价：遮阳伞");
    assert!(message.text.contains("朱镕"), "{}", message.text);
    assert_eq!(message.facts.quantity.as_deref(), Some("500 把"));
    assert_eq!((message.facts.incoterm.as_deref(), message.facts.port.as_deref()), (Some("FOB"), Some("宁波")));
    assert_eq!(message.writer.company.as_deref(), Some("绿野户外用品有限公司"));
    assert_eq!(message.facts.certificates, ["CE"]);
    assert_eq!(message.language.as_deref(), Some("zh"));
}

#[test]
fn big5_shift_jis_and_koi8_are_read() {
    assert_eq!(sample("big5_inquiry").facts.quantity.as_deref(), Some("300 張"));
    assert_eq!(sample("big5_inquiry").writer.name.as_deref(), Some("陳美惠"));
    let order = sample("shift_jis_order");
    assert_eq!((order.subject.as_str(), order.writer.company.as_deref()), ("お見積りのお願い", Some("株式会社にわや")));
    assert_eq!(order.language.as_deref(), Some("ja"));
    assert_eq!(sample("koi8_reply").text, "Подтверждаем 400 шт., пришлите счёт.");
}

#[test]
fn a_mail_without_any_charset_is_guessed_and_says_so() {
    let message = sample("unlabelled_gbk");
    assert_eq!(message.subject, "请报价户外折叠椅");
    assert!(message.text.starts_with("你好，我们想采购户外折叠椅两千把"), "{}", message.text);
    assert!(!message.text.contains("iPhone"));
    assert!(message.remarks.iter().any(|r| r.contains("charset")), "{:?}", message.remarks);
}

#[test]
fn a_broken_mail_gives_what_it_has_and_says_what_is_broken() {
    let message = sample("double_from_no_boundary_end");
    assert_eq!(message.from.email.as_deref(), Some("first@buyer.example"));
    assert_eq!(message.subject, "询盘");
    assert_eq!(message.facts.quantity.as_deref(), Some("400 pcs"));
    assert_eq!(message.attachments[0].name, "passwd");
    assert!(message.remarks.iter().any(|r| r.contains("base64")), "{:?}", message.remarks);
}

#[test]
fn control_characters_reach_nobody() {
    let message = super::mail("From: a@x.example\r\nSubject: a\x00b", "Please\x00 quote\x1b 300 pcs\x07");
    assert_eq!((message.subject.as_str(), message.text.as_str()), ("a b", "Please quote 300 pcs"));
    let html = super::mail("From: a@x.example\r\nContent-Type: text/html", "<p>a&#0;b&#7;</p>");
    assert_eq!(html.text, "ab");
}
