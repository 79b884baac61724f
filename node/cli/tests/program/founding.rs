//! How a region begins with keys that their keepers made, what is said before anyone signs, and what a timer does.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::command;
use crate::support::desks::{done, init, json, polder, refused, region, text, waits};

/// Keys that were made elsewhere: only their public halves are here.
fn public_halves(here: &Path, role: &str, count: u8) -> Vec<String> {
    let make = |number: u8| {
        let made = done(here, &["register", "key", &format!("{role}-{number}/own.key")]);
        made["publicFile"].as_str().expect("a file").to_owned()
    };
    (1..=count).map(make).collect()
}

#[test]
fn a_region_whose_keys_were_made_by_those_who_keep_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let (stewards, registrars) = (public_halves(here, "s", 3), public_halves(here, "r", 2));
    let new = |more: &[&str]| -> Vec<String> {
        ["register", "new", "--region", "flevoland", "--dir", "desk"].iter().chain(more).map(|text| (*text).to_owned()).collect()
    };
    let run = |arguments: &[String]| polder(here, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let steward = |file: &str| new(&["--steward", file]);
    for (arguments, why) in [
        (steward("s-1/own.key"), "this is a private key"),
        (steward("nowhere.pub"), "a public key is expected"),
        (steward("r.pub"), "a public key is expected"),
        (new(&["--steward", &stewards[0], "--steward", &stewards[0]]), "a key is given twice"),
        (new(&["--steward", &stewards[0], "--threshold", "2"]), "of 1 keys, 1 to 1 can be asked to sign"),
        (new(&["--stewards", "0"]), "of 0 keys"),
    ] {
        let output = run(&arguments);
        assert!(output.status.code() == Some(2) && text(&output.stderr).contains(why), "{arguments:?}: {}", text(&output.stderr));
        assert!(!here.join("desk").exists(), "nothing is made: {arguments:?}");
    }
    let odd = polder(here, &["register", "new", "--region", "Flevoland", "--dir", "desk"]);
    assert!(odd.status.code() == Some(2) && text(&odd.stderr).contains("the first a letter"), "{}", text(&odd.stderr));
    // Two stewards elsewhere and one here; registrars elsewhere; freshness here.
    let mixed = [
        "--steward",
        &stewards[0],
        "--steward",
        &stewards[1],
        "--stewards",
        "1",
        "--registrar",
        &registrars[0],
        "--registrar",
        &registrars[1],
    ];
    let output = run(&new(&mixed));
    assert_eq!(output.status.code(), Some(1), "it waits for signatures: {}", text(&output.stderr));
    let began = json(&output);
    let signed = |report: &Value, index: usize| report["documents"][index]["signatures"][0]["signed"].as_array().map(Vec::len);
    assert_eq!((signed(&began, 0), signed(&began, 1), signed(&began, 2)), (Some(1), Some(0), Some(2)), "{began}");
    let keys: Vec<String> = std::fs::read_dir(here.join("desk/keys"))
        .expect("keys")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(keys.iter().filter(|name| name.starts_with("steward")).count(), 1, "{keys:?}");
    assert!(refused(here, &["register", "renew", "--dir", "desk"]).contains("still waits for its first signatures"));
    let shown = done(here, &["register", "show", "--dir", "desk"]);
    assert_eq!(shown.as_array().map(Vec::len), Some(3));
    // A root that someone else made does not come in.
    done(here, &["register", "new", "--region", "flevoland", "--dir", "thief"]);
    assert!(refused(here, &["register", "take", "thief/root.1.json", "--dir", "desk"]).contains("none of the documents"));
    assert!(
        refused(here, &["register", "sign", "desk/proposed/root.1.json", "--key", "r-1/own.key", "--yes", "--dir", "desk"])
            .contains("none of those that sign")
    );
    done(here, &["register", "sign", "desk/proposed/root.1.json", "--key", "s-2/own.key", "--yes"]);
    waits(here, &["register", "sign", "desk/proposed/members.1.1.json", "--key", "r-1/own.key", "--yes", "--dir", "desk"]);
    assert!(!here.join("desk/root.1.json").exists(), "all three or none");
    let over = done(here, &["register", "sign", "desk/proposed/members.1.1.json", "--key", "r-2/own.key", "--yes", "--dir", "desk"]);
    assert_eq!(over["complete"], true, "{over}");
    assert!(!here.join("desk/proposed").exists());
    let fingerprint = began["fingerprint"].as_str().expect("a fingerprint");
    assert_eq!(done(here, &["register", "verify", "--dir", "desk", "--fingerprint", fingerprint])["standing"], "current");
    init(here, "kvk:12345678", "node");
    waits(here, &["register", "add", "node/member.json", "--dir", "desk"]);
}

