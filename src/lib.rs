//! inquiryd reads an exporter's shared mailbox, grades each inquiry and keeps people on time by mail.
//!
//! The mail's way, in order; each room hands a value to the next and never looks back:
//!
//! ```text
//! mailbox -> message -> buyer -> grading -> intake -> (follow_up | report | newsletter) -> letter -> outbox
//! raw bytes  understood  matched  graded     recorded   decided                             rendered  sent
//! ```
//!
//! The *pure* rooms ([`message`], [`risk`], [`buyer`], [`grading`], [`backtest`], [`schedule`], [`follow_up`], [`report`],
//! [`newsletter`], [`letter`]) take values and return values: no clock, no SQL, no I/O. The *shell* rooms hold the
//! clock, the sockets and the files.

pub mod calendar;
pub mod clock;
pub mod domain;
pub mod language;
pub mod progress;
pub mod schedule;
pub mod text;
pub mod tls;
pub mod written;

pub mod message;

pub mod buyer;
pub mod risk;

pub mod grade;
pub mod grading;

pub mod backtest;

pub mod staff;

pub mod follow_up;
pub mod newsletter;
pub mod report;

pub mod letter;

pub mod config;

pub mod mailbox;
pub mod store;

pub mod intake;
pub mod one_click;
pub mod outbox;

pub mod jobs;

pub mod daemon;

pub mod cli;
