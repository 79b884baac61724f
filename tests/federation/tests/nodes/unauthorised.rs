//! Who may not, does not: clients without a token, peers without a certificate, a place in the register or a signature.

use std::sync::Arc;

use http::HeaderMap;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, region_of, start_all, vacancy};
use polder_federation_tests::liar::Liar;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::openapi;
use polder_federation_tests::peer::{DOCUMENTS, NODE, Peer, QUERIES, Shows, query, register_of_version};
use polder_federation_tests::problems::{refused, refused_as};
use polder_model::PartnerId;
use polder_trust::keys::Identity;
use polder_trust::register::Status;
use serde_json::{Value, json};

/// The operations that everyone may call. This list may only become shorter.
const OPEN: [&str; 1] = ["get_openapi"];

/// An import that nobody opened.
const UNKNOWN: &str = "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77";

/// Every operation of the OpenAPI document: id, method, path with a key filled in, whether it asks for a token.
async fn operations(client: &Client) -> Vec<(String, String, String, bool)> {
    let response = client.request("GET", "/v1/openapi.json").send().await.expect("a response");
    let document: Value = response.json().await.expect("JSON");
    let mut all = Vec::new();
    for (path, item) in openapi::paths(&document) {
        for (method, operation) in item.iter().filter(|(_, operation)| operation.is_object()) {
            let id = operation["operationId"].as_str().expect("an id").to_owned();
            let asks = operation["security"].as_array().is_some_and(|list| !list.is_empty() && !list.contains(&json!({})));
            all.push((
                id,
                method.to_uppercase(),
                path.replace("{key}", "V-1")
                    .replace("{import}", UNKNOWN)
                    .replace("{part}", "1")
                    .replace("{number}", "1")
                    .replace("{consent}", &"0".repeat(32))
                    .replace("{webhook}", &"0".repeat(32))
                    .replace("{request}", &"0".repeat(32)),
                asks,
            ));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_but_one_asks_for_the_token() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    partners[0].limits.client_failed_tries_per_minute = 10_000;
    let node = start_all(&mut partners).await.pop().expect("a node");
    let (client, stranger) = (Client::of(&node), Client::of(&node).without_token());
    assert_eq!(client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let operations = operations(&stranger).await;
    assert_eq!(operations.len(), 71);
    let open: Vec<&str> = operations.iter().filter(|(.., asks)| !asks).map(|(id, ..)| id.as_str()).collect();
    assert_eq!(open, OPEN);

    let right = format!("Bearer {}", polder_federation_tests::http::token().reveal());
    let wrong = [
        Vec::new(),
        vec!["Bearer polder_op_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()],
        vec!["Bearer ".to_owned()],
        vec!["Bearer".to_owned()],
        vec![String::new()],
        vec![right.replace("Bearer", "Basic")],
        vec![right.replace("Bearer ", "")],
        vec![format!("{right}A")],
        vec![right[..right.len() - 1].to_owned()],
        vec![right.to_uppercase()],
        vec![right.clone(), right.clone()],
        vec![right.clone(), "Bearer x".to_owned()],
        vec![format!("{right}, {right}")],
        vec![format!("Bearer {}", "x".repeat(8_000))],
    ];
    for (id, method, path, asks) in &operations {
        for given in &wrong {
            let request = stranger.request(method, path).header("content-type", "application/json").body(vacancy("Gestolen").to_string());
            let request = given.iter().fold(request, |request, value| request.header("authorization", value));
            let response = request.send().await.expect("a response");
            if !asks {
                assert_eq!(response.status(), 200, "{id} is open");
                continue;
            }
            let challenge = response.headers()["www-authenticate"].to_str().expect("text").to_owned();
            let shows_a_token = matches!(given.as_slice(), [one] if one.to_lowercase().starts_with("bearer ") && one.len() > 7);
            let says = if shows_a_token { ", error=\"invalid_token\"" } else { ", DPoP algs=\"ES256 PS256 RS256 EdDSA\"" };
            assert_eq!(challenge, format!("Bearer realm=\"polder\"{says}"), "{id} with {given:?}");
            assert!(response.headers().contains_key("api-version"), "{id}");
            let refused = refused(response).await;
            assert_eq!(refused.is(), (401, "unauthenticated"), "{id} with {given:?}");
            let another_scheme = given.iter().any(|one| one.starts_with("Basic"));
            assert!(!another_scheme || refused.text.contains("send `DPoP …` or `Bearer …`"), "{id}: {}", refused.text);
            assert!(!refused.text.contains("polder_op_") && !refused.text.contains("Gestolen"), "{id}: {}", refused.text);
        }
    }
    // HEAD is as much as GET.
    let head = stranger.request("HEAD", "/v1/vacancies/V-1").send().await.expect("a response");
    assert_eq!(head.status(), 401);
    let there: Value = client.request("GET", "/v1/vacancies/V-1").send().await.expect("a response").json().await.expect("JSON");
    assert_eq!(there, vacancy("Monteur"), "nobody changed it");
    // The operator's port has nothing to read, and the peer interface is not on the client's port.
    for path in [QUERIES, DOCUMENTS, NODE, "/", "/v1", "/metrics"] {
        assert_eq!(refused(client.request("GET", path).send().await.expect("a response")).await.is(), (404, "not-found"), "{path}");
    }
}

/// The calls of the peer interface: method, path, body.
fn calls(asker: &Partner) -> [(&'static str, &'static str, Vec<u8>); 3] {
    let query = query(asker, SystemClock.now());
    let documents = json!({"query": query, "wanted": [{"key": "V-1", "version": 1}]});
    [("POST", QUERIES, query.to_string().into_bytes()), ("POST", DOCUMENTS, documents.to_string().into_bytes()), ("GET", NODE, Vec::new())]
}

/// Makes each call as that partner, signed by its key.
async fn call_all(peer: &Peer, asker: &Partner) -> Vec<Result<(u16, String), reqwest::Error>> {
    let mut outcomes = Vec::new();
    for (method, path, body) in calls(asker) {
        let headers = peer.signed(asker.identity.message_key(), method, path, &body, "find-work", SystemClock.now());
        outcomes.push(peer.call(method, path, headers, body).await);
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_need_a_certificate_of_an_active_member() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..4]);
    let nodes = start_all(&mut partners[..3]).await;
    let (home, member) = (&partners[0], &partners[1]);
    assert_eq!(Client::of(&nodes[0]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);

    let known = Peer::calling(home, &Shows::Certificate(&member.identity));
    for outcome in call_all(&known, member).await {
        let (status, text) = outcome.expect("a response");
        assert_eq!(status, 200, "{text}");
    }
    // Without a certificate, with one of nobody, with one of a partner that the register does not hold: no TLS.
    let nobody_id: PartnerId = PARTNERS[1].parse().expect("a partner");
    let place = directory.path().join("nobody");
    std::fs::create_dir(&place).expect("a directory");
    let nobody = Identity::create(&place, &nobody_id, "127.0.0.1", SystemClock.now()).expect("keys");
    let shown = [Shows::Nothing(&member.identity), Shows::Certificate(&nobody), Shows::Certificate(&partners[3].identity)];
    for shows in &shown {
        for outcome in call_all(&Peer::calling(home, shows), member).await {
            assert!(outcome.is_err(), "TLS is refused: {outcome:?}");
        }
    }
    // A member's certificate under another member's name: neither the signature nor the query is that member's.
    let other = Peer::calling(home, &Shows::Certificate(&partners[2].identity));
    for outcome in call_all(&other, member).await {
        let (status, text) = outcome.expect("a response");
        assert_eq!(refused_as(status, text).is(), (401, "unauthenticated"));
    }
    let (status, text) = other.post(partners[2].identity.message_key(), QUERIES, &query(member, SystemClock.now())).await;
    assert_eq!(refused_as(status, text).is(), (403, "forbidden"));

    // Suspended, then expelled: out at once, also on the connection that is open.
    for (version, status) in [(3, Status::Suspended), (5, Status::Expelled)] {
        let members = partners[..3].iter().map(|partner| {
            let mut member = partner.member.clone();
            member.status = if partner.id == partners[1].id { status } else { Status::Active };
            member
        });
        nodes[0].node.adopt(register_of_version(members, version)).await.expect("a later register");
        for outcome in call_all(&known, member).await {
            let (status, text) = outcome.expect("the connection is still open");
            assert_eq!(refused_as(status, text.clone()).is(), (403, "not-a-member"), "{text}");
            assert!(!text.contains("Monteur") && !text.contains("V-1"));
        }
        for outcome in call_all(&Peer::calling(home, &Shows::Certificate(&member.identity)), member).await {
            let (status, text) = outcome.expect("a connection, for register news alone");
            assert_eq!(refused_as(status, text).is(), (403, "not-a-member"));
        }
    }
    for outcome in call_all(&Peer::calling(home, &Shows::Certificate(&partners[2].identity)), &partners[2]).await {
        assert_eq!(outcome.expect("a response").0, 200, "the others go on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_sign_everything() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let nodes = start_all(&mut partners).await;
    assert_eq!(Client::of(&nodes[0]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    for (method, path, body) in calls(&partners[1]) {
        let mut plain = HeaderMap::new();
        plain.insert("content-type", "application/json".parse().expect("a value"));
        let (status, text) = peer.call(method, path, plain, body).await.expect("a response");
        let refused = refused_as(status, text);
        assert_eq!(refused.is(), (401, "unauthenticated"), "{path}");
        assert!(!refused.text.contains("V-1"), "{}", refused.text);
    }
}

/// A partner at another partner's address, with its own certificate: the question does not even get there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_partners_certificate_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let another = Arc::clone(&partners[2].identity);
    let liar = Liar::start(&mut partners[1], &another, register()).await;
    let document = vacancy("Monteur").to_string();
    let published = liar.node.publish(
        polder_model::Kind::Vacancy,
        "V-1".parse().expect("a key"),
        document.as_bytes(),
        polder_store::Precondition::None,
    );
    published.await.expect("an offer");
    let node = partners[0].start(register()).await;
    let (status, result) = Client::of(&node).query(&json!({"kind": "vacancy", "text": "monteur", "deadlineMs": 1000})).await;
    assert_eq!((status, &result["hits"]), (200, &json!([])));
    let reasons: Vec<&Value> = result["missing"].as_array().expect("a list").iter().map(|missing| &missing["reason"]).collect();
    assert_eq!(reasons[0], "unreachable", "{result}");
}
