//! What the pages for whoever looks after the node show of it beside what its store says.

use std::sync::Arc;
use std::time::Instant;

use polder_model::Timestamp;

use crate::client::auth::ClientId;
use crate::limits::Limits;
use crate::oauth::document::Ways;
use crate::peer::client::HttpPeers;
use crate::quota::Callers;

/// TLS of the client port.
#[derive(Clone, Copy)]
pub(crate) struct OwnTls {
    /// Whether the port itself does it; a proxy does otherwise, or nobody.
    pub is_on: bool,
    /// Until when the certificate counts that it shows, with all that stands after it in its file.
    pub until: Option<Timestamp>,
}

/// What is looked at.
pub(crate) struct Watched {
    /// Calls at partners.
    pub peers: Arc<HttpPeers>,
    /// The systems of this partner, and programs of workers.
    pub clients: Arc<Callers<ClientId>>,
    /// How much the node takes.
    pub limits: Limits,
    /// TLS of the client port.
    pub own_tls: OwnTls,
    /// Whether one person may both propose and approve a system.
    pub one_person: bool,
    /// Which ways beside keys systems have to show who they are.
    pub ways: Ways,
    /// Since when the node runs.
    pub since: Instant,
    /// One at a time has partners tried.
    pub trying: tokio::sync::Mutex<()>,
}

impl Watched {
    pub(crate) fn new(
        peers: &Arc<HttpPeers>,
        clients: &Arc<Callers<ClientId>>,
        limits: &Limits,
        own_tls: OwnTls,
        one_person: bool,
        ways: Ways,
    ) -> Self {
        let (peers, clients, limits) = (Arc::clone(peers), Arc::clone(clients), limits.clone());
        Self { peers, clients, limits, own_tls, one_person, ways, since: Instant::now(), trying: tokio::sync::Mutex::default() }
    }
}
