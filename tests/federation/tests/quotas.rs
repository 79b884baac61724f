//! Who asks too much is told so, and when to come again; everyone else is served, and register news flows.
#![expect(clippy::expect_used, reason = "tests")]

use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, region_of, start_all, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{NODE, Peer, QUERIES, REGISTER, Shows, query};
use polder_federation_tests::problems::refused;
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_asks_too_much_is_told_when_to_come_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    let limits = &mut partners[0].limits;
    (limits.client_requests_per_second, limits.client_questions_per_minute, limits.client_body_kib_per_second) = (20, 30, 4);
    limits.client_failed_tries_per_minute = 1_000;
    let node = start_all(&mut partners).await.pop().expect("a node");
    let client = Client::of(&node);
    let get = async || client.request("GET", "/v1/vacancies").send().await.expect("a response");
    let ask = async || client.request("POST", "/v1/queries").json(&json!({"kind": "vacancy"})).send().await.expect("a response");

    // Questions have a bucket of their own, and no others wait for it.
    let mut asked = 0;
    let refusal = loop {
        let response = ask().await;
        if response.status() != 200 {
            break response;
        }
        asked += 1;
    };
    assert!((30..=34).contains(&asked), "{asked}");
    assert_eq!(refusal.headers()["retry-after"], "2");
    assert_eq!(refusal.headers()["ratelimit-policy"], "\"questions\";q=30;w=60");
    assert_eq!(refusal.headers()["ratelimit"], "\"questions\";r=0;t=2");
    assert_eq!(refused(refusal).await.is(), (429, "too-many-requests"));
    assert_eq!(get().await.status(), 200);
    tokio::time::sleep(2 * SECOND).await;
    assert_eq!(ask().await.status(), 200);

    // Bodies: what is too much was taken once, and is paid off.
    let mut document = vacancy("Monteur");
    document["description"] = "Onderhoud aan windmolens. ".repeat(300).into();
    let mut put = 0;
    let refusal = loop {
        let response = client.put(&format!("/v1/vacancies/V-{put}"), document.to_string()).await;
        if !response.status().is_success() {
            break response;
        }
        put += 1;
    };
    assert!((5..=12).contains(&put), "{put}");
    let wait: u64 = refusal.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=5).contains(&wait), "{wait}");
    assert_eq!(refused(refusal).await.is(), (429, "too-many-requests"));
    tokio::time::sleep(wait as u32 * SECOND).await;
    assert_eq!(client.put("/v1/vacancies/V-X", vacancy("Monteur").to_string()).await.status(), 201);

    // Requests.
    let mut got = 0;
    while get().await.status() == 200 {
        got += 1;
        assert!(got < 1_000, "there is no end to it");
    }
    // Who has no right spends nothing of whoever has.
    let stranger = Client::of(&node).without_token();
    for _ in 0..300 {
        assert_eq!(stranger.request("GET", "/v1/vacancies").send().await.expect("a response").status(), 401);
    }
    tokio::time::sleep(SECOND).await;
    assert_eq!(get().await.status(), 200);
}

/// Whoever tries without a right token is told to wait after so many; whoever has one is served, from another address and from the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_tries_without_a_right_token_is_told_to_wait_and_locks_out_nobody() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    partners[0].limits.client_failed_tries_per_minute = 30;
    let node = start_all(&mut partners).await.pop().expect("a node");
    let elsewhere = || Client::of(&node).calling_from([127, 0, 0, 2].into());
    let stranger = Client::of(&node).without_token();
    let get = async |client: &Client| client.request("GET", "/v1/vacancies").send().await.expect("a response");
    let mut tried = 0;
    let refusal = loop {
        let response = get(&stranger).await;
        if response.status() != 401 {
            break response;
        }
        tried += 1;
        assert!(tried < 1_000, "there is no end to it");
    };
    assert!((30..=34).contains(&tried), "{tried}");
    let wait: u32 = refusal.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(refusal.headers()["ratelimit-policy"], "\"tries\";q=30;w=60");
    assert!(!refusal.headers().contains_key("www-authenticate"));
    assert_eq!(refused(refusal).await.is(), (429, "too-many-requests"));
    assert_eq!(get(&elsewhere().without_token()).await.status(), 401, "another address has tries of its own");
    for client in [Client::of(&node), elsewhere()] {
        assert_eq!(get(&client).await.status(), 200, "nobody is locked out");
    }
    assert_eq!(get(&stranger).await.status(), 429);
    assert_eq!(logs::lines_with(&["from=127.0.0.0/24", "too many requests without a right token"]).len(), 1);
    tokio::time::sleep(wait * SECOND).await;
    assert_eq!(get(&stranger).await.status(), 401, "time forgives");
}

/// A node that does not run, with the others in its register.
async fn one_of(partners: &mut [Partner]) -> polder_web::RunningNode {
    let register = region_of(partners).register(SystemClock.now());
    partners[0].start(register).await
}

