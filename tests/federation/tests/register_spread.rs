//! The register goes from node to node: real nodes, mutual TLS, nobody in the middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::HeaderMap;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, region_of, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{NODE, Peer, QUERIES, REGISTER, Shows, query};
use polder_federation_tests::register::{Region, key};
use polder_trust::keys::{SigningKey, SpkiPin};
use polder_trust::register::{RegisterError, Standing, Status};
use polder_web::RunningNode;
use serde_json::{Value, json};

const ROUND: Duration = Duration::from_millis(300);
/// Longer than this nothing here may take.
const PATIENCE: Duration = Duration::from_secs(60);

async fn start(partners: &mut [Partner], region: &Region) -> Vec<RunningNode> {
    let mut nodes = Vec::new();
    for partner in partners {
        nodes.push(partner.start_asking_every(region.register(SystemClock.now()), ROUND).await);
    }
    nodes
}

fn pair(node: &RunningNode) -> (u64, u64, u64) {
    let adopted = node.node.register().adopted().clone();
    (adopted.root, adopted.epoch, adopted.version)
}

/// Waits until all nodes are there, and says how long it took.
async fn until(nodes: &[RunningNode], reached: impl Fn(&RunningNode) -> bool, what: &str) -> Duration {
    let began = Instant::now();
    while !nodes.iter().all(&reached) {
        assert!(began.elapsed() < PATIENCE, "{what}: {:?}", nodes.iter().map(pair).collect::<Vec<_>>());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_goes_from_node_to_node_and_outlives_a_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..5]);
    let mut region = region_of(&partners);
    let first = region.clone();
    let mut nodes = start(&mut partners, &region).await;
    region.change(|members| {
        members.members[0] = Arc::new({
            let mut member = (*members.members[0]).clone();
            member.name = "Een andere naam".to_owned();
            member
        })
    });
    let heard = nodes[3].node.hear(&region.news(), "a registrar").await.expect("stored");
    assert!(heard.changed && heard.refused.is_empty(), "{heard:?}");
    let took = until(&nodes, |node| pair(node) == (1, 1, 2), "version 2 everywhere").await;
    println!("five nodes in {} ms, with rounds of {} ms", took.as_millis(), ROUND.as_millis());
    assert!(nodes.iter().all(|node| node.node.register().adopted() == nodes[3].node.register().adopted()));

    // The first files again, as the directory of an operator may have them for years: what was adopted stays.
    let node = nodes.remove(0);
    node.stop().await;
    let node = partners[0].start(first.register(SystemClock.now())).await;
    assert_eq!(pair(&node), (1, 1, 2));
    assert!(matches!(node.node.adopt(first.register(SystemClock.now())).await, Ok(())), "the versions before are known, and no news");
    assert_eq!(pair(&node), (1, 1, 2));

    // Freshness alone spreads as well, and so do several versions and a root at once.
    region.fresh_until = region.fresh_until.plus_seconds(86_400);
    nodes[0].node.hear(&region.news(), "a registrar").await.expect("stored");
    until(&nodes, |node| node.node.register().fresh_until() == region.fresh_until, "freshness everywhere").await;
    (0..3).for_each(|_| region.change(|_| {}));
    region.recover();
    region.change(|_| {});
    nodes[1].node.hear(&region.news(), "a registrar").await.expect("stored");
    nodes.push(node);
    until(&nodes, |node| pair(node) == (2, 2, 2), "the second root everywhere").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_expelled_is_out_on_open_and_resumed_connections_and_learns_why() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..4]);
    let mut region = region_of(&partners);
    let nodes = start(&mut partners, &region).await;
    assert_eq!(Client::of(&nodes[0]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);

    let (home, expelled) = (&partners[0], &partners[1]);
    let handshakes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&handshakes);
    let admits = Arc::new(move |_: &SpkiPin| counted.fetch_add(1, Ordering::SeqCst) < usize::MAX);
    let tls = polder_trust::tls::client_config(&expelled.identity, admits).expect("TLS");
    let kept_alive = Peer::over(home, tls.clone());
    let key = expelled.identity.message_key();
    let ask = async |peer: &Peer| peer.post(key, QUERIES, &query(expelled, SystemClock.now())).await;
    let (status, text) = ask(&kept_alive).await;
    assert!(status == 200 && text.contains("V-1"), "{status} {text}");
    assert_eq!(handshakes.load(Ordering::SeqCst), 1);

    for status in [Status::Suspended, Status::Expelled] {
        region.set_status(&expelled.id, status);
        let began = Instant::now();
        // A registrar tells one node, and not the one that is asked.
        nodes[2].node.hear(&region.news(), "a registrar").await.expect("stored");
        let refused = loop {
            let (status, text) = ask(&kept_alive).await;
            if status != 200 {
                break (status, text);
            }
            assert!(began.elapsed() < PATIENCE, "still answered after 60 s");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        println!("{status:?}: refused after {} ms", began.elapsed().as_millis());
        for (status, text) in [refused, ask(&kept_alive).await, ask(&Peer::over(home, tls.clone())).await] {
            let problem: Value = serde_json::from_str(&text).expect("a problem");
            assert_eq!((status, &problem["type"]), (403, &json!("urn:polder:problem:not-a-member")));
            assert!(!text.contains("V-1") && !text.contains("Monteur"), "{text}");
        }
        assert_eq!(
            handshakes.load(Ordering::SeqCst),
            1,
            "the second connection resumed the session of the first: no certificate was judged"
        );

        until(&nodes[..1], |node| pair(node).2 == region.members.version, "the node that is asked").await;
        // Why, it may read, on either connection, and nothing else.
        let path = format!("{REGISTER}/members/1/{}", region.members.version);
        for peer in [&kept_alive, &Peer::over(home, tls.clone())] {
            let get = async |path: &str| {
                let headers = peer.signed(key, "GET", path, b"", "none", SystemClock.now());
                peer.call("GET", path, headers, Vec::new()).await.expect("a response")
            };
            let (status, text) = get(&path).await;
            assert!(status == 200 && text.into_bytes() == region.files().members, "{status}");
            assert_eq!(get(REGISTER).await.0, 200);
            assert_eq!(get(NODE).await.0, 403);
        }
    }
    // Its own node hears of it too, from partners who do not answer it any more.
    until(&nodes, |node| pair(node).2 == region.members.version, "the last version everywhere").await;
    let (status, result) = Client::of(&nodes[1]).query(&json!({"kind": "vacancy", "text": "monteur"})).await;
    assert_eq!((status, &result["hits"]), (200, &json!([])), "the expelled partner's own questions find nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_lists_for_one_version_are_found_kept_and_settled_by_a_root() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let region = region_of(&partners);
    let nodes = start(&mut partners, &region).await;
    let (mut one, mut other) = (region.clone(), region);
    one.set_status(&partners[2].id, Status::Suspended);
    other.change(|_| {});
    // Both at once: neither has seen the other's yet.
    let (one_news, other_news) = (one.news(), other.news());
    let (a, b) = tokio::join!(nodes[0].node.hear(&one_news, "a registrar"), nodes[1].node.hear(&other_news, "a registrar"));
    assert!(a.expect("stored").changed && b.expect("stored").changed);
    let alarmed = |node: &RunningNode| node.node.register().standing(SystemClock.now()) == Standing::NoDisclosure;
    until(&nodes, alarmed, "everyone knows of the contradiction, also who had seen neither").await;

    // Both documents, as they came, at every node; and a line that names the partner.
    for partner in &partners {
        let evidence = partner.directory.join("evidence");
        let mut kept: Vec<Vec<u8>> =
            std::fs::read_dir(evidence).expect("evidence").map(|file| std::fs::read(file.expect("a file").path()).expect("read")).collect();
        kept.sort();
        let mut both = vec![one.files().members, other.files().members];
        both.sort();
        assert_eq!(kept.len(), 2);
        let text = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).expect("JSON");
        let same = |a: &[Vec<u8>], b: &[Vec<u8>]| a.iter().map(|file| text(file)).eq(b.iter().map(|file| text(file)));
        assert!(same(&kept, &both) || kept == both);
    }
    assert!(!logs::lines_with(&[partners[1].id.as_str(), "contradict each other"]).is_empty());

    // Nothing is taken until a root settles it.
    let mut later = one.clone();
    later.change(|_| {});
    let heard = nodes[0].node.hear(&later.news(), "a registrar").await.expect("stored");
    assert!(!heard.changed && heard.refused.contains(&RegisterError::Stopped), "{heard:?}");
    one.recover();
    nodes[2].node.hear(&one.news(), "a registrar").await.expect("stored");
    until(&nodes, |node| pair(node) == (2, 2, 1) && !alarmed(node), "the second root everywhere, and all is well").await;
}

