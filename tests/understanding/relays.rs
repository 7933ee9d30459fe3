use super::{house, mail};
use inquiryd::message::{House, Kind, Message, RelayBook, understand};

fn seen(message: &Message) -> (Kind, Option<&str>, Option<&str>, Option<&str>) {
    let writer = &message.writer;
    (message.kind, message.relay.as_deref(), writer.name.as_deref(), writer.email.as_deref())
}

#[test]
fn every_shipped_platform_yields_its_buyer_and_never_itself() {
    let domains = [
        ("alibaba", "notice.alibaba.com"),
        ("made_in_china", "made-in-china.com"),
        ("global_sources", "globalsources.com"),
        ("hktdc", "hktdc.com"),
        ("indiamart", "indiamart.com"),
        ("tradeindia", "tradeindia.com"),
        ("tradekey", "tradekey.com"),
        ("ec21", "ec21.com"),
        ("europages", "europages.com"),
    ];
    for (name, domain) in domains {
        let message = mail(
            &format!("From: Portal <service@{domain}>\r\nReply-To: x81@reply.{domain}\r\nSubject: New inquiry"),
            &format!(
                "Buyer: Ms. Ana Costa\r\nEmail: x81@reply.{domain}\r\nCountry: Portugal\r\nQuantity: 800 pieces\r\n\
                      Message:\r\nPlease quote your hammocks."
            ),
        );
        assert_eq!(seen(&message), (Kind::Inquiry, Some(name), Some("Ana Costa"), None));
        assert_eq!(message.writer.country.as_deref(), Some("PT"), "{name}");
        assert_eq!(message.facts.quantity.as_deref(), Some("800 pieces"), "{name}");
        assert_eq!(message.text, "Please quote your hammocks.", "{name}");
    }
}

#[test]
fn a_platform_that_hands_mail_on_keeps_both_identities() {
    let message = mail(
        "From: Portal <service@notice.alibaba.com>\r\nReply-To: q7@reply.alibaba.com\r\nSubject: [Grant Sorensen] sent you an inquiry",
        "Message:\r\nDo you make 40 tents a week?",
    );
    assert_eq!(message.answer_to.as_deref(), Some("q7@reply.alibaba.com"));
    assert_eq!(message.from.email.as_deref(), Some("service@notice.alibaba.com"));
    assert_eq!((message.writer.name.as_deref(), message.writer.email.as_deref()), (Some("Grant Sorensen"), None));
}

#[test]
fn a_sentence_names_the_buyer_where_no_field_does() {
    let message = mail(
        "From: IndiaMART <buyers@indiamart.com>\r\nSubject: A new lead",
        "Rakesh Menon from India is interested in your folding chairs.\r\n",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("indiamart"), Some("Rakesh Menon"), None));
    assert_eq!(message.writer.country.as_deref(), Some("IN"));
}

#[test]
fn a_contact_form_that_sends_as_the_visitor_is_a_form() {
    let message = mail(
        "From: Jo Pike <jo@buyer.example>\r\nSubject: Your website",
        "From: Jo Pike <jo@buyer.example>\r\nSubject: Price\r\n\r\nMessage Body:\r\nWhat do 300 stools cost?\r\n\r\n-- \r\n\
         This e-mail was sent from a contact form on Haiyue (https://seller.example)",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("web_form"), Some("Jo Pike"), Some("jo@buyer.example")));
    assert_eq!(message.text, "What do 300 stools cost?");
}

#[test]
fn labels_with_numbers_stars_bars_and_arrows_are_labels() {
    let message = mail(
        "From: Website <wordpress@seller.example>\r\nSubject: form",
        "1. Name*: Jo Pike\r\n2) Email (required): jo@buyer.example\r\nCountry => Germany\r\nPhone | +49 40 5550147\r\n\
         Message:\r\nPlease quote.",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("web_form"), Some("Jo Pike"), Some("jo@buyer.example")));
    assert_eq!(message.writer.country.as_deref(), Some("DE"));
    assert_eq!(message.writer.phone.as_deref(), Some("+49405550147"));
}

