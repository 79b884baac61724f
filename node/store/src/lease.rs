//! Leases: of several replicas one does a piece of background work.
//!
//! Time is the caller's. Replicas' clocks differ, so what is done under a lease may be done twice without harm.

use polder_model::Timestamp;

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::Cells;
use crate::statement::Row;
use crate::writer::Job;

/// A lease that someone wants or has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The work.
    pub name: String,
    /// Who does it; every process has a name of its own.
    pub holder: String,
}

impl Store {
    /// Takes a lease that nobody holds, that has run out, or that this holder has already, until an instant. Whether it was had.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_lease(&self, lease: &Lease, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let (lease, ask) = (lease.clone(), Ask::Take { now, until });
        self.writer.run(|reply| Job::Lease { lease, ask, reply }).await
    }

    /// The leases that somebody holds now, in the order of their names, and until when.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn leases(&self, now: Timestamp) -> Result<Vec<(Lease, Timestamp)>, StoreError> {
        let sql = "SELECT name, holder, until FROM leases WHERE until > $1 ORDER BY name";
        let rows = self.readers.read(sql, &[now.micros().into()]).await?;
        let one = |row: &Row| {
            let lease = Lease { name: row.text(0)?.to_owned(), holder: row.text(1)?.to_owned() };
            Ok((lease, Timestamp::from_micros(row.integer(2)?)))
        };
        rows.iter().map(one).collect()
    }

    /// Gives a lease back. Whether this holder had it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn release_lease(&self, lease: &Lease) -> Result<bool, StoreError> {
        let lease = lease.clone();
        self.writer.run(|reply| Job::Lease { lease, ask: Ask::Release, reply }).await
    }
}

/// What is to be done with a lease.
pub(crate) enum Ask {
    Take { now: Timestamp, until: Timestamp },
    Release,
}

pub(crate) async fn carry_out(transaction: &mut Transaction<'_>, lease: &Lease, ask: &Ask) -> Result<bool, StoreError> {
    let Lease { name, holder } = lease;
    let rows = either!(transaction, Transaction, |transaction| match ask {
        Ask::Take { now, until } => {
            let sql = "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
                ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
                WHERE leases.holder = excluded.holder OR leases.until <= $4";
            let query = sqlx::query(sql).bind(name).bind(holder).bind(until.micros()).bind(now.micros());
            query.execute(&mut **transaction).await?.rows_affected()
        }
        Ask::Release => {
            let sql = "DELETE FROM leases WHERE name = $1 AND holder = $2";
            sqlx::query(sql).bind(name).bind(holder).execute(&mut **transaction).await?.rows_affected()
        }
    });
    Ok(rows == 1)
}
