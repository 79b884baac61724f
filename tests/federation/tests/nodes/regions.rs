//! Two regions that recognise each other: real nodes, a register each, questions over the border.

use std::time::{Duration, Instant};

use polder_exchange::{Clock, OpenError, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, QUERIES, REGISTER, Shows, query};
use polder_federation_tests::register::Region;
use polder_model::Purpose;
use polder_trust::register::Status;
use polder_web::RunningNode;
use serde_json::{Value, json};

const ROUND: Duration = Duration::from_millis(300);
/// Longer than this nothing here may take.
const PATIENCE: Duration = Duration::from_secs(60);

fn members(partners: &[Partner]) -> Vec<polder_trust::register::Member> {
    partners.iter().map(|partner| partner.member.clone()).collect()
}

async fn start(partners: &mut [Partner], region: &Region, others: &[&Region]) -> Vec<RunningNode> {
    let (mut nodes, now) = (Vec::new(), SystemClock.now());
    for partner in partners {
        let node = partner.start_asking_every(region.register(now), ROUND).await;
        for other in others {
            node.node.carry(other.register(now)).await.expect("recognised");
        }
        nodes.push(node);
    }
    nodes
}

/// Asks for vacancies at that node; who answered, who is missing and why, and the titles.
async fn ask(node: &RunningNode, request: Value) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (status, result) = Client::of(node).query(&request).await;
    assert_eq!(status, 200, "{result}");
    let texts = |list: &str, of: &dyn Fn(&Value) -> String| {
        let mut texts: Vec<String> = result[list].as_array().expect("a list").iter().map(of).collect();
        texts.sort();
        texts
    };
    let partner = |entry: &Value| entry["partner"].as_str().unwrap_or_default().to_owned();
    let missing =
        |entry: &Value| format!("{} {}", entry["partner"].as_str().unwrap_or_default(), entry["reason"].as_str().unwrap_or_default());
    let title = |hit: &Value| hit["document"]["title"].as_str().unwrap_or_default().to_owned();
    (texts("answered", &partner), texts("missing", &missing), texts("hits", &title))
}

fn monteur() -> Value {
    json!({"kind": "vacancy", "text": "monteur"})
}

