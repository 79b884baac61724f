//! The documents of the model: what honest people signed, what people signed who were hacked, and what an enemy signed alone.

use std::sync::Arc;

use polder_model::{PartnerId, Timestamp};

use crate::keys::SigningKey;
use crate::register::step::News;
use crate::register::{DocumentType, File, Files, Fresh, Held, KeySet, Member, Members, Register, Root, Signed, Status};

const DAY: i64 = 86_400;

/// The instant of a time of the model.
pub(super) fn instant(time: u8) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(i64::from(time) * 10 * DAY)
}

fn far() -> Timestamp {
    instant(0).plus_seconds(1_000 * DAY)
}

/// Everything that can be delivered.
pub(super) struct Documents {
    first: Files,
    deliverable: Vec<News>,
    partner: PartnerId,
    /// SHA-256 of what no node may ever have in force, with the rule that says so.
    pub(super) forbidden: Vec<(String, &'static str)>,
}

struct Keys {
    stewards: [SigningKey; 2],
    registrars: [SigningKey; 2],
    freshness: SigningKey,
    /// Of the enemy alone.
    enemy: SigningKey,
    /// The registrars after a recovery.
    later: [SigningKey; 2],
}

fn key() -> SigningKey {
    SigningKey::generate().unwrap_or_else(|_| unreachable!("there is randomness"))
}

fn sign(kind: DocumentType, value: &impl serde::Serialize, keys: &[&SigningKey]) -> Signed {
    let mut signed = Signed::unsigned(serde_json::to_vec(value).unwrap_or_default());
    keys.iter().for_each(|key| signed.sign(kind, key));
    signed
}

fn file(signed: &Signed) -> File {
    signed.to_file().into_bytes().into()
}

fn set(keys: &[SigningKey]) -> KeySet {
    KeySet::new(keys.iter().map(SigningKey::public), keys.len())
}

fn members(version: u64, previous: Option<&Signed>, status: Status) -> Members {
    let mut members = Members::new("proef", far());
    members.version = version;
    members.previous = previous.map(Signed::sha256);
    members.members = vec![Arc::new(Member {
        partner: partner(),
        name: "Partner".to_owned(),
        roles: Vec::new(),
        client_url: None,
        peer_url: "https://127.0.0.1:1".to_owned(),
        purposes: Vec::new(),
        acts_for: Vec::new(),
        link_hosts: Vec::new(),
        tls_pins: Vec::new(),
        message_keys: Vec::new(),
        status,
        since: version,
    })];
    members
}

fn partner() -> PartnerId {
    "kvk:90000001".parse().unwrap_or_else(|_| unreachable!("a partner"))
}

fn with(members: Members, change: impl FnOnce(&mut Members)) -> Members {
    let mut members = members;
    change(&mut members);
    members
}

fn next_root(before: &Root, change: impl FnOnce(&mut Root)) -> Root {
    let mut root = before.clone();
    root.version += 1;
    change(&mut root);
    root
}

impl Documents {
    pub(super) fn new() -> Self {
        let keys = Keys { stewards: [key(), key()], registrars: [key(), key()], freshness: key(), enemy: key(), later: [key(), key()] };
        let Keys { stewards: [s1, s2], registrars: [r1, r2], freshness, enemy, later: [l1, l2] } = &keys;
        let fresh_keys = KeySet::new([freshness.public()], 1);
        let root = Root::new("proef", far(), set(&keys.stewards), set(&keys.registrars), fresh_keys);
        let fresh = |members: &Members, signed: &Signed| {
            file(&sign(DocumentType::Fresh, &Fresh::of(members, signed.sha256(), far()), &[freshness]))
        };
        let listed = |members: &Members, by: &[&SigningKey]| sign(DocumentType::Members, members, by);
        let (active, expelled) = (Status::Active, Status::Expelled);

        let root_1 = sign(DocumentType::Root, &root, &[s1, s2]);
        let first = members(1, None, active);
        let first_signed = listed(&first, &[r1, r2]);
        // Honest: the partner is expelled, and a list after that.
        let second = members(2, Some(&first_signed), expelled);
        let second_signed = listed(&second, &[r1, r2]);
        let third = members(3, Some(&second_signed), expelled);
        let third_signed = listed(&third, &[r1, r2]);
        // Signed by registrars who were hacked: another version 2, and a third on top of it, in which the partner is still in.
        let other_second = with(members(2, Some(&first_signed), active), |list| list.expires = far().plus_seconds(1));
        let other_second_signed = listed(&other_second, &[r1, r2]);
        let other_third = members(3, Some(&other_second_signed), active);
        let other_third_signed = listed(&other_third, &[r1, r2]);
        // One registrar alone.
        let lone = members(9, None, active);
        let lone_signed = listed(&lone, &[r1]);
        // In date at time 0 alone.
        let short = with(members(4, Some(&third_signed), expelled), |list| list.expires = instant(0).plus_seconds(DAY));
        let short_signed = listed(&short, &[r1, r2]);
        // The same people are registrars elsewhere.
        let elsewhere = with(members(5, None, active), |list| list.region = "elders".to_owned());
        let elsewhere_signed = listed(&elsewhere, &[r1, r2]);
        // The registrars raise the epoch themselves.
        let raised = with(members(7, None, active), |list| list.epoch = 7);
        let raised_signed = listed(&raised, &[r1, r2]);

        // The stewards settle: new registrars, a new epoch, the partner out.
        let recovery = next_root(&root, |root| {
            root.members_epoch = 2;
            root.registrars = set(&keys.later);
        });
        let root_2 = sign(DocumentType::Root, &recovery, &[s1, s2]);
        let after = with(members(1, None, expelled), |list| list.epoch = 2);
        let after_signed = listed(&after, &[l1, l2]);
        // A root of the enemy's own stewards.
        let forged = next_root(&root, |root| {
            root.stewards = KeySet::new([enemy.public()], 1);
            root.registrars = KeySet::new([enemy.public()], 1);
        });
        let forged_root = sign(DocumentType::Root, &forged, &[enemy]);
        // Signed as it should be, for after the second root.
        let skipping = next_root(&recovery, |_| {});
        let root_3 = sign(DocumentType::Root, &skipping, &[s1, s2]);

        let list = |signed: &Signed, fresh: Option<File>| News { members: Some(file(signed)), fresh, ..News::default() };
        let roots = |root: &Signed| News { roots: vec![file(root)], ..News::default() };
        let deliverable = vec![
            list(&first_signed, None),
            list(&second_signed, Some(fresh(&second, &second_signed))),
            list(&third_signed, None),
            list(&other_second_signed, None),
            list(&other_third_signed, None),
            list(&lone_signed, None),
            list(&short_signed, None),
            list(&elsewhere_signed, None),
            list(&raised_signed, None),
            News { fresh: Some(fresh(&other_second, &other_second_signed)), ..News::default() },
            News {
                roots: vec![file(&root_2)],
                members: Some(file(&after_signed)),
                fresh: Some(fresh(&after, &after_signed)),
                evidence: None,
            },
            roots(&forged_root),
            roots(&root_3),
        ];
        let forbidden = vec![
            (lone_signed.sha256(), "R2 nobody below the threshold changes an entry"),
            (forged_root.sha256(), "R2 nobody below the threshold changes the root"),
            (elsewhere_signed.sha256(), "R7 another region changes nothing here"),
            (raised_signed.sha256(), "R2 only a root raises the epoch"),
        ];
        let bytes = |signed: &Signed| signed.to_file().into_bytes();
        let first = Files { roots: vec![bytes(&root_1)], members: bytes(&first_signed), fresh: fresh(&first, &first_signed).to_vec() };
        Self { first, deliverable, partner: partner(), forbidden }
    }

    /// What every node begins with.
    pub(super) fn first(&self) -> Held {
        let register = Register::load(&self.fingerprint(), &self.first, None, instant(0));
        Held::of(register.unwrap_or_else(|error| unreachable!("the first register holds: {error}")))
    }

    pub(super) fn fingerprint(&self) -> String {
        Signed::parse(&self.first.roots[0]).map(|root| root.sha256()).unwrap_or_default()
    }

    pub(super) fn deliverable(&self) -> &[News] {
        &self.deliverable
    }

    /// The partner who is expelled.
    pub(super) fn partner(&self) -> &PartnerId {
        &self.partner
    }
}
