//! Evidence (JWS): of all that is made from signed texts only those very texts hold, each as what it is; and of everything that the right key
//! signs, whatever its header says, only what has the one header.

use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, Target};
use polder_trust::evidence::{EvidenceKind, sign, verify};
use serde_json::json;

use crate::keys::key;

/// What an input begins with that is to be signed: then its header, a newline, and its payload.
const SIGN: &str = "sign\n";

/// Everything that was signed, with its kind and payload: by the key that is known, and by another one.
fn signed() -> &'static [(EvidenceKind, String, String, bool)] {
    static SIGNED: OnceLock<Vec<(EvidenceKind, String, String, bool)>> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let mut all = Vec::new();
        for kind in EvidenceKind::ALL {
            for payload in [json!({"id": "00112233445566778899aabbccddeeff", "epoch": 1}), json!({}), json!("tekst")] {
                for number in [0, 1] {
                    all.push((kind, sign(key(number), kind, &payload).expect("signed"), payload.to_string(), number == 0));
                }
            }
        }
        all
    })
}

fn header(kind: EvidenceKind) -> String {
    format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"{}"}}"#, key(0).public().id(), kind.typ())
}

/// What holds of a text, as each kind in turn, has to be what `expected` says.
fn each(jws: &str, expected: impl Fn(EvidenceKind) -> Option<Vec<u8>>) -> Verdict {
    let mut outcome = String::new();
    for kind in EvidenceKind::ALL {
        let found = verify(kind, jws, &[key(2).public(), key(0).public()]);
        match (expected(kind), &found) {
            (Some(payload), Ok(found)) if payload == *found => {}
            (None, Err(_)) => {}
            (expected, _) => return Err(format!("{found:?} as {kind:?}, and not {expected:?}")),
        }
        outcome.push_str(&found.map_or_else(|error| format!("{error:?} "), |_| "holds ".to_owned()));
    }
    Ok(outcome)
}

fn property(input: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(input) else { return Ok("no text".to_owned()) };
    if let Some((said, payload)) = text.strip_prefix(SIGN).and_then(|rest| rest.split_once('\n')) {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(said), URL_SAFE_NO_PAD.encode(payload));
        let jws = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key(0).sign(signed.as_bytes())));
        let fits = jws.len() <= polder_trust::evidence::LARGEST;
        return each(&jws, |kind| (fits && said == header(kind)).then(|| payload.as_bytes().to_vec()));
    }
    let known = signed().iter().find(|(_, jws, _, is_known)| jws == text && *is_known);
    each(text, |kind| known.filter(|(own, ..)| *own == kind).map(|(_, _, payload, _)| payload.as_bytes().to_vec()))
}

#[test]
fn evidence() {
    let mut seeds: Vec<Vec<u8>> = signed().iter().map(|(_, jws, ..)| jws.clone().into_bytes()).collect();
    seeds.extend(EvidenceKind::ALL.map(|kind| format!("{SIGN}{}\n{{}}", header(kind)).into_bytes()));
    let words = &[
        ".",
        "=",
        "-",
        "_",
        "A",
        "sign\n",
        r#""alg":"none""#,
        r#""alg":"EdDSA""#,
        r#""alg":"HS256""#,
        r#""typ":"JWT""#,
        r#""typ":"polder-receipt+jws""#,
        r#","crit":["exp"]"#,
        r#","jku":"https://example.org""#,
        r#","b64":false"#,
        "eyJhbGciOiJub25lIn0",
        " ",
        "\u{e9}",
    ];
    Target { name: "evidence", seeds, grammar: Grammar::Text, words, bound: Duration::from_millis(200) }.run(property);
}
