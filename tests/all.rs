//! One binary for all integration tests: one build, one link.
mod understanding;
