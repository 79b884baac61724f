//! Requests.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use polder_model::Timestamp;

use super::base::{signature_base, single};
use super::fields::{self, SignatureInput};
use super::{
    CONTENT_DIGEST, LIFE_SECONDS, MessageError, POLDER_PURPOSE, POLDER_REGISTER, ReplayCache, SIGNATURE, SIGNATURE_INPUT, SKEW_SECONDS,
    content_digest,
};
use crate::keys::SigningKey;
use crate::register::Member;

/// What every request signature covers, in this order.
pub(super) const COVERED: [&str; 6] =
    ["\"@method\"", "\"@target-uri\"", "\"content-type\"", "\"content-digest\"", "\"polder-register\"", "\"polder-purpose\""];

/// Who signs, and what stands beside the body.
#[derive(Clone, Copy, Debug)]
pub struct RequestSigner<'s> {
    /// The key.
    pub key: &'s SigningKey,
    /// The value of `Polder-Register`.
    pub register: &'s str,
    /// The value of `Polder-Purpose`.
    pub purpose: &'s str,
}

fn header(headers: &mut HeaderMap, name: &'static str, value: &str) -> Result<(), MessageError> {
    let value = HeaderValue::from_str(value).map_err(|_| MessageError::Profile("a value that cannot stand in a header"))?;
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}

fn base(method: &str, target: &str, headers: &HeaderMap, parameters: &str) -> Result<String, MessageError> {
    let values = [
        method,
        target,
        single(headers, "content-type")?,
        single(headers, CONTENT_DIGEST)?,
        single(headers, POLDER_REGISTER)?,
        single(headers, POLDER_PURPOSE)?,
    ];
    let components: Vec<(&str, &str)> = COVERED.into_iter().zip(values).collect();
    Ok(signature_base(&components, parameters))
}

/// Signs a request to `target` (the absolute URI) by setting its headers. The body is JSON, unless they say otherwise already.
///
/// # Errors
/// When a value cannot stand in a header or there is no randomness.
pub fn sign_request(
    signer: RequestSigner<'_>,
    method: &str,
    target: &str,
    headers: &mut HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<(), MessageError> {
    headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    header(headers, CONTENT_DIGEST, &content_digest(body))?;
    header(headers, POLDER_REGISTER, signer.register)?;
    header(headers, POLDER_PURPOSE, signer.purpose)?;
    let mut random = [0; 16];
    rand::fill(&mut random).map_err(|_| MessageError::Profile("there is no randomness"))?;
    let input = SignatureInput {
        created: now.seconds(),
        expires: now.seconds() + LIFE_SECONDS,
        nonce: URL_SAFE_NO_PAD.encode(random),
        keyid: fields::keyid(&signer.key.public().id()),
    };
    let base = base(method, target, headers, &input.parameters(&COVERED))?;
    header(headers, SIGNATURE_INPUT, &input.header(&COVERED))?;
    header(headers, SIGNATURE, &fields::signature_header(&STANDARD.encode(signer.key.sign(base.as_bytes()))))
}

/// A request whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRequest {
    /// The value of `Polder-Register`.
    pub register: String,
    /// The value of `Polder-Purpose`.
    pub purpose: String,
}

/// Checks a request that came over a TLS connection of `sender`: policy, key, signature, digest, nonce, in this order.
///
/// # Errors
/// The first that does not hold.
pub fn verify_request(
    sender: &Member,
    method: &str,
    target: &str,
    headers: &HeaderMap,
    body: &[u8],
    seen: &ReplayCache,
    now: Timestamp,
) -> Result<VerifiedRequest, MessageError> {
    if !headers.contains_key(SIGNATURE_INPUT) {
        return Err(MessageError::Profile("there is no Signature-Input: nobody has signed the message"));
    }
    let input = SignatureInput::parse(single(headers, SIGNATURE_INPUT)?, &COVERED, true)?;
    check_times(&input, now)?;
    seen.check_start(input.created, now)?;
    let key = sender.message_key(&input.keyid, now).ok_or(MessageError::UnknownKey)?;
    let base = base(method, target, headers, &input.parameters(&COVERED))?;
    let signature = STANDARD.decode(fields::signature_text(single(headers, SIGNATURE)?)?).map_err(|_| MessageError::Signature)?;
    if !key.public_key.verifies(base.as_bytes(), &signature) {
        return Err(MessageError::Signature);
    }
    if single(headers, CONTENT_DIGEST)? != content_digest(body) {
        return Err(MessageError::Digest);
    }
    seen.note(&input.keyid, &input.nonce, input.expires, now)?;
    Ok(VerifiedRequest { register: single(headers, POLDER_REGISTER)?.to_owned(), purpose: single(headers, POLDER_PURPOSE)?.to_owned() })
}

/// A signature lives a minute at most, and was made within the skew of our clock.
pub(super) fn check_times(input: &SignatureInput, now: Timestamp) -> Result<(), MessageError> {
    let now = now.seconds();
    let life = input.expires - input.created;
    let fresh =
        input.created <= now + SKEW_SECONDS && input.expires + SKEW_SECONDS >= now && now - input.created <= LIFE_SECONDS + SKEW_SECONDS;
    if (0..=LIFE_SECONDS).contains(&life) && fresh { Ok(()) } else { Err(MessageError::Clock) }
}
