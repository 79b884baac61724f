//! `polder consent`, with a node that runs: its partner is the recipient as well.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::alone::{ADDRESS, CONTACT, Node, PARTNER};
use crate::support::command::{code, err, out, polder};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_decides_and_sees_on_the_command_line() {
    let node = Node::start().await;
    let profile = json!({"title": "Monteur zoekt werk", "skills": [{"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}],
                         "contact": {"name": "Anna Voorbeeld"}});
    let put = node.http.request(reqwest::Method::PUT, "/v1/skill-offers/P-1").json(&profile).send().await.expect("a response");
    assert_eq!(put.status(), 201);
    assert_eq!(node.http.put("V-1", "Monteur").await.expect("a response"), 201);

    // An invitation, for a profile that is there and nobody's yet.
    let nobody = node.run("operator-token", &["people", "invite", "--offer", "P-9"]);
    assert!(code(&nobody) == 1 && err(&nobody).contains("there is no skill-offer with this key"), "{}", err(&nobody));
    let invited = node.done("operator-token", &["people", "invite", "--offer", "P-1", "--lang", "nl"]);
    assert!(invited.contains("/portal/invitation") && invited.contains("Geef dit alleen aan de werkende"), "{invited}");
    node.worker("P-1", "worker");
    let again = node.run("operator-token", &["people", "invite", "--offer", "P-1"]);
    assert!(code(&again) == 1 && err(&again).contains("somebody logs in to it already"), "{}", err(&again));

    // The text is shown; nothing is given without a yes, and nobody but the worker gives.
    let give =
        ["consent", "give", "--purpose", "match-vacancy", "--to", PARTNER, "--field", "/title", "--field", "/skills", "--lang", "nl"];
    let unasked = node.run("worker", &give);
    assert!(code(&unasked) == 2 && err(&unasked).contains("er is niets gegeven"), "{}", err(&unasked));
    assert!(out(&unasked).contains("Proef BV (kvk:90000001)") && out(&unasked).contains("uw vaardigheden"), "{}", out(&unasked));
    let who = [&format!("Proef BV ({ADDRESS}) bewaart uw profiel"), &format!("te bereiken via {CONTACT}.")];
    assert!(
        who.into_iter().all(|says| out(&unasked).contains(says.as_str())),
        "who is responsible, and how they are reached: {}",
        out(&unasked)
    );
    assert_eq!(node.json("worker", &["consent", "list"]), json!({"items": []}));
    let operator = node.run("operator-token", &[&give[..], &["--yes"]].concat());
    assert!(code(&operator) == 4 && err(&operator).contains("this is for a worker"), "{}", err(&operator));
    let too_much = node.run("worker", &[&give[..], &["--field", "/contact/name", "--yes"]].concat());
    assert!(code(&too_much) == 1 && err(&too_much).contains("this purpose does not allow /contact/name"), "{}", err(&too_much));
    let given = node.done("worker", &[&give[..], &["--yes"]].concat());
    assert!(given.contains("Gegeven:") && given.contains("Proef BV (kvk:90000001)") && given.contains("geldt"), "{given}");
    let list = node.json("worker", &["consent", "list"]);
    let consent = list["items"][0]["consent"]["id"].as_str().expect("an id").to_owned();

    // Whoever may, finds them.
    let seek = ["query", "--kind", "skill-offer", "--about", "vacancy:V-1"];
    let found = node.done("operator-token", &seek);
    assert!(found.contains("Monteur zoekt werk") && found.contains("known here as ") && !found.contains("Anna"), "{found}");
    let worker_seeks = node.run("worker", &seek);
    assert_eq!(code(&worker_seeks), 4, "{}", err(&worker_seeks));
    let seen = node.done("worker", &["consent", "who-saw", "--lang", "nl"]);
    assert!(seen.contains("kijken of een vacature past: vacature V-1 van Proef BV") && seen.contains("is er nog"), "{seen}");
    let times: Vec<&str> = seen.lines().skip(1).filter(|line| !line.is_empty()).map(|line| line.get(..20).expect("a time")).collect();
    assert!(times.iter().all(|time| time.ends_with(" UTC")), "to the minute: {seen}");
    node.done("worker", &["query", "--text", "monteur"]);
    let asked = node.done("worker", &["consent", "questions", "--lang", "en"]);
    assert!(asked.contains("find work") && asked.contains("words") && asked.contains("Proef BV") && !asked.contains("monteur"), "{asked}");

    // All that is held, here and at whoever received something.
    let held = node.done("worker", &["rights", "access", "--lang", "nl"]);
    assert!(held.starts_with("Hier: uw profiel, 1 toestemming met") && held.contains("Proef BV (kvk:90000001): antwoord van "), "{held}");
    assert!(held.contains("uw vaardigheden") && held.contains(" tot ") && held.contains("operator") && !held.contains('!'), "{held}");
    let held = node.json("worker", &["rights", "access", "--known"]);
    assert_eq!((&held["partners"][0]["state"], &held["values"]), (&json!("answered"), &json!("with-the-systems-named")));
    assert_eq!(code(&node.run("operator-token", &["rights", "access"])), 4);

    // The privacy officer reads what was done, and opens what is sealed; nobody else's eyes find a name in it.
    let lines = |arguments: &[&str]| -> Vec<Value> {
        let output = polder(node.here(), &[&["log", "processing", "--json", "--config", "polder.toml"], arguments].concat(), "");
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let all = lines(&[]);
    let names = |of: &[Value]| of.iter().map(|record| record["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>();
    for name in [
        "profile published",
        "consent given",
        "question about people answered",
        "profile matched",
        "copy received",
        "question asked for a worker",
    ] {
        assert!(names(&all).iter().any(|found| found == name), "{name}: {all:?}");
    }
    let of_worker = lines(&["--offer", "P-1", "--open"]);
    assert_eq!(names(&of_worker), ["profile published", "consent given", "profile matched", "question asked for a worker"]);
    let worker = of_worker[0]["subject"].as_str().expect("opened").to_owned();
    assert!(
        of_worker.iter().all(|record| record["subject"] == worker.as_str())
            && !serde_json::to_string(&all).expect("JSON").contains(&worker)
    );
    let at = |name: &str| of_worker[1][name].as_str().expect("text");
    let sealed = of_worker[1]["attributes"]["dpl.core.data_subject_id"].as_str().expect("sealed");
    let opened = ["log", "subject", "--config", "polder.toml", "--trace", at("trace_id"), "--span", at("span_id"), sealed];
    assert_eq!(out(&polder(node.here(), &opened, "")).trim(), format!("worker {worker}, of the skill offer P-1"));
    let moved = ["log", "subject", "--config", "polder.toml", "--trace", at("trace_id"), "--span", "0000000000000001", sealed];
    assert_eq!(code(&polder(node.here(), &moved, "")), 1, "it is of another record");
    assert_eq!(lines(&["--until", "2020-01-01"]), [Value::Null; 0]);
    assert!(all.iter().all(|record| record["resource"]["attributes"]["polder.partner"] == PARTNER), "{all:?}");
    let backwards = ["log", "processing", "--config", "polder.toml", "--from", "2026-12-02", "--until", "2026-12-01"];
    let refused = polder(node.here(), &backwards, "");
    assert!(code(&refused) == 2 && out(&refused).is_empty(), "{}", out(&refused));
    assert!(err(&refused).contains("--from 2026-12-02 comes after --until 2026-12-01"), "{}", err(&refused));

    // What is kept: a signed receipt, and the proof from the log; files of their owner.
    let receipt = node.done("worker", &["consent", "receipt", &consent, "--output", "receipt.json", "--lang", "nl"]);
    assert!(receipt.starts_with("De ondertekende bevestiging staat in receipt.json, als JSON: "), "{receipt}");
    let receipt: Value = serde_json::from_slice(&std::fs::read(node.setup.path("receipt.json")).expect("a file")).expect("JSON");
    assert_eq!(receipt["jws"].as_str().map(|jws| jws.split('.').count()), Some(3), "{receipt}");
    let again = node.run("worker", &["consent", "receipt", &consent, "--output", "receipt.json"]);
    assert!(code(&again) == 2 && err(&again).contains("is not overwritten"), "{}", err(&again));
    let proof = node.json("worker", &["consent", "proof", "--output", "proof.json"]);
    let kept: Value = serde_json::from_slice(&std::fs::read(node.setup.path("proof.json")).expect("a file")).expect("JSON");
    // It waits until the log is signed: one decision and one disclosure.
    assert_eq!((&kept["type"], kept["rows"].as_array().map(Vec::len), &proof["rows"]), (&json!("polder-log-export/1"), Some(2), &json!(2)));
    let register = ["--register", "register", "--fingerprint", &node.setup.fingerprint, "--partner", PARTNER];
    let verified = polder(node.here(), &[&["log", "verify", "proof.json"], register.as_slice()].concat(), "");
    assert_eq!(code(&verified), 0, "{}{}", out(&verified), err(&verified));
    let other = std::fs::read_to_string(node.setup.path("proof.json")).expect("a file").replace("/skills", "/hours");
    std::fs::write(node.setup.path("other.json"), other).expect("written");
    let refused = polder(node.here(), &[&["log", "verify", "other.json"], register.as_slice()].concat(), "");
    assert_eq!(code(&refused), 1, "another text: {}{}", out(&refused), err(&refused));

    // It ends with one word, and again.
    let ended = node.done("worker", &["consent", "withdraw", &consent, "--lang", "nl"]);
    assert!(ended.starts_with("Beëindigd op ") && ended.contains("moet de kopie wissen"), "{ended}");
    let again = node.done("worker", &["consent", "withdraw", &consent, "--lang", "en"]);
    assert!(again.starts_with("This had ended before, at "), "{again}");
    assert_eq!(node.json("worker", &["consent", "withdraw", "--all"])["items"], json!([]));
    let nobodys = node.run("worker", &["consent", "withdraw", &"0".repeat(32)]);
    assert!(code(&nobodys) == 1 && err(&nobodys).contains("there is no such consent"), "{}", err(&nobodys));
    assert_eq!(node.json("operator-token", &seek)["hits"], json!([]));
    let erasures = node.done("worker", &["consent", "erasures", "--lang", "nl"]);
    assert!(erasures.contains("alles") && erasures.contains("nog niet gewist, sinds"), "{erasures}");
    let seen = node.done("worker", &["consent", "who-saw", "--lang", "nl"]);
    assert!(seen.contains("moet worden gewist, nog niet bevestigd") && !seen.contains("is er nog"), "{seen}");

    // The recipient's system has erased it, but for what a law demands; the worker reads which.
    let listed: Value =
        node.http.request(reqwest::Method::GET, "/v1/erasures").send().await.expect("a response").json().await.expect("JSON");
    let number = &listed["items"][0]["number"];
    let kept = json!({"number": number, "fields": ["/title"], "basis": "legal-obligation", "statute": "AWR art. 52", "until": "2040-01-01T00:00:00Z"});
    let said = json!({"upTo": number, "retained": [kept]});
    let noted = node.http.request(reqwest::Method::POST, "/v1/erasures/acknowledged").json(&said).send().await.expect("a response");
    assert_eq!(noted.status(), 200);
    let erasures = node.done("worker", &["consent", "erasures", "--lang", "nl"]);
    for says in [
        "gewist, behalve wat volgens de wet bewaard blijft, op",
        "wat u zoekt, in één regel",
        "tot 01-01-2040 00:00 UTC: AWR art. 52 (dat moet van de wet)",
    ] {
        assert!(erasures.contains(says), "{says}: {erasures}");
    }
    let erasures = node.json("worker", &["consent", "erasures"]);
    assert_eq!(
        (&erasures["items"][0]["state"], &erasures["items"][0]["retained"][0]["statute"]),
        (&json!("retained"), &json!("AWR art. 52"))
    );
    let seen = node.done("worker", &["consent", "who-saw", "--lang", "en"]);
    assert!(seen.contains("erased, but for what is kept by law"), "{seen}");

    // A caseworker's system prepares something; the worker answers it.
    let request = json!({"key": "P-1", "purpose": "be-contacted", "fields": ["/contact/name"], "assistedBy": "m-17"});
    let made = node.http.request(reqwest::Method::POST, "/v1/requests").json(&request).send().await.expect("a response");
    let made: Value = made.json().await.expect("JSON");
    let requests = node.done("worker", &["consent", "requests", "--lang", "nl"]);
    assert!(requests.contains("met hulp van m-17") && requests.contains("uw naam") && requests.contains("gevraagd"), "{requests}");
    let request = node.json("worker", &["consent", "requests"])["items"][0]["id"].as_str().expect("an id").to_owned();
    let put_off = node.done("worker", &["consent", "answer", &request, "later", "--lang", "en"]);
    assert_eq!(put_off.trim(), "Put off. You are not asked again for 30 days, and nobody hears of it.");
    let unasked = node.run("worker", &["consent", "answer", &request, "give", "--lang", "nl"]);
    assert!(code(&unasked) == 2 && out(&unasked).contains("uw naam"), "{}{}", out(&unasked), err(&unasked));
    let given = node.json("worker", &["consent", "answer", &request, "give", "--yes"]);
    assert_eq!(given["items"][0]["consent"]["assistedBy"], "m-17");
    let again = node.run("worker", &["consent", "answer", &request, "refuse"]);
    assert!(code(&again) == 1 && err(&again).contains("open no more"), "{}", err(&again));
    let path = format!("/v1/requests/{}", made["id"].as_str().expect("an id"));
    let standing = node.http.request(reqwest::Method::GET, &path).send().await.expect("a response");
    assert_eq!(standing.json::<Value>().await.expect("JSON")["state"], "given");

    // Everything goes along, in a file of its owner; nothing ends by it.
    let exported = node.done("worker", &["rights", "export", "--output", "export.json", "--lang", "nl"]);
    assert!(exported.starts_with("In export.json staat alles, ondertekend."), "{exported}");
    let mode = std::fs::metadata(node.setup.path("export.json")).expect("there").permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
    let own = node.run("operator-token", &["rights", "take-in", "export.json", "--key", "P-2"]);
    assert!(code(&own) == 4 && err(&own).contains("it is of this node"), "{}", err(&own));
    assert_eq!(node.done("worker", &["rights", "history", "--lang", "nl"]).trim(), "Er is niets.");
    // Something happened since: it would be lost.
    node.done("worker", &["consent", "withdraw", "--all"]);
    let behind = node.run("worker", &["rights", "move", "export.json", "--output", "moved.json", "--yes", "--lang", "en"]);
    assert!(code(&behind) == 1 && err(&behind).contains("export anew"), "{}", err(&behind));
    node.done("worker", &["rights", "export", "--output", "export-2.json"]);
    let unasked = node.run("worker", &["rights", "move", "export-2.json", "--output", "moved.json"]);
    assert_eq!(code(&unasked), 2, "{}", err(&unasked));

    // And then everything ends.
    let unasked = node.run("worker", &["rights", "erase", "--output", "gone.json", "--lang", "nl"]);
    assert!(code(&unasked) == 2 && err(&unasked).contains("er is niets gedaan"), "{}", err(&unasked));
    let gone = node.done("worker", &["rights", "move", "export-2.json", "--output", "gone.json", "--yes", "--lang", "nl"]);
    assert!(gone.starts_with("Gewist op ") && gone.contains("gone.json"), "{gone}");
    let receipt: Value = serde_json::from_slice(&std::fs::read(node.setup.path("gone.json")).expect("a file")).expect("JSON");
    assert_eq!(receipt["receipt"].as_str().map(|jws| jws.split('.').count()), Some(3), "{receipt}");
    assert_eq!(code(&node.run("worker", &["consent", "list"])), 4, "the token is over");

    // No file of the node has anything of them, its log neither. What the worker keeps is not the node's.
    let values = ["Monteur zoekt werk", "Anna Voorbeeld", consent.as_str(), "m-17"];
    let began = Instant::now();
    loop {
        let found: Vec<String> = values.iter().flat_map(|value| files_with(&node.setup.path("data"), value)).collect();
        if found.is_empty() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{found:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let log = std::fs::read_to_string(node.setup.path("node.log")).expect("a log");
    for value in values.iter().copied().chain([worker.as_str()]) {
        assert!(!log.contains(value), "{value}: {log}");
    }
}

/// The files below a directory in which a text stands.
fn files_with(directory: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes())) {
            found.push(format!("{text} in {}", path.display()));
        }
    }
    found
}
