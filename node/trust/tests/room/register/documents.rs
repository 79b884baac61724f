//! What signed documents and their files must be like, whatever stands in them.

use polder_trust::register::{DocumentType, Files, KeySet, RegisterError, Signature, Signed, SignedError};
use serde_json::json;

use super::{Region, changed, error, file, key, key_id, signed};

#[test]
fn a_key_counts_once_however_often_and_under_whatever_id_it_signs() {
    let (a, b) = (key(), key());
    let set = KeySet::new([a.public(), b.public()], 2);
    let mut document = signed(DocumentType::Members, &json!({"a": 1}), &[&a]);
    document.sign(DocumentType::Members, &a);
    assert_eq!(document.signatures.len(), 1);
    document.signatures.push(document.signatures[0].clone());
    assert_eq!((document.signers(DocumentType::Members, &set), document.reaches(DocumentType::Members, &set)), (1, false));

    let mut twice = set.clone();
    twice.keys.insert(key_id("0000000000000000"), a.public());
    document.signatures.push(Signature { keyid: key_id("0000000000000000"), sig: document.signatures[0].sig.clone() });
    assert_eq!((document.signers(DocumentType::Members, &twice), document.reaches(DocumentType::Members, &twice)), (1, false));

    // A signature under the id of another key is not that key's.
    document.signatures.push(Signature { keyid: b.public().id(), sig: document.signatures[0].sig.clone() });
    assert_eq!(document.signers(DocumentType::Members, &set), 1);
    document.sign(DocumentType::Members, &b);
    assert!(document.reaches(DocumentType::Members, &set));

    let nobody = KeySet { threshold: 0, ..set };
    assert!(!document.reaches(DocumentType::Members, &nobody), "a threshold of 0 is never reached");
}

#[test]
fn a_changed_byte_is_seen() {
    let region = Region::new();
    let files = region.files();
    for (name, original) in [("root", region.root()), ("members", region.members()), ("fresh", Signed::parse(&files.fresh).expect("fresh"))]
    {
        for index in 0..original.bytes.len() {
            let mut changed = original.clone();
            changed.bytes[index] ^= 1;
            let changed = file(&changed);
            let files = match name {
                "root" => Files { roots: vec![changed], ..files.clone() },
                "members" => Files { members: changed, ..files.clone() },
                _ => Files { fresh: changed, ..files.clone() },
            };
            let error = error(region.load(&files, None));
            let expected = match name {
                "root" => matches!(error, RegisterError::Fingerprint { .. }),
                _ => error == RegisterError::Form(name) || error == RegisterError::Threshold { document: name, found: 0, needed: 1 },
            };
            assert!(expected, "{name} byte {index}: {error:?}");
        }
    }
    // Another order of members or one space more is another document as well.
    let mut spaced = region.members();
    spaced.bytes.push(b' ');
    let outcome = region.load(&Files { members: file(&spaced), ..files }, None);
    assert_eq!(error(outcome), RegisterError::Threshold { document: "members", found: 0, needed: 1 });
}

#[test]
fn a_key_signs_only_what_it_is_for() {
    let region = Region::new();
    let files = region.files();
    let next = changed(&region.root, |root| root.version = 2);
    let by_registrar = signed(DocumentType::Root, &next, &[&region.registrar, &region.witness]);
    let outcome = region.load(&Files { roots: vec![file(&region.root()), file(&by_registrar)], ..files.clone() }, None);
    assert!(matches!(error(outcome), RegisterError::Threshold { found: 0, needed: 2, .. }));
    for steward in &region.stewards {
        let by_steward = signed(DocumentType::Members, &region.members, &[steward]);
        let outcome = region.load(&Files { members: file(&by_steward), ..files.clone() }, None);
        assert_eq!(error(outcome), RegisterError::Threshold { document: "members", found: 0, needed: 1 });
    }

    // One key in every role: what it signed as one type is not signed as another.
    let all = [DocumentType::Root, DocumentType::Members, DocumentType::Fresh];
    let set = KeySet::new([region.registrar.public()], 1);
    for made in all {
        let document = signed(made, &region.members, &[&region.registrar]);
        for read in all {
            assert_eq!(document.reaches(read, &set), made == read, "made as {made:?}, read as {read:?}");
        }
    }
    // And the bytes of one type are not read as another.
    let as_members = signed(DocumentType::Members, &region.fresh(), &[&region.registrar]);
    assert_eq!(error(region.load(&Files { members: file(&as_members), ..files.clone() }, None)), RegisterError::Form("members"));
    let as_fresh = signed(DocumentType::Fresh, &region.members, &[&region.witness]);
    assert_eq!(error(region.load(&Files { fresh: file(&as_fresh), ..files }, None)), RegisterError::Form("fresh"));
}

#[test]
fn files_have_one_form() {
    let region = Region::new();
    let document = region.members();
    assert_eq!(Signed::parse(document.to_file().as_bytes()).as_ref(), Ok(&document));
    let form = |text: &str| assert_eq!(Signed::parse(text.as_bytes()), Err(SignedError::Form), "{text:.80}");
    form("");
    form("[]");
    form(r#"{"signed":"e30"}"#);
    form(r#"{"signed":"e30=","signatures":[]}"#);
    form(r#"{"signed":"e30","signatures":[],"more":1}"#);
    form(r#"{"signed":"e30","signed":"e30","signatures":[]}"#);
    form(r#"{"signed":"e30","signatures":[{"keyid":"0","sig":"","alg":"none"}]}"#);
    let mut many = document.clone();
    many.signatures = vec![document.signatures[0].clone(); 65];
    assert_eq!(Signed::parse(many.to_file().as_bytes()), Err(SignedError::TooLarge));
    assert_eq!(Signed::parse(&vec![b' '; 8 * 1024 * 1024 + 1]), Err(SignedError::TooLarge));
    let unreadable = Files { fresh: b"{}".to_vec(), ..region.files() };
    assert_eq!(error(region.load(&unreadable, None)), RegisterError::Signed("fresh", SignedError::Form));
}

#[test]
fn unknown_members_of_a_document_are_refused() {
    let region = Region::new();
    let mut value = serde_json::to_value(&region.members).expect("JSON");
    value["admin"] = json!(true);
    let more = signed(DocumentType::Members, &value, &[&region.registrar]);
    assert_eq!(error(region.load(&Files { members: file(&more), ..region.files() }, None)), RegisterError::Form("members"));
}
