//! A small exporter with its mailboxes, its people and a clock that stands still.

use super::database::{Database, Engine};
use super::letters::Mail;
use inquiryd::buyer::{Plan, read_customers};
use inquiryd::clock::{Clock, UnixTime};
use inquiryd::config::settings::{Account, Settings, SinkSettings};
use inquiryd::config::{Environment, LoadOptions, load};
use inquiryd::intake::{PollError, Polled};
use inquiryd::jobs::{self, Context, Sent};
use inquiryd::outbox::Sink;
use inquiryd::progress::Progress;
use inquiryd::store::Store;
use inquiryd::store::mails::MailLine;
use inquiryd::store::newsletters::Turn;
use inquiryd::store::outbox::Claimed;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A Monday, 12:30 in Ningbo.
pub const NOW: UnixTime = 1_795_408_200;
pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3600;
pub const DAY: i64 = 24 * HOUR;

pub const AMY: &str = "amy@haiyue.example";
pub const LEO: &str = "leo@haiyue.example";
pub const CHEN: &str = "chen@haiyue.example";
pub const MIA: &str = "mia@haiyue.example";

const CONFIG: &str = r#"
[company]
name = "Haiyue"
domains = ["haiyue.example"]
products = ["folding chair"]
language = "en"
[[account]]
name = "sales"
maildir = "sales"
folders = ["Customers"]
sent = "Sent"
[[account]]
name = "web"
maildir = "web"
sent = "Sent"
[team]
members = ["Amy Xu <amy@haiyue.example>", "Leo Wang <leo@haiyue.example>"]
managers = ["Chen <chen@haiyue.example>"]
[calendar]
hours = ["00:00-24:00"]
weekend = []
[reminder]
near = "1s"
[outbox]
from = "inquiryd <sales@haiyue.example>"
folder = "outbox"
[newsletter]
imprint = "Haiyue Ltd., 88 Example Road, Ningbo, +86 574 5550 0100"
jitter = false
recipient_hours = false
ask_after = "360d"
"#;

/// An office with owners, in working hours and with the holidays of China.
const OFFICE: &str = r#"
[company]
name = "Haiyue"
domains = ["haiyue.example"]
products = ["folding chair"]
language = "en"
[[account]]
name = "sales"
maildir = "sales"
sent = "Sent"
[[account]]
name = "web"
maildir = "web"
sent = "Sent"
[[staff]]
name = "Amy Xu"
address = "amy@haiyue.example"
languages = ["es"]
[[staff]]
name = "Leo Wang"
address = "leo@haiyue.example"
[[staff]]
name = "Mia Shen"
address = "mia@haiyue.example"
absence = ["2026-12-01..2026-12-07"]
[[staff]]
name = "Chen"
address = "chen@haiyue.example"
role = "manager"
[[staff]]
name = "Wu"
address = "wu@haiyue.example"
role = "general_manager"
[outbox]
from = "inquiryd <sales@haiyue.example>"
folder = "outbox"
"#;

/// A container is an A, a pallet a B, a carton a C, everything else a D.
const GRADING: &str = r#"
[[rule]]
id = "container"
why = { zh = "整柜", en = "a whole container" }
points = 100
subject = ["container"]
[[rule]]
id = "pallet"
why = { zh = "托盘", en = "a pallet" }
points = 40
subject = ["pallet"]
[[rule]]
id = "carton"
why = { zh = "箱", en = "a carton" }
points = 20
subject = ["carton"]
"#;

pub struct Shop {
    folder: TempDir,
    pub url: String,
    pub settings: Settings,
    pub store: Store,
    pub clock: Clock,
    progress: Progress,
    secret: String,
    overrides: Environment,
}

impl Shop {
    pub async fn open(engine: Engine) -> Shop {
        Shop::with(engine, &[]).await
    }

