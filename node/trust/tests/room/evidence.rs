//! Evidence: one text for each, and nobody but the member whose key it names can have made it.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use polder_model::Timestamp;
use polder_trust::evidence::{EvidenceError, EvidenceKind, LARGEST, sign, verify, verify_of};
use polder_trust::keys::{PublicKey, SigningKey};
use serde::Serialize;

use super::log::from_seed;
use super::messages::{at, member};

/// RFC 8037, appendix A: the key and the example of A.4.
const PRIVATE: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const EXAMPLE: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
const EXAMPLE_SIGNATURE: &str = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
/// The example of decision 16: a tombstone under that key. It was made by another program than this one.
const TOMBSTONE: &str = "eyJhbGciOiJFZERTQSIsImtpZCI6IjIxZmUzMWRmYTE1NGEyNjEiLCJ0eXAiOiJwb2xkZXItdG9tYnN0b25lK2p3cyJ9.\
    eyJ0b21ic3RvbmUiOiIwMDExMjIzMzQ0NTU2Njc3ODg5OWFhYmJjY2RkZWVmZiIsImVwb2NoIjoyfQ.\
    a4SFhCY6TPlEq1j7Ykfc7OTglh0Dq9Jivg7_eHmZij4ZERFNDnV4f7he43-uxxYX1rkB7KBKFdYYUwkXBl2BAw";
const PAYLOAD: &str = r#"{"tombstone":"00112233445566778899aabbccddeeff","epoch":2}"#;

#[derive(Serialize)]
struct Payload {
    tombstone: &'static str,
    epoch: u64,
}

const SAMPLE: Payload = Payload { tombstone: "00112233445566778899aabbccddeeff", epoch: 2 };

fn example_key() -> SigningKey {
    let seed = URL_SAFE_NO_PAD.decode(PRIVATE).expect("base64url");
    from_seed(seed.as_slice().try_into().expect("32 bytes"))
}

fn parts(jws: &str) -> [String; 3] {
    jws.split('.').map(str::to_owned).collect::<Vec<_>>().try_into().expect("three parts")
}

/// Signed by that key, whatever the header says.
fn signed_as(key: &SigningKey, header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes())))
}

#[test]
fn the_example_of_rfc_8037_holds() {
    let key = example_key();
    assert_eq!(key.public().to_string(), PUBLIC);
    assert_eq!(URL_SAFE_NO_PAD.encode(key.sign(EXAMPLE.as_bytes())), EXAMPLE_SIGNATURE);
    // A good signature under a header that says less than ours is no evidence.
    let example = format!("{EXAMPLE}.{EXAMPLE_SIGNATURE}");
    for kind in EvidenceKind::ALL {
        assert_eq!(verify(kind, &example, &[key.public()]), Err(EvidenceError::Header));
    }
}

#[test]
fn what_another_program_made_is_what_is_made_here() {
    let documented = include_str!("../../../../docs/decisions/0016-evidence.md");
    assert!(documented.contains(TOMBSTONE) && documented.contains(PAYLOAD));
    let key = example_key();
    assert_eq!(sign(&key, EvidenceKind::Tombstone, &SAMPLE).as_deref(), Ok(TOMBSTONE));
    let others: Vec<PublicKey> = (1..=3).map(|number| from_seed(&[number; 32]).public()).collect();
    let keys = [others, vec![key.public()]].concat();
    assert_eq!(verify(EvidenceKind::Tombstone, TOMBSTONE, &keys), Ok(PAYLOAD.as_bytes().to_vec()));
    assert_eq!(verify(EvidenceKind::Tombstone, TOMBSTONE, &keys[..3]), Err(EvidenceError::Header));
    assert_eq!(verify(EvidenceKind::Tombstone, TOMBSTONE, &[]), Err(EvidenceError::Header));
}

