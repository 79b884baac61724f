//! The partner's own offers for which people are sought: vacancies, and trainings.

use polder_model::about::About;
use polder_model::offer::read_stored;
use polder_model::{Date, Kind};
use polder_store::StoredOffer;
use serde::Serialize;
use serde_json::Value;

use super::home::is_school;
use crate::pages::bounded::short;
use crate::pages::{PageError, Pages};

/// Most of a kind that are offered to pick from.
const MOST: usize = 40;
/// Most of a kind that are looked at for those that are open.
const LOOKED_AT: u32 = 400;

/// An offer of the partner's own.
#[derive(Serialize)]
pub(super) struct Own {
    /// How a form names it.
    pub about: String,
    pub kind: Kind,
    pub key: String,
    pub title: String,
}

impl Own {
    fn of(about: &About, document: &Value) -> Self {
        Self { about: about.to_string(), kind: about.kind, key: about.key.to_string(), title: title_of(document) }
    }
}

/// Those of a kind that can be picked.
#[derive(Serialize)]
pub(super) struct OfKind {
    kind: Kind,
    some: Vec<Own>,
    /// Whether there are more: those are picked in the list of offers.
    more: bool,
}

/// Those that can be picked; a school's trainings first, anybody else's vacancies. A kind of which there are none is left out.
#[derive(Default, Serialize)]
pub(super) struct ToPick(Vec<OfKind>);

impl ToPick {
    /// The one that there is, where there is no other.
    pub(super) fn only(&mut self) -> Option<Own> {
        match self.0.as_mut_slice() {
            [one] if one.some.len() == 1 && !one.more => one.some.pop(),
            _ => None,
        }
    }
}

/// Those that are open, of each kind the one that changed last first.
pub(super) async fn open(pages: &Pages) -> Result<ToPick, PageError> {
    let kinds = if is_school(pages) { [Kind::Training, Kind::Vacancy] } else { [Kind::Vacancy, Kind::Training] };
    let mut picking = Vec::new();
    for kind in kinds {
        let found = of_kind(pages, kind).await?;
        if !found.some.is_empty() || found.more {
            picking.push(found);
        }
    }
    Ok(ToPick(picking))
}

async fn of_kind(pages: &Pages, kind: Kind) -> Result<OfKind, PageError> {
    let today = pages.node().now().date();
    let offers = pages.node().store().offers_changed_before(kind, u64::MAX, LOOKED_AT).await?;
    let mut picking = OfKind { kind, more: offers.len() == LOOKED_AT as usize, some: Vec::new() };
    for offer in offers.into_iter().filter(|offer| is_open(offer, today)) {
        if picking.some.len() == MOST {
            picking.more = true;
            break;
        }
        let document = document(&offer)?;
        picking.some.push(Own::of(&About { kind, key: offer.key }, &document));
    }
    Ok(picking)
}

/// One as a form names it, with what it says, where it is there and open.
pub(super) async fn one(pages: &Pages, about: &str) -> Result<Option<(Own, Value)>, PageError> {
    let Ok(about) = about.parse::<About>() else { return Ok(None) };
    let Some(offer) = pages.node().store().offer(about.kind, &about.key).await? else { return Ok(None) };
    if !is_open(&offer, pages.node().now().date()) {
        return Ok(None);
    }
    let document = document(&offer)?;
    Ok(Some((Own::of(&about, &document), document)))
}

/// As what a form names one, where people may be sought for it now.
pub(super) fn named_where_open(offer: &StoredOffer, today: Date) -> Option<String> {
    is_open(offer, today).then(|| About { kind: offer.kind, key: offer.key.clone() }.to_string())
}

/// Whether people may be sought for it: as the node itself judges before it asks.
fn is_open(offer: &StoredOffer, today: Date) -> bool {
    read_stored(offer.kind, &offer.document).is_ok_and(|features| features.closes.is_none_or(|closes| closes >= today))
}

fn document(offer: &StoredOffer) -> Result<Value, PageError> {
    serde_json::from_slice(&offer.document).map_err(PageError::internal)
}

fn title_of(document: &Value) -> String {
    short(document["title"].as_str().unwrap_or_default())
}

/// The title of one; empty where there is none any more.
pub(super) async fn title(pages: &Pages, about: &About) -> Result<String, PageError> {
    let Some(offer) = pages.node().store().offer(about.kind, &about.key).await? else { return Ok(String::new()) };
    Ok(title_of(&document(&offer)?))
}
