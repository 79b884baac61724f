//! What each vacancy that everyone may see is sought by. It is made anew when an offer, a table or the day has changed, but never takes more than a small part
//! of the time of the node; what a vacancy says is read when it is shown, so that nothing is shown that is withdrawn.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::Node;
use polder_formats::vum::{self, Question};
use polder_model::reference::Reference;
use polder_model::{Date, Kind, OfferKey, Postcode4};
use polder_store::{StoreError, StoredOffer};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::competentnl;

/// Offers that are read at a time.
const AT_ONCE: u32 = 250;
/// What is kept stands for so many times the time that it took to make.
const STANDS: u32 = 10;

/// What all of them are sought by.
#[derive(Default)]
pub(super) struct Sought(Vec<Vacancy>);

struct Vacancy {
    key: OfferKey,
    place: Postcode4,
    /// The members that questions name, as JSON: smaller than the tree of it.
    searched: Box<[u8]>,
}

/// What is kept.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Made>>);

struct Made {
    sought: Arc<Sought>,
    /// The last change that is in it, its day, and its tables.
    of: (u64, Date),
    tables: Arc<Reference>,
    at: Instant,
    took: Duration,
}

impl Kept {
    /// What there is now.
    pub(super) async fn now(&self, node: &Node) -> Result<Arc<Sought>, StoreError> {
        let mut kept = self.0.lock().await;
        let (of, tables) = ((node.store().latest_change().await?, node.now().date()), node.reference());
        let stands = |made: &&Made| made.of == of && Arc::ptr_eq(&made.tables, &tables) || made.at.elapsed() < made.took * STANDS;
        if let Some(made) = kept.as_ref().filter(stands) {
            return Ok(Arc::clone(&made.sought));
        }
        let at = Instant::now();
        let sought = Arc::new(make(node, &tables).await?);
        *kept = Some(Made { sought: Arc::clone(&sought), of, tables, at: Instant::now(), took: at.elapsed() });
        Ok(sought)
    }
}

async fn make(node: &Node, tables: &Arc<Reference>) -> Result<Sought, StoreError> {
    let (mut sought, mut after): (Vec<Vacancy>, Option<OfferKey>) = (Vec::new(), None);
    loop {
        let some = node.store().list_offers(Kind::Vacancy, after.as_ref(), AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.key.clone());
        let (tables, today) = (Arc::clone(tables), node.now().date());
        let read = move || some.into_iter().filter_map(|one| vacancy(one, &tables, today)).collect::<Vec<_>>();
        sought.extend(tokio::task::spawn_blocking(read).await.map_err(|_| StoreError::Busy)?);
    }
    sought.shrink_to_fit();
    Ok(Sought(sought))
}

/// What a vacancy is sought by; nothing where not everyone may see it, or where it has no postcode, which the contract demands of a match.
fn vacancy(one: StoredOffer, tables: &Reference, today: Date) -> Option<Vacancy> {
    let written = vum::vacancy(&one.key, &one.document, today, &competentnl(tables)).ok()?;
    let searched = serde_json::to_vec(&written.searched).ok()?.into();
    Some(Vacancy { key: one.key, place: place(&written.matching)?, searched })
}

/// Where the work is.
pub(super) fn place(matching: &Value) -> Option<Postcode4> {
    Postcode4::from_postcode(matching["adres"]["postcode"].as_str()?).ok()
}

impl Sought {
    /// Which fit a question and lie around its place, the nearest first. Of those that are as near, another is first for each question.
    pub(super) fn fitting(&self, question: &Question, around: &[(Postcode4, u32)]) -> Vec<OfferKey> {
        let mut fitting: Vec<(u32, [u8; 32], &OfferKey)> = Vec::new();
        for vacancy in &self.0 {
            let Ok(near) = around.binary_search_by_key(&vacancy.place, |(place, _)| *place) else { continue };
            let searched: Value = serde_json::from_slice(&vacancy.searched).unwrap_or_default();
            if question.fits(&searched) {
                let tie = Sha256::new().chain_update(question.digest()).chain_update(vacancy.key.as_str()).finalize();
                fitting.push((around[near].1, tie.into(), &vacancy.key));
            }
        }
        fitting.sort_unstable();
        fitting.into_iter().map(|(.., key)| key.clone()).collect()
    }
}
