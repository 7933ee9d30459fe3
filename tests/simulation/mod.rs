//! A simulated year of an office that moves, so that the clocks of three zones change over it: 5,000 buyers, some 40
//! inquiries a day, people who answer, forget and are away, a service that is restarted and misses polls. What is due is
//! told exactly once, in working hours, to our own people alone, and every inquiry ends answered, excused or escalated.

mod people;
mod proof;
mod trade;

use crate::store::database::Database;
use inquiryd::calendar::WorkingCalendar;
use inquiryd::clock::{Clock, UnixTime};
use inquiryd::config::settings::{Settings, SinkSettings};
use inquiryd::config::{Environment, LoadOptions, load};
use inquiryd::intake::Intake;
use inquiryd::jobs::{self, Context};
use inquiryd::outbox::Sink;
use inquiryd::progress::Progress;
use inquiryd::store::Store;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use people::People;
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;
use trade::Trade;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const BUYERS: u32 = 5_000;
/// The days of the simulation, and the first of them.
const DAYS: i64 = 365;
const FIRST_DAY: Date = date(2026, 1, 5);

/// Where the office is from a day on, and whose holidays it keeps: in each zone the clocks change twice meanwhile, and China
/// works on some weekends.
const MOVES: [(Date, &str, &str); 6] = [
    (FIRST_DAY, "Europe/Berlin", "CN"),
    (date(2026, 3, 4), "America/New_York", "US"),
    (date(2026, 3, 23), "Europe/Berlin", "CN"),
    (date(2026, 4, 2), "Australia/Sydney", "AU"),
    (date(2026, 10, 8), "Europe/Berlin", "CN"),
    (date(2026, 10, 29), "America/New_York", "US"),
];

#[test]
fn a_year_in_which_the_clocks_of_three_zones_change() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let memory = Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder");
        let mut office = Office::open(folder.path(), 1).await;
        office.work().await;
        proof::all(&office).await;
    });
}

#[test]
fn the_office_is_there_when_its_clocks_change() {
    let mut changes = 0;
    for (index, (from, zone, _)) in MOVES.iter().enumerate() {
        let until = MOVES.get(index + 1).map_or(date(2027, 1, 5), |next| next.0);
        let zone = TimeZone::get(zone).expect("a zone");
        let [from, until] = [from, &until].map(|day| day.to_zoned(zone.clone()).expect("a day").timestamp());
        changes += zone.following(from).take_while(|change| change.timestamp() < until).count();
    }
    assert_eq!(changes, 6, "two in each zone");
}

/// The company for a year.
struct Office {
    folder: PathBuf,
    /// Where it is now.
    settings: Settings,
    /// Where it was from which moment on, with the country whose holidays it keeps.
    calendars: Vec<(UnixTime, WorkingCalendar, &'static str)>,
    url: String,
    store: Store,
    /// The simulation's own look into the store.
    database: Database,
    clock: Clock,
    progress: Progress,
    secret: String,
    start: UnixTime,
    trade: Trade,
    people: People,
    /// When the service was away.
    downs: Vec<(UnixTime, UnixTime)>,
}

fn config(zone: &str, country: &str) -> String {
    let staff: String = ["amy", "leo", "mia", "tom"]
        .map(|name| {
            let absence = match name {
                "amy" => "absence = [\"2026-07-06..2026-07-19\"]\n",
                "leo" => "absence = [\"2026-08-03..2026-08-16\"]\n",
                _ => "",
            };
            format!("[[staff]]\nname = \"{name}\"\naddress = \"{name}@haiyue.example\"\n{absence}")
        })
        .concat();
    format!(
        "[company]\nname = \"Haiyue\"\ndomains = [\"haiyue.example\"]\nlanguage = \"en\"\ntime_zone = \"{zone}\"\n\
         [[account]]\nname = \"sales\"\nmaildir = \".\"\n{staff}\
         [[staff]]\nname = \"chen\"\naddress = \"chen@haiyue.example\"\nrole = \"manager\"\n\
         [calendar]\ncountry = \"{country}\"\n[follow_up]\nper_day = 1000\n\
         [outbox]\nfrom = \"inquiryd <sales@haiyue.example>\"\nfolder = \"outbox\"\nhourly_cap = 10000\n"
    )
}

fn settings(folder: &Path, zone: &str, country: &str) -> Settings {
    let file = folder.join("inquiryd.toml");
    std::fs::write(&file, config(zone, country)).expect("a file");
    let loaded = load(&file, &Environment::new(), LoadOptions::default());
    let mut settings = loaded.unwrap_or_else(|problems| panic!("{problems}")).settings;
    // What is recorded comes from the simulation: there is no mailbox.
    settings.accounts.clear();
    settings.outbox.sink = SinkSettings::Folder(folder.join("outbox"));
    settings
}

impl Office {
    async fn open(folder: &Path, seed: u64) -> Office {
        let settings = settings(folder, MOVES[0].1, MOVES[0].2);
        let url = format!("sqlite://{}/store.db", folder.display());
        let store = Store::open(&url).await.expect("a store");
        let secret = jobs::installation_secret(&store).await.expect("a secret");
        let start = settings.calendar.start_of(FIRST_DAY);
        let trade = Trade::new(seed, start, &secret);
        trade.fill(&store).await;
        let grades = "UPDATE buyer SET graded_by = 'chen', grade = CASE id % 10 WHEN 0 THEN 'A' WHEN 1 THEN 'B' \
                      WHEN 2 THEN 'B' WHEN 3 THEN 'C' WHEN 4 THEN 'C' WHEN 5 THEN 'C' ELSE 'D' END";
        let mut database = Database::connect(&url).await;
        database.run(grades).await;
        let downs = downs(start, seed);
        let people = People::new(seed);
        let (clock, progress) = (Clock::standing_at(start), Progress::default());
        store.look_at_everything_again(&settings.calendar.fingerprint()).await.expect("the store");
        let calendars = vec![(start, settings.calendar.clone(), MOVES[0].2)];
        let folder = folder.to_owned();
        Office {
            folder,
            settings,
            calendars,
            url,
            store,
            database,
            clock,
            progress,
            secret,
            start,
            trade,
            people,
            downs,
        }
    }

