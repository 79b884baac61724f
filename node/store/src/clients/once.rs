//! What may be shown once alone.

use polder_model::Timestamp;

use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};

/// Most rows that have run out that are deleted at once. Some are with one of sixteen that are noted, so the table stays small, and nobody waits long.
const SWEPT: i64 = 64;

impl Store {
    /// Notes something that may be shown once alone, by its digest in hexadecimal digits; it is on disk when this returns, for all replicas. Whether it is the first time before
    /// `until`.
    ///
    /// # Errors
    /// When the database cannot be written; it must be refused then.
    pub async fn once(&self, digest: &str, until: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        self.people(Once { digest: digest.to_owned(), until, now }).await
    }
}

struct Once {
    digest: String,
    until: Timestamp,
    now: Timestamp,
}

impl Work for Once {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let Self { digest, until, now } = self;
        // By chance and not by count: replicas do not know of each other.
        if digest.ends_with('0') {
            let sql = "DELETE FROM once WHERE digest IN (SELECT digest FROM once WHERE until < $1 ORDER BY until LIMIT $2)";
            desk.transaction.run(sql, &[now.micros().into(), SWEPT.into()]).await?;
        }
        let sql = "INSERT INTO once (digest, until) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
        Ok(desk.transaction.run(sql, &[(&digest).into(), until.micros().into()]).await? == 1)
    }
}
