//! Applications that came for the partner's own vacancies: read, and said what became of them. What a worker takes back is gone from here, with all that was in it.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use polder_consent::Handle;
use polder_exchange::OPERATOR;
use polder_model::about::About;
use polder_model::application::ApplicationState;
use polder_model::{Kind, OfferKey, PartnerId, Timestamp};
use polder_store::people::{Applied, ReceivedApplication};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::own;
use crate::pages::bounded::short;
use crate::pages::{As, Desk, PageError, Pages, Sent, on_to};

/// Applications on a page.
const ON_A_PAGE: u32 = 25;
/// Vacancies that can be picked, those with most to look at first.
const VACANCIES: usize = 30;
/// The highest number that an application may have.
const HIGHEST: u64 = 9_007_199_254_740_991;
/// It was here, and is not any more.
const GONE: PageError = PageError::Said(StatusCode::GONE, "problem-application-gone");

#[derive(Deserialize)]
pub(super) struct Listing {
    vacancy: Option<String>,
    before: Option<u64>,
}

#[derive(Serialize)]
struct List {
    items: Vec<Listed>,
    /// Vacancies to which somebody applied.
    vacancies: Vec<Vacancy>,
    /// The key of the one that is looked at; empty: all.
    vacancy: String,
    /// From where the older ones go on.
    older: Option<u64>,
    first: bool,
}

#[derive(Serialize)]
struct Vacancy {
    key: OfferKey,
    title: String,
    all: u64,
    waiting: u64,
}

#[derive(Serialize)]
struct Listed {
    number: u64,
    /// Who applies, as far as they say.
    who: String,
    vacancy: String,
    at: Timestamp,
    until: Timestamp,
    state: ApplicationState,
}

/// Applications, the newest first.
pub(super) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Query(asked): Query<Listing>,
) -> Result<Response, PageError> {
    let node = pages.node();
    let vacancy: Option<OfferKey> = asked.vacancy.as_deref().filter(|key| !key.is_empty()).and_then(|key| key.parse().ok());
    let before = asked.before.unwrap_or(HIGHEST).min(HIGHEST);
    let (found, older) = node.applications_before(before, vacancy.as_ref(), ON_A_PAGE).await?;
    let found = node.hand_out(OPERATOR, found).await?;
    let counted = node.applications_counted().await?;
    let mut counted: Vec<(OfferKey, Applied)> = counted.into_iter().collect();
    counted.sort_by_key(|(key, applied)| (std::cmp::Reverse(applied.waiting), key.clone()));
    counted.truncate(VACANCIES);
    if let Some(picked) = vacancy.as_ref().filter(|picked| counted.iter().all(|(key, _)| key != *picked)) {
        counted.push((picked.clone(), Applied::default()));
    }
    let mut titles = HashMap::new();
    for key in counted.iter().map(|(key, _)| key).chain(found.iter().map(|one| &one.vacancy)) {
        if !titles.contains_key(key) {
            titles.insert(key.clone(), own::title(&pages, &About { kind: Kind::Vacancy, key: key.clone() }).await?);
        }
    }
    let title = |key: &OfferKey| titles.get(key).cloned().unwrap_or_default();
    let vacancies =
        counted.into_iter().map(|(key, applied)| Vacancy { title: title(&key), key, all: applied.all, waiting: applied.waiting });
    let vacancies = vacancies.collect();
    let items = found.into_iter().map(|one| {
        let document = document(&one)?;
        Ok(Listed {
            number: one.number,
            who: short(&who(&document)),
            vacancy: title(&one.vacancy),
            at: one.at,
            until: one.use_until,
            state: one.state,
        })
    });
    let items = items.collect::<Result<_, PageError>>()?;
    let vacancy = vacancy.map(|key| key.to_string()).unwrap_or_default();
    let page = List { items, vacancies, vacancy, older, first: asked.before.is_none() };
    pages.show(&staff.visit, "desk/applications.html", "applications", page)
}

fn document(one: &ReceivedApplication) -> Result<Value, PageError> {
    serde_json::from_slice(&one.document).map_err(PageError::internal)
}

