//! A table that somebody can begin from: every column, and one offer that fills most of them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use polder_exchange::people::Language;
use polder_formats::sheet::written;
use polder_model::{CodeUri, Kind};
use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::{editions, kind};
use super::MARK;
use super::columns::{Column, Fills, columns};
use crate::pages::{As, Desk, PageError, Pages, Words};

/// Seconds in a day.
const DAY: i64 = 86_400;

/// The table, as a file that a spreadsheet opens.
pub(in crate::desk) async fn example(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let (kind, language) = (kind(&name)?, staff.visit.language);
    let words = pages.words(language);
    let draft = Draft::of(kind, &pages.labelled(offer(&pages, kind)?), language);
    let separator = if language == Language::Nl { b';' } else { b',' };
    let all = columns(kind);
    let heads: Vec<String> = all.iter().map(|column| column.label(words)).collect();
    let cells: Vec<String> = all.iter().map(|column| cell(column, &draft, words)).collect();
    let rows = [heads, cells].map(|row| written(separator, row.iter().map(String::as_str)));
    let text = format!("{MARK}{}\r\n{}\r\n", rows[0], rows[1]);
    let name = format!("attachment; filename=\"polder-{kind}.csv\"");
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], text).into_response())
}

/// The example of the schema, as this partner could publish it today.
fn offer(pages: &Pages, kind: Kind) -> Result<Value, PageError> {
    let example = polder_schemas::examples::of(kind.as_str()).find(|(name, _)| *name == "nearly-everything");
    let mut offer: Value =
        example.and_then(|(_, text)| serde_json::from_str(text).ok()).ok_or_else(|| PageError::internal("no example"))?;
    let reference = pages.node().reference();
    let day = |days: i64| json!(pages.node().now().plus_seconds(days * DAY).date().to_string());
    let known = |uri: &str| uri.parse::<CodeUri>().is_ok_and(|uri| reference.skill(&uri).is_some() || reference.occupation(&uri).is_some());
    for list in ["skills", "skillsTaught", "occupations"] {
        if let Some(items) = offer[list].as_array_mut() {
            items.retain(|item| known(item["uri"].as_str().unwrap_or_default()));
            // Their names are those that this node knows.
            items.iter_mut().filter_map(Value::as_object_mut).for_each(|item| drop(item.remove("label")));
        }
    }
    offer["closingDate"] = day(60);
    match kind {
        Kind::Training => {
            offer["provider"] = json!({"name": pages.node().home().name});
            offer["enrolment"]["url"] = Value::Null;
            offer["editions"][0]["startDate"] = day(90);
            offer["editions"][0]["endDate"] = day(180);
        }
        Kind::Vacancy | Kind::SkillOffer => {
            offer["employer"] = json!({"name": pages.node().home().name});
            offer["application"]["url"] = Value::Null;
            offer["startDate"] = day(90);
        }
    }
    Ok(offer)
}

/// What stands in a column.
fn cell(column: &Column, draft: &Draft, words: &Words) -> String {
    let called = |prefix: &str, code: &str| if prefix.is_empty() { code.to_owned() } else { words.text(&format!("{prefix}-{code}"), &[]) };
    let together = |all: Vec<String>| all.join(" | ");
    match column.fills {
        Fills::Key => "A-1".to_owned(),
        Fills::Line(line, prefix) if !draft.line(line.name).is_empty() => called(prefix, draft.line(line.name)),
        Fills::Line(..) => String::new(),
        Fills::List(list, prefix) => together(draft.lists[list.name].iter().map(|code| called(prefix, code)).collect()),
        Fills::Tick(tick) => words.text(if draft.ticks[tick.name] { "import-yes" } else { "import-no" }, &[]),
        Fills::Languages => {
            let spoken = draft.languages.iter().filter(|(_, level)| !level.is_empty());
            together(spoken.map(|(code, level)| format!("{} {level}", called("language", code))).collect())
        }
        Fills::Skills => together(draft.skills.iter().map(|one| one.label.clone()).collect()),
        Fills::Occupations => together(draft.occupations.iter().map(|one| one.label.clone()).collect()),
        Fills::Edition(place) => {
            let mut edition = draft.editions[0].clone();
            let (path, member) = editions::MEMBERS[place];
            let text = member(&mut edition).clone();
            if path == ["mode"] && !text.is_empty() { called("edition", &text) } else { text }
        }
    }
}
