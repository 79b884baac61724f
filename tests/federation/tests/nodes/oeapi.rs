//! The trainings of a node as a catalogue of the Open Education API: for everyone, and whole when another node reads it.

use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, region_of};
use polder_federation_tests::offers::{self, PARTNERS};
use polder_federation_tests::school::from;
use polder_model::Kind;
use polder_random::Random;
use serde_json::{Value, json};

async fn get(client: &Client, path: &str) -> (u16, Value) {
    let response = client.request("GET", &format!("/oeapi/v6{path}")).send().await.expect("a response");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

async fn documents(client: &Client) -> Vec<Value> {
    let (mut all, mut path) = (Vec::new(), "/v1/trainings?limit=100".to_owned());
    loop {
        let page: Value = client.request("GET", &path).send().await.expect("a response").json().await.expect("JSON");
        all.extend(page["items"].as_array().expect("items").iter().map(|item| item["document"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/trainings?limit=100&cursor={next}");
    }
    all.sort_by_key(ToString::to_string);
    all
}

/// Editions have no order of their own, and a list without entries says nothing.
fn in_order(mut training: Value) -> Value {
    training.as_object_mut().expect("an object").retain(|_, value| *value != json!([]));
    if let Some(editions) = training.get_mut("editions").and_then(Value::as_array_mut) {
        editions.sort_by_key(ToString::to_string);
    }
    training
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_reads_the_same() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut two = partners(directory.path(), &PARTNERS[..2]);
    let register = region_of(&two).register(SystemClock.now());
    two[1].syncs = vec![from(&format!("{}/oeapi/v6", two[0].url()))];
    two[1].syncs[0].source.acts_for = vec![PARTNERS[0].parse().expect("a partner")];
    let school = two[0].start(register.clone()).await;
    let (here, mut random) = (Client::of(&school), Random::new(6));
    let mut expected = Vec::new();
    let today = SystemClock.now().date();
    for number in 0..320 {
        let mut training: Value = serde_json::from_str(&offers::document(Kind::Training, &mut random, SystemClock.now())).expect("JSON");
        training["provider"] = json!({"name": "School Proef", "institutionCode": "99ZZ"});
        training["title"] = json!(format!("Cursus {number}"));
        // As a node writes it.
        for edition in training.get_mut("editions").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(postcode) = edition.pointer_mut("/location/postcode") {
                *postcode = json!(postcode.as_str().expect("a postcode").replace(' ', ""));
            }
        }
        let stored = here.put(&format!("/v1/trainings/T-{number}"), training.to_string()).await;
        assert_eq!(stored.status(), 201, "{training}");
        let terms = training.as_object_mut().expect("an object").remove("terms");
        let date = |value: &Value| value.as_str().is_some_and(|day| day.parse::<polder_model::Date>().expect("a day") < today);
        let over = |edition: &Value| date(edition.get("endDate").or(edition.get("startDate")).unwrap_or(&Value::Null));
        let editions = training["editions"].as_array().cloned().unwrap_or_default();
        // What is over, and what is not for everyone, is compared by the tests of the format.
        if terms.is_none() && !date(&training["closingDate"]) && !editions.iter().any(over) {
            expected.push(training);
        }
    }
    assert!(expected.len() > 50, "{}", expected.len());
    let other = two[1].start(register).await;
    let there = Client::of(&other);
    let began = Instant::now();
    let report = loop {
        let standing: Value = there.request("GET", "/v1/syncs/school").send().await.expect("a response").json().await.expect("JSON");
        if standing["report"].is_object() {
            break standing["report"].clone();
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{standing}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!((&report["outcome"], &report["version"]), (&json!("whole"), &json!(6)), "{report}");
    let came: Vec<Value> = documents(&there).await.into_iter().map(in_order).collect();
    for training in expected.into_iter().map(in_order) {
        let training = &training;
        let alike = came.iter().find(|one| one["title"] == training["title"]);
        assert_eq!(alike, Some(training), "{report}");
    }
    let public: u64 = ["programmes", "courses"].iter().filter_map(|name| report["counts"][name].as_u64()).sum();
    assert!(came.len() as u64 <= public && public < 320, "{public} of 320 are for everyone, {} came", came.len());
    // Once more, nothing new.
    there.request("POST", "/v1/syncs/school/crawls").send().await.expect("a response");
    let began = Instant::now();
    loop {
        let standing: Value = there.request("GET", "/v1/syncs/school").send().await.expect("a response").json().await.expect("JSON");
        if standing["report"]["endedAt"] != report["endedAt"] {
            let counts = &standing["report"]["counts"];
            assert_eq!((&counts["created"], &counts["replaced"], &counts["withdrawn"]), (&json!(0), &json!(0), &json!(0)), "{counts}");
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{standing}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_sees_what_everyone_may_see() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = polder_federation_tests::http::one_node(directory.path()).await;
    let (operator, anyone) = (Client::of(&node), Client::of(&node).without_token());
    let training = |title: &str, more: Value| {
        let mut training = json!({"title": title, "description": "Les.", "provider": {"name": "School"}, "level": 30});
        training.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
        training.to_string()
    };
    let hidden = json!({"terms": {"recipients": [PARTNERS[1]]}});
    let skills = json!([{"uri": "http://data.europa.eu/esco/skill/1", "label": {"nl": "lassen"}}]);
    for (key, document) in [
        (
            "T-1",
            training(
                "Zwaar lassen",
                json!({"skillsTaught": skills, "editions": [{"key": "jan", "startDate": "2099-01-01", "mode": "online"}]}),
            ),
        ),
        ("T-2", training("Metselen", json!({"credential": "mbo-diploma"}))),
        ("T-3", training("Geheim", hidden)),
        ("T-4", training("Boren", json!({}))),
    ] {
        assert_eq!(operator.put(&format!("/v1/trainings/{key}"), document).await.status(), 201);
    }
    let (_, service) = get(&anyone, "/").await;
    assert!(
        service["supportedOperations"].as_array().is_some_and(|all| all.len() == 11) && service["specification"].is_string(),
        "{service}"
    );
    let (_, courses) = get(&anyone, "/courses?pageSize=10&pageNumber=1").await;
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().expect("items").iter().map(|item| item["name"][0]["value"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(
        (names(&courses), &courses["hasNextPage"], &courses["totalPages"]),
        (vec!["Boren".to_owned(), "Zwaar lassen".to_owned()], &json!(false), &json!(1))
    );
    assert_eq!(names(&get(&anyone, "/programmes").await.1), ["Metselen"]);
    let welding = courses["items"][1].clone();
    let id = welding["courseId"].as_str().expect("an id");
    assert_eq!(get(&anyone, &format!("/courses/{id}")).await, (200, welding.clone()));
    assert_eq!(get(&anyone, &format!("/courses/{id}/course-offerings")).await.1["items"][0]["courseId"], id);
    assert_eq!(names(&get(&anyone, "/learning-outcomes").await.1), ["lassen"]);
    let organisation = get(&anyone, "/organisations").await.1["items"][0].clone();
    assert_eq!(organisation["organisationId"], welding["organisationId"]);
    assert_eq!(get(&anyone, &format!("/organisations/{}", organisation["organisationId"].as_str().expect("an id"))).await.0, 200);
    for (query, found) in
        [("q=LASSEN", 1), ("primaryCode=T-4", 1), ("level=secondary_vocational_education_3", 2), ("q=geheim", 0), ("pageNumber=2", 0)]
    {
        assert_eq!(names(&get(&anyone, &format!("/courses?{query}")).await.1).len(), found, "{query}");
    }
    for (path, status) in [
        ("/courses?pageSize=11", 400),
        ("/courses?teachingLanguage=nl", 400),
        ("/courses/T-1", 404),
        ("/courses/00000000-0000-4000-8000-000000000000", 404),
        (&format!("/courses/{id}?expand=x"), 400),
        ("/persons", 404),
    ] {
        let (found, problem) = get(&anyone, path).await;
        assert_eq!((found, &problem["status"]), (status, &json!(status)), "{path}");
    }
    let posted = anyone.request("POST", "/oeapi/v6/courses").send().await.expect("a response");
    assert_eq!(posted.status().as_u16(), 405);
    let (_, document) = get(&anyone, "/openapi.json").await;
    let paths: Vec<&String> = document["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths.len(), 11);
    for path in paths {
        let path = path.replace("{id}", id);
        assert!([200, 404].contains(&get(&anyone, &path).await.0), "{path}");
    }
    // What is gone is gone at once.
    assert_eq!(operator.request("DELETE", "/v1/trainings/T-1").send().await.expect("a response").status().as_u16(), 204);
    assert_eq!(get(&anyone, &format!("/courses/{id}")).await.0, 404);
}
