//! The form of an offer: shown, and kept where all of it holds. What is wrong is said at once, by its part.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use polder_exchange::people::Language;
use polder_exchange::{PublishRefused, Published};
use polder_model::{Finding, FindingCode, Kind, OfferKey};
use polder_store::{Edit, Outcome, Precondition, StoreError, StoredOffer};
use serde::Serialize;
use serde_json::{Map, Value};

use super::draft::Draft;
use super::member::{Shape, Wrong};
use super::{kind, members, note, reversed, stored};
use crate::desk::own;
use crate::pages::bounded::short;
use crate::pages::find::{self, Coded};
use crate::pages::over::{self, Typing};
use crate::pages::propose::{self, Proposed};
use crate::pages::{As, Desk, Fields, PageError, Pages, Staff, Visit, on_to};

#[derive(Serialize)]
struct Page {
    draft: Draft,
    /// The key; empty where one is to be made.
    key: String,
    /// Whether it is there already.
    exists: bool,
    /// As what a search for people names it; empty where it is not there, or is closed.
    about: String,
    /// The tag of what the draft began from.
    etag: String,
    skills: Option<Vec<Coded>>,
    occupations: Option<Vec<Coded>>,
    /// Skills of which its text seems to speak, where that was asked.
    proposed: Option<Vec<Proposed>>,
    findings: Vec<Wrong>,
    /// Whether somebody else changed the offer since it was opened, and in which members what was typed differs from that.
    changed: bool,
    differs: Vec<String>,
    /// Whether somebody else deleted it meanwhile: what was typed would be an offer anew.
    gone: bool,
    /// Whether it was typed before a session was over.
    resumed: bool,
}

impl Page {
    /// Empty.
    fn new(kind: Kind, language: Language) -> Self {
        Self {
            draft: Draft::of(kind, &Value::Null, language),
            key: String::new(),
            exists: false,
            about: String::new(),
            etag: String::new(),
            skills: None,
            occupations: None,
            proposed: None,
            findings: Vec::new(),
            changed: false,
            differs: Vec::new(),
            gone: false,
            resumed: false,
        }
    }
}

