//! Register news, signed by whom the input says: whatever comes, the register goes forward only as its rules say. Also its files, as bytes.

use std::collections::HashSet;
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, Target, examples};
use polder_model::Timestamp;
use polder_trust::keys::PublicKey;
use polder_trust::register::{DocumentType, Effect, File, Files, Fresh, Held, KeySet, Members, News, Register, Root, Signed, step};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::keys::key;

/// A document as it stands, and the numbers of the keys that sign it.
#[derive(Deserialize)]
struct Document {
    document: Box<RawValue>,
    #[serde(default)]
    by: Vec<usize>,
}

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    roots: Vec<Document>,
    members: Option<Document>,
    fresh: Option<Document>,
    evidence: Option<[Document; 2]>,
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn keys(numbers: &[usize], threshold: usize) -> KeySet {
    KeySet::new(numbers.iter().map(|number| key(*number).public()), threshold)
}

impl Document {
    fn file(&self, kind: DocumentType) -> File {
        let mut signed = Signed::unsigned(self.document.get().as_bytes().to_vec());
        for number in self.by.iter().take(8) {
            signed.sign(kind, key(*number));
        }
        signed.to_file().into_bytes().into()
    }
}

/// Two of three stewards (0–2), two of two registrars (3, 4), one key for freshness (5).
fn first() -> (Root, Members) {
    let year = now().plus_seconds(365 * 86_400);
    let root = Root::new("proef", year, keys(&[0, 1, 2], 2), keys(&[3, 4], 2), keys(&[5], 1));
    let mut members = Members::new("proef", year);
    members.members = ["kvk:90000001", "kvk:90000002"].map(|id| std::sync::Arc::new(polder_federation_tests::register::member(id))).into();
    (root, members)
}

fn written(value: &impl serde::Serialize, by: &[usize]) -> Value {
    json!({"document": serde_json::to_value(value).expect("JSON"), "by": by})
}

fn signed(value: &impl serde::Serialize, by: &[usize], kind: DocumentType) -> Signed {
    let case: Document = serde_json::from_str(&written(value, by).to_string()).expect("a document");
    Signed::parse(&case.file(kind)).expect("a file")
}

/// The register that every input meets.
fn held() -> &'static Held {
    static HELD: OnceLock<Held> = OnceLock::new();
    HELD.get_or_init(|| {
        let (root, members) = first();
        let (root, list) = (signed(&root, &[0, 1], DocumentType::Root), signed(&members, &[3, 4], DocumentType::Members));
        let fresh = signed(&Fresh::of(&members, list.sha256(), now().plus_seconds(86_400)), &[5], DocumentType::Fresh);
        let bytes = |signed: &Signed| signed.to_file().into_bytes();
        let files = Files { roots: vec![bytes(&root)], members: bytes(&list), fresh: bytes(&fresh) };
        Held::of(Register::load(&root.sha256(), &files, None, now()).expect("it holds"))
    })
}

/// Seeds: what people sign, rightly.
fn seeds() -> Vec<Vec<u8>> {
    let (root, members) = first();
    let previous = held().register().adopted().sha256.clone();
    let mut next = members.clone();
    (next.version, next.previous) = (2, Some(previous));
    let fresh = Fresh::of(&next, signed(&next, &[3, 4], DocumentType::Members).sha256(), now().plus_seconds(2 * 86_400));
    let mut another = root.clone();
    another.version = 2;
    let mut recovery = another.clone();
    recovery.members_epoch = 2;
    let mut again = members.clone();
    again.epoch = 2;
    let mut other = members.clone();
    other.members.pop();
    let all = [
        json!({"members": written(&next, &[3, 4]), "fresh": written(&fresh, &[5])}),
        json!({"roots": [written(&another, &[0, 1])]}),
        json!({"roots": [written(&recovery, &[1, 2])], "members": written(&again, &[3, 4])}),
        json!({"members": written(&other, &[3, 4])}),
        json!({"evidence": [written(&members, &[3, 4]), written(&other, &[3, 4])]}),
        json!({"roots": [written(&another, &[0, 0])], "members": written(&next, &[3, 3]), "fresh": written(&fresh, &[0])}),
    ];
    let mut seeds: Vec<Vec<u8>> = all.iter().map(|value| value.to_string().into_bytes()).collect();
    seeds.push(signed(&members, &[3, 4], DocumentType::Members).to_file().into_bytes());
    seeds.extend(examples::of_schemas(&["register-root", "register-members", "register-fresh"]));
    seeds
}

/// How many distinct keys of a set signed a file, counted from the file alone.
fn signers(file: &[u8], kind: &str, set: &KeySet) -> usize {
    let envelope: Value = serde_json::from_slice(file).expect("a file");
    let bytes = URL_SAFE_NO_PAD.decode(envelope["signed"].as_str().expect("text")).expect("base64");
    let input = [format!("polder/{kind}/1").as_bytes(), &[0], &(bytes.len() as u64).to_be_bytes(), &bytes].concat();
    let mut distinct: HashSet<PublicKey> = HashSet::new();
    for signature in envelope["signatures"].as_array().expect("a list") {
        let Ok(sig) = URL_SAFE_NO_PAD.decode(signature["sig"].as_str().unwrap_or_default()) else { continue };
        distinct.extend(set.keys.values().copied().filter(|key| key.verifies(&input, &sig)));
    }
    distinct.len()
}

