//! Disclosing: consent is re-checked, the ledger written and the budget spent in one transaction. No row, no bytes.

use std::collections::{HashMap, HashSet};

use polder_consent::leaf::{LeafKind, NewLeaf, Salt, row_bytes};
use polder_consent::processing::{Action, Chain, Processed, SpanId, Status, Subject};
use polder_consent::view::{Grant, present, visible};
use polder_consent::{Budget, Disclosure, DisclosureId, Epoch, FieldSet, Handle, Spent, ViewId, WorkerId};
use polder_model::about::{About, MOST_PEOPLE};
use polder_model::{PartnerId, Purpose, Timestamp};

use super::kept::{self, Kept};
use super::reopening::Openness;
use super::rows::{self, Row};
use super::workers::{self, Known, fields, id};
use super::{Desk, Work};
use crate::audience;
use crate::error::StoreError;
use crate::log::append;
use crate::open::Store;
use crate::random;
use crate::row::{self, Cells};
use crate::statement::{fill, list};

const DAY_MICROS: i64 = 86_400_000_000;

/// What is about to be disclosed.
#[derive(Clone, Debug)]
pub struct Disclosing {
    /// To whom.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// For which offer of the recipient.
    pub about: About,
    /// The entry of the record of processing activities.
    pub activity: String,
    /// Views in the order of the answer, each in the version that was judged; more than are wanted, so that those that fail are made up for.
    pub candidates: Vec<(ViewId, u64)>,
    /// How many are wanted; at most [`MOST_PEOPLE`].
    pub wanted: usize,
    /// Whether there are more candidates than these.
    pub more: bool,
    /// What the recipient may learn in a day.
    pub budget: Budget,
    /// Where the answer stands in a chain of processing.
    pub chain: Chain,
    /// Whether the recipient is another partner than this node's.
    pub foreign: bool,
    /// When the answer began.
    pub began: Timestamp,
    /// The present instant.
    pub now: Timestamp,
}

/// A person in an answer. A row of the ledger says that it left.
#[derive(Clone, Debug)]
pub struct Person {
    /// The view that was judged.
    pub view: ViewId,
    /// The worker, as the home node knows them; for what is on its way, never for an answer.
    pub worker: WorkerId,
    /// The worker, as the recipient knows them.
    pub handle: Handle,
    /// The view's version, as the recipient counts it: 1 when it could see it first.
    pub version: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// The view's exact bytes.
    pub document: Vec<u8>,
    /// The row of the ledger.
    pub disclosure: DisclosureId,
    /// The consent's epoch.
    pub epoch: Epoch,
    /// The fields in the document.
    pub fields: FieldSet,
    /// Until when the recipient may use it.
    pub use_until: Timestamp,
}

/// What may leave: proof that a transaction re-checked the consent of every person in it and wrote the rows of the ledger. Nothing else makes one, and it
/// cannot be copied.
#[derive(Debug)]
pub struct Disclosed {
    people: Vec<Person>,
    more: bool,
}

impl Disclosed {
    /// One person, whose row is written.
    pub(super) fn of_one(person: Person) -> Self {
        Self { people: vec![person], more: false }
    }

    /// The people, in the order of the candidates.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Whether there are more who may be seen.
    #[must_use]
    pub fn more(&self) -> bool {
        self.more
    }
}

/// Why nothing is disclosed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The recipient has learnt as much today as one partner may.
    #[error("the budget of this partner for today is spent")]
    BudgetSpent,
    /// This node was restored from a backup, and the recipient has not said yet what it holds.
    #[error("this node was restored from a backup, and has not heard yet what this partner holds")]
    NotOpen,
}

impl Store {
    /// Discloses people to a partner: those of the candidates whom it may see now, with a row of the ledger for each, on disk when this returns.
    ///
    /// # Errors
    /// When the database cannot be written; nothing may leave then.
    pub async fn disclose(&self, disclosing: Disclosing) -> Result<Result<Disclosed, Refused>, StoreError> {
        self.people(disclosing).await
    }
}

