//! Workers who log in, and which profile is theirs. Who they are at their provider is kept as a hash alone: it is enough to know them again.

use std::fmt;

use polder_consent::WorkerId;
use polder_model::{OfferKey, Timestamp};
use sha2::{Digest, Sha256};

use super::workers::named;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::random;
use crate::row;
use crate::statement::Value;

/// Somebody at a provider of log-ins: the SHA-256 of the provider and its name for them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LoginId(String);

impl LoginId {
    /// Of a subject at an issuer (OpenID Connect Core 1.0 §2: together they name one person).
    #[must_use]
    pub fn of(issuer: &str, subject: &str) -> Self {
        let mut hash = Sha256::new();
        // No URL of an issuer has a line break.
        hash.update(issuer.as_bytes());
        hash.update(b"\n");
        hash.update(subject.as_bytes());
        Self(hex::encode(hash.finalize()))
    }

    pub(super) fn kept(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LoginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginId")
    }
}

/// What became of an invitation that somebody wants to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invited {
    /// The profile is theirs.
    Taken(WorkerId),
    /// There is no such code, or its time is over, or it was taken.
    Unknown,
    /// They have a profile already.
    HasProfile,
}

impl Store {
    /// Lets whoever shows this code take over a skill offer, until then. Whether there is such an offer that nobody has.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn invite(&self, offer: OfferKey, code: &str, until: Timestamp) -> Result<bool, StoreError> {
        self.people(Invite { offer, code: hash(code), until }).await
    }

    /// Somebody who logged in shows a code.
    ///
    /// # Errors
    /// When the database cannot be written; all is as it was then.
    pub async fn take_invitation(&self, login: LoginId, code: &str, now: Timestamp) -> Result<Invited, StoreError> {
        self.people(Take { login, code: hash(code), now }).await
    }
}

fn hash(code: &str) -> String {
    hex::encode(Sha256::digest(code.as_bytes()))
}

struct Invite {
    offer: OfferKey,
    code: String,
    until: Timestamp,
}

impl Work for Invite {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        if super::workers::offer(desk, &self.offer).await?.is_none() || is_somebodys(desk, &self.offer).await? {
            return Ok(false);
        }
        // The last code counts: who asks for a new one has lost the one before.
        desk.transaction.run("DELETE FROM invitations WHERE offer = $1", &[self.offer.as_str().into()]).await?;
        let sql = "INSERT INTO invitations (code, offer, until) VALUES ($1, $2, $3)";
        desk.transaction.run(sql, &[(&self.code).into(), self.offer.as_str().into(), self.until.micros().into()]).await?;
        Ok(true)
    }
}

async fn is_somebodys(desk: &mut Desk<'_, '_>, offer: &OfferKey) -> Result<bool, StoreError> {
    Ok(!desk.transaction.read("SELECT 1 FROM accounts WHERE offer = $1", &[offer.as_str().into()]).await?.is_empty())
}

struct Take {
    login: LoginId,
    code: String,
    now: Timestamp,
}

impl Work for Take {
    type Told = Invited;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Invited, StoreError> {
        let sql = "SELECT offer FROM invitations WHERE code = $1 AND until > $2";
        let found = desk.transaction.read(sql, &[(&self.code).into(), self.now.micros().into()]).await?;
        let Some(offer) = found.first().map(|found| row::key(found, 0)).transpose()? else { return Ok(Invited::Unknown) };
        let own = account(desk, &self.login, self.now).await?;
        if super::workers::offer(desk, &own).await?.is_some() {
            return Ok(Invited::HasProfile);
        }
        if is_somebodys(desk, &offer).await? {
            return Ok(Invited::Unknown);
        }
        let Some(worker) = named(desk, &offer, self.now).await? else { return Ok(Invited::Unknown) };
        desk.transaction.run("DELETE FROM invitations WHERE offer = $1", &[offer.as_str().into()]).await?;
        let sql = "UPDATE accounts SET offer = $1 WHERE login = $2";
        desk.transaction.run(sql, &[offer.as_str().into(), self.login.as_str().into()]).await?;
        Ok(Invited::Taken(worker))
    }
}

/// The key of the profile of whoever logs in so; made the first time.
pub(super) async fn account(desk: &mut Desk<'_, '_>, login: &LoginId, now: Timestamp) -> Result<OfferKey, StoreError> {
    let name: Value<'_> = login.as_str().into();
    let found = desk.transaction.read("SELECT offer FROM accounts WHERE login = $1", &[name]).await?;
    if let Some(found) = found.first() {
        let sql = "UPDATE accounts SET seen_at = $1 WHERE login = $2";
        desk.transaction.run(sql, &[now.micros().into(), login.as_str().into()]).await?;
        return row::key(found, 0);
    }
    let text = profile_key(random::bytes()?);
    let sql = "INSERT INTO accounts (login, offer, seen_at) VALUES ($1, $2, $3)";
    desk.transaction.run(sql, &[login.as_str().into(), (&text).into(), now.micros().into()]).await?;
    text.parse().map_err(|_| StoreError::Damaged("a key that is no key"))
}

/// Letters alone: nine digits in a row may be a citizen service number, and no profile is kept under such a key.
fn profile_key(random: [u8; 16]) -> String {
    let letters = random.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'a' + half));
    "portal-".chars().chain(letters).collect()
}

/// Nobody logs in to this profile any more.
pub(super) async fn forget(desk: &mut Desk<'_, '_>, offer: &OfferKey) -> Result<(), StoreError> {
    let sql = "DELETE FROM sessions WHERE door <> 'desk' AND login IN (SELECT login FROM accounts WHERE offer = $1)";
    for sql in [sql, "DELETE FROM accounts WHERE offer = $1", "DELETE FROM invitations WHERE offer = $1"] {
        desk.transaction.run(sql, &[offer.as_str().into()]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_profile_has_no_digits_and_says_all_that_was_drawn() {
        let keys: Vec<String> = (0..=255).map(|byte| profile_key([byte; 16])).collect();
        for key in &keys {
            assert!(key.parse::<OfferKey>().is_ok() && !key.contains(|letter: char| letter.is_ascii_digit()), "{key}");
        }
        assert!(keys.iter().enumerate().all(|(at, key)| !keys[..at].contains(key)), "each draw has a key of its own");
    }
}
