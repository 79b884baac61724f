//! Many offers at once, as lines: first it is said what would become of each, and nothing is stored; then those that hold are. Those that do not come back, to be
//! mended here or in a file.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use polder_exchange::{Publication, PublishRefused};
use polder_model::line::LineRead;
use polder_model::{Finding, FindingCode, Kind, OfferKey};
use polder_store::{Precondition, StoreError};
use serde::Serialize;
use serde_json::Value;

use super::kind;
use super::member::{Shape, Wrong};
use crate::pages::bounded::{escaped, fitting_in, short};
use crate::pages::{As, Desk, PageError, Pages, Sent, Staff, Words};

/// Most lines at once; more go by the interface for systems, or by the command.
const MOST: usize = 500;
/// Most findings of a line that are said.
const FINDINGS: usize = 8;
/// Bytes of the page around a line in a list.
const AROUND: usize = 400;
/// Bytes of a page for the refused lines, for the good ones, and for the field in which lines come back.
const ROOM: [usize; 3] = [18 * 1024, 6 * 1024, 8 * 1024];

#[derive(Serialize)]
struct Page {
    kind: Kind,
    /// The lines, as they were pasted; once those that hold are stored, the others alone. As far as the page has room.
    lines: String,
    /// Whether it has none for all of them.
    no_room: bool,
    /// Whether the lines were looked at.
    tried: bool,
    /// Whether those that hold were stored.
    stored: bool,
    /// How many hold.
    good: usize,
    /// What would become of the first of them: those that are not new before the others.
    becomes: Vec<Good>,
    /// How many of them are more than the list shows.
    more_good: usize,
    /// How many are not new.
    not_new: usize,
    /// The first ones that are refused.
    refused: Vec<Refused>,
    /// How many more are.
    more: usize,
    /// Whether there were more lines than are taken at once.
    too_many: bool,
    most: usize,
}

/// A line that holds.
#[derive(Serialize)]
struct Good {
    number: usize,
    key: String,
    title: String,
    what: Becomes,
    /// The title of what it takes the place of.
    replaces: String,
}

/// What would become of a line that holds.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Becomes {
    New,
    Replaces,
    /// A later line has the same key, and counts.
    Twice,
}

/// A line that is refused.
#[derive(Serialize)]
struct Refused {
    number: usize,
    /// Its key, where it has one.
    key: String,
    /// The title of the offer, where it has one.
    title: String,
    findings: Vec<Wrong>,
    #[serde(skip)]
    line: String,
}

impl Page {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            lines: String::new(),
            no_room: false,
            tried: false,
            stored: false,
            good: 0,
            becomes: Vec::new(),
            more_good: 0,
            not_new: 0,
            refused: Vec::new(),
            more: 0,
            too_many: false,
            most: MOST,
        }
    }

    /// The lines that are refused, each as it was pasted.
    fn refused_lines(&self) -> String {
        self.refused.iter().fold(String::new(), |text, refused| text + &refused.line + "\n")
    }
}

