//! The log of a node, and the other nodes that witness it, in memory.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use polder_exchange::log::{
    ExportRefused, LogFailed, LogNow, LogPeers, LogRow, LogStanding, Pace, WitnessReply, is_settled, two_histories,
};
use polder_exchange::{Node, PeerFailure};
use polder_federation_tests::leaves::append;
use polder_federation_tests::local::Federation;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::random::Random;
use polder_federation_tests::register::{Region, member, message_key};
use polder_model::{PartnerId, Timestamp};
use polder_store::LogState;
use polder_trust::log::{
    Expected, Export, Hash, Part, SignedCheckpoint, Span, Submission, Witnesses, consistency, root, verify_consistency, verify_export,
};
use polder_trust::register::{Member, Status};

fn start() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3_600)
}

async fn state(node: &Node) -> LogState {
    node.store().reader().log_state().await.expect("read")
}

fn note(text: &str) -> SignedCheckpoint {
    SignedCheckpoint::parse(text.as_bytes()).expect("a note")
}

async fn last(node: &Node) -> SignedCheckpoint {
    note(&state(node).await.last.expect("a checkpoint").note)
}

/// What whoever verifies a log knows, from the register.
fn expected(node: &Node, quorum: usize) -> Expected {
    let keys = |partner: &PartnerId| vec![message_key(partner.as_str()).public()];
    let own = &node.home().partner;
    let register = node.register();
    let others = register.members().iter().filter(|member| member.partner != *own);
    let others = others.map(|member| (member.partner.clone(), keys(&member.partner))).collect();
    Expected { origin: node.log_origin().expect("a log"), witnesses: Witnesses { own: keys(own), others, quorum } }
}

pub(crate) fn wrong(export: &Export, node: &Node, quorum: usize) -> Vec<String> {
    let checks = verify_export(export, &expected(node, quorum), node.now());
    checks.into_iter().filter(|check| !check.holds).map(|check| check.words).collect()
}

/// How many others have cosigned a checkpoint.
fn cosigners(signed: &SignedCheckpoint, node: &Node) -> usize {
    let witnesses = expected(node, 0).witnesses;
    witnesses.others.iter().filter(|(partner, keys)| signed.cosigned(partner, keys).expect("holds").is_some()).count()
}

/// Whatever is sent, the reply is made of it.
struct Says<F>(F);

impl<F: Fn(&Member, &Submission) -> WitnessReply + Send + Sync> LogPeers for Says<F> {
    fn add_checkpoint(&self, to: Arc<Member>, submission: String) -> BoxFuture<'_, Result<WitnessReply, PeerFailure>> {
        let submission = Submission::parse(submission.as_bytes()).expect("a submission");
        let reply = (self.0)(&to, &submission);
        Box::pin(async move { Ok(reply) })
    }
}

#[tokio::test]
async fn what_is_new_is_signed_and_the_others_cosign_it() {
    let federation = Federation::open(4, start()).await;
    let node = &federation.nodes[0];
    let rows = append(node, 0..3).await;
    federation.tend_logs().await;
    let found = state(node).await;
    let (kept, signed) = (found.cosigned.clone().expect("cosigned"), last(node).await);
    assert_eq!((found.leaves, kept.size, kept.cosigned_at), (4, 4, Some(start())), "three, and the register");
    assert_eq!(found.last, found.cosigned);
    assert_eq!((signed.checkpoint().size, cosigners(&signed, node)), (4, 3));
    assert_eq!(node.log_now(), LogNow { leaves: 4, signed: 4, cosigned: 4, since: Some(start()) });
    // Each other one remembers what it cosigned.
    for other in &federation.nodes[1..] {
        let known = other.store().witnessed(&signed.checkpoint().origin.to_string()).await.expect("read").expect("witnessed");
        assert_eq!((known.head.size, known.head.root), (4, *signed.checkpoint().root.as_bytes()));
    }
    // Nothing is new: nothing is signed, and nobody is asked.
    federation.clock.pass(hours(1));
    federation.tend_logs().await;
    assert_eq!(state(node).await, found);
    let export = node.log_export(rows).await.expect("proved");
    assert_eq!(wrong(&export, node, 3), [""; 0]);
    assert!(matches!(node.log_export(vec![LogRow { seq: 4, text: None }]).await, Err(ExportRefused::NotYet)));
}

