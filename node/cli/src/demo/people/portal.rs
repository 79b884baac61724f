//! A worker of the demo at the portal, as a browser without scripts is there: they log in at the provider, take over their profile, and let a program act.

use polder_trust::keys::write_secret;
use reqwest::header::{COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder};

use super::workers::Worker;
use crate::client::{NodeClient, plain_http};
use crate::demo::Federation;
use crate::demo::node::DemoNode;
use crate::exit::Failure;

/// What a browser holds.
struct Visit {
    http: Client,
    url: String,
    cookies: Vec<(String, String)>,
}

fn failed(what: &str) -> Failure {
    Failure::internal(format!("a worker of the demo cannot log in: {what}"))
}

/// Logs a worker in, and lets a program act for them: a client with its token, in a file beside those of their node.
pub(super) async fn log_in(federation: &Federation, worker: &Worker) -> Result<NodeClient, Failure> {
    let node = federation.node(worker.home)?;
    let invitation = node.client()?.invite(&super::key_of(worker.key)?).await?;
    let mut visit = Visit { http: browser()?, url: format!("http://{}", node.addresses.client), cookies: Vec::new() };
    visit.log_in(worker.name).await?;
    visit.send("/portal/invitation", &[("code", &invitation.code)]).await?;
    let page = visit.send("/portal/programs", &[("hours", "12")]).await?;
    let token = between(&page, "id=\"token\" readonly value=\"", "\"").ok_or_else(|| failed("there is no token"))?;
    let file = token_file(node, worker.key);
    write_secret(&file, token.as_bytes()).map_err(|error| Failure::internal(error.to_string()))?;
    NodeClient::at(plain_http()?, &visit.url, &file)
}

pub(super) fn token_file(node: &DemoNode, key: &str) -> std::path::PathBuf {
    node.directory.join(format!("worker-{key}"))
}

fn browser() -> Result<Client, Failure> {
    let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    client.map_err(|error| failed(&error.to_string()))
}

impl Visit {
    /// At the provider one picks who one is.
    async fn log_in(&mut self, name: &str) -> Result<(), Failure> {
        let (_, to_provider) = self.open(self.http.get(format!("{}/portal/login", self.url))).await?;
        let choose = self.http.get(&to_provider).send().await.map_err(|error| failed(&error.to_string()))?;
        let page = choose.text().await.map_err(|error| failed(&error.to_string()))?;
        let before = page.split(&format!("<strong>{name}</strong>")).next().unwrap_or_default();
        let number = before.rsplit("value=\"").next().and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let mut fields = hidden(&page);
        fields.push(("person".to_owned(), number.to_owned()));
        let action = to_provider.split_once('?').map_or(to_provider.as_str(), |(address, _)| address);
        let chosen = self.http.post(action).form(&fields).send().await.map_err(|error| failed(&error.to_string()))?;
        let back = location(chosen.headers()).ok_or_else(|| failed("the provider sends nobody back"))?;
        self.open(self.http.get(back)).await.map(drop)
    }

    /// Sends the form of a page.
    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<String, Failure> {
        let address = format!("{}{path}", self.url);
        let (page, _) = self.open(self.http.get(&address)).await?;
        let csrf = hidden(&page).into_iter().find(|(name, _)| name == "csrf").ok_or_else(|| failed("a page has no form"))?.1;
        let fields: Vec<(&str, &str)> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let (page, _) = self.open(self.http.post(&address).header(ORIGIN, &self.url).form(&fields)).await?;
        Ok(page)
    }

    /// The page, and where it leads.
    async fn open(&mut self, request: RequestBuilder) -> Result<(String, String), Failure> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header(COOKIE, cookies.join("; ")).send().await.map_err(|error| failed(&error.to_string()))?;
        if response.status().is_client_error() || response.status().is_server_error() {
            return Err(failed(&format!("the portal replied {}", response.status())));
        }
        for set in response.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            if let Some((name, value)) = set.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let leads = location(response.headers()).unwrap_or_default();
        Ok((response.text().await.map_err(|error| failed(&error.to_string()))?, leads))
    }
}

fn location(headers: &HeaderMap) -> Option<String> {
    headers.get(LOCATION)?.to_str().ok().map(str::to_owned)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(between, _)| between)
}

/// The hidden fields of a page.
fn hidden(page: &str) -> Vec<(String, String)> {
    let read = |field: &str| {
        let (name, rest) = field.split_once("\" value=\"")?;
        Some((name.to_owned(), rest.split('"').next()?.replace("&#x2f;", "/").replace("&amp;", "&")))
    };
    page.split("<input type=\"hidden\" name=\"").skip(1).filter_map(read).collect()
}
