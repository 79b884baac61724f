//! What the pages for whoever looks after the node show of it beside what its store says.

use std::sync::Arc;
use std::time::Instant;

use crate::client::auth::ClientId;
use crate::limits::Limits;
use crate::peer::client::HttpPeers;
use crate::quota::Callers;

/// What is looked at.
pub(crate) struct Watched {
    /// Calls at partners.
    pub peers: Arc<HttpPeers>,
    /// The systems of this partner, and programs of workers.
    pub clients: Arc<Callers<ClientId>>,
    /// How much the node takes.
    pub limits: Limits,
    /// Whether the client port itself does TLS.
    pub own_tls: bool,
    /// Whether one person may both propose and approve a system.
    pub one_person: bool,
    /// Since when the node runs.
    pub since: Instant,
    /// One at a time has partners tried.
    pub trying: tokio::sync::Mutex<()>,
}

impl Watched {
    pub(crate) fn new(peers: &Arc<HttpPeers>, clients: &Arc<Callers<ClientId>>, limits: &Limits, own_tls: bool, one_person: bool) -> Self {
        let (peers, clients, limits) = (Arc::clone(peers), Arc::clone(clients), limits.clone());
        Self { peers, clients, limits, own_tls, one_person, since: Instant::now(), trying: tokio::sync::Mutex::default() }
    }
}
