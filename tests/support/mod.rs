//! What several tests need.

pub mod dovecot;
pub mod imap_peer;
pub mod mailbox;
pub mod proxy;
pub mod raw_imap;
pub mod servers;
pub mod site;
pub mod smtp_peer;
pub mod systemd;
