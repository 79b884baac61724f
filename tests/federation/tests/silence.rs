//! Nobody of a handle, a person who gave no consent to be reached, and one whose consent was withdrawn: the same bytes, the same headers, and the same time.
//! It needs a process to itself: it measures time.
#![expect(clippy::expect_used, reason = "tests")]

use std::time::{Duration, Instant};

use http::HeaderMap;
use polder_consent::{Field, FieldSet};
use polder_exchange::people::Decision;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Partner, partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, Shows};
use polder_federation_tests::people::{MATCHED, decision, give, profile, put, seek, vacancy};
use polder_model::Purpose;
use serde_json::json;

/// Samples of each kind; `POLDER_TIMING_SAMPLES` says another number.
const SAMPLES: usize = 3_400;
/// Questions on their way at the same time.
const AT_ONCE: usize = 12;
/// Beyond this two means differ by more than chance (Welch).
const MOST_T: f64 = 4.5;

const CONTACTS: &str = "/peer/v1/contacts";

/// Asks how somebody can be reached: the time it took, and what came, without what differs in every reply.
async fn ask(peer: &Peer, from: &Partner, handle: &str) -> (Duration, u16, String) {
    let id = format!("{:032x}", random_number());
    let id = format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]);
    let about = json!({"kind": "vacancy", "key": "V-1"});
    let body = json!({"id": id, "asker": from.id, "handle": handle, "about": about, "asOf": SystemClock.now()}).to_string().into_bytes();
    let headers: HeaderMap =
        peer.signed(from.identity.message_key(), "POST", CONTACTS, &body, Purpose::BeContacted.as_str(), SystemClock.now());
    let began = Instant::now();
    let (status, text) = peer.call("POST", CONTACTS, headers, body).await.expect("a response");
    (began.elapsed(), status, text)
}

fn random_number() -> u128 {
    let random = polder_trust::keys::random().expect("randomness");
    random[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// Welch's t of the middle nine tenths of both: what the machine did otherwise stands at the ends.
fn welch(one: &[f64], other: &[f64]) -> f64 {
    let of = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        let cut = times.len() / 20;
        let middle = &times[cut..times.len() - cut];
        let count = middle.len() as f64;
        let mean = middle.iter().sum::<f64>() / count;
        let variance = middle.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((one, of_one), (other, of_other)) = (of(one), of(other));
    (one - other) / (of_one + of_other).sqrt()
}

#[test]
fn two_means_that_differ_are_told_apart() {
    let times = |by: f64| -> Vec<f64> { (0..1_000).map(|number| f64::from(number % 100) + by).collect() };
    assert!(welch(&times(0.0), &times(0.0)).abs() < 0.01 && welch(&times(0.0), &times(10.0)).abs() > MOST_T);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_there_and_who_said_no_are_the_same_to_a_partner() {
    let samples = std::env::var("POLDER_TIMING_SAMPLES").ok().and_then(|text| text.parse().ok()).unwrap_or(SAMPLES);
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    for partner in &mut partners {
        partner.member.purposes = Purpose::ALL.to_vec();
        (partner.limits.peer_requests_per_second, partner.limits.peer_questions_per_minute) = (100_000, 1_000_000);
    }
    let nodes = start_all(&mut partners).await;
    let (home, asker) = (&nodes[0].node, &nodes[1].node);
    vacancy(asker, "V-1").await;
    let recipient = [&partners[1].id];
    let mut handles = Vec::new();
    for key in ["P-1", "P-2"] {
        let worker = put(home, key, &profile(key)).await;
        give(home, worker, &decision(&recipient, &MATCHED)).await.expect("given");
        if key == "P-2" {
            let contact = FieldSet::of(&[Field::ContactName]);
            let reach = Decision { purpose: Purpose::BeContacted, fields: contact, ..decision(&recipient, &MATCHED) };
            let consent = give(home, worker, &reach).await.expect("given").remove(0);
            home.withdraw(worker, consent.id).await.expect("withdrawn");
        }
    }
    handles.extend(seek(asker).await.hits.iter().map(|hit| hit.key.to_string()));
    assert_eq!(handles.len(), 2);
    handles.push("0".repeat(32));

    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    let mut times = vec![Vec::with_capacity(samples); handles.len()];
    let mut replies = std::collections::BTreeSet::new();
    for round in 0..samples.div_ceil(AT_ONCE / handles.len()) {
        // Each of them comes first as often as any other.
        let which = |place: usize| (place + round) % 3;
        let asked = (0..AT_ONCE).map(|place| ask(&peer, &partners[1], &handles[which(place)]));
        for (place, (time, status, text)) in futures::future::join_all(asked).await.into_iter().enumerate() {
            let which = which(place);
            times[which].push(time.as_secs_f64());
            replies.insert((status, text));
        }
    }
    assert_eq!(replies.into_iter().collect::<Vec<_>>(), [(200, "null".to_owned())], "the same bytes");
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let t = welch(&times[one], &times[other]);
        assert!(t.abs() < MOST_T, "{one} and {other} differ in time: t = {t}");
    }
    for node in nodes {
        node.stop().await;
    }
}
