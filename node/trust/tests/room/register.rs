//! Which registers are taken in, and which are not.

mod documents;
mod recognised;

use std::sync::Arc;

use polder_model::{Purpose, Timestamp};
use polder_trust::keys::{KeyId, SigningKey, SpkiPin};
use polder_trust::register::{
    Adopted, DocumentType, Files, Fresh, KeySet, Member, Members, MessageKey, Register, RegisterError, Root, SharedRegister, Signed,
    Standing, Status, TlsPin,
};
use serde_json::json;

const DAY: i64 = 86_400;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn key() -> SigningKey {
    SigningKey::generate().expect("a key")
}

fn key_id(text: &str) -> KeyId {
    serde_json::from_value(json!(text)).expect("an id")
}

fn pin(number: u8) -> SpkiPin {
    serde_json::from_value(json!(format!("{number:02x}").repeat(32))).expect("a pin")
}

fn signed(document: DocumentType, value: &impl serde::Serialize, keys: &[&SigningKey]) -> Signed {
    let mut signed = Signed::unsigned(serde_json::to_vec(value).expect("JSON"));
    keys.iter().for_each(|key| signed.sign(document, key));
    signed
}

fn file(signed: &Signed) -> Vec<u8> {
    signed.to_file().into_bytes()
}

fn changed(root: &Root, change: impl FnOnce(&mut Root)) -> Root {
    let mut root = root.clone();
    change(&mut root);
    root
}

fn member(number: u8, key: &SigningKey) -> Member {
    Member {
        partner: format!("kvk:9000000{number}").parse().expect("a partner"),
        name: format!("Partner {number}"),
        roles: vec!["employer".to_owned()],
        client_url: None,
        peer_url: "https://127.0.0.1:1".to_owned(),
        purposes: vec![Purpose::FindWork],
        acts_for: Vec::new(),
        link_hosts: Vec::new(),
        tls_pins: vec![TlsPin { sha256: pin(number), not_before: None, not_after: None }],
        message_keys: vec![MessageKey {
            keyid: key.public().id(),
            public_key: key.public(),
            not_before: now(),
            not_after: now().plus_seconds(DAY),
        }],
        status: Status::Active,
        since: 1,
    }
}

/// A region whose documents tests change before they are signed.
struct Region {
    stewards: [SigningKey; 3],
    registrar: SigningKey,
    witness: SigningKey,
    partner_keys: [SigningKey; 2],
    root: Root,
    members: Members,
}

impl Region {
    /// Three stewards of whom two sign, one registrar, one key for freshness, two members.
    fn new() -> Self {
        let (stewards, registrar, witness, partner_keys) = ([key(), key(), key()], key(), key(), [key(), key()]);
        let year = now().plus_seconds(365 * DAY);
        let set = |keys: &[&SigningKey], threshold| KeySet::new(keys.iter().map(|key| key.public()), threshold);
        let [a, b, c] = &stewards;
        let root = Root::new("proef", year, set(&[a, b, c], 2), set(&[&registrar], 1), set(&[&witness], 1));
        let mut members = Members::new("proef", year);
        members.members = vec![Arc::new(member(1, &partner_keys[0])), Arc::new(member(2, &partner_keys[1]))];
        Self { stewards, registrar, witness, partner_keys, root, members }
    }

    fn root(&self) -> Signed {
        signed(DocumentType::Root, &self.root, &[&self.stewards[0], &self.stewards[1]])
    }

    fn members(&self) -> Signed {
        signed(DocumentType::Members, &self.members, &[&self.registrar])
    }

    fn fresh(&self) -> Fresh {
        Fresh::of(&self.members, self.members().sha256(), now().plus_seconds(DAY))
    }

    fn files(&self) -> Files {
        let fresh = signed(DocumentType::Fresh, &self.fresh(), &[&self.witness]);
        Files { roots: vec![file(&self.root())], members: file(&self.members()), fresh: file(&fresh) }
    }

