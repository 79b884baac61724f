//! What stands in the form of a search, as it was typed, and the question that it makes.

use polder_exchange::people::Language;
use polder_model::about::{About, MOST_PEOPLE};
use polder_model::query::HoursCriterion;
use polder_model::reference::Reference;
use polder_model::request::{CodeAsked, QueryRequest, SkillAsked, TravelAsked};
use polder_model::{CodeUri, Kind};
use serde::Serialize;
use serde_json::Value;

use super::more::More;
use crate::pages::Fields;
use crate::pages::find::{self, Coded, coded_occupation, coded_skill, picked_occupations, picked_skills, sought};

/// How many results can be asked for.
pub(super) const LIMITS: [u16; 3] = [20, 50, 100];
/// Minutes of travel that are asked where a vacancy says its place.
const USUAL_MINUTES: &str = "45";
/// Hours a week, where only the least or only the most is asked.
const MOST_HOURS: u8 = 80;

/// A search.
#[derive(Debug, Serialize)]
pub(super) struct Draft {
    pub kind: Kind,
    /// The partner's own offer for which people are sought.
    pub about: String,
    pub skills: Vec<Coded>,
    pub occupations: Vec<Coded>,
    pub find_skill: String,
    pub find_occupation: String,
    pub text: String,
    pub from: String,
    pub mode: String,
    pub minutes: String,
    pub hours_min: String,
    pub hours_max: String,
    pub more: More,
    pub limit: u16,
}

