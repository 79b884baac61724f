//! Why documents are not taken in.

use super::SignedError;

/// Why a register is not taken in. The one before stays in force.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// A file is not a signed document.
    #[error("{0}: {1}")]
    Signed(&'static str, SignedError),
    /// A document is not of its form.
    #[error("{0} does not follow its schema")]
    Form(&'static str),
    /// There is no root.
    #[error("there is no root document")]
    NoRoot,
    /// The first root is not the one of the fingerprint.
    #[error("the first root has fingerprint {found}, not the one that was given to this node")]
    Fingerprint {
        /// The fingerprint found.
        found: String,
    },
    /// Too many roots.
    #[error("more than 64 root steps")]
    TooManySteps,
    /// A root does not follow on the one before.
    #[error("root {found} follows on root {before}: each root is one version later than the one before")]
    RootSkipped {
        /// The version found.
        found: u64,
        /// The version before it.
        before: u64,
    },
    /// Not enough distinct keys signed.
    #[error("{document}: {found} of the {needed} distinct keys that must sign did")]
    Threshold {
        /// Which document, and under which keys.
        document: &'static str,
        /// How many signed.
        found: usize,
        /// How many must.
        needed: usize,
    },
    /// A document has expired.
    #[error("{0} has expired; ask a registrar for a newer one")]
    Expired(&'static str),
    /// A document is of another region.
    #[error("{0} is of another region")]
    Region(&'static str),
    /// An older register than the one in force.
    #[error("this register is older than the one in force")]
    Rollback,
    /// Two different documents with the same version: someone shows different lists to different people. Both are evidence.
    #[error("members epoch {epoch} version {version} exist with hash {known} and with hash {found}: keep both files and tell the stewards")]
    Equivocation {
        /// The epoch.
        epoch: u64,
        /// The version.
        version: u64,
        /// SHA-256 of the one in force.
        known: String,
        /// SHA-256 of the other.
        found: String,
    },
    /// Members that stand directly after others name another document as the one before.
    #[error(
        "members epoch {epoch} version {version} do not follow on the version before them, but on another document: keep both files and tell the stewards"
    )]
    Forked {
        /// The epoch.
        epoch: u64,
        /// The version.
        version: u64,
    },
    /// Two different roots with the same version.
    #[error("root {version} exists in two forms: keep both files and tell the stewards")]
    TwoRoots {
        /// The version.
        version: u64,
    },
    /// A contradiction is open.
    #[error("two lists contradict each other and no root has settled it; nothing else is taken until the stewards sign one")]
    Stopped,
    /// The freshness is about other members.
    #[error("the freshness document is about other members than these")]
    NotFresh,
    /// The members contradict themselves.
    #[error("the members name a partner, a TLS key or a message key twice")]
    Ambiguous,
}
