//! What the OpenAPI document says of imports and exports: schemas and examples.

use polder_model::Kind;
use serde_json::{Map, Value, json};

use super::components::{self, dry_run, instant, key, modified, name_of, number, object, reference, version};
use super::examples::{Named, of_schema};

pub(super) fn line_of(kind: Kind) -> String {
    format!("{}Line", name_of(kind.as_str()))
}

pub(super) fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    for kind in Kind::ALL {
        all.insert(line_of(kind), line(kind));
    }
    for (name, schema) in [
        ("ImportRequest", object(&["collection"], json!({"collection": collection()}))),
        ("Import", import()),
        ("ImportPage", import_page()),
        ("ImportPart", part()),
        ("ImportLine", import_line()),
        ("LineVerdict", verdict()),
        ("PartReplyLine", reply_line()),
        ("VerdictPage", verdict_page()),
    ] {
        all.insert(name.to_owned(), schema);
    }
    all
}

fn collection() -> Value {
    json!({"description": "The collection that is filled.", "enum": Kind::ALL.map(Kind::collection)})
}

fn sha256() -> Value {
    json!({"description": "The SHA-256 of the bytes of the part.", "type": "string", "pattern": "^[0-9a-f]{64}$", "minLength": 64, "maxLength": 64})
}

fn part_number() -> Value {
    json!({"description": "Your own number of the part.", "type": "integer", "minimum": 1, "maximum": 10_000})
}

pub(super) fn cursor() -> Value {
    json!({"description": "The cursor of what comes after this; always there.", "type": "string", "minLength": 2, "maxLength": 40, "pattern": "^[a-z0-9-]+$"})
}

fn part_members() -> Value {
    json!({"part": part_number(), "sha256": sha256(), "lines": number("Lines that have a verdict: those that are not empty."),
           "created": number("New offers."), "replaced": number("Offers that replaced other bytes."),
           "unchanged": number("Offers that were there already."), "refused": number("Lines that were refused.")})
}

const PART: [&str; 7] = ["part", "sha256", "lines", "created", "replaced", "unchanged", "refused"];

fn part() -> Value {
    object(&PART, part_members())
}

fn import() -> Value {
    object(
        &["id", "collection", "openedAt", "keptUntil", "parts"],
        json!({"id": {"type": "string", "format": "uuid", "maxLength": 36}, "collection": collection(),
               "openedAt": instant("When it was opened (UTC)."), "keptUntil": instant("Until when it and its verdicts are kept (UTC)."),
               "parts": {"description": "The parts that are in, by number.", "type": "array", "maxItems": 10_000, "items": reference("ImportPart")}}),
    )
}

fn import_page() -> Value {
    let mut members = part_members();
    if let Some(members) = members.as_object_mut() {
        members.retain(|name, _| !["part", "sha256"].contains(&name.as_str()));
        members.extend([
            ("id".to_owned(), json!({"type": "string", "format": "uuid", "maxLength": 36})),
            ("collection".to_owned(), collection()),
            ("openedAt".to_owned(), instant("When it was opened (UTC).")),
            ("keptUntil".to_owned(), instant("Until when it and its verdicts are kept (UTC).")),
            ("parts".to_owned(), number("Parts that are done.")),
            ("unfinished".to_owned(), number("Parts that were begun and are not done: they are on their way, or were cut off.")),
        ]);
    }
    let required =
        ["id", "collection", "openedAt", "keptUntil", "parts", "unfinished", "lines", "created", "replaced", "unchanged", "refused"];
    object(
        &["items"],
        json!({"items": {"type": "array", "maxItems": 100, "items": object(&required, members)}, "next": components::cursor()}),
    )
}

/// A line as it is sent.
fn import_line() -> Value {
    json!({"description": "One line of a part. Its document is judged by the schema of its kind; a line that is refused spoils no other.", "type": "object",
           "required": ["key", "document"], "additionalProperties": false,
           "properties": {"kind": {"description": "May be left out; if it is there, that of the collection.", "enum": Kind::ALL.map(Kind::as_str)},
                          "key": key(), "version": {"description": "Ignored."}, "modifiedAt": {"description": "Ignored."},
                          "document": {"description": "The offer.", "type": "object"}}})
}

fn verdict() -> Value {
    object(
        &["part", "line", "outcome"],
        json!({"part": part_number(), "line": number("The line in its part, from 1; empty lines count."),
               "entry": number("In a part of another format: the number of the record, from 1."), "key": key(),
               "outcome": {"enum": ["created", "replaced", "unchanged", "refused"]}, "version": version(),
               "change": number("Of this node: rises by one with each put and delete."), "modifiedAt": modified(),
               "notes": {"description": "As in a receipt; absent of a line that was refused.", "type": "array", "maxItems": 21,
                         "items": reference("Problem/properties/findings/items")},
               "problem": {"description": "Why the line was refused; at most ten findings.", "$ref": "#/components/schemas/Problem"},
               "mapping": {"description": "In a part of another format: what was lost of the record, or is not as it was; absent where nothing was.",
                           "type": "array", "maxItems": 21, "items": mapped()}}),
    )
}

