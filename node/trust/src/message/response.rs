//! Responses, bound to their request: an answer cannot be moved to another question (RFC 9421 §2.4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use polder_model::Timestamp;

use super::base::{signature_base, single};
use super::fields::{self, SignatureInput};
use super::request::check_times;
use super::{CONTENT_DIGEST, LIFE_SECONDS, MessageError, SIGNATURE, SIGNATURE_INPUT, content_digest};
use crate::keys::SigningKey;
use crate::register::Member;

/// What every response signature covers, in this order.
const COVERED: [&str; 5] = ["\"@status\"", "\"content-digest\"", "\"content-digest\";req", "\"@target-uri\";req", "\"signature\";req"];

fn base(status: u16, response: &HeaderMap, target: &str, request: &HeaderMap, parameters: &str) -> Result<String, MessageError> {
    let status = status.to_string();
    let values = [&status, single(response, CONTENT_DIGEST)?, single(request, CONTENT_DIGEST)?, target, single(request, SIGNATURE)?];
    let components: Vec<(&str, &str)> = COVERED.into_iter().zip(values).collect();
    Ok(signature_base(&components, parameters))
}

/// Signs the response to a request by setting its headers.
///
/// # Errors
/// When the request has no signature to bind to.
pub fn sign_response(
    key: &SigningKey,
    status: u16,
    response: &mut HeaderMap,
    body: &[u8],
    target: &str,
    request: &HeaderMap,
    now: Timestamp,
) -> Result<(), MessageError> {
    let set = |response: &mut HeaderMap, name, value: String| {
        let value = HeaderValue::try_from(value).map_err(|_| MessageError::Profile("a value that cannot stand in a header"))?;
        response.insert(HeaderName::from_static(name), value);
        Ok(())
    };
    set(response, CONTENT_DIGEST, content_digest(body))?;
    let created = now.seconds();
    let input = SignatureInput { created, expires: created + LIFE_SECONDS, nonce: String::new(), keyid: fields::keyid(&key.public().id()) };
    let base = base(status, response, target, request, &input.parameters(&COVERED))?;
    set(response, SIGNATURE_INPUT, input.header(&COVERED))?;
    set(response, SIGNATURE, fields::signature_header(&STANDARD.encode(key.sign(base.as_bytes()))))
}

/// Checks that `sender` gave this response to that request. Returns what would prove it: digest and signature headers.
///
/// # Errors
/// The first that does not hold.
pub fn verify_response(
    sender: &Member,
    status: u16,
    response: &HeaderMap,
    body: &[u8],
    target: &str,
    request: &HeaderMap,
    now: Timestamp,
) -> Result<String, MessageError> {
    let input_header = single(response, SIGNATURE_INPUT)?;
    let input = SignatureInput::parse(input_header, &COVERED, false)?;
    check_times(&input, now)?;
    let key = sender.message_key(&input.keyid, now).ok_or(MessageError::UnknownKey)?;
    let base = base(status, response, target, request, &input.parameters(&COVERED))?;
    let signature_header = single(response, SIGNATURE)?;
    let signature = STANDARD.decode(fields::signature_text(signature_header)?).map_err(|_| MessageError::Signature)?;
    if !key.public_key.verifies(base.as_bytes(), &signature) {
        return Err(MessageError::Signature);
    }
    let digest = single(response, CONTENT_DIGEST)?;
    if digest != content_digest(body) {
        return Err(MessageError::Digest);
    }
    Ok(format!("{CONTENT_DIGEST}: {digest}; {SIGNATURE_INPUT}: {input_header}; {SIGNATURE}: {signature_header}"))
}
