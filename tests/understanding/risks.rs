use super::{house, mail};
use inquiryd::message::Message;
use inquiryd::risk::risks;

fn names(message: &Message) -> Vec<&'static str> {
    risks(message, &house(), ["kestrel-leisure.co.uk", "walwest.example"]).into_iter().map(|r| r.risk).collect()
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
        "<p>see <a href=\"http://198.51.100.7/owa\">https://mail.seller.example/keep</a></p>",
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
