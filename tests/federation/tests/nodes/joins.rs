//! What a partner cannot find out of people: by putting together what two received, or by how a node says that somebody is not to be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use polder_consent::{Field, WorkerId};
use polder_exchange::Node;
use polder_exchange::people::Decision;
use polder_federation_tests::local::Federation;
use polder_federation_tests::people::{MATCHED, decision, give, morning, profile, put, request, seek, vacancy};
use polder_model::Kind;
use polder_model::answer::ResultHit;
use polder_store::Precondition;
use serde_json::Value;

/// Workers who cannot be told apart by what they let be seen.
const WORKERS: usize = 12;

/// Whom a hit is of, as their own node alone knows.
async fn worker_of(home: &Node, workers: &[WorkerId], hit: &ResultHit) -> usize {
    let id = hit.disclosure.as_ref().expect("under what it was given").id.clone();
    for (number, worker) in workers.iter().enumerate() {
        let rows = home.disclosures_of(*worker, None, 100).await.expect("read");
        if rows.iter().any(|row| row.disclosure.id.to_string() == id) {
            return number;
        }
    }
    panic!("a disclosure of nobody");
}

/// Every value that comes with a person, by where it stands; but what they let be seen, and what is made of that.
fn values(hit: &ResultHit) -> BTreeMap<String, String> {
    let mut hit = serde_json::to_value(hit).expect("JSON");
    let members = hit.as_object_mut().expect("an object");
    members.retain(|name, _| !["document", "reasons", "score"].contains(&name.as_str()));
    let mut found = BTreeMap::new();
    flatten("", &hit, &mut found);
    found.retain(|place, _| !place.starts_with("/disclosure/fields"));
    found
}

fn flatten(place: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, inner)| flatten(&format!("{place}/{name}"), inner, found)),
        Value::Array(list) => list.iter().enumerate().for_each(|(index, inner)| flatten(&format!("{place}/{index}"), inner, found)),
        plain => {
            found.insert(place.to_owned(), plain.to_string());
        }
    }
}

/// What the home node answers to the first seeker, as it goes over the wire.
async fn answered(federation: &Federation) -> String {
    let (home, seeker) = (&federation.nodes[0], &federation.nodes[1]);
    let mut query = seeker.self_contained(&request("V-1")).expect("a question");
    // The same question each time.
    query.id = "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned();
    let register = home.register();
    let member = register.member(&seeker.home().partner).expect("a member");
    let (answer, _on_its_way) = home.answer_about_people(member, &Arc::new(query)).await.expect("answered").into_parts();
    serde_json::to_string(&answer).expect("JSON")
}

/// An answer without what is drawn by chance for each person.
fn without_names(answer: &str) -> String {
    let mut answer: Value = serde_json::from_str(answer).expect("JSON");
    for person in answer["people"].as_array_mut().expect("people") {
        for place in ["/handle", "/disclosure/id"] {
            let name = person.pointer_mut(place).expect("a name");
            assert_eq!(name.as_str().map(str::len), Some(32), "{name}");
            *name = Value::Null;
        }
    }
    answer.to_string()
}

