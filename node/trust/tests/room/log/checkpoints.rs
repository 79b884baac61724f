//! Checkpoints and their signatures: one form, and what each signature says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use polder_model::PartnerId;
use polder_trust::keys::PublicKey;
use polder_trust::log::{
    Checkpoint, Hash, Head, LARGEST_NOTE, NoteError, Origin, ReplyError, SignatureLine, SignedCheckpoint, Submission, SubmissionError,
    WrongSignature, leaf_hash, step,
};

use super::{checkpoint, key, leaves, now, origin};

/// The example of the interfaces. It was made by another program than this one.
const NOTE: &str = "flevoland/kvk:90000001
3
VnVFsIkAXtwJHlb6VVObGpPLF0ZoZRmr6u1kMc+Jml0=

\u{2014} flevoland/kvk:90000001 mewCic56GKXhqW2Uy/8UFF2PpoXUQh17P6cbC9jhgnqI5kyXILgZsO+Fi0wJAg1mC47oO9hAj0/ZkQyz2oxhQdUqGwA=
\u{2014} kvk:90000002 g6bePQAAAABrBCrACHDbIuPm7Vv64UTpnAzf1cge86ZqWbP9lcLOtCODY4oUdlh/rKeWTlsBEROEoN4h2LC+jPk5WrnHvO2+jsW5Bw==
";
const SUBMISSION: &str = "old 1
WUAU5n69FL3c0WEjzW5Kyfgxq0rcUa1BaM3/vB7TaOc=
yAOpSL8T1pC0Ic7vjxz+grSMgSIkDfp6LSsUVd04+6c=

flevoland/kvk:90000001
3
VnVFsIkAXtwJHlb6VVObGpPLF0ZoZRmr6u1kMc+Jml0=

\u{2014} flevoland/kvk:90000001 mewCic56GKXhqW2Uy/8UFF2PpoXUQh17P6cbC9jhgnqI5kyXILgZsO+Fi0wJAg1mC47oO9hAj0/ZkQyz2oxhQdUqGwA=
";
/// Its first leaf.
const FIRST: &str =
    r#"{"seq":0,"at":"2026-11-23T11:59:00Z","kind":"register","row":"5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"}"#;

fn witness() -> PartnerId {
    "kvk:90000002".parse().expect("a partner")
}

fn keys(numbers: &[u8]) -> Vec<PublicKey> {
    numbers.iter().map(|number| key(*number).public()).collect()
}

/// What a witness that never saw this log replies.
fn cosignature(signed: &SignedCheckpoint, witness: &PartnerId, number: u8, seconds: i64) -> SignatureLine {
    let submission = Submission { old_size: 0, proof: Vec::new(), checkpoint: signed.clone() };
    let (_, to_cosign) = step(&Head::default(), &submission, &keys(&[1])).expect("to be cosigned");
    to_cosign.cosign(witness, key(number), now().plus_seconds(seconds))
}

#[test]
fn the_documented_texts_hold() {
    let documented = include_str!("../../../../../docs/interfaces.md");
    assert!(documented.contains(NOTE) && documented.contains(SUBMISSION));
    let signed = SignedCheckpoint::parse(NOTE.as_bytes()).expect("a note");
    assert_eq!(signed.to_string(), NOTE);
    assert_eq!((&signed.checkpoint().origin, signed.checkpoint().size), (&origin(), 3));
    assert_eq!(signed.is_signed(&keys(&[1])), Ok(true));
    assert_eq!(signed.cosigned(&witness(), &keys(&[2])), Ok(Some(now())));
    // The same, made here.
    let mut made = signed.checkpoint().clone().sign(key(1));
    let reply = format!("{}\n", cosignature(&made, &witness(), 2, 0));
    assert_eq!(made.add_reply(reply.as_bytes(), &witness(), &keys(&[2])), Ok(Some(now())));
    assert_eq!(made.to_string(), NOTE);

    let submission = Submission::parse(SUBMISSION.as_bytes()).expect("a submission");
    assert_eq!(submission.to_string(), SUBMISSION);
    let head = Head { size: 1, root: leaf_hash(FIRST.as_bytes()) };
    let (next, _) = step(&head, &submission, &keys(&[1])).expect("to be cosigned");
    assert_eq!(next, Head { size: 3, root: signed.checkpoint().root });
}

