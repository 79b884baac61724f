//! The life of a register at its desks: what docs/register.md tells people to do, done.

use std::path::Path;

use serde_json::Value;

use crate::support::command;
use crate::support::desks::{done, init, json, polder, refused, region, signed_by_both, text, waits};

#[test]
fn two_registrars_on_two_machines() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let fingerprint = region(here);
    init(here, "kvk:12345678", "node");
    let added = waits(here, &["register", "add", "node/member.json", "--dir", "a"]);
    assert_eq!(added["complete"], Value::from(false));
    let verify = ["register", "verify", "--dir", "a", "--fingerprint", &fingerprint];
    assert_eq!(done(here, &verify)["version"], 1, "the list before stays in force meanwhile");

    // What the other sees before signing: exactly what would change, who signed and who is missing.
    std::fs::copy(here.join("a/proposed/members.1.2.json"), here.join("mail.json")).expect("sent");
    let shown = done(here, &["register", "show", "mail.json", "--dir", "b"]);
    let changes: Vec<&str> = shown[0]["changes"].as_array().expect("changes").iter().filter_map(|change| change["at"].as_str()).collect();
    assert!(changes.contains(&"members") && changes.contains(&"version") && changes.contains(&"expires"), "{changes:?}");
    assert_eq!(shown[0]["signatures"][0]["missing"].as_array().map(Vec::len), Some(1));

    // Nobody joins by a list that is not in force.
    assert!(refused(here, &["register", "accession", "kvk:12345678", "--dir", "a"]).contains("waits for signatures in"));
    assert!(refused(here, &["register", "take", "b/fresh.json", "--dir", "a"]).contains("freshness has one signature"));

    // Not two proposals of one version; and no signature that nobody asked for.
    assert!(refused(here, &["register", "suspend", "kvk:12345678", "--dir", "a"]).contains("does not hold this partner"));
    assert!(refused(here, &["register", "renew", "--dir", "a"]).contains("waits for signatures already"));
    assert!(
        refused(here, &["register", "sign", "mail.json", "--key", "vault/steward-1.key", "--yes", "--dir", "b"])
            .contains("is none of those that sign")
    );

    done(here, &["register", "sign", "mail.json", "--key", "b/keys/registrar-2.key", "--yes", "--dir", "b"]);
    let taken = done(here, &["register", "take", "mail.json", "--dir", "a"]);
    assert_eq!((&taken["complete"], &taken["documents"][0]["inForce"]), (&Value::from(true), &Value::from(true)));
    assert_eq!(done(here, &verify)["active"], 1);
    assert!(!here.join("a/proposed/members.1.2.json").exists());
    assert_eq!(
        std::fs::read(here.join("b/members.json")).map(|file| file.len()).ok(),
        std::fs::read(here.join("a/members.json")).map(|file| file.len()).ok()
    );
    assert!(refused(here, &["register", "take", "mail.json", "--dir", "a"]).contains("in force here already"));

    // Two documents with one version never meet.
    waits(here, &["register", "suspend", "kvk:12345678", "--dir", "a"]);
    waits(here, &["register", "expel", "kvk:12345678", "--dir", "b"]);
    assert!(
        refused(here, &["register", "take", "b/proposed/members.1.3.json", "--dir", "a"])
            .contains("another document with the same version")
    );
}

/// With two registrars, a list for each newcomer would be a round of mail for each.
#[test]
fn several_requests_come_into_one_list() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    region(here);
    let (partners, files) = (["kvk:12345678", "kvk:23456789"], ["one/member.json", "two/member.json"]);
    init(here, partners[0], "one");
    init(here, partners[1], "two");
    init(here, partners[1], "again");
    let code = |file: &str| -> String {
        let request = std::fs::read(here.join(file)).expect("a request");
        serde_json::from_slice::<polder_trust::register::Member>(&request).expect("a member").code()
    };
    let (one, two, other) = (code(files[0]), code(files[1]), code("again/member.json"));
    let add = |files: &[&str], codes: &[&str]| -> Vec<String> {
        let codes = codes.iter().flat_map(|code| ["--code", code]);
        ["register", "add", "--dir", "a"].into_iter().chain(files.iter().copied()).chain(codes).map(str::to_owned).collect()
    };
    let run = |arguments: &[String]| command::polder(here, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), "");
    for (given, codes, exit, why) in [
        (&files[..], &[&one[..]][..], 2, "there are 2 request(s) and 1 code(s)"),
        (&files, &[&one, &other], 1, "two/member.json: the code of this request is"),
        (&files, &[&one, &one], 1, "two/member.json: the code of this request is"),
        (&[files[0], files[1], "again/member.json"], &[], 1, "there are two requests of this partner"),
    ] {
        let output = run(&add(given, codes));
        assert!(output.status.code() == Some(exit) && text(&output.stderr).contains(why), "{why}: {output:?}");
        assert!(!here.join("a/proposed/members.1.2.json").exists(), "{why}");
    }
    // In any order.
    let output = run(&add(&files, &[&two, &one]));
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    for partner in partners {
        let parts = [format!("Code of the request of {partner}: "), format!("polder register accession {partner} --dir a")];
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
    }
    assert!(said.contains("(as it was given)"), "{said}");
    let proposed = done(here, &["register", "show", "a/proposed/members.1.2.json", "--dir", "a"]);
    assert_eq!(proposed[0]["document"]["members"].as_array().map(Vec::len), Some(2), "{proposed}");
}

