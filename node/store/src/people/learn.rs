//! A node that was restored from a backup learns from a source what it gave this node, and ended.

use polder_consent::processing::{Chain, TraceId};
use polder_consent::{Epoch, FieldSet, TombstoneId};
use polder_model::{PartnerId, Timestamp};
use sha2::{Digest, Sha256};

use super::copies::{self, Came, Sent, UNKNOWN};
use super::recollect::Recollected;
use super::{Desk, Work, reopening};
use crate::error::StoreError;

pub(super) struct Learn {
    pub source: PartnerId,
    pub said: Vec<Recollected>,
    pub clients: Vec<String>,
    pub is_last: bool,
    pub now: Timestamp,
}

impl Work for Learn {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        for said in &self.said {
            self.line(desk, said).await?;
        }
        if self.is_last {
            reopening::answered(desk, &self.source).await?;
        }
        Ok(())
    }
}

impl Learn {
    async fn line(&self, desk: &mut Desk<'_, '_>, said: &Recollected) -> Result<(), StoreError> {
        let (handle, purpose) = (said.handle, said.purpose);
        for copy in said.copies.iter().filter(|copy| copy.use_until > self.now) {
            let came = Came {
                disclosure: copy.disclosure,
                source: self.source.clone(),
                handle,
                purpose,
                epoch: copy.epoch,
                fields: copy.fields,
                about: copy.about.clone(),
                client: UNKNOWN.to_owned(),
                // It belongs to no question of now.
                chain: Chain { trace: TraceId::from_bytes([0; 16]), parent: None, transaction: None },
                use_until: copy.use_until,
            };
            copies::insert(desk, &came, copy.at).await?;
        }
        copies::take_away(desk, &self.source, handle, &said.erased, self.now).await?;
        if said.ended == Epoch(0) {
            return Ok(());
        }
        let (source, epoch, fields) = (self.source.clone(), said.ended, FieldSet::NONE);
        let sent = Sent { tombstone: self.tombstone(said), source, handle, purpose, epoch, fields, named: Vec::new() };
        // What its source knows to be erased everywhere nobody is asked for.
        let is_held = said.held.iter().any(|held| *held <= said.ended);
        copies::recall(desk, sent, if is_held { &self.clients } else { &[] }, self.now).await
    }

    /// What stands for the tombstones of that epoch and before. The same each time that it is said: nobody is asked twice.
    fn tombstone(&self, said: &Recollected) -> TombstoneId {
        let name = format!("{} {} {} {}", self.source, said.handle, said.purpose, said.ended.0);
        let digest: [u8; 32] = Sha256::digest(name).into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        TombstoneId::from_random(id)
    }
}
