//! Every mail becomes a record, once, together with how far its folder was taken.

use super::database::Engine;
use super::letters::{Mail, bounce};
use super::shop::{DAY, HOUR, NOW, Shop};
use crate::support::dovecot::{fresh_user, imap_port};
use crate::support::raw_imap::RawImap;
use inquiryd::config::source::{ImapSettings, SourceSettings};
use inquiryd::mailbox::Cursor;
use inquiryd::store::inquiries::InquiryFilter;
use inquiryd::store::intake::{Answers, MailRow, NewlyTaken, Next, Place, Questions, Rows};

on_both_engines![
    a_batch_and_how_far_its_folder_was_taken_are_recorded_together_or_not_at_all,
    an_imap_cursor_does_not_move_past_mails_that_could_not_be_recorded,
    a_mail_that_comes_again_is_recorded_once,
    a_server_that_counts_its_mails_anew_brings_nothing_twice,
    two_mails_under_one_message_id_are_two_records,
    mails_without_message_id_are_never_taken_for_one_another,
    a_mail_in_two_folders_counts_once_and_in_two_accounts_twice,
    nul_characters_and_endless_names_do_not_stop_the_mailbox,
    an_endless_name_on_a_platform_does_not_stop_the_mailbox,
    the_raw_mail_of_an_inquiry_comes_back_byte_for_byte,
    what_looks_like_a_pitch_is_kept_whole_when_a_known_buyer_wrote_it,
    a_mail_too_large_to_read_is_told_in_the_next_digest,
    mail_from_before_our_time_is_recorded_and_nobody_is_reminded_of_it,
    a_new_buyer_who_writes_twice_at_once_is_one_buyer,
    two_buyers_whom_a_platform_hides_are_two_buyers,
    a_buyer_who_answers_from_another_address_is_found_by_the_thread,
    a_stranger_in_a_buyers_thread_is_shown_as_a_risk_and_his_colleague_is_not,
    what_inquiryd_itself_sent_is_no_inquiry_when_it_comes_back,
    a_web_form_that_sends_by_our_own_account_is_an_inquiry_though_sent_shows_it_too,
];

fn place() -> Place {
    Place { account: "sales".to_owned(), folder: "INBOX".to_owned() }
}

