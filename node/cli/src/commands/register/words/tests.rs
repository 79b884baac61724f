use polder_exchange::{Clock, SystemClock};
use polder_trust::keys::SigningKey;
use polder_trust::register::{Members, Root};
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::super::new::{NewKeys, NewRegister, create};
use super::*;

/// A register of two partners, and what its files say.
fn register() -> Register {
    let directory = tempfile::tempdir().expect("a directory");
    let keys = |made| NewKeys::made(made);
    let new = NewRegister { region: "flevoland", stewards: keys(3), registrars: keys(1), freshness: keys(2) };
    create(directory.path(), &new, SystemClock.now()).expect("made");
    let desk = Desk::open(directory.path()).expect("a desk");
    let mut members = desk.next_members(SystemClock.now().plus_seconds(30 * DAY));
    members.members = vec![member("kvk:00000001"), member("kvk:00000002")];
    desk.propose(Document::Members(members), SystemClock.now()).expect("in force");
    Desk::open(directory.path()).expect("a desk").register
}

fn member(partner: &str) -> std::sync::Arc<polder_trust::register::Member> {
    let key = SigningKey::generate().expect("a key").public();
    let pin = format!("{:0>64}", &partner[4..]);
    let value = json!({
        "partner": partner, "name": "Voorbeeld", "roles": ["school"], "clientUrl": "https://a.example", "peerUrl": "https://a.example:8443",
        "purposes": ["find-work", "match-vacancy"], "actsFor": ["kvk:00000008"], "linkHosts": ["a.example"], "status": "active", "since": 2,
        "tlsPins": [{"sha256": pin, "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2027-01-01T00:00:00Z"}],
        "messageKeys": [{"keyid": key.id(), "publicKey": key, "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2027-01-01T00:00:00Z"}],
    });
    serde_json::from_value(value).expect("a member")
}

/// Every place in a document that holds a value of its own, or a list.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                places(inner, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            found.push(at.to_owned());
            items.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{at}/{index}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

/// Other values that may stand in that place.
fn others(value: &Value) -> Vec<Value> {
    let key = SigningKey::generate().expect("a key").public();
    match value {
        Value::Number(number) => vec![json!(number.as_u64().unwrap_or_default() + 5)],
        Value::Array(items) if items.is_empty() => {
            vec![json!(["kvk:00000009"]), json!([{"region": "gelderland", "rootFingerprint": "7c".repeat(32), "purposes": ["find-work"]}])]
        }
        Value::Array(items) => vec![Value::Array(items[1..].to_vec())],
        _ => [
            "2031-01-01T00:00:00Z",
            "kvk:00000009",
            "suspended",
            "find-training",
            "https://b.example:8443",
            "b.example",
            "ab12ab12ab12ab12",
            &"ab".repeat(32),
            &key.to_string(),
        ]
        .map(|text| json!(text))
        .into(),
    }
}

/// A next list that changes nothing but its number.
fn next(register: &Register) -> Value {
    let mut list = json!(register.members_document());
    (list["version"], list["previous"]) = (json!(3), json!(register.adopted().sha256));
    list
}

/// Changes each place in turn; gives those where nothing was said, and those that can hold nothing else.
fn unsaid(register: &Register, value: &Value, read: impl Fn(Value) -> Option<Document>) -> (Vec<String>, Vec<String>) {
    let (mut all, mut silent, mut fixed) = (Vec::new(), Vec::new(), Vec::new());
    let before = of(register, &read(value.clone()).expect("a document"), SystemClock.now());
    places(value, "", &mut all);
    assert!(all.len() >= 15, "{all:?}");
    for place in all {
        let here = value.pointer(&place).expect("a place").clone();
        let changed = others(&here).into_iter().filter(|other| *other != here).find_map(|other| {
            let mut changed = value.clone();
            *changed.pointer_mut(&place).expect("a place") = other;
            read(changed)
        });
        match changed {
            None => fixed.push(place),
            Some(document) if of(register, &document, SystemClock.now()) == before => silent.push(place),
            Some(_) => {}
        }
    }
    (silent, fixed)
}

#[test]
fn nothing_that_changes_is_left_out() {
    let register = register();
    let members = |value| serde_json::from_value::<Members>(value).ok().map(Document::Members);
    let none: Vec<String> = Vec::new();
    assert_eq!(unsaid(&register, &next(&register), members), (none.clone(), vec!["/type".to_owned()]));
    let root = |value| serde_json::from_value::<Root>(value).ok().map(|root| Document::Root(Box::new(root)));
    assert_eq!(unsaid(&register, &json!(register.root()), root), (none.clone(), vec!["/type".to_owned()]));
    // And what is the same is not said.
    let same = of(&register, &Document::Members(register.members_document().clone()), SystemClock.now());
    assert_eq!(same, []);
    assert_eq!(of(&register, &Document::Root(Box::new(register.root().clone())), SystemClock.now()), []);
}

/// What is said, whether it is marked as a risk, and the change.
type Case<'c> = (&'c str, bool, &'c dyn Fn(&mut Value));

#[test]
fn what_does_harm_is_marked() {
    let register = register();
    let said = |change: &dyn Fn(&mut Value)| {
        let mut value = next(&register);
        change(&mut value);
        let document = Document::Members(serde_json::from_value(value).expect("members"));
        let usual = "version 2 → 3";
        of(&register, &document, SystemClock.now()).into_iter().find(|saying| saying.says != usual).expect("said")
    };
    let cases: [Case; 9] = [
        ("kvk:00000001 (Voorbeeld): purposes widen by be-contacted", true, &|list| {
            list["members"][0]["purposes"].as_array_mut().expect("purposes").push(json!("be-contacted"));
        }),
        ("kvk:00000001 (Voorbeeld): purposes narrow by match-vacancy", false, &|list| {
            list["members"][0]["purposes"] = json!(["find-work"])
        }),
        ("suspends kvk:00000001 (Voorbeeld): it is", false, &|list| list["members"][0]["status"] = json!("suspended")),
        ("expels kvk:00000001 (Voorbeeld): nobody", false, &|list| list["members"][0]["status"] = json!("expelled")),
        ("removes kvk:00000001 (Voorbeeld) altogether", true, &|list| {
            list["members"].as_array_mut().expect("members").remove(0);
        }),
        ("kvk:00000001 (Voorbeeld): address https://b.example:1 (before: https://a.example:8443)", false, &|list| {
            list["members"][0]["peerUrl"] = json!("https://b.example:1");
        }),
        ("kvk:00000001 (Voorbeeld): new TLS key abababababababab", true, &|list| {
            list["members"][0]["tlsPins"][0]["sha256"] = json!("ab".repeat(32));
        }),
        ("version 2 → 9: it does not follow", true, &|list| list["version"] = json!(9)),
        ("counts until 2031-01-01", true, &|list| list["expires"] = json!("2031-01-01T00:00:00Z")),
    ];
    for (says, risk, change) in cases {
        let saying = said(change);
        assert!(saying.says.contains(says) && saying.risk == risk, "{saying:?} should have been {says} ({risk})");
    }
}
