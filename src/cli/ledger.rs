//! `inquiryd buyers record | stage | add | edit | same | different | unmerge | questions`: what people know and decide.

use super::output::{Table, json_lines, printable, say};
use crate::buyer::{EventKind, SampleTerms, Stage, tag};
use crate::clock::{Clock, UnixTime};
use crate::store::Store;
use crate::store::buyers::BuyerRow;
use crate::store::ledger::{CardChange, NewEvent};
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::civil::Date;
use jiff::tz::TimeZone;

#[derive(Debug, Subcommand)]
pub enum Change {
    /// A contact by phone, fax, post, fair, visit or chat; a quote, sample, order or note. Counts wherever mail counts.
    Record {
        /// Number or mail address.
        buyer: String,
        /// phone, fax, post, fair, visit, chat, quote, sample_asked, sample_sent, sample_result, factory_visit,
        /// sample_order, trial_order, repeat_order or note; in Chinese, too (电话, 寄样, 试订单 …).
        #[arg(value_parser = parse_event)]
        what: EventKind,
        /// What was said, which courier number, how much.
        #[arg(default_value = "")]
        detail: String,
        /// How a sample was sent: free, courier_collect or tt (paid by transfer).
        #[arg(long, value_parser = parse_terms)]
        terms: Option<SampleTerms>,
        /// The day, e.g. 2026-11-20, if it wasn't now.
        #[arg(long)]
        on: Option<Date>,
        #[command(flatten)]
        who: Who,
    },
    /// Sets how far a buyer got, up or down; without a stage, accepts the one that his mails suggest.
    Stage {
        buyer: String,
        /// potential, intent, sample_asked, sample_sent, factory_visit, sample_order, trial_order, repeat_order or
        /// big_potential.
        #[arg(value_parser = parse_stage)]
        stage: Option<Stage>,
        #[command(flatten)]
        who: Who,
    },
    /// A buyer who came by another way than mail.
    Add {
        #[command(flatten)]
        card: Box<Card>,
        /// Where he comes from, e.g. "Canton Fair 138" or phone.
        #[arg(long)]
        source: String,
        #[command(flatten)]
        who: Who,
    },
    /// Changes what a buyer's card says.
    Edit {
        buyer: String,
        #[command(flatten)]
        card: Box<Card>,
        /// A tag that goes; may be given several times.
        #[arg(long, value_name = "TAG")]
        untag: Vec<String>,
        #[command(flatten)]
        who: Who,
    },
    /// Whether a new buyer is one we know: what nobody has decided yet.
    Questions {
        #[arg(long)]
        json: bool,
    },
    /// Two buyers are one: everything of the second becomes the first's. Can be undone.
    Same {
        /// Who stays.
        kept: String,
        /// Who turned out to be the same.
        gone: String,
        #[arg(long, default_value = "the same buyer")]
        why: String,
        #[command(flatten)]
        who: Who,
    },
    /// They are two: nobody asks again.
    Different {
        one: String,
        other: String,
        #[command(flatten)]
        who: Who,
    },
    /// Takes a merge back, by its number.
    Unmerge {
        merge: i64,
        #[command(flatten)]
        who: Who,
    },
}

/// Who says so.
#[derive(Debug, clap::Args)]
pub struct Who {
    /// Your name, for the ledger.
    #[arg(long, env = "USER", default_value = "somebody", hide_env = true)]
    pub by: String,
}

/// The day with which something ends, if it does.
#[derive(Clone, Copy, Debug)]
struct LastDay(Option<Date>);

/// Fields of a card.
#[derive(Debug, clap::Args)]
pub struct Card {
    #[arg(long)]
    name: Option<String>,
    #[arg(long)]
    company: Option<String>,
    /// Mail address; may be given several times.
    #[arg(long)]
    email: Vec<String>,
    /// Two letters, e.g. DE.
    #[arg(long, value_parser = parse_country)]
    country: Option<String>,
    #[arg(long)]
    phone: Option<String>,
    /// Who of us looks after him.
    #[arg(long)]
    owner: Option<String>,
    /// Two letters, e.g. de.
    #[arg(long)]
    language: Option<String>,
    /// Why we may send him newsletters, e.g. "asked for it at the fair".
    #[arg(long)]
    consent: Option<String>,
    /// The day on which he gave it, if it wasn't today.
    #[arg(long, value_name = "DAY", requires = "consent")]
    consent_on: Option<Date>,
    /// The last day on which it holds, e.g. 2028-10-31, or never.
    #[arg(long, value_name = "DAY", value_parser = parse_last_day)]
    consent_until: Option<LastDay>,
    #[arg(long)]
    notes: Option<String>,
    /// A word to find him by, e.g. vip or "canton 2026"; may be given several times.
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Vec<String>,
}

