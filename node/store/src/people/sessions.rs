//! Who is logged in. What a browser or a program shows is kept as its hash alone: who reads the database can log in as nobody.

use std::fmt;
use std::str::FromStr;

use polder_consent::WorkerId;
use polder_model::{OfferKey, Timestamp};
use sha2::{Digest, Sha256};

use super::accounts::{LoginId, account};
use super::workers::{id, instant};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;

/// Most sessions of one person at one door; the one that was used longest ago makes room.
const MOST_OF_ONE: i64 = 20;

/// The name of a session: the SHA-256 of the token that its owner shows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionId(String);

impl SessionId {
    /// Of a token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(hex::encode(Sha256::digest(token.as_bytes())))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId")
    }
}

/// Where somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// A worker, at the portal.
    Portal,
    /// A program that a worker lets act for them.
    Program,
    /// Staff of the partner, at the desk.
    Desk,
}

impl Door {
    const ALL: [Self; 3] = [Self::Portal, Self::Program, Self::Desk];

    fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Program => "program",
            Self::Desk => "desk",
        }
    }
}

/// What somebody of the partner's staff may do at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Asks the federation, asks workers, and keeps the partner's offers.
    Desk,
    /// Watches over people's data, and ends consents on a stated ground.
    PrivacyOfficer,
    /// Looks after the node.
    Administrator,
}

impl Role {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Desk, Self::PrivacyOfficer, Self::Administrator];

    /// As it is written in a configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Administrator => "administrator",
        }
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(())
    }
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Where.
    pub door: Door,
    /// Whose.
    pub login: LoginId,
    /// Who says so: the issuer.
    pub provider: String,
    /// The provider's own name for its session (`sid`); empty where it says none.
    pub provider_session: String,
    /// The level of assurance (`acr`); empty where none was said.
    pub level: String,
    /// When they showed who they are.
    pub authenticated_at: Timestamp,
    /// What they may do at the desk; nothing at the portal.
    pub roles: Vec<Role>,
    /// How they are greeted; may be empty.
    pub name: String,
    /// Since when.
    pub began_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// Until when at the longest.
    pub until: Timestamp,
}

/// A session as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedIn {
    /// The session.
    pub session: Session,
    /// The key of the worker's profile, whether it is written or not; `None` for staff.
    pub offer: Option<OfferKey>,
    /// The worker, once there is a profile.
    pub worker: Option<WorkerId>,
}

/// Which sessions end.
#[derive(Clone, Debug)]
pub enum Ends {
    /// This one.
    One(SessionId),
    /// All of a person at these doors.
    Of(LoginId, Vec<Door>),
    /// Whatever stands for a session at a provider.
    Provider {
        /// The issuer.
        provider: String,
        /// Its name for the session.
        session: String,
    },
}

const COLUMNS: &str =
    "s.door, s.login, s.provider, s.provider_session, s.level, s.authenticated_at, s.roles, s.name, s.began_at, s.seen_at, s.until";

impl Store {
    /// Somebody is logged in from now on. A worker gets an account the first time.
    ///
    /// # Errors
    /// When the database cannot be written; nobody is logged in then.
    pub async fn open_session(&self, id: SessionId, session: Session) -> Result<(), StoreError> {
        self.people(OpenSession { id, session }).await
    }

    /// A session that is in force and was used since `used_since`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session(&self, id: &SessionId, used_since: Timestamp, now: Timestamp) -> Result<Option<LoggedIn>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, COALESCE(a.offer, ''), COALESCE(w.id, '') FROM sessions s
             LEFT JOIN accounts a ON a.login = s.login AND s.door <> 'desk' LEFT JOIN workers w ON w.offer = a.offer
             WHERE s.id = $1 AND s.until > $2 AND s.seen_at > $3"
        );
        let rows = self.readers.read(sql, &[(&id.0).into(), now.micros().into(), used_since.micros().into()]).await?;
        rows.first().map(logged_in).transpose()
    }

    /// A session is used.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn see_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        self.people(See { id, now }).await
    }

    /// Ends sessions. How many there were.
    ///
    /// # Errors
    /// When the database cannot be written; they are in force still then.
    pub async fn end_sessions(&self, which: Ends) -> Result<u64, StoreError> {
        self.people(which).await
    }
}

