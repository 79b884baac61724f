//! What happens at this node, as one of the partner's own systems may hear of it: in pages, as a stream, and by webhooks.

mod cursor;
mod item;

use polder_exchange::events::EVENT_DAYS;
use polder_model::Kind;
use polder_model::event::EventType;
use polder_model::problem::ProblemType;
use polder_store::Store;
use polder_store::events::{FeedRow, Happened};

use crate::client::auth::Caller;
use crate::client::scope::Scope;
use crate::refusal::Refusal;
pub(crate) use cursor::Cursor;
pub(crate) use item::Item;

/// Some of what happened, in order.
pub(crate) struct Page {
    /// What the reader may hear of.
    pub items: Vec<Item>,
    /// What comes after all that was looked at.
    pub next: Cursor,
    /// Whether more has happened by now.
    pub more: bool,
}

/// What happened after a cursor, of at most so much that is looked at.
pub(crate) async fn page(store: &Store, caller: &Caller, after: Cursor, limit: u32) -> Result<Page, Refusal> {
    // What the cursor names is read with what comes after it, as of one moment.
    let mut found = store.feed(after.change().saturating_sub(1), limit.saturating_add(1)).await?;
    if after.change() > 0 {
        let is_named = found.first().is_some_and(|first| first.change == after.change());
        if is_named && Cursor::of(&found.remove(0)) != after {
            return Err(lost());
        }
        let forgotten = store.events_forgotten().await?;
        // Changes of offers are kept for good: whoever follows them alone has missed nothing.
        if after.change() < forgotten && sees_more_than_offers(caller) {
            return Err(too_old());
        }
        if !is_named && after.change() > forgotten {
            return Err(lost());
        }
    }
    found.truncate(limit as usize);
    let next = found.last().map_or(after, Cursor::of);
    let more = store.feed_end().await? > next.change();
    let items = found.iter().filter(|row| sees(caller, row)).map(Item::of).collect();
    Ok(Page { items, next, more })
}

/// Whether somebody may hear of something: they have the scope by which it can be read, and act for the organisation that it is of.
pub(crate) fn sees(caller: &Caller, row: &FeedRow) -> bool {
    match &row.is {
        Happened::Offer { kind, .. } => caller.may(Scope::Read(*kind)) && caller.follows().includes(&row.organisation),
        Happened::Event { is, client, .. } => match is {
            EventType::OfferChanged => false,
            EventType::ApplicationReceived | EventType::ApplicationEnded => {
                caller.may(Scope::ReadApplications) && caller.follows().includes(&row.organisation)
            }
            EventType::ErasureDue | EventType::SearchMatched => {
                scopes(*is).into_iter().any(|scope| caller.may(scope)) && caller.client().is_ok_and(|own| own == client)
            }
        },
    }
}

/// The scopes by which somebody may hear of events of a type; one is enough.
pub(crate) fn scopes(event: EventType) -> Vec<Scope> {
    match event {
        EventType::OfferChanged => Kind::ALL.into_iter().map(Scope::Read).collect(),
        EventType::ApplicationReceived | EventType::ApplicationEnded => vec![Scope::ReadApplications],
        EventType::ErasureDue => Scope::Erase.one_of(),
        EventType::SearchMatched => vec![Scope::Searches],
    }
}

fn sees_more_than_offers(caller: &Caller) -> bool {
    EventType::ALL.into_iter().filter(|event| *event != EventType::OfferChanged).flat_map(scopes).any(|scope| caller.may(scope))
}

fn lost() -> Refusal {
    let detail = "this node no longer knows the change that the cursor names: its database was restored from a backup, and gives numbers a second \
                  time. Forget what you have of this node, and begin anew without `cursor`";
    Refusal::new(ProblemType::CursorLost, detail)
}

fn too_old() -> Refusal {
    let detail = format!(
        "events are kept for {EVENT_DAYS} days, and some after this cursor are gone: begin anew without `cursor`, and list what there is now of \
         offers, applications and erasures"
    );
    Refusal::new(ProblemType::CursorLost, detail)
}

/// The cursor of what comes after a change, by its number.
pub(crate) async fn cursor_at(store: &Store, change: u64) -> Result<Cursor, Refusal> {
    if change == 0 {
        return Ok(Cursor::START);
    }
    let named = store.feed(change - 1, 1).await?.into_iter().next().filter(|named| named.change == change);
    named.map(|named| Cursor::of(&named)).ok_or_else(|| Refusal::internal(&"a change without a row"))
}
