//! Questions that this node asked for a worker: whom, for which fields, when. Not what was asked.

use polder_consent::WorkerId;
use polder_consent::processing::{Action, Chain, Processed, Subject, activity};
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use super::workers::id;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::Cells;
use crate::statement::Row;

/// A question that was asked for a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// When.
    pub at: Timestamp,
    /// The id of the query.
    pub query: String,
    /// What for.
    pub purpose: Purpose,
    /// Who was asked.
    pub partners: Vec<PartnerId>,
    /// Of which kinds something was said in the question, such as `skills`; not what.
    pub fields: Vec<String>,
}

impl Store {
    /// Notes a question for a worker, before it is asked.
    ///
    /// # Errors
    /// When the database cannot be written; it is not to be asked then.
    pub async fn note_asked(&self, worker: WorkerId, asked: Asked, chain: Chain) -> Result<(), StoreError> {
        self.people(Note { worker, asked, chain }).await
    }

    /// Questions that were asked for a worker, the last one first, and those of one instant by their ids; after that one, by its instant and id, where there
    /// is one. At most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asked_for(&self, worker: WorkerId, after: Option<(Timestamp, &str)>, most: u32) -> Result<Vec<Asked>, StoreError> {
        let sql = "SELECT at, query, purpose, partners, fields FROM asked
            WHERE worker = $1 AND at <= $2 AND (at < $2 OR query > $3) ORDER BY at DESC, query LIMIT $4";
        // Of the last instant that there is nothing is asked.
        let (at, query) = after.map_or((i64::MAX, ""), |(at, query)| (at.micros(), query));
        let name = worker.to_string();
        self.readers.read(sql, &[(&name).into(), at.into(), query.into(), i64::from(most).into()]).await?.iter().map(asked).collect()
    }
}

fn asked(row: &Row) -> Result<Asked, StoreError> {
    let partners = row.text(3)?.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>();
    Ok(Asked {
        at: Timestamp::from_micros(row.integer(0)?),
        query: row.text(1)?.to_owned(),
        purpose: id(row, 2)?,
        partners: partners.map_err(|_| StoreError::Damaged("a partner that is none"))?,
        fields: row.text(4)?.split_ascii_whitespace().map(str::to_owned).collect(),
    })
}

struct Note {
    worker: WorkerId,
    asked: Asked,
    chain: Chain,
}

impl Work for Note {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        // Of a worker who was erased meanwhile nothing is written down.
        let sql = "INSERT INTO asked (worker, at, query, purpose, partners, fields)
            SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM workers WHERE id = $1)";
        let partners: Vec<&str> = self.asked.partners.iter().map(PartnerId::as_str).collect();
        let (worker, partners, fields) = (self.worker.to_string(), partners.join(" "), self.asked.fields.join(" "));
        let values = [
            (&worker).into(),
            self.asked.at.micros().into(),
            (&self.asked.query).into(),
            self.asked.purpose.as_str().into(),
            (&partners).into(),
            (&fields).into(),
        ];
        if desk.transaction.run(sql, &values).await? == 0 {
            return Ok(());
        }
        let record = Processed::at(self.asked.at, Action::QuestionAsked, activity(self.asked.purpose), Subject::Worker(self.worker));
        desk.batch.note(Processed { chain: Some(self.chain), ..record });
        Ok(())
    }
}
