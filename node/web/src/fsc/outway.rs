//! The way to partners through the Outway. What is signed names the address of the register, as ever: the Outway carries it to the Inway of the grant, which no
//! more than it changes a path.

use std::collections::HashMap;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use polder_consent::FscTransaction;
use polder_exchange::PeerFailure;
use polder_model::answer::MissingReason;
use polder_model::{PartnerId, Timestamp};
use polder_trust::keys::{Identity, SpkiPin};
use polder_trust::tls;
use rustls::{ClientConfig, RootCertStore};

use super::{ERROR_CODE, GRANT_HASH, TRANSACTION_ID, transaction};

/// The Outway by which a partner is called, and under which grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutwayAt {
    /// Its address, without a slash at its end.
    pub url: String,
    /// The hash of the ServiceConnectionGrant.
    pub grant_hash: HeaderValue,
    /// The key of its certificate, where it is reached by TLS.
    pub certificate: Option<SpkiPin>,
}

/// The partners that are called through an Outway.
pub type Outways = HashMap<PartnerId, OutwayAt>;

impl OutwayAt {
    /// The TLS that is spoken with it. Of plain HTTP there is none, and no certificate counts.
    pub(crate) fn tls(&self, identity: &Identity) -> Result<ClientConfig, rustls::Error> {
        let mut config = match self.certificate.clone() {
            Some(certificate) => tls::client_config(identity, Arc::new(move |shown: &SpkiPin| *shown == certificate))?,
            None => ClientConfig::builder_with_provider(tls::provider())
                .with_safe_default_protocol_versions()?
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }

    /// Says by which grant, and in which transaction, a call is to be carried.
    pub(crate) fn name(&self, headers: &mut HeaderMap, now: Timestamp) -> Result<FscTransaction, PeerFailure> {
        let failed = |_| PeerFailure::new(MissingReason::Unreachable, "there is no randomness");
        let random = polder_trust::random::<10>().map_err(failed)?;
        let transaction = FscTransaction::new(u64::try_from(now.micros() / 1_000).unwrap_or(0), random);
        headers.insert(GRANT_HASH, self.grant_hash.clone());
        if let Ok(value) = HeaderValue::try_from(transaction.to_string()) {
            headers.insert(TRANSACTION_ID, value);
        }
        Ok(transaction)
    }
}

/// The transaction under which a reply came: an Outway may have given the call another.
pub(crate) fn transaction_of(reply: &HeaderMap, sent: FscTransaction) -> FscTransaction {
    transaction(reply).unwrap_or(sent)
}

/// What an Outway or Inway said that did not carry the call.
pub(crate) fn not_carried(reply: &HeaderMap) -> Option<PeerFailure> {
    let code = reply.get(ERROR_CODE)?;
    let code: String = code.to_str().unwrap_or("unreadable").chars().filter(char::is_ascii_graphic).take(60).collect();
    Some(PeerFailure::new(MissingReason::Unreachable, format!("the Outway or the Inway did not carry the call: {code}")))
}
