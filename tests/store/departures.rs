//! Buyers' mail that leaves the mailbox: deleted, or moved where nobody reads.

use super::database::Engine;
use super::letters::Mail;
use super::shop::{DAY, HOUR, NOW, Shop};
use crate::support::dovecot::{fresh_user, imap_port};
use crate::support::imap_peer::{Act, Peer, say};
use crate::support::mailbox::imap;
use crate::support::raw_imap::RawImap;
use inquiryd::config::source::{ImapSettings, SourceSettings};
use inquiryd::grade::Grade;
use inquiryd::report::RemovedMail;
use std::fs;
use std::path::{Path, PathBuf};

on_both_engines![
    a_salesperson_who_expunges_a_buyers_inquiry_is_seen,
    a_mail_filed_in_another_folder_that_is_read_is_not_removed_and_one_in_the_trash_is,
    a_mail_of_which_a_second_copy_stays_is_not_removed,
    one_mail_deleted_and_one_lost_do_not_hide_each_other,
    a_folder_made_anew_removes_nothing_and_is_watched_again,
    a_file_that_changes_its_flags_stays_and_one_that_is_deleted_is_missed,
    mail_older_than_ninety_days_is_not_looked_for,
    what_was_recorded_before_anybody_noted_places_is_neither_removed_nor_lost,
    a_folder_out_of_reach_makes_nobody_a_thief,
    the_newest_removed_mails_of_a_period_are_told_and_all_are_counted,
    an_answer_of_ours_deleted_from_sent_is_no_buyers_mail,
];

/// A shop whose account lies on the real server, and another client of that server.
async fn on_dovecot(engine: Engine, name: &str) -> (Shop, RawImap) {
    let mut shop = Shop::open(engine).await;
    let user = fresh_user(name);
    let mut server = RawImap::login(imap_port(), &user).await;
    server.run("CREATE Customers").await;
    let folders = vec!["INBOX".to_owned(), "Customers".to_owned()];
    let settings = ImapSettings { user, folders, ..imap(imap_port()) };
    shop.settings.accounts[0].source = SourceSettings::Imap(settings);
    (shop, server)
}

fn mail(number: u32) -> Mail {
    let buyer = format!("Ann Pike <ann@kestrel-{number}.example>");
    Mail::from(&buyer).subject(&format!("Chairs {number}")).id(&format!("{number}@kestrel.example"))
}

async fn expunge(server: &mut RawImap, folder: &str, uid: u32) {
    server.run(&format!("SELECT {folder}")).await;
    server.run(&format!("UID STORE {uid} +FLAGS (\\Deleted)")).await;
    server.run("EXPUNGE").await;
}

/// All removed mails until now.
async fn removed(shop: &Shop) -> Vec<RemovedMail> {
    let removed = shop.store.removed(0, shop.clock.now() + 1, 1_000).await.expect("removed mails");
    let count = shop.store.count_removed(0, shop.clock.now() + 1).await.expect("a number");
    assert_eq!(usize::try_from(count), Ok(removed.len()));
    removed
}

async fn subjects(shop: &Shop) -> Vec<String> {
    removed(shop).await.into_iter().map(|mail| mail.subject).collect()
}

async fn a_salesperson_who_expunges_a_buyers_inquiry_is_seen(engine: Engine) {
    let (shop, mut server) = on_dovecot(engine, "expunge").await;
    for number in 1..=3 {
        server.append("INBOX", "", &mail(number).raw()).await;
    }
    shop.poll().await;
    assert_eq!(subjects(&shop).await, [] as [&str; 0]);
    shop.later(HOUR);
    expunge(&mut server, "INBOX", 2).await;
    shop.poll().await;
    let gone = removed(&shop).await;
    let [gone] = gone.as_slice() else { panic!("{gone:?}") };
    assert_eq!((gone.mail_id, gone.inquiry_id, gone.buyer.as_str()), (2, Some(2), "Ann Pike"));
    assert!(gone.buyer_id.is_some() && gone.grade.is_some_and(|grade| grade <= Grade::D) && !gone.answered, "{gone:?}");
    assert_eq!((gone.subject.as_str(), gone.account.as_str(), gone.folder.as_str()), ("Chairs 2", "sales", "INBOX"));
    assert_eq!((gone.received_at, gone.missed_at), (NOW, NOW + HOUR));
    // It stays first missed when it was, and an answer is told beside it.
    shop.later(HOUR);
    server.append("Sent", "\\Seen", &Mail::answer("ann@kestrel-2.example", "2@kestrel.example").raw()).await;
    shop.poll().await;
    let again = removed(&shop).await;
    assert_eq!((again[0].missed_at, again[0].answered), (NOW + HOUR, true));
    // Whoever puts it back has removed nothing.
    server.append("INBOX", "", &mail(2).raw()).await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, [] as [&str; 0]);
}

