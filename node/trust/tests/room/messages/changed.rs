//! No change of a signature, however small, is accepted.

use http::{HeaderMap, HeaderValue};
use polder_trust::message::{sign_response, verify_response};

use super::{BODY, Request, TARGET, cache, key, member, now};

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