async fn a_batch_and_how_far_its_folder_was_taken_are_recorded_together_or_not_at_all(engine: Engine) {
    let shop = Shop::open(engine).await;
    for buyer in ["ann", "bob", "cid"] {
        shop.deliver(
            "sales",
            &Mail::from(&format!("{buyer}@{buyer}-imports.example")).id(&format!("{buyer}@kestrel.example")),
        );
    }
    let mut database = shop.database().await;
    database.run("INSERT INTO buyer (id, source, first_contact, last_contact) VALUES (3, 'a stranger', 0, 0)").await;
    let error = shop.try_poll("sales").await.expect_err("number 3 is taken");
    assert!(error.to_string().contains("recording mail"), "{error}");
    for table in ["mail", "inquiry", "archive", "buyer_address", "maildir_file"] {
        assert_eq!(database.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(database.number("SELECT mail + buyer + inquiry FROM sequence").await, 0);
    database.run("DELETE FROM buyer").await;
    assert_eq!(shop.poll().await.recorded, 3);
    assert_eq!(shop.poll().await.shown, 0);
}

async fn an_imap_cursor_does_not_move_past_mails_that_could_not_be_recorded(engine: Engine) {
    let shop = Shop::open(engine).await;
    let taken = NewlyTaken::UpTo(Cursor { uid_validity: 7, last_uid: 41 });
    let rows = |direction| {
        move |_: Answers, next: &mut dyn FnMut(Next) -> i64| Rows {
            mails: vec![mail_row(next(Next::Mail), direction)],
            ..Rows::default()
        }
    };
    let failed = shop.store.record(&place(), (&taken, 1), &Questions::default(), NOW, rows("sideways")).await;
    assert!(failed.is_err());
    assert_eq!(shop.store.cursor(&place()).await.expect("no cursor"), None);
    let recorded = shop.store.record(&place(), (&taken, 1), &Questions::default(), NOW, rows("in")).await;
    assert!(recorded.is_ok());
    let cursor = shop.store.cursor(&place()).await.expect("a cursor");
    assert_eq!(cursor, Some(Cursor { uid_validity: 7, last_uid: 41 }));
    assert_eq!(shop.mails().await.iter().map(|mail| mail.id).collect::<Vec<_>>(), [1]);
}

fn mail_row(id: i64, direction: &'static str) -> MailRow {
    MailRow {
        id,
        identity: format!("sha256:{id}"),
        position: format!("7/{id}"),
        direction,
        message_id: None,
        from_name: None,
        from_email: None,
        subject: String::new(),
        subject_key: String::new(),
        size: 1,
        received_at: NOW,
        kind: "internal",
        kind_reason: String::new(),
        automatic: false,
        history: false,
        buyer_id: None,
        quarantine: None,
    }
}

async fn a_mail_that_comes_again_is_recorded_once(engine: Engine) {
    let shop = Shop::open(engine).await;
    let mail = Mail::from("ann@kestrel.example").id("1@kestrel.example");
    shop.deliver("sales", &mail);
    shop.deliver("sales", &mail);
    let polled = shop.poll().await;
    assert_eq!((polled.shown, polled.recorded, polled.inquiries), (2, 1, 1));
    shop.deliver("sales", &mail);
    let polled = shop.poll().await;
    assert_eq!((polled.shown, polled.recorded, polled.inquiries), (1, 0, 0));
    assert_eq!(shop.poll().await.shown, 0, "each of the three files is known now");
}

async fn a_server_that_counts_its_mails_anew_brings_nothing_twice(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    let user = fresh_user("uidvalidity");
    let settings = ImapSettings {
        user: user.clone(),
        folders: vec!["Inquiries".to_owned()],
        ..crate::support::mailbox::imap(imap_port())
    };
    shop.settings.accounts[0].source = SourceSettings::Imap(settings);
    let mut server = RawImap::login(imap_port(), &user).await;
    let mails = ["1", "2", "3"].map(|id| Mail::from("ann@kestrel.example").id(&format!("{id}@kestrel.example")).raw());
    server.run("CREATE Inquiries").await;
    for mail in &mails[..2] {
        server.append("Inquiries", "", mail).await;
    }
    assert_eq!(shop.poll().await.recorded, 2);
    let place = Place { account: "sales".to_owned(), folder: "Inquiries".to_owned() };
    let before = shop.store.cursor(&place).await.expect("a cursor").expect("two mails taken");

    server.run("DELETE Inquiries").await;
    server.run("CREATE Inquiries").await;
    for mail in [&mails[2], &mails[1], &mails[0]] {
        server.append("Inquiries", "", mail).await;
    }
    let polled = shop.poll().await;
    let after = shop.store.cursor(&place).await.expect("a cursor").expect("three mails taken");
    assert_ne!(before.uid_validity, after.uid_validity);
    assert_eq!((polled.shown, polled.recorded), (3, 1));
    assert_eq!(shop.mails().await.len(), 3);
    assert_eq!(shop.poll().await.shown, 0);
}

async fn two_mails_under_one_message_id_are_two_records(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@broken.example"));
    let other = Mail::from("bob@heron.example").id("1@broken.example").text("Please quote 40 camping tables.\r\n");
    shop.deliver("sales", &other);
    assert_eq!(shop.poll().await.recorded, 2);
    shop.deliver("sales", &other);
    assert_eq!(shop.poll().await.recorded, 0);
    let senders: Vec<_> = shop.mails().await.into_iter().filter_map(|mail| mail.from_email).collect();
    assert_eq!(senders, ["ann@kestrel.example", "bob@heron.example"]);
}

async fn mails_without_message_id_are_never_taken_for_one_another(engine: Engine) {
    let shop = Shop::open(engine).await;
    for (from, chairs) in [("ann@kestrel.example", 10), ("bob@heron.example", 20), ("cid@egret.example", 30)] {
        shop.deliver("sales", &Mail::from(from).text(&format!("Please quote {chairs} folding chairs.\r\n")));
    }
    let empty = Mail::from("dan@stork.example").header("Message-ID", "<>");
    shop.deliver("sales", &empty);
    let polled = shop.poll().await;
    assert_eq!((polled.recorded, polled.inquiries), (4, 4));
    assert_eq!(shop.number("SELECT COUNT(*) FROM mail WHERE message_id IS NULL").await, 4);
    assert_eq!(shop.number("SELECT COUNT(DISTINCT buyer_id) FROM mail").await, 4);
    shop.deliver("sales", &empty);
    assert_eq!(shop.poll().await.recorded, 0);
}

async fn a_mail_in_two_folders_counts_once_and_in_two_accounts_twice(engine: Engine) {
    let shop = Shop::open(engine).await;
    let mail = Mail::from("ann@kestrel.example").id("1@kestrel.example");
    for folder in ["sales", "sales/.Customers", "web"] {
        shop.deliver(folder, &mail);
    }
    let polled = shop.poll().await;
    assert_eq!((polled.shown, polled.recorded), (2, 1));
    assert_eq!(shop.try_poll("web").await.expect("a poll").recorded, 1);
    let accounts: Vec<_> = shop.mails().await.into_iter().map(|mail| mail.account).collect();
    assert_eq!(accounts, ["sales", "web"]);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer").await, 1);
}

async fn nul_characters_and_endless_names_do_not_stop_the_mailbox(engine: Engine) {
    let shop = Shop::open(engine).await;
    let nul = Mail::from("\"An\0n\" <an\0n@kestrel.example>")
        .id("1\0@kestrel.example")
        .header("References", "<0\0@kestrel.example> <00@kestrel.example>")
        .header("Reply-To", "\"A\0\" <reply\0@kestrel.example>")
        .header("Content-Type", "text/plain; charset=utf-8; name=\"a\0b.txt\"")
        .subject("=?utf-8?Q?chairs=00?= and\0 tables")
        .text("Please quote 600 folding chairs,\0 FOB Ningbo.\r\n\r\nAnn\0 Smith\r\nwww.kest\0rel.example\r\n");
    shop.deliver("sales", &nul);
    shop.deliver("sales/.Sent", &Mail::answer("an\0n@kestrel.example", "1\0@kestrel.example").id("2\0@haiyue.example"));
    let endless = endless_word();
    let endless = Mail::from(&format!("\"{endless}\" <{endless}@{endless}.example>"))
        .id(&format!("{endless}@kestrel.example"))
        .header("References", &format!("<{endless}@haiyue.example>"))
        .subject(&endless);
    shop.deliver("sales", &endless);
    shop.deliver("sales", &Mail::from("bob@heron.example").id("3@heron.example"));
    assert_eq!(shop.poll().await.recorded, 4);
    assert!(shop.digest().await.is_some());
    shop.deliver("sales", &nul.subject("the same\0 buyer again"));
    shop.deliver("sales", &endless.text("A second letter: please quote 20 folding chairs.\r\n"));
    assert_eq!(shop.poll().await.shown, 2);
    let texts = shop.database().await.texts("SELECT subject || from_name FROM mail WHERE from_name IS NOT NULL").await;
    assert!(texts.iter().all(|text| !text.contains('\0')), "{texts:?}");
}

/// 40,000 letters that no compression makes short.
fn endless_word() -> String {
    let mut state = 1_u32;
    let letter = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (state >> 24) as u8 % 26)
    };
    (0..40_000).map(letter).collect()
}

