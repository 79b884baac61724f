//! Proofs: against known ones, against another implementation, and against all that is nearly one.

use std::time::{Duration, Instant};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use polder_random::Random;
use polder_trust::log::{
    Hash, MOST_LEAVES, Part, Span, consistency, inclusion, leaf_hash, node_hash, root, verify_consistency, verify_inclusion,
};
use sha2::Sha256;

use super::{consistency_proof, inclusion_proof, leaves, slice};

fn hash(hex: &str) -> Hash {
    Hash::try_from(hex::decode(hex).expect("hexadecimal").as_slice()).expect("32 bytes")
}

/// The leaves that implementations of RFC 6962 have tested each other with since the first one, and their roots.
const LEAVES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const A: &str = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
const B: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const G: &str = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const H: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const E: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const SEVENTH: &str = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f";
const LAST_TWO: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const MIDDLE_TWO: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const FIRST_FOUR: &str = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const LAST_FOUR: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

fn known(count: usize) -> Vec<Hash> {
    LEAVES.iter().take(count).map(|leaf| leaf_hash(&hex::decode(leaf).expect("hexadecimal"))).collect()
}

#[test]
fn known_roots_and_proofs() {
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(root(&known(size)), hash(expected), "{size} leaves");
    }
    assert_eq!(Hash::EMPTY, hash(ROOTS[0]));
    let inclusions: [(u64, usize, &[&str]); 5] =
        [(0, 1, &[]), (0, 8, &[B, H, LAST_FOUR]), (5, 8, &[E, LAST_TWO, FIRST_FOUR]), (2, 3, &[G]), (1, 5, &[A, H, E])];
    for (index, size, expected) in inclusions {
        let expected: Vec<Hash> = expected.iter().map(|hex| hash(hex)).collect();
        assert_eq!(inclusion_proof(&known(size), index), expected, "leaf {index} of {size}");
    }
    let consistencies: [(u64, usize, &[&str]); 5] = [
        (1, 1, &[]),
        (1, 8, &[B, H, LAST_FOUR]),
        (6, 8, &[MIDDLE_TWO, LAST_TWO, FIRST_FOUR]),
        (2, 5, &[H, E]),
        (6, 7, &[MIDDLE_TWO, SEVENTH, FIRST_FOUR]),
    ];
    for (old, new, expected) in consistencies {
        let expected: Vec<Hash> = expected.iter().map(|hex| hash(hex)).collect();
        assert_eq!(consistency_proof(&known(new), old), expected, "{old} to {new}");
    }
}

/// The tree of seven leaves of RFC 6962, section 2.1.3.
#[test]
fn the_example_of_the_standard() {
    let spans =
        |found: Option<Vec<Span>>| -> Vec<(u64, u64)> { found.expect("a proof").iter().map(|span| (span.start(), span.end())).collect() };
    let (b, c, d, f, g, h) = ((1, 2), (2, 3), (3, 4), (5, 6), (0, 2), (2, 4));
    let (i, j, k, l) = ((4, 6), (6, 7), (0, 4), (4, 7));
    assert_eq!(spans(inclusion(0, 7)), [b, h, l]);
    assert_eq!(spans(inclusion(3, 7)), [c, g, l]);
    assert_eq!(spans(inclusion(4, 7)), [f, j, k]);
    assert_eq!(spans(inclusion(6, 7)), [i, k]);
    assert_eq!(spans(consistency(3, 7)), [c, d, g, l]);
    assert_eq!(spans(consistency(4, 7)), [l]);
    assert_eq!(spans(consistency(6, 7)), [i, j, k]);
}

