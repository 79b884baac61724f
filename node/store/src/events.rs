//! The feed: what happened to offers, and everything else that systems of this partner are told of, in one sequence.
//!
//! Numbers come from the one counter, in the transaction of what happened: whoever has read up to one has missed nothing before it. Changes of offers are kept
//! for good; the other events for a while ([`Store::forget_events`]).

use polder_model::event::EventType;
use polder_model::{Kind, OfferKey, Timestamp};

use crate::engine::Transaction;
use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::read::{LATEST, MOST_ROWS};
use crate::row::{self, Cells};
use crate::statement::Row;
use crate::{random, rows};

/// Most events that are forgotten in one transaction.
const FORGOTTEN_AT_ONCE: i64 = 1_000;

/// Something that happened, as it is noted with the transaction that does it.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent {
    /// What.
    pub is: EventType,
    /// Who alone is told; empty: each that may.
    pub client: String,
    /// The vacancy that it is about; empty where it is about none.
    pub vacancy: String,
    /// By which it can be read: a number, the id of a request, or of a search with what it found (JSON).
    pub subject: String,
    /// When.
    pub at: Timestamp,
}

/// A row of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Its number, which rises.
    pub change: u64,
    /// When.
    pub at: Timestamp,
    /// For which organisation the offer that it is about is or was published; `?` where it is about none, or that is not known.
    pub organisation: String,
    /// What happened.
    pub is: Happened,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// An offer was put or deleted.
    Offer {
        /// Of which kind.
        kind: Kind,
        /// Its key.
        key: OfferKey,
        /// The version that it has now.
        version: u64,
        /// Whether it was deleted.
        deleted: bool,
    },
    /// Something else.
    Event {
        /// What.
        is: EventType,
        /// By which it is known again that it is this event: 16 hexadecimal digits.
        word: String,
        /// Who alone is told; empty: each that may.
        client: String,
        /// The vacancy that it is about.
        vacancy: Option<OfferKey>,
        /// By which it can be read: a number, the id of a request, or of a search with what it found (JSON).
        subject: String,
    },
}

impl FeedRow {
    /// Of which type it is.
    #[must_use]
    pub fn event_type(&self) -> EventType {
        match &self.is {
            Happened::Offer { .. } => EventType::OfferChanged,
            Happened::Event { is, .. } => *is,
        }
    }
}

/// One statement, so that both tables are read as of one moment.
const FEED: &str =
    "SELECT feed.change, feed.type, feed.kind, feed.key, feed.version, feed.deleted, feed.at, feed.word, feed.client, feed.subject,
    COALESCE(offers.organisation, '?') FROM (
        SELECT * FROM (SELECT change, '' AS type, kind, key, version, deleted, at, '' AS word, '' AS client, '' AS subject
            FROM changes WHERE change > $1 ORDER BY change LIMIT $2) AS of_offers
        UNION ALL
        SELECT * FROM (SELECT change, type, kind, key, 0 AS version, FALSE AS deleted, at, word, client, subject
            FROM events WHERE change > $1 ORDER BY change LIMIT $2) AS others
    ) AS feed LEFT JOIN offers ON offers.kind = feed.kind AND offers.key = feed.key ORDER BY feed.change LIMIT $2";

fn feed_row(row: &Row) -> Result<FeedRow, StoreError> {
    let is = match row.text(1)? {
        "" => {
            Happened::Offer { kind: row::kind(row, 2)?, key: row::key(row, 3)?, version: row::counter(row, 4)?, deleted: row.boolean(5)? }
        }
        name => Happened::Event {
            is: name.parse().map_err(|_| StoreError::Damaged("an event that is none"))?,
            word: row.text(7)?.to_owned(),
            client: row.text(8)?.to_owned(),
            vacancy: if row.text(3)?.is_empty() { None } else { Some(row::key(row, 3)?) },
            subject: row.text(9)?.to_owned(),
        },
    };
    Ok(FeedRow { change: row::counter(row, 0)?, at: Timestamp::from_micros(row.integer(6)?), organisation: row.text(10)?.to_owned(), is })
}

impl Store {
    /// What happened after that number, in order; at most `limit`, at most [`MOST_ROWS`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feed(&self, after: u64, limit: u32) -> Result<Vec<FeedRow>, StoreError> {
        let (after, most) = (i64::try_from(after).unwrap_or(i64::MAX), i64::from(limit.min(MOST_ROWS)));
        self.readers.read(FEED, &[after.into(), most.into()]).await?.iter().map(feed_row).collect()
    }

    /// The number of the latest that happened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feed_end(&self) -> Result<u64, StoreError> {
        self.readers.read(LATEST, &[]).await?.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// The number of the latest event that is kept no more; 0 where all are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn events_forgotten(&self) -> Result<u64, StoreError> {
        let rows = self.readers.read("SELECT events_forgotten FROM counter WHERE id = 1", &[]).await?;
        rows.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// Forgets some of the events of before an instant; changes of offers stay. Whether there are more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_events(&self, before: Timestamp) -> Result<bool, StoreError> {
        self.people(Forget { before }).await
    }
}

/// Writes events, numbered after that one.
pub(crate) async fn write(transaction: &mut Transaction<'_>, after: u64, events: &[NewEvent]) -> Result<(), StoreError> {
    let sql = "INSERT INTO events (change, type, word, client, kind, key, subject, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    for (change, event) in (after + 1..).zip(events) {
        let word = hex::encode(random::bytes::<8>()?);
        let kind = if event.vacancy.is_empty() { "" } else { Kind::Vacancy.as_str() };
        let values = [
            rows::number(change)?.into(),
            event.is.as_str().into(),
            (&word).into(),
            (&event.client).into(),
            kind.into(),
            (&event.vacancy).into(),
            (&event.subject).into(),
            event.at.micros().into(),
        ];
        transaction.run(sql, &values).await?;
    }
    Ok(())
}

struct Forget {
    before: Timestamp,
}

impl Work for Forget {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let sql = "SELECT change FROM events WHERE at < $1 ORDER BY change LIMIT $2";
        let old = desk.transaction.read(sql, &[self.before.micros().into(), FORGOTTEN_AT_ONCE.into()]).await?;
        let Some(last) = old.last() else { return Ok(false) };
        let last = last.integer(0)?;
        desk.transaction.run("DELETE FROM events WHERE change <= $1", &[last.into()]).await?;
        desk.transaction.run("UPDATE counter SET events_forgotten = $1 WHERE id = 1 AND events_forgotten < $1", &[last.into()]).await?;
        Ok(old.len() as i64 >= FORGOTTEN_AT_ONCE)
    }
}
