//! What people are asked and send through Outway and Inway: how they can be reached, and their applications.

use http::HeaderValue;
use polder_consent::processing::Action;
use polder_consent::{Authentication, Field};
use polder_exchange::people::{Application, Decision};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::fsc::Fsc;
use polder_federation_tests::http::{Client, region_of};
use polder_federation_tests::logs;
use polder_federation_tests::peer::{Peer, Shows};
use polder_federation_tests::people::decision as decided;
use polder_federation_tests::problems::refused_as;
use polder_model::Purpose;
use polder_web::RunningNode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ASKER, HOME, HOME_PARTNER, MixedUp, Pair, records, transactions, two};
use crate::workers::{call, decision, give, seek, until};

const CONTACTS: &str = "/peer/v1/contacts";
const APPLICATIONS: &str = "/peer/v1/applications";
const WORDS: &str = "Ik werk graag buiten.";

/// The worker of the first node applies at the other.
async fn apply(home: &RunningNode, to: &RunningNode) {
    let (node, key) = (&home.node, "P-1".parse().expect("a key"));
    let worker = node.store().worker_of(&key, node.now()).await.expect("read").expect("a worker");
    let fields = [Field::Skills, Field::ContactEmail];
    let application = Application {
        decision: Decision { purpose: Purpose::Application, ..decided(&[&to.node.home().partner], &fields) },
        vacancy: "V-1".parse().expect("a key"),
        title: "Monteur".to_owned(),
        employer: "Proef BV".to_owned(),
        motivation: WORDS.to_owned(),
    };
    let notice = node.application_notice(worker, &application).await.expect("a text");
    let authentication = Authentication { issuer: "proef".to_owned(), level: String::new(), at: node.now() };
    node.apply(worker, &application, &hex::encode(Sha256::digest(notice)), authentication).await.expect("applied");
}

/// How a system of the asker asks to reach somebody.
fn to_reach(key: &Value) -> Value {
    json!({"partner": HOME_PARTNER, "key": key, "about": {"kind": "vacancy", "key": "V-1"}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_to_reach_somebody_names_the_transaction_in_ledger_and_log() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let pair = Pair::with_people(directory.path()).await;
    let (home, asker) = (&pair.nodes[0], &pair.nodes[1]);
    let worker = Client::of_worker(home, "P-1").await;
    give(&worker, &decision(&[asker])).await;
    let mut contact = decision(&[asker]);
    (contact["purpose"], contact["fields"]) = (json!("be-contacted"), json!(["/contact/name"]));
    give(&worker, &contact).await;
    let key = seek(asker).await[0]["key"].clone();
    let (status, reached) = call(&Client::of(asker), "POST", "/v1/contacts", Some(&to_reach(&key))).await;
    assert_eq!((status, &reached["document"]["contact"]), (200, &json!({"name": "Anna Voorbeeld"})), "{reached}");
    let transaction = pair.home.last(CONTACTS);
    for says in ["a partner was called through the Outway", "a call came through the Inway"] {
        logs::wait_for(&[says, &transaction, CONTACTS]).await;
    }
    let subject = home.node.store().worker_of(&"P-1".parse().expect("a key"), home.node.now()).await.expect("read").expect("a worker");
    let ledger = home.node.store().disclosures_of(subject, None, 9).await.expect("read");
    let rows: Vec<_> = ledger.iter().filter(|row| row.disclosure.purpose == Purpose::BeContacted).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].disclosure.fsc_transaction.map(|one| one.to_string()).as_deref(), Some(transaction.as_str()));
    assert_eq!(transactions(&records(home, Action::ContactDisclosed).await), [transaction.as_str()]);
    assert!(transactions(&records(asker, Action::CopyReceived).await).contains(&transaction), "both partners have the same number");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_goes_through_the_outway_and_both_nodes_write_its_transaction_down() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let pair = Pair::with_people(directory.path()).await;
    let (home, asker) = (&pair.nodes[0], &pair.nodes[1]);
    apply(home, asker).await;
    let came =
        until("it is there", async || asker.node.applications_after(0, 10).await.expect("read").into_iter().next().map(|one| one.document))
            .await;
    let document: Value = serde_json::from_slice(&came).expect("JSON");
    assert_eq!((&document["motivation"], &document["contact"]), (&json!(WORDS), &json!({"email": "anna@voorbeeld.example"})));
    let transaction = pair.asker.last(APPLICATIONS);
    for says in ["a partner was called through the Outway", "a call came through the Inway"] {
        logs::wait_for(&[says, &transaction, APPLICATIONS]).await;
    }
    assert!(pair.asker.log().iter().all(|carried| carried.peer == HOME), "through the asker's own Inway");
    assert!(transactions(&records(asker, Action::CopyReceived).await).contains(&transaction));
    assert!(logs::lines_with(&[WORDS]).is_empty() && logs::lines_with(&["anna@voorbeeld"]).is_empty());
}

