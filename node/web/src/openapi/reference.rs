//! What the reference pages show of the document: operations by their tags, as people read them.

use serde::Serialize;
use serde_json::{Map, Value};

use super::BASE;
use crate::client::operations;

/// The operations of one tag.
#[derive(Serialize)]
pub(crate) struct Section {
    pub name: String,
    says: String,
    pub operations: Vec<Told>,
}

/// One operation.
#[derive(Serialize)]
pub(crate) struct Told {
    pub id: String,
    method: String,
    path: String,
    summary: String,
    says: Vec<Piece>,
    /// Scopes of systems of which each is enough.
    scopes: Vec<String>,
    /// Whether the machine's operator may, and a worker.
    operator: bool,
    worker: bool,
    parameters: Vec<Parameter>,
    body: Option<Example>,
    /// As a registered system calls it, where one may.
    curl_of_system: Option<String>,
    /// As whoever has a token that is bound to nothing calls it, or everybody, where they may.
    curl: Option<String>,
    successes: Vec<Success>,
    problems: Vec<Refused>,
}

impl Told {
    /// Whether it asks for a token.
    pub(crate) fn is_guarded(&self) -> bool {
        self.operator || self.worker || !self.scopes.is_empty()
    }
}

/// A piece of a text: plain, or as it is typed.
#[derive(Serialize)]
struct Piece {
    code: bool,
    text: String,
}

#[derive(Serialize)]
struct Parameter {
    name: String,
    place: String,
    required: bool,
    says: Vec<Piece>,
    example: String,
}

#[derive(Serialize)]
struct Example {
    media: String,
    text: String,
}

#[derive(Serialize)]
struct Success {
    status: String,
    says: Vec<Piece>,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Refused {
    status: String,
    types: Vec<String>,
}

/// All of it, of a node that stands there.
pub(crate) fn sections(origin: &str) -> Vec<Section> {
    let document = super::document();
    let tags = document["tags"].as_array().into_iter().flatten();
    let mut sections: Vec<Section> =
        tags.map(|tag| Section { name: text(&tag["name"]), says: text(&tag["description"]), operations: Vec::new() }).collect();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(_, operation)| operation["operationId"].is_string()) {
            let tag = text(&operation["tags"][0]);
            if let Some(section) = sections.iter_mut().find(|section| section.name == tag) {
                section.operations.push(told(origin, &format!("{BASE}{path}"), &method.to_uppercase(), operation));
            }
        }
    }
    // As the table of operations has them.
    let order: Vec<String> = operations::all().into_iter().map(|operation| operation.id).collect();
    let place = |told: &Told| order.iter().position(|id| *id == told.id);
    sections.iter_mut().for_each(|section| section.operations.sort_by_key(place));
    sections
}

fn told(origin: &str, path: &str, method: &str, operation: &Value) -> Told {
    let ways = || operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
    let scopes = ways().filter_map(|way| Some(text(way.get("client")?.get(0)?))).collect();
    // What every call of a system has, how to begin says.
    let own = operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter.get("$ref").is_none());
    let parameters: Vec<Parameter> = own.map(parameter).collect();
    let content = operation["requestBody"]["content"].as_object();
    let body = content.and_then(|content| examples(content).into_iter().next());
    let (mut successes, mut problems) = (Vec::new(), Vec::new());
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let content = response["content"].as_object();
        if status.starts_with(['4', '5']) {
            let named = content.and_then(|content| content.values().next()?["examples"].as_object());
            problems.push(Refused { status: status.clone(), types: named.into_iter().flatten().map(|(name, _)| name.clone()).collect() });
        } else {
            let examples = content.map(examples).unwrap_or_default();
            successes.push(Success { status: status.clone(), says: pieces(&text(&response["description"])), examples });
        }
    }
    let (is_guarded, is_of_system) = (ways().next().is_some(), ways().any(|way| way.contains_key("client")));
    let is_of_others = !is_guarded || ways().any(|way| way.contains_key("operator") || way.contains_key("worker"));
    let bearer: &[&str] = if is_guarded { &["-H \"Authorization: Bearer $TOKEN\""] } else { &[] };
    let call = |shows: &[&str]| curl(origin, path, method, &parameters, body.as_ref(), shows);
    Told {
        id: text(&operation["operationId"]),
        curl_of_system: is_of_system.then(|| call(&["-H \"Authorization: DPoP $TOKEN\"", "-H \"DPoP: $PROOF\""])),
        curl: is_of_others.then(|| call(bearer)),
        method: method.to_owned(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        says: pieces(&text(&operation["description"])),
        scopes,
        operator: ways().any(|way| way.contains_key("operator")),
        worker: ways().any(|way| way.contains_key("worker")),
        parameters,
        body,
        successes,
        problems,
    }
}

fn parameter(parameter: &Value) -> Parameter {
    let (schema, shown) = (&parameter["schema"], |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned));
    let example = [&schema["examples"][0], &schema["default"], &schema["minimum"]].into_iter().find(|value| !value.is_null());
    Parameter {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        required: parameter["required"] == true,
        says: pieces(&text(&parameter["description"])),
        example: example.map(shown).unwrap_or_default(),
    }
}

/// The first example of each media type.
fn examples(content: &Map<String, Value>) -> Vec<Example> {
    let first = |(media, content): (&String, &Value)| {
        let value = &content["examples"].as_object()?.values().next()?["value"];
        // Lines of JSON are lines.
        let text = if media.ends_with("ndjson") { serde_json::to_string(value) } else { serde_json::to_string_pretty(value) };
        Some(Example { media: media.clone(), text: text.ok()? })
    };
    content.iter().filter_map(first).collect()
}

/// A command that can be pasted, with what it shows in variables and the body in a file.
fn curl(origin: &str, path: &str, method: &str, parameters: &[Parameter], body: Option<&Example>, shows: &[&str]) -> String {
    let filled = parameters.iter().filter(|parameter| parameter.place == "path");
    let path = filled.fold(path.to_owned(), |path, parameter| path.replace(&format!("{{{}}}", parameter.name), &parameter.example));
    let mut lines = vec![format!("curl -X {method} '{origin}{path}'")];
    lines.extend(shows.iter().map(|header| (*header).to_owned()));
    if let Some(body) = body {
        lines.push(format!("-H 'Content-Type: {}'", body.media));
        lines.push("--data-binary @body.json".to_owned());
    }
    lines.join(" \\\n  ")
}

fn pieces(text: &str) -> Vec<Piece> {
    let pieces = text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
    pieces.map(|(number, piece)| Piece { code: number % 2 == 1, text: piece.to_owned() }).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
