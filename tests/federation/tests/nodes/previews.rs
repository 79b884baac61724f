//! A worker says yes to what they looked at: where their profile says something else by then, it is shown anew first; and who knows them already is said.

use http::StatusCode;
use polder_federation_tests::browser::Browser;
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::{Client, vacancy};
use polder_federation_tests::people::profile;
use serde_json::json;

use crate::finding::submit;
use crate::portal::{stage, with_profile};
use crate::portal_asked::{ask, found, given, request, send};

/// Writes something else in a field of the profile.
async fn change(anna: &mut Browser, portal: &str, field: &str, value: &str) {
    let form = anna.open(&format!("{portal}/profile")).await;
    let mut fields = filled_in(&form.html, "/portal/profile");
    fields.retain(|(name, _)| name != field && name != "do");
    fields.extend([(field.to_owned(), value.to_owned()), ("do".to_owned(), "keep".to_owned())]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kept = anna.post(&format!("{portal}/profile"), &fields).await;
    assert!(kept.url.contains("told=kept"), "{}", kept.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_counts_for_what_was_looked_at_and_not_for_what_was_written_since() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let csrf = anna.open(&format!("{portal}/share?purpose=match-vacancy")).await.csrf();
    let recipient = nodes[1].node.home().partner.to_string();
    let fields = [("csrf", csrf.as_str()), ("purpose", "match-vacancy"), ("recipient", &recipient), ("field", "/hours"), ("days", "30")];
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    assert!(check.html.contains("24 tot 32") && !check.html.contains("weet wie u bent"), "{}", check.html);
    // What is not shared may change.
    change(&mut anna, &portal, "telephone", "+31 6 1111 1111").await;
    change(&mut anna, &portal, "hours_min", "20").await;
    let anew = send(&mut anna, &check, &portal, &[("answer", "yes")]).await;
    assert_eq!(anew.status, StatusCode::CONFLICT, "{}", anew.html);
    assert!(anew.html.contains("Uw profiel is intussen veranderd") && anew.html.contains("20 tot 32"), "{}", anew.html);
    assert!(anna.open(&portal).await.html.contains("U deelt nu niets."), "nothing was shared");
    change(&mut anna, &portal, "telephone", "+31 6 2222 2222").await;
    let shared = send(&mut anna, &anew, &portal, &[("answer", "yes")]).await;
    assert!(shared.html.contains("Gedeeld."), "{}", shared.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_a_yes_to_a_request_and_who_knows_them_then_is_said_where_more_is_shared() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let vacancy = json!({"title": "Kok", "description": "Koken.", "employer": {"name": "Bakkerij"},
        "skills": profile("")["skills"]});
    let (mut anna, portal, key) = found(&nodes, &vacancy).await;
    ask(&nodes, &key, &["/contact/name"], None).await;
    let page = request(&mut anna, &portal).await;
    change(&mut anna, &portal, "name", "Anna de Boer").await;
    let anew = send(&mut anna, &page, &portal, &[("answer", "yes")]).await;
    assert_eq!(anew.status, StatusCode::CONFLICT, "{}", anew.html);
    assert!(anew.html.contains("Uw profiel is intussen veranderd") && anew.html.contains("Anna de Boer"), "{}", anew.html);
    assert!(given(&nodes).await.is_none(), "nothing was shared");
    let shared = send(&mut anna, &anew, &portal, &[("answer", "yes")]).await;
    assert!(shared.html.contains("Gedeeld.") && given(&nodes).await.is_some(), "{}", shared.html);

    let recipient = nodes[1].node.home().partner.to_string();
    let csrf = anna.open(&portal).await.csrf();
    let fields = [("csrf", csrf.as_str()), ("purpose", "match-vacancy"), ("recipient", &recipient), ("field", "/hours"), ("days", "30")];
    let check = anna.post(&format!("{portal}/share/check"), &fields).await;
    let known = format!("{} weet wie u bent, door het contact dat u toestond", nodes[1].node.home().name);
    assert!(check.html.contains(&known) && check.html.contains("Weten zij al wie u bent"), "{}", check.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_an_application_which_shows_what_they_looked_at_and_nothing_that_was_written_since() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let portal = format!("http://{}/portal", nodes[0].client);
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let mut document = vacancy("Monteur");
    document["skills"] = profile("")["skills"].clone();
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", document.to_string()).await.status(), 201);
    let work = anna.open(&format!("{portal}/work?whole=yes")).await;
    let form = submit(&mut anna, &work, &portal, "apply", &[]).await;
    let picked = [("field", "/hours"), ("field", "/contact/email"), ("motivation", "Graag.")];
    let check = submit(&mut anna, &form, &portal, "apply/check", &picked).await;
    assert!(check.html.contains("24 tot 32"), "{}", check.html);
    // What does not go along may change.
    change(&mut anna, &portal, "telephone", "+31 6 1111 1111").await;
    change(&mut anna, &portal, "hours_min", "20").await;
    let anew = submit(&mut anna, &check, &portal, "apply/send", &[("answer", "yes")]).await;
    assert_eq!(anew.status, StatusCode::CONFLICT, "{}", anew.html);
    for said in ["Uw profiel is intussen veranderd", "20 tot 32", "Graag."] {
        assert!(anew.html.contains(said), "{said}: {}", anew.html);
    }
    assert!(!anna.open(&format!("{portal}/applications")).await.html.contains("<article"), "nothing was sent");
    change(&mut anna, &portal, "telephone", "+31 6 2222 2222").await;
    let sent = submit(&mut anna, &anew, &portal, "apply/send", &[("answer", "yes")]).await;
    assert!(sent.html.contains("Uw sollicitatie is op weg"), "{}", sent.html);
}
