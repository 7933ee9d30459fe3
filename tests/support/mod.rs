//! Servers and helpers for the tests.

pub mod dovecot;
pub mod imap_peer;
pub mod mailbox;
pub mod proxy;
pub mod raw_imap;
