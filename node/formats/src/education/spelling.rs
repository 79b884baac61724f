//! Version 5 in the words of version 6: one reader for both.

use serde_json::{Map, Value, json};

use super::Version;

/// Names of version 5 that mean the same as those of version 6.
const RENAMED: [(&str, &str); 16] = [
    ("programId", "programmeId"),
    ("programType", "programmeType"),
    ("programs", "programmes"),
    ("organizationId", "organisationId"),
    ("organizationType", "organisationType"),
    ("organization", "organisation"),
    ("enrollment", "enrolment"),
    ("requirements", "admissionRequirements"),
    ("teachingLanguage", "teachingLanguages"),
    ("modeOfDelivery", "modesOfDelivery"),
    ("offeringState", "state"),
    ("startDate", "startDateTime"),
    ("endDate", "endDateTime"),
    ("flexibleEntryPeriodStart", "flexibleEntryPeriodStartDateTime"),
    ("flexibleEntryPeriodEnd", "flexibleEntryPeriodEndDateTime"),
    ("consumers", "consumer"),
];

/// The name of a field in that version, of its name in version 6.
pub(super) fn name(version: Version, name: &str) -> &str {
    if version == Version::V6 {
        return name;
    }
    RENAMED.iter().find(|(_, new)| *new == name).map_or(name, |(old, _)| *old)
}

/// An object of that version in the words of version 6.
pub(super) fn modern(version: Version, object: &Value) -> Map<String, Value> {
    let members = object.as_object().cloned().unwrap_or_default();
    let mut modern = Map::new();
    // What was said by `null` was not said.
    for (old, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
        if version == Version::V6 {
            modern.insert(old, value);
            continue;
        }
        match old.as_str() {
            "ects" => {
                modern.entry("studyLoad").or_insert_with(|| json!([{"studyLoadUnit": "ects", "value": value}]));
            }
            "enrollStartDate" | "enrollEndDate" => {
                let periods = modern.entry("enrolmentPeriods").or_insert_with(|| json!([{}]));
                periods[0][if old == "enrollStartDate" { "startDateTime" } else { "endDateTime" }] = value;
            }
            "consumers" => {
                let own = value.as_array().and_then(|all| all.iter().find(|one| one["consumerKey"] == super::CONSUMER)).cloned();
                modern.insert("consumer".to_owned(), own.unwrap_or_else(|| json!({"consumerKey": "others"})));
            }
            _ => {
                let new = RENAMED.iter().find(|(known, _)| *known == old).map_or(old.as_str(), |(_, new)| *new);
                modern.insert(new.to_owned(), value);
            }
        }
    }
    modern
}

/// A word of an enumeration without what the versions spell differently: `full-time` and `full time` are `full_time`.
pub(super) fn word(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

/// The type of a code without what the versions spell differently: `programCode` and `programme_code` are `programmecode`.
pub(super) fn code_type(text: &str) -> String {
    let plain = text.to_lowercase().replace(['_', '-', ' '], "");
    if plain == "programcode" { "programmecode".to_owned() } else { plain }
}