fn logged_in(row: &Row) -> Result<LoggedIn, StoreError> {
    let door = row.text(0)?;
    let door = Door::ALL.into_iter().find(|one| one.as_str() == door).ok_or(StoreError::Damaged("a door that is none"))?;
    let roles = row.text(6)?.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>();
    let session = Session {
        door,
        login: LoginId::kept(row.text(1)?),
        provider: row.text(2)?.to_owned(),
        provider_session: row.text(3)?.to_owned(),
        level: row.text(4)?.to_owned(),
        authenticated_at: instant(row, 5)?,
        roles: roles.map_err(|()| StoreError::Damaged("a role that is none"))?,
        name: row.text(7)?.to_owned(),
        began_at: instant(row, 8)?,
        seen_at: instant(row, 9)?,
        until: instant(row, 10)?,
    };
    let offer = if row.text(11)?.is_empty() { None } else { Some(row::key(row, 11)?) };
    let worker = if row.text(12)?.is_empty() { None } else { Some(id(row, 12)?) };
    Ok(LoggedIn { session, offer, worker })
}

struct OpenSession {
    id: SessionId,
    session: Session,
}

impl Work for OpenSession {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let Self { id, session } = self;
        if session.door != Door::Desk {
            account(desk, &session.login, session.began_at).await?;
        }
        let sql = "INSERT INTO sessions (id, door, login, provider, provider_session, level, authenticated_at, roles, name, began_at, seen_at, until)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let roles: Vec<&str> = session.roles.iter().map(|role| role.as_str()).collect();
        let roles = roles.join(" ");
        let values = [
            (&id.0).into(),
            session.door.as_str().into(),
            session.login.as_str().into(),
            (&session.provider).into(),
            (&session.provider_session).into(),
            (&session.level).into(),
            session.authenticated_at.micros().into(),
            (&roles).into(),
            (&session.name).into(),
            session.began_at.micros().into(),
            session.seen_at.micros().into(),
            session.until.micros().into(),
        ];
        desk.transaction.run(sql, &values).await?;
        let sql = "DELETE FROM sessions WHERE login = $1 AND door = $2
            AND id NOT IN (SELECT id FROM sessions WHERE login = $1 AND door = $2 ORDER BY seen_at DESC, began_at DESC LIMIT $3)";
        desk.transaction.run(sql, &[session.login.as_str().into(), session.door.as_str().into(), MOST_OF_ONE.into()]).await?;
        Ok(())
    }
}

struct See {
    id: SessionId,
    now: Timestamp,
}

impl Work for See {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET seen_at = $1 WHERE id = $2 AND seen_at < $1";
        desk.transaction.run(sql, &[self.now.micros().into(), (&self.id.0).into()]).await.map(drop)
    }
}

impl Work for Ends {
    type Told = u64;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<u64, StoreError> {
        match self {
            Self::One(id) => desk.transaction.run("DELETE FROM sessions WHERE id = $1", &[(&id.0).into()]).await,
            Self::Of(login, doors) => {
                let mut ended = 0;
                for door in doors {
                    let sql = "DELETE FROM sessions WHERE login = $1 AND door = $2";
                    ended += desk.transaction.run(sql, &[login.as_str().into(), door.as_str().into()]).await?;
                }
                Ok(ended)
            }
            Self::Provider { provider, session } => {
                let sql = "DELETE FROM sessions WHERE provider = $1 AND provider_session = $2 AND provider_session <> ''";
                desk.transaction.run(sql, &[(&provider).into(), (&session).into()]).await
            }
        }
    }
}
