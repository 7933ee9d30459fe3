//! The trade: buyers who write, and mail of ours, as rows that intake would make of them.

use super::{BUYERS, DAY, MINUTE};
use inquiryd::buyer::Buyer;
use inquiryd::clock::UnixTime;
use inquiryd::grade::Grade;
use inquiryd::mailbox::Cursor;
use inquiryd::staff::token;
use inquiryd::store::Store;
use inquiryd::store::intake::{Contact, InquiryRow, MailRow, NewBuyer, NewlyTaken, Next, Place, Questions, Rows};
use inquiryd::store::staff::StaffMail;

/// Numbers that look random and are the same each time (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        i64::try_from(number).expect("31 bits") % sides
    }
}

/// An inquiry that a buyer sent.
#[derive(Clone, Copy)]
pub struct Inquiry {
    pub id: i64,
    pub mail: i64,
    pub buyer: i64,
    pub at: UnixTime,
}

/// A contact between a buyer and us, for the proof.
#[derive(Clone, Copy)]
pub struct Touch {
    pub buyer: i64,
    pub at: UnixTime,
    /// When a poll showed it.
    pub known_at: UnixTime,
}

pub struct Trade {
    dice: Dice,
    secret: String,
    last_uid: u32,
    next_arrival: UnixTime,
    /// (when, buyer, mail it answers) of our own mail.
    ours: Vec<(UnixTime, i64, Option<i64>)>,
    /// (when, who, subject) of what our people tell inquiryd.
    told: Vec<(UnixTime, &'static str, String)>,
    pub touches: Vec<Touch>,
    pub inquiries: Vec<Inquiry>,
}

const COUNTRIES: [&str; 6] = ["US", "DE", "SA", "BR", "JP", "IL"];

fn place(folder: &str) -> Place {
    Place { account: "sales".to_owned(), folder: folder.to_owned() }
}

fn mail(id: i64, direction: &'static str, at: UnixTime, buyer_id: Option<i64>) -> MailRow {
    MailRow {
        id,
        identity: format!("{direction}:{id}"),
        position: format!("1/{id}"),
        direction,
        message_id: Some(format!("{id}@mail.example")),
        from_name: None,
        from_email: None,
        subject: format!("chairs {id}"),
        subject_key: String::new(),
        size: 1_000,
        received_at: at,
        kind: if direction == "in" { "inquiry" } else { "outgoing" },
        kind_reason: String::new(),
        automatic: false,
        history: false,
        buyer_id,
        quarantine: None,
    }
}

impl Trade {
    pub fn new(seed: u64, start: UnixTime, secret: &str) -> Trade {
        let dice = Dice::new(seed);
        let (ours, told, touches, inquiries) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Trade { dice, secret: secret.to_owned(), last_uid: 0, next_arrival: start, ours, told, touches, inquiries }
    }

    /// The buyers of before, graded by a person, last spoken to in the months before.
    pub async fn fill(&self, store: &Store) {
        let mut dice = Dice::new(77);
        let start = self.next_arrival;
        let buyer = |id: i64, dice: &mut Dice| {
            let at = start - DAY - dice.roll(40) * DAY;
            let buyer = Buyer {
                id,
                name: Some(format!("Buyer {id}")),
                email: Some(format!("buyer{id}@b{id}.example")),
                country: Some(COUNTRIES[usize::try_from(id % 6).expect("small")].to_owned()),
                phone: (id % 3 == 0).then(|| format!("+1202555{id:04}")),
                first_contact: at,
                last_contact: at,
                ..Buyer::default()
            };
            NewBuyer { buyer, source: "mail".to_owned() }
        };
        let fill = |_, next: &mut dyn FnMut(Next) -> i64| {
            let new_buyers = (0..BUYERS).map(|_| buyer(next(Next::Buyer), &mut dice)).collect();
            Rows { new_buyers, ..Rows::default() }
        };
        let taken = NewlyTaken::Files(Vec::new());
        store.record(&place("base"), (&taken, 0), &Questions::default(), start, fill).await.expect("recorded");
    }

    /// Buyers' mail up to now is recorded. Weekdays bring about 40 inquiries, weekends fewer.
    pub async fn arrive(&mut self, store: &Store, now: UnixTime) -> Vec<Inquiry> {
        let mut arrivals = Vec::new();
        while self.next_arrival < now {
            let buyer = 1 + self.dice.roll(i64::from(BUYERS));
            arrivals.push((self.next_arrival, buyer));
            self.next_arrival += 5 * MINUTE + self.dice.roll(62 * MINUTE);
        }
        let mut found = Vec::new();
        let made = |_, next: &mut dyn FnMut(Next) -> i64| {
            let mut rows = Rows::default();
            for (at, buyer) in &arrivals {
                let (mail_id, id) = (next(Next::Mail), next(Next::Inquiry));
                found.push(Inquiry { id, mail: mail_id, buyer: *buyer, at: *at });
                rows.mails.push(mail(mail_id, "in", *at, Some(*buyer)));
                rows.inquiries.push(inquiry(id, mail_id, *buyer));
                let contact = Contact { inquiries: 1, heard: true, ..Contact::at(*buyer, *at) };
                match rows.contacts.iter_mut().find(|other| other.buyer_id == *buyer) {
                    Some(other) => other.add(contact),
                    None => rows.contacts.push(contact),
                }
            }
            rows
        };
        self.record(store, "INBOX", arrivals.len(), now, made).await;
        self.touches.extend(found.iter().map(|inquiry| Touch { buyer: inquiry.buyer, at: inquiry.at, known_at: now }));
        self.inquiries.extend(&found);
        found
    }

