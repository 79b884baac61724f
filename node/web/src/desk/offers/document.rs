//! The offer that a form makes, over what the offer said before: what the form does not show, and what was not changed in it, stays as it is.

use polder_exchange::people::Language;
use polder_model::reference::Reference;
use polder_model::{Finding, FindingCode, Kind};
use serde_json::{Map, Value, json};

use super::draft::{Draft, at, shown, words};
use super::editions::Edition;
use super::form::{Line, Typed, form};
use crate::pages::find::{Coded, occupation_item, skill_item};
use crate::pages::money::cents;
use crate::pages::spoken::LANGUAGES;

impl Draft {
    /// The offer, and what of the form cannot be read; its schema judges the rest.
    pub(super) fn document(
        &self,
        before: &Map<String, Value>,
        reference: &Reference,
        language: Language,
    ) -> (Map<String, Value>, Vec<Finding>) {
        let (form, mut offer, mut findings) = (form(self.kind), before.clone(), Vec::new());
        let before = Value::Object(before.clone());
        for line in form.lines {
            let typed = self.line(line.name);
            if typed == shown(at(&before, line.path), line.typed, language).replace("\r\n", "\n").trim() {
                continue;
            }
            match read(line, typed) {
                Ok(value) => put(&mut offer, line.path, value),
                Err(finding) => findings.push(finding),
            }
        }
        for list in form.lists {
            let picked = &self.lists[list.name];
            let old: Vec<&str> = words(&before, list).collect();
            if old.len() == picked.len() && old.iter().all(|word| picked.contains(*word)) {
                continue;
            }
            let kept = at(&before, list.path).as_array().into_iter().flatten().filter(|item| {
                let word = list.named.map_or(*item, |named| &item[named]).as_str().unwrap_or_default();
                picked.contains(word) || !list.all.contains(&word)
            });
            let new = list.all.iter().filter(|word| picked.contains(**word) && !old.contains(*word));
            let made = new.map(|word| list.named.map_or_else(|| json!(word), |named| json!({named: word})));
            let items: Vec<Value> = kept.cloned().chain(made).collect();
            put(&mut offer, list.path, (!items.is_empty()).then(|| json!(items)));
        }
        for tick in form.ticks {
            let is_ticked = self.ticks[tick.name];
            if at(&before, tick.path).as_bool().unwrap_or_default() != is_ticked {
                put(&mut offer, tick.path, is_ticked.then_some(Value::Bool(true)));
            }
        }
        self.put_coded(&mut offer, form.skills, &self.skills, |uri| skill_item(reference, uri));
        self.put_coded(&mut offer, "occupations", &self.occupations, |uri| occupation_item(reference, uri));
        self.put_languages(&mut offer);
        if self.kind == Kind::Training {
            let old = before["editions"].as_array().map(Vec::as_slice).unwrap_or_default();
            let editions = Edition::written(&self.editions, old);
            if editions != old {
                put(&mut offer, &["editions"], (!editions.is_empty()).then(|| json!(editions)));
            }
        }
        complete(&mut offer, &before, form.range, form.money);
        (offer, findings)
    }

    /// What was picked, each as the offer said it before; as it was, where the same is picked.
    fn put_coded(&self, offer: &mut Map<String, Value>, list: &str, picked: &[Coded], made: impl Fn(&str) -> Value) {
        let old = offer.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        let uris: Vec<&str> = old.iter().filter_map(|item| item["uri"].as_str()).collect();
        if uris.len() == picked.len() && uris.iter().zip(picked).all(|(uri, one)| *uri == one.uri) {
            return;
        }
        let known = |uri: &str| old.iter().find(|item| item["uri"].as_str() == Some(uri)).cloned();
        let items: Vec<Value> = picked.iter().map(|one| known(&one.uri).unwrap_or_else(|| made(&one.uri))).collect();
        put(offer, &[list], (!items.is_empty()).then(|| json!(items)));
    }

