//! The quick reader and the judge agree: on the examples, and on the examples with something changed at each place.
#![expect(clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::Path;

use polder_model::FindingCode::{Contradiction, Missing, NotAllowed, OutOfBounds, UnknownCode};
use polder_model::offer::{is_surely_good, judge, parse, read_stored};
use polder_model::{Finding, Kind};
use serde_json::{Value, json};

/// Texts, numbers and others that readers and schemas treat differently.
const TRICKS: &[&str] = &[
    "null",
    "true",
    "0",
    "-0",
    "-0.0",
    "1",
    "1.0",
    "1e0",
    "24.5",
    "-1",
    "45",
    "53",
    "1e400",
    "4.9e-324",
    "9007199254740992",
    "9007199254740993",
    "18446744073709551615",
    "99999999999999999999",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    r#"["",""]"#,
    r#"["nl","nl"]"#,
    r#"["everyone"]"#,
    r#""""#,
    r#""x""#,
    r#""nl""#,
    r#""NL""#,
    r#""everyone""#,
    r#""2026-02-28""#,
    r#""2026-02-29""#,
    r#""2024-02-29""#,
    r#""2026-13-01""#,
    r#""1969-12-31""#,
    r#""2099-12-28""#,
    r#""2100-01-01""#,
    r#""2026-1-01""#,
    r#""20260-1-0""#,
    r#""\u0000""#,
    r#""a\u0000b""#,
    r#""\ud800""#,
    r#""\ud83d\ude00 fijn werk""#,
    r#""http://a""#,
    r#""https://werk.example.nl/x y""#,
    r#""https://werk.example.nl/é""#,
    r#""HTTPS://werk.example.nl""#,
    r#""a@b""#,
    r#""a@b.nl""#,
    r#"".a@b.nl""#,
    r#""a..b@c.nl""#,
    r#""a@xn--9999999.nl""#,
    r#""a@-b.nl""#,
    r#""\"\"@b.nl""#,
    r#""é@b.nl""#,
    r#""8302AB""#,
    r#""8302 AB""#,
    r#""8302  AB""#,
    r#""0302""#,
    r#""８３０２""#,
    r#""12345678""#,
    r#""+31 (0)320-123456""#,
    r#""+""#,
    r#""GM0001""#,
    r#""kvk:12345678""#,
    r#""oin:12345678""#,
    r#""111222333""#,
    r#""bel 111.222.333 nu""#,
    r#""１１１２２２３３３""#,
    r#""½¼¾ 111222""#,
    r#""mijn burn-out""#,
    r#""e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301""#,
    r#""a\u200bb""#,
    "\"tab\tin text\"",
];

fn examples(kind: Kind) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(kind.as_str()).join("examples/valid");
    let mut files: Vec<_> = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).expect("readable")).collect()
}

/// Every place in a document.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(at, inner)| places(inner, &format!("{pointer}/{at}"), found)),
        Value::Object(members) => members.iter().for_each(|(name, inner)| places(inner, &format!("{pointer}/{name}"), found)),
        _ => {}
    }
}

/// How many documents the quick reader was sure of, and of how many it was not; of some of the latter, how many the judge took.
#[derive(Default)]
struct Tally {
    sure: usize,
    unsure: usize,
    looked_into: usize,
    good: usize,
}

/// Of so many documents that the quick reader is not sure of, and that therefore go to the judge, one is looked into here.
const LOOKED_INTO: usize = 50;

impl Tally {
    fn look(&mut self, kind: Kind, text: &str) {
        if is_surely_good(kind, text.as_bytes()) {
            self.sure += 1;
            let judged = judge(kind, text.as_bytes());
            assert_eq!(parse(kind, text.as_bytes()), judged, "{kind}: {text}");
            match judged {
                Ok(parsed) => {
                    let stored = read_stored(kind, text.as_bytes());
                    assert_eq!(stored.as_ref(), Ok(&parsed.features()), "{kind}: {text}");
                }
                // Rules about several members are not the quick reader's.
                Err(findings) => {
                    let of_rules =
                        |finding: &Finding| matches!(finding.code, Contradiction | Missing | UnknownCode | NotAllowed | OutOfBounds);
                    assert!(findings.iter().all(of_rules), "{kind}: {findings:?} of {text}");
                }
            }
        } else {
            self.unsure += 1;
            if self.unsure.is_multiple_of(LOOKED_INTO) {
                self.looked_into += 1;
                self.good += usize::from(judge(kind, text.as_bytes()).is_ok());
            }
        }
    }

    /// The documents were of both sorts, and few good ones had to go to the judge.
    fn assert_useful(&self, sure: usize, unsure: usize) {
        let Self { sure: found_sure, unsure: found_unsure, looked_into, good } = *self;
        assert!(found_sure > sure && found_unsure > unsure, "{found_sure} sure, {found_unsure} not");
        assert!(good * 10 <= looked_into, "of {looked_into} that the quick reader is not sure of {good} are good");
    }
}

