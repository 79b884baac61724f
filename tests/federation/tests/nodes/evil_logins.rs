//! Providers of log-ins that lie, and browsers that are led astray: nobody is logged in by any of it.

use std::time::{Duration, Instant};

use http::StatusCode;
use polder_federation_tests::browser::{Browser, at_provider};
use polder_federation_tests::evil_provider::{Evil, serve};
use polder_federation_tests::http::{partners, start_all};
use polder_federation_tests::offers::PARTNERS;

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
