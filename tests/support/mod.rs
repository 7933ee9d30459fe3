//! What several tests need.

pub mod servers;
pub mod smtp_peer;
