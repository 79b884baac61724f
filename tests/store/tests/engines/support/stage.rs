//! A store with workers: they put profiles, give consents, and are disclosed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use polder_consent::disclosure::Budget;
use polder_consent::processing::{Chain, TraceId};
use polder_consent::{
    Authentication, Consent, ConsentId, DisclosureId, Epoch, Field, FieldSet, GrantId, Handle, LegalBasis, Notice, ViewId, WorkerId,
};
use polder_model::about::About;
use polder_model::{Kind, PartnerId, Purpose};
use polder_store::people::{Disclosing, Giving};
use polder_store::{ActsFor, Change, OnCommit, Precondition, Put, Store};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use super::{Engine, Fixture, Place, at, key};

pub const CHAIN: Chain = Chain { trace: TraceId::from_bytes([0xcc; 16]), parent: None, transaction: None };
pub const FIELDS: FieldSet = FieldSet::of(&[Field::Title, Field::Skills]);
const PROFILE: &str = r#"{"title":"Onvindbaarlasser","skills":[{"uri":"https://skills.example/1"}]}"#;

pub fn partner(number: u32) -> PartnerId {
    format!("kvk:{number:08}").parse().expect("a partner")
}

/// A store with what is followed of it: views have names that nobody else knows.
pub struct Stage {
    pub store: Store,
    pub place: Place,
    pub changes: Arc<Mutex<Vec<Change>>>,
}

impl Stage {
    pub async fn set(engine: Engine) -> Self {
        let changes = Arc::<Mutex<Vec<Change>>>::default();
        let kept = Arc::clone(&changes);
        let on_commit: OnCommit = Arc::new(move |some: &[Change]| kept.lock().expect("kept").extend(some.iter().cloned()));
        let Fixture { store, place } = Fixture::telling(engine, on_commit).await;
        Self { store, place, changes }
    }

    pub async fn worker(&self, offer: &str) -> WorkerId {
        self.worker_with(offer, PROFILE).await
    }

    /// A worker with a profile of that content.
    pub async fn worker_with(&self, offer: &str, profile: &str) -> WorkerId {
        let put = Put {
            kind: Kind::SkillOffer,
            key: key(offer),
            document: profile.as_bytes().into(),
            features: None,
            organisation: "".into(),
            acts_for: ActsFor::Everyone,
            precondition: Precondition::None,
            now: at(0),
        };
        self.store.put_offer(put).await.expect("stored");
        self.store.worker_of(&key(offer), at(0)).await.expect("named").expect("there is a profile")
    }

    pub async fn give(&self, worker: WorkerId, number: u8, text: &str, between: (i64, i64)) -> Consent {
        self.give_to(partner(2), worker, number, text, between).await
    }

    pub async fn give_to(&self, recipient: PartnerId, worker: WorkerId, number: u8, text: &str, between: (i64, i64)) -> Consent {
        self.give_fields(FIELDS, recipient, worker, number, text, between).await
    }

    pub async fn give_fields(
        &self,
        fields: FieldSet,
        recipient: PartnerId,
        worker: WorkerId,
        number: u8,
        text: &str,
        (from, until): (i64, i64),
    ) -> Consent {
        let consent = Consent {
            id: ConsentId::from_random([number; 16]),
            grant_id: GrantId::from_random([99; 16]),
            worker,
            controller: partner(1),
            recipient,
            purpose: Purpose::MatchVacancy,
            epoch: Epoch::default(),
            activity: "urn:example:activity".to_owned(),
            legal_basis: LegalBasis::Consent,
            fields,
            lease_seconds: 86_400,
            notice: Notice {
                id: "urn:example:notice:1".to_owned(),
                sha256: hex::encode(Sha256::digest(text)),
                language: "nl".to_owned(),
                channel: "api".to_owned(),
            },
            authentication: Authentication { issuer: String::new(), level: String::new(), at: at(0) },
            assisted_by: None,
            from: at(from),
            until: at(until),
            renews: None,
        };
        let giving = Giving { worker, consents: vec![consent], notice: text.as_bytes().to_vec(), now: at(from) };
        self.store.give(giving).await.expect("given").expect("there is a profile").remove(0).kept.consent
    }

    /// Discloses everyone who may be seen; handles and rows of the ledger.
    pub async fn disclose(&self, now: i64) -> Vec<(Handle, DisclosureId)> {
        self.disclose_to(partner(2), now).await
    }

    pub async fn disclose_to(&self, recipient: PartnerId, now: i64) -> Vec<(Handle, DisclosureId)> {
        self.disclose_in(CHAIN, recipient, now).await
    }

    pub async fn disclose_in(&self, chain: Chain, recipient: PartnerId, now: i64) -> Vec<(Handle, DisclosureId)> {
        let last: HashMap<ViewId, u64> = {
            let changes = self.changes.lock().expect("kept");
            let views = changes.iter().filter(|change| change.audience.is_some() && change.document.is_some());
            views.map(|change| (change.key.as_str().parse().expect("a view"), change.version)).collect()
        };
        let disclosing = Disclosing {
            recipient,
            purpose: Purpose::MatchVacancy,
            about: About { kind: Kind::Vacancy, key: key("V-1") },
            activity: "urn:example:activity".to_owned(),
            candidates: last.into_iter().collect(),
            wanted: 50,
            more: false,
            budget: Budget::default(),
            now: at(now),
            chain,
            foreign: true,
            began: at(0),
        };
        let disclosed = self.store.disclose(disclosing).await.expect("written").expect("within the budget");
        disclosed.people().iter().map(|person| (person.handle, person.disclosure)).collect()
    }

    /// Every cell of every table, as text; bytes in hexadecimal digits.
    pub async fn everything(&self) -> String {
        if self.place.database.to_string().starts_with("postgres") {
            let mut connection = self.place.beside().await;
            let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()";
            let tables: Vec<String> =
                sqlx::query(sql).fetch_all(&mut connection).await.expect("read").iter().map(|row| row.get(0)).collect();
            let mut all = String::new();
            for table in tables {
                let sql = format!("SELECT t::text FROM {table} AS t");
                for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("read") {
                    all += &row.get::<String, _>(0);
                    all.push('\n');
                }
            }
            return all.to_lowercase();
        }
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.place.file()).disable_statement_logging();
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
        let tables = sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(&mut connection).await.expect("read");
        let mut all = String::new();
        for table in tables {
            let table: String = table.get(0);
            let columns = sqlx::query(AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')")));
            let columns: Vec<String> = columns.fetch_all(&mut connection).await.expect("read").iter().map(|row| row.get(0)).collect();
            let cells: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            for row in sqlx::query(AssertSqlSafe(format!("SELECT {} FROM \"{table}\"", cells.join(" || ' ' || "))))
                .fetch_all(&mut connection)
                .await
                .expect("read")
            {
                all += &row.get::<String, _>(0);
                all.push('\n');
            }
        }
        all.to_lowercase()
    }
}

/// Whether a text stands there, as it is or as its bytes.
pub fn stands(all: &str, text: &str) -> bool {
    all.contains(&text.to_lowercase()) || all.contains(&hex::encode(text))
}
