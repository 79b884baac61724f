//! Whether proofs hold: the procedures of RFC 9162, sections 2.1.3.2 and 2.1.4.2, which know nothing of how a proof was made.

use super::hash::{Hash, node_hash};
use super::tree::MOST_LEAVES;

/// Whether that proof shows that the leaf with that hash and number stands in the tree of that size and root.
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size || size > MOST_LEAVES {
        return false;
    }
    let (mut place, mut last, mut found) = (index, size - 1, *leaf);
    for hash in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            found = node_hash(hash, &found);
            (place, last) = past_single(place, last);
        } else {
            found = node_hash(&found, hash);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && found == *root
}

/// Whether that proof shows that the tree of the new size and root begins with that of the old size and root.
#[must_use]
pub fn verify_consistency(old_size: u64, old_root: &Hash, new_size: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    let is_possible = |size: u64, root: &Hash| size > 0 || *root == Hash::EMPTY;
    if old_size > new_size || new_size > MOST_LEAVES || !is_possible(old_size, old_root) || !is_possible(new_size, new_root) {
        return false;
    }
    if old_size == 0 || old_size == new_size {
        return proof.is_empty() && (old_size == 0 || old_root == new_root);
    }
    // A whole old tree is itself the first subtree, and not repeated in the proof.
    let (first, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (first, rest)
    };
    let skipped = (old_size - 1).trailing_ones();
    let (mut place, mut last) = ((old_size - 1) >> skipped, (new_size - 1) >> skipped);
    let (mut old, mut new) = (*first, *first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old = node_hash(hash, &old);
            new = node_hash(hash, &new);
            (place, last) = past_single(place, last);
        } else {
            new = node_hash(&new, hash);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && old == *old_root && new == *new_root
}

/// After a node with a left side: past the levels on which it has no right one. The place of such a node is not 0.
fn past_single(place: u64, last: u64) -> (u64, u64) {
    let levels = place.trailing_zeros();
    (place >> levels, last >> levels)
}
