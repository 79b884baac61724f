//! What a client may do, as it is registered: strict, and bounded.

use std::collections::BTreeSet;

use jsonwebtoken::jwk::Jwk;
use polder_model::time::Date;
use polder_model::{Finding, FindingCode, PartnerId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::jose;
use crate::client::scope::Scope;

/// Most bytes of a document.
pub(crate) const LARGEST: usize = 64 * 1024;
/// Most organisations for which one client may write.
const MOST_ORGANISATIONS: usize = 1_000;
/// Most keys, and most certificates, of one client: the old and the new one while they are changed, and some more for several machines.
const MOST_KEYS: usize = 10;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// For how long a client is approved at most, in days.
pub(crate) const MOST_DAYS: i64 = 366;

/// What a client may do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ClientDocument {
    /// As people know it.
    pub name: String,
    /// What it may do, by the names of scopes.
    pub scopes: BTreeSet<String>,
    /// The organisations for which it may read and write offers; the partner itself under its own name.
    pub organisations: BTreeSet<PartnerId>,
    /// Its public keys: by one of them it shows who it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Jwk>,
    /// The SHA-256 of its TLS certificates, 64 hexadecimal digits each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// What it names as the audience where it shows who it is.
    #[serde(default)]
    pub assertion_audience: AssertionAudience,
    /// The name by which the partner's own authorization server knows it, where tokens of that are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_client: Option<String>,
    /// Whether it is being tried: what it publishes lies apart from everything else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sandbox: bool,
    /// The last day on which it may call.
    pub until: Date,
}

/// The audience of the proof by which a client shows who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AssertionAudience {
    /// The issuer, as it should be.
    #[default]
    Issuer,
    /// The address of the token endpoint, for programs that know no better.
    TokenEndpoint,
}

impl ClientDocument {
    /// Reads a document; everything that is wrong with it at once.
    pub(crate) fn read(text: &str) -> Result<Self, Vec<Finding>> {
        let read: Self = serde_json::from_str(text).map_err(|error| {
            let at = if error.is_data() { FindingCode::WrongType } else { FindingCode::NotJson };
            vec![Finding::new("", at, format!("line {}, column {}: {}", error.line(), error.column(), what_is_wrong(&error)))]
        })?;
        let mut findings = private_keys(text);
        findings.extend(read.findings());
        if findings.is_empty() { Ok(read) } else { Err(findings) }
    }

    fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut say = |at: &str, message: String| found.push(Finding::new(at, FindingCode::OutOfBounds, message));
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            say("/name", format!("1 to {LONGEST_NAME} characters, on one line"));
        }
        let allowed = Scope::of_clients();
        for (number, scope) in self.scopes.iter().enumerate() {
            if !allowed.iter().any(|one| one.name() == *scope) {
                let names: Vec<String> = allowed.iter().map(|one| one.name()).collect();
                say(&format!("/scopes/{number}"), format!("there is no such scope; there are {}", names.join(", ")));
            }
        }
        let in_sandbox: Vec<String> = Scope::of_sandboxes().into_iter().map(Scope::name).collect();
        if self.sandbox && self.scopes.iter().any(|scope| !in_sandbox.contains(scope)) {
            say("/scopes", format!("in a sandbox there are {}", in_sandbox.join(", ")));
        }
        if self.scopes.is_empty() {
            say("/scopes", "at least one".to_owned());
        }
        if self.organisations.is_empty() || self.organisations.len() > MOST_ORGANISATIONS {
            say("/organisations", format!("1 to {MOST_ORGANISATIONS}"));
        }
        let named = |name: &str| (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if self.provider_client.as_deref().is_some_and(|name| !named(name)) {
            say("/providerClient", format!("1 to {LONGEST_NAME} characters, on one line"));
        }
        if self.keys.is_empty() && self.certificates.is_empty() && self.provider_client.is_none() {
            let ways = "a public key (JWK), the SHA-256 of a TLS certificate under certificates, or under providerClient its name at your own authorization server";
            say("/keys", ways.to_owned());
        }
        if self.scopes.contains(&Scope::Vum.name()) && self.certificates.is_empty() {
            say("/certificates", format!("{} is for a system that shows a TLS certificate: give its SHA-256", Scope::Vum.name()));
        }
        for (at, count) in [("/keys", self.keys.len()), ("/certificates", self.certificates.len())] {
            if count > MOST_KEYS {
                say(at, format!("at most {MOST_KEYS}"));
            }
        }
        for (number, key) in self.keys.iter().enumerate() {
            if let Err(why) = jose::check(key) {
                say(&format!("/keys/{number}"), why.to_owned());
            }
        }
        for (number, certificate) in self.certificates.iter().enumerate() {
            if hex::decode(certificate).is_ok_and(|bytes| bytes.len() == 32) && *certificate == certificate.to_ascii_lowercase() {
                continue;
            }
            say(&format!("/certificates/{number}"), "64 lower-case hexadecimal digits: the SHA-256 of the certificate in DER".to_owned());
        }
        found
    }

    /// Whether a client may get something of people.
    pub(crate) fn is_about_people(&self) -> bool {
        [Scope::Match, Scope::ReadApplications].iter().any(|scope| self.scopes.contains(&scope.name()))
    }

    /// The end of the last day on which it may call (UTC).
    pub(crate) fn ends(&self) -> Timestamp {
        self.until.start().plus_seconds(86_400)
    }

    /// The document in its one form, which is what is kept and approved.
    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Keys that are not the public half alone.
fn private_keys(text: &str) -> Vec<Finding> {
    let whole: Value = serde_json::from_str(text).unwrap_or_default();
    let keys = whole["keys"].as_array().into_iter().flatten().enumerate();
    let private = keys.filter(|(_, key)| ["d", "p", "q", "k"].iter().any(|member| !key[member].is_null()));
    let message = "this is a private key, which nobody but the system itself may have: make another one, and give its public half";
    private.map(|(number, _)| Finding::new(format!("/keys/{number}"), FindingCode::NotAllowed, message)).collect()
}

/// What serde says, without the values that it may repeat after a colon.
fn what_is_wrong(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ").map_or(said.clone(), |(what, _)| what.to_owned())
}
