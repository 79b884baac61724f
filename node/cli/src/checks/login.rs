//! Logging in: whether each provider can be asked, and says of itself what fits how it is used.

use polder_web::{Roles, look_at_provider};

use super::Check;
use crate::config::{Config, Login};
use crate::serve::login_at;

const ABOUT: &str = "log-in";

/// The providers of both doors. Whether their secrets can be read, the configuration's own lines say; whether they are right, a log-in alone tells.
pub(crate) async fn check(config: &Config) -> Vec<Check> {
    let Some(pages) = &config.pages else { return Vec::new() };
    let mut checks = Vec::new();
    for (door, login) in [("portal", &pages.portal), ("desk", &pages.desk)] {
        if let Some(login) = login {
            checks.extend(provider(door, login).await);
        }
    }
    checks
}

async fn provider(door: &str, login: &Login) -> Vec<Check> {
    let Ok(Some(at)) = login_at(Some(login), door, Roles::default()) else { return Vec::new() };
    match look_at_provider(&at).await {
        Err(problem) => vec![Check::failure(
            ABOUT,
            format!("{door}.issuer {}: {problem}", login.issuer),
            format!(
                "nobody can log in at the {door}: see the address, exactly as the provider writes its issuer, and whether this machine may reach it"
            ),
        )],
        Ok(wrong) if wrong.is_empty() => vec![Check::ok(ABOUT, format!("{door}: {} says of itself what fits", login.issuer))],
        Ok(wrong) => {
            let say = |problem: String| {
                Check::warning(
                    ABOUT,
                    format!("{door}: {} says of itself what does not fit: {problem}", login.issuer),
                    format!("see the keys of {door} in the configuration, or what the provider is set to (docs/logging-in.md)"),
                )
            };
            wrong.into_iter().map(say).collect()
        }
    }
}
