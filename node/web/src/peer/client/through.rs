//! Calls through an Outway of FSC. Where they end is decided by a grant, and not by a key that the register pins: before anything is sent that is meant for a
//! partner alone, that partner has replied through it.

use std::sync::{Arc, PoisonError};

use http::Method;
use polder_consent::FscTransaction;
use polder_exchange::PeerFailure;
use polder_exchange::traces::called_in;
use polder_model::PartnerId;
use polder_model::answer::MissingReason;
use polder_trust::register::Member;

use super::super::NODE;
use super::super::reply::{Reply, failure};
use super::{CONNECT_TIME, HttpPeers};
use crate::fsc::{OutwayAt, Outways, not_carried, transaction_of};

impl HttpPeers {
    /// The same; these partners are called through an Outway.
    #[must_use]
    pub fn calling_through(self, outways: Outways) -> Self {
        Self { outways: Arc::new(outways), ..self }
    }

    /// The connection pool for an Outway. Its address was chosen here, and may be this machine's.
    pub(super) fn client_of(&self, outway: &OutwayAt) -> Result<reqwest::Client, PeerFailure> {
        let tls = outway.tls(&self.identity).map_err(|error| failure(MissingReason::Unreachable, error))?;
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = client.connect_timeout(CONNECT_TIME).pool_max_idle_per_host(8).tcp_nodelay(true).build();
        client.map_err(|error| failure(MissingReason::Unreachable, error))
    }

    /// Calls once, and first asks who is there where an Outway has not been seen to lead to that partner yet: a grant that was mixed up with another one
    /// would carry people's data to somebody else. Also says whether trying again may help.
    pub(super) async fn call_theirs(
        &self,
        to: &Member,
        method: &Method,
        path: &str,
        body: Vec<u8>,
        purpose: &str,
    ) -> Result<Reply, (PeerFailure, bool)> {
        let client = self.client(to).map_err(|failed| (failed, false))?;
        if *method == Method::POST && !self.leads_to(&to.partner) {
            self.call_once(&client, to, &Method::GET, NODE, Vec::new(), "none").await?;
        }
        self.call_once(&client, to, method, path, body, purpose).await
    }

    /// Whether what is sent to a partner reaches it or nobody.
    fn leads_to(&self, partner: &PartnerId) -> bool {
        !self.outways.contains_key(partner) || self.proven.lock().unwrap_or_else(PoisonError::into_inner).contains(partner)
    }

    /// A partner has replied, signed.
    pub(super) fn has_replied(&self, partner: &PartnerId) {
        if !self.leads_to(partner) {
            self.proven.lock().unwrap_or_else(PoisonError::into_inner).insert(partner.clone());
        }
    }
}

/// Writes down under which transaction a partner was called through an Outway, and whether it was.
pub(super) fn carried(to: &Member, path: &str, sent: FscTransaction, response: &reqwest::Response) -> Result<(), PeerFailure> {
    let (transaction, status) = (transaction_of(response.headers(), sent), response.status().as_u16());
    called_in(transaction);
    let path = path.split('?').next().unwrap_or_default();
    tracing::info!(partner = %to.partner, %transaction, path, status, "a partner was called through the Outway");
    not_carried(response.headers()).map_or(Ok(()), Err)
}
