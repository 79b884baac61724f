//! Offerings of a course or programme become editions of a training, if one can still enrol.

use polder_model::Date;
use serde_json::{Map, Value, json};

use super::CONSUMER;
use super::read::Known;
use super::spelling::{modern, word};
use super::values::{MOST, chosen, codes, day};
use crate::json_ld::list;
use crate::report::{Loss, NotLive};
use crate::values::{cents, https, postcode};

/// An offering that one can enrol for.
pub(super) struct Live {
    pub(super) edition: Value,
    /// The last day to enrol, where it is said.
    pub(super) closing: Option<Date>,
    /// What it costs in cents, where that is said in euros.
    pub(super) price: Option<u32>,
    /// Where one enrols.
    pub(super) url: Option<String>,
    /// The mode was not said.
    pub(super) mode_assumed: bool,
    /// A price that is not understood.
    pub(super) odd_price: bool,
    /// Fields that say several things, of which an edition has one.
    pub(super) several: Vec<&'static str>,
}

/// Why the others of several are left out.
pub(super) const ONE_ALONE: Loss = Loss::LeftOut { because: "there are several, and an edition has one: the first, or where is taught" };

/// The offerings that one can enrol for, those that begin first before the others; or why there is none though there are offerings.
pub(super) fn live(known: &Known<'_>, object: &Map<String, Value>, offerings: &[Value]) -> Result<Vec<Live>, NotLive> {
    let all: Vec<Map<String, Value>> = offerings.iter().take(MOST).map(|one| modern(known.version, one)).collect();
    let state = |offering: &Map<String, Value>| offering.get("state").and_then(Value::as_str).map(word).unwrap_or_default();
    let mut live: Vec<Live> =
        all.iter().filter(|one| ["", "active"].contains(&state(one).as_str())).filter_map(|one| open(known, object, one)).collect();
    if live.is_empty() && !all.is_empty() {
        let cancelled = all.iter().all(|one| ["cancelled", "canceled"].contains(&state(one).as_str()));
        return Err(if cancelled { NotLive::Cancelled } else { NotLive::NothingOpen });
    }
    live.sort_by(|one, other| one.edition["startDate"].as_str().cmp(&other.edition["startDate"].as_str()));
    Ok(live)
}

/// What is given on demand, without offerings: one edition without a day, where the object itself says how or where it is given; and what it says of that
/// and of the language that has no place in an edition, by its field.
pub(super) fn on_demand(known: &Known<'_>, object: &Map<String, Value>) -> (Option<Live>, Vec<(&'static str, Loss)>) {
    let of = |name: &str| object.get(name).filter(|said| !list(said).is_empty());
    let (modes, addresses, languages) = (of("modesOfDelivery"), of("addresses"), of("teachingLanguages"));
    let mode = modes.and_then(mode);
    let location = addresses.and_then(|addresses| location(known, addresses, object));
    let spoken = languages.and_then(language);
    let is_edition = mode.is_some() || location.is_some();
    let mut lost = Vec::new();
    let mut odd = |field, allowed: &str| lost.push((field, Loss::NotUnderstood { allowed: allowed.to_owned() }));
    if addresses.is_some() && location.is_none() {
        odd("addresses", "an address in the Netherlands with a postcode or a place");
    }
    if modes.is_some() && mode.is_none() {
        odd("modesOfDelivery", "a mode of delivery, such as online or presential");
    }
    if languages.is_some() && spoken.is_none() {
        odd("teachingLanguages", "a language, such as nl or nld");
    } else if spoken.is_some() && !is_edition {
        lost.push(("teachingLanguages", Loss::LeftOut { because: "it has no offerings, and says neither how nor where it is given" }));
    }
    let several = several(addresses, languages);
    if is_edition {
        lost.extend(several.iter().map(|field| (*field, ONE_ALONE)));
    }
    let mut edition = Map::from_iter([("mode".to_owned(), Value::from(mode.unwrap_or("on-site")))]);
    edition.extend(location.map(|location| ("location".to_owned(), location)));
    edition.extend(spoken.map(|language| ("language".to_owned(), language.into())));
    let edition = Value::Object(edition);
    let live = Live { edition, closing: None, price: None, url: None, mode_assumed: mode.is_none(), odd_price: false, several: Vec::new() };
    (is_edition.then_some(live), lost)
}

