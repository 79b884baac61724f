//! Where people who are made up log in to the pages of the demo: one small provider for all nodes.

use std::net::TcpListener;
use std::path::Path;

use polder_provider::{Client, Person, Provider};
use polder_store::people::Role;
use polder_trust::keys::write_secret;
use polder_trust::random;

use super::node::Addresses;
use super::partners::{DemoPartner, PARTNERS};
use super::people::WORKERS;
use crate::exit::Failure;

/// The level of assurance of everybody in the demo.
const LEVEL: &str = "http://eidas.europa.eu/LoA/substantial";
/// The doors of a node.
const DOORS: [&str; 2] = ["portal", "desk"];

/// The provider, before it serves: its nodes have to know where it will.
pub(crate) struct Logins {
    listener: TcpListener,
    issuer: String,
    clients: Vec<Client>,
}

impl Logins {
    /// Takes a port.
    pub(crate) fn new() -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::internal(format!("no port for logging in: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let issuer = format!("http://{}", listener.local_addr().map_err(failed)?);
        Ok(Self { listener, issuer, clients: Vec::new() })
    }

    /// Lets people log in at a node. What the environment of its process has to say; the secrets are in files of its directory.
    pub(crate) fn admit(
        &mut self,
        partner: &DemoPartner,
        directory: &Path,
        addresses: &Addresses,
    ) -> Result<Vec<(String, String)>, Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::internal(format!("logging in at {}: {error}", partner.name));
        let url = format!("http://{}", addresses.client);
        let mut environment = vec![("POLDER_PAGES_URL".to_owned(), url.clone())];
        for door in DOORS {
            let secret = hex::encode(random::<32>().map_err(|error| failed(&error))?);
            let (id, file) = (client_id(partner, door), directory.join(format!("{door}-secret")));
            write_secret(&file, secret.as_bytes()).map_err(|error| failed(&error))?;
            let name = door.to_uppercase();
            environment.extend([
                (format!("POLDER_{name}_ISSUER"), self.issuer.clone()),
                (format!("POLDER_{name}_CLIENT_ID"), id.clone()),
                (format!("POLDER_{name}_CLIENT_SECRET_FILE"), file.display().to_string()),
                (format!("POLDER_{name}_ALGORITHM"), "ES256".to_owned()),
            ]);
            let (redirect_uri, logout_uri) = (format!("{url}/{door}/login/done"), format!("{url}/{door}/login/backchannel"));
            self.clients.push(Client { id, secret, redirect_uri, logout_uri, name: partner.name.to_owned() });
        }
        Ok(environment)
    }

    /// Serves, for as long as this process lives.
    pub(crate) fn serve(self) -> Result<(), Failure> {
        let provider = Provider { clients: self.clients, people: people() };
        provider.serve(self.listener).map(drop).map_err(|error| Failure::internal(error.to_string()))
    }
}

fn client_id(partner: &DemoPartner, door: &str) -> String {
    format!("{}-{door}", partner.slug)
}

/// The names, made up, of those who can log in at a door of a node.
pub(crate) fn names(partner: &DemoPartner, door: &str) -> Vec<String> {
    let client = client_id(partner, door);
    people().into_iter().filter(|person| person.clients.contains(&client)).map(|person| person.name).collect()
}

/// Everybody who can log in: the workers of the samples, and at each node somebody new, and its staff.
fn people() -> Vec<Person> {
    let person = |name: &str, [about, about_en]: [&str; 2], client: String| Person {
        name: name.to_owned(),
        about: about.to_owned(),
        about_en: about_en.to_owned(),
        clients: vec![client],
        roles: Vec::new(),
        level: LEVEL.to_owned(),
        email: None,
    };
    let staff = PARTNERS.iter().flat_map(|partner| {
        let (name, about) = match partner.role {
            "employer" => ("Rosa Recruiter", ["zoekt mensen voor haar vacatures", "seeks people for her vacancies"]),
            "school" => ("Pim Planner", ["plant opleidingen", "plans trainings"]),
            _ => ("Cor Consulent", ["helpt mensen aan werk", "helps people to find work"]),
        };
        let with = move |name: &str, about: [&str; 2], role: Role| Person {
            roles: vec![role.as_str().to_owned()],
            ..person(name, about, client_id(partner, "desk"))
        };
        [
            with(name, about, Role::Desk),
            with("Fenna Functionaris", ["ziet toe op de gegevens van mensen", "watches over the data of people"], Role::PrivacyOfficer),
            with("Bas Beheerder", ["beheert het knooppunt", "administers the node"], Role::Administrator),
            with(
                "Amina Administrateur",
                ["beheert het ook, en keurt goed wat een ander voorstelt", "does so too, and approves what another proposes"],
                Role::Administrator,
            ),
        ]
    });
    let known = WORKERS.iter().map(|worker| person(worker.name, worker.about, format!("{}-portal", worker.home)));
    let new = PARTNERS
        .iter()
        .map(|partner| person("Nadia Nieuw", ["is hier voor het eerst", "is here for the first time"], client_id(partner, "portal")));
    known.chain(new).chain(staff).collect()
}