#[test]
fn a_note_has_one_form() {
    let (origin, root) = ("flevoland/kvk:90000001", "VnVFsIkAXtwJHlb6VVObGpPLF0ZoZRmr6u1kMc+Jml0=");
    let line = NOTE.lines().nth(4).expect("a signature");
    let with = |text: &str| format!("{text}\n\n{line}\n");
    assert!(SignedCheckpoint::parse(with(&format!("{origin}\n3\n{root}")).as_bytes()).is_ok());
    let no_checkpoint = [
        String::new(),
        origin.to_owned(),
        format!("{origin}\n3"),
        format!("{origin}\n3\n{root}\nmore"),
        format!("\n{origin}\n3\n{root}"),
        format!("{origin}\n\n3\n{root}"),
        format!("{origin}\n03\n{root}"),
        format!("{origin}\n+3\n{root}"),
        format!("{origin}\n3 \n{root}"),
        format!("{origin}\n9223372036854775808\n{root}"),
        format!("{origin}\n0\n{root}"),
        format!("{origin}\n3\n{}", root.trim_end_matches('=')),
        format!("{origin}\n3\n{}", root.replace("l0=", "l1=")),
        format!("{origin}\n3\n{}", root.replace('+', "-")),
        format!("{origin}\n3\n{root}="),
        format!("{origin}\n3\n{}", STANDARD.encode([0; 31])),
        format!("{origin}\n3\n{}", STANDARD.encode([0; 33])),
        format!("{origin}/x\n3\n{root}"),
        format!(" {origin}\n3\n{root}"),
        format!("Flevoland/kvk:90000001\n3\n{root}"),
        format!("1flevoland/kvk:90000001\n3\n{root}"),
        format!("/kvk:90000001\n3\n{root}"),
        format!("{}/kvk:90000001\n3\n{root}", "f".repeat(41)),
        format!("flevoland/kvk:9000000\n3\n{root}"),
        format!("kvk:90000001\n3\n{root}"),
    ];
    for text in no_checkpoint {
        assert_eq!(SignedCheckpoint::parse(with(&text).as_bytes()), Err(NoteError::Checkpoint), "{text}");
    }
    let text = format!("{origin}\n3\n{root}\n");
    let no_signature = [
        line.replace('\u{2014}', "-"),
        line.replace('\u{2014}', "\u{2013}"),
        line.replacen(' ', "  ", 1),
        line.replacen("kvk", "kv k", 1),
        line.replacen("kvk", "kv+k", 1),
        line.replacen("kvk", "kv\u{a0}k", 1),
        line.replacen("kvk", "kv\u{2003}k", 1),
        format!("{line} "),
        format!("{line}="),
        line.replace('=', ""),
        format!("\u{2014} {origin} AAAAAA=="),
        format!("\u{2014} {origin} "),
        format!("\u{2014} {origin}"),
        "\u{2014}  AAAAAAE=".to_owned(),
        "x".to_owned(),
    ];
    for line in no_signature {
        let note = format!("{text}\n{line}\n");
        assert_eq!(SignedCheckpoint::parse(note.as_bytes()), Err(NoteError::Signature), "{line}");
    }
    let no_note = [
        text.clone(),
        format!("{text}{line}\n"),
        format!("{text}\n{line}"),
        NOTE.replace('\n', "\r\n"),
        NOTE.replacen("3", "3\0", 1),
        NOTE.replacen("3", "\t3", 1),
        format!("{text}\n"),
    ];
    for note in no_note {
        let refused = SignedCheckpoint::parse(note.as_bytes());
        assert!(matches!(refused, Err(NoteError::Form | NoteError::Signature)), "{note:?}: {refused:?}");
    }
    assert_eq!(SignedCheckpoint::parse(b"\xff\n\n"), Err(NoteError::Form));
    let empty = format!("{origin}\n0\n{}", Hash::EMPTY);
    assert!(SignedCheckpoint::parse(with(&empty).as_bytes()).is_ok());
}

