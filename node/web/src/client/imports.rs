//! Imports: opened, filled part by part, looked at, and their verdicts again.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use polder_exchange::Node;
use polder_exchange::imports::PartRefused;
use polder_exchange::traces::{Origin, Outcome, Part, coarse};
use polder_model::Kind;
use polder_model::import::{ImportRequest, ImportState, LARGEST_PART, LineVerdict, MOST_LINES, MOST_PARTS, PartState, VerdictPage};
use polder_model::problem::ProblemType;
use polder_store::imports::{Import, ImportPart, KEPT_SECONDS};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::ClientApi;
use super::auth::{Caller, Scope};
use super::negotiate::{JSON, NDJSON, accepted, sends, sends_json};
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
    let asked: Option<ImportRequest> = serde_json::from_slice(&body).ok();
    let kind = asked.and_then(|asked| Kind::ALL.into_iter().find(|kind| kind.collection() == asked.collection));
    let form = r#"send {"collection": "vacancies"}, "trainings" or "skill-offers", and nothing else"#;
    let kind = kind.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, form))?;
    caller.require(Scope::Write(kind))?;
    let import = Import { id: Uuid::new_v4().to_string(), kind, opened_at: api.node.now() };
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
        sha256: part.sha256,
        lines: counts.created + counts.replaced + counts.unchanged + counts.refused,
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
    found.filter(|import| caller.may(Scope::Write(import.kind))).ok_or_else(unknown)
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

/// The reply, and how many lines came in.
async fn take_part(
    api: ClientApi,
    caller: &Caller,
    (import, part): (String, String),
    headers: &HeaderMap,
    body: Body,
) -> Result<(Response, usize), Refusal> {
    sends(headers, NDJSON)?;
    accepted(headers, &[NDJSON])?;
    let part = part.parse().ok().filter(|part| (1..=MOST_PARTS).contains(part) && !import.is_empty());
    let part: u32 = part.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, format!("a part has a number from 1 to {MOST_PARTS}")))?;
    let import = find(&api, caller, &import).await?;
    let Ok(permit) = Arc::clone(&api.parts).try_acquire_owned() else {
        return Err(Refusal::new(ProblemType::Unavailable, "as many parts as this node takes at once are on their way; send it again"));
    };
    let spooled = body::spool(body, LARGEST_PART, api.node.spool().map_err(PartRefused::Io)?).await?;
    if spooled.lines() > MOST_LINES {
        return Err(Refusal::new(
            ProblemType::TooLarge,
            format!("a part has at most {MOST_LINES} lines; send more of them in further parts"),
        ));
    }
    let count = usize::try_from(spooled.lines()).unwrap_or(usize::MAX);
    api.node.import_part(&import, part, spooled).await?;
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
    let after = match asked.cursor.as_deref().map(|cursor| cursor.strip_prefix('v').unwrap_or_default().parse::<u64>()) {
        None => 0,
        Some(Ok(after)) => after,
        Some(Err(_)) => return Err(Refusal::new(ProblemType::InvalidRequest, "cursor is what `next` of the page before says")),
    };
    let import = find(&api, &caller, &import).await?;
    let (last, items) = match api.node.store().verdicts(&import.id, after).await? {
        None => (after, Vec::new()),
        Some((number, row)) => (number, items(&row.verdicts)?),
    };
    Ok(axum::Json(&VerdictPage { items, next: format!("v{last}") }).into_response())
}

fn items(lines: &[u8]) -> Result<Vec<LineVerdict>, Refusal> {
    let lines = serde_json::Deserializer::from_slice(lines).into_iter();
    lines.collect::<Result<_, _>>().map_err(|error| Refusal::internal(&error))
}
