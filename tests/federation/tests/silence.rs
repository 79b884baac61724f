//! Nobody, a person who gave no consent, and one whose consent was withdrawn: the same bytes, the same headers, and the same time, whether it is asked who
//! there is or how somebody can be reached. It needs a process to itself: it measures time.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "tests")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use polder_consent::{Budget, Field, FieldSet};
use polder_exchange::people::Decision;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Partner, partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, Shows, query};
use polder_federation_tests::people::{MATCHED, decision, give, profile, put, seek, vacancy};
use polder_federation_tests::timing::{MOST_T, welch};
use polder_model::Purpose;
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// Samples of each kind; `POLDER_TIMING_SAMPLES` says another number.
const SAMPLES: usize = 3_400;
/// Questions on their way at the same time.
const AT_ONCE: usize = 12;

const CONTACTS: &str = "/peer/v1/contacts";
const PEOPLE: &str = "/peer/v1/people";

/// When it is said of whoever is not to be reached: that, or a multiple of it.
const NOBODY: Duration = Duration::from_millis(50);

/// These tests measure time: one after the other.
static ALONE: Mutex<()> = Mutex::const_new(());

fn samples() -> usize {
    std::env::var("POLDER_TIMING_SAMPLES").ok().and_then(|text| text.parse().ok()).unwrap_or(SAMPLES)
}

/// One who asks a node, signed, as a partner.
struct Asker<'p> {
    peer: Peer,
    from: &'p Partner,
}

impl<'p> Asker<'p> {
    fn of(home: &Partner, from: &'p Partner) -> Self {
        Self { peer: Peer::calling(home, &Shows::Certificate(&from.identity)), from }
    }

    /// Asks: the time it took, and everything that came: the headers by name, those that differ in every reply by their length alone.
    async fn ask(&self, path: &str, purpose: Purpose, body: &Value) -> (Duration, Vec<String>, String) {
        let body = body.to_string().into_bytes();
        let headers = self.peer.signed(self.from.identity.message_key(), "POST", path, &body, purpose.as_str(), SystemClock.now());
        let began = Instant::now();
        let response = self.peer.send("POST", path, headers, body).await.expect("a response");
        let mut heads = vec![response.status().to_string()];
        for (name, value) in response.headers() {
            let value = value.to_str().expect("text");
            let is_own = ["date", "signature", "signature-input", "content-digest"].contains(&name.as_str());
            // The bodies are compared, but for what differs in every one.
            if name == http::header::CONTENT_LENGTH {
                continue;
            }
            heads.push(if is_own { format!("{name}: {} bytes", value.len()) } else { format!("{name}: {value}") });
        }
        heads.sort_unstable();
        let text = response.text().await.expect("a body");
        (began.elapsed(), heads, text)
    }

    /// Asks as often as there are samples, each of the kinds first as often as any other. The replies are the same, and take the same time; what they
    /// were, and the shortest time.
    async fn finds_no_difference(
        &self,
        kinds: usize,
        path: &str,
        purpose: Purpose,
        body: impl Fn(usize) -> Value,
        plain: impl Fn(String) -> String,
    ) -> (String, Duration) {
        let mut times = vec![Vec::with_capacity(samples()); kinds];
        let mut replies = BTreeSet::new();
        for round in 0..samples().div_ceil(AT_ONCE / kinds) {
            let which = |place: usize| (place + round) % kinds;
            let bodies: Vec<Value> = (0..AT_ONCE).map(|place| body(which(place))).collect();
            let asked = futures::future::join_all(bodies.iter().map(|body| self.ask(path, purpose, body))).await;
            for (place, (time, heads, text)) in asked.into_iter().enumerate() {
                times[which(place)].push(time.as_secs_f64());
                replies.insert((heads, plain(text)));
            }
        }
        assert_eq!(replies.len(), 1, "the same bytes: {replies:#?}");
        for (one, other) in (0..kinds).flat_map(|one| (0..one).map(move |other| (one, other))) {
            let t = welch(&times[one], &times[other]);
            println!("{path}: {one} and {other}: t = {t:.2} of {} samples each", times[one].len());
            assert!(t.abs() < MOST_T, "{one} and {other} differ in time: t = {t}");
        }
        let shortest = times.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        (replies.pop_first().expect("a reply").1, Duration::from_secs_f64(shortest))
    }
}