#[test]
fn no_kind_passes_for_another() {
    let key = example_key();
    for kind in EvidenceKind::ALL {
        let jws = sign(&key, kind, &SAMPLE).expect("signed");
        for other in EvidenceKind::ALL {
            let expected = if kind == other { Ok(PAYLOAD.as_bytes().to_vec()) } else { Err(EvidenceError::Header) };
            assert_eq!(verify(other, &jws, &[key.public()]), expected, "{kind:?} as {other:?}");
        }
    }
}

#[test]
fn a_header_has_one_form() {
    let key = example_key();
    let kid = key.public().id();
    let good = format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"polder-tombstone+jws"}}"#);
    assert_eq!(signed_as(&key, &good, PAYLOAD), TOMBSTONE, "the form that is varied below");
    let jwk = format!(r#""jwk":{{"kty":"OKP","crv":"Ed25519","x":"{PUBLIC}"}}"#);
    let with = |member: &str| good.replace(r#","typ""#, &format!(r#",{member},"typ""#));
    let bad = [
        good.replace("EdDSA", "none"),
        good.replace("EdDSA", "HS256"),
        good.replace("EdDSA", "Ed25519"),
        good.replace("EdDSA", "eddsa"),
        good.replace(kid.as_str(), "0000000000000000"),
        good.replace(kid.as_str(), &kid.as_str().to_uppercase()),
        good.replace("polder-tombstone+jws", "application/polder-tombstone+jws"),
        good.replace("polder-tombstone+jws", "POLDER-TOMBSTONE+JWS"),
        good.replace("polder-tombstone+jws", "JWT"),
        with(&jwk),
        with(r#""jku":"https://example.org/keys""#),
        with(r#""x5u":"https://example.org/chain""#),
        with(r#""crit":["exp"]"#),
        with(r#""b64":false"#),
        with(r#""cty":"json""#),
        with(&format!(r#""kid":"{kid}""#)),
        format!(r#"{{"typ":"polder-tombstone+jws","kid":"{kid}","alg":"EdDSA"}}"#),
        r#"{"alg":"EdDSA","typ":"polder-tombstone+jws"}"#.to_owned(),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#),
        good.replace(':', ": "),
        good.replace("EdDSA", r"\u0045dDSA"),
        format!("{good}\n"),
        format!("\u{feff}{good}"),
        String::new(),
    ];
    for header in bad {
        assert_ne!(header, good);
        let jws = signed_as(&key, &header, PAYLOAD);
        assert_eq!(verify(EvidenceKind::Tombstone, &jws, &[key.public()]), Err(EvidenceError::Header), "{header}");
    }
    // An algorithm that a message chooses: the public key as a secret, or no signature at all.
    let [_, payload, _] = parts(TOMBSTONE);
    let none = format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(good.replace("EdDSA", "none")));
    assert_eq!(verify(EvidenceKind::Tombstone, &none, &[key.public()]), Err(EvidenceError::Header));
}

#[test]
fn evidence_has_one_text() {
    let key = example_key();
    let [header, payload, signature] = parts(TOMBSTONE);
    let take = |jws: &str| verify(EvidenceKind::Tombstone, jws, &[key.public()]);
    let padded = |part: &str| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(part).expect("base64url"));
    let mut bad = vec![
        String::new(),
        "..".to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!(".{payload}.{signature}"),
        format!("{header}..{signature}"),
        format!("{TOMBSTONE}."),
        format!(".{TOMBSTONE}"),
        format!("{TOMBSTONE}.{signature}"),
        format!("{TOMBSTONE}\n"),
        format!(" {TOMBSTONE}"),
        format!("{header}.{}.{signature}", padded(&payload)),
        format!("{header}.{payload}.{}", padded(&signature)),
        format!("{header}.{payload}.{}", signature.replace('-', "+").replace('_', "/")),
        format!("{header}.{payload}.{}", &signature[..84]),
        format!("{header}.{payload}.{signature}AAAA"),
    ];
    assert!(bad.iter().all(|text| text != TOMBSTONE) && padded(&signature).ends_with('='), "each is another text");
    // The same signature with the order of the group added (RFC 8032, section 5.1.7): it is congruent, and refused.
    let mut bytes = URL_SAFE_NO_PAD.decode(&signature).expect("base64url");
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").expect("hexadecimal");
    let mut carry = 0;
    for (byte, added) in bytes[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(added) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    bad.push(format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(bytes)));
    for jws in bad {
        assert!(matches!(take(&jws), Err(EvidenceError::Form | EvidenceError::Header | EvidenceError::Signature)), "{jws}");
    }
    // Every character of it counts: also the last of each part, of which some bits are to spare.
    for (place, was) in TOMBSTONE.char_indices() {
        for other in ['A', 'B', 'C', 'D', 'Q', 'R', 'g', 'h', 'w', 'x', '-', '_', '=', '.'].into_iter().filter(|other| *other != was) {
            let mut jws = TOMBSTONE.to_owned();
            jws.replace_range(place..=place, &other.to_string());
            assert!(take(&jws).is_err(), "{jws}");
        }
    }
    assert!(take(TOMBSTONE).is_ok());
}

#[test]
fn what_is_too_large_is_neither_made_nor_read() {
    assert_eq!(LARGEST, 262_144);
    let key = example_key();
    let of = |length: usize| sign(&key, EvidenceKind::Receipt, &"a".repeat(length));
    // Header, signature, two points, and quotes around the text.
    let overhead = parts(&of(0).expect("signed"))[0].len() + 86 + 2;
    let most = (LARGEST - overhead) / 4 * 3 - 2;
    let jws = of(most).expect("signed");
    assert!(jws.len() <= LARGEST && LARGEST - jws.len() < 4);
    assert!(verify(EvidenceKind::Receipt, &jws, &[key.public()]).is_ok());
    assert_eq!(of(most + 3), Err(EvidenceError::TooLarge));
    let larger = format!("{jws}{}", "A".repeat(4));
    assert_eq!(verify(EvidenceKind::Receipt, &larger, &[key.public()]), Err(EvidenceError::TooLarge));
    let unwritable = std::collections::BTreeMap::from([(vec![1_u8], 1)]);
    assert_eq!(sign(&key, EvidenceKind::Receipt, &unwritable), Err(EvidenceError::Payload));
}

#[test]
fn a_member_signs_with_the_keys_that_the_register_gives_it_at_that_instant() {
    let (key, next) = (example_key(), from_seed(&[2; 32]));
    let mut entry = member(&key);
    let (from, until) = (entry.message_keys[0].not_before, entry.message_keys[0].not_after);
    let jws = |key: &SigningKey| sign(key, EvidenceKind::Acknowledgement, &SAMPLE).expect("signed");
    let taken = |entry: &_, key: &SigningKey, now: Timestamp| verify_of(EvidenceKind::Acknowledgement, &jws(key), entry, now).is_ok();
    for (now, good) in [(from.plus_micros(-1), false), (from, true), (at(0), true), (until, true), (until.plus_micros(1), false)] {
        assert_eq!(taken(&entry, &key, now), good, "{now}");
    }
    assert!(!taken(&entry, &next, at(0)), "a key of nobody");
    let mut other = entry.message_keys[0].clone();
    (other.keyid, other.public_key, other.not_before) = (next.public().id(), next.public(), until.plus_seconds(-60));
    entry.message_keys.push(other);
    assert!(!taken(&entry, &next, until.plus_seconds(-61)) && taken(&entry, &next, until.plus_seconds(-60)));
    assert!(taken(&entry, &key, until.plus_seconds(-60)), "both, while they overlap");
    // What a key is called decides nothing.
    entry.message_keys.retain(|known| known.public_key == next.public());
    entry.message_keys[0].keyid = key.public().id();
    assert!(!taken(&entry, &key, until.plus_seconds(-60)));
}
