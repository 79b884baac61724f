//! A CV that a worker brings: Europass or JSON Resume. What a profile has a place for fills its form; nothing is kept before they look and keep it, and the
//! file itself is neither kept nor logged.

mod europass;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod fuzz;
mod json_resume;
mod known;
mod levels;
mod text;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use polder_exchange::people::Language;
use polder_model::offer::is_personal;
use polder_model::reference::Reference;
use serde::Serialize;
use tokio::sync::Semaphore;

use super::profile::{self, Draft, Skill};
use crate::pages::find::Coded;
use crate::pages::propose::{self, Proposed};
use crate::pages::{PageError, Pages, Worker};
use known::Found;

/// Largest file, in bytes.
const LARGEST: usize = 1024 * 1024;
/// Files that are looked at at a time: one takes some MiB meanwhile.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Most of what a list of a profile takes.
const MOST: usize = 50;
/// Characters of a name of a skill or an occupation; what is longer is a text.
const LONGEST_NAME: usize = 100;
const LONGEST_TITLE: usize = 200;
const LONGEST_ABOUT: usize = 10_000;
/// Bytes of all texts about work together in which skills are sought.
const LONGEST_TEXTS: usize = 40_000;

/// What a CV says, as far as a profile has a place for it.
#[derive(Debug, Default)]
struct Cv {
    /// What is looked for, in a line.
    title: String,
    about: String,
    name: String,
    email: String,
    telephone: String,
    postcode: String,
    /// Occupations that are wanted, and that were held, by their names.
    wanted: Vec<String>,
    held: Vec<String>,
    /// Skills by their names.
    skills: Vec<String>,
    /// What was written about work that was done: skills are sought in it, and nothing of it stands in a profile.
    texts: Vec<String>,
    /// Languages by their codes, with a level (CEFR).
    languages: Vec<(&'static str, &'static str)>,
    licences: BTreeSet<&'static str>,
    /// The highest level of education (NLQF × 10).
    education: Option<u8>,
    left: BTreeSet<Left>,
}

/// What stands in a CV and is left out: it is said, and not read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Left {
    Photo,
    Birth,
    Gender,
    Nationality,
    Health,
    Address,
    Employers,
    Schools,
    /// An education whose level the file does not say in a way that is known here.
    Education,
    Texts,
    /// A language without a level, or one that the form does not ask after.
    Languages,
    Links,
    References,
    Others,
    /// What may not stand in a profile: how somebody is reached, a citizen service number, or something about health.
    Personal,
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unread {
    /// There is none.
    Nothing,
    /// It is larger than is taken.
    Large,
    /// It is a PDF.
    Pdf,
    /// It is neither of the forms.
    Form,
    /// It says things about itself that a CV has no need of: a document type with entities.
    Entities,
}

impl Unread {
    /// The message that says it.
    const fn message(self) -> &'static str {
        match self {
            Self::Nothing => "cv-wrong-nothing",
            Self::Large => "cv-wrong-large",
            Self::Pdf => "cv-wrong-pdf",
            Self::Form => "cv-wrong-form",
            Self::Entities => "cv-wrong-entities",
        }
    }
}

/// Reads a file by what stands in it; what it is called says nothing.
fn read(file: &[u8], today: &str) -> Result<Cv, Unread> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii();
    let text = match file {
        [] => return Err(Unread::Nothing),
        [b'%', b'P', b'D', b'F', ..] => return Err(Unread::Pdf),
        file => std::str::from_utf8(file).map_err(|_| Unread::Form)?,
    };
    let mut cv = if text.starts_with('<') { europass::read(text)? } else { json_resume::read(text, today)? };
    cv.tidy();
    Ok(cv)
}

impl Cv {
    /// Something that was finished, and its level where that is known.
    fn learnt(&mut self, level: Option<u8>) {
        self.education = self.education.max(level);
        if level.is_none() {
            self.left.insert(Left::Education);
        }
    }

    /// Texts about work: as much of them as is read, whole.
    fn wrote(&mut self, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            self.left.insert(Left::Texts);
            let long: usize = self.texts.iter().map(String::len).sum();
            if long + text.len() <= LONGEST_TEXTS {
                self.texts.push(text);
            }
        }
    }

    /// Cuts what is too long, and leaves out what may not stand in a profile.
    fn tidy(&mut self) {
        for (text, longest) in [(&mut self.title, LONGEST_TITLE), (&mut self.about, LONGEST_ABOUT)] {
            *text = text::cut(text.trim(), longest);
            if is_personal(text) {
                text.clear();
                self.left.insert(Left::Personal);
            }
        }
        // What may not stand in a profile is not quoted on its page either.
        if self.texts.iter().any(|text| is_personal(text)) {
            self.left.insert(Left::Personal);
            self.texts.retain(|text| !is_personal(text));
        }
        for list in [&mut self.wanted, &mut self.held, &mut self.skills] {
            let mut seen = BTreeSet::new();
            list.retain_mut(|name| {
                *name = name.split_whitespace().collect::<Vec<_>>().join(" ");
                !name.is_empty() && name.chars().count() <= LONGEST_NAME && !is_personal(name) && seen.insert(name.to_lowercase())
            });
            list.truncate(MOST);
        }
        self.name = text::cut(self.name.split_whitespace().collect::<Vec<_>>().join(" ").as_str(), LONGEST_TITLE);
        self.email = text::email(&self.email).unwrap_or_default();
        self.telephone = text::telephone(&self.telephone).unwrap_or_default();
        self.postcode = text::postcode(&self.postcode).unwrap_or_default();
    }
}

