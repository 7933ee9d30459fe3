//! The service is killed again and again in the middle of its work; nothing may be lost, nothing come twice.

use crate::support::proxy::Proxy;
use crate::support::servers::{self, Imap};
use crate::support::site::{Service, Site, TeamMail, imap_account, inquiry, wait_for};
use inquiryd::clock::Clock;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

const KILLS: usize = 50;
/// All there before the first start.
const MAILS: usize = 500;
/// Over which they are spread, so that a poll records them in as many batches.
const FOLDERS: usize = 25;
/// The pace of the poll: all mails are recorded when about two thirds of the kills are done, so that the others find
/// the digest under way.
const MAILS_A_KILL: usize = 12;
/// Lives after which the test gives up: most lives are killed in the midst of work.
const MOST_LIVES: usize = 150;
/// A day before: whatever the hour, a planned poll was missed since.
const A_DAY: i64 = 86_400;

/// Numbers that look random and come again with the same seed (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn seed() -> u64 {
    match std::env::var("INQUIRYD_TEST_SEED") {
        Ok(seed) => seed.parse().expect("INQUIRYD_TEST_SEED is a number"),
        Err(_) => Clock::System.now().unsigned_abs(),
    }
}

/// A slow way to the mailbox and a slow way out, so that death finds the service at work.
struct Network {
    imap: Proxy,
    smtp: Proxy,
}

impl Network {
    async fn start() -> Network {
        Network {
            imap: Proxy::slow(servers::imap_port(), 1_000, Duration::from_millis(3)).await,
            smtp: Proxy::slow(servers::smtp_port(), 4_000, Duration::from_millis(8)).await,
        }
    }

    fn opened(&self) -> usize {
        self.imap.opened() + self.smtp.opened()
    }

    fn closed(&self) -> usize {
        self.imap.closed() + self.smtp.closed()
    }

    /// Kills the service a moment after its poll began; true if it was talking to a server just then.
    fn kill_at_work(&self, service: Service, before: usize, moment: Duration) -> bool {
        wait_for("the poll to begin", || (self.imap.opened() > before).then_some(()));
        std::thread::sleep(moment);
        let at_work = self.opened() > self.closed();
        service.kill();
        wait_for("the connections to end", || (self.opened() == self.closed()).then_some(()));
        at_work
    }
}

