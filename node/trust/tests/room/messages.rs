//! Which signed messages are accepted, and which error the others get. Signatures are also made here by hand, after RFC 9421 alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use polder_model::{Purpose, Timestamp};
use polder_trust::keys::SigningKey;
use polder_trust::message::{
    MessageError, ReplayCache, RequestSigner, Running, VerifiedRequest, content_digest, sign_request, sign_response, verify_request,
    verify_response,
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

fn at(seconds: i64) -> Timestamp {
    now().plus_seconds(seconds)
}

fn key() -> SigningKey {
    SigningKey::generate().expect("a key")
}

fn member(key: &SigningKey) -> Member {
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
fn a_message_is_accepted_once() {
    let key = key();
    let (sender, request, seen) = (member(&key), Request::signed(&key, now()), cache());
    assert!(request.verify(&sender, &seen, now()).is_ok());
    for seconds in [0, 1, 60, 90] {
        assert_eq!(request.verify(&sender, &seen, at(seconds)), Err(MessageError::Replayed), "{seconds}");
    }
    assert_eq!(request.verify(&sender, &seen, at(91)), Err(MessageError::Clock));
    assert!(Request::signed(&key, now()).verify(&sender, &seen, now()).is_ok(), "the same again, signed anew, is another message");
}

#[test]
fn clocks_differ_by_half_a_minute_at_most() {
    let key = key();
    let sender = member(&key);
    let outcome = |made: i64, read: i64| Request::signed(&key, at(made)).verify(&sender, &cache(), at(read)).map(|_| ());
    assert_eq!(outcome(30, 0), Ok(()));
    assert_eq!(outcome(31, 0), Err(MessageError::Clock));
    assert_eq!(outcome(0, 90), Ok(()), "half a minute after it expired");
    assert_eq!(outcome(0, 91), Err(MessageError::Clock));

    let by_hand = |created: i64, expires: i64| {
        let seconds = now().seconds();
        let parameters = parameters(seconds + created, seconds + expires, NONCE, &key);
        Request::by_hand(&key, COVERED, &parameters).verify(&sender, &cache(), now()).map(|_| ())
    };
    assert_eq!(by_hand(0, 60), Ok(()));
    assert_eq!(by_hand(0, 61), Err(MessageError::Clock), "it lives too long");
    assert_eq!(by_hand(-89, 2), Err(MessageError::Clock), "it lives too long");
    assert_eq!(by_hand(0, -1), Err(MessageError::Clock), "it ends before it begins");
    assert_eq!(by_hand(-40, -31), Err(MessageError::Clock), "it expired more than half a minute ago");
    assert_eq!(by_hand(-40, -30), Ok(()));
    assert_eq!(by_hand(31, 40), Err(MessageError::Clock), "it is made in the future");
}

#[test]
fn what_was_made_before_the_start_is_refused() {
    let key = key();
    let sender = member(&key);
    let started = ReplayCache::new(now());
    assert_eq!(Request::signed(&key, at(-1)).verify(&sender, &started, now()), Err(MessageError::Clock));
    assert!(Request::signed(&key, now()).verify(&sender, &started, now()).is_ok());
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

/// The clock was ahead when the node started: what is made after it was set right is taken, what may be from before the start is not.
#[test]
fn a_clock_that_is_set_back_after_the_start_shuts_nobody_out() {
    let key = key();
    let (sender, started) = (member(&key), ReplayCache::new(at(3_600)));
    assert!(Request::signed(&key, now()).verify(&sender, &started, now()).is_ok());
    assert_eq!(Request::signed(&key, at(-10)).verify(&sender, &started, now()), Err(MessageError::Clock), "it does not run for 10 s");
}

/// A running time that a test sets, in seconds.
fn running() -> (Arc<AtomicU64>, Running) {
    let passed = Arc::new(AtomicU64::new(0));
    let read = Arc::clone(&passed);
    (passed, Arc::new(move || Duration::from_secs(read.load(Ordering::SeqCst))))
}

/// A clock that jumps ahead, so that everything looks expired, and is set right again: what was seen is still known. Nor does one that is set back
/// forget, when its time comes again.
#[test]
fn a_clock_that_jumps_makes_nothing_forgotten() {
    let key = key();
    let (passed, running) = running();
    let (sender, request, seen) = (member(&key), Request::signed(&key, now()), ReplayCache::running(at(-600), 100, running));
    assert!(request.verify(&sender, &seen, now()).is_ok());
    assert!(Request::signed(&key, at(3_000)).verify(&sender, &seen, at(3_000)).is_ok(), "a message made by a clock that is as wrong");
    passed.store(5, Ordering::SeqCst);
    assert_eq!(request.verify(&sender, &seen, at(5)), Err(MessageError::Replayed));
    // Back by ten minutes: not until its time has come again is it past its time.
    passed.store(605, Ordering::SeqCst);
    assert!(Request::signed(&key, at(1)).verify(&sender, &seen, at(5)).is_ok());
    assert_eq!(request.verify(&sender, &seen, at(5)), Err(MessageError::Replayed));
}

#[test]
fn a_full_memory_refuses_and_forgets_what_expired() {
    let (passed, running) = running();
    let seen = ReplayCache::running(at(-600), 3, Arc::clone(&running));
    let expires = at(60).seconds();
    for (key, nonce) in [("k", "a"), ("l", "b"), ("m", "c")] {
        assert_eq!(seen.note(key, nonce, expires, now()), Ok(()));
    }
    assert_eq!(seen.note("n", "d", expires, now()), Err(MessageError::Full));
    assert_eq!(seen.note("k", "a", expires, now()), Err(MessageError::Replayed), "it still knows what it saw");
    // A message may come until half a minute after it expired: until then it is remembered, and longer where the clock has jumped ahead.
    assert_eq!(seen.note("n", "d", expires + 90, at(91)), Err(MessageError::Full));
    assert_eq!(seen.note("k", "a", expires, at(36_000_000)), Err(MessageError::Replayed));
    passed.store(91, Ordering::SeqCst);
    assert_eq!(seen.note("n", "d", expires + 90, at(90)), Err(MessageError::Full));
    assert_eq!(seen.note("k", "a", expires, at(90)), Err(MessageError::Replayed));
    assert_eq!(seen.note("n", "d", expires + 90, at(91)), Ok(()));
    assert_eq!(seen.note("o", "d", expires + 90, at(91)), Ok(()), "a nonce is one of its key");
    assert_eq!(seen.note("n", "d", expires + 90, at(91)), Err(MessageError::Replayed));

    // One key fills an eighth at most: the others have their places.
    let seen = ReplayCache::with_capacity(at(-600), 16);
    assert_eq!((seen.note("k", "a", expires, now()), seen.note("k", "b", expires, now())), (Ok(()), Ok(())));
    assert_eq!(seen.note("k", "c", expires, now()), Err(MessageError::Full));
    assert_eq!(seen.note("l", "c", expires, now()), Ok(()));

    // Whoever names a distant expiry does not fill the memory for good.
    passed.store(0, Ordering::SeqCst);
    let seen = ReplayCache::running(at(-600), 1, running);
    assert_eq!(seen.note("k", "a", i64::MAX / 2, now()), Ok(()));
    passed.store(200, Ordering::SeqCst);
    assert_eq!(seen.note("k", "b", expires, at(200)), Ok(()));
}

#[test]
fn of_the_same_message_at_once_one_is_accepted() {
    let key = key();
    let (sender, request, seen, accepted) = (member(&key), Request::signed(&key, now()), cache(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                if request.verify(&sender, &seen, now()).is_ok() {
                    accepted.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

/// A xorshift generator: the same mutations every time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("it fits")
    }
}

fn mutated(random: &mut Random, original: &[u8]) -> Vec<u8> {
    const LIKELY: &[u8] = b"0123456789;=\":()+-_/ \t,A\x80";
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(3) {
        let here = random.below(bytes.len().max(1)).min(bytes.len());
        match random.below(7) {
            0 if here < bytes.len() => bytes[here] ^= 1 << random.below(8),
            1 if here < bytes.len() => drop(bytes.remove(here)),
            2 => bytes.insert(here, LIKELY[random.below(LIKELY.len())]),
            3 if here < bytes.len() => bytes[here] = LIKELY[random.below(LIKELY.len())],
            4 => bytes.truncate(here),
            5 => {
                let end = here + random.below(bytes.len() - here + 1);
                let part = bytes[here..end].to_vec();
                let at = random.below(bytes.len() + 1);
                bytes.splice(at..at, part);
            }
            _ if bytes.len() > 1 => {
                let other = random.below(bytes.len());
                bytes.swap(here, other);
            }
            _ => {}
        }
    }
    bytes
}

#[test]
fn no_change_of_the_signature_headers_is_accepted() {
    let key = key();
    let (sender, request) = (member(&key), Request::signed(&key, now()));
    let mut response = HeaderMap::new();
    sign_response(&key, 200, &mut response, BODY, TARGET, &request.headers, now()).expect("signed");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut tried = 0;
    while tried < 20_000 {
        let name = ["signature-input", "signature"][random.below(2)];
        let of_response = random.below(4) == 0;
        let original = if of_response { &response[name] } else { &request.headers[name] };
        let bytes = mutated(&mut random, original.as_bytes());
        // White space around a header's value is no part of it.
        let same = bytes.trim_ascii() == original.as_bytes();
        let (Ok(value), false) = (HeaderValue::from_bytes(&bytes), same) else { continue };
        tried += 1;
        if of_response {
            let mut changed = response.clone();
            changed.insert(name, value);
            let outcome = verify_response(&sender, 200, &changed, BODY, TARGET, &request.headers, now());
            assert!(outcome.is_err(), "{name}: {}", String::from_utf8_lossy(&bytes));
        } else {
            let mut changed = request.clone();
            changed.headers.insert(name, value);
            assert!(changed.verify(&sender, &cache(), now()).is_err(), "{name}: {}", String::from_utf8_lossy(&bytes));
        }
    }
}
