//! What the log says of the register in force.

use polder_trust::register::{Adopted, Register, RegisterError};

const OPEN: &str = "a contradiction is open: this list stays in force for public offers, no other is taken, and nothing personal leaves until the \
                    stewards recover (docs/register.md)";

/// Says why something in the files was not taken at a start. A contradiction is said where it is found.
pub(super) fn files_refused(region: &str, error: &RegisterError) {
    match error {
        RegisterError::Rollback => {
            tracing::info!(region, "the register's files are older than what this node took from its peers, which stays in force");
        }
        RegisterError::Equivocation { .. } | RegisterError::Forked { .. } | RegisterError::TwoRoots { .. } | RegisterError::Stopped => {}
        error => {
            tracing::warn!(region, %error, "the register's files do not hold beside what is in force, which stays; ask a registrar for newer files");
        }
    }
}

/// Says what a node begins with.
pub(super) fn at_start(register: &Register) {
    let Adopted { root, epoch, version, .. } = register.adopted();
    let region = register.region();
    if register.is_contradicted() {
        tracing::warn!(region, root, epoch, version, "{OPEN}");
    } else {
        tracing::info!(region, root, epoch, version, until = %register.fresh_until(), "the register is in force");
    }
}

/// Says what is in force now that was not before.
pub(super) fn in_force(known: Option<&Register>, register: &Register, from: &str) {
    let Adopted { root, epoch, version, sha256 } = register.adopted();
    let region = register.region();
    let same = |known: &Register| (known.adopted().epoch, known.adopted().version, &known.adopted().sha256) == (*epoch, *version, sha256);
    match known {
        Some(known) if register.is_contradicted() && !known.is_contradicted() => {
            tracing::warn!(region, from, root, epoch, version, "{OPEN}")
        }
        Some(known) if same(known) && known.adopted().root == *root => {
            tracing::info!(region, from, epoch, version, until = %register.fresh_until(), "newer freshness is in force");
        }
        Some(known) if same(known) => {
            tracing::info!(region, from, root, epoch, version, "a newer root is in force, with the same list of members")
        }
        Some(known) if known.adopted().root == *root => {
            tracing::info!(region, from, root, epoch, version, "a newer list of members is in force")
        }
        Some(_) => tracing::info!(region, from, root, epoch, version, "a newer root and a newer list of members are in force"),
        None => tracing::info!(region, from, root, epoch, version, "the register of another region is in force beside the own"),
    }
}
