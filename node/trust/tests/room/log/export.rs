//! What a worker takes along: what holds of it, and what no longer does when a part is changed or erased (L5).

use polder_consent::{Disclosure, Epoch, FieldSet, Leaf, LeafKind, NewLeaf, Salt, leaf::row_bytes};
use polder_model::about::About;
use polder_model::{Kind, PartnerId, Purpose, Timestamp};
use polder_random::Random;
use polder_trust::keys::PublicKey;
use polder_trust::log::{
    Check, Expected, Export, ExportError, Hash, Head, Row, SignedCheckpoint, Submission, Witnesses, leaf_hash, step, verify_export,
};

use super::{checkpoint, inclusion_proof, key, now, origin};

fn partner(number: u8) -> PartnerId {
    format!("kvk:9000000{number}").parse().expect("a partner")
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: u64) -> T {
    format!("{number:032x}").parse().expect("an id")
}

fn salt(random: &mut Random) -> Salt {
    let mut bytes = [0; 32];
    bytes.chunks_exact_mut(8).for_each(|chunk| chunk.copy_from_slice(&random.bits().to_be_bytes()));
    Salt::from_random(bytes)
}

fn disclosure(number: u64, at: Timestamp) -> Disclosure {
    Disclosure {
        id: id(number),
        worker: id(4711),
        recipient: partner(2),
        purpose: Purpose::MatchVacancy,
        consent: id(7),
        epoch: Epoch(1),
        fields: FieldSet::NONE,
        about: About { kind: Kind::Vacancy, key: "V-2041".parse().expect("a key") },
        at,
        use_until: at.plus_seconds(86_400),
        fsc_transaction: None,
    }
}

/// A log of twelve leaves: a grant, and disclosures of one worker, ten seconds apart.
struct Log {
    leaves: Vec<Leaf>,
    rows: Vec<(Vec<u8>, Salt)>,
}

impl Log {
    fn new() -> Self {
        let mut random = Random::new(1);
        let mut log = Self { leaves: Vec::new(), rows: Vec::new() };
        for seq in 0..12 {
            let at = now().plus_seconds(10 * i64::try_from(seq).expect("few") - 600);
            let kind = if seq == 0 { LeafKind::Grant } else { LeafKind::Disclosure };
            let row = if seq == 0 { b"{\"consent\":7}".to_vec() } else { row_bytes(&disclosure(seq, at)) };
            let salt = salt(&mut random);
            let (recipient, purpose, activity) = (Some(partner(2)), Some(Purpose::MatchVacancy), Some("bemiddeling/3".to_owned()));
            log.leaves.push(NewLeaf { at, kind, recipient, purpose, activity, salt, row: row.clone() }.numbered(seq));
            log.rows.push((row, salt));
        }
        log
    }

    fn hashes(&self) -> Vec<Hash> {
        self.leaves.iter().map(|leaf| leaf_hash(&leaf.bytes())).collect()
    }

    fn row(&self, seq: usize) -> Row {
        let (row, salt) = &self.rows[seq];
        Row {
            leaf: self.leaves[seq].clone(),
            proof: inclusion_proof(&self.hashes(), seq as u64),
            row: Some(String::from_utf8(row.clone()).expect("text")),
            salt: Some(salt.to_hex()),
        }
    }

    /// Signed by the log, and cosigned by these witnesses with the keys of these numbers.
    fn signed(&self, witnesses: &[(PartnerId, u8, i64)]) -> SignedCheckpoint {
        let mut signed = checkpoint(&self.hashes()).sign(key(1));
        for (witness, number, seconds) in witnesses {
            let submission = Submission { old_size: 0, proof: Vec::new(), checkpoint: signed.clone() };
            let (_, to_cosign) = step(&Head::default(), &submission, &[key(1).public()]).expect("to be cosigned");
            let line = to_cosign.cosign(witness, key(*number), now().plus_seconds(*seconds));
            signed.add_reply(format!("{line}\n").as_bytes(), witness, &[key(*number).public()]).expect("added");
        }
        signed
    }

    fn export(&self) -> Export {
        Export::new(&self.signed(&[(partner(2), 2, 0), (partner(3), 3, 0)]), vec![self.row(0), self.row(5)])
    }
}