async fn an_endless_name_on_a_platform_does_not_stop_the_mailbox(engine: Engine) {
    let shop = Shop::open(engine).await;
    let word = endless_word();
    for number in [1, 2] {
        shop.deliver("sales", &platform_notice(&format!("Mr. {word}"), number));
    }
    assert_eq!(shop.poll().await.inquiries, 2);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer").await, 1);
    for recipient in [format!("{word}@{word}.example"), format!("a\0b@{word}.example"), "a\0b@heron.example".to_owned()]
    {
        shop.deliver_at("sales", &bounce("offer.1@haiyue.example", &recipient, "5.1.1"), NOW);
    }
    assert_eq!(shop.poll().await.shown, 3);
}

async fn the_raw_mail_of_an_inquiry_comes_back_byte_for_byte(engine: Engine) {
    let shop = Shop::open(engine).await;
    let mut raw = Mail::from("ann@kestrel.example").id("1@kestrel.example").raw();
    raw.extend_from_slice(b"bare\nlines\rand 8 bits: \xff\xfe\x00\x80 \r\n.\r\n\r\n");
    raw.extend((0..50_000_u32).map(|number| (number * number / 7) as u8));
    shop.deliver_at("sales", &raw, NOW);
    shop.poll().await;
    let inquiry = &shop.store.inquiries(InquiryFilter::default(), 10).await.expect("inquiries")[0];
    let archived = shop.store.archived(inquiry.mail_id).await.expect("an archive").expect("the mail");
    assert!(archived == raw, "{} bytes became {}", raw.len(), archived.len());
    assert_eq!(shop.store.archived(inquiry.mail_id + 1).await.expect("an archive"), None);
}

