//! The client of a node's own interface `/v1`.

mod calls;

use std::path::{Path, PathBuf};
use std::time::Duration;

use polder_model::problem::Problem;
use polder_trust::keys::read_secret;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode, Url};

pub(crate) use calls::PutOutcome;

use crate::config::{Config, find};
use crate::exit::Failure;
use crate::output::clean;

/// Largest reply that is read, in bytes: a page of offers, or a result with its documents.
const LARGEST_REPLY: usize = 32 * 1024 * 1024;
/// How often a node that is busy is asked again.
const MOST_TRIES: u32 = 6;
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Time for one request.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the node is, and with which token.
#[derive(Debug, clap::Args)]
pub(crate) struct NodeArgs {
    /// Address of the node's client interface; without it, the configuration says.
    #[arg(long, env = "POLDER_URL", value_name = "URL")]
    pub url: Option<String>,
    /// File with the operator token, readable by you alone.
    #[arg(long, env = "POLDER_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

/// A node's client interface.
#[derive(Clone)]
pub(crate) struct NodeClient {
    http: Client,
    base: Url,
    token: HeaderValue,
}

/// A reply of the node: its status and its bytes.
pub(crate) struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Vec<u8>,
}

/// An HTTP client that follows no redirects, so that a token goes nowhere else.
pub(crate) fn plain_http() -> Result<Client, Failure> {
    build(Client::builder().no_proxy())
}

fn build(builder: reqwest::ClientBuilder) -> Result<Client, Failure> {
    let builder = builder.redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).connect_timeout(Duration::from_secs(5));
    builder.build().map_err(|error| Failure::internal(format!("the HTTP client cannot be made: {}", chain(&error))))
}

impl NodeClient {
    /// A client for the node that the command line or the configuration names.
    pub(crate) fn new(args: &NodeArgs, config: Option<&Path>) -> Result<Self, Failure> {
        let base = match &args.url {
            Some(url) => url.clone(),
            None => configured_url(config)?,
        };
        let Some(file) = &args.token_file else {
            return Err(Failure::configuration(
                "which token? give --token-file FILE or POLDER_TOKEN_FILE: the file with the operator token of `polder init`",
            ));
        };
        let http = if is_loopback(&check_url(&base)?) { plain_http()? } else { build(Client::builder())? };
        Self::at(http, &base, file)
    }

    /// A client for the node at that address, with the token in that file.
    pub(crate) fn at(http: Client, base: &str, token_file: &Path) -> Result<Self, Failure> {
        Ok(Self { http, base: check_url(base)?, token: authorization(token_file)? })
    }

    /// Sends a request, again when the node is too busy, and reads the reply.
    ///
    /// # Errors
    /// When the node cannot be reached, or does not know or allow the caller. Every other status is a reply.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Option<&str>,
    ) -> Result<Reply, Failure> {
        let url = self.base.join(path).map_err(|error| Failure::internal(format!("{path}: {error}")))?;
        let mut tries = 1;
        loop {
            let mut request = self.http.request(method.clone(), url.clone()).header(AUTHORIZATION, self.token.clone());
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(body) = body {
                request = request.header(CONTENT_TYPE, "application/json").body(body.to_owned());
            }
            let response = request.send().await.map_err(|error| self.unreachable(&error))?;
            let busy = matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
            if busy && tries < MOST_TRIES {
                tokio::time::sleep(wait(&response)).await;
                tries += 1;
                continue;
            }
            let reply = self.read(response).await?;
            return match reply.status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::not_allowed(format!("{}: {}", self.base, reply.says()))),
                _ => Ok(reply),
            };
        }
    }

    /// Gets what must be there.
    pub(crate) async fn get(&self, path: &str) -> Result<Vec<u8>, Failure> {
        self.send(Method::GET, path, &[], None).await?.success()
    }

    async fn read(&self, mut response: Response) -> Result<Reply, Failure> {
        let (status, mut body) = (response.status(), Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            if body.len() + chunk.len() > LARGEST_REPLY {
                return Err(Failure::internal(format!("{}: a reply of more than 32 MiB; is this a polder node?", self.base)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, body })
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        Failure::unreachable(format!(
            "{} cannot be reached: {}; does the node run (`polder serve`), and is this its address?",
            self.base,
            chain(error)
        ))
    }
}

impl Reply {
    /// The body of a reply that is a success.
    pub(crate) fn success(self) -> Result<Vec<u8>, Failure> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        let says = self.says();
        if self.status == StatusCode::INTERNAL_SERVER_ERROR { Err(Failure::internal(says)) } else { Err(Failure::refused(says)) }
    }

    /// The problem document of a refusal; one in the same form where the reply is something else.
    pub(crate) fn problem(&self) -> Problem {
        let other = || Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Refused").to_owned(),
            status: self.status.as_u16(),
            detail: "the reply is no problem document; is this a polder node?".to_owned(),
            instance: None,
            findings: Vec::new(),
        };
        serde_json::from_slice(&self.body).unwrap_or_else(|_| other())
    }

    fn says(&self) -> String {
        in_words(&self.problem())
    }
}

/// A problem in words: what, why, and each finding on a line of its own.
pub(crate) fn in_words(problem: &Problem) -> String {
    let mut text = format!("{} ({})", clean(&problem.title), problem.status);
    if !problem.detail.is_empty() {
        text = format!("{text}: {}", clean(&problem.detail));
    }
    for finding in &problem.findings {
        let place = if finding.pointer.is_empty() { "document" } else { &finding.pointer };
        text = format!("{text}\n  {}: {}", clean(place), clean(&finding.message));
    }
    text
}

fn configured_url(config: Option<&Path>) -> Result<String, Failure> {
    let Some(file) = find(config) else {
        return Err(Failure::configuration(
            "which node? give --url URL or POLDER_URL, or a configuration: --config FILE, ./polder.toml or /etc/polder/polder.toml",
        ));
    };
    let config = Config::load(Some(&file), std::env::vars(), &[]).map_err(|error| Failure::configuration(error.to_string()))?;
    Ok(config.client_url())
}

/// Only https, or http to this machine: a token is never sent readable over a network.
fn check_url(text: &str) -> Result<Url, Failure> {
    let refused = |problem: &str| Failure::configuration(format!("--url {text}: {problem}"));
    let url: Url = text.parse().map_err(|_| refused("an address such as http://127.0.0.1:8080 is expected"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(refused("http is for this machine alone, since the token would travel readable; use https")),
        _ => return Err(refused("http or https is expected")),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("scheme, host and port alone are expected"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn authorization(file: &Path) -> Result<HeaderValue, Failure> {
    let token = read_secret(file).map_err(|error| Failure::configuration(format!("the operator token: {error}")))?;
    let value = HeaderValue::try_from(format!("Bearer {}", token.trim()));
    let mut value = value.map_err(|_| Failure::configuration(format!("{}: this is no token", file.display())))?;
    value.set_sensitive(true);
    Ok(value)
}

fn wait(response: &Response) -> Duration {
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    seconds.map_or(Duration::from_millis(200), Duration::from_secs).min(LONGEST_WAIT)
}

/// An error with what is behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_travels_readable() {
        for fine in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080", "https://node.example.nl"] {
            assert!(check_url(fine).is_ok(), "{fine}");
        }
        for bad in [
            "http://node.example.nl",
            "http://127.0.0.1.example.nl",
            "ftp://127.0.0.1",
            "127.0.0.1:8080",
            "https://a:b@host",
            "https://host/?q",
        ] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
    }
}
