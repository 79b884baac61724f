//! Reading. Readers never wait for the writer, and see committed state only.

use futures::TryStreamExt;
use polder_model::{Kind, OfferKey};
use sqlx::AssertSqlSafe;

use crate::engine::{Connection, Readers, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, OFFER, VIEW};
use crate::statement;
use crate::told::Latest;
use crate::types::{ActsFor, Change, ChangeRow, StoredOffer};

/// Most rows of one page.
pub const MOST_ROWS: u32 = 1_000;

/// Offers that are read at once to be looked at.
const PIECE: u32 = 200;

impl Store {
    /// One offer, unless it is deleted or was never there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offer(&self, kind: Kind, key: &OfferKey) -> Result<Option<StoredOffer>, StoreError> {
        let sql = format!("SELECT {OFFER} FROM offers WHERE kind = $1 AND key = $2 AND NOT deleted");
        either!(&self.readers, Readers, |pool| {
            let query = sqlx::query(AssertSqlSafe(sql)).bind(kind.as_str()).bind(key.as_str());
            query.fetch_optional(pool).await?.as_ref().map(row::offer).transpose()
        })
    }

    /// Those of these offers that are there, in any order, all as of one moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offers(&self, kind: Kind, keys: &[OfferKey]) -> Result<Vec<StoredOffer>, StoreError> {
        let sql = format!("SELECT {OFFER} FROM offers WHERE kind = $1 AND key = $2 AND NOT deleted");
        let mut found = Vec::with_capacity(keys.len());
        either!(&self.readers, Readers, |pool| {
            let mut transaction = pool.begin().await?;
            for key in keys {
                let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(kind.as_str()).bind(key.as_str());
                if let Some(row) = query.fetch_optional(&mut *transaction).await? {
                    found.push(row::offer(&row)?);
                }
            }
        });
        Ok(found)
    }

    /// The offers of a kind in the order of their keys, after that key; at most `limit`, at most [`MOST_ROWS`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list_offers(&self, kind: Kind, after: Option<&OfferKey>, limit: u32) -> Result<Vec<StoredOffer>, StoreError> {
        let sql = format!("SELECT {OFFER} FROM offers WHERE kind = $1 AND key > $2 AND NOT deleted ORDER BY key LIMIT $3");
        let (after, most) = (after.map_or("", OfferKey::as_str), i64::from(limit.min(MOST_ROWS)));
        either!(&self.readers, Readers, |pool| {
            let query = sqlx::query(AssertSqlSafe(sql)).bind(kind.as_str()).bind(after).bind(most);
            query.fetch_all(pool).await?.iter().map(row::offer).collect()
        })
    }

    /// The offers of a kind that changed before that change, the last one first; at most `limit`, at most [`MOST_ROWS`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offers_changed_before(&self, kind: Kind, before: u64, limit: u32) -> Result<Vec<StoredOffer>, StoreError> {
        let sql = format!("SELECT {OFFER} FROM offers WHERE kind = $1 AND change < $2 AND NOT deleted ORDER BY change DESC LIMIT $3");
        let (before, most) = (i64::try_from(before).unwrap_or(i64::MAX), i64::from(limit.min(MOST_ROWS)));
        self.readers.read(sql, &[kind.as_str().into(), before.into(), most.into()]).await?.iter().map(row::offer).collect()
    }

    /// The same of those that are meant; at most `limit`. No more than `look_at` are looked at: the change of the last of them, where there are more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_offers(
        &self,
        kind: Kind,
        mut before: u64,
        (limit, look_at): (usize, usize),
        is_meant: impl Fn(&StoredOffer) -> bool,
    ) -> Result<(Vec<StoredOffer>, Option<u64>), StoreError> {
        let (mut found, mut looked) = (Vec::new(), 0);
        loop {
            let some = self.offers_changed_before(kind, before, PIECE).await?;
            let is_last = some.len() < PIECE as usize;
            for offer in some {
                looked += 1;
                before = offer.change;
                if is_meant(&offer) {
                    found.push(offer);
                }
                if found.len() >= limit || looked >= look_at {
                    return Ok((found, Some(before)));
                }
            }
            if is_last {
                return Ok((found, None));
            }
        }
    }

    /// What [`Store::list_offers`] gives, of these organisations alone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list_offers_of(
        &self,
        kind: Kind,
        acts_for: &ActsFor,
        after: Option<&OfferKey>,
        limit: u32,
    ) -> Result<Vec<StoredOffer>, StoreError> {
        let ActsFor::These(these) = acts_for else { return self.list_offers(kind, after, limit).await };
        let mut values = vec![kind.as_str().into(), after.map_or("", OfferKey::as_str).into(), i64::from(limit.min(MOST_ROWS)).into()];
        let places = statement::list(4, these.len());
        statement::fill(&mut values, these.iter().map(String::as_str));
        let sql = format!(
            "SELECT {OFFER} FROM offers WHERE kind = $1 AND key > $2 AND NOT deleted AND organisation IN {places} ORDER BY key LIMIT $3"
        );
        self.readers.read(sql, &values).await?.iter().map(row::offer).collect()
    }

    /// The number of the latest change; 0 where there was none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn latest_change(&self) -> Result<u64, StoreError> {
        self.readers.read(LATEST, &[]).await?.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// How many offers of a kind there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_offers(&self, kind: Kind) -> Result<u64, StoreError> {
        let sql = match kind {
            Kind::Vacancy => "SELECT vacancies FROM counter WHERE id = 1",
            Kind::Training => "SELECT trainings FROM counter WHERE id = 1",
            Kind::SkillOffer => "SELECT offers - vacancies - trainings FROM counter WHERE id = 1",
        };
        either!(&self.readers, Readers, |pool| row::counter(&sqlx::query(sql).fetch_one(pool).await?, 0))
    }

    /// The changes after that number, in order; at most `limit`, at most [`MOST_ROWS`]. Deletes are among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes(&self, after: u64, limit: u32) -> Result<Vec<ChangeRow>, StoreError> {
        let sql = "SELECT change, kind, key, version, deleted, at FROM changes WHERE change > $1 ORDER BY change LIMIT $2";
        let (after, most) = (i64::try_from(after).unwrap_or(i64::MAX), i64::from(limit.min(MOST_ROWS)));
        either!(&self.readers, Readers, |pool| {
            sqlx::query(sql).bind(after).bind(most).fetch_all(pool).await?.iter().map(row::change).collect()
        })
    }

    /// The changes of public offers before that number, newest first; at most `limit`, at most [`MOST_ROWS`]. Deletes are among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes_before(&self, before: u64, limit: u32) -> Result<Vec<ChangeRow>, StoreError> {
        let sql = "SELECT change, kind, key, version, deleted, at FROM changes WHERE change < $1 AND kind <> 'skill-offer'
            ORDER BY change DESC LIMIT $2";
        let (before, most) = (i64::try_from(before).unwrap_or(i64::MAX), i64::from(limit.min(MOST_ROWS)));
        either!(&self.readers, Readers, |pool| {
            sqlx::query(sql).bind(before).bind(most).fetch_all(pool).await?.iter().map(row::change).collect()
        })
    }

    /// Calls `each` for every offer there is, in the order of change, all as of one moment. Returns the number of the latest change at that moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn each_offer(&self, mut each: impl FnMut(StoredOffer)) -> Result<u64, StoreError> {
        let sql = format!("SELECT {OFFER} FROM offers WHERE NOT deleted ORDER BY change");
        either!(&self.readers, Readers, |pool| {
            let mut transaction = pool.begin().await?;
            let latest = row::counter(&sqlx::query(LATEST).fetch_one(&mut *transaction).await?, 0)?;
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *transaction);
            while let Some(found) = rows.try_next().await? {
                each(row::offer(&found)?);
            }
            Ok(latest)
        })
    }

    /// Calls `each` for every view that somebody may see, all as of one moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn each_view(&self, mut each: impl FnMut(Change)) -> Result<(), StoreError> {
        let sql = format!("SELECT {VIEW} FROM views WHERE NOT deleted ORDER BY id");
        either!(&self.readers, Readers, |pool| {
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(pool);
            while let Some(found) = rows.try_next().await? {
                each(row::followed_view(&found)?);
            }
            Ok(())
        })
    }

    /// Calls `each` for every change after that number, in order, with its document, all as of one moment: what `on_commit` would have been
    /// told. Of an offer that changed several times only the last change is told. Returns the number of the latest change at that moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn each_change(&self, after: u64, mut each: impl FnMut(Change)) -> Result<u64, StoreError> {
        let sql = format!("{FOLLOWED} ORDER BY change");
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        either!(&self.readers, Readers, |pool| {
            let mut transaction = pool.begin().await?;
            let latest = row::counter(&sqlx::query(LATEST).fetch_one(&mut *transaction).await?, 0)?;
            let mut rows = sqlx::query(AssertSqlSafe(sql)).bind(after).fetch(&mut *transaction);
            while let Some(found) = rows.try_next().await? {
                each(row::followed(&found)?);
            }
            Ok(latest)
        })
    }
}

