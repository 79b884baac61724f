//! The certificate of the client port.

use polder_model::Timestamp;
use polder_trust::keys::read_secret;
use polder_web::{CLIENT_CERTIFICATE_DAYS, client_chain};

use super::{Check, secret};
use crate::config::Config;
use crate::serve::client_tls;

const ABOUT: &str = "certificate";
const DAY: i64 = 86_400;

/// The chain of the client port: whether it can be read, is in date, and belongs to its key. Nothing where the port has none.
pub(crate) fn check(config: &Config, now: Timestamp) -> Vec<Check> {
    let Some(tls) = client_tls(config) else { return Vec::new() };
    if let Err(error) = read_secret(&tls.key) {
        return vec![Check::failure(ABOUT, format!("client.tls_key: {error}"), secret(&error, "see client.tls_key"))];
    }
    let (_, until) = match client_chain(&tls) {
        Ok(period) => period,
        Err(problem) => {
            let advice = "see client.tls_certificate (the certificate first, then who signed it, in PEM) and client.tls_key";
            return vec![Check::failure(ABOUT, problem.to_string(), advice)];
        }
    };
    let days = (until.seconds() - now.seconds()).div_euclid(DAY);
    vec![if until <= now {
        Check::failure(ABOUT, format!("the certificate of the client port ended on {}", until.date()), "renew it, and restart the node")
    } else if days < CLIENT_CERTIFICATE_DAYS {
        Check::warning(ABOUT, format!("the certificate of the client port ends in {days} day(s)"), "renew it, and restart the node")
    } else {
        Check::ok(ABOUT, format!("the certificate of the client port counts until {}", until.date()))
    }]
}
