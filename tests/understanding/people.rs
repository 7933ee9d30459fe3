use super::{mail, sample};
use inquiryd::message::{BounceKind, Kind};

#[test]
fn an_order_table_in_html_gives_its_quantities_and_nothing_hidden() {
    let message = sample("outlook_html_only");
    assert_eq!(message.facts.quantity.as_deref(), Some("1,200 / 300"));
    assert!(!message.text.contains("nobody sees"));
    assert_eq!(message.facts.products, ["Folding chair"]);
    assert_eq!(message.writer.company.as_deref(), Some("Kestrel Leisure Ltd"));
    assert_eq!(message.writer.country.as_deref(), Some("GB"));
    assert!(!message.text.contains("960714"), "the signature is no part of the words: {}", message.text);
}

#[test]
fn a_web_form_sent_by_our_own_server_is_the_buyers_inquiry() {
    let message = sample("form_wpforms");
    assert_eq!((message.kind, message.relay.as_deref()), (Kind::Inquiry, Some("web_form")));
    assert_eq!(message.writer.email.as_deref(), Some("ngaio@southern.example"));
    assert_eq!(message.writer.country.as_deref(), Some("NZ"));
    assert_eq!(message.text, "What do 50 bell tents cost, CIF Lyttelton?");
}

#[test]
fn a_platform_that_hides_the_address_still_names_the_buyer() {
    let message = sample("platform_alibaba");
    assert_eq!((message.kind, message.relay.as_deref()), (Kind::Inquiry, Some("alibaba")));
    assert_eq!((message.writer.name.as_deref(), message.writer.email.as_deref()), (Some("Ana Costa"), None));
    assert_eq!(
        (message.writer.country.as_deref(), message.facts.quantity.as_deref()),
        (Some("PT"), Some("800 pieces"))
    );
    assert!(message.automatic, "no automatic answer goes to a platform");
}

#[test]
fn a_forward_is_credited_to_its_sender_not_to_someone_named_in_the_note() {
    let message = sample("forwarded_by_colleague");
    assert_eq!((message.kind, message.relay.as_deref()), (Kind::Inquiry, Some("forward")));
    assert_eq!(message.writer.email.as_deref(), Some("hannah@dunmore.example"));
    assert!(message.text.contains("please take this one") && message.text.contains("60 hammocks to Cork"));
}

#[test]
fn the_recipient_that_failed_is_reported_not_the_one_that_arrived() {
    let bounce = sample("bounce_rfc3464").bounce.expect("a bounce");
    assert_eq!(bounce.recipient.as_deref(), Some("gone@buyer.example"));
    assert_eq!((bounce.status.as_deref(), bounce.kind, bounce.permanent), (Some("5.1.1"), BounceKind::Hard, true));
    assert_eq!(bounce.original_message_id.as_deref(), Some("offer.77@seller.example"));
}

#[test]
fn a_bounce_without_any_standard_is_a_bounce() {
    let message = sample("bounce_qmail");
    let bounce = message.bounce.expect("a bounce");
    assert_eq!((message.kind, message.automatic), (Kind::Bounce, true));
    assert_eq!((bounce.recipient.as_deref(), bounce.kind), (Some("orders@oldbay.example"), BounceKind::Hard));
    assert_eq!(bounce.original_message_id.as_deref(), Some("offer.78@seller.example"));
}

#[test]
fn a_full_mailbox_is_soft_and_a_warning_is_not_final() {
    let daemon = "From: Mail Delivery System <mailer-daemon@mx.example>\r\nSubject: Mail delivery failed";
    let full = mail(daemon, "The following address failed:\r\n\r\n  jo@buyer.example\r\n    552 5.2.2 Mailbox full")
        .bounce
        .expect("a bounce");
    assert_eq!((full.kind, full.permanent), (BounceKind::Soft, true));
    let late = mail(
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\nSubject: Delayed Mail (still being retried)",
        "Your message could not be delivered for 4 hours.\r\n<jo@buyer.example>: 451 4.4.1 Connection timed out",
    );
    let late = late.bounce.expect("a bounce");
    assert_eq!((late.kind, late.permanent), (BounceKind::Soft, false));
}

#[test]
fn a_reply_is_told_from_the_history_under_it() {
    let message = sample("flowed_reply");
    assert_eq!(message.kind, Kind::Reply);
    assert_eq!(message.text, "We take two containers if the price stays below USD 3.90.");
    assert_eq!(message.references, ["x@elsewhere.example", "q2@seller.example"]);
}

#[test]
fn a_vacation_answer_is_never_an_unsubscribe() {
    let message = mail(
        "From: Jo <jo@buyer.example>\r\nSubject: Automatic reply: our news\r\nAuto-Submitted: auto-replied",
        "I am on leave. To unsubscribe from our mails write to office@buyer.example. Please remove me from your list.",
    );
    assert_eq!((message.kind, message.unsubscribe), (Kind::AutoReply, false));
}

#[test]
fn the_mail_our_list_unsubscribe_makes_is_honoured() {
    let message = mail("From: Jo <jo@buyer.example>\r\nSubject: unsubscribe k3v9x2q8t1", "");
    assert!(message.unsubscribe);
}

#[test]
fn mail_through_our_own_mailing_group_is_no_newsletter() {
    let group = mail(
        "From: Jo <jo@buyer.example>\r\nSubject: tents\r\nList-ID: <sales.seller.example>\r\nPrecedence: list",
        "Please quote 300 tents.",
    );
    assert_eq!(group.kind, Kind::Inquiry);
    let news = mail("From: News <n@news.example>\r\nSubject: tents\r\nList-ID: <news.example>", "All about tents.");
    assert_eq!(news.kind, Kind::Newsletter);
}

#[test]
fn an_inquiry_becomes_a_reply_once_its_thread_is_known_and_a_bounce_stays_a_bounce() {
    let inquiry =
        mail("From: Jo <jo@buyer.example>\r\nSubject: Re: tents\r\nIn-Reply-To: <x@buyer.example>", "Any news?");
    assert_eq!(inquiry.kind, Kind::Inquiry);
    assert_eq!(inquiry.settled_kind(true, false).0, Kind::Reply);
    assert_eq!(inquiry.settled_kind(false, true).0, Kind::Inquiry);
    assert_eq!(sample("bounce_qmail").settled_kind(true, true).0, Kind::Bounce);
    let pitch = mail(
        "From: Zhou <z@fabric.example>\r\nSubject: fabric",
        "We are a manufacturer of fabric. We can supply oxford 600D, find our price list attached.",
    );
    assert_eq!((pitch.kind, pitch.settled_kind(false, true).0), (Kind::Pitch, Kind::Inquiry));
}

#[test]
fn our_own_name_with_failed_authentication_is_not_a_colleague() {
    let message = mail(
        "From: Boss <boss@seller.example>\r\nSubject: payment\r\nAuthentication-Results: mx.seller.example; spf=fail; dmarc=fail",
        "Please pay today.",
    );
    assert_eq!(message.kind, Kind::Spam);
    let colleague = mail("From: Boss <boss@seller.example>\r\nSubject: meeting", "Tomorrow at two.");
    assert_eq!(colleague.kind, Kind::Internal);
}
