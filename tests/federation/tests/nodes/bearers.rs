//! A node as the client of another authorization server: it shows who it is by its key, and asks no more often than it needs.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use axum::{Form, Router};
use http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, start_all};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::school::{School, Treatment, from};
use polder_web::{Bearer, BearerAt, BearerKey, NoBearer, Shown};
use serde_json::{Value, json};

use crate::syncs_over_http::{crawl, report_after};

/// An authorization server that knows one client.
struct Server {
    key: DecodingKey,
    algorithm: Algorithm,
    seen: Mutex<HashSet<String>>,
    asked: AtomicUsize,
    refuses: std::sync::atomic::AtomicBool,
}

async fn token(State(server): State<Arc<Server>>, Form(form): Form<Vec<(String, String)>>) -> (StatusCode, axum::Json<Value>) {
    let number = server.asked.fetch_add(1, Ordering::SeqCst) + 1;
    let said = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let mut validation = Validation::new(server.algorithm);
    validation.set_audience(&["https://as.example"]);
    validation.set_issuer(&["polder-node"]);
    let read = jsonwebtoken::decode::<Value>(said("client_assertion"), &server.key, &validation);
    let jti = read.as_ref().ok().and_then(|read| read.claims["jti"].as_str().map(ToOwned::to_owned));
    let new = jti.is_some_and(|jti| server.seen.lock().expect("a lock").insert(jti));
    let rightful = said("grant_type") == "client_credentials"
        && said("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        && said("scope") == "courses.read people.none"
        && said("client_secret").is_empty();
    if server.refuses.load(Ordering::SeqCst) || !new || !rightful {
        return (StatusCode::UNAUTHORIZED, axum::Json(json!({"error": "invalid_client", "error_description": "geheim"})));
    }
    (StatusCode::OK, axum::Json(json!({"access_token": format!("token-{number}"), "token_type": "Bearer", "expires_in": 300})))
}

async fn server(pem: &[u8], algorithm: Algorithm) -> (Arc<Server>, BearerAt) {
    let key = DecodingKey::from_jwk(&jsonwebtoken::jwk::Jwk::from_encoding_key(&encoding(pem), algorithm).expect("a key"));
    let server =
        Arc::new(Server { key: key.expect("a key"), algorithm, seen: Mutex::default(), asked: AtomicUsize::new(0), refuses: false.into() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let token_url = format!("http://{}/token", listener.local_addr().expect("an address"));
    let router = Router::new().route("/token", post(token)).with_state(Arc::clone(&server));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let at = BearerAt {
        token_url,
        audience: "https://as.example".to_owned(),
        client: "polder-node".to_owned(),
        key_id: None,
        scope: "courses.read people.none".to_owned(),
    };
    (server, at)
}

/// The key of a text in PEM.
fn encoding(pem: &[u8]) -> jsonwebtoken::EncodingKey {
    use rustls_pki_types::PrivateKeyDer;
    use rustls_pki_types::pem::PemObject;
    match PrivateKeyDer::from_pem_slice(pem).expect("a key") {
        PrivateKeyDer::Pkcs8(der) => jsonwebtoken::EncodingKey::from_ec_der(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => jsonwebtoken::EncodingKey::from_rsa_der(der.secret_pkcs1_der()),
        other => unreachable!("{other:?}"),
    }
}

fn rsa_pem() -> String {
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
    let pkcs8 = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).expect("DER");
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(&pkcs8.as_ref()[26..]);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("text")).collect();
    format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n", lines.join("\n"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_got_once_for_all_and_replaced_before_it_runs_out() {
    let (ec, rsa) = (rcgen::KeyPair::generate().expect("a key").serialize_pem(), rsa_pem());
    for (pem, name, algorithm) in [(&ec, "ES256", Algorithm::ES256), (&rsa, "RS256", Algorithm::RS256), (&rsa, "PS256", Algorithm::PS256)] {
        let (server, at) = server(pem.as_bytes(), algorithm).await;
        let clock = Arc::new(ManualClock::at(SystemClock.now()));
        let key = BearerKey::read(pem.as_bytes(), name).expect("a key");
        let bearer = Bearer::new(at, key, Arc::<ManualClock>::clone(&clock)).expect("an address");
        let all = futures::future::join_all((0..20).map(|_| bearer.token())).await;
        assert!(all.iter().all(|token| token.as_deref() == Ok("token-1")), "{name}: {all:?}");
        clock.pass(Duration::from_secs(239));
        assert_eq!(bearer.token().await.as_deref(), Ok("token-1"));
        clock.pass(Duration::from_secs(2));
        assert_eq!(bearer.token().await.as_deref(), Ok("token-2"), "a minute before its end");
        bearer.forget("token-1").await;
        assert_eq!(bearer.token().await.as_deref(), Ok("token-2"), "it is another one that was refused");
        bearer.forget("token-2").await;
        assert_eq!(bearer.token().await.as_deref(), Ok("token-3"));
        assert_eq!(server.asked.load(Ordering::SeqCst), 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_refuses_is_not_asked_again_at_once() {
    let pem = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let (server, at) = server(pem.as_bytes(), Algorithm::ES256).await;
    server.refuses.store(true, Ordering::SeqCst);
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let key = || BearerKey::read(pem.as_bytes(), "ES256").expect("a key");
    let bearer = Bearer::new(at.clone(), key(), Arc::<ManualClock>::clone(&clock)).expect("an address");
    let refused = Err(NoBearer::Refused("invalid_client".to_owned()));
    for (wait, asked) in [(0, 1), (4, 1), (2, 2), (9, 2), (2, 3), (1_000, 4)] {
        clock.pass(Duration::from_secs(wait));
        assert_eq!(bearer.token().await, refused);
        assert_eq!(server.asked.load(Ordering::SeqCst), asked, "after {wait} s");
    }
    server.refuses.store(false, Ordering::SeqCst);
    clock.pass(Duration::from_secs(1_000));
    assert_eq!(bearer.token().await.as_deref(), Ok("token-5"));
    // Nobody is there; and what is no key is said at once.
    let nowhere = BearerAt { token_url: "http://127.0.0.1:1/token".to_owned(), ..at };
    let failed = Bearer::new(nowhere, key(), Arc::new(SystemClock)).expect("an address").token().await;
    assert!(matches!(failed, Err(NoBearer::Failed(_))), "{failed:?}");
    for (text, algorithm) in [("", "ES256"), (&*pem, "RS256"), (&*pem, "HS256"), (&*rsa_pem(), "ES256")] {
        assert!(BearerKey::read(text.as_bytes(), algorithm).is_err(), "{algorithm}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_catalogue_is_read_with_tokens_of_its_authorization_server() {
    let pem = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let (server, at) = server(pem.as_bytes(), Algorithm::ES256).await;
    let (directory, school) = (tempfile::tempdir().expect("a directory"), School::new(6, 30));
    let address = format!("http://{}", school.listen().await);
    // The first token is revoked in the middle of the crawl.
    let shows = Arc::clone(&school);
    school.treats(move |_, number| match &*shows.shown().1 {
        "Bearer token-1" if number <= 4 => Treatment::Rightly,
        "Bearer token-2" => Treatment::Rightly,
        _ => Treatment::Status(401, Vec::new()),
    });
    let bearer = Bearer::new(at, BearerKey::read(pem.as_bytes(), "ES256").expect("a key"), Arc::new(SystemClock)).expect("an address");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    one[0].syncs = vec![polder_web::SyncFrom { shown: Shown::Token(Arc::new(bearer)), ..from(&address) }];
    let node = start_all(&mut one).await.pop().expect("a node");
    let client = Client::of(&node);
    let report = report_after(&client, &Value::Null).await["report"].take();
    assert_eq!((&report["outcome"], &report["counts"]["created"]), (&json!("whole"), &json!(30)), "{report}");
    assert_eq!(server.asked.load(Ordering::SeqCst), 2);

    // No token at all: it is said, and nothing is asked of the school.
    server.refuses.store(true, Ordering::SeqCst);
    school.treats(|_, _| Treatment::Status(401, Vec::new()));
    let refused = crawl(&client).await["report"].take();
    assert_eq!(refused["trouble"]["code"], "no-token", "{refused}");
    assert!(!refused.to_string().contains("geheim"));
    let asked = school.asked();
    assert_eq!(crawl(&client).await["report"]["trouble"]["code"], "no-token");
    assert_eq!(school.asked(), asked);
}
