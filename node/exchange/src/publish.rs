//! Publishing: an offer goes through its checks, into the store and so into the index.

use std::sync::Arc;

use polder_model::offer;
use polder_model::{Finding, FindingCode, Kind, OfferKey};
use polder_store::{Deleted, Precondition, Put, StoreError, Stored};

use crate::node::Node;

/// Why an offer was not stored. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum PublishRefused {
    /// It does not follow its schema or rules.
    #[error("the offer has {} finding(s)", .0.len())]
    Invalid(Vec<Finding>),
    /// The store refused it, or could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An offer that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// What the store says of it.
    pub stored: Stored,
    /// The members that no reference table of this node knows; at most 21 findings.
    pub notes: Vec<Finding>,
}

impl Node {
    /// Stores an offer and makes it searchable, both before this returns.
    ///
    /// # Errors
    /// [`PublishRefused`], and then nothing was stored.
    pub async fn publish(
        &self,
        kind: Kind,
        key: OfferKey,
        document: &[u8],
        precondition: Precondition,
    ) -> Result<Published, PublishRefused> {
        if kind.is_personal() && offer::may_hold_bsn(key.as_str()) {
            let message = "the key may be a citizen service number (BSN); give the offer another key";
            return Err(PublishRefused::Invalid(vec![Finding::new("", FindingCode::NotAllowed, message)]));
        }
        let parsed = offer::parse(kind, document).map_err(PublishRefused::Invalid)?;
        let put = Put { kind, key, document: Arc::from(document), precondition, now: self.now() };
        let stored = self.store().put_offer(put).await?;
        Ok(Published { stored, notes: parsed.notes(&self.reference()) })
    }

    /// Deletes an offer; it can be found no more when this returns.
    ///
    /// # Errors
    /// When the precondition does not hold or the store cannot.
    pub async fn delete(&self, kind: Kind, key: &OfferKey, precondition: Precondition) -> Result<Deleted, StoreError> {
        self.store().delete_offer(kind, key, precondition, self.now()).await
    }
}
