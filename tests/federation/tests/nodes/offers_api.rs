//! The client interface as its users see it: offers, versions, pages, negotiation, headers.

use polder_federation_tests::http::{Client, one_node, vacancy};
use polder_federation_tests::problems::refused;
use reqwest::Response;
use serde_json::{Value, json};

async fn send(client: &Client, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let request = headers.iter().fold(client.request(method, path), |request, (name, value)| request.header(*name, *value));
    request.body(body.to_owned()).send().await.expect("a response")
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
}

const SENDS_JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_says_what_no_table_knows() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let put = async |path: &str, body: &Value| {
        let response = send(&client, "PUT", path, &[SENDS_JSON], &body.to_string()).await;
        (response.status().as_u16(), response.json::<Value>().await.expect("JSON")["notes"].clone())
    };
    assert_eq!(put("/v1/vacancies/V-1", &vacancy("Monteur")).await, (201, json!([])));
    let mut unknown = vacancy("Monteur");
    unknown["location"] = json!({"postcode": "8399"});
    let (status, notes) = put("/v1/vacancies/V-1", &unknown).await;
    assert_eq!((status, &notes[0]["pointer"], &notes[0]["code"]), (200, &json!("/location/postcode"), &json!("unknown-code")));
    assert!(notes[0]["message"].as_str().is_some_and(|message| message.contains("8398 Blesdijke")), "{notes}");
    assert_eq!(put("/v1/vacancies/V-1", &unknown).await, (200, notes), "also when nothing changes");
    let worker = json!({"title": "Monteur", "skills": [{"uri": "http://geheim.example/4711"}], "postcode": "8399"});
    let (status, notes) = put("/v1/skill-offers/W-1", &worker).await;
    assert_eq!((status, notes.as_array().map(Vec::len)), (201, Some(2)), "{notes}");
    assert!(!notes.to_string().contains("4711") && !notes.to_string().contains("8399"), "{notes}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_comes_back_as_it_went_and_goes() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let skill_offer = r#"{"title":"Monteur" , "skills":[{"uri":"http://data.europa.eu/esco/skill/1"}]}"#.to_owned();
    let training = r#"{ "title":"Lassen","description":"Leer lassen.","provider":{"name":"Vakschool"}}"#.to_owned();
    for (collection, first) in [("vacancies", format!("{}\n", vacancy("Monteur"))), ("trainings", training), ("skill-offers", skill_offer)]
    {
        let path = format!("/v1/{collection}/a.B_c~1-2");
        let put = send(&client, "PUT", &path, &[SENDS_JSON], &first).await;
        assert_eq!((put.status().as_u16(), header(&put, "location")), (201, path.clone()));
        let created = header(&put, "etag");
        let mut receipt: Value = put.json().await.expect("JSON");
        assert_eq!((&receipt["key"], &receipt["version"]), (&json!("a.B_c~1-2"), &json!(1)), "{receipt}");
        assert_eq!(receipt["outcome"], "created", "{receipt}");

        // The same bytes again change nothing; others make a version.
        let again = send(&client, "PUT", &path, &[SENDS_JSON], &first).await;
        assert_eq!((again.status().as_u16(), header(&again, "etag")), (200, created.clone()));
        receipt["outcome"] = json!("unchanged");
        assert_eq!(again.json::<Value>().await.expect("JSON"), receipt);
        let second = first.replace("\"title\":\"", "\"title\":\"Ander ");
        let put = send(&client, "PUT", &path, &[SENDS_JSON], &second).await;
        assert_eq!(put.status(), 200);
        let replaced = header(&put, "etag");
        assert_ne!(replaced, created);
        assert_eq!(put.json::<Value>().await.expect("JSON")["outcome"], "replaced");

        let read = send(&client, "GET", &path, &[], "").await;
        assert_eq!(
            (read.status().as_u16(), header(&read, "etag"), header(&read, "content-type")),
            (200, replaced.clone(), "application/json".to_owned())
        );
        assert_eq!(read.text().await.expect("text"), second);
        // A percent-encoded key is the same key; another case is another.
        let read = send(&client, "GET", &path.replace("a.B_c~1-2", "%61%2EB%5Fc%7E1%2d2"), &[], "").await;
        assert_eq!(read.text().await.expect("text"), second);
        assert_eq!(send(&client, "GET", &path.replace("a.B", "A.b"), &[], "").await.status(), 404);
        let head = send(&client, "HEAD", &path, &[], "").await;
        assert_eq!((head.status().as_u16(), header(&head, "etag")), (200, replaced.clone()));
        assert_eq!(head.bytes().await.expect("bytes").len(), 0);

        for _ in 0..2 {
            assert_eq!(send(&client, "DELETE", &path, &[], "").await.status(), 204);
            assert_eq!(refused(send(&client, "GET", &path, &[], "").await).await.is(), (404, "not-found"));
        }
        // Versions go on counting through a delete.
        let put = send(&client, "PUT", &path, &[SENDS_JSON], &first).await;
        assert_eq!(put.status(), 201);
        assert!(put.json::<Value>().await.expect("JSON")["version"].as_u64().is_some_and(|version| version >= 3));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conditions_hold_or_nothing_changes() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let (path, first, second) = ("/v1/vacancies/V-1", vacancy("Monteur").to_string(), vacancy("Lasser").to_string());
    let put = async |headers: &[(&str, &str)], body: &str| send(&client, "PUT", path, &[&[SENDS_JSON], headers].concat(), body).await;
    assert_eq!(refused(put(&[("if-match", "*")], &first).await).await.is(), (412, "precondition-failed"));
    assert_eq!(refused(put(&[("if-match", "\"1-1\"")], &first).await).await.status, 412);
    let created = put(&[("if-none-match", "*")], &first).await;
    assert_eq!(created.status(), 201);
    let old = header(&created, "etag");
    assert_eq!(refused(put(&[("if-none-match", "*")], &second).await).await.is(), (412, "precondition-failed"));
    let replaced = put(&[("if-match", &format!("\"9-9\", {old}"))], &second).await;
    assert_eq!(replaced.status(), 200);
    let new = header(&replaced, "etag");
    for tag in [old.clone(), format!("W/{new}")] {
        assert_eq!(refused(put(&[("if-match", &tag)], &first).await).await.is(), (412, "precondition-failed"), "{tag}");
    }
    for (headers, status) in [
        (vec![("if-none-match", old.as_str())], 400),
        (vec![("if-match", "*"), ("if-none-match", "*")], 400),
        (vec![("if-match", "*"), ("if-match", "*")], 400),
    ] {
        assert_eq!(refused(put(&headers, &first).await).await.is(), (status, "invalid-request"), "{headers:?}");
    }
    for (value, status) in
        [(new.as_str(), 304), ("*", 304), (&*format!("{old}, {new}"), 304), (&*format!("W/{new}"), 304), (old.as_str(), 200)]
    {
        let read = send(&client, "GET", path, &[("if-none-match", value)], "").await;
        assert_eq!((read.status().as_u16(), header(&read, "etag")), (status, new.clone()), "{value}");
    }
    assert_eq!(refused(send(&client, "DELETE", path, &[("if-match", &old)], "").await).await.is(), (412, "precondition-failed"));
    assert_eq!(send(&client, "GET", path, &[], "").await.text().await.expect("text"), second);
    assert_eq!(send(&client, "DELETE", path, &[("if-match", &new)], "").await.status(), 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_show_each_offer_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let puts = (0..250).map(|number| {
        let client = &client;
        async move { client.put(&format!("/v1/vacancies/V-{number:03}"), vacancy(&format!("Monteur {number}")).to_string()).await }
    });
    assert!(futures::future::join_all(puts).await.iter().all(|response| response.status() == 201));
    for limit in [None, Some(1), Some(50), Some(99), Some(100)] {
        let (mut keys, mut pages) = (Vec::new(), 0);
        let mut path = limit.map_or("/v1/vacancies".to_owned(), |limit| format!("/v1/vacancies?limit={limit}"));
        loop {
            let response = send(&client, "GET", &path, &[], "").await;
            assert_eq!(response.status(), 200);
            let link = header(&response, "link");
            let page: Value = response.json().await.expect("JSON");
            let items = page["items"].as_array().expect("items");
            assert!(items.len() <= limit.unwrap_or(20));
            for item in items {
                let title = item["document"]["title"].as_str().expect("a title");
                keys.push(format!("{} {title}", item["key"].as_str().expect("a key")));
            }
            pages += 1;
            match page["next"].as_str() {
                None => break assert_eq!(link, ""),
                Some(next) => {
                    path = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a link").to_owned();
                    assert!(path.ends_with(&format!("cursor={next}")), "{path} leads to {next}");
                }
            }
            if limit == Some(1) && pages == 3 {
                break;
            }
        }
        let expected: Vec<String> = (0..250).map(|number| format!("V-{number:03} Monteur {number}")).collect();
        assert_eq!(keys, expected[..keys.len()]);
        assert_eq!(keys.len(), if limit == Some(1) { 3 } else { 250 }, "limit {limit:?}");
        // Five pages of fifty are full: the last one leads nowhere all the same.
        assert_eq!(pages, keys.len().div_ceil(limit.unwrap_or(20)), "limit {limit:?}");
    }
    // A page is bounded in bytes as well: large offers come in more pages.
    let large = vacancy("Groot").to_string().replace("windmolens", &"x".repeat(9_900));
    for number in 0..10 {
        assert_eq!(client.put(&format!("/v1/vacancies/W-{number}"), large.clone()).await.status(), 201);
    }
    let page = send(&client, "GET", "/v1/vacancies?limit=100&cursor=Vi0yNDk", &[], "").await;
    assert_eq!(page.json::<Value>().await.expect("JSON")["items"].as_array().map(Vec::len), Some(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_types_methods_and_addresses() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let body = vacancy("Monteur").to_string();
    let put = async |kind: &str| refused(send(&client, "PUT", "/v1/vacancies/V-1", &[("content-type", kind)], &body).await).await;
    for kind in ["text/plain", "application/json; charset=latin1", "application/x-ndjson", "application/x-www-form-urlencoded", ""] {
        assert_eq!(put(kind).await.is(), (415, "unsupported-media-type"), "{kind}");
    }
    assert_eq!(refused(send(&client, "PUT", "/v1/vacancies/V-1", &[], &body).await).await.status, 415);
    let twice = send(&client, "PUT", "/v1/vacancies/V-1", &[SENDS_JSON, ("content-type", "text/plain")], &body).await;
    assert_eq!(refused(twice).await.is(), (400, "invalid-request"));
    for (method, path) in [("GET", "/v1/vacancies"), ("GET", "/v1/partners"), ("PUT", "/v1/vacancies/V-1"), ("POST", "/v1/queries")] {
        let found = send(&client, method, path, &[SENDS_JSON, ("accept", "text/html, application/xml;q=0.9")], &body).await;
        assert_eq!(refused(found).await.is(), (406, "not-acceptable"), "{method} {path}");
    }
    for (method, path, allow) in [
        ("POST", "/v1/vacancies/V-1", vec!["DELETE", "GET", "HEAD", "PUT"]),
        ("DELETE", "/v1/vacancies", vec!["GET", "HEAD"]),
        ("GET", "/v1/queries", vec!["POST"]),
        ("PUT", "/v1/openapi.json", vec!["GET", "HEAD"]),
        ("TRACE", "/v1/partners", vec!["GET", "HEAD"]),
        ("OPTIONS", "/v1/queries", vec!["POST"]),
    ] {
        let found = send(&client, method, path, &[], "").await;
        let allowed = header(&found, "allow");
        assert_eq!(refused(found).await.is(), (405, "method-not-allowed"), "{method} {path}");
        let mut allowed: Vec<&str> = allowed.split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed, allow, "{method} {path}");
    }
    for path in
        ["/", "/v1", "/v1/", "/v2/vacancies", "/v1/vacancies/", "/v1/vacancies/V-1/", "/v1/Vacancies", "/v1/openapi", "/favicon.ico"]
    {
        assert_eq!(refused(send(&client, "GET", path, &[], "").await).await.is(), (404, "not-found"), "{path}");
    }
    for kind in ["application/JSON;charset=UTF-8", "application/json; charset=\"utf-8\""] {
        assert!(send(&client, "PUT", "/v1/vacancies/V-1", &[("content-type", kind)], &body).await.status().is_success(), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_response_has_its_headers() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let (client, stranger) = (Client::of(&node), Client::of(&node).without_token());
    let body = vacancy("Monteur").to_string();
    let responses = [
        send(&client, "PUT", "/v1/vacancies/V-1", &[SENDS_JSON], &body).await,
        send(&client, "PUT", "/v1/vacancies/V-1", &[SENDS_JSON], "{").await,
        send(&client, "PUT", "/v1/vacancies/V-1", &[SENDS_JSON], &" ".repeat(70_000)).await,
        send(&client, "GET", "/v1/vacancies/V-1", &[], "").await,
        send(&client, "GET", "/v1/vacancies/V-1", &[("if-none-match", "*")], "").await,
        send(&client, "HEAD", "/v1/vacancies/V-1", &[], "").await,
        send(&client, "DELETE", "/v1/vacancies/V-1", &[], "").await,
        send(&client, "POST", "/v1/queries", &[SENDS_JSON], r#"{"kind":"vacancy"}"#).await,
        send(&client, "POST", "/v1/queries", &[SENDS_JSON, ("accept", "application/x-ndjson")], r#"{"kind":"vacancy"}"#).await,
        send(&client, "PATCH", "/v1/queries", &[], "").await,
        send(&client, "GET", "/nergens", &[], "").await,
        send(&client, "GET", "/v1/vacancies", &[("host", "a"), ("host", "b")], "").await,
        send(&stranger, "GET", "/v1/partners", &[("origin", "https://example.org")], "").await,
        send(&stranger, "GET", "/v1/openapi.json", &[("origin", "https://example.org")], "").await,
    ];
    for response in &responses {
        for (name, value) in [
            ("api-version", "1.0.0"),
            ("strict-transport-security", "max-age=31536000"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(header(response, name), value, "{} {}", response.status(), response.url());
        }
        let open = response.url().path().ends_with("openapi.json");
        assert_eq!(header(response, "access-control-allow-origin"), if open { "*" } else { "" }, "{}", response.url());
        assert_eq!(header(response, "server"), "");
    }
}

#[tokio::test]
async fn parameters_that_nobody_knows_are_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    for (method, path) in [
        ("GET", "/v1/vacancies/V-1?version=1"),
        ("GET", "/v1/partners?all"),
        ("GET", "/v1/vacancies?limits=3"),
        ("DELETE", "/v1/vacancies/V-1?force=1"),
    ] {
        let response = client.request(method, path).send().await.expect("a response");
        assert_eq!(response.status(), 400, "{method} {path}");
    }
    let without = client.without_token().request("GET", "/v1/partners?all").send().await.expect("a response");
    assert_eq!(without.status(), 401, "who calls comes first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vacancy_can_be_had_as_job_posting() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let mut offer = vacancy("Lasser");
    assert_eq!(client.put("/v1/vacancies/V-1", offer.to_string()).await.status(), 201);
    let get = async |path: &str, accept: &str| send(&client, "GET", path, &[("accept", accept)], "").await;
    let posting = get("/v1/vacancies/V-1", "application/ld+json").await;
    assert_eq!(
        (posting.status().as_u16(), header(&posting, "content-type"), header(&posting, "etag").starts_with("W/\"1-")),
        (200, "application/ld+json".to_owned(), true)
    );
    let posting: Value = posting.json().await.expect("JSON");
    assert_eq!((&posting["@type"], &posting["identifier"]["value"]), (&json!("JobPosting"), &json!("V-1")), "{posting}");
    assert_eq!(posting["title"], "Lasser");
    for accept in ["application/json", "*/*", "application/json, application/ld+json;q=0.9"] {
        assert_eq!(header(&get("/v1/vacancies/V-1", accept).await, "content-type"), "application/json", "{accept}");
    }
    offer["terms"] = json!({"recipients": ["kvk:12345678"]});
    assert_eq!(client.put("/v1/vacancies/V-1", offer.to_string()).await.status(), 200);
    let hidden = refused(get("/v1/vacancies/V-1", "application/ld+json").await).await;
    assert_eq!(hidden.is(), (406, "not-acceptable"), "{}", hidden.text);
    let training = json!({"title": "Lassen", "description": "Les.", "provider": {"name": "School"}});
    assert_eq!(client.put("/v1/trainings/T-1", training.to_string()).await.status(), 201);
    assert_eq!(refused(get("/v1/trainings/T-1", "application/ld+json").await).await.is(), (406, "not-acceptable"));
}