#[test]
fn a_note_is_bounded() {
    let signed = checkpoint(&leaves(3)).sign(key(1)).to_string();
    let unknown = |count: usize| (0..count).map(|number| format!("\u{2014} w{number} AAAAAAE=\n")).collect::<String>();
    let full = format!("{signed}{}", unknown(63));
    let read = SignedCheckpoint::parse(full.as_bytes()).expect("64 signatures");
    assert_eq!((read.signatures().len(), read.to_string()), (64, full));
    assert_eq!(read.is_signed(&keys(&[1])), Ok(true), "signatures of others count for nothing");
    assert_eq!(SignedCheckpoint::parse(format!("{signed}{}", unknown(64)).as_bytes()), Err(NoteError::TooMany));
    let long = |bytes: usize| {
        let mut note = format!("{signed}\u{2014} w ");
        let room = bytes - note.len() - 1;
        note.push_str(&STANDARD.encode(vec![0; room / 4 * 3]));
        note.push('\n');
        note
    };
    let largest = long(LARGEST_NOTE);
    assert!(largest.len() > LARGEST_NOTE - 4 && SignedCheckpoint::parse(largest.as_bytes()).is_ok());
    assert_eq!(SignedCheckpoint::parse(long(LARGEST_NOTE + 4).as_bytes()), Err(NoteError::TooLarge));
    assert_eq!(Submission::parse(&vec![b'\n'; LARGEST_NOTE + 1]), Err(NoteError::TooLarge.into()));
}

#[test]
fn a_submission_has_one_form() {
    let changed = [
        SUBMISSION.replace("old 1", "old 01"),
        SUBMISSION.replace("old 1", "old  1"),
        SUBMISSION.replace("old 1", "Old 1"),
        SUBMISSION.replace("old 1", "old"),
        SUBMISSION.replace("old 1\n", ""),
        SUBMISSION.replace("old 1", "old 9223372036854775808"),
        SUBMISSION.replacen("Oc=\n", "Oc\n", 1),
        SUBMISSION.replacen("Oc=\n", "Oc= \n", 1),
        SUBMISSION.replacen("WUAU", "WUA", 1),
    ];
    for text in changed {
        assert_eq!(Submission::parse(text.as_bytes()), Err(SubmissionError::Form), "{text}");
    }
    let with_lines = |count: usize| SUBMISSION.replacen("old 1\n", &format!("old 1\n{}", format!("{}\n", Hash::EMPTY).repeat(count)), 1);
    assert_eq!(Submission::parse(with_lines(61).as_bytes()).expect("63 hashes").proof.len(), 63);
    assert_eq!(Submission::parse(with_lines(62).as_bytes()), Err(SubmissionError::Form));
    assert!(Submission::parse(SUBMISSION.replacen("\n\n", "\n", 1).as_bytes()).is_err());
    assert_eq!(Submission::parse(SUBMISSION.replace("\n3\n", "\n03\n").as_bytes()), Err(NoteError::Checkpoint.into()));
}