/// The offering, if its enrolment is open or ahead.
fn open(known: &Known<'_>, object: &Map<String, Value>, offering: &Map<String, Value>) -> Option<Live> {
    let today = known.context.today;
    let of = |name: &str| offering.get(name).and_then(day);
    let (start, end) = (of("startDateTime"), of("endDateTime"));
    let last_entry = of("flexibleEntryPeriodEndDateTime");
    if end.is_some_and(|end| end < today) || last_entry.is_some_and(|last| last < today) {
        return None;
    }
    let mut periods: Vec<(Option<Date>, Option<&str>)> = Vec::new();
    for period in offering.get("enrolmentPeriods").map(list).unwrap_or_default().iter().take(MOST) {
        periods.push((period.get("endDateTime").and_then(day), period.get("enrolmentUrl").and_then(Value::as_str)));
    }
    let has_periods = !periods.is_empty();
    periods.retain(|(end, _)| end.is_none_or(|end| end >= today));
    if has_periods && periods.is_empty() {
        return None;
    }
    let closing = if periods.iter().all(|(end, _)| end.is_some()) { periods.iter().filter_map(|(end, _)| *end).max() } else { None };
    let url = periods.iter().find_map(|(_, url)| *url).or_else(|| offering.get("link").and_then(Value::as_str));
    let mut edition = Map::new();
    if let Some(key) = key(offering) {
        edition.insert("key".to_owned(), key.into());
    }
    // Who can still begin later has no first day.
    if let Some(start) = start.filter(|start| last_entry.is_none() || *start >= today) {
        edition.insert("startDate".to_owned(), start.to_string().into());
    }
    if let Some(end) = end.filter(|end| start.is_none_or(|start| start <= *end)) {
        edition.insert("endDate".to_owned(), end.to_string().into());
    }
    let either = |name: &str| offering.get(name).or_else(|| object.get(name));
    let mode = either("modesOfDelivery").and_then(mode);
    edition.insert("mode".to_owned(), mode.unwrap_or("on-site").into());
    if let Some(location) = either("addresses").and_then(|addresses| location(known, addresses, offering)) {
        edition.insert("location".to_owned(), location);
    }
    let count =
        |name: &str| offering.get(name).and_then(Value::as_f64).filter(|count| (0.0..=1e9).contains(count)).map(|count| count as u64);
    if let Some(most) = count("maxNumberStudents") {
        let left = most.saturating_sub(count("enrolledNumberStudents").unwrap_or_default());
        edition.insert("seats".to_owned(), left.min(10_000).into());
    }
    if let Some(language) = either("teachingLanguages").and_then(language) {
        edition.insert("language".to_owned(), language.into());
    }
    let costs = offering.get("priceInformation").map(list).unwrap_or_default();
    let total =
        costs.iter().take(MOST).find(|cost| cost.get("costType").and_then(Value::as_str).is_some_and(|kind| word(kind) == "total_costs"));
    let price = total.and_then(price);
    let odd_price = price.is_none() && !costs.is_empty();
    let url = url.and_then(https).map(str::to_owned);
    let several = several(either("addresses"), either("teachingLanguages"));
    Some(Live { edition: Value::Object(edition), closing, price, url, mode_assumed: mode.is_none(), odd_price, several })
}

