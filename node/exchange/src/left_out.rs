//! That a node's own partner takes part no more, as its register says.

use polder_trust::register::Status;

use crate::node::Node;

/// The register says that the partner of this node is suspended or expelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the register says that this partner is {}: no partner answers it any more, nor is answered; ask a registrar why (docs/expelled.md)",
    if *.0 == Status::Suspended { "suspended" } else { "expelled" }
)]
pub struct LeftOut(Status);

impl Node {
    /// How its own partner stands in the register, where it does not take part.
    #[must_use]
    pub fn is_left_out(&self) -> Option<LeftOut> {
        let register = self.register();
        register.member(&self.home().partner).map(|own| own.status).filter(|status| *status != Status::Active).map(LeftOut)
    }
}