/// The form: of an offer as it is, or empty.
pub(in crate::desk) async fn edit(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path((name, key)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let kind = kind(&name)?;
    let before = stored(&pages, kind, &key).await?;
    let document = before.as_ref().map(members).transpose()?.unwrap_or_default();
    let mut draft = Draft::of(kind, &pages.labelled(Value::Object(document)), staff.visit.language);
    if before.is_none() {
        draft.lines.insert("whom", pages.node().home().name.clone());
        draft.lines.extend(own_number(&pages).map(|number| ("kvk", number)));
    }
    let about = before.as_ref().and_then(|offer| own::named_where_open(offer, pages.node().now().date())).unwrap_or_default();
    let etag = before.as_ref().map(|offer| offer.etag.to_string()).unwrap_or_default();
    let exists = before.is_some();
    let key = if exists { key } else { String::new() };
    let page = Page { draft, key, exists, about, etag, ..Page::new(kind, staff.visit.language) };
    pages.show(&staff.visit, "desk/offer.html", "offers", page)
}

/// The number of this partner in the trade register, where it has one and publishes for nobody else: another's name would stand beside it otherwise.
fn own_number(pages: &Pages) -> Option<String> {
    let own = &pages.node().home().partner;
    let is_alone = pages.node().register().member(own).is_some_and(|member| member.acts_for.is_empty());
    own.as_str().strip_prefix("kvk:").filter(|_| is_alone).map(str::to_owned)
}

/// The form as it was typed, and the offer as it is.
async fn typed(
    pages: &Pages,
    staff: &Staff,
    (kind, key): (Kind, String),
    fields: &Fields,
) -> Result<(Page, Option<StoredOffer>), PageError> {
    let (before, gone) = match stored(pages, kind, &key).await {
        // What was typed is not lost where somebody else deleted the offer: it can be kept anew.
        Err(PageError::NotFound) if key.parse::<OfferKey>().is_ok() => (None, true),
        found => (found?, false),
    };
    let language = staff.visit.language;
    let draft = Draft::read(kind, fields, &pages.node().reference(), language);
    let exists = before.is_some();
    let key = if exists || gone { key } else { fields.one("key").to_owned() };
    let etag = if gone { String::new() } else { fields.one("etag").to_owned() };
    Ok((Page { draft, key, exists, etag, gone, ..Page::new(kind, language) }, before))
}

/// Whoever logged in beside a page with what they typed goes back to it.
pub(in crate::desk) async fn logged_in(State(pages): State<Pages>, staff: Staff) -> Result<Response, PageError> {
    over::logged_in(&pages, &staff.visit)
}

/// The form again, with what was typed before a session was over. Nothing of it is kept.
pub(in crate::desk) async fn resume(
    State(pages): State<Pages>,
    Path((name, key)): Path<(String, String)>,
    visit: Visit,
    by: Result<As<Desk>, PageError>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let staff = match by {
        Ok(As { staff, .. }) => Some(staff),
        Err(PageError::LogIn) => None,
        Err(error) => return Err(error),
    };
    let by = staff.as_ref().map(|staff| &staff.known.is.session.login);
    let kept = over::read(&pages, &visit, by, &headers, body).await?;
    let Some(staff) = staff else { return kept.again(&pages, &visit, Typing { action: visit.place(), form: "offer" }) };
    let (page, _) = typed(&pages, &staff, (kind(&name)?, key), &kept.fields).await?;
    let status = if page.gone { StatusCode::CONFLICT } else { StatusCode::OK };
    pages.show_as(status, &staff.visit, "desk/offer.html", "offers", Page { resumed: true, ..page })
}

/// What the form sends: something to look for by name, or all of it to be kept. Where the session is over, what was typed is kept on a page.
pub(in crate::desk) async fn keep(
    State(pages): State<Pages>,
    Path((name, key)): Path<(String, String)>,
    visit: Visit,
    by: Result<As<Desk>, PageError>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let staff = match by {
        Ok(As { staff, .. }) => staff,
        Err(PageError::LogIn) => {
            let action = format!("{}/resume", visit.place());
            return over::keep(&pages, &visit, Typing { action: &action, form: "offer" }, &headers, body).await;
        }
        Err(error) => return Err(error),
    };
    let fields = pages.form(&staff.known, &headers, body).await?;
    let kind = kind(&name)?;
    let (reference, language) = (pages.node().reference(), staff.visit.language);
    let (mut page, before) = typed(&pages, &staff, (kind, key), &fields).await?;
    let gone = page.gone;
    let mut status = if gone { StatusCode::CONFLICT } else { StatusCode::OK };
    // By the key of a keyboard that says "go", what was typed to be looked for is.
    let meant = match fields.one("do") {
        "enter" if !page.draft.find_skill.is_empty() => "skill",
        "enter" if !page.draft.find_occupation.is_empty() => "occupation",
        given => given,
    };
    match meant {
        // It is shown once more, in another language.
        "look" => {}
        "propose" => {
            let text = format!("{}\n{}", page.draft.line("title"), page.draft.line("description"));
            page.proposed = Some(propose::proposed(reference, language, text, &page.draft.skills).await?);
        }
        "skill" => page.skills = Some(find::skills(&reference, language, &page.draft.find_skill)),
        "occupation" => page.occupations = Some(find::occupations(&reference, language, &page.draft.find_occupation)),
        _ if gone => {}
        _ => {
            let unclear = look_up(&pages, &staff, &mut page);
            match save(&pages, &staff, &page, before, unclear).await? {
                Saved::Kept(key) => return Ok(on_to(&format!("/desk/offers/{kind}?told=kept&key={key}"))),
                Saved::Not(wrong) => (page.findings, status) = (wrong, StatusCode::BAD_REQUEST),
                Saved::Changed => {
                    changed(&pages, &staff, &mut page).await?;
                    status = StatusCode::CONFLICT;
                }
            }
        }
    }
    find::leave_out(&mut page.skills, &page.draft.skills);
    find::leave_out(&mut page.occupations, &page.draft.occupations);
    pages.show_as(status, &staff.visit, "desk/offer.html", "offers", page)
}

/// Picks what was typed as a name and not looked up yet, as a search does; what is to be picked first, or is not known, is said.
fn look_up(pages: &Pages, staff: &Staff, page: &mut Page) -> Vec<Wrong> {
    let (reference, language, draft) = (pages.node().reference(), staff.visit.language, &mut page.draft);
    let skill = (&mut draft.find_skill, &mut draft.skills);
    let parts = find::look_up(&reference, language, (&mut draft.find_occupation, &mut draft.occupations), skill);
    if parts.contains(&"skills-pick") {
        page.skills = Some(find::skills(&reference, language, &draft.find_skill));
    }
    if parts.contains(&"occupations-pick") {
        page.occupations = Some(find::occupations(&reference, language, &draft.find_occupation));
    }
    let (words, of_skills) = (pages.words(language), format!("offers-skills-{}", draft.kind));
    let unclear = parts.into_iter().map(|part| {
        let (of, named) = if part.starts_with("skills") { ("skills", of_skills.as_str()) } else { ("occupations", "search-occupations") };
        let text = words.text(&format!("search-wrong-{part}"), &[]);
        Wrong { part: of, label: words.text(named, &[]), pointer: String::new(), text }
    });
    unclear.collect()
}

/// What became of what was to be kept.
enum Saved {
    Kept(OfferKey),
    /// Something is wrong with it.
    Not(Vec<Wrong>),
    /// Somebody else changed the offer meanwhile.
    Changed,
}

/// Says what of the form differs from what somebody else made of the offer meanwhile, or that they deleted it. Kept once more it takes the place of that.
async fn changed(pages: &Pages, staff: &Staff, page: &mut Page) -> Result<(), PageError> {
    let (kind, language) = (page.draft.kind, staff.visit.language);
    let now = match stored(pages, kind, &page.key).await {
        Ok(Some(now)) => now,
        Ok(None) | Err(PageError::NotFound) => {
            (page.gone, page.exists, page.etag) = (true, false, String::new());
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let known = members(&now)?;
    let (document, _) = page.draft.document(&known, &pages.node().reference(), language);
    let shape = Shape::of(kind, pages.words(language), language);
    page.differs = others_of(&known, &document).iter().map(|name| shape.label(&format!("/{name}"))).collect();
    (page.changed, page.etag) = (true, now.etag.to_string());
    Ok(())
}

/// Keeps an offer, if all of it holds and nobody changed it meanwhile; a new one, if there is none of its key.
async fn save(pages: &Pages, staff: &Staff, page: &Page, before: Option<StoredOffer>, unclear: Vec<Wrong>) -> Result<Saved, PageError> {
    let (kind, language) = (page.draft.kind, staff.visit.language);
    if before.as_ref().is_some_and(|offer| offer.etag.to_string() != page.etag) {
        return Ok(Saved::Changed);
    }
    let known = before.as_ref().map(members).transpose()?.unwrap_or_default();
    let (document, mut findings) = page.draft.document(&known, &pages.node().reference(), language);
    let (key, precondition) = match before {
        Some(offer) => (Some(offer.key), Precondition::Matches(vec![offer.etag])),
        None if page.key.is_empty() => (uuid::Uuid::new_v4().to_string().parse().ok(), Precondition::Absent),
        None => (page.key.parse().ok(), Precondition::Absent),
    };
    let shape = Shape::of(kind, pages.words(language), language);
    let say = |findings: &[Finding], document: &Value| -> Vec<Wrong> { findings.iter().map(|one| shape.wrong(one, document)).collect() };
    let of_key = |says: &str| {
        let words = pages.words(language);
        Wrong { part: "key", label: words.text("offers-key", &[]), pointer: String::new(), text: words.text(says, &[]) }
    };
    let (Some(key), true) = (&key, findings.is_empty() && unclear.is_empty()) else {
        findings.extend(others(pages, kind, &document, &findings));
        let mut wrong = say(&findings, &Value::Object(document));
        wrong.extend(unclear);
        wrong.extend(key.is_none().then(|| of_key("problem-offer-key")));
        return Ok(Saved::Not(wrong));
    };
    let members = others_of(&known, &document);
    let document = Value::Object(document);
    match pages.node().publish(kind, key.clone(), document.to_string().as_bytes(), precondition).await {
        Ok(Published { stored, .. }) => {
            if stored.outcome != Outcome::Unchanged {
                let title = short(document["title"].as_str().unwrap_or_default());
                let edit = Edit { kind, key: key.clone(), version: stored.version, way: "form".to_owned(), title, members };
                note(pages, vec![edit]).await;
            }
            Ok(Saved::Kept(key.clone()))
        }
        Err(PublishRefused::Invalid(mut findings)) => {
            findings.extend(reversed(&document, &findings));
            Ok(Saved::Not(say(&findings, &document)))
        }
        Err(PublishRefused::Store(StoreError::PreconditionFailed)) if page.exists => Ok(Saved::Changed),
        Err(PublishRefused::Store(StoreError::PreconditionFailed)) => Ok(Saved::Not(vec![of_key("offers-key-taken")])),
        Err(PublishRefused::Store(error)) => Err(error.into()),
    }
}

/// The members of an offer that are others than before; none of a new one.
fn others_of(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let names: BTreeSet<&String> = if before.is_empty() { BTreeSet::new() } else { before.keys().chain(after.keys()).collect() };
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

/// What else is wrong with an offer of which some lines cannot be read: nothing is kept, and all of it is said at once.
fn others(pages: &Pages, kind: Kind, document: &Map<String, Value>, found: &[Finding]) -> Vec<Finding> {
    let Ok(key) = "new".parse::<OfferKey>() else { return Vec::new() };
    let text = Value::Object(document.clone()).to_string();
    let Err(PublishRefused::Invalid(mut others)) = pages.node().would_publish(kind, key, text.as_bytes()) else { return Vec::new() };
    others.extend(reversed(&Value::Object(document.clone()), &others));
    // What cannot be read is not in the document: that it is missing there is not said on top.
    let is_said = |one: &Finding| one.code == FindingCode::Missing && found.iter().any(|found| found.pointer == one.pointer);
    others.retain(|one| !is_said(one));
    others
}
