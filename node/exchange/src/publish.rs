//! Publishing: an offer goes through its checks, into the store and so into the index.

use std::collections::VecDeque;
use std::sync::Arc;

use futures::future::OptionFuture;
use futures::stream::{BoxStream, Stream, StreamExt};
use polder_model::offer;
use polder_model::offer::ParsedOffer;
use polder_model::reference::Reference;
use polder_model::{Finding, FindingCode, Kind, OfferKey, PartnerId, Timestamp, link};
use polder_store::{ActsFor, Deleted, Precondition, Put, Queued, StoreError, Stored, Trial};
use polder_trust::register::Member;

use crate::node::Node;
use crate::organisations;
use crate::traces::{Outcome, Part, Span};

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

/// What a client is told that would replace an offer of an organisation for which it does not act.
pub const KEY_TAKEN: &str = "this key is taken by an offer of another organisation, for which this client does not act; choose another key";

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

/// Most offers that are checked as one piece of many, and most bytes of their documents, but for those of the last one.
const PIECE: usize = 125;
const PIECE_BYTES: usize = 512 * 1024;
/// Most pieces that wait for the store: those of one transaction, and those of the next.
const WAITING: usize = 16;

/// What offers are checked against, beside their schema and rules.
#[derive(Clone)]
struct Against {
    reference: Arc<Reference>,
    /// This partner's entry in the register.
    own: Option<Arc<Member>>,
    partner: PartnerId,
    acts_for: ActsFor,
    now: Timestamp,
}

/// An offer that passed its checks: what is stored, and the notes of it.
type Checked = Result<(Put, Vec<Finding>), PublishRefused>;
/// What became of each offer of a piece.
type Verdicts = Vec<Result<Published, PublishRefused>>;

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
        self.publish_for(ActsFor::Everyone, Publication { kind, key, document: Arc::from(document), precondition }).await
    }

    /// The same, by somebody who acts for these organisations alone.
    ///
    /// # Errors
    /// [`PublishRefused`], and then nothing was stored.
    pub async fn publish_for(&self, acts_for: ActsFor, publication: Publication) -> Result<Published, PublishRefused> {
        let (put, notes) = check(publication, &self.against(acts_for))?;
        let span = self.traces().part(Part::Store);
        let stored = self.store().put_offer(put).await;
        span.ended(if stored.is_ok() { Outcome::done("stored") } else { Outcome::failure("not-stored") });
        Ok(Published { stored: stored?, notes })
    }

    /// What [`Node::publish_for`] would come to at this moment. Nothing is stored.
    ///
    /// # Errors
    /// [`PublishRefused`], as that would give.
    pub async fn try_publish_for(&self, acts_for: ActsFor, publication: Publication) -> Result<Published, PublishRefused> {
        let (put, notes) = check(publication, &self.against(acts_for))?;
        let stored = self.store().trial().await?.put(vec![put]).await?.pop();
        Ok(Published { stored: stored.unwrap_or(Err(StoreError::Busy))?, notes })
    }

    /// Puts an offer into the sandbox of a client, which nobody else reads and nobody is answered from, after the checks of [`Node::publish_for`].
    ///
    /// # Errors
    /// As there.
    pub async fn publish_in_sandbox(&self, client: &str, acts_for: ActsFor, publication: Publication) -> Result<Published, PublishRefused> {
        let (put, notes) = check(publication, &self.against(acts_for))?;
        Ok(Published { stored: self.store().put_in_sandbox(client, put).await?, notes })
    }

    /// Tries pieces of offers one after the other, by somebody who acts for these organisations.
    pub(crate) async fn trying(&self, acts_for: ActsFor) -> Result<Trying, StoreError> {
        Ok(Trying { against: self.against(acts_for), trial: self.store().trial().await? })
    }

    /// Stores many offers and makes them searchable: a verdict for each, in their order, as [`Node::publish`] one after the other would give.
    /// One that is refused spoils no other. They are checked by all processors, and written together.
    ///
    /// Whoever stops waiting may have some of them stored: putting them again does no harm.
    pub async fn publish_many(&self, publications: Vec<Publication>) -> Vec<Result<Published, PublishRefused>> {
        self.publish_many_for(ActsFor::Everyone, publications).await
    }

    /// The same, by somebody who acts for these organisations alone.
    pub(crate) async fn publish_many_for(
        &self,
        acts_for: ActsFor,
        publications: Vec<Publication>,
    ) -> Vec<Result<Published, PublishRefused>> {
        let mut verdicts = Vec::with_capacity(publications.len());
        let mut publications = publications.into_iter().peekable();
        let pieces = std::iter::from_fn(move || {
            let mut bytes = 0;
            let next = || publications.next_if(|_| bytes < PIECE_BYTES).inspect(|one| bytes += one.document.len());
            let piece: Vec<Publication> = std::iter::from_fn(next).take(PIECE).collect();
            (!piece.is_empty()).then_some((piece, ()))
        });
        let mut publishing = self.publishing(acts_for, futures::stream::iter(pieces));
        while let Some((done, ())) = publishing.next().await {
            verdicts.extend(done);
        }
        verdicts
    }

    /// Stores pieces of offers and makes them searchable, in their order. Each has something of the caller's with it.
    pub(crate) fn publishing<'n, T: Send + 'n>(
        &'n self,
        acts_for: ActsFor,
        pieces: impl Stream<Item = (Vec<Publication>, T)> + Send + 'n,
    ) -> Publishing<'n, T> {
        let against = self.against(acts_for);
        let check = move |(piece, with)| {
            let checked = check_piece(piece, against.clone());
            async move { (checked.await, with) }
        };
        // While some are written, the next ones are checked.
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Publishing { node: self, checked: pieces.map(check).buffered(processors).boxed(), more: true, waiting: VecDeque::new() }
    }

    /// What would become of an offer that is published under a key: its notes, or why it would be refused. Nothing is stored.
    ///
    /// # Errors
    /// [`PublishRefused::Invalid`].
    pub fn would_publish(&self, kind: Kind, key: OfferKey, document: &[u8]) -> Result<Vec<Finding>, PublishRefused> {
        let publication = Publication { kind, key, document: Arc::from(document), precondition: Precondition::None };
        check(publication, &self.against(ActsFor::Everyone)).map(|(_, notes)| notes)
    }

    fn against(&self, acts_for: ActsFor) -> Against {
        let partner = self.home().partner.clone();
        let own = self.register().member(&partner).cloned();
        Against { reference: self.reference(), own, partner, acts_for, now: self.now() }
    }

    /// Deletes an offer; it can be found no more when this returns. With a skill offer everything ends that its worker lets be seen, and nothing of it is
    /// on its way any more then.
    ///
    /// # Errors
    /// When the precondition does not hold or the store cannot.
    pub async fn delete(&self, kind: Kind, key: &OfferKey, precondition: Precondition) -> Result<Deleted, StoreError> {
        self.delete_for(ActsFor::Everyone, kind, key, precondition).await
    }

    /// The same, by somebody who acts for these organisations alone: an offer of another is as if it were not there.
    ///
    /// # Errors
    /// As [`Node::delete`].
    pub async fn delete_for(
        &self,
        acts_for: ActsFor,
        kind: Kind,
        key: &OfferKey,
        precondition: Precondition,
    ) -> Result<Deleted, StoreError> {
        let at = self.now();
        let worker = if kind.is_personal() { self.store().reader().worker_of_offer(key).await? } else { None };
        let deleted = self.store().delete_offer_of(kind, key, precondition, acts_for, at).await?;
        if let Some(worker) = worker {
            self.is_over(worker, at).await;
        }
        Ok(deleted)
    }
}

