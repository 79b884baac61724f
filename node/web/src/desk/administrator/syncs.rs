//! The course systems that the node reads: when each was read last, when it is next, and what could not be mapped. A button reads one at once.

use axum::extract::{Query, State};
use axum::response::Response;
use polder_exchange::syncs::{Counts, Now, Outcome, Report, Standing, Trouble};
use polder_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::Warning;
use crate::pages::{Administrator, As, PageError, Pages, Sent, bounded, on_to};

/// Objects that are named of those that could not be mapped, and kinds of loss: of the one course system whose report is shown whole.
const NAMED: usize = 40;

#[derive(Serialize)]
struct Page {
    /// The name of the one that was asked to be read just now.
    told: Option<String>,
    syncs: Vec<Shown>,
}

/// A course system.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    name: String,
    url: String,
    /// `reading`, `whole`, `broken-off`, `lost-too-much` or `never`.
    state: &'static str,
    due_at: Option<Timestamp>,
    now: Option<Now>,
    /// Whether its report is shown whole.
    whole: bool,
    report: Option<Said>,
}

/// What is said of its last crawl.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    started_at: Timestamp,
    ended_at: Timestamp,
    version: Option<u8>,
    counts: Counts,
    trouble: Option<Trouble>,
    not_mapped: Vec<NotMapped>,
    /// How many more there are that are named in the report.
    not_mapped_more: usize,
    lost: Vec<Lost>,
    lost_more: usize,
}

#[derive(Serialize)]
struct NotMapped {
    path: String,
    field: String,
    /// The message `sync-why-…`.
    code: &'static str,
}

#[derive(Serialize)]
struct Lost {
    field: String,
    /// The message `sync-loss-…`.
    code: &'static str,
    count: u64,
}

/// Why something is not mapped, of which there is a message.
const WHY: [&str; 12] = [
    "not-of-the-format",
    "encoding",
    "too-much",
    "nothing-found",
    "missing",
    "key-twice",
    "rule",
    "offerings",
    "another-organisation",
    "too-many",
    "document-type",
    "other",
];
/// What became of a field, of which there is a message.
const LOSS: [&str; 9] =
    ["kept-as-text", "left-out", "not-understood", "shortened", "list-shortened", "assumed", "unknown-field", "more", "other"];
/// Why a crawl broke off, of which there is a message.
const TROUBLE: [&str; 18] = [
    "no-reply",
    "connection-refused",
    "no-way",
    "no-name",
    "cut",
    "not-trusted",
    "not-reached",
    "no-token",
    "status",
    "elsewhere",
    "too-large",
    "no-service",
    "not-json",
    "no-version",
    "no-page",
    "collection-gone",
    "goes-round",
    "other",
];

