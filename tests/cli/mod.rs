//! The commands, as a person types them.

mod check;
mod demo;
mod explain;
mod listings;
