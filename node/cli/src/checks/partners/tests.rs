use std::sync::Arc;
use std::time::Duration;

use polder_exchange::{Announcement, Clock, PeerFailure, SystemClock};
use polder_trust::register::Member;

use super::*;
use crate::commands::register::new::{NewKeys, NewRegister, create};
use crate::register_files::read_register;

/// A register in force, without partners.
fn register() -> Register {
    let directory = tempfile::tempdir().expect("a directory");
    let keys = |made| NewKeys::made(made);
    let new = NewRegister { region: "flevoland", stewards: keys(1), registrars: keys(1), freshness: keys(1) };
    let fingerprint = create(directory.path(), &new, SystemClock.now()).expect("made").fingerprint;
    Register::open(&fingerprint, &read_register(directory.path()).expect("files")).expect("a register")
}

fn member() -> Arc<Member> {
    let value = serde_json::json!({
        "partner": "kvk:12345678", "name": "A", "roles": [], "peerUrl": "https://a.example:1", "purposes": [], "actsFor": [],
        "tlsPins": [], "messageKeys": [], "status": "active", "since": 1
    });
    serde_json::from_value(value).expect("a member")
}

/// What a node says that has this register.
fn node(register: &Register) -> NodeNow {
    let adopted = register.adopted();
    let announcement = Announcement {
        region: register.region().to_owned(),
        root: adopted.root,
        root_sha256: String::new(),
        epoch: adopted.epoch,
        version: adopted.version,
        sha256: adopted.sha256.clone(),
        fresh_until: register.fresh_until(),
        alarm: false,
    };
    NodeNow {
        partner: "kvk:12345678".parse().expect("a partner"),
        version: "0.1.0".to_owned(),
        rankings: vec![RANKING.to_owned()],
        tables: Vec::new(),
        register: announcement,
        time: SystemClock.now(),
    }
}

fn visit(said: Result<NodeNow, PeerFailure>, ahead_ms: Option<i64>) -> Visit {
    Visit { member: member(), took: Duration::from_millis(7), ahead_ms, said }
}

fn failed(reason: MissingReason, detail: &str) -> Visit {
    visit(Err(PeerFailure::new(reason, detail)), None)
}

/// What is changed of a node, what is said of it, and what is advised.
type Case<'c> = (&'c dyn Fn(&mut NodeNow), &'c str, &'c str);

#[test]
fn each_difference_of_a_partner_is_a_warning_with_its_own_advice() {
    let register = register();
    let look = |change: &dyn Fn(&mut NodeNow), ahead| {
        let mut node = node(&register);
        change(&mut node);
        check(&[visit(Ok(node), ahead)], &register, false).remove(0)
    };
    let fine = look(&|_| {}, Some(-9_999));
    assert_eq!((fine.grade, fine.says.as_str(), fine.advice), (Grade::Ok, "A: 7 ms, version 0.1.0", None));
    let cases: [Case; 6] = [
        (&|node| node.rankings = vec!["other/9".to_owned()], "it cannot compute", "the same version"),
        (&|node| node.register.region = "gelderland".to_owned(), "its register is that of gelderland", "a registrar"),
        (&|node| node.register.version += 1, "its register is ahead: members 1.2", "fetches it within a minute"),
        (&|node| node.register.root = 0, "its register is behind", "hears of yours within a minute"),
        (&|node| node.register.sha256 = "0".repeat(64), "the same version and another content", "the stewards at once"),
        (&|node| node.register.alarm = true, "two lists that contradict each other", "must recover"),
    ];
    for (change, says, advice) in cases {
        let found = look(change, None);
        assert!(found.grade == Grade::Warning && found.says.contains(says), "{found:?} should say {says}");
        assert!(found.advice.as_deref().is_some_and(|text| text.contains(advice) && !text.contains("; ")), "{found:?}: {advice}");
    }
    for (ahead, says) in [(10_001, "its clock is 10 s ahead of this one"), (-10_001, "its clock is 10 s behind this one")] {
        let found = look(&|_| {}, Some(ahead));
        assert!(found.grade == Grade::Warning && found.says.contains(says), "{found:?}");
    }
}

#[test]
fn nothing_is_promised_of_lists_while_a_contradiction_is_open() {
    let register = register();
    for (root, own, theirs, open) in
        [(0, false, false, false), (0, true, false, true), (0, false, true, true), (9, true, false, true), (9, false, true, false)]
    {
        let mut node = node(&register);
        (node.register.root, node.register.alarm) = (root, theirs);
        let found = check(&[visit(Ok(node), None)], &register, own).remove(0);
        let advice = found.advice.expect("advice");
        assert_eq!((advice.contains("stays so"), advice.contains("within a minute")), (open, !open), "{root} {own} {theirs}: {advice}");
    }
}

#[test]
fn why_nobody_answered_is_told_by_what_they_said() {
    let cases = [
        (MissingReason::NotAMember, "the register does not hold this key", "do not know this node's keys yet"),
        (MissingReason::NotAMember, "this member does not take part", "suspended or expelled"),
        (MissingReason::Unreachable, "received fatal alert: CertificateUnknown", "do not know this node's keys yet"),
        (MissingReason::ClockSkew, "", "this machine's clock"),
        (MissingReason::Unreachable, "connection refused", "firewall"),
        (MissingReason::Slow, "", "firewall"),
    ];
    for (reason, detail, advice) in cases {
        let visits = [failed(reason, detail)];
        assert!(nobody(&visits).contains(advice), "{reason:?} {detail}: {}", nobody(&visits));
        let all = check(&visits, &register(), false).pop().expect("a line for all");
        assert_eq!((all.grade, all.says.as_str()), (Grade::Failure, "none of 1 answered"));
    }
}

#[test]
fn another_key_than_that_of_the_register_is_told_as_that() {
    let found =
        check(&[failed(MissingReason::Unreachable, "invalid peer certificate: ApplicationVerificationFailure")], &register(), false)
            .remove(0);
    assert!(found.advice.as_deref().is_some_and(|advice| advice.contains("another key than the register has")), "{found:?}");
}

#[test]
fn an_address_at_which_nothing_answers_is_a_warning() {
    let register = register();
    assert_eq!(own_address(&visit(Ok(node(&register)), None)).grade, Grade::Ok);
    let found = own_address(&failed(MissingReason::Unreachable, "connection refused"));
    assert!(found.grade == Grade::Warning && found.says.contains("connection refused"), "{found:?}");
}
