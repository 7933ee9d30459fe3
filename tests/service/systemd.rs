//! What systemd hears, and what it does: the notify socket, the watchdog, the signals.

use crate::support::imap_peer::{Act, Peer};
use crate::support::proxy::Proxy;
use crate::support::servers::{self, Imap};
use crate::support::site::{Service, Site, imap_account, inquiry, wait_for};
use crate::support::smtp_peer::{Act as SmtpAct, Script, SmtpPeer};
use crate::support::systemd::Systemd;
use std::time::Duration;

const BEAT: &str = "WATCHDOG=1";

fn watched(site: &Site, seconds: u32) -> (Systemd, Service) {
    let systemd = Systemd::listen(site);
    let service = site.start_with(|command| {
        command.env("NOTIFY_SOCKET", systemd.path()).env("WATCHDOG_USEC", (seconds * 1_000_000).to_string());
    });
    (systemd, service)
}

#[test]
fn systemd_hears_of_every_stage_of_the_services_life() {
    let site = Site::new("stages");
    servers::deliver_lmtp(&site.sales, &inquiry("lot-stage"));
    let (systemd, service) = watched(&site, 60);
    let start = systemd.hears("STATUS=1 inquiries wait for an answer; next poll 20");
    for line in ["READY=1", BEAT, "STATUS=polling"] {
        assert!(start.iter().any(|heard| heard == line), "{line} in {start:?}");
    }
    service.signal("HUP");
    let reload = systemd.hears("READY=1");
    let at = |start: &str| reload.iter().position(|line| line.starts_with(start));
    assert!(at("RELOADING=1") < at("READY=1") && at("RELOADING=1").is_some(), "{reload:?}");
    assert!(at("MONOTONIC_USEC=").is_some(), "Type=notify-reload wants it: {reload:?}");
    assert!(service.stop().success());
    systemd.hears("STOPPING=1");
}

#[test]
fn a_service_with_nothing_to_do_is_alive() {
    let site = Site::new("idle");
    let (systemd, _service) = watched(&site, 2);
    systemd.hears("STATUS=0 inquiries wait");
    for _ in 0..3 {
        systemd.hears(BEAT);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_hangs_on_a_silent_server_is_not() {
    let peer = Peer::start(3, |asked, _| {
        if asked.is("EXAMINE INBOX") || asked.is("EXAMINE \"INBOX\"") {
            Act::SayAndStall(Vec::new())
        } else {
            Act::Honest
        }
    })
    .await;
    let site = Site::without_accounts("hang");
    site.write("inquiryd.d/sales.toml", imap_account("sales", peer.port, "sales"));
    let (systemd, service) = watched(&site, 1);
    systemd.hears(BEAT);
    wait_for("the silence", || peer.log().iter().any(|asked| asked.is("EXAMINE \"INBOX\"")).then_some(()));
    wait_for("a second and a half without a beat", || {
        systemd.heard();
        std::thread::sleep(Duration::from_millis(1_500));
        (!systemd.heard().iter().any(|line| line == BEAT)).then_some(())
    });
    assert!(service.stop().success(), "SIGTERM ends it even so");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_middle_of_a_poll_loses_nothing_and_doubles_nothing() {
    let site = Site::without_accounts("stop-poll");
    let mut imap = Imap::login(servers::imap_port(), &site.sales);
    (0..300).for_each(|number| imap.append("INBOX", "", &inquiry(&format!("lot-{number}"))));
    let proxy = Proxy::slow(servers::imap_port(), 2_000, Duration::from_millis(60)).await;
    site.write("inquiryd.d/sales.toml", imap_account("sales", proxy.port, &site.sales));
    let service = site.start();
    let begun = wait_for("the first mails", || {
        let mails = site.json(&["status", "--json"])[0]["accounts"][0]["mails"].as_i64();
        mails.filter(|mails| *mails > 0)
    });
    assert!(service.stop().success(), "{}", site.log());
    assert!(begun < 300 && site.log().contains("inquiryd ended cleanly"), "{begun}: {}", site.log());
    site.prints(&["poll"]);
    assert_eq!(site.json(&["inquiries", "list", "--limit", "9999", "--json"]).len(), 300);
    let digests = site.team_mails(1);
    assert!(digests[0].text.contains("300 new inquiries"), "{}", digests[0].text);
}

async fn site_with_way_out(name: &str, script: Script) -> (Site, SmtpPeer) {
    let peer = SmtpPeer::start(script).await;
    let site = Site::new(name);
    site.write("inquiryd.d/way-out.toml", format!("[outbox]\nsmtp = \"127.0.0.1:{}\"\ndeadline = \"3s\"\n", peer.port));
    servers::deliver_lmtp(&site.sales, &inquiry("lot-data"));
    (site, peer)
}

fn stop_in_data(site: &Site, peer: &SmtpPeer) {
    let service = site.start();
    wait_for("DATA", || peer.seen().commands.iter().any(|command| command == "DATA").then_some(()));
    assert!(service.stop().success(), "{}", site.log());
    assert!(site.log().contains("inquiryd ended cleanly"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_middle_of_data_waits_for_the_servers_word() {
    let late = Script::default().once("DOT", SmtpAct::Late(Duration::from_secs(1)));
    let (site, peer) = site_with_way_out("stop-data", late).await;
    stop_in_data(&site, &peer);
    assert_eq!(site.json(&["outbox", "list", "--json"])[0]["state"], "sent");
    assert!(site.prints(&["poll"]).contains("outbox: 0 sent"));
    assert_eq!(peer.seen().mails.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_while_the_server_is_silent_after_data_holds_the_mail_for_a_person() {
    let (site, peer) = site_with_way_out("stop-silence", Script::default().once("DOT", SmtpAct::Silence)).await;
    stop_in_data(&site, &peer);
    let held = site.json(&["outbox", "list", "--json"]).remove(0);
    assert_eq!(held["state"], "unknown", "{held}");
    let said = site.prints(&["poll"]);
    assert!(peer.seen().mails.iter().all(|mail| !mail.contains("Inquiry lot-data")), "never blindly again");
    assert!(said.contains("planned") && peer.seen().mails.len() == 1, "the next digest tells of it: {said}");
    site.prints(&["outbox", "resend", &held["id"].to_string()]);
    site.prints(&["poll"]);
    assert_eq!(site.json(&["outbox", "list", "--state", "sent", "--json"]).len(), 2);
}
