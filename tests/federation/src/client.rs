//! A client of a node's own interface, over plain HTTP on loopback.

use polder_web::RunningNode;

use crate::http::token;

/// A valid vacancy with that title.
#[must_use]
pub fn vacancy(title: &str) -> serde_json::Value {
    serde_json::json!({"title": title, "description": "Onderhoud aan windmolens.", "employer": {"name": "Werkplaats de Proef BV"}})
}

/// A client of a node's own interface.
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Client {
    /// Speaks to that node with its operator token.
    ///
    /// # Panics
    /// When no client can be made.
    #[must_use]
    pub fn of(node: &RunningNode) -> Self {
        Self { http: http_from(None), base: format!("http://{}", node.client), token: Some(token().reveal().to_owned()) }
    }

    /// The same from another address of this machine.
    #[must_use]
    pub fn calling_from(self, address: std::net::IpAddr) -> Self {
        Self { http: http_from(Some(address)), ..self }
    }

    /// Speaks to that node's port for its operator.
    ///
    /// # Panics
    /// When no client can be made.
    #[must_use]
    pub fn of_operator(node: &RunningNode) -> Self {
        Self { base: format!("http://{}", node.operator), ..Self::of(node).without_token() }
    }

    /// The same with another token.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    /// Speaks to that node as the worker of a skill offer, by a program that they let act for an hour.
    ///
    /// # Panics
    /// When there is no such offer, or somebody else has it.
    pub async fn of_worker(node: &RunningNode, offer: &str) -> Self {
        Self::of(node).with_token(&crate::people::program(&node.node, offer).await)
    }

    /// The same without a token.
    #[must_use]
    pub fn without_token(self) -> Self {
        Self { token: None, ..self }
    }

    /// A request to a path.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Puts an offer.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn put(&self, path: &str, document: impl Into<String>) -> reqwest::Response {
        self.request("PUT", path).header("content-type", "application/json").body(document.into()).send().await.expect("a response")
    }

    /// Asks the federation; the status and the JSON of the reply.
    ///
    /// # Panics
    /// When there is no JSON response.
    pub async fn query(&self, request: &serde_json::Value) -> (u16, serde_json::Value) {
        let response = self.request("POST", "/v1/queries").json(request).send().await.expect("a response");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }
}

fn http_from(address: Option<std::net::IpAddr>) -> reqwest::Client {
    reqwest::Client::builder().tls_backend_preconfigured(no_tls()).no_proxy().local_address(address).build().expect("a client")
}

/// A client configuration without trust in anyone: these clients speak plain HTTP on loopback.
pub fn no_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(polder_trust::tls::provider())
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
