//! What a peer sends must be signed as the profile says, fresh, unseen, and a question that may be asked.

use http::{HeaderMap, HeaderName, HeaderValue};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, start_all, start_by_clock, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{DOCUMENTS, NODE, PEOPLE, Peer, QUERIES, Shows, query};
use polder_federation_tests::problems::{outcome, refused_as};
use polder_model::Timestamp;
use polder_web::RunningNode;
use serde_json::{Value, json};

/// A node (0) and a member (1) that calls it by hand.
struct Stage {
    partners: Vec<Partner>,
    nodes: Vec<RunningNode>,
    _directory: tempfile::TempDir,
}

impl Stage {
    async fn set() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut partners = partners(directory.path(), &PARTNERS[..2]);
        let nodes = start_all(&mut partners).await;
        assert_eq!(Client::of(&nodes[0]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
        Self { partners, nodes, _directory: directory }
    }

    fn peer(&self) -> Peer {
        Peer::calling(&self.partners[0], &Shows::Certificate(&self.partners[1].identity))
    }

    fn query(&self) -> Value {
        query(&self.partners[1], SystemClock.now())
    }

    fn signed(&self, peer: &Peer, path: &str, body: &Value) -> HeaderMap {
        let body = body.to_string().into_bytes();
        peer.signed(self.partners[1].identity.message_key(), "POST", path, &body, "find-work", SystemClock.now())
    }

    async fn post(&self, body: &Value) -> (u16, String) {
        self.peer().post(self.partners[1].identity.message_key(), QUERIES, body).await
    }
}

async fn refused(peer: &Peer, path: &str, headers: HeaderMap, body: &Value) -> (u16, String) {
    let (status, text) = peer.call("POST", path, headers, body.to_string().into_bytes()).await.expect("a response");
    let refused = refused_as(status, text);
    assert!(!refused.text.contains("V-1") && !refused.text.contains("Monteur"), "{}", refused.text);
    (status, refused.name)
}

fn is(status: u16, name: &str) -> (u16, String) {
    (status, name.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_request_counts_once() {
    let stage = Stage::set().await;
    let (peer, query) = (stage.peer(), stage.query());
    let headers = stage.signed(&peer, QUERIES, &query);
    let body = || query.to_string().into_bytes();
    let (status, text) = peer.call("POST", QUERIES, headers.clone(), body()).await.expect("a response");
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("V-1"), "{text}");
    for _ in 0..2 {
        assert_eq!(refused(&peer, QUERIES, headers.clone(), &query).await, is(409, "replayed"));
        // Elsewhere the signature does not even hold: the address is signed.
        assert_eq!(refused(&peer, DOCUMENTS, headers.clone(), &query).await, is(401, "unauthenticated"));
        assert_eq!(refused(&peer, "/peer/v1/queries?again", headers.clone(), &query).await, is(401, "unauthenticated"));
    }
    // Over another connection too.
    assert_eq!(refused(&stage.peer(), QUERIES, headers, &query).await, is(409, "replayed"));
    // At another node of the federation neither: its address is another.
    let elsewhere = Peer::calling(&stage.partners[1], &Shows::Certificate(&stage.partners[0].identity));
    let headers = peer.signed(stage.partners[0].identity.message_key(), "POST", QUERIES, &body(), "find-work", SystemClock.now());
    assert_eq!(refused(&elsewhere, QUERIES, headers, &query).await, is(401, "unauthenticated"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_covers_what_it_must_or_does_not_count() {
    let stage = Stage::set().await;
    let (peer, query) = (stage.peer(), stage.query());
    let changed = |name: &'static str, from: &str, to: &str| {
        let mut headers = stage.signed(&peer, QUERIES, &query);
        let text = headers[name].to_str().expect("text").to_owned();
        assert!(text.contains(from), "{name}: {text}");
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&text.replacen(from, to, 1)).expect("a value"));
        headers
    };
    let input = "signature-input";
    let mut tried = vec![
        changed(input, " \"polder-purpose\"", ""),
        changed(input, "\"@method\" ", ""),
        changed(input, "\"content-digest\" ", ""),
        changed(input, "\"@method\" \"@target-uri\"", "\"@target-uri\" \"@method\""),
        changed(input, "tag=\"polder-1\"", "tag=\"polder-2\""),
        changed(input, ";tag=\"polder-1\"", ""),
        changed(input, ";tag=\"polder-1\"", ";tag=\"polder-1\";alg=\"ed25519\""),
        changed(input, "polder=", "sig1="),
        changed(input, "created=", "created=0"),
        changed(input, ";nonce=\"", ";nonce=\"A"),
        changed(input, "keyid=\"", "keyid=\"00"),
        changed("signature", "polder=:", "sig1=:"),
        changed("signature", "polder=:", "polder=:AAAA"),
        changed("polder-purpose", "find-work", "find-training"),
        changed("polder-register", "v=1", "v=2"),
        changed("content-type", "json", "jsonx"),
    ];
    // A key that is not this member's, but another's.
    let body = query.to_string().into_bytes();
    tried.push(peer.signed(stage.partners[0].identity.message_key(), "POST", QUERIES, &body, "find-work", SystemClock.now()));
    tried.push(peer.signed(stage.partners[1].identity.message_key(), "PUT", QUERIES, &body, "find-work", SystemClock.now()));
    // Two labels, in one header and in two; a header that is covered twice or not there.
    for together in [true, false] {
        for name in [input, "signature"] {
            let mut headers = stage.signed(&peer, QUERIES, &query);
            let text = headers[name].to_str().expect("text").to_owned();
            let second = text.replacen("polder=", "sig1=", 1);
            if together {
                headers.insert(HeaderName::from_static(name), format!("{text}, {second}").parse().expect("a value"));
            } else {
                headers.append(HeaderName::from_static(name), second.parse().expect("a value"));
            }
            tried.push(headers);
        }
    }
    for name in ["signature", input, "content-digest", "polder-register", "polder-purpose", "content-type"] {
        let mut headers = stage.signed(&peer, QUERIES, &query);
        headers.remove(name);
        tried.push(headers);
        let mut headers = stage.signed(&peer, QUERIES, &query);
        headers.append(HeaderName::from_static(name), headers[name].clone());
        tried.push(headers);
    }
    for (number, headers) in tried.into_iter().enumerate() {
        assert_eq!(refused(&peer, QUERIES, headers.clone(), &query).await, is(401, "unauthenticated"), "{number}: {headers:?}");
    }
    // The digest is that of another body.
    let mut other = query.clone();
    other["limit"] = json!(100);
    let headers = stage.signed(&peer, QUERIES, &query);
    assert_eq!(refused(&peer, QUERIES, headers, &other).await, is(401, "unauthenticated"));
    assert_eq!(stage.post(&query).await.0, 200, "what is signed as it should be still counts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_may_differ_by_half_a_minute() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let (node, clock) = start_by_clock(&mut partners).await;
    let start = clock.now();
    // What was made before the node started is refused: it may have been seen.
    let now = start.plus_seconds(600);
    clock.set(now);
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    let call = async |signed_at: Timestamp, as_of: Timestamp| {
        let body = query(&partners[1], as_of).to_string().into_bytes();
        let headers = peer.signed(partners[1].identity.message_key(), "POST", QUERIES, &body, "find-work", signed_at);
        outcome(peer.call("POST", QUERIES, headers, body).await.expect("a response"))
    };
    // A signature lives for 60 s: made 89 s ago it ran out 29 s ago.
    for (signed, as_of, outcome) in [
        (0, 0, "fine"),
        (29, 0, "fine"),
        (31, 0, "clock-skew"),
        (-89, 0, "fine"),
        (-91, 0, "clock-skew"),
        (0, 29, "fine"),
        (0, 31, "clock-skew"),
        (0, -29, "fine"),
        (0, -31, "clock-skew"),
        (-601, 0, "clock-skew"),
    ] {
        assert_eq!(call(now.plus_seconds(signed), now.plus_seconds(as_of)).await, outcome, "signed {signed} s, asOf {as_of} s off");
    }
    // A message of before the start, which no cache of this process has seen.
    clock.set(start.plus_seconds(5));
    assert_eq!(call(start.plus_seconds(-2), start).await, "clock-skew");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_that_may_not_be_asked_are_not_answered() {
    let stage = Stage::set().await;
    let asked = |change: &dyn Fn(&mut Value)| {
        let mut query = stage.query();
        change(&mut query);
        query
    };
    let set = |path: &'static str, value: Value| asked(&move |query| *query.pointer_mut(path).expect("a member") = value.clone());
    for (query, status, name) in [
        (set("/hops", json!(2)), 400, "hop-limit"),
        (set("/hops", json!(0)), 400, "hop-limit"),
        (set("/hops", json!(300)), 400, "invalid-request"),
        (set("/ranking", json!("polder-2")), 400, "ranking-unsupported"),
        (set("/asker", json!(PARTNERS[0])), 403, "forbidden"),
        (set("/limit", json!(101)), 400, "invalid-request"),
        (set("/deadlineMs", json!(10_001)), 400, "invalid-request"),
        (set("/tieKey", json!("00112233445566778899AABBCCDDEEFF")), 400, "invalid-request"),
        (set("/criteria", json!({"text": [{"term": "geheim-4711", "weight": 101}]})), 400, "invalid-request"),
        (asked(&|query| query["geheim-4711"] = json!(1)), 400, "invalid-request"),
        (json!("geheim-4711"), 400, "invalid-request"),
    ] {
        let (found, text) = stage.post(&query).await;
        let refused = refused_as(found, text);
        assert_eq!(refused.is(), (status, name), "{query}");
        assert!(!refused.text.contains("geheim-4711"), "{}", refused.text);
    }
    // A body over its bound, nesting, keys twice, and a purpose other than the signed one.
    let key = stage.partners[1].identity.message_key();
    let peer = stage.peer();
    let query = stage.query();
    let text = query.to_string();
    let twice = text.replacen("\"hops\":1", "\"hops\":1,\"hops\":1", 1);
    let deep = text.replacen("\"criteria\":{", &format!("\"criteria\":{{\"deep\":{}{},", "[".repeat(50_000), "]".repeat(50_000)), 1);
    for (body, status, name) in [
        (format!("{text}{}", " ".repeat(300 * 1024)), 413, "too-large"),
        (twice, 400, "invalid-request"),
        (deep, 400, "invalid-request"),
        (text[..text.len() - 1].to_owned(), 400, "invalid-request"),
    ] {
        for path in [QUERIES, DOCUMENTS] {
            let headers = peer.signed(key, "POST", path, body.as_bytes(), "find-work", SystemClock.now());
            let (found, text) = peer.call("POST", path, headers, body.clone().into_bytes()).await.expect("a response");
            assert_eq!(refused_as(found, text).is(), (status, name), "{path}");
        }
    }
    let headers = peer.signed(key, "POST", QUERIES, text.as_bytes(), "find-training", SystemClock.now());
    assert_eq!(refused(&peer, QUERIES, headers, &query).await, is(400, "invalid-request"));
    let many: Vec<Value> = (0..121).map(|number| json!({"key": format!("V-{number}"), "version": 1})).collect();
    let (status, text) = peer.post(key, DOCUMENTS, &json!({"query": stage.query(), "wanted": many})).await;
    assert_eq!(refused_as(status, text).is(), (400, "invalid-request"));
    assert_eq!(stage.post(&stage.query()).await.0, 200);
}

/// Without a consent nothing of a stored skill offer is in any reply, whoever asks for it, and how.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_about_people_leaves_a_node() {
    let stage = Stage::set().await;
    let client = Client::of(&stage.nodes[0]);
    let offer = json!({"title": "Monteur geheim-4711", "skills": [{"uri": "http://data.europa.eu/esco/skill/geheim-4712"}]});
    assert_eq!(client.put("/v1/skill-offers/geheim-4713", offer.to_string()).await.status(), 201);
    for purpose in [None, Some("match-vacancy"), Some("find-work"), Some("regional-statistics")] {
        let mut request = json!({"kind": "skill-offer", "text": "monteur"});
        if let Some(purpose) = purpose {
            request["purpose"] = json!(purpose);
        }
        let (status, text) = client.query(&request).await;
        assert_eq!(refused_as(status, text.to_string()).is(), (400, "invalid-request"), "{purpose:?}");
    }

    let (peer, key) = (stage.peer(), stage.partners[1].identity.message_key());
    let wanted = json!([{"key": "geheim-4713", "version": 1}]);
    let mut replies = Vec::new();
    for (kind, purpose) in
        [("skill-offer", "match-vacancy"), ("skill-offer", "be-contacted"), ("vacancy", "find-work"), ("training", "find-training")]
    {
        let mut query = stage.query();
        (query["kind"], query["purpose"]) = (json!(kind), json!(purpose));
        query["criteria"] = json!({});
        if kind == "skill-offer" {
            query["about"] = json!({"kind": "vacancy", "key": "V-1"});
            replies.push((kind, peer.post(key, PEOPLE, &query).await));
        }
        replies.push((kind, peer.post(key, QUERIES, &query).await));
        replies.push((kind, peer.post(key, DOCUMENTS, &json!({"query": query, "wanted": wanted})).await));
    }
    let headers = peer.signed(key, "GET", NODE, b"", "none", SystemClock.now());
    replies.push(("", peer.call("GET", NODE, headers, Vec::new()).await.expect("a response")));
    for (kind, (status, text)) in replies {
        if kind == "skill-offer" {
            let is = refused_as(status, text.clone());
            assert!(matches!(is.is(), (403, "purpose-not-allowed") | (400, "invalid-request")), "{:?}", is.is());
        }
        // The name of an offer that was asked for comes back as gone, which says nothing: a made-up name does as well.
        let text = text.replace("\"gone\":[\"geheim-4713\"]", "");
        assert!(!text.contains("geheim-471"), "{kind}: {text}");
    }
    // Another partner's question in free words does not find it either.
    let (status, result) = Client::of(&stage.nodes[1]).query(&json!({"kind": "vacancy", "text": "monteur"})).await;
    assert_eq!(status, 200);
    assert!(result["hits"].as_array().is_some_and(|hits| hits.len() == 1) && !result.to_string().contains("geheim-471"), "{result}");
}
