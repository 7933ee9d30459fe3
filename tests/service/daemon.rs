//! When the service polls, what it believes, and what it tells when something is wrong.

use crate::support::proxy::Proxy;
use crate::support::servers::{self, Imap, PrivateDovecot};
use crate::support::site::{Ran, Site, imap_account, inquiry, wait_for};
use crate::support::systemd::Systemd;
use inquiryd::clock::Clock;
use inquiryd::store::Store;
use std::process::Stdio;
use std::time::Duration;

const A_DAY: i64 = 86_400;
const POLLED: &str = "polled account=\"sales\"";

async fn note_run(site: &Site, at: i64) {
    let store = site.store().await;
    store.finish_run("poll/sales", at).await.expect("noted");
    store.close().await;
}

/// Starts the service and stops it as soon as it has nothing more to do.
fn live_once(site: &Site) {
    let systemd = Systemd::listen_anew(site);
    let service = site.start_with(|command| {
        command.env("NOTIFY_SOCKET", systemd.path());
    });
    systemd.hears("STATUS=1 inquiries wait for an answer; next poll");
    assert!(service.stop().success(), "{}", site.log());
}

fn polls(site: &Site) -> usize {
    site.log().matches(POLLED).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_time_that_was_missed_is_made_up_for_once() {
    let site = Site::new("missed");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-missed"));
    note_run(&site, Clock::System.now() - 3 * A_DAY).await;
    live_once(&site);
    assert_eq!(polls(&site), 1, "{}", site.log());
    live_once(&site);
    assert_eq!(polls(&site), 1, "a second start polls nothing: {}", site.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_a_day_ahead_costs_no_poll_and_repeats_no_digest() {
    let site = Site::new("ahead");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-ahead"));
    live_once(&site);
    note_run(&site, Clock::System.now() + A_DAY - 60).await;
    live_once(&site);
    assert_eq!(polls(&site), 2, "{}", site.log());
    live_once(&site);
    assert_eq!(polls(&site), 2, "and from then on as planned: {}", site.log());
    assert_eq!(site.json(&["outbox", "list", "--json"]).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_a_day_behind_costs_no_poll_and_repeats_no_digest() {
    let site = Site::new("behind");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-behind"));
    live_once(&site);
    note_run(&site, Clock::System.now() - A_DAY).await;
    live_once(&site);
    live_once(&site);
    assert_eq!(polls(&site), 2, "{}", site.log());
    assert_eq!(site.json(&["outbox", "list", "--json"]).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_another_daemon_polls_is_left_to_it_and_a_broken_off_poll_is_free_at_once() {
    let url = servers::postgres_database().await;
    let site = Site::without_accounts("share").file("inquiryd.d/store.toml", &format!("[store]\nurl = \"{url}\"\n"));
    let proxy = Proxy::slow(servers::imap_port(), 1_000, Duration::from_millis(30)).await;
    site.write("inquiryd.d/sales.toml", imap_account("sales", proxy.port, &site.sales));
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    (0..100).for_each(|number| imap.append("INBOX", "", &inquiry(&format!("lot-{number}"))));
    let first = site.start();
    wait_for("its poll", || (proxy.opened() > 0).then_some(()));
    let systemd = Systemd::listen(&site);
    let second = site.start_with(|command| {
        command.env("NOTIFY_SOCKET", systemd.path());
    });
    systemd.hears("STATUS=0 inquiries wait for an answer; next poll");
    assert!(site.log().contains("another daemon polls this account"), "{}", site.log());
    let store = Store::open(&url).await.expect("the store");
    assert_eq!(store.last_run("poll/sales").await.expect("read"), None, "if the first dies, the poll is still due");
    assert!(second.stop().success());
    assert!(first.stop().success());
    assert_eq!(polls(&site), 0, "it was broken off: {}", site.log());
    let said = site.prints(&["poll"]);
    assert!(said.contains("100 new, 100 inquiries"), "{said}");
}

#[test]
fn a_person_who_wants_a_poll_now_gets_it() {
    let site = Site::new("now");
    let service = site.start();
    service.waits_to_log(POLLED);
    servers::deliver_lmtp(&site.sales, &inquiry("lot-now"));
    service.signal("USR1");
    assert!(site.team_mails(1)[0].tells_of("lot-now"));
    assert!(service.stop().success());
}

#[test]
fn a_second_service_or_poll_on_the_same_store_is_refused_and_told_what_to_do_instead() {
    let site = Site::new("second");
    let service = site.start();
    service.waits_to_log("inquiryd is ready");
    for command in ["run", "poll"] {
        let refused = site.run(&[command]);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.err.contains("another inquiryd works on this store"), "{}", refused.err);
        assert!(refused.err.contains("SIGUSR1"), "{}", refused.err);
    }
    site.prints(&["status"]);
    assert!(service.stop().success());
}

#[test]
fn a_wrong_new_configuration_leaves_the_old_one_in_force_and_the_next_digest_says_so() {
    let site = Site::new("reload");
    let service = site.start();
    service.waits_to_log(POLLED);
    site.write("inquiryd.d/new.toml", "[team]\nmembrs = [\"boss@test.example\"]\n");
    service.signal("HUP");
    service.waits_to_log("new.toml:2: team.membrs: unknown key (did you mean members?)");
    service.waits_to_log("the new configuration is wrong; the old one stays in force");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-reload"));
    service.signal("USR1");
    let digest = &site.team_mails(1)[0];
    assert!(digest.tells_of("lot-reload"));
    assert!(digest.tells_of("The new configuration is wrong, the old one stays in force"), "{}", digest.text);
    assert!(digest.tells_of("team.membrs: unknown key"), "{}", digest.text);
    assert!(service.stop().success());
}

#[test]
fn a_good_new_configuration_is_taken_without_a_restart() {
    let site = Site::new("renew");
    let service = site.start();
    service.waits_to_log(POLLED);
    let boss = servers::unique_user("renew-boss");
    site.write("inquiryd.d/new.toml", format!("[team]\nmembers = [\"boss <{boss}@test.example>\"]\n"));
    service.signal("HUP");
    service.waits_to_log("the new configuration is in force");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-renew"));
    service.signal("USR1");
    assert_eq!(servers::wait_for_mail(&boss, "INBOX", 1).len(), 1);
    assert!(service.stop().success());
}

#[test]
fn a_new_store_wants_a_restart_and_says_so() {
    let site = Site::new("restore");
    let service = site.start();
    service.waits_to_log(POLLED);
    site.write("inquiryd.d/new.toml", "[store]\nurl = \"sqlite://other.db\"\n");
    service.signal("HUP");
    service.waits_to_log("store.url changed: restart the service");
    service.signal("USR1");
    assert!(site.team_mails(1)[0].tells_of("store.url changed: restart the service"));
    assert!(service.stop().success());
}

#[test]
fn an_account_with_a_wrong_password_is_told_at_once_and_stops_nobody_else() {
    let site = Site::new("wrong").file("wrong", "not-the-password");
    let account = imap_account("web", servers::imap_port(), "web").replace("\"password\"", "\"wrong\"");
    site.write("inquiryd.d/web.toml", account);
    servers::deliver_lmtp(&site.sales, &inquiry("lot-wrong"));
    let service = site.start();
    let digest = &site.team_mails(1)[0];
    assert!(digest.tells_of("lot-wrong"), "{}", digest.text);
    assert!(digest.tells_of("The mailbox \"web\" could not be read"), "{}", digest.text);
    assert!(!digest.text.contains("not-the-password") && !service.log().contains("not-the-password"));
    assert!(service.stop().success());
}

#[test]
fn a_server_that_stays_away_is_told_after_some_tries_and_recovers_by_itself() {
    let mut dovecot = PrivateDovecot::start();
    let site = Site::new("away");
    site.write("inquiryd.d/web.toml", imap_account("web", dovecot.imap_port, "web"));
    Imap::login(dovecot.imap_port, "web").append("INBOX", "", &inquiry("lot-away"));
    dovecot.stop();
    let service = site.start();
    for times in 1..=3 {
        service.logs_times("the account could not be polled account=\"web\"", times);
        if times < 3 {
            service.signal("USR1");
        }
    }
    let digest = &site.team_mails(1)[0];
    assert!(digest.tells_of("The mailbox \"web\" could not be read"), "{}", digest.text);
    dovecot.start_again();
    service.signal("USR1");
    assert!(site.team_mails(2)[1].tells_of("lot-away"));
    assert!(service.stop().success());
}

#[test]
fn on_a_fresh_machine_everything_may_be_started_at_once() {
    for _ in 0..10 {
        let site = Site::without_accounts("fresh")
            .file("inquiryd.d/sales.toml", "[[account]]\nname = \"sales\"\nmaildir = \".\"\n");
        ["new", "cur", "tmp"].iter().for_each(|folder| site.write(&format!("{folder}/.keep"), ""));
        let start =
            || site.command(&["status"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("inquiryd");
        for child in [start(), start(), start(), start()] {
            let ran = Ran::from(child.wait_with_output().expect("inquiryd ends"));
            assert_eq!(ran.code, Some(0), "{}", ran.err);
        }
    }
}
