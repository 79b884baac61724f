//! A register goes forward by steps, and never back.

use polder_model::Timestamp;
use polder_trust::keys::SigningKey;
use polder_trust::register::{
    DocumentType, Effect, File, Files, Fresh, Held, KeySet, Members, News, Register, RegisterError, Root, Signed, Standing, step,
};

const DAY: i64 = 86_400;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn sign(document: DocumentType, value: &impl serde::Serialize, key: &SigningKey) -> Signed {
    let mut signed = Signed::unsigned(serde_json::to_vec(value).expect("JSON"));
    signed.sign(document, key);
    signed
}

fn file(signed: &Signed) -> File {
    signed.to_file().into_bytes().into()
}

/// One key for everything; what it signed first is held.
struct Region {
    key: SigningKey,
    root: Root,
    members: Members,
    held: Held,
}

impl Region {
    fn new() -> Self {
        let key = SigningKey::generate().expect("a key");
        let (set, far) = (|| KeySet::new([key.public()], 1), now().plus_seconds(400 * DAY));
        let (root, members) = (Root::new("proef", far, set(), set(), set()), Members::new("proef", far));
        let signed = [sign(DocumentType::Root, &root, &key), sign(DocumentType::Members, &members, &key)];
        let fresh = sign(DocumentType::Fresh, &Fresh::of(&members, signed[1].sha256(), now().plus_seconds(2 * DAY)), &key);
        let bytes = |signed: &Signed| signed.to_file().into_bytes();
        let files = Files { roots: vec![bytes(&signed[0])], members: bytes(&signed[1]), fresh: bytes(&fresh) };
        let register = Register::load(&signed[0].sha256(), &files, None, now()).expect("it holds");
        Self { key, root, members, held: Held::of(register) }
    }

    /// Takes news in, and gives back what was refused.
    fn hear(&mut self, news: &News) -> Vec<RegisterError> {
        let (held, effects) = step(&self.held, news, now());
        self.held = held;
        effects.into_iter().filter_map(|effect| if let Effect::Refused(error) = effect { Some(error) } else { None }).collect()
    }

    fn next_root(&mut self, change: impl FnOnce(&mut Root)) -> File {
        self.root.version += 1;
        change(&mut self.root);
        file(&sign(DocumentType::Root, &self.root, &self.key))
    }

    fn list(&self, change: impl FnOnce(&mut Members)) -> News {
        let mut members = self.members.clone();
        change(&mut members);
        News { members: Some(file(&sign(DocumentType::Members, &members, &self.key))), ..News::default() }
    }

    fn fresh(&self, until: Timestamp) -> News {
        let sha256 = self.held.register().adopted().sha256.clone();
        let fresh = Fresh::of(self.held.register().members_document(), sha256, until);
        News { fresh: Some(file(&sign(DocumentType::Fresh, &fresh, &self.key))), ..News::default() }
    }

    fn pair(&self) -> (u64, u64, u64) {
        let adopted = self.held.register().adopted();
        (adopted.root, adopted.epoch, adopted.version)
    }
}

#[test]
fn at_most_64_roots_a_step_and_the_rest_in_the_next() {
    let mut region = Region::new();
    let roots: Vec<File> = (0..70).map(|_| region.next_root(|_| {})).collect();
    let news = News { roots, ..News::default() };
    assert_eq!(region.hear(&news), [RegisterError::TooManySteps]);
    assert_eq!(region.pair().0, 65);
    assert_eq!(region.hear(&news), []);
    assert_eq!(region.pair().0, 71);
    let skipping = region.next_root(|root| root.version += 1);
    let refused = region.hear(&News { roots: vec![skipping], ..News::default() });
    assert_eq!(refused, [RegisterError::RootSkipped { found: 73, before: 71 }]);
}