/// What the page of the profile says of a CV that fills it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Imported {
    /// The parts of the page that it filled.
    taken: BTreeSet<&'static str>,
    left: BTreeSet<Left>,
    /// Names of skills and occupations that nobody here knows.
    unknown: Vec<String>,
    /// What is like a name in the CV, to be picked.
    pub maybe_skills: Vec<Coded>,
    pub maybe_occupations: Vec<Coded>,
    /// Skills of which its texts speak.
    pub proposed: Vec<Proposed>,
}

/// Fills the form of a profile, as far as nothing stands there.
fn fill(cv: Cv, draft: &mut Draft, reference: &Reference, language: Language) -> Imported {
    let mut said = Imported { left: cv.left, ..Imported::default() };
    let texts = [
        ("title", cv.title, &mut draft.title),
        ("description", cv.about, &mut draft.description),
        ("postcode", cv.postcode, &mut draft.postcode),
        ("education", cv.education.map(|level| level.to_string()).unwrap_or_default(), &mut draft.education),
        ("contact", cv.name, &mut draft.name),
        ("contact", cv.email, &mut draft.email),
        ("contact", cv.telephone, &mut draft.telephone),
    ];
    for (part, text, place) in texts {
        if place.is_empty() && !text.is_empty() {
            said.taken.insert(part);
            *place = text;
        }
    }
    for (code, level) in cv.languages {
        if !draft.languages.contains_key(code) {
            said.taken.insert("languages");
            draft.languages.insert(code.to_owned(), level.to_owned());
        }
    }
    for licence in cv.licences {
        if draft.licences.insert(licence.to_owned()) {
            said.taken.insert("licences");
        }
    }
    let Found { sure, maybe, unknown } = known::skills(reference, language, &cv.skills);
    for Coded { uri, label, .. } in sure {
        if draft.skills.len() < MOST && draft.skills.iter().all(|there| there.uri != uri) {
            said.taken.insert("skills");
            draft.skills.push(Skill { uri, label, level: String::new() });
        }
    }
    said.maybe_skills = maybe;
    said.unknown.extend(unknown);
    let wanted = known::occupations(reference, language, &cv.wanted);
    for coded in wanted.sure {
        if !draft.occupations.contains(&coded) {
            said.taken.insert("occupationsWanted");
            draft.occupations.push(coded);
        }
    }
    // Whoever did something before does not always want it again.
    let held = known::occupations(reference, language, &cv.held);
    said.maybe_occupations = wanted.maybe.into_iter().chain(held.sure).chain(held.maybe).collect();
    said.unknown.extend(held.unknown);
    said.maybe_occupations.dedup();
    let texts = [draft.text(), cv.texts.join("\n")].join("\n");
    said.proposed = propose::found(reference, language, &texts, &draft.picked());
    said
}

#[derive(Serialize)]
struct Page {
    /// What is wrong with the file that was sent.
    wrong: Option<&'static str>,
}

/// Asks for the file.
pub(super) async fn ask(State(pages): State<Pages>, worker: Worker) -> Result<Response, PageError> {
    pages.show(&worker.visit, "portal/cv.html", "profile", Page { wrong: None })
}

/// Fills the form of the profile with what the file says. Nothing is kept.
pub(super) async fn import(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    let file = match pages.form_with_file(&worker.known, &headers, body, LARGEST).await {
        Ok((_, file)) => file,
        Err(PageError::Status(StatusCode::PAYLOAD_TOO_LARGE)) => return refused(&pages, &worker, Unread::Large),
        Err(error) => return Err(error),
    };
    let _place = AT_ONCE.acquire().await.map_err(PageError::internal)?;
    let (mut draft, etag) = profile::begun(&pages, &worker).await?;
    let (reference, language, today) = (pages.node().reference(), worker.visit.language, pages.node().now().to_string());
    let read = tokio::task::spawn_blocking(move || looked_at(&file, &today, &mut draft, &reference, language).map(|said| (draft, said)));
    match read.await.map_err(PageError::internal)? {
        Ok((draft, said)) => profile::show_imported(&pages, &worker, draft, etag, said),
        Err(unread) => refused(&pages, &worker, unread),
    }
}

fn looked_at(file: &Bytes, today: &str, draft: &mut Draft, reference: &Arc<Reference>, language: Language) -> Result<Imported, Unread> {
    Ok(fill(read(file, today)?, draft, reference, language))
}

fn refused(pages: &Pages, worker: &Worker, unread: Unread) -> Result<Response, PageError> {
    let page = Page { wrong: Some(unread.message()) };
    pages.show_as(StatusCode::BAD_REQUEST, &worker.visit, "portal/cv.html", "profile", page)
}

#[cfg(test)]
mod tests;
