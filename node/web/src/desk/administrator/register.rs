//! The register: how far it can be relied on, when its parts end, who signs it, and what contradicts itself.

use axum::extract::State;
use axum::response::Response;
use polder_exchange::log::{is_settled, two_histories};
use polder_model::{Purpose, Timestamp};
use polder_trust::keys::KeyId;
use polder_trust::register::{About, Expiring, KeySet, Register, Standing, expiring};
use serde::Serialize;

use super::proposal::Proposal;
use super::{Ending, Warning};
use crate::pages::{Administrator, As, PageError, Pages, Visit};
use crate::serve::CLIENT_CERTIFICATE_DAYS;

/// Freshness that is left for less is not being renewed, in seconds.
const FRESH_SECONDS: i64 = 12 * 3_600;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    region: String,
    root: u64,
    epoch: u64,
    version: u64,
    sha256: String,
    standing: &'static str,
    warnings: Vec<Warning>,
    endings: Vec<Ending>,
    /// Whether a proxy does the TLS of the client port, so that this node does not see until when its certificate counts.
    by_proxy: bool,
    signers: [Signers; 3],
    others: Vec<Other>,
    members: usize,
    proposal: Option<Proposal>,
    pasted: String,
}

/// Who signs one of the documents.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Signers {
    what: &'static str,
    threshold: usize,
    keys: Vec<KeyId>,
}

impl Signers {
    fn new(what: &'static str, keys: &KeySet) -> Self {
        Self { what, threshold: keys.threshold, keys: keys.keys.keys().cloned().collect() }
    }
}

/// Another region that the root recognises.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Other {
    region: String,
    purposes: Vec<Purpose>,
    /// How its register stands; `missing` where this node does not carry it.
    standing: &'static str,
    version: String,
}

fn standing(register: &Register, now: Timestamp) -> &'static str {
    match register.standing(now) {
        Standing::Current => "current",
        Standing::Stale => "stale",
        Standing::NoDisclosure => "no-disclosure",
    }
}

/// The register in force.
pub(super) async fn show(State(pages): State<Pages>, As { staff, .. }: As<Administrator>) -> Result<Response, PageError> {
    page(&pages, &staff.visit, None, String::new()).await
}

/// The register in force, with what a proposal would change where one was looked at, and what was pasted.
pub(super) async fn page(pages: &Pages, visit: &Visit, proposal: Option<Proposal>, pasted: String) -> Result<Response, PageError> {
    let (node, register) = (pages.node(), pages.node().register());
    let (now, root, adopted) = (node.now(), register.root(), register.adopted());
    let endings = endings(pages);
    let others = root.recognised.iter().map(|known| {
        let carried = node.shared_register().of_region(&known.region);
        Other {
            region: known.region.clone(),
            purposes: known.purposes.clone(),
            standing: carried.as_ref().map_or("missing", |other| standing(other, now)),
            version: carried.map_or_else(String::new, |other| format!("{}.{}", other.adopted().epoch, other.adopted().version)),
        }
    });
    let shown = Page {
        region: register.region().to_owned(),
        root: adopted.root,
        epoch: adopted.epoch,
        version: adopted.version,
        sha256: adopted.sha256.clone(),
        standing: standing(&register, now),
        warnings: warnings(pages, &endings).await?,
        endings,
        by_proxy: !pages.watched().own_tls.is_on && pages.url().starts_with("https://"),
        signers: [
            Signers::new("stewards", &root.stewards),
            Signers::new("registrars", &root.registrars),
            Signers::new("freshness", &root.freshness),
        ],
        others: others.collect(),
        members: register.members().len(),
        proposal,
        pasted,
    };
    pages.show(visit, "desk/register.html", "register", shown)
}

/// Until when each part counts.
pub(super) fn endings(pages: &Pages) -> Vec<Ending> {
    let (register, now) = (pages.node().register(), pages.node().now());
    let peers = &pages.watched().peers;
    let mut ends = expiring(&register, &pages.node().home().partner, Some(peers.identity()));
    ends.extend(pages.watched().own_tls.until.map(|at| (Expiring::ClientCertificate, at)));
    let ends = ends.into_iter().map(|(what, at)| match what {
        Expiring::Root => Ending::new("root", at, now),
        Expiring::Members => Ending::new("members", at, now),
        Expiring::MessageKey => Ending::new("message-key", at, now),
        Expiring::TlsKey => Ending::new("tls-key", at, now),
        Expiring::ClientCertificate => of_client_port(at, now),
    });
    let mut fresh = Ending::new("fresh", register.fresh_until(), now);
    if fresh.at > now {
        // It counts for two days, and is renewed with one left.
        fresh.grade = if fresh.at.plus_seconds(-FRESH_SECONDS) <= now { "near" } else { "good" };
    }
    let certificate = peers.own_certificate_until().map(|at| Ending::new("certificate", at, now));
    ends.chain([fresh]).chain(certificate).collect()
}

/// The certificate that systems and browsers see.
fn of_client_port(at: Timestamp, now: Timestamp) -> Ending {
    Ending::warned("client-certificate", at, now, CLIENT_CERTIFICATE_DAYS)
}

/// What is to be done.
pub(super) async fn warnings(pages: &Pages, endings: &[Ending]) -> Result<Vec<Warning>, PageError> {
    let mut all = Vec::new();
    for (region, about) in pages.node().contradictions().await {
        let version = match about {
            About::Root(version) => version.to_string(),
            About::Members(epoch, version) => format!("{epoch}.{version}"),
        };
        all.push(Warning::new("register-contradiction").text(format!("{region} {version}")));
    }
    for origin in two_histories(&pages.node().store().reader()).await? {
        let register = pages.node().shared_register().of_region(origin.region());
        if register.is_none_or(|register| !is_settled(&origin, &register)) {
            all.push(Warning::new("register-two-histories").text(origin.partner().to_string()));
        }
    }
    for ending in endings.iter().filter(|ending| ending.warns()) {
        let is_over = ending.grade == "over";
        let says = match ending.what {
            "root" if is_over => "register-root-over",
            "root" => "register-root",
            "members" if is_over => "register-members-over",
            "members" => "register-members",
            "fresh" => "register-fresh",
            "certificate" if is_over => "register-certificate-over",
            "certificate" => "register-certificate",
            "client-certificate" if is_over => "client-certificate-over",
            "client-certificate" => "client-certificate",
            _ if is_over => "register-key-over",
            _ => "register-key",
        };
        all.push(Warning::new(says).at(ending.at).count(ending.days));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_certificate_of_the_client_port_it_is_warned_for_thirty_days() {
        let now = Timestamp::from_micros(0);
        let ending = |days: i64| of_client_port(now.plus_seconds(days * 86_400), now);
        assert_eq!([0, 1, 29, 30].map(|days| ending(days).grade), ["over", "near", "soon", "good"]);
        assert_eq!((ending(29).what, ending(29).days, ending(29).warns()), ("client-certificate", 29, true));
    }
}
