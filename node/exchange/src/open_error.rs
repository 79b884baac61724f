//! Why a node cannot be opened.

use polder_model::PartnerId;
use polder_store::StoreError;
use polder_trust::register::RegisterError;

/// Why a node could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database could not be opened.
    #[error("the database could not be opened")]
    Store(#[from] StoreError),
    /// The database belongs to another partner.
    #[error("this database belongs to {found}; this node is configured for {expected}")]
    AnotherPartner {
        /// Whose it is.
        found: String,
        /// Whose node this is.
        expected: PartnerId,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// No thread could be started.
    #[error("no thread could be started")]
    Thread(#[source] std::io::Error),
    /// The register is not that of this node, or goes back on the one that was in force when this node last ran.
    #[error("the register cannot be used")]
    Register(#[from] RegisterError),
    /// Nothing is carried that the root in force does not recognise.
    #[error("the root of this region's register does not recognise the region {0} by the fingerprint of this register's first root")]
    NotRecognised(String),
    /// A stored offer cannot be read.
    #[error("the stored {kind} {key} cannot be read; restore the database from a backup or delete the offer")]
    Unreadable {
        /// Its kind.
        kind: polder_model::Kind,
        /// Its key.
        key: polder_model::OfferKey,
    },
}
