//! What the interface says of itself: a small OpenAPI document. The contract is VUM's own, and is published there.

use serde_json::{Map, Value, json};

use super::super::{API_VERSION, FROM_PARTY, MESSAGE_VERSION, SUWI_PARTY, TO_PARTY, VERSION, VIA_PARTY};
use super::BASE;

/// Path after the base, method, operation id, what it is, what it answers.
type Row = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>);

const TABLE: [Row; 4] = [
    ("/vacatures/matches", "post", "MatchesVacatures", "Vacancies that match a question", Some("Matches")),
    ("/vacatures/{idVacature}", "get", "getVacature", "One vacancy, whole", Some("Vacature")),
    ("/werkzoekendeProfielen/matches", "post", "MatchesWerkzoekendeProfielen", "Not given: this source has vacancies alone", None),
    ("/werkzoekendeProfielen/{idWerkzoekende}", "get", "getWerkzoekende", "Not given: this source has vacancies alone", None),
];

/// The document of a source that stands there.
pub(super) fn of(origin: &str, name: &str) -> Value {
    let mut paths = Map::new();
    for row in TABLE {
        paths.insert(row.0.to_owned(), json!({row.1: operation(row)}));
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": format!("Vacancies of {name}, for VUM"), "version": VERSION,
            "description": "A source of vacancies by the koppelvlakspecificaties 3.0.0 of VUM (VUM-Bron-Vacatures), which say what stands in a vacancy and in a question.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            "contact": {"name": name, "url": origin},
        },
        "servers": [{"url": format!("{origin}{BASE}")}],
        "security": [{"certificate": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"certificate": {"type": "mutualTLS", "description": "A certificate of a system that is registered here with the scope vum:ask."}},
            "schemas": {
                "Matches": {"type": "object", "required": ["maximumAantalResultatenBereikt", "matches"], "properties": {
                    "maximumAantalResultatenBereikt": {"type": "boolean"}, "matches": {"type": "array", "maxItems": 100, "items": {"$ref": "#/components/schemas/Vacature"}},
                }},
                "Vacature": {"type": "object", "required": ["idVacature"], "properties": {"idVacature": {"type": "string", "maxLength": 200}}},
                "Vraag": {"type": "object", "required": ["vraagObject"], "properties": {"vraagObject": {"type": "object", "required": ["selectiegebied"]}}},
                "Error": {"type": "object", "required": ["code", "message"], "properties": {
                    "code": {"type": "string", "maxLength": 10}, "message": {"type": "string", "maxLength": 500},
                }},
            },
        },
    })
}

fn operation((path, method, id, says, answers): Row) -> Value {
    let version = json!({"type": "string", "enum": [VERSION]});
    let party = json!({"type": "string", "minLength": 1, "maxLength": 100});
    let heads = [
        (API_VERSION, version.clone()),
        (MESSAGE_VERSION, version),
        (FROM_PARTY, party.clone()),
        (TO_PARTY, party.clone()),
        (VIA_PARTY, party),
        (SUWI_PARTY, json!({"type": "boolean"})),
    ];
    let head =
        |(name, schema): (http::HeaderName, Value)| json!({"name": name.as_str(), "in": "header", "required": true, "schema": schema});
    let mut parameters: Vec<Value> = heads.into_iter().map(head).collect();
    if let Some(name) = path.split(['{', '}']).nth(1) {
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "maxLength": 200}}));
    }
    let schema = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let mut responses = Map::new();
    if let Some(answers) = answers {
        responses.insert("200".to_owned(), json!({"description": says, "content": schema(answers)}));
    }
    for (status, says) in [
        ("400", "A header, the question or the id is not of its form, or there is no such vacancy."),
        ("401", "The certificate is none of a system that is registered here for VUM."),
        ("429", "More than a party or the exchange may ask."),
        ("500", "A fault of this node."),
        ("503", "As much is asked as this node takes at once; or workers are asked for, whom it does not give."),
    ] {
        responses.insert(status.to_owned(), json!({"description": says, "content": schema("Error")}));
    }
    let mut operation =
        json!({"operationId": id, "summary": says, "tags": [path.split('/').nth(1)], "parameters": parameters, "responses": responses});
    if method == "post" {
        operation["requestBody"] = json!({"required": true, "content": schema("Vraag")});
    }
    operation
}
