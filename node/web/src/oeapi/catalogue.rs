//! Which objects the catalogue has, and in which order. It is made anew when an offer has changed or a day has passed, but never takes more than a small part of
//! the time of the node; what an offer says is read when it is asked for, so that nothing is shown that is withdrawn.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::Node;
use polder_formats::education::{self, Published};
use polder_model::{Date, Kind, OfferKey};
use polder_store::{StoreError, StoredOffer};
use serde_json::Value;
use tokio::sync::Mutex;

/// Offers that are read at a time.
const AT_ONCE: u32 = 250;
/// The catalogue stands for so many times the time that it took to make.
const STANDS: u32 = 10;

/// Objects by their ids.
pub(super) type Objects = BTreeMap<u128, Value>;

/// What there is.
#[derive(Default)]
pub(super) struct Catalogue {
    /// Trainings that are programmes, by name.
    pub(super) programmes: Vec<Training>,
    /// The others, by name.
    pub(super) courses: Vec<Training>,
    /// Who provides them.
    pub(super) organisations: Objects,
    /// The skills that they teach.
    pub(super) outcomes: Objects,
}

/// A training in the catalogue.
pub(super) struct Training {
    /// Its id there.
    pub(super) id: u128,
    /// The offer.
    pub(super) key: OfferKey,
    /// Its name, in small letters.
    pub(super) name: Box<str>,
    /// Its level, as the API says it; empty where it says none.
    pub(super) level: Box<str>,
}

/// The catalogue as it is kept.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Made>>);

struct Made {
    catalogue: Arc<Catalogue>,
    /// The last change that is in it, and its day.
    of: (u64, Date),
    at: Instant,
    took: Duration,
}

impl Kept {
    /// The catalogue of now.
    pub(super) async fn now(&self, node: &Node) -> Result<Arc<Catalogue>, StoreError> {
        let mut kept = self.0.lock().await;
        let of = (node.store().latest_change().await?, node.now().date());
        if let Some(made) = kept.as_ref().filter(|made| made.of == of || made.at.elapsed() < made.took * STANDS) {
            return Ok(Arc::clone(&made.catalogue));
        }
        let at = Instant::now();
        let catalogue = Arc::new(make(node).await?);
        *kept = Some(Made { catalogue: Arc::clone(&catalogue), of, at: Instant::now(), took: at.elapsed() });
        Ok(catalogue)
    }
}

async fn make(node: &Node) -> Result<Catalogue, StoreError> {
    let mut catalogue = Catalogue::default();
    let mut after: Option<OfferKey> = None;
    loop {
        let some = node.store().list_offers(Kind::Training, after.as_ref(), AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.key.clone());
        let (partner, today) = (node.home().partner.clone(), node.now().date());
        let write = move || {
            let written = |one: StoredOffer| {
                let published = education::write(&partner, &one.key, &one.document, one.modified_at.date(), today).ok()?;
                Some((one.key, published))
            };
            some.into_iter().filter_map(written).collect::<Vec<_>>()
        };
        let written = tokio::task::spawn_blocking(write).await.map_err(|_| StoreError::Busy)?;
        written.into_iter().for_each(|(key, published)| catalogue.add(key, published));
    }
    for trainings in [&mut catalogue.programmes, &mut catalogue.courses] {
        trainings.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    }
    Ok(catalogue)
}

impl Catalogue {
    fn add(&mut self, key: OfferKey, published: Published) {
        let Published { programme, object, outcomes, organisation, .. } = published;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let Some(id) = id_of(&object, if programme { "programmeId" } else { "courseId" }) else { return };
        let name = text(&object["name"][0]["value"]).to_lowercase().into_boxed_str();
        let training = Training { id, key, name, level: text(&object["level"]).into_boxed_str() };
        if programme {
            self.programmes.push(training)
        } else {
            self.courses.push(training)
        }
        self.organisations.extend(id_of(&organisation, "organisationId").map(|id| (id, organisation)));
        for outcome in outcomes {
            self.outcomes.extend(id_of(&outcome, "learningOutcomeId").map(|id| (id, outcome)));
        }
    }
}

fn id_of(object: &Value, member: &str) -> Option<u128> {
    identifier(object[member].as_str()?)
}

/// A UUID as it stands in an address.
pub(super) fn identifier(text: &str) -> Option<u128> {
    (text.len() == 36).then(|| uuid::Uuid::try_parse(text).ok()).flatten().map(|id| id.as_u128())
}
