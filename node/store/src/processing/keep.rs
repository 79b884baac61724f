//! What was sent on, and what is old enough to be forgotten.

use polder_model::Timestamp;

use super::read::ProcessingRecord;
use super::seal::month;
use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::row;
use crate::rows;

/// The setting that says up to which number records were sent.
const SENT: &str = "processing-sent";
/// Records that one transaction forgets.
const AT_ONCE: i64 = 5_000;

/// What was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Pruned {
    /// How many records.
    pub records: u64,
    /// Of these, how many no collector had taken.
    pub unsent: u64,
}

impl Store {
    /// The next records that were not sent yet, in order; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unsent_processing(&self, most: u32) -> Result<Vec<ProcessingRecord>, StoreError> {
        let sent = self.processing_sent().await?;
        let ever = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));
        self.reader().processing(sent, ever, most).await
    }

    /// How many records wait to be sent.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn processing_waiting(&self) -> Result<u64, StoreError> {
        let sent = rows::number(self.processing_sent().await?)?;
        let rows = self.readers.read("SELECT count(*) FROM processing WHERE number > $1", &[sent.into()]).await?;
        rows.first().map_or(Ok(0), |found| row::counter(found, 0))
    }

    async fn processing_sent(&self) -> Result<u64, StoreError> {
        match self.setting(SENT).await? {
            None => Ok(0),
            Some(text) => text.parse().map_err(|_| StoreError::Damaged("a number of a record that is none")),
        }
    }

    /// Records up to that number were sent, and taken. It is on disk when this returns.
    ///
    /// # Errors
    /// When the database cannot be written; they are sent once more then.
    pub async fn sent_processing(&self, up_to: u64) -> Result<(), StoreError> {
        self.set_setting(SENT, &up_to.to_string()).await
    }

    /// Forgets some of the records that ended before an instant, and keys of months that were over before another one; to be called again until no record
    /// is left to forget.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune_processing(&self, before: Timestamp, keys_before: Timestamp) -> Result<Pruned, StoreError> {
        let sent = self.processing_sent().await?;
        self.people(Prune { before, keys_before, sent }).await
    }
}

struct Prune {
    before: Timestamp,
    keys_before: Timestamp,
    sent: u64,
}

impl Work for Prune {
    type Told = Pruned;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Pruned, StoreError> {
        // The month in which that instant is goes on.
        let sql = "DELETE FROM processing_keys WHERE month < $1";
        desk.transaction.run(sql, &[(&month(self.keys_before)).into()]).await?;
        let old = "SELECT number FROM processing WHERE ended_at < $1 ORDER BY ended_at, number LIMIT $2";
        let values = [self.before.micros().into(), AT_ONCE.into(), rows::number(self.sent)?.into()];
        let counted =
            desk.transaction.read(format!("SELECT count(*) FROM processing WHERE number IN ({old}) AND number > $3"), &values).await?;
        let unsent = counted.first().map_or(Ok(0), |found| row::counter(found, 0))?;
        let records = desk.transaction.run(format!("DELETE FROM processing WHERE number IN ({old})"), &values[..2]).await?;
        Ok(Pruned { records, unsent })
    }
}