/// Who saw both documents tells those who saw one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_told() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let region = region_of(&partners);
    let nodes = start(&mut partners, &region).await;
    let (mut one, mut other) = (region.clone(), region);
    one.set_status(&partners[1].id, Status::Active);
    other.change(|members| members.members.truncate(1));
    nodes[0].node.hear(&one.news(), "a registrar").await.expect("stored");
    until(&nodes, |node| pair(node) == (1, 1, 2), "version 2 everywhere").await;
    let heard = nodes[0].node.hear(&other.news(), "a registrar").await.expect("stored");
    assert!(heard.contradicted && matches!(heard.refused[0], RegisterError::Equivocation { .. }), "{heard:?}");
    until(&nodes, |node| node.node.register().standing(SystemClock.now()) == Standing::NoDisclosure, "an alarm everywhere").await;
    // It outlives a start, and both documents can be fetched.
    let evidence = nodes[1].node.register_document(polder_exchange::RegisterDocument::Evidence).await.expect("read").expect("kept");
    assert_eq!(serde_json::from_slice::<Value>(&evidence).expect("JSON")["documents"].as_array().map(Vec::len), Some(2));
    for node in nodes {
        node.stop().await;
    }
    let node = partners[1].start(one.register(SystemClock.now())).await;
    assert!(node.node.announcement().await.alarm);
}

