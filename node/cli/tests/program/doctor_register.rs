//! What `polder doctor` and the log say of the register: expelled, contradicted, gone back, about to run out, and of other regions.

use std::sync::Arc;

use polder_exchange::{Clock, SystemClock};
use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, Fresh, Member, Members, Signed, Status};

use crate::support::command;
use crate::support::region::Region;

const HOUR: i64 = 3_600;

/// Node `a` has joined a region that it is alone in.
fn one() -> Region {
    let region = Region::with(&["a"]);
    assert_eq!(command::code(&region.join("a")), 0);
    region
}

/// Other bytes for a register file of node `a`, signed with a key of the desk.
fn sign(region: &Region, to: &str, kind: DocumentType, key: &str, bytes: Vec<u8>) {
    let mut signed = Signed::unsigned(bytes);
    signed.sign(kind, &SigningKey::load(&region.path(&format!("desk/keys/{key}-1.key"))).expect("a key"));
    std::fs::write(region.path(to), signed.to_file()).expect("written");
}

fn content<T: serde::de::DeserializeOwned>(region: &Region, file: &str) -> (T, String) {
    let signed = Signed::parse(&std::fs::read(region.path(file)).expect("a file")).expect("signed");
    (serde_json::from_slice(&signed.bytes).expect("a document"), signed.sha256())
}

/// The lines of a log with that text.
fn lines<'l>(log: &'l str, text: &str) -> Vec<&'l str> {
    log.lines().filter(|line| line.contains(text)).collect()
}

#[test]
fn an_expelled_partner_is_told_that_and_nothing_about_its_firewall() {
    let region = one();
    region.done(&["register", "expel", &Region::partner("a"), "--dir", "desk"]);
    region.give("desk", "a");
    let _a = region.serve("a");
    region.advises(1, "register", "failure", "this partner is expelled", "ask a registrar why");
    let (report, _) = region.doctor("a");
    assert!(!report.to_string().contains("firewall") && !report.to_string().contains("certificate"), "{report:#}");
}

