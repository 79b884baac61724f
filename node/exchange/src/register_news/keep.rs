//! The pieces of a register in the node's database: every root and every version of the members that were in force, the newest freshness, and marks
//! that say which of them count. The marks are written last: a crash before leaves what was in force.

use polder_store::{Reader, Store, StoreError};
use polder_trust::register::{Adopted, Contradiction, File, Held, Kept, News, Piece, Register, RegisterError, Signed};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Evidence, RegisterDocument};
use crate::node::OpenError;

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
}

fn name(which: RegisterDocument) -> String {
    match which {
        RegisterDocument::Root(version) => format!("register-root-{version}"),
        RegisterDocument::Members(epoch, version) => format!("register-members-{epoch}-{version}"),
        RegisterDocument::Fresh => MARKS.to_owned(),
        RegisterDocument::Evidence => "register-evidence".to_owned(),
    }
}

/// A document, if it was ever in force (evidence: if it is open).
pub(super) async fn document(store: &Reader, which: RegisterDocument) -> Result<Option<String>, StoreError> {
    if which == RegisterDocument::Evidence && !marked(store).await?.is_some_and(|marks| marks.contradiction) {
        return Ok(None);
    }
    if which == RegisterDocument::Fresh {
        return Ok(marked(store).await?.and_then(|marks| marks.fresh));
    }
    store.setting(&name(which)).await
}

async fn marked(store: &Reader) -> Result<Option<Marks>, StoreError> {
    Ok(store.setting(MARKS).await?.and_then(|text| serde_json::from_str(&text).ok()))
}

async fn put(store: &Store, which: RegisterDocument, file: &File) -> Result<(), StoreError> {
    // Only JSON text was ever taken in.
    store.set_setting(&name(which), &String::from_utf8_lossy(file)).await
}

pub(super) async fn piece(store: &Store, piece: &Piece) -> Result<(), StoreError> {
    match piece {
        Piece::Root(version, file) => put(store, RegisterDocument::Root(*version), file).await,
        Piece::Members(epoch, version, file) => put(store, RegisterDocument::Members(*epoch, *version), file).await,
        // It goes into the marks.
        Piece::Fresh(_) => Ok(()),
    }
}

pub(super) async fn contradiction(store: &Store, found: &Contradiction) -> Result<(), StoreError> {
    let raw = |file: &File| RawValue::from_string(String::from_utf8_lossy(file).trim().to_owned()).ok();
    let [Some(first), Some(second)] = [raw(&found.documents[0]), raw(&found.documents[1])] else { return Ok(()) };
    let text = serde_json::to_string(&Evidence { documents: [first, second] }).unwrap_or_default();
    store.set_setting(&name(RegisterDocument::Evidence), &text).await
}

/// Says which pieces count.
pub(super) async fn marks(store: &Store, held: &Held) -> Result<(), StoreError> {
    let marks = Marks {
        fingerprint: fingerprint(held.register()),
        root: held.register().adopted().root,
        members: held.recent().collect(),
        fresh: held.register().fresh_file().map(|file| String::from_utf8_lossy(file).into_owned()),
        contradiction: held.contradiction().is_some(),
    };
    store.set_setting(MARKS, &serde_json::to_string(&marks).unwrap_or_default()).await
}

/// Keeps a first register whole.
pub(super) async fn whole(store: &Store, register: &Register) -> Result<(), OpenError> {
    let before: Option<Adopted> = store.setting(ADOPTED).await?.and_then(|text| serde_json::from_str(&text).ok());
    if let Some(before) = before {
        register.follows(&before)?;
    }
    for (version, file) in (1..).zip(register.root_files()) {
        put(store, RegisterDocument::Root(version), file).await?;
    }
    let adopted = register.adopted();
    put(store, RegisterDocument::Members(adopted.epoch, adopted.version), register.members_file()).await?;
    Ok(marks(store, &Held::of(register.clone())).await?)
}

/// What was held when this node last ran.
pub(super) async fn restore(store: &Store, given: &Register) -> Result<Option<Held>, OpenError> {
    kept(&store.reader(), &fingerprint(given)).await
}

/// What a node holds that runs or has run on that database, under the register with that fingerprint; `None` where it never ran.
///
/// # Errors
/// When the database cannot be read, or holds the register of another region.
pub async fn kept(store: &Reader, given: &str) -> Result<Option<Held>, OpenError> {
    let Some(marks) = marked(store).await? else { return Ok(None) };
    if given != marks.fingerprint {
        return Err(OpenError::Register(RegisterError::Fingerprint { found: given.to_owned() }));
    }
    let mut kept = Kept::default();
    for version in 1..=marks.root {
        kept.roots.extend(file(store, RegisterDocument::Root(version)).await?);
    }
    for (epoch, version) in marks.members {
        kept.members.extend(file(store, RegisterDocument::Members(epoch, version)).await?);
    }
    kept.fresh = marks.fresh.map(|text| text.as_bytes().into());
    if marks.contradiction {
        let text = store.setting(&name(RegisterDocument::Evidence)).await?;
        let evidence: Option<Evidence> = text.and_then(|text| serde_json::from_str(&text).ok());
        kept.contradiction = evidence.map(|evidence| evidence.documents.map(|document| document.get().as_bytes().into()));
    }
    Ok(Some(Held::restore(&marks.fingerprint, kept)?))
}

async fn file(store: &Reader, which: RegisterDocument) -> Result<Option<File>, StoreError> {
    Ok(store.setting(&name(which)).await?.map(|text| text.as_bytes().into()))
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
