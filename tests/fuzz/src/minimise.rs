//! From an input that fails to a small one that still does.

use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest that is tried.
const TIME: Duration = Duration::from_secs(10);

/// A small input that still fails: members and elements are taken away where it is JSON, then pieces of it, ever smaller.
pub(crate) fn minimise(input: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let (mut smallest, until) = (input.to_vec(), Instant::now() + TIME);
    while let Ok(value) = serde_json::from_slice::<Value>(&smallest) {
        let smaller = without_one(&value).into_iter().map(|value| value.to_string().into_bytes());
        let found = smaller.into_iter().take_while(|_| Instant::now() < until).find(|bytes| bytes.len() < smallest.len() && fails(bytes));
        let Some(found) = found else { break };
        smallest = found;
    }
    let mut piece = smallest.len() / 2;
    while piece > 0 && Instant::now() < until {
        let mut at = 0;
        while at < smallest.len() && Instant::now() < until {
            let mut shorter = smallest.clone();
            shorter.drain(at..(at + piece).min(smallest.len()));
            if fails(&shorter) {
                smallest = shorter;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    smallest
}

/// The same value without one of its members or elements, at any depth; the largest pieces go first.
fn without_one(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Array(list) => {
            for number in 0..list.len() {
                let mut shorter = list.clone();
                shorter.remove(number);
                all.push(Value::Array(shorter));
            }
            for (number, inner) in list.iter().enumerate() {
                all.extend(without_one(inner).into_iter().map(|inner| {
                    let mut same = list.clone();
                    same[number] = inner;
                    Value::Array(same)
                }));
            }
        }
        Value::Object(members) => {
            for name in members.keys() {
                let mut shorter = members.clone();
                shorter.remove(name);
                all.push(Value::Object(shorter));
            }
            for (name, inner) in members {
                all.extend(without_one(inner).into_iter().map(|inner| {
                    let mut same = members.clone();
                    same.insert(name.clone(), inner);
                    Value::Object(same)
                }));
            }
        }
        _ => {}
    }
    all
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn what_fails_becomes_small() {
        let input = br#"{"a":[1,2,{"b":"needle in a haystack","c":3}],"d":{"e":null}}"#;
        let holds = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"needle");
        assert_eq!(minimise(input, holds), b"needle");
    }
}
