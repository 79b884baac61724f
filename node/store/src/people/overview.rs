//! How things stand, for whoever looks after a node or watches over people's data: counts, and rows of the ledger by handle. No worker is named.

use polder_consent::{ConsentId, DisclosureId, FieldSet, Handle};
use polder_model::about::About;
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::Serialize;

use super::disclose::day_of;
use super::workers::{fields, id, instant};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;

/// Rows of the ledger that one look reads at most, the newest first.
pub const MOST_LOOKED_AT: u32 = 200_000;
/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// What waits until a partner has it, or has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerQueue {
    /// Which partner.
    pub partner: PartnerId,
    /// Tombstones, applications and questions what it holds.
    pub count: u64,
    /// Since when the oldest.
    pub since: Timestamp,
}

/// What a system of this partner is still to erase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToErase {
    /// Which system.
    pub client: String,
    /// How many.
    pub count: u64,
    /// Since when the oldest.
    pub since: Timestamp,
}

/// How much left to a partner in a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosedInDay {
    /// The day, counted from 1970 (UTC).
    pub day: i64,
    /// To whom.
    pub recipient: PartnerId,
    /// How many disclosures.
    pub count: u64,
}

/// What a partner learnt of this node's people in a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learnt {
    /// Who.
    pub recipient: PartnerId,
    /// The day, counted from 1970 (UTC).
    pub day: i64,
    /// Distinct workers.
    pub workers: u64,
    /// Narrow answers.
    pub narrow: u64,
}

/// A copy that left, by the handle under which its recipient knows the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftCopy {
    /// The disclosure.
    pub disclosure: DisclosureId,
    /// The worker, as the recipient knows them; left out where it is not kept any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// What for.
    pub purpose: Purpose,
    /// Under which consent.
    pub consent: ConsentId,
    /// What went.
    pub fields: FieldSet,
    /// For which offer of the recipient.
    pub about: About,
    /// When.
    pub at: Timestamp,
    /// Until when the recipient may use it.
    pub use_until: Timestamp,
    /// Whether the recipient has said that it erased it.
    pub erased: bool,
    /// Whether the recipient was told to erase it, or a part of it, and has not said that it did.
    pub to_erase: bool,
    /// Whether its consent is not in force any more.
    #[serde(rename = "consentEnded")]
    pub ended: bool,
    /// The number of its leaf of the log.
    pub leaf: u64,
}

/// Where somebody is logged in, and how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoggedInNow {
    /// Workers, at the portal.
    pub portal: u64,
    /// Programs that workers let act for them.
    pub programs: u64,
    /// Staff, at the desk.
    pub desk: u64,
}

