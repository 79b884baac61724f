//! Where JobPostings stand in JSON-LD.

use std::collections::HashMap;

use serde_json::Value;

/// Deepest nesting that is looked into.
const DEEPEST: usize = 8;
/// Deepest member within a posting in which a reference is followed: the address of a place in a list.
const FOLLOWED: usize = 3;
/// Members below which postings stand.
const BELOW: [&str; 5] = ["@graph", "itemListElement", "item", "mainEntity", "hasPart"];

/// Every JobPosting of a document, with references to other nodes filled in from all that was read.
pub(in crate::import) fn find(document: &Value, all: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    collect(document, DEEPEST, &mut found);
    let mut nodes = HashMap::new();
    name(all, DEEPEST, &mut nodes);
    found.into_iter().map(|posting| filled_in(posting, &nodes)).collect()
}

fn collect<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(list) => list.iter().for_each(|one| collect(one, depth, found)),
        Value::Object(_) if is_posting(value) => found.push(value),
        Value::Object(members) => BELOW.iter().filter_map(|name| members.get(*name)).for_each(|one| collect(one, depth, found)),
        _ => {}
    }
}

fn is_posting(value: &Value) -> bool {
    let is = |one: &Value| one.as_str().is_some_and(|name| name.rsplit(['/', ':', '#']).next() == Some("JobPosting"));
    match &value["@type"] {
        Value::Array(list) => list.iter().any(is),
        one => is(one),
    }
}

/// Nodes by their `@id`.
fn name<'v>(value: &'v Value, depth: usize, nodes: &mut HashMap<&'v str, &'v Value>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(list) => list.iter().for_each(|one| name(one, depth, nodes)),
        Value::Object(members) => {
            if let Some(id) = members.get("@id").and_then(Value::as_str).filter(|_| members.len() > 1) {
                nodes.insert(id, value);
            }
            members.values().for_each(|one| name(one, depth, nodes));
        }
        _ => {}
    }
}

/// The posting, in which `{"@id": …}` alone is replaced by the node of that name.
fn filled_in(posting: &Value, nodes: &HashMap<&str, &Value>) -> Value {
    let mut posting = posting.clone();
    posting.as_object_mut().into_iter().flatten().for_each(|(_, value)| fill_in(value, nodes, FOLLOWED));
    posting
}

fn fill_in(value: &mut Value, nodes: &HashMap<&str, &Value>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let reference = value.as_object().filter(|members| members.len() == 1).and_then(|members| members.get("@id")?.as_str());
    if let Some(node) = reference.and_then(|id| nodes.get(id)) {
        *value = (*node).clone();
    }
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| fill_in(one, nodes, depth)),
        Value::Object(members) => members.values_mut().for_each(|one| fill_in(one, nodes, depth)),
        _ => {}
    }
}
