//! Signed messages (RFC 9421): of all that is made from two signed requests and a signed response, only those very messages hold, and once.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, Target};
use polder_model::Timestamp;
use polder_trust::message::{MessageError, ReplayCache, content_digest, sign_response, verify_request, verify_response};
use polder_trust::register::{Member, MessageKey};

use crate::keys::key;

const TARGET: &str = "https://node.example:8443/peer/v1/queries";
const BODY: &str = r#"{"id":"1"}"#;
const COVERED: &str = r#"("@method" "@target-uri" "content-type" "content-digest" "polder-register" "polder-purpose")"#;
const SIGNED: [&str; 4] = ["content-type", "content-digest", "polder-register", "polder-purpose"];

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn sender() -> Member {
    let (not_before, not_after) = (now().plus_seconds(-3_600), now().plus_seconds(3_600));
    let public = key(0).public();
    let mut member = polder_federation_tests::register::member("kvk:90000001");
    member.message_keys = vec![MessageKey { keyid: public.id(), public_key: public, not_before, not_after }];
    member
}

/// A request signed by hand, the same in every run.
fn request(purpose: &str, nonce: &str) -> HeaderMap {
    let created = now().seconds();
    let parameters =
        format!(";created={created};expires={};nonce=\"{nonce}\";keyid=\"{}\";tag=\"polder-1\"", created + 60, key(0).public().id());
    let values = ["application/json", &content_digest(BODY.as_bytes()), "flevoland;e=1;v=3;h=0123456789abcdef", purpose];
    let mut headers = HeaderMap::new();
    let mut base = format!("\"@method\": POST\n\"@target-uri\": {TARGET}\n");
    for (name, value) in SIGNED.into_iter().zip(values) {
        headers.insert(name, value.parse().expect("a value"));
        base.push_str(&format!("\"{name}\": {value}\n"));
    }
    base.push_str(&format!("\"@signature-params\": {COVERED}{parameters}"));
    let signature = STANDARD.encode(key(0).sign(base.as_bytes()));
    headers.insert("signature-input", format!("polder={COVERED}{parameters}").parse().expect("a value"));
    headers.insert("signature", format!("polder=:{signature}:").parse().expect("a value"));
    headers
}

fn requests() -> [HeaderMap; 2] {
    [request("find-work", "AAAAAAAAAAAAAAAAAAAAAA"), request("none", "AQEBAQEBAQEBAQEBAQEBAQ")]
}

fn response() -> HeaderMap {
    let mut headers = HeaderMap::new();
    sign_response(key(0), 200, &mut headers, BODY.as_bytes(), TARGET, &requests()[0], now()).expect("signed");
    headers
}

fn text(first: &str, headers: &HeaderMap) -> Vec<u8> {
    let lines = headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().expect("text")));
    format!("{first}\n{}\n{BODY}", lines.collect::<String>()).into_bytes()
}

/// The first line, the headers and the body of a text; `None` where no HTTP message can be like that.
fn parse(input: &[u8]) -> Option<(String, HeaderMap, &[u8])> {
    let end = input.windows(2).position(|window| window == b"\n\n")?;
    let mut lines = input[..end].split(|byte| *byte == b'\n');
    let first = String::from_utf8(lines.next()?.to_vec()).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        headers.append(name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?);
    }
    Some((first, headers, &input[end + 2..]))
}

fn property(input: &[u8]) -> Verdict {
    let Some((first, headers, body)) = parse(input) else { return Ok("no message".to_owned()) };
    let sender = sender();
    let same = |names: &[&str], other: &HeaderMap| names.iter().all(|name| headers.get_all(*name).iter().eq(other.get_all(*name).iter()));
    if let Some(status) = first.strip_prefix("response ") {
        let Ok(status) = status.parse() else { return Ok("no status".to_owned()) };
        let outcome = verify_response(&sender, status, &headers, body, TARGET, &requests()[0], now());
        let original = status == 200 && body == BODY.as_bytes() && same(&["content-digest", "signature-input", "signature"], &response());
        return match outcome {
            Ok(_) if !original => Err("a response holds that nobody signed".to_owned()),
            Err(error) if original => Err(format!("the signed response is refused: {error}")),
            other => Ok(format!("response {other:?}").chars().take(80).collect()),
        };
    }
    let seen = ReplayCache::new(now().plus_seconds(-600));
    let outcome = verify_request(&sender, &first, TARGET, &headers, body, &seen, now());
    let original = first == "POST"
        && body == BODY.as_bytes()
        && requests().iter().any(|one| same(&SIGNED, one) && same(&["signature-input", "signature"], one));
    match outcome {
        Ok(_) if !original => Err("a request holds that nobody signed".to_owned()),
        Err(error) if original => Err(format!("a signed request is refused: {error}")),
        Ok(_) => match verify_request(&sender, &first, TARGET, &headers, body, &seen, now()) {
            Err(MessageError::Replayed) => Ok("holds once".to_owned()),
            other => Err(format!("the same request again: {other:?}")),
        },
        Err(error) => Ok(format!("{error:?}")),
    }
}

#[test]
fn signatures() {
    let words = &[
        "polder=",
        "sig1=",
        "polder=:",
        ":",
        "\"@method\"",
        "\"@target-uri\"",
        "\"content-digest\"",
        "\"content-digest\";req",
        ";created=",
        ";expires=",
        ";nonce=\"",
        ";keyid=\"",
        ";tag=\"polder-1\"",
        ";alg=\"ed25519\"",
        "sha-256=:",
        "sha-512=:",
        "9223372036854775807",
        "-9223372036854775808",
        "-1",
        "()",
        "signature: ",
        "signature-input: ",
        "content-digest: ",
        "POST",
        "response 200",
        "1e9",
        "\u{e9}",
        ", ",
        "  ",
        "\\\"",
    ];
    let mut seeds: Vec<Vec<u8>> = requests().iter().map(|headers| text("POST", headers)).collect();
    seeds.push(text("response 200", &response()));
    Target { name: "signatures", seeds, grammar: Grammar::Text, words, bound: Duration::from_millis(300) }.run(property);
}