#[test]
fn what_cannot_be_proved() {
    for (index, size) in [(0, 0), (7, 7), (0, MOST_LEAVES + 1), (u64::MAX, u64::MAX)] {
        assert_eq!(inclusion(index, size), None);
        assert!(!verify_inclusion(&Hash::EMPTY, index, size, &[], &Hash::EMPTY));
    }
    for (old, new) in [(1, 0), (8, 7), (0, MOST_LEAVES + 1), (1, u64::MAX)] {
        assert_eq!(consistency(old, new), None);
        assert!(!verify_consistency(old, &Hash::EMPTY, new, &Hash::EMPTY, &[]));
    }
    let one = leaf_hash(b"");
    assert!(verify_consistency(0, &Hash::EMPTY, 1, &one, &[]));
    assert!(!verify_consistency(0, &one, 1, &one, &[]), "no leaves have the root of nothing");
    assert!(!verify_consistency(0, &one, 0, &one, &[]));
    assert!(!verify_consistency(0, &Hash::EMPTY, 1, &one, &[one]), "a proof from no leaves is empty");
    assert_eq!(inclusion(MOST_LEAVES - 1, MOST_LEAVES).map(|spans| spans.len()), Some(62));
}

/// Sizes up to 70, and some larger ones.
fn sizes() -> impl Iterator<Item = u64> {
    let mut random = Random::new(1);
    (0..=70).chain((0..12).map(move |_| 71 + random.below(3_000) as u64)).chain([255, 256, 257, 1_024])
}

fn by_ct_merkle(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|number| tree.push(number.to_be_bytes().to_vec()));
    tree
}

#[test]
fn another_implementation_makes_the_same_proofs() {
    let mut random = Random::new(2);
    for size in sizes() {
        let (tree, ours) = (by_ct_merkle(size), leaves(size));
        assert_eq!(tree.root().as_bytes().as_slice(), root(&ours).as_bytes(), "{size} leaves");
        let some: Vec<u64> = if size <= 70 { (0..size).collect() } else { (0..40).map(|_| random.bits() % size).collect() };
        for number in some {
            let bytes = |proof: Vec<Hash>| proof.iter().flat_map(|hash| *hash.as_bytes()).collect::<Vec<u8>>();
            let index = usize::try_from(number).expect("few leaves");
            assert_eq!(tree.prove_inclusion(index).as_bytes(), bytes(inclusion_proof(&ours, number)), "leaf {number} of {size}");
            let additions = usize::try_from(size - number - 1).expect("few leaves");
            assert_eq!(
                tree.prove_consistency(additions).as_bytes(),
                bytes(consistency_proof(&ours, number + 1)),
                "{} to {size}",
                number + 1
            );
        }
    }
}

#[test]
fn every_proof_holds_and_nothing_that_is_nearly_one() {
    let (mut random, mut refused) = (Random::new(3), 0_u64);
    for size in sizes() {
        let leaves = leaves(size);
        let whole = root(&leaves);
        let some: Vec<u64> = if size <= 70 { (0..size).collect() } else { (0..20).map(|_| random.bits() % size).collect() };
        for number in some {
            let leaf = leaves[usize::try_from(number).expect("few leaves")];
            let proof = inclusion_proof(&leaves, number);
            assert!(verify_inclusion(&leaf, number, size, &proof, &whole), "leaf {number} of {size}");
            for (leaf, root, proof) in changed(&leaf, &whole, &proof, &mut random) {
                assert!(!verify_inclusion(&leaf, number, size, &proof, &root), "leaf {number} of {size}, changed");
                refused += 1;
            }
            // The same root for a tree that is one node higher.
            let higher = size.next_power_of_two() + 1;
            assert!(!verify_inclusion(&leaf, number, higher, &proof, &whole), "leaf {number} of {size} as of {higher}");
            let (old, old_root) = (number + 1, root(&leaves[..=usize::try_from(number).expect("few leaves")]));
            let proof = consistency_proof(&leaves, old);
            assert!(verify_consistency(old, &old_root, size, &whole, &proof), "{old} to {size}");
            assert!(!verify_consistency(old, &old_root, higher, &whole, &proof), "{old} to {size} as to {higher}");
            for (old_root, root, proof) in changed(&old_root, &whole, &proof, &mut random) {
                // Of one size with itself nothing is proved but that the roots are the same.
                let is_same = old == size && old_root == root && proof.is_empty();
                assert!(is_same || !verify_consistency(old, &old_root, size, &root, &proof), "{old} to {size}, changed");
                refused += 1;
            }
        }
    }
    assert!(refused > 500_000, "{refused}");
}

