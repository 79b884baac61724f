//! The log of a node, and the other nodes that witness it, in memory.

mod histories;
mod tiles;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use polder_exchange::log::{ExportRefused, LogNow, LogPeers, LogRow, LogStanding, Pace, WitnessReply};
use polder_exchange::{Node, PeerFailure};
use polder_federation_tests::leaves::append;
use polder_federation_tests::local::Federation;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::register::message_key;
use polder_model::{PartnerId, Timestamp};
use polder_store::LogState;
use polder_trust::log::{Expected, Export, SignedCheckpoint, Submission, Witnesses, verify_export};
use polder_trust::register::Member;

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
