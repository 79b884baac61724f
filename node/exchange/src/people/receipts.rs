//! Receipts: what a worker keeps of what they decided, signed by this node, and the same in the words of ISO/IEC TS 27560.

use polder_consent::dpv::{self, Exported, Party, Surroundings};
use polder_consent::receipt::{CopiesThen, MOST_CONSENTS, NoReceipt};
use polder_consent::{Consent, Event, Receipt, ReceiptId};
use polder_store::StoreError;
use polder_store::people::{Kept, Tombstone};
use polder_trust::evidence::{self, EvidenceError, EvidenceKind};

use crate::node::Node;

/// The country where data is kept, and whose law applies.
const COUNTRY: &str = "NL";

/// Why there is no receipt. What it would be about is as it is all the same.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptFailed {
    /// The consents do not go together, or their events make no sense.
    #[error(transparent)]
    Consents(#[from] NoReceipt),
    /// It cannot be signed.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// This node has no key to sign with.
    #[error("this node has no key to sign with")]
    NoKey,
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Receipts of consents of one worker, as they stand now: one for each fifty, each as the signed text, and as what was signed.
    ///
    /// # Errors
    /// [`ReceiptFailed`].
    pub async fn receipts(&self, kept: &[Kept]) -> Result<Vec<(String, Receipt)>, ReceiptFailed> {
        let (now, mut all) = (self.now(), Vec::with_capacity(kept.len()));
        for one in kept {
            let copies = match self.store().copies_under(one.consent.id).await? {
                (0, _) => CopiesThen::None,
                (copies, erased) if copies == erased && self.is_retained(&one.consent).await? => CopiesThen::Retained,
                (copies, erased) if copies == erased => CopiesThen::Erased,
                _ if one.is_given(now) => CopiesThen::InUse,
                _ => CopiesThen::ToErase,
            };
            all.push((one.consent.clone(), one.events.clone(), copies));
        }
        self.receipts_of(all)
    }

    /// Whether the recipient keeps by law something of what it got under a consent.
    async fn is_retained(&self, consent: &Consent) -> Result<bool, StoreError> {
        let of_it =
            |kept: &Tombstone| kept.recipient == consent.recipient && kept.purpose == consent.purpose && consent.epoch <= kept.epoch;
        Ok(self.store().retained_of(consent.worker).await?.iter().any(of_it))
    }

    /// The same, of what is known of each.
    pub(super) fn receipts_of(&self, all: Vec<(Consent, Vec<Event>, CopiesThen)>) -> Result<Vec<(String, Receipt)>, ReceiptFailed> {
        let (now, mut receipts) = (self.now(), Vec::new());
        for some in all.chunks(MOST_CONSENTS) {
            let receipt = Receipt::new(ReceiptId::from_random(uuid::Uuid::new_v4().into_bytes()), some.to_vec(), now)?;
            let key = self.signing_key().ok_or(ReceiptFailed::NoKey)?;
            receipts.push((evidence::sign(key, EvidenceKind::Receipt, &receipt)?, receipt));
        }
        Ok(receipts)
    }

    /// A receipt in the words of ISO/IEC TS 27560 and the Data Privacy Vocabulary (JSON-LD).
    #[must_use]
    pub fn in_dpv(&self, receipt: &Receipt) -> Exported {
        let register = self.register();
        let base = register.member(&self.home().partner).and_then(|own| own.client_url.clone()).unwrap_or_default();
        let base = base.trim_end_matches('/');
        let home = self.home();
        let parties = register.members().iter().map(|member| {
            // The register says no address: of the others there is none, and of this partner its operator says it.
            let own = Some(home).filter(|home| home.partner == member.partner);
            Party {
                partner: member.partner.clone(),
                name: member.name.clone(),
                address: own.and_then(|home| home.address.clone()),
                contact: own.and_then(|home| home.contact.clone()).or_else(|| member.client_url.clone()),
            }
        });
        let around = Surroundings {
            parties: parties.collect(),
            withdraw_at: format!("{base}/v1/me/consents"),
            rights_at: format!("{base}/v1/me"),
            stored_in: COUNTRY.to_owned(),
            jurisdiction: COUNTRY.to_owned(),
        };
        dpv::export(receipt, &around)
    }
}
