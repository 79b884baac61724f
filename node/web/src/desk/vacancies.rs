//! The partner's own vacancies, to pick one for which people are sought.

use polder_model::{Date, Kind, OfferKey};
use serde::Serialize;
use serde_json::Value;

use crate::pages::bounded::short;
use crate::pages::{PageError, Pages};

/// Most that are offered to pick from.
const MOST: usize = 40;
/// Most that are looked at for those that are open.
const LOOKED_AT: u32 = 400;

/// A vacancy of the partner's own.
#[derive(Serialize)]
pub(super) struct Own {
    pub key: OfferKey,
    pub title: String,
}

/// Those that can be picked.
#[derive(Default, Serialize)]
pub(super) struct ToPick {
    pub some: Vec<Own>,
    /// Whether there are more: those are picked in the list of offers.
    pub more: bool,
}

/// Those that are open, in the order of their keys.
pub(super) async fn open(pages: &Pages) -> Result<ToPick, PageError> {
    let today = pages.node().now().date();
    let offers = pages.node().store().list_offers(Kind::Vacancy, None, LOOKED_AT).await?;
    let mut picking = ToPick { more: offers.len() == LOOKED_AT as usize, some: Vec::new() };
    for offer in offers {
        let document: Value = serde_json::from_slice(&offer.document).map_err(PageError::internal)?;
        if !is_open(&document, today) {
            continue;
        }
        if picking.some.len() == MOST {
            picking.more = true;
            break;
        }
        picking.some.push(Own { key: offer.key, title: short(&title_of(&document)) });
    }
    Ok(picking)
}

/// One by its key, with what it says, where it is there and open.
pub(super) async fn one(pages: &Pages, key: &str) -> Result<Option<(Own, Value)>, PageError> {
    let Ok(key) = key.parse::<OfferKey>() else { return Ok(None) };
    let Some(offer) = pages.node().store().offer(Kind::Vacancy, &key).await? else { return Ok(None) };
    let document: Value = serde_json::from_slice(&offer.document).map_err(PageError::internal)?;
    let is_open = is_open(&document, pages.node().now().date());
    Ok(is_open.then(|| (Own { key, title: short(&title_of(&document)) }, document)))
}

/// Whether one can still be applied to.
fn is_open(document: &Value, today: Date) -> bool {
    let closes = document["closingDate"].as_str().and_then(|date| date.parse::<Date>().ok());
    closes.is_none_or(|closes| closes >= today)
}

fn title_of(document: &Value) -> String {
    document["title"].as_str().unwrap_or_default().to_owned()
}

/// The title of one; empty where there is none any more.
pub(super) async fn title(pages: &Pages, key: &OfferKey) -> Result<String, PageError> {
    let Some(offer) = pages.node().store().offer(Kind::Vacancy, key).await? else { return Ok(String::new()) };
    let document: Value = serde_json::from_slice(&offer.document).map_err(PageError::internal)?;
    Ok(short(&title_of(&document)))
}
