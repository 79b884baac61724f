//! Results that fill in as partners answer: each line says only what changed, and the list is at the end what the page without a script shows.

use std::collections::BTreeSet;

use polder_federation_tests::browser::{staff, with_people, worker};
use polder_federation_tests::filling::Filling;
use polder_federation_tests::http::{Client, start_all, vacancy};
use polder_store::people::Role;
use polder_web::RunningNode;
use serde_json::{Value, json};

use crate::desk::{ask, desk, recruiter};
use crate::finding::SKILL;
use crate::portal::with_profile;
use crate::workers::about_people;

/// Partners that answer.
const PARTNERS: usize = 8;

/// Nodes of which each has vacancies in three places, with the skill of the worker.
async fn stage(directory: &std::path::Path) -> Vec<RunningNode> {
    let mut partners = about_people(directory, PARTNERS);
    with_people(&mut partners[0], vec![staff("Rosa Recruiter", &[Role::Desk]), worker("Anna Voorbeeld")]);
    let nodes = start_all(&mut partners).await;
    for (number, node) in nodes.iter().enumerate() {
        for (place, postcode) in [("Lelystad", "8232"), ("Urk", "8321"), ("Almere", "1315"), ("Dronten", "8251")] {
            let mut document = vacancy(&format!("Monteur {number} in {place}"));
            document["description"] = json!("Sleutelen en lassen aan de kade. ".repeat(30));
            document["location"] = json!({"place": place, "postcode": postcode});
            document["skills"] = json!([{"uri": SKILL, "label": {"nl": "sleutelen"}}]);
            let put = Client::of(node).put(&format!("/v1/vacancies/V-{postcode}"), document.to_string()).await;
            assert_eq!(put.status(), 201);
        }
    }
    nodes
}

fn titles(html: &str) -> Vec<String> {
    html.split("<h3>").skip(1).filter_map(|rest| rest.split('<').next()).map(|title| title.trim().to_owned()).collect()
}

fn texts<'r>(filling: &'r Filling, member: &str) -> Vec<&'r str> {
    filling.rows.iter().map(|row| row[member].as_str().expect("text")).collect()
}

/// What stays as it is, such as a title, is said of each row once.
fn each_is_sent_once(stream: &str) {
    let mut titled = BTreeSet::new();
    for line in stream.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        for row in line["rows"].as_array().into_iter().flatten().filter(|row| row.get("title").is_some()) {
            assert!(titled.insert(row["id"].as_u64()), "once more: {row}");
        }
    }
    assert!(titled.len() >= 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_fills_in_is_sent_once_and_ends_as_the_page_has_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (origin, desk) = (format!("http://{}", nodes[0].client), desk(&nodes[0]));
    let mut rosa = recruiter(&nodes[0]).await;
    let csrf = rosa.open(&format!("{desk}/search")).await.csrf();
    let asked = [("csrf", csrf.as_str()), ("kind", "vacancy"), ("limit", "20")];
    let streamed = rosa.post_from(&origin, &format!("{desk}/search/stream"), &asked).await;
    let filling = Filling::of(&streamed.html);
    assert_eq!((&filling.last["type"], filling.rows.len()), (&json!("done"), 20), "{}", filling.last);

    // The page has as many as fit; its next parts go on.
    let (mut page, mut row) = (Vec::new(), "0".to_owned());
    while page.len() < 20 {
        let part = ask(&mut rosa, &desk, &csrf, &[&asked[1..], &[("row", row.as_str())]].concat()).await;
        page.extend(titles(&part.html));
        row = part.html.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next part").to_owned();
    }
    assert_eq!(texts(&filling, "title"), page, "the order is that of the page");
    let whole = "Sleutelen en lassen aan de kade. ".repeat(30);
    assert!(texts(&filling, "whole").iter().all(|text| *text == whole), "{:?}", filling.rows[0]["whole"]);

    // Each letter is that of the dot of its place, and the first row at each dot is where that leads.
    let dots = filling.map["dots"].as_array().expect("dots");
    assert!(dots.len() >= 3, "{dots:?}");
    for row in &filling.rows {
        let dot = dots.iter().find(|dot| dot["letter"] == row["letter"]).expect("its dot");
        assert!(dot["place"].as_str().is_some_and(|places| places.contains(row["place"].as_str().expect("a place"))), "{row:?} {dot}");
    }
    let anchors: Vec<String> = texts(&filling, "anchor").into_iter().filter(|anchor| !anchor.is_empty()).map(str::to_owned).collect();
    let led: Vec<String> = dots.iter().map(|dot| format!("at-{}", dot["letter"].as_str().expect("a letter"))).collect();
    assert_eq!(anchors, led);

    let lines = streamed.html.lines().filter(|line| line.contains("\"type\":\"rows\"")).count();
    assert!(lines >= 2, "it was told as it came, in {lines} lines");
    println!("desk: {} bytes in {lines} lines and the end; each of them whole would be {}", filling.sent, filling.sent_whole);
    assert!(filling.sent < 80_000 && filling.sent * 5 < filling.sent_whole * 4, "{} of {}", filling.sent, filling.sent_whole);
    each_is_sent_once(&streamed.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fits_a_worker_is_sent_once_too() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let (origin, portal) = (format!("http://{}", nodes[0].client), format!("http://{}/portal", nodes[0].client));
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let page = anna.open(&format!("{portal}/work")).await;
    let streamed = anna.post_from(&origin, &format!("{portal}/work/stream"), &[("csrf", &page.csrf())]).await;
    let filling = Filling::of(&streamed.html);
    assert_eq!((&filling.last["type"], filling.rows.len()), (&json!("done"), 10), "{}", filling.last);
    assert_eq!(texts(&filling, "title"), titles(&page.html));
    println!("portal: {} bytes; whole in each line it would be {}", filling.sent, filling.sent_whole);
    assert!(filling.sent < 30_000 && filling.sent * 2 < filling.sent_whole, "{} of {}", filling.sent, filling.sent_whole);
    each_is_sent_once(&streamed.html);
}
