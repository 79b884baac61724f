//! Sessions of browsers: what a log-in at too low a level, or of too long ago, may do; and what is left of a session that somebody ended.

use http::StatusCode;
use polder_consent::Field;
use polder_federation_tests::browser::{Browser, staff, with_people, worker};
use polder_federation_tests::http::start_all;
use polder_federation_tests::people::{decision, give};
use polder_provider::Person;
use polder_store::people::Role;

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
