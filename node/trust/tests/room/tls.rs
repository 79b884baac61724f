//! Connections between nodes: both sides are known by their key, TLS 1.3 alone. Bytes go from hand to hand, without sockets.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use polder_model::Timestamp;
use polder_trust::keys::{Identity, SpkiPin};
use polder_trust::tls::{PinCheck, client_config, provider, server_config};
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, DistinguishedName, Error, PeerIncompatible,
    ServerConfig, ServerConnection, SignatureScheme, SupportedProtocolVersion,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};

/// An identity, and the folder that holds its keys.
struct Node(Identity, tempfile::TempDir);

impl Node {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
        let identity = Identity::create(directory.path(), &"kvk:90000001".parse().expect("a partner"), "localhost", now);
        Self(identity.expect("an identity"), directory)
    }

    fn tls_key(&self) -> PrivateKeyDer<'static> {
        private_key(&self.1.path().join("tls.key"))
    }
}

fn private_key(path: &Path) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from_pem_slice(&std::fs::read(path).expect("a file")).expect("a key")
}

/// Admits that node's key alone.
fn only(node: &Node) -> PinCheck {
    let pin = node.0.pin().clone();
    Arc::new(move |asked: &SpkiPin| *asked == pin)
}

fn nobody() -> PinCheck {
    Arc::new(|_| false)
}

/// What a connection came to: what the server and the client found wrong.
#[derive(Debug, PartialEq)]
struct Outcome {
    server: Option<Error>,
    client: Option<Error>,
    version: Option<rustls::ProtocolVersion>,
    heard: bool,
}

/// A handshake and one word from client to server.
fn connect(server: ServerConfig, client: ClientConfig) -> Outcome {
    let mut server = ServerConnection::new(Arc::new(server)).expect("a server");
    let mut client = ClientConnection::new(Arc::new(client), ServerName::try_from("localhost").expect("a name")).expect("a client");
    let mut outcome = Outcome { server: None, client: None, version: None, heard: false };
    client.writer().write_all(b"hello").expect("written");
    for _ in 0..20 {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).expect("written");
        }
        feed(&mut wire.as_slice(), |bytes| server.read_tls(bytes), &mut outcome.server);
        if outcome.server.is_none() {
            outcome.server = server.process_new_packets().err();
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).expect("written");
        }
        feed(&mut wire.as_slice(), |bytes| client.read_tls(bytes), &mut outcome.client);
        if outcome.client.is_none() {
            outcome.client = client.process_new_packets().err();
        }
    }
    let mut heard = [0; 5];
    outcome.heard = server.reader().read_exact(&mut heard).is_ok() && &heard == b"hello";
    outcome.version = server.protocol_version().filter(|_| !server.is_handshaking());
    outcome
}

fn feed(wire: &mut &[u8], mut read: impl FnMut(&mut &[u8]) -> std::io::Result<usize>, failed: &mut Option<Error>) {
    while !wire.is_empty() && failed.is_none() {
        // A side that has given up reads no more.
        if read(wire).map_or(true, |count| count == 0) {
            break;
        }
    }
}

/// Believes everyone, so that only the other side's checks are seen.
#[derive(Debug)]
struct Credulous;

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

impl ClientCertVerifier for Credulous {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }
    fn verify_client_cert(&self, _: &CertificateDer<'_>, _: &[CertificateDer<'_>], _: UnixTime) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

