//! A registrar's desk: the register in a directory, the keys at hand, and proposals that wait for signatures.
//!
//! What is in force lies in `root.N.json`, `members.json` and `fresh.json`. A change is written to `proposed/` and goes into force when enough people
//! have signed it. Files pass from desk to desk by hand; `polder register sign` and `take` bring the signatures together.

use std::fs;
use std::path::{Path, PathBuf};

use polder_model::Timestamp;
use polder_trust::keys::{KeyId, SigningKey};
use polder_trust::register::{DocumentType, Fresh, KeySet, Members, Register, Root, Signed, check_root_step};
use serde::Serialize;
use serde_json::{Value, json};

use super::changes::{Change, changes};
use super::directory::{keys_at_hand, unverified, write};
use super::found::Founding;
use super::new::{DAY, FRESH_DAYS};
use super::words::{self, Saying};
use crate::exit::Failure;
use crate::register_files::{fresh_path, members_path, read_file, read_register, root_path};

/// The register in a directory.
pub(super) struct Desk {
    pub directory: PathBuf,
    pub register: Register,
}

/// A document that is signed, in force or not yet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// The file: in force, or among the proposals.
    pub file: PathBuf,
    /// `root`, `members` or `fresh`.
    pub document: &'static str,
    /// Such as `root 2` or `members 1.3`.
    pub version: String,
    /// Whether it is in force in this directory.
    pub in_force: bool,
    /// What it changes, in words.
    pub in_words: Vec<Saying>,
    /// Every single difference from the version in force, for machines.
    pub changes: Vec<Change>,
    /// Who signed, and who must.
    pub signatures: Vec<Signatures>,
    /// The other document without which this one does not go into force, where that is not here.
    #[serde(skip)]
    pub waits_for: Option<&'static str>,
}

impl Report {
    /// Of a document with which a register begins.
    pub(super) fn first(path: &Path, signed: &Signed, document: &Document, root: &Root) -> Self {
        let (name, set) = match document {
            Document::Root(own) => ("stewards", &own.stewards),
            Document::Members(_) => ("registrars", &root.registrars),
            Document::Fresh(_) => ("freshness", &root.freshness),
        };
        let signatures = vec![Signatures::of(name, document.kind(), signed, set)];
        Self {
            file: path.to_owned(),
            document: document.kind().as_str(),
            version: document.version(),
            in_force: false,
            in_words: Vec::new(),
            changes: Vec::new(),
            signatures,
            waits_for: None,
        }
    }
}

/// The signatures under one set of keys.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Signatures {
    /// Whose keys.
    pub of: &'static str,
    /// How many must sign.
    pub needed: usize,
    /// Who did.
    pub signed: Vec<KeyId>,
    /// Who did not.
    pub missing: Vec<KeyId>,
}

impl Signatures {
    pub(super) fn of(name: &'static str, kind: DocumentType, signed: &Signed, set: &KeySet) -> Self {
        let by = |key: &KeyId| set.keys.get(key).is_some_and(|public| signed.signers(kind, &KeySet::new([*public], 1)) == 1);
        let (signed, missing) = set.keys.keys().cloned().partition(by);
        Self { of: name, needed: set.threshold, signed, missing }
    }

    /// Whether enough signed.
    pub(crate) fn complete(&self) -> bool {
        self.signed.len() >= self.needed
    }
}

/// A change that waits for signatures.
pub(super) struct Proposal {
    pub path: PathBuf,
    pub signed: Signed,
    pub document: Document,
}

/// What a file says.
pub(super) enum Document {
    Root(Box<Root>),
    Members(Members),
    Fresh(Fresh),
}

impl Document {
    pub(super) fn kind(&self) -> DocumentType {
        match self {
            Self::Root(_) => DocumentType::Root,
            Self::Members(_) => DocumentType::Members,
            Self::Fresh(_) => DocumentType::Fresh,
        }
    }

    pub(super) fn version(&self) -> String {
        match self {
            Self::Root(root) => format!("root {}", root.version),
            Self::Members(members) => format!("members {}.{}", members.epoch, members.version),
            Self::Fresh(fresh) => format!("fresh {}.{}", fresh.epoch, fresh.version),
        }
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}.json", self.version().replace(' ', "."))
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Self::Root(root) => json!(root),
            Self::Members(members) => json!(members),
            Self::Fresh(fresh) => json!(fresh),
        }
    }
}

/// Reads what a file says, whoever signed it.
pub(super) fn read_document(path: &Path) -> Result<(Signed, Document), Failure> {
    let file = read_file(path).map_err(|error| Failure::configuration(error.to_string()))?;
    let (signed, value): (Signed, Value) = unverified(path, &file)?;
    let document = match value["type"].as_str() {
        Some("polder-root/1") => Document::Root(Box::new(unverified(path, &file)?.1)),
        Some("polder-members/1") => Document::Members(unverified(path, &file)?.1),
        Some("polder-fresh/1") => Document::Fresh(unverified(path, &file)?.1),
        _ => return Err(Failure::refused(format!("{}: neither root, members nor freshness of a register", path.display()))),
    };
    Ok((signed, document))
}