#[tokio::test]
async fn checkpoints_are_some_seconds_apart_and_a_leaf_waits_less_than_a_minute() {
    let federation = Federation::open(3, start()).await;
    let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
    let round = async || node.tend_log(&peers, Pace::Ordinary).await.expect("tended").signed;
    assert_eq!(round().await, 1, "the first is signed at once");
    append(node, 0..1).await;
    for _ in 0..3 {
        federation.clock.pass(Duration::from_secs(5));
        assert_eq!(round().await, 1);
    }
    federation.clock.pass(Duration::from_secs(5));
    assert_eq!(round().await, 2, "20 s later");
    assert_eq!(node.log_now().cosigned, 2, "and cosigned in the same round");
    // A clock that was set back holds nothing up.
    federation.clock.set(start().plus_seconds(-86_400));
    append(node, 1..2).await;
    assert_eq!(round().await, 3);
}

/// L2: all that was ever signed of one log is consistent, pair by pair; also over the bounds of tiles.
#[tokio::test]
async fn checkpoints_of_one_log_are_consistent_pair_by_pair() {
    let federation = Federation::open(3, start()).await;
    let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
    let (mut random, mut signed, mut count) = (Random::new(3), Vec::new(), 0);
    for round in 0..30 {
        // Some rounds end just at and beside a bound.
        let more = match round {
            5 => 255 - 1 - count,
            6 | 7 | 19 | 20 => 1,
            18 => 511 - 1 - count,
            _ => 1 + random.below(20) as u64,
        };
        append(node, count..count + more).await;
        count += more;
        node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
        signed.push(last(node).await);
    }
    let leaves: Vec<Hash> = all_leaves(node).await;
    let sizes: Vec<u64> = signed.iter().map(|signed| signed.checkpoint().size).collect();
    assert!([255, 256, 257, 511, 512, 513].iter().all(|size| sizes.contains(size)), "{sizes:?}");
    let at = |size: u64| usize::try_from(size).expect("few");
    for (number, old) in signed.iter().enumerate() {
        let old = old.checkpoint();
        assert_eq!(old.root, root(&leaves[..at(old.size)]), "{}", old.size);
        for new in &signed[number..] {
            let (new, spans) = (new.checkpoint(), consistency(old.size, new.checkpoint().size).expect("larger"));
            let proof: Vec<Hash> = spans.into_iter().map(|span| root(&leaves[at(span.start())..at(span.end())])).collect();
            assert!(verify_consistency(old.size, &old.root, new.size, &new.root, &proof), "{} {}", old.size, new.size);
        }
    }
    assert!(signed.iter().all(|signed| cosigners(signed, node) == 2), "and every one of them was cosigned");
    assert_eq!(tiles(node, count + 1).await, made(&leaves), "what is kept is what the leaves make");
}

async fn all_leaves(node: &Node) -> Vec<Hash> {
    let mut leaves = Vec::new();
    loop {
        let read = node.store().leaves(leaves.len() as u64, 1_000).await.expect("read");
        if read.is_empty() {
            return leaves;
        }
        leaves.extend(read.iter().map(|entry| polder_trust::log::leaf_hash(entry)));
    }
}

/// The tiles that are kept, as (level, number, hashes).
async fn tiles(node: &Node, size: u64) -> Vec<(u8, u64, Vec<u8>)> {
    let places: Vec<(u8, u64)> = (0..3).flat_map(|level| (0..=size / 256).map(move |number| (level, number))).collect();
    let mut found: Vec<_> =
        node.store().log_tiles(&places).await.expect("read").into_iter().map(|tile| (tile.level, tile.number, tile.hashes)).collect();
    found.sort();
    found
}

/// The tiles that these leaves make: written down once more, by hand.
fn made(leaves: &[Hash]) -> Vec<(u8, u64, Vec<u8>)> {
    let mut made = Vec::new();
    let (mut hashes, mut level) = (leaves.to_vec(), 0);
    while !hashes.is_empty() {
        let tile = |(number, some): (usize, &[Hash])| (level, number as u64, some.iter().flat_map(|hash| *hash.as_bytes()).collect());
        made.extend(hashes.chunks(256).enumerate().map(tile));
        hashes = hashes.chunks_exact(256).map(root).collect();
        level += 1;
    }
    made
}

