//! A member that lies, with the right keys: it leaves the result under the right name, and what the honest ones said stays exact.
#![expect(clippy::expect_used, reason = "tests")]

mod hostile;

use hostile::{Federation, HOST, Lies, MOST_OFFERS};
use polder_federation_tests::http::vacancy;
use polder_federation_tests::liar::{Phase, Said, Sign};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::{logs, problems};
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

/// What a vacancy may hold to lure people, and at which member each is found.
fn poisons() -> Vec<(&'static str, &'static str, Value)> {
    let mut poisons = vec![
        ("/salary", "salary", json!({"min": 90_000_000, "period": "month"})),
        ("/salary", "salary", json!({"max": 5_000_000, "period": "week"})),
        ("/salary", "salary", json!({"min": 100_001, "period": "hour"})),
        ("/salary/min", "salary", json!({"min": -1, "period": "hour"})),
        ("/startDate", "startDate", json!("2100-01-01")),
        ("/closingDate", "closingDate", json!("9998-12-31")),
    ];
    for link in [
        "http://werkplaats.example/",
        "https://werkplaats.example@evil.example/",
        "https://evil.example\\.werkplaats.example/",
        "https://192.0.2.7/",
        "https://0xc0000207/",
        "https://[2001:db8::7]/",
        "https://xn--werkplats-01a.example/",
        "javascript:alert(1)",
    ] {
        poisons.push(("/application/url", "application", json!({"url": link})));
    }
    poisons
}

/// At the door of an honest node: none of it gets in, and of copies no more than may be, each told in its verdict.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poisoned_offers_stay_out() {
    let federation = Federation::start().await;
    let client = federation.client();
    let with = |member: &str, value: &Value| {
        let mut offer = vacancy("Monteur");
        offer[member] = value.clone();
        offer.to_string()
    };
    let phish = json!({"url": "https://werkplaats.example.evil.example/inloggen"});
    let elsewhere = ("/application/url", "application", phish);
    for (pointer, member, value) in poisons().into_iter().chain([elsewhere]) {
        let refused = problems::refused(client.put("/v1/vacancies/P-1", with(member, &value)).await).await;
        assert_eq!(refused.is(), (400, "invalid-document"), "{value}");
        let problem: Value = serde_json::from_str(&refused.text).expect("JSON");
        assert_eq!(problem["findings"][0]["pointer"], pointer, "{value}: {problem}");
        assert!(!refused.text.contains("evil"), "nothing of it is echoed: {}", refused.text);
    }
    let own = json!({"url": "https://solliciteren.werkplaats.example/nu"});
    assert_eq!(client.put("/v1/vacancies/P-1", with("application", &own)).await.status(), 201);

    // Two offers were there, and this one. Copies fill the rest, and not more.
    let import: Value = client
        .request("POST", "/v1/imports")
        .json(&json!({"collection": "vacancies"}))
        .send()
        .await
        .expect("a response")
        .json()
        .await
        .expect("JSON");
    let copies: String =
        (0..60).map(|number| format!("{}\n", json!({"key": format!("C-{number}"), "document": vacancy("Monteur")}))).collect();
    let path = format!("/v1/imports/{}/parts/1", import["id"].as_str().expect("an id"));
    let reply = client.request("PUT", &path).header("content-type", "application/x-ndjson").body(copies).send().await.expect("a response");
    let verdicts: Vec<Value> = reply.text().await.expect("text").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let room = usize::try_from(MOST_OFFERS).expect("a number") - 3;
    let (taken, over) = verdicts[..60].split_at(room);
    assert!(taken.iter().all(|verdict| verdict["outcome"] == "created"), "{taken:?}");
    assert!(over.iter().all(|verdict| verdict["problem"]["type"] == "urn:polder:problem:too-many-offers"), "{over:?}");
    assert_eq!((&verdicts[60]["created"], &verdicts[60]["refused"]), (&json!(room), &json!(60 - room)));

    // One at a time as well; what is there can change, and go, and then there is room.
    let refused = problems::refused(client.put("/v1/trainings/T-1", training()).await).await;
    assert_eq!(refused.is(), (409, "too-many-offers"));
    assert!(refused.text.contains("limits.offers"), "{}", refused.text);
    assert_eq!(client.put("/v1/vacancies/C-0", vacancy("Monteur twee").to_string()).await.status(), 200);
    assert_eq!(client.request("DELETE", "/v1/vacancies/C-1").send().await.expect("a response").status(), 204);
    assert_eq!(client.put("/v1/trainings/T-1", training()).await.status(), 201);

    // Where they fill a list they do so under their partner's name, and cost nobody else an answer.
    let result = federation.ask(2_000).await;
    assert!(result.complete && result.answered.len() == 3, "{:?}", result.missing);
    assert!(
        result.hits.iter().all(|hit| hit["partnerName"].as_str().is_some_and(|name| name.starts_with("Partner "))),
        "{:?}",
        result.hits
    );
}

fn training() -> String {
    json!({"title": "Lassen", "description": "Je leert lassen.", "provider": {"name": "Vakschool"}}).to_string()
}

/// From a partner that does not keep to it: what breaks the rules is untrustworthy; a link to another host is marked, and the log names who sent it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_poisoned_offers_is_named() {
    let federation = Federation::start().await;
    let honest = federation.honest().await;
    for (_, member, value) in poisons() {
        federation.tells(Box::new(in_documents(move |documents| documents["documents"][0]["document"][member] = value.clone())));
        let line = federation.left(&honest, &federation.ask(2_000).await, "untrustworthy", "the document is not valid");
        assert!(line.level == tracing::Level::WARN && line.text.contains(PARTNERS[2]), "{line:?}");
    }
    for (host, of_partner) in
        [(HOST, true), ("nu.werkplaats.example", true), ("werkplaats.example.evil.example", false), ("evil.example", false)]
    {
        let link = json!({"url": format!("https://{}/nu", host.to_uppercase())});
        federation.tells(Box::new(in_documents(move |documents| {
            // What terms hide may not be shown: that is another lie.
            for document in list(documents, "documents").iter_mut().filter(|document| document["document"].get("terms").is_none()) {
                document["document"]["application"] = link.clone();
            }
        })));
        let result = federation.ask(2_000).await;
        assert!(result.complete, "a link to another host is no lie: {:?}", result.missing);
        assert_eq!(result.hits.iter().filter(|hit| hit["link"].is_object()).count(), 3);
        for hit in &result.hits {
            let has_link = hit["document"].get("application").is_some();
            let expected = if has_link { json!({"host": host, "ofPartner": of_partner}) } else { Value::Null };
            assert_eq!((hit["partner"] == PARTNERS[2] || !has_link, &hit["link"]), (true, &expected), "{hit}");
        }
        let lines = logs::lines_with(&[&result.id, "the register does not name", PARTNERS[2]]);
        assert_eq!(lines.len(), usize::from(!of_partner), "{lines:?}");
    }
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
            (403, "no-disclosure", "no-disclosure"),
            (403, "budget-spent", "budget-spent"),
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
