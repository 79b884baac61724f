//! Keys, a register and configurations for the partners of the demo.

use std::path::Path;

use polder_exchange::{Clock, SystemClock};
use polder_model::Purpose;

use super::login::Logins;
use super::node::{Addresses, DemoNode, token_file};
use super::partners::{DemoPartner, PARTNERS};
use crate::commands::register::{add, new};
use crate::config::Settings;
use crate::exit::Failure;
use crate::new_node::{self, MakeToken, NewNode};

/// Makes everything that the nodes need, with the same functions as `polder init` and `polder register`, and starts them.
pub(crate) fn nodes(
    directory: &Path,
    addresses: &[Addresses],
    traces: Option<&str>,
    make_token: MakeToken,
) -> Result<Vec<DemoNode>, Failure> {
    let (registry, now) = (directory.join("register"), SystemClock.now());
    let keys = new::NewKeys::made;
    let new = new::NewRegister { region: "flevoland", stewards: keys(1), registrars: keys(1), freshness: keys(1) };
    let fingerprint = new::create(&registry, &new, now)?.fingerprint;
    let mut members = Vec::new();
    for (partner, addresses) in PARTNERS.iter().zip(addresses) {
        let node = new_node(partner, &directory.join(partner.slug), addresses, &registry, &fingerprint)?;
        members.push(new_node::create(&node, make_token, now)?.member);
    }
    add::add(&registry, members, now)?;
    let (mut logins, mut nodes) = (Logins::new()?, Vec::new());
    for (partner, addresses) in PARTNERS.iter().zip(addresses) {
        let home = directory.join(partner.slug);
        let environment = logins.admit(partner, &home, addresses)?;
        nodes.push(DemoNode::start(partner, home, *addresses, traces, environment)?);
    }
    logins.serve()?;
    Ok(nodes)
}

fn new_node(partner: &DemoPartner, home: &Path, addresses: &Addresses, registry: &Path, fingerprint: &str) -> Result<NewNode, Failure> {
    let settings = Settings {
        partner: partner.id.parse().map_err(|error: polder_model::name::NameError| Failure::internal(error.to_string()))?,
        name: partner.name.to_owned(),
        data: home.to_owned(),
        client_listen: addresses.client,
        peer_listen: addresses.peer,
        operator_listen: addresses.operator,
        register_directory: Some(registry.to_owned()),
        fingerprint: Some(fingerprint.to_owned()),
    };
    Ok(NewNode {
        settings,
        config: home.join("polder.toml"),
        host: addresses.peer.ip().to_string(),
        peer_url: format!("https://{}", addresses.peer),
        roles: vec![partner.role.to_owned()],
        purposes: vec![
            Purpose::FindWork,
            Purpose::FindTraining,
            Purpose::MatchVacancy,
            Purpose::BeContacted,
            Purpose::TrainingAdvice,
            Purpose::Application,
        ],
        // The employers and schools of the samples have their sites below it.
        link_hosts: vec!["example.nl".parse().map_err(Failure::internal)?],
        token_file: Some(token_file(home)),
    })
}