/// Two hashes and a proof, each time with something else: a bit in any of the hashes (each bit, where there are few), a hash left out, doubled, put in
/// or put elsewhere.
fn changed(first: &Hash, second: &Hash, proof: &[Hash], random: &mut Random) -> Vec<(Hash, Hash, Vec<Hash>)> {
    let mut all = Vec::new();
    let bits: Vec<usize> = if proof.len() < 4 { (0..256).collect() } else { (0..4).map(|_| random.below(256)).collect() };
    for bit in bits {
        all.push((flipped(first, bit), *second, proof.to_vec()));
        all.push((*first, flipped(second, bit), proof.to_vec()));
        for place in 0..proof.len() {
            let mut other = proof.to_vec();
            other[place] = flipped(&other[place], bit);
            all.push((*first, *second, other));
        }
    }
    for place in 0..=proof.len() {
        for put in [*first, *second, Hash::EMPTY] {
            let mut other = proof.to_vec();
            other.insert(place, put);
            all.push((*first, *second, other));
        }
        if place < proof.len() {
            let mut other = proof.to_vec();
            other.insert(place, proof[place]);
            all.push((*first, *second, other));
            let mut other = proof.to_vec();
            other.remove(place);
            all.push((*first, *second, other));
        }
        if place + 1 < proof.len() {
            let mut other = proof.to_vec();
            other.swap(place, place + 1);
            all.push((*first, *second, other));
        }
    }
    all
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}

/// What is proved of one place is proved of no other: of all places and sizes up to 24 each proof holds where it is the honest one, and nowhere else.
#[test]
fn a_proof_is_of_one_place_and_size() {
    const MOST: u64 = 24;
    let leaves = leaves(MOST);
    let at = |number: u64| usize::try_from(number).expect("few leaves");
    let places: Vec<(u64, u64)> = (1..=MOST).flat_map(|size| (0..size).map(move |index| (index, size))).collect();
    let roots: Vec<Hash> = (0..=MOST).map(|size| root(&leaves[..at(size)])).collect();
    let inclusions: Vec<Vec<Hash>> = places.iter().map(|(index, size)| inclusion_proof(&leaves[..at(*size)], *index)).collect();
    let consistencies: Vec<Vec<Hash>> = places.iter().map(|(index, size)| consistency_proof(&leaves[..at(*size)], index + 1)).collect();
    for (here, (index, size)) in places.iter().enumerate() {
        for there in 0..places.len() {
            let holds = verify_inclusion(&leaves[at(*index)], *index, *size, &inclusions[there], &roots[at(*size)]);
            assert_eq!(holds, inclusions[here] == inclusions[there], "{:?} for {:?}", places[there], places[here]);
            let old = index + 1;
            let holds = verify_consistency(old, &roots[at(old)], *size, &roots[at(*size)], &consistencies[there]);
            assert_eq!(holds, consistencies[here] == consistencies[there], "{:?} for {:?}", places[there], places[here]);
        }
        for other in (0..MOST).filter(|other| other != index) {
            assert!(!verify_inclusion(&leaves[at(other)], *index, *size, &inclusions[here], &roots[at(*size)]), "another leaf");
            let holds = verify_inclusion(&leaves[at(*index)], other, *size, &inclusions[here], &roots[at(*size)]);
            assert!(!holds, "another number");
        }
    }
}

/// Roots of whole subtrees, as a store keeps them: of leaves, of 256 leaves, of 65,536.
fn tiles(leaves: Vec<Hash>) -> Vec<Vec<Hash>> {
    let mut levels = vec![leaves];
    while levels[levels.len() - 1].len() >= 256 {
        levels.push(levels[levels.len() - 1].chunks_exact(256).map(root).collect());
    }
    levels
}