/// What became of a field of another format.
fn mapped() -> Value {
    let text = |description: &str, most: u32| json!({"description": description, "type": "string", "maxLength": most});
    object(
        &["field", "code", "message"],
        json!({"field": text("The field by its name in the format; empty for the whole record.", 200), "code": text("What became of it; more may come.", 40),
               "message": text("What became of it, for people.", 2000)}),
    )
}

/// A line of the reply to a part.
fn reply_line() -> Value {
    let mut members = part_members();
    members["type"] = json!({"const": "part"});
    members["dryRun"] = dry_run();
    let required: Vec<&str> = std::iter::once("type").chain(PART).collect();
    json!({"description": "One line of the reply. The last one has the type part.", "oneOf": [reference("LineVerdict"), object(&required, members)]})
}

fn verdict_page() -> Value {
    object(&["items", "next"], json!({"items": {"type": "array", "maxItems": 500, "items": reference("LineVerdict")}, "next": cursor()}))
}

/// A line of an export.
fn line(kind: Kind) -> Value {
    let offer = object(
        &["kind", "key", "version", "modifiedAt", "document"],
        json!({"kind": {"const": kind.as_str()}, "key": key(), "version": version(), "modifiedAt": modified(), "document": reference(&name_of(kind.as_str()))}),
    );
    let end =
        object(&["type", "offers", "next"], json!({"type": {"const": "end"}, "offers": number("How many there were."), "next": cursor()}));
    let incomplete =
        object(&["type", "offers"], json!({"type": {"const": "incomplete"}, "offers": number("How many came until the node stopped.")}));
    json!({"description": "One line of an export. The last one has the type end, or incomplete where the node stops.", "oneOf": [offer, end, incomplete]})
}

fn named(name: &str, value: Value) -> Named {
    (name.to_owned(), value)
}

pub(super) fn import_request() -> Vec<Named> {
    vec![named("vacancies", json!({"collection": "vacancies"}))]
}

fn example_part() -> Value {
    json!({"part": 1, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "lines": 2, "created": 1, "replaced": 0,
           "unchanged": 0, "refused": 1})
}

pub(super) fn an_import() -> Vec<Named> {
    let import = |parts: Value| {
        json!({"id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "collection": "vacancies", "openedAt": "2026-11-20T08:00:00Z",
               "keptUntil": "2026-11-27T08:00:00Z", "parts": parts})
    };
    vec![named("just-opened", import(json!([]))), named("with-a-part", import(json!([example_part()])))]
}

pub(super) fn page_of_imports() -> Vec<Named> {
    let import = json!({"id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "collection": "vacancies", "openedAt": "2026-11-20T08:00:00Z",
                        "keptUntil": "2026-11-27T08:00:00Z", "parts": 1, "unfinished": 0, "lines": 2, "created": 1, "replaced": 0,
                        "unchanged": 0, "refused": 1});
    vec![named("one-import", json!({"items": [import]}))]
}

pub(super) fn import_lines() -> Vec<Named> {
    let offer = of_schema("vacancy").into_iter().next().map(|(_, value)| value);
    vec![named("a-vacancy", json!({"key": "V-2041", "document": offer}))]
}

fn verdicts() -> [Value; 2] {
    let problem = of_schema("problem").into_iter().next().map(|(_, value)| value);
    [
        json!({"part": 1, "line": 1, "key": "V-2041", "outcome": "created", "version": 1, "change": 7, "modifiedAt": "2026-11-20T08:00:00Z", "notes": []}),
        json!({"part": 1, "line": 2, "key": "V-2042", "outcome": "refused", "problem": problem}),
    ]
}

pub(super) fn reply_lines() -> Vec<Named> {
    let [created, refused] = verdicts();
    let mut mapped = created.clone();
    (mapped["entry"], mapped["mapping"]) =
        (json!(1), json!([{"field": "baseSalary", "code": "kept-as-text", "message": "text kept, not parsed"}]));
    let mut last = example_part();
    last["type"] = json!("part");
    vec![named("created", created), named("refused", refused), named("mapped", mapped), named("part", last)]
}

pub(super) fn page_of_verdicts() -> Vec<Named> {
    vec![named("two-lines", json!({"items": verdicts(), "next": "v1"})), named("no-more-so-far", json!({"items": [], "next": "v1"}))]
}

pub(super) fn export_lines(kind: Kind) -> Vec<Named> {
    let offer = of_schema(kind.as_str()).into_iter().next().map(|(_, value)| value);
    vec![
        named(
            "offer",
            json!({"kind": kind.as_str(), "key": "V-2041", "version": 1, "modifiedAt": "2026-11-20T08:00:00Z", "document": offer}),
        ),
        named("end", json!({"type": "end", "offers": 1, "next": "7-1f0c9a5be2d47706"})),
        named("incomplete", json!({"type": "incomplete", "offers": 1})),
    ]
}
