//! systemd as a service sees it.

use super::site::{Site, wait_for};
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

/// Stands in for systemd: the socket that `sd_notify` writes to.
pub struct Systemd {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Systemd {
    pub fn listen(site: &Site) -> Systemd {
        let path = site.path("notify");
        let socket = UnixDatagram::bind(&path).expect("a socket");
        socket.set_nonblocking(true).expect("a socket");
        Systemd { socket, path }
    }

    /// For a site that had one before.
    pub fn listen_anew(site: &Site) -> Systemd {
        let _ = fs::remove_file(site.path("notify"));
        Systemd::listen(site)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was said since the last look.
    pub fn heard(&self) -> Vec<String> {
        let mut heard = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(length) = self.socket.recv(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            heard.extend(text.lines().map(str::to_owned));
        }
        heard
    }

    /// Everything said up to the first line that begins so.
    pub fn hears(&self, start: &str) -> Vec<String> {
        let mut all = Vec::new();
        wait_for(&format!("{start} on the notify socket"), || {
            all.extend(self.heard());
            all.iter().any(|line| line.starts_with(start)).then_some(())
        });
        all
    }
}