/// The page with as much as it has room for.
fn show(pages: &Pages, staff: &Staff, status: StatusCode, mut page: Page) -> Result<Response, PageError> {
    if page.stored {
        let lines: Vec<&str> = page.refused.iter().map(|refused| refused.line.as_str()).collect();
        let whole = page.refused_lines();
        page.no_room = escaped(&whole) > ROOM[2];
        page.lines = if page.no_room {
            let fits = fitting_in(ROOM[2], &lines, 0);
            // One line alone may be larger than the field.
            lines[..fits].iter().filter(|line| escaped(*line) <= ROOM[2]).fold(String::new(), |text, line| text + line + "\n")
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
    page.becomes.sort_by_key(|one| one.what == Becomes::New);
    let fits = fitting_in(ROOM[1], &page.becomes, AROUND);
    page.more_good = page.becomes.len() - fits;
    page.becomes.truncate(fits);
    pages.show_as(status, &staff.visit, "desk/import.html", "offers", page)
}

/// What would become of the lines that hold.
async fn becomes(pages: &Pages, kind: Kind, good: &[(usize, &str, Publication)]) -> Result<Vec<Good>, PageError> {
    let last: HashMap<&OfferKey, usize> = good.iter().map(|(number, _, publication)| (&publication.key, *number)).collect();
    let title = |document: &[u8]| {
        let document: Value = serde_json::from_slice(document).unwrap_or_default();
        short(document["title"].as_str().unwrap_or_default())
    };
    let mut all = Vec::new();
    for (number, _, publication) in good {
        let there = pages.node().store().offer(kind, &publication.key).await?;
        let what = match &there {
            _ if last.get(&publication.key) != Some(number) => Becomes::Twice,
            Some(_) => Becomes::Replaces,
            None => Becomes::New,
        };
        let replaces = there.map(|there| title(&there.document)).unwrap_or_default();
        all.push(Good { number: *number, key: publication.key.to_string(), title: title(&publication.document), what, replaces });
    }
    Ok(all)
}

/// Where lines are pasted.
pub(in crate::desk) async fn begin(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    pages.show(&staff.visit, "desk/import.html", "offers", Page::new(kind(&name)?))
}

/// Says what would become of each line; stores those that hold where that is asked, or gives the others as a file.
pub(in crate::desk) async fn try_or_store(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    Sent { staff, fields, .. }: Sent<Desk>,
) -> Result<Response, PageError> {
    let mut page = Page::new(kind(&name)?);
    page.lines = fields.one("lines").replace("\r\n", "\n");
    let lines: Vec<(usize, &str)> = page.lines.lines().enumerate().map(|(index, line)| (index + 1, line.trim())).collect();
    let lines: Vec<(usize, &str)> = lines.into_iter().filter(|(_, line)| !line.is_empty()).collect();
    if lines.len() > MOST {
        page.too_many = true;
        return show(&pages, &staff, StatusCode::OK, page);
    }
    page.tried = true;
    let (words, language) = (pages.words(staff.visit.language), staff.visit.language);
    let shapes = Shapes { words, line: Shape::of_line(page.kind, words, language), offer: Shape::of(page.kind, words, language) };
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for (number, line) in lines {
        match read(&pages, page.kind, line) {
            Ok(publication) => good.push((number, line, publication)),
            Err(findings) => refused.push(shapes.refused(number, line, findings)),
        }
    }
    page.good = good.len();
    let mut status = StatusCode::OK;
    if fields.one("do") == "store" {
        page.stored = true;
        let publications = good.iter().map(|(_, _, publication)| publication.clone()).collect();
        for ((number, line, _), verdict) in good.iter().zip(pages.node().publish_many(publications).await) {
            let found = match verdict {
                Ok(_) => continue,
                Err(PublishRefused::Invalid(findings)) => Found::Offer(findings),
                Err(PublishRefused::Store(StoreError::TooMany { .. })) => Found::Offer(Vec::new()),
                Err(PublishRefused::Store(error)) => {
                    // Others are kept by now: each line says for itself what became of it.
                    tracing::error!(%error, line = number, "a line that was pasted at the desk could not be kept");
                    status = StatusCode::SERVICE_UNAVAILABLE;
                    Found::NotNow
                }
            };
            refused.push(shapes.refused(*number, line, found));
            page.good -= 1;
        }
        refused.sort_by_key(|one| one.number);
        // They stand alone in the field from now on.
        refused.iter_mut().enumerate().for_each(|(index, one)| one.number = index + 1);
    } else if fields.one("do") == "try" {
        page.becomes = becomes(&pages, page.kind, &good).await?;
    }
    page.refused = refused;
    if fields.one("do") == "refused" {
        let name = format!("attachment; filename=\"polder-{}-refused.ndjson\"", page.kind);
        return Ok(([(CONTENT_TYPE, "application/x-ndjson".to_owned()), (CONTENT_DISPOSITION, name)], page.refused_lines()).into_response());
    }
    show(&pages, &staff, status, page)
}

/// What is wrong: with the line itself, or with the offer in it.
enum Found {
    Line(Finding),
    Offer(Vec<Finding>),
    /// With neither: the store could not.
    NotNow,
}

/// A line that would be published; what is wrong otherwise.
fn read(pages: &Pages, kind: Kind, line: &str) -> Result<Publication, Found> {
    let read = LineRead::read(line).map_err(Found::Line)?;
    let of_line = |pointer, code, message| Found::Line(Finding::new(pointer, code, message));
    let key = read.key.parse::<OfferKey>();
    let key = key.map_err(|_| of_line("/key", FindingCode::OutOfBounds, "a key is 1 to 100 of A-Z a-z 0-9 . _ ~ -"))?;
    if read.kind.is_some_and(|said| said != kind) {
        return Err(of_line("/kind", FindingCode::OutOfBounds, "this is another kind of offer"));
    }
    let document = read.document.get().as_bytes();
    match pages.node().would_publish(kind, key.clone(), document) {
        Ok(_) => Ok(Publication { kind, key, document: Arc::from(document), precondition: Precondition::None }),
        Err(PublishRefused::Invalid(findings)) => Err(Found::Offer(findings)),
        Err(PublishRefused::Store(_)) => Err(Found::Offer(Vec::new())),
    }
}

/// What may stand in a line, and in the offer in it.
struct Shapes<'w> {
    words: &'w Words,
    line: Shape<'w>,
    offer: Shape<'w>,
}

impl Shapes<'_> {
    /// A refused line, with what is wrong in words.
    fn refused(&self, number: usize, line: &str, found: Found) -> Refused {
        let whole: Value = serde_json::from_str(line).unwrap_or_default();
        let findings = match found {
            Found::Line(finding) => vec![self.line.wrong(&finding, &whole)],
            Found::NotNow => {
                let text = self.words.text("import-not-now", &[]);
                vec![Wrong { part: "", label: String::new(), pointer: String::new(), text }]
            }
            Found::Offer(findings) => findings.iter().take(FINDINGS).map(|finding| self.offer.wrong(finding, &whole["document"])).collect(),
        };
        let text = |value: &Value| short(value.as_str().unwrap_or_default());
        Refused { number, key: text(&whole["key"]), title: text(&whole["document"]["title"]), findings, line: line.to_owned() }
    }
}
