//! What an offer says, with names, as far as this node has words for it: all that its schema has and somebody wants to know who looks at it.

use polder_exchange::people::Language;
use polder_model::reference::Reference;
use polder_model::{CodeUri, Kind, Postcode4};
use serde::Serialize;
use serde_json::Value;

use super::bounded::{fitting_in, within};
use super::find::either;
use super::money::{euros, money};
use super::{Said, Words, said_date, spoken};

/// Bytes of a page that one fact takes at most.
const LONGEST: usize = 2_500;
/// Bytes of a page around a fact.
const AROUND: usize = 40;
/// Names of one kind that are said in a line; the others are counted.
const NAMES: usize = 10;

/// Something that an offer says, with its name.
#[derive(Serialize)]
pub(crate) struct Fact {
    label: String,
    value: String,
}

/// Who has words for what offers say.
#[derive(Clone, Copy)]
pub(crate) struct Teller<'s> {
    pub words: &'s Words,
    pub reference: &'s Reference,
    pub language: Language,
}

impl Teller<'_> {
    /// A text.
    pub(crate) fn say(&self, name: &str, given: &[(&str, Said<'_>)]) -> String {
        self.words.text(name, given)
    }

    fn count(&self, name: &str, key: &str, number: Option<u64>) -> String {
        let number = number.map(|number| Said::Number(i64::try_from(number).unwrap_or(i64::MAX)));
        number.map(|number| self.say(name, &[(key, number)])).unwrap_or_default()
    }

    /// All that is said of one, in so many bytes of a page.
    pub(crate) fn facts(&self, kind: Kind, document: &Value, room: usize) -> Vec<Fact> {
        let said = match kind {
            Kind::Vacancy => self.vacancy(document),
            Kind::Training => self.training(document),
            Kind::SkillOffer => self.person(document),
        };
        self.bounded(said, room)
    }

    /// The ways to apply or to enrol that are no link.
    pub(crate) fn ways(&self, document: &Value, room: usize) -> Vec<Fact> {
        let way = [&document["application"], &document["enrolment"]].into_iter().find(|way| way.is_object()).unwrap_or(&Value::Null);
        let text = |name: &str| way[name].as_str().unwrap_or_default().to_owned();
        let said = [
            ("offer-contact-email", text("email")),
            ("offer-contact-telephone", text("telephone")),
            ("fact-instructions", text("instructions")),
        ];
        self.bounded(said, room)
    }

    fn bounded(&self, said: impl IntoIterator<Item = (&'static str, String)>, room: usize) -> Vec<Fact> {
        let filled = said.into_iter().filter(|(_, value)| !value.is_empty());
        let mut facts: Vec<Fact> =
            filled.map(|(label, value)| Fact { label: self.say(label, &[]), value: within(&value, LONGEST.min(room)) }).collect();
        facts.truncate(fitting_in(room, &facts, AROUND));
        facts
    }

    fn vacancy(&self, document: &Value) -> Vec<(&'static str, String)> {
        let season = document.get("season").map(|season| {
            let week = |bound: &str| season[bound].as_i64().unwrap_or_default();
            self.say("fact-weeks", &[("from", Said::Number(week("fromWeek"))), ("to", Said::Number(week("toWeek")))])
        });
        let sharing = document["welcomesSharing"].as_bool().filter(|welcome| *welcome).map(|_| self.say("fact-may", &[]));
        let remote = document.pointer("/location/remoteShare").and_then(Value::as_u64).filter(|share| *share > 0);
        vec![
            ("fact-skills-vacancy", self.skills(document, "skills").join(", ")),
            ("offer-education", self.level(document).unwrap_or_default()),
            ("offer-languages", self.languages(document)),
            ("offer-licences", texts(document, "licences").join(", ")),
            ("offer-hours", self.hours(document).unwrap_or_default()),
            ("offer-times", self.times(document)),
            ("fact-season", season.unwrap_or_default()),
            ("offer-contracts", self.contracts(document)),
            ("fact-pay", self.pay(&document["salary"]).unwrap_or_default()),
            ("fact-start", self.date(&document["startDate"])),
            ("fact-remote", self.count("fact-percent", "share", remote)),
            ("fact-sharing", sharing.unwrap_or_default()),
            ("fact-positions", document["positions"].as_u64().map(|number| number.to_string()).unwrap_or_default()),
            ("fact-sector", document.pointer("/employer/sector").and_then(Value::as_str).map(|one| self.sector(one)).unwrap_or_default()),
            ("fact-closes", self.date(&document["closingDate"])),
        ]
    }

    fn training(&self, document: &Value) -> Vec<(&'static str, String)> {
        let named = |list: &str, prefix: &str| {
            texts(document, list).iter().map(|code| self.say(&format!("{prefix}-{code}"), &[])).collect::<Vec<_>>().join(", ")
        };
        let load = &document["studyLoad"];
        let load = load["unit"].as_str().map(|unit| self.count(&format!("load-{unit}"), "count", load["value"].as_u64()));
        let price = &document["price"];
        let amount = price["amount"].as_u64().map(|cents| match cents {
            0 => self.say("find-free", &[]),
            cents => money(self.language, cents),
        });
        let note = price["note"].as_str().map(str::to_owned);
        let credential = document["credential"].as_str().map(|one| self.say(&format!("credential-{one}"), &[]));
        let next = items(document, "leadsTo").filter_map(|item| item["title"].as_str()).collect::<Vec<_>>();
        vec![
            ("fact-skills-training", self.skills(document, "skillsTaught").join(", ")),
            ("fact-required", self.skills(document, "skillsRequired").join(", ")),
            ("fact-level", self.level(document).unwrap_or_default()),
            ("offers-credential", credential.unwrap_or_default()),
            ("offers-routes", named("routes", "route")),
            ("offer-hours", self.hours(document).unwrap_or_default()),
            ("fact-duration", self.count("fact-week-count", "count", document["durationWeeks"].as_u64())),
            ("fact-load", load.unwrap_or_default()),
            ("fact-editions", self.editions(document)),
            ("fact-price", amount.into_iter().chain(note).collect::<Vec<_>>().join(". ")),
            ("fact-funding", named("funding", "funding")),
            ("fact-next", next.join("; ")),
            ("fact-closes", self.date(&document["closingDate"])),
        ]
    }

    fn person(&self, document: &Value) -> Vec<(&'static str, String)> {
        let occupations = |list: &str| {
            let one = |item: &Value| {
                let name = self.named(item, |uri| self.reference.occupation(uri).map(|one| (&one.label_nl, &one.label_en)))?;
                let years = self.count("offer-years", "years", item["years"].as_u64());
                Some(if years.is_empty() { name } else { format!("{name} ({years})") })
            };
            items(document, list).filter_map(one).collect::<Vec<_>>().join(", ")
        };
        let wish = |item: &Value| {
            let days = [&item["from"], &item["until"]].map(|day| self.date(day)).into_iter().filter(|day| !day.is_empty());
            Some(format!("{}, {}", self.say(&format!("wish-{}", item["wish"].as_str()?), &[]), days.collect::<Vec<_>>().join(" – ")))
        };
        let sectors = texts(document, "sectors").iter().map(|one| self.sector(one)).collect::<Vec<_>>();
        vec![
            ("fact-skills-skill-offer", self.skills(document, "skills").join(", ")),
            ("fact-wanted", occupations("occupationsWanted")),
            ("fact-held", occupations("occupationsHeld")),
            ("offer-education", self.level(document).unwrap_or_default()),
            ("offer-languages", self.languages(document)),
            ("offer-licences", texts(document, "licences").join(", ")),
            ("offer-hours", self.hours(document).unwrap_or_default()),
            ("offer-times", self.times(document)),
            ("offer-contracts", self.contracts(document)),
            ("offer-employers", document["employersAtOnce"].as_u64().map(|number| number.to_string()).unwrap_or_default()),
            ("offer-commute", self.commute(&document["commute"]).unwrap_or_default()),
            ("offer-from", self.date(&document["availableFrom"])),
            ("offer-until", self.date(&document["availableUntil"])),
            ("offer-wishes", items(document, "periodWishes").filter_map(wish).collect::<Vec<_>>().join("; ")),
            ("offer-sectors", sectors.join(", ")),
            ("offer-interests", texts(document, "interests").join(", ")),
            ("offer-salary", self.pay(&document["salaryWish"]).unwrap_or_default()),
        ]
    }

    /// Skills with how well they are known, or how much they are needed.
    pub(crate) fn skills(&self, document: &Value, list: &str) -> Vec<String> {
        let one = |item: &Value| {
            let name = self.named(item, |uri| self.reference.skill(uri).map(|skill| (&skill.label_nl, &skill.label_en)))?;
            let level = self.count("offer-skill-level", "level", item["level"].as_u64());
            let importance = match item["importance"].as_str() {
                Some("important") => self.say("reason-important", &[]),
                Some("optional") => self.say("reason-optional", &[]),
                _ => String::new(),
            };
            let evidence = items(item, "evidence").filter_map(|one| Some(self.say(&format!("evidence-{}", one["type"].as_str()?), &[])));
            let besides: Vec<String> = [level, importance].into_iter().chain(evidence).filter(|text| !text.is_empty()).collect();
            Some(if besides.is_empty() { name } else { format!("{name} ({})", besides.join(", ")) })
        };
        items(document, list).filter_map(one).collect()
    }

    pub(crate) fn languages(&self, document: &Value) -> String {
        let one = |item: &Value| Some(format!("{}, {}", spoken::language(self.words, item["language"].as_str()?), item["level"].as_str()?));
        items(document, "languages").filter_map(one).collect::<Vec<_>>().join("; ")
    }

    /// When in the week.
    pub(crate) fn times(&self, document: &Value) -> String {
        let times = &document["workingTimes"];
        let flexible = times["flexible"].as_bool().filter(|flexible| *flexible).map(|_| self.say("offer-flexible", &[]));
        let week = Some(spoken::week(self.words, texts(times, "dayParts"))).filter(|week| !week.is_empty());
        flexible.into_iter().chain(week).collect::<Vec<_>>().join(" ")
    }

    fn contracts(&self, document: &Value) -> String {
        let forms = items(document, "contracts").filter_map(|item| item.as_str().or_else(|| item["form"].as_str()));
        forms.map(|form| self.say(&format!("contract-{form}"), &[])).collect::<Vec<_>>().join(", ")
    }

    fn commute(&self, commute: &Value) -> Option<String> {
        let mode = self.say(&format!("mode-{}", commute["mode"].as_str()?), &[]);
        let minutes = self.count("offer-minutes", "minutes", commute["maxMinutes"].as_u64());
        let kilometres = self.count("offer-kilometres", "kilometres", commute["maxKilometres"].as_u64());
        Some([mode, minutes, kilometres].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "))
    }

    fn editions(&self, document: &Value) -> String {
        let one = |edition: &Value| {
            let place = self.place(&edition["location"]);
            let mode = edition["mode"].as_str().filter(|mode| *mode != "on-site").map(|mode| self.say(&format!("edition-{mode}"), &[]));
            let said = [Some(self.date(&edition["startDate"])), place, mode].into_iter().flatten();
            said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
        };
        items(document, "editions").map(one).filter(|said| !said.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// The name of a place: as the offer says it, or else by its postcode.
    pub(crate) fn place(&self, location: &Value) -> Option<String> {
        let known = || {
            let postcode = Postcode4::from_postcode(location["postcode"].as_str()?).ok()?;
            self.reference.place(postcode).map(|place| place.name.clone())
        };
        location["place"].as_str().map(str::to_owned).or_else(known)
    }

    /// Where a place is: by its postcode, or else by its name.
    pub(crate) fn postcode(&self, location: &Value) -> Option<Postcode4> {
        let coded = location["postcode"].as_str().and_then(|text| Postcode4::from_postcode(text).ok());
        coded.or_else(|| Some(self.reference.place_named(location["place"].as_str()?)?.postcode))
    }

    fn sector(&self, code: &str) -> String {
        self.say(&format!("sector-{code}"), &[])
    }

    fn date(&self, date: &Value) -> String {
        date.as_str().and_then(|date| said_date(self.language, date).ok()).unwrap_or_default()
    }

    /// What is seen of one without opening it, beside its place: how many hours, and of a person the education.
    pub(crate) fn glance(&self, kind: Kind, document: &Value) -> Option<String> {
        let hours = self.hours(document).map(|hours| self.say("fact-hours", &[("hours", Said::Text(&hours))]));
        let level = self.level(document).filter(|_| kind.is_personal());
        let both: Vec<String> = hours.into_iter().chain(level).collect();
        (!both.is_empty()).then(|| both.join(" · "))
    }

    /// What somebody is called who says no line of their own: by the work that they want or had, or by what they can do.
    pub(crate) fn about_somebody(&self, document: &Value) -> Option<String> {
        let first = |list: &str| uris(document, list).first().map(|uri| self.occupation(uri));
        let said = |name: &str, what: &str| self.say(name, &[("what", Said::Text(what))]);
        if let Some(wanted) = first("occupationsWanted") {
            return Some(said("fact-somebody-wants", &wanted));
        }
        if let Some(held) = first("occupationsHeld") {
            return Some(said("fact-somebody-was", &held));
        }
        let skills: Vec<String> = uris(document, "skills").iter().take(3).map(|uri| self.skill(uri)).collect();
        (!skills.is_empty()).then(|| said("fact-somebody-can", &skills.join(", ")))
    }

    /// What somebody can, where they say it: the first names, and how many more there are.
    pub(crate) fn skills_of_somebody(&self, document: &Value) -> Option<String> {
        let uris = uris(document, "skills");
        let mut names: Vec<String> = uris.iter().take(NAMES).map(|uri| self.skill(uri)).collect();
        let more = uris.len().saturating_sub(NAMES);
        if more > 0 {
            names.push(self.count("fact-more", "count", u64::try_from(more).ok()));
        }
        (!names.is_empty()).then(|| self.say("fact-can", &[("what", Said::Text(&names.join(", ")))]))
    }

    /// From the least to the most; one number where they are the same.
    pub(crate) fn range(&self, least: &str, most: &str) -> String {
        match least == most {
            true => self.say("range-one", &[("value", Said::Text(least))]),
            false => self.say("range", &[("least", Said::Text(least)), ("most", Said::Text(most))]),
        }
    }

    fn hours(&self, document: &Value) -> Option<String> {
        let hours = document.get("hours").or_else(|| document.get("hoursPerWeek"))?;
        Some(self.range(&hours["min"].as_u64()?.to_string(), &hours["max"].as_u64()?.to_string()))
    }

    fn level(&self, document: &Value) -> Option<String> {
        let level = ["education", "minimumEducation", "level"].into_iter().find_map(|name| document[name].as_u64())?;
        Some(self.say(&format!("education-own-{level}"), &[]))
    }

    fn pay(&self, pay: &Value) -> Option<String> {
        let amount = |bound: &str| pay[bound].as_u64().map(|cents| format!("€ {}", euros(self.language, cents)));
        let said = match (amount("min"), amount("max")) {
            (Some(least), Some(most)) => self.range(&least, &most),
            (Some(least), None) => self.say("fact-at-least", &[("amount", Said::Text(&least))]),
            (None, Some(most)) => self.say("fact-at-most", &[("amount", Said::Text(&most))]),
            (None, None) => return None,
        };
        Some(format!("{said} {}", self.say(&format!("per-{}", pay["period"].as_str()?), &[])))
    }

    /// The name of a skill, or else the last part of its code.
    pub(crate) fn skill(&self, uri: &CodeUri) -> String {
        self.label(uri, self.reference.skill(uri).map(|skill| (&skill.label_nl, &skill.label_en)))
    }

    /// The name of an occupation, or else the last part of its code.
    pub(crate) fn occupation(&self, uri: &CodeUri) -> String {
        self.label(uri, self.reference.occupation(uri).map(|occupation| (&occupation.label_nl, &occupation.label_en)))
    }

    /// What an item with a code is called: by this node's tables, or as the offer itself calls it, or else the last part of its code.
    fn named<'r>(&'r self, item: &Value, known: impl Fn(&CodeUri) -> Option<(&'r String, &'r String)>) -> Option<String> {
        let uri = item["uri"].as_str()?.parse().ok()?;
        let own = || ["nl", "en"].into_iter().find_map(|language| item["label"][language].as_str()).map(str::to_owned);
        let known = known(&uri);
        if known.is_none() { own().or_else(|| Some(self.label(&uri, None))) } else { Some(self.label(&uri, known)) }
    }

    fn label(&self, uri: &CodeUri, known: Option<(&String, &String)>) -> String {
        match known {
            Some((dutch, english)) => either(self.language, dutch, english).to_owned(),
            None => uri.as_str().rsplit('/').next().unwrap_or_default().to_owned(),
        }
    }
}

fn items<'d>(document: &'d Value, list: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    document[list].as_array().into_iter().flatten()
}

fn texts<'d>(document: &'d Value, list: &str) -> Vec<&'d str> {
    items(document, list).filter_map(Value::as_str).collect()
}

fn uris(document: &Value, list: &str) -> Vec<CodeUri> {
    items(document, list).filter_map(|item| item["uri"].as_str()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests;
