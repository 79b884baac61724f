//! What a worker sees of the ledger: every disclosure, with what the log says of it.

use polder_consent::retained::fields_of;
use polder_consent::{Consent, ConsentId, Disclosure, DisclosureId, Epoch, FieldSet, Salt, WorkerId};
use polder_model::Timestamp;
use polder_model::about::About;

use super::tombstones::Tombstone;
use super::workers::{fields, id};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::{Row, fill, list};

/// A disclosure, and what is needed to prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// The disclosure; its JSON is what the leaf of the log is made of.
    pub disclosure: Disclosure,
    /// Whether the recipient has said that it erased the copy, but for what it keeps by law.
    pub erased: bool,
    /// Of a copy that is not erased whole, the fields that the recipient has said that it erased, but for what it keeps by law.
    pub erased_fields: FieldSet,
    /// Whether the recipient was told to erase the whole copy, and has not said that it did.
    pub recalled: bool,
    /// What of it the recipient keeps by law, as it says itself.
    pub retained: FieldSet,
    /// Whether the row was lost here, and is there again since the recipient said that it holds the copy.
    pub said: bool,
    /// The salt of its leaf.
    pub salt: Salt,
    /// The number of its leaf.
    pub leaf: u64,
}

impl Store {
    /// Disclosures of a worker, the last one first: those whose leaf is before that number; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn disclosures_of(&self, worker: WorkerId, before: Option<u64>, most: u32) -> Result<Vec<LedgerRow>, StoreError> {
        let sql = "SELECT id, recipient, purpose, consent, epoch, fields, about, at, use_until, erased, salt, leaf, said, fsc_transaction
            FROM disclosures WHERE worker = $1 AND leaf < $2 ORDER BY leaf DESC LIMIT $3";
        let before = before.map_or(Ok(i64::MAX), rows::number)?;
        let name = worker.to_string();
        let rows = self.readers.read(sql, &[(&name).into(), before.into(), i64::from(most).into()]).await?;
        let mut found = rows.iter().map(|row| ledger_row(row, worker)).collect::<Result<Vec<_>, _>>()?;
        let kept = self.retained_of(worker).await?;
        for row in &mut found {
            let of_it = kept.iter().filter(|tombstone| tombstone.means(&row.disclosure));
            let fields = of_it.fold(FieldSet::NONE, |all, tombstone| all.or(fields_of(&tombstone.retained)));
            row.retained = fields.and(row.disclosure.fields);
        }
        let owed: Vec<Tombstone> = self.owed_for(worker).await?.into_iter().filter(|tombstone| tombstone.fields.is_empty()).collect();
        for row in found.iter_mut().filter(|row| !row.erased) {
            row.recalled = owed.iter().any(|tombstone| tombstone.means(&row.disclosure));
        }
        self.narrowed(worker, &mut found).await?;
        Ok(found)
    }

    /// For which offers these disclosures of a worker were, each once; of those that are there still.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offers_of_disclosures(&self, worker: WorkerId, named: &[DisclosureId]) -> Result<Vec<About>, StoreError> {
        let (worker, names) = (worker.to_string(), named.iter().map(ToString::to_string).collect::<Vec<_>>());
        let mut values = vec![(&worker).into()];
        fill(&mut values, names.iter().map(String::as_str));
        let sql = format!("SELECT DISTINCT about FROM disclosures WHERE worker = $1 AND id IN {} ORDER BY about", list(2, named.len()));
        self.readers.read(sql, &values).await?.iter().map(|row| about(row, 0)).collect()
    }

    /// Fills in what is erased of copies that are there still: since then they are held under a later consent, and what stays is what each consent up to
    /// that one names.
    async fn narrowed(&self, worker: WorkerId, page: &mut [LedgerRow]) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (page.last(), page.first()) else { return Ok(()) };
        let sql = "SELECT leaf, consents.fields FROM disclosures JOIN consents ON consents.worker = disclosures.worker
            AND consents.purpose = disclosures.purpose AND consents.recipient = disclosures.recipient
            AND consents.epoch > disclosures.epoch AND consents.epoch <= held
            WHERE disclosures.worker = $1 AND NOT erased AND leaf >= $2 AND leaf <= $3";
        let (name, first, last) = (worker.to_string(), rows::number(first.leaf)?, rows::number(last.leaf)?);
        for later in self.readers.read(sql, &[(&name).into(), first.into(), last.into()]).await? {
            let (leaf, named) = (row::counter(&later, 0)?, fields(&later, 1)?);
            // The page has the last one first.
            let Ok(place) = page.binary_search_by(|row| leaf.cmp(&row.leaf)) else { continue };
            let row = &mut page[place];
            row.erased_fields = row.erased_fields.or(row.disclosure.fields.without(named.or(row.retained)));
        }
        Ok(())
    }

    /// Whether anything of a worker left since that instant.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn was_disclosed_since(&self, worker: WorkerId, since: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM disclosures WHERE worker = $1 AND at >= $2 LIMIT 1";
        let name = worker.to_string();
        Ok(!self.readers.read(sql, &[(&name).into(), since.micros().into()]).await?.is_empty())
    }

    /// Deletes some of the rows of the ledger that are older than an instant, whose copies may be used no longer and are owed no tombstone. Their leaves
    /// stay in the log, and say nothing any more. How many; to be called again until there are none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune_ledger(&self, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        self.people(Prune { before, now }).await
    }

    /// How many copies left under a consent, and how many of them are erased.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn copies_under(&self, consent: ConsentId) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT count(*), count(CASE WHEN erased THEN 1 ELSE NULL END) FROM disclosures WHERE consent = $1";
        let rows = self.readers.read(sql, &[(&consent.to_string()).into()]).await?;
        rows.first().map_or(Ok((0, 0)), |row| Ok((row::counter(row, 0)?, row::counter(row, 1)?)))
    }

    /// The events of a worker's consents, and their ends by the clock, with what is needed to prove them: what was hashed, its salt, and the number of its
    /// leaf.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn decisions_of(&self, worker: WorkerId) -> Result<Vec<(Vec<u8>, Salt, u64)>, StoreError> {
        let sql = "SELECT consents.record, consent_events.consent, number, what, consent_events.at, ground, salt, leaf FROM consent_events
            JOIN consents ON consents.id = consent_events.consent WHERE consents.worker = $1 ORDER BY leaf";
        let mut decisions = Vec::new();
        for row in self.readers.read(sql, &[(&worker.to_string()).into()]).await? {
            let salt = Salt::from_hex(row.text(6)?).ok_or(StoreError::Damaged("a salt that is none"))?;
            let hashed = super::events::hashed(&row)?;
            decisions.push((hashed, salt, row::counter(&row, 7)?));
        }
        for kept in self.consents_of(worker).await? {
            let ended = super::events::hashed_end(&kept.consent);
            let sql = "SELECT salt, leaf FROM leaf_rows WHERE row = $1";
            for row in self.readers.read(sql, &[ended.as_slice().into()]).await? {
                let salt = Salt::from_hex(row.text(0)?).ok_or(StoreError::Damaged("a salt that is none"))?;
                decisions.push((ended.clone(), salt, row::counter(&row, 1)?));
            }
        }
        Ok(decisions)
    }
}

