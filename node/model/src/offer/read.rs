//! From bytes to an offer: strict JSON, schema, types, domain rules.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;
use serde_json::de::{Read, SliceRead, StrRead};

use super::types::Offer;
use super::{domain, features, schema, sure};
use crate::features::Features;
use crate::finding::{Finding, FindingCode};
use crate::json;
use crate::name::Kind;
use crate::query::reading_failed;

/// Largest offer, in bytes.
pub const LARGEST_OFFER: usize = 64 * 1024;

/// The members that hold a number rather than an integer. JSON Schema takes `24.0` for an integer; the types do not.
pub(super) const FRACTIONAL: [&str; 2] = ["latitude", "longitude"];

/// An offer that passed every check.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedOffer {
    /// The kind.
    pub kind: Kind,
    /// The offer, typed.
    pub offer: Offer,
    /// The document as JSON, where its terms name the members that may be seen.
    value: Option<Value>,
}

/// Reads an offer: size, strict JSON, schema, domain rules.
///
/// # Errors
/// Everything that is wrong, at once where the document can be read at all; no finding carries a value from it.
pub fn parse(kind: Kind, bytes: &[u8]) -> Result<ParsedOffer, Vec<Finding>> {
    if let Some(parsed) = parse_quickly(kind, bytes) {
        return Ok(parsed);
    }
    judge(kind, bytes)
}

/// Reads an offer that is surely good; `None` where the strict reader, the schema or the rules must be asked.
fn parse_quickly(kind: Kind, bytes: &[u8]) -> Option<ParsedOffer> {
    // Looked at once, not text by text.
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LARGEST_OFFER && sure::is_good(kind, text))?;
    let offer = typed(kind, StrRead::new(text)).ok().filter(|offer| domain::typed_findings(kind, offer).is_empty())?;
    let value = if names_fields(&offer) { Some(serde_json::from_str(text).ok()?) } else { None };
    Some(ParsedOffer { kind, offer, value })
}

/// As [`parse`], which gives the same, by the strict reader and the schema alone: the judge in tests.
///
/// # Errors
/// As [`parse`].
pub fn judge(kind: Kind, bytes: &[u8]) -> Result<ParsedOffer, Vec<Finding>> {
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
        schema::say_where(kind, bytes, &mut findings);
        return Err(findings);
    }
    let offer = typed(kind, SliceRead::new(bytes)).map_err(|error| vec![reading_failed(&error)])?;
    let findings = domain::findings(kind, &offer, &value);
    if !findings.is_empty() {
        return Err(findings);
    }
    let value = names_fields(&offer).then_some(value);
    Ok(ParsedOffer { kind, offer, value })
}

/// Whether the terms say which members may be seen.
fn names_fields(offer: &Offer) -> bool {
    offer.terms().is_some_and(|terms| terms.fields.is_some())
}

/// Reads the features of an offer that passed [`parse`] when it was stored; the schema is not asked again.
///
/// # Errors
/// When the bytes are not what was stored.
pub fn read_stored(kind: Kind, bytes: &[u8]) -> Result<Features, Finding> {
    let offer = typed(kind, SliceRead::new(bytes)).map_err(|error| reading_failed(&error))?;
    if names_fields(&offer) {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| reading_failed(&error))?;
        return visible_features(kind, &offer, Some(&value)).map_err(|error| reading_failed(&error));
    }
    Ok(features::of(&offer))
}

fn typed<'t>(kind: Kind, text: impl Read<'t>) -> Result<Offer, serde_json::Error> {
    let mut reader = serde_json::Deserializer::new(text);
    let offer = match kind {
        Kind::Vacancy => Offer::Vacancy(Box::deserialize(&mut reader)?),
        Kind::Training => Offer::Training(Box::deserialize(&mut reader)?),
        Kind::SkillOffer => Offer::SkillOffer(Box::deserialize(&mut reader)?),
    };
    reader.end()?;
    Ok(offer)
}

fn visible_features(kind: Kind, offer: &Offer, value: Option<&Value>) -> Result<Features, serde_json::Error> {
    match visible_value(kind, offer, value) {
        None => Ok(features::of(offer)),
        Some(visible) => Ok(features::of(&typed(kind, StrRead::new(&visible.to_string()))?)),
    }
}

/// The document without the members that its terms hide; `None` where nothing is hidden.
fn visible_value(kind: Kind, offer: &Offer, value: Option<&Value>) -> Option<Value> {
    let shown = offer.terms()?.fields.as_ref()?;
    let members = value?.as_object()?;
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
        match visible_value(self.kind, &self.offer, self.value.as_ref()) {
            None => Cow::Borrowed(exact),
            Some(visible) => Cow::Owned(visible.to_string().into_bytes()),
        }
    }

    /// What ranking sees of the visible document.
    #[must_use]
    pub fn features(&self) -> Features {
        visible_features(self.kind, &self.offer, self.value.as_ref()).unwrap_or_else(|_| features::of(&self.offer))
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
