//! The two signature headers, in exactly the form that the profile writes. Linear and bounded: nothing else is read.

use std::fmt::Write;

use super::MessageError;
use crate::keys::KeyId;

const LABEL: &str = "polder";
/// Longest header that is looked at, in bytes.
const LONGEST: usize = 1_024;

/// The value of `Signature-Input`: which components are covered, and the parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureInput {
    /// Seconds since 1970.
    pub created: i64,
    /// Seconds since 1970.
    pub expires: i64,
    /// 16 random bytes in base64url; empty in responses, which are bound to the request instead.
    pub nonce: String,
    /// Whose key.
    pub keyid: String,
}

impl SignatureInput {
    /// The inner list with its parameters: what stands after the label, and in the signature base.
    #[must_use]
    pub fn parameters(&self, components: &[&str]) -> String {
        let mut text = format!("({});created={};expires={};", components.join(" "), self.created, self.expires);
        if !self.nonce.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(text, "nonce=\"{}\";", self.nonce);
        }
        let _ = write!(text, "keyid=\"{}\";tag=\"polder-1\"", self.keyid);
        text
    }

    /// The header's value.
    #[must_use]
    pub fn header(&self, components: &[&str]) -> String {
        format!("{LABEL}={}", self.parameters(components))
    }

    /// Reads a header that covers exactly these components and carries exactly our parameters, in our order.
    ///
    /// # Errors
    /// [`MessageError::Profile`] for anything else.
    pub fn parse(header: &str, components: &[&str], with_nonce: bool) -> Result<Self, MessageError> {
        const FORM: MessageError = MessageError::Profile("signature-input is not of the one allowed form");
        if header.len() > LONGEST {
            return Err(FORM);
        }
        let rest = header.strip_prefix(LABEL).and_then(|rest| rest.strip_prefix('=')).ok_or(FORM)?;
        let list = format!("({})", components.join(" "));
        let rest = rest.strip_prefix(&list).ok_or(MessageError::Profile("not exactly the components that must be covered"))?;
        let (created, rest) = number(rest, ";created=").ok_or(FORM)?;
        let (expires, rest) = number(rest, ";expires=").ok_or(FORM)?;
        let (nonce, rest) = if with_nonce { text(rest, ";nonce=\"").ok_or(FORM)? } else { ("", rest) };
        let (keyid, rest) = text(rest, ";keyid=\"").ok_or(FORM)?;
        let base64url = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let nonce_form = !with_nonce || nonce.len() == 22 && base64url(nonce);
        let keyid_form = keyid.len() == 16 && keyid.bytes().all(|b| b.is_ascii_hexdigit());
        if rest != ";tag=\"polder-1\"" || !nonce_form || !keyid_form {
            return Err(FORM);
        }
        let input = Self { created, expires, nonce: nonce.to_owned(), keyid: keyid.to_owned() };
        // What is verified is written anew from these values: a header that says the same in another way (`created=01`) is not the one that was signed.
        if input.header(components) == header { Ok(input) } else { Err(FORM) }
    }
}

fn number<'t>(text: &'t str, name: &str) -> Option<(i64, &'t str)> {
    let rest = text.strip_prefix(name)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    if end == 0 || end > 12 {
        return None;
    }
    Some((rest[..end].parse().ok()?, &rest[end..]))
}

fn text<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    text.strip_prefix(name)?.split_once('"')
}

/// The value of `Signature`.
pub(super) fn signature_header(signature: &str) -> String {
    format!("{LABEL}=:{signature}:")
}

/// The base64 text in the value of `Signature`.
pub(super) fn signature_text(header: &str) -> Result<&str, MessageError> {
    let inner = header.strip_prefix(LABEL).and_then(|rest| rest.strip_prefix("=:")).and_then(|rest| rest.strip_suffix(':'));
    inner.filter(|text| text.len() == 88).ok_or(MessageError::Profile("signature is not of the one allowed form"))
}

/// A key id as it stands in parameters.
pub(super) fn keyid(id: &KeyId) -> String {
    id.as_str().to_owned()
}