/// A view's row.
struct Found {
    worker: WorkerId,
    version: u64,
    /// The same, as the recipient counts it.
    counted: u64,
    /// What may be seen.
    fields: FieldSet,
    modified_at: Timestamp,
    document: Vec<u8>,
}

impl Found {
    /// What leaves: of what may be seen, that which the profile has.
    fn shown(&self) -> Result<FieldSet, StoreError> {
        let members = serde_json::from_slice(&self.document).map_err(|_| StoreError::Damaged("a view that cannot be read"))?;
        Ok(present(&members, self.fields))
    }
}

impl Work for Disclosing {
    type Told = Result<Disclosed, Refused>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        if !Openness::read(desk).await?.is_open_to(&self.recipient) {
            return Ok(Err(Refused::NotOpen));
        }
        // What this transaction decided so far counts.
        super::settle(desk.transaction, desk.batch).await?;
        let (chosen, more) = self.choose(desk).await?;
        let ledger = Ledger { recipient: &self.recipient, purpose: self.purpose, activity: &self.activity, now: self.now };
        let workers: Vec<WorkerId> = chosen.iter().map(|(_, found, _)| found.worker).collect();
        let answered = self.answered()?;
        let Some(spending) = ledger.spend(desk, self.budget, &workers, chosen.len()).await? else {
            desk.batch.note(Processed { status: Status::Unset, ..answered });
            return Ok(Err(Refused::BudgetSpent));
        };
        let handles = ledger.learn(desk, &spending, &workers).await?;
        let below = Some(Chain { parent: answered.span, ..self.chain });
        desk.batch.note(answered.clone());
        let (mut people, mut rows) = (Vec::with_capacity(chosen.len()), Vec::with_capacity(chosen.len()));
        for (view, found, kept) in chosen {
            let row = Disclosure {
                id: DisclosureId::from_random(random::bytes()?),
                worker: found.worker,
                recipient: self.recipient.clone(),
                purpose: self.purpose,
                consent: kept.consent.id,
                epoch: kept.consent.epoch,
                fields: found.shown()?,
                about: self.about.clone(),
                at: self.now,
                use_until: kept.consent.use_until(self.now),
                fsc_transaction: self.chain.transaction,
            };
            people.push(Person {
                view,
                worker: found.worker,
                handle: *handles.get(&found.worker).ok_or(StoreError::Damaged("a worker without a handle"))?,
                version: found.counted,
                modified_at: found.modified_at,
                document: found.document,
                disclosure: row.id,
                epoch: row.epoch,
                fields: row.fields,
                use_until: row.use_until,
            });
            let subject = Some(Subject::Worker(row.worker));
            desk.batch.note(Processed { chain: below, span: None, action: Action::ProfileMatched, subject, ..answered.clone() });
            rows.push(row);
        }
        ledger.write(desk, &rows).await?;
        Ok(Ok(Disclosed { people, more }))
    }
}

impl Disclosing {
    /// The record of the answer, below which those of its people stand.
    fn answered(&self) -> Result<Processed, StoreError> {
        Ok(Processed {
            chain: Some(self.chain),
            span: Some(SpanId::from_bytes(random::bytes()?)),
            action: Action::PeopleAnswered,
            status: Status::Ok,
            activity: self.activity.clone(),
            subject: None,
            processor: self.foreign.then(|| self.recipient.clone()),
            began: self.began,
            ended: self.now,
        })
    }

