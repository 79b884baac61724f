//! Many offers at once, as lines: first it is said what would become of each, and nothing is stored; then those that hold are.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use polder_exchange::{Publication, PublishRefused};
use polder_model::line::LineRead;
use polder_model::{Finding, Kind, OfferKey};
use polder_store::people::Role;
use polder_store::{Precondition, StoreError};
use serde::Serialize;

use super::{Wrong, kind};
use crate::pages::{PageError, Pages, Staff};

/// Most lines at once; more go by the interface for systems, or by the command.
const MOST: usize = 500;
/// Most refused lines that a page says.
const SHOWN: usize = 100;

#[derive(Serialize)]
struct Page {
    kind: Kind,
    /// What was pasted.
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
    findings: Vec<Wrong>,
}

impl Page {
    fn new(kind: Kind) -> Self {
        Self { kind, lines: String::new(), tried: false, stored: false, good: 0, refused: Vec::new(), more: 0, too_many: false, most: MOST }
    }

    /// A line is refused: of the first ones the page says why.
    fn refuse(&mut self, number: usize, key: String, findings: &[Finding]) {
        if self.refused.len() < SHOWN {
            let findings = findings.iter().map(|finding| Wrong::of(self.kind, finding)).collect();
            self.refused.push(Refused { number, key, findings });
        } else {
            self.more += 1;
        }
    }
}

/// Where lines are pasted.
pub(in crate::desk) async fn begin(State(pages): State<Pages>, staff: Staff, Path(name): Path<String>) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    pages.show(&staff.visit, "desk/import.html", "offers", Page::new(kind(&name)?))
}

/// Says what would become of each line; stores those that hold where that is asked.
pub(in crate::desk) async fn try_or_store(
    State(pages): State<Pages>,
    staff: Staff,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    staff.require(Role::Desk)?;
    let fields = pages.form(&staff.known, &headers, body).await?;
    let mut page = Page::new(kind(&name)?);
    let pasted = fields.one("lines").replace("\r\n", "\n");
    page.lines.clone_from(&pasted);
    let lines: Vec<(usize, &str)> = pasted.lines().enumerate().map(|(index, line)| (index + 1, line.trim())).collect();
    let lines: Vec<(usize, &str)> = lines.into_iter().filter(|(_, line)| !line.is_empty()).collect();
    page.too_many = lines.len() > MOST;
    if page.too_many {
        return pages.show(&staff.visit, "desk/import.html", "offers", page);
    }
    page.tried = true;
    let mut good = Vec::new();
    for (number, line) in lines {
        match read(&pages, page.kind, line) {
            Ok(publication) => good.push((number, publication)),
            Err((key, findings)) => page.refuse(number, key, &findings),
        }
    }
    page.good = good.len();
    if fields.one("do") == "store" {
        page.stored = true;
        let (numbers, publications): (Vec<usize>, Vec<Publication>) = good.into_iter().unzip();
        let keys: Vec<OfferKey> = publications.iter().map(|publication| publication.key.clone()).collect();
        let verdicts = pages.node().publish_many(publications).await;
        for ((number, key), verdict) in numbers.into_iter().zip(keys).zip(verdicts) {
            match verdict {
                Ok(_) => continue,
                Err(PublishRefused::Invalid(findings)) => page.refuse(number, key.to_string(), &findings),
                Err(PublishRefused::Store(StoreError::TooMany { .. })) => {
                    page.refuse(number, key.to_string(), &[]);
                }
                Err(PublishRefused::Store(error)) => return Err(error.into()),
            }
            page.good -= 1;
        }
    }
    pages.show(&staff.visit, "desk/import.html", "offers", page)
}

/// A line that would be published; otherwise its key, as far as it has one, and what is wrong.
fn read(pages: &Pages, kind: Kind, line: &str) -> Result<Publication, (String, Vec<Finding>)> {
    use polder_model::FindingCode;
    let read = LineRead::read(line).map_err(|finding| (String::new(), vec![finding]))?;
    let wrong = |key: &OfferKey, findings| Err((key.to_string(), findings));
    let key: OfferKey = read
        .key
        .parse()
        .map_err(|_| (String::new(), vec![Finding::new("/key", FindingCode::OutOfBounds, "a key is 1 to 100 of A-Z a-z 0-9 . _ ~ -")]))?;
    if read.kind.is_some_and(|said| said != kind) {
        return wrong(&key, vec![Finding::new("/kind", FindingCode::Contradiction, "this is another kind of offer")]);
    }
    let document = read.document.get().as_bytes();
    match pages.node().would_publish(kind, key.clone(), document) {
        Ok(_) => Ok(Publication { kind, key, document: Arc::from(document), precondition: Precondition::None }),
        Err(PublishRefused::Invalid(findings)) => wrong(&key, findings),
        Err(PublishRefused::Store(_)) => wrong(&key, Vec::new()),
    }
}
