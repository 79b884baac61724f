//! The log between nodes over sockets: what each says to a checkpoint, and that all of it happens unasked; and the leaves of the register.

use std::sync::Arc;
use std::time::Duration;

use polder_consent::{Leaf, LeafKind};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Partner, partners, region_of, start_all};
use polder_federation_tests::leaves::append;
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{ADD_CHECKPOINT, Peer, Shows};
use polder_federation_tests::postgres;
use polder_federation_tests::register::Region;
use polder_trust::keys::SigningKey;
use polder_trust::log::{Checkpoint, Hash, SignedCheckpoint, Submission, leaf_hash, node_hash};
use polder_trust::register::Status;
use polder_web::RunningNode;

/// Longer than any of this takes.
const ENDLESS: Duration = Duration::from_secs(60);

/// Waits for a state, looking often.
async fn until(mut holds: impl AsyncFnMut() -> bool, what: &str) {
    let waited = tokio::time::timeout(ENDLESS, async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("{what}"));
}

async fn cosigned(node: &RunningNode) -> u64 {
    node.node.store().reader().log_state().await.expect("read").cosigned.map_or(0, |kept| kept.size)
}

/// L4: a leaf is under a checkpoint within a minute, and two others have cosigned that, without anyone asking for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaves_are_signed_and_cosigned_unasked_within_a_minute() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let (region, start) = (region_of(&partners), SystemClock.now());
    let clock = Arc::new(ManualClock::at(start));
    let mut nodes = Vec::new();
    for partner in &mut partners {
        nodes.push(partner.start_at(region.register(start), Arc::<ManualClock>::clone(&clock)).await);
    }
    let node = &nodes[0];
    // The nodes look every 5 s of the machine's time; what they go by is their clock.
    let turn = async || {
        tokio::time::sleep(Duration::from_secs(1)).await;
        clock.pass(Duration::from_secs(5));
    };
    while cosigned(node).await < 1 {
        turn().await;
        assert!(clock.now() < start.plus_seconds(300), "a log is cosigned within five minutes");
    }
    append(&node.node, 0..3).await;
    let appended = clock.now();
    while node.node.log_now().signed < 4 {
        turn().await;
        assert!(clock.now() <= appended.plus_seconds(60), "a leaf is under a checkpoint within a minute");
    }
    while cosigned(node).await < 4 {
        turn().await;
        assert!(clock.now() < appended.plus_seconds(300), "a log is cosigned within five minutes");
    }
    let kept = node.node.store().reader().log_state().await.expect("read").cosigned.expect("cosigned");
    let signed = SignedCheckpoint::parse(kept.note.as_bytes()).expect("a note");
    assert_eq!(signed.is_signed(&[partners[0].identity.message_key().public()]), Ok(true));
    for other in &partners[1..] {
        let at = signed.cosigned(&other.id, &[other.identity.message_key().public()]).expect("holds");
        assert!(at.is_some_and(|at| at >= appended.plus_seconds(-1)), "{at:?}");
    }
    for node in nodes {
        node.stop().await;
    }
}

/// A checkpoint by hand of the log of that partner.
fn checkpoint(of: &Partner, leaves: &[Hash]) -> Checkpoint {
    let root = match leaves {
        [] => Hash::EMPTY,
        [one] => *one,
        [one, other] => node_hash(one, other),
        _ => unreachable!("at most two"),
    };
    Checkpoint { origin: format!("proef/{}", of.id).parse().expect("an origin"), size: leaves.len() as u64, root }
}

struct Stage {
    partners: Vec<Partner>,
    /// The witness.
    node: RunningNode,
    region: Region,
    _directory: tempfile::TempDir,
}

