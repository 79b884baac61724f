//! Cursors of the client interface, at a real node: each is what a page before said, or refused.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_federation_tests::http::{Client, one_node, vacancy};
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, MARK, Target};
use serde_json::Value;

const KEYS: [&str; 7] = ["A", "V-1", "V-10", "V-2", "a.b", "z", "~x_y"];
const LISTS: [&str; 3] = ["/v1/vacancies", "/v1/trainings", "/v1/skill-offers"];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A line for the list, one for `limit`, one for the cursor.
async fn property(client: &Client, input: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.split('\n');
    let list = LISTS.iter().position(|list| lines.clone().next() == Some(list)).unwrap_or(0);
    let (limit, cursor) = (lines.nth(1).unwrap_or("2"), lines.next().unwrap_or_default());
    if cursor.len() > 8_000 || limit.len() > 8_000 {
        return Ok("longer than an address".to_owned());
    }
    let path = format!("{}?limit={}&cursor={}", LISTS[list], encoded(limit), encoded(cursor));
    let response = client.request("GET", &path).send().await.map_err(|error| format!("no response: {error}"))?;
    let status = response.status().as_u16();
    let body = response.text().await.map_err(|error| error.to_string())?;
    let value: Value = serde_json::from_str(&body).map_err(|error| format!("{status}: {error}"))?;
    if status == 400 {
        let form = value["type"] == "urn:polder:problem:invalid-request" && !body.contains(MARK);
        return if form { Ok(format!("400 {}", value["detail"])) } else { Err(format!("the refusal says {body}")) };
    }
    if status != 200 {
        return Err(format!("{status}: {body}"));
    }
    // Only what `next` can say is taken: a key in base64url, written in its one form.
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|error| format!("taken, although it is no base64url: {error}"))?;
    let after = String::from_utf8(bytes).map_err(|error| format!("taken, although it is no text: {error}"))?;
    let found: Vec<&str> = value["items"].as_array().into_iter().flatten().filter_map(|item| item["key"].as_str()).collect();
    let rest = KEYS.iter().copied().filter(|key| list == 0 && *key > after.as_str());
    let limit: usize = limit.parse().map_err(|error| format!("taken, although the limit is none: {error}"))?;
    let expected: Vec<&str> = rest.clone().take(limit).collect();
    if found != expected {
        return Err(format!("after {after:?} there are {found:?} instead of {expected:?}"));
    }
    let next = (rest.count() > limit).then(|| URL_SAFE_NO_PAD.encode(expected.last().copied().unwrap_or_default()));
    if value["next"].as_str().map(str::to_owned) != next {
        return Err(format!("next is {} instead of {next:?}", value["next"]));
    }
    Ok(format!("200 with {} of a list, more: {}", found.len().min(2), next.is_some()))
}

#[test]
fn cursors() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let directory = tempfile::tempdir().expect("a directory");
    let (node, client) = runtime.block_on(async {
        let node = one_node(directory.path()).await;
        let client = Client::of(&node);
        for key in KEYS {
            assert_eq!(client.put(&format!("/v1/vacancies/{key}"), vacancy("Monteur").to_string()).await.status(), 201);
        }
        (node, client)
    });
    let cursor = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let mut seeds: Vec<Vec<u8>> = KEYS.iter().map(|key| format!("/v1/vacancies\n2\n{}", cursor(key)).into_bytes()).collect();
    seeds.push(format!("/v1/trainings\n100\n{}", cursor("x")).into_bytes());
    let long = cursor(&"x".repeat(100));
    let (dots, up, mark, nul) = (cursor(".."), cursor("../x"), cursor(MARK), cursor("\0"));
    let words = &[
        "/v1/skill-offers",
        "0",
        "1",
        "100",
        "101",
        "-1",
        "=",
        "==",
        "+",
        "/",
        "%",
        MARK,
        &long,
        &dots,
        &up,
        &mark,
        &nul,
        "'; DROP TABLE offers; --",
    ];
    let target = Target { name: "cursors", seeds, grammar: Grammar::Text, words, bound: Duration::from_millis(2_000) };
    target.run(|input| runtime.block_on(property(&client, input)));
    runtime.block_on(node.stop());
}