/// A client that is not ours.
fn foreign_client(version: &'static SupportedProtocolVersion, node: Option<&Node>) -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[version]).expect("a version");
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(Credulous));
    let mut config = match node {
        Some(node) => builder.with_client_auth_cert(vec![node.0.certificate().clone()], node.tls_key()).expect("a certificate"),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

/// Shows one certificate and signs with the key of another.
#[derive(Debug)]
struct Thief(Arc<CertifiedKey>);

impl ResolvesClientCert for Thief {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
    fn has_certs(&self) -> bool {
        true
    }
}

impl rustls::server::ResolvesServerCert for Thief {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

fn stolen(shown: &Node, held: &Node) -> Arc<Thief> {
    let key = provider().key_provider.load_private_key(held.tls_key()).expect("a key");
    Arc::new(Thief(Arc::new(CertifiedKey::new(vec![shown.0.certificate().clone()], key))))
}

fn server(node: &Node, admits: PinCheck) -> ServerConfig {
    server_config(&node.0, admits).expect("a server")
}

fn client(node: &Node, admits: PinCheck) -> ClientConfig {
    client_config(&node.0, admits).expect("a client")
}

const UNKNOWN_PIN: Error = Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure);

#[test]
fn nodes_that_know_each_other_connect() {
    let (a, b) = (Node::new(), Node::new());
    let outcome = connect(server(&a, only(&b)), client(&b, only(&a)));
    assert_eq!(outcome, Outcome { server: None, client: None, version: Some(rustls::ProtocolVersion::TLSv1_3), heard: true });
    let outcome = connect(server(&a, only(&b)), foreign_client(&TLS13, Some(&b)));
    assert!(outcome.heard, "the foreign client of these tests would be let in with the right key: {outcome:?}");
}

#[test]
fn a_client_whose_key_is_not_known_is_refused() {
    let (a, b, c) = (Node::new(), Node::new(), Node::new());
    for admits in [only(&c), nobody()] {
        let outcome = connect(server(&a, admits), client(&b, only(&a)));
        assert_eq!(outcome.server, Some(UNKNOWN_PIN));
        assert!(!outcome.heard && outcome.version.is_none() && outcome.client.is_some(), "{outcome:?}");
    }
}

#[test]
fn a_server_whose_key_is_another_is_refused() {
    let (a, b, c) = (Node::new(), Node::new(), Node::new());
    let outcome = connect(server(&a, only(&b)), client(&b, only(&c)));
    assert_eq!(outcome.client, Some(UNKNOWN_PIN));
    assert!(!outcome.heard && outcome.server.is_some(), "{outcome:?}");
}

#[test]
fn a_client_without_certificate_is_refused() {
    let (a, b) = (Node::new(), Node::new());
    let outcome = connect(server(&a, only(&b)), foreign_client(&TLS13, None));
    assert_eq!(outcome.server, Some(Error::NoCertificatesPresented));
    assert!(!outcome.heard, "{outcome:?}");
    // Not even by a server that would admit anyone.
    let outcome = connect(server(&a, Arc::new(|_| true)), foreign_client(&TLS13, None));
    assert_eq!((outcome.server, outcome.heard), (Some(Error::NoCertificatesPresented), false));
}

#[test]
fn tls_1_2_is_not_spoken() {
    let (a, b) = (Node::new(), Node::new());
    let outcome = connect(server(&a, only(&b)), foreign_client(&TLS12, Some(&b)));
    assert!(
        matches!(
            outcome.server,
            Some(Error::PeerIncompatible(
                PeerIncompatible::SupportedVersionsExtensionRequired
                    | PeerIncompatible::Tls12NotOfferedOrEnabled
                    | PeerIncompatible::Tls12NotOffered
            ))
        ),
        "{outcome:?}"
    );
    assert_eq!(outcome.client, Some(Error::AlertReceived(AlertDescription::ProtocolVersion)));
    assert!(!outcome.heard);

    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS12]).expect("a version");
    let builder = builder.with_client_cert_verifier(Arc::new(Credulous));
    let old = builder.with_single_cert(vec![a.0.certificate().clone()], a.tls_key()).expect("a server");
    let outcome = connect(old, client(&b, only(&a)));
    assert!(outcome.server.is_some() && outcome.client.is_some() && !outcome.heard, "{outcome:?}");
}

#[test]
fn a_certificate_without_its_key_is_worth_nothing() {
    let (a, b, thief) = (Node::new(), Node::new(), Node::new());
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13]).expect("a version");
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(Credulous));
    let mut config = builder.with_client_cert_resolver(stolen(&b, &thief));
    config.alpn_protocols = vec![b"h2".to_vec()];
    let outcome = connect(server(&a, only(&b)), config);
    assert_eq!(outcome.server, Some(Error::InvalidCertificate(CertificateError::BadSignature)));
    assert!(!outcome.heard);

    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13]).expect("a version");
    let mut config = builder.with_client_cert_verifier(Arc::new(Credulous)).with_cert_resolver(stolen(&a, &thief));
    config.alpn_protocols = vec![b"h2".to_vec()];
    let outcome = connect(config, client(&b, only(&a)));
    assert_eq!(outcome.client, Some(Error::InvalidCertificate(CertificateError::BadSignature)));
    assert!(!outcome.heard);
}

#[test]
fn only_http_2_is_spoken() {
    let (a, b) = (Node::new(), Node::new());
    let mut config = client(&b, only(&a));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let outcome = connect(server(&a, only(&b)), config);
    assert_eq!(outcome.server, Some(Error::NoApplicationProtocol));
    assert!(!outcome.heard);
}
