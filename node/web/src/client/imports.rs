//! Imports: opened, filled part by part, looked at, and their verdicts again.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use http::header::{CONTENT_TYPE, LINK, LOCATION};
use http::{HeaderMap, StatusCode};
use polder_exchange::Node;
use polder_exchange::OPERATOR;
use polder_exchange::imports::{Form, PartRefused, Spooled, TriedPart, sha256_of};
use polder_exchange::traces::{Origin, Outcome, Part, coarse};
use polder_model::import::{
    ImportPage, ImportRequest, ImportState, LARGEST_PART, LineVerdict, ListedImport, MOST_LINES, MOST_PARTS, PartState, VerdictPage,
};
use polder_model::problem::ProblemType;
use polder_model::{Kind, Timestamp};
use polder_store::imports::{self, Import, ImportPart, KEPT_SECONDS, LineCounts};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::ClientApi;
use super::auth::Caller;
use super::negotiate::{CSV, HTML, JSON, JSON_LD, NDJSON, XML, accepted, sends_json, sent};
use super::offers::{MOST_ON_A_PAGE, ON_A_PAGE, PageAsked, Tried};
use super::scope::Scope;
use crate::refusal::Refusal;
use crate::{body, traces};

/// Parts that are taken at the same time.
pub(crate) const PARTS_AT_ONCE: usize = 8;
/// Largest request that opens an import, in bytes.
const LARGEST_REQUEST: usize = 4 * 1024;

pub(crate) async fn open(api: ClientApi, caller: Caller, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let body = body::read(body, LARGEST_REQUEST).await?;
    let form = r#"send {"collection": "vacancies"}, "trainings" or "skill-offers", and nothing else"#;
    let asked: ImportRequest = body::of_form(&body, form)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.collection() == asked.collection);
    let kind = kind.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, form))?;
    caller.require(Scope::Write(kind))?;
    let import = Import { id: Uuid::new_v4().to_string(), client: caller.client()?.to_owned(), kind, opened_at: api.node.now() };
    api.node.store().open_import(import.clone()).await?;
    let location = format!("/v1/imports/{}", import.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], axum::Json(&state(import, Vec::new()))).into_response())
}

pub(crate) async fn get(api: ClientApi, caller: Caller, import: String, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let import = find(&api, &caller, &import).await?;
    let parts = api.node.store().import_parts(&import.id).await?;
    Ok(axum::Json(&state(import, parts)).into_response())
}

/// The imports of the collections that the caller may write. A page may hold fewer than were asked.
pub(crate) async fn list(api: ClientApi, caller: Caller, asked: PageAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let limit = asked.limit.unwrap_or(ON_A_PAGE);
    if !(1..=MOST_ON_A_PAGE).contains(&limit) {
        return Err(Refusal::new(ProblemType::InvalidRequest, format!("limit is 1 to {MOST_ON_A_PAGE}")));
    }
    let after = asked.cursor.as_deref().map(read_cursor).transpose()?;
    let after = after.as_ref().map(|(opened, id)| (*opened, id.as_str()));
    let mut found = api.node.store().imports(after, limit.saturating_add(1), api.node.now()).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| cursor_after(last.import.opened_at, &last.import.id));
    let seen = found.into_iter().filter(|listed| may_see(&caller, &listed.import));
    let page = ImportPage { items: seen.map(listed).collect(), next };
    let link = page.next.as_ref().map(|next| [(LINK, format!("</v1/imports?limit={limit}&cursor={next}>; rel=\"next\""))]);
    Ok((link, axum::Json(&page)).into_response())
}

/// The cursor of what comes after something of an instant and an id.
pub(super) fn cursor_after(at: Timestamp, id: impl std::fmt::Display) -> String {
    format!("{}-{id}", at.micros())
}

/// What the page before ended with: when that was, such as when an import was opened, and its id.
pub(super) fn read_cursor(cursor: &str) -> Result<(Timestamp, String), Refusal> {
    let read = cursor.split_once('-').and_then(|(instant, id)| {
        let at = Timestamp::from_micros(instant.parse().ok()?);
        let id = Uuid::try_parse(id).ok().map(|id| id.hyphenated().to_string()).filter(|read| read == id)?;
        Some((at, id)).filter(|(at, _)| at.micros().to_string() == instant)
    });
    read.ok_or_else(no_cursor)
}

fn listed(listed: imports::ListedImport) -> ListedImport {
    let imports::ListedImport { import, parts, unfinished, counts } = listed;
    ListedImport {
        id: import.id,
        collection: import.kind.collection().to_owned(),
        opened_at: import.opened_at,
        kept_until: import.opened_at.plus_seconds(KEPT_SECONDS),
        parts,
        unfinished,
        lines: lines_of(counts),
        created: counts.created,
        replaced: counts.replaced,
        unchanged: counts.unchanged,
        refused: counts.refused,
    }
}

fn lines_of(counts: imports::LineCounts) -> u64 {
    counts.created + counts.replaced + counts.unchanged + counts.refused
}

