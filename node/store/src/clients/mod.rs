//! Systems of the partner that call its node: proposed by one person, approved by another, ended by anyone who may.
//!
//! What a client may do stands in a document that this room keeps and does not read. One counter rises with each change of any of them, so that whoever
//! checks calls can keep all of them in memory and still act on a change with the next call.

mod change;
mod once;
mod replies;

use std::sync::atomic::Ordering;

use polder_model::Timestamp;

use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;

pub use change::{Approval, NotApproved, NotProposed};
pub use replies::{Begun, MOST_REPLIES};

/// The name under which whoever runs the node calls it.
pub const OPERATOR: &str = "operator";

/// Most clients of one node that have not ended.
pub const MOST_CLIENTS: u32 = 10_000;

/// Somebody who looks after clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// By which one is told from another.
    pub id: String,
    /// As they are called.
    pub name: String,
}

/// A client as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// Its id.
    pub id: String,
    /// What is in force.
    pub in_force: Option<InForce>,
    /// What waits for a second person.
    pub proposed: Option<Proposed>,
    /// When it was ended for good.
    pub ended_at: Option<Timestamp>,
}

/// What is in force of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// What it may do, as JSON.
    pub document: String,
    /// When it was approved.
    pub at: Timestamp,
    /// Until when it holds.
    pub until: Timestamp,
}

/// What waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// What the client may do then, as JSON.
    pub document: String,
    /// Who proposed it.
    pub by: Person,
    /// When.
    pub at: Timestamp,
}

/// What somebody did with a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientChange {
    /// Rises in the order of commits.
    pub number: u64,
    /// `proposed`, `approved`, `refused` or `ended`.
    pub what: String,
    /// Who, as they were called.
    pub who: String,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str = "id, document, approved_at, until, proposed, proposed_by, proposer, proposed_at, ended_at";

impl Store {
    /// The clients in the order of their ids, after that one; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clients(&self, after: &str, limit: u32) -> Result<Vec<ClientRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM clients WHERE id > $1 ORDER BY id LIMIT $2");
        self.readers.read(sql, &[after.into(), i64::from(limit).into()]).await?.iter().map(client).collect()
    }

    /// The clients that may have something of people: whoever runs the node, and each that ever could and has not ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clients_of_people(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.readers.read("SELECT id FROM clients WHERE people AND ended_at = 0 ORDER BY id", &[]).await?;
        let ids = rows.iter().map(|row| row.text(0).map(ToOwned::to_owned));
        std::iter::once(Ok(OPERATOR.to_owned())).chain(ids).collect()
    }

    /// How many clients wait for a second person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_proposed_clients(&self) -> Result<u64, StoreError> {
        let rows = self.readers.read("SELECT count(*) FROM clients WHERE proposed <> '' AND ended_at = 0", &[]).await?;
        rows.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// One client.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn client(&self, id: &str) -> Result<Option<ClientRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM clients WHERE id = $1");
        self.readers.read(sql, &[id.into()]).await?.first().map(client).transpose()
    }

    /// What was done with a client, newest first; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn client_changes(&self, id: &str, limit: u32) -> Result<Vec<ClientChange>, StoreError> {
        let sql = "SELECT number, what, who, at FROM client_changes WHERE client = $1 ORDER BY number DESC LIMIT $2";
        let rows = self.readers.read(sql, &[id.into(), i64::from(limit).into()]).await?;
        let change = |row: &Row| {
            Ok(ClientChange {
                number: row::counter(row, 0)?,
                what: row.text(1)?.to_owned(),
                who: row.text(2)?.to_owned(),
                at: Timestamp::from_micros(row.integer(3)?),
            })
        };
        rows.iter().map(change).collect()
    }

    /// A number that is another after each change of any client. A node on SQLite is one process, which remembers it; a shared database is read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clients_version(&self) -> Result<u64, StoreError> {
        if !self.is_shared() {
            return Ok(self.clients_changed.load(Ordering::Acquire));
        }
        let rows = self.readers.read("SELECT clients FROM counter WHERE id = 1", &[]).await?;
        rows.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// All clients that are in force or were, with the number that [`Store::clients_version`] gave before they were read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_clients(&self) -> Result<(u64, Vec<ClientRow>), StoreError> {
        let version = self.clients_version().await?;
        let sql = format!("SELECT {COLUMNS} FROM clients WHERE document <> '' AND ended_at = 0 ORDER BY id");
        let rows = self.readers.read(sql, &[]).await?;
        Ok((version, rows.iter().map(client).collect::<Result<_, _>>()?))
    }
}

fn client(row: &Row) -> Result<ClientRow, StoreError> {
    let instant = |column| row.integer(column).map(Timestamp::from_micros);
    let in_force = match row.text(1)? {
        "" => None,
        document => Some(InForce { document: document.to_owned(), at: instant(2)?, until: instant(3)? }),
    };
    let proposed = match row.text(4)? {
        "" => None,
        document => {
            let by = Person { id: row.text(5)?.to_owned(), name: row.text(6)?.to_owned() };
            Some(Proposed { document: document.to_owned(), by, at: instant(7)? })
        }
    };
    let ended_at = if row.integer(8)? == 0 { None } else { Some(instant(8)?) };
    Ok(ClientRow { id: row.text(0)?.to_owned(), in_force, proposed, ended_at })
}
