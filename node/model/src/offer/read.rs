//! From bytes to an offer: strict JSON, schema, types, domain rules.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::Value;

use super::types::Offer;
use super::{domain, features, schema};
use crate::features::Features;
use crate::finding::{Finding, FindingCode};
use crate::json;
use crate::name::Kind;
use crate::query::reading_failed;

/// Largest offer, in bytes.
pub const LARGEST_OFFER: usize = 64 * 1024;

/// The members that hold a number rather than an integer. JSON Schema takes `24.0` for an integer; the types do not.
const FRACTIONAL: [&str; 2] = ["latitude", "longitude"];

/// An offer that passed every check.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedOffer {
    /// The kind.
    pub kind: Kind,
    /// The offer, typed.
    pub offer: Offer,
    /// The document as JSON.
    pub value: Value,
}

/// Reads an offer: size, strict JSON, schema, domain rules.
///
/// # Errors
/// Everything that is wrong, at once where the document can be read at all; no finding carries a value from it.
pub fn parse(kind: Kind, bytes: &[u8]) -> Result<ParsedOffer, Vec<Finding>> {
    if bytes.len() > LARGEST_OFFER {
        return Err(vec![Finding::new("", FindingCode::OutOfBounds, "an offer has at most 64 KiB")]);
    }
    let value = json::read_strict(bytes).map_err(|finding| vec![finding])?;
    let mut findings = schema::findings(kind, &value);
    findings.extend(json::fractions(&value, &FRACTIONAL));
    if !findings.is_empty() {
        // Everything at once: what stands in texts is told too.
        findings.extend(domain::text_findings(kind, &value));
        findings.retain(|finding| schema::knows(kind, &finding.pointer));
        return Err(findings);
    }
    let offer = typed(kind, bytes).map_err(|error| vec![reading_failed(&error)])?;
    let findings = domain::findings(kind, &offer, &value);
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(ParsedOffer { kind, offer, value })
}

/// Reads the features of an offer that passed [`parse`] when it was stored; the schema is not asked again.
///
/// # Errors
/// When the bytes are not what was stored.
pub fn read_stored(kind: Kind, bytes: &[u8]) -> Result<Features, Finding> {
    let offer = typed(kind, bytes).map_err(|error| reading_failed(&error))?;
    if offer.terms().is_some_and(|terms| terms.fields.is_some()) {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| reading_failed(&error))?;
        return visible_features(kind, &offer, &value).map_err(|error| reading_failed(&error));
    }
    Ok(features::of(&offer))
}

fn typed(kind: Kind, bytes: &[u8]) -> Result<Offer, serde_json::Error> {
    Ok(match kind {
        Kind::Vacancy => Offer::Vacancy(serde_json::from_slice(bytes)?),
        Kind::Training => Offer::Training(serde_json::from_slice(bytes)?),
        Kind::SkillOffer => Offer::SkillOffer(serde_json::from_slice(bytes)?),
    })
}

fn visible_features(kind: Kind, offer: &Offer, value: &Value) -> Result<Features, serde_json::Error> {
    match visible_value(kind, offer, value) {
        None => Ok(features::of(offer)),
        Some(visible) => Ok(features::of(&typed(kind, visible.to_string().as_bytes())?)),
    }
}

/// The document without the members that its terms hide; `None` where nothing is hidden.
fn visible_value(kind: Kind, offer: &Offer, value: &Value) -> Option<Value> {
    let shown = offer.terms()?.fields.as_ref()?;
    let members = value.as_object()?;
    let stays = |name: &String| name == "terms" || required_members(kind).contains(&name.as_str()) || shown.contains(name);
    if members.keys().all(stays) {
        return None;
    }
    Some(Value::Object(members.iter().filter(|(name, _)| stays(name)).map(|(name, inner)| (name.clone(), inner.clone())).collect()))
}

impl ParsedOffer {
    /// The document that others see: the exact bytes, or, where the terms hide members that it has, the document without these.
    #[must_use]
    pub fn visible_document<'b>(&self, exact: &'b [u8]) -> Cow<'b, [u8]> {
        match visible_value(self.kind, &self.offer, &self.value) {
            None => Cow::Borrowed(exact),
            Some(visible) => Cow::Owned(visible.to_string().into_bytes()),
        }
    }

    /// What ranking sees of the visible document.
    #[must_use]
    pub fn features(&self) -> Features {
        visible_features(self.kind, &self.offer, &self.value).unwrap_or_else(|_| features::of(&self.offer))
    }
}

/// The members that every offer of the kind has, and that terms cannot hide.
#[must_use]
pub const fn required_members(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Vacancy => &["title", "description", "employer"],
        Kind::Training => &["title", "description", "provider"],
        Kind::SkillOffer => &["title", "skills"],
    }
}

static OPTIONAL: LazyLock<[Vec<String>; 3]> = LazyLock::new(|| {
    Kind::ALL.map(|kind| {
        let schema: Value = polder_schemas::schema(kind.as_str()).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let members = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
        members.filter(|name| name != "terms" && !required_members(kind).contains(&name.as_str())).collect()
    })
});

/// The members that terms can hide.
pub(super) fn optional_members(kind: Kind) -> &'static [String] {
    let place = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
    &OPTIONAL[place]
}