pub(crate) async fn delete(api: ClientApi, caller: Caller, import: String) -> Result<Response, Refusal> {
    let import = find(&api, &caller, &import).await?;
    // Who was sooner has removed it.
    if !api.node.end_import(&import.id).await? {
        return Err(unknown());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn state(import: Import, parts: Vec<ImportPart>) -> ImportState {
    ImportState {
        id: import.id,
        collection: import.kind.collection().to_owned(),
        opened_at: import.opened_at,
        kept_until: import.opened_at.plus_seconds(KEPT_SECONDS),
        parts: parts.into_iter().map(part_state).collect(),
    }
}

fn part_state(part: ImportPart) -> PartState {
    let counts = part.counts;
    PartState {
        part: part.part,
        sha256: sha256_of(&part.sha256).to_owned(),
        lines: lines_of(counts),
        created: counts.created,
        replaced: counts.replaced,
        unchanged: counts.unchanged,
        refused: counts.refused,
    }
}

/// The import, unless it is not there or the caller may not write its collection: who may not does not learn which.
async fn find(api: &ClientApi, caller: &Caller, id: &str) -> Result<Import, Refusal> {
    let found = match Uuid::try_parse(id) {
        Ok(id) => api.node.store().import(&id.hyphenated().to_string(), api.node.now()).await?,
        Err(_) => None,
    };
    found.filter(|import| may_see(caller, import)).ok_or_else(unknown)
}

/// Whether it is the caller's own, or the caller runs the node; and they may write its collection.
fn may_see(caller: &Caller, import: &Import) -> bool {
    let own = caller.client().is_ok_and(|client| client == import.client || client == OPERATOR);
    own && caller.may(Scope::Write(import.kind))
}

fn unknown() -> Refusal {
    let detail =
        format!("there is no such import, or it is not kept any more ({} days); open one with POST /v1/imports", KEPT_SECONDS / 86_400);
    Refusal::new(ProblemType::NotFound, detail)
}

pub(crate) async fn put_part(
    api: ClientApi,
    caller: Caller,
    (import, part): (String, String),
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let span = api.node.traces().begin(Part::ImportPart, || Origin::Offers, traces::parent(&headers));
    let reply = span.cover(take_part(api, &caller, (import, part), &headers, body)).await;
    if let Ok((_, lines)) = &reply {
        span.say("polder.lines", coarse(*lines));
    }
    traces::end(span, reply.map(|(response, _)| (response, Outcome::done("stored"))))
}

/// How a part may be written, by media type.
const FORMS: [(&str, Form); 6] = [
    (NDJSON, Form::Lines),
    (JSON_LD, Form::JobPosting),
    (HTML, Form::JobPosting),
    (XML, Form::PositionOpening),
    ("text/xml", Form::PositionOpening),
    (CSV, Form::Sheet),
];

/// How a part says that it is written.
fn form(headers: &HeaderMap) -> Result<Form, Refusal> {
    let said = sent(headers, &FORMS.map(|(media, _)| media))?;
    FORMS.into_iter().find(|(media, _)| Some(*media) == said).map(|(_, form)| form).ok_or_else(|| {
        let all = FORMS.map(|(media, _)| media).join(", ");
        let detail =
            format!("send a `Content-Type` that is one of {all}, in UTF-8 (XML and HTML may say in themselves that they are windows-1252)");
        Refusal::new(ProblemType::UnsupportedMediaType, detail)
    })
}

/// The import, the number of a part, and the part as it came in.
async fn part_of(
    api: &ClientApi,
    caller: &Caller,
    (import, part): (String, String),
    headers: &HeaderMap,
    body: Body,
) -> Result<(Import, u32, Spooled, OwnedSemaphorePermit), Refusal> {
    let form = form(headers)?;
    accepted(headers, &[NDJSON])?;
    let part = part.parse().ok().filter(|part| (1..=MOST_PARTS).contains(part) && !import.is_empty());
    let part: u32 = part.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, format!("a part has a number from 1 to {MOST_PARTS}")))?;
    let import = find(api, caller, &import).await?;
    if !form.holds(import.kind) {
        let detail = format!("what is written so holds no {}; send {NDJSON}", import.kind.collection());
        return Err(Refusal::new(ProblemType::UnsupportedMediaType, detail));
    }
    let Ok(permit) = Arc::clone(&api.parts).try_acquire_owned() else {
        return Err(Refusal::new(ProblemType::Unavailable, "as many parts as this node takes at once are on their way; send it again"));
    };
    let spooled = body::spool(body, LARGEST_PART, api.node.spool().map_err(PartRefused::Io)?).await?;
    // Of another format its reader counts the records.
    if form == Form::Lines && spooled.lines() > MOST_LINES {
        return Err(Refusal::new(
            ProblemType::TooLarge,
            format!("a part has at most {MOST_LINES} lines; send more of them in further parts"),
        ));
    }
    Ok((import, part, spooled.of(form), permit))
}