    /// The calendar at a moment, and the country whose holidays it keeps.
    fn calendar_at(&self, at: UnixTime) -> (&WorkingCalendar, &'static str) {
        let found = self.calendars.iter().rev().find(|(from, ..)| *from <= at).unwrap_or(&self.calendars[0]);
        (&found.1, found.2)
    }

    /// The office moves, once its day has come: the service is started with another configuration.
    async fn move_on(&mut self) {
        let Some((day, zone, country)) = MOVES.get(self.calendars.len()) else { return };
        let now = self.clock.now();
        if self.settings.calendar.start_of(*day) > now {
            return;
        }
        self.settings = settings(&self.folder, zone, country);
        self.calendars.push((now, self.settings.calendar.clone(), country));
        self.restart().await;
        let fingerprint = self.settings.calendar.fingerprint();
        assert!(self.store.look_at_everything_again(&fingerprint).await.expect("the store"), "another calendar");
    }

    fn context(&self) -> Context<'_> {
        let Office { settings, store, clock, progress, secret, .. } = self;
        Context { settings, store, clock, progress, owner: "simulation", secret }
    }

    fn end(&self) -> UnixTime {
        self.start + DAYS * DAY
    }

    /// The service's year, from one wake-up to the next.
    async fn work(&mut self) {
        let mut last_poll = self.start;
        while self.clock.now() < self.end() {
            let now = self.wake().await;
            if let Some((_, until)) = self.downs.iter().find(|(from, until)| (*from..*until).contains(&now)) {
                self.clock.set(*until);
                self.restart().await;
                continue;
            }
            self.clock.set(now);
            self.move_on().await;
            self.round(&mut last_poll).await;
        }
    }

    /// When the daemon would look again, as it decides it.
    async fn wake(&self) -> UnixTime {
        let now = self.clock.now();
        let look = self.store.next_look().await.expect("a look").unwrap_or(UnixTime::MAX);
        let planned = self.settings.poll.next_after(now).min(self.settings.follow_up.at.next_after(now));
        // What waits for the hours in which people may be reminded is looked at every half hour.
        planned.min(look.max(now + 30 * MINUTE))
    }

    async fn restart(&mut self) {
        self.store.close().await;
        self.store = Store::open(&self.url).await.expect("the store of before");
    }

    async fn round(&mut self, last_poll: &mut UnixTime) {
        let now = self.clock.now();
        let poll = self.settings.poll.latest_missed(now, Some(*last_poll));
        // The mailboxes are read at the polls, and before anybody is reminded.
        let read = poll.is_some() || self.context().may_remind();
        let sent = read && self.trade.send_ours(&self.store, now).await;
        if let Some(slot) = poll {
            let arrived = self.trade.arrive(&self.store, now).await;
            *last_poll = slot;
            self.settle().await;
            self.people.meet(&mut self.database, &self.settings, &arrived, &mut self.trade).await;
        } else if sent {
            self.settle().await;
        }
        let context = self.context();
        jobs::staff_mail(&context).await.expect("staff mail");
        if poll.is_some() {
            jobs::digest(&context).await.expect("a digest");
        }
        jobs::reminders(&context).await.expect("reminders");
        let asked = jobs::follow_ups(&context).await.expect("follow-ups");
        let mut sink = Sink::open(&self.settings.outbox.sink, &self.progress).expect("a sink");
        jobs::drain(&context, &mut sink, &CancellationToken::new()).await.expect("sent");
        if asked > 0 {
            self.people.follow_up(&mut self.database, &self.settings, &mut self.trade, now).await;
        }
    }

    async fn settle(&self) {
        let Office { settings, store, clock, progress, .. } = self;
        Intake { settings, store, clock, progress }.settle().await.expect("settled");
    }
}

/// A power cut of some hours each month, and a week in which nobody noticed.
fn downs(start: UnixTime, seed: u64) -> Vec<(UnixTime, UnixTime)> {
    let months = (0..12).map(|month| {
        let from = start + (month * 30 + 3 + i64::try_from(seed % 5).expect("small")) * DAY + 7 * HOUR;
        (from, from + (2 + month % 5) * HOUR)
    });
    months.chain([(start + 200 * DAY, start + 207 * DAY)]).collect()
}
