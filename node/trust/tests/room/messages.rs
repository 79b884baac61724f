//! Which signed messages are accepted, and which error the others get. Signatures are also made here by hand, after RFC 9421 alone.

mod changed;
mod once;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use polder_model::{Purpose, Timestamp};
use polder_trust::keys::SigningKey;
use polder_trust::message::{
    MessageError, ReplayCache, RequestSigner, VerifiedRequest, content_digest, sign_request, sign_response, verify_request, verify_response,
};
use polder_trust::register::{Member, MessageKey, Status};

const TARGET: &str = "https://node.example:8443/peer/v1/queries";
const BODY: &[u8] = br#"{"id":"1"}"#;
const REGISTER: &str = "flevoland;e=1;v=3;h=0123456789abcdef";
const COVERED: &str = r#"("@method" "@target-uri" "content-type" "content-digest" "polder-register" "polder-purpose")"#;
const RESPONSE_COVERED: &str = r#"("@status" "content-digest" "content-digest";req "@target-uri";req "signature";req)"#;
const NONCE: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

pub(super) fn at(seconds: i64) -> Timestamp {
    now().plus_seconds(seconds)
}

fn key() -> SigningKey {
    SigningKey::generate().expect("a key")
}

pub(super) fn member(key: &SigningKey) -> Member {
    let (not_before, not_after) = (at(-3_600), at(3_600));
    Member {
        partner: "kvk:90000001".parse().expect("a partner"),
        name: "Voorbeeld".to_owned(),
        roles: Vec::new(),
        client_url: None,
        peer_url: "https://127.0.0.1:1".to_owned(),
        purposes: vec![Purpose::FindWork],
        acts_for: Vec::new(),
        link_hosts: Vec::new(),
        tls_pins: Vec::new(),
        message_keys: vec![MessageKey { keyid: key.public().id(), public_key: key.public(), not_before, not_after }],
        status: Status::Active,
        since: 1,
    }
}

fn cache() -> ReplayCache {
    ReplayCache::new(at(-600))
}

/// A request as it arrives.
#[derive(Clone)]
struct Request {
    method: &'static str,
    target: &'static str,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Request {
    fn signed(key: &SigningKey, when: Timestamp) -> Self {
        let mut headers = HeaderMap::new();
        let signer = RequestSigner { key, register: REGISTER, purpose: "find-work" };
        sign_request(signer, "POST", TARGET, &mut headers, BODY, when).expect("signed");
        Self { method: "POST", target: TARGET, headers, body: BODY.to_vec() }
    }

    /// Signed by hand, with these parameters after the list of components.
    fn by_hand(key: &SigningKey, covered: &str, parameters: &str) -> Self {
        let mut headers = HeaderMap::new();
        let digest = content_digest(BODY);
        let values =
            [("content-type", "application/json"), ("content-digest", &digest), ("polder-register", REGISTER), ("polder-purpose", "none")];
        let mut base = format!("\"@method\": POST\n\"@target-uri\": {TARGET}\n");
        for (name, value) in values {
            headers.insert(name, HeaderValue::from_str(value).expect("a value"));
            base.push_str(&format!("\"{name}\": {value}\n"));
        }
        base.push_str(&format!("\"@signature-params\": {covered}{parameters}"));
        let signature = STANDARD.encode(key.sign(base.as_bytes()));
        headers.insert("signature-input", HeaderValue::try_from(format!("polder={covered}{parameters}")).expect("a value"));
        headers.insert("signature", HeaderValue::try_from(format!("polder=:{signature}:")).expect("a value"));
        Self { method: "POST", target: TARGET, headers, body: BODY.to_vec() }
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("text")
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(name, HeaderValue::from_str(value).expect("a value"));
    }

    fn replaced(&self, name: &'static str, from: &str, to: &str) -> Self {
        let mut changed = self.clone();
        assert!(self.header(name).contains(from), "{name} holds {from}");
        changed.set(name, &self.header(name).replacen(from, to, 1));
        changed
    }

    fn verify(&self, sender: &Member, seen: &ReplayCache, now: Timestamp) -> Result<VerifiedRequest, MessageError> {
        verify_request(sender, self.method, self.target, &self.headers, &self.body, seen, now)
    }
}

fn parameters(created: i64, expires: i64, nonce: &str, key: &SigningKey) -> String {
    format!(";created={created};expires={expires};nonce=\"{nonce}\";keyid=\"{}\";tag=\"polder-1\"", key.public().id())
}

