//! Decisions of a worker: they are read in pages, and nobody makes so many of them that a node fills.

use std::time::Duration;

use polder_consent::purpose::MOST_DECISIONS_A_DAY;
use polder_exchange::people::DecideRefused;
use polder_federation_tests::http::{Client, start_all};
use polder_federation_tests::people::{self, MATCHED, give, profile, put};
use polder_federation_tests::problems::refused;
use serde_json::Value;

use crate::people::Stage;
use crate::workers::{about_people, call, decision, give as give_over_http, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_decided_is_read_in_pages_the_last_one_first() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = start_all(&mut about_people(directory.path(), 3)).await;
    for name in ["P-1", "P-2"] {
        let put = Client::of(&nodes[0]).put(&format!("/v1/skill-offers/{name}"), profile("Monteur zoekt werk").to_string()).await;
        assert_eq!(put.status(), 201);
    }
    let (worker, other) = (Client::of_worker(&nodes[0], "P-1").await, Client::of_worker(&nodes[0], "P-2").await);
    let mut given = Vec::new();
    for recipients in [&[&nodes[1]][..], &[&nodes[1], &nodes[2]], &[&nodes[2]], &[&nodes[0]]] {
        given.extend(give_over_http(&worker, &decision(recipients)).await.iter().map(|one| id(one).to_owned()));
        give_over_http(&other, &decision(recipients)).await;
    }
    given.reverse();
    let mut read = Vec::new();
    let mut path = "/v1/me/consents?limit=2".to_owned();
    for items in [2, 2, 1] {
        let (status, page) = call(&worker, "GET", &path, None).await;
        assert_eq!((status, page["items"].as_array().map(Vec::len)), (200, Some(items)), "{page}");
        read.extend(page["items"].as_array().into_iter().flatten().map(|one| id(one).to_owned()));
        // What is decided meanwhile stands before what was read.
        give_over_http(&worker, &decision(&[&nodes[1]])).await;
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/me/consents?limit=2&cursor={next}"),
            None => path.clear(),
        }
    }
    assert_eq!((read, path.as_str()), (given, ""), "each once, and no more");
    let (_, page) = call(&worker, "GET", "/v1/me/consents", None).await;
    let states: Vec<&Value> = page["items"].as_array().into_iter().flatten().map(|one| &one["state"]).collect();
    assert_eq!(states.len(), 8);
    assert_eq!(states.iter().filter(|state| **state == "given").count(), 3, "{states:?}");
    for wrong in ["?limit=0", "?limit=101", "?cursor=7", "?cursor=b-1", "?page=2"] {
        let response = worker.request("GET", &format!("/v1/me/consents{wrong}")).send().await.expect("a response");
        assert_eq!(refused(response).await.is(), (400, "invalid-request"), "{wrong}");
    }
}

#[tokio::test]
async fn a_worker_decides_so_often_in_a_day_and_ends_what_they_like() {
    let stage = Stage::set().await;
    let (node, partner) = (stage.node(0), &stage.node(1).home().partner);
    // It is half past nine.
    let left = Duration::from_secs(14 * 3_600 + 1_800);
    for _ in 0..MOST_DECISIONS_A_DAY {
        give(node, stage.worker, &people::decision(&[partner], &MATCHED)).await.expect("given");
        stage.federation.clock.pass(Duration::from_micros(1));
    }
    let over = give(node, stage.worker, &people::decision(&[partner], &MATCHED)).await.expect_err("enough");
    let DecideRefused::Enough { wait } = over else { panic!("{over:?}") };
    assert!(wait <= left && wait > left - Duration::from_secs(1), "{wait:?}");
    let other = put(node, "P-2", &profile("Lasser zoekt werk")).await;
    give(node, other, &people::decision(&[partner], &MATCHED)).await.expect("another worker decides for themself");
    let ended = node.withdraw_all(stage.worker).await.expect("ended");
    assert_eq!(ended.ended.len(), 1, "what ends is never too much");
    assert!(give(node, stage.worker, &people::decision(&[partner], &MATCHED)).await.is_err());
    stage.federation.clock.pass(wait);
    stage.federation.tend_logs().await;
    give(node, stage.worker, &people::decision(&[partner], &MATCHED)).await.expect("another day");
}
