//! Searches that staff saves: each its owner's own, asked again by the node, but for those for people.

use http::StatusCode;
use polder_consent::Field;
use polder_federation_tests::browser::{Browser, Shown, staff, with_people};
use polder_federation_tests::http::{Client, start_all, vacancy};
use polder_model::{Kind, Timestamp};
use polder_store::people::{LoginId, Role, SavedSearch, Saving, SessionId};
use polder_web::RunningNode;

use crate::desk::desk;
use crate::people::Stage;
use crate::workers::about_people;

async fn put(node: &RunningNode, key: &str, title: &str) {
    assert_eq!(Client::of(node).put(&format!("/v1/vacancies/{key}"), vacancy(title).to_string()).await.status(), 201);
}

/// Two nodes with a vacancy each; at the first one two of the staff.
async fn stage(directory: &std::path::Path) -> Vec<RunningNode> {
    let mut partners = about_people(directory, 2);
    with_people(&mut partners[0], vec![staff("Rosa Recruiter", &[Role::Desk]), staff("Cor Consulent", &[Role::Desk])]);
    let nodes = start_all(&mut partners).await;
    put(&nodes[0], "V-1", "Planner").await;
    put(&nodes[1], "V-1", "Lasser").await;
    nodes
}

async fn login(node: &RunningNode, browser: &Browser) -> LoginId {
    let id = SessionId::of(browser.cookie(&desk(node), "__Host-polder-desk").expect("a session"));
    let now = node.node.now();
    node.node.store().session(&id, now.plus_seconds(-900), now).await.expect("read").expect("a session").session.login
}

async fn saved(node: &RunningNode, login: &LoginId) -> Vec<SavedSearch> {
    node.node.store().saved_searches(login).await.expect("read")
}

/// Has the node ask a search as it does each hour.
async fn an_hour_later(node: &RunningNode, search: &SavedSearch) {
    node.node.store().postpone_search(search.id.clone(), node.node.now()).await.expect("written");
    node.node.ask_saved_searches().await.expect("asked");
}