async fn what_looks_like_a_pitch_is_kept_whole_when_a_known_buyer_wrote_it(engine: Engine) {
    let shop = Shop::open(engine).await;
    let pitch = Mail::from("ann@kestrel.example").id("2@kestrel.example").subject("Website ranking").text(
        "Hi,\r\n\r\nwe are an SEO company and can bring your website to the first page of Google. We offer link building \
         and guest posts.\r\nMay I send you our price list?\r\n",
    );
    let stranger = pitch.clone().header("From", "seo@ranks.example").id("3@ranks.example");
    shop.deliver("sales", &stranger);
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.deliver("sales", &pitch);
    shop.poll().await;
    let kinds: Vec<_> = shop.mails().await.into_iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, ["pitch", "inquiry", "inquiry"]);
    assert_eq!(shop.store.archived(1).await.expect("an archive"), None, "nobody needs a stranger's pitch");
    assert_eq!(shop.store.archived(3).await.expect("an archive"), Some(pitch.raw()));
}

async fn a_mail_too_large_to_read_is_told_in_the_next_digest(engine: Engine) {
    let shop = Shop::with(engine, &[("LIMITS__MAIL_SIZE", "100kB")]).await;
    let large = Mail::from("Ann <ann@kestrel.example>").id("1@kestrel.example").subject("Drawings");
    let large = large.text(&"Please quote as in the drawing.\r\n".repeat(6_000));
    shop.deliver("sales", &large);
    let polled = shop.poll().await;
    assert_eq!((polled.recorded, polled.quarantined), (1, 1));
    let digest = shop.store.next_digest("Haiyue", NOW).await.expect("a digest");
    let told: Vec<_> = digest.quarantined.iter().map(|line| (line.from.as_str(), line.subject.as_str())).collect();
    assert_eq!(told, [("Ann · ann@kestrel.example", "Drawings")]);
    assert!(!digest.quarantined[0].reason.is_empty());
    shop.digest().await.expect("a digest");
    assert!(shop.store.next_digest("Haiyue", NOW).await.expect("a digest").quarantined.is_empty());
}

