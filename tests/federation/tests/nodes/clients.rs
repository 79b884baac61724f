//! Systems of a partner: how they are registered, show who they are, and what they may then do.

use polder_federation_tests::ats::{Ats, Key, register, unguessable};
use polder_federation_tests::browser::{Browser, hidden, staff, with_people};
use polder_federation_tests::http::{Client, one_node, partners, start_all, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_store::people::Role;
use polder_web::RunningNode;
use serde_json::{Value, json};

const WRITE: [&str; 2] = ["vacancy:read", "vacancy:write"];

/// What is changed of something that is right.
type Change = Box<dyn Fn(&mut Value)>;

async fn registered(node: &RunningNode, id: &str, scopes: &[&str], organisations: &[&str]) -> Ats {
    let ats = Ats::new(node, id);
    register(node, id, &ats.document(scopes, organisations)).await;
    ats
}

fn vacancy_of(kvk: &str, title: &str) -> Value {
    let mut offer = vacancy(title);
    offer["employer"]["kvk"] = json!(kvk);
    offer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_publishes_for_its_own_organisations_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let mut one = registered(&node, "ats-one", &WRITE, &["kvk:00000001"]).await;
    let mut other = registered(&node, "ats-other", &["vacancy:read", "vacancy:write", "training:read"], &["kvk:00000002"]).await;
    one.log_in("").await;
    other.log_in("").await;

    let (status, reply) = one.call("PUT", "/v1/vacancies/V-1", Some(&vacancy_of("00000001", "Lasser"))).await;
    assert_eq!(status, 201, "{reply}");
    let (status, _) = other.call("PUT", "/v1/vacancies/W-1", Some(&vacancy_of("00000002", "Kok"))).await;
    assert_eq!(status, 201);

    // For another organisation, and for the partner itself.
    for offer in [vacancy_of("00000002", "Kok"), vacancy("Kok")] {
        let (status, reply) = one.call("PUT", "/v1/vacancies/V-2", Some(&offer)).await;
        assert_eq!((status, &reply["findings"][0]["pointer"]), (403, &json!("/employer/kvk")), "{reply}");
        assert_eq!(reply["type"], "urn:polder:problem:forbidden", "{reply}");
    }
    // What is another's is neither replaced, read, listed, followed nor deleted.
    let (status, reply) = one.call("PUT", "/v1/vacancies/W-1", Some(&vacancy_of("00000001", "Kok"))).await;
    assert_eq!(status, 403, "{reply}");
    assert_eq!(one.call("GET", "/v1/vacancies/W-1", None).await.0, 404);
    assert_eq!(one.call("DELETE", "/v1/vacancies/W-1", None).await.0, 204, "as of one that was never there");
    assert_eq!(other.call("GET", "/v1/vacancies/W-1", None).await.0, 200);
    let keys = |list: &Value| list["items"].as_array().into_iter().flatten().map(|item| item["key"].clone()).collect::<Vec<_>>();
    assert_eq!(keys(&one.call("GET", "/v1/vacancies", None).await.1), ["V-1"]);
    assert_eq!(keys(&one.call("GET", "/v1/changes", None).await.1), ["V-1"]);
    assert_eq!(keys(&other.call("GET", "/v1/changes?limit=1000", None).await.1), ["W-1"]);
    let lines = one.request("GET", "/v1/vacancies").header("accept", "application/x-ndjson").send().await.expect("a response");
    let lines = lines.text().await.expect("text");
    assert!(lines.contains("V-1") && !lines.contains("W-1"), "{lines}");

    // In bulk it is the same.
    let (status, import) = one.call("POST", "/v1/imports", Some(&json!({"collection": "vacancies"}))).await;
    assert_eq!(status, 201, "{import}");
    let part = format!("/v1/imports/{}/parts/1", import["id"].as_str().expect("an id"));
    let line = |key: &str, offer: Value| json!({"key": key, "document": offer}).to_string();
    let body = [
        line("V-3", vacancy_of("00000001", "Lasser")),
        line("V-4", vacancy_of("00000002", "Lasser")),
        line("W-1", vacancy_of("00000001", "Lasser")),
    ];
    let reply =
        one.request("PUT", &part).header("content-type", "application/x-ndjson").body(body.join("\n")).send().await.expect("a response");
    let reply = reply.text().await.expect("text");
    let outcomes: Vec<Value> = reply.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["outcome"].clone()).collect();
    assert_eq!(outcomes[..3], ["created", "refused", "refused"], "{reply}");

    // The operator of the machine sees all, and a system nothing beyond its scopes.
    let all: Value = Client::of(&node).request("GET", "/v1/vacancies").send().await.expect("a response").json().await.expect("JSON");
    assert_eq!(keys(&all), ["V-1", "V-3", "W-1"]);
    for (method, path) in [("GET", "/v1/trainings"), ("GET", "/v1/partners"), ("GET", "/v1/clients"), ("GET", "/v1/me/consents")] {
        assert_eq!(one.call(method, path, None).await.0, 403, "{path}");
    }
    assert_eq!(other.call("GET", "/v1/trainings", None).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_proposes_does_not_approve_and_who_is_ended_is_out_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let operator = Client::of(&node);
    let mut ats = Ats::new(&node, "ats");
    let document = ats.document(&WRITE, &["kvk:00000001"]);
    let put = async |document: &Value| operator.request("PUT", "/v1/clients/ats").json(document).send().await.expect("a response");
    let proposed: Value = put(&document).await.json().await.expect("JSON");
    assert_eq!(ats.token_by(Ats::claims, "").await.0, 401, "nobody has approved it");
    let approve = async |sha256: &Value| {
        let body = json!({"sha256": sha256});
        operator.request("POST", "/v1/clients/ats/approval").json(&body).send().await.expect("a response").status().as_u16()
    };
    assert_eq!(approve(&proposed["proposed"]["sha256"]).await, 403, "the same person");
    assert_eq!(approve(&json!("0".repeat(64))).await, 412, "something else was looked at");
    register(&node, "ats", &document).await;
    ats.log_in("vacancy:read").await;
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
    let (status, reply) = ats.call("PUT", "/v1/vacancies/V-1", Some(&vacancy_of("00000001", "Lasser"))).await;
    assert_eq!(status, 403, "the token has fewer scopes than the client: {reply}");

    // Fewer scopes hold from the next call on, also for a token that had more.
    register(&node, "ats", &ats.document(&["training:read"], &["kvk:00000001"])).await;
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 403);
    register(&node, "ats", &document).await;
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);

    // Another key: the old one opens nothing any more.
    let old = std::mem::replace(&mut ats.key, Key::fresh());
    register(&node, "ats", &ats.document(&WRITE, &["kvk:00000001"])).await;
    let new = std::mem::replace(&mut ats.key, old);
    assert_eq!(ats.token_by(Ats::claims, "").await.0, 401);
    ats.key = new;
    ats.log_in("").await;

    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
    let ended = operator.request("DELETE", "/v1/clients/ats").send().await.expect("a response");
    assert_eq!(ended.status().as_u16(), 204);
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401);
    assert_eq!(ats.token_by(Ats::claims, "").await.0, 401);
    assert_eq!(put(&document).await.status().as_u16(), 409, "for good");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_shows_anything_else_gets_no_token() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let mut ats = registered(&node, "ats", &WRITE, &["kvk:00000001"]).await;
    let other = registered(&node, "other", &WRITE, &["kvk:00000002"]).await;
    ats.log_in("").await;

    // Each of these alone is enough.
    let now = i64::try_from(jsonwebtoken::get_current_timestamp()).expect("a time");
    let wrong: Vec<(&str, Change)> = vec![
        ("another issuer", Box::new(|claims| claims["iss"] = json!("other"))),
        ("another subject", Box::new(|claims| claims["sub"] = json!("other"))),
        ("nobody", Box::new(|claims| (claims["sub"], claims["iss"]) = (json!("nobody"), json!("nobody")))),
        ("another audience", Box::new(|claims| claims["aud"] = json!("https://else.example"))),
        (
            "the endpoint as audience",
            Box::new(|claims| claims["aud"] = json!(format!("{}/oauth/token", claims["aud"].as_str().unwrap_or_default()))),
        ),
        ("a list of audiences", Box::new(|claims| claims["aud"] = json!([claims["aud"]]))),
        ("no audience", Box::new(|claims| drop(claims.as_object_mut().expect("claims").remove("aud")))),
        ("over", Box::new(move |claims| claims["exp"] = json!(now - 60))),
        ("too long", Box::new(move |claims| claims["exp"] = json!(now + 3_600))),
        ("without an end", Box::new(|claims| drop(claims.as_object_mut().expect("claims").remove("exp")))),
        ("made later", Box::new(move |claims| claims["iat"] = json!(now + 300))),
        ("not yet", Box::new(move |claims| claims["nbf"] = json!(now + 300))),
        ("a short id", Box::new(|claims| claims["jti"] = json!("1"))),
        ("a long id", Box::new(|claims| claims["jti"] = json!("1".repeat(129)))),
        ("a number as subject", Box::new(|claims| claims["sub"] = json!(1))),
    ];
    let mut replies = Vec::new();
    for (what, change) in wrong {
        // Who shows who they are in between need not wait.
        ats.log_in("").await;
        let (status, reply) = ats
            .token_by(
                |ats| {
                    let mut claims = ats.claims();
                    change(&mut claims);
                    claims
                },
                "",
            )
            .await;
        assert_eq!((status, &reply["error"]), (401, &json!("invalid_client")), "{what}: {reply}");
        replies.push(reply);
    }
    replies.dedup();
    assert_eq!(replies.len(), 1, "who tries learns nothing");

    // By another's key, by no algorithm, by one of another kind of key, and twice.
    let form = |assertion: &str| {
        [
            ("grant_type".to_owned(), "client_credentials".to_owned()),
            ("client_assertion_type".to_owned(), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion".to_owned(), assertion.to_owned()),
        ]
    };
    let claims = ats.claims();
    let good = ats.assertion(&claims);
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", good.split('.').nth(1).expect("claims"));
    let by_secret = {
        let key = jsonwebtoken::EncodingKey::from_secret(ats.key.public().to_string().as_bytes()).expect("a secret");
        jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256), &claims, &key).expect("signed")
    };
    for (what, assertion, status) in [
        ("another's key", other.assertion(&ats.claims()), 401),
        ("no signature", unsigned, 401),
        ("a secret", by_secret, 401),
        ("no such text", "a.b.c".to_owned(), 401),
        ("much", "a".repeat(9_000), 401),
        ("the right one", good.clone(), 200),
        ("the right one again", good, 401),
    ] {
        let form = form(&assertion);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let proof = ats.proof("POST", "/oauth/token", None);
        let (found, reply) = ats.ask(&form, Some(&proof)).await;
        assert_eq!(found, status, "{what}: {reply}");
    }

    // Requests that are none.
    let assertion = ats.assertion(&ats.claims());
    let full = form(&assertion);
    let full: Vec<(&str, &str)> = full.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let twice = [&full[..], &full[..1]].concat();
    let of_user = [&[("grant_type", "password")], &full[1..]].concat();
    let of_all = [&full[..], &[("scope", "worker:invite")]].concat();
    let elsewhere = [&full[..], &[("resource", "https://else.example")]].concat();
    for (form, error) in [
        (&full[..0], "invalid_request"),
        (&twice[..], "invalid_request"),
        (&of_user[..], "unsupported_grant_type"),
        (&[("grant_type", "client_credentials"), ("client_id", "ats"), ("client_secret", "geheim")][..], "invalid_request"),
        (&elsewhere[..], "invalid_target"),
        (&full[..2], "invalid_request"),
        (&of_all[..], "invalid_scope"),
    ] {
        let proof = ats.proof("POST", "/oauth/token", None);
        let (status, reply) = ats.ask(form, Some(&proof)).await;
        assert_eq!((status, &reply["error"]), (400, &json!(error)), "{form:?}: {reply}");
        assert!(!reply.to_string().contains("geheim"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_worth_nothing_without_its_key() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let mut ats = registered(&node, "ats", &WRITE, &["kvk:00000001"]).await;
    let thief = Ats::new(&node, "thief");
    ats.log_in("").await;
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
    let path = "/v1/vacancies";
    let token = ats.token().to_owned();
    let send = async |authorization: String, proof: Option<String>, path: &str| {
        let request = ats.bare("GET", path).header("authorization", authorization);
        let request = proof.into_iter().fold(request, |request, proof| request.header("dpop", proof));
        request.send().await.expect("a response").status().as_u16()
    };
    let dpop = || format!("DPoP {token}");
    let good = || ats.proof_claims("GET", path, Some(&token));
    assert_eq!(send(dpop(), Some(ats.proof_of(&good())), path).await, 200);
    assert_eq!(send(dpop(), Some(ats.proof_of(&good())), "/v1/vacancies?limit=1").await, 200, "the query is no part of it");
    // Without a proof, as a bearer token, by another key, for another method, address or token, of another time, without a nonce, with one that
    // nobody gave, and twice.
    assert_eq!(send(dpop(), None, path).await, 401);
    assert_eq!(send(format!("Bearer {token}"), Some(ats.proof_of(&good())), path).await, 401);
    assert_eq!(send(dpop(), Some(thief.proof_of(&good())), path).await, 401);
    let wrong: [(&str, Value); 9] = [
        ("htm", json!("POST")),
        ("htu", json!("http://127.0.0.1:1/v1/vacancies")),
        ("htu", json!(format!("http://{}/v1/trainings", node.client))),
        ("ath", json!("x")),
        ("ath", Value::Null),
        ("iat", json!(1)),
        ("nonce", Value::Null),
        ("nonce", json!(unguessable())),
        ("jti", json!("1")),
    ];
    for (name, value) in wrong {
        let mut claims = good();
        claims[name] = value.clone();
        assert_eq!(send(dpop(), Some(ats.proof_of(&claims)), path).await, 401, "{name}: {value}");
    }
    // One whose key shows more than its public half (RFC 9449, section 4.3, number 7).
    let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": ats.key.public()});
    assert_eq!(send(dpop(), Some(ats.key.sign_under(&header, &good())), path).await, 200);
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let mut shown = header.clone();
        shown["jwk"][member] = if member == "oth" { json!([]) } else { json!("AQAB") };
        assert_eq!(send(dpop(), Some(ats.key.sign_under(&shown, &good())), path).await, 401, "{member}");
    }
    let proof = ats.proof_of(&good());
    assert_eq!(send(dpop(), Some(proof.clone()), path).await, 200);
    assert_eq!(send(dpop(), Some(proof), path).await, 401, "shown before");
    // A token that says more than it was given.
    let mut parts: Vec<&str> = token.split('.').collect();
    let forged = parts[1].replace('a', "b");
    parts[1] = &forged;
    let forged = parts.join(".");
    let proof = ats.proof("GET", path, Some(&forged));
    assert_eq!(send(format!("DPoP {forged}"), Some(proof), path).await, 401);
    // One of another node.
    let elsewhere = tempfile::tempdir().expect("a directory");
    let another = one_node(elsewhere.path()).await;
    let mut theirs = registered(&another, "ats", &WRITE, &["kvk:00000001"]).await;
    theirs.log_in("").await;
    let proof = ats.proof("GET", path, Some(theirs.token()));
    assert_eq!(send(format!("DPoP {}", theirs.token()), Some(proof), path).await, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_says_all_that_is_wrong_with_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let operator = Client::of(&node);
    let good = Ats::new(&node, "ats").document(&WRITE, &["kvk:00000001"]);
    let put = async |document: &Value| {
        let response = operator.request("PUT", "/v1/clients/ats").json(document).send().await.expect("a response");
        (response.status().as_u16(), response.json::<Value>().await.expect("JSON"))
    };
    let private = {
        let mut key = good["keys"][0].clone();
        key["d"] = json!("geheim");
        key
    };
    for (name, value, pointer) in [
        ("name", json!(""), "/name"),
        ("scopes", json!([]), "/scopes"),
        ("scopes", json!(["me"]), "/scopes/0"),
        ("scopes", json!(["consent:revoke"]), "/scopes/0"),
        ("organisations", json!([]), "/organisations"),
        ("keys", json!([]), "/keys"),
        ("keys", json!([{"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}]), "/keys/0"),
        ("keys", json!([{"kty": "oct", "k": "AAAA"}]), "/keys/0"),
        ("keys", json!([{"kty": "RSA", "n": "AAAA", "e": "AQAB"}]), "/keys/0"),
        ("keys", json!([private]), "/keys/0"),
        ("certificates", json!(["AB"]), "/certificates/0"),
        ("until", json!("morgen"), "/until"),
        ("surprise", json!(1), "/surprise"),
    ] {
        let mut document = good.clone();
        document[name] = value;
        let (status, reply) = put(&document).await;
        assert_eq!(status, 400, "{name}: {reply}");
        assert_eq!(reply["findings"][0]["pointer"], json!(pointer), "{reply}");
        assert!(!reply.to_string().contains("geheim"), "{reply}");
    }
    let mut two = good.clone();
    (two["name"], two["organisations"]) = (json!(""), json!([]));
    assert_eq!(put(&two).await.1["findings"].as_array().map(Vec::len), Some(2));
    assert_eq!(put(&good).await.0, 200);
    assert_eq!(operator.request("PUT", "/v1/clients/operator").json(&good).send().await.expect("a response").status().as_u16(), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_administrator_proposes_and_another_approves() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    let both = ["Bas Beheerder", "Bea Beheerder"].map(|name| staff(name, &[Role::Administrator]));
    with_people(&mut one[0], both.into());
    let node = start_all(&mut one).await.pop().expect("a node");
    let page = format!("http://{}/desk/clients", node.client);
    let (mut bas, mut bea) = (Browser::new(), Browser::new());
    for (browser, name) in [(&mut bas, "Bas Beheerder"), (&mut bea, "Bea Beheerder")] {
        browser.log_in(&format!("http://{}/desk", node.client), name).await;
    }
    let mut ats = Ats::new(&node, "ats");
    let document = ats.document(&WRITE, &["kvk:00000001"]).to_string();
    let csrf = bas.open(&page).await.csrf();
    let proposed = bas.post(&page, &[("csrf", &csrf), ("client", "ats"), ("document", &document), ("do", "propose")]).await;
    assert!(proposed.html.contains("Voorgesteld. Iemand anders keurt het goed, hier of met polder clients approve."), "{}", proposed.html);
    assert!(proposed.html.contains("U stelde dit zelf voor") && !proposed.html.contains("value=\"approve\""), "{}", proposed.html);
    let sha256 = hidden(&proposed.html).into_iter().find(|(name, _)| name == "sha256").expect("what was looked at").1;
    let alone = bas.post(&page, &[("csrf", &csrf), ("client", "ats"), ("sha256", &sha256), ("do", "approve")]).await;
    assert_eq!(alone.status, 403, "{}", alone.html);
    assert_eq!(ats.token_by(Ats::claims, "").await.0, 401);
    assert!(
        proposed.html.contains(&format!("<code>{sha256}</code>")) && proposed.html.contains("één sleutel: <code>"),
        "{}",
        proposed.html
    );

    let looked = bea.open(&page).await;
    assert!(looked.html.contains("value=\"approve\"") && looked.html.contains("Bas Beheerder"), "{}", looked.html);
    let csrf_of_bea = looked.csrf();
    let other = bea.post(&page, &[("csrf", &csrf_of_bea), ("client", "ats"), ("sha256", &"0".repeat(64)), ("do", "approve")]).await;
    assert_eq!(other.status, 409, "{}", other.html);
    let approved = bea.post(&page, &[("csrf", &csrf_of_bea), ("client", "ats"), ("sha256", &sha256), ("do", "approve")]).await;
    assert!(approved.html.contains("Goedgekeurd. Het geldt vanaf nu."), "{}", approved.html);
    ats.log_in("").await;
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 200);
    let ended = bas.post(&page, &[("csrf", &csrf), ("client", "ats"), ("do", "end")]).await;
    assert!(ended.html.contains("Beëindigd. De volgende aanroep wordt geweigerd."), "{}", ended.html);
    assert_eq!(ats.call("GET", "/v1/vacancies", None).await.0, 401);
    let wrong = bas.post(&page, &[("csrf", &csrf), ("client", "a b"), ("document", "{\"name\": 7}"), ("do", "propose")]).await;
    for said in [
        "Een kenmerk is 1 tot 100 tekens",
        "Dit document klopt niet",
        "name</code>: this is not of its form",
        "value=\"a b\"",
        "{&quot;name&quot;: 7}",
    ] {
        assert!(wrong.status == 400 && wrong.html.contains(said), "all at once, and what was typed stays: {said}: {}", wrong.html);
    }
    let wrong = bas.post(&page, &[("csrf", &csrf), ("client", "ats-2"), ("document", "{}"), ("do", "propose")]).await;
    assert_eq!(wrong.status, 400, "{}", wrong.html);
}
