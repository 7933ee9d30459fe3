//! Leaving the newsletters by one click (RFC 8058): a small HTTP server for a reverse proxy that speaks TLS.
//!
//! A POST takes the reader off the list at once. A GET never does: scanners open every link of a mail, so it shows a page with
//! a button that posts.

mod page;
mod server;
mod token;

pub use server::Server;
pub use token::link;
