//! Who was given applications that came: systems of this partner, and its staff. Whoever was not has nothing to erase when one ends, and does not hear of it.

use std::collections::HashSet;

use super::applications_received::ReceivedApplication;
use super::copies::{READERS, UNKNOWN};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::Cells;
use crate::statement::{fill, list};

/// Applications that are noted in one statement.
const AT_ONCE: usize = 128;
/// By whom a copy is held, as a column of `copies`.
pub(super) const READERS_OF: &str =
    "CASE WHEN client = '*' THEN COALESCE((SELECT string_agg(readers.client, ', ') FROM application_readers readers
    WHERE readers.disclosure = copies.disclosure), '') ELSE client END";

impl Store {
    /// Notes that a client is given these applications. Those of them that are still there: the others it may not have any more.
    ///
    /// # Errors
    /// When the database cannot be read or written; the client may have none of them then.
    pub async fn hand_out(&self, client: &str, mut found: Vec<ReceivedApplication>) -> Result<Vec<ReceivedApplication>, StoreError> {
        let mut new: Vec<String> = Vec::new();
        for some in found.chunks(AT_ONCE) {
            let names: Vec<String> = some.iter().map(|one| one.disclosure.to_string()).collect();
            let sql = format!("SELECT disclosure FROM application_readers WHERE client = $1 AND disclosure IN {}", list(2, names.len()));
            let mut values = vec![client.into()];
            fill(&mut values, names.iter().map(String::as_str));
            let known = self.readers.read(sql, &values).await?;
            let known = known.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
            new.extend(names.iter().filter(|name| !known.contains(name.as_str())).cloned());
        }
        if new.is_empty() {
            return Ok(found);
        }
        let gone = self.people(HandOut { client: client.to_owned(), disclosures: new }).await?;
        found.retain(|one| !gone.contains(&one.disclosure.to_string()));
        Ok(found)
    }
}

struct HandOut {
    client: String,
    disclosures: Vec<String>,
}

impl Work for HandOut {
    /// Those that have ended meanwhile.
    type Told = HashSet<String>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<HashSet<String>, StoreError> {
        let sql = "INSERT INTO application_readers (disclosure, client) VALUES ($1, $2) ON CONFLICT (disclosure, client) DO NOTHING";
        let mut gone = HashSet::new();
        for one in self.disclosures {
            if desk.transaction.read("SELECT 1 FROM copies WHERE disclosure = $1", &[(&one).into()]).await?.is_empty() {
                gone.insert(one);
            } else {
                desk.transaction.run(sql, &[(&one).into(), (&self.client).into()]).await?;
            }
        }
        Ok(gone)
    }
}

/// Who was given the application of a copy.
pub(super) async fn of(desk: &mut Desk<'_, '_>, disclosure: &str) -> Result<Vec<String>, StoreError> {
    let found = desk.transaction.read("SELECT client FROM application_readers WHERE disclosure = $1", &[disclosure.into()]).await?;
    found.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// What was given to a client that ends is with another from now on.
pub(crate) async fn take_over(desk: &mut Desk<'_, '_>, from: &str, to: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO application_readers (disclosure, client) SELECT disclosure, $2 FROM application_readers WHERE client = $1
        ON CONFLICT (disclosure, client) DO NOTHING";
    desk.transaction.run(sql, &[from.into(), to.into()]).await?;
    desk.transaction.run("DELETE FROM application_readers WHERE client = $1", &[from.into()]).await.map(drop)
}

/// Forgets who was given what has no copy any more.
pub(super) async fn follow_copies(desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
    let sql =
        "DELETE FROM application_readers WHERE NOT EXISTS (SELECT 1 FROM copies WHERE copies.disclosure = application_readers.disclosure)";
    desk.transaction.run(sql, &[]).await.map(drop)
}

/// The database is older than what was given: whoever may have read something counts as having it.
pub(super) async fn forget(desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
    desk.transaction.run("UPDATE copies SET client = $1 WHERE client = $2", &[UNKNOWN.into(), READERS.into()]).await?;
    desk.transaction.run("DELETE FROM application_readers", &[]).await.map(drop)
}
