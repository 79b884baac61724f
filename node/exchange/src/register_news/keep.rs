//! The pieces of a register in the node's database: every root and every version of the members that were in force, the newest freshness, and marks
//! that say which of them count. The marks are written last: a crash before leaves what was in force.

use polder_model::Timestamp;
use polder_store::{Reader, Store, StoreError};
use polder_trust::register::{Adopted, Contradiction, File, Held, Kept, News, Piece, Register, RegisterError, Signed};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::leaf;
use super::{Evidence, RegisterDocument};
use crate::open_error::OpenError;

const MARKS: &str = "register-held";
/// What versions before this one noted.
const ADOPTED: &str = "register-adopted";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    /// SHA-256 of the first root.
    fingerprint: String,
    root: u64,
    /// Epoch and version of the members that are kept at hand.
    members: Vec<(u64, u64)>,
    /// The file of the newest freshness: it counts together with these members, or not at all.
    fresh: Option<String>,
    contradiction: bool,
    /// What the last leaf of the log says of this register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logged: Option<Adopted>,
}

/// What is held of a register, and the text of the marks that say so.
pub(super) struct Shelved {
    pub held: Held,
    pub marks: String,
}

/// The place of the pieces of one register: that of the own region, or one of another that is carried beside it.
#[derive(Clone)]
pub(super) struct Shelf {
    store: Store,
    /// Stands before each name.
    prefix: String,
}

impl Shelf {
    /// That of the own register.
    pub(super) fn own(store: &Store) -> Self {
        Self { store: store.clone(), prefix: String::new() }
    }

    /// That of another region's register.
    pub(super) fn of_region(store: &Store, region: &str) -> Self {
        Self { store: store.clone(), prefix: prefix_of(region) }
    }

    /// A document, if it was ever in force (evidence: if it is open).
    pub(super) async fn document(&self, which: RegisterDocument) -> Result<Option<String>, StoreError> {
        self.pieces().document(which).await
    }

    /// Keeps a piece.
    pub(super) async fn piece(&self, piece: &Piece) -> Result<(), StoreError> {
        match piece {
            Piece::Root(version, file) => self.put(RegisterDocument::Root(*version), file).await,
            Piece::Members(epoch, version, file) => self.put(RegisterDocument::Members(*epoch, *version), file).await,
            // It goes into the marks.
            Piece::Fresh(_) => Ok(()),
        }
    }

    /// Keeps the documents of a contradiction.
    pub(super) async fn contradiction(&self, found: &Contradiction) -> Result<(), StoreError> {
        let raw = |file: &File| RawValue::from_string(String::from_utf8_lossy(file).trim().to_owned()).ok();
        let [Some(first), Some(second)] = [raw(&found.documents[0]), raw(&found.documents[1])] else { return Ok(()) };
        let text = serde_json::to_string(&Evidence { documents: [first, second] }).unwrap_or_default();
        self.set(&name(RegisterDocument::Evidence), &text).await
    }

    /// Says which pieces count, where `before` still does: the text that was read or written last. What is in force and has no leaf in the log gets one
    /// with that, once. `None` where another replica was sooner.
    pub(super) async fn mark(&self, held: &Held, before: Option<&str>, now: Timestamp) -> Result<Option<String>, OpenError> {
        let adopted = held.register().adopted();
        let marks = Marks {
            fingerprint: fingerprint(held.register()),
            root: adopted.root,
            members: held.recent().collect(),
            fresh: held.register().fresh_file().map(|file| String::from_utf8_lossy(file).into_owned()),
            contradiction: held.contradiction().is_some(),
            logged: Some(adopted.clone()),
        };
        let (name, text) = (self.name(MARKS), serde_json::to_string(&marks).unwrap_or_default());
        let logged = before.map(read).transpose()?.and_then(|before| before.logged);
        let marked = if logged.as_ref() == Some(adopted) {
            self.store.replace_setting(&name, before, &text).await?
        } else {
            let leaf = leaf::of(held.register(), now)?;
            self.store.replace_setting_logged(&name, before, &text, leaf).await?
        };
        Ok(marked.then_some(text))
    }

    /// What a program that kept no log marked as in force gets its leaf. Where another replica is sooner, that one does it.
    pub(super) async fn log(&self, shelved: &mut Shelved, now: Timestamp) -> Result<(), OpenError> {
        if read(&shelved.marks)?.logged.is_none()
            && let Some(marks) = self.mark(&shelved.held, Some(&shelved.marks), now).await?
        {
            shelved.marks = marks;
        }
        Ok(())
    }

    /// Keeps a first register whole. `None` where another replica was sooner.
    pub(super) async fn whole(&self, register: &Register, now: Timestamp) -> Result<Option<String>, OpenError> {
        let before: Option<Adopted> = self.get(ADOPTED).await?.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(before) = before {
            register.follows(&before)?;
        }
        for (version, file) in (1..).zip(register.root_files()) {
            self.put(RegisterDocument::Root(version), file).await?;
        }
        let adopted = register.adopted();
        self.put(RegisterDocument::Members(adopted.epoch, adopted.version), register.members_file()).await?;
        self.mark(&Held::of(register.clone()), None, now).await
    }

