//! One binary for all integration tests: one build, one link.

mod config;
mod deploy;
mod grading;
mod imap_dovecot;
mod imap_faults;
mod letters;
mod mailbox_maildir;
mod outbox_faults;
mod outbox_smtp;
mod servers;
mod store;
mod support;
mod understanding;
