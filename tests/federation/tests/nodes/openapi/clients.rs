//! What is said of systems of the partner, held against a node that runs.

use serde_json::{Value, json};

use super::running::Held;
use polder_federation_tests::ats::Key;

pub(super) async fn clients(held: &mut Held) {
    let document = json!({"name": "Proefsysteem", "scopes": ["vacancy:read"], "organisations": ["kvk:00000001"],
                          "keys": [Key::fresh().public()], "until": "2035-01-01"});
    let text = document.to_string();
    let proposed = held.call("propose_client", "ats", &[], &text, 200).await;
    let sha256 = serde_json::from_str::<Value>(&proposed).expect("JSON")["proposed"]["sha256"].clone();
    held.call("propose_client", "ats", &[], "{}", 400).await;
    held.call("propose_client", "ats", &[("accept", "text/html")], &text, 406).await;
    held.call("propose_client", "ats", &[], &" ".repeat(70_000), 413).await;
    let approval = json!({"sha256": sha256}).to_string();
    held.call("approve_client", "ats", &[], "{}", 400).await;
    held.call("approve_client", "nobody", &[], &approval, 404).await;
    held.call("approve_client", "ats", &[("accept", "text/html")], &approval, 406).await;
    held.call("approve_client", "ats", &[], &json!({"sha256": "0".repeat(64)}).to_string(), 412).await;
    held.call("approve_client", "ats", &[], &" ".repeat(2_000), 413).await;
    held.call("approve_client", "ats", &[], &approval, 200).await;
    held.call("approve_client", "ats", &[], &approval, 409).await;
    held.call("get_client", "ats", &[], "", 200).await;
    held.call("get_client", "nobody", &[], "", 404).await;
    held.call("get_client", "%20", &[], "", 400).await;
    held.call("get_client", "ats", &[("accept", "text/html")], "", 406).await;
    held.call("propose_client", "another", &[], &text, 200).await;
    let first = held.call("list_clients", "?limit=1", &[], "", 200).await;
    let next = serde_json::from_str::<Value>(&first).expect("JSON")["next"].as_str().expect("a cursor").to_owned();
    held.call("list_clients", &format!("?limit=1&cursor={next}"), &[], "", 200).await;
    held.call("list_clients", "?limit=0", &[], "", 400).await;
    held.call("list_clients", "", &[("accept", "text/html")], "", 406).await;
    held.call("end_client", "%20", &[], "", 400).await;
    held.call("end_client", "nobody", &[], "", 404).await;
    held.call("end_client", "another", &[], "", 204).await;
    held.call("end_client", "ats", &[], "", 204).await;
    held.call("propose_client", "ats", &[], &text, 409).await;
}