#[test]
fn a_contradiction_is_said_as_what_it_is() {
    let region = one();
    region.copy_all("desk", "other");
    region.done(&["register", "renew", "--dir", "desk"]);
    region.give("desk", "a");
    drop(region.serve("a"));
    region.done(&["register", "suspend", &Region::partner("a"), "--dir", "other"]);
    region.give("other", "a");
    drop(region.serve("a"));
    let log = region.log("a");
    assert_eq!(lines(&log, "contradict each other").len(), 1, "{log}");
    assert!(!log.contains("newer"), "{log}");
    assert_eq!(std::fs::read_dir(region.path("a/data/evidence")).expect("evidence").count(), 2);
    region.advises(1, "register", "failure", "contradict each other", "send those files to the stewards, who recover");
    let (report, _) = region.doctor("a");
    let asks_for_files = report["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .any(|check| check["do"].to_string().contains("ask a registrar for newer files"));
    assert!(!asks_for_files, "{report:#}");
    // Later files of a registrar do not make it well.
    region.done(&["register", "renew", "--dir", "desk"]);
    region.give("desk", "a");
    region.finds(1, "register", "failure", "contradict each other");
    // A recovery does.
    region.done(&["register", "recover", "--dir", "desk"]);
    region.give("desk", "a");
    let (report, code) = region.doctor("a");
    assert_eq!(code, 0, "{report:#}");
    drop(region.serve("a"));
    let log = region.log("a");
    assert!(
        log.contains("has settled the contradiction") && lines(&log, "the register is in force")[0].contains("root=2 epoch=2 version=1"),
        "{log}"
    );
}

#[test]
fn files_that_go_back_are_a_warning_and_those_that_stay_are_none() {
    let region = one();
    region.copy_all("desk", "before");
    region.done(&["register", "renew", "--dir", "desk"]);
    region.give("desk", "a");
    drop(region.serve("a"));
    assert!(!region.log("a").contains("WARN"), "{}", region.log("a"));
    region.give("before", "a");
    let running = region.serve("a");
    let log = region.log("a");
    let found = lines(&log, "the register's files went back");
    assert!(found.len() == 1 && found[0].contains("WARN") && found[0].contains("find out who did"), "{log}");
    region.advises(6, "register", "warning", "went back", "put the newest files there");
    drop(running);
    region.give("desk", "a");
    drop(region.serve("a"));
    assert!(!region.log("a").contains("went back"), "{}", region.log("a"));
    assert_eq!(region.doctor("a").1, 0);
}

#[test]
fn freshness_that_nobody_renews_is_told_in_time() {
    let region = one();
    begin_with(&region, |_| {}, 11);
    region.advises(6, "register", "warning", "its freshness runs out soon", "nobody has renewed it");
    let running = region.serve("a");
    region.says("a", "the register's freshness runs out soon");
    drop(running);
    // A key that the root does not name renews nothing; one that it names does.
    region.done(&["register", "key", "a/stray.key"]);
    region.change("a/polder.toml", "[register]", "[register]\nfreshness_key = \"stray.key\"");
    region.advises(6, "register", "warning", "does not name this key", "the next root");
    let running = region.serve("a");
    region.says("a", "this node cannot renew freshness");
    drop(running);
    region.mode("a/stray.key", 0o644);
    region.advises(1, "register", "failure", "can be read by others", "chmod 600 ");
    std::fs::remove_file(region.path("a/stray.key")).expect("removed");
    region.advises(1, "register", "failure", "register.freshness_key", "put the key there");
    std::fs::copy(region.path("desk/keys/freshness-2.key"), region.path("a/stray.key")).expect("copied");
    let running = region.serve("a");
    region.says("a", "the register's freshness was renewed");
    let (report, code) = region.doctor("a");
    assert_eq!(code, 0, "{report:#}");
    drop(running);
}

/// Another list for node `a`, which it begins with, and freshness of it for so many hours.
fn begin_with(region: &Region, change: impl FnOnce(&mut Members), hours: i64) {
    for of_before in ["a/data/polder.db", "a/data/consent.journal", "a/data/consent.leaves"] {
        let _ = std::fs::remove_file(region.path(of_before));
    }
    let (mut members, _) = content::<Members>(region, "desk/members.json");
    change(&mut members);
    sign(region, "a/data/register/members.json", DocumentType::Members, "registrar", serde_json::to_vec(&members).expect("JSON"));
    let (_, sha256) = content::<Members>(region, "a/data/register/members.json");
    let fresh = Fresh::of(&members, sha256, SystemClock.now().plus_seconds(hours * HOUR));
    sign(region, "a/data/register/fresh.json", DocumentType::Fresh, "freshness", serde_json::to_vec(&fresh).expect("JSON"));
}

#[test]
fn how_the_register_and_this_partner_stand_in_it() {
    let region = one();
    begin_with(&region, |_| {}, -1);
    region.advises(6, "register", "warning", "its freshness ran out", "a freshness key runs");
    begin_with(&region, |_| {}, -8 * 24);
    region.advises(1, "register", "failure", "it cannot be relied on", "ask a registrar for newer files");
    begin_with(&region, |members| members.members.clear(), 40);
    region.advises(1, "register", "failure", "the register does not hold this partner", "have a registrar add it");
    begin_with(&region, |members| Arc::make_mut(&mut members.members[0]).status = Status::Suspended, 40);
    region.advises(1, "register", "failure", "this partner is suspended", "ask a registrar why");
    begin_with(&region, |_| {}, 40);
    assert_eq!(region.doctor("a").1, 0);
    drop(region.serve("a"));
    let config = region.change("a/polder.toml", &region.fingerprint, &"ab".repeat(32));
    region.finds(1, "register", "failure", &format!("the first root has fingerprint {}", region.fingerprint));
    std::fs::write(region.path("a/polder.toml"), config).expect("written");
}

#[test]
fn keys_that_are_not_those_of_the_register_or_not_of_now() {
    let region = one();
    let other = SigningKey::generate().expect("a key").public();
    let with = |change: &dyn Fn(&mut Member)| begin_with(&region, |members| change(Arc::make_mut(&mut members.members[0])), 40);
    let hours = |hours: i64| SystemClock.now().plus_seconds(hours * HOUR);
    with(&|member| (member.message_keys[0].public_key, member.message_keys[0].keyid) = (other, other.id()));
    region.advises(1, "keys", "failure", "another message key", "polder register rotate");
    with(&|member| member.tls_pins[0].sha256 = serde_json::from_value("ab".repeat(32).into()).expect("a pin"));
    region.advises(1, "keys", "failure", "another TLS key", "polder register rotate");
    with(&|member| member.message_keys[0].not_after = hours(-1));
    region.advises(1, "keys", "failure", "these keys have ended", "have a registrar rotate them");
    with(&|member| member.tls_pins[0].not_after = Some(hours(-1)));
    region.finds(1, "keys", "failure", "these keys have ended");
    with(&|member| member.message_keys[0].not_before = hours(1));
    region.advises(1, "keys", "failure", "these keys count from", "clock");
    with(&|member| member.message_keys[0].not_after = hours(13 * 24 - 1));
    region.finds(6, "keys", "warning", "the message key of this node ends in 12 day(s)");
    // Newer keys that are in the register, and not in place.
    let newer = |member: &mut Member| {
        let mut newer = member.message_keys[0].clone();
        (newer.public_key, newer.keyid) = (other, other.id());
        (newer.not_before, member.message_keys[0].not_after) = (hours(-1), hours(15 * 24));
        member.message_keys.insert(0, newer);
    };
    with(&newer);
    region.advises(6, "keys", "warning", "the register, which has newer keys as well", "put the new keys/ in place");
    with(&|member| member.tls_pins[0].not_after = Some(hours(24)));
    region.finds(6, "keys", "warning", "the TLS key of this node ends in");
}

#[test]
fn what_ends_is_told_for_its_last_fourteen_days() {
    let region = one();
    let days = |days: i64| SystemClock.now().plus_seconds(days * 24 * HOUR);
    begin_with(&region, |members| members.expires = days(15), 40);
    assert_eq!(region.doctor("a").1, 0);
    begin_with(&region, |members| members.expires = days(13).plus_seconds(-HOUR), 40);
    region.advises(6, "register", "warning", "the list of members ends in 12 day(s)", "the registrars renew it");
    begin_with(&region, |members| members.expires = days(-1), 40);
    region.finds(1, "register", "failure", "the list of members has ended");
}

/// Another region, which has node `c` and recognises the first.
fn other(region: &Region) -> Region {
    let other = Region::named("over");
    other.add("c");
    other.accession("c");
    assert_eq!(command::code(&other.join("c")), 0);
    let recognise = ["register", "recognise", "over", "--purpose", "find-work", "--dir", "desk", "--fingerprint", &other.fingerprint];
    region.done(&recognise);
    region.give("desk", "a");
    other
}

/// Carries the files of another region's desk.
fn carry(region: &Region, from: &Region, node: &str, name: &str) {
    let to = region.path(&format!("{node}/data/register/regions/{name}"));
    std::fs::create_dir_all(&to).expect("a directory");
    for entry in std::fs::read_dir(from.path("desk")).expect("a desk").flatten().filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

#[test]
fn other_regions_are_looked_at() {
    let region = one();
    let over = other(&region);
    region.finds(0, "region over", "ok", "its register is not carried here");
    carry(&region, &over, "a", "over");
    region.advises(6, "region over", "warning", "it does not recognise this region", "have the stewards of that region recognise this one");
    carry(&region, &over, "a", "strange");
    region.finds(6, "region strange", "warning", "recognises no region of that name");
    std::fs::remove_dir_all(region.path("a/data/register/regions/strange")).expect("removed");
    let members = region.path("a/data/register/regions/over/members.json");
    let whole = std::fs::read(&members).expect("a file");
    std::fs::write(&members, "{}").expect("written");
    region.advises(1, "region over", "failure", "regions/over", "give root.*.json, members.json and fresh.json again");
    std::fs::write(&members, whole).expect("written");

    // Both recognise each other: the partners there are visited.
    over.done(&["register", "recognise", "proef", "--purpose", "find-work", "--dir", "desk", "--fingerprint", &region.fingerprint]);
    over.give("desk", "c");
    carry(&region, &over, "a", "over");
    carry(&over, &region, "c", "proef");
    let c = over.serve("c");
    let found = region.finds(0, &Region::partner("c"), "ok", " ms, version ");
    assert!(found["says"].as_str().is_some_and(|says| !says.contains("its register")), "{found}");
    drop(c);
    region.finds(6, &Region::partner("c"), "warning", "did not answer");
    // Its list is about to end, and then it has ended.
    let (mut list, _) = content::<Members>(&over, "desk/members.json");
    list.expires = SystemClock.now().plus_seconds(3 * 24 * HOUR - HOUR);
    sign(&over, "desk/members.json", DocumentType::Members, "registrar", serde_json::to_vec(&list).expect("JSON"));
    let (_, sha256) = content::<Members>(&over, "desk/members.json");
    let fresh = Fresh::of(&list, sha256, SystemClock.now().plus_seconds(40 * HOUR));
    sign(&over, "desk/fresh.json", DocumentType::Fresh, "freshness", serde_json::to_vec(&fresh).expect("JSON"));
    carry(&region, &over, "a", "over");
    region.finds(6, "region over", "warning", "its list of members ends in 2 day(s)");
    let mut stale = fresh;
    stale.expires = SystemClock.now().plus_seconds(-HOUR);
    sign(&over, "desk/fresh.json", DocumentType::Fresh, "freshness", serde_json::to_vec(&stale).expect("JSON"));
    carry(&region, &over, "a", "over");
    region.finds(6, "region over", "warning", "its freshness ran out");
    list.expires = SystemClock.now().plus_seconds(-HOUR);
    sign(&over, "desk/members.json", DocumentType::Members, "registrar", serde_json::to_vec(&list).expect("JSON"));
    carry(&region, &over, "a", "over");
    region.finds(1, "region over", "failure", "it cannot be relied on");
}

#[test]
fn a_contradiction_of_another_region_is_theirs_to_settle() {
    let region = one();
    let over = other(&region);
    over.copy_all("desk", "fork");
    over.done(&["register", "renew", "--dir", "desk"]);
    carry(&region, &over, "a", "over");
    drop(region.serve("a"));
    over.done(&["register", "suspend", &Region::partner("c"), "--dir", "fork"]);
    std::fs::copy(over.path("fork/members.json"), region.path("a/data/register/regions/over/members.json")).expect("copied");
    region.advises(1, "region over", "failure", "two lists of it contradict each other", "the stewards of that region");
}
