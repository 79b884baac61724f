//! What was asked of workers of this node: seen and answered by them. Whoever asked does not hear of it.

use polder_consent::request::AskedFor;
use polder_consent::{Event, FieldSet, RequestId, State, What, WorkerId};
use polder_model::{Finding, FindingCode, PartnerId, Purpose, Timestamp};
use polder_store::StoreError;
use polder_store::people::{NotAnswered, Request};
use serde::{Deserialize, Serialize};

use super::decide::{DecideRefused, Decision};
use crate::node::Node;

/// A request as its worker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestSight {
    /// Its id.
    pub id: RequestId,
    /// Whose system asked.
    pub asker: PartnerId,
    /// Its name in the register; empty where it has left.
    pub asker_name: String,
    /// Who is to see it.
    pub recipient: PartnerId,
    /// Its name in the register; empty where it has left.
    pub recipient_name: String,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// Who helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assisted_by: Option<String>,
    /// For which offer of the asker's own, as it says itself; left out where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<AskedFor>,
    /// When it was asked.
    pub at: Timestamp,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// What happened to it.
    pub events: Vec<Event>,
    /// Whose node the worker brought it from: nobody asked for it here.
    #[serde(skip)]
    pub brought_from: Option<PartnerId>,
}

impl Node {
    /// A request as its worker sees it.
    #[must_use]
    pub fn request_sight(&self, request: Request) -> RequestSight {
        let state = request.state(self.now());
        let Request { id, asker, recipient, purpose, fields, assisted_by, about, at, events, brought_from } = request;
        let (asker_name, recipient_name) = (self.name_of(&asker), self.name_of(&recipient));
        RequestSight {
            id,
            asker,
            asker_name,
            recipient,
            recipient_name,
            purpose,
            fields,
            assisted_by,
            about,
            at,
            state,
            events,
            brought_from,
        }
    }

    /// What is open of what a worker was asked, the last one first, and after it what they put off, at most `most`; and how much there is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn requests_waiting(&self, worker: WorkerId, most: u32) -> Result<(Vec<RequestSight>, u64), StoreError> {
        let (found, count) = self.store().requests_waiting(worker, self.now(), most).await?;
        Ok((found.into_iter().map(|request| self.request_sight(request)).collect(), count))
    }

    /// A page of what a worker did not say yes to, the last one first; after that one, by its instant and id, where there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn requests_not_given(
        &self,
        worker: WorkerId,
        after: Option<(Timestamp, &str)>,
        most: u32,
    ) -> Result<Vec<RequestSight>, StoreError> {
        let found = self.store().requests_not_given(worker, after, most, self.now()).await?;
        Ok(found.into_iter().map(|request| self.request_sight(request)).collect())
    }

    /// What was asked of a worker, the last one first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn requests_of(&self, worker: WorkerId) -> Result<Vec<RequestSight>, StoreError> {
        Ok(self.store().requests_of(worker).await?.into_iter().map(|request| self.request_sight(request)).collect())
    }

    /// A worker refuses a request, or closes it for now. Whoever asked does not hear of it.
    ///
    /// # Errors
    /// When the store could not; the inner one where there is no such request, or it is open no more.
    pub async fn answer_request(
        &self,
        worker: WorkerId,
        request: RequestId,
        refuses: bool,
    ) -> Result<Result<RequestSight, NotAnswered>, StoreError> {
        let what = if refuses { What::Refuse } else { What::Defer };
        let answered = self.store().answer_request(worker, request, what, self.now()).await?;
        Ok(answered.map(|request| self.request_sight(request)))
    }

    /// Who helped a worker with a request that this decision answers.
    ///
    /// # Errors
    /// [`DecideRefused`]: there is no such request of this worker, it is open no more, or it is about something else.
    pub async fn assistance(&self, worker: WorkerId, request: RequestId, decision: &Decision) -> Result<Option<String>, DecideRefused> {
        let request = self.store().request_of(worker, request).await?.ok_or(DecideRefused::UnknownRequest)?;
        if !request.is_open(self.now()) {
            return Err(DecideRefused::NotOpen);
        }
        if decision.purpose != request.purpose || decision.recipients != [request.recipient] {
            let message = "the request that is answered is for another purpose, or of another recipient";
            return Err(DecideRefused::Invalid(vec![Finding::new("/request", FindingCode::Contradiction, message)]));
        }
        Ok(request.assisted_by)
    }
}
