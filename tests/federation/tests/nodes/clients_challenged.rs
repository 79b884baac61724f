//! What a caller is told of a token that does not do.

use std::time::Duration;

use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::http::{Client, partners, start_by_clock};
use polder_federation_tests::offers::PARTNERS;

/// The challenges of RFC 6750 and RFC 9449: a client reads there what to do, and nobody what a token once was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_token_is_said_in_the_words_of_its_scheme() {
    const ALGORITHMS: &str = "algs=\"ES256 PS256 RS256 EdDSA\"";
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    let (node, clock) = start_by_clock(&mut one).await;
    let (mut ats, mut ended) = (Ats::new(&node, "ats"), Ats::new(&node, "ended"));
    for system in [&mut ats, &mut ended] {
        register(&node, &system.id, &system.document(&["vacancy:read"], &["kvk:00000001"])).await;
        system.log_in("").await;
    }
    let path = "/v1/vacancies";
    let challenge = async |request: reqwest::RequestBuilder, status: u16| {
        let response = request.send().await.expect("a response");
        assert_eq!(response.status().as_u16(), status);
        response.headers()["www-authenticate"].to_str().expect("text").to_owned()
    };
    let with = |authorization: &str| ats.bare("GET", path).header("authorization", authorization);
    let none = format!("Bearer realm=\"polder\", DPoP {ALGORITHMS}");
    assert_eq!(challenge(ats.bare("GET", path), 401).await, none, "no token came");
    assert_eq!(challenge(with("Basic YTpi"), 401).await, none, "nor here");
    let unknown = "Bearer realm=\"polder\", error=\"invalid_token\"";
    for token in ["polder_op_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "polder_wk_AAAA", "x", "a.b.c"] {
        assert_eq!(challenge(with(&format!("Bearer {token}")), 401).await, unknown, "{token}");
    }
    // Forged, never known, bound and sent as if it were not, ended, and run out: all the same.
    let bound = format!("DPoP error=\"invalid_token\", {ALGORITHMS}");
    let token = ats.token().to_owned();
    assert_eq!(challenge(with(&format!("Bearer {token}")), 401).await, bound);
    let forged = token.replacen('.', ".A", 1);
    for token in [forged.as_str(), "a.b.c"] {
        let proof = ats.proof("GET", path, Some(token));
        assert_eq!(challenge(with(&format!("DPoP {token}")).header("dpop", proof), 401).await, bound);
    }
    assert_eq!(Client::of(&node).request("DELETE", "/v1/clients/ended").send().await.expect("a response").status().as_u16(), 204);
    assert_eq!(challenge(ended.request("GET", path), 401).await, bound);
    // A scope is named where just one would do, and a system can have it.
    let lacks = |named: &str| format!("DPoP error=\"insufficient_scope\"{named}, {ALGORITHMS}");
    let refused = [
        ("GET", "/v1/trainings", ", scope=\"training:read\""),
        ("GET", "/v1/erasures", ""),
        ("GET", "/v1/clients", ""),
        ("GET", "/v1/me/consents", ""),
    ];
    for (method, path, named) in refused {
        assert_eq!(challenge(ats.request(method, path), 403).await, lacks(named), "{path}");
    }
    let response = ats.request("GET", "/v1/erasures").send().await.expect("a response");
    assert!(response.text().await.expect("text").contains("one of the scopes skill-offer:match, application:read"));
    let operator = Client::of(&node).request("GET", "/v1/me/consents");
    assert_eq!(challenge(operator, 403).await, "Bearer realm=\"polder\", error=\"insufficient_scope\"");
    clock.pass(Duration::from_secs(301));
    ats.ahead = 301;
    assert_eq!(challenge(ats.request("GET", path), 401).await, bound);
}
