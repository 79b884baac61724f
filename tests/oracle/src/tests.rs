//! Values computed by hand from docs/ranking.md.

use serde_json::{Value, json};

use super::{Line, compare_result, expected, parse_export, score, tie_hash};

const ME: &str = "kvk:12345678";
const OTHER: &str = "kvk:87654321";

fn query(kind: &str, criteria: Value) -> Value {
    json!({
        "id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "asker": ME, "kind": kind, "purpose": "find-work", "ranking": "polder-1",
        "asOf": "2026-11-23T12:00:00Z", "limit": 2, "deadlineMs": 2000, "hops": 1,
        "tieKey": "000102030405060708090a0b0c0d0e0f", "criteria": criteria
    })
}

fn line(kind: &str, document: Value) -> Line {
    let modified_at = "2026-11-20T08:00:00.5Z".parse().unwrap();
    Line { kind: kind.to_owned(), key: "V-1".to_owned(), version: 1, modified_at, document }
}

fn vacancy(more: Value) -> Line {
    let mut document = json!({"title": "Monteur", "description": "Monteurs gevraagd", "employer": {"name": "X", "sector": "C"}});
    for (name, value) in more.as_object().unwrap() {
        document[name] = value.clone();
    }
    line("vacancy", document)
}

fn hit(criteria: Value, line: &Line) -> bool {
    score(&query(&line.kind, criteria), OTHER, line).unwrap().is_some()
}

#[test]
fn every_part_by_hand() {
    let criteria = json!({
        "skills": [
            {"uri": "http://s/1", "weight": 600},
            {"uri": "http://s/2", "weight": 400, "related": [{"uri": "http://s/3", "relation": "narrower", "factor": 80}]}
        ],
        "occupations": [{"uri": "http://o/1", "factor": 100}, {"uri": "http://o/2", "factor": 80}],
        "text": [{"term": "monteur", "weight": 61}],
        "travel": {"mode": "car", "measure": "minutes", "limit": 30, "reach": [["8302", 9000, 12]]},
        "hours": {"min": 16, "max": 32}
    });
    let line = vacancy(json!({
        "skills": [{"uri": "http://s/3", "importance": "optional"}, {"uri": "http://s/1"}, {"uri": "http://s/3", "importance": "important"}],
        "occupations": [{"scheme": "esco", "uri": "http://o/2"}],
        "location": {"postcode": "8302 AB"}, "hours": {"min": 24, "max": 40}
    }));
    let scored = score(&query("vacancy", criteria), OTHER, &line).unwrap().unwrap();
    let reasons = json!([
        {"kind": "skill", "points": 240_000, "code": "http://s/1", "matched": "http://s/1", "relation": "exact", "importance": "essential"},
        {"kind": "skill", "points": 102_400, "code": "http://s/2", "matched": "http://s/3", "relation": "narrower", "importance": "important"},
        {"kind": "occupation", "points": 120_000, "matched": "http://o/2"},
        {"kind": "text", "points": 138_235, "term": "monteur"},
        {"kind": "travel", "points": 120_000, "postcode": "8302", "metres": 9000, "minutes": 12},
        {"kind": "hours", "points": 26_470, "overlap": 9},
        {"kind": "freshness", "points": 48_333, "days": 3}
    ]);
    assert_eq!(Value::from(scored.reasons), reasons);
    assert_eq!(scored.score, 795_438);
}

#[test]
fn terms_decide_who_sees_what() {
    assert!(hit(json!({}), &vacancy(json!({}))));
    assert!(!hit(json!({}), &vacancy(json!({"terms": {"recipients": [OTHER]}}))));
    assert!(hit(json!({}), &vacancy(json!({"terms": {"recipients": [ME], "until": "2026-11-23"}}))));
    assert!(!hit(json!({}), &vacancy(json!({"terms": {"until": "2026-11-22"}}))));
    assert!(!hit(json!({}), &vacancy(json!({"terms": {"purposes": ["application"]}}))));
    let own = vacancy(json!({"hours": {"min": 1, "max": 2}, "season": {}, "terms": {"recipients": [], "fields": ["season"]}}));
    assert!(!hit(json!({}), &own));
    let scored = score(&query("vacancy", json!({"hours": {"min": 8, "max": 9}})), ME, &own).unwrap().unwrap();
    assert!(scored.visible.get("hours").is_none() && scored.visible.get("season").is_some() && scored.visible.get("terms").is_some());
}

