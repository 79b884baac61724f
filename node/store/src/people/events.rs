//! What happened to consents, as it is written down: the event, its leaf in the log, and the record of the processing log.

use polder_consent::leaf::{LeafKind, NewLeaf, Salt, row_bytes};
use polder_consent::processing::{Action, Processed, Subject};
use polder_consent::{Consent, ConsentId, Event, Ground, What};
use polder_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Desk, kept, workers};
use crate::error::StoreError;
use crate::log::append;
use crate::row::Cells;
use crate::statement::Row;
use crate::{random, rows};

/// An event as it is hashed for the log.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EventRow {
    consent: ConsentId,
    number: u64,
    what: What,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ground: Option<Ground>,
}

/// Writes an event of a consent, and its leaf.
pub(super) async fn note(desk: &mut Desk<'_, '_>, consent: &Consent, before: usize, event: Event) -> Result<(), StoreError> {
    let (number, Event { what, at: now, ground }) = (before as u64 + 1, event);
    let (kind, row) = match what {
        What::Give => (LeafKind::Grant, row_bytes(consent)),
        _ => (LeafKind::Withdrawal, row_bytes(&EventRow { consent: consent.id, number, what, at: now, ground })),
    };
    let leaf = leaf(consent, kind, now, row)?;
    let salt = leaf.salt.to_hex();
    let leaf = append::append(desk.transaction, vec![leaf]).await?;
    let sql = "INSERT INTO consent_events (consent, number, what, at, ground, salt, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (id, word) = (consent.id.to_string(), word(what));
    let values = [
        (&id).into(),
        rows::number(number)?.into(),
        (&word).into(),
        now.micros().into(),
        ground.map_or("", Ground::as_str).into(),
        (&salt).into(),
        rows::number(leaf)?.into(),
    ];
    desk.transaction.run(sql, &values).await?;
    match what {
        What::Give => processed(desk, consent, Action::ConsentGiven, now),
        What::Withdraw => processed(desk, consent, Action::ConsentWithdrawn, now),
        What::Replace | What::Revoke | What::Invalidate => processed(desk, consent, Action::ConsentEnded, now),
        What::Request | What::Refuse | What::Defer => {}
    }
    Ok(())
}

/// A record of what was decided, or happened, about a consent.
pub(super) fn processed(desk: &mut Desk<'_, '_>, consent: &Consent, action: Action, now: Timestamp) {
    desk.batch.note(Processed::at(now, action, consent.activity.as_str(), Subject::Worker(consent.worker)));
}

pub(super) fn leaf(consent: &Consent, kind: LeafKind, at: Timestamp, row: Vec<u8>) -> Result<NewLeaf, StoreError> {
    let (recipient, purpose, activity) = (Some(consent.recipient.clone()), Some(consent.purpose), Some(consent.activity.clone()));
    Ok(NewLeaf { at, kind, recipient, purpose, activity, salt: Salt::from_random(random::bytes()?), row })
}

/// What is hashed for the leaf of a consent's end by its date.
pub(super) fn hashed_end(consent: &Consent) -> Vec<u8> {
    row_bytes(&(consent.id, consent.until))
}

/// What was hashed for the leaf of an event: of the columns record, consent, number, what, at, ground.
pub(super) fn hashed(row: &Row) -> Result<Vec<u8>, StoreError> {
    let what = kept::what(row.text(3)?)?;
    if what == What::Give {
        return Ok(row.bytes(0)?.to_vec());
    }
    let (at, ground) = (Timestamp::from_micros(row.integer(4)?), kept::ground(row.text(5)?)?);
    Ok(row_bytes(&EventRow { consent: workers::id(row, 1)?, number: crate::row::counter(row, 2)?, what, at, ground }))
}

/// The word of an event, as JSON has it.
fn word(what: What) -> String {
    serde_json::to_value(what).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
