//! The schemas of `schemas/`, as components of the OpenAPI document.

use polder_model::Kind;
use serde_json::{Map, Value, json};

use super::describe::page_of;
use super::{bulk, clients, people, proposals, rights, searches, syncs, webhooks};

/// The schemas that the interface speaks of, and those that they refer to.
const NAMES: [&str; 8] = ["vacancy", "training", "skill-offer", "terms", "query-request", "query", "result", "problem"];

/// The name of a schema among the components: `skill-offer` is `SkillOffer`.
pub(super) fn name_of(schema: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    schema.split('-').map(word).collect()
}

pub(super) fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    for name in NAMES {
        let text = polder_schemas::schema(name).unwrap_or_default();
        let mut schema: Value = serde_json::from_str(text).unwrap_or_default();
        let component = name_of(name);
        rewrite(&mut schema, &component);
        if let Some(members) = schema.as_object_mut() {
            members.remove("$schema");
            members.remove("$id");
            if let Some(Value::Object(definitions)) = members.remove("$defs") {
                all.extend(definitions.into_iter().map(|(definition, inner)| (local(&component, &definition), inner)));
            }
        }
        all.insert(component, schema);
    }
    for kind in Kind::ALL {
        all.insert(page_of(kind), page(kind));
    }
    all.insert("Receipt".to_owned(), receipt());
    all.insert("JobPosting".to_owned(), posting());
    all.insert("Partners".to_owned(), partners());
    all.insert("StreamLine".to_owned(), stream_line());
    all.extend(bulk::schemas());
    all.extend(proposals::schemas());
    all.extend(people::schemas());
    all.extend(rights::schemas());
    all.extend(clients::schemas());
    all.extend(searches::schemas());
    all.extend(webhooks::schemas());
    all.extend(syncs::schemas());
    all
}

fn local(component: &str, definition: &str) -> String {
    format!("{component}{}", name_of(definition))
}

/// Turns references into those of components.
fn rewrite(value: &mut Value, component: &str) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                *reference = target(reference, component);
            }
            members.values_mut().for_each(|inner| rewrite(inner, component));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| rewrite(inner, component)),
        _ => {}
    }
}

fn target(reference: &str, component: &str) -> String {
    let (schema, definition) = reference.split_once("#/$defs/").unwrap_or((reference, ""));
    let schema = schema.trim_end_matches('#');
    let named = schema.strip_prefix("urn:polder:schema:").and_then(|rest| rest.split(':').next()).map(name_of);
    let component = named.unwrap_or_else(|| component.to_owned());
    let name = if definition.is_empty() { component } else { local(&component, definition) };
    format!("#/components/schemas/{name}")
}

pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

pub(super) fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

pub(super) fn key() -> Value {
    json!({"description": "Your own key for the offer.", "type": "string", "minLength": 1, "maxLength": 100})
}

pub(super) fn instant(description: &str) -> Value {
    json!({"description": description, "type": "string", "format": "date-time", "maxLength": 40})
}

