//! Keys that are proposed for offers.

use polder_model::OfferKey;
use sha2::{Digest, Sha256};

/// Most of an identifier that stands in a key as it is.
const LONGEST_START: usize = 80;

/// The key for an identifier: itself, where it is a key, else what is left of it and a hash of all of it.
pub(crate) fn of(identifier: &str) -> Option<OfferKey> {
    if let Ok(key) = identifier.parse() {
        return Some(key);
    }
    let mut start = String::new();
    for character in identifier.chars().take(LONGEST_START) {
        let fits = character.is_ascii_alphanumeric() || "._~".contains(character);
        if fits || !start.ends_with('-') {
            start.push(if fits { character } else { '-' });
        }
    }
    let start = start.trim_matches(['-', '.']);
    let hash = &hex::encode(Sha256::digest(identifier.as_bytes()))[..12];
    if start.is_empty() { hash.parse().ok() } else { format!("{start}-{hash}").parse().ok() }
}

/// The key for what has no identifier, made of all that tells it from others.
pub(crate) fn hashed(start: &str, all: &str) -> Option<OfferKey> {
    format!("{start}-{}", &hex::encode(Sha256::digest(all.as_bytes()))[..24]).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_become_keys() {
        assert_eq!(of("V-2041").map(|key| key.to_string()).as_deref(), Some("V-2041"));
        let key = of("https://werk.example/vacature/12?a=b").expect("a key").to_string();
        assert!(key.starts_with("https-werk.example-vacature-12-a-b-"), "{key}");
        let others = ["../../etc/passwd", "..", "", "C:\\x", "a/b", "a b", &"ü".repeat(500)].map(|text| of(text).expect("a key"));
        let distinct: std::collections::HashSet<_> = others.iter().collect();
        assert_eq!(distinct.len(), others.len());
        assert!(others.iter().all(|key| !key.as_str().starts_with('.')), "{others:?}");
    }
}
