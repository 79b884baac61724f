//! What is shown again to whoever has the secret that seals it: a form as far as it was filled in, and what somebody keeps of an erasure. Here it is bytes that
//! nobody can read.

use polder_model::Timestamp;

use super::{Desk, SessionId, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::Cells;

/// Most that is kept for one session; what ends first makes room.
const MOST_OF_ONE: i64 = 8;

/// Sealed bytes under a name.
#[derive(Clone, Debug)]
pub struct SealedPage {
    /// A hash of the secret that seals them.
    pub name: String,
    /// For which session they are: they go when it ends. `None`: for somebody who has none any more.
    pub session: Option<SessionId>,
    /// The bytes.
    pub sealed: Vec<u8>,
    /// Until when they are there at the longest.
    pub until: Timestamp,
}

impl Store {
    /// Keeps sealed bytes. Whether they are kept: they are not where the session has ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_page(&self, page: SealedPage) -> Result<bool, StoreError> {
        self.people(page).await
    }

    /// The sealed bytes of a name; `None` where there are none, or their time is over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn kept_page(&self, name: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT sealed FROM sealed_pages WHERE name = $1 AND until > $2";
        let rows = self.readers.read(sql, &[name.into(), now.micros().into()]).await?;
        rows.first().map(|row| Ok(row.bytes(0)?.to_vec())).transpose()
    }
}

impl Work for SealedPage {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let session = self.session.as_ref().map_or("", SessionId::as_str);
        let found = desk.transaction.read("SELECT 1 FROM sessions WHERE id = $1", &[session.into()]).await?;
        if self.session.is_some() && found.is_empty() {
            return Ok(false);
        }
        let sql = "INSERT INTO sealed_pages (name, session, sealed, until) VALUES ($1, NULLIF($2, ''), $3, $4)";
        desk.transaction
            .run(sql, &[(&self.name).into(), session.into(), self.sealed.as_slice().into(), self.until.micros().into()])
            .await?;
        let sql = "DELETE FROM sealed_pages WHERE session = $1
            AND name NOT IN (SELECT name FROM sealed_pages WHERE session = $1 ORDER BY until DESC, name LIMIT $2)";
        desk.transaction.run(sql, &[session.into(), MOST_OF_ONE.into()]).await?;
        Ok(true)
    }
}
