//! `polder log verify`: what a worker took along, checked anywhere; and what `polder doctor` says of the log.

use std::path::Path;

use polder_consent::leaf::row_bytes;
use polder_consent::{Leaf, LeafKind, NewLeaf, Salt};
use polder_model::{PartnerId, Timestamp};
use polder_trust::keys::SigningKey;
use polder_trust::log::{Checkpoint, Export, Hash, Head, Row, Submission, inclusion, leaf_hash, root, step};
use serde_json::{Value, json};

use crate::support::command::{code, err, out, polder};
use crate::support::region::Region;

fn key(region: &Region, node: &str) -> SigningKey {
    SigningKey::load(&region.path(&format!("{node}/data/keys/message.key"))).expect("a key")
}

fn partner(node: &str) -> PartnerId {
    Region::partner(node).parse().expect("a partner")
}

fn now() -> Timestamp {
    use polder_exchange::Clock;
    polder_exchange::SystemClock.now()
}

/// The log of node `a`: seven leaves, signed by it and cosigned by these.
fn export(region: &Region, witnesses: &[&str]) -> Export {
    let new = |number: u8| NewLeaf {
        at: now(),
        kind: LeafKind::Grant,
        recipient: Some(partner("b")),
        purpose: None,
        activity: Some("bemiddeling/3".to_owned()),
        salt: Salt::from_random([number; 32]),
        row: row_bytes(&json!({"consent": number, "to": "Voorbeeld BV"})),
    };
    let leaves: Vec<Leaf> = (0..7).map(|number| new(number).numbered(u64::from(number))).collect();
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(&leaf.bytes())).collect();
    let origin = format!("proef/{}", partner("a")).parse().expect("an origin");
    let log = key(region, "a");
    let mut signed = Checkpoint { origin, size: 7, root: root(&hashes) }.sign(&log);
    for witness in witnesses {
        let submission = Submission { old_size: 0, proof: Vec::new(), checkpoint: signed.clone() };
        let (_, to_cosign) = step(&Head::default(), &submission, &[log.public()]).expect("to be cosigned");
        let key = key(region, witness);
        let line = to_cosign.cosign(&partner(witness), &key, now());
        signed.add_reply(format!("{line}\n").as_bytes(), &partner(witness), &[key.public()]).expect("added");
    }
    let row = |number: usize| {
        let new = new(u8::try_from(number).expect("few"));
        let spans = inclusion(number as u64, 7).expect("a leaf").into_iter();
        let slice = |start: u64, end: u64| &hashes[usize::try_from(start).expect("few")..usize::try_from(end).expect("few")];
        Row {
            leaf: leaves[number].clone(),
            proof: spans.map(|span| root(slice(span.start(), span.end()))).collect(),
            row: Some(String::from_utf8(new.row).expect("text")),
            salt: Some(new.salt.to_hex()),
        }
    };
    Export::new(&signed, vec![row(1), row(6)])
}

fn write(path: &Path, export: &Export) -> String {
    std::fs::write(path, serde_json::to_vec(export).expect("JSON")).expect("written");
    path.display().to_string()
}