#[test]
fn suspended_expelled_reinstated_and_rotated() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    region(here);
    ["one", "two", "three"].iter().for_each(|data| init(here, "kvk:12345678", data));
    let member = |here: &Path| done(here, &["register", "show", "a/members.json", "--dir", "a"])[0]["document"]["members"][0].clone();
    signed_by_both(here, &["register", "add", "one/member.json", "--dir", "a"]);
    let first = member(here);

    // New keys beside the old ones.
    let rotated = signed_by_both(here, &["register", "rotate", "two/member.json", "--dir", "a", "--overlap", "7"]);
    assert_eq!(rotated["documents"][0]["version"], "members 1.3");
    let both = member(here);
    let (pins, keys) = (both["tlsPins"].as_array().expect("pins"), both["messageKeys"].as_array().expect("keys"));
    assert_eq!((pins.len(), keys.len()), (2, 2));
    assert_eq!((&pins[1]["sha256"], &keys[1]["keyid"]), (&first["tlsPins"][0]["sha256"], &first["messageKeys"][0]["keyid"]));
    assert!(pins[0]["notAfter"].is_null() && pins[1]["notAfter"].is_string() && pins[1]["notAfter"] == keys[1]["notAfter"]);
    assert!(refused(here, &["register", "rotate", "two/member.json", "--dir", "a"]).contains("has already"));
    // What both ends compare: the code of the request, and of an entry that no request has the keys.
    let other = "0".repeat(32);
    let changed = refused(here, &["register", "rotate", "three/member.json", "--dir", "a", "--code", &other]);
    assert!(changed.contains("not the one that was given") && !here.join("a/proposed/members.1.4.json").exists(), "{changed}");
    let accession = done(here, &["register", "accession", "kvk:12345678", "--dir", "a"]);
    assert!(accession["code"].is_null() && accession["messageKeys"].as_array().is_some_and(|keys| keys.len() == 2), "{accession}");
    // Nobody comes in under another name with keys that a partner has.
    let same = std::fs::read_to_string(here.join("two/member.json")).expect("a request").replace("kvk:12345678", "kvk:87654321");
    std::fs::write(here.join("same.json"), same).expect("written");
    assert!(refused(here, &["register", "add", "same.json", "--dir", "a"]).contains("cannot stand in the register"));

    // Keys in wrong hands: the old ones go at once.
    signed_by_both(here, &["register", "rotate", "three/member.json", "--dir", "a", "--emergency"]);
    let third = member(here);
    assert_eq!((third["tlsPins"].as_array().map(Vec::len), third["messageKeys"].as_array().map(Vec::len)), (Some(1), Some(1)));
    assert_ne!(third["tlsPins"][0], both["tlsPins"][0]);

    signed_by_both(here, &["register", "suspend", "kvk:12345678", "--dir", "a"]);
    assert_eq!((&member(here)["status"], &member(here)["since"]), (&Value::from("suspended"), &Value::from(5)));
    assert!(refused(here, &["register", "add", "three/member.json", "--dir", "a"]).contains("reinstate"));
    assert!(refused(here, &["register", "suspend", "kvk:12345678", "--dir", "a"]).contains("that is its status already"));
    assert!(refused(here, &["register", "accession", "kvk:12345678", "--dir", "a"]).contains("it does not take part now"));
    signed_by_both(here, &["register", "reinstate", "kvk:12345678", "--dir", "a"]);
    assert_eq!(member(here)["status"], "active");
    assert!(refused(here, &["register", "reinstate", "kvk:12345678", "--dir", "a"]).contains("it takes part already"));
    signed_by_both(here, &["register", "expel", "kvk:12345678", "--dir", "a"]);
    assert_eq!(member(here)["status"], "expelled", "the entry stays");
    // Whoever is expelled does not come back with its old keys by way of a suspension, nor with the request of another partner.
    assert!(
        refused(here, &["register", "suspend", "kvk:12345678", "--dir", "a"]).contains("only `polder register reinstate` changes that")
    );
    init(here, "kvk:87654321", "other");
    let by_another = ["register", "reinstate", "kvk:12345678", "--dir", "a", "--with", "other/member.json"];
    assert!(refused(here, &by_another).contains("it is the request of kvk:87654321"));
    let back = ["register", "reinstate", "kvk:12345678", "--dir", "a"];
    assert!(refused(here, &back).contains("new keys only"));
    assert!(
        refused(here, &["register", "reinstate", "kvk:12345678", "--dir", "a", "--with", "three/member.json"]).contains("new keys only")
    );
    // One old key beside a new one is an old key.
    let request = |data: &str| -> Value {
        serde_json::from_slice(&std::fs::read(here.join(data).join("member.json")).expect("a request")).expect("JSON")
    };
    for old in ["tlsPins", "messageKeys"] {
        let mut mixed = request("two");
        mixed[old] = request("three")[old].clone();
        std::fs::write(here.join("mixed.json"), mixed.to_string()).expect("written");
        let with = ["register", "reinstate", "kvk:12345678", "--dir", "a", "--with", "mixed.json"];
        assert!(refused(here, &with).contains("new keys only"), "{old}");
    }
    signed_by_both(here, &["register", "reinstate", "kvk:12345678", "--dir", "a", "--with", "two/member.json"]);
    assert_eq!(member(here)["tlsPins"], both["tlsPins"].as_array().map(|pins| Value::from(vec![pins[0].clone()])).expect("pins"));
    let log = polder(here, &["register", "show", "--dir", "a"]);
    assert_eq!(log.status.code(), Some(0));
}