impl Stage {
    /// The first partner runs a node, the second has a log by hand.
    async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut partners = partners(directory.path(), &PARTNERS[..2]);
        let region = region_of(&partners);
        let node = partners[0].start(region.register(SystemClock.now())).await;
        Self { partners, node, region, _directory: directory }
    }

    fn key(&self) -> &SigningKey {
        self.partners[1].identity.message_key()
    }

    /// Posts a body as the second partner: status, media type, and body of a reply whose signature is looked at by its caller elsewhere.
    async fn post(&self, body: &[u8]) -> (u16, String) {
        let peer = Peer::calling(&self.partners[0], &Shows::Certificate(&self.partners[1].identity));
        let headers = peer.signed(self.key(), "POST", ADD_CHECKPOINT, body, "none", SystemClock.now());
        peer.call("POST", ADD_CHECKPOINT, headers, body.to_vec()).await.expect("a response")
    }

    async fn submit(&self, old_size: u64, proof: &[Hash], checkpoint: Checkpoint) -> (u16, String) {
        let submission = Submission { old_size, proof: proof.to_vec(), checkpoint: checkpoint.sign(self.key()) };
        self.post(submission.to_string().as_bytes()).await
    }
}

/// The table of section 11 of the interfaces, row by row.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_says_what_the_interfaces_say() {
    let stage = Stage::new().await;
    let (log, is) = (&stage.partners[1], |reply: (u16, String), status: u16, says: &str| {
        assert!(reply.0 == status && reply.1.contains(says), "{status} {says}: {reply:?}");
    });
    let leaves = [leaf_hash(b"one"), leaf_hash(b"two")];
    let (one, two) = (checkpoint(log, &leaves[..1]), checkpoint(log, &leaves));
    // Not of its form, or too large.
    is(stage.post(b"old 0").await, 400, "urn:polder:problem:invalid-request");
    is(stage.post(b"").await, 400, "urn:polder:problem:invalid-request");
    let long = format!("{}\n\u{2014} x {}\n", one.clone().sign(stage.key()), "A".repeat(70_000));
    is(stage.post(format!("old 0\n\n{long}").as_bytes()).await, 400, "64 KiB");
    // Nobody's log; and nobody's key.
    let stranger = Checkpoint { origin: "proef/kvk:99999999".parse().expect("an origin"), ..one.clone() };
    is(stage.submit(0, &[], stranger).await, 404, "urn:polder:problem:not-found");
    let elsewhere = Checkpoint { origin: format!("elders/{}", log.id).parse().expect("an origin"), ..one.clone() };
    is(stage.submit(0, &[], elsewhere).await, 404, "urn:polder:problem:not-found");
    let unsigned = Submission { old_size: 0, proof: Vec::new(), checkpoint: one.clone().sign(&SigningKey::generate().expect("a key")) };
    is(stage.post(unsigned.to_string().as_bytes()).await, 403, "urn:polder:problem:forbidden");
    // Of a log that it does not know yet it has cosigned 0 leaves.
    is(stage.submit(1, &[], one.clone()).await, 409, "0\n");
    let (status, line) = stage.submit(0, &[], one.clone()).await;
    assert_eq!((status, line.lines().count(), line.ends_with('\n')), (200, 1, true), "{line}");
    let mut signed = one.clone().sign(stage.key());
    let witness = &stage.partners[0];
    let at = signed.add_reply(line.as_bytes(), &witness.id, &[witness.identity.message_key().public()]).expect("holds");
    assert!(at.is_some(), "the cosignature is its line");
    // The same again; a proof that does not hold; fewer than is claimed; another size; another history.
    is(stage.submit(1, &[], one.clone()).await, 200, "\u{2014} ");
    is(stage.submit(1, &[leaves[0]], two.clone()).await, 422, "urn:polder:problem:proof-refused");
    is(stage.submit(1, &[], checkpoint(log, &[])).await, 400, "a log only grows");
    is(stage.submit(0, &[], two.clone()).await, 409, "1\n");
    is(stage.submit(1, &[], checkpoint(log, &leaves[1..])).await, 409, "1\n");
    let evidence = stage.node.node.log_evidence(&one.origin).await.expect("read").expect("two histories");
    assert!(evidence[0].contains(&one.root.to_string()) && evidence[1].contains(&leaves[1].to_string()));
    let (status, reply) = stage.submit(1, &[leaves[1]], two.clone()).await;
    assert_eq!((status, reply.starts_with("\u{2014} ")), (200, true), "{reply}");
    is(stage.submit(1, &[leaves[1]], two).await, 409, "2\n");
    // The size alone, and a newline.
    assert_eq!(stage.submit(0, &[], one).await, (409, "2\n".to_owned()));
    stage.node.stop().await;
}

