//! Asking: the query goes to everyone at the same time, answers are merged as they come, documents are fetched for the winners alone.

mod flight;
mod merge;
mod verify;

use std::sync::Arc;
use std::time::Instant;

use polder_model::answer::{Missing, MissingReason, QueryResult, StreamLine};
use polder_model::query::Query;
use polder_model::request::{self, QueryRequest};
use polder_model::{Finding, Timestamp};
use polder_trust::register::{Member, Status};
use tokio::sync::mpsc;

use crate::clock_guard::ClockWasSet;
use crate::node::Node;
use flight::Flight;

/// Most partners that are asked at the same time; the others follow as replies come in, and are named as `not-asked` if time is up before.
pub const MOST_ASKED: usize = 64;

/// Why a question is not asked at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskRefused {
    /// The request does not hold.
    #[error("the query request has {} finding(s)", .0.len())]
    Invalid(Vec<Finding>),
    /// It is about people, and the clock was set while this node ran.
    #[error(transparent)]
    ClockWasSet(#[from] ClockWasSet),
    /// Questions about people wait for the consent engine.
    #[error("questions about people are not answered by this node yet")]
    NoConsentEngine,
}

impl Node {
    /// Asks the federation. With `progress`, each partner's outcome and provisional hits are sent as they are known; when nobody
    /// listens any more, the question goes on without.
    ///
    /// # Errors
    /// [`AskRefused`] before anyone is asked; whatever fails later is named in the result.
    pub async fn ask(&self, request: &QueryRequest, progress: Option<mpsc::Sender<StreamLine>>) -> Result<QueryResult, AskRefused> {
        let query = self.self_contained(request)?;
        Ok(self.ask_query(Arc::new(query), progress).await)
    }

    /// Makes a question self-contained: whoever holds the query and the offers can recompute the result.
    ///
    /// # Errors
    /// [`AskRefused`] with every finding.
    pub fn self_contained(&self, request: &QueryRequest) -> Result<Query, AskRefused> {
        if request.kind.is_personal() {
            self.look_at_clock()?;
            return Err(AskRefused::NoConsentEngine);
        }
        let (id, now): (String, Timestamp) = (uuid::Uuid::new_v4().to_string(), self.clock().now());
        request::expand(request, &self.reference(), &self.home().partner, id, now).map_err(AskRefused::Invalid)
    }

    /// Asks a query that is self-contained already.
    pub async fn ask_query(&self, query: Arc<Query>, progress: Option<mpsc::Sender<StreamLine>>) -> QueryResult {
        let began = Instant::now();
        let (asked, not_asked) = self.whom_to_ask(&query);
        let mut flight = Flight::new(self, &query, began, progress);
        for missing in not_asked {
            flight.missing(missing);
        }
        flight.fly(asked).await;
        flight.land()
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
