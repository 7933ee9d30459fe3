//! `inquiryd run`

use super::{Configured, owner};
use crate::clock::Clock;
use crate::daemon::Daemon;
use crate::store::Store;
use anyhow::Result;

/// Runs the service until it is told to stop.
pub async fn run(config: &Configured) -> Result<()> {
    let loaded = config.load()?;
    for remark in loaded.remarks.iter() {
        tracing::warn!("{remark}");
    }
    let store = Store::open(&loaded.settings.store_url).await?;
    let _hold = store.hold().await?;
    let (path, environment) = (config.path.clone(), config.environment.clone());
    Daemon::new(path, environment, loaded.settings, store, Clock::System, owner()).await?.run().await
}
