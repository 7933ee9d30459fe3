//! One binary for all integration tests: one build, one link.

mod servers;
mod letters;
mod outbox_faults;
mod support;
