//! What a client may do, as it is registered: strict, and bounded.

use std::collections::BTreeSet;

use jsonwebtoken::jwk::Jwk;
use polder_model::time::Date;
use polder_model::{Finding, FindingCode, PartnerId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::jose;
use super::reading::Reader;
use crate::client::scope::Scope;

/// Most bytes of a document.
pub(crate) const LARGEST: usize = 64 * 1024;
/// Most organisations for which one client may write.
const MOST_ORGANISATIONS: usize = 1_000;
/// Most keys, and most certificates, of one client: the old and the new one while they are changed, and some more for several machines.
const MOST_KEYS: usize = 10;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// Its members.
const MEMBERS: [&str; 9] =
    ["name", "scopes", "organisations", "keys", "certificates", "assertionAudience", "providerClient", "sandbox", "until"];
/// For how long a client is approved at most, in days.
pub(crate) const MOST_DAYS: i64 = 366;

/// What a client may do.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientDocument {
    /// As people know it.
    pub name: String,
    /// What it may do, by the names of scopes.
    pub scopes: BTreeSet<String>,
    /// The organisations for which it may read and write offers; the partner itself under its own name.
    pub organisations: BTreeSet<PartnerId>,
    /// Its public keys: by one of them it shows who it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Jwk>,
    /// The SHA-256 of its TLS certificates, 64 hexadecimal digits each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// What it names as the audience where it shows who it is.
    pub assertion_audience: AssertionAudience,
    /// The name by which the partner's own authorization server knows it, where tokens of that are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_client: Option<String>,
    /// Whether it is being tried: what it publishes lies apart from everything else.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
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

/// Which ways beside a key of its own a node has for a client to show who it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways {
    /// By a TLS certificate.
    pub certificates: bool,
    /// By a token of the partner's own authorization server.
    pub provider: bool,
}

/// A way to show who it is that a client counts on, and that its node does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoWay {
    Certificates,
    Provider,
}

impl NoWay {
    /// Its word in texts of pages.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Certificates => "certificates",
            Self::Provider => "provider",
        }
    }

    /// What the interface says of it.
    pub(crate) fn finding(self) -> Finding {
        let (at, message) = match self {
            Self::Certificates => (
                "/certificates",
                "this node takes no certificates of systems as it is configured, so by this it cannot log in: set client.certificates_listen and \
                 client.certificates_url, or give a public key under keys",
            ),
            Self::Provider => (
                "/providerClient",
                "this node takes no tokens of an authorization server of yours as it is configured, so by this it cannot log in: set client.issuer, \
                 client.issuer_keys and client.audience, or give a public key under keys",
            ),
        };
        Finding::new(at, FindingCode::Contradiction, message)
    }
}

impl ClientDocument {
    /// The ways that a client counts on and a node does not have, where it cannot do what it is for without them.
    pub(crate) fn lacks(&self, at: Ways) -> Vec<NoWay> {
        let (by_certificate, by_provider) = (!self.certificates.is_empty(), self.provider_client.is_some());
        let gets_in = !self.keys.is_empty() || by_certificate && at.certificates || by_provider && at.provider;
        let is_for_certificates = self.scopes.contains(&Scope::Vum.name());
        let mut lacks = Vec::new();
        if by_certificate && !at.certificates && (!gets_in || is_for_certificates) {
            lacks.push(NoWay::Certificates);
        }
        if by_provider && !at.provider && !gets_in {
            lacks.push(NoWay::Provider);
        }
        lacks
    }

    /// Reads a document; everything that is wrong with it at once.
    pub(crate) fn read(text: &str) -> Result<Self, Vec<Finding>> {
        let mut members = Reader::of(text).map_err(|finding| vec![finding])?;
        let read = Self {
            name: members.needed("name", "a text, the name by which people know the system").unwrap_or_default(),
            scopes: members.list("scopes", "a text, the name of a scope").into_iter().collect(),
            organisations: members.list("organisations", "a partner, such as kvk:12345678").into_iter().collect(),
            keys: members.list("keys", "a public key as JWK: an object with kty"),
            certificates: members.list("certificates", "a text of 64 lower-case hexadecimal digits"),
            assertion_audience: members.optional("assertionAudience", "issuer or token-endpoint").unwrap_or_default(),
            provider_client: members.optional::<Option<String>>("providerClient", "a text").flatten(),
            sandbox: members.optional("sandbox", "true or false").unwrap_or_default(),
            until: members.needed("until", "a day, such as 2027-11-30").unwrap_or_else(|| Date::from_days(0)),
        };
        let mut findings = members.finish(&MEMBERS);
        let whole: Value = serde_json::from_str(text).unwrap_or_default();
        let of_form = unknown_scopes(&whole).into_iter().chain(private_keys(&whole)).chain(read.findings());
        // Of a member that could not be read, what it reads as says nothing.
        let hidden = |found: &Finding| findings.iter().any(|wrong| is_within(&wrong.pointer, &found.pointer));
        let of_form: Vec<Finding> = of_form.filter(|found| !hidden(found)).collect();
        findings.extend(of_form);
        if findings.is_empty() { Ok(read) } else { Err(findings) }
    }

    fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut say = |at: &str, message: String| found.push(Finding::new(at, FindingCode::OutOfBounds, message));
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            say("/name", format!("1 to {LONGEST_NAME} characters, on one line"));
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
        Scope::Erase.one_of().iter().any(|scope| self.scopes.contains(&scope.name()))
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

/// Texts that are no scope that a system may have, by their places in the list as it was written.
fn unknown_scopes(whole: &Value) -> Vec<Finding> {
    let names: Vec<String> = Scope::of_clients().into_iter().map(Scope::name).collect();
    let given = whole["scopes"].as_array().into_iter().flatten().enumerate();
    let unknown = given.filter(|(_, scope)| scope.as_str().is_some_and(|scope| !names.iter().any(|name| name == scope)));
    let message = format!("there is no such scope; there are {}", names.join(", "));
    unknown.map(|(number, _)| Finding::new(format!("/scopes/{number}"), FindingCode::OutOfBounds, message.clone())).collect()
}

/// Keys that are not the public half alone.
fn private_keys(whole: &Value) -> Vec<Finding> {
    let keys = whole["keys"].as_array().into_iter().flatten().enumerate();
    let private = keys.filter(|(_, key)| jose::is_private(key));
    let message = "this is a private key, which nobody but the system itself may have: make another one, and give its public half";
    private.map(|(number, _)| Finding::new(format!("/keys/{number}"), FindingCode::OutOfBounds, message)).collect()
}

/// Whether a place is another one, or lies in it.
fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_key_is_refused_by_whatever_member_it_shows() {
        let key = r#""kty": "EC", "crv": "P-256", "x": "x", "y": "y""#;
        let found = |more: &str| {
            let text = format!(
                r#"{{"name": "A", "scopes": ["query"], "organisations": ["kvk:12345678"], "keys": [{{{key}{more}}}], "until": "2027-01-01"}}"#
            );
            let found = ClientDocument::read(&text).expect_err("the key is none");
            found.iter().any(|found| found.pointer == "/keys/0" && found.message.contains("private key"))
        };
        assert!(!found("") && !found(r#", "d": null"#));
        for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(found(&format!(r#", "{member}": "AQAB""#)), "{member}");
        }
        assert!(found(r#", "oth": []"#));
    }

    #[test]
    fn what_a_client_counts_on_and_a_node_does_not_have_is_known() {
        let lacks = |members: &str, certificates, provider| {
            let text = format!(r#"{{"name": "A", "organisations": ["kvk:12345678"], "until": "2027-01-01", {members}}}"#);
            ClientDocument::read(&text).expect("a document").lacks(Ways { certificates, provider })
        };
        let (query, vum) = (r#""scopes": ["query"]"#, r#""scopes": ["vum:ask"]"#);
        let (certificate, provider) = (format!(r#""certificates": ["{}"]"#, "ab".repeat(32)), r#""providerClient": "a""#);
        let key = r#""keys": [{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]"#;
        let of = |parts: &[&str]| parts.join(", ");
        assert_eq!(lacks(&of(&[query, &certificate]), false, true), [NoWay::Certificates]);
        assert_eq!(lacks(&of(&[query, &certificate]), true, false), []);
        assert_eq!(lacks(&of(&[query, provider]), true, false), [NoWay::Provider]);
        assert_eq!(lacks(&of(&[query, &certificate, provider]), false, false), [NoWay::Certificates, NoWay::Provider]);
        assert_eq!(lacks(&of(&[query, &certificate, provider]), false, true), [], "it gets in by the other");
        assert_eq!(lacks(&of(&[query, &certificate, key]), false, false), [], "it gets in by its key");
        assert_eq!(lacks(&of(&[vum, &certificate, key]), false, false), [NoWay::Certificates], "VUM is asked by certificate alone");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let text =
            r#"{"name": 7, "scopes": ["vacancy:read", 8, "vacancy:eat"], "organisations": ["kvk:1"], "until": "soon", "colour": "red"}"#;
        let found = ClientDocument::read(text).expect_err("refused");
        let mut places: Vec<&str> = found.iter().map(|found| found.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/colour", "/keys", "/name", "/organisations/0", "/scopes/1", "/scopes/2", "/until"], "{found:?}");
        assert_eq!(ClientDocument::read("[]").expect_err("refused").len(), 1);
        let whole =
            r#"{"name": "A", "scopes": ["query"], "organisations": ["kvk:12345678"], "providerClient": "a", "until": "2027-01-01"}"#;
        let read = ClientDocument::read(whole).expect("a document");
        assert_eq!(ClientDocument::read(&read.write()).expect("again").write(), read.write());
    }
}
