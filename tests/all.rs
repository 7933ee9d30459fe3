//! One binary for all integration tests: one build, one link.

mod imap_dovecot;
mod imap_faults;
mod mailbox_maildir;
mod support;
