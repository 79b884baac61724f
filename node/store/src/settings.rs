//! Small things that the node remembers, by name.

use crate::error::StoreError;
use crate::open::Store;
use crate::reader::Reader;
use crate::writer::Job;

impl Store {
    /// The connections of this store that only read.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader { readers: self.readers.clone() }
    }

    /// A setting, if it was ever set.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.reader().setting(name).await
    }

    /// Sets a setting; it is on disk when this returns.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.writer.run(|reply| Job::Set { name, value, reply }).await
    }
}