#[test]
fn filters_let_silence_pass() {
    let silent = vacancy(json!({}));
    for criteria in [json!({"hours": {"min": 1, "max": 2}}), json!({"level": {"min": 40}}), json!({"contracts": ["seasonal"]})] {
        assert!(hit(criteria, &silent));
    }
    for criteria in [json!({"sharing": true}), json!({"sectors": ["F"]}), json!({"text": [{"term": "lass", "weight": 1}]})] {
        assert!(!hit(criteria, &silent));
    }
    let reach = json!({"travel": {"mode": "car", "measure": "metres", "limit": 5, "reach": [["8302", 5, 9]]}});
    assert!(!hit(reach.clone(), &silent));
    assert!(hit(reach.clone(), &vacancy(json!({"location": {"remoteShare": 100}}))));
    assert!(hit(reach, &vacancy(json!({"location": {"postcode": "8302"}}))));
    let dutch = vacancy(json!({"languages": [{"language": "nl", "level": "B2"}]}));
    assert!(hit(json!({"languages": [{"language": "nl", "level": "C1"}]}), &dutch));
    assert!(!hit(json!({"languages": [{"language": "nl", "level": "B1"}]}), &dutch));
    assert!(hit(json!({"modifiedSince": "2026-11-20T08:00:00.5Z"}), &silent));
    assert!(!hit(json!({"modifiedSince": "2026-11-20T08:00:00.500001Z"}), &silent));
}

#[test]
fn one_edition_must_be_in_reach_and_in_time() {
    let edition = |postcode: &str, start: &str| json!({"location": {"postcode": postcode}, "startDate": start});
    let training = |editions: Value| line("training", json!({"title": "t", "description": "d", "provider": {}, "editions": editions}));
    let reach = json!({"mode": "car", "measure": "metres", "limit": 10, "reach": [["8302", 5, 9], ["8303", 2, 9]]});
    let criteria = json!({"travel": reach, "start": {"until": "2026-12-31"}});
    assert!(!hit(json!({}), &training(json!([edition("8302", "2026-11-22")]))));
    assert!(hit(json!({}), &training(json!([]))));
    assert!(!hit(criteria.clone(), &training(json!([edition("8302", "2027-01-01"), edition("1000", "2026-12-01")]))));
    let both = training(json!([edition("8303", "2027-01-01"), edition("8302", "2026-12-01")]));
    let scored = score(&query("training", criteria), OTHER, &both).unwrap().unwrap();
    assert_eq!(scored.reasons[0], json!({"kind": "travel", "points": 100_000, "postcode": "8302", "metres": 5, "minutes": 9}));
}

#[test]
fn the_tie_hash_is_siphash_2_4() {
    // The example of the SipHash paper: key 00..0f over the bytes 00..0e.
    let key: String = (1..15_u8).map(char::from).collect();
    assert_eq!(tie_hash((0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908), "", &key), 0xa129_ca61_49be_45e5);
}

#[test]
fn a_result_is_compared_hit_by_hit() {
    let text = |key: &str, day: u8| {
        format!(
            "{{\"kind\":\"vacancy\",\"key\":\"{key}\",\"version\":2,\"modifiedAt\":\"2026-11-{day:02}T08:00:00.000001Z\",\
             \"document\":{{\"title\":\"Lasser\",\"description\":\"d\",\"employer\":{{\"name\":\"X\"}}}}}}\n"
        )
    };
    let mine = parse_export(&(text("A", 3) + &text("B", 20) + &text("C", 9))).unwrap();
    let exports = vec![(ME.to_owned(), mine), (OTHER.to_owned(), parse_export(&text("D", 22)).unwrap())];
    let query = query("vacancy", json!({}));
    let keys: Vec<String> = expected(&query, &exports).unwrap().into_iter().map(|hit| hit.key).collect();
    assert_eq!(keys, ["D", "B", "C", "A"]);
    let hits: Vec<Value> = expected(&query, &exports[..1])
        .unwrap()
        .into_iter()
        .take(2)
        .map(|hit| {
            let (scored, modified) = (hit.scored, hit.modified_at.to_string());
            json!({"partner": hit.partner, "partnerName": "X", "key": hit.key, "version": 2, "modifiedAt": modified,
                   "score": scored.score, "reasons": scored.reasons, "document": scored.visible})
        })
        .collect();
    let mut result = json!({"query": query, "hits": hits, "answered": [{"partner": ME}], "more": true});
    assert_eq!(compare_result(&result, &exports).unwrap(), []);
    result["hits"][1]["score"] = json!(7);
    result["more"] = json!(false);
    let said: Vec<String> = compare_result(&result, &exports).unwrap().iter().map(ToString::to_string).collect();
    let score = "place 2 (kvk:12345678 C), score: expected 42222, shown 7";
    assert_eq!(said, [score, "place 2 (kvk:12345678 C), sum of the reasons: expected 7, shown 42222", "more: expected true, shown false"]);
    result["answered"] = json!([{"partner": ME}, {"partner": "kvk:00000000"}]);
    assert!(compare_result(&result, &exports).is_err());
    assert!(parse_export("{}").is_err() && parse_export(&text("A", 3).replace("01Z", "01+01:00")).is_err());
}
