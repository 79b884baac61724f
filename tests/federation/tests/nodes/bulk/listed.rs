//! What is told of offers and imports: the feed, lists of imports, exports.

use polder_federation_tests::http::{Client, vacancy};
use polder_federation_tests::problems::refused;
use serde_json::{Value, json};

use super::{Fixture, line};

on_both_engines!(
    the_feed_tells_of_puts_and_deletes,
    a_cursor_from_another_life_is_refused,
    imports_are_listed_and_ended,
    an_export_is_whole_and_says_so
);

async fn the_feed_tells_of_puts_and_deletes(fixture: Fixture) {
    let start = fixture.get("/v1/changes").await;
    assert_eq!((&start["items"], &start["more"]), (&json!([]), &json!(false)));
    let import = fixture.open("vacancies").await;
    fixture.part(&import, 1, &[line("A", "Lasser"), line("B", "Kok"), line("A", "Lasser twee")].concat()).await;
    assert_eq!(fixture.client.request("DELETE", "/v1/vacancies/B").send().await.expect("a response").status(), 204);
    let (mut seen, mut cursor) = (Vec::new(), start["next"].as_str().expect("a cursor").to_owned());
    loop {
        let page = fixture.get(&format!("/v1/changes?limit=1&cursor={cursor}")).await;
        cursor = page["next"].as_str().expect("a cursor").to_owned();
        for item in page["items"].as_array().expect("items") {
            assert!(item.get("document").is_none() && item["kind"] == "vacancy");
            seen.push((item["change"].as_u64(), item["key"].clone(), item["version"].as_u64(), item["deleted"].as_bool()));
        }
        if page["more"] == json!(false) {
            break;
        }
    }
    let told = |change, key: &str, version, deleted| (Some(change), json!(key), Some(version), Some(deleted));
    assert_eq!(seen, [told(1, "A", 1, false), told(2, "B", 1, false), told(3, "A", 2, false), told(4, "B", 2, true)]);
    let full = fixture.get("/v1/changes?limit=4").await;
    assert_eq!((full["items"].as_array().map(Vec::len), &full["more"]), (Some(4), &json!(false)), "a full page may be the last one");
    assert_eq!(fixture.get(&format!("/v1/changes?cursor={cursor}")).await["items"], json!([]), "the cursor at the end goes on");
    for bad in [
        "x",
        "1",
        "1-",
        "-1-0011223344556677",
        "%2B1-0011223344556677",
        "01-0011223344556677",
        "1-001122334455667A",
        "1-001122334455667788",
        "99999999999999999999-0011223344556677",
        "0-0011223344556677",
    ] {
        let response = fixture.client.request("GET", &format!("/v1/changes?cursor={bad}")).send().await.expect("a response");
        let refused = refused(response).await;
        assert_eq!(refused.is(), (400, "invalid-request"), "{bad}");
        assert!(refused.text.contains("to begin with the first change, leave it out"), "{}", refused.text);
    }
    let begin = start["next"].as_str().expect("a cursor");
    assert_eq!(fixture.get(&format!("/v1/changes?limit=1&cursor={begin}")).await["items"][0]["change"], 1, "where there was none yet");
}

async fn a_cursor_from_another_life_is_refused(fixture: Fixture) {
    for title in ["een", "twee"] {
        assert!(fixture.client.put("/v1/vacancies/A", vacancy(title).to_string()).await.status().is_success());
    }
    let early = fixture.get("/v1/changes?limit=1").await["next"].as_str().expect("a cursor").to_owned();
    let late = fixture.get("/v1/changes").await["next"].as_str().expect("a cursor").to_owned();
    // Another node has the same key in the same versions under the same numbers: as this one would, restored from a backup of before.
    let directory = tempfile::tempdir().expect("a directory");
    let other = polder_federation_tests::http::one_node(directory.path()).await;
    let client = Client::of(&other);
    for (title, refused_as) in [("een", (410, "cursor-lost")), ("twee", (410, "cursor-lost"))] {
        for cursor in [&early, &late] {
            let response = client.request("GET", &format!("/v1/changes?cursor={cursor}")).send().await.expect("a response");
            let refused = refused(response).await;
            assert_eq!(refused.is(), refused_as);
            assert!(refused.text.contains("begin anew"), "{}", refused.text);
        }
        assert!(client.put("/v1/vacancies/A", vacancy(title).to_string()).await.status().is_success());
    }
    assert_eq!(fixture.get(&format!("/v1/changes?cursor={early}")).await["items"].as_array().map(Vec::len), Some(1), "here they hold");
    assert_eq!(fixture.get(&format!("/v1/changes?cursor={late}")).await["items"], json!([]));
}