fn public(number: u8) -> Vec<PublicKey> {
    vec![key(number).public()]
}

fn expected() -> Expected {
    Expected { origin: origin(), witnesses: witnesses() }
}

/// Three others, of whom two have to cosign.
fn witnesses() -> Witnesses {
    let others = [2, 3, 4].map(|number| (partner(number), public(number))).into();
    Witnesses { own: public(1), others, quorum: 2 }
}

fn verified(export: &Export) -> Vec<Check> {
    verify_export(export, &expected(), now())
}

fn wrong(checks: &[Check]) -> Vec<&str> {
    checks.iter().filter(|check| !check.holds).map(|check| check.words.as_str()).collect()
}

#[test]
fn everything_holds() {
    let export = Log::new().export();
    let words: Vec<(bool, String)> = verified(&export).into_iter().map(|check| (check.holds, check.words)).collect();
    let all = [
        "the checkpoint is of the log flevoland/kvk:90000001",
        "kvk:90000001 signed it: 12 leaves",
        "kvk:90000002 cosigned it at 2026-11-23T12:00:00Z",
        "kvk:90000003 cosigned it at 2026-11-23T12:00:00Z",
        "2 other partners cosigned it; 2 have to",
        "leaf 0 stands in the log",
        "leaf 0 was made for this row",
        "leaf 5 stands in the log",
        "leaf 5 was made for this row",
        "recipient, purpose and minute of leaf 5 are those of the row",
    ];
    assert_eq!(words, all.map(|words| (true, words.to_owned())));
    let text = serde_json::to_vec(&export).expect("JSON");
    assert_eq!(Export::parse(&text).expect("read"), export);
}

#[test]
fn each_change_is_found() {
    let log = Log::new();
    let other_row = String::from_utf8(log.rows[4].0.clone()).expect("text");
    type Change = Box<dyn Fn(&mut Export)>;
    let row = |change: fn(&mut Row)| -> Change { Box::new(move |export| change(&mut export.rows[1])) };
    let note = |from: &'static str, to: &'static str| -> Change {
        Box::new(move |export| export.checkpoint = export.checkpoint.replacen(from, to, 1))
    };
    const NO_TEXT: &str = "without which the other proves nothing";
    let changes: Vec<(Change, &[&str])> = vec![
        (row(|row| row.leaf.seq = 6), &["leaf 6 does not stand in the log: it, its number"]),
        (row(|row| row.leaf.seq = 12), &["leaf 12 does not stand in the log, which has 12 leaves"]),
        (row(|row| row.leaf.kind = LeafKind::Withdrawal), &["leaf 5 does not stand in the log"]),
        (row(|row| row.leaf.activity = None), &["leaf 5 does not stand in the log"]),
        (row(|row| row.leaf.activity = Some("bemiddeling/4".to_owned())), &["leaf 5 does not stand in the log"]),
        (row(|row| row.leaf.recipient = Some(partner(3))), &["leaf 5 does not stand", "recipient, purpose or minute of leaf 5 are not"]),
        (row(|row| row.leaf.purpose = None), &["leaf 5 does not stand", "recipient, purpose or minute of leaf 5 are not"]),
        (
            row(|row| row.leaf.at = row.leaf.at.plus_seconds(60)),
            &["leaf 5 does not stand", "recipient, purpose or minute of leaf 5 are not"],
        ),
        (row(|row| row.leaf.row = row.leaf.row.to_uppercase()), &["leaf 5 does not stand", "leaf 5 was not made for this row"]),
        (row(|row| row.proof.truncate(2)), &["leaf 5 does not stand"]),
        (row(|row| row.proof.swap(0, 1)), &["leaf 5 does not stand"]),
        (row(|row| row.proof = vec![Hash::EMPTY; 10_000]), &["leaf 5 does not stand"]),
        (row(|row| row.row = row.row.as_ref().map(|text| text.replace("V-2041", "V-2042"))), &["leaf 5 was not made for this row"]),
        (row(|row| row.row = Some(String::new())), &["leaf 5 was not made for this row", "recipient, purpose or minute"]),
        (Box::new(move |export| export.rows[1].row = Some(other_row.clone())), &["leaf 5 was not made for this row"]),
        (row(|row| row.salt = Some("0".repeat(64))), &["leaf 5 was not made for this row"]),
        (row(|row| row.salt = Some("0".repeat(63))), &["the salt of leaf 5 is not 64 hexadecimal digits"]),
        (row(|row| row.salt = None), &[NO_TEXT]),
        (row(|row| row.row = None), &[NO_TEXT]),
        (
            note("\n12\n", "\n13\n"),
            &[
                "the signature of kvk:90000001 does not hold",
                "the cosignature of kvk:90000002",
                "the cosignature of kvk:90000003",
                "0 other",
            ],
        ),
        (
            note("flevoland/", "drenthe/"),
            &["of another log than flevoland/kvk:90000001", "no known key", "of kvk:90000002", "of kvk:90000003", "0 other"],
        ),
        (note("\u{2014} kvk:90000003", "\u{2014} kvk:90000004"), &["1 other partners cosigned it; 2 have to"]),
        (note("\n12\n", "\n012\n"), &["the checkpoint cannot be read"]),
    ];
    for (number, (change, found)) in changes.into_iter().enumerate() {
        let mut export = log.export();
        change(&mut export);
        let checks = verified(&export);
        let wrong = wrong(&checks);
        let is_found = wrong.len() == found.len() && wrong.iter().zip(found).all(|(words, part)| words.contains(part));
        assert!(is_found, "change {number}: {wrong:?}");
        let all: String = checks.into_iter().map(|check| check.words).collect();
        assert!(!all.contains("V-204") && !all.contains("4711"), "nothing of a row is told: {all}");
    }
}

