//! A region that begins: its first root, list and freshness, which wait together until enough people have signed each of them.

use std::fs;
use std::path::{Path, PathBuf};

use polder_model::Timestamp;
use polder_trust::register::{DocumentType, Files, Register, Root, Signed};

use super::desk::{Document, Report, Signatures, read_document};
use super::directory::write;
use crate::exit::Failure;
use crate::register_files::{fresh_path, members_path, root_path};

/// The first documents of a register, in the order in which they lie in `proposed/`: root, members, fresh.
pub(super) struct Founding {
    directory: PathBuf,
    root: Root,
    documents: Vec<Waiting>,
}

struct Waiting {
    path: PathBuf,
    signed: Signed,
    document: Document,
}

impl Founding {
    /// Whether the register of that directory still waits for its first signatures.
    pub(super) fn is_in(directory: &Path) -> bool {
        !root_path(directory, 1).exists() && directory.join("proposed/root.1.json").exists()
    }

    /// Writes the first documents, to be signed.
    pub(super) fn begin(directory: &Path, documents: &[(Signed, Document)]) -> Result<(), Failure> {
        let proposed = directory.join("proposed");
        fs::create_dir_all(&proposed).map_err(|error| Failure::configuration(format!("{}: {error}", proposed.display())))?;
        documents.iter().try_for_each(|(signed, document)| write(&proposed.join(document.file_name()), signed))
    }

    /// Reads them.
    pub(super) fn open(directory: &Path) -> Result<Self, Failure> {
        let proposed = directory.join("proposed");
        let mut documents = Vec::new();
        for name in ["root.1.json", "members.1.1.json", "fresh.1.1.json"] {
            let path = proposed.join(name);
            let (signed, document) = read_document(&path)?;
            documents.push(Waiting { path, signed, document });
        }
        let root = documents.iter().find_map(|one| if let Document::Root(root) = &one.document { Some(Root::clone(root)) } else { None });
        let root = root.ok_or_else(|| Failure::refused(format!("{}: it holds no first root", proposed.display())))?;
        Ok(Self { directory: directory.to_owned(), root, documents })
    }

    /// Takes signatures in that others gave. What they signed must be what is here.
    pub(super) fn merge(&mut self, files: &[(Signed, Document)]) -> Result<(), Failure> {
        for (signed, document) in files {
            let kind = document.kind();
            let Some(here) = self.documents.iter_mut().find(|one| one.document.kind() == kind && one.signed.bytes == signed.bytes) else {
                return Err(Failure::refused(format!(
                    "{}: this is none of the documents with which the register in {} begins; have the file sent again that its desk gave out",
                    document.version(),
                    self.directory.display()
                )));
            };
            here.signed.signatures.retain(|known| !signed.signatures.contains(known));
            here.signed.signatures.extend(signed.signatures.iter().cloned());
            write(&here.path, &here.signed)?;
        }
        Ok(())
    }

    /// What is said of each of them.
    fn reports(&self) -> Vec<Report> {
        self.documents.iter().map(|one| self.report(&one.path, &one.signed, &one.document)).collect()
    }

    /// What is said of a file that belongs to them.
    pub(super) fn report(&self, path: &Path, signed: &Signed, document: &Document) -> Report {
        Report::first(path, signed, document, &self.root)
    }

    /// Their files.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.documents.iter().map(|one| one.path.clone()).collect()
    }

    /// Puts all of them in force when enough people have signed each.
    pub(super) fn settle(self, now: Timestamp) -> Result<Vec<Report>, Failure> {
        let mut reports = self.reports();
        if !reports.iter().all(|report| report.signatures.iter().all(Signatures::complete)) {
            return Ok(reports);
        }
        self.check(now)?;
        for (one, report) in self.documents.iter().zip(&mut reports) {
            let place = match one.document.kind() {
                DocumentType::Root => root_path(&self.directory, 1),
                DocumentType::Members => members_path(&self.directory),
                DocumentType::Fresh => fresh_path(&self.directory),
            };
            write(&place, &one.signed)?;
            (report.file, report.in_force) = (place, true);
        }
        for one in &self.documents {
            fs::remove_file(&one.path).map_err(|error| Failure::configuration(format!("{}: {error}", one.path.display())))?;
        }
        // It is made again for the next proposal.
        let _ = fs::remove_dir(self.directory.join("proposed"));
        Ok(reports)
    }

    /// What nodes will say of these files.
    fn check(&self, now: Timestamp) -> Result<(), Failure> {
        let file = |index: usize| self.documents.get(index).map(|one| one.signed.to_file().into_bytes()).unwrap_or_default();
        let files = Files { roots: vec![file(0)], members: file(1), fresh: file(2) };
        let fingerprint = self.documents.first().map(|root| root.signed.sha256()).unwrap_or_default();
        let loaded = Register::load(&fingerprint, &files, None, now);
        loaded.map(|_| ()).map_err(|error| Failure::refused(format!("the register in {}: {error}", self.directory.display())))
    }
}