fn new_id() -> String {
    let id = format!("{:032x}", random_number());
    format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..])
}

fn random_number() -> u128 {
    let random = polder_trust::keys::random().expect("randomness");
    random[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// Partners who may ask as often as these tests do.
fn who_may_ask_often(directory: &std::path::Path, count: usize) -> Vec<Partner> {
    let mut partners = partners(directory, &PARTNERS[..count]);
    for partner in &mut partners {
        partner.member.purposes = Purpose::ALL.to_vec();
        (partner.limits.peer_requests_per_second, partner.limits.peer_questions_per_minute) = (100_000, 1_000_000);
        partner.policy.budget = Budget { workers: u32::MAX, narrow: u32::MAX };
    }
    partners
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_there_and_who_said_no_are_the_same_to_a_partner() {
    let _alone = ALONE.lock().await;
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = who_may_ask_often(directory.path(), 2);
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

    let body = |which: usize| {
        let about = json!({"kind": "vacancy", "key": "V-1"});
        json!({"id": new_id(), "asker": partners[1].id, "handle": handles[which], "about": about, "asOf": SystemClock.now()})
    };
    let asking = Asker::of(&partners[0], &partners[1]);
    let (reply, shortest) = asking.finds_no_difference(handles.len(), CONTACTS, Purpose::BeContacted, body, |text| text).await;
    assert_eq!(reply, "null");
    assert!(shortest >= NOBODY, "{shortest:?}: what it takes to look is not to be seen");
    for node in nodes {
        node.stop().await;
    }
}

/// A question that would find somebody whom only another partner may see, somebody who withdrew, and nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_tells_nothing_of_people_whom_the_asker_may_not_see() {
    let _alone = ALONE.lock().await;
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = who_may_ask_often(directory.path(), 3);
    let nodes = start_all(&mut partners).await;
    let home = &nodes[0].node;
    vacancy(&nodes[1].node, "V-1").await;
    let words = ["lasser", "stukadoor", "glazenwasser"];
    for (key, word) in [("P-1", words[0]), ("P-2", words[1])] {
        let worker = put(home, key, &profile(word)).await;
        let (recipient, withdraws) = if key == "P-1" { (&partners[2].id, false) } else { (&partners[1].id, true) };
        let consent = give(home, worker, &decision(&[recipient], &MATCHED)).await.expect("given").remove(0);
        if withdraws {
            home.withdraw(worker, consent.id).await.expect("withdrawn");
        }
    }
    let body = |which: usize| {
        let mut body = query(&partners[1], SystemClock.now());
        (body["id"], body["kind"], body["purpose"]) = (json!(new_id()), json!("skill-offer"), json!("match-vacancy"));
        body["criteria"] = json!({"text": [{"term": words[which], "weight": 50}]});
        body["about"] = json!({"kind": "vacancy", "key": "V-1"});
        body
    };
    let plain = |text: String| {
        let mut reply: Value = serde_json::from_str(&text).expect("JSON");
        assert!(reply["queryId"].is_string() && reply["beganAt"].is_string(), "{reply}");
        (reply["queryId"], reply["beganAt"]) = (Value::Null, Value::Null);
        reply.to_string()
    };
    let asking = Asker::of(&partners[0], &partners[1]);
    let (reply, _) = asking.finds_no_difference(words.len(), PEOPLE, Purpose::MatchVacancy, body, plain).await;
    assert!(reply.contains("\"people\":[]"), "{reply}");
    for node in nodes {
        node.stop().await;
    }
}