/// The code, if there is a message for it; otherwise the last, which says no more than that.
fn known<const N: usize>(all: &[&'static str; N], code: &str) -> &'static str {
    all.iter().find(|one| **one == code).copied().unwrap_or("other")
}

#[derive(Deserialize)]
pub(super) struct Asked {
    told: Option<String>,
    of: Option<String>,
}

/// The course systems.
pub(super) async fn show(
    State(pages): State<Pages>,
    As { staff, .. }: As<Administrator>,
    Query(Asked { told, of }): Query<Asked>,
) -> Result<Response, PageError> {
    let node = pages.node();
    let mut syncs = Vec::new();
    for source in node.sources() {
        let whole = node.sources().len() == 1 || of.as_deref() == Some(&source.name);
        syncs.push(shown(node.sync_standing(source).await?, node.now(), whole));
    }
    let told = told.filter(|told| node.source(told).is_some());
    pages.show(&staff.visit, "desk/syncs.html", "syncs", Page { told, syncs })
}

/// Has one read at once.
pub(super) async fn crawl(State(pages): State<Pages>, Sent { fields, .. }: Sent<Administrator>) -> Result<Response, PageError> {
    let source = pages.node().source(fields.one("sync")).ok_or(PageError::NotFound)?;
    pages.node().sync_at_once(source).await?;
    Ok(on_to(&format!("/desk/syncs?told={}", source.name)))
}

fn state(standing: &Standing, now: Timestamp) -> &'static str {
    match standing.report.as_ref().map(|report| report.outcome) {
        // One that broke off waits, and then goes on.
        _ if standing.now.is_some() && standing.due_at <= now => "reading",
        Some(Outcome::BrokenOff) => "broken-off",
        Some(Outcome::Whole) => "whole",
        Some(Outcome::LostTooMuch) => "lost-too-much",
        None => "never",
    }
}

fn shown(standing: Standing, now: Timestamp, whole: bool) -> Shown {
    let at_once = standing.due_at <= now;
    let state = state(&standing, now);
    Shown {
        state,
        whole,
        name: standing.name,
        url: bounded::short(&standing.url),
        due_at: (!at_once).then_some(standing.due_at),
        now: standing.now.filter(|_| state == "reading"),
        report: standing.report.map(|report| said(report, if whole { NAMED } else { 0 })),
    }
}

fn said(report: Report, most: usize) -> Said {
    let trouble = report.trouble.map(|trouble| Trouble {
        code: known(&TROUBLE, &trouble.code).to_owned(),
        path: bounded::short(&trouble.path),
        ..trouble
    });
    let not_mapped = report.not_mapped.iter().take(most).map(|one| NotMapped {
        path: bounded::short(&one.path),
        field: bounded::short(&one.field),
        code: known(&WHY, &one.code),
    });
    // The same fate of the same field, whatever else is said of it.
    let mut lost: Vec<Lost> = Vec::new();
    for one in &report.lost {
        let (field, code) = (bounded::short(&one.field), known(&LOSS, &one.code));
        match lost.iter().position(|lost| lost.field == field && lost.code == code) {
            Some(index) => lost[index].count += one.count,
            None => lost.push(Lost { field, code, count: one.count }),
        }
    }
    lost.sort_by_key(|one| std::cmp::Reverse(one.count));
    Said {
        started_at: report.started_at,
        ended_at: report.ended_at,
        version: report.version,
        trouble,
        not_mapped: not_mapped.collect(),
        not_mapped_more: report.not_mapped.len().saturating_sub(most),
        lost_more: lost.len().saturating_sub(most),
        lost: lost.into_iter().take(most).collect(),
        counts: report.counts,
    }
}

/// What is to be done.
pub(super) async fn warnings(pages: &Pages) -> Result<Vec<Warning>, PageError> {
    let mut all = Vec::new();
    for source in pages.node().sources() {
        let standing = pages.node().sync_standing(source).await?;
        match state(&standing, pages.node().now()) {
            "broken-off" => all.push(Warning::new("sync-broken-off").text(standing.name)),
            "lost-too-much" => all.push(Warning::new("sync-lost-too-much").text(standing.name)),
            _ => {}
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;
    use polder_exchange::syncs::Stage;

    use super::*;

    #[test]
    fn there_are_words_for_each_code() {
        let mut names: Vec<String> = WHY.map(|code| format!("sync-why-{code}")).into();
        names.extend(LOSS.map(|code| format!("sync-loss-{code}")));
        names.extend(TROUBLE.map(|code| format!("sync-trouble-{code}")));
        names.extend(["reading", "whole", "broken-off", "lost-too-much", "never"].map(|state| format!("sync-state-{state}")));
        let stages = [Stage::Organisations, Stage::LearningOutcomes, Stage::Programmes, Stage::Courses, Stage::Missing];
        names.extend(stages.map(|stage| format!("sync-stage-{}", serde_json::to_value(stage).expect("a word").as_str().expect("a word"))));
        for language in [Language::Nl, Language::En] {
            let words = crate::pages::Words::new(language);
            for name in &names {
                assert!(words.say(name, &fluent_bundle::FluentArgs::new()).is_some(), "{name}");
            }
        }
    }
}
