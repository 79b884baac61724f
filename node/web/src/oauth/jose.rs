//! Keys and signatures of clients: few algorithms, each for one kind of key; never the one that a token asks for alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Most characters of a token or proof that are looked at.
pub(super) const LONGEST: usize = 8 * 1024;
/// Bits of an RSA key, least and most.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=4_096;

/// The algorithms by which clients sign, as the metadata has them.
pub(super) const ALGORITHMS: [&str; 4] = ["ES256", "PS256", "EdDSA", "RS256"];

/// The one algorithm of a key.
fn algorithm(key: &Jwk) -> Option<Algorithm> {
    match &key.algorithm {
        AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => Some(Algorithm::ES256),
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Some(Algorithm::EdDSA),
        // The older one where the key itself says so, as OAuth-NL has it: a token alone never picks one.
        AlgorithmParameters::RSA(_) => match key.common.key_algorithm {
            Some(KeyAlgorithm::RS256) => Some(Algorithm::RS256),
            None | Some(KeyAlgorithm::PS256) => Some(Algorithm::PS256),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a key is one by which a client may sign.
pub(super) fn check(key: &Jwk) -> Result<(), &'static str> {
    const KINDS: &str = "a public key as JWK: EC with P-256 (ES256), OKP with Ed25519 (EdDSA), or RSA of 2048 to 4096 bits (PS256, or RS256 where its alg says so)";
    algorithm(key).ok_or(KINDS)?;
    let bits = |text: &str| URL_SAFE_NO_PAD.decode(text).map_or(0, |bytes| bytes.len() * 8);
    let is_of_its_size = match &key.algorithm {
        AlgorithmParameters::EllipticCurve(ec) => bits(&ec.x) == 256 && bits(&ec.y) == 256,
        AlgorithmParameters::OctetKeyPair(pair) => bits(&pair.x) == 256,
        AlgorithmParameters::RSA(rsa) => RSA_BITS.contains(&bits(&rsa.n)),
        _ => false,
    };
    if is_of_its_size && DecodingKey::from_jwk(key).is_ok() { Ok(()) } else { Err(KINDS) }
}

/// The members of a key that nobody but its owner may have (RFC 7518, section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Whether a key has more than its public half.
pub(super) fn is_private(key: &Value) -> bool {
    PRIVATE.iter().any(|member| !key[member].is_null())
}

/// Whether the header of a signed text shows such a key (RFC 9449, section 4.3, number 7).
pub(super) fn shows_private_key(text: &str) -> bool {
    let header = text.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    header.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()).is_some_and(|header| is_private(&header["jwk"]))
}

/// The thumbprint of a key (RFC 7638), in base64url.
pub(crate) fn thumbprint(key: &Jwk) -> Option<String> {
    // Not before it is known to be a key: what its members say goes into the text that is hashed.
    check(key).ok()?;
    key.thumbprint(ThumbprintHash::SHA256).ok()
}

/// The header of a signed text, unless that is too long to be looked at.
pub(crate) fn header(text: &str) -> Option<Header> {
    (text.len() <= LONGEST).then(|| jsonwebtoken::decode_header(text).ok()).flatten()
}

/// What a text claims, if that key signed it. Its times and audience are the caller's to check.
pub(super) fn claims<T: DeserializeOwned>(text: &str, key: &Jwk) -> Option<T> {
    let algorithm = algorithm(key)?;
    let decoding = DecodingKey::from_jwk(key).ok()?;
    claims_by(text, &decoding, algorithm)
}

/// The same, with a key that was read before.
pub(crate) fn claims_by<T: DeserializeOwned>(text: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<T> {
    if text.len() > LONGEST {
        return None;
    }
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    jsonwebtoken::decode(text, key, &validation).ok().map(|read| read.claims)
}
