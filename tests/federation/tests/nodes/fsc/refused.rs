//! What is refused where an Inway passes calls on, in the same words whatever is wrong with who calls; and the ports where nothing of FSC counts.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use polder_exchange::{Clock, SystemClock, Trouble};
use polder_federation_tests::ats::Key;
use polder_federation_tests::fsc::Fsc;
use polder_federation_tests::http::{Client, Partner, no_tls, partners, region_of, vacancy};
use polder_federation_tests::peer::{NODE, Peer, QUERIES, Shows, query};
use polder_federation_tests::problems::{refused, refused_as};
use polder_model::Timestamp;
use polder_trust::keys::Identity;
use polder_trust::register::{SharedRegister, Status};
use polder_web::{InwayAt, KeysAt, OutwayAt, Outways, RunningNode, visit};
use serde_json::{Value, json};

use super::{ASKER, HOME, HOME_PARTNER};

const TRANSACTION: &str = "0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11";
/// The Peer of the third partner, by the table; it has an OIN in its name, which is no Peer of it then.
const OTHER: &str = "00000009000000030000";
const OTHER_PARTNER: &str = "oin:00000009000000030001";
/// The Peer of the fourth one, which is suspended.
const SUSPENDED: &str = "00000001234567890001";

/// What is changed of a token that is right.
type Change = (&'static str, fn(&mut Value));

/// A node behind an Inway, and partners that call it by hand.
struct Behind {
    partners: Vec<Partner>,
    fsc: Fsc,
    http: reqwest::Client,
    signer: Peer,
    node: RunningNode,
}

fn now() -> Timestamp {
    SystemClock.now()
}

impl Behind {
    async fn start(directory: &std::path::Path) -> Self {
        Self::start_with(directory, |_, _| {}).await
    }

    /// The same, with another Inway.
    async fn start_with(directory: &std::path::Path, change: impl FnOnce(&mut InwayAt, &[Partner])) -> Self {
        let (asker, suspended) = (format!("oin:{ASKER}"), format!("oin:{SUSPENDED}"));
        let mut partners = partners(directory, &[HOME_PARTNER, &asker, OTHER_PARTNER, &suspended]);
        let other = partners[2].id.clone();
        let fsc = Fsc::before(&mut partners[0], HOME, &[(OTHER, &other)]).await;
        let mut inway = partners[0].inway.clone().expect("an Inway");
        change(&mut inway, &partners);
        partners[0].inway = Some(inway);
        let mut region = region_of(&partners);
        region.set_status(&partners[3].id, Status::Suspended);
        let node = partners[0].start(region.register(now())).await;
        assert_eq!(Client::of(&node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
        let http = reqwest::Client::builder().tls_backend_preconfigured(no_tls()).no_proxy().build().expect("a client");
        let signer = Peer::calling(&partners[0], &Shows::Nothing(&partners[1].identity));
        Self { partners, fsc, http, signer, node }
    }

    /// A call that is signed by that partner, whose question it is, without what an Inway adds.
    fn signed(&self, by: usize) -> (HeaderMap, Vec<u8>) {
        let body = query(&self.partners[by], now()).to_string().into_bytes();
        let key = self.partners[by].identity.message_key();
        (self.signer.signed(key, "POST", QUERIES, &body, "find-work", now()), body)
    }

    /// Sends to the port of the Inway.
    async fn send(&self, headers: HeaderMap, body: Vec<u8>) -> reqwest::Response {
        let request = self.http.post(format!("http://{}{QUERIES}", self.fsc.listen)).headers(headers).body(body);
        request.send().await.expect("a response")
    }

    /// A call signed by that partner, with these tokens and transactions.
    async fn call(&self, by: usize, tokens: &[&str], transactions: &[&str]) -> (u16, String) {
        let (mut headers, body) = self.signed(by);
        for (name, values) in [("fsc-authorization", tokens), ("fsc-transaction-id", transactions)] {
            for value in values {
                headers.append(name, HeaderValue::try_from(*value).expect("a header"));
            }
        }
        let response = self.send(headers, body).await;
        (response.status().as_u16(), response.text().await.expect("text"))
    }

    /// A right token for a Peer, as an Inway passes it on.
    fn token(&self, peer: &str) -> String {
        format!("Bearer {}", self.fsc.token(&self.fsc.claims(peer)))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_calls_is_shown_by_token_and_signature_together() {
    let directory = tempfile::tempdir().expect("a directory");
    let behind = Behind::start(directory.path()).await;
    let right = behind.token(ASKER);
    assert_eq!(behind.call(1, &[&right], &[TRANSACTION]).await.0, 200);
    assert_eq!(behind.call(1, &[right.trim_start_matches("Bearer ")], &[TRANSACTION]).await.0, 200, "the scheme may be left out");
    assert_eq!(behind.call(2, &[&behind.token(OTHER)], &[TRANSACTION]).await.0, 200, "who stands in the table");

    let mut said = Vec::new();
    let mut refused = |what: &str, (status, text): (u16, String)| {
        assert_eq!(refused_as(status, text.clone()).is(), (401, "unauthenticated"), "{what}");
        let problem: Value = serde_json::from_str(&text).expect("JSON");
        said.push(problem["detail"].clone());
    };
    let wrong: [Change; 17] = [
        ("another issuer", |claims| claims["iss"] = json!(ASKER)),
        ("another group", |claims| claims["gid"] = json!("fsc.other.example")),
        ("another service", |claims| claims["svc"] = json!("polder-2")),
        ("another Inway", |claims| claims["aud"] = json!("https://inway.example:8443")),
        ("a list of Inways", |claims| claims["aud"] = json!(["https://inway.example:443"])),
        ("over", |claims| claims["exp"] = claims["nbf"].clone()),
        ("not yet", |claims| claims["nbf"] = json!(claims["nbf"].as_i64().unwrap_or(0) + 120)),
        ("no grant", |claims| claims["gth"] = json!("")),
        ("in another's name", |claims| claims["act"] = json!({"sub": "00000009000000030000"})),
        ("another partner's", |claims| claims["sub"] = json!("00000009000000030000")),
        ("nobody's", |claims| claims["sub"] = json!("00000009999999990000")),
        ("a Peer that is no OIN and in no table", |claims| claims["sub"] = json!("90000003")),
        ("this node's own", |claims| claims["sub"] = json!("00000009000000010000")),
        ("no issuer", |claims| drop(claims.as_object_mut().expect("claims").remove("iss"))),
        ("no end", |claims| drop(claims.as_object_mut().expect("claims").remove("exp"))),
        ("no beginning", |claims| drop(claims.as_object_mut().expect("claims").remove("nbf"))),
        ("no Peer", |claims| drop(claims.as_object_mut().expect("claims").remove("sub"))),
    ];
    for (what, change) in wrong {
        let mut claims = behind.fsc.claims(ASKER);
        change(&mut claims);
        refused(what, behind.call(1, &[&format!("Bearer {}", behind.fsc.token(&claims))], &[TRANSACTION]).await);
    }
    let (claims, key) = (behind.fsc.claims(ASKER), behind.fsc.key());
    let unsigned = {
        use base64::Engine;
        let part = |value: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
        format!("Bearer {}.{}.", part(&json!({"alg": "none"})), part(&claims))
    };
    let by_public_key = {
        let secret = EncodingKey::from_secret(key.public().to_string().as_bytes()).expect("a secret");
        format!("Bearer {}", jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &secret).expect("signed"))
    };
    let by_another = format!("Bearer {}", Key::fresh().sign(&Header::new(Algorithm::ES256), &claims));
    let own_key = {
        // The key stands in the token itself.
        let (mine, mut header) = (Key::fresh(), Header::new(Algorithm::ES256));
        header.jwk = serde_json::from_value(mine.public()).ok();
        format!("Bearer {}", mine.sign(&header, &claims))
    };
    let cut = &right[..right.len() - 2];
    for (what, tokens) in [
        ("no token", &[][..]),
        ("two tokens", &[right.as_str(), right.as_str()]),
        ("two tokens in one", &[&format!("{right}, {right}")]),
        ("two tokens, of which one is another's", &[right.as_str(), &behind.token(OTHER)]),
        ("no signature", &[&unsigned]),
        ("the public key as secret", &[&by_public_key]),
        ("another key", &[&by_another]),
        ("a key of its own", &[&own_key]),
        ("cut off", &[cut]),
        ("another scheme", &[&right.replace("Bearer", "Basic")]),
        ("empty", &[""]),
        ("as long as it gets", &[&"a".repeat(9_000)]),
    ] {
        refused(what, behind.call(1, tokens, &[TRANSACTION]).await);
    }
    refused(
        "an OIN in the place of the Peer that the table names",
        behind.call(2, &[&behind.token("00000009000000030001")], &[TRANSACTION]).await,
    );
    // The token is right; the message is another's, of nobody, or not signed.
    refused("another's signature", behind.call(2, &[&right], &[TRANSACTION]).await);
    let with_token = |mut headers: HeaderMap| {
        headers.insert("fsc-authorization", HeaderValue::try_from(&right).expect("a header"));
        headers.insert("fsc-transaction-id", HeaderValue::from_static(TRANSACTION));
        headers
    };
    let (mut headers, body) = behind.signed(1);
    ["signature", "signature-input"].iter().for_each(|name| drop(headers.remove(*name)));
    let response = behind.send(with_token(headers), body).await;
    refused("no signature under the message", (response.status().as_u16(), response.text().await.expect("text")));
    // It names the key of the partner whose token it is, and another one signed it.
    let (mut headers, body) = behind.signed(1);
    let by_another = behind.signer.signed(behind.partners[2].identity.message_key(), "POST", QUERIES, &body, "find-work", now());
    headers.insert("signature", by_another["signature"].clone());
    let response = behind.send(with_token(headers), body).await;
    refused("a forged signature", (response.status().as_u16(), response.text().await.expect("text")));
    let (headers, mut body) = behind.signed(1);
    body.push(b' ');
    let response = behind.send(with_token(headers), body).await;
    assert_eq!(response.status(), 401, "the body is another");
    said.dedup();
    assert_eq!(said.len(), 1, "nobody learns what of it was wrong: {said:?}");
    // After all of that the right one is taken still.
    assert_eq!(behind.call(1, &[&right], &[TRANSACTION]).await.0, 200);
    // Who asks is who calls.
    let body = query(&behind.partners[2], now()).to_string().into_bytes();
    let key = behind.partners[1].identity.message_key();
    let response = behind.send(with_token(behind.signer.signed(key, "POST", QUERIES, &body, "find-work", now())), body).await;
    assert_eq!(refused_of(response).await, (403, "forbidden".to_owned()));
    // Who is suspended is told so, as on the other port.
    let (status, text) = behind.call(3, &[&behind.token(SUSPENDED)], &[TRANSACTION]).await;
    assert_eq!(refused_as(status, text).is(), (403, "not-a-member"));
}

async fn refused_of(response: reqwest::Response) -> (u16, String) {
    let refused = refused(response).await;
    (refused.status, refused.name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_has_one_transaction_and_counts_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let behind = Behind::start(directory.path()).await;
    let right = behind.token(ASKER);
    for (what, transactions) in [
        ("none", &[][..]),
        ("two", &[TRANSACTION, TRANSACTION]),
        ("two in one", &["0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11,0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11"]),
        ("another version", &["6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77"]),
        ("no UUID", &["1"]),
        ("empty", &[""]),
    ] {
        let (status, text) = behind.call(1, &[&right], transactions).await;
        assert!(text.contains("Fsc-Transaction-Id"), "{what}: {text}");
        assert_eq!(refused_as(status, text).is(), (400, "invalid-request"), "{what}");
    }
    let (mut headers, body) = behind.signed(1);
    headers.insert("fsc-authorization", HeaderValue::try_from(&right).expect("a header"));
    headers.insert("fsc-transaction-id", HeaderValue::from_static(TRANSACTION));
    assert_eq!(behind.send(headers.clone(), body.clone()).await.status(), 200);
    // The same message in another transaction, with a token of its own, is the same message.
    headers.insert("fsc-authorization", HeaderValue::try_from(behind.token(ASKER)).expect("a header"));
    headers.insert("fsc-transaction-id", HeaderValue::from_static("0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d12"));
    assert_eq!(refused_of(behind.send(headers.clone(), body.clone()).await).await, (409, "replayed".to_owned()));
    // And on the port for partners it is that too.
    let tls = Peer::calling(&behind.partners[0], &Shows::Certificate(&behind.partners[1].identity));
    let (status, text) = tls.call("POST", QUERIES, headers, body).await.expect("a response");
    assert_eq!(refused_as(status, text).is(), (409, "replayed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_of_fsc_count_at_the_port_of_the_inway_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let behind = Behind::start(directory.path()).await;
    let with = |mut headers: HeaderMap, transaction: &'static str| {
        headers.insert("fsc-authorization", HeaderValue::try_from(behind.token(OTHER)).expect("a header"));
        headers.insert("fsc-transaction-id", HeaderValue::from_static(transaction));
        headers
    };
    // At the port for partners the key of the connection says who calls: a right token of another changes nothing, nor does what is no transaction.
    let tls = Peer::calling(&behind.partners[0], &Shows::Certificate(&behind.partners[1].identity));
    let (headers, body) = behind.signed(1);
    let (status, text) = tls.call("POST", QUERIES, with(headers, "1"), body).await.expect("a response");
    assert_eq!(status, 200, "{text}");
    let (headers, body) = behind.signed(2);
    let (status, text) = tls.call("POST", QUERIES, with(headers, TRANSACTION), body).await.expect("a response");
    assert_eq!(refused_as(status, text).is(), (401, "unauthenticated"), "signed by the one that the token is for");
    let (headers, body) = behind.signed(2);
    assert!(behind.signer.call("POST", QUERIES, with(headers, TRANSACTION), body).await.is_err(), "without a certificate");
    // Clients are known by no such token, and nothing of theirs is behind the Inway.
    let client = Client::of(&behind.node).without_token().request("GET", "/v1/vacancies/V-1").headers(with(HeaderMap::new(), TRANSACTION));
    assert_eq!(refused_of(client.send().await.expect("a response")).await.0, 401);
    for path in ["/v1/vacancies/V-1", "/v1/openapi.json", "/portal", "/desk", "/oauth/token", "/metrics", "/readyz", "/"] {
        let request = behind.http.get(format!("http://{}{path}", behind.fsc.listen)).headers(with(HeaderMap::new(), TRANSACTION));
        assert_eq!(refused_of(request.send().await.expect("a response")).await, (404, "not-found".to_owned()), "{path}");
    }
}

/// Visits the first partner through something that is reached by TLS under that address.
async fn visit_by(behind: &Behind, as_whom: &Arc<Identity>, outway: OutwayAt) -> polder_exchange::PeerFailure {
    let register = SharedRegister::new(region_of(&behind.partners).register(now()));
    let outways = Outways::from([(behind.partners[0].id.clone(), outway)]);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let member = Arc::new(behind.partners[0].member.clone());
    let mut visits = visit(as_whom, &register, &clock, None, &outways, vec![member]).await;
    visits.remove(0).said.expect_err("there is no token")
}

/// The node behind an Inway that comes by TLS, called in its place by an Outway of another partner: each has its key, and no other one counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inway_and_an_outway_elsewhere_are_known_by_their_keys() {
    let directory = tempfile::tempdir().expect("a directory");
    let behind = Behind::start_with(directory.path(), |inway, partners| inway.certificate = Some(partners[1].identity.pin().clone())).await;
    let listen = behind.fsc.listen;
    let outway = |pin: &Identity| OutwayAt {
        url: format!("https://{listen}"),
        grant_hash: HeaderValue::from_static("$1$3$AAAA"),
        certificate: Some(pin.pin().clone()),
    };
    let (home, inway, other) = (&behind.partners[0].identity, &behind.partners[1].identity, &behind.partners[2].identity);
    // The Inway's key is let in as far as the token, which nobody adds here.
    let reached = visit_by(&behind, inway, outway(home)).await;
    assert!(reached.detail.starts_with("401"), "{reached:?}");
    // Another partner's is not, and an Outway with another key is told nothing.
    assert!(!visit_by(&behind, other, outway(home)).await.detail.starts_with("401"));
    let failed = visit_by(&behind, inway, outway(other)).await;
    assert_eq!(failed.trouble, Some(Trouble::NotTheirs), "{failed:?}");
    // In the clear nothing is said there.
    let plain = behind.http.get(format!("http://{listen}{NODE}")).send().await;
    assert!(plain.is_err(), "{plain:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_makes_a_token_that_is_taken() {
    let directory = tempfile::tempdir().expect("a directory");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/fsc.md")).expect("a page");
    let script = page.split("```bash\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a script");
    let ran = std::process::Command::new("bash").args(["-euc", script]).current_dir(directory.path()).output().expect("bash");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let behind = Behind::start_with(directory.path(), |inway, _| {
        inway.keys = KeysAt::File(directory.path().join("manager-keys.json"));
        (inway.algorithm, inway.group) = ("RS256".to_owned(), "fsc.voorbeeld.example.nl".to_owned());
        inway.peer_id = "00000009876543210000".to_owned();
        inway.address = "https://inway.example.nl:443".to_owned();
    })
    .await;
    let token = std::fs::read_to_string(directory.path().join("token")).expect("a token");
    assert_eq!(behind.call(1, &[&format!("Bearer {}", token.trim())], &[TRANSACTION]).await.0, 200);
    // The one of another algorithm is of the tests' own Manager.
    assert_eq!(behind.call(1, &[&behind.token(ASKER)], &[TRANSACTION]).await.0, 401);
}