/// Pieces of offers on their way: checked by all processors, stored in their order, several at a time.
pub(crate) struct Publishing<'n, T> {
    node: &'n Node,
    checked: BoxStream<'n, (Vec<Checked>, T)>,
    /// Whether there may be more to check.
    more: bool,
    waiting: VecDeque<Waiting<T>>,
}

/// A piece that the store has in its queue.
struct Waiting<T> {
    stored: Queued<Vec<Result<Stored, StoreError>>>,
    /// The notes of each offer that is to be stored.
    checked: Vec<Result<Vec<Finding>, PublishRefused>>,
    with: T,
    span: Span,
}

impl<T> Publishing<'_, T> {
    /// What became of the next piece.
    pub(crate) async fn next(&mut self) -> Option<(Verdicts, T)> {
        loop {
            let room = self.more && self.waiting.len() < WAITING;
            // None waits: at the end there is nothing more; before, there is room.
            let wait = !room || !self.waiting.is_empty();
            let first = OptionFuture::from(self.waiting.front_mut().map(|waiting| &mut waiting.stored));
            tokio::select! {
                biased;
                checked = self.checked.next(), if room => match checked {
                    Some((piece, with)) => self.queue(piece, with).await,
                    None => self.more = false,
                },
                stored = first, if wait => {
                    let Waiting { checked, with, span, .. } = self.waiting.pop_front()?;
                    let stored = stored?;
                    let all = stored.as_ref().is_ok_and(|stored| stored.iter().all(Result::is_ok));
                    span.ended(if all { Outcome::done("stored") } else { Outcome::failure("not-all-stored") });
                    return Some((verdicts(checked, stored), with));
                }
            }
        }
    }

    async fn queue(&mut self, piece: Vec<Checked>, with: T) {
        let mut puts = Vec::with_capacity(piece.len());
        let mut keep = |(put, notes)| {
            puts.push(put);
            notes
        };
        let checked = piece.into_iter().map(|checked| checked.map(&mut keep)).collect();
        let span = self.node.traces().part(Part::Store);
        span.say("polder.offers", puts.len());
        self.waiting.push_back(Waiting { stored: self.node.store().queue_offers(puts).await, checked, with, span });
    }
}

