//! Providers of log-ins that lie, and browsers that are led astray: nobody is logged in by any of it.

use std::time::{Duration, Instant};

use http::StatusCode;
use polder_federation_tests::browser::{Browser, at_provider};
use polder_federation_tests::evil_provider::{Evil, serve};
use polder_federation_tests::http::{partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use serde_json::{Value, json};

const SECRET: &str = "the secret of the portal, long enough to sign by";

#[tokio::test(flavor = "multi_thread")]
async fn no_provider_that_does_one_thing_wrong_logs_anybody_in() {
    for evil in [Evil::Nothing].into_iter().chain(Evil::ALL) {
        let directory = tempfile::tempdir().expect("a directory");
        let mut partner = partners(directory.path(), &PARTNERS[..1]);
        let issuer = serve(evil, SECRET);
        at_provider(&mut partner[0], &issuer, SECRET);
        let nodes = start_all(&mut partner).await;
        let portal = format!("http://{}/portal", nodes[0].client);
        let mut browser = Browser::new();
        let began = Instant::now();
        let shown = browser.open(&format!("{portal}/login")).await;
        assert!(began.elapsed() < Duration::from_secs(12), "{evil:?} takes no longer than two calls may");
        if evil == Evil::Nothing {
            assert!(shown.status == StatusCode::OK && shown.html.contains("Hallo Evi Voorbeeld"), "{}", shown.html);
            continue;
        }
        assert!(matches!(shown.status, StatusCode::FORBIDDEN | StatusCode::BAD_GATEWAY), "{evil:?}: {} {}", shown.status, shown.html);
        assert!(browser.cookie(&portal, "__Host-polder-portal").is_none(), "{evil:?}");
        assert!(!shown.html.contains("111222333") && !shown.html.contains("Evi"), "{evil:?} is told nothing: {}", shown.html);
        assert!(browser.open(&portal).await.url.contains("/portal/welcome"), "{evil:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_sent_into_a_log_in_that_they_did_not_begin_is_not_logged_in() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partner = partners(directory.path(), &PARTNERS[..1]);
    at_provider(&mut partner[0], &serve(Evil::Nothing, SECRET), SECRET);
    let nodes = start_all(&mut partner).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    // The attacker begins a log-in, and has the victim end it.
    let (mut attacker, mut victim) = (Browser::new(), Browser::new());
    let begun = attacker.fetch(&format!("{portal}/login")).await;
    let at = begun.headers["location"].to_str().expect("text").to_owned();
    let sent_back = attacker.fetch(&at).await;
    let done = sent_back.headers["location"].to_str().expect("text").to_owned();
    let shown = victim.fetch(&done).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    assert!(victim.cookie(&portal, "__Host-polder-portal").is_none());
    // Once more with a log-in that the victim began themself.
    victim.fetch(&format!("{portal}/login")).await;
    assert_eq!(victim.fetch(&done).await.status, StatusCode::FORBIDDEN);
    // What the attacker began is theirs, once.
    assert_eq!(attacker.fetch(&done).await.status, StatusCode::SEE_OTHER);
    assert_eq!(attacker.fetch(&done).await.status, StatusCode::FORBIDDEN, "a code is for one use");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_somebody_set_before_is_not_the_one_after() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partner = partners(directory.path(), &PARTNERS[..1]);
    at_provider(&mut partner[0], &serve(Evil::Nothing, SECRET), SECRET);
    let nodes = start_all(&mut partner).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut browser = Browser::new();
    browser.set_cookie(&portal, "__Host-polder-portal", "planted");
    browser.open(&format!("{portal}/login")).await;
    let first = browser.cookie(&portal, "__Host-polder-portal").expect("a session").to_owned();
    assert_ne!(first, "planted");
    let mut thief = Browser::new();
    thief.set_cookie(&portal, "__Host-polder-portal", "planted");
    assert!(thief.open(&portal).await.url.contains("/portal/welcome"));
    // Who logs in again has another session, and the one before is over.
    browser.open(&format!("{portal}/login?back=//evil.example")).await;
    assert_ne!(browser.cookie(&portal, "__Host-polder-portal"), Some(first.as_str()));
    thief.set_cookie(&portal, "__Host-polder-portal", &first);
    assert!(thief.open(&portal).await.url.contains("/portal/welcome"));
}

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A token of log-out that holds, with something changed.
async fn logout_token(issuer: &str, by: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
    let mut header = json!({"alg": "ES256", "kid": "k", "typ": "logout+jwt"});
    let mut claims = json!({"iss": issuer, "aud": "portal", "iat": now, "exp": now + 120, "jti": format!("{now}-{:?}", Instant::now()), "events": {EVENT: {}}, "sid": "session-1"});
    change(&mut header, &mut claims);
    let asked = json!({"header": header, "claims": claims, "by": by}).to_string();
    Browser::new().post_from(issuer, &format!("{issuer}/sign"), &[("asked", &asked)]).await.html
}

/// A provider says that somebody is logged out.
async fn say(url: &str, token: &str) -> (StatusCode, String) {
    let shown = Browser::new().post_from("null", url, &[("logout_token", token)]).await;
    assert_eq!(shown.headers["cache-control"], "no-store");
    (shown.status, shown.html)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_at_the_provider_ends_the_session_here_and_no_other_word_does() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partner = partners(directory.path(), &PARTNERS[..1]);
    let issuer = serve(Evil::Nothing, SECRET);
    at_provider(&mut partner[0], &issuer, SECRET);
    let nodes = start_all(&mut partner).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let ended = format!("{portal}/login/backchannel");
    let mut browser = Browser::new();
    browser.open(&format!("{portal}/login")).await;
    let is_in = async |browser: &mut Browser| !browser.open(&portal).await.url.contains("/portal/welcome");
    assert!(is_in(&mut browser).await);

    type Change = fn(&mut Value, &mut Value);
    let set: [(&str, &str, Change); 18] = [
        ("another issuer", "", |_, claims| claims["iss"] = json!("https://login.example.nl")),
        ("another client", "", |_, claims| claims["aud"] = json!("desk")),
        ("two clients", "", |_, claims| claims["aud"] = json!(["portal", "desk"])),
        ("no client", "", |_, claims| claims["aud"] = json!([])),
        ("old", "", |_, claims| claims["iat"] = json!(claims["iat"].as_u64().expect("a number") - 3_600)),
        ("of a time to come", "", |_, claims| claims["iat"] = json!(claims["iat"].as_u64().expect("a number") + 3_600)),
        ("over", "", |_, claims| claims["exp"] = json!(claims["iat"].as_u64().expect("a number") - 100)),
        ("without an end", "", |_, claims| drop(claims.as_object_mut().expect("an object").remove("exp"))),
        ("without a name", "", |_, claims| drop(claims.as_object_mut().expect("an object").remove("jti"))),
        ("no event", "", |_, claims| claims["events"] = json!({})),
        ("an event of another form", "", |_, claims| claims["events"] = json!({EVENT: true})),
        ("an ID token", "", |_, claims| claims["nonce"] = json!("n")),
        ("of nobody", "", |_, claims| drop(claims.as_object_mut().expect("an object").remove("sid"))),
        ("by another key", "another key", |_, _| {}),
        ("by the secret", "the secret", |header, _| header["alg"] = json!("HS256")),
        ("by nobody", "nobody", |header, _| header["alg"] = json!("none")),
        ("of another kind", "", |header, _| header["typ"] = json!("at+jwt")),
        ("with what is not known", "", |header, _| header["crit"] = json!(["exp"])),
    ];
    for (what, by, change) in set {
        let (status, text) = say(&ended, &logout_token(&issuer, by, change).await).await;
        assert_eq!((status, text.as_str()), (StatusCode::BAD_REQUEST, "{\"error\":\"invalid_request\"}"), "{what}");
    }
    for (what, url, token) in [
        ("no token", &ended, "a.b.c".to_owned()),
        ("too much", &ended, "x".repeat(20_000)),
        ("the other door", &format!("http://{}/desk/login/backchannel", nodes[0].client), logout_token(&issuer, "", |_, _| {}).await),
        ("another session", &ended, logout_token(&issuer, "", |_, claims| claims["sid"] = json!("session-2")).await),
    ] {
        let (status, _) = say(url, &token).await;
        assert_eq!(status == StatusCode::OK, what == "another session", "{what}: {status}");
    }
    assert!(is_in(&mut browser).await, "nobody was logged out");

    let token = logout_token(&issuer, "", |_, _| {}).await;
    assert_eq!(say(&ended, &token).await.0, StatusCode::OK);
    assert!(!is_in(&mut browser).await, "the session is over");
    // The same again logs nobody out who has logged in since.
    browser.open(&format!("{portal}/login")).await;
    assert_eq!(say(&ended, &token).await.0, StatusCode::BAD_REQUEST);
    assert!(is_in(&mut browser).await);
    // Without the name of a session it is all of that person's, at this door.
    let all = logout_token(&issuer, "", |_, claims| {
        claims.as_object_mut().expect("an object").remove("sid");
        claims["sub"] = json!("worker-1");
    });
    assert_eq!(say(&ended, &all.await).await.0, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
}
