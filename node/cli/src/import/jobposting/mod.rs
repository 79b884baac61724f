//! schema.org JobPosting, as sites publish it, to a vacancy. What is not mapped is said; nothing is invented.

mod dates;
mod draft;
mod education;
mod employment;
mod find;
mod key;
mod place;
mod read;
mod salary;
mod skills;
mod text;
mod values;

use polder_model::{Finding, OfferKey};
use serde_json::{Value, json};

use super::Note;
use draft::Draft;
pub(super) use find::find;
pub(super) use read::read;
use values::{first_text, https};

/// What a JobPosting becomes. The document may still break the schema: `offer::parse` judges.
pub(super) struct Mapped {
    /// Its key.
    pub key: Result<OfferKey, Finding>,
    /// The vacancy.
    pub document: Value,
    /// What was not mapped, or how.
    pub notes: Vec<Note>,
}

/// Members that say nothing about the vacancy, or are read elsewhere.
const SILENT: [&str; 35] = [
    "@context",
    "@type",
    "@id",
    "title",
    "name",
    "description",
    "hiringOrganization",
    "validThrough",
    "employmentType",
    "workHours",
    "baseSalary",
    "salaryCurrency",
    "jobLocation",
    "jobLocationType",
    "occupationalCategory",
    "relevantOccupation",
    "skills",
    "educationRequirements",
    "experienceInPlaceOfEducation",
    "identifier",
    "url",
    "directApply",
    "applicationContact",
    "totalJobOpenings",
    "inLanguage",
    "jobStartDate",
    "responsibilities",
    "qualifications",
    "experienceRequirements",
    "mainEntityOfPage",
    "image",
    "logo",
    "sameAs",
    "datePosted",
    "publisher",
];

/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Longest description, in characters.
pub(super) const LONGEST_DESCRIPTION: usize = 10_000;

/// Maps one JobPosting.
pub(super) fn map(posting: &Value) -> Mapped {
    let mut draft = Draft::default();
    title(posting, &mut draft);
    employer(values::list(&posting["hiringOrganization"]).first().unwrap_or(&&Value::Null), &mut draft);
    skills::occupations(posting, &mut draft);
    skills::skills(&posting["skills"], &mut draft);
    education::level(posting, &mut draft);
    employment::contracts_and_hours(posting, &mut draft);
    salary::salary(posting, &mut draft);
    place::location(posting, &mut draft);
    dates_and_numbers(posting, &mut draft);
    application(posting, &mut draft);
    for member in ["responsibilities", "qualifications", "experienceRequirements"] {
        kept_in_description(posting, member, &mut draft);
    }
    description(posting, &mut draft);
    not_mapped(posting, &mut draft);
    let (document, notes) = draft.finish();
    Mapped { key: key::of(posting), document, notes }
}

fn title(posting: &Value, draft: &mut Draft) {
    let Some(title) = first_text(&[&posting["title"], &posting["name"]]) else { return };
    let title = text::one_line(&title);
    if title.chars().count() > LONGEST_TITLE {
        draft.note("title: cut at 200 characters");
    }
    draft.set("title", json!(title.chars().take(LONGEST_TITLE).collect::<String>().trim_end()));
}

fn employer(organisation: &Value, draft: &mut Draft) {
    let name = first_text(&[organisation, &organisation["name"], &organisation["legalName"]]);
    let mut employer = json!({});
    if let Some(name) = name {
        employer["name"] = json!(text::one_line(&name));
    }
    if let Some(kvk) = key::kvk(organisation) {
        employer["kvk"] = json!(kvk);
    }
    draft.set("employer", employer);
}

fn dates_and_numbers(posting: &Value, draft: &mut Draft) {
    for (member, to) in [("validThrough", "closingDate"), ("jobStartDate", "startDate")] {
        let given = &posting[member];
        let text = values::text(given).unwrap_or_default();
        match dates::date(&text) {
            Some(date) => draft.set(to, json!(date)),
            None if given.is_null() || given == "" => {}
            None => draft.note_about(format!("{member}: not a date that can be read, left out"), text),
        }
    }
    if !posting["datePosted"].is_null() {
        draft.note("datePosted: not kept; the node keeps when the vacancy was published here");
    }
    let openings = &posting["totalJobOpenings"];
    match openings.as_u64().or_else(|| openings.as_str()?.trim().parse().ok()) {
        Some(openings @ 1..=1000) => draft.set("positions", json!(openings)),
        _ if openings.is_null() => {}
        _ => draft.note("totalJobOpenings: not a number from 1 to 1000, left out"),
    }
    let language = first_text(&[&posting["inLanguage"], &posting["inLanguage"]["alternateName"]]).unwrap_or_default();
    let code: String = language.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    match code.len() {
        0 => {}
        2 => draft.set("language", json!(code)),
        _ => draft.note_about("inLanguage: not a code of ISO 639-1, left out", language),
    }
}

fn application(posting: &Value, draft: &mut Draft) {
    let mut application = serde_json::Map::new();
    match (https(&posting["url"]), &posting["url"]) {
        (Some(url), _) => drop(application.insert("url".to_owned(), json!(url))),
        (None, Value::Null) => {}
        (None, _) => draft.note("url: not an https address of a named host, of at most 498 characters, left out"),
    }
    let contact = values::list(&posting["applicationContact"]).into_iter().next().unwrap_or(&Value::Null);
    if let Some(email) = first_text(&[&contact["email"]]).map(|email| email.trim_start_matches("mailto:").to_owned()) {
        application.insert("email".to_owned(), json!(email));
    }
    if let Some(telephone) = first_text(&[&contact["telephone"]]).and_then(|text| values::telephone(&text)) {
        application.insert("telephone".to_owned(), json!(telephone));
    }
    if !application.is_empty() {
        draft.set("application", Value::Object(application));
    }
}

/// Keeps text that has no member of its own.
fn kept_in_description(posting: &Value, member: &'static str, draft: &mut Draft) {
    let texts: Vec<String> = values::list(&posting[member])
        .into_iter()
        .filter_map(|one| first_text(&[one, &one["description"]]).or_else(|| months(one)))
        .collect();
    let text = text::plain(&texts.join("\n"));
    if text.is_empty() {
        return;
    }
    let whole = text::plain(&first_text(&[&posting["description"]]).unwrap_or_default());
    if !whole.contains(&text) {
        draft.keep(&text);
        draft.note(format!("{member}: kept in the description"));
    }
}

/// The months of experience that are asked.
fn months(experience: &Value) -> Option<String> {
    let months = first_text(&[&experience["monthsOfExperience"]])?;
    Some(format!("Werkervaring: {months} maanden"))
}

fn description(posting: &Value, draft: &mut Draft) {
    let text = text::plain(&first_text(&[&posting["description"]]).unwrap_or_default());
    let whole = draft.with_kept(&text);
    let (cut, was_cut) = text::cut(&whole, LONGEST_DESCRIPTION);
    if was_cut {
        draft.note("description: cut at 10000 characters");
    }
    draft.set("description", json!(cut));
}

fn not_mapped(posting: &Value, draft: &mut Draft) {
    let members = posting
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| !value.is_null() && !SILENT.contains(&name.as_str()) && read::is_given(name));
    let names: Vec<&str> = members.map(|(name, _)| name.as_str()).collect();
    if !names.is_empty() {
        draft.note_about("not mapped", names.join(", "));
    }
    let twice = read::twice(posting);
    if !twice.is_empty() {
        draft.note_about("given more than once, differently; the last one counts", twice.join(", "));
    }
}

#[cfg(test)]
mod tests;