#[test]
fn a_specification_and_a_signature_make_no_form() {
    let message = mail(
        "From: Jo Pike <jo@buyer.example>\r\nSubject: chairs",
        "Dear Amy,\r\nplease quote this:\r\nQuantity: 500\r\nPort: Hamburg\r\nProduct: folding chair\r\n\r\nJo Pike\r\n\
         Tel: +49 40 5550147\r\nEmail: jo@buyer.example",
    );
    assert_eq!((message.kind, message.relay.as_deref()), (Kind::Inquiry, None));
    assert!(message.text.contains("please quote this"), "{}", message.text);
}

#[test]
fn a_fax_is_known_by_its_number_and_never_by_its_gateway() {
    let message =
        mail("From: eFax <message@inbound.efax.com>\r\nSubject: eFax from +1 (212) 555-0147 - 2 pages", "See the fax.");
    assert_eq!(seen(&message), (Kind::Inquiry, Some("fax"), None, None));
    assert_eq!(message.writer.phone.as_deref(), Some("+12125550147"));
    let report = mail("From: eFax <message@efax.com>\r\nSubject: Fax transmission successful", "Your fax arrived.");
    assert_ne!(report.kind, Kind::Inquiry);
}

#[test]
fn a_forwarded_notification_is_credited_to_the_buyer_behind_the_platform() {
    let message = mail(
        "From: Amy <amy@seller.example>\r\nSubject: Fwd: New inquiry",
        "pls follow\r\n\r\n---------- Forwarded message ---------\r\nFrom: Portal <service@tradekey.com>\r\n\
         Date: Mon, 2 Nov 2026\r\nSubject: New inquiry\r\nTo: <amy@seller.example>\r\n\r\n\
         Name: Ana Costa\r\nCompany: Costa Lda\r\nCountry: Portugal\r\nMessage:\r\nPlease quote your hammocks.",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("tradekey"), Some("Ana Costa"), None));
    assert!(message.text.contains("pls follow") && message.text.contains("hammocks"), "{}", message.text);
}

#[test]
fn a_forwarded_form_of_our_own_server_is_credited_to_the_visitor() {
    let message = mail(
        "From: Amy <amy@seller.example>\r\nSubject: Fwd: form",
        "---------- Forwarded message ---------\r\nFrom: Website <wordpress@seller.example>\r\n\
         Date: Mon, 2 Nov 2026\r\nSubject: form\r\nTo: <amy@seller.example>\r\n\r\n\
         Name: Jo Pike\r\nEmail: jo@buyer.example\r\nMessage:\r\nPlease quote.",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("web_form"), Some("Jo Pike"), Some("jo@buyer.example")));
}

#[test]
fn a_redirected_mail_keeps_its_author() {
    let message = mail(
        "Resent-From: Amy <amy@seller.example>\r\nFrom: Jo <jo@buyer.example>\r\nSubject: tents",
        "Please quote 300 tents.",
    );
    assert_eq!(message.writer.email.as_deref(), Some("jo@buyer.example"));
}

#[test]
fn a_company_adds_its_own_form_in_five_lines() {
    let relays = "[[relay]]\nname = \"our_website\"\nkind = \"form\"\nfrom = [\"forms.host.example\"]\n\
                  labels = { quantity = [\"How many?\"] }";
    let relays = RelayBook::with(relays, "relays.toml").expect("sound");
    let raw = b"From: <bot@forms.host.example>\r\nSubject: hello\r\n\r\nName: Jo Pike\r\nE-mail: jo@buyer.example\r\n\
                How many?: 300\r\nMessage: your best price?";
    let message = understand(raw, &House { relays, ..house() });
    assert_eq!(seen(&message), (Kind::Inquiry, Some("our_website"), Some("Jo Pike"), Some("jo@buyer.example")));
    assert_eq!(message.facts.quantity.as_deref(), Some("300"));
}

#[test]
fn an_answer_above_an_old_form_keeps_the_buyers_new_words() {
    let message = mail(
        "From: Jo Pike <jo@buyer.example>\r\nSubject: Re: Your website",
        "We take 500 stools now.\r\n\r\n> Name: Jo Pike\r\n> Email: jo@buyer.example\r\n> Message: What do 300 stools cost?\r\n\
         This e-mail was sent from a contact form on Haiyue",
    );
    assert_eq!(message.relay, None);
    assert!(message.text.contains("500 stools"), "{}", message.text);
}

