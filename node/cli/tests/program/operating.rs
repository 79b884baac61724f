//! What the people meet who look after a node: each thing that goes wrong is said where they look, with what to do.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Output;

use polder_exchange::{Clock, SystemClock};
use polder_trust::keys::Identity;
use serde_json::Value;

use crate::support::alone::Node;
use crate::support::command::{code, err, out, polder};
use crate::support::region::Region;

/// A node that has joined, alone in its region, and does not run.
fn one() -> Region {
    let region = Region::with(&["a"]);
    assert_eq!(code(&region.join("a")), 0);
    region
}

/// A page of the operator's port.
fn operator(region: &Region, path: &str) -> String {
    let address = region.listens("a", "operator");
    let mut stream = TcpStream::connect(&address).expect("a connection");
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("text");
    text
}

/// The value of a line of `/metrics` that begins so.
fn number(region: &Region, begins: &str) -> f64 {
    let text = operator(region, "/metrics");
    let line = text.lines().find(|line| line.starts_with(begins)).unwrap_or_else(|| panic!("no {begins}: {text}"));
    line.rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a number")
}

/// A start that comes to nothing.
fn not_started(region: &Region, more: &[&str]) -> String {
    let output: Output = polder(region.here(), &[&["serve", "--config", "a/polder.toml"], more].concat(), "");
    assert_eq!(code(&output), 2, "{}", err(&output));
    err(&output)
}

#[test]
fn a_node_without_its_journal_is_closed_until_somebody_says_what_it_is() {
    let region = one();
    let journal = region.path("a/data/consent.journal");
    let aside = region.path("aside");
    fs::rename(&journal, &aside).expect("moved away");
    region.advises(1, "reopening", "failure", "the database had a journal of what ended", "polder restored");
    let mut a = region.serve("a");
    assert!(region.log("a").contains("ERROR") && region.log("a").contains("finds a new one in its place"), "{}", region.log("a"));
    region.advises(1, "reopening", "failure", "found a new one in its place", "polder restored");
    let ready = operator(&region, "/readyz");
    assert!(ready.starts_with("HTTP/1.1 200") && ready.contains("nothing about people leaves this node"), "{ready}");
    assert!(number(&region, "polder_reopening_partners ") >= 1.0);
    assert!(a.stops_well());
    fs::rename(&aside, &journal).expect("put back");
    let mut a = region.serve("a");
    let ready = operator(&region, "/readyz");
    assert!(ready.ends_with("ready\n"), "{ready}");
    assert!(a.stops_well());
    fs::remove_file(&journal).expect("gone");
    region.done(&["restored", "--config", "a/polder.toml"]);
    let _a = region.serve("a");
    assert!(operator(&region, "/readyz").ends_with("ready\n"));
}

#[test]
fn a_journal_where_nothing_may_be_written_says_so() {
    let region = one();
    // Nobody makes a file there.
    let said = not_started(&region, &["--set", "journal=/sys/consent.journal"]);
    assert!(said.contains("/sys/consent.") && said.contains("ReadWritePaths=") && !said.contains("put a backup"), "{said}");
    let said = not_started(&region, &["--set", "journal=/nowhere/consent.journal"]);
    assert!(said.contains("see that its disk is mounted") && !said.contains("put a backup"), "{said}");
}

#[test]
fn a_database_that_is_gone_beside_its_journal_is_said() {
    let region = one();
    fs::rename(region.path("a/data/polder.db"), region.path("aside")).expect("moved away");
    region.advises(6, "database", "warning", "this node has run, and its database is gone", "the last backup");
}

#[test]
fn one_database_has_one_process_whatever_its_directory_is() {
    let region = one();
    region.copy_all("a/data", "other");
    let _a = region.serve("a");
    for database in ["database=a/data/polder.db", "database=other/../a/data/polder.db"] {
        let said = not_started(&region, &["--set", "data=other", "--set", database]);
        assert!(said.contains("another process runs a node on") && said.contains("polder.db"), "{said}");
    }
}

#[test]
fn the_files_of_the_register_come_back_from_the_database() {
    let region = one();
    let read = |name: &str| fs::read(region.path("a/data/register").join(name)).expect("a file");
    let files = ["root.1.json", "members.json", "fresh.json"];
    let before = files.map(read);
    fs::remove_dir_all(region.path("a/data/register")).expect("gone");
    region.advises(6, "register", "warning", "has no files of the register", "start the node");
    let mut a = region.serve("a");
    assert!(region.log("a").contains("they were written anew from the database"), "{}", region.log("a"));
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).trim().to_owned();
    assert_eq!(files.map(read).each_ref().map(text), before.each_ref().map(text));
    assert!(a.stops_well());
    // Nothing vouches for what the database says where no fingerprint is given, and without a database there is nothing.
    fs::remove_dir_all(region.path("a/data/register")).expect("gone");
    fs::rename(region.path("a/data/polder.db"), region.path("aside")).expect("moved away");
    assert!(not_started(&region, &[]).contains("`polder join` does that with the accession file"));
}

