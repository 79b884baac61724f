//! The OpenAPI 3.1 document, made from the table of operations and the schemas.

mod bulk;
mod clients;
mod components;
mod describe;
mod examples;
mod foreign;
mod named;
mod people;
mod possession;
mod proposals;
pub(crate) mod reference;
mod rights;
mod searches;
mod syncs;
mod webhooks;

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use polder_exchange::Home;
use serde_json::{Value, json};
use utoipa::openapi::security::{ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::server::{ServerBuilder, ServerVariableBuilder};
use utoipa::openapi::{ComponentsBuilder, ContactBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApiBuilder, PathItem, PathsBuilder};

use crate::client::scope::Scope;
use crate::client::{API_VERSION, operations};

/// Under which path of a node the interface stands; addresses of operations begin after it.
const BASE: &str = "/v1";

/// The OpenAPI document of the client interface of any node, as JSON.
#[must_use]
pub fn openapi_json() -> String {
    text(&document())
}

/// The document of one node as it is served: made when it is first asked for, and anew when the node stands elsewhere.
#[derive(Clone, Default)]
pub(crate) struct Served(Arc<Mutex<Option<(String, Bytes)>>>);

impl Served {
    pub(crate) fn at(&self, origin: String, home: &Home) -> Bytes {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = made.as_ref().filter(|(of, _)| *of == origin) {
            return text.clone();
        }
        let text = Bytes::from(of_node(&origin, home));
        *made = Some((origin, text.clone()));
        text
    }
}

/// Where a node stands, and whom to write to.
fn of_node(origin: &str, home: &Home) -> String {
    let mut document = document();
    document["servers"] = json!([{"url": format!("{origin}{BASE}"), "description": home.name}]);
    document["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]["tokenUrl"] = json!(format!("{origin}/oauth/token"));
    document["info"]["contact"] = json!({"name": home.name, "url": origin});
    if let Some(contact) = &home.contact {
        let is = if contact.contains('@') { "email" } else { "url" };
        document["info"]["contact"][is] = json!(contact);
    }
    text(&document)
}

fn text(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

fn document() -> Value {
    let license = LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2")).build();
    let contact = ContactBuilder::new().name(Some("Whoever runs the node")).email(Some("beheer@polder.example.nl"));
    let contact = contact.url(Some("https://polder.example.nl"));
    let info = InfoBuilder::new()
        .title("Polder: client interface of a node")
        .version(API_VERSION)
        .description(Some(
            "A partner's own systems publish vacancies, trainings and skill offers here, and ask the whole federation. \
             Errors are problem documents (RFC 9457) of a closed list of types.",
        ))
        .contact(Some(contact.build()))
        .license(Some(license));
    let node = ServerVariableBuilder::new().default_value("polder.example.nl").description(Some("The host of the partner's node"));
    let server = ServerBuilder::new().url(format!("https://{{node}}{BASE}")).description(Some("A partner's node")).parameter("node", node);
    let token = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "The operator token of `polder init`, for the machine itself. It carries every scope but what a worker alone may.",
        ))
        .build();
    let worker = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token by which a program acts for a worker, who makes it at the portal of this node, for some hours."))
        .build();
    let scopes = Scope::of_clients().into_iter().map(|scope| (scope.name(), scope.says().to_owned()));
    let client = OAuth2::with_description(
        [Flow::ClientCredentials(ClientCredentials::new("/oauth/token", Scopes::from_iter(scopes)))],
        possession::TOKENS,
    );
    let components = ComponentsBuilder::new()
        .security_scheme("operator", SecurityScheme::Http(token))
        .security_scheme("client", SecurityScheme::OAuth2(client))
        .security_scheme("worker", SecurityScheme::Http(worker));
    let built = OpenApiBuilder::new()
        .info(info)
        .paths(paths())
        .components(Some(components.build()))
        .tags(Some(describe::tags()))
        .servers(Some([server.build()]))
        .build();
    let mut document = serde_json::to_value(built).unwrap_or_default();
    document["components"]["schemas"] = Value::Object(components::schemas());
    document["webhooks"] = webhooks::section();
    possession::add(&mut document);
    named::closed_lists(&mut document);
    named::titles(&mut document);
    named::parts(&mut document);
    named::objects(&mut document);
    document
}

fn paths() -> PathsBuilder {
    let mut items: Vec<(String, PathItem)> = Vec::new();
    for operation in operations::all() {
        let method = match operation.method.as_str() {
            "PUT" => HttpMethod::Put,
            "POST" => HttpMethod::Post,
            "DELETE" => HttpMethod::Delete,
            _ => HttpMethod::Get,
        };
        let item = PathItem::new(method, describe::operation(&operation));
        match items.iter_mut().find(|(path, _)| *path == operation.path) {
            Some((_, known)) => known.merge_operations(item),
            None => items.push((operation.path.clone(), item)),
        }
    }
    items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| paths.path(path.strip_prefix(BASE).unwrap_or(&path), item))
}