impl Store {
    /// What waits for partners, by partner.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting(&self) -> Result<Vec<PartnerQueue>, StoreError> {
        let sql = "SELECT recipient, count(*), min(since) FROM (
            SELECT recipient, at AS since FROM tombstones WHERE NOT done
            UNION ALL SELECT recipient, at AS since FROM applications_sent WHERE state = 'waiting'
            UNION ALL SELECT recipient, since FROM holdings WHERE answered_at = 0
            ) AS waiting GROUP BY recipient ORDER BY recipient";
        let rows = self.readers.read(sql, &[]).await?;
        rows.iter().map(|row| Ok(PartnerQueue { partner: id(row, 0)?, count: row::counter(row, 1)?, since: instant(row, 2)? })).collect()
    }

    /// What each partner is still to erase of this node's people, and say so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn to_erase_elsewhere(&self) -> Result<Vec<PartnerQueue>, StoreError> {
        let sql = "SELECT recipient, count(*), min(at) FROM tombstones WHERE NOT done GROUP BY recipient ORDER BY min(at), recipient";
        let rows = self.readers.read(sql, &[]).await?;
        rows.iter().map(|row| Ok(PartnerQueue { partner: id(row, 0)?, count: row::counter(row, 1)?, since: instant(row, 2)? })).collect()
    }

    /// What each of this partner's own systems is still to erase.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn to_erase_here(&self) -> Result<Vec<ToErase>, StoreError> {
        let sql = "SELECT client, count(*), min(at) FROM erasures WHERE NOT done GROUP BY client ORDER BY min(at), client";
        let rows = self.readers.read(sql, &[]).await?;
        let one = |row: &Row| Ok(ToErase { client: row.text(0)?.to_owned(), count: row::counter(row, 1)?, since: instant(row, 2)? });
        rows.iter().map(one).collect()
    }

    /// How much left in each day since an instant, to whom. Of the newest [`MOST_LOOKED_AT`] rows; also whether there are more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn disclosed_by_day(&self, since: Timestamp) -> Result<(Vec<DisclosedInDay>, bool), StoreError> {
        let sql = "SELECT at / $3, recipient, count(*) FROM
            (SELECT at, recipient FROM disclosures WHERE at >= $1 ORDER BY at DESC LIMIT $2) AS newest
            GROUP BY 1, 2 ORDER BY 1, 2";
        let rows = self.readers.read(sql, &[since.micros().into(), i64::from(MOST_LOOKED_AT).into(), DAY.into()]).await?;
        let one = |row: &Row| Ok(DisclosedInDay { day: row.integer(0)?, recipient: id(row, 1)?, count: row::counter(row, 2)? });
        let all = rows.iter().map(one).collect::<Result<Vec<_>, StoreError>>()?;
        let counted: u64 = all.iter().map(|one| one.count).sum();
        Ok((all, counted >= u64::from(MOST_LOOKED_AT)))
    }

    /// What partners learnt in the day of an instant and the day before, as long as that is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn learnt(&self, now: Timestamp) -> Result<Vec<Learnt>, StoreError> {
        let sql = "SELECT recipient, day, workers, narrow FROM budgets WHERE day >= $1 ORDER BY day DESC, workers DESC, recipient";
        let rows = self.readers.read(sql, &[(day_of(now) - 1).into()]).await?;
        let one = |row: &Row| {
            let (workers, narrow) = (row::counter(row, 2)?, row::counter(row, 3)?);
            Ok(Learnt { recipient: id(row, 0)?, day: row.integer(1)?, workers, narrow })
        };
        rows.iter().map(one).collect()
    }

    /// Copies that left to a recipient, for one purpose or for all, from an instant on, before another, the first one first; at most `most`. `None` where more than
    /// [`MOST_LOOKED_AT`] rows of all recipients would have to be looked at.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn copies_left(
        &self,
        recipient: &PartnerId,
        purpose: Option<Purpose>,
        (from, before): (Timestamp, Timestamp),
        most: u32,
    ) -> Result<Option<Vec<LeftCopy>>, StoreError> {
        let between = [from.micros().into(), before.micros().into(), i64::from(MOST_LOOKED_AT).into()];
        let sql = "SELECT count(*) FROM (SELECT 1 FROM disclosures WHERE at >= $1 AND at < $2 LIMIT $3 + 1) AS within";
        let counted = self.readers.read(sql, &between).await?;
        if counted.first().map_or(Ok(0), |row| row::counter(row, 0))? > u64::from(MOST_LOOKED_AT) {
            return Ok(None);
        }
        let sql =
            "SELECT disclosures.id, COALESCE(handle, ''), disclosures.purpose, disclosures.consent, disclosures.fields, disclosures.about,
            disclosures.at, use_until, erased, leaf, COALESCE(open, $6), EXISTS (SELECT 1 FROM tombstones
                WHERE tombstones.worker = disclosures.worker AND tombstones.recipient = disclosures.recipient
                AND tombstones.purpose = disclosures.purpose AND tombstones.epoch >= disclosures.held AND NOT done
                AND (named = '' OR named LIKE '%' || disclosures.id || '%'))
            FROM disclosures LEFT JOIN consents ON consents.id = disclosures.consent
            LEFT JOIN handles ON handles.worker = disclosures.worker AND handles.recipient = disclosures.recipient
            WHERE disclosures.at >= $1 AND disclosures.at < $2 AND disclosures.recipient = $4 AND ($5 = '' OR disclosures.purpose = $5)
            ORDER BY disclosures.at, leaf LIMIT $3";
        let purpose = purpose.map_or("", Purpose::as_str);
        let values = [between[0], between[1], i64::from(most).into(), recipient.as_str().into(), purpose.into(), false.into()];
        self.readers.read(sql, &values).await?.iter().map(left).collect::<Result<_, _>>().map(Some)
    }

    /// Of how many workers who were erased since something had left to a recipient in or around the days between two instants.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erased_since(&self, recipient: &PartnerId, (from, before): (Timestamp, Timestamp)) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM erased_from_ledger WHERE recipient = $1 AND last_day >= $2 AND first_day <= $3";
        let values = [recipient.as_str().into(), day_of(from).into(), day_of(before).into()];
        self.readers.read(sql, &values).await?.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// Who is logged in, not counting those who did nothing since `idle`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn logged_in(&self, idle: Timestamp, now: Timestamp) -> Result<LoggedInNow, StoreError> {
        let sql = "SELECT door, count(*) FROM sessions WHERE until > $1 AND (door = 'program' OR seen_at > $2) GROUP BY door";
        let mut found = LoggedInNow::default();
        for row in self.readers.read(sql, &[now.micros().into(), idle.micros().into()]).await? {
            let count = row::counter(&row, 1)?;
            match row.text(0)? {
                "portal" => found.portal = count,
                "program" => found.programs = count,
                "desk" => found.desk = count,
                _ => {}
            }
        }
        Ok(found)
    }
}

fn left(found: &Row) -> Result<LeftCopy, StoreError> {
    Ok(LeftCopy {
        disclosure: id(found, 0)?,
        handle: if found.text(1)?.is_empty() { None } else { Some(id(found, 1)?) },
        purpose: id(found, 2)?,
        consent: id(found, 3)?,
        fields: fields(found, 4)?,
        about: serde_json::from_str(found.text(5)?).map_err(|_| StoreError::Damaged("an offer that is none"))?,
        at: instant(found, 6)?,
        use_until: instant(found, 7)?,
        erased: found.boolean(8)?,
        leaf: row::counter(found, 9)?,
        ended: !found.boolean(10)?,
        to_erase: !found.boolean(8)? && found.boolean(11)?,
    })
}