async fn until(what: &str, mut reached: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !reached().await {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Regions `proef` (partners 0 and 1) and `elders` (2 and 3), and `verder` (4), which `elders` alone recognises.
struct Three {
    _directory: tempfile::TempDir,
    partners: Vec<Partner>,
    proef: Region,
    elders: Region,
    verder: Region,
}

fn three(proef_allows: &[Purpose], elders_allows: &[Purpose]) -> Three {
    let directory = tempfile::tempdir().expect("a directory");
    let partners = partners(directory.path(), &PARTNERS[..5]);
    let mut proef = Region::new(members(&partners[..2]));
    let mut elders = Region::named("elders", members(&partners[2..4]));
    let mut verder = Region::named("verder", members(&partners[4..]));
    verder.recognise(&proef, &[Purpose::FindWork]);
    let bare = elders.clone();
    elders.recognise(&proef, elders_allows);
    elders.recognise(&verder, &[Purpose::FindWork]);
    proef.recognise(&bare, proef_allows);
    Three { _directory: directory, partners, proef, elders, verder }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_crosses_the_border_for_what_both_roots_allow() {
    let Three { _directory, mut partners, proef, elders, .. } = three(&[Purpose::FindWork], &[Purpose::FindWork]);
    let here = start(&mut partners[..2], &proef, &[&elders]).await;
    let there = start(&mut partners[2..4], &elders, &[&proef]).await;
    for (number, node) in here.iter().chain(&there).enumerate() {
        let put = Client::of(node).put("/v1/vacancies/v", vacancy(&format!("Monteur {number}")).to_string()).await;
        assert_eq!(put.status().as_u16(), 201);
    }
    let everyone: Vec<String> = {
        let mut all: Vec<String> = PARTNERS[..4].iter().map(|id| (*id).to_owned()).collect();
        all.sort();
        all
    };
    for node in here.iter().chain(&there) {
        let (answered, missing, titles) = ask(node, monteur()).await;
        assert_eq!((answered, missing), (everyone.clone(), vec![]));
        assert_eq!(titles, ["Monteur 0", "Monteur 1", "Monteur 2", "Monteur 3"]);
    }
    // What the roots do not allow is not asked over the border.
    let (answered, missing, _) = ask(&here[0], json!({"kind": "training", "text": "monteur"})).await;
    assert_eq!((answered.len(), missing), (2, vec![]), "own partners alone");
    // Integrators see who is from elsewhere.
    let listed: Value = Client::of(&here[0]).request("GET", "/v1/partners").send().await.expect("a response").json().await.expect("JSON");
    let regions: Vec<&str> = listed["items"].as_array().expect("a list").iter().filter_map(|item| item["region"].as_str()).collect();
    assert_eq!(regions, ["proef", "proef", "elders", "elders"]);
}

/// A guest who asks for more than both roots allow, a region that recognises without being recognised, and a region twice removed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recognition_goes_no_further_than_it_says() {
    let Three { _directory, mut partners, proef, elders, verder } = three(&[Purpose::FindWork], &[Purpose::FindTraining]);
    let here = start(&mut partners[..2], &proef, &[&elders]).await;
    let refused = here[0].node.carry(verder.register(SystemClock.now())).await;
    assert!(matches!(&refused, Err(OpenError::NotRecognised(region)) if region == "verder"), "{refused:?}");
    let there = start(&mut partners[2..4], &elders, &[&proef]).await;
    // Their root lets this region's members ask for training only.
    let (answered, missing, _) = ask(&here[0], monteur()).await;
    assert_eq!((answered.len(), missing), (2, vec![]));
    let (answered, _, _) = ask(&there[0], monteur()).await;
    assert_eq!(answered.len(), 4, "this region's root lets theirs ask for work");
    let asking = async |partner: &Partner, purpose: &str| {
        let mut body = query(partner, SystemClock.now());
        body["purpose"] = json!(purpose);
        if purpose == "find-training" {
            body["kind"] = json!("training");
        }
        let peer = Peer::calling(&partners[0], &Shows::Certificate(&partner.identity));
        let (body, key) = (body.to_string().into_bytes(), partner.identity.message_key());
        let headers = peer.signed(key, "POST", QUERIES, &body, purpose, SystemClock.now());
        peer.call("POST", QUERIES, headers, body).await
    };
    assert_eq!(asking(&partners[2], "find-work").await.expect("a response").0, 200);
    let (status, problem) = asking(&partners[2], "find-training").await.expect("a response");
    assert_eq!(status, 403, "{problem}");
    assert!(problem.contains("purpose-not-allowed"), "{problem}");
    assert!(asking(&partners[4], "find-work").await.is_err(), "a region twice removed does not get past the handshake");
}

/// Who is expelled over there is out here as well, and nothing of the other region's register touches this one's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_of_the_other_region_crosses_too() {
    let Three { _directory, mut partners, proef, mut elders, .. } = three(&[Purpose::FindWork], &[Purpose::FindWork]);
    let first = elders.clone();
    let here = start(&mut partners[..2], &proef, &[&elders]).await;
    let there = start(&mut partners[2..4], &elders, &[&proef]).await;
    assert_eq!(ask(&here[0], monteur()).await.0.len(), 4);
    let own = here[0].node.register().adopted().clone();
    elders.set_status(&partners[3].id, Status::Expelled);
    there[0].node.hear(&elders.news(), "a registrar").await.expect("stored");
    until("the expulsion is known over the border", async || ask(&here[0], monteur()).await.0.len() == 3).await;
    assert_eq!(here[0].node.register().adopted(), &own);
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[3].identity));
    let headers = peer.signed(partners[3].identity.message_key(), "GET", REGISTER, b"", "none", SystemClock.now());
    assert!(peer.call("GET", REGISTER, headers, Vec::new()).await.is_err(), "an expelled guest is nobody here");
    // It outlives a start with the first files.
    for node in here {
        node.stop().await;
    }
    let again = partners[0].start_asking_every(proef.register(SystemClock.now()), ROUND).await;
    assert_eq!(again.node.shared_register().others().len(), 0);
    again.node.carry(first.register(SystemClock.now())).await.expect("recognised");
    let version = again.node.shared_register().of_region("elders").expect("carried").adopted().version;
    assert_eq!(version, 2);
}
