//! The witness: what it refuses, and that nobody can show two histories to those who compare (L2, L3).

use polder_random::Random;
use polder_trust::keys::PublicKey;
use polder_trust::log::{Checkpoint, Hash, Head, Refused, Submission, consistency, leaf_hash, root, step};

use super::{checkpoint, consistency_proof, key, leaves, now};

fn keys() -> Vec<PublicKey> {
    vec![key(1).public()]
}

/// The checkpoint of these leaves, with a proof from the first `old`.
fn submission(leaves: &[Hash], old: u64) -> Submission {
    let proof = if old <= leaves.len() as u64 { consistency_proof(leaves, old) } else { Vec::new() };
    Submission { old_size: old, proof, checkpoint: checkpoint(leaves).sign(key(1)) }
}

fn head(leaves: &[Hash]) -> Head {
    Head { size: leaves.len() as u64, root: root(leaves) }
}

fn first(leaves: &[Hash], count: u64) -> &[Hash] {
    &leaves[..usize::try_from(count).expect("few leaves")]
}

#[test]
fn a_log_that_grows_is_cosigned() {
    let all = leaves(300);
    let mut known = Head::default();
    let mut random = Random::new(1);
    let mut size = 0;
    while size < 300 {
        let (next, to_cosign) = step(&known, &submission(first(&all, size), known.size), &keys()).expect("it holds");
        assert_eq!(next, head(first(&all, size)));
        let line = to_cosign.cosign(&"kvk:90000002".parse().expect("a partner"), key(2), now());
        assert_eq!(line.name(), "kvk:90000002");
        known = next;
        // Sometimes nothing has come: it is cosigned again, with a later time.
        size += random.below(20) as u64;
    }
}

#[test]
fn each_refusal() {
    let all = leaves(20);
    let known = head(first(&all, 7));
    let refused = |submission: &Submission| step(&known, submission, &keys()).expect_err("refused");
    let good = submission(&all, 7);
    assert!(step(&known, &good, &keys()).is_ok());

    assert_eq!(step(&known, &good, &[]).expect_err("refused"), Refused::Unsigned);
    assert_eq!(step(&known, &good, &[key(3).public()]).expect_err("refused"), Refused::Unsigned, "signed by a key of nobody");
    let mut other = good.clone();
    other.checkpoint = checkpoint(&all).sign(key(3));
    assert_eq!(refused(&other), Refused::Unsigned);
    let forged = good.to_string().replacen("\n20\n", "\n21\n", 1);
    assert_eq!(refused(&Submission::parse(forged.as_bytes()).expect("a submission")), Refused::Unsigned, "a wrong signature");

    for old in [0, 6, 8, 20] {
        assert_eq!(refused(&submission(&all, old)), Refused::OtherSize { size: 7 }, "from {old}");
    }
    assert_eq!(refused(&submission(first(&all, 6), 7)), Refused::Smaller);
    assert_eq!(refused(&submission(&[], 7)), Refused::Smaller);
    assert_eq!(refused(&submission(first(&all, 6), 6)), Refused::OtherSize { size: 7 });

    let mut other = good.clone();
    other.proof.pop();
    assert_eq!(refused(&other), Refused::Proof { size: 7 });
    let mut other = good.clone();
    other.proof.push(Hash::EMPTY);
    assert_eq!(refused(&other), Refused::Proof { size: 7 });

    let mut fork = first(&all, 7).to_vec();
    fork[3] = leaf_hash(b"another history");
    for old in [7, 0, 3] {
        assert_eq!(refused(&submission(&fork, old)), Refused::Forked { size: 7, known: known.root }, "from {old}");
    }
    assert_eq!(
        refused(&Submission { checkpoint: checkpoint(&fork).sign(key(3)), ..submission(&fork, 7) }),
        Refused::Unsigned,
        "no evidence"
    );
    // Of no leaves there is one root.
    let strange = Checkpoint { root: all[0], ..checkpoint(&[]) }.sign(key(1));
    let strange = Submission { old_size: 0, proof: Vec::new(), checkpoint: strange };
    assert!(step(&Head::default(), &strange, &keys()).is_err());
    // The first time: nothing to compare with, and no proof.
    let mut newcomer = submission(&all, 0);
    assert!(step(&Head::default(), &newcomer, &keys()).is_ok());
    newcomer.proof.push(all[0]);
    assert_eq!(step(&Head::default(), &newcomer, &keys()).expect_err("refused"), Refused::Proof { size: 0 });
}

