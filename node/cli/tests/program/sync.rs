//! `polder sync`: a school of ten thousand courses and a node that is killed again and again, and the quick start for schools as it stands there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use polder_federation_tests::school::{School, Treatment, course, id};
use polder_random::Random;
use serde_json::{Value, json};

use crate::support::command::{code, err, out, polder};
use crate::support::node::{Http, free};
use crate::support::page::Page;
use crate::support::running::Running;
use crate::support::setup::Setup;

/// A node that reads a school.
struct Node {
    setup: Setup,
    client: SocketAddr,
}

impl Node {
    fn new() -> Self {
        let [client, peer, operator] = [(); 3].map(|()| free());
        let listens = [client, peer, operator].map(|address| address.to_string());
        let ports = ["--client-listen", &listens[0], "--peer-listen", &listens[1], "--operator-listen", &listens[2]];
        Self { setup: Setup::new(peer, &ports, |member| member["purposes"] = json!(["find-work", "find-training"])), client }
    }

    fn reads(self, school: SocketAddr) -> Self {
        let config = self.setup.path("polder.toml");
        let text = std::fs::read_to_string(&config).expect("a configuration");
        let sync = format!("\n[[sync]]\nname = \"school\"\nurl = \"http://{school}\"\npause_ms = 0\nevery_hours = 1\n");
        std::fs::write(config, text + &sync).expect("written");
        self
    }

    async fn start(&self) -> Running {
        let log = std::fs::File::options().create(true).append(true).open(self.setup.path("node.log")).expect("a log");
        let running = Running::start(self.setup.serve().stderr(log));
        let began = Instant::now();
        while tokio::net::TcpStream::connect(self.client).await.is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{}",
                std::fs::read_to_string(self.setup.path("node.log")).unwrap_or_default()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        running
    }

    fn http(&self) -> Http {
        Http::of(self.client, &self.setup.path("operator-token"))
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.http().request(reqwest::Method::GET, path).send().await.expect("a response");
        response.json().await.expect("JSON")
    }

    async fn report(&self) -> Value {
        self.get("/v1/syncs/school").await["report"].clone()
    }

    /// The number of the latest change: how often anything was written of an offer.
    async fn changes(&self) -> u64 {
        let request = self.http().request(reqwest::Method::GET, "/v1/trainings").header("accept", "application/x-ndjson");
        let export = request.send().await.expect("a response").text().await.expect("text");
        let end: Value = serde_json::from_str(export.lines().last().expect("a line")).expect("JSON");
        end["next"].as_str().and_then(|next| next.split('-').next()?.parse().ok()).expect("a number")
    }

    async fn trainings(&self) -> u64 {
        let request = self.http().request(reqwest::Method::GET, "/v1/trainings").header("accept", "application/x-ndjson");
        let export = request.send().await.expect("a response").text().await.expect("text");
        let end: Value = serde_json::from_str(export.lines().last().expect("a line")).expect("JSON");
        end["offers"].as_u64().expect("a number")
    }

    async fn begin(&self) {
        let begun = self.http().request(reqwest::Method::POST, "/v1/syncs/school/crawls").send().await.expect("a response");
        assert_eq!(begun.status().as_u16(), 202);
    }

