//! Fraud signs: an axis of their own, never netted against the score. Pure.

use serde::Serialize;

/// One sign of fraud with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Risk {
    /// Machine name, e.g. "lookalike_domain".
    pub risk: &'static str,
    /// The evidence for people, e.g. "kestrel-leisvre.co.uk looks like kestrel-leisure.co.uk".
    pub detail: String,
}
