//! Questions on their way to the federation, for clients and for people at the desk: no more at once than the node takes, counted, and answered whole or as
//! the answers come.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{self, Stream};
use polder_exchange::traces::Span;
use polder_exchange::{For, Listener, Node, Teller, progress};
use polder_model::Finding;
use polder_model::answer::{QueryResult, StreamLine};
use polder_model::problem::ProblemType;
use polder_model::query::Query;
use polder_model::request::QueryRequest;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::metrics::Metrics;
use crate::refusal::Refusal;
use crate::stopping::Stopping;

/// Where questions are asked.
#[derive(Clone)]
pub(crate) struct Questions {
    node: Arc<Node>,
    /// Questions that may be on their way at the same time.
    at_once: Arc<Semaphore>,
    /// Whether the node stops.
    stopping: Stopping,
    /// Where they are counted.
    metrics: Arc<Metrics>,
}

/// A question that may be asked.
pub(crate) struct Question {
    query: Arc<Query>,
    whom: For,
    notes: Vec<Finding>,
    permit: OwnedSemaphorePermit,
}

impl Question {
    /// What is asked.
    pub(crate) fn query(&self) -> &Arc<Query> {
        &self.query
    }
}

impl Questions {
    pub(crate) fn new(node: Arc<Node>, at_once: usize, stopping: Stopping, metrics: Arc<Metrics>) -> Self {
        Self { node, at_once: Arc::new(Semaphore::new(at_once)), stopping, metrics }
    }

    /// Refuses where as many are on their way as may be.
    pub(crate) fn has_room(&self) -> Result<(), Refusal> {
        if self.at_once.available_permits() == 0 { Err(as_many_as_may_be()) } else { Ok(()) }
    }

    /// Makes a question of a request, if it may be asked.
    pub(crate) async fn begin(&self, request: &QueryRequest, whom: For) -> Result<Question, Refusal> {
        let query = Arc::new(self.node.self_contained(request)?);
        self.node.may_be_asked(&query, &whom).await?;
        let notes = request.notes(&self.node.reference());
        let permit = Arc::clone(&self.at_once).try_acquire_owned().map_err(|_| as_many_as_may_be())?;
        Ok(Question { query, whom, notes, permit })
    }

    /// Asks, and waits for the result.
    pub(crate) async fn whole(&self, question: Question, span: Span) -> Result<QueryResult, Refusal> {
        let Question { query, whom, notes, permit } = question;
        let result = tokio::select! {
            result = self.ask((query, &whom), notes, None, span) => result,
            () = self.stopping.clone().time_is_up() => Err(stops()),
        };
        drop(permit);
        result
    }

    /// Asks; the lines come as answers do, the result last. Who stops reading stops the question; who reads slowly, or has much to do with each line, does
    /// not hold it up.
    pub(crate) fn as_it_comes(&self, question: Question, span: Span) -> impl Stream<Item = StreamLine> + Send + use<> {
        let Question { query, whom, notes, permit } = question;
        let (teller, listener) = progress();
        let stops = Box::pin(self.stopping.clone().time_is_up());
        let questions = self.clone();
        let mut asking = JoinSet::new();
        asking.spawn(async move { questions.ask((query, &whom), notes, Some(teller), span).await });
        let asking = Asking { listener, asking, stops, last: None, _permit: permit };
        stream::unfold(asking, |mut asking| async move {
            let line = asking.next().await?;
            Some((line, asking))
        })
    }

    async fn ask(
        &self,
        (query, whom): (Arc<Query>, &For),
        notes: Vec<Finding>,
        progress: Option<Teller>,
        span: Span,
    ) -> Result<QueryResult, Refusal> {
        let asked = span.cover(self.node.ask_query(query, whom, progress)).await;
        match asked {
            Ok(result) => {
                let result = QueryResult { notes, ..result };
                self.metrics.question(&result);
                span.answered(&result);
                Ok(result)
            }
            Err(refused) => {
                let refusal = Refusal::from(refused);
                span.ended(refusal.kind());
                Err(refusal)
            }
        }
    }
}

fn stops() -> Refusal {
    Refusal::new(ProblemType::Unavailable, "this node stops; ask again")
}

fn as_many_as_may_be() -> Refusal {
    Refusal::new(ProblemType::Unavailable, "as many questions as this node takes at once are on their way; try again")
}

/// A question on its way, as a stream.
struct Asking {
    listener: Listener,
    /// The question itself, until it has its result. It ends with this.
    asking: JoinSet<Result<QueryResult, Refusal>>,
    stops: BoxFuture<'static, ()>,
    last: Option<StreamLine>,
    _permit: OwnedSemaphorePermit,
}

impl Asking {
    /// The next line: progress as it comes, and last the result, or that there is none since the node stops.
    async fn next(&mut self) -> Option<StreamLine> {
        if !self.asking.is_empty() {
            tokio::select! {
                biased;
                () = &mut self.stops => {
                    self.asking = JoinSet::new();
                    self.last = Some(StreamLine::Incomplete { problem: stops().problem() });
                }
                line = self.listener.next() => return Some(line),
                Some(result) = self.asking.join_next() => {
                    self.last = Some(match result.unwrap_or_else(|error| Err(Refusal::internal(&error))) {
                        Ok(result) => StreamLine::Result(Box::new(result)),
                        Err(refusal) => StreamLine::Incomplete { problem: refusal.problem() },
                    });
                }
            }
        }
        if let Some(line) = self.listener.waiting() {
            return Some(line);
        }
        self.last.take()
    }
}