/// A leaf of a million is proved from a few tiles: the parts that a proof names stand in one tile each.
#[test]
fn a_part_never_crosses_a_tile() {
    let mut random = Random::new(9);
    for _ in 0..2_000 {
        let size = 1 + random.bits() % (1 << (1 + random.below(60)));
        let spans = polder_trust::log::inclusion(random.bits() % size, size).expect("a leaf");
        for part in spans.iter().flat_map(|span| span.parts()).chain(Span::tree(size).parts()) {
            let Part { start, end, .. } = part;
            assert!(start < end && start / 256 == (end - 1) / 256, "{size}: {part:?}");
        }
    }
}

/// 24 hours without enough cosignatures are told, 72 stop what is personal; where they come again all is well.
#[tokio::test]
async fn a_log_that_nobody_cosigns_turns_red_and_then_stops_what_is_personal() {
    let federation = Federation::open(3, start()).await;
    let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
    let standing = |now: LogNow| now.standing(node.now());
    assert_eq!(standing(node.tend_log(&peers, Pace::Ordinary).await.expect("tended")), LogStanding::Cosigned);
    append(node, 0..1).await;
    let alone = async |passes: u64| {
        federation.clock.pass(hours(passes));
        standing(node.tend_log(&NoPeers, Pace::Ordinary).await.expect("tended"))
    };
    assert_eq!(alone(24).await, LogStanding::Cosigned);
    assert!(node.log_is_cosigned(node.now().plus_seconds(1)).is_ok());
    federation.clock.pass(Duration::from_secs(1));
    assert_eq!(alone(0).await, LogStanding::Red);
    assert!(node.log_is_cosigned(node.now()).is_ok(), "it is told, and nothing stops yet");
    assert_eq!(alone(47).await, LogStanding::Red);
    assert_eq!(alone(1).await, LogStanding::Stopped);
    let refused = node.log_is_cosigned(node.now()).expect_err("nothing personal leaves");
    assert_eq!(refused.since, start());
    assert_eq!(node.log_now(), LogNow { leaves: 2, signed: 2, cosigned: 1, since: Some(start()) });
    // The others are there again. One of them alone is not enough.
    federation.clock.pass(hours(1));
    let one = federation.nodes[1].home().partner.clone();
    let tended = node.tend_log(&OneOf { peers: &peers, only: one }, Pace::Ordinary).await.expect("tended");
    assert_eq!(standing(tended), LogStanding::Stopped);
    federation.clock.pass(hours(1));
    assert_eq!(standing(node.tend_log(&peers, Pace::Ordinary).await.expect("tended")), LogStanding::Cosigned);
    assert!(node.log_is_cosigned(node.now()).is_ok());
    assert_eq!(node.log_now().cosigned, 2);
}

/// One of the others can be reached.
struct OneOf<'p> {
    peers: &'p polder_federation_tests::local::LocalPeers,
    only: PartnerId,
}

impl LogPeers for OneOf<'_> {
    fn add_checkpoint(&self, to: Arc<Member>, submission: String) -> BoxFuture<'_, Result<WitnessReply, PeerFailure>> {
        if to.partner == self.only { self.peers.add_checkpoint(to, submission) } else { NoPeers.add_checkpoint(to, submission) }
    }
}

/// A log without news is cosigned anew within a day, so that everyone sees that it lives.
#[tokio::test]
async fn a_log_without_news_is_cosigned_anew() {
    let federation = Federation::open(3, start()).await;
    let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
    let since = async || node.tend_log(&peers, Pace::Ordinary).await.expect("tended").since;
    assert_eq!(since().await, Some(start()));
    federation.clock.pass(hours(12));
    assert_eq!(since().await, Some(start()));
    federation.clock.pass(Duration::from_secs(1));
    assert_eq!(since().await, Some(node.now()));
    assert_eq!((state(node).await.leaves, cosigners(&last(node).await, node)), (1, 2));
}

