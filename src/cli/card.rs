//! `inquiryd buyers show`: everything about one buyer.

use super::inquiries::list as list_inquiries;
use super::output::{Table, instant, json_lines, printable, say};
use crate::clock::{Clock, UnixTime};
use crate::message::Facts;
use crate::store::Store;
use crate::store::buyers::BuyerRow;
use crate::store::inquiries::{InquiryDetails, InquiryFilter};
use crate::store::ledger::EventRow;
use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use serde::Serialize;

/// Inquiries that a card lists.
const INQUIRIES: i64 = 100;

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    buyer: &'a BuyerRow,
    addresses: &'a [String],
    suppressed: bool,
    /// What he asked for, the newest first.
    products: Vec<String>,
    events: &'a [EventRow],
    inquiries: &'a [InquiryDetails],
}

/// Shows the card of a buyer named by number or address.
pub async fn show(store: &Store, wanted: &str, json: bool, zone: &TimeZone) -> Result<()> {
    let (buyer, addresses) =
        store.buyer(wanted).await?.with_context(|| format!("no buyer is `{}`", printable(wanted)))?;
    let events = store.events(buyer.id).await?;
    let filter = InquiryFilter { buyer_id: Some(buyer.id), ..InquiryFilter::default() };
    let inquiries = store.inquiries(filter, INQUIRIES).await?;
    let suppressed = store.is_suppressed(buyer.email.as_deref().unwrap_or_default()).await?;
    let products = products(&inquiries);
    if json {
        let (addresses, events, inquiries) = (&addresses, &events, &inquiries);
        return json_lines([Whole { buyer: &buyer, addresses, suppressed, products, events, inquiries }]);
    }
    print(&buyer, &addresses, suppressed, &products, zone)?;
    say!()?;
    list_inquiries(&inquiries, zone)?;
    if !events.is_empty() {
        say!()?;
        ledger(&events, zone)?;
    }
    Ok(())
}

fn print(
    buyer: &BuyerRow,
    addresses: &[String],
    suppressed: bool,
    products: &[String],
    zone: &TimeZone,
) -> std::io::Result<()> {
    let field = |name: &str, value: &str| match value {
        "" => Ok(()),
        value => say!("{name:<14}{}", printable(value)),
    };
    let some = |value: &Option<String>| value.clone().unwrap_or_default();
    let grade = match (&buyer.grade, &buyer.graded_by) {
        (Some(grade), Some(by)) => format!("{grade} (by {by})"),
        (grade, _) => some(grade),
    };
    let stage = match &buyer.stage_suggested {
        Some(suggested) => {
            format!("{} (his mails suggest {suggested}: `inquiryd buyers stage {}`)", buyer.stage, buyer.id)
        }
        None => buyer.stage.clone(),
    };
    field("number", &buyer.id.to_string())?;
    field("name", &some(&buyer.name))?;
    field("company", &some(&buyer.company))?;
    field("country", &some(&buyer.country))?;
    field("language", &some(&buyer.language))?;
    field("phone", &some(&buyer.phone))?;
    field("grade", &grade)?;
    field("stage", &stage)?;
    field("owner", &some(&buyer.owner))?;
    field("addresses", &addresses.join(", "))?;
    field("source", &buyer.source)?;
    field("tags", &buyer.tags.joined())?;
    field("consent", &consent(buyer, zone))?;
    field("asked for", &products.join(", "))?;
    field("notes", &buyer.notes)?;
    field("first contact", &instant(Some(buyer.first_contact), zone))?;
    field("last contact", &instant(Some(buyer.last_contact), zone))?;
    let never = if suppressed { "never: unsubscribed, or the address bounced" } else { "" };
    field("newsletters", never)
}

/// `fair form 2026 (given 2026-11-27, until 2028-10-31)`
fn consent(buyer: &BuyerRow, zone: &TimeZone) -> String {
    let given = buyer.consent_at.map(|at| format!("given {}", civil_date(at, zone)));
    let until = buyer.consent_until.as_ref().map(|day| {
        // Days of this form compare as they come.
        let has_ended = *day < civil_date(Clock::System.now(), zone);
        format!("until {day}{}", if has_ended { ": has ended" } else { "" })
    });
    let days = [given, until].into_iter().flatten().collect::<Vec<_>>().join(", ");
    match &buyer.consent {
        Some(consent) if days.is_empty() => consent.clone(),
        Some(consent) => format!("{consent} ({days})"),
        None => String::new(),
    }
}

/// The day by the company's clock, `2028-10-31`.
fn civil_date(at: UnixTime, zone: &TimeZone) -> String {
    jiff::Timestamp::from_second(at).unwrap_or_default().to_zoned(zone.clone()).date().to_string()
}

/// What the inquiries name, each once, the newest first.
fn products(inquiries: &[InquiryDetails]) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    let facts = inquiries.iter().filter_map(|inquiry| serde_json::from_str::<Facts>(&inquiry.facts).ok());
    for product in facts.flat_map(|facts| facts.products) {
        if named.iter().all(|known| !known.eq_ignore_ascii_case(&product)) {
            named.push(product);
        }
    }
    named
}

fn ledger(events: &[EventRow], zone: &TimeZone) -> Result<()> {
    let mut table = Table::new(&[("WHEN", 16), ("WHAT", 14), ("BY", 16), ("DETAIL", 72)]);
    for event in events {
        let by = event.by_whom.clone().unwrap_or_default();
        table.row(vec![instant(Some(event.at), zone), event.what.clone(), by, event.detail.clone()]);
    }
    Ok(table.print()?)
}
