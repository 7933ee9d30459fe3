//! Our people: they answer, forget, are away, and tell inquiryd what they did.

use super::trade::{Dice, Inquiry, Trade};
use super::{DAY, HOUR};
use crate::store::database::Database;
use inquiryd::clock::UnixTime;
use inquiryd::config::settings::Settings;

pub struct People {
    dice: Dice,
    /// What was asked up to here has been read.
    read_until: UnixTime,
}

const NAMES: [&str; 4] = ["amy", "leo", "mia", "tom"];

impl People {
    pub fn new(seed: u64) -> People {
        People { dice: Dice::new(seed + 100), read_until: 0 }
    }

    /// They decide what to do with new inquiries.
    pub async fn meet(&mut self, database: &mut Database, settings: &Settings, new: &[Inquiry], trade: &mut Trade) {
        let ids: Vec<String> = new.iter().map(|inquiry| inquiry.buyer.to_string()).collect();
        let sql = format!("SELECT id || '|' || COALESCE(owner, '') FROM buyer WHERE id IN ({})", ids.join(", "));
        let owners = database.texts(&sql).await;
        for inquiry in new {
            let own = |line: &&String| line.starts_with(&format!("{}|", inquiry.buyer));
            let owner = owners.iter().find(own).and_then(|line| line.split('|').nth(1));
            let name = NAMES.into_iter().find(|name| owner.is_some_and(|owner| owner.starts_with(name)));
            let now = settings.calendar.opening(inquiry.at);
            match self.dice.roll(100) {
                // Soon, or within the day, or late.
                0..70 => trade.plan_mail(now + self.dice.roll(6 * HOUR), inquiry.buyer, Some(inquiry.mail)),
                70..85 => trade.plan_mail(now + (20 + self.dice.roll(60)) * HOUR, inquiry.buyer, Some(inquiry.mail)),
                // By telephone, or it is none: told by the link of a digest.
                85..95 => {
                    let (at, name) = (now + self.dice.roll(20 * HOUR), name.unwrap_or("chen"));
                    let said = if self.dice.roll(2) == 0 { "called" } else { "not an inquiry" };
                    trade.plan_word(at, name, format!("#{} {said}", inquiry.id));
                }
                // Forgotten, until the manager decides, or for good.
                95..99 => {
                    let at = now + (3 + self.dice.roll(4)) * DAY;
                    trade.plan_word(at, "chen", format!("#{} exception a competitor", inquiry.id));
                }
                _ => {}
            }
        }
    }

    /// They read the day's lists, and follow up most of what these ask for.
    pub async fn follow_up(&mut self, database: &mut Database, settings: &Settings, trade: &mut Trade, now: UnixTime) {
        let sql = format!(
            "SELECT CAST(buyer_id AS TEXT) FROM follow_up WHERE asked_at >= {} ORDER BY buyer_id",
            self.read_until
        );
        let asked: Vec<i64> = database.texts(&sql).await.iter().map(|id| id.parse().expect("a number")).collect();
        self.read_until = now + 1;
        for buyer in asked {
            if self.dice.roll(10) < 7 {
                let at = settings.calendar.opening(now + self.dice.roll(DAY));
                trade.plan_mail(at, buyer, None);
            }
        }
    }
}