#[test]
fn a_log_signs_with_its_keys_under_its_name() {
    let signed = checkpoint(&leaves(5)).sign(key(1));
    assert_eq!(signed.is_signed(&keys(&[1])), Ok(true));
    assert_eq!(signed.is_signed(&keys(&[3, 1])), Ok(true), "one of its keys");
    assert_eq!(signed.is_signed(&keys(&[2])), Ok(false));
    assert_eq!(signed.is_signed(&[]), Ok(false));
    // Another size, root or origin under the same signature.
    let text = signed.to_string();
    let other_root = leaf_hash(b"other").to_string();
    for (from, to) in [("\n5\n", "\n6\n"), (&signed.checkpoint().root.to_string(), &other_root)] {
        let changed = SignedCheckpoint::parse(text.replacen(from, to, 1).as_bytes()).expect("a note");
        assert_eq!(changed.is_signed(&keys(&[1])), Err(WrongSignature), "{from:?}");
    }
    let moved = SignedCheckpoint::parse(text.replacen("flevoland/", "drenthe/", 1).as_bytes()).expect("a note");
    assert_eq!(moved.is_signed(&keys(&[1])), Ok(false), "no line is under the name of that log");
    let renamed = SignedCheckpoint::parse(text.replace("flevoland/", "drenthe/").as_bytes()).expect("a note");
    assert_eq!(renamed.is_signed(&keys(&[1])), Ok(false), "the id goes with the name");
    // A good line does not make up for a wrong one.
    let line = text.lines().nth(4).expect("a line");
    let wrong = checkpoint(&leaves(6)).sign(key(1)).to_string();
    let wrong = wrong.lines().nth(4).expect("a line");
    for both in [format!("{line}\n{wrong}\n"), format!("{wrong}\n{line}\n")] {
        let note = format!("{}\n{both}", signed.checkpoint());
        assert_eq!(SignedCheckpoint::parse(note.as_bytes()).expect("a note").is_signed(&keys(&[1])), Err(WrongSignature));
    }
}

#[test]
fn a_cosignature_is_of_one_witness_time_and_checkpoint() {
    let other: PartnerId = "kvk:90000003".parse().expect("a partner");
    let mut signed = checkpoint(&leaves(5)).sign(key(1));
    assert_eq!(signed.cosigned(&witness(), &keys(&[2])), Ok(None));
    let line = cosignature(&signed, &witness(), 2, 7);
    assert_eq!(line.name(), "kvk:90000002");
    assert_eq!(signed.add_reply(format!("{line}\n").as_bytes(), &witness(), &keys(&[2])), Ok(Some(now().plus_seconds(7))));
    assert_eq!(signed.cosigned(&witness(), &keys(&[2])), Ok(Some(now().plus_seconds(7))));
    assert_eq!(signed.cosigned(&witness(), &keys(&[3])), Ok(None), "another key");
    assert_eq!(signed.cosigned(&other, &keys(&[2])), Ok(None), "another name");
    assert_eq!(signed.is_signed(&keys(&[1])), Ok(true));
    // The witness's own name as that of a log: a cosignature is no signature of a text.
    let (text, base64) = (signed.to_string(), line.to_string().split(' ').nth(2).expect("base64").to_owned());
    let mut bytes = STANDARD.decode(&base64).expect("base64");
    for place in [4, 11, 12, 75] {
        bytes[place] ^= 1;
        let changed = SignedCheckpoint::parse(text.replace(&base64, &STANDARD.encode(&bytes)).as_bytes()).expect("a note");
        assert_eq!(changed.cosigned(&witness(), &keys(&[2])), Err(WrongSignature), "byte {place}");
        bytes[place] ^= 1;
    }
    for length in [4 + 8, 4 + 71, 4 + 7] {
        let shorter = text.replace(&base64, &STANDARD.encode(&bytes[..length]));
        let changed = SignedCheckpoint::parse(shorter.as_bytes()).expect("a note");
        assert_eq!(changed.cosigned(&witness(), &keys(&[2])), Err(WrongSignature), "{length} bytes");
    }
    let moved = format!("{}{line}\n", checkpoint(&leaves(6)).sign(key(1)));
    let moved = SignedCheckpoint::parse(moved.as_bytes()).expect("a note");
    assert_eq!(moved.cosigned(&witness(), &keys(&[2])), Err(WrongSignature), "of another checkpoint");
}

