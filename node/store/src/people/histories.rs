//! What workers brought along from another node: readable for them, and asked anew where they had given something.

use polder_consent::{Event, FieldSet, ReceiptId, RequestId, What, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};

use super::requests;
use super::workers::id;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::random;
use crate::row::Cells;
use crate::statement::Row;

/// Something that was in force elsewhere, and is asked for anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Who saw it.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
}

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
    /// Who asks anew: this node's partner.
    pub asker: PartnerId,
    /// What was in force there.
    pub asks: Vec<Ask>,
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
    /// Takes an export in. Whether it was not known before; of one that was nothing is done.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_in(&self, taking: TakingIn) -> Result<bool, StoreError> {
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
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let sql = "INSERT INTO histories (export, worker, source, at, text) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (export) DO NOTHING";
        let (export, worker) = (self.export.to_string(), self.worker.to_string());
        let values = [(&export).into(), (&worker).into(), self.source.as_str().into(), self.now.micros().into(), (&self.text).into()];
        if desk.transaction.run(sql, &values).await? == 0 {
            return Ok(false);
        }
        for Ask { recipient, purpose, fields } in self.asks {
            let request = requests::Request {
                id: RequestId::from_random(random::bytes()?),
                asker: self.asker.clone(),
                recipient,
                purpose,
                fields,
                assisted_by: None,
                at: self.now,
                events: vec![Event::new(What::Request, self.now)],
            };
            requests::insert(desk, self.worker, &request).await?;
        }
        Ok(true)
    }
}
