//! A vacancy becomes a JobPosting.

use polder_model::{Date, Kind, OfferKey, Purpose};
use serde_json::{Map, Value, json};

use super::NOT_WRITTEN;
use crate::html;
use crate::public::{self, NotPublic};
use crate::report::{Loss, Note, Written};
use crate::text::tidy;
use crate::values::is_skill;

/// Writes a vacancy as one JSON-LD object, as search engines take it. `published` is the day since when it can be found.
///
/// # Errors
/// When it is not for everyone, or can be found no more.
pub fn write(key: &OfferKey, exact: &[u8], published: Date, today: Date) -> Result<Written, NotPublic> {
    let vacancy = public::document(Kind::Vacancy, exact, Purpose::FindWork, today)?;
    let mut posting = Posting { members: Map::new(), lost: Vec::new() };
    posting.write(key, &vacancy, published);
    Ok(Written { value: Value::Object(posting.members), lost: posting.lost })
}

/// What is written, as it may stand in a `<script type="application/ld+json">` of a page: nothing in it ends the script.
#[must_use]
pub fn for_page(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

struct Posting {
    members: Map<String, Value>,
    lost: Vec<Note>,
}

impl Posting {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.members.insert(name.to_owned(), value.into());
    }

    fn lose(&mut self, member: &str) {
        let because = NOT_WRITTEN.iter().find(|(known, _)| *known == member).map_or("there is no property for it", |(_, because)| *because);
        let note = Note { field: member.to_owned(), loss: Loss::LeftOut { because }, of: String::new() };
        if !self.lost.contains(&note) {
            self.lost.push(note);
        }
    }

    fn write(&mut self, key: &OfferKey, vacancy: &Value, published: Date) {
        let text = |pointer: &str| vacancy.pointer(pointer).and_then(Value::as_str);
        let context =
            text("/language").map_or(json!("https://schema.org"), |language| json!(["https://schema.org", {"@language": language}]));
        self.put("@context", context);
        self.put("@type", "JobPosting");
        self.put("identifier", json!({"@type": "PropertyValue", "name": text("/employer/name"), "value": key.as_str()}));
        self.put("datePosted", published.to_string());
        self.put("title", html::escaped(text("/title").unwrap_or_default()));
        self.put("description", html::from_text(&tidy(text("/description").unwrap_or_default())));
        self.employer(vacancy);
        for (member, name) in [("startDate", "jobStartDate"), ("closingDate", "validThrough"), ("positions", "totalJobOpenings")] {
            if let Some(value) = vacancy.get(member) {
                self.put(name, value.clone());
            }
        }
        let english = text("/language") == Some("en");
        if let Some(hours) = vacancy.get("hours") {
            let (min, max) = (&hours["min"], &hours["max"]);
            let range = if min == max { max.to_string() } else { format!("{min}-{max}") };
            self.put("workHours", if english { format!("{range} hours a week") } else { format!("{range} uur per week") });
        }
        if let Some(level) = vacancy.get("minimumEducation").and_then(Value::as_u64) {
            self.put("educationRequirements", education(level));
        }
        if let Some(salary) = vacancy.get("salary") {
            self.put("baseSalary", pay(salary));
        }
        self.contracts(vacancy);
        self.codes(vacancy);
        self.place(vacancy);
        if let Some(application) = vacancy.get("application").and_then(Value::as_object) {
            let mut contact = json!({"@type": "ContactPoint"});
            for (member, name) in [("url", "url"), ("email", "email"), ("telephone", "telephone")] {
                if let Some(value) = application.get(member) {
                    contact[name] = value.clone();
                }
            }
            if let Some(instructions) = application.get("instructions").and_then(Value::as_str) {
                contact["description"] = html::from_text(&tidy(instructions)).into();
            }
            self.put("applicationContact", contact);
        }
        for member in ["workingTimes", "season", "welcomesSharing", "languages", "licences"] {
            if vacancy.get(member).is_some() {
                self.lose(&format!("/{member}"));
            }
        }
    }

    fn employer(&mut self, vacancy: &Value) {
        let mut employer =
            json!({"@type": "Organization", "name": html::escaped(vacancy["employer"]["name"].as_str().unwrap_or_default())});
        if let Some(kvk) = vacancy.pointer("/employer/kvk") {
            employer["identifier"] = json!({"@type": "PropertyValue", "propertyID": "KvK", "value": kvk});
        }
        self.put("hiringOrganization", employer);
        let terms = [("sector", "SBI 2008, sections"), ("sbi", "SBI 2008")];
        let industry: Vec<Value> = terms
            .iter()
            .filter_map(|(member, set)| {
                Some(json!({"@type": "DefinedTerm", "termCode": vacancy["employer"].get(*member)?, "inDefinedTermSet": set}))
            })
            .collect();
        if !industry.is_empty() {
            self.put("industry", industry);
        }
    }

    fn contracts(&mut self, vacancy: &Value) {
        let mut types = Vec::new();
        for contract in vacancy.get("contracts").and_then(Value::as_array).into_iter().flatten() {
            match contract["form"].as_str().unwrap_or_default() {
                "fixed-term" => types.push("TEMPORARY"),
                "freelance" => types.push("CONTRACTOR"),
                "internship" => types.push("INTERN"),
                "volunteer" => types.push("VOLUNTEER"),
                _ => self.lose("/contracts"),
            }
            if contract.get("recognisedTrainingCompany").is_some() {
                self.lose("/contracts/recognisedTrainingCompany");
            }
        }
        if !types.is_empty() {
            self.put("employmentType", types);
        }
    }

    fn codes(&mut self, vacancy: &Value) {
        let occupations = vacancy.get("occupations").and_then(Value::as_array).into_iter().flatten();
        let categories: Vec<Value> = occupations
            .map(|one| {
                let set = scheme(one["scheme"].as_str().unwrap_or_default());
                named(json!({"@type": "CategoryCode", "codeValue": one["uri"], "inCodeSet": set}), one)
            })
            .collect();
        if !categories.is_empty() {
            self.put("occupationalCategory", categories);
        }
        let mut skills = Vec::new();
        for skill in vacancy.get("skills").and_then(Value::as_array).into_iter().flatten() {
            let uri = skill["uri"].as_str().unwrap_or_default();
            if skill.get("importance").is_some_and(|importance| importance != "essential") {
                self.lose("/skills/importance");
                continue;
            }
            if skill.get("level").is_some() {
                self.lose("/skills/level");
            }
            let mut term = json!({"@type": "DefinedTerm", "termCode": uri});
            if is_skill(uri) {
                term["inDefinedTermSet"] = scheme(if uri.contains("competentnl") { "competentnl" } else { "esco" }).into();
            }
            skills.push(named(term, skill));
        }
        if !skills.is_empty() {
            self.put("skills", skills);
        }
    }

    fn place(&mut self, vacancy: &Value) {
        let Some(location) = vacancy.get("location").and_then(Value::as_object) else { return };
        match location.get("remoteShare").and_then(Value::as_u64) {
            Some(100) => {
                self.put("jobLocationType", "TELECOMMUTE");
                self.put("applicantLocationRequirements", json!({"@type": "Country", "name": "NL"}));
            }
            Some(1..) => self.lose("/location/remoteShare"),
            _ => {}
        }
        let mut address = json!({"@type": "PostalAddress", "addressCountry": "NL"});
        for (member, name) in [("postcode", "postalCode"), ("place", "addressLocality")] {
            if let Some(value) = location.get(member) {
                address[name] = value.clone();
            }
        }
        let mut place = json!({"@type": "Place", "address": address});
        if let Some((latitude, longitude)) = location.get("latitude").zip(location.get("longitude")) {
            place["geo"] = json!({"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude});
        }
        if let Some(code) = location.get("municipality") {
            place["identifier"] = json!({"@type": "PropertyValue", "propertyID": "CBS", "value": code});
        }
        if location.contains_key("latitude") != location.contains_key("longitude") {
            self.lose("/location/latitude");
        }
        if location.keys().any(|member| member != "remoteShare") {
            self.put("jobLocation", place);
        }
    }
}

/// A scheme of occupations by its name.
fn scheme(word: &str) -> &'static str {
    match word {
        "isco08" => "ISCO-08",
        "competentnl" => "CompetentNL",
        _ => "ESCO",
    }
}

/// A term with its label: a text for Dutch alone, else each with its language.
fn named(mut term: Value, coded: &Value) -> Value {
    let labels = coded.get("label").and_then(Value::as_object).into_iter().flatten();
    let labels: Vec<Value> = labels.map(|(language, text)| json!({"@language": language, "@value": text})).collect();
    if !labels.is_empty() {
        term["name"] = labels.into();
    }
    term
}

fn education(level: u64) -> Value {
    let ordinal = if level == 45 { "4+".to_owned() } else { (level / 10).to_string() };
    let term = json!({"@type": "DefinedTerm", "termCode": ordinal, "inDefinedTermSet": "NLQF", "name": format!("NLQF {ordinal}")});
    let mut credential = json!({"@type": "EducationalOccupationalCredential", "educationalLevel": term});
    let category = match level {
        50 => "associate degree",
        60 => "bachelor degree",
        70 | 80 => "postgraduate degree",
        _ => return credential,
    };
    credential["credentialCategory"] = category.into();
    credential
}

/// Euros out of cents: at most two decimals, exact for what an offer can hold.
fn euros(cents: &Value) -> Value {
    let cents = cents.as_u64().unwrap_or_default();
    if cents.is_multiple_of(100) { json!(cents / 100) } else { json!(cents as f64 / 100.0) }
}

fn pay(salary: &Value) -> Value {
    let unit = salary["period"].as_str().unwrap_or_default().to_uppercase();
    let mut value = json!({"@type": "QuantitativeValue", "unitText": unit});
    match (salary.get("min"), salary.get("max")) {
        (Some(min), Some(max)) if min == max => value["value"] = euros(min),
        (min, max) => {
            for (name, cents) in [("minValue", min), ("maxValue", max)] {
                if let Some(cents) = cents {
                    value[name] = euros(cents);
                }
            }
        }
    }
    json!({"@type": "MonetaryAmount", "currency": "EUR", "value": value})
}