fn is_profile<T>(outcome: Result<T, MessageError>) -> bool {
    matches!(outcome, Err(MessageError::Profile(_)))
}

#[test]
fn a_signed_request_holds() {
    let key = key();
    let verified = Request::signed(&key, now()).verify(&member(&key), &cache(), now()).expect("it holds");
    assert_eq!(verified, VerifiedRequest { register: REGISTER.to_owned(), purpose: "find-work".to_owned() });
    let seconds = now().seconds();
    let by_hand = Request::by_hand(&key, COVERED, &parameters(seconds, seconds + 60, NONCE, &key));
    assert!(by_hand.verify(&member(&key), &cache(), now()).is_ok(), "RFC 9421 and this profile agree");
}

#[test]
fn every_covered_component_is_covered() {
    let key = key();
    let (sender, request) = (member(&key), Request::signed(&key, now()));
    let mut cases: Vec<(&str, Request, MessageError)> = Vec::new();
    let mut case = |what, change: &dyn Fn(&mut Request), error| {
        let mut changed = request.clone();
        change(&mut changed);
        cases.push((what, changed, error));
    };
    case("method", &|r| r.method = "PUT", MessageError::Signature);
    case("path", &|r| r.target = "https://node.example:8443/peer/v1/documents", MessageError::Signature);
    case("host", &|r| r.target = "https://other.example:8443/peer/v1/queries", MessageError::Signature);
    case("query", &|r| r.target = "https://node.example:8443/peer/v1/queries?x=1", MessageError::Signature);
    case("body", &|r| r.body.push(b' '), MessageError::Digest);
    case("empty body", &|r| r.body.clear(), MessageError::Digest);
    case("digest", &|r| r.set("content-digest", &content_digest(b"{}")), MessageError::Signature);
    case(
        "digest and body",
        &|r| {
            r.body = b"{}".to_vec();
            r.set("content-digest", &content_digest(b"{}"));
        },
        MessageError::Signature,
    );
    case("register", &|r| r.set("polder-register", "flevoland;e=1;v=4;h=0123456789abcdef"), MessageError::Signature);
    case("purpose", &|r| r.set("polder-purpose", "match-vacancy"), MessageError::Signature);
    case("content-type", &|r| r.set("content-type", "text/plain"), MessageError::Signature);
    let seconds = now().seconds();
    let parameter = |from: String, to: String| request.replaced("signature-input", &from, &to);
    let created = parameter(format!("created={seconds}"), format!("created={}", seconds + 1));
    let expires = parameter(format!("expires={}", seconds + 60), format!("expires={}", seconds + 59));
    let nonce_at = request.header("signature-input").find("nonce=\"").expect("a nonce") + 7;
    let nonce = request.header("signature-input")[nonce_at..nonce_at + 22].to_owned();
    let nonce = parameter(nonce, NONCE.to_owned());
    let signature = Request::signed(&key, now()).header("signature").to_owned();
    let mut moved = request.clone();
    moved.set("signature", &signature);
    for (what, changed) in [("created", created), ("expires", expires), ("nonce", nonce), ("another signature", moved)] {
        cases.push((what, changed, MessageError::Signature));
    }
    let seen = cache();
    for (what, changed, error) in cases {
        assert_eq!(changed.verify(&sender, &seen, now()), Err(error), "{what}");
    }
    assert!(request.verify(&sender, &seen, now()).is_ok(), "what was refused is not remembered");
}

#[test]
fn the_key_is_one_that_the_register_gives_to_the_sender_now() {
    let (mine, other) = (key(), key());
    let sender = member(&mine);
    assert_eq!(Request::signed(&other, now()).verify(&sender, &cache(), now()), Err(MessageError::UnknownKey));
    // The sender's id over another's signature.
    let seconds = now().seconds();
    let pretended = Request::by_hand(&other, COVERED, &parameters(seconds, seconds + 60, NONCE, &mine));
    assert_eq!(pretended.verify(&sender, &cache(), now()), Err(MessageError::Signature));

    let request = Request::signed(&mine, now());
    let outcome = |not_before: i64, not_after: i64| {
        let mut sender = sender.clone();
        (sender.message_keys[0].not_before, sender.message_keys[0].not_after) = (at(not_before), at(not_after));
        request.verify(&sender, &cache(), now()).map(|_| ())
    };
    assert_eq!(outcome(0, 0), Ok(()));
    assert_eq!(outcome(-10, -1), Err(MessageError::UnknownKey));
    assert_eq!(outcome(1, 10), Err(MessageError::UnknownKey));
    let mut none = sender.clone();
    none.message_keys.clear();
    assert_eq!(request.verify(&none, &cache(), now()), Err(MessageError::UnknownKey));
}

