//! The commands, as a person types them.

mod check;
mod customers;
mod demo;
mod explain;
mod listings;
