//! What is said of webhooks and saved searches, held against a node that runs.

use serde_json::{Value, json};

use super::running::Held;

const HTML: [(&str, &str); 1] = [("accept", "text/html")];
const TEXT: [(&str, &str); 1] = [("content-type", "text/plain")];

pub(super) async fn webhooks(held: &mut Held) {
    let (nobodys, large) = ("0".repeat(32), " ".repeat(70_000));
    // Nobody is there, which is said.
    let new = json!({"url": "http://127.0.0.1:9/"}).to_string();
    let made = held.call("create_webhook", "", &[], &new, 201).await;
    let id = serde_json::from_str::<Value>(&made).expect("JSON")["id"].as_str().expect("an id").to_owned();
    held.call("create_webhook", "", &[], r#"{"url":"http://127.0.0.2/","types":["x"]}"#, 400).await;
    held.call("create_webhook", "", &[], r#"{"url":"http://127.0.0.1/","cursor":"1-0123456789abcdef"}"#, 410).await;
    for (headers, body, status) in [(&HTML[..], new.as_str(), 406), (&[], large.as_str(), 413), (&TEXT[..], new.as_str(), 415)] {
        held.call("create_webhook", "", headers, body, status).await;
    }
    for operation in ["get_webhook", "rotate_webhook_secret", "test_webhook"] {
        held.call(operation, &id, &[], "", 200).await;
        held.call(operation, &nobodys, &[], "", 404).await;
        held.call(operation, &format!("{id}?x=1"), &[], "", 400).await;
        held.call(operation, &id, &HTML, "", 406).await;
    }
    held.call("replay_webhook", &id, &[], "{}", 200).await;
    held.call("replay_webhook", &id, &[], r#"{"cursor":"0-0000000000000000"}"#, 200).await;
    held.call("replay_webhook", &id, &[], r#"{"cursor":"1-0123456789abcdef"}"#, 410).await;
    held.call("replay_webhook", &nobodys, &[], "{}", 404).await;
    for (headers, body, status) in [(&[][..], "[]", 400), (&HTML[..], "{}", 406), (&[], large.as_str(), 413), (&TEXT[..], "{}", 415)] {
        held.call("replay_webhook", &id, headers, body, status).await;
    }
    for _ in 1..20 {
        held.call("create_webhook", "", &[], &new, 201).await;
    }
    held.call("create_webhook", "", &[], &new, 409).await;
    held.call("list_webhooks", "", &[], "", 200).await;
    held.call("list_webhooks", "?limit=1", &[], "", 400).await;
    held.call("list_webhooks", "", &HTML, "", 406).await;
    held.call("delete_webhook", &id, &[], "", 204).await;
    held.call("delete_webhook", &id, &[], "", 404).await;
    held.call("delete_webhook", &format!("{id}?x=1"), &[], "", 400).await;

    let search = json!({"name": "Werk", "query": {"kind": "vacancy", "text": "monteur"}}).to_string();
    let saved = held.call("create_search", "", &[], &search, 201).await;
    let id = serde_json::from_str::<Value>(&saved).expect("JSON")["id"].as_str().expect("an id").to_owned();
    for (headers, body, status) in [
        (&[][..], r#"{"name":"","query":{"kind":"skill-offer"}}"#, 400),
        (&HTML[..], search.as_str(), 406),
        (&[], large.as_str(), 413),
        (&TEXT[..], search.as_str(), 415),
    ] {
        held.call("create_search", "", headers, body, status).await;
    }
    for _ in 1..50 {
        held.call("create_search", "", &[], &search, 201).await;
    }
    held.call("create_search", "", &[], &search, 409).await;
    held.call("list_searches", "", &[], "", 200).await;
    held.call("list_searches", "?limit=1", &[], "", 400).await;
    held.call("list_searches", "", &HTML, "", 406).await;
    held.call("delete_search", &id, &[], "", 204).await;
    held.call("delete_search", &id, &[], "", 404).await;
    held.call("delete_search", &format!("{id}?x=1"), &[], "", 400).await;
}
