//! What the national exchange of vacancies (VUM) has, in a section of its own: shown to whoever asked, and kept nowhere.

use std::sync::Arc;

use polder_formats::vum::Occupation;
use polder_model::query::Query;
use polder_model::{Kind, Postcode4};
use serde::Serialize;

use super::reasons::Speaker;
use super::shown::{self, AROUND, Row};
use crate::pages::bounded::fitting_in;
use crate::pages::{Pages, Said};
use crate::vum::{Found, NotFound};

/// Bytes of a page for what the exchange has.
const ROOM: usize = 12 * 1024;

/// What came of it.
pub(super) enum Asked {
    /// Nothing was asked: the exchange wants a place.
    NoPlace,
    /// It answered.
    Found(Found),
    /// It did not.
    NotFound(NotFound),
}

/// What the exchange has, as it is shown.
#[derive(Serialize)]
pub(super) struct Nationwide {
    /// What came of it.
    summary: String,
    /// Whether that is nothing, since it did not answer.
    failed: bool,
    /// What else there is to know.
    notes: Vec<String>,
    rows: Vec<Row>,
}

/// Asks the exchange, where there is one and vacancies are sought.
pub(super) fn ask(pages: &Pages, query: Arc<Query>, from: Option<Postcode4>) -> impl Future<Output = Option<Asked>> + Send + use<> {
    let pages = pages.clone();
    async move {
        let exchange = pages.exchange().filter(|_| query.kind == Kind::Vacancy)?;
        let Some(from) = from.filter(|_| query.criteria.travel.is_some()) else { return Some(Asked::NoPlace) };
        Some(match exchange.ask(query, from, pages.node().reference()).await {
            Ok(found) => Asked::Found(found),
            Err(why) => Asked::NotFound(why),
        })
    }
}

impl Nationwide {
    /// All of it.
    pub(super) fn whole(speaker: &Speaker<'_>, asked: Asked) -> Self {
        let say = |name: &str| speaker.say(name, &[]);
        let none = |summary, failed| Self { summary, failed, notes: Vec::new(), rows: Vec::new() };
        let found = match asked {
            Asked::NoPlace => return none(say("exchange-no-place"), false),
            Asked::NotFound(why) => return none(say(&format!("exchange-{}", why.as_str())), true),
            Asked::Found(found) => found,
        };
        let count = |name: &str, count: usize| speaker.say(name, &[("count", Said::Number(i64::try_from(count).unwrap_or(i64::MAX)))]);
        let notes = [
            (found.occupation == Occupation::NotAsked).then(|| say("exchange-occupation")),
            found.more.then(|| say("exchange-more")),
            (found.unread > 0).then(|| count("exchange-unread", found.unread)),
        ];
        let mut rows = shown::rows(speaker, Kind::Vacancy, &found.hits, true);
        for (row, link) in rows.iter_mut().zip(found.hits.iter().map(|hit| &hit.link)) {
            row.host =
                link.as_ref().map(|link| speaker.say("exchange-host", &[("host", Said::Text(link.host.as_str()))])).unwrap_or_default();
        }
        Self { summary: count("exchange-found", rows.len()), failed: false, notes: notes.into_iter().flatten().collect(), rows }
    }

    /// As much of it as a page holds.
    pub(super) fn on_a_page(speaker: &Speaker<'_>, asked: Asked) -> Self {
        let mut all = Self::whole(speaker, asked);
        let (found, fit) = (all.rows.len(), fitting_in(ROOM, &all.rows, AROUND));
        if fit < found {
            all.rows.truncate(fit);
            let number = |number: usize| Said::Number(i64::try_from(number).unwrap_or(i64::MAX));
            all.notes.push(speaker.say("exchange-part", &[("shown", number(fit)), ("count", number(found))]));
        }
        all
    }
}
