//! The OpenAPI document, as tests go through it.

use serde_json::{Map, Value};

/// The document of any node.
///
/// # Panics
/// When it is no JSON.
#[must_use]
pub fn document() -> Value {
    serde_json::from_str(&polder_web::openapi_json()).expect("JSON")
}

/// The operations of each address, as it is called: with what stands before all of them.
///
/// # Panics
/// When the document is none.
#[must_use]
pub fn paths(document: &Value) -> Vec<(String, &Map<String, Value>)> {
    let server = document["servers"][0]["url"].as_str().expect("a server");
    let (_, after) = server.split_once("://").expect("a whole address");
    let base = after.find('/').map_or("", |at| &after[at..]);
    let paths = document["paths"].as_object().expect("paths");
    paths.iter().map(|(path, item)| (format!("{base}{path}"), item.as_object().expect("operations"))).collect()
}