fn key(offering: &Map<String, Value>) -> Option<String> {
    let primary = codes(offering).into_iter().next().filter(|_| offering.contains_key("primaryCode"));
    if primary.as_ref().is_some_and(|code| word(&code.kind) == "uuid") {
        return None;
    }
    let ids = ["courseOfferingId", "programmeOfferingId", "offeringId"]
        .iter()
        .filter_map(|name| offering.get(*name)?.as_str().map(str::to_owned));
    let good =
        |text: &String| (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte));
    primary.map(|code| code.code).into_iter().chain(ids).find(good)
}

/// How it is given.
fn mode(modes: &Value) -> Option<&'static str> {
    let words: Vec<String> = list(modes).iter().take(MOST).filter_map(Value::as_str).map(word).collect();
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let (online, place) = (
        has(&["online", "distance_learning"]),
        has(&["presential", "on_campus", "situated", "work_based", "project_based", "research_lab_based"]),
    );
    if has(&["blended", "hybrid"]) || online && place {
        Some("blended")
    } else if online {
        Some("online")
    } else if place {
        Some("on-site")
    } else {
        None
    }
}

/// The first language in which it is taught.
fn language(languages: &Value) -> Option<String> {
    list(languages).first().and_then(Value::as_str).and_then(crate::values::language)
}

/// The fields that say more than one place or language.
fn several(addresses: Option<&Value>, languages: Option<&Value>) -> Vec<&'static str> {
    let addresses = addresses.map(list).unwrap_or_default();
    // The address for letters is no place where is taught.
    let places = addresses.iter().take(MOST).filter(|one| is_taught_at(one)).count();
    let of_places = if places == 0 { addresses.len() } else { places };
    let of_languages = languages.map(list).unwrap_or_default().len();
    [("addresses", of_places), ("teachingLanguages", of_languages)]
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(field, _)| field)
        .collect()
}

fn is_taught_at(address: &Value) -> bool {
    address.get("addressType").and_then(Value::as_str).is_some_and(|kind| word(kind) == "teaching")
}

/// Where: the address at which is taught, or else the first.
fn location(known: &Known<'_>, addresses: &Value, offering: &Map<String, Value>) -> Option<Value> {
    let all = list(addresses);
    let address = all.iter().take(MOST).find(|one| is_taught_at(one)).or_else(|| all.first())?;
    let of = |name: &str| address.get(name).and_then(|value| chosen(value, None)).map(|(_, text)| crate::text::one_line(&text));
    if address.get("countryCode").and_then(Value::as_str).is_some_and(|country| !country.trim().eq_ignore_ascii_case("NL")) {
        return None;
    }
    let mut location = Map::new();
    let city = of("city");
    let own = of("postCode").or_else(|| of("postalCode")).and_then(|text| postcode(&text));
    let named = || Some(known.context.reference.place_named(city.as_deref()?)?.postcode.to_string());
    if let Some(postcode) = own.or_else(named) {
        location.insert("postcode".to_owned(), postcode.into());
    }
    if let Some(city) = &city {
        location.insert("place".to_owned(), crate::text::at_most(city, 100).0.into());
    }
    let point = address.get("geolocation").and_then(|point| Some((point.get("latitude")?.as_f64()?, point.get("longitude")?.as_f64()?)));
    if let Some((latitude, longitude)) = point.filter(|(latitude, longitude)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0) {
        location.extend([("latitude".to_owned(), json!(latitude)), ("longitude".to_owned(), json!(longitude))]);
    }
    if let Some(code) = offering.get("consumer").filter(|one| one["consumerKey"] == CONSUMER).and_then(|one| one.get("municipality")) {
        location.insert("municipality".to_owned(), code.clone());
    }
    (!location.is_empty()).then_some(Value::Object(location))
}

/// What it costs in all, in cents, where it is in euros.
fn price(cost: &Value) -> Option<u32> {
    let euros = cost.get("currency").and_then(Value::as_str).is_none_or(|currency| currency.eq_ignore_ascii_case("EUR"));
    let amount = cost.get("amount").filter(|_| euros)?;
    let text = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
    cents(&text, '.').filter(|cents| *cents <= 100_000_000)
}