#[test]
fn an_online_shops_contact_form_is_read_with_the_value_below_the_label() {
    let message = mail(
        "From: Haiyue (Shopify) <mailer@shopify.com>\r\nReply-To: jo@buyer.example\r\nSubject: New customer message",
        "You received a new message from your online store's contact form.\r\n\r\nCountry Code:\r\nDE\r\n\r\n\
         Name:\r\nJo Pike\r\n\r\nEmail:\r\njo@buyer.example\r\n\r\nComment:\r\nDo you ship 300 stools to Bremen?",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("web_form"), Some("Jo Pike"), Some("jo@buyer.example")));
    assert_eq!(message.text, "Do you ship 300 stools to Bremen?");
}

#[test]
fn the_technical_block_under_a_form_is_no_part_of_the_message() {
    let message = mail(
        "From: Website <wordpress@seller.example>\r\nSubject: New message from Haiyue",
        "Name: Jo Pike\r\nEmail: jo@buyer.example\r\nMessage: Do you make tents?\r\nWe need 40.\r\n\r\n---\r\n\r\n\
         Date: November 2, 2026\r\nTime: 10:14 am\r\nPage URL: https://seller.example/contact\r\nUser Agent: Mozilla/5.0\r\n\
         Remote IP: 192.0.2.7\r\nPowered by: Elementor",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("web_form"), Some("Jo Pike"), Some("jo@buyer.example")));
    assert_eq!(message.text, "Do you make tents?\nWe need 40.");
}

#[test]
fn a_notice_in_chinese_names_its_buyer() {
    let message = mail(
        "From: =?utf-8?B?5Lit5Zu95Yi26YCg572R?= <service@made-in-china.com>\r\nContent-Type: text/plain; charset=utf-8\r\nSubject: inquiry",
        "您收到一封新的询盘\r\n联系人：Ana Costa\r\n公司名称：Costa Lda\r\n国家/地区：葡萄牙\r\n采购数量：800 pieces\r\n询盘内容：\r\nPlease quote hammocks.",
    );
    assert_eq!(seen(&message), (Kind::Inquiry, Some("made_in_china"), Some("Ana Costa"), None));
    assert_eq!((message.writer.company.as_deref(), message.writer.country.as_deref()), (Some("Costa Lda"), Some("PT")));
}

#[test]
fn a_platforms_own_notice_is_nobodys_inquiry() {
    let message = mail(
        "From: Portal <service@tradekey.com>\r\nSubject: Your membership ends soon",
        "Dear member,\r\nplease renew your membership before the end of the month.",
    );
    assert_ne!(message.kind, Kind::Inquiry);
    assert_eq!(message.relay.as_deref(), Some("tradekey"));
}

#[test]
fn a_forward_with_an_attribution_instead_of_header_lines_names_its_buyer() {
    for line in [
        "On 27/10/2026, 10:15, \"Jo Pike\" <jo@kestrel.example> wrote:",
        "Am 27.10.26, 10:15 schrieb \"Jo Pike\" <jo@kestrel.example>:",
        "Le 27/10/2026 10:15, « Jo Pike » <jo@kestrel.example> a écrit :",
        "Jo Pike <jo@kestrel.example> kirjoitti 27.10.2026 kello 10.15:",
    ] {
        let message = mail(
            "From: Leo <leo@seller.example>\r\nSubject: Fwd: chairs\r\nContent-Type: text/plain; charset=utf-8",
            &format!("Amy, yours.\r\n\r\n{line}\r\n\r\nDear Leo,\r\nplease quote 500 chairs.\r\n"),
        );
        let expected = (Kind::Inquiry, Some("forward"), Some("Jo Pike"), Some("jo@kestrel.example"));
        assert_eq!(seen(&message), expected, "{line}");
        assert!(message.text.ends_with("please quote 500 chairs."), "{}", message.text);
    }
}

#[test]
fn a_term_asked_for_in_a_portals_table_is_the_buyers() {
    let message = mail(
        "From: Portal <service@globalsources.com>\r\nSubject: RFI received",
        "Buyer name: Ana Costa\r\nInformation requested: [x] FOB price [ ] Catalog\r\nMessage:\r\nPlease quote 40 tents.",
    );
    assert_eq!(message.facts.incoterm.as_deref(), Some("FOB"));
}