/// Who counts: other partners than the log's, each once, each key once, and nobody from the time to come.
#[test]
fn a_quorum_is_of_different_partners() {
    let log = Log::new();
    let holds = |witnesses: &[(PartnerId, u8, i64)], expected: &Expected| {
        let export = Export::new(&log.signed(witnesses), vec![log.row(5)]);
        wrong(&verify_export(&export, expected, now())).is_empty()
    };
    let with = |others: Vec<(PartnerId, Vec<PublicKey>)>| Expected { witnesses: Witnesses { others, ..witnesses() }, ..expected() };
    assert!(holds(&[(partner(2), 2, 0), (partner(3), 3, 0)], &expected()));
    assert!(holds(&[(partner(2), 2, -86_400), (partner(3), 3, 300)], &expected()), "clocks differ by minutes");
    assert!(!holds(&[(partner(2), 2, 0), (partner(3), 3, 301)], &expected()));
    assert!(!holds(&[(partner(2), 2, 0)], &expected()));
    assert!(!holds(&[], &expected()));
    assert!(holds(&[], &Expected { witnesses: Witnesses { quorum: 0, ..witnesses() }, ..expected() }));
    let two_keys = vec![key(2).public(), key(3).public()];
    assert!(!holds(&[(partner(2), 2, 0), (partner(2), 3, 0)], &with(vec![(partner(2), two_keys.clone())])), "one partner with two keys");
    let twice = vec![(partner(2), public(2)), (partner(2), public(3))];
    assert!(!holds(&[(partner(2), 2, 0), (partner(2), 3, 0)], &with(twice)), "one partner twice");
    let shared = vec![(partner(2), public(2)), (partner(3), public(2))];
    assert!(!holds(&[(partner(2), 2, 0), (partner(3), 2, 0)], &with(shared)), "two partners with one key");
    let own = vec![(partner(2), public(2)), (partner(1), public(3))];
    assert!(!holds(&[(partner(2), 2, 0), (partner(1), 3, 0)], &with(own)), "the log's own partner");
    let own_key = vec![(partner(2), public(2)), (partner(3), public(1))];
    assert!(!holds(&[(partner(2), 2, 0), (partner(3), 1, 0)], &with(own_key)), "the log's own key");
    assert!(
        !holds(
            &[(partner(2), 2, 0), (partner(3), 3, 0)],
            &Expected { witnesses: Witnesses { own: public(4), ..witnesses() }, ..expected() }
        ),
        "signed by nobody known"
    );
}

