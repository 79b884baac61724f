//! Examples of what operations about rights take and give.

use serde_json::{Value, json};

use crate::client::rights_operations::OfRights;
use crate::openapi::people::{DAY, ID, JWS, OTHER_ID, example_seen};

const LATER: &str = "2026-11-20T09:00:00Z";

fn example_access() -> Value {
    let profile = json!({"key": "P-1", "document": {"title": "Monteur zoekt werk"}});
    let sent = json!({"id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "recipient": "kvk:12345678", "recipientName": "Voorbeeld BV", "vacancy": "V-2041",
                      "title": "Monteur", "employer": "Voorbeeld BV", "fields": ["/skills", "/motivation"], "motivation": "Ik werk graag buiten.",
                      "at": DAY, "progress": "received", "since": DAY, "consent": ID});
    let home = json!({"profile": profile, "consents": [], "notices": [], "requests": [], "disclosures": [example_seen()], "erasures": [], "applications": [sent], "questions": [], "receipts": [JWS], "history": [], "leftOut": ["disclosures"]});
    let copy = json!({"disclosure": ID, "purpose": "match-vacancy", "epoch": 1, "fields": ["/title", "/skills"], "at": DAY,
                      "useUntil": "2026-11-21T08:00:00Z", "system": "operator"});
    let erasing = json!({"purpose": "be-contacted", "epoch": 2, "fields": [], "since": DAY, "system": "operator"});
    let answered = json!({"partner": "kvk:12345678", "partnerName": "Voorbeeld BV", "state": "answered", "since": DAY, "answeredAt": DAY,
                          "copies": [copy], "erasing": [erasing], "more": false, "differences": [{"kind": "not-held", "disclosure": OTHER_ID}]});
    let awaited =
        json!({"partner": "kvk:87654321", "partnerName": "Ander Voorbeeld BV", "state": "awaited", "since": DAY, "reason": "unreachable"});
    json!({"at": LATER, "controller": "oin:00000001001234567000", "worker": OTHER_ID, "askedAt": DAY, "values": "with-the-systems-named", "home": home,
           "partners": [answered, awaited]})
}

pub(super) fn example_requests() -> Vec<(&'static str, Value)> {
    vec![
        (
            "with-help",
            json!({"key": "P-1", "recipient": "kvk:12345678", "purpose": "match-vacancy", "fields": ["/title", "/skills"], "assistedBy": "m-17"}),
        ),
        (
            "after-a-match",
            json!({"partner": "oin:00000001001234567000", "key": ID, "purpose": "be-contacted", "fields": ["/contact/telephone"],
                   "about": {"kind": "vacancy", "key": "V-2041"}}),
        ),
    ]
}

pub(super) fn example_revocations() -> Vec<(&'static str, Value)> {
    vec![
        ("by-letter", json!({"key": "P-1", "ground": "worker-asked"})),
        ("one-of-them", json!({"key": "P-1", "consents": [ID], "ground": "not-free"})),
        ("a-wrong-text", json!({"notice": "ab".repeat(32), "ground": "notice-wrong"})),
    ]
}

fn example_request(state: &str) -> Value {
    let events = if state == "requested" {
        json!([{"what": "request", "at": DAY}])
    } else {
        json!([{"what": "request", "at": DAY}, {"what": "defer", "at": LATER}])
    };
    json!({"id": ID, "asker": "kvk:12345678", "askerName": "Voorbeeld BV", "recipient": "kvk:12345678", "recipientName": "Voorbeeld BV",
           "purpose": "be-contacted", "fields": ["/contact/telephone"],
           "about": {"kind": "vacancy", "key": "V-2041", "title": "Monteur", "by": "Ander Voorbeeld BV"}, "at": DAY, "state": state, "events": events})
}

fn example_standing(in_force: &[&str]) -> Value {
    let state = if in_force.is_empty() { "not-given" } else { "given" };
    json!({"id": OTHER_ID, "partner": "oin:00000001001234567000", "key": ID, "recipient": "kvk:12345678", "purpose": "be-contacted",
           "fields": ["/contact/telephone"], "at": DAY, "state": state, "inForce": in_force})
}

pub(super) fn example_export() -> Value {
    json!({"type": "polder-export/2", "content": {"schema": "urn:polder:schema:export:1.0"}, "signature": JWS})
}

pub(super) fn example_of(does: OfRights) -> Vec<(&'static str, Value)> {
    match does {
        OfRights::AskAccess | OfRights::Access => vec![("one-has-not-answered", example_access())],
        OfRights::ListRequests => vec![("one-request", json!({"items": [example_request("requested")]}))],
        OfRights::AnswerRequest => vec![("put-off", example_request("deferred"))],
        OfRights::AskConsent => vec![("asked", example_standing(&[]))],
        OfRights::Standing => vec![("not-given", example_standing(&[])), ("given", example_standing(&["/contact/telephone"]))],
        OfRights::Export => vec![("everything", example_export())],
        OfRights::History => {
            let brought = json!({"from": "oin:00000001001234567000", "fromName": "Gemeente Voorbeeld", "at": DAY, "content": {"schema": "urn:polder:schema:export:1.0"}});
            vec![("from-one-node", json!({"items": [brought]}))]
        }
        OfRights::TakeIn => {
            let moved = json!({"key": "P-9", "from": "oin:00000001001234567000", "asked": 2,
                               "notAsked": [{"recipient": "kvk:12345678", "purpose": "training-advice"}]});
            vec![("two-are-asked", moved)]
        }
        OfRights::Revoke => {
            vec![("three-ended", json!({"at": DAY, "ground": "worker-asked", "consents": 3, "erases": 2}))]
        }
        OfRights::Erase => vec![("erased", json!({"at": DAY, "receipt": JWS, "receipts": [JWS]}))],
    }
}
