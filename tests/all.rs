//! One binary for all integration tests: one build, one link.

mod config;
mod letters;
mod outbox_faults;
mod outbox_smtp;
mod servers;
mod support;
