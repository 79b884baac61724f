//! Nodes with different reference tables: what a question means travels with it, so results stay exact; and each sees where others differ.

use std::path::Path;
use std::time::{Duration, Instant};

use polder_exchange::tables::{self, KeptTable};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::check::{equals_oracle, exports_of};
use polder_federation_tests::http::{Client, partners, region_of};
use polder_federation_tests::local::Federation;
use polder_federation_tests::offers::PARTNERS;
use polder_model::reference::official::{self, EnglishLabels, Recognised};
use polder_model::reference::{Table, TableVersion};
use polder_model::request::QueryRequest;
use polder_model::{Kind, Timestamp};
use polder_store::Precondition;
use serde_json::{Value, json};

const SKILLS: &str = "conceptUri,skillType,preferredLabel,altLabels\n\
    http://example.org/skill/a,knowledge,rotors richten,\n\
    http://example.org/skill/b,knowledge,grote rotors richten,\n\
    http://example.org/skill/c,knowledge,molens,draaiende molens\n";
const ABOVE: &str =
    "conceptUri,broaderUri\nhttp://example.org/skill/b,http://example.org/skill/a\nhttp://example.org/skill/a,http://example.org/skill/c\n";
const OCCUPATIONS: &str = "conceptUri,iscoGroup,preferredLabel\nhttp://example.org/occupation/1,7233,molenloper\nhttp://example.org/occupation/2,7233,rotorloper\n";
const NEEDS: &str = "occupationUri,relationType,skillUri\nhttp://example.org/occupation/1,essential,http://example.org/skill/a\n";
const WORDS: &str = "word,weight\nrotor,93\n";
const POSTCODES: &str = "NL\t9999\tVerweg\tG\t04\tH\t1966\t\t\t53.38\t6.68\t6\nNL\t9998\tNaderbij\tG\t04\tH\t1966\t\t\t53.40\t6.70\t6\n";

fn import(directory: &Path, files: &[&str]) {
    let mut all = Vec::new();
    for text in files {
        let Recognised::Table(table, separator) = official::recognise(text.as_bytes()) else { panic!("a table") };
        let read = official::read(table, separator, &EnglishLabels::new(), text.as_bytes());
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        let bytes = read.content.to_csv().expect("written");
        let version = TableVersion::of(table.as_str(), "proef", &bytes);
        all.push((
            KeptTable { version, rows: read.content.rows() as u64, source: "proef".to_owned(), imported_at: SystemClock.now() },
            bytes,
        ));
    }
    tables::keep(directory, &all).expect("kept");
}

