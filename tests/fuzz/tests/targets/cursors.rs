//! Cursors of the client interface, at a real node: each is what a page before said, or refused.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_federation_tests::http::{Client, one_node, vacancy};
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, MARK, Target};
use serde_json::{Value, json};

const KEYS: [&str; 7] = ["A", "V-1", "V-10", "V-2", "a.b", "z", "~x_y"];
const OFFERS: [&str; 3] = ["/v1/vacancies", "/v1/trainings", "/v1/skill-offers"];
const CHANGES: &str = "/v1/changes";
const IMPORTS: &str = "/v1/imports";
/// Of the import that was opened first.
const VERDICTS: &str = "verdicts";

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A node, and what it holds.
struct Stage {
    client: Client,
    /// The import whose verdicts are asked.
    import: String,
    /// Its pages, by part and line.
    verdicts: Vec<Vec<String>>,
    /// The cursors before and behind each change.
    changes: Vec<String>,
    /// When each import was opened, and its id, the last first.
    imports: Vec<(i64, String)>,
}

impl Stage {
    async fn set(client: Client) -> Self {
        let mut stage = Self { client, import: String::new(), verdicts: Vec::new(), changes: Vec::new(), imports: Vec::new() };
        for key in KEYS {
            assert_eq!(stage.client.put(&format!("/v1/vacancies/{key}"), vacancy("Monteur").to_string()).await.status(), 201);
        }
        let start = stage.get("/v1/changes?limit=1").await.1;
        let mut cursor = "0-0000000000000000".to_owned();
        for number in 1..=KEYS.len() {
            let (_, page) = stage.get(&format!("/v1/changes?limit=1&cursor={cursor}")).await;
            assert!(number > 1 || page == start);
            stage.changes.push(std::mem::replace(&mut cursor, page["next"].as_str().expect("a cursor").to_owned()));
        }
        stage.changes.push(cursor);
        for _ in 0..3 {
            let request = stage.client.request("POST", IMPORTS).json(&json!({"collection": "trainings"}));
            let opened: Value = request.send().await.expect("a response").json().await.expect("JSON");
            stage.import = opened["id"].as_str().expect("an id").to_owned();
        }
        for part in 1..=2 {
            let path = format!("/v1/imports/{}/parts/{part}", stage.import);
            let request = stage.client.request("PUT", &path).header("content-type", "application/x-ndjson");
            assert_eq!(request.body("{\n{\n").send().await.expect("a response").status(), 200);
            stage.verdicts.push(vec![format!("{part} 1"), format!("{part} 2")]);
        }
        let (_, page) = stage.get(IMPORTS).await;
        let opened = |item: &Value| {
            item["openedAt"].as_str().and_then(|at| at.parse::<polder_model::Timestamp>().ok()).expect("an instant").micros()
        };
        stage.imports = page["items"].as_array().expect("items").iter().map(|item| (opened(item), text(&item["id"]))).collect();
        assert!(stage.imports.is_sorted_by(|a, b| (-a.0, &a.1) < (-b.0, &b.1)) && stage.imports.len() == 3);
        stage
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.client.request("GET", path).send().await.expect("a response");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// What a page holds behind a cursor that is taken, each item in a word, and its `next`.
    fn expected(&self, list: &str, limit: usize, cursor: &str) -> Result<(Vec<String>, Option<String>), String> {
        match list {
            CHANGES => {
                let known = self.changes.iter().position(|known| known == cursor);
                let behind = known.ok_or("taken, although no page said so")?;
                let last = (behind + limit).min(self.changes.len() - 1);
                Ok(((behind + 1..=last).map(|number| number.to_string()).collect(), Some(self.changes[last].clone())))
            }
            IMPORTS => {
                let (opened, id) = cursor.split_once('-').ok_or("taken, although it is of another form")?;
                let opened: i64 = opened.parse().map_err(|error| format!("taken, although it has no time: {error}"))?;
                let mut rest = self.imports.iter().filter(|(at, other)| (-at, other.as_str()) > (-opened, id));
                let page: Vec<_> = rest.by_ref().take(limit).collect();
                let next = rest.next().and(page.last()).map(|(at, id)| format!("{at}-{id}"));
                Ok((page.into_iter().map(|(_, id)| id.clone()).collect(), next))
            }
            VERDICTS => {
                let behind: usize =
                    cursor.strip_prefix('v').and_then(|number| number.parse().ok()).ok_or("taken, although it is of another form")?;
                let page = self.verdicts.get(behind).cloned().unwrap_or_default();
                let next = if page.is_empty() { behind } else { behind + 1 };
                Ok((page, Some(format!("v{next}"))))
            }
            _ => {
                // Only what `next` can say is taken: a key in base64url, written in its one form.
                let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|error| format!("taken, although it is no base64url: {error}"))?;
                let after = String::from_utf8(bytes).map_err(|error| format!("taken, although it is no text: {error}"))?;
                let rest = KEYS.iter().filter(|key| list == OFFERS[0] && **key > after.as_str());
                let page: Vec<String> = rest.clone().take(limit).map(|key| (*key).to_owned()).collect();
                let next = (rest.count() > limit).then(|| URL_SAFE_NO_PAD.encode(page.last().map_or("", String::as_str)));
                Ok((page, next))
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An item of a page in a word.
fn word(list: &str, item: &Value) -> String {
    match list {
        CHANGES => text(&item["change"]),
        IMPORTS => text(&item["id"]),
        VERDICTS => format!("{} {}", item["part"], item["line"]),
        _ => text(&item["key"]),
    }
}

/// A line for the list, one for `limit`, one for the cursor.
async fn property(stage: &Stage, input: &[u8]) -> Verdict {
    let input = String::from_utf8_lossy(input);
    let mut lines = input.split('\n');
    let named = lines.next().unwrap_or_default();
    let list = [CHANGES, IMPORTS, VERDICTS].into_iter().chain(OFFERS).find(|list| *list == named).unwrap_or(OFFERS[0]);
    let (limit, cursor) = (lines.next().unwrap_or("2"), lines.next().unwrap_or_default());
    if cursor.len() > 8_000 || limit.len() > 8_000 {
        return Ok("longer than an address".to_owned());
    }
    let path = match list {
        VERDICTS => format!("/v1/imports/{}/verdicts?cursor={}", stage.import, encoded(cursor)),
        list => format!("{list}?limit={}&cursor={}", encoded(limit), encoded(cursor)),
    };
    let response = stage.client.request("GET", &path).send().await.map_err(|error| format!("no response: {error}"))?;
    let status = response.status().as_u16();
    let body = response.text().await.map_err(|error| error.to_string())?;
    let value: Value = serde_json::from_str(&body).map_err(|error| format!("{status}: {error}"))?;
    let refused = match status {
        200 => None,
        400 => Some("invalid-request"),
        410 if list == CHANGES && !stage.changes.iter().any(|known| known == cursor) => Some("cursor-lost"),
        _ => return Err(format!("{status}: {body}")),
    };
    if let Some(refused) = refused {
        let form = value["type"] == format!("urn:polder:problem:{refused}") && !body.contains(MARK);
        return if form { Ok(format!("{list} {status} {}", value["detail"])) } else { Err(format!("the refusal says {body}")) };
    }
    let limit: usize =
        if list == VERDICTS { 1 } else { limit.parse().map_err(|error| format!("taken, although the limit is none: {error}"))? };
    let (page, next) = stage.expected(list, limit, cursor)?;
    let found: Vec<String> = value["items"].as_array().into_iter().flatten().map(|item| word(list, item)).collect();
    if found != page {
        return Err(format!("behind {cursor:?} there are {found:?} instead of {page:?}"));
    }
    if value["next"].as_str() != next.as_deref() {
        return Err(format!("next is {} instead of {next:?}", value["next"]));
    }
    // Whatever is said can be asked, and is written in one form: what is taken and stands still is said again as it came.
    if matches!(list, CHANGES | VERDICTS) && found.is_empty() && next.as_deref() != Some(cursor) {
        return Err(format!("{cursor:?} is said again as {next:?}"));
    }
    Ok(format!("{list} 200 with {}, more: {}", found.len().min(2), next.is_some()))
}

#[test]
fn cursors() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let directory = tempfile::tempdir().expect("a directory");
    let (node, stage) = runtime.block_on(async {
        let node = one_node(directory.path()).await;
        let client = Client::of(&node);
        (node, Stage::set(client).await)
    });
    let cursor = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let mut seeds: Vec<Vec<u8>> = KEYS.iter().map(|key| format!("/v1/vacancies\n2\n{}", cursor(key)).into_bytes()).collect();
    seeds.push(format!("/v1/trainings\n100\n{}", cursor("x")).into_bytes());
    seeds.extend(stage.changes.iter().map(|cursor| format!("{CHANGES}\n2\n{cursor}").into_bytes()));
    seeds.extend(stage.imports.iter().map(|(at, id)| format!("{IMPORTS}\n1\n{at}-{id}").into_bytes()));
    seeds.extend((0..=3).map(|number| format!("{VERDICTS}\n1\nv{number}").into_bytes()));
    let long = cursor(&"x".repeat(100));
    let (dots, up, mark, nul) = (cursor(".."), cursor("../x"), cursor(MARK), cursor("\0"));
    let words = &[
        "/v1/skill-offers",
        CHANGES,
        IMPORTS,
        VERDICTS,
        "v",
        "v+1",
        "v01",
        "v18446744073709551615",
        "v18446744073709551616",
        "0-",
        "+1-",
        "01-",
        "9223372036854775807-",
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
    target.run(|input| runtime.block_on(property(&stage, input)));
    runtime.block_on(node.stop());
}
