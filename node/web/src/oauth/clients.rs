//! Every client in force, in memory. One number says whether any has changed since they were read.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::Jwk;
use polder_exchange::Node;
use polder_model::Timestamp;
use polder_store::clients::ClientRow;
use polder_store::{ActsFor, StoreError};

use super::document::{AssertionAudience, ClientDocument};
use super::jose;
use crate::client::scope::Scope;
use crate::quota::Bucket;

/// Tokens that one client gets in a minute.
const TOKENS_PER_MINUTE: f64 = 30.0;

/// A client that is in force.
pub(crate) struct Client {
    /// Its id.
    pub id: Arc<str>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// For whom it reads and writes offers.
    pub acts_for: ActsFor,
    /// Whether it is being tried.
    pub sandbox: bool,
    until: Timestamp,
    keys: Vec<(Option<String>, String, Jwk)>,
    certificates: BTreeSet<String>,
    pub(super) audience: AssertionAudience,
    /// The name by which the partner's own authorization server knows it.
    at_provider: Option<String>,
    tokens: Mutex<Bucket>,
}

impl Client {
    fn read(row: &ClientRow, node: &Node) -> Option<Self> {
        let in_force = row.in_force.as_ref()?;
        let document = ClientDocument::read(&in_force.document).ok()?;
        let scopes = Scope::of_clients().into_iter().filter(|scope| document.scopes.contains(&scope.name())).collect();
        let own = &node.home().partner;
        let organisations = document.organisations.iter().map(|one| polder_exchange::organisation_as_kept(one, own).to_string());
        let keys = document.keys.into_iter().filter_map(|key| Some((key.common.key_id.clone(), jose::thumbprint(&key)?, key))).collect();
        Some(Self {
            id: row.id.as_str().into(),
            scopes,
            acts_for: ActsFor::These(Arc::new(organisations.collect())),
            sandbox: document.sandbox,
            until: in_force.until,
            keys,
            certificates: document.certificates.into_iter().collect(),
            audience: document.assertion_audience,
            at_provider: document.provider_client,
            tokens: Mutex::new(Bucket::new(TOKENS_PER_MINUTE, TOKENS_PER_MINUTE / 60.0, Instant::now())),
        })
    }

    pub(super) fn is_in_force(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// The keys by which a text may be signed that names this key id: the key with that id or thumbprint, or each of them where it names none.
    pub(super) fn keys<'c>(&'c self, id: Option<&'c str>) -> impl Iterator<Item = &'c Jwk> {
        let named =
            move |(own, thumbprint, _): &&(Option<String>, String, Jwk)| id.is_none_or(|id| own.as_deref() == Some(id) || thumbprint == id);
        self.keys.iter().filter(named).map(|(.., key)| key)
    }

    /// Whether it has that TLS certificate, by its SHA-256 in hexadecimal digits.
    pub(super) fn has_certificate(&self, sha256: &str) -> bool {
        self.certificates.contains(sha256)
    }

    /// Takes one token of those that it gets in a minute; otherwise how long to wait.
    pub(super) fn takes_token(&self) -> Result<(), Duration> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).take(1.0, Instant::now())
    }
}

type Known = Arc<HashMap<Arc<str>, Arc<Client>>>;

/// All of them.
#[derive(Default)]
pub(super) struct Clients {
    known: RwLock<Option<(u64, Known)>>,
    reading: tokio::sync::Mutex<()>,
}

impl Clients {
    /// A client, if it is in force now, as of a moment after this was called.
    pub(super) async fn find(&self, node: &Node, id: &str) -> Result<Option<Arc<Client>>, StoreError> {
        let version = node.store().clients_version().await?;
        let known = match self.known_at(version) {
            Some(known) => known,
            None => self.read(node).await?,
        };
        Ok(known.get(id).filter(|client| client.is_in_force(node.now())).map(Arc::clone))
    }

    /// The client that the partner's own authorization server knows by that name, if it is in force now. Where several are registered under it, none is.
    pub(super) async fn find_at_provider(&self, node: &Node, name: &str) -> Result<Option<Arc<Client>>, StoreError> {
        let version = node.store().clients_version().await?;
        let known = match self.known_at(version) {
            Some(known) => known,
            None => self.read(node).await?,
        };
        let mut named = known.values().filter(|client| client.at_provider.as_deref() == Some(name) && client.is_in_force(node.now()));
        Ok(named.next().filter(|_| named.next().is_none()).map(Arc::clone))
    }

    /// The client in force that has that TLS certificate and may do that as the partner's own. Where several have, none is found: who calls would not be known.
    pub(super) async fn find_by_certificate(&self, node: &Node, sha256: &str, scope: Scope) -> Result<Option<Arc<Client>>, StoreError> {
        let version = node.store().clients_version().await?;
        let known = match self.known_at(version) {
            Some(known) => known,
            None => self.read(node).await?,
        };
        let may = |client: &&Arc<Client>| client.scopes.contains(&scope) && (client.acts_for.includes("") || !scope.is_of_partner());
        let mut found = known.values().filter(|client| client.has_certificate(sha256) && client.is_in_force(node.now())).filter(may);
        Ok(found.next().filter(|_| found.next().is_none()).map(Arc::clone))
    }

    fn known_at(&self, version: u64) -> Option<Known> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(of, _)| *of == version).map(|(_, known)| Arc::clone(known))
    }

    /// Reads them anew, once for all who wait for it.
    async fn read(&self, node: &Node) -> Result<Known, StoreError> {
        let _one = self.reading.lock().await;
        let version = node.store().clients_version().await?;
        if let Some(known) = self.known_at(version) {
            return Ok(known);
        }
        let (version, rows) = node.store().all_clients().await?;
        let read = rows.iter().filter_map(|row| {
            let client = Client::read(row, node);
            if client.is_none() {
                tracing::error!(client = row.id, "what was approved of this client cannot be read: it is refused; register it anew");
            }
            client.map(|client| (Arc::clone(&client.id), Arc::new(client)))
        });
        let known: Known = Arc::new(read.collect());
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some((version, Arc::clone(&known)));
        Ok(known)
    }
}
