//! Traces: what a node did for one question or one publication, part by part, for the operator's own collector.
//!
//! What may be told is bounded by types. Parts and outcomes are closed lists; a value is a number, a word of ours, a partner, a kind or a random
//! id. Nothing here takes a text, so no criterion, key of an offer, address or token comes into a trace (`docs/traces.md`).
//!
//! The span in which a task works is the current one of its `opentelemetry::Context`: [`Span::cover`] makes it so, [`Traces::part`] begins a part
//! of it, and [`traceparent`] names it to another node.

mod parent;
mod told;

use std::sync::Arc;
use std::time::Instant;

use opentelemetry::Context;
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{FutureExt, Link, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer};
use polder_model::PartnerId;
use polder_model::answer::QueryResult;
use tracing::Instrument;

pub use parent::{Parent, below, called_in, chain, in_a_chain, in_a_transaction, noting_transaction, traceparent};
pub use told::{Outcome, Told, coarse};

/// The parts of which traces are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A question of this partner's own client, from its headers to its result.
    Query,
    /// Asking one partner, this node itself among them.
    AskPartner,
    /// From the first document that is fetched to the end of the question.
    Documents,
    /// Fetching documents from one partner.
    FetchDocuments,
    /// Answering the query of a partner.
    Answer,
    /// Giving documents to a partner.
    GiveDocuments,
    /// Searching the index, once there is a place to do it.
    Search,
    /// Publishing one offer.
    Publish,
    /// Taking in one part of an import.
    ImportPart,
    /// Writing offers to the database and taking them into the index.
    Store,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::AskPartner => "ask partner",
            Self::Documents => "documents",
            Self::FetchDocuments => "fetch documents",
            Self::Answer => "answer",
            Self::GiveDocuments => "give documents",
            Self::Search => "search",
            Self::Publish => "publish",
            Self::ImportPart => "import part",
            Self::Store => "store",
        }
    }

    const fn kind(self) -> SpanKind {
        match self {
            Self::Query | Self::Answer | Self::GiveDocuments | Self::Publish | Self::ImportPart => SpanKind::Server,
            Self::AskPartner | Self::FetchDocuments => SpanKind::Client,
            Self::Documents | Self::Search | Self::Store => SpanKind::Internal,
        }
    }
}

/// Who has a trace made. Whoever decides what is recorded finds it in the context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A question of this partner's own client.
    Question,
    /// Offers of this partner's own client.
    Offers,
    /// A call of that partner.
    Partner(PartnerId),
}

/// Where traces go; nowhere unless a tracer is given, and then nothing is done for them.
#[derive(Clone, Debug, Default)]
pub struct Traces(Option<Arc<BoxedTracer>>);

impl Traces {
    /// Traces that go to this tracer.
    #[must_use]
    pub fn to(tracer: BoxedTracer) -> Self {
        Self(Some(Arc::new(tracer)))
    }

    /// Begins what this node does for someone: below the span that they named, or as a trace of its own. A question always is a trace of its own, with
    /// a link to the span that its client named: the partners that are asked see the trace, and one that a client uses again would tell them which
    /// questions are of the same one.
    pub fn begin(&self, part: Part, origin: impl FnOnce() -> Origin, named: Option<Parent>) -> Span {
        let Some(tracer) = &self.0 else { return Span(None) };
        let origin = origin();
        let (below, linked) = if origin == Origin::Question { (None, named) } else { (named, None) };
        let context = Context::new().with_value(origin);
        let context = match below {
            Some(parent) => context.with_remote_span_context(parent.context()),
            None => context,
        };
        let links = linked.map(|client| Link::with_context(client.context()));
        Span::start(tracer, part, &context, links.into_iter().collect(), true)
    }

    /// Begins a part of the current span; nothing where there is none.
    pub fn part(&self, part: Part) -> Span {
        match &self.0 {
            Some(tracer) => Context::map_current(|current| {
                if current.has_active_span() { Span::start(tracer, part, current, Vec::new(), false) } else { Span(None) }
            }),
            None => Span(None),
        }
    }

    /// Begins a part of that span.
    pub fn part_of(&self, whole: &Span, part: Part) -> Span {
        match (&self.0, &whole.0) {
            (Some(tracer), Some(whole)) => Span::start(tracer, part, &whole.context, Vec::new(), false),
            _ => Span(None),
        }
    }
}

/// A part of a trace on its way. Dropped without an outcome, nobody waited for it any longer.
#[derive(Debug)]
#[must_use]
pub struct Span(Option<Active>);

#[derive(Debug)]
struct Active {
    context: Context,
    /// The first of its trace at this node.
    first: bool,
    until: Option<Instant>,
    ended: bool,
}

impl Span {
    fn start(tracer: &BoxedTracer, part: Part, context: &Context, links: Vec<Link>, first: bool) -> Self {
        let builder = SpanBuilder::from_name(part.name()).with_kind(part.kind()).with_links(links);
        let span = tracer.build_with_context(builder, context);
        Self(Some(Active { context: context.with_span(span), first, until: None, ended: false }))
    }

    /// The same; dropped without an outcome after that, it was slow.
    pub fn slow_after(mut self, until: Instant) -> Self {
        if let Some(active) = &mut self.0 {
            active.until = Some(until);
        }
        self
    }

    /// Tells something about it.
    pub fn say(&self, name: &'static str, value: impl Told) {
        if let Some(active) = &self.0 {
            active.context.span().set_attribute(opentelemetry::KeyValue::new(name, value.told()));
        }
    }

    /// Tells which query it is about. Whatever is no UUID is not told: peers choose it.
    pub fn query(&self, id: &str) {
        if let Ok(id) = uuid::Uuid::try_parse(id) {
            self.say("polder.query", id);
        }
    }

    /// Carries work out within it: spans and calls to other nodes are below it, and lines of the log carry its trace.
    pub async fn cover<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            None => work.await,
            Some(active) if active.first => {
                let trace_id = active.context.span().span_context().trace_id();
                // At the level of the gravest lines: whichever of them are written carry it.
                let log = tracing::error_span!("trace", %trace_id);
                work.with_context(active.context.clone()).instrument(log).await
            }
            Some(active) => work.with_context(active.context.clone()).await,
        }
    }

    /// Ends it.
    pub fn ended(mut self, outcome: impl Into<Outcome>) {
        self.end(outcome.into());
    }

    /// Ends it with what came of a question.
    pub fn answered(self, result: &QueryResult) {
        self.query(&result.query.id);
        self.say("polder.kind", result.query.kind);
        self.say("polder.partners", result.answered.len() + result.missing.len());
        self.say("polder.missing", result.missing.len());
        self.say("polder.hits", coarse(result.hits.len()));
        self.ended(Outcome::done(if result.complete { "complete" } else { "incomplete" }));
    }

    fn end(&mut self, outcome: Outcome) {
        self.say("polder.outcome", outcome.word());
        let Some(active) = &mut self.0 else { return };
        let span = active.context.span();
        if outcome.failed() {
            span.set_status(Status::error(outcome.word()));
        }
        span.end();
        active.ended = true;
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        let Some(active) = self.0.as_ref().filter(|active| !active.ended) else { return };
        let slow = active.until.is_some_and(|until| Instant::now() >= until);
        self.end(Outcome::failure(if slow { "slow" } else { "abandoned" }));
    }
}
