//! The server that hears readers who leave by one click comes and goes with the configuration.

use super::Daemon;
use crate::letter::Notice;
use crate::one_click::Server;

impl Daemon {
    /// Hears readers who leave by one click, where the configuration says so and nowhere else.
    pub(super) async fn listen(&mut self) {
        let wanted = self.settings.newsletter.one_click.as_ref().map(|one_click| one_click.listen);
        if self.one_click.as_ref().map(|server| server.asked) == wanted {
            return;
        }
        self.one_click = None;
        let Some(listen) = wanted else { return };
        match Server::start(listen, self.store.clone(), self.clock.clone(), self.secret.clone()).await {
            Ok(server) => {
                tracing::info!(%listen, "readers may leave the newsletters by one click");
                self.one_click = Some(server);
            }
            Err(error) => {
                tracing::error!(%listen, %error, "nobody can listen there: readers can't leave the newsletters by one click");
                let (listen, error) = (listen.to_string(), error.to_string());
                let notice = Notice::OneClick { listen: &listen, error: &error };
                let key = format!("one click/{listen}/{}", self.clock.now() / (24 * 3600));
                if let Err(error) = self.context().notice(&key, &notice).await {
                    tracing::error!(error = format!("{error:#}"), "the notice can't be recorded");
                }
            }
        }
    }
}