#[test]
fn expiry_of_roots_is_looked_at_after_the_last_step() {
    let mut region = Region::new();
    let expired = region.next_root(|root| root.expires = now().plus_seconds(-1));
    assert_eq!(region.hear(&News { roots: vec![expired.clone()], ..News::default() }), []);
    assert_eq!(region.held.register().standing(now()), Standing::NoDisclosure, "it authorises nothing");
    let list = region.list(|members| members.version = 5);
    assert_eq!(region.hear(&list), [RegisterError::Expired("root")]);
    let good = region.next_root(|root| root.expires = now().plus_seconds(DAY));
    assert_eq!(region.hear(&News { roots: vec![expired, good], ..list }), []);
    assert_eq!(region.pair(), (3, 1, 5));
}

#[test]
fn a_number_after_which_nothing_comes_is_undone_by_an_epoch() {
    let mut region = Region::new();
    for version in [1 << 53, 1 << 63, u64::MAX] {
        let list = region.list(|members| members.version = version);
        assert_eq!(region.hear(&list), []);
    }
    let next = region.list(|members| members.version = 7);
    assert_eq!(region.hear(&next), [RegisterError::Rollback]);
    let raised = region.list(|members| (members.epoch, members.version) = (2, 1));
    assert_eq!(region.hear(&raised), [RegisterError::Rollback], "registrars do not raise the epoch");
    let root = region.next_root(|root| root.members_epoch = 2);
    assert_eq!(region.hear(&News { roots: vec![root.clone()], ..News::default() }), []);
    assert_eq!(region.held.register().standing(now()), Standing::NoDisclosure, "the new root does not vouch for the list before");
    assert_eq!(region.hear(&News { roots: vec![root], ..raised }), []);
    assert_eq!(region.pair(), (2, 2, 1));
    let back = region.next_root(|root| root.members_epoch = 1);
    assert_eq!(region.hear(&News { roots: vec![back], ..News::default() }), [RegisterError::Rollback]);
}

#[test]
fn freshness_only_grows_and_is_about_the_list_in_force() {
    let mut region = Region::new();
    let until = |region: &Region| region.held.register().fresh_until();
    let (sooner, later) = (region.fresh(now().plus_seconds(DAY)), region.fresh(now().plus_seconds(3 * DAY)));
    assert_eq!((region.hear(&sooner), until(&region)), (vec![], now().plus_seconds(2 * DAY)));
    assert_eq!((region.hear(&later), until(&region)), (vec![], now().plus_seconds(3 * DAY)));
    let expired = region.fresh(now());
    assert_eq!((region.hear(&expired), until(&region)), (vec![], now().plus_seconds(3 * DAY)));
    // A list without freshness of its own: until when it is known stays what it was, and what is said of the list before says no more.
    let list = region.list(|members| members.version = 5);
    assert_eq!(region.hear(&list), []);
    let old = News { fresh: later.fresh, ..News::default() };
    assert_eq!((region.hear(&old), until(&region)), (vec![], now().plus_seconds(3 * DAY)));
    // About a list that nobody has seen here.
    let mut unseen = Region::new();
    std::mem::swap(&mut unseen.key, &mut region.key);
    let fresh = Fresh::of(
        &{
            let mut members = region.members.clone();
            members.version = 9;
            members
        },
        "0".repeat(64),
        now().plus_seconds(9 * DAY),
    );
    let fresh = News { fresh: Some(file(&sign(DocumentType::Fresh, &fresh, &unseen.key))), ..News::default() };
    assert_eq!(region.hear(&fresh), [RegisterError::NotFresh]);
    // A root with another freshness key: what the key before signed counts no more.
    std::mem::swap(&mut unseen.key, &mut region.key);
    let other = SigningKey::generate().expect("a key");
    let root = region.next_root(|root| root.freshness = KeySet::new([other.public()], 1));
    assert_eq!(region.hear(&News { roots: vec![root], ..News::default() }), []);
    assert_eq!((until(&region).micros(), region.held.register().standing(now())), (0, Standing::NoDisclosure));
}