    /// The candidates who may be seen, as many as are wanted, and whether there are more.
    async fn choose(&self, desk: &mut Desk<'_, '_>) -> Result<(Vec<(ViewId, Found, Kept)>, bool), StoreError> {
        let wanted = self.wanted.min(usize::from(MOST_PEOPLE));
        let (mut chosen, mut workers) = (Vec::new(), HashSet::new());
        // The first ones are mostly enough. Others are read where some of these may be seen no more, or where it is not known whether there are more.
        for some in self.candidates.chunks(wanted.max(1)) {
            let mut found = self.views(desk, some).await?;
            let mut consents = self.consents(desk, &found.values().map(|view| view.worker).collect()).await?;
            for (view, version) in some {
                let Some(seen) = found.remove(view).filter(|seen| seen.version == *version) else { continue };
                // One live consent for a purpose, one view of a worker: whoever was chosen is not chosen twice.
                let Some(kept) = consents.remove(&seen.worker).filter(|kept| self.is_shown_by(&seen, kept)) else { continue };
                if !workers.insert(seen.worker) {
                    continue;
                }
                if chosen.len() == wanted {
                    return Ok((chosen, true));
                }
                chosen.push((*view, seen, kept));
            }
            if chosen.len() == wanted && self.more {
                return Ok((chosen, true));
            }
        }
        Ok((chosen, self.more))
    }

    fn is_shown_by(&self, seen: &Found, kept: &Kept) -> bool {
        let grant = Grant { purpose: self.purpose, recipient: self.recipient.clone(), fields: kept.consent.fields };
        kept.is_given(self.now) && visible(&grant).is_some_and(|fields| seen.fields.is_within(fields))
    }

    async fn views(&self, desk: &mut Desk<'_, '_>, candidates: &[(ViewId, u64)]) -> Result<HashMap<ViewId, Found>, StoreError> {
        let mut found = HashMap::new();
        let ids: Vec<String> = candidates.iter().map(|(view, _)| view.to_string()).collect();
        for some in ids.chunks(128) {
            let sql = format!(
                "SELECT id, worker, version, fields, modified_at, document, recipients FROM views
                WHERE NOT deleted AND purpose = $1 AND id IN {}",
                list(2, some.len())
            );
            let mut values = vec![self.purpose.as_str().into()];
            fill(&mut values, some.iter().map(String::as_str));
            for row in desk.transaction.read(sql, &values).await? {
                let version = row::counter(&row, 2)?;
                let Some(counted) = audience::version_for(row.text(6)?, &self.recipient, version)? else { continue };
                let view = Found {
                    worker: id(&row, 1)?,
                    version,
                    counted,
                    fields: fields(&row, 3)?,
                    modified_at: Timestamp::from_micros(row.integer(4)?),
                    document: row.bytes(5)?.to_vec(),
                };
                found.insert(id(&row, 0)?, view);
            }
        }
        Ok(found)
    }

    /// The open consents of these workers for this purpose and recipient: one each.
    async fn consents(&self, desk: &mut Desk<'_, '_>, workers: &HashSet<WorkerId>) -> Result<HashMap<WorkerId, Kept>, StoreError> {
        let names: Vec<String> = workers.iter().map(WorkerId::to_string).collect();
        let mut consents = HashMap::new();
        for some in names.chunks(128) {
            let condition = format!("open AND purpose = $1 AND recipient = $2 AND worker IN {}", list(3, some.len()));
            let mut values = vec![self.purpose.as_str().into(), self.recipient.as_str().into()];
            fill(&mut values, some.iter().map(String::as_str));
            // By epoch: the latest comes last, and counts.
            for kept in kept::consents(desk, &condition, &values).await? {
                consents.insert(kept.consent.worker, kept);
            }
        }
        Ok(consents)
    }
}

/// The day of an instant (UTC), since 1970.
pub(super) fn day_of(now: Timestamp) -> i64 {
    now.micros().div_euclid(DAY_MICROS)
}

/// What an answer spends of a budget, and what the recipient knew of its workers before.
pub(super) struct Spending {
    spent: Spent,
    known: HashMap<WorkerId, Known>,
}

/// Who learns something, what for, and when.
pub(super) struct Ledger<'l> {
    pub recipient: &'l PartnerId,
    pub purpose: Purpose,
    pub activity: &'l str,
    pub now: Timestamp,
}