const HERE: &str = "\u{1}here\u{1}";

/// The document with JSON text in the place of a value.
fn with(document: &Value, place: &str, text: &str) -> String {
    let mut changed = document.clone();
    *changed.pointer_mut(place).expect("a place") = json!(HERE);
    changed.to_string().replacen(&json!(HERE).to_string(), text, 1)
}

#[test]
fn a_trick_at_each_place() {
    for kind in Kind::ALL {
        let mut tally = Tally::default();
        for example in examples(kind) {
            let document: Value = serde_json::from_slice(&example).expect("JSON");
            let mut all = Vec::new();
            places(&document, "", &mut all);
            for place in &all {
                for trick in TRICKS {
                    tally.look(kind, &with(&document, place, trick));
                }
            }
        }
        tally.assert_useful(300, 5_000);
    }
}

#[test]
fn members_and_entries_come_go_and_come_twice() {
    for kind in Kind::ALL {
        let mut tally = Tally::default();
        for example in examples(kind) {
            let document: Value = serde_json::from_slice(&example).expect("JSON");
            let mut all = Vec::new();
            places(&document, "", &mut all);
            for place in &all {
                let value = document.pointer(place).expect("a place");
                match value {
                    Value::Object(members) => {
                        for name in members.keys() {
                            let mut fewer = members.clone();
                            let gone = fewer.remove(name);
                            tally.look(kind, &with(&document, place, &Value::Object(fewer).to_string()));
                            let written = value.to_string();
                            let twice = format!("{},{}:{}}}", &written[..written.len() - 1], json!(name), gone.unwrap_or_default());
                            tally.look(kind, &with(&document, place, &twice));
                        }
                        let mut more = members.clone();
                        more.insert("bsn".to_owned(), json!("x"));
                        tally.look(kind, &with(&document, place, &Value::Object(more).to_string()));
                    }
                    Value::Array(list) => {
                        // The last one again: the same, and, where it has members, the same in another order.
                        let Some(last) = list.last() else { continue };
                        let mut more: Vec<String> = list.iter().map(Value::to_string).collect();
                        more.push(match last {
                            Value::Object(members) => {
                                let turned: Vec<String> =
                                    members.iter().rev().map(|(name, inner)| format!("{}:{inner}", json!(name))).collect();
                                format!("{{{}}}", turned.join(","))
                            }
                            other => other.to_string(),
                        });
                        tally.look(kind, &with(&document, place, &format!("[{}]", more.join(","))));
                        for count in [0, 1, 11, 51, 201] {
                            tally.look(kind, &with(&document, place, &Value::Array(vec![last.clone(); count]).to_string()));
                        }
                    }
                    _ => {}
                }
            }
        }
        tally.assert_useful(20, 100);
    }
}

#[test]
fn lengths_at_their_bounds() {
    for kind in Kind::ALL {
        let mut tally = Tally::default();
        for example in examples(kind) {
            let document: Value = serde_json::from_slice(&example).expect("JSON");
            let mut all = Vec::new();
            places(&document, "", &mut all);
            for place in all.iter().filter(|place| document.pointer(place).is_some_and(Value::is_string)) {
                for length in [1, 2, 40, 41, 100, 101, 200, 201, 498, 499, 2_000, 2_001, 10_000, 10_001] {
                    for letter in ["a", "é", "😀"] {
                        tally.look(kind, &with(&document, place, &json!(letter.repeat(length)).to_string()));
                    }
                }
            }
        }
        tally.assert_useful(50, 100);
    }
}

#[test]
fn what_stands_around_a_document_and_how_much() {
    let minimal = r#"{"title":"Lasser","description":"Werk.","employer":{"name":"Proef BV"}}"#;
    let many = |count: usize| format!(r#"{},"skills":[{}]}}"#, &minimal[..minimal.len() - 1], vec!["{}"; count].join(","));
    let deep = |depth: usize| format!(r#"{},"skills":{}{}}}"#, &minimal[..minimal.len() - 1], "[".repeat(depth), "]".repeat(depth));
    let mut tally = Tally::default();
    for text in [
        minimal.to_owned(),
        format!("  {minimal}\r\n\t"),
        format!("{minimal} {minimal}"),
        format!("{minimal},"),
        format!("\u{feff}{minimal}"),
        minimal[..minimal.len() - 1].to_owned(),
        minimal.replace("title", "t\\u0069tle"),
        minimal.replace("Lasser", "L\\u0061sser"),
        minimal.replace("title", "title\\u0000"),
        String::new(),
        "[]".to_owned(),
        format!("{minimal}{}", " ".repeat(64 * 1024)),
        many(19_990),
        many(20_001),
        deep(31),
        deep(40),
    ] {
        tally.look(Kind::Vacancy, &text);
    }
    // How large a document may be is looked at elsewhere: the one with spaces behind it is refused all the same.
    assert_eq!(tally.sure, 5);
}
