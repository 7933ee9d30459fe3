//! One binary for all integration tests: one build, one link.

mod config;
mod letters;
mod outbox_faults;
mod servers;
mod support;