/// The reply is text, signed as every reply is; whoever shows no certificate, or signs with another key, gets nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_members_have_a_witness_here() {
    let stage = Stage::new().await;
    let one = checkpoint(&stage.partners[1], &[leaf_hash(b"one")]);
    let body = Submission { old_size: 0, proof: Vec::new(), checkpoint: one.sign(stage.key()) }.to_string();
    let stranger = SigningKey::generate().expect("a key");
    let shows = Shows::Certificate(&stage.partners[1].identity);
    let peer = Peer::calling(&stage.partners[0], &shows);
    let headers = peer.signed(&stranger, "POST", ADD_CHECKPOINT, body.as_bytes(), "none", SystemClock.now());
    assert_eq!(peer.call("POST", ADD_CHECKPOINT, headers, body.clone().into_bytes()).await.expect("a response").0, 401);
    let nobody = Peer::calling(&stage.partners[0], &Shows::Nothing(&stage.partners[1].identity));
    let headers = nobody.signed(stage.key(), "POST", ADD_CHECKPOINT, body.as_bytes(), "none", SystemClock.now());
    let refused = nobody.call("POST", ADD_CHECKPOINT, headers, body.clone().into_bytes()).await;
    assert!(refused.is_err() || refused.is_ok_and(|(status, _)| status == 403));
    let headers = peer.signed(stage.key(), "GET", ADD_CHECKPOINT, b"", "none", SystemClock.now());
    assert_eq!(peer.call("GET", ADD_CHECKPOINT, headers, Vec::new()).await.expect("a response").0, 405);
    let name = format!("proef/{}", stage.partners[1].id);
    assert_eq!(stage.node.node.store().witnessed(&name).await.expect("read"), None);
    assert_eq!(stage.post(body.as_bytes()).await.0, 200);
    stage.node.stop().await;
}

/// Checkpoints are never shed: not of a member that is suspended, and not where every place for calls is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkpoints_are_never_shed() {
    let mut stage = Stage::new().await;
    let shows = Shows::Certificate(&stage.partners[1].identity);
    let peer = Peer::calling(&stage.partners[0], &shows);
    let hanging: Vec<_> = (0..40).map(|_| peer.hang("/peer/v1/queries")).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let leaves = [leaf_hash(b"one"), leaf_hash(b"two")];
    let one = checkpoint(&stage.partners[1], &leaves[..1]);
    assert_eq!(stage.submit(0, &[], one).await.0, 200);
    hanging.iter().for_each(tokio::task::JoinHandle::abort);
    stage.region.set_status(&stage.partners[1].id, Status::Suspended);
    assert!(stage.node.node.hear(&stage.region.news(), "a registrar").await.expect("stored").changed);
    let two = checkpoint(&stage.partners[1], &leaves);
    assert_eq!(stage.submit(1, &leaves[1..], two).await.0, 200);
    stage.node.stop().await;
}

/// After a restart a node knows nothing of what its witnesses know, and asks; what it signed is what goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_goes_on_after_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let mut nodes = start_all(&mut partners).await;
    append(&nodes[0].node, 0..5).await;
    until(async || nodes[0].tend_log().await.expect("tended").cosigned == 6, "cosigned by both").await;
    let before = nodes[0].node.store().reader().log_state().await.expect("read");
    nodes.remove(0).stop().await;
    let register = region_of(&partners).register(SystemClock.now());
    let again = partners[0].start(register).await;
    assert_eq!(again.node.store().reader().log_state().await.expect("read").leaves, 6, "its register has its leaf already");
    append(&again.node, 5..7).await;
    until(async || again.tend_log().await.expect("tended").cosigned == 8, "cosigned by both").await;
    assert!(before.last.is_some_and(|last| last.size == 6));
    again.stop().await;
    for node in nodes {
        node.stop().await;
    }
}

async fn register_leaves(node: &RunningNode) -> usize {
    let read = node.node.store().leaves(0, 1_000).await.expect("read");
    let leaves = read.iter().map(|entry| serde_json::from_slice::<Leaf>(entry).expect("a leaf"));
    leaves.inspect(|leaf| assert_eq!((leaf.kind, &leaf.recipient, &leaf.activity), (LeafKind::Register, &None, &None))).count()
}

