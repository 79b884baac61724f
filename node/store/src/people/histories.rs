//! What workers brought along from another node: readable for them, and asked anew where they had given something.

use polder_consent::{ReceiptId, WorkerId};
use polder_model::{PartnerId, Timestamp};

use super::ask::Requesting;
use super::requests;
use super::workers::id;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::Cells;
use crate::statement::Row;

/// A worker's export that is taken in.
#[derive(Clone, Debug)]
pub struct TakingIn {
    /// Whose it is here.
    pub worker: WorkerId,
    /// The id of the export.
    pub export: ReceiptId,
    /// Whose node wrote it.
    pub source: PartnerId,
    /// The text, to the letter.
    pub text: String,
    /// What was in force there, and is asked for anew.
    pub asks: Vec<Requesting>,
    /// The present instant.
    pub now: Timestamp,
}

/// What a worker brought along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Whose node wrote it.
    pub source: PartnerId,
    /// When it was taken in.
    pub at: Timestamp,
    /// The text, to the letter.
    pub text: String,
}

impl Store {
    /// Takes an export in, and asks for what was in force. What is not asked, since it is in force, or the worker was asked enough before; `None` where the
    /// export was taken in before: nothing is done then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_in(&self, taking: TakingIn) -> Result<Option<Vec<Requesting>>, StoreError> {
        self.people(taking).await
    }

    /// What a worker brought along, the last first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn histories_of(&self, worker: WorkerId) -> Result<Vec<History>, StoreError> {
        let sql = "SELECT source, at, text FROM histories WHERE worker = $1 ORDER BY at DESC, export";
        self.readers.read(sql, &[(&worker.to_string()).into()]).await?.iter().map(history).collect()
    }

    /// Whether an export was taken in already, for whomever.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn was_taken_in(&self, export: ReceiptId) -> Result<bool, StoreError> {
        Ok(!self.readers.read("SELECT 1 FROM histories WHERE export = $1", &[(&export.to_string()).into()]).await?.is_empty())
    }
}

fn history(row: &Row) -> Result<History, StoreError> {
    Ok(History { source: id(row, 0)?, at: Timestamp::from_micros(row.integer(1)?), text: row.text(2)?.to_owned() })
}

impl Work for TakingIn {
    type Told = Option<Vec<Requesting>>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let sql = "INSERT INTO histories (export, worker, source, at, text) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (export) DO NOTHING";
        let (export, worker) = (self.export.to_string(), self.worker.to_string());
        let values = [(&export).into(), (&worker).into(), self.source.as_str().into(), self.now.micros().into(), (&self.text).into()];
        if desk.transaction.run(sql, &values).await? == 0 {
            return Ok(None);
        }
        // What is asked anew is what the worker brought along, and takes nothing from what partners may ask of them. Nor does it give them more: whoever was
        // asked before is asked as by any system.
        let counts = requests::was_asked(desk, self.worker).await?;
        let mut not_asked = Vec::new();
        for requesting in self.asks {
            let may_ask = !counts || requests::has_requests_left(desk, self.worker, &requesting.asker, requesting.now).await?;
            if may_ask && requesting.is_to_be_asked(desk, self.worker).await? {
                requesting.write(desk, self.worker, counts).await?;
            } else {
                not_asked.push(requesting);
            }
        }
        Ok(Some(not_asked))
    }
}