/// An Outway leads to another node than the one that is meant: what a worker sends waits, and what is asked of people is not sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_person_leaves_by_an_outway_through_which_that_partner_has_not_replied() {
    let directory = tempfile::tempdir().expect("a directory");
    let pair = Pair::with_people_where(directory.path(), MixedUp::Both).await;
    let (home, asker) = (&pair.nodes[0], &pair.nodes[1]);
    apply(home, asker).await;
    let tried = || pair.home.log().into_iter().filter(|carried| carried.peer == HOME).map(|carried| carried.path).collect::<Vec<_>>();
    until("it was tried", async || (!tried().is_empty()).then_some(())).await;
    home.node.send_applications().await.expect("tried again");
    assert!(tried().iter().all(|path| path != APPLICATIONS), "{:?}", tried());
    assert!(asker.node.applications_after(0, 10).await.expect("read").is_empty());
    assert!(home.node.applications_after(0, 10).await.expect("read").is_empty(), "nor at whoever is there");
    let (status, _) = call(&Client::of(asker), "POST", "/v1/contacts", Some(&to_reach(&json!("0".repeat(32))))).await;
    assert!(status >= 400, "{status}");
    assert!(pair.asker.log().iter().all(|carried| carried.path != CONTACTS), "{:?}", pair.asker.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_nobody_is_reached_and_nobody_applies() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = two(directory.path());
    let fsc = Fsc::before(&mut partners[0], HOME, &[]).await;
    let register = region_of(&partners).register(SystemClock.now());
    let node = partners[0].start(register).await;
    let signer = Peer::calling(&partners[0], &Shows::Nothing(&partners[1].identity));
    let http = reqwest::Client::builder().tls_backend_preconfigured(polder_federation_tests::http::no_tls()).no_proxy().build();
    let http = http.expect("a client");
    let now = SystemClock.now();
    let contact = json!({"id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "asker": partners[1].id, "handle": "0".repeat(32),
        "about": {"kind": "vacancy", "key": "V-1"}, "asOf": now});
    let application = json!({"id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e78", "partner": partners[1].id, "vacancy": "V-1", "asOf": now});
    let right = format!("Bearer {}", fsc.token(&fsc.claims(ASKER)));
    let others = format!("Bearer {}", fsc.token(&fsc.claims("00000009999999990000")));
    for (path, purpose, body) in [(CONTACTS, "be-contacted", &contact), (APPLICATIONS, "application", &application)] {
        for (token, refused) in [(None, true), (Some(&others), true), (Some(&right), false)] {
            let body = body.to_string().into_bytes();
            let mut headers = signer.signed(partners[1].identity.message_key(), "POST", path, &body, purpose, SystemClock.now());
            headers.insert("fsc-transaction-id", HeaderValue::from_static("0193a1f0-7c3e-7a55-9b1d-3f0c2a7e5d11"));
            if let Some(token) = token {
                headers.insert("fsc-authorization", HeaderValue::try_from(token).expect("a header"));
            }
            let response = http.post(format!("http://{}{path}", fsc.listen)).headers(headers).body(body).send().await.expect("a response");
            let (status, text) = (response.status().as_u16(), response.text().await.expect("text"));
            if refused {
                assert_eq!(refused_as(status, text).is(), (401, "unauthenticated"), "{path}");
            } else {
                assert_ne!(status, 401, "{path}: {text}");
            }
        }
    }
    node.stop().await;
}
