//! A proposal for the register that was pasted: what it would change, in words, and which signatures it has and lacks. It is read and forgotten.

mod changes;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use polder_model::json::read_strict;
use polder_model::{Purpose, Timestamp};
use polder_trust::keys::KeyId;
use polder_trust::register::{DocumentType, Fresh, KeySet, Members, Register, Root, Signed};
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::changes::InWords;
use super::register;
use crate::pages::bounded::escaped;
use crate::pages::{Administrator, As, PageError, Pages};

/// Largest document, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;
/// Bytes of a page for what was pasted.
const ROOM: usize = 12 * 1024;
/// Most changes that are said: more fill no page that anyone reads.
const MOST: usize = 150;

/// What was read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Proposal {
    /// Why it cannot be read; the rest is empty then.
    wrong: Option<&'static str>,
    kind: &'static str,
    version: String,
    expires: Timestamp,
    sha256: String,
    /// How it stands beside what is in force: `next`, `same`, `older` or `beyond`.
    follows: &'static str,
    /// Who has to sign it.
    sets: Vec<Signatures>,
    /// Whether enough have.
    complete: bool,
    changes: Vec<Change>,
    /// How many more there are.
    more: usize,
}

/// Signatures of one set of keys.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Signatures {
    of: &'static str,
    needed: usize,
    signed: Vec<KeyId>,
    missing: Vec<KeyId>,
}

/// One thing that it changes, said by the message `change-…`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    says: &'static str,
    /// Whether it is to be looked at twice: whoever wants to do harm would want this.
    risk: bool,
    /// Which partner, region or kind of keys.
    who: String,
    /// What it is then, and what it was.
    after: String,
    before: String,
    /// Purposes that are meant.
    purposes: Vec<Purpose>,
}

impl Signatures {
    fn new(of: &'static str, kind: DocumentType, signed: &Signed, keys: &KeySet) -> Self {
        let has = |key: &KeyId| {
            let alone = keys.keys.get(key).map(|public| KeySet { keys: [(key.clone(), *public)].into(), threshold: 1 });
            alone.is_some_and(|alone| signed.reaches(kind, &alone))
        };
        let (signed, missing) = keys.keys.keys().cloned().partition(has);
        Self { of, needed: keys.threshold, signed, missing }
    }

    fn complete(&self) -> bool {
        self.needed > 0 && self.signed.len() >= self.needed
    }
}

/// Looks at what was pasted.
pub(super) async fn look(
    State(pages): State<Pages>,
    As { staff, .. }: As<Administrator>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, PageError> {
    let (fields, file) = pages.form_with_file(&staff.known, &headers, body, LARGEST).await?;
    let file = String::from_utf8_lossy(&file);
    let text = if file.trim().is_empty() { fields.one("lines") } else { file.trim() };
    let words = pages.words(staff.visit.language);
    let looked = read(text, &pages.node().register(), pages.node().now(), &|role| words.role(role));
    // It comes back to be mended, or to be looked at in another language, as far as a page has room.
    let pasted = if escaped(text) <= ROOM { text.to_owned() } else { String::new() };
    register::page(&pages, &staff.visit, Some(looked.unwrap_or_else(Proposal::wrong)), pasted).await
}

/// A document that may be in force one day.
enum Document {
    Root(Root),
    Members(Members),
    Fresh(Fresh),
}

impl Proposal {
    fn wrong(why: &'static str) -> Self {
        Self {
            wrong: Some(why),
            kind: "",
            version: String::new(),
            expires: Timestamp::from_micros(0),
            sha256: String::new(),
            follows: "",
            sets: Vec::new(),
            complete: false,
            changes: Vec::new(),
            more: 0,
        }
    }
}

/// Reads the envelope and what is in it, strictly. The message that says what is wrong otherwise.
fn parse(text: &str) -> Result<(Signed, Document), &'static str> {
    const NOT_JSON: &str = "proposal-not-json";
    const NOT_FORM: &str = "proposal-not-form";
    if text.is_empty() {
        return Err("proposal-empty");
    }
    read_strict(text.as_bytes()).map_err(|_| NOT_JSON)?;
    let signed = Signed::parse(text.as_bytes()).map_err(|_| NOT_FORM)?;
    let value = read_strict(&signed.bytes).map_err(|_| NOT_JSON)?;
    fn of<T: DeserializeOwned>(signed: &Signed) -> Result<T, &'static str> {
        serde_json::from_slice(&signed.bytes).map_err(|_| NOT_FORM)
    }
    let document = match value.get("type").and_then(serde_json::Value::as_str) {
        Some("polder-root/1") => Document::Root(of(&signed)?),
        Some("polder-members/1") => Document::Members(of(&signed)?),
        Some("polder-fresh/1") => Document::Fresh(of(&signed)?),
        _ => return Err(NOT_FORM),
    };
    Ok((signed, document))
}

fn read(text: &str, register: &Register, now: Timestamp, in_words: InWords<'_>) -> Result<Proposal, &'static str> {
    let (signed, document) = parse(text)?;
    let (root, adopted) = (register.root(), register.adopted());
    let signatures = |of, kind, keys: &KeySet| Signatures::new(of, kind, &signed, keys);
    let mut proposal = Proposal::wrong("");
    proposal.wrong = None;
    proposal.sha256 = signed.sha256();
    match &document {
        Document::Root(next) => {
            (proposal.kind, proposal.version, proposal.expires) = ("root", next.version.to_string(), next.expires);
            proposal.follows = follows((0, root.version), (0, next.version));
            proposal.sets.push(signatures("stewards", DocumentType::Root, &root.stewards));
            if next.stewards != root.stewards {
                proposal.sets.push(signatures("new-stewards", DocumentType::Root, &next.stewards));
            }
            proposal.changes = changes::of_root(root, next, now);
        }
        Document::Members(next) => {
            (proposal.kind, proposal.version) = ("members", format!("{}.{}", next.epoch, next.version));
            proposal.expires = next.expires;
            proposal.follows = follows((adopted.epoch, adopted.version), (next.epoch, next.version));
            proposal.sets.push(signatures("registrars", DocumentType::Members, &root.registrars));
            proposal.changes = changes::of_members(register, next, now, in_words);
        }
        Document::Fresh(fresh) => {
            (proposal.kind, proposal.version) = ("fresh", format!("{}.{}", fresh.epoch, fresh.version));
            proposal.expires = fresh.expires;
            proposal.follows = if (fresh.epoch, fresh.version) == (adopted.epoch, adopted.version) { "same" } else { "beyond" };
            proposal.sets.push(signatures("freshness", DocumentType::Fresh, &root.freshness));
        }
    }
    proposal.complete = proposal.sets.iter().all(Signatures::complete);
    proposal.more = proposal.changes.len().saturating_sub(MOST);
    // What is to be looked at twice is never what is left out.
    proposal.changes.sort_by_key(|change| !change.risk);
    proposal.changes.truncate(MOST);
    Ok(proposal)
}

/// How one (epoch, version) stands beside that in force. A list that begins the next epoch follows too.
fn follows(ours: (u64, u64), theirs: (u64, u64)) -> &'static str {
    let begins = ours.0.checked_add(1) == Some(theirs.0) && theirs.1 == 1;
    match theirs.cmp(&ours) {
        std::cmp::Ordering::Equal => "same",
        std::cmp::Ordering::Less => "older",
        std::cmp::Ordering::Greater if begins || theirs.0 == ours.0 && ours.1.checked_add(1) == Some(theirs.1) => "next",
        std::cmp::Ordering::Greater => "beyond",
    }
}
