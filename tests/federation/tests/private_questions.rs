//! The question is personal too: of what is asked for a worker, nothing stays at those who answer. Looked for on every disk, in every line of the log, in spans
//! and in the numbers. It needs a process to itself: it looks at all that is logged.
#![expect(clippy::expect_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use polder_federation_tests::collector::{Collector, Does};
use polder_federation_tests::http::{Client, Partner, partners, start_all, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::profile;
use polder_model::Purpose;
use polder_web::RunningNode;
use serde_json::{Value, json};
use tracing::Level;

/// Every file below a directory.
fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Files of a directory that hold a text, in any case of its letters.
fn files_with(directory: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(directory, &mut found);
    found.retain(|path| holds(&std::fs::read(path).expect("read"), text));
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let text = text.to_lowercase();
    bytes.to_ascii_lowercase().windows(text.len()).any(|window| window == text.as_bytes())
}

async fn metrics(node: &RunningNode) -> String {
    let response = reqwest::get(format!("http://{}/metrics", node.operator)).await.expect("a response");
    response.text().await.expect("text")
}

/// Three partners that tell a collector everything they tell anyone.
async fn federation(directory: &Path, collector: &Collector) -> (Vec<Partner>, Vec<RunningNode>) {
    let mut partners = partners(directory, &PARTNERS[..3]);
    for partner in &mut partners {
        partner.member.purposes = Purpose::ALL.to_vec();
        partner.traces = collector.all();
        partner.processing_log = collector.processing_log();
    }
    let nodes = start_all(&mut partners).await;
    for node in &nodes {
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", vacancy("Baggermeester").to_string()).await.status(), 201);
        assert_eq!(Client::of(node).put("/v1/skill-offers/P-1", profile("Monteur zoekt werk").to_string()).await.status(), 201);
    }
    (partners, nodes)
}

/// What a question says that nothing else does.
fn words(result: &Value) -> Vec<String> {
    let criteria = &result["query"]["criteria"];
    let reach = criteria["travel"]["reach"].as_array().map(|rows| rows.iter().take(3).map(Value::to_string).collect::<Vec<_>>());
    let mut words: Vec<String> = ["kwartelkun", "zeppelinbouw", "\"8302\"", "lobbendraaien"].map(str::to_owned).to_vec();
    words.extend(reach.expect("a table of what can be reached"));
    words.push(result["query"]["tieKey"].as_str().expect("a key").to_owned());
    words
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_workers_question_stays_anywhere() {
    logs::keep_to(Level::TRACE);
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let (partners, nodes) = federation(directory.path(), &collector).await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let asked = json!({
        "kind": "vacancy", "purpose": "find-work", "text": "zeppelinbouw", "deadlineMs": 5_000,
        "skills": [{"uri": "http://voorbeeld.example/skill/kwartelkunde", "importance": "essential"}],
        "travel": {"from": "8302", "mode": "car", "maxMinutes": 34}, "hours": {"min": 17, "max": 23},
    });
    let (status, result) = worker.query(&asked).await;
    assert!(status == 200 && result["complete"] == json!(true), "{result}");
    // And one that is about people, and one that is refused.
    let people = json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}, "text": "lobbendraaien"});
    assert_eq!(Client::of(&nodes[0]).query(&people).await.0, 200);
    assert_eq!(worker.query(&json!({"kind": "vacancy", "text": "zeppelinbouw", "kwartelkunde": 8302})).await.0, 400);

    let words = words(&result);
    let told = result["query"].to_string();
    assert!(["kwartelkun", "zeppelinbouw", "8302"].iter().all(|word| told.contains(word)), "it travelled: {told}");
    let numbers: Vec<String> = futures::future::join_all(nodes.iter().map(metrics)).await;
    // Records go out once a second.
    let told = || holds(&collector.bytes(), "answer") && holds(&collector.bytes(), "question asked for a worker");
    let began = Instant::now();
    while !told() {
        assert!(began.elapsed() < Duration::from_secs(20), "that which is told is found so");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // While they run: also what stands in the write-ahead log alone.
    looked_for(&partners, &words);
    for node in nodes {
        node.stop().await;
    }
    looked_for(&partners, &words);
    let bytes = collector.bytes();
    for word in &words {
        assert!(!holds(&bytes, word), "{word} was sent to a collector");
        assert!(numbers.iter().all(|text| !holds(text.as_bytes(), word)), "{word} stands among the numbers");
        let lines = logs::lines_with(&[word]);
        assert!(lines.is_empty(), "{word} was logged: {lines:?}");
    }
    assert!(numbers.iter().all(|text| text.contains("polder_requests_total")));
    let deep = logs::lines_with(&["polder.query"]).len() + logs::lines_with(&["frame="]).len();
    assert!(deep > 0, "the log is as deep as it goes");
}

/// No file of any node holds any of the words; one that holds an offer is found so.
fn looked_for(partners: &[Partner], words: &[String]) {
    for partner in partners {
        assert!(!files_with(&partner.directory, "Baggermeester").is_empty(), "what is on a disk is found so");
        for word in words {
            let found = files_with(&partner.directory, word);
            assert!(found.is_empty(), "{word} stands at {} in {found:?}", partner.id);
        }
    }
    // What the asking node writes down is that it was asked, and about what kind of thing.
    let of_kinds = ["skills", "travel", "find-work"].map(|word| !files_with(&partners[0].directory, word).is_empty());
    assert_eq!(of_kinds, [true; 3]);
}