    fn load(&self, files: &Files, adopted: Option<&Adopted>) -> Result<Register, RegisterError> {
        Register::load(&self.root().sha256(), files, adopted, now())
    }

    /// Loads what this region says now.
    fn outcome(&self, adopted: Option<&Adopted>) -> Result<Register, RegisterError> {
        self.load(&self.files(), adopted)
    }

    fn change_member(&mut self, index: usize, change: impl FnOnce(&mut Member)) {
        change(Arc::make_mut(&mut self.members.members[index]));
    }
}

fn error(outcome: Result<Register, RegisterError>) -> RegisterError {
    outcome.expect_err("refused")
}

#[test]
fn a_register_that_holds_is_taken_in() {
    let region = Region::new();
    let register = region.outcome(None).expect("it holds");
    let sha256 = region.members().sha256();
    assert_eq!(register.region(), "proef");
    assert_eq!(register.adopted(), &Adopted { root: 1, epoch: 1, version: 1, sha256: sha256.clone() });
    assert_eq!(register.header_value(), format!("proef;e=1;v=1;h={}", &sha256[..16]));
    let first = &region.members.members[0];
    assert_eq!(register.member(&first.partner), Some(first));
    assert_eq!(register.by_pin(&pin(1), now()), Some(first));
    assert_eq!(register.by_pin(&pin(3), now()), None);
    assert_eq!(register.member(&"kvk:90000009".parse().expect("a partner")), None);
    assert_eq!(region.outcome(Some(register.adopted())).expect("again").adopted(), register.adopted());
}

#[test]
fn the_first_root_is_the_one_of_the_accession_letter() {
    let region = Region::new();
    let found = region.root().sha256();
    let other = error(Register::load(&"0".repeat(64), &region.files(), None, now()));
    assert_eq!(other, RegisterError::Fingerprint { found: found.clone() });
    assert!(Register::load(&found.to_uppercase(), &region.files(), None, now()).is_ok());
    for short in ["", &found[..63]] {
        assert!(matches!(error(Register::load(short, &region.files(), None, now())), RegisterError::Fingerprint { .. }));
    }
    let none = Files { roots: Vec::new(), ..region.files() };
    assert_eq!(error(region.load(&none, None)), RegisterError::NoRoot);
    let many = Files { roots: vec![file(&region.root()); 65], ..region.files() };
    assert_eq!(error(region.load(&many, None)), RegisterError::TooManySteps);
    // Fewer stewards than must: the fingerprint alone does not do.
    let lone = signed(DocumentType::Root, &region.root, &[&region.stewards[0]]);
    let outcome = region.load(&Files { roots: vec![file(&lone)], ..region.files() }, None);
    assert_eq!(error(outcome), RegisterError::Threshold { document: "root, under its own stewards", found: 1, needed: 2 });
}

#[test]
fn each_root_follows_on_the_one_before_under_both_sets_of_stewards() {
    let region = Region::new();
    let new_stewards = [key(), key()];
    let [a, b, _] = &region.stewards;
    let [x, y] = &new_stewards;
    let mut next = region.root.clone();
    next.version = 2;
    next.stewards = KeySet::new([x.public(), y.public()], 2);
    let outcome = |next: &Root, keys: &[&SigningKey]| {
        let step = signed(DocumentType::Root, next, keys);
        region.load(&Files { roots: vec![file(&region.root()), file(&step)], ..region.files() }, None)
    };
    let register = outcome(&next, &[a, b, x, y]).expect("it holds");
    assert_eq!((register.root().version, register.adopted().root), (2, 2));

    let before = "root, under the stewards of the root before";
    let own = "root, under its own stewards";
    let threshold = |document, found| RegisterError::Threshold { document, found, needed: 2 };
    assert_eq!(error(outcome(&next, &[a, b])), threshold(own, 0));
    assert_eq!(error(outcome(&next, &[a, b, x])), threshold(own, 1));
    assert_eq!(error(outcome(&next, &[x, y])), threshold(before, 0));
    assert_eq!(error(outcome(&next, &[a, x, y])), threshold(before, 1));

    for version in [1, 3, 0] {
        let wrong = changed(&next, |root| root.version = version);
        assert_eq!(error(outcome(&wrong, &[a, b, x, y])), RegisterError::RootSkipped { found: version, before: 1 });
    }
    let elsewhere = changed(&next, |root| root.region = "elders".to_owned());
    assert_eq!(error(outcome(&elsewhere, &[a, b, x, y])), RegisterError::Region("root"));
    // The last root decides who signs the members.
    let others = changed(&next, |root| root.registrars = KeySet::new([key().public()], 1));
    assert_eq!(error(outcome(&others, &[a, b, x, y])), RegisterError::Threshold { document: "members", found: 0, needed: 1 });
}

