//! Records as numbered parts of imports, one import for each kind. A part whose reply was cut off is sent again; the node does nothing twice.

use std::collections::{BTreeMap, HashMap, VecDeque};

use polder_model::Kind;
use polder_model::import::{LineVerdict, MOST_PARTS, PartState};
use sha2::{Digest, Sha256};

use super::resume::Resume;
use super::{Item, Verdict};
use crate::client::{NodeClient, PartReply};
use crate::exit::Failure;

/// The way of records into a node.
pub(crate) struct Parts {
    client: NodeClient,
    resume: Resume,
    imports: HashMap<Kind, Import>,
}

/// An import that is being filled.
struct Import {
    id: String,
    /// How many imports of this kind are full.
    full: usize,
    /// The part that was sent last.
    part: u32,
    /// The parts that were in when this program began.
    there: BTreeMap<u32, PartState>,
    /// Verdicts of those parts that were read already, and where the next ones are.
    verdicts: VecDeque<LineVerdict>,
    cursor: Option<String>,
}

impl Parts {
    /// Into that node; what was begun before goes on.
    pub(crate) fn new(client: NodeClient, resume: Resume) -> Self {
        Self { client, resume, imports: HashMap::new() }
    }

    /// Everything is in: it needs not go on.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        self.resume.remove()
    }

    /// Puts some records, as one part for each kind; a verdict for each, in their order.
    pub(super) async fn put(&mut self, items: Vec<Item>) -> Result<Vec<Verdict>, Failure> {
        let mut bodies: BTreeMap<&str, (Kind, Vec<u8>)> = BTreeMap::new();
        for record in items.iter().flatten() {
            let (_, body) = bodies.entry(record.kind.as_str()).or_insert((record.kind, Vec::new()));
            // JSON has no line ends but between its members.
            let document = record.document.replace(['\n', '\r'], " ");
            body.extend(format!("{{\"key\":\"{}\",\"document\":{document}}}\n", record.key).as_bytes());
        }
        let mut verdicts = HashMap::new();
        for (kind, body) in bodies.into_values() {
            verdicts.insert(kind, VecDeque::from(self.part(kind, body).await?));
        }
        let each = items.into_iter().map(|item| match item {
            Err(refused) => Ok(refused.into()),
            Ok(record) => match verdicts.get_mut(&record.kind).and_then(VecDeque::pop_front) {
                Some(verdict) => Ok(Verdict::of_node(record, verdict)),
                None => Err(Failure::internal("the node gave fewer verdicts than lines were sent")),
            },
        });
        each.collect()
    }

    async fn part(&mut self, kind: Kind, body: Vec<u8>) -> Result<Vec<LineVerdict>, Failure> {
        let (client, import) = (self.client.clone(), self.import(kind).await?);
        import.part += 1;
        if let Some(there) = import.there.remove(&import.part) {
            if there.sha256 != hex::encode(Sha256::digest(&body)) {
                return Err(differs());
            }
            return import.read_back(&client, &there).await;
        }
        match client.put_part(&import.id, import.part, body).await? {
            PartReply::Taken(verdicts) => Ok(verdicts),
            PartReply::Differs => Err(differs()),
            PartReply::Unknown => Err(forgotten()),
            PartReply::Full(says) => Err(self.resume.full(says)),
        }
    }

    /// The import of a kind: the one that is being filled, one that was begun before, or a new one.
    async fn import(&mut self, kind: Kind) -> Result<&mut Import, Failure> {
        let full = match self.imports.get(&kind) {
            Some(import) if import.part < MOST_PARTS => None,
            Some(import) => Some(import.full + 1),
            None => Some(0),
        };
        if let Some(full) = full {
            let begun = self.resume.import(kind, full);
            let (id, there) = match begun {
                Some(id) => {
                    let there = self.client.import_parts(&id).await?.ok_or_else(forgotten)?;
                    (id, there)
                }
                None => {
                    let id = self.client.open_import(kind).await?;
                    self.resume.opened(kind, &id)?;
                    (id, Vec::new())
                }
            };
            let there = there.into_iter().map(|part| (part.part, part)).collect();
            self.imports.insert(kind, Import { id, full, part: 0, there, verdicts: VecDeque::new(), cursor: None });
        }
        self.imports.get_mut(&kind).ok_or_else(|| Failure::internal("an import that was opened is not there"))
    }
}

impl Import {
    /// The verdicts of a part that is in already. Parts were sent in the order of their numbers, so that is the order of their verdicts too.
    async fn read_back(&mut self, client: &NodeClient, part: &PartState) -> Result<Vec<LineVerdict>, Failure> {
        let mut found = Vec::new();
        while (found.len() as u64) < part.lines {
            if self.verdicts.is_empty() {
                let page = client.verdicts(&self.id, self.cursor.as_deref()).await?;
                self.cursor = Some(page.next);
                self.verdicts = page.items.into();
            }
            let Some(verdict) = self.verdicts.pop_front() else {
                return Err(Failure::internal(format!("the node does not have the verdicts of part {} any more", part.part)));
            };
            if verdict.part == part.part {
                found.push(verdict);
            }
        }
        Ok(found)
    }
}

fn differs() -> Failure {
    Failure::configuration((
        "--resume: this import was begun with other files, or other options: go on with the same ones, or remove the file of --resume and begin anew",
        "--resume: deze import is begonnen met andere bestanden of opties: ga met dezelfde verder, of verwijder het bestand van --resume en begin opnieuw",
    ))
}

fn forgotten() -> Failure {
    Failure::configuration((
        "the node does not know this import (it keeps one for 7 days): is it the same node? Otherwise remove the file of --resume and begin \
         anew; what is there already stays unchanged",
        "het knooppunt kent deze import niet (het bewaart er een zeven dagen): is het hetzelfde knooppunt? Verwijder anders het bestand van --resume en \
         begin opnieuw; wat er al staat verandert niet",
    ))
}
