//! What the company has decided: TOML files become [`settings::Settings`], or a list of everything wrong with them.

pub mod problems;
pub mod reader;
pub mod settings;
mod source;
pub mod tree;
pub mod values;