#[test]
fn numbers_that_are_dangerous_are_warned_of() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let warnings = |more: &[&str]| -> Vec<String> {
        let dir = format!("desk-{}", more.join(""));
        let made = done(here, &[&["register", "new", "--region", "flevoland", "--dir", &dir], more].concat());
        made["warnings"].as_array().expect("warnings").iter().map(ToString::to_string).collect()
    };
    let stewards = |more: &[&str]| warnings(&[more, &["--registrars", "3"]].concat());
    assert_eq!(stewards(&["--stewards", "3"]), Vec::<String>::new(), "two of three, and two keys for freshness");
    let expect = |found: Vec<String>, says: &str| assert!(found.len() == 1 && found[0].contains(says), "{found:?} should say {says}");
    expect(stewards(&["--stewards", "1"]), "there is one steward");
    expect(stewards(&["--stewards", "2"]), "all 2 stewards must sign");
    expect(stewards(&["--stewards", "3", "--threshold", "3"]), "all 3 stewards must sign");
    expect(stewards(&["--stewards", "3", "--threshold", "1"]), "one of 3 stewards is enough");
    expect(warnings(&["--stewards", "3"]), "there is one registrar");
    expect(warnings(&["--stewards", "3", "--registrars", "2"]), "all 2 registrars must sign");
    expect(stewards(&["--stewards", "3", "--make-freshness", "1"]), "there is one freshness key");
    // The next root says the same before it is signed.
    let root = done(here, &["register", "renew", "--root", "--dir", "desk---stewards3--registrars3", "--threshold", "1"]);
    let said = root["documents"][0]["inWords"].to_string();
    assert!(said.contains("steward keys: 1 of 3 must sign (before: 2 of 3)") && said.contains("one of 3 stewards is enough"), "{said}");
}