fn request(value: Value) -> QueryRequest {
    QueryRequest::parse(value.to_string().as_bytes()).expect("a request")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_are_exact_whoever_knows_the_codes() {
    let now: Timestamp = "2026-03-02T09:30:00Z".parse().expect("an instant");
    let federation = Federation::open(3, now).await;
    let asking = &federation.nodes[0];
    import(&tables::directory(federation.directory()), &[SKILLS, ABOVE, OCCUPATIONS, NEEDS, WORDS, POSTCODES]);
    assert!(asking.look_for_tables().expect("read") && !asking.look_for_tables().expect("read"));
    let vacancy = |title: &str, skill: &str, occupation: u8, postcode: &str| {
        json!({"title": title, "description": "Onderhoud van een rotor.", "employer": {"name": "Werkplaats de Proef BV"},
               "skills": [{"uri": format!("http://example.org/skill/{skill}")}], "location": {"postcode": postcode},
               "occupations": [{"scheme": "esco", "uri": format!("http://example.org/occupation/{occupation}")}]})
    };
    for (number, node) in federation.nodes.iter().enumerate() {
        for (key, skill, occupation, postcode) in
            [("a", "a", 1, "9998"), ("b", "b", 2, "9999"), ("c", "c", 2, "8302"), ("d", "d", 3, "9999")]
        {
            let document = vacancy(&format!("Monteur {number}"), skill, occupation, postcode).to_string();
            let published = node.publish(Kind::Vacancy, key.parse().expect("a key"), document.as_bytes(), Precondition::None).await;
            let unknown = published.expect("published").notes.len();
            // The node with the tables knows all but what no table has; the others know no more than a postcode of the program's tables.
            let expected = if number == 0 {
                if key == "d" { 2 } else { 0 }
            } else if key == "c" {
                2
            } else {
                3
            };
            assert_eq!(unknown, expected, "{number} {key}");
        }
    }
    let exports = exports_of(&federation.nodes).await.expect("exports");
    for (asked, hits) in [
        (json!({"kind": "vacancy", "skills": [{"label": "Rotors richten"}]}), 9),
        (json!({"kind": "vacancy", "skills": [{"label": "draaiende molens"}, {"label": "grote rotors richten"}]}), 9),
        (json!({"kind": "vacancy", "occupations": [{"label": "molenloper"}]}), 9),
        (json!({"kind": "vacancy", "text": "rotor"}), 12),
        (json!({"kind": "vacancy", "skills": [{"label": "rotors richten"}], "travel": {"from": "Verweg", "maxMinutes": 30}}), 6),
    ] {
        let result = asking.ask(&request(asked.clone()), &polder_federation_tests::operator(), None).await.expect("asked");
        assert_eq!((result.hits.len(), result.answered.len(), result.missing.len()), (hits, 3, 0), "{asked}");
        equals_oracle(&result, &exports).unwrap_or_else(|difference| panic!("{difference}"));
        // Another node does not know the label, and yet computes the same from the query itself.
        assert!(asked["text"].is_string() || federation.nodes[1].self_contained(&request(asked.clone())).is_err(), "{asked}");
        let again = federation.nodes[1]
            .ask_query(
                std::sync::Arc::new(polder_model::query::Query {
                    asker: federation.nodes[1].home().partner.clone(),
                    ..result.query.clone()
                }),
                &polder_federation_tests::operator(),
                None,
            )
            .await
            .expect("asked");
        let scores = |result: &polder_model::answer::QueryResult| {
            result.hits.iter().map(|hit| (hit.partner.clone(), hit.key.clone(), hit.score)).collect::<Vec<_>>()
        };
        assert_eq!(scores(&again), scores(&result), "{asked}");
    }
    let weights = asking
        .self_contained(&request(json!({"kind": "vacancy", "skills": [{"label": "rotors richten"}], "text": "rotor"})))
        .expect("a query");
    assert_eq!(
        (weights.criteria.skills[0].weight, weights.criteria.skills[0].related.len(), weights.criteria.text[0].weight),
        (903, 2, 93)
    );
    tables::remove(&tables::directory(federation.directory()), Table::ALL).expect("removed");
    assert!(asking.look_for_tables().expect("read"));
    assert!(asking.self_contained(&request(json!({"kind": "vacancy", "skills": [{"label": "rotors richten"}]}))).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_sees_where_others_have_other_tables() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let round = Duration::from_millis(100);
    let (first, second) = {
        let (one, other) = partners.split_at_mut(1);
        (one[0].start_asking_every(register(), round).await, other[0].start_asking_every(register(), round).await)
    };
    let of_second = async || {
        let response = Client::of(&first).request("GET", "/v1/partners").send().await.expect("a response");
        let listed: Value = response.json().await.expect("JSON");
        assert_eq!(listed["tables"].as_array().map(Vec::len), Some(5), "{listed}");
        let items = listed["items"].as_array().expect("items").clone();
        items.into_iter().find(|item| item["partner"] == PARTNERS[1]).expect("the second")
    };
    let until = async |expected: Value| {
        let began = Instant::now();
        loop {
            let found = of_second().await;
            if found["otherTables"] == expected {
                return found;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "{found}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    until(json!([])).await;
    import(&tables::directory(&directory.path().join(PARTNERS[1].replace(':', "-"))), &[SKILLS, ABOVE]);
    assert!(second.node.look_for_tables().expect("read"));
    let found = until(json!(["skill-broader", "skills"])).await;
    let skills = found["tables"].as_array().expect("tables").iter().find(|table| table["name"] == "skills").expect("skills").clone();
    assert_eq!((skills["version"].as_str(), skills["sha256"].as_str().map(str::len)), (Some("proef"), Some(64)));
    // What cannot be true is not noted.
    let partner = PARTNERS[1].parse().expect("a partner");
    for wrong in [
        TableVersion { sha256: "0".repeat(63), ..TableVersion::of("skills", "x", b"") },
        TableVersion::of("skills", "x\u{1b}[2J", b""),
        TableVersion::of("", "x", b""),
    ] {
        first.node.note_tables_of(&partner, vec![wrong]);
    }
    first.node.note_tables_of(&partner, vec![TableVersion::of("skills", "x", b""); 17]);
    assert_eq!(first.node.tables_of(&partner).map(|tables| tables.len()), Some(6));
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_are_damaged_keep_no_node_from_its_work() {
    let now: Timestamp = "2026-03-02T09:30:00Z".parse().expect("an instant");
    let federation = Federation::open(1, now).await;
    let (node, directory) = (&federation.nodes[0], tables::directory(federation.directory()));
    import(&directory, &[SKILLS]);
    let asked = request(json!({"kind": "vacancy", "skills": [{"label": "rotors richten"}]}));
    assert!(node.look_for_tables().expect("read") && node.self_contained(&asked).is_ok());
    let kept = tables::check(&directory).expect("sound");
    let file = directory.join(format!("skills-{}.csv", &kept.tables[0].version.sha256[..16]));
    let whole = std::fs::read(&file).expect("there");
    import(&directory, &[WORDS]);
    std::fs::write(&file, &whole[..whole.len() - 1]).expect("cut");
    assert!(tables::check(&directory).is_err());
    // What was in force stays; it is said once.
    let error = node.look_for_tables().expect_err("damaged").to_string();
    assert!(error.contains("SHA-256") && error.contains("import the table again"), "{error}");
    assert!(!node.look_for_tables().expect("nothing new") && node.self_contained(&asked).is_ok());
    // A list that names a path is none.
    std::fs::write(directory.join("tables.json"), json!({"tables": [{"name": "../../polder", "version": "1", "sha256": "0".repeat(64), "rows": 1, "source": "x", "importedAt": "2026-01-01T00:00:00Z"}]}).to_string()).expect("written");
    assert!(tables::load(&directory).is_err_and(|error| error.to_string().contains("no table")));
    import(&directory, &[SKILLS]);
    assert!(tables::check(&directory).expect("sound again").tables.len() == 1 && node.look_for_tables().expect("read"));
    let left: Vec<String> = std::fs::read_dir(&directory)
        .expect("there")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".csv") || name.ends_with(".new"))
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
