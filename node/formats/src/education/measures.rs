//! How high, how long and how much: values of a course or programme, and what one has at its end.

use serde_json::{Map, Value, json};

use super::read::Reading;
use super::spelling::word;
use super::values::{self, Duration, MOST};
use crate::json_ld::{list, said};
use crate::report::Loss;

impl Reading<'_> {
    pub(super) fn level(&mut self, object: &Map<String, Value>) {
        for field in ["level", "levelOfQualification"] {
            let Some(value) = object.get(field) else { continue };
            let plain = word(value.as_str().unwrap_or_default());
            let level = match plain.strip_prefix("secondary_vocational_education_").or_else(|| plain.strip_prefix("eqf_")) {
                Some(number) => crate::values::level(&format!("eqf {number}")),
                None if plain == "4+" => Some(45),
                // In version 5, the ordinal alone.
                None if plain.len() == 1 && field == "levelOfQualification" => crate::values::level(&format!("eqf {plain}")),
                None => crate::values::level(&plain),
            };
            match level {
                Some(level) => self.draft.put("level", level),
                None if plain == "undefined" => {}
                None => self.draft.keep(field, &said(value, false).replace('_', " "), ("Niveau", "Level")),
            }
        }
    }

    pub(super) fn credential(&mut self, shown: &str, value: &Value) {
        let plain = word(value.as_str().unwrap_or_default());
        let mbo = self.draft.level().is_some_and(|level| level <= 40);
        let credential = match plain.as_str() {
            "micro_credential_certificate" => "microcredential",
            "vocational_diploma" => "mbo-diploma",
            "diploma" if mbo => "mbo-diploma",
            "associate_degree" => "associate-degree",
            "bachelor" => "bachelor",
            "master" => "master",
            "certificate" => "certificate",
            "none" | "no_official_document" => "none",
            // The diploma of what the qualification says.
            "diploma" if shown == "formalDocument" => return,
            _ => return self.draft.keep(shown, &plain.replace('_', " "), ("Document na afronding", "Document")),
        };
        // `formalDocument` comes first, and the qualification says more, unless there is none.
        if credential != "none" || !self.draft.has("credential") {
            self.draft.put("credential", credential);
        }
    }

    pub(super) fn study_load(&mut self, shown: &str, value: &Value) {
        for load in list(value).iter().take(MOST) {
            let amount = load.get("value").and_then(Value::as_f64).filter(|value| value.fract() == 0.0 && (1.0..=20_000.0).contains(value));
            let unit = load.get("studyLoadUnit").and_then(Value::as_str).map(word).unwrap_or_default();
            let known = match unit.as_str() {
                "ects" => Some("ects"),
                "sbu" => Some("sbu"),
                "hour" | "hours" => Some("hours"),
                _ => None,
            };
            match (amount, known) {
                (Some(amount), Some(unit)) if !self.draft.has("studyLoad") => {
                    self.draft.put("studyLoad", json!({"value": amount as u64, "unit": unit}));
                }
                _ => {
                    let written = load.get("value").map(|value| said(value, false)).unwrap_or_default();
                    self.draft.keep(shown, &format!("{written} {}", unit.replace('_', " ")), ("Studielast", "Study load"));
                }
            }
        }
    }

    pub(super) fn duration(&mut self, value: &Value) {
        const FIELD: &str = "duration";
        match value.as_str().and_then(values::duration) {
            Some(Duration::Weeks(weeks, exact)) => {
                self.draft.put("durationWeeks", weeks);
                if !exact {
                    self.draft.note(FIELD, Loss::Assumed { what: "weeks: a year was counted as 52 weeks" });
                }
            }
            Some(Duration::Shorter(days, hours)) => {
                let part = |count: u32, nl: &str| if count == 0 { String::new() } else { format!("{count} {nl}") };
                let english = self.language.as_deref() == Some("en");
                let (day, hour) = if english { ("days", "hours") } else { ("dagen", "uur") };
                let text = format!("{} {}", part(days, day), part(hours, hour));
                self.draft.keep(FIELD, &text, ("Duur", "Duration"));
            }
            None => self.draft.not_understood(FIELD, "a duration of ISO 8601, such as P10W, of at most ten years"),
        }
    }
}
