//! What makes the client interface safe to build on: a dry run that says what would be, requests that can be sent again, and what is left to ask.

use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::browser::{Browser, with_people, worker};
use polder_federation_tests::http::{Client, one_node, partners, start_all, start_by_clock, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::problems::refused;
use reqwest::Response;
use serde_json::{Value, json};
use std::time::Duration;

async fn lines(response: Response) -> Vec<Value> {
    let text = response.text().await.expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_gives_the_verdict_and_stores_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let there = vacancy("Monteur");
    assert_eq!(client.put("/v1/vacancies/V-1", there.to_string()).await.status(), 201);
    let put = async |path: &str, headers: &[(&str, &str)], body: String| {
        let request = client.request("PUT", path).header("content-type", "application/json").body(body);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.expect("a response")
    };
    let mut other = vacancy("Lasser");
    other["location"] = json!({"postcode": "8399"});
    for (key, body, outcome, version) in [("V-1", &there, "unchanged", 1), ("V-1", &other, "replaced", 2), ("V-2", &other, "created", 1)] {
        let tried = put(&format!("/v1/vacancies/{key}?dryRun=true"), &[], body.to_string()).await;
        assert_eq!((tried.status().as_u16(), tried.headers().get("location"), tried.headers().get("etag")), (200, None, None));
        let tried: Value = tried.json().await.expect("JSON");
        assert_eq!((&tried["dryRun"], &tried["outcome"], &tried["version"]), (&json!(true), &json!(outcome), &json!(version)), "{tried}");
        assert_eq!(tried["notes"].as_array().map(Vec::len), Some(usize::from(body == &other)), "{tried}");
    }
    let read: Value = client.request("GET", "/v1/vacancies/V-1").send().await.expect("a response").json().await.expect("JSON");
    assert_eq!(read, there);
    assert_eq!(client.request("GET", "/v1/vacancies/V-2").send().await.expect("a response").status(), 404);
    let changes: Value = client.request("GET", "/v1/changes").send().await.expect("a response").json().await.expect("JSON");
    assert_eq!(changes["items"].as_array().map(Vec::len), Some(1), "{changes}");
    // What is wrong is wrong in the same way, and nothing but `dryRun` stands there.
    for (path, headers, body, is) in [
        ("/v1/vacancies/V-1", &[("if-none-match", "*")][..], there.to_string(), (412, "precondition-failed")),
        ("/v1/vacancies/V-1", &[], "{}".to_owned(), (400, "invalid-document")),
        ("/v1/vacancies/V-1", &[], "{".to_owned(), (400, "invalid-document")),
    ] {
        let [stored, tried] = [path.to_owned(), format!("{path}?dryRun=true")];
        let (stored, tried) = (put(&stored, headers, body.clone()).await, put(&tried, headers, body).await);
        let (stored, tried) = (refused(stored).await, refused(tried).await);
        assert_eq!((stored.is(), tried.is()), (is, is));
        assert_eq!(stored.text, tried.text);
    }
    for query in ["dryRun=1", "dryrun=true", "dryRun=true&dryRun=true", "dryRun=true&x=1"] {
        let response = put(&format!("/v1/vacancies/V-3?{query}"), &[], there.to_string()).await;
        assert_eq!(refused(response).await.is(), (400, "invalid-request"), "{query}");
    }
    assert_eq!(put("/v1/vacancies/V-3?dryRun=false", &[], there.to_string()).await.status(), 201, "as without it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_of_an_import_is_tried_line_by_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let mut ats = Ats::new(&node, "ats");
    register(&node, "ats", &ats.document(&["vacancy:read", "vacancy:write"], &["kvk:00000001"])).await;
    ats.log_in("").await;
    let of = |kvk: &str, title: &str| {
        let mut offer = vacancy(title);
        offer["employer"]["kvk"] = json!(kvk);
        offer
    };
    assert_eq!(ats.call("PUT", "/v1/vacancies/V-1", Some(&of("00000001", "Lasser"))).await.0, 201);
    let import = ats.call("POST", "/v1/imports", Some(&json!({"collection": "vacancies"}))).await.1;
    let part = format!("/v1/imports/{}/parts/1", import["id"].as_str().expect("an id"));
    let line = |key: &str, offer: &Value| json!({"key": key, "document": offer}).to_string();
    let (same, theirs) = (of("00000001", "Lasser"), of("00000002", "Lasser"));
    let body = [line("V-1", &same), line("V-2", &same), line("V-2", &same), "nonsense".to_owned(), line("V-3", &theirs)].join("\n");
    let mut send = async |path: &str, body: String| {
        let request = ats.request("PUT", path).header("content-type", "application/x-ndjson").body(body);
        let response = request.send().await.expect("a response");
        ats.learn(&response);
        response
    };
    let outcomes = |lines: &[Value]| lines.iter().map(|line| line["outcome"].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>();
    let tried = lines(send(&format!("{part}?dryRun=true"), body.clone()).await).await;
    assert_eq!(outcomes(&tried), ["unchanged", "created", "unchanged", "refused", "refused", "-"], "{tried:?}");
    let last = tried.last().expect("a line").clone();
    assert_eq!((&last["type"], &last["dryRun"], &last["lines"], &last["created"]), (&json!("part"), &json!(true), &json!(5), &json!(1)));
    let stored = lines(send(&part, body).await).await;
    assert_eq!(outcomes(&stored), outcomes(&tried), "it was not stored before, and now it is");
    assert_eq!(stored[1]["version"], tried[1]["version"]);
    let differs = send(&format!("{part}?dryRun=true"), line("V-9", &same)).await;
    assert_eq!(refused(differs).await.is(), (409, "part-differs"));
    // More lines than are read at once.
    let many: Vec<String> = (0..1_000).map(|number| line(&format!("M-{number}"), &same)).collect();
    let other = part.replace("/parts/1", "/parts/2");
    let tried = lines(send(&format!("{other}?dryRun=true"), many.join("\n")).await).await;
    assert_eq!((tried.len(), &tried[1_000]["created"]), (1_001, &json!(1_000)));
    let state = ats.call("GET", &format!("/v1/imports/{}", import["id"].as_str().expect("an id")), None).await.1;
    assert_eq!(state["parts"].as_array().map(Vec::len), Some(1), "{state}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_again_creates_nothing_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    let (node, clock) = start_by_clock(&mut one).await;
    let client = Client::of(&node);
    let post = async |key: &str, path: &str, body: Value| {
        client.request("POST", path).header("idempotency-key", key).json(&body).send().await.expect("a response")
    };
    let vacancies = json!({"collection": "vacancies"});
    let (first, again) = (post("\"k-1\"", "/v1/imports", vacancies.clone()).await, post("k-1", "/v1/imports", vacancies.clone()).await);
    assert_eq!((first.status().as_u16(), again.status().as_u16()), (201, 201));
    assert_eq!(first.headers()["location"], again.headers()["location"]);
    assert!(again.headers().contains_key("api-version") && again.headers().contains_key("ratelimit"));
    let (first, again): (Value, Value) = (first.json().await.expect("JSON"), again.json().await.expect("JSON"));
    assert_eq!(first, again);
    let listed = async || {
        let list: Value = client.request("GET", "/v1/imports").send().await.expect("a response").json().await.expect("JSON");
        list["items"].as_array().map(Vec::len)
    };
    assert_eq!(listed().await, Some(1));
    // Another request under the same key, another key, a key that is none, and what came to nothing.
    let other = post("\"k-1\"", "/v1/imports", json!({"collection": "trainings"})).await;
    assert_eq!(refused(other).await.is(), (422, "key-differs"));
    assert_eq!(post("\"k-2\"", "/v1/imports", vacancies.clone()).await.status(), 201);
    assert_eq!(refused(post("a b", "/v1/imports", vacancies.clone()).await).await.is(), (400, "invalid-request"));
    let wrong = post("\"k-3\"", "/v1/imports", json!({"collection": "x"})).await;
    assert_eq!(refused(wrong).await.is(), (400, "invalid-request"));
    assert_eq!(post("\"k-3\"", "/v1/imports", vacancies.clone()).await.status(), 201, "a key of what came to nothing is free");
    assert_eq!(listed().await, Some(3));
    // Twenty at once make one.
    let all = futures::future::join_all((0..20).map(|_| post("\"k-4\"", "/v1/imports", vacancies.clone()))).await;
    let mut statuses: Vec<u16> = all.iter().map(|response| response.status().as_u16()).collect();
    statuses.sort_unstable();
    assert!(statuses.iter().all(|status| [201, 409].contains(status)) && statuses[0] == 201, "{statuses:?}");
    assert_eq!(listed().await, Some(4));
    // A key is of its client alone.
    let mut ats = Ats::new(&node, "ats");
    register(&node, "ats", &ats.document(&["vacancy:write"], &["kvk:00000001"])).await;
    ats.log_in("").await;
    let theirs = ats.request("POST", "/v1/imports").header("idempotency-key", "\"k-1\"").json(&vacancies).send().await.expect("a response");
    let theirs: Value = theirs.json().await.expect("JSON");
    assert_ne!(theirs["id"], first["id"], "{theirs}");
    // A webhook and a search are made once as well, and what is not taken of them is no matter of special personal data.
    let hook = async || {
        let made = post("\"k-6\"", "/v1/webhooks", json!({"url": "https://ats.example.nl/polder"})).await;
        assert_eq!(made.status(), 201);
        made.json::<Value>().await.expect("JSON")
    };
    assert_eq!(hook().await, hook().await);
    let skills: Vec<Value> = (0..45).map(|number| json!({"uri": format!("http://example.nl/{number}/{}", "x".repeat(150))})).collect();
    let query = json!({"kind": "vacancy", "skills": skills});
    let search =
        async || post("\"k-7\"", "/v1/searches", json!({"name": "Lassen", "query": query})).await.json::<Value>().await.expect("JSON");
    let saved = search().await;
    assert!(saved["id"].is_string() && saved == search().await, "{saved}");
    let people = json!({"name": "Mensen", "query": {"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}}});
    for (path, wrong) in [("/v1/webhooks", json!({"url": "http://ats.example.nl"})), ("/v1/searches", people)] {
        let reply = client.request("POST", path).json(&wrong).send().await.expect("a response");
        assert_eq!(refused(reply).await.is(), (400, "invalid-request"), "{path}");
    }
    // A code that is shown once is the same code, and no file of the node has it.
    let profile = json!({"title": "Monteur", "skills": [{"uri": "http://data.europa.eu/esco/skill/1"}]});
    assert_eq!(client.put("/v1/skill-offers/W-1", profile.to_string()).await.status(), 201);
    let invite = async || post("\"k-5\"", "/v1/invitations", json!({"offer": "W-1"})).await.json::<Value>().await.expect("JSON");
    let (first, again) = (invite().await, invite().await);
    assert_eq!(first, again);
    let code = first["code"].as_str().expect("a code").to_owned();
    for entry in std::fs::read_dir(&one[0].directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("read");
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(&code) && !text.contains(&code.replace('-', "")), "{}", path.display());
        }
    }
    clock.pass(Duration::from_secs(86_500));
    assert_eq!(post("\"k-1\"", "/v1/imports", json!({"collection": "trainings"})).await.status(), 201, "after a day it is free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reply_says_how_much_more_may_be_asked() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    (one[0].limits.client_requests_per_second, one[0].limits.client_questions_per_minute) = (2, 10);
    let node = start_all(&mut one).await.pop().expect("a node");
    let client = Client::of(&node);
    let left = |response: &Response, name: &str| response.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
    let first = client.request("GET", "/v1/vacancies").send().await.expect("a response");
    assert_eq!(left(&first, "ratelimit-policy").as_deref(), Some("\"requests\";q=20;w=10"));
    assert_eq!(left(&first, "ratelimit").as_deref(), Some("\"requests\";r=19"));
    let wrong = client.request("GET", "/v1/vacancies/V-1").send().await.expect("a response");
    assert_eq!((wrong.status().as_u16(), left(&wrong, "ratelimit").as_deref()), (404, Some("\"requests\";r=18")));
    let asked = client.request("POST", "/v1/queries").json(&json!({"kind": "vacancy"})).send().await.expect("a response");
    assert_eq!(left(&asked, "ratelimit-policy").as_deref(), Some("\"requests\";q=20;w=10, \"questions\";q=10;w=60"));
    assert!(left(&asked, "ratelimit").is_some_and(|left| left.ends_with(", \"questions\";r=9")), "{:?}", left(&asked, "ratelimit"));
    let open = client.request("GET", "/v1/openapi.json").send().await.expect("a response");
    assert_eq!(left(&open, "ratelimit"), None, "that is not counted");
    let mut last = client.request("GET", "/v1/vacancies").send().await.expect("a response");
    for _ in 0..40 {
        if last.status() == 429 {
            break;
        }
        last = client.request("GET", "/v1/vacancies").send().await.expect("a response");
    }
    assert_eq!(last.status(), 429);
    assert_eq!(left(&last, "ratelimit-policy").as_deref(), Some("\"requests\";q=20;w=10"));
    assert_eq!(left(&last, "ratelimit").as_deref(), Some("\"requests\";r=0;t=1"));

    // Who proves each call by a key sees how many proofs of it are taken: one was for the token.
    let mut ats = Ats::new(&node, "ats");
    register(&node, "ats", &ats.document(&["vacancy:read"], &["kvk:00000001"])).await;
    ats.log_in("").await;
    for (requests, proofs) in [(19, 24_998), (18, 24_997)] {
        let response = ats.request("GET", "/v1/vacancies").send().await.expect("a response");
        assert_eq!(left(&response, "ratelimit-policy").as_deref(), Some("\"requests\";q=20;w=10, \"proofs\";q=25000;w=120"));
        assert_eq!(left(&response, "ratelimit"), Some(format!("\"requests\";r={requests}, \"proofs\";r={proofs}")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_shows_every_operation_to_everybody() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    with_people(&mut one[0], vec![worker("Wil Werkende")]);
    let node = start_all(&mut one).await.pop().expect("a node");
    let base = format!("http://{}", node.client);
    let document: Value =
        Client::of(&node).request("GET", "/v1/openapi.json").send().await.expect("a response").json().await.expect("JSON");
    let tags: Vec<&str> = document["tags"].as_array().expect("tags").iter().map(|tag| tag["name"].as_str().expect("a name")).collect();
    for language in ["nl", "en"] {
        let mut browser = Browser::new().reading(language);
        let home = browser.open(&format!("{base}/reference")).await;
        assert!(home.status == 200 && home.html.len() < 50_000, "{}", home.status);
        let mut shown = String::new();
        for tag in &tags {
            assert!(home.html.contains(&format!("href=\"/reference/{tag}\"")), "{tag}");
            let page = browser.open(&format!("{base}/reference/{tag}")).await;
            assert!(page.status == 200 && page.html.len() < 50_000, "{tag}: {} {}", page.status, page.html.len());
            assert!(!page.html.contains(">reference-"), "{tag}: a text without words");
            shown.push_str(&page.html);
        }
        for operation in
            document["paths"].as_object().expect("paths").values().flat_map(|item| item.as_object().expect("operations").values())
        {
            let id = operation["operationId"].as_str().expect("an id");
            assert_eq!(shown.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        }
        let said = shown.replace("&#x2f;", "/").replace("&#x27;", "'");
        assert!(said.contains(&format!("curl -X PUT '{base}/v1/vacancies/V-2041'")), "a command that can be pasted");
        shows_what_works(&document, &said);
        assert_eq!(browser.open(&format!("{base}/reference/nothing")).await.status, 404);
    }
    // Whoever is logged in sees the same, and nothing of theirs.
    let mut browser = Browser::new();
    browser.log_in(&format!("{base}/portal"), "Wil Werkende").await;
    let page = browser.open(&format!("{base}/reference/offers")).await;
    assert!(!page.html.contains("Wil") && !page.html.contains("logout"), "nothing of a session");
    let response = Client::of(&node).without_token().request("GET", "/reference/offers").send().await.expect("a response");
    let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert!(response.headers().get("set-cookie").is_none());
    let html = response.text().await.expect("text").replace("&#x2f;", "/");
    for address in html.split("src=\"").skip(1).chain(html.split("href=\"").skip(1)).map(|rest| rest.split('"').next().unwrap_or_default())
    {
        assert!(address.starts_with('/') || address.starts_with('#'), "nothing comes from elsewhere: {address}");
    }
    // Without pages there is none.
    let other = tempfile::tempdir().expect("a directory");
    let without = one_node(other.path()).await;
    assert_eq!(refused(Client::of(&without).request("GET", "/reference").send().await.expect("a response")).await.is(), (404, "not-found"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_system_on_trial_publishes_is_seen_by_itself_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    let (node, clock) = start_by_clock(&mut one).await;
    let operator = Client::of(&node);
    let (mut ats, mut other) = (Ats::new(&node, "ats"), Ats::new(&node, "other"));
    for system in [&ats, &other] {
        let mut document = system.document(&["vacancy:read", "vacancy:write", "query"], &["kvk:00000001"]);
        document["sandbox"] = json!(true);
        register(&node, &system.id, &document).await;
    }
    ats.log_in("").await;
    other.log_in("").await;
    let mut offer = vacancy("Glazenwasser proefbaan");
    offer["employer"]["kvk"] = json!("00000001");
    let (status, receipt) = ats.call("PUT", "/v1/vacancies/V-1", Some(&offer)).await;
    assert_eq!((status, &receipt["outcome"], &receipt["version"]), (201, &json!("created"), &json!(1)), "{receipt}");
    assert_eq!(ats.call("PUT", "/v1/vacancies/V-1", Some(&offer)).await.1["outcome"], "unchanged");
    assert_eq!(ats.call("GET", "/v1/vacancies/V-1", None).await, (200, offer.clone()));
    let keys = |list: &Value| list["items"].as_array().into_iter().flatten().map(|item| item["key"].clone()).collect::<Vec<_>>();
    assert_eq!(keys(&ats.call("GET", "/v1/vacancies", None).await.1), ["V-1"]);
    // It is checked as any other.
    let mut theirs = offer.clone();
    theirs["employer"]["kvk"] = json!("00000002");
    for (wrong, status) in [(json!({}), 400), (theirs, 403)] {
        assert_eq!(ats.call("PUT", "/v1/vacancies/V-2", Some(&wrong)).await.0, status);
    }
    let import = ats.call("POST", "/v1/imports", Some(&json!({"collection": "vacancies"}))).await.1;
    let part = format!("/v1/imports/{}/parts/1", import["id"].as_str().expect("an id"));
    let line = json!({"key": "V-3", "document": offer}).to_string();
    let reply = ats.request("PUT", &part).header("content-type", "application/x-ndjson").body(line).send().await.expect("a response");
    let reply = lines(reply).await;
    assert_eq!((&reply[0]["outcome"], &reply[1]["dryRun"]), (&json!("created"), &json!(true)), "{reply:?}");
    // Nobody else has it: neither another one on trial, nor the operator, a question, or the feed.
    assert_eq!(other.call("GET", "/v1/vacancies/V-1", None).await.0, 404);
    assert_eq!(keys(&other.call("GET", "/v1/vacancies", None).await.1), Vec::<Value>::new());
    let read = async |path: &str| -> Value { operator.request("GET", path).send().await.expect("a response").json().await.expect("JSON") };
    assert_eq!(keys(&read("/v1/vacancies").await), Vec::<Value>::new());
    assert_eq!(keys(&read("/v1/changes").await), Vec::<Value>::new());
    let question = json!({"kind": "vacancy", "text": "glazenwasser proefbaan"});
    for (status, result) in [operator.query(&question).await, ats.call("POST", "/v1/queries", Some(&question)).await] {
        assert_eq!((status, &result["hits"]), (200, &json!([])), "{result}");
    }
    // And what is there in earnest is not its to see or to change.
    let real = vacancy("Glazenwasser");
    let mut real = real;
    real["employer"]["kvk"] = json!("00000001");
    assert_eq!(operator.put("/v1/vacancies/V-1", real.to_string()).await.status(), 201);
    assert_eq!(ats.call("GET", "/v1/vacancies/V-1", None).await.1, offer);
    assert_eq!(keys(&ats.call("GET", "/v1/changes", None).await.1), Vec::<Value>::new());
    assert_eq!(ats.call("DELETE", "/v1/vacancies/V-1", None).await.0, 204);
    assert_eq!(ats.call("GET", "/v1/vacancies/V-1", None).await.0, 404);
    assert_eq!(read("/v1/vacancies/V-1").await, real);
    let export = ats.request("GET", "/v1/vacancies").header("accept", "application/x-ndjson").send().await.expect("a response");
    assert_eq!(refused(export).await.is(), (406, "not-acceptable"));
    // After a week it is gone; and nothing of people is in a sandbox.
    assert_eq!(ats.call("PUT", "/v1/vacancies/V-4", Some(&offer)).await.0, 201);
    clock.pass(Duration::from_secs(7 * 86_400 + 10));
    ats.ahead = 7 * 86_400 + 10;
    let mut document = ats.document(&["vacancy:read"], &["kvk:00000001"]);
    document["sandbox"] = json!(true);
    register(&node, "ats", &document).await;
    ats.log_in("").await;
    assert_eq!(ats.call("GET", "/v1/vacancies/V-4", None).await.0, 404);
    let mut document = ats.document(&["vacancy:read", "skill-offer:match"], &["kvk:00000001"]);
    document["sandbox"] = json!(true);
    let proposed = operator.request("PUT", "/v1/clients/third").json(&document).send().await.expect("a response");
    let proposed: Value = proposed.json().await.expect("JSON");
    assert_eq!(proposed["findings"][0]["pointer"], "/scopes", "{proposed}");
}

/// Where a system may call, the example shows its token with a proof; a token alone is shown where somebody has one that is bound to nothing.
fn shows_what_works(document: &Value, html: &str) {
    let operations = document["paths"].as_object().expect("paths").values().flat_map(|item| item.as_object().expect("operations").values());
    let (mut of_systems, mut of_others, mut of_all) = (0, 0, 0);
    for operation in operations {
        let id = operation["operationId"].as_str().expect("an id");
        let article = html.split(&format!("id=\"{id}\"")).nth(1).and_then(|rest| rest.split("</article>").next()).expect("an article");
        let ways: Vec<&str> = operation["security"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|way| way.as_object()?.keys().next())
            .map(String::as_str)
            .collect();
        let (system, others) = (ways.contains(&"client"), ways.iter().any(|way| *way != "client"));
        let proves = article.contains("Authorization: DPoP $TOKEN") && article.contains("DPoP: $PROOF");
        assert_eq!((proves, article.contains("Authorization: Bearer $TOKEN")), (system, others), "{id}: {ways:?}");
        assert_eq!(article.matches("curl -X").count(), usize::from(system) + usize::from(others || ways.is_empty()), "{id}");
        (of_systems, of_others, of_all) =
            (of_systems + usize::from(system), of_others + usize::from(others), of_all + usize::from(ways.is_empty()));
    }
    assert!(of_systems > 9 && of_others > 9 && of_all > 0, "{of_systems} {of_others} {of_all}");
}
