//! Who still has to erase, for somebody who is not here any more: they alone have the link that finds these rows. No row names another; what can be told
//! of them all the same stands with their table in the migration.

use polder_consent::TombstoneId;
use polder_model::{PartnerId, Timestamp};
use sha2::{Digest, Sha256};

use super::Desk;
use super::requests::DAY_SECONDS;
use super::workers::id;
use crate::error::StoreError;
use crate::open::Store;
use crate::row::Cells;
use crate::statement::{Value, fill, list};

/// For how many days a link shows it, at least: until the end of the last of them.
pub const FAREWELL_DAYS: i64 = 90;
/// Rows that are read at a time.
const AT_ONCE: usize = 64;
/// Most rows of one link.
const MOST: usize = 1_024;

/// The name of a row of a link: without the link nobody makes it, or finds what goes with it.
fn name(link: &str, number: usize) -> String {
    hex::encode(Sha256::new().chain_update(link.as_bytes()).chain_update(b"\n").chain_update(number.to_string()).finalize())
}

/// How it stands with a recipient that was told to erase.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Farewell {
    /// Who.
    pub recipient: PartnerId,
    /// Whether it has not said yet that it erased.
    pub owed: bool,
    /// Until when it keeps a part by law, as it says itself.
    pub kept_until: Option<Timestamp>,
}

/// The first instant of the first day on which nothing is shown any more: it says no more of an erasure than its day.
fn end(now: Timestamp) -> Timestamp {
    let days = now.seconds().div_euclid(DAY_SECONDS) + 1 + FAREWELL_DAYS;
    Timestamp::from_micros(days * DAY_SECONDS * 1_000_000)
}

/// Writes down who is told to erase, for whoever has the link.
pub(super) async fn write(
    desk: &mut Desk<'_, '_>,
    link: &str,
    told: &[(TombstoneId, PartnerId)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let until = end(now);
    for (number, (tombstone, recipient)) in told.iter().take(MOST).enumerate() {
        let sql = "INSERT INTO farewells (name, recipient, tombstone, until) VALUES ($1, $2, $3, $4)";
        let (name, tombstone) = (name(link, number), tombstone.to_string());
        desk.transaction.run(sql, &[(&name).into(), recipient.as_str().into(), (&tombstone).into(), until.micros().into()]).await?;
    }
    Ok(())
}

/// A recipient keeps something by law until then: nothing else will say so once its tombstone is gone.
pub(super) async fn keeps(desk: &mut Desk<'_, '_>, tombstone: TombstoneId, until: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE farewells SET kept_until = $2 WHERE tombstone = $1";
    desk.transaction.run(sql, &[(&tombstone.to_string()).into(), until.micros().into()]).await.map(drop)
}

impl Store {
    /// Who was told to erase somebody who had themself erased, in no order; nobody where there is no such link, or its time is over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn farewell(&self, link: &str, now: Timestamp) -> Result<Vec<Farewell>, StoreError> {
        let mut all = Vec::new();
        for from in (0..MOST).step_by(AT_ONCE) {
            let names: Vec<String> = (from..from + AT_ONCE).map(|number| name(link, number)).collect();
            let sql = format!(
                "SELECT recipient, EXISTS (SELECT 1 FROM tombstones WHERE tombstones.id = farewells.tombstone AND NOT done) AS owed, kept_until
                FROM farewells WHERE until > $1 AND name IN {}",
                list(2, names.len())
            );
            let mut values: Vec<Value<'_>> = vec![now.micros().into()];
            fill(&mut values, names.iter().map(String::as_str));
            let rows = self.readers.read(sql, &values).await?;
            let whole = rows.len() == AT_ONCE;
            for row in &rows {
                let kept_until = Some(row.integer(2)?).filter(|until| *until > 0).map(Timestamp::from_micros);
                all.push(Farewell { recipient: id(row, 0)?, owed: row.boolean(1)?, kept_until });
            }
            if !whole {
                break;
            }
        }
        Ok(all)
    }
}
