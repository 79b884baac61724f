//! Webhooks: systems are told in order, each only of what it may read, again until it has taken it, and at no address that is not theirs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::http::{Client, Partner, partners, region_of, start_all, start_by_clock, vacancy};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::postgres;
use polder_federation_tests::receiver::{Answers, Receiver, Told};
use polder_web::{RunningNode, WebhookHosts};
use serde_json::{Value, json};

const SCOPES: [&str; 3] = ["vacancy:read", "vacancy:write", "webhook:manage"];

fn one(directory: &tempfile::TempDir) -> Vec<Partner> {
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    partners[0].webhook_hosts = WebhookHosts::read(["127.0.0.1"]).expect("read");
    partners
}

async fn system(node: &RunningNode, id: &str, scopes: &[&str], kvk: &str) -> Ats {
    let mut ats = Ats::new(node, id);
    register(node, id, &ats.document(scopes, &[kvk])).await;
    ats.log_in("").await;
    ats
}

async fn hook(client: &Client, body: &Value) -> Value {
    let response = client.request("POST", "/v1/webhooks").json(body).send().await.expect("a response");
    let (status, text) = (response.status().as_u16(), response.text().await.expect("text"));
    assert_eq!(status, 201, "{text}");
    serde_json::from_str(&text).expect("JSON")
}

