//! The commands, as a person types them.

mod check;
mod customers;
mod decisions;
mod demo;
mod explain;
mod listings;
mod newsletters;
mod people;
mod reports;