/// What the log says where nobody signed; who sets up FSC is told to look for it.
#[test]
fn a_message_that_nobody_signed_is_named_as_such() {
    let key = key();
    let mut bare = Request::signed(&key, now());
    for name in ["signature-input", "signature"] {
        bare.headers.remove(name);
    }
    let why = bare.verify(&member(&key), &cache(), now()).expect_err("refused").to_string();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/fsc.md")).expect("the page");
    assert!(page.contains(&format!("the log now says `{why}`")), "docs/fsc.md says another line than: {why}");
}

#[test]
fn only_the_one_profile_is_read() {
    let key = key();
    let (sender, request) = (member(&key), Request::signed(&key, now()));
    let profile = |what: &str, changed: &Request| assert!(is_profile(changed.verify(&sender, &cache(), now())), "{what}");
    for name in ["signature-input", "signature", "content-type", "content-digest", "polder-register", "polder-purpose"] {
        let mut changed = request.clone();
        changed.headers.remove(name);
        profile(&format!("without {name}"), &changed);
        let mut changed = request.clone();
        changed.headers.append(name, request.headers[name].clone());
        profile(&format!("{name} twice"), &changed);
        let mut changed = request.clone();
        changed.headers.insert(name, HeaderValue::from_bytes(b"caf\xe9").expect("a value"));
        profile(&format!("{name} not ASCII"), &changed);
    }
    let signature = request.header("signature").to_owned();
    let mut two = request.clone();
    two.set("signature", &format!("{signature}, other={}", &signature[7..]));
    profile("two signatures in one header", &two);
    let input = request.header("signature-input").to_owned();
    let mut two = request.clone();
    two.set("signature-input", &format!("{input}, other={}", &input[7..]));
    profile("two inputs in one header", &two);
    for (what, name, from, to) in [
        ("another label", "signature-input", "polder=", "sig1="),
        ("another label", "signature", "polder=", "sig1="),
        ("another tag", "signature-input", "polder-1", "polder-2"),
        ("short signature", "signature", "==:", ":"),
        ("no order", "signature-input", "\"@method\" \"@target-uri\"", "\"@target-uri\" \"@method\""),
        ("a space", "signature-input", ";created", "; created"),
        ("leading zero", "signature-input", "created=", "created=0"),
        ("a sign", "signature-input", "created=", "created=+"),
        ("a fraction", "signature-input", ";expires", ".0;expires"),
        ("long nonce", "signature-input", "nonce=\"", "nonce=\"A"),
    ] {
        profile(what, &request.replaced(name, from, to));
    }

    // Signed for what it is, by the right key: the profile refuses it all the same.
    let seconds = now().seconds();
    let usual = parameters(seconds, seconds + 60, NONCE, &key);
    for (what, covered, parameters) in [
        ("alg", COVERED.to_owned(), format!("{usual};alg=\"ed25519\"")),
        ("another alg", COVERED.to_owned(), usual.replace(";keyid", ";alg=\"hmac-sha256\";keyid")),
        ("an unknown parameter", COVERED.to_owned(), format!("{usual};x=1")),
        ("no tag", COVERED.to_owned(), usual.replace(";tag=\"polder-1\"", "")),
        ("no nonce", COVERED.to_owned(), usual.replace(&format!(";nonce=\"{NONCE}\""), "")),
        ("no expires", COVERED.to_owned(), usual.replace(&format!(";expires={}", seconds + 60), "")),
        ("no created", COVERED.to_owned(), usual.replace(&format!(";created={seconds}"), "")),
        ("nothing covered", "()".to_owned(), usual.clone()),
        ("more covered", COVERED.replace(')', " \"date\")"), usual.clone()),
        ("no digest", COVERED.replace(" \"content-digest\"", ""), usual.clone()),
        ("no purpose", COVERED.replace(" \"polder-purpose\"", ""), usual.clone()),
        ("no method", COVERED.replace("\"@method\" ", ""), usual.clone()),
        ("path for target", COVERED.replace("@target-uri", "@path"), usual),
    ] {
        profile(what, &Request::by_hand(&key, &covered, &parameters));
    }
}