async fn mail_from_before_our_time_is_recorded_and_nobody_is_reminded_of_it(engine: Engine) {
    let shop = Shop::open(engine).await;
    let old = Mail::from("ann@kestrel.example").id("1@kestrel.example").raw();
    shop.deliver_at("sales", &old, NOW - 10 * DAY);
    shop.deliver("sales", &Mail::from("bob@heron.example").id("2@heron.example").subject("A container"));
    let polled = shop.poll().await;
    assert_eq!((polled.recorded, polled.history), (2, 1));
    let digest = shop.store.next_digest("Haiyue", NOW).await.expect("a digest");
    assert_eq!(digest.inquiries.iter().map(|line| line.subject.as_str()).collect::<Vec<_>>(), ["A container"]);
    assert_eq!((digest.waiting, digest.notices.len()), (1, 1), "{:?}", digest.notices);
    shop.digest().await;
    shop.later(2 * DAY + HOUR);
    assert_eq!(shop.remind().await, 2, "the new one, to the team and to the manager");
    // Old by its date, but it came when we were here already.
    shop.deliver("sales", &Mail::from("cid@egret.example").id("3@egret.example"));
    assert_eq!(shop.poll().await.history, 0);
}

async fn a_new_buyer_who_writes_twice_at_once_is_one_buyer(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("Ann Smith <Ann@Kestrel.example>").id("1@kestrel.example").subject("A pallet"));
    shop.deliver(
        "sales",
        &Mail::from("ann@kestrel.example")
            .id("2@kestrel.example")
            .subject("A container")
            .text("And please 40 camping tables, too.\r\n"),
    );
    assert_eq!(shop.poll().await.inquiries, 2);
    let buyers = shop.store.buyers(None, &[], 10).await.expect("buyers");
    assert_eq!(buyers.len(), 1);
    assert_eq!((buyers[0].inquiries, buyers[0].grade.as_deref()), (2, Some("A")), "the newest grade counts");
    let known: Vec<_> = shop.mails().await.iter().map(|mail| mail.known).collect();
    assert_eq!(known, [Some(false), Some(true)]);
}

/// A trade platform tells of a buyer and hides the address.
fn platform_notice(name: &str, number: u32) -> Mail {
    Mail::from("Made-in-China.com <sender@made-in-china.com>")
        .id(&format!("mic.{number}@made-in-china.com"))
        .subject(&format!("{name} sent you an inquiry about Folding Chair"))
        .header("Auto-Submitted", "auto-generated")
        .text(&format!(
            "You have a new inquiry\r\n\r\nFrom: {name}\r\nCountry/Region: Nigeria\r\nProduct: Folding Chair\r\n\
             Purchase quantity: 200 Pieces\r\nMessage: We need {number}00 folding chairs for a school.\r\n"
        ))
}

async fn two_buyers_whom_a_platform_hides_are_two_buyers(engine: Engine) {
    let shop = Shop::open(engine).await;
    for (name, number) in [("Mr. Chidi Okafor", 1), ("Ms. Amara Eze", 2), ("Mr. Chidi Okafor", 3)] {
        shop.deliver("sales", &platform_notice(name, number));
    }
    assert_eq!(shop.poll().await.inquiries, 3);
    let buyers: Vec<_> = shop.mails().await.into_iter().map(|mail| (mail.buyer_name, mail.known)).collect();
    assert_eq!(buyers[0].0, buyers[2].0);
    assert_ne!(buyers[0].0, buyers[1].0);
    assert_eq!(buyers.iter().map(|buyer| buyer.1).collect::<Vec<_>>(), [Some(false), Some(false), Some(true)]);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer").await, 2);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer WHERE email IS NULL").await, 2);
}