/// Nodes that have a freshness key renew it at half of its term; one of two is enough, and the other does nothing then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn freshness_is_renewed_by_a_node_that_has_a_key() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let mut region = region_of(&partners);
    let day = 86_400;
    region.fresh_until = SystemClock.now().plus_seconds(day / 2);
    let nodes = start(&mut partners, &region).await;
    let renew = async |node: usize, key: &SigningKey| nodes[node].node.renew_freshness(key, day, 2 * day).await.expect("stored");
    let stranger = SigningKey::generate().expect("a key");
    assert_eq!(renew(0, &stranger).await, None, "a key that the root does not name signs nothing that counts");
    let renewed = renew(0, key()).await.expect("it is due");
    assert!(renewed > SystemClock.now().plus_seconds(2 * day - 60));
    until(&nodes, |node| node.node.register().fresh_until() == renewed, "the new freshness everywhere").await;
    assert_eq!(renew(1, key()).await, None, "nothing is due");
}

/// A partner who shows an old register, one that nobody signed, or claims what it does not have, changes nothing and is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_hold_changes_nothing() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let mut region = region_of(&partners);
    let first = region.clone();
    region.change(|_| {});
    region.change(|_| {});
    let nodes = start(&mut partners[..1], &region).await;
    // Version 1 was never in force here.
    let heard = nodes[0].node.hear(&first.news(), partners[1].id.as_str()).await.expect("stored");
    assert_eq!((heard.changed, heard.refused), (false, vec![RegisterError::Rollback]));
    // A header that claims more than there is, from a partner whose node does not even run.
    let mut claims = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    claims.register = "proef;e=9;v=9;h=0011223344556677".to_owned();
    let headers: HeaderMap = claims.signed(partners[1].identity.message_key(), "GET", NODE, b"", "none", SystemClock.now());
    assert_eq!(claims.call("GET", NODE, headers, Vec::new()).await.expect("a response").0, 200);
    let began = Instant::now();
    while logs::lines_with(&[partners[1].id.as_str(), "no register news from this partner"]).is_empty() {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(pair(&nodes[0]), (1, 1, 3));
}
