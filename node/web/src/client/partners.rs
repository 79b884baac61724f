//! Who is in the federation.

use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_trust::register::{Member, Standing, Status};
use serde::Serialize;

use super::ClientApi;
use super::negotiate::{JSON, accepted};
use crate::refusal::Refusal;

#[derive(Serialize)]
struct Partners {
    register: RegisterInForce,
    items: Vec<Partner>,
}

#[derive(Serialize)]
struct RegisterInForce {
    region: String,
    epoch: u64,
    version: u64,
    standing: &'static str,
    time: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Partner {
    partner: PartnerId,
    name: String,
    roles: Vec<String>,
    purposes: Vec<Purpose>,
    status: Status,
    /// The region whose register holds it.
    region: String,
    /// Whether this is the node that answers.
    home: bool,
}

pub(crate) async fn list(api: ClientApi, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let (register, now) = (api.node.register(), api.node.now());
    let home = &api.node.home().partner;
    let mut items: Vec<Partner> = register.members().iter().map(|member| partner(member, register.region(), home)).collect();
    for other in api.node.shared_register().others().iter() {
        items.extend(register.guests(other, now).map(|guest| partner(&guest, other.region(), home)));
    }
    let standing = match register.standing(now) {
        Standing::Current => "current",
        Standing::Stale => "stale",
        Standing::NoDisclosure => "no-disclosure",
    };
    let adopted = register.adopted();
    let in_force =
        RegisterInForce { region: register.region().to_owned(), epoch: adopted.epoch, version: adopted.version, standing, time: now };
    Ok(axum::Json(&Partners { register: in_force, items }).into_response())
}

fn partner(member: &Member, region: &str, home: &PartnerId) -> Partner {
    Partner {
        partner: member.partner.clone(),
        name: member.name.clone(),
        roles: member.roles.clone(),
        purposes: member.purposes.clone(),
        status: member.status,
        region: region.to_owned(),
        home: member.partner == *home,
    }
}
