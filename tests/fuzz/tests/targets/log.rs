//! The log: of all that is made from true checkpoints, cosignatures, submissions, proofs and exports, and from those of a log with two histories, only what
//! was really signed and really stands there holds.

use std::sync::OnceLock;
use std::time::Duration;

use polder_consent::{Disclosure, Epoch, FieldSet, Leaf, LeafKind, NewLeaf, Salt, leaf::row_bytes};
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, Target};
use polder_model::about::About;
use polder_model::{Kind, PartnerId, Purpose, Timestamp};
use polder_trust::log::{
    Checkpoint, Expected, Export, Hash, Head, Row, SignedCheckpoint, Span, Submission, Witnesses, consistency, inclusion, leaf_hash, root,
    step, verify_consistency, verify_export, verify_inclusion,
};

use crate::keys::key;

/// Leaves of the true history.
const COUNT: usize = 40;
/// How many of them the witness has cosigned.
const SEEN: usize = 5;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn partner(number: u8) -> PartnerId {
    format!("kvk:9000000{number}").parse().expect("a partner")
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: usize) -> T {
    format!("{number:032x}").parse().expect("an id")
}

/// A true history, and another one that the same log signs too.
struct Histories {
    leaves: Vec<Leaf>,
    rows: Vec<String>,
    hashes: Vec<Hash>,
    other: Vec<Hash>,
}

fn salt(number: usize) -> Salt {
    Salt::from_random([u8::try_from(number).expect("few"); 32])
}

fn histories() -> &'static Histories {
    static HISTORIES: OnceLock<Histories> = OnceLock::new();
    HISTORIES.get_or_init(|| {
        let disclosure = |number: usize| Disclosure {
            id: id(number),
            worker: id(1),
            recipient: partner(2),
            purpose: Purpose::MatchVacancy,
            consent: id(2),
            epoch: Epoch(1),
            fields: FieldSet::NONE,
            about: About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") },
            at: now(),
            use_until: now().plus_seconds(86_400),
            fsc_transaction: None,
        };
        let rows: Vec<Vec<u8>> = (0..COUNT).map(|number| row_bytes(&disclosure(number))).collect();
        let leaf = |(number, row): (usize, &Vec<u8>)| {
            let (recipient, purpose) = (Some(partner(2)), Some(Purpose::MatchVacancy));
            let (kind, activity) = (LeafKind::Disclosure, Some("bemiddeling/3".to_owned()));
            NewLeaf { at: now(), kind, recipient, purpose, activity, salt: salt(number), row: row.clone() }.numbered(number as u64)
        };
        let leaves: Vec<Leaf> = rows.iter().enumerate().map(leaf).collect();
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(&leaf.bytes())).collect();
        let mut other = hashes.clone();
        other[SEEN - 2] = leaf_hash(b"another history");
        let rows = rows.into_iter().map(|row| String::from_utf8(row).expect("text")).collect();
        Histories { leaves, rows, hashes, other }
    })
}

fn checkpoint(hashes: &[Hash]) -> Checkpoint {
    Checkpoint { origin: "proef/kvk:90000001".parse().expect("an origin"), size: hashes.len() as u64, root: root(hashes) }
}

fn proof(hashes: &[Hash], spans: Option<Vec<Span>>) -> Vec<Hash> {
    let at = |number: u64| usize::try_from(number).expect("few leaves");
    spans.expect("a proof").into_iter().map(|span| root(&hashes[at(span.start())..at(span.end())])).collect()
}

/// Everything that the log signed.
fn signed() -> &'static [Checkpoint] {
    static SIGNED: OnceLock<Vec<Checkpoint>> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let both = histories();
        [0, 1, SEEN, 8, 21, COUNT]
            .into_iter()
            .flat_map(|size| [checkpoint(&both.hashes[..size]), checkpoint(&both.other[..size])])
            .collect()
    })
}

/// The last checkpoint of the true history, cosigned by two witnesses.
fn cosigned() -> &'static SignedCheckpoint {
    static COSIGNED: OnceLock<SignedCheckpoint> = OnceLock::new();
    COSIGNED.get_or_init(|| {
        let mut signed = checkpoint(&histories().hashes).sign(key(0));
        for (number, witness) in [(1, partner(2)), (2, partner(3))] {
            let submission = Submission { old_size: 0, proof: Vec::new(), checkpoint: signed.clone() };
            let (_, to_cosign) = step(&Head::default(), &submission, &[key(0).public()]).expect("to be cosigned");
            let line = to_cosign.cosign(&witness, key(number), now());
            signed.add_reply(format!("{line}\n").as_bytes(), &witness, &[key(number).public()]).expect("added");
        }
        signed
    })
}

fn submission(hashes: &[Hash], old: u64) -> Submission {
    Submission { old_size: old, proof: proof(hashes, consistency(old, hashes.len() as u64)), checkpoint: checkpoint(hashes).sign(key(0)) }
}