impl Ledger<'_> {
    /// What is spent of the budget for this answer about distinct workers; `None` where it does not reach. Nothing is written yet.
    pub(super) async fn spend(
        &self,
        desk: &mut Desk<'_, '_>,
        budget: Budget,
        workers: &[WorkerId],
        people: usize,
    ) -> Result<Option<Spending>, StoreError> {
        let day = self.day();
        let sql = "SELECT workers, narrow FROM budgets WHERE recipient = $1 AND day = $2";
        let found = desk.transaction.read(sql, &[self.recipient.as_str().into(), day.into()]).await?;
        let count = |column| -> Result<u32, StoreError> {
            let Some(row) = found.first() else { return Ok(0) };
            u32::try_from(row.integer(column)?).map_err(|_| StoreError::Damaged("a budget that is none"))
        };
        let spent = Spent { workers: count(0)?, narrow: count(1)? };
        let known = workers::known(desk, workers, self.recipient).await?;
        let new = workers.iter().filter(|worker| known.get(worker).is_none_or(|known| known.learnt != day)).count();
        Ok(budget.spend(spent, people, new).map(|spent| Spending { spent, known }))
    }

    fn day(&self) -> i64 {
        day_of(self.now)
    }

    /// Writes what is spent. What the recipient knows the workers by.
    pub(super) async fn learn(
        &self,
        desk: &mut Desk<'_, '_>,
        spending: &Spending,
        workers: &[WorkerId],
    ) -> Result<HashMap<WorkerId, Handle>, StoreError> {
        let (spent, day) = (spending.spent, self.day());
        let sql = "INSERT INTO budgets (recipient, day, workers, narrow) VALUES ($1, $2, $3, $4)
            ON CONFLICT (recipient, day) DO UPDATE SET workers = excluded.workers, narrow = excluded.narrow";
        let values = [self.recipient.as_str().into(), day.into(), i64::from(spent.workers).into(), i64::from(spent.narrow).into()];
        desk.transaction.run(sql, &values).await?;
        workers::learn(desk, workers, self.recipient, day, &spending.known).await
    }

    pub(super) async fn write(&self, desk: &mut Desk<'_, '_>, disclosures: &[Disclosure]) -> Result<(), StoreError> {
        if disclosures.is_empty() {
            return Ok(());
        }
        let (mut salts, mut leaves) = (Vec::new(), Vec::new());
        for row in disclosures {
            let salt = Salt::from_random(random::bytes()?);
            salts.push(salt);
            leaves.push(NewLeaf {
                kind: LeafKind::Disclosure,
                at: self.now,
                recipient: Some(self.recipient.clone()),
                purpose: Some(self.purpose),
                activity: Some(self.activity.to_owned()),
                salt,
                row: row_bytes(row),
            });
        }
        let first = append::append(desk.transaction, leaves).await?;
        let rows: Vec<Row<'_>> = disclosures
            .iter()
            .zip((first..).zip(salts))
            .map(|(disclosure, (leaf, salt))| Row { disclosure, salt, leaf, said: false })
            .collect();
        rows::write(desk.transaction, &rows).await
    }
}

/// Writes the row of a copy that a recipient holds and that was lost here, and a leaf for it: of the minute in which it was given.
pub(super) async fn write_found(desk: &mut Desk<'_, '_>, row: Disclosure, activity: Option<String>) -> Result<(), StoreError> {
    let salt = Salt::from_random(random::bytes()?);
    let leaf = NewLeaf {
        kind: LeafKind::Disclosure,
        at: row.at,
        recipient: Some(row.recipient.clone()),
        purpose: Some(row.purpose),
        activity,
        salt,
        row: row_bytes(&row),
    };
    let seq = append::append(desk.transaction, vec![leaf]).await?;
    rows::write(desk.transaction, &[Row { disclosure: &row, salt, leaf: seq, said: true }]).await
}
