//! Networks that fail in every way they do: what is shown stays exact over those who answered, the others are named, in time, and all is well
//! again when the network is.
#![expect(clippy::expect_used, reason = "tests")]

mod network;

use std::time::Duration;

use network::{DEADLINE_MS, Federation, address};
use polder_federation_tests::proxy::{Passes, State};
use polder_federation_tests::resetter::Stream;
use polder_model::answer::MissingReason::{Slow, Unreachable};

/// Neither half sees the other; each goes on by itself, also with its register. When they meet again, everyone answers and has the news.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partition_of_half_the_federation() {
    for (between, reason) in [(State::dead(), Slow), (State { cut: true, ..State::default() }, Unreachable)] {
        let mut federation = Federation::start(6).await;
        let (here, there, reasons) = ([0, 1, 2], [3, 4, 5], [reason]);
        for (these, those) in [(here, there), (there, here)] {
            these.iter().for_each(|node| federation.wires[*node].set_from(those.map(address), between));
        }
        // A registrar tells one node of each half; of each half all hear of it, and nobody else does.
        federation.region.change(|_| {});
        federation.nodes[1].node.hear(&federation.region.news(), "a registrar").await.expect("stored");
        let ask = async || tokio::join!(federation.holds(0, &there, &reasons), federation.holds(3, &here, &reasons));
        let (one, other) = ask().await;
        assert!(!one.hits.is_empty() && !other.hits.is_empty());
        federation.until_version(&here, 2).await;
        ask().await;
        assert!(there.iter().all(|node| federation.version(*node) == 1), "news crosses no gap");

        federation.heal();
        let (answered, heard) = tokio::join!(federation.all_answer(), federation.until_version(&there, 2));
        println!("a partition ({reason:?}) heals: everyone answers after {answered:?}, the news is everywhere after {heard:?}");
    }
}

/// Bytes vanish in one direction while the connection stays open, on its way there or back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loss_in_one_direction() {
    let federation = Federation::start(4).await;
    for state in [
        State { to: Passes::Held, ..State::default() },
        State { back: Passes::Held, ..State::default() },
        State { to: Passes::Lost, ..State::default() },
        State { back: Passes::Lost, ..State::default() },
    ] {
        federation.wires[2].set(state);
        for _ in 0..2 {
            federation.holds(0, &[2], &[Slow]).await;
        }
        // In the other direction it is asked as before: what it asks goes over other wires.
        federation.holds(2, &[], &[]).await;
        federation.heal();
        println!("{state:?} heals: everyone answers after {:?}", federation.all_answer().await);
    }
}

/// Everyone far away: everyone answers all the same, over warm connections and over new ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn latency_of_300_ms() {
    let federation = Federation::start(5).await;
    let far = State { delay: Duration::from_millis(300), ..State::default() };
    federation.wires.iter().for_each(|wire| wire.set(far));
    let warm = federation.holds_within(0, 3_000, &[], &[]).await;
    assert!(warm.ms >= 300, "a question takes a round trip at least: {} ms", warm.ms);
    // New connections: the old ones are cut.
    federation.wires.iter().for_each(|wire| wire.set(State { cut: true, ..far }));
    tokio::time::sleep(Duration::from_millis(100)).await;
    federation.wires.iter().for_each(|wire| wire.set(far));
    let cold = federation.holds_within(0, 4_000, &[], &[]).await;
    println!("wires of 300 ms: {} ms warm, {} ms over new connections", warm.ms, cold.ms);
    // Who has no time to wait for them shows what is near.
    federation.holds_within(1, 250, &[0, 2, 3, 4], &[Slow]).await;
}

/// A link of 2 KB a second carries no result in time; its partner is named, and nobody else is held up by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_narrow_link() {
    let federation = Federation::start(4).await;
    federation.wires[3].set(State { rate: Some(2_000), ..State::default() });
    for _ in 0..2 {
        federation.holds(0, &[3], &[Slow]).await;
    }
    federation.heal();
    federation.all_answer().await;
}

/// A peer resets every second stream: a call that comes to nothing is made once more, so that it is in the result. If that fails too, it is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_are_reset() {
    let federation = Federation::with_resetter(3).await;
    let resetter = federation.resetter.as_ref().expect("it is there");
    for how in [Stream::Reset, Stream::ResetHalfway, Stream::ConnectionLost] {
        resetter.treats(move |number| if number % 2 == 0 { how } else { Stream::Replied });
        for _ in 0..5 {
            federation.holds(0, &[], &[]).await;
        }
        resetter.treats(move |_| how);
        federation.holds(1, &[3], &[Unreachable]).await;
        resetter.treats(|_| Stream::Replied);
        federation.all_answer().await;
    }
}

/// A partner comes and goes many times; every result in between is exact over those who answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_comes_and_goes() {
    let federation = Federation::start(4).await;
    for round in 0..6 {
        let state = if round % 2 == 0 { State { cut: true, ..State::default() } } else { State::dead() };
        federation.wires[1].set(state);
        // Which of the two the result has is a matter of the moment; that it is exact is not.
        let asked = federation.ask(0, DEADLINE_MS / 3);
        let wire = async {
            tokio::time::sleep(Duration::from_millis(40 * round)).await;
            federation.heal();
        };
        let (result, ()) = tokio::join!(asked, wire);
        assert!(
            result.answered.len() >= 3 && result.missing.iter().all(|one| one.partner == federation.partners[1].id),
            "{:?}",
            result.missing
        );
    }
    federation.all_answer().await;
}