/// Pieces of offers that are tried: what would become of each, after those before it.
pub(crate) struct Trying {
    against: Against,
    trial: Trial,
}

impl Trying {
    /// What would become of the next piece.
    pub(crate) async fn next(&mut self, piece: Vec<Publication>) -> Verdicts {
        let mut puts = Vec::with_capacity(piece.len());
        let mut keep = |(put, notes)| {
            puts.push(put);
            notes
        };
        let checked = check_piece(piece, self.against.clone()).await.into_iter().map(|checked| checked.map(&mut keep)).collect();
        let tried = self.trial.put(puts).await;
        verdicts(checked, tried)
    }
}

/// What became of the offers of a piece: those that passed were stored, or were not.
fn verdicts(checked: Vec<Result<Vec<Finding>, PublishRefused>>, stored: Result<Vec<Result<Stored, StoreError>>, StoreError>) -> Verdicts {
    let failed = stored.as_ref().err().cloned().unwrap_or(StoreError::Busy);
    let mut stored = stored.unwrap_or_default().into_iter();
    let mut verdict = |notes| Ok(Published { stored: stored.next().unwrap_or_else(|| Err(failed.clone()))?, notes });
    checked.into_iter().map(|checked| checked.and_then(&mut verdict)).collect()
}

/// Checks some offers on a thread where that holds nobody up.
async fn check_piece(piece: Vec<Publication>, against: Against) -> Vec<Checked> {
    let count = piece.len();
    let checked = tokio::task::spawn_blocking(move || piece.into_iter().map(|publication| check(publication, &against)).collect());
    // Given up by a runtime that ends, or by a check that failed itself: nothing of it is stored.
    checked.await.unwrap_or_else(|_| (0..count).map(|_| Err(StoreError::Busy.into())).collect())
}

fn check(publication: Publication, against: &Against) -> Checked {
    let Publication { kind, key, document, precondition } = publication;
    if kind.is_personal() && offer::may_hold_bsn(key.as_str()) {
        let message = "the key may be a citizen service number (BSN); give the offer another key";
        return Err(PublishRefused::Invalid(vec![Finding::new("", FindingCode::NotAllowed, message)]));
    }
    let parsed = offer::parse(kind, &document).map_err(PublishRefused::Invalid)?;
    if let Some(finding) = against.own.as_deref().and_then(|own| leads_elsewhere(&parsed, own)) {
        return Err(PublishRefused::Invalid(vec![finding]));
    }
    let organisation = organisations::of(&parsed.offer, &against.partner);
    if !against.acts_for.includes(&organisation) {
        return Err(PublishRefused::Invalid(vec![another_organisation(kind)]));
    }
    let features = Some(Arc::new(parsed.features()));
    let (acts_for, now) = (against.acts_for.clone(), against.now);
    Ok((Put { kind, key, document, features, precondition, organisation, acts_for, now }, parsed.notes(&against.reference, now.date())))
}

/// Whoever publishes an offer does not act for the organisation that it names.
fn another_organisation(kind: Kind) -> Finding {
    let at = if kind == Kind::Training { "/provider/kvk" } else { "/employer/kvk" };
    let message = "the client does not act for this organisation (without a number the offer is of the partner itself); whoever registers clients at this node says for \
        whom each acts";
    Finding::new(at, FindingCode::AnotherOrganisation, message)
}

/// A link to a host that the register does not name for its partner, where it names any.
fn leads_elsewhere(parsed: &ParsedOffer, own: &Member) -> Option<Finding> {
    let (pointer, link) = parsed.offer.link()?;
    let host = link::host_of(link).ok()?;
    if own.link_hosts.is_empty() || own.has_link_host(&host) {
        return None;
    }
    let hosts: Vec<&str> = own.link_hosts.iter().map(link::Host::as_str).collect();
    let message = format!(
        "this leads to a host that the register does not name for this partner; it names {} and what lies below. Link there, or have a \
         registrar name the other host too (polder register link-hosts)",
        hosts.join(", ")
    );
    Some(Finding::new(pointer, FindingCode::AnotherHost, message))
}