/// Fewer partners than have to: as many as there are. NoPeers else: nobody has to, and the log lives on all the same.
#[tokio::test]
async fn where_there_are_fewer_all_of_them_have_to_cosign() {
    for (count, cosigned) in [(1, Some(1)), (2, None)] {
        let federation = Federation::open(count, start()).await;
        let node = &federation.nodes[0];
        node.tend_log(&NoPeers, Pace::AtOnce).await.expect("tended");
        assert_eq!(state(node).await.cosigned.map(|kept| kept.size), cosigned, "of {count}");
        federation.clock.pass(hours(100));
        node.tend_log(&NoPeers, Pace::AtOnce).await.expect("tended");
        assert_eq!(node.log_is_cosigned(node.now()).is_ok(), count == 1, "of {count}");
        federation.clock.pass(hours(1));
        federation.tend_logs().await;
        assert_eq!(state(node).await.cosigned.map(|kept| kept.size), Some(1), "of {count}");
        assert!(node.log_is_cosigned(node.now()).is_ok());
    }
}

/// Whoever did not cosign is left alone for a while, and then for longer.
#[tokio::test]
async fn a_witness_that_does_not_reply_is_asked_ever_more_rarely() {
    let federation = Federation::open(2, start()).await;
    let (node, asked) = (&federation.nodes[0], std::sync::atomic::AtomicUsize::new(0));
    let garbage = Says(|_: &Member, _: &Submission| {
        asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        WitnessReply::Cosigned(b"no line\n".to_vec())
    });
    let mut times = Vec::new();
    for second in 0..300 {
        let before = asked.load(std::sync::atomic::Ordering::SeqCst);
        node.tend_log(&garbage, Pace::AtOnce).await.expect("tended");
        if asked.load(std::sync::atomic::Ordering::SeqCst) > before {
            times.push(second);
        }
        federation.clock.pass(Duration::from_secs(1));
    }
    assert_eq!(times, [0, 2, 6, 14, 30, 62, 126, 254]);
}

/// What a witness says counts where it holds, under its own name and key, of that checkpoint.
#[tokio::test]
async fn no_reply_counts_that_does_not_hold() {
    let federation = Federation::open(3, start()).await;
    let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
    node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    let old = last(node).await;
    let line_of = |signed: &SignedCheckpoint, partner: &PartnerId| {
        let lines: Vec<String> =
            signed.signatures().iter().filter(|line| line.name() == partner.as_str()).map(|line| format!("{line}\n")).collect();
        lines.concat().into_bytes()
    };
    let others: Vec<PartnerId> = federation.nodes[1..].iter().map(|node| node.home().partner.clone()).collect();
    let before = node.now();
    append(node, 0..1).await;
    type Lie = Box<dyn Fn(&Member, &Submission) -> WitnessReply + Send + Sync>;
    let lies: Vec<(&str, Lie)> = vec![
        ("of an older checkpoint", {
            let old = old.clone();
            Box::new(move |to, _| WitnessReply::Cosigned(line_of(&old, &to.partner)))
        }),
        ("of another partner", {
            let (old, others) = (old.clone(), others.clone());
            Box::new(move |to, _| WitnessReply::Cosigned(line_of(&old, others.iter().find(|other| **other != to.partner).expect("two"))))
        }),
        ("nothing", Box::new(|_, _| WitnessReply::Cosigned(Vec::new()))),
        ("no line", Box::new(|_, _| WitnessReply::Cosigned(b"\xff\n".to_vec()))),
        ("another size each time", {
            let next = std::sync::atomic::AtomicU64::new(0);
            Box::new(move |_, submission| {
                WitnessReply::Knows(if submission.old_size == 0 { 1 } else { next.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 2 })
            })
        }),
        ("more than there is", Box::new(|_, _| WitnessReply::Knows(1_000))),
        ("more than can be", Box::new(|_, _| WitnessReply::Knows(u64::MAX))),
        ("the same size again", Box::new(|_, submission| WitnessReply::Knows(submission.old_size))),
    ];
    for (what, lie) in lies {
        federation.clock.pass(hours(2));
        node.tend_log(&Says(lie), Pace::AtOnce).await.expect("tended");
        let signed = last(node).await;
        assert_eq!((signed.checkpoint().size, cosigners(&signed, node)), (2, 0), "{what}");
        assert_eq!(node.log_now().since, Some(before), "{what}");
    }
    // None of it harmed anything.
    federation.clock.pass(hours(2));
    node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    assert_eq!(cosigners(&last(node).await, node), 2);
}