/// L1 for the register: each version that came into force has one leaf, whatever is heard again, read again, or only made fresh again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_version_of_the_register_has_one_leaf() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let (mut region, now) = (region_of(&partners), SystemClock.now());
    region.fresh_until = now.plus_seconds(3_600);
    let first = region.clone();
    let node = partners[0].start(first.register(now)).await;
    let hear = async |node: &RunningNode, region: &Region| node.node.hear(&region.news(), "a registrar").await.expect("stored").changed;
    assert_eq!(register_leaves(&node).await, 1);
    region.fresh_until = now.plus_seconds(7_200);
    assert!(hear(&node, &region).await, "it is fresh for longer");
    assert_eq!(register_leaves(&node).await, 1, "and the same version");
    region.change(|_| {});
    assert!(hear(&node, &region).await && !hear(&node, &region).await);
    assert_eq!(register_leaves(&node).await, 2);
    region.recover();
    assert!(hear(&node, &region).await);
    assert_eq!(register_leaves(&node).await, 3);
    assert!(!hear(&node, &first).await);
    node.stop().await;
    let again = partners[0].start(first.register(now)).await;
    assert_eq!(register_leaves(&again).await, 3, "files that are old bring nothing");
    // Of another region's register there are leaves as well.
    let mut other = Region::named("elders", vec![partners[1].member.clone()]);
    region.recognise(&other, &[]);
    assert!(hear(&again, &region).await);
    assert_eq!(register_leaves(&again).await, 4, "a newer root with the same members");
    again.node.carry(other.register(now)).await.expect("carried");
    assert_eq!(register_leaves(&again).await, 5);
    other.change(|_| {});
    again.node.carry(other.register(now)).await.expect("carried");
    again.node.carry(other.register(now)).await.expect("carried");
    assert_eq!(register_leaves(&again).await, 6);
    again.stop().await;
}

/// What a program that kept no log has marked as in force gets its leaf at the first start, and none at the next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_in_force_before_there_was_a_log_gets_its_leaf() {
    const MARKS: &str = "register-held";
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    let register = || region_of(&partners).register(SystemClock.now());
    let (one, two, three) = (register(), register(), register());
    let node = partners[0].start(one).await;
    let marks: serde_json::Value =
        serde_json::from_str(&node.node.store().setting(MARKS).await.expect("read").expect("marks")).expect("JSON");
    let mut old = marks.clone();
    assert!(old.as_object_mut().expect("an object").remove("logged").is_some());
    node.node.store().set_setting(MARKS, &old.to_string()).await.expect("stored");
    node.stop().await;
    for register in [two, three] {
        let again = partners[0].start(register).await;
        assert_eq!(register_leaves(&again).await, 2);
        again.stop().await;
    }
}

/// Two replicas hear the same and tend one log: each version has one leaf, and the log one history.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_have_one_log() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    partners[0].database = postgres::database().await;
    let mut region = region_of(&partners);
    let node = partners[0].start(region.register(SystemClock.now())).await;
    let replica = partners[0].start_replica(region.register(SystemClock.now())).await;
    let witness = partners[1].start(region.register(SystemClock.now())).await;
    assert_eq!(register_leaves(&node).await, 1);
    for round in 1..=5 {
        region.change(|_| {});
        let news = region.news();
        let (one, other) = tokio::join!(node.node.hear(&news, "a registrar"), replica.node.hear(&news, "a registrar"));
        assert!(one.expect("stored").changed || other.expect("stored").changed);
        assert_eq!(register_leaves(&replica).await, 1 + round);
        let (one, other) = tokio::join!(node.tend_log(), replica.tend_log());
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    }
    witness.node.hear(&region.news(), "a registrar").await.expect("stored");
    until(
        async || {
            // Who has the lease does it; the other one sees that it is done.
            let (one, other) = tokio::join!(node.tend_log(), replica.tend_log());
            (one.expect("tended").cosigned, other.expect("tended").cosigned) == (6, 6)
        },
        "cosigned by the other partner",
    )
    .await;
    let origin = node.node.log_origin().expect("a log");
    assert_eq!(witness.node.log_evidence(&origin).await.expect("read"), None);
    replica.stop().await;
    node.stop().await;
    witness.stop().await;
}