    fn put_languages(&self, offer: &mut Map<String, Value>) {
        let mut all = offer.get("languages").and_then(Value::as_array).cloned().unwrap_or_default();
        let before = all.clone();
        for code in LANGUAGES {
            let level = self.languages[code].as_str();
            match all.iter().position(|one| one["language"].as_str() == Some(code)) {
                Some(place) if level.is_empty() => drop(all.remove(place)),
                Some(place) => all[place]["level"] = json!(level),
                None if level.is_empty() => {}
                None => all.push(json!({"language": code, "level": level})),
            }
        }
        if all != before {
            put(offer, &["languages"], (!all.is_empty()).then(|| json!(all)));
        }
    }
}

/// What a line says.
fn read(line: &Line, typed: &str) -> Result<Option<Value>, Finding> {
    let wrong = |message| Finding::new(format!("/{}", line.path.join("/")), FindingCode::WrongType, message);
    if typed.is_empty() {
        return Ok(None);
    }
    match line.typed {
        Typed::Text | Typed::Capitals => Ok(Some(json!(typed))),
        Typed::Number => typed.parse::<u32>().map(|number| Some(json!(number))).map_err(|_| wrong("this is a whole number")),
        Typed::Money => {
            let read = cents(typed).map_err(|()| wrong("this is an amount in euros, such as 16,50"))?;
            Ok(read.map(|cents| json!(cents)))
        }
    }
}

/// Puts a value at a path, or takes it away; a part of which nothing is left goes.
pub(super) fn put(offer: &mut Map<String, Value>, path: &[&str], value: Option<Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        match value {
            Some(value) => drop(offer.insert((*first).to_owned(), value)),
            None => drop(offer.remove(*first)),
        }
        return;
    }
    let mut part = offer.get(*first).and_then(Value::as_object).cloned().unwrap_or_default();
    put(&mut part, rest, value);
    match part.is_empty() {
        true => drop(offer.remove(*first)),
        false => drop(offer.insert((*first).to_owned(), Value::Object(part))),
    }
}

