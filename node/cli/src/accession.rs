//! The accession file: all that a newcomer needs of a register, in one file (`docs/interfaces.md`, section 9).

use std::io::ErrorKind;
use std::path::Path;

use polder_model::{PartnerId, Timestamp};
use polder_trust::register::{Files, Register, RegisterError, Signed};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::exit::Failure;
use crate::register_files::{RegisterFilesError, fresh_path, members_path, read_file, root_path, write_file};

/// What the file says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Tag {
    #[serde(rename = "polder-accession/1")]
    Tag,
}

/// An accession file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accession {
    #[serde(rename = "type")]
    tag: Tag,
    /// The region.
    pub region: String,
    /// For whom it is.
    pub partner: PartnerId,
    /// SHA-256 of the first root.
    pub fingerprint: String,
    roots: Vec<Box<RawValue>>,
    members: Box<RawValue>,
    fresh: Box<RawValue>,
}

impl Accession {
    /// Puts the files of a register together for a partner.
    ///
    /// # Errors
    /// When a file is no JSON.
    pub(crate) fn of(partner: PartnerId, register: &Register, files: &Files) -> Result<Self, Failure> {
        let raw = |file: &[u8]| -> Result<Box<RawValue>, Failure> {
            let value = serde_json::from_slice(file).map_err(|error| Failure::internal(format!("a register file is no JSON: {error}")))?;
            Ok(value)
        };
        let roots = files.roots.iter().map(|root| raw(root)).collect::<Result<Vec<_>, _>>()?;
        let (members, fresh) = (raw(&files.members)?, raw(&files.fresh)?);
        let fingerprint = files.roots.first().and_then(|root| Signed::parse(root).ok()).map(|root| root.sha256()).unwrap_or_default();
        Ok(Self { tag: Tag::Tag, region: register.region().to_owned(), partner, fingerprint, roots, members, fresh })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is not whole, or is something else.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let file = read_file(path).map_err(|error| match &error {
            RegisterFilesError::Io { source, .. } if source.kind() == ErrorKind::PermissionDenied => Failure::configuration(format!(
                "{error}: the user that runs this may not read it; put the file where that user may, such as /etc/polder"
            )),
            error => Failure::configuration(error.to_string()),
        })?;
        let name = path.display();
        if serde_json::from_slice::<polder_trust::register::Member>(&file).is_ok() {
            return Err(Failure::refused(format!(
                "{name} is a request (member.json), which goes to a registrar; what comes back is the accession file"
            )));
        }
        serde_json::from_slice(&file).map_err(|error| {
            let what = if error.is_eof() { "the file is cut off" } else { "this is no accession file, or it was damaged on its way" };
            Failure::refused(format!("{name}: {what} ({error}); have the registrar send it again (polder register accession)"))
        })
    }

    /// The files of the register, as they came.
    pub(crate) fn files(&self) -> Files {
        let bytes = |value: &RawValue| format!("{}\n", value.get()).into_bytes();
        Files { roots: self.roots.iter().map(|root| bytes(root)).collect(), members: bytes(&self.members), fresh: bytes(&self.fresh) }
    }

    /// The register, judged by the fingerprint that was told: signatures and dates.
    ///
    /// # Errors
    /// What does not hold, and what to do.
    pub(crate) fn open(&self, fingerprint: &str, now: Timestamp) -> Result<Register, Failure> {
        let again = "have the registrar make a new one (polder register accession)";
        let register = Register::open(fingerprint, &self.files()).map_err(|error| match error {
            RegisterError::Fingerprint { found } => wrong_fingerprint(&found, fingerprint),
            error => Failure::refused(format!("the accession file does not hold: {error}; it was damaged or changed on its way, {again}")),
        })?;
        for (what, expires) in [("root", register.root().expires), ("list of members", register.members_document().expires)] {
            if expires <= now {
                return Err(Failure::refused(format!(
                    "the {what} in the accession file expired on {}; {again}. If that is today's file, look at this machine's clock: it says {now}",
                    expires.date()
                )));
            }
        }
        if register.region() != self.region {
            let problem = format!("it says that it is of {}, and its register is of {}", self.region, register.region());
            return Err(Failure::refused(format!("the accession file contradicts itself: {problem}; {again}")));
        }
        Ok(register)
    }

    /// The file form.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Failure::internal(error.to_string()))?;
        Ok(format!("{text}\n"))
    }
}

/// The register is not the one that was told.
pub(crate) fn wrong_fingerprint(found: &str, told: &str) -> Failure {
    Failure::refused(format!(
        "the fingerprint of this accession file is {found}, and {told} was told: do not join with it. Call the registrar on a number that you \
         know, compare again, and ask for the file once more"
    ))
}

/// Puts the files of a register in a directory. Files that say something later were looked for before.
pub(crate) fn place(files: &Files, directory: &Path) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::configuration(error.to_string());
    std::fs::create_dir_all(directory).map_err(|error| failed(&format!("{}: {error}", directory.display())))?;
    for (version, root) in (1..).zip(&files.roots) {
        write_file(&root_path(directory, version), root).map_err(|error| failed(&error))?;
    }
    write_file(&members_path(directory), &files.members).map_err(|error| failed(&error))?;
    write_file(&fresh_path(directory), &files.fresh).map_err(|error| failed(&error))
}
