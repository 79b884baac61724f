//! Publishing: an offer goes through its checks, into the store and so into the index.

use std::sync::Arc;

use futures::StreamExt;
use polder_model::offer;
use polder_model::reference::Reference;
use polder_model::{Finding, FindingCode, Kind, OfferKey, Timestamp};
use polder_store::{Deleted, Precondition, Put, StoreError, Stored};

use crate::node::Node;
use crate::traces::{Outcome, Part};

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

/// An offer to be stored, as a client gave it.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Its kind.
    pub kind: Kind,
    /// The client's own key.
    pub key: OfferKey,
    /// The exact bytes.
    pub document: Arc<[u8]>,
    /// What must hold.
    pub precondition: Precondition,
}

/// How many offers are read and stored as one piece of many.
const PIECE: usize = 500;

/// An offer that passed its checks: what is stored, and the notes of it.
type Checked = Result<(Put, Vec<Finding>), PublishRefused>;

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
        let (put, notes) = check(Publication { kind, key, document: Arc::from(document), precondition }, &self.reference(), self.now())?;
        let span = self.traces().part(Part::Store);
        let stored = self.store().put_offer(put).await;
        span.ended(if stored.is_ok() { Outcome::done("stored") } else { Outcome::failure("not-stored") });
        Ok(Published { stored: stored?, notes })
    }

    /// Stores many offers and makes them searchable: a verdict for each, in their order, as [`Node::publish`] one after the other would give.
    /// One that is refused spoils no other. They are checked by all processors, and written together.
    ///
    /// Whoever stops waiting may have some of them stored: putting them again does no harm.
    pub async fn publish_many(&self, publications: Vec<Publication>) -> Vec<Result<Published, PublishRefused>> {
        let (now, reference) = (self.now(), self.reference());
        let mut verdicts = Vec::with_capacity(publications.len());
        let mut publications = publications.into_iter();
        let pieces = std::iter::from_fn(|| Some(publications.by_ref().take(PIECE).collect::<Vec<_>>()).filter(|piece| !piece.is_empty()));
        // While one piece is written, the next ones are checked.
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let mut checked = futures::stream::iter(pieces).map(|piece| check_piece(piece, Arc::clone(&reference), now)).buffered(processors);
        while let Some(piece) = checked.next().await {
            verdicts.extend(self.store_piece(piece).await);
        }
        verdicts
    }

    async fn store_piece(&self, piece: Vec<Checked>) -> Vec<Result<Published, PublishRefused>> {
        let mut puts = Vec::with_capacity(piece.len());
        let checked: Vec<Result<Vec<Finding>, PublishRefused>> = piece
            .into_iter()
            .map(|checked| {
                checked.map(|(put, notes)| {
                    puts.push(put);
                    notes
                })
            })
            .collect();
        let span = self.traces().part(Part::Store);
        span.say("polder.offers", puts.len());
        let stored = self.store().put_offers(puts).await;
        span.ended(if stored.iter().all(Result::is_ok) { Outcome::done("stored") } else { Outcome::failure("not-all-stored") });
        let mut stored = stored.into_iter();
        let mut verdict = |notes| match stored.next() {
            Some(Ok(stored)) => Ok(Published { stored, notes }),
            Some(Err(error)) => Err(error.into()),
            None => Err(StoreError::Busy.into()),
        };
        checked.into_iter().map(|checked| checked.and_then(&mut verdict)).collect()
    }

    /// Deletes an offer; it can be found no more when this returns.
    ///
    /// # Errors
    /// When the precondition does not hold or the store cannot.
    pub async fn delete(&self, kind: Kind, key: &OfferKey, precondition: Precondition) -> Result<Deleted, StoreError> {
        self.store().delete_offer(kind, key, precondition, self.now()).await
    }
}

/// Checks some offers on a thread where that holds nobody up.
async fn check_piece(piece: Vec<Publication>, reference: Arc<Reference>, now: Timestamp) -> Vec<Checked> {
    let count = piece.len();
    let checked = tokio::task::spawn_blocking(move || piece.into_iter().map(|publication| check(publication, &reference, now)).collect());
    // Given up by a runtime that ends, or by a check that failed itself: nothing of it is stored.
    checked.await.unwrap_or_else(|_| (0..count).map(|_| Err(StoreError::Busy.into())).collect())
}

fn check(publication: Publication, reference: &Reference, now: Timestamp) -> Checked {
    let Publication { kind, key, document, precondition } = publication;
    if kind.is_personal() && offer::may_hold_bsn(key.as_str()) {
        let message = "the key may be a citizen service number (BSN); give the offer another key";
        return Err(PublishRefused::Invalid(vec![Finding::new("", FindingCode::NotAllowed, message)]));
    }
    let parsed = offer::parse(kind, &document).map_err(PublishRefused::Invalid)?;
    let features = Some(Arc::new(parsed.features()));
    Ok((Put { kind, key, document, features, precondition, now }, parsed.notes(reference)))
}
