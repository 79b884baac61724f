//! Many offers at once, from a file or pasted: a table, or lines of JSON. First it is said what would become of each, and nothing is stored; then those that hold
//! are. Those that do not come back, to be mended here or in a file.

mod cells;
mod columns;
pub(in crate::desk) mod example;
mod lines;
mod rows;
mod shown;
mod table;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use polder_exchange::people::Language;
use polder_exchange::{Publication, PublishRefused, Published};
use polder_formats::decode;
use polder_model::{Finding, Kind, OfferKey};
use polder_store::{Edit, Outcome, Precondition, StoreError};
use serde_json::Value;
use tokio::sync::Semaphore;

use self::columns::columns;
use self::lines::Lines;
use self::rows::Rows;
use self::shown::{Page, Refused, becomes, seen_of, show};
use self::table::{Table, is_table};
use super::member::Wrong;
use super::{kind, note, reversed};
use crate::pages::{As, Desk, PageError, Pages, Said, Staff, Words};

/// Most offers at once; more go by the interface for systems, or by the command.
const MOST: usize = 500;
/// Largest file, in bytes, and the most that can be pasted.
const LARGEST: usize = 1024 * 1024;
/// Files that are looked at at a time: one takes some MiB meanwhile.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Most findings of an offer that are said.
const FINDINGS: usize = 8;
/// By which a spreadsheet knows how a table is written (UTF-8).
const MARK: char = '\u{feff}';

/// Where a file is picked, or a list is pasted.
pub(in crate::desk) async fn begin(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    pages.show(&staff.visit, "desk/import.html", "offers", Page::new(kind(&name)?))
}

/// An offer that was brought.
struct Item {
    number: usize,
    key: String,
    title: String,
    /// As it was brought.
    line: String,
    /// The offer, as far as it can be read.
    document: Value,
    /// What would be published; what is wrong otherwise.
    read: Result<Publication, Vec<Wrong>>,
}

/// How what was brought is read, and says what is wrong with it.
enum Brought<'w> {
    Lines(Box<Lines<'w>>),
    Table(Box<Rows<'w>>),
}

/// Why nothing of what was brought is looked at.
#[derive(Debug)]
struct Why {
    /// The message.
    says: &'static str,
    /// Names that it says.
    named: String,
    /// Columns that are missing besides.
    lacking: String,
    /// Whether it says which columns there are.
    columns: bool,
}

impl Why {
    fn new(says: &'static str) -> Self {
        Self { says, named: String::new(), lacking: String::new(), columns: false }
    }

    fn text(&self, kind: Kind, words: &Words) -> String {
        let given = [("said", Said::Text(&self.named)), ("most", Said::Number(MOST as i64))];
        let mut text = words.text(self.says, &given);
        if !self.lacking.is_empty() {
            text = format!("{text} {}", words.text("import-columns-missing", &[("said", Said::Text(&self.lacking))]));
        }
        if self.columns {
            let all: Vec<String> = columns(kind).iter().map(|column| column.label(words)).collect();
            text = format!("{text} {}", words.text("import-columns-are", &[("said", Said::Text(&all.join(", ")))]));
        }
        text
    }
}

impl<'w> Brought<'w> {
    /// What was brought, one by one.
    fn read(pages: &'w Pages, kind: Kind, language: Language, text: &str) -> Result<(Self, Vec<Item>), Why> {
        let other = if language == Language::Nl { Language::En } else { Language::Nl };
        let languages = [pages.words(language), pages.words(other)];
        if text.is_empty() {
            return Err(Why::new("import-nothing"));
        }
        let items: Vec<Item>;
        let brought = if is_table(text) {
            let rows = Rows::new(kind, languages, language, Table::read(text, kind, languages)?);
            if rows.table.rows.len() > MOST {
                return Err(Why::new("import-too-many"));
            }
            items = rows.table.rows.iter().map(|row| rows.read(pages, row)).collect();
            Self::Table(Box::new(rows))
        } else {
            let all: Vec<(usize, &str)> =
                text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()).take(MOST + 1).collect();
            if all.len() > MOST {
                return Err(Why::new("import-too-many"));
            }
            let lines = Lines::new(kind, languages[0], language);
            items = all.into_iter().map(|(index, line)| lines.read(pages, index + 1, line)).collect();
            Self::Lines(Box::new(lines))
        };
        if items.is_empty() { Err(Why::new("import-nothing")) } else { Ok((brought, items)) }
    }

    fn wrong(&self, finding: &Finding, document: &Value) -> Wrong {
        match self {
            Self::Lines(lines) => lines.offer.wrong(finding, document),
            Self::Table(rows) => rows.wrong(finding, document),
        }
    }

    /// What comes before the first of them: the row with the names of the columns.
    fn head(&self) -> Option<String> {
        match self {
            Self::Lines(_) => None,
            Self::Table(rows) => Some(rows.table.head()),
        }
    }
}

impl Item {
    fn refused(self, findings: Vec<Wrong>) -> Refused {
        Refused { number: self.number, key: self.key, title: self.title, findings, line: self.line }
    }
}

/// What would be published of an offer; what is wrong otherwise.
fn would_publish(
    pages: &Pages,
    kind: Kind,
    key: OfferKey,
    document: &[u8],
    say: impl Fn(&Finding) -> Wrong,
) -> Result<Publication, Vec<Wrong>> {
    match pages.node().would_publish(kind, key.clone(), document) {
        Ok(_) => Ok(Publication { kind, key, document: Arc::from(document), precondition: Precondition::None }),
        Err(PublishRefused::Invalid(mut findings)) => {
            let read: Value = serde_json::from_slice(document).unwrap_or_default();
            findings.extend(reversed(&read, &findings));
            Err(findings.iter().take(FINDINGS).map(say).collect())
        }
        Err(PublishRefused::Store(_)) => Err(Vec::new()),
    }
}

