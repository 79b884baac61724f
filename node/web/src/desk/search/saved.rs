//! Searches that are asked again. Each is its login's own: what somebody looks for says whom they help, and colleagues see no more of that than it takes. Those
//! for vacancies and trainings are asked by the node itself; those for people when their owner opens them, and then alone.

use axum::extract::{Path, Query as Parameters, State};
use axum::response::Response;
use http::StatusCode;
use polder_model::offer::is_personal;
use polder_model::request::QueryRequest;
use polder_model::{Kind, Timestamp};
use polder_store::people::{Look, SavedSearch, Saving, SearchId};
use serde::{Deserialize, Serialize};

use super::super::own;
use super::asks::asks;
use super::draft::Draft;
use super::{Opened, Wrong, asked, desk, from, not_held, page, question, said, show, shown, speaker, to_pick_from, wrong, wrongs};
use crate::pages::bounded::cut;
use crate::pages::{As, Desk, PageError, Pages, Said, Sent, Staff, on_to};

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;
/// Longest text of what a search asks, in characters.
const LONGEST_ASKS: usize = 240;
/// Searches on a page.
const ON_A_PAGE: usize = 20;

#[derive(Deserialize)]
pub(in crate::desk) struct Listing {
    told: Option<Told>,
    page: Option<usize>,
}

/// What was just done.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    Kept,
    Deleted,
}

#[derive(Serialize)]
struct List {
    told: Option<Told>,
    items: Vec<Item>,
    page: usize,
    pages: usize,
}

#[derive(Serialize)]
struct Item {
    id: String,
    name: String,
    kind: Kind,
    /// What it asks, in words.
    asks: String,
    new: u64,
    since: Timestamp,
}

/// A search that found something new.
#[derive(Serialize)]
pub(in crate::desk) struct Found {
    id: String,
    name: String,
    new: u64,
    since: Timestamp,
}

/// Those of whoever is logged in that found something new. They are here: their searches are asked for them from now on.
pub(in crate::desk) async fn found(pages: &Pages, staff: &Staff) -> Result<Vec<Found>, PageError> {
    let (store, login) = (pages.node().store(), &staff.known.is.session.login);
    let all = store.saved_searches(login).await?;
    if !all.is_empty() {
        store.use_searches(login.clone(), pages.node().now()).await?;
    }
    let new = all.into_iter().filter(|one| one.new > 0);
    Ok(new.map(|one| Found { id: one.id.to_string(), name: one.name, new: one.new, since: one.opened_at }).collect())
}

fn request(saved: &SavedSearch) -> Result<QueryRequest, PageError> {
    serde_json::from_str(&saved.request).map_err(PageError::internal)
}

/// Own searches.
pub(in crate::desk) async fn list(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Parameters(asked): Parameters<Listing>,
) -> Result<Response, PageError> {
    let (reference, language) = (pages.node().reference(), staff.visit.language);
    let all = pages.node().store().saved_searches(&staff.known.is.session.login).await?;
    let last = all.len().div_ceil(ON_A_PAGE).max(1);
    let page = asked.page.unwrap_or(1).clamp(1, last);
    let mut items = Vec::new();
    for one in all.into_iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE) {
        let request = request(&one)?;
        let about = match &request.about {
            Some(about) => Some(own::title(&pages, about).await?).filter(|title| !title.is_empty()),
            None => None,
        };
        let (draft, words) = (Draft::of(&request, &reference, language), pages.words(language));
        let mut asks = asks(words, language, &draft);
        if let Some(named) = &request.about {
            let title = Said::Text(about.as_deref().unwrap_or(named.key.as_str()));
            asks.push(words.text(&format!("saved-about-{}", named.kind), &[("title", title)]));
        }
        let asks = if asks.is_empty() { words.text("saved-all", &[]) } else { cut(&asks.join(" · "), LONGEST_ASKS) };
        items.push(Item { id: one.id.to_string(), name: one.name, kind: request.kind, asks, new: one.new, since: one.opened_at });
    }
    pages.show(&staff.visit, "desk/searches.html", "search", List { told: asked.told, items, page, pages: last })
}