/// L3: a history that was changed is cosigned by no witness that saw it; what was written past the program is noticed before that, where it does not
/// fit what was signed.
#[tokio::test]
async fn a_changed_history_is_cosigned_by_nobody() {
    for more in [0, 5] {
        let federation = Federation::open(3, start()).await;
        let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
        let rows = append(node, 0..9).await;
        node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
        let seen = last(node).await;
        append(node, 9..9 + more).await;
        let file = federation.directory().join("0.db");
        // One leaf is another one now. The tiles still are what was signed; the row cannot be proved any more.
        sqlite(&file, "UPDATE leaves SET entry = replace(entry, 'kvk:90000002', 'kvk:90000003') WHERE seq = 4").await;
        sqlite(
            &file,
            "UPDATE leaves SET entry = CAST(replace(CAST(entry AS TEXT), 'match-vacancy', 'be-contacted') AS BLOB) WHERE seq = 4",
        )
        .await;
        let refused = node.log_export(rows.clone()).await;
        assert!(matches!(refused, Err(ExportRefused::Log(LogFailed::Damaged(_)))), "{refused:?}");
        // The tiles are made to fit, under what was signed.
        sqlite(&file, "UPDATE log_tiles SET hashes = CAST(zeroblob(length(hashes)) AS BLOB)").await;
        append(node, 100..101).await;
        let refused = node.tend_log(&peers, Pace::AtOnce).await;
        assert!(matches!(refused, Err(LogFailed::Damaged(_))), "{refused:?}");
        // Nothing of what was signed is left: the node signs another history, and nobody cosigns it.
        sqlite(
            &file,
            "DELETE FROM log_tiles; DELETE FROM checkpoints; DELETE FROM leaves WHERE seq > 9 AND seq < (SELECT max(seq) FROM leaves)",
        )
        .await;
        sqlite(&file, "UPDATE leaves SET seq = 10 WHERE seq > 10; UPDATE counter SET leaves = (SELECT count(*) FROM leaves)").await;
        federation.clock.pass(hours(1));
        node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
        let signed = last(node).await;
        assert_eq!((signed.checkpoint().size, cosigners(&signed, node)), (11, 0));
        assert_eq!(state(node).await.cosigned, None);
        for other in &federation.nodes[1..] {
            let known = other.store().witnessed(&signed.checkpoint().origin.to_string()).await.expect("read").expect("witnessed");
            assert_eq!((known.head.size, known.note.as_str()), (10, known.note.as_str()));
            assert_eq!(known.head.root, *seen.checkpoint().root.as_bytes(), "it knows what it saw");
        }
    }
}

async fn sqlite(file: &std::path::Path, sql: &'static str) {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(5));
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("done");
    connection.close().await.expect("closed");
}

/// Two checkpoints of as many leaves and another root: the witness keeps both, for people, and cosigns the first alone.
#[tokio::test]
async fn two_histories_are_noticed_and_both_checkpoints_are_evidence() {
    let federation = Federation::open(2, start()).await;
    let (node, witness) = (&federation.nodes[0], &federation.nodes[1]);
    append(node, 0..2).await;
    federation.tend_logs().await;
    let (seen, key) = (last(node).await, message_key(node.home().partner.as_str()));
    let fork = |byte: u8| {
        let other = polder_trust::log::Checkpoint { root: Hash::from_bytes([byte; 32]), ..seen.checkpoint().clone() };
        Submission { old_size: 3, proof: Vec::new(), checkpoint: other.sign(&key) }
    };
    let origin = &seen.checkpoint().origin;
    assert_eq!(witness.log_evidence(origin).await.expect("read"), None);
    for byte in [1, 2] {
        let refused = witness.add_checkpoint(fork(byte).to_string().as_bytes(), &node.home().partner).await;
        assert!(refused.is_err_and(|refused| refused.to_string().contains("another root over 3 leaves")));
        let [known, other] = witness.log_evidence(origin).await.expect("read").expect("evidence").map(|text| note(&text));
        assert_eq!(
            (known.checkpoint(), other.checkpoint()),
            (seen.checkpoint(), fork(1).checkpoint.checkpoint()),
            "the first two are enough"
        );
        for one in [&known, &other] {
            assert_eq!(one.is_signed(&[key.public()]), Ok(true));
        }
    }
    let files: Vec<String> = std::fs::read_dir(federation.directory().join("evidence"))
        .expect("a directory")
        .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("text"))
        .collect();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|text| note(text).checkpoint().size == 3), "{files:?}");
    // It still is the witness of what it knew, and its operator sees it in the numbers, and by name.
    append(node, 2..3).await;
    federation.tend_logs().await;
    assert_eq!((witness.logs_with_two_histories(), node.logs_with_two_histories()), (1, 0));
    let found = two_histories(&witness.store().reader()).await.expect("read");
    assert_eq!(found, std::slice::from_ref(origin));
    // Until the stewards have decided.
    assert!(!is_settled(origin, &witness.register()));
    let members = [node, witness].map(|one| member(one.home().partner.as_str())).to_vec();
    let mut region = Region::named(origin.region(), members);
    region.set_status(origin.partner(), Status::Expelled);
    assert!(is_settled(origin, &region.register(start())));
    assert_eq!(cosigners(&last(node).await, node), 1);
}

