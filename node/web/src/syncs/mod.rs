//! Course systems over HTTP: the way to each, and who reads them when.

mod school;

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use polder_exchange::Node;
use polder_exchange::syncs::{SYNC_MILLISECONDS, Source};
use school::HttpSchool;

use crate::bearer::Bearer;

/// A course system, and the way to it.
#[derive(Clone, Debug)]
pub struct SyncFrom {
    /// What is read, for whom and how often.
    pub source: Source,
    /// What is shown to the school.
    pub shown: Shown,
    /// How people reach whoever runs this node, as the school reads with each request.
    pub contact: Option<String>,
    /// How requests are made.
    pub pace: Pace,
}

/// What is shown to whoever is asked.
#[derive(Clone, Debug, Default)]
pub enum Shown {
    /// Nothing: it is open to everyone.
    #[default]
    Nothing,
    /// `Authorization`, always the same.
    Always(HeaderValue),
    /// A token of its authorization server.
    Token(Arc<Bearer>),
}

/// How requests are made: one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The pause after each.
    pub pause: Duration,
    /// The time for one reply.
    pub patience: Duration,
    /// The wait before the second try of a request; each further one doubles it.
    pub first_wait: Duration,
    /// Tries of one request.
    pub tries: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { pause: Duration::from_millis(100), patience: Duration::from_secs(60), first_wait: Duration::from_secs(1), tries: 6 }
    }
}

/// Reads each course system whenever it is due, side by side.
pub(crate) async fn tend(node: Arc<Node>, from: Vec<SyncFrom>) {
    futures::future::join_all(from.iter().map(|from| tend_one(&node, from))).await;
}

async fn tend_one(node: &Node, from: &SyncFrom) {
    let school = match HttpSchool::new(from) {
        Ok(school) => school,
        Err(problem) => {
            tracing::error!(sync = from.source.name, problem, "a course system cannot be read");
            return;
        }
    };
    loop {
        if let Err(error) = node.sync_if_due(&from.source, &school).await {
            tracing::warn!(sync = from.source.name, %error, "a course system is read later");
        }
        tokio::time::sleep(Duration::from_millis(SYNC_MILLISECONDS)).await;
    }
}