/// What the index is told of changes, in the order that [`row::followed`] reads.
const FOLLOWED: &str = "SELECT change, kind, key, version, deleted, modified_at, document FROM offers WHERE change > $1";

/// The same of views. The columns are those of [`row::followed_view`].
const FOLLOWED_VIEWS: &str = "FROM views WHERE change > $1";

pub(crate) const LATEST: &str = "SELECT change FROM counter WHERE id = 1";

/// The numbers of the latest changes.
pub(crate) async fn latest(connection: &mut Connection) -> Result<Latest, StoreError> {
    let sql = "SELECT change, views FROM counter WHERE id = 1";
    either!(connection, Connection, |connection| {
        let row = sqlx::query(sql).fetch_one(connection).await?;
        Ok(Latest { offers: row::counter(&row, 0)?, views: row::counter(&row, 1)? })
    })
}

/// The changes after those, with their documents, as the index is told of them: the first `most` of offers, and of views. Of what changed several
/// times only the last change has its document still; the others are left out.
pub(crate) async fn missed(connection: &mut Connection, after: Latest, most: i64) -> Result<Vec<Change>, StoreError> {
    let (offers, views) =
        (format!("{FOLLOWED} ORDER BY change LIMIT $2"), format!("SELECT {VIEW} {FOLLOWED_VIEWS} ORDER BY change LIMIT $2"));
    let bound = |after: u64| i64::try_from(after).unwrap_or(i64::MAX);
    either!(connection, Connection, |connection| {
        let found = sqlx::query(AssertSqlSafe(offers)).bind(bound(after.offers)).bind(most).fetch_all(&mut *connection).await?;
        let mut missed = found.iter().map(row::followed).collect::<Result<Vec<Change>, StoreError>>()?;
        for found in sqlx::query(AssertSqlSafe(views)).bind(bound(after.views)).bind(most).fetch_all(&mut *connection).await? {
            missed.push(row::followed_view(&found)?);
        }
        Ok(missed)
    })
}
