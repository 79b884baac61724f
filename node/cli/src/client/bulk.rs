//! The calls for many offers: imports in parts, and exports as streams.

use std::io::Write;
use std::time::Duration;

use polder_model::Kind;
use polder_model::import::{ImportPage, ImportRequest, ImportState, LineVerdict, ListedImport, PartState, VerdictPage};
use reqwest::header::{ACCEPT, AUTHORIZATION};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Content, NodeClient, Reply};
use crate::exit::{Exit, Failure};

const NDJSON: &str = "application/x-ndjson";
/// Pauses before something that was cut off is tried again: about two minutes in all.
const PAUSES: [u64; 12] = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 20_000, 20_000, 20_000];
/// Time for a piece of an export to come in.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time for a whole export.
const WHOLE_EXPORT: Duration = Duration::from_secs(4_000);

/// What the node says to a part.
pub(crate) enum PartReply {
    /// A verdict for each line.
    Taken(Vec<LineVerdict>),
    /// Other bytes have taken its number.
    Differs,
    /// There is no such import, or no longer.
    Unknown,
    /// There is no room for it; what the node says, in English and in Dutch.
    Full((String, String)),
}

#[derive(Deserialize)]
struct Typed {
    r#type: Option<String>,
}

impl NodeClient {
    /// Opens an import; its id.
    pub(crate) async fn open_import(&self, kind: Kind) -> Result<String, Failure> {
        let request = ImportRequest { collection: kind.collection().to_owned() };
        let body = serde_json::to_vec(&request).map_err(|error| Failure::internal(error.to_string()))?;
        let path = "/v1/imports";
        // The first call: a node that is not there at all is said at once.
        let reply = self.send(Method::POST, path, &[], Some(Content::json(&body))).await?.success()?;
        Ok(read::<ImportState>(path, &reply)?.id)
    }

    /// All imports that the node keeps, the latest first.
    pub(crate) async fn imports(&self) -> Result<Vec<ListedImport>, Failure> {
        let (mut imports, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/imports?limit=100{cursor}");
            let page: ImportPage = read(&path, &self.get(&path).await?)?;
            imports.extend(page.items);
            let Some(next) = page.next else { return Ok(imports) };
            cursor = format!("&cursor={}", checked(&next)?);
        }
    }

    /// Ends an import.
    pub(crate) async fn end_import(&self, id: &str) -> Result<(), Failure> {
        if !is_plain(id) {
            return Err(Failure::configuration((
                "--end: give an id as `polder import --list` shows it",
                "--end: geef een id zoals `polder import --list` het toont",
            )));
        }
        self.send(Method::DELETE, &format!("/v1/imports/{id}"), &[], None).await?.success().map(drop)
    }

    /// The parts of an import that are in; none where the node does not know it.
    pub(crate) async fn import_parts(&self, import: &str) -> Result<Option<Vec<PartState>>, Failure> {
        let path = format!("/v1/imports/{import}");
        let reply = self.send(Method::GET, &path, &[], None).await?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        Ok(Some(read::<ImportState>(&path, &reply.success()?)?.parts))
    }

    /// A page of verdicts after a cursor.
    pub(crate) async fn verdicts(&self, import: &str, cursor: Option<&str>) -> Result<VerdictPage, Failure> {
        let query = match cursor {
            Some(cursor) => format!("?cursor={}", checked(cursor)?),
            None => String::new(),
        };
        let path = format!("/v1/imports/{import}/verdicts{query}");
        read(&path, &self.persistently(Method::GET, &path, None).await?.success()?)
    }

