//! One step of the protocol by which registers go forward: documents in, what is held from then on and what is to be done out. No I/O, no clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use polder_model::Timestamp;

use super::held::{About, Contradiction};
use super::in_force::{File, Made};
use super::load::MOST_STEPS;
use super::rules::{Rule, Rules, index, read, signed};
use super::{Held, Members, Register, RegisterError, Root};

/// What a node hears. Every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct News {
    /// Roots, in order. Those that are held already do no harm.
    pub roots: Vec<File>,
    /// Members.
    pub members: Option<File>,
    /// Freshness.
    pub fresh: Option<File>,
    /// Two documents that are said to contradict each other.
    pub evidence: Option<[File; 2]>,
}

/// What is to be done, in this order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// This piece is to be made durable before the register is used.
    Keep(Piece),
    /// Two documents contradict each other: they are to be kept as evidence, and people told.
    Contradicted(Contradiction),
    /// The contradiction that was open is settled by a root.
    Settled,
    /// What is held has changed: it is to be put in force.
    InForce,
    /// A document was not taken; what was held stays.
    Refused(RegisterError),
}

/// A document that was adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// That version of the root.
    Root(u64, File),
    /// Members of that epoch and version.
    Members(u64, u64, File),
    /// The newest freshness.
    Fresh(File),
}

/// Takes news in.
///
/// Roots go first, each exactly one version after the one before and signed under the keys of both, at most 64 in a step; then evidence, members, and
/// freshness. A document that does not hold is refused by itself. `docs/interfaces.md`, section 9, has the rules.
#[must_use]
pub fn step(held: &Held, news: &News, now: Timestamp) -> (Held, Vec<Effect>) {
    step_under(Rules::default(), held, news, now)
}

pub(crate) fn step_under(rules: Rules, held: &Held, news: &News, now: Timestamp) -> (Held, Vec<Effect>) {
    let mut taking = Taking::new(rules, held, now);
    let outcomes = [
        taking.roots(&news.roots),
        news.evidence.as_ref().map_or(Ok(()), |documents| taking.evidence(documents)),
        news.members.as_ref().map_or(Ok(()), |file| taking.members(file)),
        news.fresh.as_ref().map_or(Ok(()), |file| taking.fresh(file)),
    ];
    let refused = outcomes.into_iter().filter_map(Result::err);
    let (held, mut effects) = taking.finish();
    effects.extend(refused.map(Effect::Refused));
    (held, effects)
}

/// A step on its way.
struct Taking<'h> {
    rules: Rules,
    held: &'h Held,
    now: Timestamp,
    root: Root,
    roots: Vec<File>,
    /// The members in force.
    pair: (u64, u64),
    sha256: String,
    members: File,
    fresh: Option<File>,
    fresh_until: Timestamp,
    recent: BTreeMap<(u64, u64), File>,
    contradiction: Option<Contradiction>,
    effects: Vec<Effect>,
    changed: bool,
}

impl<'h> Taking<'h> {
    fn new(rules: Rules, held: &'h Held, now: Timestamp) -> Self {
        let register = &held.register;
        Self {
            rules,
            held,
            now,
            root: register.root().clone(),
            roots: register.roots.clone(),
            pair: (register.adopted().epoch, register.adopted().version),
            sha256: register.adopted().sha256.clone(),
            members: Arc::clone(register.members_file()),
            fresh: register.fresh_file.clone(),
            fresh_until: register.fresh_until(),
            recent: held.recent.clone(),
            contradiction: held.contradiction.clone(),
            effects: Vec::new(),
            changed: false,
        }
    }

    fn roots(&mut self, files: &[File]) -> Result<(), RegisterError> {
        let mut steps = 0;
        for file in files {
            let signed = signed("root", file)?;
            let root: Root = read("root", &signed)?;
            if root.version < self.root.version || self.roots.last() == Some(file) {
                continue;
            }
            if root.version == self.root.version {
                self.same_version(&root, &signed, file)?;
                continue;
            }
            if steps == MOST_STEPS {
                return Err(RegisterError::TooManySteps);
            }
            steps += 1;
            self.root = self.rules.root_step(&self.root, &signed)?;
            self.roots.push(Arc::clone(file));
            self.effects.push(Effect::Keep(Piece::Root(self.root.version, Arc::clone(file))));
            self.changed = true;
            self.settle();
        }
        Ok(())
    }

    /// Another file with the version of the root in force.
    fn same_version(&mut self, root: &Root, signed: &super::Signed, file: &File) -> Result<(), RegisterError> {
        let Some((known, before)) = self.roots.split_last() else { return Err(RegisterError::NoRoot) };
        if super::rules::signed("root", known)?.bytes == signed.bytes {
            return Ok(());
        }
        // There is one first root: that of the fingerprint.
        let Some(before) = before.last() else { return Err(RegisterError::Fingerprint { found: signed.sha256() }) };
        let before: Root = read("root", &super::rules::signed("root", before)?)?;
        self.rules.root_signed(&before, root, signed)?;
        let documents = [Arc::clone(known), Arc::clone(file)];
        self.contradicted(Contradiction { about: About::Root(root.version), documents });
        Err(RegisterError::TwoRoots { version: root.version })
    }

