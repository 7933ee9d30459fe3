//! What reports count: each number is one of these queries, or a sum over their rows.

mod buyers;
mod deeds;
mod received;

pub use buyers::BuyerList;

use crate::clock::UnixTime;

/// Whose buyers a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Everybody,
    /// Those of these owners, as cards name them.
    Owners(Vec<String>),
}

/// Restricts a query to the buyers `b` of a scope.
macro_rules! push_scope {
    ($query:expr, $scope:expr) => {
        if let $crate::store::reports::Scope::Owners(owners) = $scope {
            // No owner at all has no buyers.
            $query.push(" AND b.owner IN (NULL");
            for owner in owners {
                $query.push(", ").push_bind(owner.clone());
            }
            $query.push(")");
        }
    };
}

use push_scope;

/// A buyer as lists name him: company, else person, else address.
const BUYER: &str = "COALESCE(b.company, b.name, b.email, '') AS buyer";

/// Entries of a ledger by which a buyer ordered, as SQL lists them.
const ORDERS: &str = "('sample_order', 'trial_order', 'repeat_order')";

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn grade(letter: Option<&str>) -> Option<crate::grade::Grade> {
    letter.and_then(crate::grade::Grade::from_letter)
}

/// Products of an inquiry's facts, and what it should cost.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    products: Vec<String>,
    target_price: Option<String>,
}

impl Asked {
    fn parse(facts: &str) -> Asked {
        serde_json::from_str(facts).unwrap_or_default()
    }
}

/// Silent for so long is dormant: seconds.
pub const DORMANT: UnixTime = 90 * 24 * 3600;
