//! The NL API Design Rules 2.2 that a machine can check, held against the document. Each names its rule.

use serde_json::Value;

use super::{document, operations};

fn is_of(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

/// Lower case and digits with hyphens, or a parameter.
fn is_step(step: &str) -> bool {
    match step.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
        Some(name) => is_of(name, |one| one.is_ascii_alphabetic()),
        None => is_of(step, |one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-'),
    }
}

fn is_camel_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase()) && is_of(name, |one| one.is_ascii_alphanumeric())
}

#[test]
fn whose_it_is_and_where_it_stands() {
    let document = document();
    // /core/doc-openapi-contact
    for field in ["name", "email", "url"] {
        assert!(document["info"]["contact"][field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
    // /core/semver
    let version: Vec<&str> = document["info"]["version"].as_str().expect("a version").split('.').collect();
    let is_number = |part: &&str| part.parse::<u32>().is_ok_and(|number| number.to_string() == **part);
    assert!(version.len() == 3 && version.iter().all(is_number), "{version:?}");
    // /core/uri-version, /core/transport/tls: the major version and no more of it, and nothing but HTTPS.
    let servers = document["servers"].as_array().expect("servers");
    assert!(!servers.is_empty());
    for server in servers {
        let url = server["url"].as_str().expect("an address");
        assert!(url.starts_with("https://") && url.ends_with(&format!("/v{}", version[0])), "{url}");
    }
}

#[test]
fn addresses_and_parameters_are_written_alike() {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    for path in paths.keys() {
        // /core/no-trailing-slash, /core/path-segments-kebab-case; and /core/publish-openapi, which has a name of its own.
        let wrong: Vec<&str> = path.split('/').skip(1).filter(|step| !is_step(step)).collect();
        assert!(path.starts_with('/') && (wrong.is_empty() || path == "/openapi.json"), "{path}: {wrong:?}");
    }
    assert!(paths.contains_key("/openapi.json"));
    for (path, method, operation) in operations(&document) {
        // /core/http-methods
        assert!(["get", "put", "post", "patch", "delete"].contains(&method.as_str()), "{path} {method}");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        // /core/query-keys-camel-case
        for parameter in parameters.clone().filter(|parameter| parameter["in"] == "query") {
            assert!(is_camel_case(parameter["name"].as_str().expect("a name")), "{path}: {}", parameter["name"]);
        }
        // /core/error-handling/invalid-input
        let may_be_wrong = parameters.count() > 0 || !["get", "delete"].contains(&method.as_str());
        assert!(!may_be_wrong || operation["responses"]["400"].is_object(), "{method} {path} says 400 to what is wrong");
    }
}

/// What generators of clients (for TypeScript, for Python) do not know.
#[test]
fn references_lead_to_components_and_no_schema_is_false() {
    let document = document();
    let mut references = Vec::new();
    super::collect(&document, &mut references);
    for reference in references {
        assert_eq!(reference.matches('/').count(), 3, "{reference} leads to a part of a component");
    }
    let components = document["components"]["schemas"].as_object().expect("schemas");
    let nested = |schema: &Value| schema["properties"].is_object();
    for (name, schema) in components {
        let within = schema["properties"].as_object().into_iter().flatten().map(|(_, member)| member);
        let titled = |schema: &Value| schema["title"].is_string();
        assert!(!within.clone().any(titled), "{name} has a member with a title, by which generators name a type");
        assert!(!within.chain([&schema["items"]]).any(nested), "{name} has an object without a name");
    }
    let text = document.to_string();
    assert!(!text.contains("\"items\":false") && !text.contains("\"items\":true"));
}

#[test]
fn schemas_are_named_and_dated_alike() {
    let document = document();
    for (schema, says) in document["components"]["schemas"].as_object().expect("schemas") {
        assert!(
            schema.starts_with(|first: char| first.is_ascii_uppercase()) && is_of(schema, |one| one.is_ascii_alphanumeric()),
            "{schema}"
        );
        dates(schema, says);
    }
    // /core/error-handling/problem-details
    let problem = &document["components"]["schemas"]["Problem"]["properties"];
    for member in ["status", "title", "detail"] {
        assert!(problem[member].is_object(), "{member}");
    }
}

/// /core/date-time: a day has the form of a day, a moment that of a moment, with its time zone.
fn dates(at: &str, schema: &Value) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if name.ends_with("Date") {
            assert_eq!(property["format"], "date", "{at}/{name}");
        }
        assert!(!["time", "date-time-local"].iter().any(|format| property["format"] == *format), "{at}/{name}");
        dates(&format!("{at}/{name}"), property);
    }
    if schema["items"].is_object() {
        dates(&format!("{at}/items"), &schema["items"]);
    }
}
