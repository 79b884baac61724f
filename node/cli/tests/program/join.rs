//! `polder join`: from an accession file to the first answer, and everything that can be wrong on the way, each in its own words.

use std::process::Output;

use polder_exchange::{Clock, SystemClock};
use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, Fresh, Members, Signed};
use serde_json::{Value, json};

use crate::support::command;
use crate::support::command::{code, err, out};
use crate::support::region::Region;

/// Exit code and words of a command that did not join.
fn refused(output: &Output, expected: i32, says: &str) {
    let text = err(output);
    assert_eq!(code(output), expected, "{text}");
    let last: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert!(last["error"].as_str().is_some_and(|error| error.contains(says)), "{text}\nshould have said: {says}");
}

fn joined(output: &Output) -> Value {
    assert_eq!(code(output), 0, "{}{}", out(output), err(output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn three_nodes_from_nothing_to_the_first_answer() {
    let region = Region::with(&["a", "b", "c"]);
    // The first of a region finds nobody; what it got is in its place all the same.
    refused(&region.join("a"), 3, "none of the 2 partners answered");
    refused(&region.join("a"), 3, "where none of their nodes runs yet, start this one");
    // Nobody listens there, and that is said: not what became of a call that waited for the connection of another one.
    let text = err(&region.join("a"));
    assert!(text.contains("Connection refused") && !text.contains("canceled"), "{text}");
    let _a = region.serve("a");
    let groups =
        region.fingerprint.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join(" ");
    let answer = joined(&region.join_with("b", "b/accession.json", Some(&groups)));
    assert_eq!((answer["answered"].as_array().map(Vec::len), &answer["missing"][0]["partner"]), (Some(2), &json!(Region::partner("c"))));
    let _b = region.serve("b");
    let answer = joined(&region.join("c"));
    assert_eq!((answer["answered"].as_array().map(Vec::len), &answer["missing"]), (Some(3), &json!([])));
    // Again, without the fingerprint: the configuration has it by now. Keys and register are as they were.
    let kept = ["c/data/keys/message.key", "c/data/register/members.json", "c/polder.toml"]
        .map(|file| std::fs::read(region.path(file)).expect("a file"));
    joined(&region.join_with("c", "c/accession.json", None));
    let after = ["c/data/keys/message.key", "c/data/register/members.json", "c/polder.toml"]
        .map(|file| std::fs::read(region.path(file)).expect("a file"));
    assert_eq!(kept, after);
    let _c = region.serve("c");
    refused(&region.join("c"), 2, "a node runs here already");
    let (report, exit) = region.doctor("c");
    assert_eq!((exit, &report["grade"]), (0, &json!("ok")), "{report:#}");
}

#[test]
fn a_file_that_cannot_be_trusted_changes_nothing() {
    let region = Region::with(&["a", "b"]);
    let join = |file: &str, told: Option<&str>| region.join_with("a", file, told);
    let told = Some(region.fingerprint.as_str());
    let text = std::fs::read_to_string(region.path("a/accession.json")).expect("a file");
    let variant = |name: &str, text: &str| std::fs::write(region.path(name), text).expect("written");
    refused(&join("a/accession.json", None), 2, "--fingerprint HEX");
    refused(&join("a/accession.json", Some("3f1c")), 2, "64 hexadecimal digits");
    refused(&join("a/accession.json", Some(&"ab".repeat(32))), 1, "do not join with it");
    refused(&join("a/nowhere.json", told), 2, "nowhere.json");
    variant("cut.json", &text[..text.len() / 2]);
    refused(&join("cut.json", told), 1, "the file is cut off");
    variant("other.json", "{\"type\": \"polder-accession/9\"}");
    refused(&join("other.json", told), 1, "this is no accession file");
    refused(&join("a/data/member.json", told), 1, "is a request");
    refused(&join("b/accession.json", told), 1, "this accession file is for kvk:00000002");
    let mut damaged: Value = serde_json::from_str(&text).expect("JSON");
    let signed = damaged["members"]["signed"].as_str().expect("bytes").replacen('A', "B", 1);
    damaged["members"]["signed"] = json!(signed);
    variant("damaged.json", &damaged.to_string());
    // What the bytes say now may be wrong in itself, or no longer what was signed.
    refused(&join("damaged.json", told), 1, "the accession file does not hold: ");
    let mut forged: Value = serde_json::from_str(&text).expect("JSON");
    let signature = forged["members"]["signatures"][0]["sig"].as_str().expect("a signature");
    let other = if signature.starts_with('A') { "B" } else { "A" };
    forged["members"]["signatures"][0]["sig"] = json!(format!("{other}{}", &signature[1..]));
    variant("forged.json", &forged.to_string());
    refused(&join("forged.json", told), 1, "the accession file does not hold: members");
    // Someone swaps the root as well, and the fingerprint in the file.
    let thief = Region::with(&["a"]);
    variant("swapped.json", &std::fs::read_to_string(thief.path("a/accession.json")).expect("a file"));
    refused(&join("swapped.json", told), 1, "do not join with it");
    assert!(!region.path("a/data/register").exists() && !region.path("a/data/polder.db").exists(), "nothing was changed");
    let config = std::fs::read_to_string(region.path("a/polder.toml")).expect("a configuration");
    assert!(!config.contains(&region.fingerprint));
}

#[test]
fn a_machine_that_is_not_ready_is_told_everything_at_once() {
    let region = Region::with(&["a", "b"]);
    let taken = std::net::TcpListener::bind(region.listens("a", "client")).expect("the port");
    region.mode("a/data", 0o755);
    let output = region.join("a");
    refused(&output, 2, "is taken by another program");
    assert!(err(&output).contains("is open to other users"), "{}", err(&output));
    drop(taken);
    region.mode("a/data", 0o700);
    region.mode("a/data/keys/message.key", 0o644);
    refused(&region.join("a"), 2, "chmod 600");
    region.mode("a/data/keys/message.key", 0o600);
    std::fs::rename(region.path("a/data/keys"), region.path("own")).expect("moved");
    std::fs::rename(region.path("b/data/keys"), region.path("a/data/keys")).expect("moved");
    refused(&region.join("a"), 1, "the register holds another message key");
    std::fs::rename(region.path("a/data/keys"), region.path("b/data/keys")).expect("moved");
    std::fs::rename(region.path("own"), region.path("a/data/keys")).expect("moved");
    assert!(!region.path("a/data/register").exists(), "nothing was changed");
    refused(&region.join("a"), 3, "none of the 1 partners answered");
}

#[test]
fn partners_who_do_not_know_the_newcomer_yet() {
    let region = Region::with(&["a"]);
    joined(&region.join("a"));
    let a = region.serve("a");
    region.add("b");
    region.accession("b");
    refused(&region.join("b"), 1, "do not know this node's keys yet");
    // The registrar puts the list on one node.
    drop(a);
    for file in ["members.json", "fresh.json"] {
        std::fs::copy(region.path("desk").join(file), region.path("a/data/register").join(file)).expect("copied");
    }
    let _a = region.serve("a");
    joined(&region.join("b"));
}

/// Puts another document, signed at the desk, into an accession file.
fn put(region: &Region, file: &str, what: &str, kind: DocumentType, key: &str, bytes: Vec<u8>) {
    let mut signed = Signed::unsigned(bytes);
    signed.sign(kind, &SigningKey::load(&region.path(&format!("desk/keys/{key}-1.key"))).expect("a key"));
    let mut accession: Value = serde_json::from_slice(&std::fs::read(region.path(file)).expect("a file")).expect("JSON");
    accession[what] = serde_json::from_str(&signed.to_file()).expect("JSON");
    std::fs::write(region.path(file), accession.to_string()).expect("written");
}

#[test]
fn what_has_expired_is_told_and_freshness_is_fetched() {
    let region = Region::with(&["a", "b"]);
    let members = Signed::parse(&std::fs::read(region.path("desk/members.json")).expect("a file")).expect("signed");
    let mut list: Members = serde_json::from_slice(&members.bytes).expect("members");
    let past = SystemClock.now().plus_seconds(-3_600);
    let fresh = serde_json::to_vec(&Fresh::of(&list, members.sha256(), past)).expect("JSON");
    ["a", "b"]
        .iter()
        .for_each(|node| put(&region, &format!("{node}/accession.json"), "fresh", DocumentType::Fresh, "freshness", fresh.clone()));
    refused(&region.join("a"), 3, "none of the 1 partners answered");
    let a = region.serve("a");
    refused(&region.join("b"), 1, "the freshness of the register ran out on");
    // One node has newer freshness: the newcomer needs no new file.
    drop(a);
    std::fs::copy(region.path("desk/fresh.json"), region.path("a/data/register/fresh.json")).expect("copied");
    let _a = region.serve("a");
    joined(&region.join("b"));
    list.expires = past;
    put(&region, "b/accession.json", "members", DocumentType::Members, "registrar", serde_json::to_vec(&list).expect("JSON"));
    refused(&region.join("b"), 1, "the list of members in the accession file expired on");
    // A registrar whose own list has expired gives nobody such a file.
    let mut signed = Signed::unsigned(serde_json::to_vec(&list).expect("JSON"));
    signed.sign(DocumentType::Members, &SigningKey::load(&region.path("desk/keys/registrar-1.key")).expect("a key"));
    std::fs::write(region.path("desk/members.json"), signed.to_file()).expect("written");
    let mut fresh = Signed::unsigned(serde_json::to_vec(&Fresh::of(&list, signed.sha256(), past)).expect("JSON"));
    fresh.sign(DocumentType::Fresh, &SigningKey::load(&region.path("desk/keys/freshness-1.key")).expect("a key"));
    std::fs::write(region.path("desk/fresh.json"), fresh.to_file()).expect("written");
    refused(&region.run(&["register", "accession", &Region::partner("b"), "--dir", "desk"]), 1, "has expired; renew it first");
}

#[test]
fn a_later_register_is_never_replaced() {
    let region = Region::with(&["a", "b"]);
    std::fs::copy(region.path("b/accession.json"), region.path("early.json")).expect("copied");
    let copied = std::process::Command::new("cp").arg("-r").arg(region.path("desk")).arg(region.path("other")).status().expect("cp");
    assert!(copied.success());
    region.done(&["register", "renew", "--dir", "desk"]);
    ["a", "b"].iter().for_each(|node| region.accession(node));
    refused(&region.join("a"), 3, "none of the 1 partners answered");
    let _a = region.serve("a");
    assert_eq!(joined(&region.join("b"))["version"], 4);
    let members = std::fs::read(region.path("b/data/register/members.json")).expect("a file");
    assert_eq!(joined(&region.join_with("b", "early.json", None))["version"], 4, "the later one stays in force");
    assert_eq!(std::fs::read(region.path("b/data/register/members.json")).expect("a file"), members);
    // Another list with the same version is no news.
    region.done(&["register", "suspend", &Region::partner("a"), "--dir", "other"]);
    region.done(&["register", "accession", &Region::partner("b"), "--dir", "other", "--output", "forked.json"]);
    refused(&region.join_with("b", "forked.json", None), 1, "that is a contradiction");
    // A node takes part in one region.
    let elsewhere = Region::with(&["b"]);
    std::fs::copy(elsewhere.path("b/accession.json"), region.path("elsewhere.json")).expect("copied");
    refused(&region.join_with("b", "elsewhere.json", Some(&elsewhere.fingerprint)), 1, "a node takes part in one region");
}

#[test]
fn the_code_of_a_request_is_what_both_sides_read() {
    let region = Region::new();
    region.init("a");
    let add = |code: &str| region.run(&["register", "add", "a/data/member.json", "--dir", "desk", "--code", code]);
    let member = std::fs::read(region.path("a/data/member.json")).expect("a file");
    let member: polder_trust::register::Member = serde_json::from_slice(&member).expect("a member");
    let code = member.code();
    refused(&add("3f1c"), 2, "32 hexadecimal digits");
    // Someone changes the address on the way.
    let before = region.change("a/data/member.json", "https://127.0.0.1", "https://127.0.0.2");
    refused(&add(&code), 1, "not the one that was given");
    std::fs::write(region.path("a/data/member.json"), before).expect("written");
    assert!(add(&code).status.success());
    region.accession("a");
    let made = region.done(&["register", "accession", &Region::partner("a"), "--dir", "desk"]);
    assert_eq!((&made["code"], &made["fingerprint"]), (&json!(code), &json!(region.fingerprint)));
}

#[test]
fn what_is_missing_or_does_not_fit_is_told_before_anything_is_changed() {
    let region = Region::with(&["a", "b"]);
    let nothing = tempfile::tempdir().expect("a directory");
    let output = command::polder(nothing.path(), &["join", "a.json", "--json"], "");
    refused(&output, 2, "there is no configuration yet");
    let text = std::fs::read_to_string(region.path("a/accession.json")).expect("a file");
    let told = Some(region.fingerprint.as_str());
    let variant = |change: &dyn Fn(&mut Value)| {
        let mut accession: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut accession);
        std::fs::write(region.path("variant.json"), accession.to_string()).expect("written");
    };
    variant(&|file| file["region"] = json!("elsewhere"));
    refused(&region.join_with("a", "variant.json", told), 1, "it says that it is of elsewhere");
    variant(&|file| file["fingerprint"] = json!("3f1c"));
    refused(&region.join_with("a", "variant.json", None), 1, "has no fingerprint of 64 hexadecimal digits");
    // The file says the fingerprint that was told, and its first root is another.
    variant(&|file| file["roots"][0]["signed"] = file["members"]["signed"].clone());
    refused(&region.join_with("a", "variant.json", told), 1, "do not join with it");
    std::fs::write(region.path("variant.json"), &text).expect("written");
    let (mut list, _) = list_of(&region);
    list.members.retain(|member| member.partner.as_str() != Region::partner("a"));
    put(&region, "variant.json", "members", DocumentType::Members, "registrar", serde_json::to_vec(&list).expect("JSON"));
    refused(&region.join_with("a", "variant.json", told), 1, "the register does not hold it");
    let (mut list, _) = list_of(&region);
    std::sync::Arc::make_mut(&mut list.members[0]).status = polder_trust::register::Status::Suspended;
    put(&region, "variant.json", "members", DocumentType::Members, "registrar", serde_json::to_vec(&list).expect("JSON"));
    refused(&region.join_with("a", "variant.json", told), 1, "it does not take part");
    assert!(!region.path("a/data/register").exists() && !region.path("a/data/polder.db").exists(), "nothing was changed");
}

fn list_of(region: &Region) -> (Members, String) {
    let members = Signed::parse(&std::fs::read(region.path("desk/members.json")).expect("a file")).expect("signed");
    (serde_json::from_slice(&members.bytes).expect("members"), members.sha256())
}

#[test]
fn a_node_that_ran_in_one_region_joins_no_other() {
    let region = Region::with(&["a"]);
    joined(&region.join("a"));
    let elsewhere = Region::with(&["a"]);
    std::fs::copy(elsewhere.path("a/accession.json"), region.path("elsewhere.json")).expect("copied");
    let join = || region.join_with("a", "elsewhere.json", Some(&elsewhere.fingerprint));
    refused(&join(), 1, "of a register that this node has joined");
    region.change("a/polder.toml", "fingerprint = ", "# fingerprint = ");
    refused(&join(), 1, "the register in the database is that of another region");
    std::fs::remove_file(region.path("a/data/polder.db")).expect("removed");
    refused(&join(), 1, "a/data/register is that of another region");
}

#[test]
fn the_fingerprint_is_confirmed_on_a_terminal() {
    let region = Region::with(&["a"]);
    let answer = |text: &str| {
        let polder = env!("CARGO_BIN_EXE_polder");
        let mut terminal = std::process::Command::new("script");
        terminal.current_dir(region.here()).args(["-qec", &format!("{polder} join a/accession.json --config a/polder.toml"), "/dev/null"]);
        terminal.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        let mut child = terminal.spawn().expect("script (Debian package bsdutils)");
        std::io::Write::write_all(&mut child.stdin.take().expect("input"), text.as_bytes()).expect("written");
        let output = child.wait_with_output().expect("ended");
        (code(&output), out(&output))
    };
    let (exit, said) = answer("no\n");
    assert!(exit == 1 && said.contains("the fingerprint was not confirmed"), "{exit}: {said}");
    assert!(!region.path("a/data/register").exists(), "nothing was changed");
    let (exit, said) = answer("yes\n");
    assert!(exit == 0 && said.contains("takes part in proef"), "{exit}: {said}");
}

#[test]
fn a_node_without_a_configuration_file_is_told_what_to_set() {
    let region = Region::with(&["a"]);
    let text = std::fs::read_to_string(region.path("a/polder.toml")).expect("a configuration");
    let table: toml::Table = text.parse().expect("TOML");
    let nowhere = tempfile::tempdir().expect("a directory");
    let mut join = std::process::Command::new(env!("CARGO_BIN_EXE_polder"));
    join.current_dir(nowhere.path()).arg("join").arg(region.path("a/accession.json")).args([
        "--fingerprint",
        &region.fingerprint,
        "--json",
    ]);
    for name in ["partner", "name", "data"] {
        join.env(format!("POLDER_{}", name.to_uppercase()), table[name].as_str().expect("text"));
    }
    for section in ["client", "peer", "operator"] {
        join.env(format!("POLDER_{}_LISTEN", section.to_uppercase()), region.listens("a", section));
    }
    let output = join.output().expect("the program");
    refused(&output, 2, &format!("set POLDER_REGISTER_FINGERPRINT={}", region.fingerprint));
}
