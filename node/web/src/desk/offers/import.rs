//! Many offers at once, as lines: first it is said what would become of each, and nothing is stored; then those that hold are. Those that do not come back, to be
//! mended here or in a file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use polder_exchange::{Publication, PublishRefused};
use polder_model::line::LineRead;
use polder_model::{Finding, FindingCode, Kind, OfferKey};
use polder_store::{Precondition, StoreError};
use serde::Serialize;
use serde_json::Value;

use super::kind;
use super::member::{Shape, Wrong};
use crate::pages::bounded::{fitting, short};
use crate::pages::{As, Desk, PageError, Pages, Sent};

/// Most lines at once; more go by the interface for systems, or by the command.
const MOST: usize = 500;
/// Most findings of a line that are said.
const FINDINGS: usize = 8;
/// Bytes of the page around a refused line.
const AROUND: usize = 400;

#[derive(Serialize)]
struct Page {
    kind: Kind,
    /// The lines, as they were pasted; once those that hold are stored, the others alone.
    lines: String,
    /// Whether the lines were looked at.
    tried: bool,
    /// Whether those that hold were stored.
    stored: bool,
    /// How many hold.
    good: usize,
    /// The first ones that are refused.
    refused: Vec<Refused>,
    /// How many more are.
    more: usize,
    /// Whether there were more lines than are taken at once.
    too_many: bool,
    most: usize,
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
        Self { kind, lines: String::new(), tried: false, stored: false, good: 0, refused: Vec::new(), more: 0, too_many: false, most: MOST }
    }

    /// The lines that are refused, each as it was pasted.
    fn refused_lines(&self) -> String {
        self.refused.iter().fold(String::new(), |text, refused| text + &refused.line + "\n")
    }
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
        return pages.show(&staff.visit, "desk/import.html", "offers", page);
    }
    page.tried = true;
    let (words, language) = (pages.words(staff.visit.language), staff.visit.language);
    let shapes = Shapes { line: Shape::of_line(page.kind, words, language), offer: Shape::of(page.kind, words, language) };
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for (number, line) in lines {
        match read(&pages, page.kind, line) {
            Ok(publication) => good.push((number, line, publication)),
            Err(findings) => refused.push(shapes.refused(number, line, findings)),
        }
    }
    page.good = good.len();
    if fields.one("do") == "store" {
        page.stored = true;
        let publications = good.iter().map(|(_, _, publication)| publication.clone()).collect();
        for ((number, line, _), verdict) in good.iter().zip(pages.node().publish_many(publications).await) {
            let found = match verdict {
                Ok(_) => continue,
                Err(PublishRefused::Invalid(findings)) => Found::Offer(findings),
                Err(PublishRefused::Store(StoreError::TooMany { .. })) => Found::Offer(Vec::new()),
                Err(PublishRefused::Store(error)) => return Err(error.into()),
            };
            refused.push(shapes.refused(*number, line, found));
            page.good -= 1;
        }
        refused.sort_by_key(|one| one.number);
        // They stand alone in the field from now on.
        refused.iter_mut().enumerate().for_each(|(index, one)| one.number = index + 1);
    }
    page.refused = refused;
    if fields.one("do") == "refused" {
        let name = format!("attachment; filename=\"polder-{}-refused.ndjson\"", page.kind);
        return Ok(([(CONTENT_TYPE, "application/x-ndjson".to_owned()), (CONTENT_DISPOSITION, name)], page.refused_lines()).into_response());
    }
    if page.stored {
        page.lines = page.refused_lines();
    }
    let fits = fitting(&page.refused, AROUND);
    page.more = page.refused.len() - fits;
    page.refused.truncate(fits);
    pages.show(&staff.visit, "desk/import.html", "offers", page)
}

/// What is wrong: with the line itself, or with the offer in it.
enum Found {
    Line(Finding),
    Offer(Vec<Finding>),
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
    line: Shape<'w>,
    offer: Shape<'w>,
}

impl Shapes<'_> {
    /// A refused line, with what is wrong in words.
    fn refused(&self, number: usize, line: &str, found: Found) -> Refused {
        let whole: Value = serde_json::from_str(line).unwrap_or_default();
        let findings = match found {
            Found::Line(finding) => vec![self.line.wrong(&finding, &whole)],
            Found::Offer(findings) => findings.iter().take(FINDINGS).map(|finding| self.offer.wrong(finding, &whole["document"])).collect(),
        };
        let text = |value: &Value| short(value.as_str().unwrap_or_default());
        Refused { number, key: text(&whole["key"]), title: text(&whole["document"]["title"]), findings, line: line.to_owned() }
    }
}
