//! Logging in, at a provider that the partner chose (OpenID Connect). A node has no passwords, and knows of people what the provider must say.

mod came;
mod claims;
mod ended;
mod flow;
mod http;
mod provider;
mod welcome;

use std::fmt;
use std::sync::{Arc, LazyLock};

use openidconnect::core::CoreJwsSigningAlgorithm;
use polder_model::Timestamp;
use polder_store::people::{Door, LoginId, Role};

pub(crate) use came::CameFrom;
use ended::Heard;
pub(crate) use ended::ended;
pub(crate) use flow::{begin, finish, log_out};
pub(crate) use http::Http;
use provider::Provider;
pub(crate) use welcome::welcome;

use crate::pages::PagesAt;
use crate::tries::Tries;

/// Which claim of an ID token says what staff may do, and what it says.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// The name of the claim: `roles`, `groups`, `email`, `sub`.
    pub claim: String,
    /// The values of each role.
    pub values: Vec<(Role, Vec<String>)>,
}

/// A provider, and how it is used.
#[derive(Clone)]
pub struct LoginAt {
    /// Its issuer, exactly.
    pub issuer: String,
    /// What it knows this node by.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: String,
    /// The one algorithm by which its tokens are signed.
    pub algorithm: CoreJwsSigningAlgorithm,
    /// What is asked beside `openid`.
    pub scopes: Vec<String>,
    /// The levels of assurance (`acr`) at which a consent can be given, or staff be let in; any, where none is named.
    pub levels: Vec<String>,
    /// What staff may do; of no use for workers.
    pub roles: Roles,
}

impl fmt::Debug for LoginAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginAt").field("issuer", &self.issuer).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl LoginAt {
    /// Whether this level of assurance is enough.
    pub(crate) fn is_enough(&self, level: &str) -> bool {
        self.levels.is_empty() || self.levels.iter().any(|known| known == level)
    }
}

/// Reads the name of an algorithm by which a provider signs (RFC 7518 §3.1). Without `none`, and without those of a shared secret.
#[must_use]
pub fn algorithm(name: &str) -> Option<CoreJwsSigningAlgorithm> {
    use CoreJwsSigningAlgorithm as Algorithm;
    Some(match name {
        "ES256" => Algorithm::EcdsaP256Sha256,
        "ES384" => Algorithm::EcdsaP384Sha384,
        "PS256" => Algorithm::RsaSsaPssSha256,
        "RS256" => Algorithm::RsaSsaPkcs1V15Sha256,
        "EdDSA" => Algorithm::EdDsa,
        _ => return None,
    })
}

/// Somebody who logged in.
pub(crate) struct Identity {
    login: LoginId,
    provider: String,
    provider_session: String,
    level: String,
    authenticated_at: Timestamp,
    roles: Vec<Role>,
    name: String,
}

/// Why somebody is not logged in.
#[derive(Clone, Debug)]
pub(crate) enum LoginFailed {
    /// The provider cannot be reached, or does not do what it should.
    Provider(String),
    /// What came back does not hold.
    Wrong(&'static str),
    /// It says what no node may know.
    Forbidden,
}

/// Asks a provider what it says of itself, as the first log-in would: everything that does not fit how it is used here.
///
/// # Errors
/// Why it says nothing that can be used: it is not reached, or is another than it is called.
pub async fn look_at_provider(at: &LoginAt) -> Result<Vec<String>, String> {
    let http = Arc::new(LazyLock::new(way_to([at.issuer.as_str()].into_iter())));
    // Nobody is sent back from here.
    Provider::new(at.clone(), format!("{}/", at.issuer), &http)?.does_not_fit().await
}

/// How providers are called: certificates that this machine trusts are needed for `https` alone.
fn way_to<'i>(mut issuers: impl Iterator<Item = &'i str>) -> fn() -> Result<Http, String> {
    if issuers.all(|issuer| issuer.starts_with("http:")) { Http::plain } else { Http::new }
}

/// The providers of both doors.
pub(crate) struct Providers {
    portal: Option<Provider>,
    desk: Option<Provider>,
    /// The log-outs that they said lately.
    heard: Heard,
    /// What came to nothing at the portal, and at the desk.
    tries: [Tries; 2],
}

impl Providers {
    /// With so many log-ins of one address, a minute, that come to nothing.
    pub(crate) fn new(at: &PagesAt, failed_per_minute: u32) -> Result<Self, String> {
        let http = Arc::new(LazyLock::new(way_to([&at.portal, &at.desk].into_iter().flatten().map(|login| login.issuer.as_str()))));
        let provider = |login: &Option<LoginAt>, door: &str| {
            let redirect = format!("{}/{door}/login/done", at.url);
            login.clone().map(|login| Provider::new(login, redirect, &http)).transpose()
        };
        let tries = [Tries::new(failed_per_minute), Tries::new(failed_per_minute)];
        Ok(Self { portal: provider(&at.portal, "portal")?, desk: provider(&at.desk, "desk")?, heard: Heard::default(), tries })
    }

    fn of(&self, door: Door) -> Option<&Provider> {
        if door == Door::Desk { self.desk.as_ref() } else { self.portal.as_ref() }
    }

    fn tries(&self, door: Door) -> &Tries {
        &self.tries[usize::from(door == Door::Desk)]
    }

    fn heard(&self) -> &Heard {
        &self.heard
    }

    /// How people log in at a door; `None` where nobody can.
    pub(crate) fn at(&self, door: Door) -> Option<&LoginAt> {
        self.of(door).map(Provider::at)
    }
}
