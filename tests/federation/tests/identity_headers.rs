//! Who calls is told by the token, or by the key of the connection and the signature: no header says it, whatever a proxy elsewhere might have put there.

use http::{HeaderMap, HeaderName};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, start_all, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{NODE, Peer, QUERIES, Shows, query};
use polder_federation_tests::problems::{refused, refused_as};
use serde_json::{Value, json};

/// What proxies put there, and those who would like to be taken for one.
fn claims(as_whom: &str) -> Vec<(&'static str, String)> {
    [
        "x-client-cert",
        "x-forwarded-client-cert",
        "x-ssl-client-cert",
        "x-ssl-client-s-dn",
        "client-cert",
        "x-forwarded-user",
        "x-remote-user",
        "x-polder-partner",
        "fsc-authorization",
        "fsc-grant-hash",
        "x-real-ip",
    ]
    .into_iter()
    .map(|name| (name, as_whom.to_owned()))
    .chain([
        ("x-ssl-client-verify", "SUCCESS".to_owned()),
        ("x-forwarded-for", "127.0.0.1".to_owned()),
        ("forwarded", format!("for=127.0.0.1;by={as_whom};proto=https")),
        ("x-forwarded-proto", "https".to_owned()),
        ("x-original-url", "/v1/openapi.json".to_owned()),
        ("x-rewrite-url", "/v1/openapi.json".to_owned()),
    ])
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_header_makes_a_client_known_or_a_request_another() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    let node = start_all(&mut partners).await.pop().expect("a node");
    let (client, stranger) = (Client::of(&node), Client::of(&node).without_token());
    assert_eq!(client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let all = claims(PARTNERS[0]);
    for method in ["GET", "DELETE"] {
        for some in all.iter().map(std::slice::from_ref).chain([all.as_slice()]) {
            let request = stranger.request(method, "/v1/vacancies/V-1");
            let request = some.iter().fold(request, |request, (name, value)| request.header(*name, value));
            assert_eq!(refused(request.send().await.expect("a response")).await.is(), (401, "unauthenticated"), "{some:?}");
        }
    }
    // Nor does one change what is asked: a read stays a read, of that offer.
    let request =
        client.request("GET", "/v1/vacancies/V-1").header("x-http-method-override", "DELETE").header("x-method-override", "DELETE");
    let request = all.iter().fold(request, |request, (name, value)| request.header(*name, value));
    for _ in 0..2 {
        let read = request.try_clone().expect("no body").send().await.expect("a response");
        assert_eq!((read.status().as_u16(), read.json::<Value>().await.expect("JSON")), (200, vacancy("Monteur")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_header_makes_a_peer_another() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let nodes = start_all(&mut partners).await;
    assert_eq!(Client::of(&nodes[0]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let (member, other) = (&partners[1], &partners[2]);
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&member.identity));
    let claimed = |mut headers: HeaderMap| {
        for (name, value) in claims(other.id.as_str()) {
            headers.insert(HeaderName::from_static(name), value.parse().expect("a value"));
        }
        headers
    };
    let call = async |key, method: &str, path: &str, body: Vec<u8>| {
        let headers = claimed(peer.signed(key, method, path, &body, "find-work", SystemClock.now()));
        peer.call(method, path, headers, body).await.expect("a response")
    };
    let own = member.identity.message_key();
    // It is itself, with or without them.
    assert_eq!(call(own, "POST", QUERIES, query(member, SystemClock.now()).to_string().into_bytes()).await.0, 200);
    // It is not the one that it says it is: neither as who asks nor as who signs.
    let (status, text) = call(own, "POST", QUERIES, query(other, SystemClock.now()).to_string().into_bytes()).await;
    assert_eq!(refused_as(status, text).is(), (403, "forbidden"));
    let (status, text) = call(other.identity.message_key(), "GET", NODE, Vec::new()).await;
    assert_eq!(refused_as(status, text).is(), (401, "unauthenticated"));
    assert!(logs::panics().is_empty());
}

/// An address between nodes has one form: whatever else it is written like is no address, however well it is signed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_between_nodes_has_one_form() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let nodes = start_all(&mut partners).await;
    assert_eq!(Client::of(&nodes[0]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    let key = partners[1].identity.message_key();
    let body = json!(query(&partners[1], SystemClock.now())).to_string().into_bytes();
    for (path, allowed) in [
        (QUERIES, &[200][..]),
        ("//peer/v1/queries", &[404]),
        ("/peer//v1/queries", &[404]),
        ("/peer/v1/queries/", &[404]),
        ("/peer/v1/queries;a=b", &[404]),
        ("/PEER/v1/queries", &[404]),
        ("/peer/v1/Queries", &[404]),
        ("/peer/v1/queries%20", &[404]),
        ("/peer/v1/%71ueries", &[404]),
        ("/peer%2fv1/queries", &[404]),
        ("/.well-known/polder-register/members/1/01", &[405, 404]),
    ] {
        let headers = peer.signed(key, "POST", path, &body, "find-work", SystemClock.now());
        let (status, text) = peer.call("POST", path, headers, body.clone()).await.expect("a response");
        assert!(allowed.contains(&status), "{path}: {status} {text}");
    }
}
