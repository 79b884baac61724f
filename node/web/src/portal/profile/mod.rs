//! A worker's profile: what they can do, what they look for, when and how far. It is written on one page that needs no script; nobody sees it until a consent says so.

mod draft;
mod wrong;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use polder_exchange::PublishRefused;
use polder_exchange::people::Language;
use polder_model::{CodeUri, Finding, Kind, OfferKey};
use polder_store::{Precondition, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cv::Imported;
use super::over;
use crate::pages::find::{self, Coded, either};
use crate::pages::map::Map;
use crate::pages::{Fields, PageError, Pages, Visit, Worker, on_to, propose, sealed};
pub(super) use draft::{Draft, Skill};
use wrong::Wrong;

type Members = serde_json::Map<String, Value>;

/// Skills that an occupation proposes, at most.
const PROPOSED: usize = 20;

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<Told>,
    /// By what name the form is kept as it was sent.
    typed: Option<String>,
}

/// Why somebody comes here.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    /// It was just kept.
    Kept,
    /// What they wanted needs a profile first.
    First,
}

#[derive(Serialize)]
struct Page {
    /// Whether it was just kept.
    kept: bool,
    /// Whether they wanted something that needs a profile.
    first: bool,
    /// Whether it is not what was typed, since that is gone.
    gone: bool,
    /// How many may see something of it.
    seen_by: u64,
    /// Whether it is what was typed before a session was over.
    resumed: bool,
    draft: Draft,
    /// The tag of what the draft began from.
    etag: String,
    /// Languages that can be added.
    others: Vec<&'static str>,
    /// What was looked for, and found.
    skills: Option<Vec<Coded>>,
    occupations: Option<Vec<Coded>>,
    findings: Vec<Wrong>,
    /// Whether the profile was changed since the form began.
    changed: bool,
    /// As far as the commute reaches that is kept.
    map: Option<Map>,
    /// What the place of the postcode is called.
    place: Option<String>,
    /// What a CV filled.
    imported: Option<Imported>,
    /// Whether skills were sought in what the worker wrote.
    read: bool,
    /// What shows the page once more as it is, in another language.
    again: &'static str,
}

impl Page {
    fn new(draft: Draft, etag: String) -> Self {
        Self {
            kept: false,
            first: false,
            gone: false,
            seen_by: 0,
            resumed: false,
            draft,
            etag,
            others: draft::others(),
            skills: None,
            occupations: None,
            findings: Vec::new(),
            changed: false,
            map: None,
            place: None,
            imported: None,
            read: false,
            again: "look",
        }
    }
}

/// The profile as it is; or the form as it was sent, with what was looked for.
pub(super) async fn edit(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    if let Some(name) = &asked.typed
        && let Some(fields) = sealed::form(&pages, &worker.known, name).await?
    {
        return show(&pages, &worker, looked(&pages, &worker, &fields).await?);
    }
    let (draft, etag) = begun(&pages, &worker).await?;
    let map = commute(&pages, &draft);
    let (kept, first) = (asked.told == Some(Told::Kept), asked.told == Some(Told::First) && etag.is_empty());
    let place = place(&pages, &draft);
    let gone = asked.typed.is_some();
    let page = Page { kept, first, gone, map, place, seen_by: seen_by(&pages, &worker).await?, ..Page::new(draft, etag) };
    pages.show(&worker.visit, "portal/profile.html", "profile", page)
}

/// How many may see something of a worker.
async fn seen_by(pages: &Pages, worker: &Worker) -> Result<u64, PageError> {
    match worker.id() {
        Some(id) => Ok(pages.node().store().count_who_may_see(id, pages.node().now()).await?),
        None => Ok(0),
    }
}

/// The form with what was typed before a session was over. Nothing of it is kept.
pub(super) async fn go_on(pages: &Pages, worker: &Worker, fields: &Fields) -> Result<Response, PageError> {
    let draft = Draft::read(fields, &pages.node().reference(), worker.visit.language);
    let (map, place) = (commute(pages, &draft), place(pages, &draft));
    let seen_by = seen_by(pages, worker).await?;
    let page = Page { map, place, seen_by, resumed: true, ..Page::new(draft, fields.one("etag").to_owned()) };
    pages.show(&worker.visit, "portal/profile.html", "profile", page)
}

/// What the form begins from: the profile as it is, and its tag.
pub(super) async fn begun(pages: &Pages, worker: &Worker) -> Result<(Draft, String), PageError> {
    let Some(offer) = worker.stored(pages).await? else { return Ok((Draft::default(), String::new())) };
    let members: Members = serde_json::from_slice(&offer.document).map_err(PageError::internal)?;
    Ok((Draft::of(&pages.labelled(Value::Object(members)), worker.visit.language), offer.etag.to_string()))
}