/// Another history than `leaves`, from somewhere before `before` on: a leaf changed, left out, put in, two exchanged.
fn another_history(leaves: &[Hash], before: u64, random: &mut Random) -> Vec<Hash> {
    let place = random.below(usize::try_from(before).expect("few leaves"));
    let mut other = leaves.to_vec();
    match random.below(4) {
        0 => other[place] = leaf_hash(&random.bits().to_be_bytes()),
        1 => {
            other.remove(place);
        }
        2 => other.insert(place, leaf_hash(&random.bits().to_be_bytes())),
        _ if place + 1 < other.len() => other.swap(place, place + 1),
        _ => other[place] = Hash::EMPTY,
    }
    other
}

/// L3: once a witness has seen a leaf, no history without it is cosigned, whatever proof comes along.
#[test]
fn a_changed_history_is_never_cosigned() {
    let mut random = Random::new(2);
    let mut tried = 0;
    for _ in 0..1_500 {
        let all = leaves(2 + random.bits() % 80);
        let seen = 1 + random.bits() % all.len() as u64;
        let known = head(first(&all, seen));
        let mut other = another_history(&all, seen, &mut random);
        while (other.len() as u64) < seen {
            other.push(leaf_hash(&random.bits().to_be_bytes()));
        }
        assert!(step(&known, &submission(&all, seen), &keys()).is_ok());
        let mut proofs = vec![consistency_proof(&all, seen), consistency_proof(&other, seen), Vec::new()];
        // What a liar can make of both histories.
        let spans = consistency(seen, other.len() as u64).expect("a proof");
        let either = |random: &mut Random| -> Vec<Hash> {
            let of = |leaves: &[Hash], span: &polder_trust::log::Span| {
                let at = |number: u64| usize::try_from(number).expect("few leaves").min(leaves.len());
                root(&leaves[at(span.start())..at(span.end())])
            };
            spans.iter().map(|span| if random.chance(50) { of(&all, span) } else { of(&other, span) }).collect()
        };
        proofs.extend((0..6).map(|_| either(&mut random)));
        for proof in proofs {
            let lie = Submission { old_size: seen, proof, checkpoint: checkpoint(&other).sign(key(1)) };
            let refused = step(&known, &lie, &keys()).expect_err("another history");
            let same_size = other.len() as u64 == seen;
            assert!(matches!(refused, Refused::Proof { .. }) || same_size && matches!(refused, Refused::Forked { .. }), "{refused:?}");
            tried += 1;
        }
    }
    assert!(tried > 10_000, "{tried}");
}

/// L2: a log that grows two histories shows both to a witness, in any order and with any size as the old one. What was cosigned is one history.
#[test]
fn what_one_witness_cosigned_is_one_history() {
    let mut random = Random::new(3);
    let (mut cosigned_twice, mut forks) = (0, 0);
    for _ in 0..400 {
        let common = leaves(random.bits() % 12);
        let mut histories = [common.clone(), common];
        let (mut known, mut cosigned): (Head, Vec<Vec<Hash>>) = (Head::default(), Vec::new());
        for _ in 0..12 {
            let which = random.below(2);
            for _ in 0..random.below(4) {
                histories[which].push(leaf_hash(&random.bits().to_be_bytes()));
            }
            let shown = &histories[which];
            let old = if random.chance(80) { known.size } else { random.bits() % 20 };
            match step(&known, &submission(shown, old), &keys()) {
                Ok((next, _)) => {
                    assert_eq!(next, head(shown));
                    known = next;
                    cosigned.push(shown.clone());
                }
                Err(Refused::Forked { size, known: root }) => {
                    assert_eq!((size, root), (known.size, known.root));
                    forks += 1;
                }
                Err(_) => {}
            }
        }
        for pair in cosigned.windows(2) {
            assert!(pair[1].starts_with(&pair[0]), "the later checkpoint has all leaves of the earlier one");
        }
        cosigned_twice += usize::from(cosigned.len() > 1);
    }
    assert!(cosigned_twice > 200 && forks > 50, "{cosigned_twice} {forks}");
}