impl Draft {
    /// An empty one.
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            about: String::new(),
            skills: Vec::new(),
            occupations: Vec::new(),
            find_skill: String::new(),
            find_occupation: String::new(),
            text: String::new(),
            from: String::new(),
            mode: "car".to_owned(),
            minutes: String::new(),
            hours_min: String::new(),
            hours_max: String::new(),
            more: More::default(),
            limit: LIMITS[0],
        }
    }

    /// What was typed.
    pub(super) fn read(fields: &Fields, reference: &Reference, language: Language) -> Self {
        let text = |name: &str| fields.one(name).to_owned();
        let limit = fields.one("limit").parse().ok().filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMITS[0]);
        let kind = fields.one("kind").parse().unwrap_or(Kind::Vacancy);
        let mut more = More::read(kind, fields);
        // For advice nobody sees which contracts somebody wants.
        if is_for_training(fields.one("about")) {
            more.contracts.clear();
        }
        Self {
            kind,
            about: text("about"),
            skills: picked_skills(fields, reference, language),
            occupations: picked_occupations(fields, reference, language),
            find_skill: sought(fields.one("find_skill")),
            find_occupation: sought(fields.one("find_occupation")),
            text: text("text"),
            from: text("from"),
            mode: text("mode"),
            minutes: text("minutes"),
            hours_min: text("hours_min"),
            hours_max: text("hours_max"),
            more,
            limit,
        }
    }

    /// The form that made this question.
    pub(super) fn of(request: &QueryRequest, reference: &Reference, language: Language) -> Self {
        let travel = request.travel.as_ref();
        let number = |number: Option<u16>| number.map(|number| number.to_string()).unwrap_or_default();
        let hours = |hours: Option<u8>, otherwise| hours.filter(|hours| *hours != otherwise).map(|hours| hours.to_string());
        let empty = Self::new(request.kind);
        Self {
            about: request.about.as_ref().map(About::to_string).unwrap_or_default(),
            skills: request.skills.iter().filter_map(|one| Some(coded_skill(reference, language, one.uri.as_ref()?))).collect(),
            occupations: request
                .occupations
                .iter()
                .filter_map(|one| Some(coded_occupation(reference, language, one.uri.as_ref()?)))
                .collect(),
            text: request.text.clone().unwrap_or_default(),
            from: travel.map(|travel| travel.from.clone()).unwrap_or_default(),
            mode: travel.and_then(|travel| travel.mode).map_or(empty.mode.clone(), |mode| mode.as_str().to_owned()),
            minutes: number(travel.and_then(|travel| travel.max_minutes)),
            hours_min: hours(request.hours.as_ref().map(|hours| hours.min), 0).unwrap_or_default(),
            hours_max: hours(request.hours.as_ref().map(|hours| hours.max), MOST_HOURS).unwrap_or_default(),
            more: More::of(request),
            limit: request.limit.filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMITS[0]),
            ..empty
        }
    }

    /// Asks for what goes with an offer within reach of its place: the skills and hours that a vacancy asks; what one must know already for a training, and
    /// the occupations for which it prepares.
    pub(super) fn take_over(&mut self, kind: Kind, offer: &Value, reference: &Reference, language: Language) {
        let uris = |list: &str| {
            let items = offer[list].as_array().into_iter().flatten();
            items.filter_map(|item| item["uri"].as_str()?.parse::<CodeUri>().ok()).collect::<Vec<_>>()
        };
        let location = if kind == Kind::Training {
            self.skills = uris("skillsRequired").iter().map(|uri| coded_skill(reference, language, uri)).collect();
            self.occupations = uris("occupations").iter().map(|uri| coded_occupation(reference, language, uri)).collect();
            meeting(offer)
        } else {
            self.skills = uris("skills").iter().map(|uri| coded_skill(reference, language, uri)).collect();
            &offer["location"]
        };
        let from = location["postcode"].as_str().or_else(|| location["place"].as_str()).unwrap_or_default();
        // Work from anywhere is near to everybody.
        if !from.is_empty() && location["remoteShare"].as_u64() != Some(100) {
            (self.from, self.minutes) = (place(from), USUAL_MINUTES.to_owned());
        }
        let hours = |bound: &str| offer["hours"][bound].as_u64().map(|hours| hours.to_string()).unwrap_or_default();
        (self.hours_min, self.hours_max) = (hours("min"), hours("max"));
    }

    /// Picks what was typed as a name and not looked up; otherwise the parts of the form in which something is to be picked first, or nothing fits.
    pub(super) fn look_up(&mut self, reference: &Reference, language: Language) -> Vec<&'static str> {
        let occupations = (&mut self.find_occupation, &mut self.occupations);
        find::look_up(reference, language, occupations, (&mut self.find_skill, &mut self.skills))
    }

    /// The parts of the form that do not hold, of those that are known before anything is asked.
    pub(super) fn wrong(&self, reference: &Reference) -> Vec<&'static str> {
        let mut wrong = self.request().err().unwrap_or_default();
        if !self.from.is_empty() && !wrong.contains(&"travel") && !is_place(reference, &self.from) {
            wrong.insert(0, "travel");
        }
        wrong
    }

    /// The question; otherwise the parts of the form that do not hold.
    pub(super) fn request(&self) -> Result<QueryRequest, Vec<&'static str>> {
        let mut wrong = Vec::new();
        let mut request = QueryRequest::new(self.kind);
        let personal = self.kind.is_personal();
        request.limit = Some(if personal { self.limit.min(MOST_PEOPLE) } else { self.limit });
        let uri = |coded: &Coded| coded.uri.parse().ok();
        request.skills = self.skills.iter().map(|skill| SkillAsked { uri: uri(skill), label: None, importance: None }).collect();
        request.occupations = self.occupations.iter().map(|one| CodeAsked { uri: uri(one), label: None }).collect();
        request.text = Some(self.text.clone()).filter(|text| !text.is_empty());
        if !self.from.is_empty() {
            let max_minutes = self.minutes.parse().ok().filter(|minutes| (1..=240).contains(minutes));
            if max_minutes.is_none() {
                wrong.push("minutes");
            }
            request.travel = Some(TravelAsked { from: place(&self.from), mode: self.mode.parse().ok(), max_minutes, max_kilometres: None });
        } else if !self.minutes.is_empty() {
            wrong.push("travel");
        }
        match (self.hours(&self.hours_min, 0), self.hours(&self.hours_max, MOST_HOURS)) {
            _ if self.hours_min.is_empty() && self.hours_max.is_empty() => {}
            (Some(min), Some(max)) if min <= max => request.hours = Some(HoursCriterion { min, max }),
            _ => wrong.push("hours"),
        }
        self.more.ask(&mut request, &mut wrong);
        if personal {
            match self.about.parse() {
                Ok(about) => (request.purpose, request.about) = (Some(About::purpose(&about)), Some(about)),
                Err(_) => wrong.push("about"),
            }
        }
        if wrong.is_empty() { Ok(request) } else { Err(wrong) }
    }

    fn hours(&self, typed: &str, otherwise: u8) -> Option<u8> {
        if typed.is_empty() { Some(otherwise) } else { typed.parse().ok().filter(|hours| *hours <= MOST_HOURS) }
    }
}

