//! Profiles of invented workers.

use polder_bench::documents;
use polder_model::reference::Reference;
use serde_json::{Value, json};

use crate::random::Random;

/// The key of the profile with that number.
pub fn key(number: usize) -> String {
    format!("P-{number:05}")
}

/// The profile with that number, about 2 KB: what a vacancy asks, somebody offers.
pub fn profile(number: usize) -> Value {
    let vacancy: Value = serde_json::from_slice(&documents::vacancy(number, 0)).expect("JSON");
    let random = &mut Random::new(number as u64 + 11_000_000_000);
    let skills: Vec<Value> = vacancy["skills"].as_array().expect("skills").iter().map(|skill| json!({"uri": skill["uri"]})).collect();
    json!({
        "title": vacancy["title"],
        "description": vacancy["description"],
        "skills": skills,
        "occupationsWanted": vacancy["occupations"],
        "hours": vacancy["hours"],
        "postcode": random.pick(Reference::starter().places()).postcode.to_string(),
        "languages": vacancy["languages"],
        "contact": {"name": "Anna Voorbeeld", "email": "anna@voorbeeld.example", "telephone": "+31 6 0000 0000"},
    })
}