#[test]
fn a_time_that_is_none_does_not_hold() {
    let signed = checkpoint(&leaves(5)).sign(key(1));
    let id = &STANDARD.decode(cosignature(&signed, &witness(), 2, 0).to_string().split(' ').nth(2).expect("base64")).expect("bytes")[..4];
    let last = polder_model::Timestamp::MAX.seconds().unsigned_abs();
    for (seconds, holds) in [(0, true), (last, true), (last + 1, false), (u64::MAX / 2, false), (u64::MAX, false)] {
        let message = format!("cosignature/v1\ntime {seconds}\n{}", signed.checkpoint());
        let bytes = [id, &seconds.to_be_bytes(), &key(2).sign(message.as_bytes())].concat();
        let note = format!("{signed}\u{2014} kvk:90000002 {}\n", STANDARD.encode(bytes));
        let found = SignedCheckpoint::parse(note.as_bytes()).expect("a note").cosigned(&witness(), &keys(&[2]));
        assert_eq!(found.map(|at| at.map(|at| at.seconds().unsigned_abs())), if holds { Ok(Some(seconds)) } else { Err(WrongSignature) });
    }
}

#[test]
fn a_reply_is_added_once_and_only_what_was_asked_for() {
    let mut signed = checkpoint(&leaves(5)).sign(key(1));
    let other: PartnerId = "kvk:90000003".parse().expect("a partner");
    let add = |signed: &mut SignedCheckpoint, reply: String| signed.add_reply(reply.as_bytes(), &witness(), &keys(&[2]));
    let (first, second) = (cosignature(&signed, &witness(), 2, 1), cosignature(&signed, &witness(), 2, 2));
    let foreign = cosignature(&signed, &other, 3, 1);
    assert_eq!(add(&mut signed, format!("{first}\n")), Ok(Some(now().plus_seconds(1))));
    assert_eq!(add(&mut signed, format!("{foreign}\n{second}\n")), Ok(Some(now().plus_seconds(2))));
    assert_eq!(signed.signatures().len(), 2, "the log's, and the later one of the witness");
    assert_eq!(signed.cosigned(&witness(), &keys(&[2])), Ok(Some(now().plus_seconds(2))));
    let before = signed.clone();
    assert_eq!(add(&mut signed, format!("{foreign}\n")), Ok(None));
    let elsewhere = checkpoint(&leaves(6)).sign(key(1));
    let wrong = cosignature(&elsewhere, &witness(), 2, 3);
    assert_eq!(add(&mut signed, format!("{wrong}\n")), Err(ReplyError::Wrong(WrongSignature)));
    for reply in ["", "\n", &first.to_string(), "ok\n", &format!("{first}\n\n")] {
        assert!(matches!(add(&mut signed, reply.to_owned()), Err(ReplyError::Form(_))), "{reply:?}");
    }
    assert_eq!(signed, before);
    let unknown: String = (0..62).map(|number| format!("\u{2014} w{number} AAAAAAE=\n")).collect();
    let mut full = SignedCheckpoint::parse(format!("{signed}{unknown}").as_bytes()).expect("64 signatures");
    assert_eq!(add(&mut full, format!("{first}\n")), Ok(Some(now().plus_seconds(1))), "it takes the place of the other");
    let third = cosignature(&signed, &other, 3, 1);
    assert_eq!(full.add_reply(format!("{third}\n").as_bytes(), &other, &keys(&[3])), Err(ReplyError::Form(NoteError::TooMany)));
}

#[test]
fn origins_are_regions_and_partners() {
    let partner: PartnerId = "oin:00000001001234567000".parse().expect("a partner");
    let origin = Origin::new("noord-holland-2", partner.clone()).expect("an origin");
    assert_eq!(origin.to_string(), "noord-holland-2/oin:00000001001234567000");
    assert_eq!((origin.region(), origin.partner()), ("noord-holland-2", &partner));
    assert_eq!(origin.to_string().parse::<Origin>(), Ok(origin));
    for region in ["", "-a", "a_b", "a/b", "é", "a b", "A", "aB"] {
        assert_eq!(Origin::new(region, partner.clone()), None, "{region}");
    }
    let text = Checkpoint { origin: super::origin(), size: 0, root: Hash::EMPTY }.to_string();
    assert_eq!(text, "flevoland/kvk:90000001\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
}
