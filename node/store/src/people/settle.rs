//! Views follow skill offers and consents, in the transaction that changed either.

use std::collections::HashMap;
use std::sync::Arc;

use polder_consent::processing::{Action, KEEPING_PROFILES, Processed, Subject};
use polder_consent::view::{self, Grant};
use polder_consent::{FieldSet, ViewId, What, WorkerId};
use polder_model::features::Audience;
use polder_model::{Kind, Purpose, Timestamp};
use sha2::{Digest, Sha256};

use super::workers::{fields, id};
use super::{Desk, correct, decide, kept, workers};
use crate::audience;
use crate::batch::Batch;
use crate::engine::Transaction;
use crate::error::StoreError;
use crate::row::{self, Cells};
use crate::types::Change;
use crate::{random, rows};

/// How long the row of a view stays that nobody may see any more, in seconds: longer than a replica may be behind.
pub(super) const GONE_SECONDS: i64 = 86_400;

/// A view's row, as it is or as it will be.
struct Present {
    id: ViewId,
    version: u64,
    deleted: bool,
    modified_at: Timestamp,
    sha256: String,
    recipients: String,
}

/// Makes the views anew of every worker whose skill offer or consents this transaction changed.
pub(crate) async fn settle(transaction: &mut Transaction<'_>, batch: &mut Batch) -> Result<(), StoreError> {
    let desk = &mut Desk { transaction, batch };
    for (offer, now) in desk.batch.take_skill_offers() {
        let there = workers::offer(desk, &offer).await?.is_some();
        let known = workers::of_offer(desk, &offer).await?;
        let worker = match known {
            Some(worker) => worker,
            None => match workers::named(desk, &offer, now).await? {
                Some(worker) => worker,
                None => continue,
            },
        };
        let action = if there { Action::ProfilePublished } else { Action::ProfileRemoved };
        desk.batch.note(Processed::at(now, action, KEEPING_PROFILES, Subject::Worker(worker)));
        if known.is_none() {
            // Nobody has decided anything yet: there is nothing to be seen.
            continue;
        }
        if !there {
            // Who deletes a profile ends what was to be seen of it: whoever has a copy is to erase it.
            decide::end_all(desk, worker, What::Revoke, now).await?;
        }
        correct::correct(desk, worker, &offer, now).await?;
        desk.batch.unsettle(worker, now);
    }
    for (worker, now) in desk.batch.take_unsettled() {
        remake(desk, worker, now).await?;
    }
    Ok(())
}

async fn remake(desk: &mut Desk<'_, '_>, worker: WorkerId, now: Timestamp) -> Result<(), StoreError> {
    let wanted = wanted(desk, worker, now).await?;
    let mut present = present(desk, worker).await?;
    // The day alone: two partners who see different views of one worker would know them by the instant at which both changed.
    let day = now.date().start();
    for view in wanted {
        let sha256 = hex::encode(Sha256::digest(&view.document));
        let before = present.remove(&(view.purpose, view.fields));
        let same = before.as_ref().is_some_and(|before| before.sha256 == sha256);
        if same && before.as_ref().is_some_and(|before| audience::is_of(&before.recipients, &view.recipients)) {
            continue;
        }
        // What may be seen is the same: version and time stay, whoever comes or goes. One that was gone has no row here: whoever sees it now does not
        // learn from its name or version that others saw it before.
        let (version, modified_at) = match &before {
            Some(before) if same => (before.version, before.modified_at),
            Some(before) => (before.version + 1, day),
            None => (1, day),
        };
        let view_id = match &before {
            Some(before) => before.id,
            None => ViewId::from_random(random::bytes()?),
        };
        let recipients = audience::text(&view.recipients, before.as_ref().map_or("", |before| before.recipients.as_str()), version);
        let next = Present { id: view_id, version, deleted: false, modified_at, sha256, recipients };
        write(desk, worker, (view.purpose, view.fields), &next, Some(view.document), before.is_none()).await?;
    }
    for (which, gone) in present {
        let next = Present { deleted: true, modified_at: day, sha256: String::new(), recipients: String::new(), ..gone };
        write(desk, worker, which, &next, None, false).await?;
    }
    Ok(())
}

/// The views of a worker as they should be.
async fn wanted(desk: &mut Desk<'_, '_>, worker: WorkerId, now: Timestamp) -> Result<Vec<view::View>, StoreError> {
    let Some(document) = workers::document_of(desk, worker).await? else { return Ok(Vec::new()) };
    let kept = kept::open_of(desk, worker).await?;
    let given = kept.into_iter().filter(|kept| kept.is_given(now));
    let grants: Vec<Grant> =
        given.map(|kept| Grant { purpose: kept.consent.purpose, recipient: kept.consent.recipient, fields: kept.consent.fields }).collect();
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    view::views(&document, &grants).map_err(|_| StoreError::Damaged("a skill offer that cannot be read"))
}

async fn present(desk: &mut Desk<'_, '_>, worker: WorkerId) -> Result<HashMap<(Purpose, FieldSet), Present>, StoreError> {
    let sql = "SELECT id, purpose, fields, version, modified_at, sha256, recipients FROM views WHERE worker = $1 AND NOT deleted";
    let mut present = HashMap::new();
    for found in desk.transaction.read(sql, &[(&worker.to_string()).into()]).await? {
        let view = Present {
            id: id(&found, 0)?,
            version: row::counter(&found, 3)?,
            deleted: false,
            modified_at: Timestamp::from_micros(found.integer(4)?),
            sha256: found.text(5)?.to_owned(),
            recipients: found.text(6)?.to_owned(),
        };
        present.insert((id(&found, 1)?, fields(&found, 2)?), view);
    }
    Ok(present)
}

async fn write(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    (purpose, fields): (Purpose, FieldSet),
    view: &Present,
    document: Option<Vec<u8>>,
    is_new: bool,
) -> Result<(), StoreError> {
    let audience = Audience { recipients: Some(audience::partners(&view.recipients)?), purposes: Some(vec![purpose]), until: None };
    let name = view.id.to_string();
    let key = name.parse().map_err(|_| StoreError::Damaged("a name that is no key"))?;
    let bytes: Option<Arc<[u8]>> = document.map(Arc::from);
    let (version, modified_at) = (view.version, view.modified_at);
    let change = desk.batch.add_view(|change| Change {
        change,
        kind: Kind::SkillOffer,
        key,
        version,
        modified_at,
        document: bytes.clone(),
        features: None,
        audience: Some(audience),
    });
    let change = rows::number(change.change)?;
    let sql = if is_new {
        "INSERT INTO views (id, version, deleted, modified_at, change, sha256, recipients, document, worker, purpose, fields)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    } else {
        "UPDATE views SET version = $2, deleted = $3, modified_at = $4, change = $5, sha256 = $6, recipients = $7, document = $8
        WHERE id = $1 AND worker = $9 AND purpose = $10 AND fields = $11"
    };
    let worker = worker.to_string();
    let values = [
        (&name).into(),
        rows::number(version)?.into(),
        view.deleted.into(),
        modified_at.micros().into(),
        change.into(),
        (&view.sha256).into(),
        (&view.recipients).into(),
        bytes.as_deref().unwrap_or_default().into(),
        (&worker).into(),
        purpose.as_str().into(),
        i64::from(fields.bits()).into(),
    ];
    desk.transaction.run(sql, &values).await.map(drop)
}
