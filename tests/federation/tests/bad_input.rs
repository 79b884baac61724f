//! What must not get in, does not: refused in time, with a problem document that echoes nothing, and the node goes on.
#![expect(clippy::expect_used, reason = "tests")]

use std::time::{Duration, Instant};

use polder_federation_tests::http::{Client, one_node, token, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::problems::{Refused, refused};
use polder_federation_tests::wire::say;
use serde_json::{Value, json};

/// Stands in whatever is refused, and may come back nowhere.
const MARK: &str = "geheim4711";
/// No refusal takes longer, not even on a machine that does much else.
const BOUND: Duration = Duration::from_secs(2);

struct Door {
    client: Client,
    _directory: tempfile::TempDir,
    node: polder_web::RunningNode,
}

impl Door {
    async fn open() -> Self {
        logs::keep_all();
        let directory = tempfile::tempdir().expect("a directory");
        let node = one_node(directory.path()).await;
        Self { client: Client::of(&node), _directory: directory, node }
    }

    /// Puts something that is refused, as vacancy and as question, and says as what.
    async fn refuses(&self, body: impl Into<Vec<u8>>) -> [Refused; 2] {
        let body = body.into();
        let put = self.refuses_at("PUT", "/v1/vacancies/V-1", body.clone()).await;
        [put, self.refuses_at("POST", "/v1/queries", body).await]
    }

    async fn refuses_at(&self, method: &str, path: &str, body: Vec<u8>) -> Refused {
        let began = Instant::now();
        let request = self.client.request(method, path).header("content-type", "application/json").body(body);
        let refused = refused(request.send().await.expect("a response")).await;
        assert!(began.elapsed() < BOUND, "{path}: {:?}", began.elapsed());
        assert!(!refused.text.contains(MARK) && !refused.text.contains("111222333"), "{path}: {}", refused.text);
        assert!(refused.text.len() < 20_000, "{path}: {} bytes", refused.text.len());
        refused
    }

    /// The findings about a vacancy that is refused.
    async fn findings(&self, change: impl Fn(&mut Value)) -> Vec<(String, String)> {
        let mut offer = vacancy("Monteur");
        change(&mut offer);
        let refused = self.refuses_at("PUT", "/v1/vacancies/V-1", offer.to_string().into_bytes()).await;
        let problem: Value = serde_json::from_str(&refused.text).expect("JSON");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let findings = problem["findings"].as_array().expect("findings");
        let mut found = vec![(refused.name.clone(), String::new())];
        found.extend(findings.iter().map(|finding| (text(&finding["pointer"]), text(&finding["code"]))));
        found
    }

    /// Nothing came in, and the next offer does.
    async fn goes_on(&self) {
        let listed: Value = self.client.request("GET", "/v1/vacancies").send().await.expect("a response").json().await.expect("JSON");
        assert_eq!(listed, json!({"items": []}));
        assert_eq!(self.client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
        let (status, result) = self.client.query(&json!({"kind": "vacancy", "text": "monteur"})).await;
        assert_eq!((status, result["hits"].as_array().map(Vec::len)), (200, Some(1)));
        let told = logs::lines_with(&[MARK]);
        assert!(told.is_empty(), "the log holds no values: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_strict_json_stays_out() {
    let door = Door::open().await;
    let with = |member: &str| vacancy("Monteur").to_string().replacen('{', &format!("{{{member},"), 1).into_bytes();
    let mut bodies: Vec<Vec<u8>> = vec![
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes()[..60_000].to_vec(),
        with(&format!("\"a\":{}1{}", "[".repeat(20_000), "]".repeat(20_000))),
        with(&"{\"a\":".repeat(5_000)),
        with(&format!("\"{MARK}\":1,\"{MARK}\":1")),
        with("\"title\":\"Ander\""),
        with(&format!("\"a\":\"{MARK}\\u0000\"")),
        with(&format!("\"a\":\"{MARK}\\ud800\"")),
        with(&format!("\"a\":\"{MARK}\\udc00\\ud800\"")),
        with(&format!("\"{MARK}\\u0000\":1")),
        format!("{{\"title\":\"{MARK}\u{0}\"}}").into_bytes(),
        [b"{\"title\":\"".as_slice(), MARK.as_bytes(), b"\xff\xfe\"}"].concat(),
        [b"\xef\xbb\xbf".as_slice(), vacancy("Monteur").to_string().as_bytes()].concat(),
        b"\xff\xfe{\0}\0".to_vec(),
        Vec::new(),
        MARK.as_bytes().to_vec(),
        format!("{} {}", vacancy("Monteur"), vacancy(MARK)).into_bytes(),
        vacancy(MARK).to_string().replace("\",", "\",,").into_bytes(),
        vacancy(MARK).to_string().replace('"', "'").into_bytes(),
        format!("// {MARK}\n{}", vacancy("Monteur")).into_bytes(),
    ];
    for number in
        ["1e400", "-1e400", "12345678901234567890123", "9007199254740993", "-0", "-0.0", "NaN", "Infinity", "01", "+1", ".5", "1."]
    {
        bodies.push(with(&format!("\"hours\":{{\"min\":{number},\"max\":8}}")));
        bodies.push(format!("{{\"kind\":\"vacancy\",\"limit\":{number}}}").into_bytes());
    }
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let [offer, question] = door.refuses(body).await;
        assert_eq!(offer.is(), (400, "invalid-document"), "{shown}");
        assert_eq!(question.is(), (400, "invalid-request"), "{shown}");
    }
    door.goes_on().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_much_stays_out() {
    let door = Door::open().await;
    let skill = |number: usize| format!("{{\"uri\":\"http://x.nl/{number}\"}}");
    let skills = |count: usize| format!("{{\"skills\":[{}]}}", (0..count).map(skill).collect::<Vec<_>>().join(","));
    let members = |count: usize| format!("{{{}}}", (0..count).map(|number| format!("\"m{number}\":1")).collect::<Vec<_>>().join(","));
    let text = |length: usize| vacancy(&"x".repeat(length)).to_string();
    // Most of this is never read: all that is sure is that the connection ends in time, after 413 or before.
    let many = skills(1_000_000);
    let head = format!(
        "PUT /v1/vacancies/V-1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
        token().reveal()
    );
    let came = say(door.node.client, &format!("{head}Content-Length: {}\r\n\r\n{many}", many.len())).await;
    assert!(came.closed && came.statuses().iter().all(|status| *status == 413), "{}", came.text);
    for (body, status) in [
        (skills(40_000), 413),
        (skills(1_500), 400),
        (members(100_000), 413),
        (members(6_000), 400),
        (text(1 << 20), 413),
        (text(60_000), 400),
        (format!("[{}1]", "1,".repeat(30_000)), 400),
        (format!("{}{}", vacancy("Monteur"), " ".repeat(64 * 1024)), 413),
    ] {
        let length = body.len();
        for refused in door.refuses(body).await {
            assert_eq!(refused.status, status, "{length} bytes");
        }
    }
    door.goes_on().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn special_data_stays_out() {
    let door = Door::open().await;
    let not_allowed = |pointer: &str| vec![("field-not-allowed".to_owned(), String::new()), (pointer.to_owned(), "not-allowed".to_owned())];
    for name in ["bsn", "BSN", "b-s-n", "wajong", "gezondheid", "Burgerservicenummer", "doelgroep_register"] {
        assert_eq!(door.findings(|offer| offer[name] = json!(MARK)).await, not_allowed(""), "{name}");
        assert_eq!(door.findings(|offer| offer["employer"][name] = json!(MARK)).await, not_allowed("/employer"), "{name}");
    }
    for disguise in
        ["111222333", "111.222.333", "111 222 333", "１１１２２２３３３", "111\u{200b}222\u{ad}333", "bel (111-222-333) nu", "𝟏𝟏𝟏𝟐𝟐𝟐𝟑𝟑𝟑"]
    {
        let found = door.findings(|offer| offer["description"] = json!(format!("Nummer: {disguise}"))).await;
        assert_eq!(found, not_allowed("/description"), "{disguise}");
        let found = door.findings(|offer| offer["title"] = json!(disguise)).await;
        assert_eq!(found, not_allowed("/title"), "{disguise}");
    }
    for (name, mark) in [
        ("Рolder BV", "homoglyph"),
        ("Polder \u{202e}VB", "bidi"),
        ("Pol\u{200b}der", "invisible"),
        ("Polde\u{72}\u{301}", "not NFC"),
        ("Polder\u{7}", "control"),
        ("Pоlder", "a Cyrillic o"),
    ] {
        let found = door.findings(|offer| offer["employer"]["name"] = json!(name)).await;
        assert!(found.contains(&("/employer/name".to_owned(), "not-allowed".to_owned())), "{mark}: {found:?}");
    }
    // Members that a reader may be tempted to follow are members that the schema does not have.
    for name in ["$ref", "$schema", "$id", "__proto__", "@context"] {
        let found = door.findings(|offer| offer[name] = json!("https://example.org/geheim4711.json")).await;
        assert_eq!(found, [("invalid-document".to_owned(), String::new()), (String::new(), "unknown-member".to_owned())], "{name}");
    }
    let flood = door.findings(|offer| offer["title"] = json!(format!("Z{}", "\u{301}".repeat(100)))).await;
    assert_eq!(flood[1], ("/title".to_owned(), "out-of-bounds".to_owned()));
    door.goes_on().await;
}

/// Long strings against every pattern of the schema: no refusal takes long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_pattern_backtracks() {
    let door = Door::open().await;
    let places: [fn(&mut Value, &str); 9] = [
        |offer, text| offer["language"] = json!(text),
        |offer, text| offer["employer"]["kvk"] = json!(text),
        |offer, text| offer["employer"]["sbi"] = json!(text),
        |offer, text| offer["skills"] = json!([{"uri": format!("http://{text}")}]),
        |offer, text| offer["occupations"] = json!([{"scheme": "esco", "uri": format!("http://{text}")}]),
        |offer, text| offer["location"] = json!({"postcode": text}),
        |offer, text| offer["startDate"] = json!(text),
        |offer, text| offer["contact"] = json!({"email": text, "telephone": text, "url": format!("https://{text}")}),
        |offer, text| offer["application"] = json!({"email": text, "url": format!("https://{text}")}),
    ];
    for piece in ["a", "0", "a@", "http://", "é", "-", ".a", " ", "%20", "0-"] {
        let mut text = piece.repeat(20_000 / piece.len());
        text.push('!');
        for place in places {
            assert!(door.findings(|offer| place(offer, &text)).await.len() > 1, "{piece}");
        }
    }
    door.goes_on().await;
}

/// Text that looks like something else is text, or is refused; it is never carried out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_that_looks_like_a_command_is_text() {
    let door = Door::open().await;
    for key in
        ["V'%20OR%20'1'='1", "V-1';DROP%20TABLE%20offers;--", "%00", "V%0d%0aX", "%1b[31m", "a%2Fb", "..%2f..%2fetc", "%ff", "%", "V-1%20"]
    {
        let found = door.client.request("GET", &format!("/v1/vacancies/{key}")).send().await.expect("a response");
        assert_eq!(refused(found).await.is(), (400, "invalid-request"), "{key}");
        let put = door.client.put(&format!("/v1/vacancies/{key}"), vacancy(MARK).to_string()).await;
        assert_eq!(refused(put).await.is(), (400, "invalid-request"), "{key}");
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=1%20OR%201=1",
        "limit=99999999999999999999",
        "limit=",
        "limit=1&limit=2",
        "cursor='%20OR%20'1'='1",
        "cursor=",
        "cursor=%00",
        "cursor=Lg",
        "cursor=%f0%9f",
        "offset=1",
        "geheim4711=1",
    ] {
        let found = refused(door.client.request("GET", &format!("/v1/vacancies?{query}")).send().await.expect("a response")).await;
        assert_eq!(found.is(), (400, "invalid-request"), "{query}");
        assert!(!found.text.contains(MARK), "{}", found.text);
    }
    let lines = "Monteur\r\n\u{1b}[31mERROR geheim4711\u{1b}[0m";
    let (status, text) = door.client.query(&json!({"kind": "vacancy", "skills": [{"label": lines}], "text": lines})).await;
    assert_eq!(status, 400);
    assert!(!text.to_string().contains(MARK), "{text}");
    for value in ["\"1", "W/\"1\"", "geheim4711", "\"geheim4711\", \"x"] {
        let request = door.client.request("PUT", "/v1/vacancies/V-1").header("content-type", "application/json").header("if-match", value);
        let found = refused(request.body(vacancy("Monteur").to_string()).send().await.expect("a response")).await;
        assert!([400, 412].contains(&found.status) && !found.text.contains(MARK), "{value}: {}", found.text);
    }
    door.goes_on().await;
    // As an offer it is stored as it is, and the log does not repeat it.
    let offer = vacancy("'); DROP TABLE offers; -- \r\n\u{1b}[31m geheim4711").to_string();
    assert_eq!(door.client.put("/v1/vacancies/V-2", offer.clone()).await.status(), 201);
    let read = door.client.request("GET", "/v1/vacancies/V-2").send().await.expect("a response").text().await.expect("text");
    assert_eq!(read, offer);
    assert!(logs::lines_with(&[MARK]).is_empty());
}

/// Marks, emoji and both normal forms come back byte for byte.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unusual_text_comes_back_as_it_went() {
    let door = Door::open().await;
    for (number, title) in ["Café", "Cafe\u{301}", "👩🏽‍🔧 monteur", "Zʼa\u{323}\u{307}", "\\u00e9 \u{1f600}", "ﬁets", "שלום مرحبا", "\u{2028}"]
        .into_iter()
        .enumerate()
    {
        let document = format!(
            "{{\n \"title\": \"{title} monteur\", \"description\":\"\\u00e9\\n\\/\",\"employer\":{{\"name\":\"Café de Proef\"}}}}\n"
        );
        let path = format!("/v1/vacancies/V-{number}");
        let put = door.client.put(&path, document.clone()).await;
        assert_eq!(put.status(), 201, "{}", put.text().await.expect("text"));
        let read = door.client.request("GET", &path).send().await.expect("a response").bytes().await.expect("bytes");
        assert_eq!(read, document.as_bytes(), "{title}");
    }
}

/// A body that says it is compressed is not unpacked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn compressed_bodies_stay_out() {
    let door = Door::open().await;
    for coding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "GZIP"] {
        for (method, path) in [("PUT", "/v1/vacancies/V-1"), ("POST", "/v1/queries")] {
            let request = door.client.request(method, path).header("content-type", "application/json").header("content-encoding", coding);
            let found = refused(request.body(vacancy("Monteur").to_string()).send().await.expect("a response")).await;
            assert_eq!(found.is(), (415, "unsupported-media-type"), "{coding} {path}");
        }
    }
    door.goes_on().await;
}