/// The form as a CV filled it. Nothing of it is kept.
pub(super) fn show_imported(
    pages: &Pages,
    worker: &Worker,
    draft: Draft,
    etag: String,
    mut imported: Imported,
) -> Result<Response, PageError> {
    let mut page = Page { map: commute(pages, &draft), place: place(pages, &draft), ..Page::new(draft, etag) };
    page.draft.maybe_skills = std::mem::take(&mut imported.maybe_skills);
    page.draft.maybe_occupations = std::mem::take(&mut imported.maybe_occupations);
    page.draft.proposed = std::mem::take(&mut imported.proposed);
    page.draft.leave_out_known(&mut None, &mut None);
    page.imported = Some(imported);
    pages.show(&worker.visit, "portal/profile.html", "profile", page)
}

/// What the page sends: something to look for, or all of it to be kept.
pub(super) async fn keep(
    State(pages): State<Pages>,
    visit: Visit,
    worker: Result<Worker, PageError>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let Ok(worker) = worker else { return over::keep(&pages, &visit, over::Form::Profile, &headers, body).await };
    let fields = pages.form(&worker.known, &headers, body).await?;
    if LOOKS.contains(&meant(&fields)) {
        let page = looked(&pages, &worker, &fields).await?;
        // What was found has an address of its own: one can go back to it, and load it anew.
        if page.findings.is_empty()
            && let Some(name) = sealed::keep_form(&pages, &worker.known, &fields).await?
        {
            return Ok(on_to(&format!("/portal/profile?typed={name}{}", part(&fields))));
        }
        return show(&pages, &worker, page);
    }
    let language = worker.visit.language;
    let draft = Draft::read(&fields, &pages.node().reference(), language);
    let etag = fields.one("etag").to_owned();
    let saved = save(&pages, &worker, &draft, &etag).await?;
    let mut page = Page { seen_by: seen_by(&pages, &worker).await?, ..Page::new(Draft::default(), etag) };
    match saved {
        Saved::Kept => return Ok(on_to("/portal/profile?told=kept")),
        Saved::Not(findings) => (page.findings, page.again) = (Wrong::all(&findings, &draft, pages.words(language)), "check"),
        Saved::Changed(etag) => (page.changed, page.etag) = (true, etag),
    }
    page.draft = draft;
    show(&pages, &worker, page)
}

/// What is done with a form of which nothing is kept.
const LOOKS: [&str; 6] = ["look", "skill", "occupation", "propose", "read", "check"];

/// The part of the page where what was looked for stands.
fn part(fields: &Fields) -> &'static str {
    match meant(fields) {
        "skill" | "propose" => "#skills",
        "occupation" => "#occupationsWanted",
        "read" => "#proposed",
        _ => "",
    }
}

/// The form, with what was looked for.
async fn looked(pages: &Pages, worker: &Worker, fields: &Fields) -> Result<Page, PageError> {
    let (reference, language) = (pages.node().reference(), worker.visit.language);
    let mut draft = Draft::read(fields, &reference, language);
    let mut page = Page { seen_by: seen_by(pages, worker).await?, ..Page::new(Draft::default(), fields.one("etag").to_owned()) };
    match meant(fields) {
        "skill" => {
            page.skills = Some(find::skills(&reference, language, &draft.find_skill));
            draft.sought[0].clone_from(&draft.find_skill);
            page.again = "skill";
        }
        "occupation" => {
            page.occupations = Some(find::occupations(&reference, language, &draft.find_occupation));
            draft.sought[1].clone_from(&draft.find_occupation);
            page.again = "occupation";
        }
        "propose" => {
            page.again = "propose";
            if draft.occupations.is_empty() {
                page.findings = vec![Wrong::nothing_to_propose(pages.words(language))];
            } else {
                page.skills = Some(proposed(&reference, language, &draft));
            }
        }
        "read" => {
            page.again = "read";
            if draft.text().trim().is_empty() {
                page.findings = vec![Wrong::nothing_to_read(pages.words(language))];
            } else {
                draft.proposed = propose::proposed(Arc::clone(&reference), language, draft.text(), &draft.picked()).await?;
                page.read = true;
            }
        }
        "check" => {
            page.findings = Wrong::all(&checked(pages, worker, &draft).await?, &draft, pages.words(language));
            page.again = if page.findings.is_empty() { "look" } else { "check" };
        }
        _ => {}
    }
    page.draft = draft;
    Ok(page)
}

/// The form as it was sent, in another language too.
fn show(pages: &Pages, worker: &Worker, mut page: Page) -> Result<Response, PageError> {
    page.draft.leave_out_known(&mut page.skills, &mut page.occupations);
    (page.map, page.place) = (commute(pages, &page.draft), place(pages, &page.draft));
    let status = match (page.changed, page.findings.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::OK,
        (false, false) => StatusCode::BAD_REQUEST,
    };
    // A link to the other language would throw away what is typed from here on.
    let visit = Visit { looks: false, ..worker.visit.clone() };
    pages.show_as(status, &visit, "portal/profile.html", "profile", page)
}

