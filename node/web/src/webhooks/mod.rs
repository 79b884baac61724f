//! Webhooks: systems of this partner are told of events unasked, each in the order in which they happened, until it has taken them.
//!
//! - `hosts` says where they may lead;
//! - `call` makes one call, `sign` shows who makes it;
//! - here events are told, again and again with growing pauses, by one of several replicas. What came of it is in the database before the next one is
//!   told: after a crash one event may be told twice, with the same id.

mod call;
mod hosts;
mod sign;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use polder_exchange::{Node, OPERATOR};
use polder_store::StoreError;
use polder_store::events::FeedRow;
use polder_store::webhooks::{Came, Tried, Webhook, WebhookId};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

use crate::client::auth::Caller;
use crate::feed::{self, Item};
use crate::oauth::OAuth;
use call::{Called, Calls, Message, Outcome};
pub use hosts::WebhookHosts;
use sign::Secret;

/// How often is looked whether there is something to tell.
const LOOK: Duration = Duration::from_secs(1);
/// Webhooks that are told at the same time.
const AT_ONCE: usize = 32;
/// Events that are read at a time.
const PAGE: u32 = 100;
/// The first pause after a call that failed, and the longest, in seconds.
const FIRST_PAUSE: i64 = 2;
const LONGEST_PAUSE: i64 = 3_600;
/// After so long without a call that succeeded nothing is tried any more, in seconds.
pub(crate) const PATIENT_SECONDS: i64 = 5 * 86_400;
/// After how long is looked again whether a client is in force, in seconds.
const REST: i64 = 60;
/// Calls to try a webhook out that may be on their way at the same time.
const TESTS_AT_ONCE: usize = 4;

/// What tells systems of events.
pub(crate) struct Webhooks {
    node: Arc<Node>,
    oauth: OAuth,
    calls: Calls,
    /// Whether this replica tells.
    tells: AtomicBool,
    tests: tokio::sync::Semaphore,
}

/// What came of trying a webhook out.
pub(crate) struct Test {
    /// Whether it took it.
    pub took: bool,
    /// What it answered, or why it did not.
    pub outcome: String,
}

impl Webhooks {
    pub(crate) fn new(node: Arc<Node>, oauth: OAuth, hosts: WebhookHosts) -> Self {
        let tests = tokio::sync::Semaphore::new(TESTS_AT_ONCE);
        Self { node, oauth, calls: Calls::new(hosts), tells: AtomicBool::new(false), tests }
    }

    /// Where webhooks may lead.
    pub(crate) fn hosts(&self) -> &WebhookHosts {
        self.calls.hosts()
    }

    /// The words for what may come of a call, beside the number of a status.
    pub(crate) fn outcomes() -> [&'static str; 5] {
        Outcome::WORDS
    }

    /// The secret that signs what a webhook is told, as its receiver is to keep it.
    pub(crate) fn secret(&self, webhook: &Webhook) -> String {
        Secret::shown(&self.oauth, webhook)
    }

    /// Tells systems of events until the node stops.
    pub(crate) async fn deliver(self: Arc<Self>, mut stopping: watch::Receiver<bool>) {
        let (mut going, mut whose) = (JoinSet::new(), HashMap::<Id, WebhookId>::new());
        let mut clock = tokio::time::interval(LOOK);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // What is on its way is given up, and told again after the next start.
                _ = stopping.wait_for(|stopping| *stopping) => return,
                Some(ended) = going.join_next_with_id() => {
                    let id = ended.map_or_else(|failed| failed.id(), |(id, ())| id);
                    whose.remove(&id);
                    continue;
                }
                _ = clock.tick() => {}
            }
            match self.due().await {
                Ok(due) => {
                    for webhook in due {
                        if going.len() < AT_ONCE && !whose.values().any(|busy| *busy == webhook.id) {
                            let (id, this) = (webhook.id.clone(), Arc::clone(&self));
                            whose.insert(going.spawn(async move { this.tell(webhook).await }).id(), id);
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "systems are told of events later"),
            }
        }
    }

    async fn due(&self) -> Result<Vec<Webhook>, StoreError> {
        let due = self.node.store().webhooks_due(self.node.now()).await?;
        // The lease is asked for where there is something to do.
        let tells = !due.is_empty() && self.node.tells_of_events().await?;
        self.tells.store(tells, Ordering::Relaxed);
        Ok(if tells { due } else { Vec::new() })
    }

    async fn tell(&self, webhook: Webhook) {
        let id = webhook.id.clone();
        if let Err(error) = self.tell_all(webhook).await {
            tracing::warn!(webhook = %id, %error, "a webhook is told later");
        }
    }