    fn settle(&mut self) {
        if self.contradiction.as_ref().is_some_and(|open| !open.is_open_under(&self.root)) {
            self.contradiction = None;
            self.effects.push(Effect::Settled);
        }
    }

    fn contradicted(&mut self, contradiction: Contradiction) {
        if self.rules.hold(Rule::Contradiction) && self.contradiction.is_none() {
            self.effects.push(Effect::Contradicted(contradiction.clone()));
            self.contradiction = Some(contradiction);
            self.changed = true;
        }
    }

    /// A contradiction that someone else found, if it is one.
    fn evidence(&mut self, documents: &[File; 2]) -> Result<(), RegisterError> {
        if let Some(contradiction) = Contradiction::between(&self.root, documents.clone())? {
            self.contradicted(contradiction);
        }
        Ok(())
    }

    fn members(&mut self, file: &File) -> Result<(), RegisterError> {
        let signed = signed("members", file)?;
        let members = self.rules.members(&self.root, &signed)?;
        index(&members)?;
        let (epoch, version, sha256) = (members.epoch, members.version, signed.sha256());
        if let Some(known) = self.recent.get(&(epoch, version)).cloned() {
            return self.same_pair(&known, file, (epoch, version));
        }
        if self.rules.hold(Rule::Stopped) && self.contradiction.is_some() {
            return Err(RegisterError::Stopped);
        }
        if self.rules.hold(Rule::Later) && (epoch, version) <= self.pair {
            return Err(RegisterError::Rollback);
        }
        // What has expired is no list any more, and still is evidence.
        self.follows(&members, file)?;
        self.rules.in_date("root", self.root.expires, self.now)?;
        self.rules.in_date("members", members.expires, self.now)?;
        self.pair = (epoch, version);
        self.sha256 = sha256;
        self.members = Arc::clone(file);
        self.recent.insert(self.pair, Arc::clone(file));
        Held::trim(&mut self.recent);
        self.effects.push(Effect::Keep(Piece::Members(epoch, version, Arc::clone(file))));
        self.changed = true;
        Ok(())
    }

    fn same_pair(&mut self, known: &File, file: &File, (epoch, version): (u64, u64)) -> Result<(), RegisterError> {
        let (known_signed, found_signed) = (signed("members", known)?, signed("members", file)?);
        if known_signed.bytes == found_signed.bytes {
            return Ok(());
        }
        let documents = [Arc::clone(known), Arc::clone(file)];
        self.contradicted(Contradiction { about: About::Members(epoch, version), documents });
        Err(RegisterError::Equivocation { epoch, version, known: known_signed.sha256(), found: found_signed.sha256() })
    }

    /// Members directly after those in force name them.
    fn follows(&mut self, members: &Members, file: &File) -> Result<(), RegisterError> {
        let direct = members.epoch == self.pair.0 && Some(members.version) == self.pair.1.checked_add(1);
        if !self.rules.hold(Rule::Previous) || !direct || members.previous.as_ref() == Some(&self.sha256) {
            return Ok(());
        }
        let (epoch, version) = (members.epoch, members.version);
        let documents = [Arc::clone(&self.members), Arc::clone(file)];
        self.contradicted(Contradiction { about: About::Members(epoch, version), documents });
        Err(RegisterError::Forked { epoch, version })
    }

    fn fresh(&mut self, file: &File) -> Result<(), RegisterError> {
        if self.fresh.as_ref() == Some(file) {
            return Ok(());
        }
        let fresh = self.rules.fresh(&self.root, &signed("fresh", file)?)?;
        let pair = (fresh.epoch, fresh.version);
        if self.rules.hold(Rule::VeryMembers) && (pair, &fresh.sha256) != (self.pair, &self.sha256) {
            // Of members that were in force before: the other side is behind, and says nothing wrong.
            return if pair < self.pair { Ok(()) } else { Err(RegisterError::NotFresh) };
        }
        if fresh.expires <= self.fresh_until && !self.changed {
            return Ok(());
        }
        if self.rules.hold(Rule::Stopped) && self.contradiction.is_some() {
            return Err(RegisterError::Stopped);
        }
        self.rules.in_date("root", self.root.expires, self.now)?;
        self.rules.in_date("fresh", fresh.expires, self.now)?;
        self.fresh = Some(Arc::clone(file));
        self.fresh_until = fresh.expires;
        self.effects.push(Effect::Keep(Piece::Fresh(Arc::clone(file))));
        self.changed = true;
        Ok(())
    }

    fn finish(mut self) -> (Held, Vec<Effect>) {
        if !self.changed {
            return (self.held.clone(), self.effects);
        }
        let made = Made::of(self.root, self.roots, self.members, self.fresh, self.contradiction.is_some());
        match made.and_then(Register::make) {
            Ok(register) => {
                self.effects.push(Effect::InForce);
                let held = Held { register: Arc::new(register), recent: self.recent, contradiction: self.contradiction };
                (held, self.effects)
            }
            // Every part was read before: this is not reached, and changes nothing if it is.
            Err(error) => (self.held.clone(), vec![Effect::Refused(error)]),
        }
    }
}
