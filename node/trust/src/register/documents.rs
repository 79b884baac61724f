//! The three documents. Their schemas are `schemas/register-*/1.0.json`.

use std::collections::BTreeMap;
use std::sync::Arc;

use polder_model::link::Host;
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::keys::{KeyId, PublicKey, SpkiPin};

macro_rules! tag {
    ($name:ident, $word:literal) => {
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        enum $name {
            #[default]
            #[serde(rename = $word)]
            Tag,
        }
    };
}
tag!(RootTag, "polder-root/1");
tag!(MembersTag, "polder-members/1");
tag!(FreshTag, "polder-fresh/1");

/// Keys, and how many of them must sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeySet {
    /// The keys by their ids.
    pub keys: BTreeMap<KeyId, PublicKey>,
    /// How many distinct keys must sign, at least 1.
    pub threshold: usize,
}

impl KeySet {
    /// A set of these keys.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = PublicKey>, threshold: usize) -> Self {
        Self { keys: keys.into_iter().map(|key| (key.id(), key)).collect(), threshold }
    }
}

/// Who may change the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Root {
    #[serde(rename = "type")]
    tag: RootTag,
    /// The region, such as `flevoland`.
    pub region: String,
    /// 1, 2, 3 …
    pub version: u64,
    /// From then on it authorises nothing.
    pub expires: Timestamp,
    /// Who signs the next root.
    pub stewards: KeySet,
    /// Who signs the members.
    pub registrars: KeySet,
    /// Who signs freshness.
    pub freshness: KeySet,
    /// The lowest epoch of members that counts.
    pub members_epoch: u64,
    /// Other regions; not transitive.
    pub recognised: Vec<Recognised>,
}

/// Another region whose members may ask here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recognised {
    /// The region.
    pub region: String,
    /// SHA-256 of its root.
    pub root_fingerprint: String,
    /// For which purposes.
    pub purposes: Vec<Purpose>,
}

/// The partners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Members {
    #[serde(rename = "type")]
    tag: MembersTag,
    /// The region.
    pub region: String,
    /// Raised by a root alone.
    pub epoch: u64,
    /// Rises within an epoch.
    pub version: u64,
    /// SHA-256 of the version before.
    pub previous: Option<String>,
    /// From then on no personal data leaves on the strength of it; public offers still do.
    pub expires: Timestamp,
    /// The partners, also those that were expelled.
    pub members: Vec<Arc<Member>>,
}

/// One partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Its roles, such as `municipality`, `school`, `employer`.
    pub roles: Vec<String>,
    /// Where its own clients reach its node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_url: Option<String>,
    /// Where other nodes reach its node: `https://host:port`.
    pub peer_url: String,
    /// What it may ask for.
    pub purposes: Vec<Purpose>,
    /// Organisations that it acts for.
    pub acts_for: Vec<PartnerId>,
    /// Hosts to which its offers may send people; what lies below one counts too. None are named where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub link_hosts: Vec<Host>,
    /// Its TLS keys.
    pub tls_pins: Vec<TlsPin>,
    /// The keys that sign its messages.
    pub message_keys: Vec<MessageKey>,
    /// Whether it takes part.
    pub status: Status,
    /// The version of the members since which this status holds.
    pub since: u64,
}

/// A TLS key of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TlsPin {
    /// The pin.
    pub sha256: SpkiPin,
    /// Not before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Not after then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
}

/// A key that signs messages of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MessageKey {
    /// Its id.
    pub keyid: KeyId,
    /// The key.
    pub public_key: PublicKey,
    /// Not before then.
    pub not_before: Timestamp,
    /// Not after then.
    pub not_after: Timestamp,
}

impl MessageKey {
    /// Whether it may be used at that instant.
    fn is_valid(&self, at: Timestamp) -> bool {
        self.not_before <= at && at <= self.not_after
    }
}

/// Whether a member takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It takes part.
    Active,
    /// It is neither asked nor answered for now.
    Suspended,
    /// It is out.
    Expelled,
}

/// Which version of the members is the newest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fresh {
    #[serde(rename = "type")]
    tag: FreshTag,
    /// The region.
    pub region: String,
    /// The epoch of the newest members.
    pub epoch: u64,
    /// The version of the newest members.
    pub version: u64,
    /// SHA-256 of the newest members.
    pub sha256: String,
    /// From then on it says nothing.
    pub expires: Timestamp,
}

impl Root {
    /// A first root, with nothing recognised.
    #[must_use]
    pub fn new(region: &str, expires: Timestamp, stewards: KeySet, registrars: KeySet, freshness: KeySet) -> Self {
        let (tag, region) = (RootTag::Tag, region.to_owned());
        Self { tag, region, version: 1, expires, stewards, registrars, freshness, members_epoch: 1, recognised: Vec::new() }
    }
}

impl Members {
    /// A first, empty list of members.
    #[must_use]
    pub fn new(region: &str, expires: Timestamp) -> Self {
        Self { tag: MembersTag::Tag, region: region.to_owned(), epoch: 1, version: 1, previous: None, expires, members: Vec::new() }
    }
}

impl Fresh {
    /// Says that these members, with that hash, are the newest.
    #[must_use]
    pub fn of(members: &Members, sha256: String, expires: Timestamp) -> Self {
        Self { tag: FreshTag::Tag, region: members.region.clone(), epoch: members.epoch, version: members.version, sha256, expires }
    }
}

impl Member {
    /// Whether the register names that host, or one above it, for this partner.
    #[must_use]
    pub fn has_link_host(&self, host: &Host) -> bool {
        self.link_hosts.iter().any(|own| own.covers(host))
    }

    /// The message key with that id, if it may be used at that instant.
    #[must_use]
    pub fn message_key(&self, keyid: &str, now: Timestamp) -> Option<&MessageKey> {
        self.message_keys.iter().find(|key| key.keyid.as_str() == keyid && key.is_valid(now))
    }

    /// The message keys that may be used at that instant.
    #[must_use]
    pub fn keys_at(&self, at: Timestamp) -> Vec<PublicKey> {
        self.message_keys.iter().filter(|key| key.is_valid(at)).map(|key| key.public_key).collect()
    }

    /// The code of a request to be added, which both sides read to each other: 32 hexadecimal digits, the first half of the SHA-256 of this entry as
    /// it was when it was asked for. Whoever changes anything in it on the way changes the code.
    #[must_use]
    pub fn code(&self) -> String {
        let asked = Self { status: Status::Active, since: 1, ..self.clone() };
        let text = serde_json::to_vec(&asked).unwrap_or_default();
        hex::encode(&Sha256::digest(text)[..16])
    }

    /// Whether that TLS key is this member's at that instant.
    #[must_use]
    pub fn has_pin(&self, pin: &SpkiPin, now: Timestamp) -> bool {
        let valid = |known: &TlsPin| known.not_before.is_none_or(|from| from <= now) && known.not_after.is_none_or(|until| now <= until);
        self.tls_pins.iter().any(|known| known.sha256 == *pin && valid(known))
    }
}
