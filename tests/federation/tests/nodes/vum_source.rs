//! A node as a source of VUM 3.0: who may ask, how, how much, and what is shown.

use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::http::{partners, start_all, token};
use polder_federation_tests::offers::{self, PARTNERS};
use polder_model::Kind;
use polder_random::Random;
use polder_web::{RunningNode, VumSource};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::clients_by_certificate::Certificate;

const OIN: &str = "oin:00000001001000000001";
const HEADS: [(&str, &str); 6] = [
    ("API-Version", "3.0.0"),
    ("X-VUM-berichtVersie", "3.0.0"),
    ("X-VUM-fromParty", "00000001001000000002"),
    ("X-VUM-toParty", "00000001001000000001"),
    ("X-VUM-viaParty", "00000001001000000099"),
    ("X-VUM-SUWIparty", "true"),
];
/// Every operation of both contracts: vacancies and workers.
const OPERATIONS: [(&str, &str); 4] = [
    ("POST", "/vacatures/matches"),
    ("GET", "/vacatures/V-1"),
    ("POST", "/werkzoekendeProfielen/matches"),
    ("GET", "/werkzoekendeProfielen/W-1"),
];

/// A node, the address of its port for certificates, and the exchange that it knows.
struct Stage {
    _directory: tempfile::TempDir,
    node: RunningNode,
    base: String,
    vum: reqwest::Client,
    certificate: Certificate,
}

impl Stage {
    async fn open(source: Option<VumSource>) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut both = partners(directory.path(), &[OIN]);
        both[0].vum_source = source;
        both[0].limits.client_failed_tries_per_minute = 10_000;
        let base = format!("{}/vum/v3", both[0].take_certificates());
        let node = start_all(&mut both).await.pop().expect("a node");
        let certificate = Certificate::fresh();
        let stage = Self { _directory: directory, base, vum: certificate.client(), certificate, node };
        stage.registered("vum", &["vum:ask"], &stage.certificate.sha256(), OIN).await;
        stage
    }

    async fn usual() -> Self {
        Self::open(Some(VumSource { questions_per_minute: 100_000, details_per_minute: 100_000 })).await
    }

    /// Registers a system with that certificate.
    async fn registered(&self, id: &str, scopes: &[&str], certificate: &str, organisation: &str) {
        let mut document = Ats::new(&self.node, id).document(scopes, &[organisation]);
        document.as_object_mut().expect("an object").remove("keys");
        document["certificates"] = json!([certificate]);
        register(&self.node, id, &document).await;
    }

    fn bare(&self, client: &reqwest::Client, method: &str, path: &str) -> RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = client.request(method.clone(), format!("{}{path}", self.base));
        if method == "POST" { request.json(&question(json!({}))) } else { request }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        HEADS.iter().fold(self.bare(&self.vum, method, path), |request, (name, value)| request.header(*name, *value))
    }

    async fn matches(&self, question: &Value) -> Value {
        let (status, body) = said(self.request("POST", "/vacatures/matches").json(question)).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn detail(&self, id: &str) -> (u16, Value) {
        said(self.request("GET", &format!("/vacatures/{id}"))).await
    }

    async fn put(&self, key: &str, change: Value) {
        let mut document = json!({"title": "Lasser", "description": "Lassen in een hal.", "employer": {"name": "Werf BV"}, "location": {"postcode": "8232 AB"},
            "application": {"email": "werk@werf.example"}});
        document.as_object_mut().expect("an object").extend(change.as_object().expect("members").clone());
        document.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        // The port for clients has TLS here.
        let http = self.vum.put(format!("https://{}/v1/vacancies/{key}", self.node.client)).json(&document);
        let status = http.bearer_auth(token().reveal()).send().await.expect("a response").status();
        assert!(status.is_success(), "{status}");
    }
}

fn question(object: Value) -> Value {
    let mut asked = json!({"selectiegebied": {"postcode": "8232AB", "afstand": 20}});
    asked.as_object_mut().expect("an object").extend(object.as_object().expect("members").clone());
    json!({"vraagObject": asked})
}

async fn said(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("a response");
    let (status, form) = (response.status().as_u16(), response.headers()["content-type"].to_str().expect("text").to_owned());
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(form, "application/json");
    if status != 200 {
        let (code, message) = (body["code"].as_str().expect("a code"), body["message"].as_str().expect("a message"));
        assert!(code.len() <= 10 && (1..=500).contains(&message.chars().count()), "{body}");
    }
    (status, body)
}

