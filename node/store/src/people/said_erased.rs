//! What a client says that it erased: all up to a number, or these. Tombstones with which no client is behind any more may be acknowledged then.

use std::collections::{BTreeMap, BTreeSet};

use polder_consent::processing::{Action, Processed, Subject, activity};
use polder_consent::retained::MOST_RETAINED;
use polder_consent::{Epoch, Retained};
use polder_model::Timestamp;

use super::copies::Sent;
use super::erasures::{Keeps, NotErased, NotKept, Settled, retained, retained_text, taken};
use super::tombstones::ids;
use super::workers::{fields, id};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::{Value, list};

/// Which erasures.
pub(super) enum Meant {
    UpTo(u64),
    These(BTreeSet<u64>),
}

/// A client says that it erased something.
pub(super) struct Done {
    pub client: String,
    pub meant: Meant,
    pub keeps: Vec<Keeps>,
    pub now: Timestamp,
}

impl Work for Done {
    type Told = Result<Vec<Settled>, NotErased>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let kept = match self.judge(desk).await? {
            Ok(kept) => kept,
            Err(refused) => return Ok(Err(NotErased::NotKept(refused))),
        };
        let (are_listed, last) = self.are_listed(desk).await?;
        if !are_listed {
            return Ok(Err(NotErased::NotListed { last }));
        }
        let (condition, values) = self.rows()?;
        let sql = format!(
            "SELECT DISTINCT source, handle, purpose, epoch, fields, tombstone, named FROM erasures
            WHERE client = $1 AND NOT done AND {condition} ORDER BY tombstone"
        );
        let done = desk.transaction.read(sql, &values).await?;
        let sql = format!("UPDATE erasures SET done = TRUE, seen_as = '' WHERE client = $1 AND {condition} AND NOT done");
        desk.transaction.run(sql, &values).await?;
        for (number, retained) in kept {
            let (text, until) = retained_text(&retained)?;
            let sql = "UPDATE erasures SET retained = $2, retained_until = $3 WHERE number = $1";
            desk.transaction.run(sql, &[rows::number(number)?.into(), (&text).into(), until.into()]).await?;
        }
        let mut settled = Vec::new();
        for row in done {
            let sent = Sent {
                source: id(&row, 0)?,
                handle: id(&row, 1)?,
                purpose: id(&row, 2)?,
                epoch: Epoch(row::counter(&row, 3)?),
                fields: fields(&row, 4)?,
                tombstone: id(&row, 5)?,
                named: ids(&row, 6)?,
            };
            let taken = taken(desk, &sent, self.now).await?;
            if taken.waiting == 0 {
                let subject = Subject::Person { source: sent.source.clone(), handle: sent.handle };
                let record = Processed::at(self.now, Action::CopyErased, activity(sent.purpose), subject);
                desk.batch.note(Processed { processor: Some(sent.source.clone()), ..record });
                settled.push(Settled { source: sent.source, tombstone: sent.tombstone, taken });
            }
        }
        Ok(Ok(settled))
    }
}

impl Done {
    /// The rows that are meant, and the values in their places; the first is the client.
    fn rows(&self) -> Result<(String, Vec<Value<'_>>), StoreError> {
        let mut values = vec![(&self.client).into()];
        match &self.meant {
            Meant::UpTo(number) => {
                values.push(rows::number(*number)?.into());
                Ok(("number <= $2".to_owned(), values))
            }
            Meant::These(numbers) => {
                let mut named = numbers.iter().map(|number| rows::number(*number)).collect::<Result<Vec<i64>, _>>()?;
                // As many as the list has places.
                named.resize(named.len().max(1).next_power_of_two(), named.last().copied().unwrap_or_default());
                values.extend(named.into_iter().map(Value::from));
                Ok((format!("number IN {}", list(2, numbers.len())), values))
            }
        }
    }

    /// Whether all that is meant is listed for this client, done or not; the last number that is.
    async fn are_listed(&self, desk: &mut Desk<'_, '_>) -> Result<(bool, u64), StoreError> {
        let sql = "SELECT number FROM erasures WHERE client = $1 ORDER BY number DESC LIMIT 1";
        let last = desk.transaction.read(sql, &[(&self.client).into()]).await?;
        let last = last.first().map_or(Ok(0), |row| row::counter(row, 0))?;
        let numbers = match &self.meant {
            Meant::UpTo(number) => return Ok((*number <= last, last)),
            Meant::These(numbers) => numbers,
        };
        let (condition, values) = self.rows()?;
        let found = desk.transaction.read(format!("SELECT number FROM erasures WHERE client = $1 AND {condition}"), &values).await?;
        Ok((!numbers.is_empty() && found.len() == numbers.len(), last))
    }

    /// Whether it may be that an erasure of this number is meant.
    fn may_mean(&self, number: u64) -> bool {
        match &self.meant {
            Meant::UpTo(last) => number <= *last,
            Meant::These(numbers) => numbers.contains(&number),
        }
    }

    /// What is kept of each erasure, or what of it cannot be. What was said before, word for word, was noted before.
    async fn judge(&self, desk: &mut Desk<'_, '_>) -> Result<Result<BTreeMap<u64, Vec<Retained>>, Vec<(usize, NotKept)>>, StoreError> {
        let (mut kept, mut refused) = (BTreeMap::<u64, Vec<Retained>>::new(), Vec::new());
        for (place, Keeps { number, retained: said }) in self.keeps.iter().enumerate() {
            let sql = "SELECT done, held, retained FROM erasures WHERE client = $1 AND number = $2";
            let found = desk.transaction.read(sql, &[(&self.client).into(), rows::number(*number)?.into()]).await?;
            let Some(found) = found.first().filter(|_| self.may_mean(*number)) else {
                refused.push((place, NotKept::Unknown));
                continue;
            };
            if found.boolean(0)? {
                if !retained(found, 2)?.contains(said) {
                    refused.push((place, NotKept::Unknown));
                }
                continue;
            }
            let held = fields(found, 1)?;
            let all = kept.entry(*number).or_default();
            if !said.fields.is_within(held) {
                refused.push((place, NotKept::Fields(held)));
            } else if all.len() >= MOST_RETAINED {
                refused.push((place, NotKept::TooMany));
            } else if !all.contains(said) {
                all.push(said.clone());
            }
        }
        Ok(if refused.is_empty() { Ok(kept) } else { Err(refused) })
    }
}
