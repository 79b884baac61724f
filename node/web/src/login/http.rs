//! Calls to a provider of log-ins or tokens: bounded in time and bytes, and never led on to another address.

use std::pin::Pin;
use std::time::Duration;

use futures::StreamExt;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use rustls::{ClientConfig, RootCertStore};

use crate::causes::root_cause;
use crate::outgoing;

/// Time for one call.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest reply, in bytes: a document of keys is some kilobytes.
const LARGEST: usize = 256 * 1024;

/// The way to a provider.
pub(crate) struct Http(reqwest::Client);

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoReply {
    #[error("no reply: {}", root_cause(.0))]
    Failed(#[from] reqwest::Error),
    #[error("a reply of more than {LARGEST} bytes")]
    TooLarge,
    #[error("a reply that cannot be read")]
    Unreadable(#[from] http::Error),
}

impl Http {
    pub(crate) fn new() -> Result<Self, String> {
        Self::built(outgoing::client(PATIENCE))
    }

    /// The same for providers on this machine that speak plain HTTP: it trusts no certificate, and holds none.
    pub(crate) fn plain() -> Result<Self, String> {
        let versions = ClientConfig::builder_with_provider(polder_trust::tls::provider()).with_safe_default_protocol_versions();
        let config = versions.map_err(|error| error.to_string())?;
        let config = config.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        Self::built(outgoing::client(PATIENCE).tls_backend_preconfigured(config))
    }

    fn built(client: reqwest::ClientBuilder) -> Result<Self, String> {
        let client = client.user_agent(concat!("polder/", env!("CARGO_PKG_VERSION"))).build();
        client.map(Self).map_err(|error| format!("providers cannot be called: {}", root_cause(&error)))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoReply> {
        let reply = self.0.execute(request.try_into()?).await?;
        let mut response = http::Response::builder().status(reply.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(reply.headers());
        }
        let (mut body, mut parts) = (Vec::new(), reply.bytes_stream());
        while let Some(part) = parts.next().await {
            body.extend_from_slice(&part?);
            if body.len() > LARGEST {
                return Err(NoReply::TooLarge);
            }
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = NoReply;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoReply>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