/// Saves what the form of a search says.
pub(in crate::desk) async fn save(State(pages): State<Pages>, Sent { staff, fields, .. }: Sent<Desk>) -> Result<Response, PageError> {
    let mut draft = Draft::read(&fields, &pages.node().reference(), staff.visit.language);
    let name: String = fields.one("save_as").chars().take(LONGEST_NAME).collect();
    let mut status = StatusCode::BAD_REQUEST;
    let not_held = match checked(&pages, &staff, &mut draft).await? {
        Ok(_) if name.is_empty() => vec![wrong(&pages, &staff, &draft, "name")],
        Ok(_) if is_personal(&name) || is_personal(&draft.text) => vec![wrong(&pages, &staff, &draft, "personal")],
        Ok(request) => {
            let saving = Saving {
                login: staff.known.is.session.login.clone(),
                client: String::new(),
                name: name.clone(),
                kind: request.kind,
                about: request.about.clone(),
                request: serde_json::to_string(&request).map_err(PageError::internal)?,
                now: pages.node().now(),
            };
            match pages.node().store().save_search(saving).await? {
                Ok(_) => return Ok(on_to("/desk/searches?told=kept")),
                Err(_) => {
                    status = StatusCode::CONFLICT;
                    vec![wrong(&pages, &staff, &draft, "too-many")]
                }
            }
        }
        Err(mut others) => {
            others.extend(name.is_empty().then(|| wrong(&pages, &staff, &draft, "name")));
            others
        }
    };
    let mut page = page(&pages, draft).await?;
    (page.wrong, page.save_as, page.saving) = (not_held, name, true);
    to_pick_from(&pages, &staff, &mut page);
    show(&pages, &staff, status, page)
}

/// The question, if it could be asked; otherwise what is wrong with it. It is not asked: nothing leaves, and nothing is noted.
async fn checked(pages: &Pages, staff: &Staff, draft: &mut Draft) -> Result<Result<QueryRequest, Vec<Wrong>>, PageError> {
    let parts = not_held(pages, staff, draft);
    if !parts.is_empty() {
        return Ok(Err(wrongs(pages, staff, draft, parts)));
    }
    let request = match draft.request() {
        Ok(request) => request,
        Err(parts) => return Ok(Err(wrongs(pages, staff, draft, parts))),
    };
    let node = pages.node();
    let may_be = async {
        let query = node.self_contained(&request)?;
        node.may_be_asked(&query, &desk()).await
    };
    match may_be.await {
        Ok(()) => Ok(Ok(request)),
        Err(refused) => Ok(Err(said(pages, staff, draft, refused.into())?)),
    }
}

fn id(text: &str) -> Result<SearchId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// Asks one, and shows what is new in it. All of it is seen then.
pub(in crate::desk) async fn open(
    State(pages): State<Pages>,
    Path(text): Path<String>,
    Sent { staff, .. }: Sent<Desk>,
) -> Result<Response, PageError> {
    let (node, login) = (pages.node(), &staff.known.is.session.login);
    let saved = node.store().saved_search(login, &id(&text)?).await?.ok_or(PageError::NotFound)?;
    let (reference, request) = (node.reference(), request(&saved)?);
    let mut page = page(&pages, Draft::of(&request, &reference, staff.visit.language)).await?;
    match question(&pages, &staff, &page.draft).await? {
        Ok((question, span)) => {
            let speaker = speaker(&pages, &staff, &reference, question.query());
            let map = shown::map(pages.map(), &speaker, question.query(), from(&reference, &page.draft));
            let result = pages.questions().whole(question, span).await?;
            let mut shown = shown::part(&speaker, map, &result, 0, false);
            let found = result.hits.iter().map(|hit| (hit.partner.clone(), hit.key.clone())).collect();
            let new = node.store().note_found(saved.id, found, Look::Owner, node.now()).await?.unwrap_or_default();
            for (row, is_new) in shown.rows.iter_mut().zip(&new) {
                row.is_new = *is_new;
            }
            let later = result.hits.iter().zip(&new).skip(shown.rows.len()).filter(|(_, is_new)| **is_new);
            page.new = later.map(|(hit, _)| shown::tag(hit)).collect::<Vec<_>>().join(" ");
            let new = i64::try_from(new.iter().filter(|is_new| **is_new).count()).unwrap_or(i64::MAX);
            page.result = Some(shown);
            page.asked = asked(&pages, &staff, &page.draft);
            page.opened = Some(Opened { name: saved.name, new, since: saved.opened_at });
        }
        Err(wrong) => page.wrong = wrong,
    }
    show(&pages, &staff, StatusCode::OK, page)
}

/// Deletes one, with what it found.
pub(in crate::desk) async fn delete(
    State(pages): State<Pages>,
    Path(text): Path<String>,
    Sent { staff, .. }: Sent<Desk>,
) -> Result<Response, PageError> {
    let is_gone = pages.node().store().delete_search(staff.known.is.session.login.clone(), id(&text)?).await?;
    if is_gone { Ok(on_to("/desk/searches?told=deleted")) } else { Err(PageError::NotFound) }
}
