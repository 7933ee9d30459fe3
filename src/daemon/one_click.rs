//! The server that hears readers who leave by one click comes and goes with the configuration.

use super::Daemon;
use crate::letter::Notice;
use crate::one_click::Server;
use std::net::SocketAddr;

/// Whether readers who leave by one click are heard.
#[derive(Debug)]
pub(super) enum OneClick {
    Off,
    Heard(Server),
    /// Nobody could listen there: it is tried again each round, and was told.
    Unheard(SocketAddr),
}

impl Daemon {
    /// Hears readers who leave by one click, where the configuration says so and nowhere else.
    pub(super) async fn listen(&mut self) {
        let wanted = self.settings.newsletter.one_click.as_ref().map(|one_click| one_click.listen);
        let is_told = match std::mem::replace(&mut self.one_click, OneClick::Off) {
            OneClick::Heard(server) if wanted == Some(server.asked) => {
                self.one_click = OneClick::Heard(server);
                return;
            }
            OneClick::Heard(server) => {
                server.stop().await;
                false
            }
            OneClick::Unheard(at) => wanted == Some(at),
            OneClick::Off => false,
        };
        let Some(listen) = wanted else { return };
        match Server::start(listen, self.store.clone(), self.clock.clone(), self.secret.clone()).await {
            Ok(server) => {
                tracing::info!(%listen, "readers may leave the newsletters by one click");
                self.one_click = OneClick::Heard(server);
            }
            Err(error) => {
                self.one_click = OneClick::Unheard(listen);
                if !is_told {
                    self.note_unheard(&listen.to_string(), &error.to_string()).await;
                }
            }
        }
    }

    async fn note_unheard(&self, listen: &str, error: &str) {
        tracing::error!(listen, error, "nobody can listen there: readers can't leave the newsletters by one click");
        let key = format!("one click/{listen}/{}", self.clock.now() / (24 * 3600));
        if let Err(error) = self.context().notice(&key, &Notice::OneClick { listen, error }).await {
            tracing::error!(error = format!("{error:#}"), "the notice can't be recorded");
        }
    }
}