/// What a form sends.
struct Sent {
    text: String,
    wants: String,
    /// By which it says what was shown before of what would become of each.
    seen: String,
}

/// What was sent: the text of the file, or else what was pasted, and what is to be done with it.
async fn sent(pages: &Pages, staff: &Staff, headers: &HeaderMap, body: Body) -> Result<Result<Sent, Why>, PageError> {
    let (fields, file) = match pages.form_with_file(&staff.known, headers, body, LARGEST).await {
        Err(PageError::Status(StatusCode::PAYLOAD_TOO_LARGE)) => return Ok(Err(Why::new("import-large"))),
        read => read?,
    };
    let text = if file.is_empty() { Some(Cow::Borrowed(fields.one("lines"))) } else { decode(&file) };
    let Some(text) = text.filter(|text| !text.contains('\0')) else { return Ok(Err(Why::new("import-not-text"))) };
    let text = text.trim_start_matches(MARK).trim().replace("\r\n", "\n");
    Ok(Ok(Sent { text, wants: fields.one("do").to_owned(), seen: fields.one("seen").to_owned() }))
}

/// Says what would become of each; stores those that hold where that is asked, or gives the others as a file.
pub(in crate::desk) async fn try_or_store(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let _place = AT_ONCE.acquire().await.map_err(PageError::internal)?;
    // A form that no page of this session made is refused before anything is looked at.
    let sent = sent(&pages, &staff, &headers, body).await?;
    let (kind, language) = (kind(&name)?, staff.visit.language);
    let mut page = Page::new(kind);
    let refuse = |mut page: Page, why: &Why| {
        page.wrong = Some(why.text(kind, pages.words(language)));
        show(&pages, &staff, StatusCode::BAD_REQUEST, page)
    };
    let (wants, seen) = match sent {
        Ok(Sent { text, wants, seen }) => {
            page.lines = text;
            (wants, seen)
        }
        Err(why) => return refuse(page, &why),
    };
    let (brought, items) = match Brought::read(&pages, kind, language, &page.lines) {
        Ok(read) => read,
        Err(why) => return refuse(page, &why),
    };
    (page.tried, page.head) = (true, brought.head());
    let last: HashMap<OfferKey, usize> =
        items.iter().filter_map(|item| Some((item.read.as_ref().ok()?.key.clone(), item.number))).collect();
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for mut item in items {
        match std::mem::replace(&mut item.read, Err(Vec::new())) {
            Ok(publication) if last.get(&publication.key) != Some(&item.number) => {
                let text = pages.words(language).text("import-twice", &[]);
                refused.push(item.refused(vec![Wrong { part: "", label: String::new(), pointer: String::new(), text }]));
            }
            Ok(publication) => good.push((item, publication)),
            Err(wrong) => refused.push(item.refused(wrong)),
        }
    }
    page.good = good.len();
    let mut status = StatusCode::OK;
    let asks_to_store = wants == "store";
    page.seen = seen_of(&pages, kind, &good).await?;
    // What was shown before has to be what happens: otherwise it is shown anew, and nothing is kept.
    page.outdated = asks_to_store && !seen.is_empty() && seen != page.seen;
    if page.outdated {
        status = StatusCode::CONFLICT;
    }
    if asks_to_store && !page.outdated {
        page.stored = true;
        let publications = good.iter().map(|(_, publication)| publication.clone()).collect();
        let mut edits = Vec::new();
        for ((item, publication), verdict) in good.into_iter().zip(pages.node().publish_many(publications).await) {
            let wrong = match verdict {
                Ok(Published { stored, .. }) => {
                    if stored.outcome != Outcome::Unchanged {
                        let (key, title) = (publication.key, item.title);
                        edits.push(Edit { kind, key, version: stored.version, way: "list".to_owned(), title, members: Vec::new() });
                    }
                    continue;
                }
                Err(PublishRefused::Invalid(findings)) => {
                    findings.iter().take(FINDINGS).map(|one| brought.wrong(one, &item.document)).collect()
                }
                Err(PublishRefused::Store(StoreError::TooMany { .. })) => Vec::new(),
                Err(PublishRefused::Store(error)) => {
                    // Others are kept by now: each says for itself what became of it.
                    tracing::error!(%error, line = item.number, "an offer that was brought to the desk could not be kept");
                    status = StatusCode::SERVICE_UNAVAILABLE;
                    let text = pages.words(language).text("import-not-now", &[]);
                    vec![Wrong { part: "", label: String::new(), pointer: String::new(), text }]
                }
            };
            refused.push(item.refused(wrong));
            page.good -= 1;
        }
        note(&pages, edits).await;
        refused.sort_by_key(|one| one.number);
        // They stand alone in the field from now on.
        let before = 1 + usize::from(page.head.is_some());
        refused.iter_mut().enumerate().for_each(|(index, one)| one.number = index + before);
    } else if wants == "try" || page.outdated {
        page.becomes = becomes(&pages, kind, &good).await?;
    }
    page.refused = refused;
    if wants == "refused" {
        let (mark, extension, media) = match page.head {
            Some(_) => (MARK.to_string(), "csv", "text/csv; charset=utf-8"),
            None => (String::new(), "ndjson", "application/x-ndjson"),
        };
        let name = format!("attachment; filename=\"polder-{kind}-refused.{extension}\"");
        return Ok(([(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, name)], mark + &page.refused_lines()).into_response());
    }
    show(&pages, &staff, status, page)
}