#[test]
fn renewed_by_a_timer_and_recovered_by_the_stewards() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let fingerprint = region(here);
    init(here, "kvk:12345678", "node");
    signed_by_both(here, &["register", "add", "node/member.json", "--dir", "a"]);
    assert_eq!(
        done(here, &["register", "renew", "--dir", "a", "--timer"])["documents"],
        Value::from(Vec::<Value>::new()),
        "nothing is due"
    );
    let renewed = signed_by_both(here, &["register", "renew", "--dir", "a"]);
    assert_eq!(renewed["documents"][0]["version"], "members 1.3");
    waits(here, &["register", "renew", "--dir", "a"]);
    std::fs::rename(here.join("a/proposed/members.1.4.json"), here.join("late.json")).expect("one that is still on its way");

    // The stewards make a new root: other registrars, made on their own machines.
    let key = |file: &str| done(here, &["register", "key", file])["publicKey"].as_str().expect("a key").to_owned();
    let (c, d) = (key("c.key"), key("d.key"));
    done(here, &["register", "new", "--region", "gelderland", "--dir", "elsewhere"]);
    let from = ["register", "recover", "--dir", "a", "--from", "elsewhere/members.json"];
    assert!(refused(here, &from).contains("it is no list of members of flevoland"));
    assert_eq!(key("c.key"), c, "a key that is there is shown");
    let began = waits(here, &["register", "recover", "--dir", "a", "--registrar", &c, "--registrar", &d]);
    assert_eq!(began["documents"].as_array().map(Vec::len), Some(2), "{began}");
    let proposed = |name: &str| format!("a/proposed/{name}");
    for (file, keys) in [("root.2.json", ["vault/steward-1.key", "vault/steward-3.key"]), ("members.2.1.json", ["c.key", "d.key"])] {
        for key in keys {
            done(here, &["register", "sign", &proposed(file), "--key", key, "--yes"]);
        }
    }
    // Where one of the two is missing, it is that which is told, and nobody is asked for signatures.
    let alone = |file: &str, missing: &str| {
        std::fs::copy(here.join(proposed(file)), here.join(file)).expect("sent");
        let output = command::polder(here, &["register", "take", file, "--dir", "b"], "");
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("it goes into force together with {missing}")) && !said.contains("who is missing"), "{said}");
        std::fs::remove_file(here.join("b/proposed").join(file)).expect("removed");
    };
    alone("root.2.json", "a list of members");
    alone("members.2.1.json", "the root that begins its epoch");
    // Both files, as they lie signed at this very desk.
    let taken = done(here, &["register", "take", &proposed("root.2.json"), &proposed("members.2.1.json"), "--dir", "a"]);
    assert_eq!(taken["complete"], true, "{taken}");
    let verified = done(here, &["register", "verify", "--dir", "a", "--fingerprint", &fingerprint]);
    assert_eq!(
        (&verified["root"], &verified["epoch"], &verified["version"], &verified["active"]),
        (&2.into(), &2.into(), &1.into(), &1.into())
    );
    // What the registrars before sign counts no more; nor does a list of that epoch wait here in the way of others.
    assert!(refused(here, &["register", "take", "late.json", "--dir", "a"]).contains("members 1.4 is in force here already, or is older"));
    assert!(!here.join("a/proposed/members.1.4.json").exists());
    let late = waits(here, &["register", "renew", "--dir", "a"]);
    assert_eq!(late["documents"][0]["signatures"][0]["signed"], Value::from(Vec::<Value>::new()));
}

