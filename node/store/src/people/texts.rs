//! Texts on which consents were given. Each worker reads one of their own, with recipients and vacancies in it; what those have in common is the version of the text,
//! its language and the purpose.

use polder_model::Purpose;

use super::workers::id;
use super::{Desk, Work, kept};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;

/// Texts that one transaction looks at.
const AT_ONCE: i64 = 500;
/// In the place of a version, where no consent says it.
const NONE: &str = "-";

/// A version of the text that workers read, in one language and for one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextVersion {
    /// Which version: a URI.
    pub version: String,
    /// `nl` or `en`.
    pub language: String,
    /// What for.
    pub purpose: Purpose,
}

/// A version on which consents were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextUsed {
    /// Which.
    pub text: TextVersion,
    /// On how many consents.
    pub consents: u64,
}

impl Store {
    /// The versions of texts on which consents were given, those with most of them first, after the first so many; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn texts_used(&self, after: u32, most: u32) -> Result<Vec<TextUsed>, StoreError> {
        let sql = "SELECT notices.version, notices.language, consents.purpose, count(*) FROM consents
            JOIN notices ON notices.sha256 = consents.notice GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2, 3 LIMIT $1 OFFSET $2";
        let used = |row: &Row| {
            let text = TextVersion { version: row.text(0)?.to_owned(), language: row.text(1)?.to_owned(), purpose: id(row, 2)? };
            Ok(TextUsed { text, consents: row::counter(row, 3)? })
        };
        self.readers.read(sql, &[i64::from(most).into(), i64::from(after).into()]).await?.iter().map(used).collect()
    }

    /// Notes of texts that were kept before that was noted which version they are, as consents on them say.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn complete_texts(&self) -> Result<(), StoreError> {
        while self.people(Complete).await? > 0 {}
        Ok(())
    }
}

struct Complete;

impl Work for Complete {
    type Told = usize;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<usize, StoreError> {
        let unknown = desk.transaction.read("SELECT sha256 FROM notices WHERE version = '' LIMIT $1", &[AT_ONCE.into()]).await?;
        for row in &unknown {
            let sha256 = row.text(0)?;
            let condition = "id = (SELECT min(id) FROM consents WHERE notice = $1)";
            let consent = kept::consents(desk, condition, &[sha256.into()]).await?.pop().map(|kept| kept.consent.notice);
            let named = consent.as_ref().filter(|notice| !notice.id.is_empty());
            let (version, language) = named.map_or((NONE, NONE), |notice| (&notice.id, &notice.language));
            let sql = "UPDATE notices SET version = $2, language = $3 WHERE sha256 = $1";
            desk.transaction.run(sql, &[sha256.into(), version.into(), language.into()]).await?;
        }
        Ok(unknown.len())
    }
}
