//! The OpenAPI document: the file in `docs`, its own consistency, and the responses of a running node held against it.

mod clients;
mod design_rules;
mod people;
mod running;
mod syncs;
mod webhooks;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use polder_federation_tests::openapi::{self, document};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Path, method and operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in openapi::paths(document) {
        for (method, operation) in item {
            all.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    all
}

/// A validator of a schema that may refer to the document's components.
fn validator(document: &Value, schema: &Value) -> Validator {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    jsonschema::options().should_validate_formats(true).build(&whole).expect("a schema")
}

fn component(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn the_file_is_what_the_node_serves() {
    let path = root().join("docs/openapi.json");
    if std::env::var_os("POLDER_WRITE").is_some() {
        std::fs::write(&path, polder_web::openapi_json()).expect("written");
    }
    let file = std::fs::read_to_string(&path).unwrap_or_default();
    let command = "POLDER_WRITE=1 cargo test -p polder-federation-tests --test openapi";
    assert!(file == polder_web::openapi_json(), "docs/openapi.json is out of date: run `{command}` and commit it");
}

#[test]
fn the_document_is_whole() {
    let document = document();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "{}", document["openapi"]);
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("references stay within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let schemes: Vec<&String> = document["components"]["securitySchemes"].as_object().expect("schemes").keys().collect();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id}");
        for tag in operation["tags"].as_array().expect("tags") {
            assert!(document["tags"].as_array().is_some_and(|tags| tags.iter().any(|known| known["name"] == *tag)), "{id}: {tag}");
        }
        for (status, response) in operation["responses"].as_object().expect("responses") {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{id} {status}");
            assert!(response["headers"]["API-Version"].is_object(), "{id} {status}");
            let problem = status.starts_with(['4', '5']);
            assert_eq!(response["content"]["application/problem+json"].is_object(), problem, "{id} {status}");
        }
        let asks: Vec<&String> =
            operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(|one| one.keys()).collect();
        let statuses = operation["responses"].as_object().expect("responses");
        if id == "get_openapi" {
            assert!(asks.is_empty() && !statuses.contains_key("401"), "{id}");
        } else {
            assert!(!asks.is_empty() && asks.iter().all(|name| schemes.contains(name)) && statuses.contains_key("401"), "{id}: {asks:?}");
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let in_path: Vec<&Value> =
            parameters.iter().filter(|parameter| parameter["in"] == "path").map(|parameter| &parameter["name"]).collect();
        let named: Vec<&str> = path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(in_path, named, "{id}");
        // Asking everyone what they hold says nothing but that, and so does having a catalogue read; nor does trying a webhook out, or giving it a new secret.
        let says_all = ["ask_access", "begin_crawl", "rotate_webhook_secret", "test_webhook"].contains(&id.as_str());
        let has_body = ["put", "post"].contains(&method.as_str()) && !says_all;
        assert_eq!(operation["requestBody"].is_object(), has_body, "{id}");
        assert!(ids.insert(id.clone()), "{id} stands twice");
    }
    for component in document["components"]["schemas"].as_object().expect("schemas").keys() {
        validator(&document, &self::component(component));
    }
}

/// Whoever has this document alone knows how a system shows that its token is its own, and what it is told where it did not.
#[test]
fn each_operation_of_a_system_says_how_a_token_is_shown() {
    let document = document();
    let mut of_systems = 0;
    for (path, method, operation) in operations(&document) {
        let is = operation["security"].as_array().is_some_and(|ways| ways.iter().any(|way| way["client"].is_array()));
        let proof = json!({"$ref": "#/components/parameters/DPoP"});
        assert_eq!(operation["parameters"].as_array().is_some_and(|all| all.contains(&proof)), is, "{method} {path}");
        let named = |status: &str, header: &str| operation["responses"][status]["headers"][header].is_object();
        let said = [named("401", "WWW-Authenticate"), named("401", "DPoP-Nonce"), named("403", "WWW-Authenticate")];
        assert_eq!(said, [is; 3], "{method} {path}");
        of_systems += usize::from(is);
    }
    assert!(of_systems > 40, "{of_systems}");
    let says = |pointer: &str, words: &[&str]| {
        let text = document.pointer(pointer).and_then(Value::as_str).expect("a text");
        words.iter().for_each(|word| assert!(text.contains(word), "{pointer}: {word}"));
    };
    says(
        "/components/parameters/DPoP/description",
        &["`htm`", "`htu`", "`iat`", "`jti`", "`ath`", "`nonce`", "dpop+jwt", "`use_dpop_nonce`"],
    );
    says("/components/headers/Challenge/description", &["invalid_token", "invalid_dpop_proof", "use_dpop_nonce"]);
    says("/components/headers/ScopeLacking/description", &["insufficient_scope"]);
    says("/components/securitySchemes/client/description", &["/oauth/token", "client_assertion", "`aud`", "RFC 9449"]);
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|inner| collect(inner, references));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, references)),
        _ => {}
    }
}

