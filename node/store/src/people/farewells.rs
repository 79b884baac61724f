//! Who still has to erase, for somebody who is not here any more: they alone have the link that finds these rows, and no row says which others go with it.

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

/// For how many days a link shows it.
pub const FAREWELL_DAYS: i64 = 90;
/// Rows that are read at a time.
const AT_ONCE: usize = 64;
/// Most rows of one link.
const MOST: usize = 1_024;

/// The name of a row of a link: without the link nobody makes it, or finds what goes with it.
fn name(link: &str, number: usize) -> String {
    hex::encode(Sha256::new().chain_update(link.as_bytes()).chain_update(b"\n").chain_update(number.to_string()).finalize())
}

/// Writes down who is told to erase, for whoever has the link.
pub(super) async fn write(
    desk: &mut Desk<'_, '_>,
    link: &str,
    told: &[(TombstoneId, PartnerId)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let until = now.plus_seconds(FAREWELL_DAYS * DAY_SECONDS);
    for (number, (tombstone, recipient)) in told.iter().take(MOST).enumerate() {
        let sql = "INSERT INTO farewells (name, recipient, tombstone, until) VALUES ($1, $2, $3, $4)";
        let (name, tombstone) = (name(link, number), tombstone.to_string());
        desk.transaction.run(sql, &[(&name).into(), recipient.as_str().into(), (&tombstone).into(), until.micros().into()]).await?;
    }
    Ok(())
}

impl Store {
    /// Who was told to erase somebody who had themself erased, each with whether it is still owed; nobody where there is no such link, or its time is over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn farewell(&self, link: &str, now: Timestamp) -> Result<Vec<(PartnerId, bool)>, StoreError> {
        let mut all = Vec::new();
        for from in (0..MOST).step_by(AT_ONCE) {
            let names: Vec<String> = (from..from + AT_ONCE).map(|number| name(link, number)).collect();
            let sql = format!(
                "SELECT recipient, EXISTS (SELECT 1 FROM tombstones WHERE tombstones.id = farewells.tombstone AND NOT done) AS owed
                FROM farewells WHERE until > $1 AND name IN {}",
                list(2, names.len())
            );
            let mut values: Vec<Value<'_>> = vec![now.micros().into()];
            fill(&mut values, names.iter().map(String::as_str));
            let rows = self.readers.read(sql, &values).await?;
            let whole = rows.len() == AT_ONCE;
            for row in &rows {
                all.push((id(row, 0)?, row.boolean(1)?));
            }
            if !whole {
                break;
            }
        }
        Ok(all)
    }
}
