//! Nodes behind Inways and Outways of FSC: everything between them goes that way, each call has a transaction, and what is written down names it.

mod people;
mod refused;

use polder_consent::processing::Action;
use polder_exchange::log::Pace;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::fsc::Fsc;
use polder_federation_tests::http::{Client, Partner, partners, region_of, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::peer::{DOCUMENTS, PEOPLE, QUERIES};
use polder_federation_tests::people::profile;
use polder_model::{Purpose, Timestamp};
use polder_store::processing::ProcessingRecord;
use polder_trust::log::{Expected, Witnesses, verify_export};
use polder_web::RunningNode;
use serde_json::{Value, json};
use sqlx::Connection;

use crate::workers::{call, decision, give, id, read, seek, until};

const TOMBSTONES: &str = "/peer/v1/tombstones";
const ACKNOWLEDGEMENTS: &str = "/peer/v1/acknowledgements";
/// The Peer of a partner that has no OIN in its name.
const HOME: &str = "00000009000000010000";
const HOME_PARTNER: &str = "kvk:90000001";
/// That of a partner that has.
const ASKER: &str = "00000001234567890000";

/// Two partners: the first one by its KvK number, whom a table names, and one by its OIN.
fn two(directory: &std::path::Path) -> Vec<Partner> {
    let asker = format!("oin:{ASKER}");
    let mut two = partners(directory, &[HOME_PARTNER, &asker]);
    two.iter_mut().for_each(|partner| partner.member.purposes = Purpose::ALL.to_vec());
    two
}

/// Whose grants are mixed up: an Outway leads to its own partner's node in the place of the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MixedUp {
    Nobodys,
    Askers,
    Both,
}

/// Two nodes that reach each other through FSC alone, and the proxies before each. The address that the register has for them leads nowhere.
struct Pair {
    nodes: Vec<RunningNode>,
    home: Fsc,
    asker: Fsc,
}

impl Pair {
    async fn start(directory: &std::path::Path) -> Self {
        Self::start_with(directory, MixedUp::Nobodys).await
    }

    async fn start_with(directory: &std::path::Path, mixed_up: MixedUp) -> Self {
        let mut two = two(directory);
        let home_id = two[0].id.clone();
        let home = Fsc::before(&mut two[0], HOME, &[]).await;
        let asker = Fsc::before(&mut two[1], ASKER, &[(HOME, &home_id)]).await;
        let (to_home, to_asker) = (home.grant(ASKER), asker.grant(HOME));
        let to_home = if mixed_up == MixedUp::Nobodys { to_home } else { asker.grant(ASKER) };
        let to_asker = if mixed_up == MixedUp::Both { home.grant(HOME) } else { to_asker };
        let asker_id = two[1].id.clone();
        two[0].outways.insert(asker_id, to_asker);
        two[1].outways.insert(home_id, to_home);
        for (number, partner) in two.iter_mut().enumerate() {
            partner.member.peer_url = format!("https://127.0.0.1:{}", number + 1);
        }
        let register = region_of(&two);
        let mut nodes = Vec::new();
        for partner in &mut two {
            nodes.push(partner.start(register.register(SystemClock.now())).await);
        }
        Self { nodes, home, asker }
    }

    /// The first node has a worker, and the second a vacancy for which it seeks people.
    async fn with_people(directory: &std::path::Path) -> Self {
        Self::with_people_where(directory, MixedUp::Nobodys).await
    }

