//! Register news of a member that lies: nothing of it is taken, it is named, and the node goes on in time and memory.
#![expect(clippy::expect_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, region_of, vacancy};
use polder_federation_tests::liar::{Liar, Said, Sign};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::pace::peak_kib;
use polder_federation_tests::peer::REGISTER;
use polder_federation_tests::register::Region;
use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, Signed, Status};
use serde_json::{Value, json};

const ROUND: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(20);
/// What the whole process may grow by: the largest file of a register a few times over, and what tests need.
const MEMORY_KIB: u64 = 160 * 1024;

type News = Box<dyn Fn(&str) -> Option<Said> + Send + Sync>;

fn reply(body: impl Into<Vec<u8>>) -> Said {
    Said::Reply(200, body.into(), Sign::Right)
}

/// What a region says of itself, and its documents, as a node has them that is ahead.
fn ahead(region: &Region, change: impl Fn(&mut Value)) -> Value {
    let files = region.files();
    let hash = |file: &[u8]| Signed::parse(file).expect("a file").sha256();
    let mut announced = json!({
        "region": "proef", "root": files.roots.len(), "rootSha256": hash(files.roots.last().expect("a root")), "epoch": region.members.epoch,
        "version": region.members.version, "sha256": hash(&files.members), "freshUntil": region.fresh_until, "alarm": false,
    });
    change(&mut announced);
    announced
}

/// Serves an announcement, and files by what their path begins with.
fn serves(announced: Value, files: Vec<(&'static str, Vec<u8>)>) -> News {
    Box::new(move |path| {
        let below = path.strip_prefix(REGISTER)?;
        if below.is_empty() {
            return Some(reply(announced.to_string()));
        }
        files.iter().find(|(begin, _)| below.starts_with(begin)).map(|(_, file)| reply(file.clone()))
    })
}

/// The lies, each with what the log says of it.
fn lies(region: &Region, partners: &[Partner], trap: &str) -> Vec<(&'static str, News)> {
    let mut next = region.clone();
    next.set_status(&partners[1].id, Status::Expelled);
    let files = next.files();
    let (members, announced) = (files.members.clone(), ahead(&next, |_| {}));
    let bytes = |file: &[u8]| {
        let envelope: Value = serde_json::from_slice(file).expect("a file");
        envelope["signed"].as_str().expect("text").to_owned()
    };
    let unsigned = json!({"signed": bytes(&members), "signatures": []}).to_string().into_bytes();
    let stranger = |kind: DocumentType, document: Value| {
        let mut signed = Signed::unsigned(document.to_string().into_bytes());
        signed.sign(kind, &SigningKey::generate().expect("a key"));
        signed.to_file().into_bytes()
    };
    let mut as_members = serde_json::to_value(&next.members).expect("JSON");
    as_members["version"] = json!(u64::MAX);
    let forged = stranger(DocumentType::Members, as_members);
    let mut far = region.clone();
    (0..3).for_each(|_| far.recover());
    let root_far = far.files().roots[3].clone();
    let mut other_signature: Value = serde_json::from_slice(&members).expect("a file");
    other_signature["signatures"][0]["keyid"] = json!("0011223344556677");
    let trap = trap.to_owned();
    let not_taken = "register news of this partner was not taken";
    let nothing = "no register news from this partner";
    vec![
        (nothing, Box::new(|_| Some(Said::Endless))),
        (nothing, Box::new(move |_| Some(Said::Redirect(trap.clone())))),
        (nothing, Box::new(|_| Some(reply("{")))),
        (nothing, Box::new(|_| Some(reply("[".repeat(100_000))))),
        (nothing, Box::new(|_| Some(Said::Reply(200, b"{}".to_vec(), Sign::Not)))),
        (nothing, serves(ahead(&next, |one| one["region"] = json!("elders")), vec![])),
        (nothing, serves(ahead(&next, |one| one["version"] = json!(-1)), vec![])),
        // Documents that are not there, not signed, signed by nobody who may, older than said, or no documents.
        (not_taken, serves(announced.clone(), vec![("/members", unsigned), ("/fresh", files.fresh.clone())])),
        (not_taken, serves(announced.clone(), vec![("/members", forged)])),
        (not_taken, serves(announced.clone(), vec![("/members", other_signature.to_string().into_bytes())])),
        (not_taken, serves(announced.clone(), vec![("/members", b"[]".to_vec()), ("/fresh", b"null".to_vec())])),
        (not_taken, serves(announced.clone(), vec![("/members", files.roots[0].clone())])),
        (not_taken, serves(ahead(&next, |one| one["version"] = json!(1u64 << 63)), vec![("/members", region.files().fresh)])),
        // A root that skips two, and more roots than anyone makes.
        (not_taken, serves(ahead(&far, |one| one["version"] = json!(0)), vec![("/root", root_far.clone())])),
        (not_taken, serves(ahead(&far, |one| one["root"] = json!(u64::MAX)), vec![("/root", root_far)])),
        // Files as large as they may be, and larger.
        (not_taken, serves(announced.clone(), vec![("/members", vec![b' '; 15 << 20])])),
        (nothing, Box::new(move |path| if path == REGISTER { Some(reply(announced.to_string())) } else { Some(Said::Endless) })),
        (nothing, Box::new(|_| Some(Said::Drip))),
        (nothing, Box::new(|_| Some(Said::Never))),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_that_does_not_hold_costs_nothing_and_is_named() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let identity = Arc::clone(&partners[1].identity);
    let liar = Liar::start(&mut partners[1], &identity, register()).await;
    // Nobody comes here: redirects are not followed.
    let trap = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let lure = format!("https://{}/", trap.local_addr().expect("an address"));
    let caught = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&caught);
    tokio::spawn(async move {
        while trap.accept().await.is_ok() {
            seen.store(true, Ordering::SeqCst);
        }
    });
    let before = peak_kib();
    for (number, (what, news)) in lies(&region, &partners, &lure).into_iter().enumerate() {
        let known = logs::lines_with(&[partners[1].id.as_str(), what]).len();
        liar.tells_news(news);
        let node = partners[0].start_asking_every(register(), ROUND).await;
        let client = Client::of(&node);
        assert!(client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status().is_success());
        let began = Instant::now();
        let told = loop {
            let lines = logs::lines_with(&[partners[1].id.as_str(), what]);
            if lines.len() > known {
                break lines;
            }
            assert!(began.elapsed() < PATIENCE, "lie {number}: nothing says {what:?}");
            // The others are served meanwhile, and the liar too: it answers questions as it should.
            let (status, result) = client.query(&json!({"kind": "vacancy", "text": "monteur", "deadlineMs": 2_000})).await;
            assert_eq!((status, &result["complete"]), (200, &json!(true)), "lie {number}: {}", result["missing"]);
            assert!(result["ms"].as_u64().is_some_and(|ms| ms < 1_000), "lie {number}: {} ms", result["ms"]);
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let adopted = node.node.register().adopted().clone();
        assert_eq!((adopted.root, adopted.epoch, adopted.version), (1, 1, 1), "lie {number}: {:?}", told.last());
        node.stop().await;
    }
    assert!(!caught.load(Ordering::SeqCst), "a redirect was followed");
    let grown = peak_kib() - before;
    println!("the peak grew by {} MiB", grown / 1024);
    assert!(grown < MEMORY_KIB, "the peak grew by {grown} KiB");
    assert!(logs::panics().is_empty(), "{:?}", logs::panics());
}
