//! The running service, as systemd and a person with `kill` see it.

mod daemon;
mod full_disk;
mod one_click;
mod systemd;