fn parse_event(word: &str) -> Result<EventKind, String> {
    let recorded = EventKind::parse(word).filter(|kind| EventKind::RECORDED.contains(kind));
    let known = || EventKind::RECORDED.map(EventKind::as_str).join(", ");
    recorded.ok_or_else(|| format!("one of: {}", known()))
}

fn parse_terms(word: &str) -> Result<SampleTerms, String> {
    SampleTerms::parse(word).ok_or_else(|| "one of: free, courier_collect, tt".to_owned())
}

fn parse_stage(word: &str) -> Result<Stage, String> {
    Stage::parse(word).ok_or_else(|| format!("one of: {}", Stage::ALL.map(Stage::as_str).join(", ")))
}

fn parse_last_day(word: &str) -> Result<LastDay, String> {
    let day = || word.parse().map_err(|_| "a day, e.g. 2028-10-31, or never".to_owned());
    Ok(LastDay(if word == "never" { None } else { Some(day()?) }))
}

fn parse_country(code: &str) -> Result<String, String> {
    let code = code.trim().to_uppercase();
    let fits = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    fits.then_some(code).ok_or_else(|| "two letters (ISO 3166), e.g. DE".to_owned())
}

/// Does it, and says what came of it.
pub async fn run(store: &Store, change: Change, zone: &TimeZone) -> Result<()> {
    let now = Clock::System.now();
    match change {
        Change::Record { buyer, what, detail, terms, on, who } => {
            let buyer = find(store, &buyer).await?;
            let at = on.map_or(Ok(now), |day| noon(day, zone))?.min(now);
            record(store, &buyer, what, &with_terms(what, &detail, terms)?, at, &who.by).await
        }
        Change::Stage { buyer, stage, who } => set_stage(store, &find(store, &buyer).await?, stage, &who.by, now).await,
        Change::Add { card, source, who } => {
            if card.name.is_none() && card.company.is_none() && card.email.is_empty() {
                bail!("a buyer needs a --name, a --company or an --email");
            }
            let emails = addresses(&card)?;
            for email in &emails {
                if let Some((known, _)) = store.buyer(email).await? {
                    bail!("{email} is buyer {}: `inquiryd buyers edit {}` changes his card", known.id, known.id);
                }
            }
            let id = store.add_buyer(&source, now).await?;
            edit(store, id, change_of(card, Vec::new(), zone, now)?, &emails, &who.by, now).await?;
            say!("buyer {id} added; `inquiryd buyers record {id} phone \"…\"` enters a contact")?;
            Ok(())
        }
        Change::Edit { buyer, card, untag, who } => {
            let buyer = find(store, &buyer).await?;
            let emails = addresses(&card)?;
            edit(store, buyer.id, change_of(card, untag, zone, now)?, &emails, &who.by, now).await?;
            say!("the card of buyer {} is changed", buyer.id)?;
            Ok(())
        }
        Change::Questions { json } => questions(store, json).await,
        Change::Same { kept, gone, why, who } => {
            let (kept, gone) = (number(store, &kept).await?, number(store, &gone).await?);
            let merge = store.merge(kept, gone, &why, &who.by, now).await?;
            say!("buyer {gone} is buyer {kept} now; `inquiryd buyers unmerge {merge}` takes it back")?;
            Ok(())
        }
        Change::Different { one, other, who } => {
            let (one, other) = (find(store, &one).await?, find(store, &other).await?);
            if !store.keep_apart(one.id, other.id, &who.by, now).await? {
                bail!("nobody asked whether buyers {} and {} are one", one.id, other.id);
            }
            say!("buyers {} and {} stay two", one.id, other.id)?;
            Ok(())
        }
        Change::Unmerge { merge, who } => {
            let (kept, gone) = store.unmerge(merge, &who.by, now).await?;
            say!("buyers {kept} and {gone} are two again")?;
            Ok(())
        }
    }
}

pub(super) async fn find(store: &Store, wanted: &str) -> Result<BuyerRow> {
    let found = store.buyer(wanted).await?;
    Ok(found.with_context(|| format!("no buyer is `{}`: `inquiryd buyers list` shows them", printable(wanted)))?.0)
}

/// The number of a buyer, as it was typed: a merge follows no other merge, so that a slip is told.
async fn number(store: &Store, wanted: &str) -> Result<i64> {
    match wanted.trim().trim_start_matches('#').parse() {
        Ok(number) => Ok(number),
        Err(_) => Ok(find(store, wanted).await?.id),
    }
}