/// Every response to `request` that is changed in one thing.
#[test]
fn a_response_belongs_to_one_request() {
    let key = key();
    let sender = member(&key);
    let request = Request::signed(&key, now());
    let body = br#"{"hits":[]}"#;
    let mut response = HeaderMap::new();
    sign_response(&key, 200, &mut response, body, TARGET, &request.headers, now()).expect("signed");
    let verify = |status, response: &HeaderMap, body: &[u8], target, request: &Request, seconds| {
        verify_response(&sender, status, response, body, target, &request.headers, at(seconds)).map(|_| ())
    };
    let evidence = verify_response(&sender, 200, &response, body, TARGET, &request.headers, now()).expect("it holds");
    for name in ["content-digest", "signature-input", "signature"] {
        assert!(evidence.contains(response[name].to_str().expect("text")), "{name}");
    }
    assert_eq!(verify(200, &response, body, TARGET, &Request::signed(&key, now()), 0), Err(MessageError::Signature), "another request");
    assert_eq!(verify(201, &response, body, TARGET, &request, 0), Err(MessageError::Signature), "another status");
    assert_eq!(verify(200, &response, body, "https://node.example/", &request, 0), Err(MessageError::Signature), "another target");
    assert_eq!(verify(200, &response, b"{}", TARGET, &request, 0), Err(MessageError::Digest), "another body");
    let mut changed = response.clone();
    changed.insert("content-digest", HeaderValue::try_from(content_digest(b"{}")).expect("a value"));
    assert_eq!(verify(200, &changed, b"{}", TARGET, &request, 0), Err(MessageError::Signature), "another digest");
    let mut other_digest = request.clone();
    other_digest.set("content-digest", &content_digest(b"{}"));
    assert_eq!(verify(200, &response, body, TARGET, &other_digest, 0), Err(MessageError::Signature), "another question");
    assert_eq!(verify(200, &response, body, TARGET, &request, -31), Err(MessageError::Clock));
    assert_eq!(verify(200, &response, body, TARGET, &request, 91), Err(MessageError::Clock));
    let stranger = member(&self::key());
    let outcome = verify_response(&stranger, 200, &response, body, TARGET, &request.headers, now());
    assert_eq!(outcome, Err(MessageError::UnknownKey));
    for name in ["content-digest", "signature-input", "signature"] {
        let mut changed = response.clone();
        changed.remove(name);
        assert!(is_profile(verify(200, &changed, body, TARGET, &request, 0)), "without {name}");
        let mut changed = response.clone();
        changed.append(name, response[name].clone());
        assert!(is_profile(verify(200, &changed, body, TARGET, &request, 0)), "{name} twice");
    }
    let mut unsigned = HeaderMap::new();
    let outcome = sign_response(&key, 200, &mut unsigned, body, TARGET, &HeaderMap::new(), now());
    assert!(is_profile(outcome), "there is nothing to bind to");
}

#[test]
fn a_response_by_hand_holds_and_a_request_is_no_response() {
    let key = key();
    let (sender, request, body, seconds) = (member(&key), Request::signed(&key, now()), b"{}", now().seconds());
    let digest = content_digest(body);
    let parameters = format!(";created={seconds};expires={};keyid=\"{}\";tag=\"polder-1\"", seconds + 60, key.public().id());
    let base = format!(
        "\"@status\": 200\n\"content-digest\": {digest}\n\"content-digest\";req: {}\n\"@target-uri\";req: {TARGET}\n\"signature\";req: {}\n\"@signature-params\": {RESPONSE_COVERED}{parameters}",
        request.header("content-digest"),
        request.header("signature"),
    );
    let mut response = HeaderMap::new();
    let mut set = |name: &'static str, value: String| response.insert(name, HeaderValue::try_from(value).expect("a value"));
    set("content-digest", digest);
    set("signature-input", format!("polder={RESPONSE_COVERED}{parameters}"));
    set("signature", format!("polder=:{}:", STANDARD.encode(key.sign(base.as_bytes()))));
    assert!(verify_response(&sender, 200, &response, body, TARGET, &request.headers, now()).is_ok());
    assert!(is_profile(verify_response(&sender, 200, &request.headers, BODY, TARGET, &request.headers, now())));
    let as_request = Request { headers: response, ..request };
    assert!(is_profile(as_request.verify(&sender, &cache(), now())));
}
