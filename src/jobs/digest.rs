//! The digest after a poll.

use super::Context;
use crate::letter::{self, What};
use anyhow::Result;

/// Plans a digest to the team if there is something to say. Returns its number.
pub async fn digest(context: &Context<'_>) -> Result<Option<i64>> {
    let company = &context.settings.company.name;
    let team = &context.settings.team.members;
    let render = |id: i64, digest: &_| {
        let letter = letter::digest(digest, &context.look());
        context.one_for_each(What::Digest, &id.to_string(), &letter, team)
    };
    let planned = context.store.plan_digest(company, context.now(), render).await?;
    if let Some(id) = planned {
        tracing::info!(digest = id, recipients = team.len(), "digest planned");
        context.progress.step();
    }
    Ok(planned)
}
