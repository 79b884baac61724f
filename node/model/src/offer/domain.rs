//! Rules of the domain that a schema cannot say.

use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::types::{Hours, Location, Offer, Salary, Terms, Training, Vacancy};
use super::{identifiers, personal};
use crate::finding::{Finding, FindingCode};
use crate::link;
use crate::name::Kind;
use crate::text::is_invisible;
use crate::time::Date;

/// Longest text in bytes of one combining sequence times characters: a text may not hide a flood of combining marks.
const MOST_MARKS: usize = 8;

/// Members that are typed numbers or addresses: no search for citizen service numbers there.
pub(super) const EXEMPT: [&str; 12] = [
    "kvk",
    "telephone",
    "uri",
    "url",
    "code",
    "key",
    "sbi",
    "institutionCode",
    "recognisedTrainingCompany",
    "recipients",
    "email",
    "postcode",
];

/// Every domain rule that the offer breaks.
pub(super) fn findings(kind: Kind, offer: &Offer, value: &Value) -> Vec<Finding> {
    let mut found = Found(typed_findings(kind, offer));
    texts(kind, value, &mut String::new(), "", &mut found);
    found.0
}

/// Every domain rule that the offer breaks, other than those about its texts.
pub(super) fn typed_findings(kind: Kind, offer: &Offer) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    match offer {
        Offer::Vacancy(vacancy) => self::vacancy(vacancy, &mut found),
        Offer::Training(training) => self::training(training, &mut found),
        Offer::SkillOffer(offer) => {
            found.hours("/hours", offer.hours.as_ref());
            found.salary("/salaryWish", offer.salary_wish.as_ref());
            found.span("/availableUntil", offer.available_from, offer.available_until);
            found.distinct("/skills", offer.skills.iter().map(|skill| skill.uri.as_str()));
            found.distinct("/occupationsWanted", offer.occupations_wanted.iter().flatten().map(|occupation| occupation.uri.as_str()));
            found.distinct("/occupationsHeld", offer.occupations_held.iter().flatten().map(|occupation| occupation.uri.as_str()));
            for (index, wish) in offer.period_wishes.iter().flatten().enumerate() {
                found.span(format!("/periodWishes/{index}/until"), Some(wish.from), wish.until);
                found.hours(format!("/periodWishes/{index}/hours"), wish.hours.as_ref());
            }
        }
    }
    if let Some((pointer, link)) = offer.link()
        && let Err(allowed) = link::host_of(link)
    {
        found.add(pointer, FindingCode::OutOfBounds, &allowed);
    }
    if let Some(terms) = offer.terms() {
        found.terms(kind, terms);
    }
    found.0
}

/// Whether a text about people may hold what stands nowhere: a citizen service number, special-category data, or how somebody can be reached.
#[must_use]
pub fn is_personal(text: &str) -> bool {
    may_not_stand(Kind::SkillOffer, text)
}

/// Whether there is a finding about a text, in a member that is looked at.
pub(super) fn may_not_stand(kind: Kind, text: &str) -> bool {
    personal::may_hold_bsn(text)
        || kind.is_personal() && (personal::reveals_special_category(text) || identifiers::direct(text).is_some())
        || marks_flood(text)
}

/// What the texts of a document hold that they may not.
pub(super) fn text_findings(kind: Kind, value: &Value) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    texts(kind, value, &mut String::new(), "", &mut found);
    found.0
}

fn vacancy(vacancy: &Vacancy, found: &mut Found) {
    found.hours("/hours", vacancy.hours.as_ref());
    found.salary("/salary", vacancy.salary.as_ref());
    found.distinct("/skills", vacancy.skills.iter().flatten().map(|skill| skill.uri.as_str()));
    found.distinct("/occupations", vacancy.occupations.iter().flatten().map(|occupation| occupation.uri.as_str()));
    found.location("/location", vacancy.location.as_ref());
    found.party("/employer/name", &vacancy.employer.name);
}

fn training(training: &Training, found: &mut Found) {
    found.hours("/hoursPerWeek", training.hours_per_week.as_ref());
    found.distinct("/skillsTaught", training.skills_taught.iter().flatten().map(|skill| skill.uri.as_str()));
    found.distinct("/skillsRequired", training.skills_required.iter().flatten().map(|skill| skill.uri.as_str()));
    found.distinct("/occupations", training.occupations.iter().flatten().map(|occupation| occupation.uri.as_str()));
    found.party("/provider/name", &training.provider.name);
    for (index, edition) in training.editions.iter().flatten().enumerate() {
        found.span(format!("/editions/{index}/endDate"), edition.start_date, edition.end_date);
    }
}

struct Found(Vec<Finding>);

impl Found {
    fn add(&mut self, pointer: impl Into<String>, code: FindingCode, message: &str) {
        self.0.push(Finding::new(pointer, code, message));
    }

    fn hours(&mut self, pointer: impl Into<String>, hours: Option<&Hours>) {
        if hours.is_some_and(|hours| hours.min > hours.max) {
            self.add(pointer, FindingCode::Contradiction, "min is more than max");
        }
    }

