//! What a table shows of an offer, whatever its kind.

use polder_model::Postcode4;
use polder_model::query::HoursCriterion;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::output::clean;
use crate::tables;

/// Title, organisation and place of an offer.
pub(super) struct Shown {
    pub title: String,
    pub organisation: Option<String>,
    pub place: Option<String>,
}

/// Reads a visible document. A document that cannot be read shows nothing: it was checked long before.
pub(super) fn of(document: &RawValue) -> Shown {
    let value: Value = serde_json::from_str(document.get()).unwrap_or_default();
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(clean);
    let organisation = text("/employer/name").or_else(|| text("/provider/name"));
    let editions = value["editions"].as_array().into_iter().flatten().map(|edition| &edition["location"]);
    let place = place(&value["location"]).or_else(|| editions.filter_map(place).next());
    Shown { title: text("/title").unwrap_or_default(), organisation, place }
}

/// The hours a week of an offer that are asked too: least and most.
pub(super) fn hours_that_fit(document: &RawValue, asked: &HoursCriterion) -> Option<(u64, u64)> {
    let value: Value = serde_json::from_str(document.get()).ok()?;
    let hours = value.get("hours").or_else(|| value.get("hoursPerWeek"))?;
    let least = hours["min"].as_u64()?.max(asked.min.into());
    let most = hours["max"].as_u64()?.min(asked.max.into());
    (least <= most).then_some((least, most))
}

fn place(location: &Value) -> Option<String> {
    if let Some(place) = location["place"].as_str() {
        return Some(clean(place));
    }
    let postcode = location["postcode"].as_str()?;
    let known = Postcode4::from_postcode(postcode).ok().and_then(|postcode| tables::in_use().place(postcode));
    Some(known.map_or_else(|| clean(postcode), |place| place.name.clone()))
}
