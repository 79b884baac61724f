//! Searches that staff or systems saved. Each is one login's: what somebody looks for says whom they help. What a search found is kept by a hash alone, under a secret of
//! that search: it says whether something is new, and nothing else.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use polder_model::about::About;
use polder_model::event::EventType;
use polder_model::{Kind, OfferKey, PartnerId, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::accounts::LoginId;
use super::workers::instant;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::open::Store;
use crate::random;
use crate::row::{self, Cells};
use crate::statement::{Row, Value};

/// Most searches of one login.
const MOST_OF_ONE: u64 = 50;
/// Most searches of all: each hour every one of them is asked.
const MOST: u64 = 2_000;
/// Most offers that an event names.
const MOST_NAMED: usize = 20;
/// Most that is remembered of what a search found.
const MOST_FOUND: i64 = 300;

/// The name of a saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchId(String);

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

/// Who looks at what a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Its owner: they have seen all of it now.
    Owner,
    /// Nobody; it is asked again then.
    Nobody {
        /// When.
        due_at: Timestamp,
    },
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

    /// Notes what a search found: of each, whether it is new to its owner; nothing is the first time. `None` where there is no such search any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_found(
        &self,
        id: SearchId,
        found: Vec<(PartnerId, OfferKey)>,
        look: Look,
        now: Timestamp,
    ) -> Result<Option<Vec<bool>>, StoreError> {
        self.people(Noting { id, found, look, now }).await
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

struct Noting {
    id: SearchId,
    found: Vec<(PartnerId, OfferKey)>,
    look: Look,
    now: Timestamp,
}

/// By what something that was found is known again.
fn hashed(secret: &str, (partner, key): &(PartnerId, OfferKey)) -> String {
    // The secret has always the same length, and neither name has a line break.
    let hash = Sha256::new().chain_update(secret).chain_update(partner.as_str()).chain_update(b"\n").chain_update(key.as_str());
    hex::encode(&hash.finalize()[..16])
}

impl Work for Noting {
    type Told = Option<Vec<bool>>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let search: Value<'_> = (&self.id.0).into();
        let rows = desk.transaction.read("SELECT secret, about, asked_at, client FROM saved_searches WHERE id = $1", &[search]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (secret, is_of_people, is_first) = (row.text(0)?, !row.text(1)?.is_empty(), row.integer(2)? == 0);
        let names: Vec<String> = self.found.iter().map(|one| hashed(secret, one)).collect();
        let rows = desk.transaction.read("SELECT found, seen FROM saved_found WHERE search = $1", &[search]).await?;
        let known: HashMap<&str, bool> = rows.iter().map(|row| Ok((row.text(0)?, row.boolean(1)?))).collect::<Result<_, StoreError>>()?;
        let new: Vec<bool> = names.iter().map(|name| !is_first && !known.get(name.as_str()).copied().unwrap_or(false)).collect();
        let client = row.text(3)?;
        self.tell(desk, client, &new)?;
        let now: Value<'_> = self.now.micros().into();
        match self.look {
            Look::Owner => {
                // Of people no more is kept than what was found last.
                let before = if is_of_people { "DELETE FROM saved_found" } else { "UPDATE saved_found SET seen = TRUE" };
                desk.transaction.run(format!("{before} WHERE search = $1"), &[search]).await?;
                let sql = "UPDATE saved_searches SET asked_at = $2, opened_at = $2, used_at = $2 WHERE id = $1";
                desk.transaction.run(sql, &[search, now]).await?;
            }
            Look::Nobody { due_at } => {
                // What is not found any more, or not by now, is nothing that its owner would see.
                desk.transaction.run("DELETE FROM saved_found WHERE search = $1 AND NOT seen", &[search]).await?;
                let sql = "UPDATE saved_searches SET asked_at = $2, due_at = $3 WHERE id = $1";
                desk.transaction.run(sql, &[search, now, due_at.micros().into()]).await?;
            }
        }
        // A system has been told.
        let is_seen = is_first || self.look == Look::Owner || !client.is_empty();
        self.remember(desk, &names, is_seen).await?;
        Ok(Some(new))
    }
}

/// What a system is told of a search that found something new.
#[derive(Serialize)]
struct Matched<'m> {
    search: &'m str,
    new: usize,
    offers: Vec<Match<'m>>,
}

#[derive(Serialize)]
struct Match<'m> {
    partner: &'m PartnerId,
    key: &'m OfferKey,
}

impl Noting {
    /// Tells the system whose search it is what is new.
    fn tell(&self, desk: &mut Desk<'_, '_>, client: &str, is_new: &[bool]) -> Result<(), StoreError> {
        let new: Vec<Match<'_>> =
            self.found.iter().zip(is_new).filter(|(_, is_new)| **is_new).map(|((partner, key), _)| Match { partner, key }).collect();
        if client.is_empty() || new.is_empty() {
            return Ok(());
        }
        let matched = Matched { search: &self.id.0, new: new.len(), offers: new.into_iter().take(MOST_NAMED).collect() };
        let subject = serde_json::to_string(&matched).map_err(|_| StoreError::Damaged("what was found cannot be written"))?;
        let (is, client, vacancy) = (EventType::SearchMatched, client.to_owned(), String::new());
        desk.batch.note_event(NewEvent { is, client, vacancy, subject, at: self.now });
        Ok(())
    }

    async fn remember(&self, desk: &mut Desk<'_, '_>, names: &[String], is_seen: bool) -> Result<(), StoreError> {
        if names.is_empty() {
            return Ok(());
        }
        let rows: Vec<String> = (4..4 + names.len()).map(|place| format!("($1, ${place}, $2, $3)")).collect();
        let sql = format!(
            "INSERT INTO saved_found (search, found, at, seen) VALUES {} ON CONFLICT (search, found) DO UPDATE SET at = excluded.at",
            rows.join(", ")
        );
        let mut values: Vec<Value<'_>> = vec![(&self.id.0).into(), self.now.micros().into(), is_seen.into()];
        values.extend(names.iter().map(Value::from));
        desk.transaction.run(sql, &values).await?;
        let sql = "DELETE FROM saved_found WHERE search = $1 AND found NOT IN
            (SELECT found FROM saved_found WHERE search = $1 ORDER BY at DESC, found LIMIT $2)";
        desk.transaction.run(sql, &[(&self.id.0).into(), MOST_FOUND.into()]).await.map(drop)
    }
}
