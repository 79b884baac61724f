//! What a node holds of a register: the documents in force, the versions before them, and a contradiction that is open.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::in_force::{File, Made};
use super::rules::{Rules, read, signed};
use super::{DocumentType, Members, Register, RegisterError, Root, Signed};

/// How many versions of the members are kept at hand, to recognise another document with the same version.
const RECENT: usize = 8;

/// Everything by which the next document is judged.
#[derive(Clone, Debug)]
pub struct Held {
    pub(super) register: Arc<Register>,
    /// The newest versions of the members that were adopted, also the one in force.
    pub(super) recent: BTreeMap<(u64, u64), File>,
    pub(super) contradiction: Option<Contradiction>,
}

/// Two documents of which one at most can be honest, both signed by enough keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contradiction {
    /// What they are about.
    pub about: About,
    /// Their files, as they came: the one that was known first, and the one that contradicts it.
    pub documents: [File; 2],
}

/// What a contradiction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// That version of the root.
    Root(u64),
    /// Members of that epoch and version: the later of the two, where one does not follow on the other.
    Members(u64, u64),
}

/// What was made durable, as it is read again at a start.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Every root from the first on, in order.
    pub roots: Vec<File>,
    /// The newest versions of the members, in order.
    pub members: Vec<File>,
    /// The newest freshness.
    pub fresh: Option<File>,
    /// The documents of a contradiction.
    pub contradiction: Option<[File; 2]>,
}

impl Held {
    /// What a node holds that begins with this register.
    #[must_use]
    pub fn of(register: Register) -> Self {
        let pair = (register.adopted().epoch, register.adopted().version);
        let recent = BTreeMap::from([(pair, Arc::clone(register.members_file()))]);
        Self { register: Arc::new(register), recent, contradiction: None }
    }

    /// What a node held when it last ran. Signatures are checked again; nothing is refused because it has expired since, and members that
    /// the newest root does not vouch for stay in force without being vouched for.
    ///
    /// # Errors
    /// When the pieces are not those of one register.
    pub fn restore(fingerprint: &str, kept: Kept) -> Result<Self, RegisterError> {
        let rules = Rules::default();
        let mut files = kept.roots.iter();
        let mut root = rules.first_root(fingerprint, &signed("root", files.next().ok_or(RegisterError::NoRoot)?)?)?;
        for file in files {
            root = rules.root_step(&root, &signed("root", file)?)?;
        }
        let mut recent = BTreeMap::new();
        for file in &kept.members {
            let members: Members = read("members", &signed("members", file)?)?;
            recent.insert((members.epoch, members.version), Arc::clone(file));
        }
        let newest = recent.values().next_back().cloned().ok_or(RegisterError::Form("members"))?;
        let contradiction = kept.contradiction.map(|documents| Contradiction::between(&root, documents)).transpose()?.flatten();
        let made = Made::of(root, kept.roots, newest, kept.fresh, contradiction.is_some())?;
        Ok(Self { register: Arc::new(Register::make(made)?), recent, contradiction })
    }

    /// The register in force.
    #[must_use]
    pub fn register(&self) -> &Arc<Register> {
        &self.register
    }

    /// The contradiction that is open.
    #[must_use]
    pub fn contradiction(&self) -> Option<&Contradiction> {
        self.contradiction.as_ref()
    }

    /// Epoch and version of the members that are kept at hand, in order; the last is in force.
    pub fn recent(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.recent.keys().copied()
    }

    /// The file of a version of the members, while it is at hand.
    #[must_use]
    pub fn members_file(&self, epoch: u64, version: u64) -> Option<&File> {
        self.recent.get(&(epoch, version))
    }

    pub(super) fn trim(recent: &mut BTreeMap<(u64, u64), File>) {
        while recent.len() > RECENT {
            recent.pop_first();
        }
    }
}

impl Made {
    /// Reads what was checked before.
    pub(super) fn of(
        root: Root,
        roots: Vec<File>,
        members_file: File,
        fresh_file: Option<File>,
        contradicted: bool,
    ) -> Result<Self, RegisterError> {
        let members_signed = signed("members", &members_file)?;
        let members = read("members", &members_signed)?;
        Ok(Self { root, roots, members, members_signed, members_file, fresh_file, contradicted })
    }
}

impl Contradiction {
    /// The contradiction between two documents under that root, if there is one that it leaves open.
    ///
    /// # Errors
    /// When a document cannot be read.
    pub(super) fn between(root: &Root, documents: [File; 2]) -> Result<Option<Self>, RegisterError> {
        let [first, second] = [signed("evidence", &documents[0])?, signed("evidence", &documents[1])?];
        let about = match (read::<Members>("evidence", &first), read::<Members>("evidence", &second)) {
            (Ok(a), Ok(b)) => members_contradict(root, (&first, &a), (&second, &b)),
            _ => roots_contradict(root, (&first, &read("evidence", &first)?), (&second, &read("evidence", &second)?)),
        };
        Ok(about.map(|about| Self { about, documents }))
    }

    /// Whether that root leaves it open.
    pub(super) fn is_open_under(&self, root: &Root) -> bool {
        match self.about {
            About::Root(version) => root.version <= version,
            About::Members(epoch, _) => root.members_epoch <= epoch,
        }
    }
}

fn members_contradict(root: &Root, first: (&Signed, &Members), second: (&Signed, &Members)) -> Option<About> {
    let rules = Rules::default();
    if rules.members(root, first.0).is_err() || rules.members(root, second.0).is_err() || first.0.bytes == second.0.bytes {
        return None;
    }
    let (earlier, later) = if first.1.version <= second.1.version { (first, second) } else { (second, first) };
    let same = earlier.1.version == later.1.version;
    let forked = earlier.1.version.checked_add(1) == Some(later.1.version) && later.1.previous != Some(earlier.0.sha256());
    (same || forked).then_some(About::Members(later.1.epoch, later.1.version))
}

fn roots_contradict(now: &Root, first: (&Signed, &Root), second: (&Signed, &Root)) -> Option<About> {
    // The root before is not at hand here: both are judged by the stewards of the newest, which are those who sign the next.
    let own = |(signed, root): (&Signed, &Root)| root.region == now.region && signed.reaches(DocumentType::Root, &now.stewards);
    let same = first.1.version == second.1.version && first.1.version == now.version && first.0.bytes != second.0.bytes;
    (same && own(first) && own(second)).then_some(About::Root(now.version))
}