fn ids(answer: &Value) -> Vec<&str> {
    let mut ids: Vec<&str> =
        answer["matches"].as_array().expect("matches").iter().map(|one| one["idVacature"].as_str().expect("an id")).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_certificate_of_a_system_for_vum_gets_in() {
    let stage = Stage::usual().await;
    stage.put("V-1", json!({})).await;
    let (other, of_another, twice) = (Certificate::fresh(), Certificate::fresh(), Certificate::fresh());
    stage.registered("ats", &["vacancy:read", "query"], &other.sha256(), OIN).await;
    // One that acts for another organisation alone, and one certificate of two systems.
    stage.registered("another", &["vum:ask"], &of_another.sha256(), "kvk:00000001").await;
    stage.registered("one", &["vum:ask"], &twice.sha256(), OIN).await;
    stage.registered("two", &["vum:ask"], &twice.sha256(), OIN).await;
    for (method, path) in OPERATIONS {
        for (client, expected) in [
            (&Certificate::fresh().client(), 401),
            (&other.client(), 401),
            (&of_another.client(), 401),
            (&twice.client(), 401),
            (&stage.vum, if path.contains("werkzoekende") { 503 } else { 200 }),
        ] {
            let request = HEADS.iter().fold(stage.bare(client, method, path), |request, (name, value)| request.header(*name, *value));
            let (status, body) = said(request).await;
            assert_eq!(status, expected, "{method} {path}: {body}");
            assert!(status == 200 || !body.to_string().contains("Lasser"), "{body}");
        }
        // Not over the port that takes no certificates, and not by any token.
        let plain = format!("https://{}/vum/v3{path}", stage.node.client);
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let plain = stage.vum.request(method, plain).bearer_auth(token().reveal());
        assert_eq!(plain.send().await.expect("a response").status().as_u16(), 404);
    }
    // These are all that there are.
    let document: Value =
        stage.vum.get(format!("{}/openapi.json", stage.base)).send().await.expect("a response").json().await.expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    assert_eq!((paths.len(), document["servers"][0]["url"].as_str()), (OPERATIONS.len(), Some(stage.base.as_str())));
    for (method, path) in OPERATIONS {
        let form = ["V-1", "W-1"].iter().find_map(|id| path.strip_suffix(id)).map_or(path.to_owned(), |start| {
            format!("{start}{{{}}}", if start.contains("vacatures") { "idVacature" } else { "idWerkzoekende" })
        });
        assert!(paths[&form][method.to_lowercase()].is_object(), "{form}");
    }
    // What ends acts on the next call.
    let (store, now) = (stage.node.node.store(), stage.node.node.now());
    store.end_client("vum", polder_store::clients::Person { id: "one".to_owned(), name: "One".to_owned() }, now).await.expect("written");
    assert_eq!(said(stage.request("GET", "/vacatures/V-1")).await.0, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_not_there_unless_it_is_switched_on() {
    let stage = Stage::open(None).await;
    for (method, path) in OPERATIONS {
        assert_eq!(stage.request(method, path).send().await.expect("a response").status().as_u16(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_header_is_demanded_and_said_again() {
    let stage = Stage::usual().await;
    for (method, path) in OPERATIONS {
        let response = stage.request(method, path).send().await.expect("a response");
        for (name, value) in &HEADS[..5] {
            assert_eq!(response.headers()[*name], *value, "{path}: {name}");
        }
        for (left_out, _) in HEADS {
            let heads = HEADS.iter().filter(|(name, _)| *name != left_out);
            let (status, body) =
                said(heads.fold(stage.bare(&stage.vum, method, path), |request, (name, value)| request.header(*name, *value))).await;
            assert!(
                status == 400 && body["message"].as_str().is_some_and(|said| said.contains(&left_out.to_lowercase())),
                "{left_out}: {body}"
            );
        }
    }
    for (name, wrong) in [
        ("API-Version", "2.0.0"),
        ("X-VUM-berichtVersie", "3"),
        ("X-VUM-SUWIparty", "ja"),
        ("X-VUM-fromParty", "a b"),
        ("X-VUM-viaParty", ""),
    ] {
        let heads = HEADS.iter().map(|(known, value)| (*known, if *known == name { wrong } else { *value }));
        let request = heads.fold(stage.bare(&stage.vum, "GET", "/vacatures/V-1"), |request, (name, value)| request.header(name, value));
        let (status, body) = said(request).await;
        assert!(
            status == 400 && body["message"].as_str().is_some_and(|said| said.contains(&name.to_lowercase())),
            "{name}: {wrong}: {body}"
        );
    }
    let twice = stage.request("GET", "/vacatures/V-1").header("X-VUM-fromParty", "other");
    let (status, body) = said(twice).await;
    assert!(status == 400 && body["message"].as_str().is_some_and(|said| said.contains("x-vum-fromparty")), "{body}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_question_is_refused_in_the_form_of_the_contract() {
    let stage = Stage::usual().await;
    for (body, says) in [
        ("{".to_owned(), "not JSON"),
        ("[]".to_owned(), "vraagObject"),
        ("{\"vraagObject\": 1}".to_owned(), "vraagObject"),
        ("{\"vraagObject\": {}}".to_owned(), "selectiegebied"),
        (json!({"vraagObject": {"selectiegebied": {"postcode": "8232", "afstand": 1}}}).to_string(), "selectiegebied"),
        // Nobody is told that nothing is there where nobody knows where that is.
        (json!({"vraagObject": {"selectiegebied": {"postcode": "9998ZZ", "afstand": 1}}}).to_string(), "does not know the place"),
        (" ".repeat(70_000), "65536 bytes"),
        (format!("{{\"vraagObject\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000)), "not JSON"),
    ] {
        let request = stage.request("POST", "/vacatures/matches").header("content-type", "application/json").body(body.clone());
        let (status, said) = said(request).await;
        assert!(status == 400 && said["message"].as_str().is_some_and(|message| message.contains(says)), "{says}: {status} {said}");
    }
    let form = stage.bare(&stage.vum, "GET", "/vacatures/matches");
    let (status, wrong) = said(HEADS.iter().fold(form, |request, (name, value)| request.header(*name, *value))).await;
    assert_eq!((status, &wrong["code"]), (405, &json!("METHOD")));
    // What the contract does not have is said in its form too, to whoever may ask at all.
    for path in ["", "/", "/vacatures", "/vacatures/matches/x", "/vacatures/V-1/x", "/nergens", "/openapi.json/x"] {
        for method in ["GET", "POST"] {
            let (status, wrong) = said(stage.request(method, path)).await;
            assert_eq!((status, &wrong["code"]), (404, &json!("PATH")), "{method} {path}: {wrong}");
        }
        let stranger = HEADS
            .iter()
            .fold(stage.bare(&Certificate::fresh().client(), "GET", path), |request, (name, value)| request.header(*name, *value));
        assert_eq!(said(stranger).await.0, 401, "{path}");
    }
    // The page names each code that there is.
    let page = include_str!("../../../../docs/vum.md");
    for code in ["REQUEST", "GONE", "UNKNOWN", "METHOD", "PATH", "TOO-MANY", "NO-WORKERS", "BUSY", "INTERNAL"] {
        assert!(page.contains(&format!("`{code}`")), "{code}");
    }
    let text = stage.vum.post(format!("{}/vacatures/matches", stage.base)).header("content-type", "text/plain").body("{}");
    assert_eq!(said(HEADS.iter().fold(text, |request, (name, value)| request.header(*name, *value))).await.0, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_everyone_may_see_is_found_shown_whole_and_gone_at_once() {
    let stage = Stage::usual().await;
    stage.put("V-1", json!({"minimumEducation": 60})).await;
    stage.put("V-2", json!({"terms": {"recipients": [PARTNERS[1]]}})).await;
    stage.put("V-3", json!({"closingDate": "2026-01-01"})).await;
    stage.put("V-4", json!({"location": {"postcode": "6211 AB"}})).await;
    stage.put("V-5", json!({"location": null})).await;
    stage.put("V-6", json!({"description": "x".repeat(9_000), "minimumEducation": 30})).await;
    let found = stage.matches(&question(json!({}))).await;
    assert_eq!((ids(&found), &found["maximumAantalResultatenBereikt"]), (vec!["V-1", "V-6"], &json!(false)));
    assert!(!found.to_string().contains("werk@werf"), "how to reach somebody is in the detail alone: {found}");
    let hbo = stage.matches(&question(json!({"codeWerkEnDenkniveauMinimaal": {"$gte": "5", "$lt": "7"}}))).await;
    assert_eq!(ids(&hbo), ["V-1"]);
    let unknown = json!({"gedrag": {"$eq": 1}, "$nor": [{}], "codeWerkEnDenkniveauMinimaal": {"$gte": "5", "$lt": "7", "$regex": "x"}});
    assert_eq!(ids(&stage.matches(&question(unknown)).await), ["V-1"], "what nobody knows is left aside");
    let (status, whole) = stage.detail("V-1").await;
    assert_eq!((status, &whole["werkgever"]["contactpersoon"][0]["emailadres"]), (200, &json!(["werk@werf.example"])), "{whole}");
    for gone in ["V-2", "V-3", "V-9", "..%2f..", "_x", "%00", &"a".repeat(300)] {
        assert_eq!(stage.detail(gone).await.0, 400, "{gone}");
    }
    let delete = stage.vum.delete(format!("https://{}/v1/vacancies/V-1", stage.node.client));
    assert_eq!(delete.bearer_auth(token().reveal()).send().await.expect("a response").status().as_u16(), 204);
    assert_eq!(ids(&stage.matches(&question(json!({}))).await), ["V-6"]);
    assert_eq!(stage.detail("V-1").await.0, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_most_a_hundred_the_nearest_first() {
    let stage = Stage::usual().await;
    for number in 0..130 {
        let postcode = if number < 90 { "8232 AB" } else { "8251 AB" };
        stage.put(&format!("V-{number}"), json!({"location": {"postcode": postcode}})).await;
    }
    let found = stage.matches(&question(json!({}))).await;
    assert_eq!((ids(&found).len(), &found["maximumAantalResultatenBereikt"]), (100, &json!(true)));
    let near = found["matches"].as_array().expect("matches").iter().take(90).all(|one| one["adres"]["postcode"] == "8232AB");
    assert!(near, "{found}");
    assert_eq!(stage.matches(&question(json!({}))).await, found, "the same question has the same answer");
    let few = stage.matches(&json!({"vraagObject": {"selectiegebied": {"postcode": "8232AB", "afstand": 1}}})).await;
    assert_eq!((ids(&few).len(), &few["maximumAantalResultatenBereikt"]), (90, &json!(false)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_party_has_a_quota_of_questions_and_of_whole_vacancies() {
    let stage = Stage::open(Some(VumSource { questions_per_minute: 3, details_per_minute: 2 })).await;
    stage.put("V-1", json!({})).await;
    let ask = async |party: &str, method: &str, path: &str| {
        let heads = HEADS.iter().map(|(name, value)| (*name, if *name == "X-VUM-fromParty" { party } else { *value }));
        let request = heads.fold(stage.bare(&stage.vum, method, path), |request, (name, value)| request.header(name, value));
        let response = request.send().await.expect("a response");
        let wait = response.headers().contains_key("retry-after");
        (response.status().as_u16(), wait)
    };
    for (method, path, most) in [("POST", "/vacatures/matches", 3), ("GET", "/vacatures/V-1", 2)] {
        for _ in 0..most {
            assert_eq!(ask("one", method, path).await, (200, false), "{path}");
        }
        assert_eq!(ask("one", method, path).await, (429, true), "{path}");
        assert_eq!(ask("other", method, path).await, (200, false), "another party: {path}");
    }
}

/// Whatever members a question has, of those that VUM knows and others, and whatever stands in them: it is answered, or refused as the contract says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_question_is_too_odd() {
    let stage = Stage::usual().await;
    let mut random = Random::new(11);
    for number in 0..40 {
        let mut document: Value = serde_json::from_str(&offers::document(Kind::Vacancy, &mut random, stage.node.node.now())).expect("JSON");
        document.as_object_mut().expect("an object").remove("terms");
        stage.put(&format!("V-{number}"), document).await;
    }
    let names = [
        "beroep.codeBeroepsnaam",
        "codeWerkEnDenkniveauMinimaal",
        "datumAanvangWerkzaamheden",
        "rijbewijs",
        "taalbeheersing",
        "werktijden.aantalWerkurenPerWeekMinimaal",
        "werktijden.aantalWerkurenPerWeekMaximaal",
        "flexibiliteit.indicatieOnregelmatigWerkOfPloegendienst",
        "contractvorm",
        "$or",
        "$where",
        "adres.postcode",
        "",
        "x.y.z",
    ];
    let operators = ["$eq", "$gte", "$lte", "$lt", "$all", "$elemMatch", "$or", "$in", "$regex", "selectiegebied"];
    let values = [
        json!(1),
        json!("4"),
        json!(null),
        json!([]),
        json!({}),
        json!([{"$elemMatch": {"codeTaal": {"$eq": "nld"}}}]),
        json!(-0.5),
        json!(true),
        json!("\u{202e}<script>"),
    ];
    let (mut answered, mut refused) = (0, 0);
    for _ in 0..400 {
        let mut asked = serde_json::Map::new();
        for _ in 0..random.below(6) {
            let value = random.pick(&values).clone();
            let value = if random.chance(70) { json!({*random.pick(&operators): value}) } else { value };
            let value = if random.chance(20) { json!({*random.pick(&operators): [value]}) } else { value };
            asked.insert((*random.pick(&names)).to_owned(), value);
        }
        if random.chance(90) {
            asked.insert("selectiegebied".to_owned(), json!({"postcode": "8232AB", "afstand": random.below(1_100)}));
        }
        let (status, body) = said(stage.request("POST", "/vacatures/matches").json(&json!({"vraagObject": asked}))).await;
        match status {
            200 => answered += 1,
            400 => refused += 1,
            _ => panic!("{status}: {body} for {asked:?}"),
        }
    }
    assert!(answered > 200 && refused > 20, "{answered} {refused}");
}
