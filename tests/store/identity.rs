//! Who is this: certain evidence is taken, doubtful evidence becomes a question, and a mistake can be taken back.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{AMY, DAY, NOW, Shop};
use inquiryd::grade::Grade;
use inquiryd::store::ledger::CardChange;
use inquiryd::store::merges::QuestionDetails;

on_both_engines![
    a_colleague_at_a_buyers_company_is_this_buyer,
    two_people_with_mailboxes_at_one_provider_are_two_buyers,
    a_domain_that_the_company_calls_shared_makes_nobody_a_colleague,
    a_buyer_who_writes_from_a_private_mailbox_is_known_by_his_telephone_and_then_by_the_address,
    another_name_on_the_same_telephone_is_a_question_in_the_next_digest_and_never_guessed,
    whoever_takes_a_buyers_name_and_company_from_a_private_mailbox_is_a_question,
    two_branches_at_one_domain_are_told_apart_by_name_or_asked_about,
    two_who_are_one_get_everything_together_and_one_newsletter,
    a_merge_is_taken_back_but_for_what_came_since,
    two_who_are_one_have_the_tags_of_both_until_they_are_two_again,
    a_look_alike_who_answers_in_a_buyers_thread_is_not_known_next_time,
    a_private_mailbox_with_a_buyers_name_and_number_is_a_warning_and_is_not_kept,
    whoever_only_names_a_buyers_number_is_nobody_we_know,
    merges_are_undone_in_the_order_in_which_they_came,
    a_grade_given_while_two_were_merged_goes_with_its_inquiry,
    a_buyer_merged_twice_is_found_by_his_first_number,
    who_unsubscribed_by_one_of_his_addresses_gets_no_newsletter_by_another,
    a_store_from_before_there_were_marks_is_indexed_when_it_is_opened,
    a_number_that_a_mail_was_signed_with_outlives_that_marks_are_made_again,
];

fn signed(from: &str, signature: &str) -> Mail {
    let text = format!(
        "Dear Haiyue team,\r\n\r\nplease quote 600 folding chairs FOB Ningbo.\r\n\r\nBest regards\r\n{signature}\r\n"
    );
    Mail::from(from).text(&text)
}

/// Number of the buyer and how he was recognised, mail by mail.
async fn recognised(shop: &Shop) -> Vec<(i64, Option<String>)> {
    let mut database = shop.database().await;
    let buyers = database.texts("SELECT CAST(buyer_id AS TEXT) FROM inquiry ORDER BY id").await;
    let matched = shop.mails().await.into_iter().filter(|mail| mail.known.is_some()).map(|mail| mail.matched_by);
    buyers.into_iter().map(|id| id.parse().expect("a number")).zip(matched).collect()
}

fn by(buyer: i64, matched_by: &str) -> (i64, Option<String>) {
    (buyer, Some(matched_by.to_owned()))
}

async fn the_question(shop: &Shop) -> QuestionDetails {
    let mut questions = shop.store.open_questions().await.expect("questions");
    assert_eq!(questions.len(), 1, "{questions:?}");
    questions.remove(0)
}

async fn a_colleague_at_a_buyers_company_is_this_buyer(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("Joanna Pike <joanna@kestrel.co.uk>").id("1@kestrel.co.uk"));
    shop.poll().await;
    shop.deliver("sales", &Mail::from("Accounts <accounts@mail.kestrel.co.uk>").id("2@kestrel.co.uk"));
    shop.deliver("sales", &Mail::from("Accounts <accounts@mail.kestrel.co.uk>").id("3@kestrel.co.uk"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await, [(1, None), by(1, "domain"), by(1, "other_address")]);
    let (joanna, addresses) = shop.store.buyer("1").await.expect("an answer").expect("Joanna");
    assert_eq!((joanna.name.as_deref(), joanna.inquiries), (Some("Joanna Pike"), 3));
    assert_eq!(addresses, ["accounts@mail.kestrel.co.uk", "joanna@kestrel.co.uk"]);
}

async fn two_people_with_mailboxes_at_one_provider_are_two_buyers(engine: Engine) {
    let shop = Shop::open(engine).await;
    for (number, address) in
        ["ann@gmail.com", "bob@gmail.com", "cid@yahoo.com.br", "dan@yahoo.com.br"].iter().enumerate()
    {
        shop.deliver("sales", &Mail::from(address).id(&format!("{number}@mail")));
    }
    shop.poll().await;
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 4);
    assert!(shop.store.open_questions().await.expect("questions").is_empty());
}

