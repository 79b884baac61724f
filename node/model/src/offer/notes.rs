//! What the reference tables do not know of an offer, and a last day that is over. It is stored all the same: another partner's tables may be larger.

use super::read::ParsedOffer;
use super::types::{Label, Location, Offer};
use crate::finding::{Finding, FindingCode};
use crate::name::{CodeUri, Postcode4};
use crate::reference::Reference;
use crate::time::Date;

/// Most members that are named; one more note says how many others there are.
const MOST_NAMED: usize = 20;

/// The scheme of occupations that are named by a unit group of ISCO-08.
const ISCO08: &str = "isco08";

impl ParsedOffer {
    /// The members whose skill, occupation or postcode no table knows, each with the nearest that a table does know; and a closing date before `today`,
    /// after which nobody finds the offer: at most 22 findings.
    ///
    /// Only findings about vacancies and trainings name the value.
    #[must_use]
    pub fn notes(&self, reference: &Reference, today: Date) -> Vec<Finding> {
        let mut notes = Notes { reference, values: !self.kind.is_personal(), named: Vec::new(), others: 0 };
        match &self.offer {
            Offer::Vacancy(vacancy) => {
                notes.skills("/skills", vacancy.skills.iter().flatten().map(|skill| (&skill.uri, &skill.label)));
                notes.occupations("/occupations", vacancy.occupations.iter().flatten().map(|one| (&*one.scheme, &one.uri, &one.label)));
                notes.location("/location", vacancy.location.as_ref());
            }
            Offer::Training(training) => {
                notes.skills("/skillsTaught", training.skills_taught.iter().flatten().map(|skill| (&skill.uri, &skill.label)));
                notes.skills("/skillsRequired", training.skills_required.iter().flatten().map(|skill| (&skill.uri, &skill.label)));
                notes.occupations("/occupations", training.occupations.iter().flatten().map(|one| (&*one.scheme, &one.uri, &one.label)));
                for (index, edition) in training.editions.iter().flatten().enumerate() {
                    notes.location(&format!("/editions/{index}/location"), edition.location.as_ref());
                }
            }
            Offer::SkillOffer(offer) => {
                notes.skills("/skills", offer.skills.iter().map(|skill| (&skill.uri, &skill.label)));
                let wanted = offer.occupations_wanted.iter().flatten().map(|one| (&*one.scheme, &one.uri, &one.label));
                notes.occupations("/occupationsWanted", wanted);
                let held = offer.occupations_held.iter().flatten().map(|one| (&*one.scheme, &one.uri, &one.label));
                notes.occupations("/occupationsHeld", held);
                notes.postcode("/postcode", offer.postcode.as_deref());
            }
        }
        let mut notes = notes.finish();
        if self.closing_date().is_some_and(|day| day < today) {
            let message = "this day is over: the offer is kept, and nobody finds it; give a later day, or delete it";
            notes.push(Finding::new("/closingDate", FindingCode::Over, message));
        }
        notes
    }

    fn closing_date(&self) -> Option<Date> {
        match &self.offer {
            Offer::Vacancy(vacancy) => vacancy.closing_date,
            Offer::Training(training) => training.closing_date,
            Offer::SkillOffer(_) => None,
        }
    }
}

struct Notes<'r> {
    reference: &'r Reference,
    /// Whether the values themselves may be named.
    values: bool,
    named: Vec<Finding>,
    others: usize,
}

impl Notes<'_> {
    /// Adds a note; the nearest are only sought where it is one of those that are named.
    fn add(&mut self, pointer: String, what: &str, value: &str, nearest: impl FnOnce() -> Vec<String>) {
        if self.named.len() == MOST_NAMED {
            self.others += 1;
            return;
        }
        let what = if self.values { format!("the {what} {value}") } else { format!("this {what}") };
        self.named.push(Finding::unknown(pointer, &what, &nearest()));
    }

    fn skills<'o>(&mut self, list: &str, skills: impl Iterator<Item = (&'o CodeUri, &'o Option<Label>)>) {
        let reference = self.reference;
        for (index, (uri, label)) in skills.enumerate() {
            if reference.skill(uri).is_none() {
                let nearest = || text_of(label.as_ref()).map(|label| reference.suggest_skills(label)).unwrap_or_default();
                self.add(format!("{list}/{index}/uri"), "skill", uri.as_str(), nearest);
            }
        }
    }

    fn occupations<'o>(&mut self, list: &str, occupations: impl Iterator<Item = (&'o str, &'o CodeUri, &'o Option<Label>)>) {
        let reference = self.reference;
        for (index, (scheme, uri, label)) in occupations.enumerate() {
            if reference.occupation(uri).is_none() {
                let nearest = || nearest_occupations(reference, scheme, uri, label.as_ref());
                self.add(format!("{list}/{index}/uri"), "occupation", uri.as_str(), nearest);
            }
        }
    }

    fn location(&mut self, pointer: &str, location: Option<&Location>) {
        self.postcode(&format!("{pointer}/postcode"), location.and_then(|location| location.postcode.as_deref()));
    }

    fn postcode(&mut self, pointer: &str, postcode: Option<&str>) {
        let reference = self.reference;
        let Some(postcode) = postcode.and_then(|text| Postcode4::from_postcode(text).ok()) else { return };
        if reference.place(postcode).is_none() {
            self.add(pointer.to_owned(), "postcode", &postcode.to_string(), || reference.suggest_postcodes(postcode));
        }
    }

    fn finish(self) -> Vec<Finding> {
        let mut notes = self.named;
        if self.others > 0 {
            let more = format!("no table knows {} more member(s) of this offer", self.others);
            notes.push(Finding::new("", FindingCode::UnknownCode, more));
        }
        notes
    }
}

fn text_of(label: Option<&Label>) -> Option<&str> {
    label.and_then(|label| label.nl.as_deref().or(label.en.as_deref()))
}

/// For a unit group of ISCO-08 the occupations in it, for anything else those with a label like its own.
fn nearest_occupations(reference: &Reference, scheme: &str, uri: &CodeUri, label: Option<&Label>) -> Vec<String> {
    let group = uri.as_str().rsplit_once("/C").filter(|_| scheme == ISCO08).map(|(_, code)| code);
    let of_group = group.map(|code| reference.suggest_of_group(code)).unwrap_or_default();
    if of_group.is_empty() { text_of(label).map(|label| reference.suggest_occupations(label)).unwrap_or_default() } else { of_group }
}