/// Who applies: their name, or else how they call what they look for; empty where they say neither.
fn who(document: &Value) -> String {
    let said = ["/contact/name", "/title"].iter().find_map(|pointer| document.pointer(pointer).and_then(Value::as_str));
    said.unwrap_or_default().to_owned()
}

#[derive(Deserialize)]
pub(super) struct Reading {
    told: Option<String>,
}

#[derive(Serialize)]
struct Page {
    number: u64,
    who: String,
    document: Value,
    vacancy: OfferKey,
    title: String,
    /// Whether the vacancy is still there.
    is_there: bool,
    /// Whether the worker can be asked for contact from here: they are at another node, and the vacancy is open.
    may_ask: bool,
    source: PartnerId,
    partner: String,
    /// What this partner knows the worker by.
    key: Handle,
    at: Timestamp,
    until: Timestamp,
    state: ApplicationState,
    /// What of the skills that the vacancy asks the worker names.
    matched: Vec<String>,
    told: bool,
}

/// The number of an application in a path.
fn number(text: &str) -> Result<u64, PageError> {
    text.parse().ok().filter(|number| (1..=HIGHEST).contains(number)).ok_or(PageError::NotFound)
}

async fn found(pages: &Pages, number: u64) -> Result<ReceivedApplication, PageError> {
    let found = pages.node().application_numbered(number).await?;
    match pages.node().hand_out(OPERATOR, found.into_iter().collect()).await?.pop() {
        Some(found) => Ok(found),
        None if number <= pages.node().store().last_application().await? => Err(GONE),
        None => Err(PageError::NotFound),
    }
}

/// One application.
pub(super) async fn read(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(text): Path<String>,
    Query(asked): Query<Reading>,
) -> Result<Response, PageError> {
    let node = pages.node();
    let one = found(&pages, number(&text)?).await?;
    let document = pages.labelled(document(&one)?);
    let vacancy = node.store().offer(Kind::Vacancy, &one.vacancy).await?;
    let offer: Option<Value> = vacancy.map(|offer| serde_json::from_slice(&offer.document)).transpose().map_err(PageError::internal)?;
    let register = node.register();
    let is_open = own::one(&pages, one.vacancy.as_str()).await?.is_some();
    let page = Page {
        may_ask: is_open && one.source != node.home().partner,
        source: one.source.clone(),
        number: one.number,
        who: who(&document),
        title: offer.as_ref().and_then(|offer| offer["title"].as_str()).unwrap_or_default().to_owned(),
        is_there: offer.is_some(),
        matched: offer.map(|offer| matched(&pages.labelled(offer), &document, staff.visit.language.as_str())).unwrap_or_default(),
        document,
        partner: register.member(&one.source).map_or_else(|| one.source.to_string(), |member| member.name.clone()),
        vacancy: one.vacancy,
        key: one.handle,
        at: one.at,
        until: one.use_until,
        state: one.state,
        told: asked.told.is_some(),
    };
    pages.show(&staff.visit, "desk/application.html", "applications", page)
}

/// The names of the skills that a vacancy asks and an application names.
fn matched(vacancy: &Value, application: &Value, language: &str) -> Vec<String> {
    let skills = |document: &Value| document["skills"].as_array().cloned().unwrap_or_default();
    let held = skills(application);
    let both = skills(vacancy).into_iter().filter(|asked| asked["uri"].is_string() && held.iter().any(|one| one["uri"] == asked["uri"]));
    let named = both.filter_map(|skill| {
        let label = &skill["label"];
        [&label[language], &label["nl"], &skill["uri"]].into_iter().find_map(Value::as_str).map(str::to_owned)
    });
    named.collect()
}

/// Says what became of one. Its worker sees it.
pub(super) async fn set(
    State(pages): State<Pages>,
    Path(text): Path<String>,
    Sent { fields, .. }: Sent<Desk>,
) -> Result<Response, PageError> {
    let state: ApplicationState = fields.one("status").parse().map_err(|_| PageError::status(StatusCode::BAD_REQUEST))?;
    let one = found(&pages, number(&text)?).await?;
    if !pages.node().set_application(one.number, state).await? {
        return Err(GONE);
    }
    Ok(on_to(&format!("/desk/applications/{}?told=yes", one.number)))
}