    async fn with_people_where(directory: &std::path::Path, mixed_up: MixedUp) -> Self {
        let pair = Self::start_with(directory, mixed_up).await;
        let put = Client::of(&pair.nodes[0]).put("/v1/skill-offers/P-1", profile("Monteur zoekt werk").to_string()).await;
        assert_eq!(put.status(), 201);
        assert_eq!(Client::of(&pair.nodes[1]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
        pair
    }
}

/// The records of one action at a node.
async fn records(node: &RunningNode, action: Action) -> Vec<ProcessingRecord> {
    let ever = (Timestamp::from_micros(0), Timestamp::from_micros(i64::MAX));
    let all = node.node.store().reader().processing(0, ever, 10_000).await.expect("read");
    all.into_iter().filter(|record| record.action == action).collect()
}

fn transactions(records: &[ProcessingRecord]) -> Vec<String> {
    records.iter().map(|record| record.transaction.map(|one| one.to_string()).unwrap_or_default()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offers_are_found_through_outway_and_inway_and_each_call_has_a_transaction() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let pair = Pair::start(directory.path()).await;
    assert_eq!(Client::of(&pair.nodes[0]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let (status, result) = Client::of(&pair.nodes[1]).query(&json!({"kind": "vacancy", "text": "monteur"})).await;
    assert_eq!((status, &result["complete"], result["hits"].as_array().map(Vec::len)), (200, &json!(true), Some(1)), "{result}");
    let log = pair.home.log();
    for path in [QUERIES, DOCUMENTS] {
        let transaction = pair.home.last(path);
        // Both nodes write down the same number.
        for says in ["a partner was called through the Outway", "a call came through the Inway"] {
            logs::wait_for(&[says, &transaction, path]).await;
        }
    }
    assert!(log.iter().all(|carried| carried.peer == ASKER), "{log:?}");
    let mut numbers: Vec<&String> = log.iter().map(|carried| &carried.transaction).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), log.len(), "no transaction is of two calls");

    // The proxies carry nothing that they cannot write down; the result says who is missing.
    pair.home.log_fails(true);
    let (_, result) = Client::of(&pair.nodes[1]).query(&json!({"kind": "vacancy", "text": "monteur"})).await;
    assert_eq!((&result["complete"], result["hits"].as_array().map(Vec::len)), (&json!(false), Some(0)), "{result}");
    assert_eq!(result["missing"][0]["reason"], "unreachable", "{result}");
    logs::wait_for(&["TRANSACTION_LOG_WRITE_ERROR"]).await;
    assert!(logs::panics().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_gives_and_ends_names_the_transaction_at_both_nodes() {
    let directory = tempfile::tempdir().expect("a directory");
    let pair = Pair::with_people(directory.path()).await;
    let (home, asker) = (&pair.nodes[0], &pair.nodes[1]);
    let worker = Client::of_worker(home, "P-1").await;
    let given = give(&worker, &decision(&[asker])).await;
    assert_eq!(seek(asker).await.as_array().map(Vec::len), Some(1));
    let asked = pair.home.last(PEOPLE);
    // The ledger, and the records of the answer and of the person in it.
    let subject = home.node.store().worker_of(&"P-1".parse().expect("a key"), home.node.now()).await.expect("read").expect("a worker");
    let ledger = home.node.store().disclosures_of(subject, None, 9).await.expect("read");
    let named: Vec<String> = ledger.iter().filter_map(|row| Some(row.disclosure.fsc_transaction?.to_string())).collect();
    assert_eq!(named, [asked.as_str()]);
    assert_eq!(transactions(&records(home, Action::ProfileMatched).await), [asked.as_str()]);
    assert_eq!(transactions(&records(home, Action::PeopleAnswered).await).last(), Some(&asked));
    assert_eq!(transactions(&records(asker, Action::CopyReceived).await), [asked.as_str()], "both partners have the same number");
    assert_eq!(transactions(&records(home, Action::ConsentGiven).await), [""], "nobody called for it through FSC");
    // Such a row is proved like every other.
    home.node.tend_log(&NoPeers, Pace::AtOnce).await.expect("signed");
    let (export, _) = home.node.proof_of(subject).await.expect("proved");
    let expected =
        Expected { origin: home.node.log_origin().expect("a log"), witnesses: Witnesses { quorum: 0, ..home.node.log_witnesses() } };
    let wrong: Vec<_> = verify_export(&export, &expected, home.node.now()).into_iter().filter(|check| !check.holds).collect();
    assert_eq!((wrong, export.rows.len()), (vec![], 2));
    assert!(export.rows.iter().any(|row| row.row.as_ref().is_some_and(|row| row.contains(&asked))), "the worker has it in the file");

    // What ends reaches the asker through its own Inway, and its acknowledgement comes back through that of the worker's node.
    let (status, _) = call(&worker, "DELETE", &format!("/v1/me/consents/{}", id(&given[0])), None).await;
    assert_eq!((status, seek(asker).await), (200, json!([])));
    let system = Client::of(asker);
    let erasure = until("the asker's system is told", async || read(&system, "/v1/erasures").await["items"].get(0).cloned()).await;
    let passed = records(asker, Action::ErasurePassedOn).await;
    let told: Vec<String> =
        pair.asker.log().into_iter().filter(|carried| carried.path == TOMBSTONES).map(|carried| carried.transaction).collect();
    assert!(passed.len() == 1 && told.contains(&transactions(&passed)[0]), "{passed:?} {told:?}");
    let (status, settled) = call(&system, "POST", "/v1/erasures/acknowledged", Some(&json!({"upTo": erasure["number"]}))).await;
    assert_eq!((status, settled), (200, json!({"settled": 1})));
    until("the worker sees that it is erased", async || {
        (read(&worker, "/v1/me/erasures").await["items"][0]["state"] == "erased").then_some(())
    })
    .await;
    assert!(pair.home.log().iter().any(|carried| carried.path == ACKNOWLEDGEMENTS), "it came through the Inway");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_about_people_leaves_where_its_record_cannot_be_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let pair = Pair::with_people(directory.path()).await;
    let (home, asker) = (&pair.nodes[0], &pair.nodes[1]);
    give(&Client::of_worker(home, "P-1").await, &decision(&[asker])).await;
    let file = directory.path().join(HOME_PARTNER.replace(':', "-")).join("polder.db");
    let change = async |sql: &'static str| {
        let mut file = sqlx::SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.expect("opened");
        sqlx::query(sql).execute(&mut file).await.expect("changed");
        file.close().await.expect("closed");
    };
    let ask = async || {
        let about = json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}});
        let (status, result) = Client::of(asker).query(&about).await;
        (status, result["complete"].clone(), result["hits"].as_array().map_or(0, Vec::len))
    };
    change("ALTER TABLE processing RENAME TO away").await;
    assert_eq!(ask().await, (200, Value::Bool(false), 0));
    change("ALTER TABLE away RENAME TO processing").await;
    assert_eq!(ask().await, (200, Value::Bool(true), 1));
}

/// No key of the register is seen at the other end of an Outway: who is there has to have shown who it is before it gets anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_that_leads_to_somebody_else_carries_nothing_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let pair = Pair::start_with(directory.path(), MixedUp::Askers).await;
    for kind in ["vacancy", "training"] {
        let (status, result) = Client::of(&pair.nodes[1]).query(&json!({"kind": kind, "text": "monteur"})).await;
        assert_eq!((status, &result["complete"], &result["missing"][0]["partner"]), (200, &json!(false), &json!(HOME_PARTNER)), "{result}");
    }
    let paths: Vec<String> = pair.asker.log().into_iter().filter(|carried| carried.peer == ASKER).map(|carried| carried.path).collect();
    assert!(!paths.is_empty() && paths.iter().all(|path| path != QUERIES), "{paths:?}");
    assert!(pair.home.log().is_empty(), "nothing came where it was meant for");
}