    /// What is held of the region of a register, with the text of its marks, unless that is `known`; `None` where nothing is or nothing is new.
    pub(super) async fn restore(&self, given: &Register, known: Option<&str>) -> Result<Option<Shelved>, OpenError> {
        self.pieces().restore(fingerprint(given), known).await
    }

    /// What is kept here, to be read.
    fn pieces(&self) -> Pieces {
        Pieces { reader: self.store.reader(), prefix: self.prefix.clone() }
    }

    async fn put(&self, which: RegisterDocument, file: &File) -> Result<(), StoreError> {
        // Only JSON text was ever taken in.
        self.set(&name(which), &String::from_utf8_lossy(file)).await
    }

    async fn get(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.pieces().get(name).await
    }

    async fn set(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.store.set_setting(&self.name(name), value).await
    }

    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// The pieces of one register, to be read.
struct Pieces {
    reader: Reader,
    /// Stands before each name.
    prefix: String,
}

impl Pieces {
    /// A document, if it was ever in force (evidence: if it is open).
    async fn document(&self, which: RegisterDocument) -> Result<Option<String>, StoreError> {
        match which {
            RegisterDocument::Fresh => Ok(self.marked().await?.and_then(|marks| marks.fresh)),
            RegisterDocument::Evidence if !self.marked().await?.is_some_and(|marks| marks.contradiction) => Ok(None),
            _ => self.get(&name(which)).await,
        }
    }

    /// What is held under the first root with that fingerprint, with the text of the marks, unless that is `known`; `None` where nothing is or nothing is new.
    async fn restore(&self, given: String, known: Option<&str>) -> Result<Option<Shelved>, OpenError> {
        let Some(text) = self.get(MARKS).await?.filter(|text| Some(text.as_str()) != known) else { return Ok(None) };
        let marks = read(&text)?;
        if given != marks.fingerprint {
            return Err(OpenError::Register(RegisterError::Fingerprint { found: marks.fingerprint }));
        }
        let mut kept = Kept::default();
        for version in 1..=marks.root {
            kept.roots.extend(self.file(RegisterDocument::Root(version)).await?);
        }
        for (epoch, version) in marks.members {
            kept.members.extend(self.file(RegisterDocument::Members(epoch, version)).await?);
        }
        kept.fresh = marks.fresh.map(|text| text.as_bytes().into());
        if marks.contradiction {
            let text = self.get(&name(RegisterDocument::Evidence)).await?;
            let evidence: Option<Evidence> = text.and_then(|text| serde_json::from_str(&text).ok());
            kept.contradiction = evidence.map(|evidence| evidence.documents.map(|document| document.get().as_bytes().into()));
        }
        Ok(Some(Shelved { held: Held::restore(&marks.fingerprint, kept)?, marks: text }))
    }

    async fn marked(&self) -> Result<Option<Marks>, StoreError> {
        self.get(MARKS).await?.as_deref().map(read).transpose()
    }

    async fn file(&self, which: RegisterDocument) -> Result<Option<File>, StoreError> {
        Ok(self.get(&name(which)).await?.map(|text| text.as_bytes().into()))
    }

    async fn get(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.reader.setting(&format!("{}{name}", self.prefix)).await
    }
}

/// What a node holds of its own region's register that runs or has run on that database, where the register has that fingerprint; `None` where it
/// never ran.
///
/// # Errors
/// When the database cannot be read, or holds the register of another region.
pub async fn kept(reader: &Reader, fingerprint: &str) -> Result<Option<Held>, OpenError> {
    kept_under(reader, String::new(), fingerprint).await
}

/// The same of the register of another region that the node carries.
///
/// # Errors
/// As [`kept`].
pub async fn kept_of_region(reader: &Reader, region: &str, fingerprint: &str) -> Result<Option<Held>, OpenError> {
    kept_under(reader, prefix_of(region), fingerprint).await
}

async fn kept_under(reader: &Reader, prefix: String, fingerprint: &str) -> Result<Option<Held>, OpenError> {
    // A database that was only just made has no tables to look into.
    if reader.schema().await?.found == 0 {
        return Ok(None);
    }
    let pieces = Pieces { reader: reader.clone(), prefix };
    Ok(pieces.restore(fingerprint.to_owned(), None).await?.map(|shelved| shelved.held))
}

/// Before the names of what is kept of another region.
fn prefix_of(region: &str) -> String {
    format!("region/{region}/")
}

/// A damaged text is an error: taken for none, what was adopted would be forgotten.
fn read(marks: &str) -> Result<Marks, StoreError> {
    serde_json::from_str(marks).map_err(|_| StoreError::Damaged("which register documents are in force"))
}

fn name(which: RegisterDocument) -> String {
    match which {
        RegisterDocument::Root(version) => format!("register-root-{version}"),
        RegisterDocument::Members(epoch, version) => format!("register-members-{epoch}-{version}"),
        RegisterDocument::Fresh => MARKS.to_owned(),
        RegisterDocument::Evidence => "register-evidence".to_owned(),
    }
}

fn fingerprint(register: &Register) -> String {
    let first = register.root_files().first().and_then(|file| Signed::parse(file).ok());
    first.map(|first| first.sha256()).unwrap_or_default()
}

/// A register as news.
pub(super) fn news_of(register: &Register) -> News {
    News {
        roots: register.root_files().to_vec(),
        members: Some(register.members_file().clone()),
        fresh: register.fresh_file().cloned(),
        evidence: None,
    }
}