impl Desk {
    /// Opens the register of a directory. Its own first root is the one to go by; that something has expired is no reason not to renew it.
    pub(super) fn open(directory: &Path) -> Result<Self, Failure> {
        if Founding::is_in(directory) {
            return Err(Failure::refused(format!(
                "the register in {} still waits for its first signatures: polder register show --dir {} says whose",
                directory.display(),
                directory.display()
            )));
        }
        let files = read_register(directory).map_err(|error| Failure::configuration(error.to_string()))?;
        let refused = |problem: String| Failure::refused(format!("the register in {}: {problem}", directory.display()));
        let first = files.roots.first().map(|root| Signed::parse(root)).transpose().map_err(|error| refused(error.to_string()))?;
        let fingerprint = first.map(|first| first.sha256()).unwrap_or_default();
        let register = Register::open(&fingerprint, &files).map_err(|error| refused(error.to_string()))?;
        Ok(Self { directory: directory.to_owned(), register })
    }

    /// The next version of the members, changed.
    pub(super) fn next_members(&self, expires: Timestamp) -> Members {
        let mut members = self.register.members_document().clone();
        members.version += 1;
        members.previous = Some(self.register.adopted().sha256.clone());
        members.expires = expires;
        members
    }

    /// Signs a change with the keys at hand, and puts it in force or among the proposals. There is one proposal of a version: another one has to
    /// be taken away first, so that nobody signs two.
    pub(super) fn propose(&self, document: Document, now: Timestamp) -> Result<Vec<Report>, Failure> {
        let path = self.proposed().join(document.file_name());
        if path.exists() {
            return Err(Failure::refused(format!(
                "{} waits for signatures already; finish it (polder register sign, take), or remove the file if nobody has signed it elsewhere: \
                 two different documents with one version are a contradiction that stops the whole region",
                path.display()
            )));
        }
        let bytes = serde_json::to_vec(&document.value()).map_err(|error| Failure::internal(error.to_string()))?;
        let mut signed = Signed::unsigned(bytes);
        let role = if document.kind() == DocumentType::Root { "steward" } else { "registrar" };
        let keys = keys_at_hand(&self.directory, role)?;
        let sets = self.sets(&document)?;
        for key in keys.iter().filter(|key| sets.iter().any(|(_, set)| set.keys.contains_key(&key.public().id()))) {
            signed.sign(document.kind(), key);
        }
        self.put_proposal(&path, &signed)?;
        self.settle(now)
    }

    /// Writes a proposal.
    pub(super) fn put_proposal(&self, path: &Path, signed: &Signed) -> Result<(), Failure> {
        let made = fs::create_dir_all(self.proposed());
        made.map_err(|error| Failure::configuration(format!("{}: {error}", self.proposed().display())))?;
        write(path, signed)
    }

    pub(super) fn proposed(&self) -> PathBuf {
        self.directory.join("proposed")
    }

    /// Where a document of another desk goes.
    pub(super) fn place_of(&self, document: &Document) -> PathBuf {
        self.proposed().join(document.file_name())
    }

    /// Every proposal, roots first.
    pub(super) fn proposals(&self) -> Result<Vec<Proposal>, Failure> {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(self.proposed()).map(|files| files.flatten().map(|file| file.path()).collect()).unwrap_or_default();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        let read = paths.into_iter().map(|path| read_document(&path).map(|(signed, document)| Proposal { path, signed, document }));
        let mut proposals = read.collect::<Result<Vec<_>, _>>()?;
        proposals.sort_by_key(|proposal| proposal.document.kind() != DocumentType::Root);
        Ok(proposals)
    }

    /// Whose signatures a document needs: those of the root in force, or of the root that is proposed where members wait for it.
    fn sets(&self, document: &Document) -> Result<Vec<(&'static str, KeySet)>, Failure> {
        let root = self.register.root();
        Ok(match document {
            Document::Root(next) if next.stewards == root.stewards => vec![("stewards", next.stewards.clone())],
            Document::Root(next) => vec![("stewards before", root.stewards.clone()), ("stewards", next.stewards.clone())],
            Document::Members(members) => {
                let next = if members.epoch == root.members_epoch { None } else { self.proposed_root()? };
                vec![("registrars", next.as_ref().unwrap_or(root).registrars.clone())]
            }
            Document::Fresh(_) => vec![("freshness", root.freshness.clone())],
        })
    }

    fn proposed_root(&self) -> Result<Option<Root>, Failure> {
        let mut roots =
            self.proposals()?.into_iter().filter_map(|one| if let Document::Root(root) = one.document { Some(*root) } else { None });
        Ok(roots.next_back())
    }

