//! A round at the log: what is new is signed, and who has not cosigned it, or not lately, is asked to.

use polder_trust::log::{Origin, SignedCheckpoint};

use super::gather::Asked;
use super::sign::{Pace, kept, read};
use super::standing::LogNow;
use super::{LogFailed, LogPeers};
use crate::duties::Duty;
use crate::node::Node;

/// After so many seconds what was cosigned is cosigned anew, so that all can see that the log is alive. Well within a day, so that a witness that is
/// away for some hours does no harm.
pub(super) const RENEWED_SECONDS: i64 = 12 * 3_600;

impl Node {
    /// One round: signs what is new, unless this node has no key, and has it cosigned by those who have not yet. Of several replicas one does it. How
    /// the log stands then.
    ///
    /// # Errors
    /// When the database cannot be used, or what is kept of the log does not fit together.
    pub async fn tend_log(&self, peers: &dyn LogPeers, pace: Pace) -> Result<LogNow, LogFailed> {
        let _one = self.log().round.lock().await;
        let tended = self.round(peers, pace).await;
        let found = self.look_at_log().await?;
        tended.map(|()| found)
    }

    async fn round(&self, peers: &dyn LogPeers, pace: Pace) -> Result<(), LogFailed> {
        let (Some(key), Some(origin)) = (self.signing_key(), self.log_origin()) else { return Ok(()) };
        let (last, is_due) = self.last_checkpoint(pace).await?;
        let asked = last.as_ref().map(|last| read(last, &origin).map(|signed| self.asked(&signed, last))).transpose()?;
        let has_work = is_due || asked.is_some_and(|asked| asked.has_work());
        if !has_work || !self.takes_on(Duty::TendLog).await? {
            return Ok(());
        }
        if is_due {
            self.sign_news(key, &origin).await?;
        }
        self.have_cosigned(peers, &origin).await
    }

    /// Has the last checkpoint cosigned by those who are due, and keeps what came.
    async fn have_cosigned(&self, peers: &dyn LogPeers, origin: &Origin) -> Result<(), LogFailed> {
        let Some(last) = self.store().reader().log_state().await?.last else { return Ok(()) };
        let mut signed = read(&last, origin)?;
        let asked = self.asked(&signed, &last);
        self.sign_anew(&mut signed);
        self.gather(peers, &mut signed, &asked).await?;
        let cosigned_at = asked.witnesses.cosigned_at(&signed, self.now()).max(last.cosigned_at);
        let now = kept(&signed, last.at, cosigned_at);
        if now != last && !self.store().replace_checkpoint(&last.note, now).await? {
            tracing::debug!("another replica has had the checkpoint cosigned meanwhile");
        }
        Ok(())
    }

    /// Signs it with the present key, where the register knows that one and it was signed with an earlier one.
    fn sign_anew(&self, signed: &mut SignedCheckpoint) {
        let (register, Some(key)) = (self.register(), self.signing_key()) else { return };
        let keys = register.member(&self.home().partner).map(|own| own.keys_at(self.now())).unwrap_or_default();
        if keys.contains(&key.public()) && signed.is_signed(&keys) != Ok(true) {
            *signed = signed.checkpoint().clone().sign(key);
        }
    }

    /// Who is to be asked to cosign that checkpoint now.
    fn asked(&self, signed: &SignedCheckpoint, last: &polder_store::KeptCheckpoint) -> Asked {
        Asked::new(self, signed, last)
    }
}