/// What would become of the lines of a part.
pub(crate) async fn try_part(
    api: ClientApi,
    caller: Caller,
    names: (String, String),
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let (import, part, spooled, permit) = part_of(&api, &caller, names, &headers, body).await?;
    let sha256 = spooled.sha256().to_owned();
    let tried = api.node.try_part(caller.acts_for(), &import, part, spooled).await?;
    let trying = Trying { tried: Some(tried), part: ImportPart { part, sha256, counts: LineCounts::default() }, _permit: permit };
    Ok(([(CONTENT_TYPE, NDJSON)], Body::from_stream(tried_lines(trying))).into_response())
}

/// The reply to a part that is tried, on its way.
struct Trying {
    tried: Option<TriedPart>,
    part: ImportPart,
    _permit: OwnedSemaphorePermit,
}

fn tried_lines(trying: Trying) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(trying, |mut trying| async move {
        let Some(tried) = &mut trying.tried else { return Ok(None) };
        let lines = match tried.next().await.map_err(std::io::Error::other)? {
            Some(lines) => lines,
            None => {
                trying.part.counts = tried.counts();
                trying.tried = None;
                let last = LastLine { r#type: "part", part: part_state(trying.part.clone()) };
                let mut line = serde_json::to_vec(&Tried { dry_run: true, of: last })?;
                line.push(b'\n');
                line
            }
        };
        Ok(Some((Bytes::from(lines), trying)))
    })
}

/// The reply, and how many lines came in.
async fn take_part(
    api: ClientApi,
    caller: &Caller,
    names: (String, String),
    headers: &HeaderMap,
    body: Body,
) -> Result<(Response, usize), Refusal> {
    let (import, part, spooled, permit) = part_of(&api, caller, names, headers, body).await?;
    let count = usize::try_from(spooled.lines()).unwrap_or(usize::MAX);
    api.node.import_part(caller.acts_for(), &import, part, spooled).await?;
    let Some(state) = api.node.store().import_part(&import.id, part).await? else { return Err(unknown()) };
    Ok((([(CONTENT_TYPE, NDJSON)], Body::from_stream(lines(api.node, import.id, state, permit))).into_response(), count))
}

/// The last line of the reply to a part.
#[derive(Serialize)]
struct LastLine {
    r#type: &'static str,
    #[serde(flatten)]
    part: PartState,
}

/// A reply on its way: rows of verdicts as they are read back, then the part.
struct Replying {
    node: Arc<Node>,
    import: String,
    last: Option<ImportPart>,
    after_line: u64,
    _permit: OwnedSemaphorePermit,
}

fn lines(
    node: Arc<Node>,
    import: String,
    part: ImportPart,
    permit: OwnedSemaphorePermit,
) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    let replying = Replying { node, import, last: Some(part), after_line: 0, _permit: permit };
    stream::try_unfold(replying, |mut replying| async move {
        let bytes = replying.next().await.map_err(std::io::Error::other)?;
        Ok(bytes.map(|bytes| (bytes, replying)))
    })
}

impl Replying {
    async fn next(&mut self) -> Result<Option<Bytes>, Box<dyn std::error::Error + Send + Sync>> {
        let Some(part) = &self.last else { return Ok(None) };
        if let Some(row) = self.node.store().part_verdicts(&self.import, part.part, self.after_line).await? {
            self.after_line = row.last_line;
            return Ok(Some(row.verdicts.into()));
        }
        let Some(part) = self.last.take() else { return Ok(None) };
        let mut line = serde_json::to_vec(&LastLine { r#type: "part", part: part_state(part) })?;
        line.push(b'\n');
        Ok(Some(line.into()))
    }
}

/// From where verdicts are asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerdictsAsked {
    cursor: Option<String>,
}

pub(crate) async fn verdicts(
    api: ClientApi,
    caller: Caller,
    import: String,
    asked: VerdictsAsked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let after = asked.cursor.as_deref().map(read_number).transpose()?.unwrap_or(0);
    let import = find(&api, &caller, &import).await?;
    let (last, items) = match api.node.store().verdicts(&import.id, after).await? {
        None => (after, Vec::new()),
        Some((number, row)) => (number, items(&row.verdicts)?),
    };
    Ok(axum::Json(&VerdictPage { items, next: format!("v{last}") }).into_response())
}

/// The cursor of a page of verdicts, written in its one form.
fn read_number(cursor: &str) -> Result<u64, Refusal> {
    let read = cursor.strip_prefix('v').and_then(|number| number.parse::<u64>().ok()).filter(|read| format!("v{read}") == cursor);
    read.ok_or_else(no_cursor)
}

fn no_cursor() -> Refusal {
    Refusal::new(ProblemType::InvalidRequest, "cursor is what `next` of the page before says")
}

fn items(lines: &[u8]) -> Result<Vec<LineVerdict>, Refusal> {
    let lines = serde_json::Deserializer::from_slice(lines).into_iter();
    lines.collect::<Result<_, _>>().map_err(|error| Refusal::internal(&error))
}
