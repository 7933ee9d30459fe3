//! What we knew of a writer before his mail.

use super::{Buyer, Stage};
use crate::clock::UnixTime;
use crate::grade::Grade;
use serde::{Deserialize, Serialize};

/// A known buyer at the moment before his mail came: what rules on his history ask for, kept with the inquiry so that a
/// backtest grades it as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// What people call him: company, else name, else address.
    pub called: String,
    pub stage: Stage,
    pub grade: Option<Grade>,
    /// Inquiries and replies before this one.
    pub inquiries: i64,
    pub first_contact: UnixTime,
    pub last_contact: UnixTime,
}

impl Past {
    pub fn of(buyer: &Buyer) -> Self {
        let called = buyer.company.as_ref().or(buyer.name.as_ref()).or(buyer.email.as_ref());
        Past {
            called: called.cloned().unwrap_or_default(),
            stage: buyer.stage,
            grade: buyer.grade,
            inquiries: buyer.inquiries,
            first_contact: buyer.first_contact,
            last_contact: buyer.last_contact,
        }
    }
}
