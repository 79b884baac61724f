//! Systems that show who they are by a TLS certificate (RFC 8705).

use std::sync::Arc;

use crate::clients_every_operation::{operations_of, scopes};
use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::browser::{Browser, staff, with_people};
use polder_federation_tests::http::{Client, partners, start_all};
use polder_store::people::Role;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A certificate that a system made itself, with its key.
pub(crate) struct Certificate {
    der: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Certificate {
    pub(crate) fn fresh() -> Self {
        let key = rcgen::KeyPair::generate().expect("a key");
        let made = rcgen::CertificateParams::new(vec!["ats.example".to_owned()]).expect("a name").self_signed(&key).expect("a certificate");
        Self { der: made.der().clone(), key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) }
    }

    pub(crate) fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.der))
    }

    pub(crate) fn client(&self) -> reqwest::Client {
        let builder = rustls::ClientConfig::builder_with_provider(polder_trust::tls::provider()).with_safe_default_protocol_versions();
        let builder = builder.expect("versions").dangerous().with_custom_certificate_verifier(Arc::new(AnyServer));
        let tls = builder.with_client_auth_cert(vec![self.der.clone()], self.key.clone_key()).expect("a certificate");
        reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().expect("a client")
    }
}

/// Whom these tests call is not what they are about.
#[derive(Debug)]
struct AnyServer;

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        polder_trust::tls::provider().signature_verification_algorithms.supported_schemes()
    }
}

/// Each operation of the document, by a token that is bound to a certificate: with another one, over the port that takes none, and as if it were bound to a key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_wants_the_certificate_of_its_token() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut both = partners(directory.path(), &["oin:00000001001000000001"]);
    both[0].limits.client_failed_tries_per_minute = 10_000;
    let at = both[0].take_certificates();
    let node = start_all(&mut both).await.pop().expect("a node");
    let (client, stranger, own) = {
        let (own, thief) = (Certificate::fresh(), Certificate::fresh());
        (own.client(), thief.client(), own.sha256())
    };
    let served = client.get(format!("{at}/v1/openapi.json")).send().await.expect("a response").json().await.expect("JSON");
    let all = operations_of(&served);
    let every = scopes(&all);
    let every: Vec<&str> = every.iter().map(String::as_str).collect();
    let mut document = Ats::new(&node, "ats").document(&every, &["oin:00000001001000000001"]);
    document.as_object_mut().expect("an object").remove("keys");
    document["certificates"] = json!([own]);
    register(&node, "ats", &document).await;
    let (status, reply) = token(&client, &at, "ats").await;
    assert_eq!(status, 200, "{reply}");
    let bound = reply["access_token"].as_str().expect("a token");
    let plain = format!("https://{}", node.client);
    for operation in &all {
        let send = async |client: &reqwest::Client, base: &str, scheme: &str| {
            let method = reqwest::Method::from_bytes(operation.method.as_bytes()).expect("a method");
            let request = client.request(method, format!("{base}{}", operation.path)).header("authorization", format!("{scheme} {bound}"));
            let request = if ["PUT", "POST"].contains(&operation.method.as_str()) { request.json(&json!({})) } else { request };
            request.send().await.expect("a response").status().as_u16()
        };
        let name = format!("{} {}", operation.method, operation.path);
        let status = send(&client, &at, "Bearer").await;
        assert!(status != 401 && (status == 403) == operation.scopes.is_empty(), "{name}: {status}");
        assert_eq!(send(&stranger, &at, "Bearer").await, 401, "another certificate: {name}");
        assert_eq!(send(&client, &plain, "Bearer").await, 401, "no certificate: {name}");
    }
}

