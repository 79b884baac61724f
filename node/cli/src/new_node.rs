//! A new node: its directory, keys, operator token, configuration, and the file by which it joins a register.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use polder_model::link::Host;
use polder_model::{Purpose, Timestamp};
use polder_trust::keys::{Identity, write_secret};
use polder_trust::random;
use polder_trust::register::{Member, MessageKey, Status, TlsPin};

use crate::config::{Settings, render};
use crate::exit::Failure;
use crate::register_files::write_file;

const DAY: i64 = 86_400;

/// What a new node is to be.
pub(crate) struct NewNode {
    /// What its configuration says. The data directory need not be there.
    pub settings: Settings,
    /// Where its configuration goes.
    pub config: PathBuf,
    /// The host name or IP address in its certificate.
    pub host: String,
    /// Where other nodes reach it: `https://host:port`.
    pub peer_url: String,
    /// Its roles in the federation.
    pub roles: Vec<String>,
    /// What it will ask for.
    pub purposes: Vec<Purpose>,
    /// The hosts to which its offers may send people.
    pub link_hosts: Vec<Host>,
    /// A new file for the operator token; `operator-token` in the data directory without it.
    pub token_file: Option<PathBuf>,
}

/// An operator token, and what the node keeps of it.
pub(crate) struct MadeToken {
    /// The token, for a file that its owner alone can read.
    pub token: String,
    /// Its SHA-256 in hexadecimal.
    pub hash: String,
}

/// Makes an operator token of 32 random bytes.
pub(crate) type MakeToken = fn([u8; 32]) -> MadeToken;

/// What was made.
pub(crate) struct Created {
    /// The entry for the register.
    pub member: Member,
    /// The file with it.
    pub member_file: PathBuf,
    /// The file with the operator token.
    pub token_file: PathBuf,
}

/// Makes a node's files. Nothing that is there already is touched.
pub(crate) fn create(new: &NewNode, make_token: MakeToken, now: Timestamp) -> Result<Created, Failure> {
    let data = &new.settings.data;
    let (keys, hash_file, member_file) = (data.join("keys"), data.join("operator-token.sha256"), data.join("member.json"));
    let token_file = new.token_file.clone().unwrap_or_else(|| data.join("operator-token"));
    for path in [&new.config, &keys, &hash_file, &member_file, &token_file] {
        refuse_existing(path)?;
    }
    private_directory(data)?;
    for file in [&new.config, &token_file] {
        directory_of(file)?;
    }
    private_directory(&keys)?;
    let partner = &new.settings.partner;
    let identity = Identity::create(&keys, partner, &new.host, now).map_err(|error| Failure::configuration(format!("keys: {error}")))?;
    let made = make_token(random().map_err(|error| Failure::internal(error.to_string()))?);
    write_secret(&hash_file, made.hash.as_bytes()).map_err(|error| Failure::configuration(error.to_string()))?;
    write_secret(&token_file, made.token.as_bytes()).map_err(|error| Failure::configuration(error.to_string()))?;
    let member = member(new, &identity, now);
    let text = serde_json::to_string_pretty(&member).map_err(|error| Failure::internal(format!("member.json: {error}")))?;
    let write = |path: &Path, text: &str| write_file(path, text.as_bytes()).map_err(|error| Failure::configuration(error.to_string()));
    write(&member_file, &format!("{text}\n"))?;
    write(&new.config, &render(&new.settings))?;
    Ok(Created { member, member_file, token_file })
}

/// Refuses to overwrite.
pub(crate) fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::configuration((
        format!("{path} is there already and is not overwritten; move it away, or choose another place"),
        format!("{path} is er al en wordt niet overschreven; verplaats het, of kies een andere plek"),
    )))
}

/// Makes the directory of a file, where it is missing.
fn directory_of(file: &Path) -> Result<(), Failure> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = fs::create_dir_all(directory);
    made.map_err(|error| Failure::configuration(format!("{}: the directory cannot be made: {error}", directory.display())))
}

fn private_directory(path: &Path) -> Result<(), Failure> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    // One that was there already is closed to others as well: keys and offers of people are in it.
    let closed = made.and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o700)));
    closed.map_err(|error| Failure::configuration(format!("{}: the directory cannot be made the node's alone: {error}", path.display())))
}

fn member(new: &NewNode, identity: &Identity, now: Timestamp) -> Member {
    let public_key = identity.message_key().public();
    let (not_before, not_after) = (now.plus_seconds(-DAY), now.plus_seconds(365 * DAY));
    Member {
        partner: new.settings.partner.clone(),
        name: new.settings.name.clone(),
        roles: new.roles.clone(),
        client_url: None,
        peer_url: new.peer_url.clone(),
        purposes: new.purposes.clone(),
        acts_for: Vec::new(),
        link_hosts: new.link_hosts.clone(),
        tls_pins: vec![TlsPin { sha256: identity.pin().clone(), not_before: None, not_after: None }],
        message_keys: vec![MessageKey { keyid: public_key.id(), public_key, not_before, not_after }],
        status: Status::Active,
        since: 1,
    }
}