    /// Tells a webhook of all that is there for it, until it does not take something.
    async fn tell_all(&self, mut webhook: Webhook) -> Result<(), StoreError> {
        let mut position = webhook.position;
        loop {
            let rows = self.node.store().feed(position, PAGE).await?;
            let mut is_noted = true;
            for row in &rows {
                if !self.tells.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let Some(caller) = self.caller(&webhook.client).await? else {
                    return self.note(&webhook, Came::Rests { next_at: self.node.now().plus_seconds(REST) }).await.map(drop);
                };
                position = row.change;
                is_noted = webhook.types.is_empty() || webhook.types.contains(&row.event_type());
                is_noted = is_noted && feed::sees(&caller, row);
                if is_noted && !self.tell_one(&webhook, row).await? {
                    return Ok(());
                }
            }
            if rows.is_empty() || !is_noted && !self.note(&webhook, Came::Passed { position }).await? {
                return Ok(());
            }
            // It may have another secret by now.
            let Some(now) = self.node.store().webhook(&webhook.client, &webhook.id).await? else { return Ok(()) };
            if now.replayed != webhook.replayed {
                return Ok(());
            }
            webhook = now;
        }
    }

    /// Tells a webhook of one event. Whether it took it, and the next one may be told.
    async fn tell_one(&self, webhook: &Webhook, row: &FeedRow) -> Result<bool, StoreError> {
        let item = Item::of(row);
        let body = serde_json::to_vec(&item).unwrap_or_default();
        let Called { outcome, wait } = self.call(webhook, item.id.clone(), body).await;
        if outcome.took() {
            return self.note(webhook, Came::Took { position: row.change, event: item.id, outcome: outcome.word() }).await;
        }
        let now = self.node.now();
        // As it stands by now: it may have taken something since it was read.
        let stands = self.node.store().webhook(&webhook.client, &webhook.id).await?;
        let (failures, since) = stands.map_or((0, None), |stands| (stands.failures, stands.failing_since));
        let is_over = outcome.is_gone() || since.is_some_and(|since| since.plus_seconds(PATIENT_SECONDS) <= now);
        if is_over {
            tracing::warn!(webhook = %webhook.id, client = webhook.client, outcome = outcome.word(), "a webhook is told nothing any more");
        }
        let next_at = (!is_over).then(|| now.plus_seconds(pause(failures, wait)));
        self.note(webhook, Came::Failed { outcome: outcome.word(), next_at }).await?;
        Ok(false)
    }

    async fn note(&self, webhook: &Webhook, came: Came) -> Result<bool, StoreError> {
        let tried = Tried { id: webhook.id.clone(), replayed: webhook.replayed, came, now: self.node.now() };
        self.node.store().note_tried(tried).await
    }

    /// Whose webhook it is, with what they may do now; `None` where they are not in force.
    async fn caller(&self, client: &str) -> Result<Option<Caller>, StoreError> {
        if client == OPERATOR {
            return Ok(Some(Caller::Operator));
        }
        Ok(self.oauth.approved(client).await?.filter(|client| client.may(crate::client::scope::Scope::Webhooks)).map(Caller::System))
    }

    async fn call(&self, webhook: &Webhook, id: String, body: Vec<u8>) -> Called {
        let now = self.node.now();
        let signature = sign::signature(&Secret::now(&self.oauth, webhook, now), &id, now.seconds(), &body);
        self.calls.call(&webhook.url, Message { id, seconds: now.seconds(), signature, body: body.into() }).await
    }

    /// Sends a webhook an event that says nothing, to try it out; `None` where too many are tried out.
    pub(crate) async fn test(&self, webhook: &Webhook) -> Option<Test> {
        let _place = self.tests.try_acquire().ok()?;
        let id = format!("test-{}", uuid::Uuid::new_v4().simple());
        let body = json!({"id": id, "type": TEST, "at": self.node.now()});
        let outcome = self.call(webhook, id, body.to_string().into_bytes()).await.outcome;
        Some(Test { took: outcome.took(), outcome: outcome.word() })
    }
}

/// The type of an event that is sent to try a webhook out.
pub(crate) const TEST: &str = "test";

/// For how long is waited after so many failures in a row: each time twice as long, a fifth more or less, and no shorter than the receiver says.
fn pause(failures: u64, wait: Option<Duration>) -> i64 {
    let doubled = FIRST_PAUSE.checked_shl(u32::try_from(failures).unwrap_or(u32::MAX).min(20)).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
    let fifth = doubled / 5;
    let drift = if fifth > 0 {
        i64::try_from(uuid::Uuid::new_v4().as_u128() % (2 * fifth.unsigned_abs() as u128 + 1)).unwrap_or(0) - fifth
    } else {
        0
    };
    let wait = wait.map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(LONGEST_PAUSE));
    (doubled + drift).clamp(FIRST_PAUSE, LONGEST_PAUSE).max(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        for (failures, doubled) in [(0, 2), (1, 4), (5, 64), (10, 2_048), (11, 3_600), (12, 3_600), (200, 3_600), (u64::MAX, 3_600)] {
            for _ in 0..50 {
                let pause = pause(failures, None);
                assert!(
                    (doubled * 4 / 5..=doubled * 6 / 5).contains(&pause) && (FIRST_PAUSE..=LONGEST_PAUSE).contains(&pause),
                    "{failures}: {pause}"
                );
            }
        }
        assert_eq!(pause(0, Some(Duration::from_secs(900))), 900, "as long as the receiver says");
        assert!(pause(20, Some(Duration::from_secs(1))) >= 2_880, "and no shorter than it would be");
    }
}
