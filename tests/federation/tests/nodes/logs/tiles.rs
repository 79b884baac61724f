//! The tree of a log: all that was signed of it fits, over the bounds of tiles.

use polder_exchange::Node;
use polder_exchange::log::Pace;
use polder_federation_tests::leaves::append;
use polder_federation_tests::local::Federation;
use polder_federation_tests::random::Random;
use polder_trust::log::{Hash, Part, Span, consistency, root, verify_consistency};

use super::{cosigners, last, start};

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