async fn call(peer: &Peer, caller: &Partner, method: &str, path: &str, body: Vec<u8>, purpose: &str) -> (u16, String) {
    let headers = peer.signed(caller.identity.message_key(), method, path, &body, purpose, SystemClock.now());
    peer.call(method, path, headers, body).await.expect("a response")
}

/// One partner asks too much: it is refused and named in the log; its register news and everyone else's calls are not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_that_asks_too_much_hurts_itself_alone() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    partners[0].limits.peer_requests_per_second = 5;
    let _node = one_of(&mut partners).await;
    let [greedy, modest] = [1, 2].map(|number| Peer::calling(&partners[0], &Shows::Certificate(&partners[number].identity)));
    let node = async |peer: &Peer, number: usize| call(peer, &partners[number], "GET", NODE, Vec::new(), "none").await.0;
    let mut served = 0;
    while node(&greedy, 1).await == 200 {
        served += 1;
        assert!(served < 500, "there is no end to it");
    }
    assert!((50..100).contains(&served), "{served}");
    let (status, text) = call(&greedy, &partners[1], "GET", NODE, Vec::new(), "none").await;
    assert!(status == 429 && text.contains("urn:polder:problem:too-many-requests"), "{text}");
    assert_eq!(call(&greedy, &partners[1], "GET", REGISTER, Vec::new(), "none").await.0, 200, "register news flows");
    assert_eq!(node(&modest, 2).await, 200, "another partner is served");
    let named = format!("partner={}", partners[1].id);
    assert_eq!(logs::lines_with(&[&named, "a call of a partner was refused", "too-many-requests"]).len(), 1, "one line in 10 s");
}

/// There is one place for calls and many who want it: most are turned away at once, and register news flows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_calls_of_all_are_shed_and_register_news_flows() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..4]);
    partners[0].limits.peer_calls_at_once = 1;
    let _node = one_of(&mut partners).await;
    let peers: Vec<Peer> = (1..4).map(|number| Peer::calling(&partners[0], &Shows::Certificate(&partners[number].identity))).collect();
    let until = Instant::now() + 3 * SECOND;
    let questions = (0..24).map(|number| {
        let (peer, caller) = (&peers[number % 3], &partners[1 + number % 3]);
        async move {
            let (mut answered, mut shed) = (0, 0);
            while Instant::now() < until {
                let body = query(caller, SystemClock.now()).to_string().into_bytes();
                match call(peer, caller, "POST", QUERIES, body, "find-work").await {
                    (200, _) => answered += 1,
                    (503, text) if text.contains("urn:polder:problem:unavailable") => shed += 1,
                    other => panic!("{other:?}"),
                }
            }
            (answered, shed)
        }
    });
    let news = (0..3).map(|number| {
        let (peer, caller) = (&peers[number], &partners[1 + number]);
        async move {
            let mut slowest = Duration::ZERO;
            while Instant::now() < until {
                let began = Instant::now();
                assert_eq!(call(peer, caller, "GET", REGISTER, Vec::new(), "none").await.0, 200);
                slowest = slowest.max(began.elapsed());
                tokio::time::sleep(SECOND / 20).await;
            }
            slowest
        }
    });
    let (questions, news) = tokio::join!(futures::future::join_all(questions), futures::future::join_all(news));
    let (answered, shed) = questions.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(answered > 0 && shed > 0, "{answered} answered, {shed} shed");
    assert!(news.iter().all(|slowest| *slowest < 2 * SECOND), "{news:?}");
}

/// A partner that has too much is named in the result, is left alone as long as it asked for, and answers again after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_leaves_a_busy_partner_alone() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[4..6]);
    partners[1].limits.peer_questions_per_minute = 20;
    let nodes = start_all(&mut partners).await;
    let client = Client::of(&nodes[0]);
    let ask = async || client.query(&json!({"kind": "vacancy", "deadlineMs": 5_000})).await.1;
    let mut answered = 0;
    let result = loop {
        let result = ask().await;
        if result["complete"] == false {
            break result;
        }
        answered += 1;
        assert!(answered < 100, "there is no end to it");
    };
    assert!((20..=25).contains(&answered), "{answered}");
    assert_eq!(result["missing"], json!([{"partner": partners[1].id, "name": partners[1].member.name, "reason": "overloaded"}]));
    let began = Instant::now();
    for _ in 0..10 {
        assert_eq!(ask().await["missing"][0]["reason"], "overloaded");
    }
    let named = format!("partner={}", partners[1].id);
    let left_alone = logs::lines_with(&[&named, "partner is missing", "it asked to be left alone"]).len();
    assert!(left_alone == 10 || began.elapsed() > SECOND, "{left_alone}");
    let begins = Instant::now();
    while ask().await["complete"] == false {
        assert!(begins.elapsed() < 15 * SECOND, "it is never asked again");
        tokio::time::sleep(SECOND / 10).await;
    }
}