fn read(tiles: &[Vec<Hash>], part: Part) -> &[Hash] {
    let at = |number: u64| usize::try_from(number).expect("few leaves");
    &tiles[usize::from(part.level)][at(part.start)..at(part.end)]
}

fn from_tiles(tiles: &[Vec<Hash>], span: Span) -> Hash {
    let hashes: Vec<Hash> = span.parts().into_iter().flat_map(|part| read(tiles, part)).copied().collect();
    span.root(&hashes).expect("as many as its parts have")
}

#[test]
fn parts_are_whole_few_and_make_the_root() {
    let mut random = Random::new(4);
    let leaves = leaves(70_000);
    let kept = tiles(leaves.clone());
    for _ in 0..25 {
        let size = 1 + random.bits() % 70_000;
        let whole = &leaves[..usize::try_from(size).expect("few leaves")];
        assert_eq!(from_tiles(&kept, Span::tree(size)), root(whole), "{size} leaves");
        let spans = inclusion(random.bits() % size, size).into_iter().chain(consistency(1 + random.bits() % size, size)).flatten();
        for span in spans {
            assert_eq!(from_tiles(&kept, span), root(slice(&leaves, span)), "{span:?}");
        }
    }
    assert_eq!(from_tiles(&kept, Span::tree(0)), Hash::EMPTY);
    let three = &leaves[..3];
    assert_eq!(Span::tree(3).root(three), Some(node_hash(&node_hash(&three[0], &three[1]), &three[2])));
    assert_eq!((Span::tree(3).root(&leaves[..2]), Span::tree(3).root(&leaves[..4])), (None, None), "as many hashes as it has parts");
    // Of sizes that no test has the time to hash, the shape alone.
    for _ in 0..2_000 {
        let size = 1 + (random.bits() >> (1 + random.below(60)));
        let size = size.min(MOST_LEAVES);
        let spans = inclusion(random.bits() % size, size).into_iter().chain(consistency(1 + random.bits() % size, size)).flatten();
        for span in spans.chain([Span::tree(size)]) {
            let mut at = span.start();
            for part in span.parts() {
                let width = 256_u64.pow(u32::from(part.level));
                assert_eq!(part.start * width, at, "{span:?} {part:?}");
                assert!((1..=255).contains(&(part.end - part.start)), "{span:?} {part:?}");
                at = part.end * width;
            }
            assert_eq!(at, span.end());
        }
    }
}

/// A proof in a log of a million leaves is made of what is kept in less than a millisecond, and reads at most 255 hashes of each size.
#[test]
fn a_proof_among_a_million_leaves() {
    const SIZE: u64 = 1_000_003;
    let kept = tiles(leaves(SIZE));
    let whole = from_tiles(&kept, Span::tree(SIZE));
    let mut random = Random::new(5);
    let mut times = Vec::new();
    for _ in 0..100 {
        let index = random.bits() % SIZE;
        let parts: Vec<Part> = inclusion(index, SIZE).expect("a proof").into_iter().flat_map(Span::parts).collect();
        for level in 0..3 {
            let read: u64 = parts.iter().filter(|part| part.level == level).map(|part| part.end - part.start).sum();
            assert!(read <= 255 + 255, "{read} hashes of level {level}: whole subtrees left of the leaf, and those at the right edge");
        }
        let mut took = Duration::MAX;
        for _ in 0..3 {
            let began = Instant::now();
            let proof: Vec<Hash> = inclusion(index, SIZE).expect("a proof").into_iter().map(|span| from_tiles(&kept, span)).collect();
            took = took.min(began.elapsed());
            assert!(verify_inclusion(&kept[0][usize::try_from(index).expect("few leaves")], index, SIZE, &proof, &whole));
        }
        times.push(took);
    }
    times.sort();
    println!("a proof among {SIZE} leaves: median {:?}, slowest {:?}", times[50], times[99]);
    assert!(times[50] < Duration::from_millis(1), "{:?}", times[50]);
}