async fn a_domain_that_the_company_calls_shared_makes_nobody_a_colleague(engine: Engine) {
    let shop = Shop::with(engine, &[("COMPANY__SHARED_DOMAINS", "village-net.example")]).await;
    shop.deliver("sales", &Mail::from("ann@village-net.example").id("1@v"));
    shop.deliver("sales", &Mail::from("bob@village-net.example").id("2@v"));
    shop.poll().await;
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 2);
}

async fn a_buyer_who_writes_from_a_private_mailbox_is_known_by_his_telephone_and_then_by_the_address(engine: Engine) {
    let shop = Shop::open(engine).await;
    let office = "Peter Njoroge\r\nSavanna Gate Traders\r\nNairobi, Kenya\r\nTel +254 700 555 019";
    shop.deliver("sales", &signed("Peter Njoroge <savannagate.traders@yahoo.com>", office).id("1@savanna"));
    shop.poll().await;
    let private = "Peter Njoroge\r\n+254 700 555019";
    shop.deliver("sales", &signed("Peter Njoroge <pnjoroge.nbo@gmail.com>", private).id("2@savanna"));
    shop.poll().await;
    shop.deliver("sales", &signed("P. N. <pnjoroge.nbo@gmail.com>", "Peter").id("3@savanna"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await, [(1, None), by(1, "phone"), by(1, "other_address")]);
}

async fn another_name_on_the_same_telephone_is_a_question_in_the_next_digest_and_never_guessed(engine: Engine) {
    let shop = Shop::open(engine).await;
    let signature = "Joanna Pike\r\nTel +44 1632 960714";
    shop.deliver("sales", &signed("Joanna Pike <joanna@kestrel.co.uk>", signature).id("1@kestrel.co.uk"));
    shop.poll().await;
    shop.digest().await;
    let other = "Martin Cole\r\nTel +44 1632 960714";
    shop.deliver("sales", &signed("Martin Cole <martin.cole@gmail.com>", other).id("2@cole"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await, [(1, None), (2, None)]);
    let question = the_question(&shop).await;
    assert_eq!((question.buyer_id, question.candidate_id, question.reason.as_str()), (2, 1, "phone"));
    shop.digest().await;
    shop.later(DAY);
    shop.deliver("sales", &Mail::from("zoe@egret.example").id("3@egret.example"));
    shop.poll().await;
    shop.digest().await;
    shop.send().await;
    let digests = shop.sent_to(AMY).into_iter().map(|raw| String::from_utf8(raw).expect("a mail"));
    let asking: Vec<bool> = digests.map(|mail| mail.contains("inquiryd buyers same 1 2")).collect();
    assert_eq!(asking.len(), 3);
    assert_eq!(asking.into_iter().filter(|asks| *asks).count(), 1, "asked once");
}

async fn whoever_takes_a_buyers_name_and_company_from_a_private_mailbox_is_a_question(engine: Engine) {
    let shop = Shop::open(engine).await;
    let signature = "Joanna Pike\r\nKestrel Leisure Ltd";
    shop.deliver("sales", &signed("Joanna Pike <joanna@kestrel-leisure.co.uk>", signature).id("1@kestrel"));
    shop.poll().await;
    shop.deliver("sales", &signed("Joanna Pike <joanna.pike.kestrel@gmail.com>", signature).id("2@gmail"));
    shop.poll().await;
    let question = the_question(&shop).await;
    assert_eq!((question.candidate_id, question.reason.as_str(), question.likeness), (1, "name", 100));
    assert!(shop.store.keep_apart(1, 2, "Amy", NOW).await.expect("an answer"));
    assert!(shop.store.open_questions().await.expect("questions").is_empty());
}

async fn two_branches_at_one_domain_are_told_apart_by_name_or_asked_about(engine: Engine) {
    let shop = Shop::open(engine).await;
    let mut database = shop.database().await;
    for (id, name, address) in [(1, "Ann Lee", "ann@heron.example"), (2, "Bob Ray", "bob@heron.example")] {
        database
            .run(&format!(
                "INSERT INTO buyer (id, name, email, source, first_contact, last_contact) \
                 VALUES ({id}, '{name}', '{address}', 'fair', 0, 0); \
                 INSERT INTO buyer_address (address, buyer_id) VALUES ('{address}', {id}); \
                 INSERT INTO buyer_mark (kind, mark, buyer_id) VALUES ('domain', 'heron.example', {id}); \
                 UPDATE sequence SET buyer = {id}"
            ))
            .await;
    }
    shop.deliver("sales", &Mail::from("Ann Lee <ann.lee@heron.example>").id("1@heron"));
    shop.deliver("sales", &Mail::from("Office <office@heron.example>").id("2@heron"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await, [by(1, "domain"), (3, None)]);
    let asked: Vec<i64> =
        shop.store.open_questions().await.expect("questions").iter().map(|question| question.candidate_id).collect();
    assert_eq!(asked, [1, 2]);
}

/// Two buyers of one person: number 1 by his company's mail, number 2 by a private mailbox.
async fn two_who_are_one(shop: &Shop) {
    let signature = "Joanna Pike\r\nKestrel Leisure Ltd";
    let mail = |from: &str, id: &str| signed(from, signature).id(id).subject("A carton");
    shop.deliver("sales", &mail("Joanna Pike <joanna@kestrel-leisure.co.uk>", "1@kestrel"));
    shop.deliver("sales", &mail("Joanna Pike <jp@gmail.com>", "2@gmail").subject("A container"));
    shop.poll().await;
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 2);
}

async fn two_who_are_one_get_everything_together_and_one_newsletter(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    two_who_are_one(&shop).await;
    shop.store.merge(1, 2, "asked her", "Amy", NOW).await.expect("a merge");
    assert!(shop.store.merge(1, 2, "again", "Amy", NOW).await.is_err());
    let (joanna, addresses) = shop.store.buyer("jp@gmail.com").await.expect("an answer").expect("Joanna");
    assert_eq!((joanna.id, joanna.inquiries, joanna.grade.as_deref()), (1, 2, Some("C")));
    assert_eq!(addresses, ["joanna@kestrel-leisure.co.uk", "jp@gmail.com"]);
    assert_eq!(shop.store.buyer("2").await.expect("an answer").expect("the same").0.id, 1);
    assert_eq!(shop.store.count_buyers().await.expect("a number"), 1);
    assert!(shop.store.open_questions().await.expect("questions").is_empty());
    shop.deliver("sales", &Mail::from("jp@gmail.com").id("3@gmail"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await[2], by(1, "other_address"));
    let news = "+++\nsubject = \"News\"\nsegment = [\"A\", \"B\", \"C\", \"D\"]\ndate = 2026-12-08\n+++\nChairs.\n";
    shop.file("newsletters/spring.md", news);
    // Whoever waits for an answer, or asked lately, gets no newsletter.
    shop.database().await.run("UPDATE inquiry SET excuse = 'by phone'").await;
    shop.later(16 * DAY);
    assert_eq!(shop.plan_newsletters().await, 1, "one newsletter to one buyer");
}

async fn a_merge_is_taken_back_but_for_what_came_since(engine: Engine) {
    let shop = Shop::open(engine).await;
    two_who_are_one(&shop).await;
    let before = [shop.store.buyer("1").await, shop.store.buyer("2").await].map(|found| found.expect("an answer"));
    let merge = shop.store.merge(1, 2, "asked her", "Amy", NOW).await.expect("a merge");
    shop.deliver("sales", &Mail::from("jp@gmail.com").id("3@gmail"));
    shop.poll().await;
    assert_eq!(shop.store.unmerge(merge, "Leo", NOW).await.expect("taken back"), (1, 2));
    assert!(shop.store.unmerge(merge, "Leo", NOW).await.is_err(), "once");
    for (number, before) in ["1", "2"].iter().zip(before) {
        let (card, addresses) = shop.store.buyer(number).await.expect("an answer").expect("a buyer");
        let (then, addresses_then) = before.expect("a buyer");
        assert_eq!(addresses, addresses_then, "{number}");
        assert_eq!((card.name, card.email, card.stage), (then.name, then.email, then.stage), "{number}");
    }
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry WHERE buyer_id = 2").await, 1);
    assert_eq!(shop.number("SELECT COUNT(*) FROM inquiry WHERE buyer_id = 1").await, 2, "what came since stays");
    shop.deliver("sales", &Mail::from("jp@gmail.com").id("4@gmail"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await[3].0, 2);
    assert!(shop.store.open_questions().await.expect("questions").is_empty(), "nobody asks again");
}

async fn two_who_are_one_have_the_tags_of_both_until_they_are_two_again(engine: Engine) {
    let shop = Shop::open(engine).await;
    two_who_are_one(&shop).await;
    let tag = async |buyer: i64, tags: &[&str]| {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let change = CardChange { tags, ..CardChange::default() };
        shop.store.change_card(buyer, &change, &[], "Amy", NOW).await.expect("tagged");
    };
    let tags = async |buyer: &str| shop.store.buyer(buyer).await.expect("an answer").expect(buyer).0.tags.joined();
    tag(1, &["vip", "agent"]).await;
    tag(2, &["VIP", "canton2026"]).await;
    let merge = shop.store.merge(1, 2, "asked her", "Amy", NOW).await.expect("a merge");
    assert_eq!(tags("1").await, "agent; canton2026; vip");
    tag(1, &["since"]).await;
    shop.store.unmerge(merge, "Leo", NOW).await.expect("taken back");
    assert_eq!((tags("1").await.as_str(), tags("2").await.as_str()), ("agent; since; vip", "canton2026; VIP"));
}

async fn a_store_from_before_there_were_marks_is_indexed_when_it_is_opened(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("Joanna Pike <joanna@kestrel.co.uk>").id("1@kestrel.co.uk"));
    shop.poll().await;
    shop.database().await.run("DELETE FROM buyer_mark; DELETE FROM setting WHERE name = 'marks'").await;
    shop.restart().await;
    shop.deliver("sales", &Mail::from("accounts@kestrel.co.uk").id("2@kestrel.co.uk"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await[1], by(1, "domain"));
}

async fn a_number_that_a_mail_was_signed_with_outlives_that_marks_are_made_again(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    for (number, phone) in ["+44 1632 960714", "+44 1632 960799"].iter().enumerate() {
        let mail = signed("Ann Lee <ann.lee@gmail.com>", &format!("Ann Lee\r\nHeron Ltd\r\nTel {phone}"));
        shop.deliver("sales", &mail.id(&format!("{number}@gmail")));
        shop.poll().await;
    }
    let as_they_were = "UPDATE setting SET value = '1' WHERE name = 'marks'; \
                        UPDATE buyer_mark SET mark = '1|ann lee|heron' WHERE kind = 'person' AND mark LIKE '%|1|%'";
    shop.database().await.run(as_they_were).await;
    shop.restart().await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_mark WHERE kind = 'person'").await, 3);
    assert_eq!(shop.number("SELECT COUNT(*) FROM buyer_mark WHERE mark = '1|ann lee|heron'").await, 0);
    let other = signed("Ann Lee <a.lee@yahoo.com>", "Ann Lee\r\nTel +44 1632 960799");
    shop.deliver("sales", &other.id("3@yahoo"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await[2], by(1, "phone"));
}

async fn a_look_alike_who_answers_in_a_buyers_thread_is_not_known_next_time(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &Mail::from("Anna <anna@kestrel-garden.com>").id("1@kestrel"));
    shop.poll().await;
    let forged = Mail::from("Anna <anna@kestrel-gart3n.com>").id("2@forged").header("In-Reply-To", "<1@kestrel>");
    shop.deliver("sales", &forged);
    shop.poll().await;
    shop.deliver("sales", &Mail::from("Bob <bob@kestrel-gart3n.com>").id("3@forged"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await, [(1, None), by(1, "thread"), (2, None)]);
    let (_, addresses) = shop.store.buyer("1").await.expect("an answer").expect("Anna");
    assert_eq!(addresses, ["anna@kestrel-garden.com"]);
}

async fn a_private_mailbox_with_a_buyers_name_and_number_is_a_warning_and_is_not_kept(engine: Engine) {
    let shop = Shop::open(engine).await;
    let signature = "Anna Schmidt\r\nTel +49 40 3345 6780";
    shop.deliver("sales", &signed("Anna Schmidt <anna@kestrel-garden.com>", signature).id("1@kestrel"));
    shop.poll().await;
    shop.deliver("sales", &signed("Anna Schmidt <anna.schmidt.kestrel@gmail.com>", signature).id("2@gmail"));
    shop.poll().await;
    assert_eq!(recognised(&shop).await, [(1, None), by(1, "phone")]);
    let inquiry = shop.store.inquiry(2).await.expect("an answer").expect("an inquiry");
    assert!(inquiry.risks.contains("new_domain_in_thread"), "{}", inquiry.risks);
    let (_, addresses) = shop.store.buyer("1").await.expect("an answer").expect("Anna");
    assert_eq!(addresses, ["anna@kestrel-garden.com"]);
}

async fn whoever_only_names_a_buyers_number_is_nobody_we_know(engine: Engine) {
    let shop = Shop::open(engine).await;
    let signature = "Anna Schmidt\r\nTel +49 40 3345 6780";
    shop.deliver("sales", &signed("Anna Schmidt <anna@kestrel-garden.com>", signature).id("1@kestrel"));
    shop.poll().await;
    let text = "Please quote 600 chairs. Call the office of my friend +49 40 3345 6780.\r\n";
    shop.deliver("sales", &Mail::from("xx99@outlook.com").id("2@outlook").text(text));
    shop.poll().await;
    assert_eq!(recognised(&shop).await, [(1, None), (2, None)]);
}

/// Three buyers at three companies.
async fn three(shop: &Shop) {
    for (number, name) in ["kestrel", "heron", "egret"].iter().enumerate() {
        shop.deliver("sales", &Mail::from(&format!("{name} <office@{name}.example>")).id(&format!("{number}@mail")));
        shop.poll().await;
    }
}

async fn merges_are_undone_in_the_order_in_which_they_came(engine: Engine) {
    let shop = Shop::open(engine).await;
    three(&shop).await;
    let first = shop.store.merge(1, 2, "one", "Amy", NOW).await.expect("a merge");
    let second = shop.store.merge(1, 3, "one", "Amy", NOW).await.expect("a merge");
    let refused = shop.store.unmerge(first, "Amy", NOW).await.expect_err("the later one first");
    assert!(refused.to_string().contains(&format!("undo merge {second} first")), "{refused}");
    shop.store.unmerge(second, "Amy", NOW).await.expect("undone");
    shop.store.unmerge(first, "Amy", NOW).await.expect("undone");
    let owners = "SELECT COUNT(*) FROM buyer_mark WHERE kind = 'domain'";
    assert_eq!(shop.number(owners).await, 3, "each has his own domain again");
}

async fn a_grade_given_while_two_were_merged_goes_with_its_inquiry(engine: Engine) {
    let shop = Shop::open(engine).await;
    three(&shop).await;
    let merge = shop.store.merge(1, 2, "one", "Amy", NOW).await.expect("a merge");
    shop.store.grade_by_hand(2, Grade::A, "Zoe", NOW + 1).await.expect("graded");
    shop.store.unmerge(merge, "Amy", NOW + 2).await.expect("undone");
    let graded = |buyer: &str| {
        let (shop, buyer) = (&shop, buyer.to_owned());
        async move {
            let (card, _) = shop.store.buyer(&buyer).await.expect("an answer").expect("a buyer");
            (card.grade, card.graded_by)
        }
    };
    assert_eq!(graded("2").await, (Some("A".to_owned()), Some("Zoe".to_owned())));
    assert_eq!(graded("1").await.1, None, "nobody graded him");
    assert_eq!(shop.number("SELECT buyer_id FROM buyer_event WHERE what = 'grade'").await, 2);
}

async fn a_buyer_merged_twice_is_found_by_his_first_number(engine: Engine) {
    let shop = Shop::open(engine).await;
    three(&shop).await;
    shop.store.merge(2, 3, "one", "Amy", NOW).await.expect("a merge");
    shop.store.merge(1, 2, "one", "Amy", NOW).await.expect("a merge");
    for number in ["1", "2", "3", "office@egret.example"] {
        assert_eq!(shop.store.buyer(number).await.expect("an answer").expect("the buyer").0.id, 1, "{number}");
    }
}

async fn who_unsubscribed_by_one_of_his_addresses_gets_no_newsletter_by_another(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    three(&shop).await;
    shop.store.suppress("office@heron.example", "unsubscribed", NOW).await.expect("suppressed");
    shop.store.merge(1, 2, "one", "Amy", NOW).await.expect("a merge");
    let news = "+++\nsubject = \"News\"\nsegment = [\"A\", \"B\", \"C\", \"D\"]\ndate = 2026-12-08\n+++\nChairs.\n";
    shop.file("newsletters/spring.md", news);
    // Whoever waits for an answer, or asked lately, gets no newsletter.
    shop.database().await.run("UPDATE inquiry SET excuse = 'by phone'").await;
    shop.later(16 * DAY);
    assert_eq!(shop.plan_newsletters().await, 1, "to the third alone");
    assert!(shop.store.is_suppressed("office@kestrel.example").await.expect("an answer"));
}
