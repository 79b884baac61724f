//! A worker who was erased: nothing of them stands in any file of their node.

use std::path::Path;

use polder_federation_tests::http::Client;
use polder_federation_tests::people::profile;
use polder_federation_tests::problems::refused;
use polder_web::RunningNode;
use serde_json::{Value, json};

use super::workers::{call, decision, give, read, seek, stage, until};

const TITLE: &str = "Onvindbaarlasser zoekt werk";
const DESCRIPTION: &str = "Repareert al jaren zeldzame klokkenspelen.";
const NAME: &str = "Zwaantje Onvindbaar";
const EMAIL: &str = "zwaantje@onvindbaar.example";
const TELEPHONE: &str = "+31 6 9876 5432";

/// A profile whose words stand nowhere else.
fn of_one_kind() -> Value {
    let mut one = profile(TITLE);
    one["description"] = json!(DESCRIPTION);
    one["contact"] = json!({"name": NAME, "email": EMAIL, "telephone": TELEPHONE});
    one
}

/// The salt of a decision of a worker.
async fn salt_of(node: &RunningNode, worker: &str) -> String {
    let decisions = node.node.store().decisions_of(worker.parse().expect("a worker")).await.expect("read");
    decisions[0].1.to_hex()
}

/// The files below a directory in which a text stands: as it is, in capitals or not, as hexadecimal digits of its bytes, or as the bytes for which
/// it is the digits.
fn files_with(directory: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let looked_for = [Some(text.as_bytes().to_vec()), Some(hex::encode(text).into_bytes()), hex::decode(text).ok()];
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let (bytes, lower) = (bytes.as_slice(), bytes.to_ascii_lowercase());
        let stands = |text: &Vec<u8>| [bytes, &lower].iter().any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_slice()));
        if looked_for.iter().flatten().any(stands) {
            found.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_erased_is_nobody_here_any_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 2, &["P-1", "P-2"]).await;
    let (worker, other) = (Client::of_worker(&nodes[0], "P-1").await, Client::of_worker(&nodes[0], "P-2").await);
    let operator = Client::of(&nodes[0]);
    assert_eq!(operator.put("/v1/skill-offers/P-1", of_one_kind().to_string()).await.status(), 200);
    give(&other, &decision(&[&nodes[1]])).await;
    // A text that the other one has not read.
    let mut with_hours = decision(&[&nodes[1]]);
    with_hours["fields"] = json!(["/title", "/skills", "/hours"]);
    give(&worker, &with_hours).await;
    let hits = seek(&nodes[1]).await;
    assert_eq!(hits.as_array().map(Vec::len), Some(2));
    let hit = hits.as_array().expect("a list").iter().find(|hit| hit["document"]["title"] == TITLE).expect("the one");
    let [key, disclosure] = [&hit["key"], &hit["disclosure"]["id"]].map(|name| name.as_str().expect("a name").to_owned());
    let consent = read(&worker, "/v1/me/consents").await["items"][0]["consent"].clone();
    let name = |member: &str| consent[member].as_str().expect("a name").to_owned();
    let (subject, notice) = (name("worker"), consent["notice"]["sha256"].as_str().expect("a hash").to_owned());
    let salt = salt_of(&nodes[0], &subject).await;
    let mine = [TITLE, DESCRIPTION, NAME, EMAIL, TELEPHONE, &name("id"), &disclosure, &subject, &notice, &salt, &key];
    let home = directory.path().join(nodes[0].node.home().partner.as_str().replace(':', "-"));
    for value in mine {
        assert_ne!(files_with(&home, value), [""; 0], "{value} is looked for where it stands");
    }
    let (status, gone) = call(&worker, "DELETE", "/v1/me", None).await;
    assert_eq!((status, gone["receipts"].as_array().map(Vec::len)), (200, Some(1)), "{gone}");
    assert_eq!(gone["receipt"].as_str().map(|jws| jws.split('.').count()), Some(3), "{gone}");
    assert_eq!(seek(&nodes[1]).await.as_array().map(Vec::len), Some(1), "the other one is there");
    let response = worker.request("GET", "/v1/me/consents").send().await.expect("a response");
    assert_eq!(refused(response).await.is(), (401, "unauthenticated"), "the token is over");
    let profile = operator.request("GET", "/v1/skill-offers/P-1").send().await.expect("a response");
    assert_eq!(refused(profile).await.is(), (404, "not-found"));
    let token = operator.request("POST", "/v1/invitations").json(&json!({"offer": "P-1"})).send().await.expect("a response");
    assert_eq!(refused(token).await.is(), (404, "not-found"));
    // The copy is erased all the same, by whoever has it.
    let system = Client::of(&nodes[1]);
    let erasure = until("the partner's system is told", async || read(&system, "/v1/erasures").await["items"].get(0).cloned()).await;
    call(&system, "POST", "/v1/erasures/acknowledged", Some(&json!({"upTo": erasure["number"]}))).await;
    until("it is erased", async || (read(&operator, "/v1/outstanding").await == json!({"items": []})).then_some(())).await;
    assert_eq!(read(&other, "/v1/me/consents").await["items"][0]["state"], "given");
    // No file of the node has anything of them: not the database, nor what stands beside it. What is over is emptied when nobody reads.
    until("nothing is left", async || nodes[0].node.store().empty_write_ahead().await.expect("emptied").then_some(())).await;
    for value in mine {
        let in_journal = [&subject, &key].contains(&&value.to_owned());
        let mut found = files_with(&home, value);
        // That they were erased stands there, for a backup that is put back; by what handle, until the journal is written anew.
        found.retain(|file| !(in_journal && file == "consent.journal"));
        assert_eq!(found, [""; 0], "{value}");
    }
    // Nor has whoever received something.
    let theirs = directory.path().join(nodes[1].node.home().partner.as_str().replace(':', "-"));
    for value in [TITLE, DESCRIPTION, NAME, EMAIL, TELEPHONE, &subject] {
        assert_eq!(files_with(&theirs, value), [""; 0], "{value}");
    }
    for node in nodes {
        node.stop().await;
    }
    for value in [TITLE, DESCRIPTION, NAME, EMAIL, TELEPHONE, &disclosure, &notice, &salt] {
        assert_eq!(files_with(directory.path(), value), [""; 0], "{value}, also when it has stopped");
    }
}