/// Why a partner does not see a worker: to it there is no difference.
#[tokio::test]
async fn no_consent_looks_like_any_other_and_like_nobody() {
    let mut answers = BTreeMap::new();
    let none = ["nobody is there", "never asked", "given to another", "withdrawn", "over", "deleted"];
    for why in none.into_iter().chain(["given", "given to another first"]) {
        let federation = Federation::about_people(3, morning()).await;
        let (home, seeker, other) =
            (&federation.nodes[0], federation.nodes[1].home().partner.clone(), federation.nodes[2].home().partner.clone());
        if why != "nobody is there" {
            let worker = put(home, "P-1", &profile("Monteur zoekt werk")).await;
            let to = if why == "given to another" { &other } else { &seeker };
            if why != "never asked" {
                if why == "given to another first" {
                    for _ in 0..3 {
                        let consent = give(home, worker, &decision(&[&other], &MATCHED)).await.expect("given").remove(0);
                        home.withdraw(worker, consent.id).await.expect("withdrawn");
                    }
                }
                let until = (why == "over").then(|| morning().plus_seconds(60));
                let decision = Decision { until, ..decision(&[to], &MATCHED) };
                let consent = give(home, worker, &decision).await.expect("given").remove(0);
                if why == "withdrawn" {
                    home.withdraw(worker, consent.id).await.expect("withdrawn");
                }
            }
            if why == "deleted" {
                home.delete(Kind::SkillOffer, &"P-1".parse().expect("a key"), Precondition::None).await.expect("deleted");
            }
        }
        federation.clock.pass(Duration::from_secs(60));
        answers.insert(why, answered(&federation).await);
    }
    // Who sees somebody does not see who saw them before.
    let [given, later] = ["given", "given to another first"].map(|why| without_names(&answers.remove(why).expect("an answer")));
    assert!(given.contains("Monteur zoekt werk"), "{given}");
    assert_eq!(later, given);
    let nobody = answers["nobody is there"].clone();
    for (why, answer) in answers {
        assert_eq!(answer, nobody, "{why}");
    }
}

#[tokio::test]
async fn nothing_that_two_partners_receive_says_who_is_the_same() {
    let federation = Federation::about_people(4, morning()).await;
    let (home, seekers) = (&federation.nodes[0], [&federation.nodes[1], &federation.nodes[2]]);
    let third = federation.nodes[3].home().partner.clone();
    let shown = [MATCHED.to_vec(), vec![Field::Title, Field::Skills, Field::Hours]];
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        // Each at an instant of their own.
        federation.clock.pass(Duration::from_secs(61));
        let worker = put(home, &format!("P-{number}"), &profile("Monteur zoekt werk")).await;
        // Each has changed their mind as often as nobody else, about the same fields and a partner that has none of them now.
        for _ in 0..number {
            for fields in &shown {
                let consent = give(home, worker, &decision(&[&third], fields)).await.expect("given").remove(0);
                home.withdraw(worker, consent.id).await.expect("withdrawn");
            }
        }
        for (seeker, fields) in seekers.iter().zip(&shown) {
            give(home, worker, &decision(&[&seeker.home().partner], fields)).await.expect("given");
        }
        workers.push(worker);
    }
    // A change of what both see.
    for (number, worker) in workers.iter().enumerate() {
        federation.clock.pass(Duration::from_secs(61));
        assert_eq!(put(home, &format!("P-{number}"), &profile("Monteur zoekt ander werk")).await, *worker);
    }
    let mut seen = Vec::new();
    for seeker in seekers {
        vacancy(seeker, "V-1").await;
        let hits = seek(seeker).await.hits;
        assert_eq!(hits.len(), WORKERS);
        let mut of = Vec::new();
        for hit in &hits {
            of.push((worker_of(home, &workers, hit).await, values(hit)));
        }
        seen.push(of);
    }
    // Whatever two hits have in common, those of one worker have no more in common than those of two.
    let shared = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> BTreeSet<String> {
        one.iter().filter(|(_, value)| other.values().any(|theirs| theirs == *value)).map(|(place, _)| place.clone()).collect()
    };
    let mut in_common: [BTreeSet<BTreeSet<String>>; 2] = Default::default();
    for (worker, one) in &seen[0] {
        for (another, other) in &seen[1] {
            in_common[usize::from(worker == another)].insert(shared(one, other));
        }
    }
    assert_eq!(in_common[1], in_common[0], "of the same worker and of another one");
    assert_eq!(in_common[1].len(), 1, "{in_common:?}");
    for personal in ["/key", "/disclosure/id"] {
        assert!(!in_common[1].iter().flatten().any(|place| place == personal), "{personal}");
    }
    // Nor does the order: one in twelve factorial, where it is by chance.
    let order = |of: &[(usize, BTreeMap<String, String>)]| of.iter().map(|(worker, _)| *worker).collect::<Vec<_>>();
    assert_ne!(order(&seen[0]), order(&seen[1]));
    assert_ne!(order(&seen[0]), (0..WORKERS).collect::<Vec<_>>(), "not that of their keys");
}