/// What is to be done with a form. By the key of a keyboard that says "go", what was typed to be looked for is; all of it is kept where nothing new was.
fn meant(fields: &Fields) -> &str {
    let is_new = |name: &str, before: &str| !fields.one(name).is_empty() && fields.one(name) != fields.one(before);
    match fields.one("do") {
        "enter" if is_new("find_skill", "sought_skill") => "skill",
        "enter" if is_new("find_occupation", "sought_occupation") => "occupation",
        given => given,
    }
}

/// A map with as far as the commute of a draft reaches; `None` where it says none, or one that no map can show.
fn commute(pages: &Pages, draft: &Draft) -> Option<Map> {
    let (postcode, mode, minutes) = (draft.postcode.parse().ok()?, draft.mode.parse().ok()?, draft.minutes.parse().ok()?);
    let reference = pages.node().reference();
    let known = reference.place(postcode).is_some() && (1..=240).contains(&minutes);
    known.then(|| pages.map().with_commute(&reference, postcode, mode, minutes))
}

/// What the place of a draft is called, where this node knows its postcode.
fn place(pages: &Pages, draft: &Draft) -> Option<String> {
    Some(pages.node().reference().place(draft.postcode.parse().ok()?)?.name.clone())
}

/// The skills that the occupations of a draft need.
fn proposed(reference: &polder_model::reference::Reference, language: Language, draft: &Draft) -> Vec<Coded> {
    let wanted = draft.occupations.iter().filter_map(|wanted| reference.occupation(&wanted.uri.parse::<CodeUri>().ok()?));
    let mut found: Vec<Coded> = Vec::new();
    for skill in wanted.flat_map(|occupation| &occupation.skills).filter_map(|(uri, _)| reference.skill(uri)) {
        let coded = Coded::new(&skill.uri, either(language, &skill.label_nl, &skill.label_en));
        if found.len() < PROPOSED && !found.contains(&coded) {
            found.push(coded);
        }
    }
    found
}

/// What is wrong with a draft. Nothing of it is kept.
async fn checked(pages: &Pages, worker: &Worker, draft: &Draft) -> Result<Vec<Finding>, PageError> {
    let offer = worker.known.is.offer.clone().ok_or(PageError::NotFound)?;
    let members =
        worker.stored(pages).await?.map(|offer| serde_json::from_slice(&offer.document)).transpose().map_err(PageError::internal)?;
    let (document, mut findings) = draft.document(members.unwrap_or_default(), &pages.node().reference());
    findings.extend(others(pages, offer, &Value::Object(document).to_string(), &findings));
    Ok(findings)
}

/// What the schema and its rules find besides.
fn others(pages: &Pages, offer: OfferKey, document: &str, findings: &[Finding]) -> Vec<Finding> {
    let Err(PublishRefused::Invalid(more)) = pages.node().would_publish(Kind::SkillOffer, offer, document.as_bytes()) else {
        return Vec::new();
    };
    more.into_iter().filter(|finding| findings.iter().all(|known| known.pointer != finding.pointer)).collect()
}

/// What became of a draft that was to be kept.
enum Saved {
    Kept,
    /// Something is wrong with it.
    Not(Vec<Finding>),
    /// The profile was changed meanwhile; its tag now.
    Changed(String),
}

/// Keeps a draft, if nobody changed the profile meanwhile. What says the same as is kept by now was sent twice.
async fn save(pages: &Pages, worker: &Worker, draft: &Draft, etag: &str) -> Result<Saved, PageError> {
    let offer = worker.known.is.offer.clone().ok_or(PageError::NotFound)?;
    let before = worker.stored(pages).await?;
    let now = before.as_ref().map(|offer| offer.etag.to_string()).unwrap_or_default();
    let members: Members = match &before {
        Some(offer) => serde_json::from_slice(&offer.document).map_err(PageError::internal)?,
        None => Members::new(),
    };
    let (document, mut findings) = draft.document(members.clone(), &pages.node().reference());
    if now != etag {
        let is_kept = before.is_some() && findings.is_empty() && document == members;
        return Ok(if is_kept { Saved::Kept } else { Saved::Changed(now) });
    }
    let document = Value::Object(document).to_string();
    if !findings.is_empty() {
        // What is wrong with the rest of it is said at once.
        findings.extend(others(pages, offer, &document, &findings));
        return Ok(Saved::Not(findings));
    }
    let precondition = before.map_or(Precondition::Absent, |offer| Precondition::Matches(vec![offer.etag]));
    match pages.node().publish(Kind::SkillOffer, offer, document.as_bytes(), precondition).await {
        Ok(_) => {
            worker.named(pages).await?;
            Ok(Saved::Kept)
        }
        Err(PublishRefused::Invalid(findings)) => Ok(Saved::Not(findings)),
        Err(PublishRefused::Store(StoreError::PreconditionFailed)) => {
            let now = worker.stored(pages).await?;
            Ok(Saved::Changed(now.map(|offer| offer.etag.to_string()).unwrap_or_default()))
        }
        Err(PublishRefused::Store(error)) => Err(error.into()),
    }
}
