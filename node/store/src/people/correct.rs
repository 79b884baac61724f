//! Correction (GDPR art. 16): who may use an old value for longer than a day is told that it is none any more.

use std::collections::BTreeMap;

use polder_consent::view::changed;
use polder_consent::withdrawal::MOST_NAMED;
use polder_consent::{DisclosureId, Epoch, FieldSet, WorkerId, rules};
use polder_model::{Kind, OfferKey, PartnerId, Purpose, Timestamp};

use super::replay::Whose;
use super::workers::{self, id};
use super::{Desk, application_told, tombstones};
use crate::error::StoreError;
use crate::row::{self, Cells};

/// Copies that are owed a correction: the latest epoch, and the rows of the ledger.
type Stale = (Epoch, Vec<DisclosureId>);

/// Owes tombstones for copies that show what this transaction changed in a skill offer.
pub(super) async fn correct(desk: &mut Desk<'_, '_>, worker: WorkerId, offer: &OfferKey, now: Timestamp) -> Result<(), StoreError> {
    // The row is written last of all: it still says what it said before.
    let sql = "SELECT document FROM offers WHERE kind = $1 AND key = $2 AND NOT deleted";
    let before = desk.transaction.read(sql, &[Kind::SkillOffer.as_str().into(), offer.as_str().into()]).await?;
    let (Some(before), Some(after)) = (before.first(), workers::offer(desk, offer).await?) else { return Ok(()) };
    let changed = changed(before.bytes(0)?, &after).map_err(|_| StoreError::Damaged("a skill offer that cannot be read"))?;
    for ((recipient, purpose), (epoch, named)) in stale(desk, worker, changed, now).await? {
        for some in named.chunks(MOST_NAMED) {
            let whose = Whose { worker, recipient: &recipient, purpose };
            tombstones::owe_correction(desk, whose, epoch, some, now).await?;
        }
        if purpose == Purpose::Application {
            application_told::send_again(desk, &named).await?;
        }
    }
    Ok(())
}

/// Copies in use that show one of these fields, and are told: by recipient and purpose.
async fn stale(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    changed: FieldSet,
    now: Timestamp,
) -> Result<BTreeMap<(PartnerId, Purpose), Stale>, StoreError> {
    let mut stale: BTreeMap<(PartnerId, Purpose), Stale> = BTreeMap::new();
    if changed.is_empty() {
        return Ok(stale);
    }
    let sql = "SELECT id, recipient, purpose, held, fields FROM disclosures WHERE worker = $1 AND NOT erased AND use_until > $2
        AND NOT EXISTS (SELECT 1 FROM tombstones WHERE tombstones.worker = disclosures.worker AND tombstones.recipient = disclosures.recipient
            AND NOT done AND named LIKE '%' || disclosures.id || '%') ORDER BY leaf";
    let name = worker.to_string();
    for row in desk.transaction.read(sql, &[(&name).into(), now.micros().into()]).await? {
        let purpose: Purpose = id(&row, 2)?;
        let shows = !workers::fields(&row, 4)?.and(changed).is_empty();
        if shows && rules(purpose).is_some_and(|rules| rules.tells_corrections()) {
            let (epoch, named) = stale.entry((id(&row, 1)?, purpose)).or_default();
            *epoch = (*epoch).max(Epoch(row::counter(&row, 3)?));
            named.push(id(&row, 0)?);
        }
    }
    Ok(stale)
}