async fn a_mail_filed_in_another_folder_that_is_read_is_not_removed_and_one_in_the_trash_is(engine: Engine) {
    let (shop, mut server) = on_dovecot(engine, "moved").await;
    for number in 1..=3 {
        server.append("INBOX", "", &mail(number).raw()).await;
    }
    shop.poll().await;
    server.run("CREATE Papierkorb").await;
    server.run("SELECT INBOX").await;
    server.run("UID MOVE 1 Customers").await;
    server.run("UID MOVE 2 Papierkorb").await;
    shop.later(HOUR);
    let polled = shop.poll().await;
    assert_eq!((polled.shown, polled.recorded), (1, 0));
    assert_eq!(subjects(&shop).await, ["Chairs 2"]);
    // From its new folder it can be deleted like any other.
    shop.later(HOUR);
    expunge(&mut server, "Customers", 1).await;
    shop.poll().await;
    let gone = removed(&shop).await;
    let told: Vec<_> = gone.iter().map(|mail| (mail.subject.as_str(), mail.folder.as_str(), mail.missed_at)).collect();
    assert_eq!(told, [("Chairs 1", "Customers", NOW + 2 * HOUR), ("Chairs 2", "INBOX", NOW + HOUR)]);
}

async fn a_mail_of_which_a_second_copy_stays_is_not_removed(engine: Engine) {
    let (shop, mut server) = on_dovecot(engine, "copies").await;
    for _ in 0..2 {
        server.append("INBOX", "", &mail(1).raw()).await;
    }
    shop.poll().await;
    expunge(&mut server, "INBOX", 1).await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, [] as [&str; 0]);
    assert_eq!(shop.number("SELECT COUNT(*) FROM sighting WHERE missed_at IS NOT NULL").await, 1);
    expunge(&mut server, "INBOX", 2).await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, ["Chairs 1"], "once, though it had two places");
}

async fn one_mail_deleted_and_one_lost_do_not_hide_each_other(engine: Engine) {
    let (shop, mut server) = on_dovecot(engine, "lost").await;
    for number in 1..=4 {
        server.append("INBOX", "", &mail(number).raw()).await;
    }
    shop.poll().await;
    // As if inquiryd had never recorded the second.
    let mut database = shop.database().await;
    database.run("DELETE FROM sighting WHERE uid = 2").await;
    database.run("UPDATE folder_count SET taken = 3 WHERE folder = 'INBOX'").await;
    expunge(&mut server, "INBOX", 3).await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, ["Chairs 3"]);
    let counts = shop.store.folder_counts().await.expect("counts");
    let inbox = counts.iter().find(|count| count.folder == "INBOX").expect("the INBOX");
    assert_eq!((inbox.taken, inbox.on_server), (3, 3), "by their counts nothing is amiss");
    assert_eq!((inbox.unrecorded, inbox.missing(), inbox.gone()), (Some(1), 1, 1));
    shop.digest().await;
    shop.send().await;
    let digest = shop.texts("digest", super::shop::AMY).remove(0);
    assert!(digest.contains("1 mails in the folder \"INBOX\" of \"sales\" are not on record"), "{digest}");
}

async fn a_folder_made_anew_removes_nothing_and_is_watched_again(engine: Engine) {
    let (shop, mut server) = on_dovecot(engine, "anew").await;
    for number in 1..=3 {
        server.append("Customers", "", &mail(number).raw()).await;
    }
    shop.poll().await;
    server.run("DELETE Customers").await;
    server.run("CREATE Customers").await;
    // One does not come again: nobody knows who lost it.
    for number in [2, 1] {
        server.append("Customers", "", &mail(number).raw()).await;
    }
    shop.poll().await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, [] as [&str; 0]);
    let counts = shop.store.folder_counts().await.expect("counts");
    let count = counts.iter().find(|count| count.folder == "Customers").expect("the folder");
    assert_eq!((count.unrecorded, count.missing()), (Some(0), 0));
    expunge(&mut server, "Customers", 1).await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, ["Chairs 2"]);
}

/// The one file that holds a mail of this Message-ID.
fn file_of(maildir: &Path, number: u32) -> PathBuf {
    let files = ["new", "cur"].into_iter().flat_map(|part| fs::read_dir(maildir.join(part)).expect("a part"));
    let holds = |path: &PathBuf| fs::read_to_string(path).expect("a mail").contains(&format!("<{number}@"));
    files.map(|entry| entry.expect("an entry").path()).find(holds).expect("the mail's file")
}

