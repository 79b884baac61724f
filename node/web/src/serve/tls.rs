//! TLS of the ports.

use std::path::Path;
use std::sync::Arc;

use polder_exchange::Node;
use polder_model::Timestamp;
use polder_trust::keys::{Identity, SpkiPin, read_secret};
use polder_trust::tls::{self, PinCheck};
use rustls::{ConfigBuilder, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::port::WhoseKey;
use super::{ServeError, Tls};

/// Whose key a connection shows, by the register in force.
///
/// Of a member of any status: who left still gets register news. Whether anything else is answered is decided at each request.
pub(super) fn whose_key(node: &Arc<Node>) -> WhoseKey {
    let (register, node) = (node.shared_register().clone(), Arc::downgrade(node));
    Arc::new(move |pin: &SpkiPin| {
        let now = node.upgrade()?.now();
        register.known_by_pin(pin, now).map(|member| member.partner.clone())
    })
}

/// The port for peers.
pub(super) fn of_peers(node: &Arc<Node>, identity: &Identity) -> Result<ServerConfig, ServeError> {
    let whose = whose_key(node);
    let admits: PinCheck = Arc::new(move |pin: &SpkiPin| whose(pin).is_some());
    tls::server_config(identity, admits).map_err(|error| ServeError::Tls(error.to_string()))
}

/// The port for what the Inway passes on: it alone is let in.
pub(super) fn of_inway(identity: &Identity, certificate: SpkiPin) -> Result<ServerConfig, ServeError> {
    let config = tls::server_config(identity, Arc::new(move |shown: &SpkiPin| *shown == certificate));
    let mut config = config.map_err(|error| ServeError::Tls(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Before it ends it is warned for so many days: whoever signs it for 90 days gives a new one with 30 left.
pub const CLIENT_CERTIFICATE_DAYS: i64 = 30;

/// From when until when the certificate of the client port counts, with all that stands after it in its file.
///
/// # Errors
/// When chain or key cannot be read, or do not belong together.
pub fn client_chain(files: &Tls) -> Result<(Timestamp, Timestamp), ServeError> {
    of_clients(files)?;
    let failed = |error| ServeError::Tls(format!("{}: {error}", files.certificate.display()));
    tls::chain_period(&chain(files)?).map_err(failed)
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> ServeError {
    ServeError::Tls(format!("{}: {error}", path.display()))
}

fn chain(files: &Tls) -> Result<Vec<CertificateDer<'static>>, ServeError> {
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&files.certificate).map_err(|error| failed(&files.certificate, &error))?.collect();
    let chain = chain.map_err(|error| failed(&files.certificate, &error))?;
    if chain.is_empty() {
        return Err(failed(&files.certificate, &"there is no certificate in it; PEM is expected, the certificate first"));
    }
    Ok(chain)
}

/// The port for clients.
pub(super) fn of_clients(files: &Tls) -> Result<ServerConfig, ServeError> {
    of_all(files, |builder| builder.with_no_client_auth())
}

/// The port for clients that show a certificate.
pub(super) fn of_certificates(files: &Tls) -> Result<ServerConfig, ServeError> {
    of_all(files, |builder| builder.with_client_cert_verifier(tls::any_client(&tls::provider())))
}

type WantsVerifier = ConfigBuilder<ServerConfig, rustls::WantsVerifier>;
type WantsCertificate = ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>;

fn of_all(files: &Tls, verify: impl FnOnce(WantsVerifier) -> WantsCertificate) -> Result<ServerConfig, ServeError> {
    let chain = chain(files)?;
    let key = read_secret(&files.key).map_err(|error| ServeError::Tls(format!("client.tls_key: {error}")))?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| failed(&files.key, &error))?;
    let builder = ServerConfig::builder_with_provider(tls::provider()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| ServeError::Tls(error.to_string()))?;
    let mut config = verify(builder).with_single_cert(chain, key).map_err(|error| failed(&files.certificate, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
