//! Every small change of an example: what the schema of an offer lets pass, the types can hold.

use polder_model::Kind;
use polder_model::offer::{self, parse};
use serde_json::{Map, Value, json};

use super::{TYPED, assert_nothing_leaks, examples, typed, validator, value};

/// Pointers to every value in a document, the whole first.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{pointer}/{index}"), found)),
        Value::Object(members) => members.iter().for_each(|(name, inner)| places(inner, &format!("{pointer}/{name}"), found)),
        _ => {}
    }
}

/// What is put in the place of a value: every other type, and extremes of its own.
fn replacements(value: &Value) -> Vec<Value> {
    let mut others = vec![Value::Null, json!(true), json!(0), json!("x"), json!([]), json!({}), json!([{}]), json!([null])];
    match value {
        Value::Number(number) => {
            others.extend([-1_i64, 1, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, 9_007_199_254_740_991].map(Value::from));
            others.extend([0.5, -0.5, 1e15, -1e15].map(Value::from));
            others.extend(number.as_f64().map(|same| json!(same)));
        }
        Value::String(text) => {
            let wide: String = text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32(0xff10 + digit)).unwrap_or(c)).collect();
            others.extend(
                ["", " ", "1969-12-31", "1970-01-01", "2099-12-31", "2100-01-01", "0000-01-01", "2027-02-29", "2028-02-29"]
                    .map(Value::from),
            );
            others.extend(
                [format!("{text} "), format!("{text}\n"), text.repeat(2), text.to_uppercase(), text.to_lowercase(), wide].map(Value::from),
            );
            others
                .extend(["x".repeat(40), "é".repeat(200), "http://a".to_owned(), format!("https://{}", "a".repeat(193))].map(Value::from));
        }
        Value::Array(list) => {
            others.extend(list.first().map(|first| json!([first, first])));
            others.push(Value::Array(list.iter().rev().cloned().collect()));
        }
        Value::Object(_) => others.push(json!({"onbekend": 1})),
        _ => others.push(json!(false)),
    }
    others
}

/// Every document that differs from this one in one place.
fn mutants(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut pointers = Vec::new();
    places(document, "", &mut pointers);
    for pointer in pointers {
        let here = document.pointer(&pointer).expect("a place of the document");
        let mut put = |what: String, new: Value| {
            let mut changed = document.clone();
            *changed.pointer_mut(&pointer).expect("a place of the document") = new;
            found.push((format!("{pointer} {what}"), changed));
        };
        for new in replacements(here) {
            put(format!("becomes {new}"), new);
        }
        match here {
            Value::Object(members) => {
                for name in members.keys() {
                    put(format!("loses {name}"), Value::Object(without(members, name)));
                }
                let mut more = members.clone();
                more.insert("onbekend".to_owned(), json!("waarde"));
                put("gains a member".to_owned(), Value::Object(more));
            }
            Value::Array(list) => {
                for index in 0..list.len() {
                    let mut fewer = list.clone();
                    fewer.remove(index);
                    put(format!("loses entry {index}"), Value::Array(fewer));
                }
            }
            _ => {}
        }
    }
    found
}

fn without(members: &Map<String, Value>, name: &str) -> Map<String, Value> {
    members.iter().filter(|(known, _)| *known != name).map(|(known, inner)| (known.clone(), inner.clone())).collect()
}

#[test]
fn what_the_schema_of_an_offer_lets_pass_the_types_can_hold() {
    let mut disagreements = Vec::new();
    for kind in Kind::ALL {
        let validator = validator(kind.as_str());
        let (mut accepted, mut refused) = (0, 0);
        for (file, bytes) in examples(kind.as_str(), "valid") {
            for (what, mutant) in mutants(&value(&bytes)) {
                let text = mutant.to_string();
                let read = parse(kind, text.as_bytes());
                let findings = read.as_ref().err().map(Vec::as_slice).unwrap_or_default();
                if validator.is_valid(&mutant) {
                    accepted += 1;
                    if findings.iter().any(|finding| finding.message.contains(TYPED)) {
                        disagreements.push(format!("{kind} {what}"));
                    }
                    if let Ok(parsed) = read {
                        assert!(offer::read_stored(kind, text.as_bytes()).is_ok(), "{} {what}", file.display());
                        // A whole number may come back as a fraction of 0 (`52` as `52.0` for a latitude): the same number.
                        assert_eq!(as_fractions(&typed(&parsed.offer)), as_fractions(&mutant), "{} {what}", file.display());
                    }
                } else {
                    refused += 1;
                    assert!(!findings.is_empty(), "{} {what}: the schema refuses it", file.display());
                    assert_nothing_leaks(kind, &mutant, findings, &format!("{} {what}", file.display()));
                }
            }
        }
        assert!(accepted > 200 && refused > 2_000, "{kind}: {accepted} mutants accepted, {refused} refused");
    }
    let shown: Vec<&str> = disagreements.iter().take(30).map(String::as_str).collect();
    assert!(shown.is_empty(), "{} times the schema lets pass what the types refuse, such as:\n{}", disagreements.len(), shown.join("\n"));
}

fn as_fractions(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(list) => list.iter().map(as_fractions).collect(),
        Value::Object(members) => Value::Object(members.iter().map(|(name, inner)| (name.clone(), as_fractions(inner))).collect()),
        other => other.clone(),
    }
}