#[test]
fn a_register_only_goes_forward() {
    let mut region = Region::new();
    region.members.version = 4;
    let adopted = |root, epoch, version| Adopted { root, epoch, version, sha256: region.members().sha256() };
    assert!(region.outcome(Some(&adopted(1, 1, 3))).is_ok());
    assert!(region.outcome(Some(&adopted(1, 1, 4))).is_ok());
    assert_eq!(error(region.outcome(Some(&adopted(1, 1, 5)))), RegisterError::Rollback);
    assert_eq!(error(region.outcome(Some(&adopted(1, 2, 1)))), RegisterError::Rollback);
    assert_eq!(error(region.outcome(Some(&adopted(2, 1, 3)))), RegisterError::Rollback);

    // Only a root raises the epoch; then versions start again.
    region.members.epoch = 2;
    assert_eq!(error(region.outcome(None)), RegisterError::Rollback);
    region.root.members_epoch = 2;
    region.members.version = 1;
    let before = Adopted { root: 1, epoch: 1, version: 9, sha256: "0".repeat(64) };
    assert!(region.outcome(Some(&before)).is_ok());
    region.members.epoch = 1;
    region.members.version = 10;
    assert_eq!(error(region.outcome(Some(&before))), RegisterError::Rollback);
}

#[test]
fn two_lists_with_one_version_are_evidence() {
    let mut region = Region::new();
    let adopted = region.outcome(None).expect("it holds").adopted().clone();
    region.change_member(0, |member| member.name = "Iemand anders".to_owned());
    let (known, found) = (adopted.sha256.clone(), region.members().sha256());
    assert_eq!(error(region.outcome(Some(&adopted))), RegisterError::Equivocation { epoch: 1, version: 1, known, found });
    region.members.version = 2;
    assert!(region.outcome(Some(&adopted)).is_ok());
}

#[test]
fn an_expired_root_authorises_nothing() {
    let mut region = Region::new();
    region.root.expires = now();
    assert_eq!(error(region.outcome(None)), RegisterError::Expired("root"));
    region.root.expires = now().plus_micros(1);
    assert!(region.outcome(None).is_ok());
}

#[test]
fn freshness_is_about_these_very_members() {
    let region = Region::new();
    let outcome = |change: &dyn Fn(&mut Fresh), key: &SigningKey| {
        let mut fresh = region.fresh();
        change(&mut fresh);
        region.load(&Files { fresh: file(&signed(DocumentType::Fresh, &fresh, &[key])), ..region.files() }, None)
    };
    assert!(outcome(&|_| {}, &region.witness).is_ok());
    assert_eq!(error(outcome(&|fresh| fresh.version = 2, &region.witness)), RegisterError::NotFresh);
    assert_eq!(error(outcome(&|fresh| fresh.epoch = 2, &region.witness)), RegisterError::NotFresh);
    assert_eq!(error(outcome(&|fresh| fresh.sha256 = "0".repeat(64), &region.witness)), RegisterError::NotFresh);
    assert_eq!(error(outcome(&|fresh| fresh.region = "elders".to_owned(), &region.witness)), RegisterError::Region("fresh"));
    let unsigned = RegisterError::Threshold { document: "fresh", found: 0, needed: 1 };
    assert_eq!(error(outcome(&|_| {}, &region.registrar)), unsigned);
}

