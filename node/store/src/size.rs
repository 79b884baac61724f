//! How much room the database takes.

use crate::engine::Readers;
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};

/// The room that a database takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Its bytes.
    pub bytes: u64,
    /// Of these, bytes of a file that are free to be written again; 0 where the server keeps that to itself.
    pub free: u64,
}

impl Store {
    /// The engine: `sqlite` or `postgresql`.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match &self.readers {
            Readers::Sqlite(_) => "sqlite",
            Readers::Postgres(_) => "postgresql",
        }
    }

    /// The room that it takes.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn size(&self) -> Result<Size, StoreError> {
        let sql = match &self.readers {
            Readers::Sqlite(_) => {
                "SELECT page_count * page_size, freelist_count * page_size FROM pragma_page_count(), pragma_page_size(), pragma_freelist_count()"
            }
            Readers::Postgres(_) => "SELECT pg_database_size(current_database()), CAST(0 AS BIGINT)",
        };
        let rows = self.readers.read(sql, &[]).await?;
        let row = rows.first().ok_or(StoreError::Damaged("a database without a size"))?;
        Ok(Size { bytes: row::counter(row, 0)?, free: u64::try_from(row.integer(1)?).unwrap_or(0) })
    }
}