    /// Waits for a report that ended later than that one.
    async fn report_after(&self, before: &Value) -> Value {
        let began = Instant::now();
        loop {
            let report = self.report().await;
            if report.is_object() && report["endedAt"] != *before {
                return report;
            }
            assert!(began.elapsed() < Duration::from_secs(180), "no end: {}", self.get("/v1/syncs/school").await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Waits until so many requests came.
async fn asked(school: &School, requests: u64) {
    let began = Instant::now();
    while school.asked() < requests {
        assert!(began.elapsed() < Duration::from_secs(60), "{} of {requests}", school.asked());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_courses_outlive_kills_and_nothing_is_withdrawn_by_mistake() {
    const COURSES: usize = 10_000;
    let school = School::new(6, COURSES);
    let (mut random, mut faults) = (Random::new(11), Random::new(12));
    let fails = Arc::new(AtomicBool::new(true));
    let may_fail = Arc::clone(&fails);
    school.treats(move |_, number| match faults.below(3_000) {
        0 if may_fail.load(Ordering::SeqCst) => Treatment::Status(503, vec![("retry-after", "1".to_owned())]),
        1 if number % 2 == 0 => Treatment::After(Duration::from_millis(100)),
        _ => Treatment::Rightly,
    });
    let node = Node::new().reads(school.listen().await);

    // Killed at any moment, it goes on where it was.
    let (mut kills, mut running) = (0, node.start().await);
    while kills < 8 {
        asked(&school, school.asked() + 300 + random.below(1_200) as u64).await;
        assert_eq!(node.report().await, Value::Null, "the crawl is not over yet");
        running.kill();
        kills += 1;
        running = node.start().await;
    }
    let first = node.report_after(&Value::Null).await;
    assert_eq!((&first["outcome"], &first["counts"]["courses"]), (&json!("whole"), &json!(COURSES)), "{first}");
    assert_eq!((node.trainings().await, node.changes().await), (COURSES as u64, COURSES as u64), "each was written once");
    assert!(school.asked() < 2 * COURSES as u64, "{} requests: it began anew", school.asked());

    // Nothing new: nothing is written.
    node.begin().await;
    let second = node.report_after(&first["endedAt"]).await;
    assert_eq!((&second["outcome"], &second["counts"]["unchanged"]), (&json!("whole"), &json!(COURSES)), "{second}");
    assert_eq!(node.changes().await, COURSES as u64);

    // Each page is cut from another order, some courses are away, and the node is killed on the way: nothing is withdrawn that is there.
    fails.store(false, Ordering::SeqCst);
    school.shuffles(13);
    school.change("courses", |courses| courses.truncate(COURSES - 5));
    let mut before = second["endedAt"].clone();
    for _ in 0..2 {
        node.begin().await;
        asked(&school, school.asked() + 1_000 + random.below(3_000) as u64).await;
        running.kill();
        running = node.start().await;
        before = node.report_after(&before).await["endedAt"].clone();
        assert_eq!((node.trainings().await, node.changes().await), (COURSES as u64, COURSES as u64));
    }
    drop(running);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_says_how_it_stands() {
    let school = School::new(6, 2);
    let node = Node::new().reads(school.listen().await);
    let _running = node.start().await;
    node.report_after(&Value::Null).await;
    let run = |arguments: &[&str]| {
        let url = format!("http://{}", node.client);
        polder(node.setup.directory.path(), &[&["sync", "--url", &url, "--token-file", "operator-token"], arguments].concat(), "")
    };
    let whole = run(&[]);
    assert!(code(&whole) == 0 && out(&whole).contains("school: read whole"), "{}{}", out(&whole), err(&whole));
    assert!(out(&whole).contains("2 courses") && out(&whole).contains("2 unchanged"), "{}", out(&whole));
    let json: Value = serde_json::from_str(&out(&run(&["school", "--report", "--json"]))).expect("JSON");
    assert_eq!((&json["name"], &json["report"]["version"]), (&json!("school"), &json!(6)));
    school.change("courses", |courses| courses[1]["validTo"] = json!("2020-01-01"));
    let ended = run(&["school"]);
    let said = format!("  ended:\n    Cursus 1 (/courses/{}): it is valid no more\n", id(1));
    assert!(code(&ended) == 0 && out(&ended).contains(&said), "{}", out(&ended));
    let named = run(&["school", "--report"]);
    assert!(out(&named).contains(&said), "{}", out(&named));
    let json: Value = serde_json::from_str(&out(&run(&["school", "--report", "--json"]))).expect("JSON");
    let gone = json!({"path": format!("/courses/{}", id(1)), "title": "Cursus 1", "key": id(1), "code": "past", "withdrawn": true});
    assert_eq!(json["report"]["ended"], json!([gone]));
    let other = run(&["other"]);
    assert!(code(&other) == 1 && err(&other).contains("no course system of this name is configured"), "{} {}", code(&other), err(&other));
    school.treats(|path, _| if path.starts_with("/courses?") { Treatment::Says("<html>".to_owned()) } else { Treatment::Rightly });
    let broken = run(&["school"]);
    assert!(
        code(&broken) == 1 && out(&broken).contains("broken off at /courses?pageSize=250&pageNumber=1: this is no page"),
        "{}",
        out(&broken)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_quick_start_for_schools_can_be_followed_literally() {
    let school = School::new(6, 0);
    school.change("courses", |courses| {
        for (number, name) in ["Basis lassen", "Metselen", "Koken"].iter().enumerate() {
            let mut one = course(number);
            one["name"] = json!([{"language": "nl-NL", "value": name}]);
            one["duration"] = json!("nog niet bekend");
            courses.push(one);
        }
        courses.push(json!({"courseId": id(9), "primaryCode": {"codeType": "identifier", "code": "x"}, "organisationId": "o"}));
    });
    let (node, address) = (Node::new(), school.listen().await);
    let directory = node.setup.directory.path().to_owned();
    let text = |name: &str| directory.join(name).display().to_string();
    let environment =
        [("POLDER_URL", format!("http://{}", node.client)), ("POLDER_TOKEN_FILE", text("operator-token")), ("LANG", "C.UTF-8".to_owned())];
    // The node starts while the page is followed, which is not done by this thread.
    let (starts, mut started) = tokio::sync::mpsc::unbounded_channel::<std::sync::mpsc::Sender<()>>();
    let following = tokio::task::spawn_blocking(move || {
        let mut page = Page::new(&directory);
        page.stands_for.push(("https://catalogus.example.nl/oeapi/v6".to_owned(), format!("http://{address}")));
        page.environment.extend(environment.map(|(name, value)| (name.to_owned(), value)));
        page.follow("quick-start-school.md", &mut |_, words| match words {
            ["restart"] => {
                let (ready, is_ready) = std::sync::mpsc::channel();
                starts.send(ready).expect("a test");
                is_ready.recv().expect("a node");
            }
            other => panic!("{other:?}"),
        });
        page.runs
    });
    let ready = started.recv().await.expect("the page has the node started");
    let _running = node.start().await;
    ready.send(()).expect("the page goes on");
    assert_eq!(following.await.expect("followed"), 5);
}