#[test]
fn members_of_another_region_are_refused() {
    let mut region = Region::new();
    region.members.region = "elders".to_owned();
    assert_eq!(error(region.outcome(None)), RegisterError::Region("members"));
}

#[test]
fn nothing_stands_for_two_members() {
    let ambiguous = |change: &dyn Fn(&mut Region)| {
        let mut region = Region::new();
        change(&mut region);
        assert_eq!(error(region.outcome(None)), RegisterError::Ambiguous);
    };
    ambiguous(&|region| region.change_member(1, |member| member.partner = "kvk:90000001".parse().expect("a partner")));
    ambiguous(&|region| region.change_member(1, |member| member.tls_pins[0].sha256 = pin(1)));
    ambiguous(&|region| {
        let key = region.members.members[0].message_keys[0].clone();
        region.change_member(1, |member| member.message_keys.push(key));
    });
    ambiguous(&|region| {
        region.change_member(0, |member| {
            let again = member.message_keys[0].clone();
            member.message_keys.push(again);
        });
    });
    ambiguous(&|region| {
        let other = region.partner_keys[1].public().id();
        region.change_member(0, |member| member.message_keys[0].keyid = other);
    });
}

#[test]
fn the_same_pin_of_one_member_may_have_two_periods() {
    let mut region = Region::new();
    region.change_member(0, |member| {
        member.tls_pins = vec![
            TlsPin { sha256: pin(1), not_before: None, not_after: Some(now().plus_seconds(-1)) },
            TlsPin { sha256: pin(1), not_before: Some(now().plus_seconds(1)), not_after: None },
        ];
    });
    let register = region.outcome(None).expect("it holds");
    let known = |seconds| register.by_pin(&pin(1), now().plus_seconds(seconds)).is_some();
    assert_eq!((known(-1), known(0), known(1)), (true, false, true));
}

#[test]
fn a_register_ages() {
    let mut region = Region::new();
    region.members.expires = now().plus_seconds(5 * DAY);
    let register = region.outcome(None).expect("it holds");
    let standing = |register: &Register, seconds| register.standing(now().plus_seconds(seconds));
    assert_eq!(standing(&register, DAY - 1), Standing::Current);
    assert_eq!(standing(&register, DAY), Standing::Stale);
    assert_eq!(standing(&register, 5 * DAY - 1), Standing::Stale);
    assert_eq!(standing(&register, 5 * DAY), Standing::NoDisclosure, "the members have expired");
    region.members.expires = now().plus_seconds(100 * DAY);
    let register = region.outcome(None).expect("it holds");
    assert_eq!(standing(&register, 8 * DAY - 1), Standing::Stale);
    assert_eq!(standing(&register, 8 * DAY), Standing::NoDisclosure, "freshness ran out seven days ago");
}

#[test]
fn what_one_adopts_all_see() {
    let mut region = Region::new();
    let shared = SharedRegister::new(region.outcome(None).expect("it holds"));
    let other = shared.clone();
    let partner = region.members.members[0].partner.clone();
    assert!(other.active_by_pin(&pin(1), now()).is_some() && other.is_pin_of(&partner, &pin(1), now()));
    assert!(!other.is_pin_of(&partner, &pin(2), now()), "another member's key");
    for status in [Status::Suspended, Status::Expelled] {
        region.members.version += 1;
        region.change_member(0, |member| member.status = status);
        shared.adopt(region.outcome(Some(other.current().adopted())).expect("it holds"));
        assert!(other.active_by_pin(&pin(1), now()).is_none() && other.is_pin_of(&partner, &pin(1), now()), "tombstones go there still");
        assert!(other.active_by_pin(&pin(2), now()).is_some());
    }
}