async fn a_file_that_changes_its_flags_stays_and_one_that_is_deleted_is_missed(engine: Engine) {
    let shop = Shop::open(engine).await;
    let maildir = shop.path("sales");
    for number in 1..=4 {
        shop.deliver("sales", &mail(number));
    }
    shop.poll().await;
    let named = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let [read, filed, deleted] = [1, 2, 3].map(|number| file_of(&maildir, number));
    fs::rename(&read, maildir.join("cur").join(format!("{}:2,RS", named(&read)))).expect("read by a colleague");
    fs::rename(&filed, shop.path("sales/.Customers/cur").join(format!("{}:2,S", named(&filed)))).expect("filed");
    let bytes = fs::read(&deleted).expect("a mail");
    fs::remove_file(&deleted).expect("deleted");
    shop.poll().await;
    assert_eq!(subjects(&shop).await, ["Chairs 3"]);
    let counts = shop.store.folder_counts().await.expect("counts");
    assert!(counts.iter().all(|count| count.unrecorded.is_none() && count.missing() == 0), "{counts:?}");
    fs::write(&deleted, bytes).expect("restored from the backup");
    shop.poll().await;
    assert_eq!(subjects(&shop).await, [] as [&str; 0]);
}

async fn mail_older_than_ninety_days_is_not_looked_for(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver_at("sales", &mail(1).raw(), NOW - 91 * DAY);
    shop.deliver_at("sales", &mail(2).raw(), NOW - 89 * DAY);
    shop.poll().await;
    shop.empty("sales");
    shop.poll().await;
    assert_eq!(subjects(&shop).await, ["Chairs 2"]);
}

async fn what_was_recorded_before_anybody_noted_places_is_neither_removed_nor_lost(engine: Engine) {
    let (shop, mut server) = on_dovecot(engine, "before").await;
    for number in 1..=3 {
        server.append("INBOX", "", &mail(number).raw()).await;
    }
    shop.poll().await;
    shop.database().await.run("DELETE FROM sighting").await;
    expunge(&mut server, "INBOX", 1).await;
    server.append("INBOX", "", &mail(4).raw()).await;
    shop.poll().await;
    expunge(&mut server, "INBOX", 2).await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, [] as [&str; 0]);
    let counts = shop.store.folder_counts().await.expect("counts");
    assert!(counts.iter().all(|count| count.missing() == 0), "{counts:?}");
    expunge(&mut server, "INBOX", 4).await;
    shop.poll().await;
    assert_eq!(subjects(&shop).await, ["Chairs 4"]);
}

async fn a_folder_out_of_reach_makes_nobody_a_thief(engine: Engine) {
    let mut shop = Shop::open(engine).await;
    let peer = Peer::start(3, |asked, world| {
        // While two mails are left, the Sent folder, where the third may be, is out of reach.
        match asked.is("EXAMINE \"&XfJT0ZAB-\"") && world.mails.len() == 2 {
            true => say("{tag} NO [INUSE] try again\r\n"),
            false => Act::Honest,
        }
    })
    .await;
    // The peer's mails are of July.
    shop.at("2026-07-18T09:00:00+08:00");
    let sent = Some("已发送".to_owned());
    shop.settings.accounts[0].source = SourceSettings::Imap(ImapSettings { sent, ..imap(peer.port) });
    shop.poll().await;
    peer.change(|world| world.mails.truncate(2));
    shop.try_poll("sales").await.expect_err("the Sent folder can't be read");
    let missed = "SELECT COUNT(*) FROM sighting WHERE missed_at IS NOT NULL";
    assert_eq!(shop.number(missed).await, 0);
    peer.change(|world| world.mails.truncate(1));
    shop.poll().await;
    assert_eq!(shop.number(missed).await, 4, "two mails in each of two folders");
}

async fn the_newest_removed_mails_of_a_period_are_told_and_all_are_counted(engine: Engine) {
    let shop = Shop::open(engine).await;
    for number in 1..=3 {
        shop.deliver("sales", &mail(number));
    }
    shop.poll().await;
    for number in 1..=3 {
        shop.later(DAY);
        fs::remove_file(file_of(&shop.path("sales"), number)).expect("deleted");
        shop.poll().await;
    }
    let told = async |from, until, limit| {
        let mails = shop.store.removed(from, until, limit).await.expect("removed mails");
        let count = shop.store.count_removed(from, until).await.expect("a number");
        (mails.into_iter().map(|mail| mail.subject).collect::<Vec<_>>().join(", "), count)
    };
    let day = |number| NOW + number * DAY;
    assert_eq!(told(day(1), day(3), 10).await, ("Chairs 2, Chairs 1".to_owned(), 2), "half open");
    assert_eq!(told(day(1), day(4), 2).await, ("Chairs 3, Chairs 2".to_owned(), 3), "at most two");
}

async fn an_answer_of_ours_deleted_from_sent_is_no_buyers_mail(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.deliver("sales", &mail(1));
    shop.deliver("sales", &Mail::from("leo@haiyue.example").subject("lunch").id("lunch@haiyue.example"));
    shop.deliver("sales/.Sent", &Mail::answer("ann@kestrel-1.example", "1@kestrel.example").id("a@haiyue.example"));
    shop.poll().await;
    shop.empty("sales/.Sent");
    shop.empty("sales");
    shop.poll().await;
    assert_eq!(shop.number("SELECT COUNT(*) FROM sighting WHERE missed_at IS NOT NULL").await, 3);
    assert_eq!(subjects(&shop).await, ["Chairs 1"]);
}