    /// A shop whose settings differ, e.g. `("OUTBOX__HOURLY_CAP", "3")`.
    pub async fn with(engine: Engine, overrides: &[(&str, &str)]) -> Shop {
        let folder = tempfile::tempdir().expect("a folder");
        for maildir in ["sales", "sales/.Customers", "sales/.Sent", "web", "web/.Sent"] {
            for part in ["cur", "new", "tmp"] {
                fs::create_dir_all(folder.path().join(maildir).join(part)).expect("a part of the Maildir");
            }
        }
        fs::write(folder.path().join("inquiryd.toml"), CONFIG).expect("a file");
        fs::write(folder.path().join("grading.toml"), GRADING).expect("a file");
        let overrides: Environment =
            overrides.iter().map(|(key, value)| (format!("INQUIRYD__{key}"), (*value).to_owned())).collect();
        let url = engine.fresh_url(folder.path()).await;
        let settings = settings(&folder, &overrides);
        let store = Store::open(&url).await.expect("a fresh store");
        let secret = jobs::installation_secret(&store).await.expect("a secret");
        let (clock, progress) = (Clock::standing_at(NOW), Progress::default());
        Shop { folder, url, settings, store, clock, progress, secret, overrides }
    }

    /// A shop whose buyers have owners, that keeps office hours.
    pub async fn office(engine: Engine) -> Shop {
        let mut shop = Shop::open(engine).await;
        shop.file("inquiryd.toml", OFFICE);
        shop
    }

    /// The clock shows this instant, e.g. `2026-11-23T09:00:00+08:00`.
    pub fn at(&self, instant: &str) {
        self.clock.set(instant.parse::<jiff::Timestamp>().expect("an instant").as_second());
    }