fn examples(schema: &str, kind: &str) -> Vec<(PathBuf, Value)> {
    let folder = root().join("schemas").join(schema).join("examples").join(kind);
    let files = std::fs::read_dir(&folder).expect("examples").map(|entry| entry.expect("an entry").path());
    files.map(|path| (path.clone(), serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON"))).collect()
}

#[test]
fn examples_follow_the_components() {
    let document = document();
    for (schema, name) in [
        ("vacancy", "Vacancy"),
        ("training", "Training"),
        ("skill-offer", "SkillOffer"),
        ("terms", "Terms"),
        ("query-request", "QueryRequest"),
        ("query", "Query"),
        ("result", "Result"),
        ("problem", "Problem"),
    ] {
        let validator = validator(&document, &component(name));
        for (path, example) in examples(schema, "valid") {
            let errors: Vec<String> = validator.iter_errors(&example).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        }
        for (path, example) in examples(schema, "invalid") {
            assert!(!validator.is_valid(&example), "{}", path.display());
        }
    }
}

#[test]
fn the_document_explains_itself() {
    let document = document();
    assert_eq!(document["info"]["version"], "1.0.0");
    let mut silent = Vec::new();
    for component in ["QueryRequest", "Vacancy", "Training", "SkillOffer", "Terms"] {
        undescribed(&document, &document["components"]["schemas"][component], component, &mut silent);
    }
    assert!(silent.is_empty(), "without a description: {silent:?}");
    for (_, _, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let shared = parameter["$ref"].as_str().map(|reference| document.pointer(&reference[1..]).expect("a parameter"));
            let parameter = shared.unwrap_or(parameter);
            let schema = &parameter["schema"];
            let bounded = ["integer", "boolean"].contains(&schema["type"].as_str().unwrap_or_default())
                || schema["pattern"].is_string() && schema["minLength"].is_u64();
            assert!(bounded && parameter["description"].is_string(), "{id}: {parameter}");
        }
        let responses = operation["responses"].as_object().into_iter().flatten().map(|(_, response)| response);
        for content in responses.chain([&operation["requestBody"]]).filter_map(|one| one["content"].as_object()).flatten() {
            let (media, content) = content;
            let examples = content["examples"].as_object();
            assert!(
                examples.is_some_and(|examples| !examples.is_empty()) || id == "get_openapi" && media == "application/json",
                "{id} {media}"
            );
            let validator = validator(&document, &content["schema"]);
            for (name, example) in examples.into_iter().flatten() {
                let errors: Vec<String> = validator.iter_errors(&example["value"]).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{id} {media} {name}: {errors:?}");
            }
        }
    }
}

fn undescribed(document: &Value, schema: &Value, path: &str, silent: &mut Vec<String>) {
    let found = |schema: &Value| match schema["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).expect("it leads somewhere").clone(),
        None => schema.clone(),
    };
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let (path, member) = (format!("{path}/{name}"), found(member));
        if member["description"].as_str().is_none_or(str::is_empty) {
            silent.push(path.clone());
        }
        undescribed(document, &member, &path, silent);
    }
    if schema["items"].is_object() {
        undescribed(document, &found(&schema["items"]), &format!("{path}/*"), silent);
    }
}