/// One key in 64 begins with a hyphen.
#[test]
fn a_key_may_begin_with_a_hyphen() {
    let directory = tempfile::tempdir().expect("a directory");
    region(directory.path());
    let key = "-tvPqTmTc1Q8A1DrnYnNdXQPR7JxHsewPwF6N2dcjHo";
    for option in ["--steward", "--registrar", "--freshness"] {
        let said = text(&polder(directory.path(), &["register", "renew", "--dir", "a", option, key]).stderr);
        assert!(said.contains("give --root as well"), "{option}: {said}");
    }
}

#[test]
fn another_region_is_recognised_by_the_stewards_and_no_longer() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    region(here);
    let recognise = |more: &[&str]| -> Vec<String> {
        ["register", "recognise", "gelderland", "--dir", "a"].iter().chain(more).map(|text| (*text).to_owned()).collect()
    };
    let run = |arguments: &[String]| polder(here, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let print = "7c".repeat(32);
    for (more, why) in [
        (vec!["--fingerprint", "7c1f", "--purpose", "find-work"], "64 hexadecimal digits"),
        (vec!["--fingerprint", &print, "--purpose", "spying"], "a purpose is find-work"),
        (vec!["--fingerprint", &print], "--purpose"),
    ] {
        let output = run(&recognise(&more));
        assert!(output.status.code() != Some(0) && text(&output.stderr).contains(why), "{more:?}: {}", text(&output.stderr));
    }
    assert!(refused(here, &["register", "recognise", "flevoland", "--no-longer", "--dir", "a"]).contains("own region"));
    assert!(refused(here, &["register", "recognise", "gelderland", "--no-longer", "--dir", "a"]).contains("not recognised as it is"));

    let signed = |version: u8| {
        let proposed = format!("a/proposed/root.{version}.json");
        for key in ["vault/steward-1.key", "vault/steward-2.key"] {
            done(here, &["register", "sign", &proposed, "--key", key, "--yes"]);
        }
        std::fs::copy(here.join(&proposed), here.join("mail.json")).expect("sent");
        assert_eq!(done(here, &["register", "take", "mail.json", "--dir", "a"])["complete"], true);
        assert!(here.join(format!("a/root.{version}.json")).exists(), "in force");
    };
    let began = run(&recognise(&["--fingerprint", &print, "--purpose", "find-work", "--purpose", "find-training"]));
    assert_eq!(began.status.code(), Some(1), "stewards must sign: {}", text(&began.stderr));
    let proposed = json(&began)["documents"][0]["changes"].to_string();
    assert!(["gelderland", &print, "find-work", "find-training"].iter().all(|part| proposed.contains(part)), "{proposed}");
    signed(2);
    let again = run(&recognise(&["--no-longer"]));
    assert!(json(&again)["documents"][0]["changes"].to_string().contains("gelderland"));
    signed(3);
    assert!(refused(here, &["register", "recognise", "gelderland", "--no-longer", "--dir", "a"]).contains("not recognised as it is"));
}
