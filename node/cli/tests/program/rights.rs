//! `polder rights access`, of a worker of whom another partner holds something and does not answer.

use serde_json::{Value, json};

use crate::support::command::{code, err, out, polder};
use crate::support::logins::Logins;
use crate::support::region::Region;
use crate::support::running::Running;

/// Node `a` seeks people, node `b` has them.
fn region() -> Region {
    let region = Region::new();
    for node in ["a", "b"] {
        region.init(node);
        region.change(&format!("{node}/data/member.json"), "\"find-training\"", "\"find-training\", \"match-vacancy\"");
        region.done(&["register", "add", &format!("{node}/data/member.json"), "--dir", "desk"]);
    }
    for node in ["a", "b"] {
        region.accession(node);
        // It asks everyone a first question, and nobody is there yet.
        assert_eq!(code(&region.join(node)), 3);
    }
    region
}

/// Node `b`, to which workers log in.
fn home(region: &Region, logins: &Logins) -> Running {
    region.serve_with("b", &logins.environment(region.here()))
}

fn run(region: &Region, node: &str, token: &str, arguments: &[&str]) -> std::process::Output {
    let config = format!("{node}/polder.toml");
    polder(region.here(), &[arguments, &["--config", &config, "--token-file", token]].concat(), "")
}

fn done(region: &Region, node: &str, token: &str, arguments: &[&str]) -> String {
    let output = run(region, node, token, arguments);
    assert_eq!(code(&output), 0, "{arguments:?}: {}{}", out(&output), err(&output));
    out(&output)
}

fn put(region: &Region, node: &str, kind: &str, line: &Value) {
    let file = format!("{node}/{kind}.ndjson");
    std::fs::write(region.path(&file), format!("{line}\n")).expect("written");
    done(region, node, &format!("{node}/data/operator-token"), &["import", &file, "--kind", kind]);
}

/// Whoever finds the worker holds a copy.
fn found(region: &Region, logins: &Logins) -> Running {
    let asks = region.serve("a");
    let skill = json!([{"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}]);
    put(region, "b", "skill-offer", &json!({"kind": "skill-offer", "key": "P-1", "document": {"title": "Monteur", "skills": skill}}));
    let vacancy = json!({"title": "Monteur", "description": "Je onderhoudt machines.", "employer": {"name": "A"}});
    put(region, "a", "vacancy", &json!({"kind": "vacancy", "key": "V-1", "document": vacancy}));
    let invited = done(region, "b", "b/data/operator-token", &["people", "invite", "--offer", "P-1", "--json"]);
    let invited: Value = serde_json::from_str(&invited).expect("JSON");
    logins.token(invited["code"].as_str().expect("a code"), &region.path("worker"));
    let partner = Region::partner("a");
    let give = ["consent", "give", "--purpose", "match-vacancy", "--to", &partner, "--field", "/title", "--field", "/skills", "--yes"];
    done(region, "b", "worker", &give);
    let seek = ["query", "--kind", "skill-offer", "--about", "vacancy:V-1", "--lang", "nl"];
    let began = std::time::Instant::now();
    // Nobody is told of anyone until the log has been witnessed.
    loop {
        let said = out(&run(region, "a", "a/data/operator-token", &seek));
        if said.contains("hier bekend als") {
            return asks;
        }
        assert!(began.elapsed().as_secs() < 60 && (said.is_empty() || !said.contains("No offers")), "{said}");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

#[test]
fn access_is_not_whole_until_every_partner_has_answered() {
    let region = region();
    let logins = Logins::at(&format!("http://{}", region.listens("b", "client")));
    let _home = home(&region, &logins);
    drop(found(&region, &logins));
    let access = ["rights", "access", "--lang", "nl"];
    let partly = run(&region, "b", "worker", &access);
    assert_eq!(code(&partly), 1, "{}{}", out(&partly), err(&partly));
    assert!(out(&partly).contains("a (kvk:00000001): "), "who has not is named: {}", out(&partly));
    let json = run(&region, "b", "worker", &["rights", "access", "--json"]);
    let document: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!((code(&json), &document["partners"][0]["state"]), (1, &json!("awaited")), "{document}");
    // Whoever only looks at what is known has asked nobody.
    done(&region, "b", "worker", &["rights", "access", "--known"]);

    // It is asked again until it answers.
    let _asks = region.serve("a");
    let began = std::time::Instant::now();
    loop {
        let whole = run(&region, "b", "worker", &access);
        if code(&whole) == 0 {
            assert!(out(&whole).contains("a (kvk:00000001): antwoord van "), "{}", out(&whole));
            return;
        }
        assert!(began.elapsed().as_secs() < 90, "{}{}", out(&whole), err(&whole));
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}