/// Rows that one transaction deletes.
const PRUNED_AT_ONCE: i64 = 1_000;

/// Old rows.
struct Prune {
    before: Timestamp,
    now: Timestamp,
}

impl Work for Prune {
    type Told = u64;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<u64, StoreError> {
        let sql = "DELETE FROM disclosures WHERE id IN (SELECT id FROM disclosures AS old WHERE at < $1 AND use_until <= $2 AND NOT EXISTS
            (SELECT 1 FROM tombstones WHERE tombstones.worker = old.worker AND tombstones.recipient = old.recipient
            AND tombstones.purpose = old.purpose AND NOT done) LIMIT $3)";
        let (before, now) = (self.before.micros().into(), self.now.micros().into());
        desk.transaction.run(sql, &[before, now, PRUNED_AT_ONCE.into()]).await
    }
}

fn ledger_row(row: &Row, worker: WorkerId) -> Result<LedgerRow, StoreError> {
    let disclosure = Disclosure {
        id: id(row, 0)?,
        worker,
        recipient: id(row, 1)?,
        purpose: id(row, 2)?,
        consent: id(row, 3)?,
        epoch: Epoch(row::counter(row, 4)?),
        fields: fields(row, 5)?,
        about: about(row, 6)?,
        at: Timestamp::from_micros(row.integer(7)?),
        use_until: Timestamp::from_micros(row.integer(8)?),
        fsc_transaction: if row.text(13)?.is_empty() { None } else { Some(id(row, 13)?) },
    };
    let salt = Salt::from_hex(row.text(10)?).ok_or(StoreError::Damaged("a salt that is none"))?;
    Ok(LedgerRow {
        disclosure,
        erased: row.boolean(9)?,
        erased_fields: FieldSet::NONE,
        recalled: false,
        retained: FieldSet::NONE,
        said: row.boolean(12)?,
        salt,
        leaf: row::counter(row, 11)?,
    })
}

fn about(row: &Row, column: usize) -> Result<About, StoreError> {
    serde_json::from_str(row.text(column)?).map_err(|_| StoreError::Damaged("an offer that is none"))
}

/// A consent as it is kept.
pub(super) fn consent(bytes: &[u8]) -> Result<Consent, StoreError> {
    serde_json::from_slice(bytes).map_err(|_| StoreError::Damaged("a consent that cannot be read"))
}