fn same_bytes(input: &[u8], written: &str) -> Result<(), String> {
    if written.as_bytes() == input { Ok(()) } else { Err("what was read is written otherwise".to_owned()) }
}

fn is_true(checkpoint: &Checkpoint) -> bool {
    usize::try_from(checkpoint.size).is_ok_and(|size| size <= COUNT && checkpoint.root == root(&histories().hashes[..size]))
}

fn submitted(submission: &Submission) -> Verdict {
    let seen = &histories().hashes[..SEEN];
    let head = Head { size: SEEN as u64, root: root(seen) };
    match step(&head, submission, &[key(0).public()]) {
        Ok((next, _)) => {
            let checkpoint = submission.checkpoint.checkpoint();
            let grew = next.size >= head.size && (next.size, next.root) == (checkpoint.size, checkpoint.root);
            if !grew || !is_true(checkpoint) || !signed().contains(checkpoint) || submission.old_size != head.size {
                return Err(format!("{checkpoint} would be cosigned"));
            }
            Ok(format!("cosigned {}", next.size))
        }
        Err(refused) => Ok(format!("{refused:?}").chars().take(40).collect()),
    }
}

fn noted(note: &SignedCheckpoint) -> Verdict {
    let by_log = note.is_signed(&[key(0).public()]);
    if by_log == Ok(true) && !signed().contains(note.checkpoint()) {
        return Err(format!("{} was never signed", note.checkpoint()));
    }
    let by_witness = note.cosigned(&partner(2), &[key(1).public(), key(3).public()]);
    if matches!(by_witness, Ok(Some(at)) if at != now() || note.checkpoint() != cosigned().checkpoint()) {
        return Err(format!("{} was never cosigned then", note.checkpoint()));
    }
    Ok(format!("{by_log:?} {by_witness:?} {}", note.signatures().len().min(4)))
}

fn replied(input: &[u8]) -> Verdict {
    let mut note = checkpoint(&histories().hashes).sign(key(0));
    let before = note.clone();
    let outcome = note.add_reply(input, &partner(2), &[key(1).public()]);
    match outcome {
        Ok(Some(at)) if at == now() && note.cosigned(&partner(2), &[key(1).public()]) == Ok(Some(at)) => Ok("a reply".to_owned()),
        Ok(None) | Err(_) if note == before => Ok(format!("no reply: {outcome:?}")),
        other => Err(format!("{other:?} of a reply, and the note {note}")),
    }
}

fn text(input: &[u8]) -> Verdict {
    if let Ok(submission) = Submission::parse(input) {
        same_bytes(input, &submission.to_string())?;
        return submitted(&submission);
    }
    match SignedCheckpoint::parse(input) {
        Ok(note) => {
            same_bytes(input, &note.to_string())?;
            noted(&note)
        }
        Err(error) => replied(input).map(|outcome| format!("{error:?} {outcome}")),
    }
}

#[test]
fn checkpoints() {
    let both = histories();
    let mut seeds: Vec<Vec<u8>> = signed().iter().map(|checkpoint| checkpoint.clone().sign(key(0)).to_string().into_bytes()).collect();
    for size in [SEEN, 8, 21, COUNT] {
        seeds.extend([&both.hashes, &both.other].map(|hashes| submission(&hashes[..size], SEEN as u64).to_string().into_bytes()));
    }
    seeds.push(submission(&both.hashes[..8], 1).to_string().into_bytes());
    seeds.push(cosigned().to_string().into_bytes());
    seeds.extend(cosigned().signatures().iter().map(|line| format!("{line}\n").into_bytes()));
    let words = &[
        "\u{2014} ",
        "old ",
        "\n\n",
        "\n",
        "0",
        "5",
        "8",
        "21",
        "40",
        "9223372036854775807",
        "18446744073709551615",
        "proef/kvk:90000001",
        "kvk:90000002",
        "=",
        "AAAA",
        "\u{a0}",
    ];
    Target { name: "checkpoints", seeds, grammar: Grammar::Text, words, bound: Duration::from_millis(200) }.run(text);
}

/// A proof as text: what is proved of which numbers, and the hashes.
fn read_proof(input: &[u8]) -> Option<(&str, u64, u64, Vec<Hash>)> {
    let mut lines = std::str::from_utf8(input).ok()?.lines();
    let mut first = lines.next()?.split(' ');
    let (what, one, other) = (first.next()?, first.next()?.parse().ok()?, first.next()?.parse().ok()?);
    Some((what, one, other, lines.map(str::parse).collect::<Result<_, _>>().ok()?))
}