async fn token(client: &reqwest::Client, at: &str, id: &str) -> (u16, Value) {
    let body = format!("grant_type=client_credentials&client_id={id}");
    let request = client.post(format!("{at}/oauth/token")).header("content-type", "application/x-www-form-urlencoded").body(body);
    let response = request.send().await.expect("a response");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_shows_who_calls_and_its_token_is_worth_nothing_without_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut both = partners(directory.path(), &["oin:00000001001000000001"]);
    let at = both[0].take_certificates();
    let node = start_all(&mut both).await.pop().expect("a node");
    let (own, thief) = (Certificate::fresh(), Certificate::fresh());
    let mut document = Ats::new(&node, "ats").document(&["vacancy:read"], &["kvk:00000001"]);
    document.as_object_mut().expect("an object").remove("keys");
    document["certificates"] = json!([own.sha256()]);
    register(&node, "ats", &document).await;

    let (client, stranger) = (own.client(), thief.client());
    let (status, reply) = token(&client, &at, "ats").await;
    assert_eq!((status, &reply["token_type"]), (200, &json!("Bearer")), "{reply}");
    assert_eq!(token(&stranger, &at, "ats").await.0, 401, "another certificate");
    assert_eq!(token(&client, &at, "nobody").await.0, 401);
    let bearer = reply["access_token"].as_str().expect("a token");
    let read = async |client: &reqwest::Client| {
        let response = client.get(format!("{at}/v1/vacancies")).bearer_auth(bearer).send().await.expect("a response");
        response.status().as_u16()
    };
    assert_eq!(read(&client).await, 200);
    assert_eq!(read(&stranger).await, 401, "a token that was stolen");
    // Over the port that takes no certificates.
    let plain = client.get(format!("https://{}/v1/vacancies", node.client)).bearer_auth(bearer).send().await.expect("a response");
    assert_eq!(plain.status().as_u16(), 401);
    // Pages are not there.
    assert_eq!(client.get(format!("{at}/portal")).send().await.expect("a response").status().as_u16(), 404);
    let metadata: Value =
        client.get(format!("{at}/.well-known/oauth-authorization-server")).send().await.expect("a response").json().await.expect("JSON");
    assert_eq!(metadata["mtls_endpoint_aliases"]["token_endpoint"], json!(format!("{at}/oauth/token")));
    assert_eq!(metadata["token_endpoint_auth_methods_supported"], json!(["private_key_jwt", "self_signed_tls_client_auth"]));
    // Nobody gets in without one.
    let builder = rustls::ClientConfig::builder_with_provider(polder_trust::tls::provider()).with_safe_default_protocol_versions();
    let tls = builder.expect("versions").dangerous().with_custom_certificate_verifier(Arc::new(AnyServer)).with_no_client_auth();
    let without = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().expect("a client");
    assert!(without.get(format!("{at}/v1/openapi.json")).send().await.is_err());
}

/// A system that counts on a certificate alone is proposed at a node that takes none: whoever proposes it, and whoever is to approve it, are told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_that_the_node_does_not_have_is_said_where_a_system_is_proposed() {
    let told = |shown: &Value| -> Vec<String> {
        shown["notes"].as_array().into_iter().flatten().filter_map(|note| Some(note["pointer"].as_str()?.to_owned())).collect()
    };
    let document = json!({"name": "ATS", "scopes": ["query"], "organisations": ["kvk:00000001"], "certificates": [Certificate::fresh().sha256()],
                          "until": "2035-01-01"});
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &["kvk:00000001"]);
    with_people(&mut one[0], vec![staff("Bas Beheerder", &[Role::Administrator])]);
    let node = start_all(&mut one).await.pop().expect("a node");
    let operator = Client::of(&node);
    let put = async |document: &Value| -> Value {
        operator.request("PUT", "/v1/clients/ats").json(document).send().await.expect("a response").json().await.expect("JSON")
    };
    let proposed = put(&document).await;
    assert_eq!(told(&proposed), ["/certificates"], "{proposed}");
    let listed: Value = operator.request("GET", "/v1/clients").send().await.expect("a response").json().await.expect("JSON");
    assert_eq!(told(&listed["items"][0]), ["/certificates"], "{listed}");
    for (language, said) in [
        ("nl", "wil inloggen met een certificaat, en dit knooppunt neemt er geen aan"),
        ("en", "wants to log in with a certificate, and this node takes none"),
    ] {
        let mut bas = Browser::new().reading(language);
        bas.log_in(&format!("http://{}/desk", node.client), "Bas Beheerder").await;
        let page = bas.open(&format!("http://{}/desk/clients", node.client)).await;
        assert!(page.html.contains(said), "{}", page.html);
    }
    // With a key beside it, it gets in.
    let mut both = document.clone();
    both["keys"] = json!([Ats::new(&node, "ats").key.public()]);
    let proposed = put(&both).await;
    assert!(proposed["proposed"]["document"]["keys"].is_array() && proposed.get("notes").is_none(), "{proposed}");
    // And so it does where the node takes certificates.
    let other = tempfile::tempdir().expect("a directory");
    let mut one = partners(other.path(), &["kvk:00000001"]);
    one[0].take_certificates();
    let node = start_all(&mut one).await.pop().expect("a node");
    let put = Certificate::fresh().client().put(format!("https://{}/v1/clients/ats", node.client));
    let put = put.bearer_auth(polder_federation_tests::http::token().reveal()).json(&document).send().await.expect("a response");
    let proposed: Value = put.json().await.expect("JSON");
    assert!(proposed["proposed"].is_object() && proposed.get("notes").is_none(), "{proposed}");
}