    /// What is said of a document.
    pub(super) fn report(
        &self,
        path: &Path,
        (signed, document): (&Signed, &Document),
        in_force: bool,
        now: Timestamp,
    ) -> Result<Report, Failure> {
        let before = match document {
            Document::Root(_) => json!(self.register.root()),
            Document::Members(_) => json!(self.register.members_document()),
            Document::Fresh(_) => Value::Null,
        };
        let sets = self.sets(document)?;
        let signatures = sets.iter().map(|(name, set)| Signatures::of(name, document.kind(), signed, set)).collect();
        Ok(Report {
            file: path.to_owned(),
            document: document.kind().as_str(),
            version: document.version(),
            in_force,
            in_words: if in_force { Vec::new() } else { words::of(&self.register, document, now) },
            changes: if in_force || before.is_null() { Vec::new() } else { changes(&before, &document.value()) },
            signatures,
            waits_for: None,
        })
    }

    /// Puts in force what enough people have signed, and says how every proposal stands. A root goes into force together with members that it
    /// vouches for: there is no moment at which nobody is in.
    pub(super) fn settle(&self, now: Timestamp) -> Result<Vec<Report>, Failure> {
        let proposals = self.proposals()?;
        let mut reports = Vec::new();
        for proposal in &proposals {
            reports.push(self.report(&proposal.path, (&proposal.signed, &proposal.document), false, now)?);
        }
        if !proposals.iter().any(|one| matches!(one.document, Document::Root(_))) {
            for (one, report) in proposals.iter().zip(&mut reports) {
                if matches!(&one.document, Document::Members(members) if members.epoch > self.register.root().members_epoch) {
                    // Who must sign it, that root says.
                    report.signatures.clear();
                    report.waits_for = Some("the root that begins its epoch");
                }
            }
        }
        let roots = proposals.iter().find_map(|one| if let Document::Root(root) = &one.document { Some((one, root)) } else { None });
        let root = roots.filter(|(one, _)| check_root_step(self.register.root(), &one.signed).is_ok());
        let decides = root.map_or(self.register.root(), |(_, root)| root);
        let vouched = |signed: &Signed, epoch| epoch == decides.members_epoch && signed.reaches(DocumentType::Members, &decides.registrars);
        let lists = proposals.iter().find_map(|one| match &one.document {
            Document::Members(members) if vouched(&one.signed, members.epoch) => Some((one, members)),
            _ => None,
        });
        let known = Signed::parse(self.register.members_file()).map_err(|error| Failure::internal(error.to_string()))?;
        if root.is_some() && lists.is_none() && !vouched(&known, self.register.adopted().epoch) {
            let of_root = reports.iter_mut().filter(|report| report.document == DocumentType::Root.as_str());
            of_root.for_each(|report| report.waits_for = Some("a list of members that its registrars have signed"));
            return Ok(reports);
        }
        if let Some((one, root)) = root {
            let version = usize::try_from(root.version).map_err(|error| Failure::internal(error.to_string()))?;
            self.install(one, &root_path(&self.directory, version), &mut reports)?;
        }
        if let Some((one, members)) = lists {
            self.install(one, &members_path(&self.directory), &mut reports)?;
            reports.extend(freshen(&self.directory, decides, members, &one.signed, now)?);
        } else if root.is_some() {
            reports.extend(freshen(&self.directory, decides, self.register.members_document(), &known, now)?);
        }
        Ok(reports)
    }

    fn install(&self, proposal: &Proposal, place: &Path, reports: &mut [Report]) -> Result<(), Failure> {
        write(place, &proposal.signed)?;
        fs::remove_file(&proposal.path).map_err(|error| Failure::configuration(format!("{}: {error}", proposal.path.display())))?;
        for report in reports.iter_mut().filter(|report| report.file == proposal.path) {
            place.clone_into(&mut report.file);
            report.in_force = true;
        }
        Ok(())
    }
}

/// Signs freshness of members that go into force, where a key for it is at hand. Without one, the freshness before stays, and a node with a key
/// signs it as soon as it has the members.
pub(super) fn freshen(
    directory: &Path,
    root: &Root,
    members: &Members,
    signed: &Signed,
    now: Timestamp,
) -> Result<Option<Report>, Failure> {
    let keys: Vec<SigningKey> = keys_at_hand(directory, "freshness")?;
    let Some(key) = keys.iter().find(|key| root.freshness.keys.contains_key(&key.public().id())) else { return Ok(None) };
    let fresh = Fresh::of(members, signed.sha256(), now.plus_seconds(FRESH_DAYS * DAY));
    let mut document = Signed::unsigned(serde_json::to_vec(&fresh).map_err(|error| Failure::internal(error.to_string()))?);
    document.sign(DocumentType::Fresh, key);
    let path = fresh_path(directory);
    write(&path, &document)?;
    let signatures = vec![Signatures::of("freshness", DocumentType::Fresh, &document, &root.freshness)];
    let version = Document::Fresh(fresh).version();
    Ok(Some(Report {
        file: path,
        document: "fresh",
        version,
        in_force: true,
        in_words: Vec::new(),
        changes: Vec::new(),
        signatures,
        waits_for: None,
    }))
}