    /// Sends a part, again where the reply does not come whole.
    pub(crate) async fn put_part(&self, import: &str, part: u32, body: Vec<u8>) -> Result<PartReply, Failure> {
        let path = format!("/v1/imports/{import}/parts/{part}");
        let reply = self.persistently(Method::PUT, &path, Some(Content { media: NDJSON, bytes: &body })).await?;
        match reply.status {
            StatusCode::CONFLICT => return Ok(PartReply::Differs),
            StatusCode::NOT_FOUND => return Ok(PartReply::Unknown),
            StatusCode::INSUFFICIENT_STORAGE => return Ok(PartReply::Full(reply.says(""))),
            _ => {}
        }
        let reply = reply.success()?;
        let mut lines: Vec<&[u8]> = reply.split(|b| *b == b'\n').filter(|line| !line.is_empty()).collect();
        // The node cuts the connection where it cannot go on, so that a reply which ended is whole.
        lines
            .pop()
            .filter(|line| is_of_type(line, "part"))
            .ok_or_else(|| Failure::internal(format!("{path}: the reply is not complete")))?;
        Ok(PartReply::Taken(lines.into_iter().map(|line| read(&path, line)).collect::<Result<_, _>>()?))
    }

    /// Sends what may be sent twice until there is a reply, with growing pauses, about two minutes long.
    async fn persistently(&self, method: Method, path: &str, content: Option<Content<'_>>) -> Result<Reply, Failure> {
        for (tried, pause) in PAUSES.into_iter().enumerate() {
            let why = match self.send(method.clone(), path, &[], content).await {
                Err(failure) if failure.exit() == Exit::Unreachable => failure.to_string(),
                Ok(reply) if may_pass(reply.status) => format!("the node says {}", reply.status),
                other => return other,
            };
            if tried == 0 {
                // Beside the result, like progress; who does not see it loses nothing.
                let _ = writeln!(std::io::stderr(), "{why}: trying again for about two minutes");
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        self.send(method, path, &[], content).await
    }

    /// Writes all offers of a kind in the line form, as of one moment; gives their number.
    ///
    /// # Errors
    /// When the stream ends before the node has said that it is complete, among others. Lines may be written already then.
    pub(crate) async fn export(&self, kind: Kind, to: &mut impl Write) -> Result<u64, Failure> {
        let path = format!("/v1/{}", kind.collection());
        let url = self.base.join(&path).map_err(|error| Failure::internal(format!("{path}: {error}")))?;
        let request = self.http.get(url).header(AUTHORIZATION, self.token.clone()).header(ACCEPT, NDJSON).timeout(WHOLE_EXPORT);
        let mut response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            let reply = self.read(response).await?;
            return Err(self.allowed(reply)?.success().err().unwrap_or_else(|| Failure::internal(format!("{path}: no export"))));
        }
        let cut = || Failure::unreachable(format!("{}: the export of {} was cut off before its end", self.base, kind.collection()));
        let (mut lines, mut rest) = (0, Vec::new());
        loop {
            let chunk = tokio::time::timeout(PATIENCE, response.chunk()).await.map_err(|_| cut())?.map_err(|_| cut())?;
            let Some(chunk) = chunk else { return Err(cut()) };
            rest.extend_from_slice(&chunk);
            let mut begin = 0;
            while let Some(length) = rest[begin..].iter().position(|b| *b == b'\n') {
                let line = &rest[begin..=begin + length];
                if is_of_type(line, "end") {
                    return Ok(lines);
                }
                if is_of_type(line, "incomplete") {
                    let collection = kind.collection();
                    return Err(Failure::unreachable(format!(
                        "{}: the node stopped before the export of {collection} was whole; export again when it runs",
                        self.base
                    )));
                }
                to.write_all(line)?;
                lines += 1;
                begin += length + 1;
            }
            rest.drain(..begin);
        }
    }
}

/// Whether this may stand in an address as it is.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

fn checked(cursor: &str) -> Result<&str, Failure> {
    is_plain(cursor).then_some(cursor).ok_or_else(|| Failure::internal("`next` is no cursor"))
}

/// Whether the same call may be answered otherwise a little later: too much at a time, or the node stops and starts.
fn may_pass(status: StatusCode) -> bool {
    [StatusCode::SERVICE_UNAVAILABLE, StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status)
}

fn is_of_type(line: &[u8], name: &str) -> bool {
    // An offer's line begins with its kind: it need not be read.
    line.starts_with(b"{\"type\"") && serde_json::from_slice::<Typed>(line).is_ok_and(|typed| typed.r#type.as_deref() == Some(name))
}

fn read<T: DeserializeOwned>(path: &str, reply: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(reply).map_err(|error| Failure::internal(format!("{path}: the reply is not of its form: {error}")))
}
