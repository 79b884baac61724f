//! Searches that staff or systems saved. Each is one login's: what somebody looks for says whom they help.

use std::fmt;
use std::str::FromStr;

use polder_model::about::About;
use polder_model::{Kind, Timestamp};

use super::accounts::LoginId;
use super::workers::instant;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::random;
use crate::row::{self, Cells};
use crate::statement::Row;

/// Most searches of one login.
const MOST_OF_ONE: u64 = 50;
/// Most searches of all: each hour every one of them is asked.
const MOST: u64 = 2_000;

/// The name of a saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchId(pub(super) String);

impl fmt::Display for SearchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that names no saved search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a saved search is named by 32 hexadecimal digits")]
pub struct NoSearchId;

impl FromStr for SearchId {
    type Err = NoSearchId;
    fn from_str(text: &str) -> Result<Self, NoSearchId> {
        let is_one = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if is_one { Ok(Self(text.to_owned())) } else { Err(NoSearchId) }
    }
}

/// A search that somebody saves.
#[derive(Clone, Debug)]
pub struct Saving {
    /// Whose it is.
    pub login: LoginId,
    /// The system whose it is, which is told of what is new by an event; empty: it is of staff.
    pub client: String,
    /// How they call it.
    pub name: String,
    /// What is sought.
    pub kind: Kind,
    /// The offer of this partner for which people are sought.
    pub about: Option<About>,
    /// The question, as JSON.
    pub request: String,
    /// The present instant.
    pub now: Timestamp,
}

/// Why a search is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("as many searches are saved as may be: {MOST_OF_ONE} of one login, {MOST} of all")]
pub struct NotSaved;

/// A search that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearch {
    /// Its name here.
    pub id: SearchId,
    /// How its owner calls it.
    pub name: String,
    /// The question, as JSON.
    pub request: String,
    /// When its owner last opened it; when they saved it, where they have not.
    pub opened_at: Timestamp,
    /// How much was found that its owner has not seen.
    pub new: u64,
}

/// A search that is to be asked without its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueSearch {
    /// Its name here.
    pub id: SearchId,
    /// The question, as JSON.
    pub request: String,
}

impl Store {
    /// Saves a search. Its name, unless there are too many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn save_search(&self, saving: Saving) -> Result<Result<SearchId, NotSaved>, StoreError> {
        self.people(saving).await
    }

    /// The searches of a login, by their names.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn saved_searches(&self, login: &LoginId) -> Result<Vec<SavedSearch>, StoreError> {
        let sql = format!("{SAVED} WHERE login = $1 ORDER BY name, id");
        self.readers.read(sql, &[login.as_str().into()]).await?.iter().map(saved).collect()
    }

    /// A search of a login; `None` where they have none of that name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn saved_search(&self, login: &LoginId, id: &SearchId) -> Result<Option<SavedSearch>, StoreError> {
        let sql = format!("{SAVED} WHERE login = $1 AND id = $2");
        self.readers.read(sql, &[login.as_str().into(), (&id.0).into()]).await?.first().map(saved).transpose()
    }

    /// Somebody is here whose searches these are: they are asked for them until they have stayed away for long.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn use_searches(&self, login: LoginId, now: Timestamp) -> Result<(), StoreError> {
        self.people(Used { login, now }).await
    }

    /// Deletes a search of a login, with what it found. Whether there was one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_search(&self, login: LoginId, id: SearchId) -> Result<bool, StoreError> {
        self.people(Deleting { login, id }).await
    }

    /// Searches that are to be asked now, of systems, and of logins that were here since then; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn searches_due(&self, now: Timestamp, used_since: Timestamp, most: u32) -> Result<Vec<DueSearch>, StoreError> {
        let sql = "SELECT id, request FROM saved_searches WHERE due_at > 0 AND due_at <= $1 AND (used_at >= $2 OR client <> '') ORDER BY due_at, id LIMIT $3";
        let found = self.readers.read(sql, &[now.micros().into(), used_since.micros().into(), i64::from(most).into()]).await?;
        found.iter().map(|row| Ok(DueSearch { id: SearchId(row.text(0)?.to_owned()), request: row.text(1)?.to_owned() })).collect()
    }

    /// The offers for which searches for people are saved.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn searched_about(&self) -> Result<Vec<About>, StoreError> {
        let found = self.readers.read("SELECT DISTINCT about FROM saved_searches WHERE about <> '' ORDER BY about", &[]).await?;
        let about = |row: &Row| row.text(0)?.parse().map_err(|_| StoreError::Damaged("an offer that is none"));
        found.iter().map(about).collect()
    }

    /// Deletes the searches for people for an offer, with what they found.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_searches_about(&self, about: About) -> Result<(), StoreError> {
        self.people(DeletingAbout { about }).await
    }

    /// A search could not be asked; it is again then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn postpone_search(&self, id: SearchId, due_at: Timestamp) -> Result<(), StoreError> {
        self.people(Postponing { id, due_at }).await
    }
}

