//! A member that lies, with the right keys: it leaves the result under the right name, and what the honest ones said stays exact.
#![expect(clippy::expect_used, reason = "tests")]

mod hostile;

use hostile::{Federation, Lies};
use polder_federation_tests::http::vacancy;
use polder_federation_tests::liar::{Phase, Said, Sign};
use serde_json::{Value, json};

/// Lies that hold until someone computes again: each is found by its own check, and the log keeps the signature that proves it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lies_about_offers_is_untrustworthy() {
    let federation = Federation::start().await;
    let mut lies = Lies::default();
    let honest = federation.honest().await;
    assert_eq!(honest.hits.len(), 8, "{:?}", honest.hits);

    lies.add("the score is", in_answer(|answer| raise(&mut answer["hits"][0]["score"])));
    lies.add("the score is", in_documents(|documents| raise(&mut documents["documents"][0]["score"])));
    lies.add("the reasons do not follow", in_documents(|documents| raise(&mut documents["documents"][0]["reasons"][0]["points"])));
    lies.add("the reasons do not follow", in_documents(|documents| documents["documents"][0]["reasons"] = json!([])));
    lies.add("not in order", in_answer(|answer| hits(answer).reverse()));
    lies.add(
        "one stands twice",
        in_answer(|answer| {
            let first = answer["hits"][0].clone();
            hits(answer).insert(0, first);
        }),
    );
    lies.add(
        "one stands twice",
        in_answer(|answer| {
            let mut last = hits(answer).last().expect("a hit").clone();
            last["score"] = json!(last["score"].as_u64().expect("a number") - 1);
            hits(answer).push(last);
        }),
    );
    lies.add("holds hits back", in_answer(|answer| answer["more"] = json!(true)));
    lies.add(
        "more hits than were asked",
        in_answer(|answer| {
            let many = (0..41).map(|number| json!({"key": format!("X-{number}"), "version": 1, "score": 1_000 - number}));
            *hits(answer) = many.collect();
        }),
    );
    lies.add("another query", in_answer(|answer| answer["queryId"] = json!("6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77")));
    lies.add("another partner", in_answer(|answer| answer["partner"] = json!("kvk:99999999")));
    lies.add(
        "not those that were asked",
        in_documents(|documents| {
            let mut more = documents["documents"][0].clone();
            more["key"] = json!("L-never-named");
            list(documents, "documents").push(more);
        }),
    );
    lies.add("not those that were asked", in_documents(|documents| drop(list(documents, "documents").pop())));
    lies.add(
        "not those that were asked",
        in_documents(|documents| {
            let first = documents["documents"][0].clone();
            list(documents, "documents").push(first);
        }),
    );
    lies.add(
        "not those that were asked",
        in_documents(|documents| {
            let key = documents["documents"][0]["key"].clone();
            list(documents, "gone").push(key);
        }),
    );
    lies.add("not those that were asked", in_documents(|documents| list(documents, "gone").push(json!("L-not-wanted"))));
    lies.add("not those that were asked", in_documents(|documents| documents["queryId"] = json!("6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77")));
    lies.add("not those that were asked", in_documents(|documents| documents["documents"][0]["version"] = json!(9)));
    lies.add("members that its terms hide", in_documents(|documents| document(documents, "L-hides", &hostile::hides())));
    lies.add("the document is not valid", in_documents(|documents| documents["documents"][0]["document"] = json!({"title": "Monteur"})));
    lies.add("no hit for the query", in_documents(|documents| documents["documents"][0]["document"] = vacancy("Bakker")));
    lies.add("no hit for the query", |phase, mut reply| {
        match phase {
            Phase::Answer => {
                let best = reply["hits"][0]["score"].as_u64().expect("a score") + 1;
                hits(&mut reply).insert(0, json!({"key": "L-for-others", "version": 1, "score": best}));
            }
            Phase::Documents => {
                let mut shown = reply["documents"][0].clone();
                (shown["key"], shown["document"]) = (json!("L-for-others"), hostile::for_others());
                list(&mut reply, "gone").retain(|key| key != "L-for-others");
                list(&mut reply, "documents").push(shown);
            }
        }
        Said::honestly(&reply)
    });
    for (what, lie) in lies.told {
        federation.tells(lie);
        let result = federation.ask(2_000).await;
        let line = federation.left(&honest, &result, "untrustworthy", what);
        assert!(line.text.contains("signature-input: polder=("), "the evidence is kept: {line:?}");
        assert_eq!(line.level, tracing::Level::WARN, "{line:?}");
    }
    federation.tells(Box::new(|_, reply| Said::honestly(&reply)));
    assert_eq!(federation.ask(2_000).await.hits, honest.hits, "who tells the truth again is believed again");
}

