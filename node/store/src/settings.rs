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

    /// Sets a setting that nobody has changed meanwhile: that still has the value `expected` (`None`: was never set). Whether it had; if not, nothing
    /// was changed. By this, replicas that share a database go forward one after the other.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn replace_setting(&self, name: &str, expected: Option<&str>, value: &str) -> Result<bool, StoreError> {
        let (name, expected, value) = (name.to_owned(), expected.map(str::to_owned), value.to_owned());
        self.writer.run(|reply| Job::Replace { name, expected, value, reply }).await
    }
}
