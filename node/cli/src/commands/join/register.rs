//! The register of the accession file beside the one that this node may have already.

use std::sync::Arc;

use polder_exchange::OpenError;
use polder_exchange::register_news::kept;
use polder_trust::register::{Files, Register, RegisterError};

use crate::accession::{Accession, place};
use crate::checks::database::open;
use crate::checks::register::pair;
use crate::config::Config;
use crate::exit::Failure;
use crate::register_files::read_register;
use crate::serve;

/// What this node has of a register.
pub(super) struct Seen {
    /// In its database: it has run before.
    kept: Option<Arc<Register>>,
    /// In its directory.
    files: Option<Register>,
}

impl Seen {
    /// Looks, and refuses what is of another region.
    pub(super) async fn look(config: &Config) -> Result<Self, Failure> {
        let fingerprint = &config.register.fingerprint;
        let another = |place: String| {
            Failure::refused(format!(
                "{place} is that of another region: a node takes part in one; make another node for this one (polder init)"
            ))
        };
        let mut seen = Self { kept: None, files: None };
        if let Some(reader) = open(&serve::database(config)?).await? {
            let held = kept(&reader, fingerprint).await;
            reader.close().await;
            let held = held.map_err(|error| match error {
                OpenError::Register(RegisterError::Fingerprint { .. }) => another("the register in the database".to_owned()),
                error => {
                    Failure::configuration(format!("the register in the database cannot be read: {}", polder_web::with_causes(&error)))
                }
            });
            seen.kept = held?.map(|held| Arc::clone(held.register()));
        }
        // What is damaged or missing there is put there anew.
        if let Ok(files) = read_register(&config.register.directory) {
            seen.files = open_files(fingerprint, &files)
                .map_err(|()| another(format!("the register in {}", config.register.directory.display())))?;
        }
        Ok(seen)
    }

    /// The latest of what this node has and what it is offered.
    pub(super) fn in_force(&self, offered: &Register) -> Result<Arc<Register>, Failure> {
        let mut latest = Arc::new(offered.clone());
        for known in self.kept.iter().cloned().chain(self.files.clone().map(Arc::new)) {
            let (ours, theirs) = (known.adopted(), offered.adopted());
            if (ours.epoch, ours.version) == (theirs.epoch, theirs.version) && ours.sha256 != theirs.sha256 {
                return Err(Failure::refused(format!(
                    "the accession file and this node have two different lists with the same version {}.{}: that is a contradiction. Keep the file, \
                     join no further, and send it to the stewards",
                    ours.epoch, ours.version
                )));
            }
            if later(&known, &latest) {
                latest = known;
            }
        }
        Ok(latest)
    }

    /// Puts the files in place, unless those that are there are as late. True when what this node has stays in force.
    pub(super) fn place(&self, accession: &Accession, offered: &Register, config: &Config) -> Result<bool, Failure> {
        let stays = |known: &Register| !later(offered, known);
        if !self.files.as_ref().is_some_and(stays) {
            place(&accession.files(), &config.register.directory)?;
        }
        Ok(self.kept.as_deref().is_some_and(stays) || self.files.as_ref().is_some_and(stays))
    }
}

fn later(one: &Register, other: &Register) -> bool {
    (pair(one.adopted()), one.fresh_until()) > (pair(other.adopted()), other.fresh_until())
}

/// Files that hold under that fingerprint; none where they are damaged; an error where they are of another register.
fn open_files(fingerprint: &str, files: &Files) -> Result<Option<Register>, ()> {
    match Register::open(fingerprint, files) {
        Ok(register) => Ok(Some(register)),
        Err(RegisterError::Fingerprint { .. }) => Err(()),
        Err(_) => Ok(None),
    }
}