pub(super) fn number(description: &str) -> Value {
    json!({"description": description, "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64})
}

pub(super) fn version() -> Value {
    number("Of this offer: 1, 2, 3 …, also counted through a delete.")
}

pub(super) fn modified() -> Value {
    instant("When the offer last changed (UTC).")
}

fn text(most: u32) -> Value {
    json!({"type": "string", "maxLength": most})
}

pub(super) fn cursor() -> Value {
    json!({"description": "The `cursor` of the next page; absent on the last.", "type": "string", "minLength": 2, "maxLength": 134, "pattern": "^[A-Za-z0-9_-]+$"})
}

/// That nothing was stored.
pub(super) fn dry_run() -> Value {
    json!({"description": "There where it was only tried: this is what it would have come to, had nothing else come in between.", "type": "boolean"})
}

fn receipt() -> Value {
    object(
        &["key", "outcome", "version", "change", "modifiedAt", "notes"],
        json!({"key": key(), "outcome": {"enum": ["created", "replaced", "unchanged"]}, "version": version(),
               "change": number("Of this node: rises by one with each put and delete."), "modifiedAt": modified(), "dryRun": dry_run(),
               "notes": {"description": "Members of the offer that no reference table of this node knows, and a closing date that is over. It is stored all the same.",
                         "type": "array", "maxItems": 22, "items": reference("Problem/properties/findings/items")}}),
    )
}

/// What schema.org says of it is not said again here.
fn posting() -> Value {
    json!({"description": "A JobPosting of schema.org 30.0, as JSON-LD.", "type": "object", "required": ["@context", "@type", "title", "description"],
           "properties": {"@type": {"enum": ["JobPosting"]}, "title": {"type": "string", "maxLength": 2_000}, "description": {"type": "string", "maxLength": 1_000_000}}})
}

fn page(kind: Kind) -> Value {
    let item = object(
        &["key", "version", "modifiedAt", "document"],
        json!({"key": key(), "version": version(), "modifiedAt": modified(), "document": reference(&name_of(kind.as_str()))}),
    );
    object(&["items"], json!({"items": {"type": "array", "maxItems": 100, "items": item}, "next": cursor()}))
}

fn partners() -> Value {
    let words = |most: u32| json!({"type": "array", "maxItems": most, "items": text(100)});
    let register = object(
        &["region", "epoch", "version", "standing", "time"],
        json!({"region": text(100), "epoch": number("Rises when the register's keys are replaced."), "version": number("Rises with each change of the list of partners."),
               "standing": {"description": "Whether the register is fresh enough.", "enum": ["current", "stale", "no-disclosure"]},
               "time": instant("When this was looked at (UTC).")}),
    );
    let table = object(
        &["name", "version", "sha256"],
        json!({"name": text(40), "version": text(100),
               "sha256": {"description": "SHA-256 of the content.", "type": "string", "pattern": "^[0-9a-f]{64}$"}}),
    );
    let tables = |description: &str| json!({"description": description, "type": "array", "maxItems": 16, "items": table});
    let partner = object(
        &["partner", "name", "roles", "purposes", "status", "region", "home"],
        json!({"partner": text(30), "name": text(200), "roles": words(20), "purposes": words(10),
               "status": {"enum": ["active", "suspended", "expelled"]},
               "region": {"description": "The region whose register holds this partner: this node's, or one that it recognises.", "type": "string", "maxLength": 40},
               "home": {"type": "boolean"},
               "tables": tables("The reference tables of that node; absent while it has not been heard of."),
               "otherTables": {"description": "The names of the tables that are not the same as here; absent while the node has not been heard of.",
                               "type": "array", "maxItems": 32, "items": text(40)}}),
    );
    let own = tables("The reference tables of this node. They need not be the same everywhere: what they say travels in each query.");
    object(
        &["register", "tables", "items"],
        json!({"register": register, "tables": own, "items": {"type": "array", "maxItems": 10_000, "items": partner}}),
    )
}

/// A line of a streamed result.
fn stream_line() -> Value {
    let part = |name: &str| json!({"$ref": format!("#/components/schemas/Result/properties/{name}")});
    let line = |kind: &str, required: &[&str], mut properties: Value| {
        properties["type"] = json!({"const": kind});
        let required: Vec<&str> = std::iter::once("type").chain(required.iter().copied()).collect();
        json!({"type": "object", "required": required, "properties": properties})
    };
    let entry = |list: &str, name: &str| json!({"$ref": format!("#/components/schemas/Result/properties/{list}/items/properties/{name}")});
    json!({"description": "One line of a stream. The last one has the type result, or incomplete where the node stops.", "oneOf": [
        line("partner", &["partner", "name", "ms", "hits", "more"], json!({
            "partner": entry("answered", "partner"), "name": entry("answered", "name"), "ms": entry("answered", "ms"),
            "hits": entry("answered", "hits"), "more": entry("answered", "more")})),
        line("missing", &["partner", "name", "reason"], json!({
            "partner": entry("missing", "partner"), "name": entry("missing", "name"), "reason": entry("missing", "reason")})),
        line("hits", &["hits"], json!({"hits": part("hits")})),
        line("result", &["query", "hits", "answered", "missing", "complete", "more", "replaced", "ms", "notes"], json!({
            "query": part("query"), "hits": part("hits"), "answered": part("answered"), "missing": part("missing"),
            "complete": part("complete"), "more": part("more"), "replaced": part("replaced"), "ms": part("ms"), "notes": part("notes")})),
        line("incomplete", &["problem"], json!({"problem": reference("Problem")})),
    ]})
}
