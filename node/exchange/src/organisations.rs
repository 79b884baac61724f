//! For whom this partner publishes: itself, or an organisation that has no node.

use std::sync::Arc;

use polder_model::PartnerId;
use polder_model::offer::{self, Offer};
use polder_store::{Store, StoreError};

/// Offers that are looked at at once.
const AT_ONCE: u32 = 500;

/// For which organisation an offer is published, as the store keeps it: by the trade register number of its employer or provider; empty where that is this
/// partner itself, or where the offer gives none.
pub(crate) fn of(offer: &Offer, own: &PartnerId) -> Arc<str> {
    let number = match offer {
        Offer::Vacancy(vacancy) => vacancy.employer.kvk.as_deref(),
        Offer::Training(training) => training.provider.kvk.as_deref(),
        Offer::SkillOffer(_) => None,
    };
    let organisation = number.and_then(|number| format!("kvk:{number}").parse().ok());
    organisation.map_or_else(|| Arc::from(""), |organisation| as_kept(&organisation, own))
}

/// An organisation as the store keeps it.
#[must_use]
pub fn as_kept(organisation: &PartnerId, own: &PartnerId) -> Arc<str> {
    Arc::from(if organisation == own { "" } else { organisation.as_str() })
}

/// Notes it of offers that were stored before it was kept. One that can be read no more counts as this partner's own.
pub(crate) async fn complete(store: &Store, own: &PartnerId) -> Result<(), StoreError> {
    loop {
        let some = store.offers_of_unknown(AT_ONCE).await?;
        if some.is_empty() {
            return Ok(());
        }
        let named = some.into_iter().map(|stored| {
            let organisation =
                offer::parse(stored.kind, &stored.document).map_or_else(|_| String::new(), |read| of(&read.offer, own).to_string());
            (stored.kind, stored.key, organisation)
        });
        store.note_organisations(named.collect()).await?;
    }
}
