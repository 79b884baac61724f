//! What is read from an offer: docs/ranking.md section 1.

use serde_json::Value;

/// What the ranking sees of an offer.
#[derive(Debug, Default)]
pub struct Offer {
    /// URI and importance (100, 80, 60); a URI stands here once.
    pub skills: Vec<(String, u64)>,
    pub occupations: Vec<String>,
    pub title: String,
    pub body: Vec<String>,
    pub openings: Vec<Opening>,
    /// Only a training's openings can lie behind us.
    pub has_editions: bool,
    pub hours: Option<(u64, u64)>,
    pub level: Option<u64>,
    pub contracts: Vec<String>,
    pub sectors: Vec<String>,
    pub languages: Vec<(String, String)>,
    pub licences: Vec<String>,
    pub sharing: bool,
    pub closes: Option<String>,
    /// None is everyone.
    pub recipients: Option<Vec<String>>,
    pub purposes: Option<Vec<String>>,
    pub until: Option<String>,
}

/// One place and time at which an offer can be taken.
#[derive(Debug, Default, Clone)]
pub struct Opening {
    pub place: Option<String>,
    pub remote: bool,
    pub start: Option<String>,
}

/// The document without the optional members that `terms.fields` does not name.
pub fn visible(kind: &str, document: &Value) -> Value {
    let (Some(members), Some(fields)) = (document.as_object(), document["terms"]["fields"].as_array()) else { return document.clone() };
    let required: &[&str] = match kind {
        "vacancy" => &["title", "description", "employer"],
        "training" => &["title", "description", "provider"],
        _ => &["title", "skills"],
    };
    let mut kept = serde_json::Map::new();
    for (name, value) in members {
        if name == "terms" || required.contains(&name.as_str()) || fields.iter().any(|field| field == name.as_str()) {
            kept.insert(name.clone(), value.clone());
        }
    }
    Value::Object(kept)
}

/// Reads a visible document.
pub fn read(kind: &str, document: &Value) -> Offer {
    let terms = &document["terms"];
    let mut offer = Offer {
        title: string(&document["title"]).unwrap_or_default(),
        recipients: terms["recipients"].as_array().map(|_| strings(&terms["recipients"])),
        purposes: terms["purposes"].as_array().map(|_| strings(&terms["purposes"])),
        until: string(&terms["until"]),
        ..Offer::default()
    };
    let skills = match kind {
        "training" => &document["skillsTaught"],
        _ => &document["skills"],
    };
    offer.body.extend(string(&document["description"]));
    for skill in items(skills) {
        offer.body.extend(string(&skill["label"]["nl"]));
        let importance = match skill["importance"].as_str() {
            Some("important") if kind == "vacancy" => 80,
            Some("optional") if kind == "vacancy" => 60,
            _ => 100,
        };
        let Some(uri) = string(&skill["uri"]) else { continue };
        match offer.skills.iter_mut().find(|known| known.0 == uri) {
            Some(known) => known.1 = known.1.max(importance),
            None => offer.skills.push((uri, importance)),
        }
    }
    match kind {
        "vacancy" => vacancy(&mut offer, document),
        "training" => training(&mut offer, document),
        _ => skill_offer(&mut offer, document),
    }
    offer
}

fn vacancy(offer: &mut Offer, document: &Value) {
    offer.occupations = uris(&document["occupations"]);
    let location = &document["location"];
    let remote = integer(&location["remoteShare"]) == Some(100);
    offer.openings = vec![Opening { place: place(&location["postcode"]), remote, start: string(&document["startDate"]) }];
    offer.hours = hours(&document["hours"]);
    offer.level = integer(&document["minimumEducation"]);
    offer.contracts = items(&document["contracts"]).iter().filter_map(|contract| string(&contract["form"])).collect();
    offer.sectors.extend(string(&document["employer"]["sector"]));
    for language in items(&document["languages"]) {
        if let (Some(code), Some(level)) = (string(&language["language"]), string(&language["level"])) {
            offer.languages.push((code, level));
        }
    }
    offer.licences = strings(&document["licences"]);
    offer.sharing = document["welcomesSharing"] == true;
    offer.closes = string(&document["closingDate"]);
}

fn training(offer: &mut Offer, document: &Value) {
    offer.occupations = uris(&document["occupations"]);
    for edition in items(&document["editions"]) {
        let remote = edition["mode"] == "online";
        offer.openings.push(Opening { place: place(&edition["location"]["postcode"]), remote, start: string(&edition["startDate"]) });
    }
    offer.has_editions = !offer.openings.is_empty();
    if !offer.has_editions {
        offer.openings.push(Opening::default());
    }
    offer.hours = hours(&document["hoursPerWeek"]);
    offer.level = integer(&document["level"]);
    offer.sectors = strings(&document["sectors"]);
    offer.closes = string(&document["closingDate"]);
}

fn skill_offer(offer: &mut Offer, document: &Value) {
    offer.occupations = uris(&document["occupationsWanted"]);
    offer.openings = vec![Opening { place: place(&document["postcode"]), remote: false, start: string(&document["availableFrom"]) }];
    offer.hours = hours(&document["hours"]);
    offer.level = integer(&document["education"]);
    offer.contracts = strings(&document["contracts"]);
    offer.sectors = strings(&document["sectors"]);
    offer.closes = string(&document["availableUntil"]);
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn strings(value: &Value) -> Vec<String> {
    items(value).iter().filter_map(string).collect()
}

fn uris(value: &Value) -> Vec<String> {
    items(value).iter().filter_map(|item| string(&item["uri"])).collect()
}

/// A number that JSON Schema calls an integer: `100` and `100.0` are the same.
fn integer(value: &Value) -> Option<u64> {
    if let Some(whole) = value.as_u64() {
        return Some(whole);
    }
    let number = value.as_f64()?;
    (0..=100_u32).find(|whole| f64::from(*whole) == number).map(u64::from)
}

fn hours(value: &Value) -> Option<(u64, u64)> {
    Some((integer(&value["min"])?, integer(&value["max"])?))
}

/// The first four digits of a postcode.
fn place(value: &Value) -> Option<String> {
    value.as_str()?.get(..4).map(str::to_owned)
}