async fn post(client: &Client, made: &Value, what: &str, body: &Value) -> (u16, Value) {
    let path = format!("/v1/webhooks/{}/{what}", made["id"].as_str().expect("an id"));
    let response = client.request("POST", &path).json(body).send().await.expect("a response");
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

async fn looked_at(client: &Client, made: &Value) -> Value {
    let path = format!("/v1/webhooks/{}", made["id"].as_str().expect("an id"));
    client.request("GET", &path).send().await.expect("a response").json().await.expect("JSON")
}

/// Waits until a webhook is as it should be.
async fn until(client: &Client, made: &Value, is: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let now = looked_at(client, made).await;
        if is(&now) {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn put(client: &Client, key: &str) {
    let status = client.put(&format!("/v1/vacancies/{key}"), vacancy(key).to_string()).await.status();
    assert!(status.is_success(), "{key}: {status}");
}

fn keys(told: &[Told]) -> Vec<String> {
    told.iter().map(|told| told.event()["key"].as_str().expect("a key").to_owned()).collect()
}

fn ids(told: &[Told]) -> Vec<String> {
    told.iter().map(|told| told.header("webhook-id")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_is_told_in_order_of_its_own_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start_all(&mut one(&directory)).await.pop().expect("a node");
    let mut ats = system(&node, "ats", &SCOPES, "kvk:00000001").await;
    let mut other = system(&node, "other", &SCOPES, "kvk:00000002").await;
    let receiver = Receiver::start().await;
    let (status, made) = ats.call("POST", "/v1/webhooks", Some(&json!({"url": receiver.url()}))).await;
    assert_eq!((status, &made["state"]), (201, &json!("active")), "{made}");
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let path = format!("/v1/webhooks/{}", made["id"].as_str().expect("an id"));
    let mut offer = vacancy("Lasser");
    for number in 1..=5 {
        for (system, kvk, key) in [(&mut ats, "00000001", "V"), (&mut other, "00000002", "W")] {
            offer["employer"]["kvk"] = json!(kvk);
            assert_eq!(system.call("PUT", &format!("/v1/vacancies/{key}-{number}"), Some(&offer)).await.0, 201);
        }
    }
    assert_eq!(ats.call("DELETE", "/v1/vacancies/V-1", None).await.0, 204);
    let told = receiver.wait_for(6).await;
    assert_eq!(keys(&told), ["V-1", "V-2", "V-3", "V-4", "V-5", "V-1"]);
    let (_, feed) = ats.call("GET", "/v1/changes", None).await;
    let events: Vec<Value> = told.iter().map(Told::event).collect();
    assert_eq!(json!(events), feed["items"], "the same as whoever asks sees");
    let now = SystemClock.now().seconds();
    for told in &told {
        assert!(told.is_signed_by(&secret) && !told.is_signed_by(&format!("whsec_{}=", "A".repeat(43))));
        assert_eq!(told.header("webhook-id"), told.event()["id"]);
        assert!((now - told.header("webhook-timestamp").parse::<i64>().expect("seconds")).abs() < 60);
        assert_eq!(told.header("content-type"), "application/json");
    }

    // It is nobody else's, and shows its secret no more.
    let (_, mine) = ats.call("GET", &path, None).await;
    assert!(mine.get("secret").is_none() && mine["outcome"] == "204", "{mine}");
    assert_eq!(other.call("GET", "/v1/webhooks", None).await.1, json!({"items": []}));
    for (method, path) in [
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/secret")),
        ("POST", format!("{path}/replay")),
        ("POST", format!("{path}/test")),
    ] {
        assert_eq!(other.call(method, &path, (method == "POST").then_some(&json!({}))).await.0, 404, "{method} {path}");
    }

    // For a day after a new secret both sign.
    let (_, rotated) = ats.call("POST", &format!("{path}/secret"), None).await;
    let newer = rotated["secret"].as_str().expect("a secret").to_owned();
    assert_ne!(newer, secret);
    let (status, tested) = ats.call("POST", &format!("{path}/test"), None).await;
    assert_eq!((status, tested), (200, json!({"took": true, "outcome": "204"})));
    let test = receiver.wait_for(7).await.pop().expect("told");
    assert_eq!(test.event()["type"], "test");
    assert!(test.is_signed_by(&newer) && test.is_signed_by(&secret));

    // From a cursor all comes again, by the same ids.
    let after = json!({"cursor": events[3]["id"]});
    assert_eq!(ats.call("POST", &format!("{path}/replay"), Some(&after)).await.0, 200);
    let again = receiver.wait_for(9).await;
    assert_eq!(ids(&again[7..]), ids(&told[4..]));
    // The very next one is its own here: beside others' changes one that is passed over would not be missed.
    assert_eq!(ats.call("POST", &format!("{path}/replay"), Some(&json!({"cursor": "0-0000000000000000"}))).await.0, 200);
    let whole = receiver.wait_for(15).await;
    assert_eq!(ids(&whole[9..]), ids(&told));
    let late = Receiver::start().await;
    let (status, from_start) = ats.call("POST", "/v1/webhooks", Some(&json!({"url": late.url(), "cursor": "0-0000000000000000"}))).await;
    assert_eq!((status, ids(&late.wait_for(6).await)), (201, ids(&told)), "{from_start}");
    for bad in [json!({"cursor": "x"}), json!({"cursor": 1}), json!({"after": "x"}), json!([])] {
        assert_eq!(ats.call("POST", &format!("{path}/replay"), Some(&bad)).await.0, 400, "{bad}");
    }

    // Fewer scopes hold from the next event on, and whoever is ended is told nothing.
    register(&node, "ats", &ats.document(&["vacancy:write", "webhook:manage", "training:read"], &["kvk:00000001"])).await;
    offer["employer"]["kvk"] = json!("00000001");
    ats.log_in("").await;
    assert_eq!(ats.call("PUT", "/v1/vacancies/V-6", Some(&offer)).await.0, 201);
    let operator = Client::of(&node);
    assert_eq!(operator.request("DELETE", "/v1/clients/ats").send().await.expect("a response").status().as_u16(), 204);
    let own = Receiver::start().await;
    hook(&operator, &json!({"url": own.url()})).await;
    put(&operator, "X-1").await;
    assert_eq!(keys(&own.wait_for(1).await), ["X-1"]);
    assert_eq!(receiver.told().len(), 15);
    assert!(node.node.store().webhooks_of("ats").await.expect("read").is_empty());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_is_told_again_and_nothing_overtakes_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, clock) = start_by_clock(&mut one(&directory)).await;
    let operator = Client::of(&node);
    let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
    receiver.answers_next([
        Answers::Status(500),
        Answers::Wait(600),
        Answers::Redirect(elsewhere.url()),
        Answers::Hangs,
        Answers::Endless,
        Answers::Status(204),
    ]);
    let made = hook(&operator, &json!({"url": receiver.url(), "types": ["offer.changed"]})).await;
    put(&operator, "V-1").await;
    put(&operator, "V-2").await;
    let failed = |outcome: &'static str, failures: u64| move |now: &Value| now["outcome"] == outcome && now["failures"] == failures;
    let first = until(&operator, &made, failed("500", 1)).await;
    assert_eq!(first["state"], "failing");
    clock.pass(Duration::from_secs(3));
    let waits = until(&operator, &made, failed("503", 2)).await;
    assert_eq!(waits["failingSince"], first["failingSince"]);
    clock.pass(Duration::from_secs(590));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(receiver.told().len(), 2, "as long as it says");
    clock.pass(Duration::from_secs(11));
    until(&operator, &made, failed("307", 3)).await;
    clock.pass(Duration::from_secs(60));
    // Ten seconds, and no longer.
    until(&operator, &made, failed("too-slow", 4)).await;
    clock.pass(Duration::from_secs(60));
    let told = receiver.wait_for(6).await;
    assert_eq!(keys(&told), ["V-1", "V-1", "V-1", "V-1", "V-1", "V-2"]);
    assert_eq!(ids(&told[..5]), vec![told[0].header("webhook-id"); 5], "it is the same one");
    let fine = until(&operator, &made, |now| now["state"] == "active").await;
    assert_eq!((&fine["failures"], fine.get("failingSince")), (&json!(0), None), "{fine}");
    assert!(elsewhere.told().is_empty(), "nobody is led on");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_days_of_failure_it_is_disabled_and_can_be_enabled() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, clock) = start_by_clock(&mut one(&directory)).await;
    let operator = Client::of(&node);
    let (receiver, gone) = (Receiver::start().await, Receiver::start().await);
    receiver.answers(Answers::Status(503));
    gone.answers(Answers::Status(410));
    let made = hook(&operator, &json!({"url": receiver.url()})).await;
    let left = hook(&operator, &json!({"url": gone.url()})).await;
    put(&operator, "V-1").await;
    until(&operator, &left, |now| now["state"] == "disabled" && now["outcome"] == "410").await;
    let first = until(&operator, &made, |now| now["failures"] == 1).await;
    for (hours, failures, state) in [(100, 2, "failing"), (19, 3, "failing"), (2, 4, "disabled")] {
        clock.pass(Duration::from_secs(hours * 3_600));
        let now = until(&operator, &made, |now| now["failures"] == failures).await;
        assert_eq!((&now["state"], &now["failingSince"]), (&json!(state), &first["failingSince"]), "{hours}");
    }
    clock.pass(Duration::from_secs(86_400));
    put(&operator, "V-2").await;
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    assert_eq!((receiver.told().len(), gone.told().len()), (4, 1), "nothing is tried any more");
    receiver.answers(Answers::Status(200));
    let (status, now) = post(&operator, &made, "replay", &json!({})).await;
    assert_eq!((status, &now["state"]), (200, &json!("active")), "{now}");
    assert_eq!(keys(&receiver.wait_for(6).await)[4..], ["V-1", "V-2"], "it goes on where it stood");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_it_goes_on_where_it_was() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = one(&directory);
    let region = region_of(&partners);
    let node = partners[0].start(region.register(SystemClock.now())).await;
    let (operator, receiver) = (Client::of(&node), Receiver::start().await);
    hook(&operator, &json!({"url": receiver.url()})).await;
    put(&operator, "V-1").await;
    receiver.wait_for(1).await;
    receiver.answers(Answers::Status(500));
    put(&operator, "V-2").await;
    put(&operator, "V-3").await;
    receiver.wait_for(2).await;
    node.stop().await;
    receiver.answers(Answers::Status(204));
    let before = receiver.told().len();
    let node = partners[0].start(region.register(SystemClock.now())).await;
    put(&Client::of(&node), "V-4").await;
    let told = receiver.wait_for(before + 3).await;
    assert_eq!(keys(&told[before..]), ["V-2", "V-3", "V-4"]);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_replicas_one_tells() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = one(&directory);
    partners[0].database = postgres::database().await;
    let region = region_of(&partners);
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let node = partners[0].start_at(region.register(clock.now()), Arc::<ManualClock>::clone(&clock)).await;
    let replica = partners[0].start_replica_at(region.register(clock.now()), Arc::<ManualClock>::clone(&clock)).await;
    let (receiver, ways) = (Receiver::start().await, [Client::of(&node), Client::of(&replica)]);
    // So slow that both look while one is at it.
    receiver.answers(Answers::Slowly(100));
    let made = hook(&ways[0], &json!({"url": receiver.url()})).await;
    let numbers: Vec<String> = (0..40).map(|number| format!("V-{number}")).collect();
    for (number, key) in numbers.iter().enumerate() {
        put(&ways[number % 2], key).await;
    }
    receiver.wait_for(40).await;
    until(&ways[1], &made, |now| now["lastEvent"].as_str().is_some_and(|last| last.starts_with("40-"))).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(keys(&receiver.told()), numbers, "in order, each once");
    replica.stop().await;
    put(&ways[0], "W-1").await;
    clock.pass(Duration::from_secs(31));
    assert_eq!(keys(&receiver.wait_for(41).await)[40..], ["W-1"], "the other one goes on");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_leads_to_no_address_of_the_nodes_own_network() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    let node = start_all(&mut partners).await.pop().expect("a node");
    let operator = Client::of(&node);
    let receiver = Receiver::start().await;
    for url in [
        receiver.url().as_str(),
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://wie:wat@ats.example.nl/",
        "https://ats.example.nl:22/",
        "http://ats.example.nl/",
        "ats.example.nl",
    ] {
        let refused = operator.request("POST", "/v1/webhooks").json(&json!({"url": url, "types": ["x"]})).send().await.expect("a response");
        assert_eq!(refused.status().as_u16(), 400, "{url}");
        let problem: Value = refused.json().await.expect("JSON");
        let pointers: Vec<&Value> = problem["findings"].as_array().expect("findings").iter().map(|finding| &finding["pointer"]).collect();
        assert_eq!(pointers, ["/url", "/types/0"], "all at once: {problem}");
        assert!(!problem.to_string().contains("wie:wat"), "{problem}");
    }
    // What was allowed when it was made, and is not any more.
    let store = node.node.store();
    let new = polder_store::webhooks::NewWebhook {
        client: "operator".to_owned(),
        url: receiver.url(),
        types: Vec::new(),
        position: None,
        now: node.node.now(),
    };
    let id = store.make_webhook(new).await.expect("written").expect("made");
    let made = json!({"id": id.as_str()});
    assert_eq!(post(&operator, &made, "test", &json!({})).await.1, json!({"took": false, "outcome": "address-refused"}));
    put(&operator, "V-1").await;
    until(&operator, &made, |now| now["outcome"] == "address-refused").await;
    assert!(receiver.told().is_empty());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_so_many_and_no_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start_all(&mut one(&directory)).await.pop().expect("a node");
    let operator = Client::of(&node);
    let body = json!({"url": "http://127.0.0.1:9/"});
    for _ in 0..20 {
        hook(&operator, &body).await;
    }
    let refused = operator.request("POST", "/v1/webhooks").json(&body).send().await.expect("a response");
    assert_eq!(refused.status().as_u16(), 409);
    let mut lacks = system(&node, "ats", &SCOPES, "kvk:00000001").await;
    let asked = json!({"url": "http://127.0.0.1:9/", "types": ["offer.changed", "application.received", "erasure.due", "offer.changed"]});
    let (status, problem) = lacks.call("POST", "/v1/webhooks", Some(&asked)).await;
    let pointers: Vec<&Value> = problem["findings"].as_array().expect("findings").iter().map(|finding| &finding["pointer"]).collect();
    assert_eq!((status, pointers), (400, vec![&json!("/types/1"), &json!("/types/2"), &json!("/types/3")]), "{problem}");
    node.stop().await;
}