/// Whether a form is about a training.
fn is_for_training(about: &str) -> bool {
    about.parse::<About>().is_ok_and(|about| about.kind == Kind::Training)
}

/// Where a training is given, where all of its editions that say so are given in one place and none of them online.
fn meeting(training: &Value) -> &Value {
    let editions = training["editions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let place = |edition: &Value| edition["location"]["postcode"].as_str().or_else(|| edition["location"]["place"].as_str()).map(place);
    let first = editions.first().and_then(place);
    let is_one = editions.iter().all(|edition| edition["mode"] != "online" && place(edition) == first);
    editions.first().filter(|_| is_one).map_or(&Value::Null, |edition| &edition["location"])
}

/// A postcode as people write it (`8232 ab`), or the name of a place.
pub(super) fn place(typed: &str) -> String {
    let plain: String = typed.chars().filter(|character| !character.is_whitespace()).collect();
    let digits = plain.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let letters =
        plain.get(4..).is_some_and(|letters| letters.is_empty() || letters.len() == 2 && letters.bytes().all(|b| b.is_ascii_alphabetic()));
    digits.filter(|_| letters).map_or_else(|| typed.to_owned(), str::to_owned)
}

/// Whether a place or a postcode is known.
fn is_place(reference: &Reference, typed: &str) -> bool {
    let typed = place(typed);
    match typed.parse() {
        Ok(postcode) => reference.place(postcode).is_some(),
        Err(_) => reference.place_named(&typed).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use polder_model::Purpose;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_postcode_is_read_as_people_write_it() {
        for typed in ["8232", "8232 AB", "8232ab", " 8232 "] {
            assert_eq!(place(typed), "8232", "{typed}");
        }
        for name in ["Lelystad", "8232 A", "82 32 ABC", "Ens"] {
            assert_eq!(place(name), name);
        }
    }

    #[test]
    fn what_does_not_hold_is_named_and_nothing_is_asked() {
        let draft = |change: fn(&mut Draft)| {
            let mut draft = Draft::new(Kind::SkillOffer);
            draft.about = "V-1".to_owned();
            change(&mut draft);
            draft.request().err().unwrap_or_default()
        };
        assert_eq!(draft(|_| {}), Vec::<&str>::new());
        assert_eq!(draft(|draft| draft.about.clear()), ["about"]);
        assert_eq!(draft(|draft| draft.from = "Urk".to_owned()), ["minutes"]);
        assert_eq!(draft(|draft| draft.minutes = "30".to_owned()), ["travel"]);
        assert_eq!(draft(|draft| draft.hours_min = "41x".to_owned()), ["hours"]);
        assert_eq!(draft(|draft| (draft.hours_min, draft.hours_max) = ("32".to_owned(), "24".to_owned())), ["hours"]);
        let hours = |min: &str, max: &str| {
            let draft = Draft { hours_min: min.to_owned(), hours_max: max.to_owned(), ..Draft::new(Kind::Vacancy) };
            draft.request().expect("a request").hours.map(|hours| (hours.min, hours.max))
        };
        assert_eq!((hours("", ""), hours("24", ""), hours("", "32")), (None, Some((24, 80)), Some((0, 32))));
    }

    #[test]
    fn what_a_vacancy_asks_is_asked() {
        let reference = Reference::starter();
        let uri = reference.skills()[0].uri.as_str();
        let taken = |vacancy: Value| {
            let mut draft = Draft { about: "V-1".to_owned(), ..Draft::new(Kind::SkillOffer) };
            draft.take_over(Kind::Vacancy, &vacancy, reference, Language::Nl);
            draft
        };
        let whole = taken(json!({"skills": [{"uri": uri}, {"uri": "nothing"}], "hours": {"min": 24, "max": 36},
            "location": {"postcode": "8225 XX", "place": "Lelystad", "remoteShare": 10}}));
        assert_eq!((whole.skills.len(), whole.skills[0].uri.as_str()), (1, uri));
        let said = [&whole.from, &whole.minutes, &whole.hours_min, &whole.hours_max].map(String::as_str);
        assert_eq!(said, ["8225", "45", "24", "36"]);
        assert!(whole.request().is_ok());
        let by_name = taken(json!({"location": {"place": "Urk"}}));
        assert_eq!((by_name.from.as_str(), by_name.hours_min.as_str()), ("Urk", ""));
        assert_eq!(taken(json!({"location": {"place": "Urk", "remoteShare": 100}})).from, "");
        assert!(taken(json!({})).request().is_ok());
    }

    #[test]
    fn people_are_sought_for_a_training_with_what_one_must_know_for_it_and_where_it_is_given() {
        let reference = Reference::starter();
        let (skill, occupation) = (reference.skills()[0].uri.as_str(), reference.occupations()[0].uri.as_str());
        let at = |postcode: &str, mode: &str| json!({"mode": mode, "location": {"postcode": postcode}});
        let taken = |editions: Value| {
            let mut draft = Draft { about: "training/T-1".to_owned(), ..Draft::new(Kind::SkillOffer) };
            let training = json!({"skillsRequired": [{"uri": skill}], "skillsTaught": [{"uri": reference.skills()[1].uri.as_str()}],
                "occupations": [{"uri": occupation}], "editions": editions});
            draft.take_over(Kind::Training, &training, reference, Language::Nl);
            draft
        };
        let draft = taken(json!([at("8232 AB", "on-site"), at("8232", "blended")]));
        let picked = |coded: &[Coded]| coded.iter().map(|one| one.uri.clone()).collect::<Vec<_>>();
        assert_eq!((picked(&draft.skills), picked(&draft.occupations)), (vec![skill.to_owned()], vec![occupation.to_owned()]));
        assert_eq!((draft.from.as_str(), draft.minutes.as_str(), draft.hours_min.as_str()), ("8232", "45", ""));
        let request = draft.request().expect("a request");
        assert_eq!((request.purpose, request.about.map(|about| about.kind)), (Some(Purpose::TrainingAdvice), Some(Kind::Training)));
        for elsewhere in [json!([at("8232", "on-site"), at("8302", "on-site")]), json!([at("8232", "online")]), json!([])] {
            assert_eq!(taken(elsewhere).from, "", "nobody is left out who may come elsewhere, or needs not come");
        }
    }

    #[test]
    fn the_form_of_a_question_makes_that_question() {
        let reference = Reference::starter();
        let draft = Draft {
            skills: vec![coded_skill(reference, Language::Nl, &reference.skills()[0].uri)],
            occupations: vec![coded_occupation(reference, Language::Nl, &reference.occupations()[0].uri)],
            text: "kade".to_owned(),
            from: "Urk".to_owned(),
            mode: "bike".to_owned(),
            minutes: "30".to_owned(),
            hours_max: "32".to_owned(),
            more: More { level_max: "40".to_owned(), sharing: true, ..More::default() },
            limit: 50,
            ..Draft::new(Kind::Vacancy)
        };
        let people = |about: &str| Draft { about: about.to_owned(), ..Draft::new(Kind::SkillOffer) };
        for draft in [draft, people("V-1"), people("training/V-1"), Draft::new(Kind::Training)] {
            let request = draft.request().expect("a request");
            let again = Draft::of(&request, reference, Language::En);
            assert_eq!(again.request().expect("a request"), request);
            assert_eq!((&again.hours_min, &again.hours_max, &again.from), (&draft.hours_min, &draft.hours_max, &draft.from));
        }
    }
}
