//! What the page of an import says: what would become of those that hold, what is wrong with the others, and as much of what was brought as it has room for.

use axum::response::Response;
use http::StatusCode;
use polder_exchange::Publication;
use polder_model::Kind;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::member::Wrong;
use super::{Item, MOST};
use crate::pages::bounded::{escaped, fitting_in, short};
use crate::pages::{PageError, Pages, Staff};

/// Bytes of the page around an offer in a list.
const AROUND: usize = 400;
/// Bytes of a page for the refused ones, for the good ones, and for the field in which they come back.
const ROOM: [usize; 3] = [18 * 1024, 6 * 1024, 8 * 1024];

#[derive(Serialize)]
pub(super) struct Page {
    pub kind: Kind,
    /// What was brought; once those that hold are stored, the others alone. As far as the page has room.
    pub lines: String,
    /// The first row, where it is a table.
    #[serde(skip)]
    pub head: Option<String>,
    /// Whether it has none for all of them.
    pub no_room: bool,
    /// Whether it was looked at.
    pub tried: bool,
    /// Whether those that hold were stored.
    pub stored: bool,
    /// How many hold.
    pub good: usize,
    /// What would become of the first of them: those that are not new before the others.
    pub becomes: Vec<Good>,
    /// How many of them are more than the list shows.
    pub more_good: usize,
    /// How many are not new.
    pub not_new: usize,
    /// The first ones that are refused.
    pub refused: Vec<Refused>,
    /// How many more are.
    pub more: usize,
    /// Why nothing of it is looked at.
    pub wrong: Option<String>,
    pub most: usize,
    /// By which a form says what was shown of what would become of each.
    pub seen: String,
    /// Whether what was to be kept is not what was shown before, or would become something else by now: nothing was kept.
    pub outdated: bool,
}

/// An offer that holds.
#[derive(Serialize)]
pub(super) struct Good {
    pub number: usize,
    pub key: String,
    pub title: String,
    pub what: Becomes,
    /// The title of what it takes the place of.
    pub replaces: String,
    /// Whether it is closed already, so that nobody finds it.
    pub closed: bool,
}

/// What would become of an offer that holds.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Becomes {
    New,
    Replaces,
}

/// An offer that is refused.
#[derive(Serialize)]
pub(super) struct Refused {
    pub number: usize,
    /// Its key, where it has one.
    pub key: String,
    /// The title of the offer, where it has one.
    pub title: String,
    pub findings: Vec<Wrong>,
    #[serde(skip)]
    pub line: String,
}

impl Page {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            lines: String::new(),
            head: None,
            no_room: false,
            tried: false,
            stored: false,
            good: 0,
            becomes: Vec::new(),
            more_good: 0,
            not_new: 0,
            refused: Vec::new(),
            more: 0,
            wrong: None,
            most: MOST,
            seen: String::new(),
            outdated: false,
        }
    }

    /// What is refused, as it was brought.
    pub(super) fn refused_lines(&self) -> String {
        let lines = self.head.iter().map(String::as_str).chain(self.refused.iter().map(|refused| refused.line.as_str()));
        lines.fold(String::new(), |text, line| text + line + "\n")
    }
}

/// The page with as much as it has room for.
pub(super) fn show(pages: &Pages, staff: &Staff, status: StatusCode, mut page: Page) -> Result<Response, PageError> {
    if page.stored {
        let lines: Vec<&str> = page.refused.iter().map(|refused| refused.line.as_str()).collect();
        let whole = page.refused_lines();
        page.no_room = escaped(&whole) > ROOM[2];
        page.lines = if page.no_room {
            let fits = fitting_in(ROOM[2], &lines, 0);
            // One alone may be larger than the field.
            let fitting = lines[..fits].iter().copied().filter(|line| escaped(*line) <= ROOM[2]);
            page.head.iter().map(String::as_str).chain(fitting).fold(String::new(), |text, line| text + line + "\n")
        } else {
            whole
        };
    } else if escaped(&page.lines) > ROOM[2] {
        (page.no_room, page.lines) = (true, String::new());
    }
    let fits = fitting_in(ROOM[0], &page.refused, AROUND);
    page.more = page.refused.len() - fits;
    page.refused.truncate(fits);
    page.not_new = page.becomes.iter().filter(|one| one.what != Becomes::New).count();
    page.becomes.sort_by_key(|one| one.what == Becomes::New && !one.closed);
    let fits = fitting_in(ROOM[1], &page.becomes, AROUND);
    page.more_good = page.becomes.len() - fits;
    page.becomes.truncate(fits);
    page.becomes.sort_by_key(|one| one.number);
    pages.show_as(status, &staff.visit, "desk/import.html", "offers", page)
}

/// By which is known again what would become of those that hold: what each says, and what it takes the place of.
pub(super) async fn seen_of(pages: &Pages, kind: Kind, good: &[(Item, Publication)]) -> Result<String, PageError> {
    let mut hash = Sha256::new();
    for (_, Publication { key, document, .. }) in good {
        let there = pages.node().store().offer(kind, key).await?.map(|there| there.etag.to_string()).unwrap_or_default();
        // Lengths stand before: no two lists are written alike.
        for part in [key.as_str().as_bytes(), document, there.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    Ok(hex::encode(&hash.finalize()[..16]))
}

/// What would become of those that hold.
pub(super) async fn becomes(pages: &Pages, kind: Kind, good: &[(Item, Publication)]) -> Result<Vec<Good>, PageError> {
    let today = pages.node().now().date().to_string();
    let read = |document: &[u8]| -> Value { serde_json::from_slice(document).unwrap_or_default() };
    let title = |document: &Value| short(document["title"].as_str().unwrap_or_default());
    let mut all = Vec::new();
    for (item, publication) in good {
        let there = pages.node().store().offer(kind, &publication.key).await?;
        let what = if there.is_some() { Becomes::Replaces } else { Becomes::New };
        let replaces = there.map(|there| title(&read(&there.document))).unwrap_or_default();
        let document = read(&publication.document);
        let closed = document["closingDate"].as_str().is_some_and(|closes| *closes < *today);
        all.push(Good { number: item.number, key: publication.key.to_string(), title: title(&document), what, replaces, closed });
    }
    Ok(all)
}