const SAVED: &str = "SELECT id, name, request, opened_at,
    (SELECT count(*) FROM saved_found WHERE saved_found.search = saved_searches.id AND NOT saved_found.seen) FROM saved_searches";

fn saved(row: &Row) -> Result<SavedSearch, StoreError> {
    Ok(SavedSearch {
        id: SearchId(row.text(0)?.to_owned()),
        name: row.text(1)?.to_owned(),
        request: row.text(2)?.to_owned(),
        opened_at: instant(row, 3)?,
        new: row::counter(row, 4)?,
    })
}

impl Work for Saving {
    type Told = Result<SearchId, NotSaved>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let sql = "SELECT count(CASE WHEN login = $1 THEN 1 ELSE NULL END), count(*) FROM saved_searches";
        let counted = desk.transaction.read(sql, &[self.login.as_str().into()]).await?;
        let counted = counted.first().ok_or(StoreError::Damaged("no count"))?;
        if row::counter(counted, 0)? >= MOST_OF_ONE || row::counter(counted, 1)? >= MOST {
            return Ok(Err(NotSaved));
        }
        let (id, secret) = (hex::encode(random::bytes::<16>()?), hex::encode(random::bytes::<32>()?));
        // Each question about people is noted and counts against a budget: those are asked by their owner alone.
        let due_at = if self.kind.is_personal() { 0 } else { self.now.micros() };
        let sql = "INSERT INTO saved_searches (id, login, name, kind, about, request, secret, made_at, used_at, opened_at, due_at, client)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, $9, $10)";
        let about = self.about.as_ref().map(About::to_string).unwrap_or_default();
        let values = [
            (&id).into(),
            self.login.as_str().into(),
            (&self.name).into(),
            self.kind.as_str().into(),
            (&about).into(),
            (&self.request).into(),
            (&secret).into(),
            self.now.micros().into(),
            due_at.into(),
            (&self.client).into(),
        ];
        desk.transaction.run(sql, &values).await?;
        Ok(Ok(SearchId(id)))
    }
}

struct Used {
    login: LoginId,
    now: Timestamp,
}

impl Work for Used {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE saved_searches SET used_at = $2 WHERE login = $1 AND used_at < $2";
        desk.transaction.run(sql, &[self.login.as_str().into(), self.now.micros().into()]).await.map(drop)
    }
}

struct Deleting {
    login: LoginId,
    id: SearchId,
}

impl Work for Deleting {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let sql = "DELETE FROM saved_searches WHERE login = $1 AND id = $2";
        let is_gone = desk.transaction.run(sql, &[self.login.as_str().into(), (&self.id.0).into()]).await? > 0;
        if is_gone {
            desk.transaction.run("DELETE FROM saved_found WHERE search = $1", &[(&self.id.0).into()]).await?;
        }
        Ok(is_gone)
    }
}

struct DeletingAbout {
    about: About,
}

impl Work for DeletingAbout {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let about = self.about.to_string();
        let of_it = "DELETE FROM saved_found WHERE search IN (SELECT id FROM saved_searches WHERE about = $1)";
        for sql in [of_it, "DELETE FROM saved_searches WHERE about = $1"] {
            desk.transaction.run(sql, &[(&about).into()]).await?;
        }
        Ok(())
    }
}

struct Postponing {
    id: SearchId,
    due_at: Timestamp,
}

impl Work for Postponing {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE saved_searches SET due_at = $2 WHERE id = $1";
        desk.transaction.run(sql, &[(&self.id.0).into(), self.due_at.micros().into()]).await.map(drop)
    }
}
