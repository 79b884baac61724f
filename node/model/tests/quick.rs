//! The quick reader and the judge agree: on the examples, and on the examples with something changed at each place.
#![expect(clippy::expect_used, reason = "tests")]

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jsonschema::{PatternOptions, Registry, Validator};
use polder_model::FindingCode::{Contradiction, Missing, NotAllowed, OutOfBounds, UnknownCode};
use polder_model::offer::{is_surely_good, judge, parse, read_stored};
use polder_model::{Finding, Kind};
use serde_json::{Map, Value, json};

/// The schema of each kind, apart from the reader that is made out of it.
static SCHEMAS: LazyLock<[Validator; 3]> = LazyLock::new(|| {
    let read = |name| serde_json::from_str::<Value>(polder_schemas::schema(name).expect("a schema")).expect("JSON");
    let registry = Registry::new().add("urn:polder:schema:terms:1.0", read("terms")).expect("the terms");
    let registry = registry.prepare().expect("every $ref resolves");
    let options =
        jsonschema::options().with_registry(&registry).with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    Kind::ALL.map(|kind| options.build(&read(kind.as_str())).expect("the schema compiles"))
});

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

/// Lengths of texts, in characters: bounds in the schemas, and one more.
const LENGTHS: &[usize] = &[1, 2, 40, 41, 100, 101, 200, 201, 500, 501, 2_000, 2_001, 10_000, 10_001];

/// The examples of a kind. The last days of a month always go to the judge: with one of them the quick reader is sure of nothing, whatever else changes.
fn examples(kind: Kind) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(kind.as_str()).join("examples/valid");
    let mut files: Vec<_> = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("readable");
        let text = ["29", "30", "31"].iter().fold(text, |text, day| text.replace(&format!("-{day}\""), "-28\""));
        assert!(is_surely_good(kind, text.as_bytes()), "{}", file.display());
        serde_json::from_str(&text).expect("JSON")
    };
    files.iter().map(read).collect()
}