async fn imports_are_listed_and_ended(fixture: Fixture) {
    assert_eq!(fixture.get("/v1/imports").await, json!({"items": []}));
    let mut opened = Vec::new();
    for collection in ["vacancies", "trainings", "vacancies", "skill-offers", "vacancies"] {
        opened.insert(0, fixture.open(collection).await);
    }
    let kept = &opened[2];
    fixture.part(kept, 1, &[line("A", "Lasser"), "{oops\n".to_owned()].concat()).await;
    fixture.part(kept, 2, &[line("A", "Lasser"), line("B", "Kok"), line("A", "Lasser twee")].concat()).await;

    // All of them, page by page.
    let (mut listed, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = fixture.get(&format!("/v1/imports?limit=2{cursor}")).await;
        listed.extend(page["items"].as_array().expect("items").clone());
        let Some(next) = page["next"].as_str() else { break };
        assert_eq!(listed.len() % 2, 0);
        cursor = format!("&cursor={next}");
    }
    assert_eq!(listed.iter().map(|item| item["id"].as_str().expect("an id")).collect::<Vec<_>>(), opened, "the last first");
    assert_eq!(fixture.get("/v1/imports?limit=5").await, json!({"items": listed}), "a full page may be the last one");
    let counts = |item: &Value, names: &[&str]| names.iter().map(|name| item[*name].as_u64()).collect::<Vec<_>>();
    let names = ["parts", "unfinished", "lines", "created", "replaced", "unchanged", "refused"];
    assert_eq!(counts(&listed[2], &names), [2, 0, 5, 2, 1, 1, 1].map(Some));
    assert_eq!(counts(&listed[1], &names), [0; 7].map(Some));
    let whole = fixture.get(&format!("/v1/imports/{kept}")).await;
    for member in ["id", "collection", "openedAt", "keptUntil"] {
        assert_eq!(listed[2][member], whole[member], "{member}");
    }
    // A part that was cut off.
    let (now, other) = (fixture.node.node.now(), &opened[0]);
    fixture.node.node.store().claim_part(other, 1, &"0".repeat(64), now).await.expect("claimed");
    assert_eq!(counts(&fixture.get("/v1/imports?limit=1").await["items"][0], &names[..2]), [0, 1].map(Some));

    let end = async |id: &str| fixture.client.request("DELETE", &format!("/v1/imports/{id}")).send().await.expect("a response");
    assert_eq!(end(kept).await.status(), 204);
    for path in ["", "/verdicts"] {
        let response = fixture.client.request("GET", &format!("/v1/imports/{kept}{path}")).send().await.expect("a response");
        assert_eq!(refused(response).await.is(), (404, "not-found"), "{path}");
    }
    assert_eq!(refused(fixture.put(kept, 3, line("C", "Lasser")).await).await.is(), (404, "not-found"));
    for id in [kept.as_str(), "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "x"] {
        assert_eq!(refused(end(id).await).await.is(), (404, "not-found"), "{id}");
    }
    let store = fixture.node.node.store();
    assert_eq!(store.verdicts(kept, 0).await.expect("read"), None, "the verdicts are gone");
    assert_eq!(store.import_parts(kept).await.expect("read"), []);
    assert_eq!(fixture.get("/v1/vacancies/A").await, vacancy("Lasser twee"), "the offers stay");
    assert_eq!(fixture.get("/v1/imports").await["items"].as_array().map(Vec::len), Some(4));
    for bad in [
        "x",
        "1",
        "1-x",
        "-1-6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77",
        "01-6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77",
        "1-6F0B7F1E-6a55-4d4e-9a39-6a0f5b9c1e77",
    ] {
        let response = fixture.client.request("GET", &format!("/v1/imports?cursor={bad}")).send().await.expect("a response");
        assert_eq!(refused(response).await.is(), (400, "invalid-request"), "{bad}");
    }
}

async fn an_export_is_whole_and_says_so(fixture: Fixture) {
    assert_eq!(fixture.export("vacancies").await, [json!({"type": "end", "offers": 0, "next": "0-0000000000000000"})]);
    let import = fixture.open("vacancies").await;
    let body: String = (0..1_234).map(|number| line(&format!("V-{number:04}"), &format!("Lasser {number}"))).collect();
    fixture.part(&import, 1, &body).await;
    let lines = fixture.export("vacancies").await;
    let (end, offers) = lines.split_last().expect("lines");
    assert_eq!((end["type"].as_str(), end["offers"].as_u64()), (Some("end"), Some(1_234)));
    let keys: Vec<_> = offers.iter().map(|line| line["key"].as_str().expect("a key").to_owned()).collect();
    assert_eq!(keys, (0..1_234).map(|number| format!("V-{number:04}")).collect::<Vec<_>>());
    assert_eq!((&offers[7]["document"], &offers[7]["version"]), (&vacancy("Lasser 7"), &json!(1)));
    // The feed goes on from the moment of the export.
    assert_eq!(fixture.client.request("DELETE", "/v1/vacancies/V-0007").send().await.expect("a response").status(), 204);
    let later = fixture.get(&format!("/v1/changes?cursor={}", end["next"].as_str().expect("a cursor"))).await;
    assert_eq!((later["items"].as_array().map(Vec::len), &later["items"][0]["key"]), (Some(1), &json!("V-0007")));
    // What was exported can be imported as it is, but for the last line.
    let again: String = offers.iter().map(|line| format!("{line}\n")).collect();
    let reply = fixture.part(&import, 2, &again).await;
    assert_eq!((reply[1_234]["unchanged"].as_u64(), reply[1_234]["created"].as_u64()), (Some(1_233), Some(1)));
    let paged =
        fixture.client.request("GET", "/v1/vacancies?limit=5").header("accept", "application/x-ndjson").send().await.expect("a response");
    assert_eq!(refused(paged).await.is(), (400, "invalid-request"));
    drop(fixture.node);
}