/// Replies that nobody needs to compute again: they are not of their form, not signed, or too long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_what_does_not_hold_is_untrustworthy() {
    let federation = Federation::start().await;
    let mut lies = Lies::default();
    let honest = federation.honest().await;
    for at in [Phase::Answer, Phase::Documents] {
        for (sign, what) in [
            (Sign::Not, "the signature does not follow the profile"),
            (Sign::Stranger, "the key is not one that the register gives"),
            (Sign::Flipped, "the signature does not hold"),
            (Sign::Recorded, "the signature does not hold"),
        ] {
            lies.add(what, instead(at, move |reply| Said::Reply(200, reply.to_string().into_bytes(), sign)));
        }
        lies.add("more than 4 MiB", instead(at, |reply| Said::Reply(200, padded(&reply, 5 << 20), Sign::Right)));
        lies.add("more than 4 MiB", instead(at, |_| Said::Endless));
        for text in [
            "",
            "{",
            "[]",
            "null",
            r#"{"queryId":"geheim-4711"}"#,
            "geheim-4711",
            r#"{"partner":"geheim-4711\r\n\u001b[31m"}"#,
            &"[".repeat(100_000),
        ] {
            let body = text.as_bytes().to_vec();
            lies.add("not of its form", instead(at, move |_| Said::Reply(200, body.clone(), Sign::Right)));
        }
        lies.add(
            "not of its form",
            instead(at, |mut reply| {
                reply["geheim-4711"] = json!(1);
                Said::honestly(&reply)
            }),
        );
        lies.add("not of its form", instead(at, |reply| Said::Reply(200, twice(&reply), Sign::Right)));
    }
    lies.add(
        "not of its form",
        in_answer(|answer| {
            answer["hits"][0]["score"] = json!("geheim-4711\r\n\u{1b}[31m");
        }),
    );
    lies.add("not of its form", in_answer(|answer| answer["hits"][0]["key"] = json!("../geheim-4711")));
    lies.add("not of its form", in_answer(|answer| answer["hits"][0]["version"] = json!(-1)));
    for (what, lie) in lies.told {
        federation.tells(lie);
        let result = federation.ask(2_000).await;
        let line = federation.left(&honest, &result, "untrustworthy", what);
        assert_eq!(line.level, tracing::Level::WARN, "{line:?}");
    }
    let told = polder_federation_tests::logs::lines_with(&["geheim-4711"]);
    assert!(told.is_empty(), "the log holds no values: {told:?}");
}

/// Who does not answer is named with the reason it gave; who is slow holds nobody up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_answer_is_named() {
    let federation = Federation::start().await;
    let honest = federation.honest().await;
    for at in [Phase::Answer, Phase::Documents] {
        for (status, kind, reason) in [
            (429, "too-many-requests", "overloaded"),
            (503, "unavailable", "overloaded"),
            (400, "invalid-request", "refused"),
            (400, "clock-skew", "clock-skew"),
            (400, "ranking-unsupported", "ranking-unsupported"),
            (403, "not-a-member", "not-a-member"),
            (403, "no-consent-engine", "no-consent-engine"),
            (500, "made-up", "refused"),
            (204, "invalid-request", "refused"),
            (302, "invalid-request", "refused"),
        ] {
            let problem = json!({"type": format!("urn:polder:problem:{kind}"), "title": "t", "status": status,
                                 "detail": "regel\r\n\u{1b}[31mnog een regel"});
            let body = if status == 204 { Vec::new() } else { problem.to_string().into_bytes() };
            federation.tells(Box::new(instead(at, move |_| Said::Reply(status, body.clone(), Sign::Right))));
            let line = federation.left(&honest, &federation.ask(2_000).await, reason, &status.to_string());
            assert!(!line.text.contains(['\r', '\n', '\u{1b}']), "{line:?}");
        }
        // A refusal needs no signature: nothing of it is shown.
        federation.tells(Box::new(instead(at, |_| Said::Reply(503, b"<html>".to_vec(), Sign::Not))));
        federation.left(&honest, &federation.ask(2_000).await, "overloaded", "503");

        federation.tells(Box::new(instead(at, |_| Said::Never)));
        let began = std::time::Instant::now();
        let result = federation.ask(400).await;
        assert!(result.ms <= 450 && began.elapsed().as_millis() < 600, "the deadline was 400 ms: {} ms", result.ms);
        federation.left(&honest, &result, "slow", "");
    }
}

fn hits(answer: &mut Value) -> &mut Vec<Value> {
    list(answer, "hits")
}

fn list<'v>(reply: &'v mut Value, name: &str) -> &'v mut Vec<Value> {
    reply[name].as_array_mut().expect("a list")
}

fn raise(number: &mut Value) {
    *number = json!(number.as_u64().expect("a number") + 1);
}

/// Puts another document in the place of that offer's.
fn document(documents: &mut Value, key: &str, other: &Value) {
    let of = list(documents, "documents").iter_mut().find(|document| document["key"] == key).expect("it is among them");
    of["document"] = other.clone();
}

fn padded(reply: &Value, length: usize) -> Vec<u8> {
    let mut bytes = reply.to_string().into_bytes();
    bytes.resize(length, b' ');
    bytes
}

/// The same reply with its first member given twice.
fn twice(reply: &Value) -> Vec<u8> {
    let text = reply.to_string();
    format!("{{\"queryId\":{},{}", reply["queryId"], &text[1..]).into_bytes()
}

/// Something else instead of the reply of one phase; the truth in the other.
fn instead(at: Phase, lie: impl Fn(Value) -> Said + Send + Sync + 'static) -> impl Fn(Phase, Value) -> Said + Send + Sync + 'static {
    move |phase, reply| if phase == at { lie(reply) } else { Said::honestly(&reply) }
}

fn in_answer(change: impl Fn(&mut Value) + Send + Sync + 'static) -> impl Fn(Phase, Value) -> Said + Send + Sync + 'static {
    instead(Phase::Answer, move |mut reply| {
        change(&mut reply);
        Said::honestly(&reply)
    })
}

fn in_documents(change: impl Fn(&mut Value) + Send + Sync + 'static) -> impl Fn(Phase, Value) -> Said + Send + Sync + 'static {
    instead(Phase::Documents, move |mut reply| {
        change(&mut reply);
        Said::honestly(&reply)
    })
}