async fn a_buyer_who_answers_from_another_address_is_found_by_the_thread(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.deliver("sales/.Sent", &Mail::answer("ann@kestrel.example", "1@kestrel.example").id("2@haiyue.example"));
    let reply = Mail::from("ann.at.home@gmail.com").id("3@gmail.com").subject("Re: Inquiry for folding chairs");
    shop.deliver("sales", &reply.header("In-Reply-To", "<2@haiyue.example>").text("I take 600 then.\r\n"));
    shop.poll().await;
    let reply = &shop.store.inquiries(InquiryFilter::default(), 1).await.expect("inquiries")[0];
    assert_eq!((reply.kind.as_str(), reply.matched_by.as_deref(), reply.known), ("reply", Some("thread"), true));
    assert_eq!((reply.buyer_email.as_deref(), reply.buyer_inquiries), (Some("ann@kestrel.example"), 2));
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer").await, 1);
}

async fn a_stranger_in_a_buyers_thread_is_shown_as_a_risk_and_his_colleague_is_not(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    for (number, writer) in [(2, "ann@kestrel-pay.example"), (3, "bob@mail.kestrel.example")] {
        let reply = Mail::from(writer).id(&format!("{number}@x.example")).subject("Re: Inquiry for folding chairs");
        shop.deliver("sales", &reply.header("In-Reply-To", "<1@kestrel.example>").text("I take 600 then.\r\n"));
        shop.poll().await;
        let reply = &shop.store.inquiries(InquiryFilter::default(), 1).await.expect("inquiries")[0];
        assert_eq!(reply.matched_by.as_deref(), Some("thread"));
        assert_eq!(reply.risks.contains("new_domain_in_thread"), number == 2, "{}", reply.risks);
    }
}

async fn what_inquiryd_itself_sent_is_no_inquiry_when_it_comes_back(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("ann@kestrel.example").id("1@kestrel.example"));
    shop.poll().await;
    shop.digest().await;
    shop.send().await;
    let ours = shop.sent_to("amy").remove(0);
    shop.deliver_at("sales", &ours, NOW);
    // A list that rewrites the sender must not make an inquiry of it either.
    let sender = String::from_utf8(ours).expect("ASCII").replace("sales@haiyue.example", "list@elsewhere.example");
    shop.deliver_at("web", sender.as_bytes(), NOW);
    let forged = Mail::from("eve@heron.example").id("inquiryd.0123456789abcdef01234567@haiyue.example");
    shop.deliver("sales", &forged);
    shop.poll().await;
    shop.try_poll("web").await.expect("a poll");
    let mails = shop.mails().await;
    let kinds: Vec<_> = mails.iter().map(|mail| (mail.account.as_str(), mail.kind.as_str())).collect();
    assert_eq!(kinds[0], ("sales", "inquiry"));
    assert!(kinds.contains(&("web", "internal")) && kinds.contains(&("sales", "internal")), "{kinds:?}");
    assert_eq!(mails.iter().filter(|mail| mail.kind_reason == "inquiryd itself sent it").count(), 2);
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry").await, 2, "a made-up Message-ID hides no inquiry");
}

async fn a_web_form_that_sends_by_our_own_account_is_an_inquiry_though_sent_shows_it_too(engine: Engine) {
    let shop = Shop::open(engine).await;
    let words = "A visitor has filled in the contact form.\r\n\r\nName: Ann Reed\r\nCompany: Kestrel Ltd\r\n\
                 Email: ann@kestrel.example\r\nPhone: +44 20 7946 0417\r\nCountry: United Kingdom\r\n\
                 Message: Please quote 600 folding chairs FOB Ningbo.\r\n";
    let form = Mail::from("Website <sales@haiyue.example>")
        .subject("Contact form: new message")
        .header("Reply-To", "ann@kestrel.example")
        .id("form@haiyue.example")
        .text(words);
    shop.deliver("sales/.Sent", &form);
    shop.deliver("sales", &form);
    let polled = shop.poll().await;
    assert_eq!((polled.recorded, polled.inquiries), (2, 1));
    let again = shop.poll().await;
    assert_eq!(again.recorded, 0);
}