async fn save(browser: &mut Browser, desk: &str, csrf: &str, fields: &[(&str, &str)]) -> Shown {
    let fields: Vec<_> = [("csrf", csrf), ("do", "save")].iter().chain(fields).copied().collect();
    browser.post(&format!("{desk}/searches"), &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_saved_asked_each_hour_and_says_what_is_new() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let desk = desk(&nodes[0]);
    let mut rosa = Browser::new();
    let csrf = rosa.log_in(&desk, "Rosa Recruiter").await.csrf();
    let login = login(&nodes[0], &rosa).await;
    let nameless = save(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("text", "haven")]).await;
    assert!(nameless.status == StatusCode::BAD_REQUEST && nameless.html.contains("Geef de zoekvraag een naam"), "{}", nameless.html);
    assert!(nameless.html.contains("value=\"haven\""), "what was typed stays: {}", nameless.html);
    let wrong = save(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("from", "Nergenshuizen"), ("minutes", "30"), ("save_as", "x")]).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.html.contains("kennen wij niet"), "{}", wrong.html);
    let personal = save(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("save_as", "Voor 111222333")]).await;
    assert!(personal.status == StatusCode::BAD_REQUEST && personal.html.contains("burgerservicenummer"), "{}", personal.html);
    assert!(saved(&nodes[0], &login).await.is_empty());

    let fields = [("kind", "vacancy"), ("text", "bouwen"), ("save_as", "Werk in <b>de bouw</b>")];
    let kept = save(&mut rosa, &desk, &csrf, &fields).await;
    for said in ["Bewaard.", "Werk in &lt;b&gt;de bouw", "“bouwen”", "niets nieuws sinds"] {
        assert!(kept.html.contains(said), "{said}: {}", kept.html);
    }
    let search = saved(&nodes[0], &login).await.pop().expect("it is saved");
    an_hour_later(&nodes[0], &search).await;
    assert_eq!(saved(&nodes[0], &login).await[0].new, 0, "the first time nothing is new");
    put(&nodes[1], "V-2", "Wij bouwen schepen").await;
    an_hour_later(&nodes[0], &search).await;
    assert_eq!(saved(&nodes[0], &login).await[0].new, 1);
    let home = rosa.open(&desk).await;
    assert!(home.html.contains("1 nieuw sinds ") && home.html.contains("Werk in &lt;b&gt;de bouw"), "{}", home.html);
    assert!(rosa.open(&format!("{desk}/searches")).await.html.contains("1 nieuw</strong> sinds "));

    // Nobody else has it: they cannot open it, delete it, or see that it is there.
    let mut cor = Browser::new();
    let csrf_his = cor.log_in(&desk, "Cor Consulent").await.csrf();
    assert!(!cor.open(&desk).await.html.contains("de bouw") && !cor.open(&format!("{desk}/searches")).await.html.contains("de bouw"));
    for path in ["", "/delete"] {
        let refused = cor.post(&format!("{desk}/searches/{}{path}", search.id), &[("csrf", &csrf_his)]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(cor.post(&format!("{desk}/searches/x"), &[("csrf", &csrf_his)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(saved(&nodes[0], &login).await[0].new, 1, "nothing is seen by that");

    let opened = rosa.post(&format!("{desk}/searches/{}", search.id), &[("csrf", &csrf)]).await;
    assert!(opened.html.contains("één nieuw resultaat sinds") && opened.html.matches(">Nieuw</span>").count() == 1, "{}", opened.html);
    assert!(opened.html.contains("Wij bouwen schepen") && opened.html.contains("value=\"bouwen\""), "{}", opened.html);
    assert!(!rosa.open(&desk).await.html.contains("1 nieuw"), "it is seen");
    an_hour_later(&nodes[0], &search).await;
    assert_eq!(saved(&nodes[0], &login).await[0].new, 0, "and stays so");

    // What is gone again before anybody looked is nothing new.
    put(&nodes[1], "V-3", "Wij bouwen huizen").await;
    an_hour_later(&nodes[0], &search).await;
    assert_eq!(saved(&nodes[0], &login).await[0].new, 1);
    assert!(Client::of(&nodes[1]).request("DELETE", "/v1/vacancies/V-3").send().await.expect("a response").status().is_success());
    an_hour_later(&nodes[0], &search).await;
    assert_eq!(saved(&nodes[0], &login).await[0].new, 0);

    let gone = rosa.post(&format!("{desk}/searches/{}/delete", search.id), &[("csrf", &csrf)]).await;
    assert!(gone.html.contains("Verwijderd.") && gone.html.contains("U bewaarde nog geen zoekvraag"), "{}", gone.html);
    for number in 0..50 {
        let name = number.to_string();
        save(&mut rosa, &desk, &csrf, &[("kind", "training"), ("save_as", &name)]).await;
    }
    let too_many = save(&mut rosa, &desk, &csrf, &[("kind", "training"), ("save_as", "51")]).await;
    assert!(too_many.status == StatusCode::CONFLICT && too_many.html.contains("hoogstens 50"), "{}", too_many.html);
    assert!(too_many.html.contains("name=\"save_as\" value=\"51\""), "what was typed stays: {}", too_many.html);
    let list = rosa.open(&format!("{desk}/searches")).await;
    assert!(list.html.len() < 50_000 && saved(&nodes[0], &login).await.len() == 50, "{}", list.html.len());
}

fn saving(login: &LoginId, kind: Kind, request: &str, now: Timestamp) -> Saving {
    let about = kind.is_personal().then(|| "V-1".parse().expect("an offer"));
    Saving { login: login.clone(), client: String::new(), name: "Een".to_owned(), kind, about, request: request.to_owned(), now }
}

#[tokio::test]
async fn people_are_never_sought_without_somebody_who_looks_and_a_search_goes_with_its_vacancy() {
    let stage = Stage::set().await;
    let (node, login) = (stage.node(1), LoginId::of("https://login.example", "rosa"));
    let people = r#"{"kind":"skill-offer","about":{"kind":"vacancy","key":"V-1"}}"#;
    stage.give(1, &[Field::Title, Field::Skills]).await;
    let store = node.store();
    let id = store.save_search(saving(&login, Kind::SkillOffer, people, node.now())).await.expect("written").expect("saved");
    let work = r#"{"kind":"vacancy"}"#;
    let other = store.save_search(saving(&login, Kind::Vacancy, work, node.now())).await.expect("written").expect("saved");
    assert_eq!(node.ask_saved_searches().await.expect("asked"), 1, "the one for vacancies");
    assert_eq!(node.ask_saved_searches().await.expect("asked"), 0, "once an hour");
    stage.federation.clock.pass(std::time::Duration::from_secs(3_900));
    assert_eq!(node.ask_saved_searches().await.expect("asked"), 1);
    let copies = stage.node(0).store().disclosures_of(stage.worker, None, 9).await.expect("read");
    assert!(copies.is_empty(), "nobody was told of anybody: {copies:?}");
    store.postpone_search(id.clone(), node.now()).await.expect("written");
    assert_eq!(node.ask_saved_searches().await.expect("asked"), 1, "it is looked at, since it says that it is due");
    assert!(stage.node(0).store().disclosures_of(stage.worker, None, 9).await.expect("read").is_empty(), "and not asked");

    assert_eq!(stage.seek(1).await.hits.len(), 1, "somebody who looks finds her");

    // Whoever was away for a month has nothing asked until they are back.
    stage.federation.clock.pass(std::time::Duration::from_secs(31 * 86_400));
    assert_eq!(node.ask_saved_searches().await.expect("asked"), 0);
    store.use_searches(login.clone(), node.now()).await.expect("written");
    assert_eq!(node.ask_saved_searches().await.expect("asked"), 2);
    node.delete(Kind::Vacancy, &"V-1".parse().expect("a key"), polder_store::Precondition::None).await.expect("deleted");
    node.ask_saved_searches().await.expect("asked");
    let left = store.saved_searches(&login).await.expect("read");
    assert_eq!(left.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), [other]);
}
