//! What is said of a line of an import that is no offer: which line, which member, what is allowed.

use serde_json::{Value, json};

use crate::bulk::Fixture;

/// Line, pointer, code and message of each finding of each verdict.
fn findings(reply: &[Value]) -> Vec<(u64, &str, &str, &str)> {
    let mut all = Vec::new();
    for verdict in reply.iter().filter(|line| line["outcome"] == "refused") {
        for finding in verdict["problem"]["findings"].as_array().expect("findings") {
            let text = |member: &str| finding[member].as_str().expect("a text");
            all.push((verdict["line"].as_u64().expect("a number"), text("pointer"), text("code"), text("message")));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_verdict_says_where_and_what_is_allowed() {
    let fixture = Fixture::new(false).await;
    let import = fixture.open("skill-offers").await;
    let skills = r#""skills":[{"uri":"http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}]"#;
    let body = [
        "rommel",
        r#"{"key":"P-1","document":{"title":"Las"#,
        r#"[{"key":"P-1","document":{}}]"#,
        r#"{"kye":"P-1","document":{}}"#,
        "",
        r#"{"key":"P-2","document":"tekst"}"#,
        &format!(r#"{{"key":"P-3","document":{{"titel":"Lasser","title":"Lasser",{skills}}}}}"#),
        &format!(r#"{{"key":"P-4","document":{{"title":"Lasser",{skills},"hours":{{"min":8,"maxx":9}}}}}}"#),
        r#"{"key":"P-5","kind":"skill","document":{}}"#,
        "{\"key\":\"P-6\"}",
        "\u{feff}{}",
    ]
    .join("\n");
    let reply = fixture.part(&import, 1, &body).await;
    assert_eq!(
        findings(&reply),
        [
            (1, "", "not-json", "this is not JSON (at column 1)"),
            (2, "", "not-json", "this is not JSON: it ends in the middle (at column 37)"),
            (3, "", "wrong-type", "this is a list, and a record is an object"),
            (
                4,
                "",
                "unknown-member",
                "1 member(s) that are not known here (kye); it has kind, key, version, modifiedAt, document; leave out what is not meant (the first at column 6)"
            ),
            (6, "", "wrong-type", "this must be of another type: object"),
            (
                7,
                "",
                "unknown-member",
                "1 member(s) that are not known here (titel), the nearest it has: title; leave out what is not meant (the first at column 8)"
            ),
            (8, "/hours/max", "missing", "this member must be given"),
            (
                8,
                "/hours",
                "unknown-member",
                "1 member(s) that are not known here (maxx), the nearest it has: max; leave out what is not meant (the first at column 132)"
            ),
            (9, "/kind", "out-of-bounds", "allowed are vacancy, training, skill-offer; the nearest is skill-offer"),
            (10, "/document", "missing", "this member must be given"),
            (11, "", "not-json", "the text begins with a byte order mark (the bytes EF BB BF); send UTF-8 without one"),
        ]
    );
    let last = reply.last().expect("a last line");
    assert_eq!((&last["lines"], &last["refused"]), (&json!(10), &json!(10)), "empty lines are passed over");
}