#[test]
fn keys_that_run_out_are_warned_of_while_they_are_used() {
    let region = one();
    let who = ["--partner", &Region::partner("a"), "--name", "a", "--data", "new", "--config", "new.toml", "--host", "127.0.0.1"];
    region.done(&[["init"].as_slice(), &who].concat());
    region.done(&["register", "rotate", "new/member.json", "--dir", "desk"]);
    region.give("desk", "a");
    let mut a = region.serve("a");
    let day = 86_400.0;
    for what in ["message-key", "tls-key"] {
        let left = number(&region, &format!("polder_register_expires_seconds{{what=\"{what}\"}}"));
        assert!(left > 13.0 * day && left <= 14.0 * day, "{what}: {left}");
    }
    for said in ["this node's message key ends", "this node's TLS key ends", "which has newer keys as well"] {
        region.says("a", said);
    }
    assert!(a.stops_well());
    fs::remove_dir_all(region.path("a/data/keys")).expect("away");
    region.copy_all("new/keys", "a/data/keys");
    let _a = region.serve("a");
    assert!(number(&region, "polder_register_expires_seconds{what=\"message-key\"}") > 300.0 * day);
    assert!(!region.log("a").contains("message key ends"), "{}", region.log("a"));
}

#[test]
fn keys_that_the_register_does_not_know_are_warned_of_at_the_start() {
    let region = Region::with(&["a", "b"]);
    assert_eq!(code(&region.join("a")), 3);
    fs::rename(region.path("a/data/keys"), region.path("own")).expect("moved");
    region.copy_all("b/data/keys", "a/data/keys");
    let _a = region.serve("a");
    let log = region.log("a");
    assert!(log.contains("WARN") && log.contains("the register holds another message key for this partner"), "{log}");
}

#[test]
fn a_certificate_that_has_ended_is_said() {
    let region = one();
    let partner = Region::partner("a").parse().expect("a partner");
    fs::create_dir(region.path("old")).expect("a directory");
    let long_ago = SystemClock.now().plus_seconds(-367 * 86_400);
    Identity::create(&region.path("old"), &partner, "localhost", long_ago).expect("made");
    region.change("a/polder.toml", "# tls_certificate = \"/etc/polder/client.pem\"", "tls_certificate = \"../old/tls.pem\"");
    region.change("a/polder.toml", "# tls_key = \"/etc/polder/client.key\"", "tls_key = \"../old/tls.key\"");
    let _a = region.serve("a");
    region.says("a", "it has ended: the certificate of the client port ends");
    assert!(number(&region, "polder_certificate_expires_seconds{port=\"client\"}") < 0.0);
    assert!(number(&region, "polder_certificate_expires_seconds{port=\"peer\"}") > 0.0);
}

#[test]
fn a_partner_that_is_left_out_hears_it_from_its_own_node() {
    let region = one();
    region.done(&["register", "suspend", &Region::partner("a"), "--dir", "desk"]);
    region.give("desk", "a");
    let _a = region.serve("a");
    let says = "the register says that this partner is suspended";
    region.says("a", says);
    let log = region.log("a");
    assert!(log.lines().any(|line| line.contains("ERROR") && line.contains(says)), "{log}");
    assert!(operator(&region, "/readyz").contains(says));
    assert!(number(&region, "polder_register_takes_part ") < 0.5);
}

#[test]
fn a_backup_names_what_is_not_in_it() {
    let region = one();
    let output = polder(region.here(), &["backup", "copy.db", "--config", "a/polder.toml"], "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for kept in ["a/data/keys", "a/polder.toml", "a/data/operator-token.sha256", "consent.journal", "consent.leaves"] {
        assert!(said.contains(kept), "{kept}: {said}");
    }
    let report: Value = region.done(&["backup", "again.db", "--config", "a/polder.toml"]);
    assert!(report["keep"].as_array().is_some_and(|keep| keep.len() >= 3), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_moves_profiles_of_people_is_told_what_does_not_move() {
    let node = Node::start().await;
    let skills = serde_json::json!([{"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}]);
    let line = serde_json::json!({"kind": "skill-offer", "key": "P-1", "document": {"title": "Monteur zoekt werk", "skills": skills}});
    fs::write(node.setup.path("people.ndjson"), format!("{line}\n")).expect("written");
    let came = node.run("operator-token", &["import", "people.ndjson"]);
    assert!(code(&came) == 0 && err(&came).contains("1 new profile of people: of nobody yet"), "{}{}", out(&came), err(&came));
    // What is there already is said once.
    let again = node.run("operator-token", &["import", "people.ndjson"]);
    assert!(code(&again) == 0 && !err(&again).contains("of nobody yet"), "{}", err(&again));
    let gone = node.run("operator-token", &["export"]);
    assert!(code(&gone) == 0 && err(&gone).contains("1 profile of people: as offers alone"), "{}", err(&gone));
    assert!(!err(&gone).contains("Monteur") && !err(&gone).contains("P-1"), "no name: {}", err(&gone));
    let without = node.run("operator-token", &["export", "--kind", "vacancy"]);
    assert!(code(&without) == 0 && err(&without).is_empty(), "{}", err(&without));
}
