//! Reading records back.

use polder_consent::FscTransaction;
use polder_consent::processing::{Action, SpanId, Status, SubjectKind, TraceId};
use polder_model::{PartnerId, Timestamp};

use super::seal::{Key, ProcessingKeys, Sealed};
use crate::error::StoreError;
use crate::people::id;
use crate::reader::Reader;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::Row;

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessingRecord {
    /// Its number: later ones have higher ones.
    pub number: u64,
    /// The chain.
    pub trace: TraceId,
    /// The action.
    pub span: SpanId,
    /// What called for it, where something did: another record, or a span of a trace, here or at another node.
    pub parent: Option<SpanId>,
    /// What was done.
    pub action: Action,
    /// How it went.
    pub status: Status,
    /// The entry of the record of processing activities, with its version.
    pub activity: String,
    /// Whom it is about, sealed, and by what kind of name; nobody, where each person has a record below it.
    pub subject: Option<(SubjectKind, String)>,
    /// The other partner for whom, or from whom.
    pub processor: Option<PartnerId>,
    /// When it began.
    pub began: Timestamp,
    /// When it was done.
    pub ended: Timestamp,
    /// The version of the program that did it.
    pub version: String,
    /// The transaction of FSC in which it was called for, where a call came through an Inway.
    pub transaction: Option<FscTransaction>,
}

impl ProcessingRecord {
    /// What it says beside its place and times, by the names of the standard.
    #[must_use]
    pub fn attributes(&self) -> Vec<(&'static str, String)> {
        let mut attributes = vec![("dpl.core.processing_activity_id", self.activity.clone())];
        if let Some((kind, sealed)) = &self.subject {
            attributes.push(("dpl.core.data_subject_id", sealed.clone()));
            attributes.push(("dpl.core.data_subject_id_type", kind.uri().to_owned()));
        }
        if let Some(processor) = &self.processor {
            attributes.push(("dpl.core.foreign_operation.processor", format!("urn:polder:partner:{processor}")));
        }
        if let Some(transaction) = &self.transaction {
            attributes.push(("fsc.transaction_id", transaction.to_string()));
        }
        attributes
    }

    /// The name of its person as it is kept, to be opened with a key.
    #[must_use]
    pub fn sealed(&self) -> Option<Sealed<'_>> {
        let (_, text) = self.subject.as_ref()?;
        Some(Sealed { trace: self.trace, span: self.span, text })
    }
}

const COLUMNS: &str =
    "number, began_at, ended_at, trace, span, parent, action, status, activity, subject_kind, subject, processor, version, fsc_transaction";

fn record(found: &Row) -> Result<ProcessingRecord, StoreError> {
    let some = |column| -> Result<Option<&str>, StoreError> { Ok(Some(found.text(column)?).filter(|text| !text.is_empty())) };
    let subject = match some(9)? {
        None => None,
        Some(_) => Some((id(found, 9)?, found.text(10)?.to_owned())),
    };
    Ok(ProcessingRecord {
        number: row::counter(found, 0)?,
        began: Timestamp::from_micros(found.integer(1)?),
        ended: Timestamp::from_micros(found.integer(2)?),
        trace: id(found, 3)?,
        span: id(found, 4)?,
        parent: some(5)?.map(|_| id(found, 5)).transpose()?,
        action: id(found, 6)?,
        status: id(found, 7)?,
        activity: found.text(8)?.to_owned(),
        subject,
        processor: if found.text(11)?.is_empty() { None } else { Some(id(found, 11)?) },
        version: found.text(12)?.to_owned(),
        transaction: some(13)?.map(|_| id(found, 13)).transpose()?,
    })
}

impl Reader {
    /// Records after that number, in order, that ended in that time, its end not among it; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn processing(&self, after: u64, during: (Timestamp, Timestamp), most: u32) -> Result<Vec<ProcessingRecord>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM processing WHERE number > $1 AND ended_at >= $2 AND ended_at < $3 ORDER BY number LIMIT $4");
        let values = [rows::number(after)?.into(), during.0.micros().into(), during.1.micros().into(), i64::from(most).into()];
        self.readers.read(sql, &values).await?.iter().map(record).collect()
    }

    /// The keys that there are still.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn processing_keys(&self) -> Result<ProcessingKeys, StoreError> {
        let rows = self.readers.read("SELECT month, key FROM processing_keys", &[]).await?;
        let keys = rows.iter().map(|row| Ok((row.text(0)?.to_owned(), Key::from_hex(row.text(1)?)?)));
        keys.collect::<Result<_, StoreError>>().map(ProcessingKeys)
    }
}