#[test]
fn what_is_signed_is_shown_in_words() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    region(here);
    init(here, "kvk:12345678", "node");
    waits(here, &["register", "add", "node/member.json", "--dir", "a"]);
    let sign = |file: &str, key: &str, more: &[&str]| {
        let arguments = [&["register", "sign", file, "--key", key, "--yes"], more].concat();
        let output = Command::new(env!("CARGO_BIN_EXE_polder")).current_dir(here).args(&arguments).output().expect("the program");
        text(&output.stdout)
    };
    let proposed = "a/proposed/members.1.2.json";
    // On a terminal it is asked first.
    let before = std::fs::read(here.join(proposed)).expect("a proposal");
    let sign_it = format!("{} register sign {proposed} --key b/keys/registrar-2.key", env!("CARGO_BIN_EXE_polder"));
    let mut terminal = Command::new("script");
    terminal.current_dir(here).args(["-qec", &sign_it, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = terminal.spawn().expect("script (Debian package bsdutils)");
    std::io::Write::write_all(&mut child.stdin.take().expect("input"), b"no\n").expect("written");
    let said = child.wait_with_output().expect("ended");
    assert!(said.status.code() == Some(1) && text(&said.stdout).contains("not signed"), "{}", text(&said.stdout));
    assert_eq!(std::fs::read(here.join(proposed)).expect("a proposal"), before);
    // Where nobody can be asked, nothing is signed without a word for it.
    for more in [&[][..], &["--json"], &["--dir", "b"]] {
        let arguments = [&["register", "sign", proposed, "--key", "b/keys/registrar-2.key"], more].concat();
        let output = command::polder(here, &arguments, "yes\n");
        assert!(output.status.code() == Some(2) && text(&output.stderr).contains("give --yes to sign it"), "{more:?}: {output:?}");
        assert_eq!(std::fs::read(here.join(proposed)).expect("a proposal"), before, "{more:?}");
    }
    let bare = sign(proposed, "b/keys/registrar-2.key", &[]);
    assert!(bare.contains("kvk:12345678 (Voorbeeld BV), at https://a.example:8443: may ask for find-work, find-training"), "{bare}");
    let said = sign(proposed, "b/keys/registrar-2.key", &["--dir", "b"]);
    let adds = said.find("adds kvk:12345678 (Voorbeeld BV), at https://a.example:8443").unwrap_or_else(|| panic!("{said}"));
    assert!(said.contains("version 1 → 2") && said.find("in force").is_some_and(|signed| adds < signed), "first what it says: {said}");
    done(here, &["register", "take", "b/members.json", "--dir", "a"]);
    // Keys and purposes are marked.
    init(here, "kvk:12345678", "again");
    waits(here, &["register", "rotate", "again/member.json", "--dir", "a"]);
    let said = sign("a/proposed/members.1.3.json", "b/keys/registrar-2.key", &["--dir", "b"]);
    let marked: Vec<&str> = said.lines().filter(|line| line.starts_with("  ! ")).collect();
    assert!(marked.len() == 2 && marked.iter().all(|line| line.contains("kvk:12345678 (Voorbeeld BV): new ")), "{said}");
    let key = |file: &str| done(here, &["register", "key", file])["publicKey"].as_str().expect("a key").to_owned();
    let fourth = ["1", "2", "3"].map(|number| key(&format!("vault/steward-{number}.key"))).into_iter().chain([key("fourth.key")]);
    let fourth: Vec<String> = fourth.flat_map(|key| ["--steward".to_owned(), key]).collect();
    let arguments: Vec<&str> = ["register", "renew", "--root", "--dir", "a"].into_iter().chain(fourth.iter().map(String::as_str)).collect();
    waits(here, &arguments);
    let said = sign("a/proposed/root.2.json", "vault/steward-1.key", &["--dir", "a"]);
    assert!(said.contains("! steward keys: 2 of 4 must sign (before: 2 of 3)") && said.contains("! adds the steward key "), "{said}");
}

#[test]
fn a_timer_renews_a_list_that_is_about_to_end_and_says_who_must_sign() {
    use polder_exchange::{Clock, SystemClock};
    use polder_trust::keys::SigningKey;
    use polder_trust::register::{DocumentType, Members, Signed};
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    region(here);
    let known = Signed::parse(&std::fs::read(here.join("a/members.json")).expect("a list")).expect("signed");
    let mut members: Members = serde_json::from_slice(&known.bytes).expect("members");
    let timer = ["register", "renew", "--timer", "--dir", "a"];
    for (days, due) in [(16, false), (14, true)] {
        members.expires = SystemClock.now().plus_seconds(days * 86_400);
        let mut signed = Signed::unsigned(serde_json::to_vec(&members).expect("JSON"));
        for key in ["a/keys/registrar-1.key", "b/keys/registrar-2.key"] {
            signed.sign(DocumentType::Members, &SigningKey::load(&here.join(key)).expect("a key"));
        }
        std::fs::write(here.join("a/members.json"), signed.to_file()).expect("written");
        if !due {
            assert_eq!(done(here, &timer)["documents"], Value::from(Vec::<Value>::new()), "half of 30 days is left");
        }
    }
    let proposed = || std::fs::read(here.join("a/proposed/members.1.2.json")).expect("a proposal");
    let began = waits(here, &timer);
    let first = proposed();
    assert_eq!(began["documents"][0]["signatures"][0]["missing"].as_array().map(Vec::len), Some(1), "{began}");
    // The next day it says so again, and changes nothing.
    waits(here, &timer);
    assert_eq!(proposed(), first);
}
