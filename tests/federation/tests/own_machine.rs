//! Addresses in the register that lead to the node's own machine: registrars signed them, and they are not called all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, region_of, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_of_this_machine_is_not_called() {
    logs::keep_all();
    let trap = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = trap.local_addr().expect("an address").port();
    let connected = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connected);
    tokio::spawn(async move {
        while trap.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let directory = tempfile::tempdir().expect("a directory");
    // The second time this node is one of this machine: then it calls them, and what is there is no partner's node.
    for (own, calls) in [("https://node.example.nl:8443".to_owned(), false), ("https://127.0.0.1:8443".to_owned(), true)] {
        let place = directory.path().join(calls.to_string());
        std::fs::create_dir(&place).expect("a directory");
        let mut partners = partners(&place, &PARTNERS[..8]);
        partners[0].member.peer_url = own;
        let forms = ["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"];
        for (partner, host) in partners[1..].iter_mut().zip(forms) {
            partner.member.peer_url = format!("https://{host}:{port}");
        }
        partners[7].member.peer_url = "https://169.254.169.254:80".to_owned();
        let register = region_of(&partners).register(SystemClock.now());
        let node = partners[0].start(register).await;
        let client = Client::of(&node);
        assert_eq!(client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
        let (status, result) = client.query(&json!({"kind": "vacancy", "text": "monteur", "deadlineMs": 2_000})).await;
        assert_eq!((status, result["hits"].as_array().map(Vec::len)), (200, Some(1)));
        let missing = result["missing"].as_array().expect("a list");
        assert_eq!(missing.len(), 7, "{missing:?}");
        if calls {
            assert!(connected.load(Ordering::SeqCst) >= forms.len(), "a demo is on one machine: {connected:?}");
            assert!(!logs::lines_with(&[PARTNERS[7], "169.254.169.254", "of this machine or its link"]).is_empty());
        } else {
            assert!(missing.iter().all(|one| one["reason"] == "unreachable"), "{missing:?}");
            assert_eq!(connected.load(Ordering::SeqCst), 0, "something was called");
            for partner in &PARTNERS[1..8] {
                assert!(!logs::lines_with(&[partner, "of this machine or its link"]).is_empty(), "the log names {partner}");
            }
        }
        node.stop().await;
    }
}
