//! The Dovecot that `./tests/run` starts.

use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: start the tests with ./tests/run"))
}

fn port(name: &str) -> u16 {
    variable(name).parse().unwrap_or_else(|_| panic!("{name} is no port"))
}

pub fn imap_port() -> u16 {
    port("INQUIRYD_TEST_IMAP_PORT")
}

pub fn imaps_port() -> u16 {
    port("INQUIRYD_TEST_IMAPS_PORT")
}

/// The authority of its certificate.
pub fn ca_file() -> PathBuf {
    variable("INQUIRYD_TEST_CA").into()
}

/// A user nobody used before, with an empty mailbox; the password is `test`.
pub fn fresh_user(name: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{name}-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
