//! Keys in files: nobody else can read them, nothing of them is shown, nothing is overwritten.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use polder_model::{PartnerId, Timestamp};
use polder_trust::keys::{Identity, KeyError, KeyFileError, PublicKey, SigningKey, SpkiPin, read_secret, write_secret};

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn partner() -> PartnerId {
    "kvk:90000001".parse().expect("a partner")
}

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn a_key_comes_back_from_its_file() {
    let directory = directory();
    let path = directory.path().join("message.key");
    let key = SigningKey::generate().expect("a key");
    key.save(&path).expect("saved");
    assert_eq!(mode(&path), 0o600);
    let again = SigningKey::load(&path).expect("loaded");
    assert_eq!(again.public(), key.public());
    assert!(key.public().verifies(b"m", &again.sign(b"m")));
    assert!(!key.public().verifies(b"n", &again.sign(b"m")));
    assert_eq!(key.public().to_string().parse::<PublicKey>().expect("a key"), key.public());
}

#[test]
fn a_key_is_not_overwritten() {
    let directory = directory();
    let path = directory.path().join("message.key");
    SigningKey::generate().expect("a key").save(&path).expect("saved");
    let before = fs::read(&path).expect("a file");
    let error = SigningKey::generate().expect("a key").save(&path).expect_err("refused");
    assert!(matches!(error, KeyError::File(KeyFileError::Io { .. })), "{error}");
    assert_eq!(fs::read(&path).expect("a file"), before);
    let link = directory.path().join("link.key");
    std::os::unix::fs::symlink(directory.path().join("elsewhere"), &link).expect("a link");
    assert!(write_secret(&link, b"x").is_err(), "nothing is written where a link points");
    assert!(!directory.path().join("elsewhere").exists());
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let directory = directory();
    let path = directory.path().join("message.key");
    SigningKey::generate().expect("a key").save(&path).expect("saved");
    for open in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777] {
        set_mode(&path, open);
        let error = SigningKey::load(&path).expect_err("refused");
        assert!(matches!(&error, KeyError::File(KeyFileError::Open(named)) if *named == path), "{open:o}: {error}");
        assert!(error.to_string().contains("chmod 600"), "it says what to do");
    }
    for closed in [0o600, 0o400] {
        set_mode(&path, closed);
        assert!(SigningKey::load(&path).is_ok(), "{closed:o}");
    }
}

#[test]
fn rubbish_is_refused_and_not_repeated() {
    let directory = directory();
    let tls_identity = directory.path().join("tls");
    fs::create_dir(&tls_identity).expect("a directory");
    Identity::create(&tls_identity, &partner(), "localhost", now()).expect("an identity");
    let tls_key = fs::read_to_string(tls_identity.join("tls.key")).expect("a file");
    let wrapped = |inner: &str| format!("-----BEGIN PRIVATE KEY-----\n{inner}\n-----END PRIVATE KEY-----\n");
    let rubbish = [
        "geheimgeheim".to_owned(),
        String::new(),
        wrapped("geheimgeheim"),
        wrapped("!!geheimgeheim!!"),
        wrapped(""),
        wrapped("Z2VoZWltZ2VoZWlt"),
        "-----BEGIN PRIVATE KEY-----geheimgeheim".to_owned(),
        tls_key,
        format!("{}geheimgeheim", " ".repeat(70_000)),
    ];
    for (number, text) in rubbish.iter().enumerate() {
        let path = directory.path().join(format!("{number}.key"));
        write_secret(&path, text.as_bytes()).expect("written");
        let error = SigningKey::load(&path).expect_err("refused");
        assert!(matches!(error, KeyError::Form(_)), "{number}: {error}");
        for shown in [error.to_string(), format!("{error:?}")] {
            let lines = text.lines().filter(|line| line.len() > 8 && !line.starts_with('-'));
            assert!(!shown.contains("geheim") && !lines.clone().any(|line| shown.contains(line)), "{number}: {shown}");
        }
    }
    let path = directory.path().join("bytes.key");
    write_secret(&path, b"geheim\xff\xfe").expect("written");
    let error = SigningKey::load(&path).expect_err("refused");
    assert!(!format!("{error} {error:?}").contains("geheim"));
    assert!(matches!(read_secret(&directory.path().join("none")), Err(KeyFileError::Io { .. })));
}

#[test]
fn a_key_is_not_shown() {
    let directory = directory();
    let path = directory.path().join("message.key");
    let key = SigningKey::generate().expect("a key");
    key.save(&path).expect("saved");
    assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.public().id()));
    let pem = fs::read_to_string(&path).expect("a file");
    assert!(pem.lines().filter(|line| !line.starts_with('-')).all(|line| !format!("{key:#?}").contains(line)));
}

#[test]
fn an_identity_comes_back_and_is_made_once() {
    let directory = directory();
    let made = Identity::create(directory.path(), &partner(), "node.example", now()).expect("an identity");
    for name in ["message.key", "tls.key", "tls.pem"] {
        assert_eq!(mode(&directory.path().join(name)), 0o600, "{name}");
    }
    let again = Identity::load(directory.path()).expect("loaded");
    assert_eq!((again.pin(), again.message_key().public()), (made.pin(), made.message_key().public()));
    assert_eq!(&SpkiPin::of(made.certificate()).expect("a pin"), made.pin());
    assert_eq!(made.pin().as_str().len(), 64);
    let files = || ["message.key", "tls.key", "tls.pem"].map(|name| fs::read(directory.path().join(name)).expect("a file"));
    let before = files();
    assert!(Identity::create(directory.path(), &partner(), "node.example", now()).is_err());
    assert_eq!(files(), before);
    set_mode(&directory.path().join("tls.key"), 0o644);
    assert!(matches!(Identity::load(directory.path()), Err(KeyError::File(KeyFileError::Open(_)))));
    let shown = format!("{made:?}");
    let pem = fs::read_to_string(directory.path().join("tls.key")).expect("a file");
    assert!(pem.lines().filter(|line| !line.starts_with('-')).all(|line| !shown.contains(line)), "{shown}");
}

#[test]
fn public_keys_have_one_form() {
    let key = SigningKey::generate().expect("a key").public().to_string();
    assert_eq!(key.len(), 43);
    for bad in ["", &key[..42], &format!("{key}="), &format!("{key}A"), &key.replace(&key[..1], "+"), &format!(" {key}")] {
        assert!(bad.parse::<PublicKey>().is_err(), "{bad}");
    }
}

#[test]
fn whoever_reads_a_secret_while_it_is_written_finds_all_of_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let secret = "x".repeat(60_000);
    for number in 0..200 {
        let path = directory.path().join(number.to_string());
        std::thread::scope(|scope| {
            scope.spawn(|| write_secret(&path, secret.as_bytes()).expect("written"));
            let read = loop {
                match read_secret(&path) {
                    Err(KeyFileError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
                    read => break read.expect("read"),
                }
            };
            assert_eq!(read.len(), secret.len());
        });
        assert!(write_secret(&path, b"another").is_err(), "what is there stays");
        assert_eq!(read_secret(&path).expect("read").len(), secret.len());
    }
    assert_eq!(std::fs::read_dir(directory.path()).expect("read").count(), 200, "nothing else is left");
}
