//! One binary for all integration tests: one build, one link.

mod campaign_kill;
mod cli;
mod config;
mod customers;
mod deploy;
mod grading;
mod imap_dovecot;
mod imap_faults;
mod kill;
mod letters;
mod mailbox_maildir;
mod outbox_dkim;
mod outbox_faults;
mod outbox_smtp;
mod real_loop;
mod render;
mod score;
mod servers;
mod service;
mod simulation;
mod store;
mod support;
mod understanding;
