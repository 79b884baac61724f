//! Who is in the federation.

use std::collections::BTreeSet;

use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_model::reference::TableVersion;
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_trust::register::{Member, Standing, Status};
use serde::Serialize;

use super::ClientApi;
use super::negotiate::{JSON, accepted};
use crate::refusal::Refusal;

#[derive(Serialize)]
struct Partners {
    register: RegisterInForce,
    tables: Vec<TableVersion>,
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
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    tables: Option<TablesOf>,
}

/// The reference tables of a partner that has said which it has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TablesOf {
    tables: Vec<TableVersion>,
    /// The names of those that are not the same as here.
    other_tables: Vec<String>,
}

impl TablesOf {
    fn new(theirs: Vec<TableVersion>, ours: &[TableVersion]) -> Self {
        let of = |name: &str, tables: &[TableVersion]| tables.iter().find(|table| table.name == name).map(|table| table.sha256.clone());
        let names: BTreeSet<&str> = theirs.iter().chain(ours).map(|table| table.name.as_str()).collect();
        let other_tables = names.into_iter().filter(|name| of(name, &theirs) != of(name, ours)).map(str::to_owned).collect();
        Self { other_tables, tables: theirs }
    }
}

pub(crate) async fn list(api: ClientApi, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let (register, now) = (api.node.register(), api.node.now());
    let (reference, home) = (api.node.reference(), &api.node.home().partner);
    let shown = |member: &Member, region: &str| {
        let own = (member.partner == *home).then(|| reference.tables().to_vec());
        let theirs = own.or_else(|| api.node.tables_of(&member.partner));
        partner(member, region, home, theirs.map(|theirs| TablesOf::new(theirs, reference.tables())))
    };
    let mut items: Vec<Partner> = register.members().iter().map(|member| shown(member, register.region())).collect();
    for other in api.node.shared_register().others().iter() {
        items.extend(register.guests(other, now).map(|guest| shown(&guest, other.region())));
    }
    let standing = match register.standing(now) {
        Standing::Current => "current",
        Standing::Stale => "stale",
        Standing::NoDisclosure => "no-disclosure",
    };
    let adopted = register.adopted();
    let in_force =
        RegisterInForce { region: register.region().to_owned(), epoch: adopted.epoch, version: adopted.version, standing, time: now };
    Ok(axum::Json(&Partners { register: in_force, tables: reference.tables().to_vec(), items }).into_response())
}

fn partner(member: &Member, region: &str, home: &PartnerId, tables: Option<TablesOf>) -> Partner {
    Partner {
        partner: member.partner.clone(),
        name: member.name.clone(),
        roles: member.roles.clone(),
        purposes: member.purposes.clone(),
        status: member.status,
        region: region.to_owned(),
        home: member.partner == *home,
        tables,
    }
}