#[test]
fn a_log_is_cosigned_as_of_when_the_last_that_is_needed_saw_it() {
    let log = Log::new();
    let at = |said: &[(PartnerId, u8, i64)], quorum| {
        let at = Witnesses { quorum, ..witnesses() }.cosigned_at(&log.signed(said), now());
        at.map(|at| at.seconds() - now().seconds())
    };
    let three = [(partner(2), 2, -100), (partner(3), 3, -300), (partner(4), 4, -200)];
    assert_eq!([1, 2, 3, 4].map(|quorum| at(&three, quorum)), [Some(-100), Some(-200), Some(-300), None]);
    assert_eq!(at(&[], 0), Some(0), "nobody has to");
    assert_eq!(at(&[(partner(2), 2, 300)], 1), Some(0), "never later than now");
    assert_eq!(at(&[(partner(2), 2, 301)], 1), None, "a time that is still to come counts for nothing");
    assert_eq!(at(&[(partner(2), 2, 0), (partner(3), 4, 0)], 2), None, "a key of another partner");
    let signed = log.signed(&[(partner(2), 2, 0), (partner(3), 3, 0)]);
    let broken = SignedCheckpoint::parse(signed.to_string().replace("\n12\n", "\n13\n").as_bytes()).expect("a note");
    assert_eq!(witnesses().cosigned_at(&broken, now()), None, "what does not hold counts for nothing");
    let own = Witnesses { own: public(2), ..witnesses() };
    assert_eq!(own.cosigned_at(&signed, now()), None, "nor does a key of the log");
    let itself = Witnesses { others: vec![(partner(1), public(2)), (partner(3), public(3))], ..witnesses() };
    assert_eq!(itself.cosigned_at(&log.signed(&[(partner(1), 2, 0), (partner(3), 3, 0)]), now()), None, "nor its partner");
}

#[test]
fn an_export_has_one_form() {
    let text = serde_json::to_string(&Log::new().export()).expect("JSON");
    for (from, to) in [
        ("polder-log-export/1", "polder-log-export/2"),
        ("\"rows\"", "\"more\":1,\"rows\""),
        ("\"rows\"", "\"type\":\"polder-log-export/1\",\"rows\""),
        ("\"seq\":5", "\"seq\":5,\"seq\":5"),
        ("\"seq\":5", "\"seq\":-5"),
        ("\"seq\":5", "\"seq\":5.0"),
        ("\"proof\":[\"", "\"proof\":[\"A"),
        ("match-vacancy", "geheim4711"),
    ] {
        let changed = text.replacen(from, to, 1);
        let refused = Export::parse(changed.as_bytes()).expect_err(to);
        assert!(matches!(refused, ExportError::Form { .. }) && !refused.to_string().contains("geheim"), "{refused}");
    }
    assert!(Export::parse(&[]).is_err());
    assert_eq!(Export::parse(&vec![b' '; 64 * 1024 * 1024 + 1]), Err(ExportError::TooLarge));
}

/// L5: with row and salt erased the leaf still stands in the log, and who has a list of all rows that it could be of (the true one among them) cannot tell
/// which it was.
#[test]
fn an_erased_row_cannot_be_guessed() {
    let log = Log::new();
    let mut export = log.export();
    (export.rows[1].row, export.rows[1].salt) = (None, None);
    let checks = verified(&export);
    assert!(wrong(&checks).is_empty(), "{checks:?}");
    assert!(checks.last().is_some_and(|check| check.words.contains("the row of leaf 5 is erased")));

    let leaf = &export.rows[1].leaf;
    let (true_row, true_salt) = &log.rows[5];
    // What an attacker may try as salt: none, nothing but zeros, that of another row.
    let salts = [Salt::from_random([0; 32]), log.rows[4].1];
    let mut met = 0;
    let times = (-2_000..2_000).map(|seconds| row_bytes(&disclosure(0, now().plus_seconds(seconds))));
    let times: Vec<String> = times.map(|row| String::from_utf8(row).expect("text")).collect();
    for number in 0..1_000_000 {
        let row = times[number % 4_000].replacen(&format!("{:032x}", 0), &format!("{:032x}", number / 4_000), 1).into_bytes();
        if row == *true_row {
            met += 1;
            assert!(leaf.is_of(*true_salt, &row), "with the salt a guess is seen to be right");
        }
        assert!(salts.iter().all(|salt| !leaf.is_of(*salt, &row)));
        assert_ne!(leaf.row, hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&row)), "without a salt");
    }
    assert_eq!(met, 1, "the true row was among them");
}