/// Of two submissions at the same time each is decided on what the other left: never are two roots of one size cosigned.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_histories_at_once_one_is_cosigned() {
    let federation = Federation::open(2, start()).await;
    let (node, witness) = (&federation.nodes[0], Arc::clone(&federation.nodes[1]));
    let (origin, key, from) = (node.log_origin().expect("a log"), message_key(node.home().partner.as_str()), node.home().partner.clone());
    for size in 1..20_u64 {
        let known = witness.store().witnessed(&origin.to_string()).await.expect("read").map_or(0, |known| known.head.size);
        let tries = (1..=8).map(|byte| {
            // From nothing any root follows; later ones need a proof, and have none.
            let checkpoint = polder_trust::log::Checkpoint { origin: origin.clone(), size, root: Hash::from_bytes([byte; 32]) };
            let body = Submission { old_size: known, proof: Vec::new(), checkpoint: checkpoint.sign(&key) }.to_string();
            let (witness, from) = (Arc::clone(&witness), from.clone());
            tokio::spawn(async move { witness.add_checkpoint(body.as_bytes(), &from).await.is_ok() })
        });
        let mut cosigned = 0;
        for one in tries.collect::<Vec<_>>() {
            cosigned += usize::from(one.await.expect("no panic"));
        }
        assert_eq!(cosigned, usize::from(size == 1), "{size}");
    }
}

/// What is in the database of an old backup is shorter than what others have seen.
#[tokio::test]
async fn a_log_that_lost_leaves_is_cosigned_by_nobody() {
    let federation = Federation::open(2, start()).await;
    let (node, peers) = (&federation.nodes[0], federation.peers_of(0));
    append(node, 0..4).await;
    node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    let file = federation.directory().join("0.db");
    sqlite(&file, "DELETE FROM leaves WHERE seq > 2; DELETE FROM leaf_rows WHERE leaf > 2; DELETE FROM log_tiles; DELETE FROM checkpoints; UPDATE counter SET leaves = 3").await;
    federation.clock.pass(hours(1));
    let found = node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    assert_eq!((found.leaves, found.signed, found.cosigned), (3, 3, 0));
    // What is written in the place of what was lost is another history.
    append(node, 50..52).await;
    federation.clock.pass(hours(1));
    let found = node.tend_log(&peers, Pace::AtOnce).await.expect("tended");
    assert_eq!((found.signed, found.cosigned), (5, 0));
    let evidence = federation.nodes[1].log_evidence(&node.log_origin().expect("a log")).await.expect("read");
    assert!(evidence.is_some(), "as many leaves, and another root");
}

/// L5: where row and salt are erased the leaf still verifies, and nothing of the row is left.
#[tokio::test]
async fn an_erased_row_verifies_and_says_nothing() {
    let federation = Federation::open(3, start()).await;
    let node = &federation.nodes[0];
    let rows = append(node, 0..3).await;
    federation.tend_logs().await;
    let erased: Vec<LogRow> = rows.iter().map(|row| LogRow { seq: row.seq, text: None }).collect();
    let export = node.log_export(erased).await.expect("proved");
    assert_eq!(wrong(&export, node, 2), [""; 0]);
    let said = serde_json::to_string(&export).expect("JSON");
    for (text, _) in rows.iter().filter_map(|row| row.text.as_ref()) {
        let text = String::from_utf8(text.clone()).expect("text");
        assert!(!said.contains(&text) && text.contains("\"worker\":") && !said.contains("\"worker\":"));
    }
    let (text, salt) = rows[1].text.clone().expect("not erased here");
    assert!(export.rows[1].leaf.is_of(salt, &text), "with its salt it is found at once");
}
