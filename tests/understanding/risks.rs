use super::{house, mail};
use inquiryd::domain::Trusted;
use inquiryd::language::Language;
use inquiryd::message::{House, Message, understand};
use inquiryd::risk::{Risk, new_domain_in_thread, risks};

fn found(message: &Message) -> Vec<Risk> {
    risks(message, &house(), &Trusted::new(["kestrel-leisure.co.uk", "walwest.example"]))
}

fn names(message: &Message) -> Vec<&'static str> {
    found(message).iter().map(Risk::name).collect()
}

#[test]
fn a_lookalike_of_a_buyer_with_a_new_bank_account_is_flagged_twice() {
    let message = mail(
        "From: Joanna <jo@kestrel-leisvre.co.uk>\r\nSubject: refund",
        "We changed the bank, please refund to the new account in the attached letter.",
    );
    assert_eq!(names(&message), ["lookalike_domain", "bank_detail_change"]);
}

#[test]
fn an_answer_address_in_another_house_is_flagged_but_not_for_a_platform() {
    let message =
        mail("From: Jo <jo@buyer.example>\r\nReply-To: jo@elsewhere.test\r\nSubject: order", "Please quote 300 tents.");
    assert_eq!(names(&message), ["reply_to_differs"]);
    let platform = mail(
        "From: Made-in-China.com <inquiry@made-in-china.com>\r\nReply-To: jo@buyer.example\r\nSubject: Inquiry from Jo Pike",
        "Name: Jo Pike\r\nCompany: Pike Ltd\r\nMessage: Please quote 300 tents.",
    );
    assert_eq!(names(&platform), Vec::<&str>::new());
    assert_eq!(platform.writer.email.as_deref(), Some("jo@buyer.example"));
}

#[test]
fn a_program_dressed_as_an_order_is_flagged() {
    let message = mail(
        "From: PO <po@import.test>\r\nSubject: PO 88\r\nContent-Type: multipart/mixed; boundary=b",
        "--b\r\n\r\nsee attached\r\n--b\r\nContent-Type: application/pdf; name=\"PO 88.pdf.exe\"\r\nContent-Disposition: attachment\r\n\r\nMZ\r\n--b--\r\n",
    );
    assert_eq!(names(&message), ["dangerous_attachment"]);
}

#[test]
fn a_link_that_leads_elsewhere_than_it_says_is_flagged() {
    let message = mail(
        "From: IT <it@help.test>\r\nSubject: hello\r\nContent-Type: text/html",
        "<p>see <a href=\"http://198.51.100.7/offer\">https://mail.seller.example/keep</a></p>",
    );
    assert_eq!(names(&message), ["false_link"]);
}

#[test]
fn failed_dmarc_counts_in_the_topmost_result_only() {
    let top = mail(
        "Authentication-Results: mx.seller.example; dmarc=fail header.from=buyer.example\r\nFrom: Jo <jo@buyer.example>\r\nSubject: x",
        "Please quote.",
    );
    assert_eq!(names(&top), ["authentication_failed"]);
    let below = mail(
        "Authentication-Results: mx.seller.example; dmarc=pass\r\nAuthentication-Results: forged; dmarc=fail\r\nFrom: Jo <jo@buyer.example>\r\nSubject: x",
        "Please quote.",
    );
    assert_eq!(names(&below), Vec::<&str>::new());
}

#[test]
fn an_honest_order_has_no_risk() {
    let message = mail(
        "From: Jo <jo@kestrel-leisure.co.uk>\r\nSubject: order",
        "Please send the PI for 300 tents FOB Ningbo, 30% deposit by T/T.",
    );
    assert_eq!(names(&message), Vec::<&str>::new());
}

#[test]
fn a_domain_with_foreign_letters_is_told_in_punycode() {
    let message = mail("From: Jo <jo@kеstrel-leisure.co.uk>\r\nSubject: order", "Please quote 300 tents.");
    let told = found(&message)[0].told(Language::English);
    assert_eq!(told.risk, "lookalike_domain");
    assert_eq!(
        told.detail,
        "xn--kstrel-leisure-0vl.co.uk (kеstrel-leisure.co.uk) looks like kestrel-leisure.co.uk: letters replaced by look-alikes"
    );
    let told = found(&message)[0].told(Language::SimplifiedChinese);
    assert!(told.detail.ends_with("与 kestrel-leisure.co.uk 相似：用了外形相似的字母"), "{}", told.detail);
}

#[test]
fn a_link_to_a_page_that_wants_a_password_is_flagged_unless_it_is_the_senders_own() {
    let page = |link: &str| {
        mail(
            "From: Ana <ana@buyer.test>\r\nSubject: PO 4431\r\nContent-Type: text/html",
            &format!("<p>Our order is in the portal: <a href=\"{link}\">open order</a>, 300 tents FOB Ningbo.</p>"),
        )
    };
    assert_eq!(names(&page("https://files.evil.test/owa/login.php?u=sales")), ["login_link"]);
    assert_eq!(names(&page("https://mail-verify.weebly.com/")), ["login_link"]);
    assert_eq!(names(&page("https://portal.buyer.test/login")), Vec::<&str>::new());
    assert_eq!(names(&page("https://drive.google.com/file/d/1")), Vec::<&str>::new());
}

#[test]
fn a_stranger_who_goes_on_in_a_buyers_thread_is_flagged() {
    let from = |from: &str| {
        let message = mail(&format!("From: Jo <{from}>\r\nSubject: Re: PI 77"), "Please see below.");
        new_domain_in_thread(&message, &house(), "jo@kestrel-leisure.co.uk")
    };
    assert!(from("jo@kestrel-sales.test").is_some());
    assert!(from("jo.kestrel@gmail.com").is_some(), "a free mailbox takes over the thread");
    assert!(from("accounts@mail.kestrel-leisure.co.uk").is_none());
    assert!(from("amy@seller.example").is_none());
    let moved = mail("From: Jo <jo@kestrel.test>\r\nSubject: Re: PI", "x");
    assert!(new_domain_in_thread(&moved, &house(), "jo77@gmail.com").is_none(), "he has a company's mailbox now");
}

#[test]
fn a_forged_verdict_of_somebody_elses_server_does_not_count() {
    let raw = "Authentication-Results: evil.test; dmarc=pass\r\nAuthentication-Results: mx.seller.example; dmarc=fail\r\n\
               From: Chen <chen@seller.example>\r\nSubject: pay\r\n\r\nAre you at your desk?";
    let believed = House { authserv_ids: vec!["mx.seller.example".into()], ..house() };
    let message = understand(raw.as_bytes(), &believed);
    assert_eq!(message.failed_authentication.as_deref(), Some("dmarc=fail"));
    assert_ne!(message.kind.as_str(), "internal");
}
