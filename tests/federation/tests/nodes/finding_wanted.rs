//! What is for an occupation that a worker wants comes before all else that fits, on the page, in each part of it and in the stream.

use std::collections::BTreeSet;

use polder_federation_tests::browser::Browser;
use polder_federation_tests::filling::Filling;
use polder_federation_tests::http::Client;
use polder_federation_tests::people::profile;
use polder_web::RunningNode;
use serde_json::{Value, json};

use crate::portal::{stage, with_document};

/// Offers that fit better by their score, of which a page has no room for all.
const OTHERS: usize = 11;
/// Offers for the occupation that is wanted.
const WANTED: usize = 2;

async fn put(node: &RunningNode, collection: &str, title: &str, more: &Value) {
    let mut document = json!({"title": title, "description": "Werk of leren."});
    for (name, value) in more.as_object().expect("an object") {
        document[name] = value.clone();
    }
    let key = title.replace(' ', "-");
    assert_eq!(Client::of(node).put(&format!("/v1/{collection}/{key}"), document.to_string()).await.status(), 201);
}

fn titles(html: &str) -> Vec<String> {
    html.split("<h3>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

/// That those for the occupation come first, and the order is one.
async fn come_first(anna: &mut Browser, origin: &str, page: &str) {
    let first = anna.open(&format!("{origin}/portal/{page}?whole=yes")).await;
    let shown = titles(&first.html);
    assert_eq!(shown.len(), 10, "{}", first.html);
    assert!(shown[..WANTED].iter().all(|title| title.starts_with("Gewenst")), "{page}: {shown:?}");
    assert!(shown[WANTED..].iter().all(|title| title.starts_with("Ander")), "{page}: {shown:?}");
    assert!(first.html.contains("Eerst staat wat hoort bij een beroep dat u wilt, daarna de rest."), "{}", first.html);
    let second = anna.open(&format!("{origin}/portal/{page}?whole=yes&part=2")).await;
    let rest = titles(&second.html);
    assert!(!second.html.contains("Eerst staat wat hoort bij"), "none of those is left: {}", second.html);
    let all: BTreeSet<&String> = shown.iter().chain(&rest).collect();
    assert_eq!((rest.len(), all.len()), (OTHERS + WANTED - 10, OTHERS + WANTED), "each once: {shown:?} {rest:?}");
    let streamed = anna.post_from(origin, &format!("{origin}/portal/{page}/stream"), &[("csrf", &first.csrf())]).await;
    let list = Filling::of(&streamed.html);
    let titles: Vec<&str> = list.rows.iter().map(|row| row["title"].as_str().expect("text")).collect();
    assert_eq!(titles, shown, "the script shows the same");
    for (said, there) in [(&list.last["summary"], "Eerst staat wat hoort bij"), (&list.last["more"], "Er is meer dan u hier ziet")] {
        assert!(said.as_str().is_some_and(|said| said.contains(there)), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_the_occupation_that_is_wanted_comes_before_what_scores_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let reference = nodes[0].node.reference();
    let wanted = reference.occupations().iter().find(|one| one.skills.len() > 1).expect("an occupation with skills");
    let (held, lacking) = (wanted.skills[0].0.as_str(), wanted.skills[1].0.as_str());
    let occupations = json!([{"scheme": "esco", "uri": wanted.uri.as_str()}]);
    for (collection, whom, skills, skill) in [("vacancies", "employer", "skills", held), ("trainings", "provider", "skillsTaught", lacking)]
    {
        for number in 1..=OTHERS {
            let other = json!({whom: {"name": "De Proef"}, skills: [{"uri": skill}]});
            put(&nodes[1], collection, &format!("Ander {number}"), &other).await;
        }
        for number in 1..=WANTED {
            let more = json!({whom: {"name": "De Proef"}, "occupations": occupations});
            put(&nodes[1 - number % 2], collection, &format!("Gewenst {number}"), &more).await;
        }
    }
    let mut mine = profile("Monteur");
    mine["skills"] = json!([{"uri": held}]);
    mine["occupationsWanted"] = occupations;
    mine.as_object_mut().expect("an object").remove("hours");
    let mut anna = with_document(&nodes[0], "Anna Voorbeeld", "W-1", &mine).await;
    let origin = format!("http://{}", nodes[0].client);
    for page in ["work", "training"] {
        come_first(&mut anna, &origin, page).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_training_fits_an_occupation_is_proposed_to_whoever_wants_none() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bart Voorbeeld"]).await;
    let wanted = nodes[0].node.reference().occupations().first().expect("an occupation").uri.clone();
    let none = profile("Monteur");
    let mut some = none.clone();
    some["occupationsWanted"] = json!([{"scheme": "esco", "uri": wanted.as_str()}]);
    for (name, key, mine, proposes) in [("Anna Voorbeeld", "W-1", none, true), ("Bart Voorbeeld", "W-2", some, false)] {
        let mut browser = with_document(&nodes[0], name, key, &mine).await;
        let page = browser.open(&format!("http://{}/portal/training?whole=yes", nodes[0].client)).await;
        assert!(page.html.contains("Er is nu geen opleiding die past"), "{}", page.html);
        assert_eq!(page.html.contains("Zet in uw profiel welk beroep u wilt"), proposes, "{name}: {}", page.html);
    }
}
