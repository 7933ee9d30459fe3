//! The stage that a buyer's mail speaks of.

use super::Stage;
use crate::message::{Facts, Message, Sample};

/// The stage that a mail suggests by its facts; rules may see further, and a person accepts it or not.
pub fn suggested_stage(message: &Message) -> Option<Stage> {
    match &message.facts {
        facts if facts.sample != Sample::None => Some(Stage::SampleAsked),
        Facts { products, quantity, .. } if !products.is_empty() || quantity.is_some() => Some(Stage::Intent),
        _ => None,
    }
}
