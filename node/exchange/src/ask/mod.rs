//! Asking: the query goes to everyone at the same time, answers are merged as they come, documents are fetched for the winners alone.

mod flight;
mod merge;
mod people;
mod progress;
mod verify;

use std::sync::Arc;
use std::time::Instant;

use polder_model::about::About;
use polder_model::answer::{Missing, MissingReason, QueryResult};
use polder_model::query::{Criteria, Query};
use polder_model::request::{self, QueryRequest};
use polder_model::{Date, Finding, FindingCode, Timestamp, offer};
use polder_store::StoreError;
use polder_store::people::Asked;
use polder_trust::register::{Member, Status};

use crate::clock_guard::ClockWasSet;
use crate::node::Node;
use crate::people::For;
use crate::traces;
use flight::Flight;
pub use progress::{Listener, Teller, progress};

/// Most partners that are asked at the same time; the others follow as replies come in, and are named as `not-asked` if time is up before.
pub const MOST_ASKED: usize = 64;

/// Why a question is not asked at all.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AskRefused {
    /// The request does not hold.
    #[error("the query request has {} finding(s)", .0.len())]
    Invalid(Vec<Finding>),
    /// It is about people, and the clock was set while this node ran.
    #[error(transparent)]
    ClockWasSet(#[from] ClockWasSet),
    /// It is about people, and was asked for a worker: workers ask for public offers.
    #[error("a worker asks for vacancies and trainings; people are sought by a partner's systems")]
    AboutPeople,
    /// What has to be noted about it cannot be: a question for a worker before it is asked, people before a client gets them.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Asks the federation. With `progress`, each partner's outcome and provisional hits are sent as they are known; when nobody
    /// listens any more, the question goes on without.
    ///
    /// # Errors
    /// [`AskRefused`] before anyone is asked; whatever fails later is named in the result.
    pub async fn ask(&self, request: &QueryRequest, whom: &For, progress: Option<Teller>) -> Result<QueryResult, AskRefused> {
        let query = self.self_contained(request)?;
        self.may_be_asked(&query, whom).await?;
        self.ask_query(Arc::new(query), whom, progress).await
    }

    /// Makes a question self-contained: whoever holds the query and the offers can recompute the result.
    ///
    /// # Errors
    /// [`AskRefused`] with every finding.
    pub fn self_contained(&self, request: &QueryRequest) -> Result<Query, AskRefused> {
        if request.kind.is_personal() {
            self.look_at_clock()?;
        }
        let (id, now): (String, Timestamp) = (uuid::Uuid::new_v4().to_string(), self.clock().now());
        request::expand(request, &self.reference(), &self.home().partner, id, now).map_err(AskRefused::Invalid)
    }

    /// Whether a query may be asked: people are sought for an offer of this partner that is live.
    ///
    /// # Errors
    /// [`AskRefused`].
    pub async fn may_be_asked(&self, query: &Query, whom: &For) -> Result<(), AskRefused> {
        let Some(about) = query.about.as_ref().filter(|_| query.kind.is_personal()) else { return Ok(()) };
        if matches!(whom, For::Worker(_)) {
            return Err(AskRefused::AboutPeople);
        }
        if !self.policy().uses(query.purpose) {
            let message = format!("this partner does not use the purpose {}", query.purpose);
            return Err(AskRefused::Invalid(vec![Finding::new("/purpose", FindingCode::Contradiction, message)]));
        }
        if self.is_live(about, query.as_of.date()).await? {
            return Ok(());
        }
        let message = format!("this node holds no {} of that key that is open; people are sought for an offer of your own", about.kind);
        Err(AskRefused::Invalid(vec![Finding::new("/about/key", FindingCode::UnknownCode, message)]))
    }

    /// Whether this node holds that offer, and it is open on that day.
    pub(crate) async fn is_live(&self, about: &About, today: Date) -> Result<bool, StoreError> {
        let stored = self.store().offer(about.kind, &about.key).await?;
        Ok(stored.is_some_and(|stored| {
            offer::read_stored(about.kind, &stored.document).is_ok_and(|features| features.closes.is_none_or(|closes| closes >= today))
        }))
    }

    /// Asks a query that is self-contained already, and may be asked.
    ///
    /// # Errors
    /// [`AskRefused::Store`], where something has to be noted and cannot be: nobody gets anything about people then.
    pub async fn ask_query(&self, query: Arc<Query>, whom: &For, progress: Option<Teller>) -> Result<QueryResult, AskRefused> {
        if query.kind.is_personal() {
            // Each partner that answers writes down whom it told of: its records and those of this node are of one chain.
            return traces::in_a_chain(self.fly(query, whom, progress)).await;
        }
        self.fly(query, whom, progress).await
    }

    async fn fly(&self, query: Arc<Query>, whom: &For, progress: Option<Teller>) -> Result<QueryResult, AskRefused> {
        let began = Instant::now();
        let (asked, not_asked) = self.whom_to_ask(&query);
        if let For::Worker(worker) = whom {
            let partners = asked.iter().map(|member| member.partner.clone()).collect();
            let fields = said(&query.criteria);
            let asked = Asked { at: self.now(), query: query.id.clone(), purpose: query.purpose, partners, fields };
            self.store().note_asked(*worker, asked, traces::chain()).await?;
        }
        let mut flight = Flight::new(self, &query, began, progress);
        for missing in not_asked {
            flight.missing(missing);
        }
        flight.fly(asked).await;
        flight.land(whom).await
    }

    /// The members to ask, and then guests; and those who are named as missing without being asked.
    fn whom_to_ask(&self, query: &Query) -> (Vec<Arc<Member>>, Vec<Missing>) {
        let register = self.register();
        let (mut asked, mut not_asked) = (Vec::new(), Vec::new());
        for member in register.members() {
            let missing = |reason| Missing { partner: member.partner.clone(), name: member.name.clone(), reason };
            match member.status {
                Status::Expelled => {}
                Status::Suspended => not_asked.push(missing(MissingReason::Suspended)),
                Status::Active => asked.push(Arc::clone(member)),
            }
        }
        asked.extend(self.shared_register().hosts(query.purpose, self.now()));
        (asked, not_asked)
    }
}

/// About what a question says something, by the names of its criteria.
fn said(criteria: &Criteria) -> Vec<String> {
    let members = serde_json::to_value(criteria).unwrap_or_default();
    members.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}