/// The addresses given for a card.
fn addresses(card: &Card) -> Result<Vec<String>> {
    let emails: Vec<String> = card.email.iter().map(|email| email.trim().to_lowercase()).collect();
    match emails.iter().find(|email| !crate::buyer::is_address(email)) {
        Some(wrong) => bail!("`{}` is no mail address", printable(wrong)),
        None => Ok(emails),
    }
}

/// The middle of a day, so that it is that day in any zone nearby.
fn noon(day: Date, zone: &TimeZone) -> Result<UnixTime> {
    if day.year() < 1950 {
        bail!("{day} is before anybody's first contact");
    }
    Ok(day.at(12, 0, 0, 0).to_zoned(zone.clone()).context("that day has no noon here")?.timestamp().as_second())
}

fn with_terms(what: EventKind, detail: &str, terms: Option<SampleTerms>) -> Result<String> {
    match (what, terms) {
        (EventKind::SampleSent, None) => bail!("say how it was sent: --terms free, courier_collect or tt"),
        (EventKind::SampleSent, Some(terms)) => Ok(format!("{} {detail}", terms.as_str()).trim_end().to_owned()),
        (_, Some(_)) => bail!("--terms belongs to sample_sent alone"),
        (_, None) => Ok(detail.to_owned()),
    }
}

async fn record(store: &Store, buyer: &BuyerRow, what: EventKind, detail: &str, at: UnixTime, by: &str) -> Result<()> {
    let event = NewEvent { buyer_id: buyer.id, inquiry_id: None, at, what, detail, by_whom: Some(by) };
    let (before, after) = store.record_event(&event, Clock::System.now()).await?;
    let raised = if after == before { String::new() } else { format!("; stage: {}", after.as_str()) };
    say!("{} recorded for buyer {}{raised}", what.as_str(), buyer.id)?;
    Ok(())
}

async fn set_stage(store: &Store, buyer: &BuyerRow, stage: Option<Stage>, by: &str, now: UnixTime) -> Result<()> {
    let suggested = || buyer.stage_suggested.as_deref().and_then(Stage::parse);
    let stage = stage.or_else(suggested).context("his mails suggest no other stage; name one")?;
    store.set_stage(buyer.id, stage, by, now).await?;
    say!("buyer {} is at {} now", buyer.id, stage.as_str())?;
    Ok(())
}

fn change_of(card: Box<Card>, untag: Vec<String>, zone: &TimeZone, now: UnixTime) -> Result<CardChange> {
    let consent_at = card.consent_on.map(|day| noon(day, zone)).transpose()?;
    Ok(CardChange {
        name: card.name,
        company: card.company,
        country: card.country,
        phone: card.phone,
        owner: card.owner,
        language: card.language,
        consent: card.consent,
        consent_at: consent_at.map(|at| at.min(now)),
        consent_until: card.consent_until.map(|LastDay(day)| day),
        notes: card.notes,
        tags: card.tag,
        untag,
    })
}

async fn edit(store: &Store, id: i64, change: CardChange, emails: &[String], by: &str, now: UnixTime) -> Result<()> {
    for taken in store.change_card(id, &change, emails, by, now).await? {
        eprintln!("inquiryd: {taken} belongs to another buyer: `inquiryd buyers show {taken}`");
    }
    Ok(())
}

async fn questions(store: &Store, json: bool) -> Result<()> {
    let questions = store.open_questions().await?;
    if json {
        return json_lines(&questions);
    }
    let columns = [("NEW", 8), ("WHO", 32), ("MAY BE", 8), ("WHO", 32), ("BECAUSE OF", 16), ("INQUIRY", 8)];
    let mut table = Table::new(&columns);
    for question in &questions {
        let because = match question.likeness {
            0 => question.reason.clone(),
            likeness => format!("{} ({likeness} %)", question.reason),
        };
        table.row(vec![
            question.buyer_id.to_string(),
            question.buyer.clone(),
            question.candidate_id.to_string(),
            question.candidate.clone(),
            because,
            question.inquiry_id.map_or_else(|| "-".to_owned(), |id| format!("#{id}")),
        ]);
    }
    if table.is_empty() {
        say!("no open questions")?;
        return Ok(());
    }
    table.print()?;
    say!(
        "\n`inquiryd buyers same KNOWN NEW` makes one of them, `inquiryd buyers different KNOWN NEW` keeps them two."
    )?;
    Ok(())
}
