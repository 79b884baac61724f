//! What becomes of an application that a worker sent: its recipient says how far it is, has it no more, or is to get it anew.

use polder_consent::DisclosureId;
use polder_model::Timestamp;

use super::applications::Progress;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;

/// So long after it left an application is sent anew at the earliest, where its recipient has it no more.
const LOST_AFTER_SECONDS: i64 = 3_600;

impl Store {
    /// Its recipient had an application and has it no more, though nobody took it back: it is sent anew, under a row of its own, where the last one left some
    /// time ago.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn application_lost(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        self.people(Lost { id: id.to_owned(), now }).await
    }

    /// Notes how far an application is, as its recipient says; `None`: it said nothing, and was asked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn application_told(&self, id: &str, progress: Option<Progress>, now: Timestamp) -> Result<(), StoreError> {
        self.people(Told { id: id.to_owned(), progress, now }).await
    }
}

struct Lost {
    id: String,
    now: Timestamp,
}

impl Work for Lost {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE applications_sent SET state = 'waiting', state_at = $2, disclosure = '' WHERE id = $1 AND state = 'received'
            AND EXISTS (SELECT 1 FROM disclosures WHERE disclosures.id = applications_sent.disclosure AND disclosures.at < $3)";
        let before = self.now.plus_seconds(-LOST_AFTER_SECONDS);
        desk.transaction.run(sql, &[(&self.id).into(), self.now.micros().into(), before.micros().into()]).await.map(drop)
    }
}

struct Told {
    id: String,
    progress: Option<Progress>,
    now: Timestamp,
}

impl Work for Told {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE applications_sent SET told_at = $2 WHERE id = $1";
        desk.transaction.run(sql, &[(&self.id).into(), self.now.micros().into()]).await?;
        match self.progress {
            Some(progress) => set(desk, &self.id, progress, self.now).await,
            None => Ok(()),
        }
    }
}

/// Notes how far an application is. What is refused or withdrawn stays so; what is closed may be opened again.
pub(super) async fn set(desk: &mut Desk<'_, '_>, id: &String, progress: Progress, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE applications_sent SET state = $2, state_at = $3
        WHERE id = $1 AND (state IN ('waiting', 'received') OR state = 'closed' AND $2 = 'received') AND state <> $2";
    desk.transaction.run(sql, &[id.into(), progress.as_str().into(), now.micros().into()]).await.map(drop)
}

/// Copies were corrected: their applications are sent anew, as the profile is now.
pub(super) async fn send_again(desk: &mut Desk<'_, '_>, corrected: &[DisclosureId]) -> Result<(), StoreError> {
    for disclosure in corrected {
        let sql =
            "UPDATE applications_sent SET state = 'waiting', disclosure = '' WHERE disclosure = $1 AND state IN ('waiting', 'received')";
        desk.transaction.run(sql, &[(&disclosure.to_string()).into()]).await?;
    }
    Ok(())
}
