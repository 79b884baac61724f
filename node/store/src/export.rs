//! All offers of a kind, no faster than they are taken.

use std::time::Duration;

use polder_model::Kind;
use sqlx::AssertSqlSafe;
use tokio::sync::mpsc;

use crate::engine::{Readers, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::read::LATEST;
use crate::row::{self, OFFER};
use crate::types::StoredOffer;

/// Offers that are read at a time.
const PAGE: i64 = 200;
/// How long is waited for the next offer to be taken.
const PATIENCE: Duration = Duration::from_secs(30);

/// What whoever takes offers is given.
#[derive(Debug)]
pub enum Exported {
    /// An offer, in the order of keys.
    Offer(StoredOffer),
    /// There are no more; the number of the latest change at the moment as of which they were read.
    End(u64),
}

impl Store {
    /// Sends every offer of a kind, in the order of their keys, all as of one moment, and last the end. Waits where they are not taken as fast as
    /// they are read; gives up, without the end, when nobody takes one for 30 s. A connection of the database is taken up meanwhile.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn send_offers(&self, kind: Kind, to: mpsc::Sender<Exported>) -> Result<(), StoreError> {
        let sql = format!("SELECT {OFFER} FROM offers WHERE kind = $1 AND key > $2 AND NOT deleted ORDER BY key LIMIT $3");
        either!(&self.readers, Readers, |pool| {
            let mut transaction = pool.begin().await?;
            let latest = row::counter(&sqlx::query(LATEST).fetch_one(&mut *transaction).await?, 0)?;
            let mut after = String::new();
            loop {
                let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(kind.as_str()).bind(&after).bind(PAGE);
                let rows = query.fetch_all(&mut *transaction).await?;
                for found in &rows {
                    let offer = row::offer(found)?;
                    offer.key.as_str().clone_into(&mut after);
                    if to.send_timeout(Exported::Offer(offer), PATIENCE).await.is_err() {
                        return Ok(());
                    }
                }
                if i64::try_from(rows.len()).is_ok_and(|read| read < PAGE) {
                    // Nobody is left to be told when this fails.
                    let _ = to.send_timeout(Exported::End(latest), PATIENCE).await;
                    return Ok(());
                }
            }
        })
    }
}
