//! TOML as a person wrote it: every value keeps its file and line, and every mistake is noted instead of the first. Pure.

pub mod problems;
pub mod reader;
pub mod tree;
pub mod values;