fn proved(input: &[u8]) -> Verdict {
    let Some((what, one, size, hashes)) = read_proof(input) else { return Ok("no proof".to_owned()) };
    let leaves = &histories().hashes;
    let first = |size: u64| usize::try_from(size).ok().and_then(|size| leaves.get(..size));
    let whole = first(size).map(root);
    let (holds, honest) = if what == "inclusion" {
        let leaf = usize::try_from(one).ok().and_then(|index| leaves.get(index)).copied().unwrap_or(Hash::EMPTY);
        let honest = first(size).zip(inclusion(one, size)).map(|(leaves, spans)| proof(leaves, Some(spans)));
        (verify_inclusion(&leaf, one, size, &hashes, &whole.unwrap_or(Hash::EMPTY)), honest)
    } else {
        let honest = first(size).zip(consistency(one, size)).map(|(leaves, spans)| proof(leaves, Some(spans)));
        let old = first(one).map_or(leaves[0], root);
        (verify_consistency(one, &old, size, &whole.unwrap_or(leaves[1]), &hashes), honest)
    };
    // From no leaves to whatever: nothing is proved, and the root of what this test has no leaves of is not known to be wrong.
    let is_nothing = what != "inclusion" && one == 0 && size > COUNT as u64;
    if !is_nothing && holds != (honest.as_ref() == Some(&hashes)) {
        return Err(format!("{what} {one} {size}: {holds}, and the honest proof is {honest:?}"));
    }
    Ok(format!("{what:.12} {holds} {}", hashes.len().min(70)))
}

#[test]
fn proofs() {
    let leaves = &histories().hashes;
    let written = |what: &str, one: usize, size: usize, proof: Vec<Hash>| {
        let lines: String = proof.iter().map(|hash| format!("{hash}\n")).collect();
        format!("{what} {one} {size}\n{lines}").into_bytes()
    };
    let places = [(0, 1), (0, 2), (2, 3), (4, 7), (7, 8), (8, 9), (20, 21), (31, 32), (0, COUNT), (39, COUNT), (33, COUNT)];
    let seeds = places.into_iter().flat_map(|(index, size)| {
        let leaves = &leaves[..size];
        let (one, other) = (inclusion(index as u64, size as u64), consistency(index as u64 + 1, size as u64));
        [written("inclusion", index, size, proof(leaves, one)), written("consistency", index + 1, size, proof(leaves, other))]
    });
    let words = &[
        "inclusion ",
        "consistency ",
        "0",
        "1",
        "7",
        "8",
        "39",
        "40",
        "41",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "\n",
        " ",
        "=",
    ];
    Target { name: "proofs", seeds: seeds.collect(), grammar: Grammar::Text, words, bound: Duration::from_millis(100) }.run(proved);
}

fn exported(input: &[u8]) -> Verdict {
    let export = match Export::parse(input) {
        Ok(export) => export,
        Err(error) => return Ok(format!("{error:?}").chars().take(12).collect()),
    };
    let others = vec![(partner(2), vec![key(1).public()]), (partner(3), vec![key(2).public()])];
    let origin = checkpoint(&[]).origin;
    let checks =
        verify_export(&export, &Expected { origin, witnesses: Witnesses { own: vec![key(0).public()], others, quorum: 2 } }, now());
    if checks.iter().any(|check| check.words.contains(polder_fuzz::MARK)) {
        return Err(format!("a value is told: {checks:?}"));
    }
    let both = histories();
    let is_whole = checks.iter().all(|check| check.holds);
    let is_row = |row: &Row| {
        let Ok(number) = usize::try_from(row.leaf.seq) else { return false };
        both.leaves.get(number) == Some(&row.leaf) && row.row.as_ref().is_none_or(|text| *text == both.rows[number])
    };
    if is_whole && !export.rows.iter().all(is_row) {
        return Err("everything holds of what was never in the log".to_owned());
    }
    // By what does not hold inputs are told apart: without the numbers of leaves.
    let wrong =
        checks.iter().filter(|check| !check.holds).take(6).map(|check| check.words.split(char::is_numeric).next().unwrap_or_default());
    Ok(format!("{} {}", export.rows.len().min(4), wrong.collect::<String>()))
}

#[test]
fn exports() {
    let both = histories();
    let row = |number: usize, erased: bool| Row {
        leaf: both.leaves[number].clone(),
        proof: proof(&both.hashes, inclusion(number as u64, COUNT as u64)),
        row: (!erased).then(|| both.rows[number].clone()),
        salt: (!erased).then(|| salt(number).to_hex()),
    };
    let export = |rows: Vec<Row>| serde_json::to_vec(&Export::new(cosigned(), rows)).expect("JSON");
    // One has the text of another row, which names the same partner, purpose and minute.
    let other = Row { row: Some(both.rows[4].clone()), ..row(3, false) };
    let seeds = vec![
        export(vec![row(3, false), row(17, true)]),
        export(vec![row(39, false)]),
        export(vec![other, row(4, false)]),
        export(Vec::new()),
    ];
    let words = &[
        "type",
        "checkpoint",
        "rows",
        "leaf",
        "proof",
        "row",
        "salt",
        "seq",
        "at",
        "kind",
        "recipient",
        "purpose",
        "disclosure",
        "grant",
        "register",
    ];
    Target { name: "exports", seeds, grammar: Grammar::Json, words, bound: Duration::from_millis(300) }.run(exported);
}
