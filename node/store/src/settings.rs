//! Small things that the node remembers, by name.

use polder_consent::NewLeaf;

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
        self.replace(name, expected, value, None).await
    }

    /// The same; where it is replaced, a leaf for it is in the log, and its row and salt are kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn replace_setting_logged(&self, name: &str, expected: Option<&str>, value: &str, leaf: NewLeaf) -> Result<bool, StoreError> {
        self.replace(name, expected, value, Some(leaf)).await
    }

    async fn replace(&self, name: &str, expected: Option<&str>, value: &str, leaf: Option<NewLeaf>) -> Result<bool, StoreError> {
        let (name, expected, value) = (name.to_owned(), expected.map(str::to_owned), value.to_owned());
        self.writer.run(|reply| Job::Replace { name, expected, value, leaf, reply }).await
    }
}
