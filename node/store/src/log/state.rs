//! How a log stands: how many leaves, what was signed, what of it enough witnesses cosigned.

use polder_model::Timestamp;

use super::types::KeptCheckpoint;
use crate::engine::{Readers, either};
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{self, Cells};

/// How a log stands, as of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogState {
    /// How many leaves it has.
    pub leaves: u64,
    /// When the first of the checkpoints that are kept was signed.
    pub first_at: Option<Timestamp>,
    /// The last checkpoint.
    pub last: Option<KeptCheckpoint>,
    /// The last checkpoint that enough witnesses have cosigned.
    pub cosigned: Option<KeptCheckpoint>,
}

impl Reader {
    /// How the log stands. The schema must be the latest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn log_state(&self) -> Result<LogState, StoreError> {
        let counters = "SELECT leaves, (SELECT min(at) FROM checkpoints) FROM counter WHERE id = 1";
        let last = "SELECT size, at, note, cosigned_at FROM checkpoints ORDER BY size DESC LIMIT 1";
        let cosigned = "SELECT size, at, note, cosigned_at FROM checkpoints WHERE cosigned_at > 0 ORDER BY size DESC LIMIT 1";
        either!(&self.readers, Readers, |pool| {
            let mut transaction = pool.begin().await?;
            let row = sqlx::query(counters).fetch_one(&mut *transaction).await?;
            let last = sqlx::query(last).fetch_optional(&mut *transaction).await?;
            let cosigned = sqlx::query(cosigned).fetch_optional(&mut *transaction).await?;
            Ok(LogState {
                leaves: row::counter(&row, 0)?,
                first_at: row.maybe_integer(1)?.map(Timestamp::from_micros),
                last: last.as_ref().map(checkpoint).transpose()?,
                cosigned: cosigned.as_ref().map(checkpoint).transpose()?,
            })
        })
    }
}

fn checkpoint(found: &impl Cells) -> Result<KeptCheckpoint, StoreError> {
    let cosigned_at = found.integer(3)?;
    Ok(KeptCheckpoint {
        size: row::counter(found, 0)?,
        at: Timestamp::from_micros(found.integer(1)?),
        note: found.text(2)?.to_owned(),
        cosigned_at: (cosigned_at > 0).then(|| Timestamp::from_micros(cosigned_at)),
    })
}
