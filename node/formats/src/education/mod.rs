//! The Open Education API, versions 5 and 6: the catalogues of schools become trainings, and trainings a catalogue of version 6.

mod edition;
mod fields;
mod measures;
mod provider;
mod read;
mod spelling;
mod values;
mod write;

pub use fields::{COURSE_5, COURSE_6, OFFERING_5, OFFERING_6, ORGANISATION_5, ORGANISATION_6, OUTCOME_6, PROGRAMME_5, PROGRAMME_6};
pub use write::{Published, write};

use serde_json::Value;

use crate::report::{Place, Read, Why};
use crate::{Context, html, text};

/// The consumer under whose key an object carries what the API has no field for, in the form of an offer.
pub const CONSUMER: &str = "nl-polder";

/// The members of an offer that may stand there.
pub const CONSUMER_MEMBERS: [&str; 15] = [
    "skillsTaught",
    "skillsRequired",
    "occupations",
    "sectors",
    "level",
    "credential",
    "programmeCodes",
    "routes",
    "hoursPerWeek",
    "studyLoad",
    "price",
    "funding",
    "leadsTo",
    "closingDate",
    "enrolment",
];

/// Longest title that is told of what is no offer, in characters.
const LONGEST_TITLE: usize = 200;

/// A version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 5.x: programs, organizations, one kind of offering.
    V5,
    /// 6.x: programmes, organisations, offerings of courses and of programmes.
    V6,
}

/// The version that a school's service document (`GET /`) speaks of.
///
/// # Errors
/// When it names neither version.
pub fn version(service: &Value) -> Result<Version, Why> {
    let has = |name: &str| service.get(name).is_some_and(|value| !value.is_null());
    if ["supportedOperations", "supportedExpands", "supportedConsumers"].into_iter().any(has) {
        return Ok(Version::V6);
    }
    let said = ["specification", "documentation"]
        .map(|name| service.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase())
        .concat();
    let names =
        |major: &str| ["v", "release/", "/specification/", "version-"].iter().any(|before| said.contains(&format!("{before}{major}")));
    match (names("5"), names("6")) {
        (true, false) => Ok(Version::V5),
        (false, true) => Ok(Version::V6),
        _ if has("consumers") => Ok(Version::V5),
        _ => {
            let allowed =
                "a service document of the Open Education API whose `specification` names version 5 or 6, such as https://…/v6/docs.html";
            Err(Why::NotOfTheFormat { allowed: allowed.to_owned() })
        }
    }
}

/// What a course or programme is called, on one line of at most 200 characters; empty where it does not say.
#[must_use]
pub fn title(object: &Value) -> String {
    let name = object.get("name").and_then(|name| values::chosen(name, None)).map(|(_, name)| html::unescaped(&name));
    text::at_most(&text::one_line(&name.unwrap_or_default()), LONGEST_TITLE).0.to_owned()
}

/// A course or programme with its offerings, as the API gives them.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'c> {
    /// The course or programme.
    pub object: &'c Value,
    /// Its offerings.
    pub offerings: &'c [Value],
}

/// What a school has, as far as it was fetched.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue<'c> {
    /// In which version.
    pub version: Version,
    /// The provider where an object names none that is known: a `provider` of an offer.
    pub provider: Option<&'c Value>,
    /// The organisations.
    pub organisations: &'c [Value],
    /// The learning outcomes (version 6).
    pub outcomes: &'c [Value],
    /// The programmes.
    pub programmes: &'c [Offered<'c>],
    /// The courses.
    pub courses: &'c [Offered<'c>],
}

/// Reads the trainings of a catalogue. Programmes are counted first, then courses.
#[must_use]
pub fn read(catalogue: &Catalogue<'_>, context: Context<'_>) -> Read {
    let known = read::Known::of(catalogue, context);
    let mut read = Read::default();
    let mut keys = std::collections::HashSet::new();
    let programmes = catalogue.programmes.iter().map(|one| (one, true));
    let all = programmes.chain(catalogue.courses.iter().map(|one| (one, false)));
    for (index, (offered, programme)) in all.enumerate() {
        let place = Place { item: Some(index as u64 + 1), line: None };
        match read::training(&known, offered, programme, place) {
            read::Came::Ended(ended) => read.ended.push(ended),
            read::Came::Record(record) => read.take(&mut keys, *record),
        }
    }
    read
}
