//! Who may ask the provider, and whom it knows.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A relying party.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Where people are sent back to, exactly.
    pub redirect_uri: String,
    /// What is told that somebody is logged out here; plain HTTP on this machine.
    pub logout_uri: String,
    /// What people are told they log in to.
    pub name: String,
}

/// Somebody who is made up.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// A line about them, in Dutch.
    pub about: String,
    /// The same in English.
    pub about_en: String,
    /// By the ids of clients: where they can log in.
    pub clients: Vec<String>,
    /// What the claim `roles` says.
    pub roles: Vec<String>,
    /// What the claim `acr` says.
    pub level: String,
    /// What the claim `email` says, as verified; nothing where there is none.
    pub email: Option<String>,
}

impl Person {
    /// What a client knows them by: each client another name (OpenID Connect Core 1.0 §8.1).
    #[must_use]
    pub fn subject(&self, client: &str) -> String {
        let hash = Sha256::digest(format!("{client}\n{}", self.name));
        URL_SAFE_NO_PAD.encode(&hash[..18])
    }
}
