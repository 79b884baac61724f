//! How the webhooks of a system go: what does not work first.

use polder_model::Timestamp;
use polder_store::Store;
use polder_store::webhooks::Webhook;
use serde::Serialize;

use crate::client::webhooks::WebhookState;
use crate::pages::{PageError, bounded};

/// Webhooks of one system that are shown.
const SHOWN: usize = 3;

/// The webhooks of a system.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhooks {
    shown: Vec<Shown>,
    /// How many more there are.
    more: usize,
}

#[derive(Serialize)]
struct Shown {
    /// The host that is told: more of an address can be a secret.
    host: String,
    state: WebhookState,
    /// Since when it fails, or is disabled; when it last took something, where it works.
    moment: Option<Timestamp>,
    /// What came of the last try: the number of a status, or a word.
    outcome: String,
    /// Whether it is a number.
    answered: bool,
}

/// The webhooks of a system.
pub(super) async fn of(store: &Store, client: &str) -> Result<Webhooks, PageError> {
    let mut all = store.webhooks_of(client).await?;
    all.sort_by_key(|webhook| std::cmp::Reverse((webhook.disabled_at.is_some(), webhook.failures > 0)));
    let more = all.len().saturating_sub(SHOWN);
    Ok(Webhooks { shown: all.into_iter().take(SHOWN).map(shown).collect(), more })
}

fn shown(webhook: Webhook) -> Shown {
    let host = webhook.url.split('/').nth(2).unwrap_or_default();
    Shown {
        host: bounded::short(host),
        state: WebhookState::of(&webhook),
        moment: webhook.disabled_at.or(webhook.failing_since).or(webhook.tried_at),
        answered: webhook.outcome.bytes().all(|byte| byte.is_ascii_digit()),
        outcome: webhook.outcome,
    }
}
