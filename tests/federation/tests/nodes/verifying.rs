//! What the script of the portal verifies: the worker's own rows with all that proves them, and nobody else's.

use http::StatusCode;
use polder_exchange::log::Pace;
use polder_federation_tests::browser::Browser;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::people::{MATCHED, decision, give};
use polder_trust::log::{Checkpoint, Expected, Export, Hash, SignedCheckpoint, Witnesses, verify_consistency, verify_export};
use serde_json::Value;

use crate::portal::{stage, with_profile};

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_gets_all_that_their_browser_verifies_and_nobody_elses() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld", "Bram Voorbeeld", "Carla Voorbeeld"]).await;
    let (node, portal) = (&nodes[0].node, format!("http://{}/portal", nodes[0].client));
    let mut anna = with_profile(&nodes[0], "Anna Voorbeeld", "W-1").await;
    let mut bram = with_profile(&nodes[0], "Bram Voorbeeld", "W-2").await;
    let worker = async |key: &str| node.store().worker_of(&key.parse().expect("a key"), node.now()).await.expect("read").expect("a worker");
    for key in ["W-1", "W-2", "W-1"] {
        give(node, worker(key).await, &decision(&[&nodes[1].node.home().partner], &MATCHED)).await.expect("given");
    }
    node.tend_log(&NoPeers, Pace::AtOnce).await.expect("signed");
    let proof = async |browser: &mut Browser| {
        let shown = browser.open(&format!("{portal}/verify/proof")).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.html);
        serde_json::from_str::<Value>(&shown.html).expect("JSON")
    };
    let page = anna.open(&format!("{portal}/verify")).await;
    assert!(
        page.html.contains("pages&#x2f;verify-") && page.html.contains("polder log verify") && page.html.len() < 50_000,
        "{}",
        page.html
    );
    let (hers, his) = (proof(&mut anna).await, proof(&mut bram).await);
    let read = |said: &Value| serde_json::from_value::<Export>(said["export"].clone()).expect("an export");
    for (said, rows) in [(&hers, 3), (&his, 1)] {
        let export = read(said);
        let expected = Expected { origin: node.log_origin().expect("a log"), witnesses: Witnesses { quorum: 0, ..node.log_witnesses() } };
        let wrong: Vec<_> = verify_export(&export, &expected, node.now()).into_iter().filter(|check| !check.holds).collect();
        assert_eq!((wrong, export.rows.len()), (vec![], rows));
        assert_eq!(said["own"].as_array().map(Vec::len), Some(1));
        assert_eq!(said["names"][node.home().partner.as_str()], node.home().name.as_str());
    }
    let theirs: Vec<u64> = read(&his).rows.iter().map(|row| row.leaf.seq).collect();
    assert!(read(&hers).rows.iter().all(|row| !theirs.contains(&row.leaf.seq)), "rows are of one worker");

    // Whoever kept a checkpoint gets the proof that the log went on from it.
    let checkpoint = |said: &Value| SignedCheckpoint::parse(read(said).checkpoint.as_bytes()).expect("a checkpoint").checkpoint().clone();
    let Checkpoint { size, root, .. } = checkpoint(&hers);
    let since = async |browser: &mut Browser, old: u64, new: u64| browser.open(&format!("{portal}/verify/since?old={old}&new={new}")).await;
    let said: Value = serde_json::from_str(&since(&mut anna, size, size).await.html).expect("JSON");
    let hashes: Vec<Hash> = serde_json::from_value(said["proof"].clone()).expect("hashes");
    assert!(verify_consistency(size, &root, size, &root, &hashes));
    for (old, new) in [(size + 1, size), (0, size + 1_000), (size, u64::MAX)] {
        assert_eq!(since(&mut anna, old, new).await.status, StatusCode::SERVICE_UNAVAILABLE, "{old} {new}");
    }
    assert_eq!(anna.open(&format!("{portal}/verify/since?old=x&new=1")).await.status, StatusCode::BAD_REQUEST);
    let mut carla = Browser::new();
    carla.log_in(&portal, "Carla Voorbeeld").await;
    assert_eq!(carla.open(&format!("{portal}/verify/proof")).await.status, StatusCode::NOT_FOUND, "there is nothing yet");
    let mut stranger = Browser::new();
    for path in ["verify", "verify/proof", "verify/since?old=0&new=1"] {
        assert!(stranger.open(&format!("{portal}/{path}")).await.url.contains("/portal/welcome"), "{path}");
    }
}