/// Bounds in the schema of a kind, by these keywords: each, one less and one more.
fn bounds(kind: Kind, keywords: &[&str]) -> BTreeSet<i64> {
    fn add(value: &Value, keywords: &[&str], found: &mut BTreeSet<i64>) {
        match value {
            Value::Object(members) => {
                let known = members.iter().filter(|(name, _)| keywords.contains(&name.as_str()));
                found.extend(known.filter_map(|(_, bound)| bound.as_i64()).flat_map(|bound| [bound - 1, bound, bound + 1]));
                members.values().for_each(|inner| add(inner, keywords, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| add(inner, keywords, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for name in [kind.as_str(), "terms"] {
        let schema = serde_json::from_str(polder_schemas::schema(name).expect("a schema")).expect("JSON");
        add(&schema, keywords, &mut found);
    }
    found
}

/// Every place in a document: where it is, and its name in the schema, which all entries of a list share.
fn places(value: &Value, pointer: &str, name: &str, found: &mut Vec<(String, String)>) {
    found.push((pointer.to_owned(), name.to_owned()));
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, inner)| places(inner, &format!("{pointer}/{at}"), &format!("{name}/*"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(member, inner)| places(inner, &format!("{pointer}/{member}"), &format!("{name}/{member}"), found))
        }
        _ => {}
    }
}

/// A document with a hole in the place of a value.
struct Hole {
    before: String,
    after: String,
}

impl Hole {
    fn new(document: &Value, place: &str) -> Self {
        const HERE: &str = "\u{1}here\u{1}";
        let mut changed = document.clone();
        *changed.pointer_mut(place).expect("a place") = json!(HERE);
        let written = changed.to_string();
        let (before, after) = written.split_once(&json!(HERE).to_string()).expect("the hole");
        Self { before: before.to_owned(), after: after.to_owned() }
    }

    /// The document with that JSON text in the place of the value.
    fn with(&self, text: &str) -> String {
        [&self.before, text, &self.after].concat()
    }
}

/// Tries something with the value at each place of the examples of a kind. The quick reader is made out of the schema, for which the entries of a list
/// are one place, and so is the same member of two examples: each is tried once, as a text, as a list, and so on.
fn at_each_place(kind: Kind, mut tries: impl FnMut(&mut Tally, &Hole, &Value)) -> Tally {
    let (mut tally, mut tried) = (Tally::default(), HashSet::new());
    for document in examples(kind) {
        let mut all = Vec::new();
        places(&document, "", "", &mut all);
        for (place, name) in all {
            let value = document.pointer(&place).expect("a place");
            if tried.insert((name, std::mem::discriminant(value))) {
                tries(&mut tally, &Hole::new(&document, &place), value);
            }
        }
    }
    tally
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
                    let place = Kind::ALL.iter().position(|known| *known == kind).expect("a kind");
                    let value = serde_json::from_str(text).expect("JSON");
                    assert!(SCHEMAS[place].is_valid(&value), "{kind}: the schema says {findings:?} of {text}");
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

#[test]
fn a_trick_at_each_place() {
    for kind in Kind::ALL {
        let numbers: Vec<String> = bounds(kind, &["minimum", "maximum"]).iter().map(ToString::to_string).collect();
        let tally = at_each_place(kind, |tally, hole, value| {
            let written: Vec<String> = value.as_str().map_or_else(Vec::new, |text| {
                [text.to_uppercase(), text.to_lowercase(), format!("{text} ")].iter().map(|text| json!(text).to_string()).collect()
            });
            let tricks = TRICKS.iter().copied().chain(numbers.iter().map(String::as_str)).chain(written.iter().map(String::as_str));
            tricks.for_each(|trick| tally.look(kind, &hole.with(trick)));
        });
        tally.assert_useful(400, 5_000);
    }
}

#[test]
fn members_and_entries_come_go_and_come_twice() {
    for kind in Kind::ALL {
        let tally = at_each_place(kind, |tally, hole, value| match value {
            Value::Object(members) => other_members(members).iter().for_each(|text| tally.look(kind, &hole.with(text))),
            Value::Array(list) => other_entries(list).iter().for_each(|text| tally.look(kind, &hole.with(text))),
            _ => {}
        });
        tally.assert_useful(40, 100);
    }
}

/// An object without each of its members, with each of them twice, with each under a name that nobody knows, and with one more of that name.
fn other_members(members: &Map<String, Value>) -> Vec<String> {
    let written = Value::Object(members.clone()).to_string();
    let mut others = Vec::new();
    for (name, value) in members {
        let mut fewer = members.clone();
        fewer.remove(name);
        others.push(Value::Object(fewer).to_string());
        others.push(format!("{},{}:{value}}}", &written[..written.len() - 1], json!(name)));
        let mut renamed = members.clone();
        renamed.remove(name);
        renamed.insert("bsn".to_owned(), value.clone());
        others.push(Value::Object(renamed).to_string());
    }
    let mut more = members.clone();
    more.insert("bsn".to_owned(), json!("x"));
    others.push(Value::Object(more).to_string());
    others
}

/// A list with its last entry again, the same and, where it has members, with them in another order; and so many times that entry alone.
fn other_entries(list: &[Value]) -> Vec<String> {
    let Some(last) = list.last() else { return Vec::new() };
    let again = match last {
        Value::Object(members) => {
            let turned: Vec<String> = members.iter().rev().map(|(name, inner)| format!("{}:{inner}", json!(name))).collect();
            format!("{{{}}}", turned.join(","))
        }
        other => other.to_string(),
    };
    let more: Vec<String> = list.iter().map(Value::to_string).chain([again]).collect();
    let many = [0, 1, 11, 51, 201].map(|count| Value::Array(vec![last.clone(); count]).to_string());
    std::iter::once(format!("[{}]", more.join(","))).chain(many).collect()
}

/// More entries than may be, each another one, among other faults.
#[test]
fn examples_of_what_does_not_hold() {
    for kind in Kind::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(kind.as_str()).join("examples/invalid");
        let mut tally = Tally::default();
        for file in fs::read_dir(folder).expect("a folder") {
            tally.look(kind, &fs::read_to_string(file.expect("a file").path()).expect("readable"));
        }
        assert!(tally.unsure > 20, "{kind}: {} examples", tally.unsure);
    }
}

#[test]
fn lengths_at_their_bounds() {
    for kind in Kind::ALL {
        let tally = at_each_place(kind, |tally, hole, value| {
            for length in LENGTHS.iter().filter(|_| value.is_string()) {
                for letter in ["a", "é", "😀"] {
                    tally.look(kind, &hole.with(&json!(letter.repeat(*length)).to_string()));
                }
            }
        });
        tally.assert_useful(200, 1_000);
    }
}

#[test]
fn what_stands_around_a_document_and_how_much() {
    let minimal = r#"{"title":"Lasser","description":"Werk.","employer":{"name":"Proef BV"}}"#;
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
        deep(31),
        deep(40),
    ] {
        tally.look(Kind::Vacancy, &text);
    }
    // How large a document may be is looked at elsewhere: the one with spaces behind it is refused all the same.
    assert_eq!(tally.sure, 5);
}