    /// A file or folder of the shop's.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("a file")
    }

    /// Somebody deletes all mail of a Maildir.
    pub fn empty(&self, maildir: &str) {
        for entry in fs::read_dir(self.folder.path().join(maildir).join("new")).expect("a Maildir") {
            fs::remove_file(entry.expect("an entry").path()).expect("removed");
        }
    }

    /// Writes a file beside the configuration and reads everything again.
    pub fn file(&mut self, name: &str, content: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("within the folder")).expect("a folder");
        fs::write(path, content).expect("a file");
        self.settings = settings(&self.folder, &self.overrides);
    }

    /// The service ends and starts again on the same store.
    pub async fn restart(&mut self) {
        self.store.close().await;
        self.store = Store::open(&self.url).await.expect("the store of before");
        self.secret = jobs::installation_secret(&self.store).await.expect("the secret of before");
    }

    pub fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now() + seconds);
    }

    /// A mail arrives now in `sales`, `sales/.Customers`, `sales/.Sent`, `web` or `web/.Sent`.
    pub fn deliver(&self, maildir: &str, mail: &Mail) {
        self.deliver_at(maildir, &mail.raw(), self.clock.now());
    }

    pub fn deliver_at(&self, maildir: &str, raw: &[u8], at: UnixTime) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{at}.M{:06}.host", NEXT.fetch_add(1, Ordering::Relaxed));
        let path = self.folder.path().join(maildir).join("new").join(name);
        fs::write(&path, raw).expect("a mail");
        let arrived = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at).expect("after 1970"));
        File::options().write(true).open(&path).and_then(|file| file.set_modified(arrived)).expect("its time");
    }

    /// A file of customers comes in, a hundred days ago.
    pub async fn import(&self, file: &[u8]) -> Plan {
        let then = NOW - 100 * DAY;
        let import = read_customers(file, then).expect("a table");
        self.store.import(("file", ""), &import.buyers, then, &|_, _| {}).await.expect("imported").1
    }

    /// The installation's secret.
    pub fn secret(&self) -> String {
        self.secret.clone()
    }

    pub fn account(&self, name: &str) -> &Account {
        self.settings.accounts.iter().find(|account| account.name == name).expect("a configured account")
    }

    pub fn context(&self) -> Context<'_> {
        self.context_of("test")
    }

    /// What the jobs of another daemon on the same store get.
    pub fn context_of<'a>(&'a self, owner: &'a str) -> Context<'a> {
        let Shop { settings, store, clock, progress, secret, .. } = self;
        Context { settings, store, clock, progress, owner, secret }
    }

    pub async fn try_poll(&self, account: &str) -> Result<Polled, PollError> {
        Ok(jobs::poll(&self.context(), self.account(account)).await?.expect("nobody else polls"))
    }

    /// Polls the account `sales`.
    pub async fn poll(&self) -> Polled {
        self.try_poll("sales").await.expect("a poll")
    }

    pub async fn digest(&self) -> Option<i64> {
        jobs::digest(&self.context()).await.expect("a digest or none")
    }

    pub async fn remind(&self) -> usize {
        jobs::reminders(&self.context()).await.expect("reminders or none")
    }

    /// The day's list of follow-ups.
    pub async fn follow_up(&self) -> usize {
        jobs::follow_ups(&self.context()).await.expect("follow-ups or none")
    }

    /// What our people told by mail is done.
    pub async fn hear_staff(&self) -> usize {
        jobs::staff_mail(&self.context()).await.expect("staff mail or none")
    }

    /// The texts of the mails of this sort to this person, decoded.
    pub fn texts(&self, what: &str, recipient: &str) -> Vec<String> {
        let names = self
            .sent_names()
            .into_iter()
            .filter(|name| name.contains(&format!("-{what}-")) && name.contains(recipient));
        names.map(|name| text_of(&fs::read(self.outbox_folder().join(name)).expect("a sent mail"))).collect()
    }

    pub async fn plan_newsletters(&self) -> usize {
        jobs::newsletters(&self.context()).await.expect("newsletters or none")
    }

    /// Sends what is due into the folder of the configuration.
    pub async fn send(&self) -> Sent {
        let sink = self.settings.outbox.sink.clone();
        self.send_to(&sink).await
    }

    pub async fn send_to(&self, sink: &SinkSettings) -> Sent {
        let mut sink = Sink::open(sink, &self.progress).expect("a sink");
        jobs::drain(&self.context(), &mut sink, &CancellationToken::new()).await.expect("a round of sending")
    }

    pub fn outbox_folder(&self) -> PathBuf {
        self.folder.path().join("outbox")
    }

    /// The names of the mails that were sent, in order.
    pub fn sent_names(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.outbox_folder()) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    /// The mails that were sent to `recipient`, in order.
    pub fn sent_to(&self, recipient: &str) -> Vec<Vec<u8>> {
        let names = self.sent_names().into_iter().filter(|name| name.contains(recipient));
        names.map(|name| fs::read(self.outbox_folder().join(name)).expect("a sent mail")).collect()
    }

    /// All mails recorded, in the order of their numbers.
    pub async fn mails(&self) -> Vec<MailLine> {
        let mut mails = self.store.mails(10_000).await.expect("the mails");
        mails.sort_by_key(|mail| mail.id);
        mails
    }

    pub async fn database(&self) -> Database {
        Database::connect(&self.url).await
    }

    /// The one number that a query asks for.
    pub async fn number(&self, sql: &str) -> i64 {
        self.database().await.number(sql).await
    }
}

fn settings(folder: &TempDir, overrides: &Environment) -> Settings {
    let path = folder.path().join("inquiryd.toml");
    let loaded = load(&path, overrides, LoadOptions::default());
    loaded.unwrap_or_else(|problems| panic!("{problems}")).settings
}

/// Subject and plain text of a mail of ours.
fn text_of(raw: &[u8]) -> String {
    let message = inquiryd::message::understand(raw, &inquiryd::message::House::default());
    format!("{}\n{}", message.subject, message.whole_text)
}

/// Claims a newsletter, if nobody else has it.
pub async fn claim_newsletter(store: &Store, owner: &str, id: i64, now: UnixTime) -> Option<Claimed> {
    let turn = Turn { settled: &[], leaving: &[], wanted: &[id] };
    store.turn(owner, turn, now + 600, now).await.expect("a turn").claimed.pop()
}
