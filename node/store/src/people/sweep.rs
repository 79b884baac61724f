//! What is kept for a time and then deleted, some of it at a time: nothing waits long for the one writer.

use polder_model::Timestamp;

use super::requests::{DAY_SECONDS, KEPT_DAYS};
use super::settle::GONE_SECONDS;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::statement::Value;

/// Rows of one table that one transaction deletes.
pub(super) const AT_ONCE: i64 = 1_000;

/// What is old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Old {
    /// Questions that were asked for workers, and what they brought along, from before this.
    pub ledger_before: Timestamp,
    /// Tombstones that were acknowledged before this; what was ended, corrected and erased of others' people before this; and what nobody has acknowledged
    /// since then of people who are nobody here: copies of them may be used no longer.
    pub remembered_before: Timestamp,
    /// The present instant: what partners may learn and ask in a day is forgotten two days later, requests 400, and views that nobody may see any more
    /// when every replica knows.
    pub now: Timestamp,
}

impl Store {
    /// Deletes some of what is old. How many rows; to be called again until there are none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep_old(&self, old: Old) -> Result<u64, StoreError> {
        self.people(old).await
    }
}

impl Work for Old {
    type Told = u64;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<u64, StoreError> {
        let (ledger, remembered) = (self.ledger_before.micros(), self.remembered_before.micros());
        // A replica whose clock is behind may still count on the day before.
        let day = i64::from(self.now.date().days()) - 1;
        let mut deleted = delete(desk, "asked", "worker, at, query", "at < $1", ledger.into()).await?;
        deleted += delete(desk, "applications_sent", "id", "at < $1", ledger.into()).await?;
        deleted += delete(desk, "histories", "export", "at < $1", ledger.into()).await?;
        let ledger_day = i64::from(self.ledger_before.date().days());
        deleted += delete(desk, "erased_from_ledger", "recipient, first_day, last_day", "last_day < $1", ledger_day.into()).await?;
        deleted += delete(desk, "tombstones", "id", "done AND acknowledged_at < $1", remembered.into()).await?;
        deleted += delete(desk, "tombstones", "id", "worker = id AND at < $1", remembered.into()).await?;
        deleted += delete(desk, "ended", "source, handle, purpose", "at < $1", remembered.into()).await?;
        deleted += delete(desk, "corrected", "disclosure", "at < $1", remembered.into()).await?;
        deleted += delete(desk, "erasures", "number", "done AND retained_until = 0 AND at < $1", remembered.into()).await?;
        let requests = self.now.plus_seconds(-KEPT_DAYS * DAY_SECONDS).micros();
        deleted += delete(desk, "requests", "id", "at < $1", requests.into()).await?;
        deleted += delete(desk, "requests_made", "id", "at < $1", requests.into()).await?;
        // The time of a row is the day on which it went.
        let gone = self.now.plus_seconds(-GONE_SECONDS).date().start().micros();
        deleted += delete(desk, "views", "id", "deleted AND modified_at < $1", gone.into()).await?;
        deleted += delete(desk, "budgets", "recipient, day", "day < $1", day.into()).await?;
        deleted += delete(desk, "requests_of_day", "asker, day", "day < $1", day.into()).await?;
        let unused = "seen_at < $1 AND NOT EXISTS (SELECT 1 FROM workers WHERE workers.offer = accounts.offer)";
        deleted += delete(desk, "accounts", "login", unused, remembered.into()).await?;
        deleted += delete(desk, "sessions", "id", "until <= $1", self.now.micros().into()).await?;
        deleted += delete(desk, "saved_searches", "id", "used_at < $1", remembered.into()).await?;
        let gone = "at <= $1 AND NOT EXISTS (SELECT 1 FROM saved_searches WHERE saved_searches.id = saved_found.search)";
        deleted += delete(desk, "saved_found", "search, found", gone, self.now.micros().into()).await?;
        deleted += delete(desk, "farewells", "name", "until <= $1", self.now.micros().into()).await?;
        deleted += delete(desk, "sealed_pages", "name", "until <= $1", self.now.micros().into()).await?;
        deleted += delete(desk, "invitations", "code", "until <= $1", self.now.micros().into()).await?;
        Ok(deleted)
    }
}

async fn delete(desk: &mut Desk<'_, '_>, table: &str, key: &str, is_old: &str, bound: Value<'_>) -> Result<u64, StoreError> {
    let sql = format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {is_old} LIMIT $2)");
    desk.transaction.run(sql, &[bound, AT_ONCE.into()]).await
}
