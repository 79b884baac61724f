//! The partner's own vacancies, to pick one for which people are sought.

use polder_model::{Kind, OfferKey};
use serde::Serialize;
use serde_json::Value;

use crate::pages::{PageError, Pages};

/// Most that are offered to pick from.
const MOST: u32 = 200;

/// A vacancy of the partner's own.
#[derive(Serialize)]
pub(super) struct Own {
    key: OfferKey,
    title: String,
}

/// Those in the order of their keys, at most [`MOST`].
pub(super) async fn own(pages: &Pages) -> Result<Vec<Own>, PageError> {
    let offers = pages.node().store().list_offers(Kind::Vacancy, None, MOST).await?;
    let own = offers.into_iter().map(|offer| {
        let document: Value = serde_json::from_slice(&offer.document).map_err(PageError::internal)?;
        Ok(Own { key: offer.key, title: document["title"].as_str().unwrap_or_default().to_owned() })
    });
    own.collect()
}

/// The title of one; empty where there is none any more.
pub(super) async fn title(pages: &Pages, key: &OfferKey) -> Result<String, PageError> {
    let Some(offer) = pages.node().store().offer(Kind::Vacancy, key).await? else { return Ok(String::new()) };
    let document: Value = serde_json::from_slice(&offer.document).map_err(PageError::internal)?;
    Ok(document["title"].as_str().unwrap_or_default().to_owned())
}