#[test]
fn an_export_is_checked_anywhere() {
    let region = Region::with(&["a", "b", "c", "d"]);
    let good = write(&region.path("good.json"), &export(&region, &["b", "c"]));
    let verify = |file: &str, more: &[&str]| {
        let register = ["log", "verify", file, "--register", "desk", "--fingerprint", &region.fingerprint];
        polder(region.here(), &[register.as_slice(), more].concat(), "")
    };
    let output = verify(&good, &[]);
    let text = out(&output);
    assert_eq!(code(&output), 0, "{text} {}", err(&output));
    for says in [
        "holds  kvk:00000001 signed it: 7 leaves",
        "holds  kvk:00000002 cosigned it at",
        "holds  2 other partners cosigned it; 2 have to",
        "holds  leaf 6 stands in the log",
        "All of it holds: 2 rows stand in the log proef/kvk:00000001. Whether rows were left out is nothing that a proof can show.",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("Voorbeeld") && !text.contains("WRONG"), "no row is shown: {text}");
    let output = verify(&good, &["--json"]);
    let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((said["holds"].as_bool(), said["rows"].as_u64(), &said["log"]), (Some(true), Some(2), &json!("proef/kvk:00000001")));
    assert!(said["checks"].as_array().is_some_and(|checks| checks.len() > 6 && checks.iter().all(|check| check["holds"] == true)));
    assert_eq!(code(&verify(&good, &["--partner", "kvk:00000001", "--quorum", "2"])), 0);

    // What does not hold, and what is no proof at all.
    let mut changed = export(&region, &["b", "c"]);
    changed.rows[1].row = Some("{\"consent\":6,\"to\":\"Een ander\"}".to_owned());
    let changed = write(&region.path("changed.json"), &changed);
    let alone = write(&region.path("alone.json"), &export(&region, &["b"]));
    for (file, more, says) in [
        (changed.as_str(), &[][..], "WRONG  leaf 6 was not made for this row and salt: one of them was changed"),
        (&alone, &[], "WRONG  1 other partners cosigned it; 2 have to"),
        (&good, &["--quorum", "3"], "WRONG  2 other partners cosigned it; 3 have to"),
        (&good, &["--partner", "kvk:00000002"], "WRONG  the checkpoint is of another log than proef/kvk:00000002"),
    ] {
        let output = verify(file, more);
        let text = out(&output);
        assert!(code(&output) == 1 && text.contains(says) && text.contains("do not hold: this is no proof."), "{says}: {text}");
        assert!(!text.contains("Een ander"), "{text}");
        let said: Value = serde_json::from_slice(&verify(file, &[more, &["--json"]].concat()).stdout).expect("JSON");
        assert_eq!(said["holds"], false, "{says}");
    }
    assert_eq!(code(&verify(&alone, &["--quorum", "1"])), 0);
    std::fs::write(region.path("none.json"), "{\"type\":\"Voorbeeld\"}").expect("written");
    for (file, more, exit, says) in [
        ("none.json", &[][..], 2, "this is no export of a log"),
        ("nowhere.json", &[], 2, "No such file"),
        (&good, &["--partner", "kvk:00000009"], 1, "does not hold this partner"),
    ] {
        let output = verify(file, more);
        assert!(code(&output) == exit && err(&output).contains(says), "{says}: {} {}", code(&output), err(&output));
        assert!(!err(&output).contains("Voorbeeld"));
    }
    let wrong = polder(region.here(), &["log", "verify", &good, "--register", "desk", "--fingerprint", &"0".repeat(64)], "");
    assert_eq!(code(&wrong), 1, "{}", err(&wrong));
    let half = polder(region.here(), &["log", "verify", &good, "--register", "desk"], "");
    assert!(code(&half) == 2 && err(&half).contains("--fingerprint"), "{}", err(&half));
    let none = polder(region.here(), &["log", "verify", &good], "");
    assert!(
        code(&none) == 2 && err(&none).contains("name the register to hold it against: --register DIR --fingerprint HEX"),
        "{}",
        err(&none)
    );
}

/// Against the register of a node that ran here; and the doctor sees that its log is cosigned.
#[test]
fn a_node_has_its_register_at_hand_and_its_log_is_cosigned() {
    let region = Region::with(&["a", "b"]);
    assert_eq!(code(&region.join("b")), 3);
    let b = region.serve("b");
    assert_eq!(code(&region.join("a")), 0);
    let good = write(&region.path("good.json"), &export(&region, &["b"]));
    let output = polder(region.here(), &["log", "verify", &good, "--config", "a/polder.toml"], "");
    assert_eq!(code(&output), 0, "{} {}", out(&output), err(&output));
    let mut a = region.serve("a");
    let began = std::time::Instant::now();
    let log = || {
        let (report, _) = region.doctor("a");
        let checks = report["checks"].as_array().expect("checks").clone();
        checks.into_iter().find(|check| check["about"] == "log").expect("it looks at the log")
    };
    while log()["says"] != "1 leaves, 1 of them signed, 1 cosigned by enough partners" {
        assert!(began.elapsed() < std::time::Duration::from_secs(60), "{}", log());
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_eq!(log()["grade"], "ok");
    assert!(a.stops_well());
    drop(b);
}