/// What is meant where only some of it is typed: one number of hours is the least and the most, an amount is in euros, and without an amount no pay is said.
fn complete(offer: &mut Map<String, Value>, before: &Value, range: &str, (money, amounts): (&str, &[&str])) {
    if let Some(range) = offer.get_mut(range).and_then(Value::as_object_mut) {
        for (one, other) in [("min", "max"), ("max", "min")] {
            if let (None, Some(value)) = (range.get(one), range.get(other).cloned()) {
                range.insert(one.to_owned(), value);
            }
        }
    }
    let is_changed = offer.get(money) != before.get(money);
    let Some(part) = offer.get_mut(money).and_then(Value::as_object_mut).filter(|_| is_changed) else { return };
    if amounts.iter().any(|amount| part.contains_key(*amount)) {
        part.entry("currency").or_insert_with(|| json!("EUR"));
    } else if part.keys().all(|member| ["currency", "period"].contains(&member.as_str())) {
        offer.remove(money);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(draft: &Draft, before: &Value) -> (Value, Vec<Finding>) {
        let members = before.as_object().expect("an object");
        let (offer, findings) = draft.document(members, Reference::starter(), Language::Nl);
        (Value::Object(offer), findings)
    }

    #[test]
    fn every_example_goes_through_the_form_unchanged() {
        let mut seen = 0;
        for kind in [Kind::Vacancy, Kind::Training] {
            let examples = format!("{}/../../schemas/{kind}/examples/valid", env!("CARGO_MANIFEST_DIR"));
            for example in std::fs::read_dir(examples).expect("examples") {
                let text = std::fs::read(example.expect("an example").path()).expect("a file");
                let before: Value = serde_json::from_slice(&text).expect("JSON");
                for language in [Language::Nl, Language::En] {
                    let draft = Draft::of(kind, &before, language);
                    let members = before.as_object().expect("an object");
                    let (after, findings) = draft.document(members, Reference::starter(), language);
                    assert_eq!((Value::Object(after), findings), (before.clone(), Vec::new()));
                }
                seen += 1;
            }
        }
        assert!(seen > 5, "{seen}");
    }

    #[test]
    fn what_is_typed_is_written_and_the_rest_stays() {
        let before = json!({
            "title": "Oud", "description": "Werk.", "employer": {"name": "De Proef", "kvk": "90000001"}, "terms": {"until": "2030-01-01"},
            "skills": [{"uri": "http://data.europa.eu/esco/skill/1", "level": 2}], "hours": {"min": 16, "max": 24},
            "contracts": [{"form": "apprenticeship", "recognisedTrainingCompany": "LB-1"}, {"form": "permanent"}],
            "location": {"postcode": "8251", "latitude": 52.5}, "application": {"email": "werk@voorbeeld.example", "instructions": "Bel."},
            "workingTimes": {"dayParts": ["sat-night", "mon-morning"]}, "languages": [{"language": "ja", "level": "A1"}],
            "salary": {"min": 265_000, "max": 300_000, "period": "month"},
        });
        let mut draft = Draft::of(Kind::Vacancy, &before, Language::Nl);
        assert_eq!(draft.line("pay_min"), "2.650");
        let mut line = |name, text: &str| drop(draft.lines.insert(name, text.to_owned()));
        line("title", "Nieuw");
        line("postcode", "");
        line("email", "");
        line("hours_min", "");
        line("pay_min", "2.700,50");
        line("pay_max", "");
        line("remote", "40");
        let _ = draft.lists.insert("contract", ["apprenticeship", "on-call"].map(str::to_owned).into());
        let _ = draft.lists.insert("part", ["mon-morning", "tue-evening"].map(str::to_owned).into());
        draft.ticks.insert("sharing", true);
        draft.languages.insert("nl", "B1".to_owned());
        let (after, findings) = written(&draft, &before);
        assert_eq!(findings, []);
        let expected = json!({
            "title": "Nieuw", "description": "Werk.", "employer": {"name": "De Proef", "kvk": "90000001"}, "terms": {"until": "2030-01-01"},
            "skills": [{"uri": "http://data.europa.eu/esco/skill/1", "level": 2}], "hours": {"min": 24, "max": 24},
            "contracts": [{"form": "apprenticeship", "recognisedTrainingCompany": "LB-1"}, {"form": "on-call"}],
            "location": {"latitude": 52.5, "remoteShare": 40}, "application": {"instructions": "Bel."},
            "workingTimes": {"dayParts": ["mon-morning", "tue-evening"]},
            "languages": [{"language": "ja", "level": "A1"}, {"language": "nl", "level": "B1"}],
            "salary": {"min": 270_050, "period": "month", "currency": "EUR"}, "welcomesSharing": true,
        });
        assert_eq!(after, expected);
    }

    #[test]
    fn all_that_cannot_be_read_is_said_at_once() {
        let before = json!({"title": "Kok", "salary": {"min": 1_650, "period": "hour"}});
        let mut draft = Draft::of(Kind::Vacancy, &before, Language::Nl);
        for name in ["hours_max", "pay_max", "positions"] {
            draft.lines.insert(name, "veel".to_owned());
        }
        let (_, findings) = written(&draft, &before);
        assert_eq!(findings.iter().map(|one| one.pointer.as_str()).collect::<Vec<_>>(), ["/hours/max", "/salary/max", "/positions"]);
        let mut none = Draft::of(Kind::Vacancy, &before, Language::Nl);
        none.lines.insert("pay_min", String::new());
        assert_eq!(written(&none, &before).0, json!({"title": "Kok"}), "a period without an amount says nothing");
        none.lines.insert("pay_min", "17".to_owned());
        let asked = written(&none, &json!({"title": "Kok"})).0;
        assert_eq!(asked["salary"], json!({"min": 1_700, "period": "hour", "currency": "EUR"}));
    }
}