    /// Our people will have written to this buyer then, in answer to the mail with this number, if to one.
    pub fn plan_mail(&mut self, at: UnixTime, buyer: i64, answers: Option<i64>) {
        self.ours.push((at, buyer, answers));
    }

    /// Somebody will have told inquiryd something by then.
    pub fn plan_word(&mut self, at: UnixTime, who: &'static str, subject: String) {
        self.told.push((at, who, subject));
    }

    /// Our own mail up to now is recorded, from Sent, with what our people told inquiryd.
    /// Returns whether there was any.
    pub async fn send_ours(&mut self, store: &Store, now: UnixTime) -> bool {
        let (due, later) = self.ours.drain(..).partition(|(at, ..)| *at <= now);
        self.ours = later;
        let due: Vec<(UnixTime, i64, Option<i64>)> = due;
        let (words, later) = self.told.drain(..).partition(|(at, ..)| *at <= now);
        self.told = later;
        let words: Vec<(UnixTime, &'static str, String)> = words;
        if due.is_empty() && words.is_empty() {
            return false;
        }
        let secret = self.secret.clone();
        let made = |_, next: &mut dyn FnMut(Next) -> i64| {
            let mut rows = Rows::default();
            for (at, buyer, answers) in &due {
                let id = next(Next::Mail);
                rows.mails.push(mail(id, "out", *at, Some(*buyer)));
                rows.references.extend(answers.map(|mail| (format!("{mail}@mail.example"), id)));
                let contact = Contact::at(*buyer, *at);
                match rows.contacts.iter_mut().find(|other| other.buyer_id == *buyer) {
                    Some(other) => other.add(contact),
                    None => rows.contacts.push(contact),
                }
            }
            for (at, who, subject) in &words {
                let mail_id = next(Next::Mail);
                rows.mails.push(MailRow { kind: "command", ..mail(mail_id, "in", *at, None) });
                let sender = format!("{who}@haiyue.example");
                let matter = subject.split(' ').next().expect("a matter");
                // As the link of a digest has it.
                let token = token::token(&secret, &sender, matter, *at);
                rows.staff_mails.push(StaffMail {
                    mail_id,
                    sender,
                    subject: format!("{subject} [{token}]"),
                    text: String::new(),
                    whole_text: String::new(),
                    referred: "[]".to_owned(),
                    failed: None,
                });
            }
            rows
        };
        let shown = due.len() + words.len();
        self.record(store, "Sent", shown, now, made).await;
        self.touches.extend(due.iter().map(|(at, buyer, _)| Touch { buyer: *buyer, at: *at, known_at: now }));
        true
    }

    async fn record(
        &mut self,
        store: &Store,
        folder: &str,
        shown: usize,
        now: UnixTime,
        rows: impl FnOnce(inquiryd::store::intake::Answers, &mut dyn FnMut(Next) -> i64) -> Rows,
    ) {
        self.last_uid += u32::try_from(shown).expect("few");
        let taken = NewlyTaken::UpTo(Cursor { uid_validity: 1, last_uid: self.last_uid });
        store.record(&place(folder), (&taken, shown), &Questions::default(), now, rows).await.expect("recorded");
    }
}

fn inquiry(id: i64, mail_id: i64, buyer_id: i64) -> InquiryRow {
    InquiryRow {
        id,
        mail_id,
        buyer_id,
        known: true,
        matched_by: Some("address"),
        relay: None,
        language: Some("en".to_owned()),
        text: "600 chairs".to_owned(),
        facts: r#"{"products":[],"quantity":null,"target_price":null,"incoterm":null,"port":null,"sample":"none","certificates":[],"phones":[],"websites":[]}"#
            .to_owned(),
        grade: grade_of(buyer_id).as_str(),
        score: 0,
        reasons: "[]".to_owned(),
        risks: "[]".to_owned(),
        attachments: "[]".to_owned(),
        writer: "{}".to_owned(),
        past: String::new(),
        excuse: None,
    }
}

/// One buyer in ten is an A, two are a B, three a C.
pub fn grade_of(buyer: i64) -> Grade {
    match buyer % 10 {
        0 => Grade::A,
        1 | 2 => Grade::B,
        3..=5 => Grade::C,
        _ => Grade::D,
    }
}

pub fn country_of(buyer: i64) -> &'static str {
    COUNTRIES[usize::try_from(buyer % 6).expect("small")]
}
