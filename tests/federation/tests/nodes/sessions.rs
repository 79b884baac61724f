//! Sessions of browsers: what a log-in at too low a level, or of too long ago, may do; what is left of a session that somebody ended; who of the staff is
//! let in; and how often logging in may fail.

use http::StatusCode;
use polder_consent::Field;
use polder_federation_tests::browser::{Browser, staff, with_people, worker};
use polder_federation_tests::http::start_all;
use polder_federation_tests::people::{decision, give};
use polder_provider::Person;
use polder_store::people::Role;
use polder_web::Roles;

use crate::portal::with_profile;
use crate::workers::about_people;

const LOW: &str = "http://eidas.europa.eu/LoA/low";
const GIVE: [(&str, &str); 4] = [("purpose", "match-vacancy"), ("field", "/hours"), ("days", "30"), ("answer", "yes")];

#[tokio::test(flavor = "multi_thread")]
async fn a_level_that_is_too_low_gives_nothing_and_stops_everything() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 2);
    let low = |person: Person| Person { level: LOW.to_owned(), ..person };
    with_people(&mut partners[0], vec![low(worker("Anna Voorbeeld")), low(staff("Rosa Recruiter", &[Role::Desk]))]);
    let nodes = start_all(&mut partners).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let node = &nodes[0].node;
    let recipient = nodes[1].node.home().partner.clone();
    let id = node.store().worker_of(&"W-1".parse().expect("a key"), node.now()).await.expect("read").expect("a worker");
    give(node, id, &decision(&[&recipient], &[Field::Title, Field::Skills])).await.expect("given");

    let home = anna.open(&portal).await;
    let csrf = home.csrf();
    let recipient = recipient.to_string();
    let fields: Vec<_> = [("csrf", csrf.as_str()), ("recipient", &recipient)].into_iter().chain(GIVE).collect();
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    assert!(check.html.contains("login?anew=true"), "who may not give is led to where they may: {}", check.html);
    for (path, why) in [("share/give", "a consent"), ("programs", "a program that acts for her")] {
        let fields: Vec<_> = fields.iter().copied().chain([("hours", "1")]).collect();
        let refused = anna.post(&format!("{portal}/{path}"), &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{why}: {}", refused.html);
        assert!(!refused.html.contains("polder_wk_"));
    }
    assert_eq!(node.consents_of(id, None, 9).await.expect("read").len(), 1, "nothing was given");
    let stopped = anna.post(&format!("{portal}/consents/withdraw"), &[("csrf", &csrf)]).await;
    assert!(stopped.html.contains("U deelt nu niets."), "{}", stopped.html);

    let refused = Browser::new().log_in(&format!("http://{}/desk", nodes[0].client), "Rosa Recruiter").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "staff is let in at a level that the partner named: {}", refused.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_left_is_nobodys() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 1);
    with_people(&mut partners[0], vec![worker("Anna Voorbeeld"), staff("Rosa Recruiter", &[Role::Desk])]);
    let nodes = start_all(&mut partners).await;
    let origin = format!("http://{}", nodes[0].client);
    for (door, name) in [("portal", "Anna Voorbeeld"), ("desk", "Rosa Recruiter")] {
        let (url, cookie) = (format!("{origin}/{door}"), format!("__Host-polder-{door}"));
        let mut browser = Browser::new();
        let csrf = browser.log_in(&url, name).await.csrf();
        let token = browser.cookie(&origin, &cookie).expect("a session").to_owned();
        let mut thief = Browser::new();
        thief.set_cookie(&origin, &cookie, &token);
        assert!(!thief.open(&url).await.url.contains("/welcome"), "whoever has the token has the session");
        let left = browser.post(&format!("{url}/logout"), &[("csrf", &csrf)]).await;
        assert!(left.url.contains(&format!("/{door}/welcome?left")), "{}", left.url);
        assert!(thief.open(&url).await.url.contains("/welcome"), "{door}: until it is left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_is_let_in_by_an_address_that_this_node_lists() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 1);
    let person = |name: &str, email: &str| Person { email: Some(email.to_owned()), ..staff(name, &[]) };
    with_people(&mut partners[0], vec![person("Fatma", "fg@voorbeeld.example"), person("Niels", "niels@voorbeeld.example")]);
    let desk = partners[0].pages.as_mut().and_then(|pages| pages.desk.as_mut()).expect("a desk");
    desk.roles = Roles { claim: "email".to_owned(), values: vec![(Role::PrivacyOfficer, vec!["fg@voorbeeld.example".to_owned()])] };
    let nodes = start_all(&mut partners).await;
    let desk = format!("http://{}/desk", nodes[0].client);
    let fatma = Browser::new().log_in(&desk, "Fatma").await;
    assert!(fatma.status == StatusCode::OK && fatma.html.contains("Hallo Fatma"), "{}", fatma.html);
    assert_eq!(Browser::new().log_in(&desk, "Niels").await.status, StatusCode::FORBIDDEN);
}

/// Comes back from a provider with what nobody was given there.
async fn forge(browser: &mut Browser, door: &str) -> (StatusCode, String) {
    let shown = browser.fetch(&format!("{door}/login/done?state=AAAA&code=AAAA")).await;
    let wait = shown.headers.get("retry-after").map(|wait| wait.to_str().expect("text").to_owned());
    assert!(
        shown.status == StatusCode::FORBIDDEN || wait.as_deref().is_some_and(|wait| (1..=60).contains(&wait.parse().unwrap_or(0))),
        "{wait:?}"
    );
    (shown.status, shown.html)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_fails_to_log_in_is_told_to_wait_and_locks_out_nobody_elsewhere() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 1);
    partners[0].limits.client_failed_tries_per_minute = 10;
    with_people(&mut partners[0], vec![worker("Anna Voorbeeld"), staff("Rosa Recruiter", &[Role::Desk])]);
    let nodes = start_all(&mut partners).await;
    let [portal, desk] = ["portal", "desk"].map(|door| format!("http://{}/{door}", nodes[0].client));

    // Who logs in has done nothing wrong, however often.
    for _ in 0..12 {
        let shown = Browser::new().log_in(&portal, "Anna Voorbeeld").await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.html);
    }
    let mut evil = Browser::at([127, 0, 0, 2]);
    // What a header says of where they come from is not believed without a proxy of the partner's own.
    evil.forwarded_for("198.51.100.1");
    let mut told = 0;
    let said = loop {
        let (status, html) = forge(&mut evil, &portal).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            break html;
        }
        told += 1;
        assert!(told < 100, "nobody is told to wait");
        evil.forwarded_for(&format!("198.51.100.{told}"));
    };
    assert!((10..=13).contains(&told), "{told}");
    assert!(said.contains("Vanaf uw netwerk is te vaak geprobeerd in te loggen"), "{said}");
    let (status, said) = forge(&mut Browser::at([127, 0, 0, 2]).reading("en"), &portal).await;
    assert!(status == StatusCode::TOO_MANY_REQUESTS && said.contains("From your network logging in was tried too often"), "{said}");
    assert_eq!(evil.fetch(&format!("{portal}/login")).await.status, StatusCode::TOO_MANY_REQUESTS, "nor does one begin");
    assert_eq!(evil.fetch(&format!("{desk}/login")).await.status, StatusCode::SEE_OTHER, "the other door has its own count");
    let anna = Browser::new().log_in(&portal, "Anna Voorbeeld").await;
    assert_eq!(anna.status, StatusCode::OK, "an address elsewhere does not wait: {}", anna.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_failed_log_ins_count_for_whom_it_passes_on() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 1);
    partners[0].limits.client_failed_tries_per_minute = 10;
    with_people(&mut partners[0], vec![worker("Anna Voorbeeld")]);
    partners[0].pages.as_mut().expect("pages").behind_proxy = true;
    let nodes = start_all(&mut partners).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut evil = Browser::new();
    let mut told = 0;
    loop {
        // The proxy writes its own word behind whatever was said before.
        evil.forwarded_for(&format!("203.0.113.{told}, 198.51.100.1"));
        if forge(&mut evil, &portal).await.0 == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        told += 1;
        assert!(told < 100, "nobody is told to wait");
    }
    assert!((10..=13).contains(&told), "{told}");
    let mut anna = Browser::new();
    anna.forwarded_for("198.51.100.2");
    let shown = anna.log_in(&portal, "Anna Voorbeeld").await;
    assert_eq!(shown.status, StatusCode::OK, "somebody else behind the same proxy does not wait: {}", shown.html);
}
