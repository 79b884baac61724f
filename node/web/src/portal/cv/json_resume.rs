//! JSON Resume (jsonresume.org, schema 1.x). Only what is named here is read; a member of another form counts as absent.

use serde_json::Value;

use super::text::plain;
use super::{Cv, Left, Unread, levels};

/// Most items of a list that are looked at.
const MOST: usize = 200;

/// Reads a resume. What began by `today` (an instant, or a date) and has not ended is still going on.
pub(super) fn read(text: &str, today: &str) -> Result<Cv, Unread> {
    // Deeper than 128 is refused by the reader.
    let resume: Value = serde_json::from_str(text).map_err(|_| Unread::Form)?;
    let known = ["basics", "work", "education", "skills", "languages"];
    if !known.iter().any(|part| resume.get(part).is_some_and(|part| part.is_object() || part.is_array())) {
        return Err(Unread::Form);
    }
    let mut cv = Cv::default();
    basics(&mut cv, &resume["basics"]);
    work(&mut cv, &resume);
    education(&mut cv, &resume, today);
    for skill in items(&resume, "skills") {
        cv.skills.extend(said(skill, "name"));
        let keywords = skill["keywords"].as_array().into_iter().flatten().take(MOST);
        cv.skills.extend(keywords.filter_map(Value::as_str).map(str::to_owned));
    }
    for spoken in items(&resume, "languages") {
        let code = said(spoken, "language").and_then(|name| levels::language(&name));
        match (code, said(spoken, "fluency").and_then(|fluency| levels::level(&fluency))) {
            (Some(code), Some(level)) => cv.languages.push((code, level)),
            _ => drop(cv.left.insert(Left::Languages)),
        }
    }
    if items(&resume, "references").next().is_some() {
        cv.left.insert(Left::References);
    }
    let others = ["volunteer", "awards", "certificates", "publications", "interests", "projects"];
    if others.iter().any(|name| items(&resume, name).next().is_some()) {
        cv.left.insert(Left::Others);
    }
    Ok(cv)
}

fn items<'v>(resume: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    resume[name].as_array().into_iter().flatten().take(MOST)
}

/// A text that is there, and is not empty.
fn said(item: &Value, name: &str) -> Option<String> {
    item.get(name)?.as_str().map(plain).filter(|text| !text.is_empty())
}

fn basics(cv: &mut Cv, basics: &Value) {
    let text = |name: &str| said(basics, name).unwrap_or_default();
    (cv.name, cv.email, cv.telephone, cv.about) = (text("name"), text("email"), text("phone"), text("summary"));
    cv.title = text("label");
    cv.wanted.extend(said(basics, "label"));
    let location = &basics["location"];
    if said(location, "countryCode").is_none_or(|country| country.eq_ignore_ascii_case("nl")) {
        cv.postcode = said(location, "postalCode").unwrap_or_default();
    }
    for (there, left) in [
        (said(basics, "image").is_some(), Left::Photo),
        (said(location, "address").is_some(), Left::Address),
        (said(basics, "url").is_some() || items(basics, "profiles").next().is_some(), Left::Links),
    ] {
        if there {
            cv.left.insert(left);
        }
    }
}

fn work(cv: &mut Cv, resume: &Value) {
    for job in items(resume, "work") {
        cv.held.extend(said(job, "position"));
        // `company` of the schema before 1.0.
        if said(job, "name").or_else(|| said(job, "company")).is_some() {
            cv.left.insert(Left::Employers);
        }
        let highlights = items(job, "highlights").filter_map(Value::as_str).map(plain);
        cv.wrote(said(job, "summary").into_iter().chain(highlights));
    }
}

fn education(cv: &mut Cv, resume: &Value, today: &str) {
    for school in items(resume, "education") {
        if said(school, "institution").is_some() {
            cv.left.insert(Left::Schools);
        }
        let done = said(school, "endDate").is_some_and(|end| today.get(..end.len()).is_some_and(|today| end.as_str() <= today));
        let level = said(school, "studyType").and_then(|kind| levels::education(&kind));
        if done {
            cv.learnt(level);
        }
    }
}
