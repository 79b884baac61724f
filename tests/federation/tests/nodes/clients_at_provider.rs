//! Systems whose tokens come from the partner's own authorization server, and systems with keys of RSA.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get;
use jsonwebtoken::{Algorithm, Header};
use polder_federation_tests::ats::{Ats, Key, register, unguessable};
use polder_federation_tests::http::{Client, one_node, partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_web::TokensOf;
use serde_json::{Value, json};

const READ: [&str; 2] = ["vacancy:read", "vacancy:write"];
const ORGANISATIONS: [&str; 1] = ["kvk:00000001"];

/// What is changed of a token that is right.
type Change = (&'static str, fn(&mut Value));

/// An authorization server of a partner: where its keys are, and how often they were read.
struct Provider {
    key: Key,
    issuer: String,
    read: Arc<AtomicUsize>,
}

impl Provider {
    async fn start(algorithm: Algorithm) -> Self {
        let key = if algorithm == Algorithm::ES256 { Key::fresh() } else { Key::rsa(algorithm) };
        let mut public = key.public();
        public["kid"] = json!("2026");
        let (read, keys) = (Arc::new(AtomicUsize::new(0)), json!({"keys": [{"kty": "unheard-of"}, public]}));
        let counted = Arc::clone(&read);
        let jwks = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(axum::Json(keys.clone()))
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/jwks", get(jwks))).await });
        Self { key, issuer, read }
    }

    fn tokens_of(&self) -> TokensOf {
        let algorithm = format!("{:?}", self.key.algorithm);
        TokensOf {
            issuer: self.issuer.clone(),
            audience: "https://node.example".to_owned(),
            keys: format!("{}/jwks", self.issuer),
            algorithm,
        }
    }

    fn claims(&self, of: &Ats) -> Value {
        let now = jsonwebtoken::get_current_timestamp();
        json!({"iss": self.issuer, "aud": "https://node.example", "sub": "4711", "azp": "werf-at-provider", "iat": now, "exp": now + 300,
               "jti": unguessable(), "scope": "openid vacancy:read skill-offer:match", "cnf": {"jkt": of.key.thumbprint()}})
    }

    fn token(&self, claims: &Value, kid: &str) -> String {
        let mut header = Header::new(self.key.algorithm);
        (header.kid, header.typ) = (Some(kid.to_owned()), Some("at+jwt".to_owned()));
        self.key.sign(&header, claims)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_the_partners_own_server_count_for_no_more_than_is_registered() {
    for algorithm in [Algorithm::RS256, Algorithm::ES256] {
        let provider = Provider::start(algorithm).await;
        let directory = tempfile::tempdir().expect("a directory");
        let mut one = partners(directory.path(), &PARTNERS[..1]);
        one[0].tokens_of = Some(provider.tokens_of());
        let node = start_all(&mut one).await.pop().expect("a node");
        let mut ats = Ats::new(&node, "werf");
        let mut document = ats.document(&READ, &ORGANISATIONS);
        document.as_object_mut().expect("an object").remove("keys");
        document["providerClient"] = json!("werf-at-provider");
        ats.take_token(&provider.token(&provider.claims(&ats), "2026"));
        assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401, "nobody is registered under that name");
        register(&node, "werf", &document).await;
        assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
        assert_eq!(ats.call("PUT", "/v1/vacancies/V-1", Some(&json!({}))).await.0, 403, "a scope that the token has not");
        assert_eq!(ats.call("GET", "/v1/erasures", None).await.0, 403, "a scope that the client has not here");
        assert_eq!(ats.call("GET", "/v1/trainings", None).await.0, 403);

        let wrong: [Change; 13] = [
            ("another issuer", |claims| claims["iss"] = json!("https://else.example")),
            ("another audience", |claims| claims["aud"] = json!("https://else.example")),
            ("a list of audiences", |claims| claims["aud"] = json!(["https://node.example", "https://else.example"])),
            ("no audience", |claims| drop(claims.as_object_mut().expect("claims").remove("aud"))),
            ("over", |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap_or(0) - 1)),
            ("for days", |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap_or(0) + 86_400)),
            ("made later", |claims| {
                claims["iat"] = json!(claims["iat"].as_i64().unwrap_or(0) + 120);
                claims["exp"] = json!(claims["exp"].as_i64().unwrap_or(0) + 120);
            }),
            ("not yet", |claims| claims["nbf"] = json!(claims["iat"].as_i64().unwrap_or(0) + 120)),
            ("another client", |claims| claims["azp"] = json!("other")),
            ("no client", |claims| drop(claims.as_object_mut().expect("claims").remove("azp"))),
            ("bound to nothing", |claims| drop(claims.as_object_mut().expect("claims").remove("cnf"))),
            ("bound to another key", |claims| claims["cnf"] = json!({"jkt": "AAAA"})),
            ("bound to a certificate", |claims| claims["cnf"] = json!({"x5t#S256": "AAAA"})),
        ];
        for (what, change) in wrong {
            let mut claims = provider.claims(&ats);
            change(&mut claims);
            ats.take_token(&provider.token(&claims, "2026"));
            assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401, "{what}");
        }
        // By another key, by another algorithm, as another kind of token, and under a key that is not there: they make nobody ask again and again.
        let claims = provider.claims(&ats);
        let stranger = Provider { key: Key::fresh(), issuer: provider.issuer.clone(), read: Arc::default() };
        let mut id_token = Header::new(algorithm);
        (id_token.kid, id_token.typ) = (Some("2026".to_owned()), Some("id+jwt".to_owned()));
        let by_secret = {
            let key = jsonwebtoken::EncodingKey::from_secret(provider.key.public().to_string().as_bytes()).expect("a secret");
            let mut header = Header::new(Algorithm::HS256);
            header.kid = Some("2026".to_owned());
            jsonwebtoken::encode(&header, &claims, &key).expect("signed")
        };
        for (what, token) in [
            ("another key", stranger.token(&claims, "2026")),
            ("another kind of token", provider.key.sign(&id_token, &claims)),
            ("a secret", by_secret),
            ("no such key", provider.token(&claims, "2027")),
            ("no such key either", provider.token(&claims, "../2026")),
        ] {
            ats.take_token(&token);
            assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401, "{what}");
        }
        assert_eq!(provider.read.load(Ordering::SeqCst), 1, "keys are read once a minute at most");
        // Without a proof it is worth nothing, and once the client has ended, neither.
        let token = provider.token(&claims, "2026");
        let bare = ats.bare("GET", "/v1/vacancies").bearer_auth(&token).send().await.expect("a response");
        assert_eq!(bare.status().as_u16(), 401);
        ats.take_token(&token);
        assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
        assert_eq!(Client::of(&node).request("DELETE", "/v1/clients/werf").send().await.expect("a response").status().as_u16(), 204);
        assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_two_clients_have_is_nobodys() {
    let provider = Provider::start(Algorithm::ES256).await;
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    one[0].tokens_of = Some(provider.tokens_of());
    let node = start_all(&mut one).await.pop().expect("a node");
    let mut ats = Ats::new(&node, "werf");
    let mut document = ats.document(&READ, &ORGANISATIONS);
    document["providerClient"] = json!("werf-at-provider");
    register(&node, "werf", &document).await;
    ats.take_token(&provider.token(&provider.claims(&ats), "2026"));
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
    register(&node, "other", &document).await;
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401);
    // A node that was told of no such server takes none of its tokens.
    let elsewhere = tempfile::tempdir().expect("a directory");
    let without = one_node(elsewhere.path()).await;
    let mut ats = Ats::new(&without, "werf");
    register(&without, "werf", &document).await;
    ats.take_token(&provider.token(&provider.claims(&ats), "2026"));
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_rsa_signs_by_its_own_algorithm_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    for (algorithm, other) in [(Algorithm::RS256, Algorithm::PS256), (Algorithm::PS256, Algorithm::RS256)] {
        let id = format!("{algorithm:?}");
        let mut ats = Ats::new(&node, &id);
        ats.key = Key::rsa(algorithm);
        register(&node, &id, &ats.document(&READ, &ORGANISATIONS)).await;
        ats.log_in("").await;
        assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200, "{algorithm:?}");
        ats.key.algorithm = other;
        assert_eq!(ats.token_by(Ats::claims, "").await.0, 401, "{other:?} by a key for {algorithm:?}");
    }
    // A key that does not say so is for PS256.
    let mut ats = Ats::new(&node, "silent");
    ats.key = Key::rsa(Algorithm::RS256);
    let mut document = ats.document(&READ, &ORGANISATIONS);
    document["keys"][0].as_object_mut().expect("a key").remove("alg");
    register(&node, "silent", &document).await;
    assert_eq!(ats.token_by(Ats::claims, "").await.0, 401);
    let metadata = ats.bare("GET", "/.well-known/oauth-authorization-server").send().await.expect("a response");
    let metadata: Value = metadata.json().await.expect("JSON");
    let named = &metadata["token_endpoint_auth_signing_alg_values_supported"];
    assert!(named.as_array().is_some_and(|all| all.contains(&json!("RS256"))), "{metadata}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_on_failing_has_to_wait_and_keeps_nobody_else_out() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let mut ats = Ats::new(&node, "ats");
    register(&node, "ats", &ats.document(&READ, &ORGANISATIONS)).await;
    ats.log_in("").await;
    let mut thief = Ats::new(&node, "ats");
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(thief.token_by(Ats::claims, "").await);
    }
    let tried = statuses.iter().filter(|(status, _)| *status == 401).count();
    assert!((10..=11).contains(&tried), "{tried}");
    let (status, reply) = statuses.pop().expect("a status");
    assert_eq!((status, &reply["error"]), (429, &json!("slow_down")), "{reply}");
    // From there nobody gets one as that client, whatever they show; elsewhere the client goes on, and so do others from there.
    assert_eq!(ats.token_by(Ats::claims, "").await.0, 429);
    let mut other = Ats::new(&node, "other");
    register(&node, "other", &other.document(&READ, &ORGANISATIONS)).await;
    other.log_in("").await;
    let mut ats = ats.calling_from([127, 0, 1, 2].into());
    ats.log_in("").await;
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
}
