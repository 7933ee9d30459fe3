//! What the configuration says.

pub mod source;
