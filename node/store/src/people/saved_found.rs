//! What saved searches found. It is kept by a hash alone, under a secret of that search: it says whether something is new, and nothing else.

use std::collections::HashMap;

use polder_model::event::EventType;
use polder_model::{OfferKey, PartnerId, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::saved_searches::SearchId;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::open::Store;
use crate::row::Cells;
use crate::statement::Value;

/// Most offers that an event names.
const MOST_NAMED: usize = 20;
/// Most that is remembered of what a search found.
const MOST_FOUND: i64 = 300;

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
