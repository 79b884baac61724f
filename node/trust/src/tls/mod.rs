//! TLS between nodes: version 1.3, both sides with a certificate, and the key of each decided by the register.
//!
//! Certificates may be self-signed: no authority is asked. A handshake with a key that the register does not hold fails; who the caller is gets
//! decided again at each request, because a connection outlives a change of the register.

mod chain;
mod verify;

pub use chain::{chain_names, chain_period};

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::server::danger::ClientCertVerifier;
use rustls::version::TLS13;
use rustls::{ClientConfig, ServerConfig};

use crate::keys::{Identity, SpkiPin};
use verify::{PinnedClients, PinnedServer};

/// Says whether a TLS key may connect now.
pub type PinCheck = Arc<dyn Fn(&SpkiPin) -> bool + Send + Sync>;

/// The one cryptography provider: aws-lc-rs, with post-quantum hybrid key exchange preferred.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// The port for peers: TLS 1.3, HTTP/2, a client certificate whose key `admits`.
///
/// # Errors
/// When the identity cannot be used.
pub fn server_config(identity: &Identity, admits: PinCheck) -> Result<ServerConfig, rustls::Error> {
    let provider = provider();
    let verifier = Arc::new(PinnedClients::new(admits, &provider));
    let builder = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13])?;
    let chain = vec![identity.certificate().clone()];
    let mut config = builder.with_client_cert_verifier(verifier).with_single_cert(chain, identity.tls_key())?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    config.max_early_data_size = 0;
    Ok(config)
}

/// Lets in every client that shows a certificate and holds its key (TLS 1.3): whose it is, is decided at each request.
#[must_use]
pub fn any_client(provider: &CryptoProvider) -> Arc<dyn ClientCertVerifier> {
    Arc::new(PinnedClients::new(Arc::new(|_| true), provider))
}

/// Connections to a peer whose certificate has a key that `admits`.
///
/// # Errors
/// When the identity cannot be used.
pub fn client_config(identity: &Identity, admits: PinCheck) -> Result<ClientConfig, rustls::Error> {
    let provider = provider();
    let verifier = Arc::new(PinnedServer::new(admits, &provider));
    let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13])?;
    let chain = vec![identity.certificate().clone()];
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_client_auth_cert(chain, identity.tls_key())?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}