/// Returns how many mails are recorded so far.
async fn make_a_poll_due(site: &Site) -> usize {
    let store = site.store().await;
    store.finish_run("poll/sales", Clock::System.now() - A_DAY).await.expect("the store outlived the kill");
    let recorded = store.count_waiting().await.expect("a number");
    store.close().await;
    usize::try_from(recorded).expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_in_the_middle_of_the_work_lose_nothing_and_double_nothing() {
    let seed = seed();
    println!("INQUIRYD_TEST_SEED={seed}");
    let mut dice = Dice(seed);
    let network = Network::start().await;
    let site = Site::without_accounts("kill");
    site.write("inquiryd.d/sales.toml", account(&site, network.imap.port));
    site.write("inquiryd.d/way-out.toml", format!("[outbox]\nsmtp = \"127.0.0.1:{}\"\n", network.smtp.port));
    let mut mailbox = Imap::login(servers::imap_port(), &site.sales);
    (0..FOLDERS).for_each(|number| drop(mailbox.command(&format!("CREATE {}", folder(number)))));
    (0..MAILS).for_each(|number| mailbox.append(&folder(number % FOLDERS), "", &inquiry(&token(number))));
    let (mut kills, mut between_batches, mut lives) = (0, 0, 0);
    // Milliseconds that a life's work may take: found by trying, so that death comes at every stage of it, mostly before
    // the batch under way is recorded.
    let mut longest = 400;
    while kills < KILLS {
        lives += 1;
        assert!(lives <= MOST_LIVES, "{kills} kills in mid-poll in {lives} lives");
        let recorded = make_a_poll_due(&site).await;
        let ahead = recorded < MAILS && recorded > kills * MAILS_A_KILL;
        let before = network.imap.opened();
        let moment = Duration::from_millis(dice.below(longest));
        let at_work = network.kill_at_work(site.start(), before, moment);
        kills += usize::from(at_work);
        between_batches += usize::from(at_work && (1..MAILS).contains(&recorded));
        longest = if at_work && !ahead { longest * 9 / 8 + 1 } else { longest * 7 / 8 + 1 };
    }
    println!("{kills} kills at work, {between_batches} of them in a poll that had recorded a part, {lives} lives");
    let service = site.start();
    service.logs_times("inquiryd is ready", lives + 1);
    service.signal("USR1");
    wait_for("the last mail", || (recorded(&site).len() == MAILS).then_some(()));
    assert!(service.stop().success(), "{}", site.log());
    site.prints(&["poll"]);
    assert_eq!(recorded(&site).into_iter().collect::<HashSet<_>>().len(), MAILS, "each mail once");
    each_inquiry_is_in_one_digest(&site);
    no_digest_arrived_twice(&site);
}

fn account(site: &Site, port: u16) -> String {
    let folders: Vec<String> = (0..FOLDERS).map(folder).collect();
    format!("{}folders = {folders:?}\n", imap_account("sales", port, &site.sales))
}

fn folder(number: usize) -> String {
    format!("Customers-{number:02}")
}

fn token(number: usize) -> String {
    format!("lot-{number:04}")
}

/// The subjects of all recorded inquiries.
fn recorded(site: &Site) -> Vec<String> {
    let inquiries = site.json(&["inquiries", "list", "--limit", "9999", "--json"]);
    inquiries.iter().map(|inquiry| inquiry["subject"].to_string()).collect()
}

fn digests(site: &Site) -> Vec<Value> {
    let mut outbox = site.json(&["outbox", "list", "--limit", "9999", "--json"]);
    outbox.retain(|mail| mail["what"] == "digest");
    outbox
}

fn planned(site: &Site, digest: &Value) -> TeamMail {
    TeamMail::read(site.prints(&["outbox", "show", &digest["id"].to_string()]).as_bytes())
}

/// A long digest leaves inquiries out of its list, but counts them in its headline.
fn each_inquiry_is_in_one_digest(site: &Site) {
    let digests: Vec<TeamMail> = digests(site).iter().map(|digest| planned(site, digest)).collect();
    assert_eq!(digests.iter().map(counted).sum::<usize>(), MAILS);
    for number in 0..MAILS {
        let subject = format!("Inquiry {} for folding chairs", token(number));
        let telling = digests.iter().filter(|digest| digest.tells_of(&subject)).count();
        assert!(telling <= 1, "{subject} is told {telling} times");
    }
    let inquiries = site.json(&["inquiries", "list", "--limit", "9999", "--json"]);
    assert!(inquiries.iter().all(|inquiry| inquiry["told_at"].is_i64()));
    println!("{} digests tell of {MAILS} inquiries", digests.len());
}

/// N of "N new inquiries" in the headline; below it, a digest may name another one that is held, with its subject.
fn counted(digest: &TeamMail) -> usize {
    let words: Vec<&str> = digest.text.lines().take(2).flat_map(str::split_whitespace).collect();
    let number = words.windows(2).find(|pair| pair[1] == "new").map(|pair| pair[0]);
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// What was sent arrived once; what is held may have arrived, once.
fn no_digest_arrived_twice(site: &Site) {
    let digests = digests(site);
    let sent = digests.iter().filter(|digest| digest["state"] == "sent").count();
    println!("{sent} digests sent, {} held", digests.len() - sent);
    let mut arrived: HashMap<String, usize> = HashMap::new();
    for mail in site.team_mails(sent) {
        *arrived.entry(mail.message_id).or_default() += 1;
    }
    for digest in &digests {
        let times = arrived.get(&planned(site, digest).message_id).copied().unwrap_or(0);
        match digest["state"].as_str() {
            Some("sent") => assert_eq!(times, 1, "{digest}"),
            Some("unknown") => assert!(times <= 1, "{digest}"),
            _ => panic!("neither sent nor held: {digest}"),
        }
    }
}
