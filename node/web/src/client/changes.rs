//! The change feed: what happened to this node's own offers, deletes among them.

use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_model::problem::ProblemType;
use polder_model::{Kind, OfferKey, Timestamp};
use polder_store::{ChangeRow, Store};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ClientApi;
use super::auth::Caller;
use super::negotiate::{JSON, accepted};
use super::scope::Scope;
use crate::refusal::Refusal;

/// Most changes on a page.
pub(crate) const MOST_ON_A_PAGE: u32 = 1_000;
/// Changes on a page where nothing else is asked.
pub(crate) const ON_A_PAGE: u32 = 100;

/// From where, and how many.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangesAsked {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A page of the feed.
#[derive(Serialize)]
struct ChangePage {
    items: Vec<ListedChange>,
    /// Whether there are later changes now.
    more: bool,
    next: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedChange {
    change: u64,
    kind: Kind,
    key: OfferKey,
    version: u64,
    modified_at: Timestamp,
    deleted: bool,
}

pub(crate) async fn list(api: ClientApi, caller: Caller, asked: ChangesAsked, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let limit = asked.limit.unwrap_or(ON_A_PAGE);
    if !(1..=MOST_ON_A_PAGE).contains(&limit) {
        return Err(Refusal::new(ProblemType::InvalidRequest, format!("limit is 1 to {MOST_ON_A_PAGE}")));
    }
    let store = api.node.store();
    let after = asked.cursor.as_deref().map(Cursor::read).transpose()?.unwrap_or(Cursor::START);
    // The change that the cursor names is read with what comes after it, as of one moment.
    let mut found = store.changes(after.change.saturating_sub(1), limit.saturating_add(1)).await?;
    if after.change > 0 {
        let named = (!found.is_empty()).then(|| found.remove(0));
        if named.is_none_or(|named| Cursor::of(&named) != after) {
            return Err(lost());
        }
    }
    found.truncate(limit as usize);
    let last = found.last().map_or(after, Cursor::of);
    let more = !store.changes(last.change, 1).await?.is_empty();
    let read: Vec<ChangeRow> = found.into_iter().filter(|change| caller.may(Scope::Read(change.kind))).collect();
    let seen = store.changes_for(read, &caller.follows()).await?.into_iter();
    let items = seen.map(|row| ListedChange {
        change: row.change,
        kind: row.kind,
        key: row.key,
        version: row.version,
        modified_at: row.at,
        deleted: row.deleted,
    });
    Ok(axum::Json(&ChangePage { items: items.collect(), more, next: last.write() }).into_response())
}

fn lost() -> Refusal {
    let detail = "this node no longer knows the change that the cursor names: its database was restored from a backup, and gives numbers a second \
                  time. Forget what you have of this node, and begin anew without `cursor`";
    Refusal::new(ProblemType::CursorLost, detail)
}

/// The cursor of what comes after a change, by its number.
pub(super) async fn cursor_at(store: &Store, change: u64) -> Result<String, Refusal> {
    if change == 0 {
        return Ok(Cursor::START.write());
    }
    let named = store.changes(change - 1, 1).await?.into_iter().next().filter(|named| named.change == change);
    named.map(|named| Cursor::of(&named).write()).ok_or_else(|| Refusal::internal(&"a change without a row"))
}

/// A change, and what it was: in a database that was restored from a backup of before, its number may be given to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    change: u64,
    digest: [u8; 8],
}

impl Cursor {
    /// Before the first change: what `next` is where there is none yet. No other digest goes with the number 0.
    const START: Self = Self { change: 0, digest: [0; 8] };

    fn of(row: &ChangeRow) -> Self {
        let ChangeRow { change, kind, key, version, deleted, at } = row;
        let hash = Sha256::digest(format!("{change} {kind} {key} {version} {deleted} {}", at.micros()));
        let mut digest = [0; 8];
        digest.copy_from_slice(&hash[..8]);
        Self { change: *change, digest }
    }

    fn write(self) -> String {
        format!("{}-{}", self.change, hex::encode(self.digest))
    }

    fn read(text: &str) -> Result<Self, Refusal> {
        let read = text.split_once('-').and_then(|(change, digest)| {
            let mut bytes = [0; 8];
            hex::decode_to_slice(digest, &mut bytes).ok()?;
            // Written in its one form.
            let read = Self { change: change.parse().ok()?, digest: bytes };
            (read.write() == text && (read.change > 0 || read == Self::START)).then_some(read)
        });
        let detail = "cursor is what `next` of the page before, or of an export, says; to begin with the first change, leave it out";
        read.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, detail))
    }
}
