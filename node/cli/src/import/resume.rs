//! How far an import is, in a small file: which imports were opened at the node. The node knows their parts.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use polder_model::Kind;
use serde::{Deserialize, Serialize};

use crate::exit::Failure;
use crate::register_files::temporary_beside;

/// The imports that were begun, and the file that holds them, if any does.
#[derive(Default)]
pub(crate) struct Resume {
    path: Option<PathBuf>,
    begun: Begun,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begun {
    /// The ids of the imports of each kind, in the order in which they were opened.
    imports: BTreeMap<String, Vec<String>>,
}

impl Resume {
    /// What a file holds; nothing where there is none yet.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::configuration(format!("--resume {}: {error}", path.display()));
        let begun = match std::fs::read(path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|_| {
                Failure::configuration((
                    format!("--resume {}: this is no file that `polder import --resume` wrote", path.display()),
                    format!("--resume {}: dit bestand is niet door `polder import --resume` gemaakt", path.display()),
                ))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Begun::default(),
            Err(error) => return Err(failed(&error)),
        };
        Ok(Self { path: Some(path.to_owned()), begun })
    }

    /// The import of a kind that was begun after so many others.
    pub(super) fn import(&self, kind: Kind, after: usize) -> Option<String> {
        self.begun.imports.get(kind.as_str())?.get(after).cloned()
    }

    /// Remembers an import before anything is sent to it.
    pub(super) fn opened(&mut self, kind: Kind, id: &str) -> Result<(), Failure> {
        self.begun.imports.entry(kind.as_str().to_owned()).or_default().push(id.to_owned());
        let Some(path) = &self.path else { return Ok(()) };
        let failed = |error: &dyn std::fmt::Display| Failure::configuration(format!("--resume {}: {error}", path.display()));
        let mut file = temporary_beside(path).map_err(|error| failed(&error))?;
        let text = serde_json::to_vec(&self.begun).map_err(|error| failed(&error))?;
        file.write_all(&text).and_then(|()| file.as_file().sync_all()).map_err(|error| failed(&error))?;
        file.persist(path).map(drop).map_err(|error| failed(&error.error))
    }

    /// That the node has no room for more, and how to go on when it has.
    pub(super) fn full(&self, (says, nl): (String, String)) -> Failure {
        let (how, hoe) = match &self.path {
            Some(_) => (
                "run the same command with its --resume again: it goes on with what is not in yet",
                "geef dan dezelfde opdracht met --resume opnieuw: hij gaat verder met wat er nog niet in staat",
            ),
            None => (
                "run the same command again: what is in already stays unchanged (with --resume FILE it would go on where it was)",
                "geef dan dezelfde opdracht opnieuw: wat er al in staat verandert niet (met --resume BESTAND ging hij verder waar hij was)",
            ),
        };
        Failure::refused((format!("{says}. When there is room, {how}"), format!("{nl}. Is er weer plaats, {hoe}")))
    }

    /// Forgets it: all is in.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        match self.path.as_ref().map(std::fs::remove_file) {
            Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::configuration(format!("the file of --resume cannot be removed: {error}")))
            }
            _ => Ok(()),
        }
    }
}