fn enough(file: &[u8], kind: &str, set: &KeySet) -> Result<(), String> {
    let count = signers(file, kind, set);
    if count >= set.threshold && count > 0 { Ok(()) } else { Err(format!("{kind} in force with {count} of {} signatures", set.threshold)) }
}

fn went_forward(before: &Register, after: &Register) -> Result<(), String> {
    let (old, new) = (before.adopted(), after.adopted());
    if (new.epoch, new.version) < (old.epoch, old.version) || new.root < old.root || new.root > old.root + 64 {
        return Err(format!("from {old:?} to {new:?}"));
    }
    let roots: Vec<Root> = after.root_files().iter().map(|file| read_root(file)).collect();
    for (number, pair) in roots.windows(2).enumerate() {
        let file = &after.root_files()[number + 1];
        if pair[1].version != pair[0].version + 1 || pair[1].region != pair[0].region {
            return Err("a root does not follow on the one before".to_owned());
        }
        enough(file, "root", &pair[0].stewards)?;
        enough(file, "root", &pair[1].stewards)?;
    }
    if new != old && (new.epoch, new.version, &new.sha256) != (old.epoch, old.version, &old.sha256) {
        let (root, members) = (after.root(), after.members_document());
        enough(after.members_file(), "members", &root.registrars)?;
        if members.epoch != root.members_epoch || members.expires <= now() || members.region != root.region {
            return Err("members in force that the root does not vouch for".to_owned());
        }
    }
    Ok(())
}

fn read_root(file: &[u8]) -> Root {
    let envelope: Value = serde_json::from_slice(file).expect("a file");
    let bytes = URL_SAFE_NO_PAD.decode(envelope["signed"].as_str().expect("text")).expect("base64");
    serde_json::from_slice(&bytes).expect("a root")
}

fn property(input: &[u8]) -> Verdict {
    let Ok(case) = serde_json::from_slice::<Case>(input) else { return raw(input) };
    if case.roots.is_empty() && case.members.is_none() && case.fresh.is_none() && case.evidence.is_none() {
        return raw(input);
    }
    let news = News {
        roots: case.roots.iter().take(70).map(|root| root.file(DocumentType::Root)).collect(),
        members: case.members.as_ref().map(|members| members.file(DocumentType::Members)),
        fresh: case.fresh.as_ref().map(|fresh| fresh.file(DocumentType::Fresh)),
        evidence: case.evidence.as_ref().map(|both| [both[0].file(DocumentType::Members), both[1].file(DocumentType::Members)]),
    };
    let before = held();
    let (after, effects) = step(before, &news, now());
    went_forward(before.register(), after.register())?;
    let in_force = effects.iter().any(|effect| matches!(effect, Effect::InForce));
    let same = |one: &Held, other: &Held| {
        one.register().adopted() == other.register().adopted()
            && one.register().fresh_until() == other.register().fresh_until()
            && one.contradiction() == other.contradiction()
    };
    if !in_force && !same(before, &after) {
        return Err("something changed that is not put in force".to_owned());
    }
    if after.contradiction().is_some() && after.register().adopted().version != before.register().adopted().version {
        return Err("members were taken although a contradiction came to light".to_owned());
    }
    let (again, _) = step(&after, &news, now());
    went_forward(after.register(), again.register())?;
    let told = effects.iter().map(|effect| match effect {
        Effect::Refused(error) => format!("{error:?}").split([' ', '{', '(']).next().unwrap_or_default().to_owned(),
        other => format!("{other:?}").split([' ', '{', '(']).next().unwrap_or_default().to_owned(),
    });
    Ok(told.collect::<Vec<_>>().join(", "))
}

/// A file as bytes: what is taken is written as it was read.
fn raw(input: &[u8]) -> Verdict {
    match Signed::parse(input) {
        Err(error) => Ok(format!("no file: {error}")),
        Ok(read) => match Signed::parse(read.to_file().as_bytes()) {
            Ok(again) if again == read => Ok("a file".to_owned()),
            other => Err(format!("written out and read again: {other:?}")),
        },
    }
}

#[test]
fn register() {
    let words = &[
        "roots",
        "members",
        "fresh",
        "evidence",
        "document",
        "by",
        "version",
        "epoch",
        "membersEpoch",
        "previous",
        "expires",
        "threshold",
        "stewards",
        "registrars",
        "freshness",
        "keys",
        "region",
        "status",
        "partner",
        "peerUrl",
        "tlsPins",
        "messageKeys",
        "recognised",
        "signed",
        "signatures",
        "since",
    ];
    Target { name: "register", seeds: seeds(), grammar: Grammar::Json, words, bound: Duration::from_millis(500) }.run(property);
}
