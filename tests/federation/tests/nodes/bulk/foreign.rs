//! Parts as applicant tracking systems make them already: JobPosting, SETU, CSV.

use polder_federation_tests::problems::refused;
use serde_json::{Value, json};

use super::{Fixture, outcomes};

on_both_engines!(
    what_the_document_shows_is_taken,
    a_bad_record_spoils_no_good_one_and_is_named,
    many_records_on_one_line_each_have_their_verdict,
    a_format_that_does_not_hold_the_offers_is_refused
);

const JSON_LD: &str = "application/ld+json";

async fn send(fixture: &Fixture, import: &str, part: &str, media: &str, body: &str) -> reqwest::Response {
    let request = fixture.client.request("PUT", &format!("/v1/imports/{import}/parts/{part}"));
    request.header("content-type", media).body(body.to_owned()).send().await.expect("a response")
}

async fn part(fixture: &Fixture, import: &str, part: &str, media: &str, body: &str) -> Vec<Value> {
    let response = send(fixture, import, part, media, body).await;
    let (status, text) = (response.status(), response.text().await.expect("text"));
    assert_eq!(status, 200, "{media}: {text}");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn posting(key: &str) -> Value {
    json!({"@type": "JobPosting", "identifier": key, "title": "Lasser", "description": "U last.", "hiringOrganization": "Werf en Zoon"})
}

async fn what_the_document_shows_is_taken(fixture: Fixture) {
    let document = fixture.get("/v1/openapi.json").await;
    let content = &document["paths"]["/imports/{import}/parts/{part}"]["put"]["requestBody"]["content"];
    let import = fixture.open("vacancies").await;
    let mut lost = Vec::new();
    let others: Vec<_> = content.as_object().expect("media types").iter().filter(|(media, _)| *media != "application/x-ndjson").collect();
    assert_eq!(others.len(), 4, "{content}");
    for (number, (media, content)) in others.into_iter().enumerate() {
        let example = content["examples"].as_object().and_then(|all| all.values().next()).expect("an example");
        let body = example["value"].as_str().map_or_else(|| example["value"].to_string(), str::to_owned);
        let tried = part(&fixture, &import, &format!("{}?dryRun=true", number + 1), media, &body).await;
        let reply = part(&fixture, &import, &(number + 1).to_string(), media, &body).await;
        let [verdict, last] = &reply[..] else { panic!("{media}: {reply:?}") };
        assert_eq!((&last["type"], &last["refused"], &verdict["entry"]), (&json!("part"), &json!(0), &json!(1)), "{media}");
        // A page and an object hold the same posting.
        assert!(verdict["outcome"] == "created" || verdict["outcome"] == "unchanged", "{media}: {verdict}");
        assert_eq!((&tried[0]["outcome"], &tried[0]["mapping"]), (&verdict["outcome"], &verdict["mapping"]), "{media}");
        let key = verdict["key"].as_str().expect("a key");
        assert!(fixture.get(&format!("/v1/vacancies/{key}")).await["title"].as_str().is_some_and(|title| title.starts_with("Lasser")));
        lost.extend(verdict["mapping"].as_array().cloned().unwrap_or_default());
        assert_eq!(part(&fixture, &import, &(number + 1).to_string(), media, &body).await, reply, "the same again");
        let kept = fixture.get(&format!("/v1/imports/{import}/verdicts?cursor=v{number}")).await;
        assert_eq!(&kept["items"][0], verdict, "{media}");
    }
    for said in [
        json!({"field": "baseSalary", "code": "kept-as-text", "message": "text kept, not parsed"}),
        json!({"field": "Intern", "code": "unknown-field", "message": "left out: the format has no field of this name"}),
    ] {
        assert!(lost.contains(&said), "{said} in {lost:?}");
    }
}

async fn a_bad_record_spoils_no_good_one_and_is_named(fixture: Fixture) {
    let import = fixture.open("vacancies").await;
    let mut bad = posting("B");
    bad["title"] = Value::Null;
    let body = format!("{{\"@graph\": [\n{},\n{}, {}]}}", posting("A"), bad, posting("C"));
    let reply = part(&fixture, &import, "1", JSON_LD, &body).await;
    assert_eq!(outcomes(&reply), [(2, "created"), (3, "refused"), (3, "created")]);
    assert_eq!((&reply[1]["entry"], &reply[1]["key"]), (&json!(2), &json!("B")));
    assert!(reply[1]["problem"]["findings"][0]["message"].as_str().is_some_and(|says| says.starts_with("title: ")), "{}", reply[1]);
    // The same bytes read as something else are another part.
    let refused = refused(send(&fixture, &import, "1", "text/csv", &body).await).await;
    assert_eq!(refused.is(), (409, "part-differs"));
    let csv = "key,/title,/description,/employer/name,/hours/min,/salary/min,/salary/period\nD,Kok,U kookt.,Keuken,24,16.50,hour\nE,Kok,\"open,Keuken,1,2\n";
    let reply = part(&fixture, &import, "2", "text/csv; charset=utf-8", csv).await;
    assert_eq!(outcomes(&reply), [(2, "created"), (3, "refused")]);
    let stored = fixture.get("/v1/vacancies/D").await;
    assert_eq!((&stored["salary"]["min"], stored.get("hours")), (&json!(1650), None));
    assert_eq!(reply[0]["mapping"], json!([{"field": "/hours/min", "code": "kept-as-text", "message": "text kept, not parsed"}]));
    let latin = reqwest::Body::from(&b"<?xml version='1.0' encoding='iso-8859-15'?><a>\xa4</a>"[..]);
    let request = fixture.client.request("PUT", &format!("/v1/imports/{import}/parts/3")).header("content-type", "application/xml");
    let text = request.body(latin).send().await.expect("a response").text().await.expect("text");
    assert!(text.contains("\"refused\"") && text.contains("save it as UTF-8"), "{text}");
}

async fn many_records_on_one_line_each_have_their_verdict(fixture: Fixture) {
    const MANY: usize = 1_100;
    let import = fixture.open("vacancies").await;
    let all: Vec<Value> = (0..MANY).map(|number| posting(&format!("V-{number}"))).collect();
    let reply = part(&fixture, &import, "1", JSON_LD, &Value::from(all).to_string()).await;
    let entries: Vec<_> = reply[..reply.len() - 1].iter().map(|verdict| verdict["entry"].as_u64()).collect();
    assert_eq!(entries, (1..=MANY as u64).map(Some).collect::<Vec<_>>());
    assert_eq!(reply[MANY]["created"], MANY);
}

async fn a_format_that_does_not_hold_the_offers_is_refused(fixture: Fixture) {
    let trainings = fixture.open("trainings").await;
    for media in [JSON_LD, "text/html", "application/xml", "text/xml"] {
        assert_eq!(refused(send(&fixture, &trainings, "1", media, "x").await).await.is(), (415, "unsupported-media-type"), "{media}");
    }
    let people = fixture.open("skill-offers").await;
    assert_eq!(refused(send(&fixture, &people, "1", "text/csv", "key;/title\n").await).await.is(), (415, "unsupported-media-type"));
    assert_eq!(refused(send(&fixture, &trainings, "1", "text/csv; charset=latin1", "x").await).await.is(), (415, "unsupported-media-type"));
    let csv = "key;/title;/description;/provider/name\nT-1;Lassen;U leert lassen.;School\n";
    assert_eq!(outcomes(&part(&fixture, &trainings, "1", "text/csv", csv).await), [(2, "created")]);
}