    fn salary(&mut self, pointer: &str, salary: Option<&Salary>) {
        let Some(salary) = salary else { return };
        if salary.min.zip(salary.max).is_some_and(|(min, max)| min > max) {
            self.add(pointer, FindingCode::Contradiction, "min is more than max");
        }
        let most = match salary.period.as_str() {
            "hour" => 100_000,
            "day" => 1_000_000,
            "week" => 2_500_000,
            "month" => 10_000_000,
            _ => 100_000_000,
        };
        if salary.min.max(salary.max).is_some_and(|cents| cents > most) {
            self.add(pointer, FindingCode::OutOfBounds, "amounts are in cents; this is more than anyone earns in that period");
        }
    }

    fn span(&mut self, pointer: impl Into<String>, from: Option<Date>, until: Option<Date>) {
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            self.add(pointer, FindingCode::Contradiction, "it ends before it starts");
        }
    }

    fn distinct<'o>(&mut self, pointer: &str, codes: impl Iterator<Item = &'o str>) {
        let mut seen = std::collections::HashSet::new();
        for code in codes {
            if !seen.insert(code) {
                return self.add(pointer, FindingCode::Contradiction, "a code stands twice");
            }
        }
    }

    fn location(&mut self, pointer: &str, location: Option<&Location>) {
        let Some(location) = location else { return };
        if location.postcode.is_none() && location.remote_share != Some(100) {
            self.add(
                format!("{pointer}/postcode"),
                FindingCode::Missing,
                "a location has a postcode, unless the work is remote for 100 percent",
            );
        }
    }

    /// The name of an organisation: one script, no invisible or direction-changing characters, normal form C.
    fn party(&mut self, pointer: &str, name: &str) {
        if name.chars().any(|c| c.is_control() || is_invisible(c)) || !is_nfc(name) {
            self.add(
                pointer,
                FindingCode::NotAllowed,
                "a name has no control, invisible or direction-changing characters and is in Unicode form NFC",
            );
        }
        let latin = name.chars().any(is_latin);
        let other = name.chars().any(|c| c.is_alphabetic() && !is_latin(c));
        if latin && other {
            self.add(pointer, FindingCode::NotAllowed, "a name does not mix letters of different scripts");
        }
    }

    fn terms(&mut self, kind: Kind, terms: &Terms) {
        if kind.is_personal() {
            // Who sets terms would take away what the worker's consent says, and nobody would be told.
            let message = "what may be seen of a skill offer, by whom and what for, the worker's consents alone say; leave terms out";
            self.add("/terms".to_owned(), FindingCode::NotAllowed, message);
            return;
        }
        let members = super::read::optional_members(kind);
        for (index, name) in terms.fields.iter().flatten().enumerate() {
            if !members.iter().any(|member| member == name) {
                let message = format!("not an optional member of this kind of offer; there are {}", members.join(", "));
                self.add(format!("/terms/fields/{index}"), FindingCode::UnknownCode, &message);
            }
        }
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | 'ª' | 'º')
}

/// Looks into every text of the document.
fn texts(kind: Kind, value: &Value, pointer: &mut String, member: &str, found: &mut Found) {
    match value {
        Value::String(text) => {
            if EXEMPT.contains(&member) {
                return;
            }
            if personal::may_hold_bsn(text) {
                let message = "nine digits that may be a citizen service number (BSN); such numbers may not stand here";
                found.add(pointer.clone(), FindingCode::NotAllowed, message);
            }
            if kind.is_personal() && personal::reveals_special_category(text) {
                let message = "a word about health, benefits for disability, belief, union or criminal record; such data about people may not stand here";
                found.add(pointer.clone(), FindingCode::NotAllowed, message);
            }
            if let Some(direct) = Some(text).filter(|_| kind.is_personal()).and_then(|text| identifiers::direct(text)) {
                let message = format!(
                    "{}, by which somebody can be reached; it stands in `contact` alone, which has a consent of its own",
                    direct.as_str()
                );
                found.add(pointer.clone(), FindingCode::NotAllowed, &message);
            }
            if marks_flood(text) {
                found.add(pointer.clone(), FindingCode::OutOfBounds, "at most 8 combining marks on one character");
            }
        }
        Value::Array(list) => list.iter().enumerate().for_each(|(index, inner)| {
            descend(kind, inner, pointer, &index.to_string(), member, found);
        }),
        Value::Object(members) => members.iter().for_each(|(name, inner)| descend(kind, inner, pointer, name, name, found)),
        _ => {}
    }
}

fn descend(kind: Kind, inner: &Value, pointer: &mut String, step: &str, member: &str, found: &mut Found) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(step);
    texts(kind, inner, pointer, member, found);
    pointer.truncate(length);
}

fn marks_flood(text: &str) -> bool {
    // These are no marks, and come apart into one character and at most three marks.
    if text.chars().all(|c| matches!(c, '\0'..='\u{2ff}' | '\u{2010}'..='\u{20c0}')) {
        return false;
    }
    let mut run = 0;
    text.nfd().any(|c| {
        run = if unicode_normalization::char::is_combining_mark(c) { run + 1 } else { 0 };
        run > MOST_MARKS
    })
}
