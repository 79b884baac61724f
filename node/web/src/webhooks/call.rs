//! One call to a receiver: bounded in time and bytes, never led on to another address, and to no address that webhooks may not lead to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::hosts::WebhookHosts;
use crate::causes::causes;
use crate::outgoing::{self, asked_to_wait};

/// Time for one call.
const PATIENCE: Duration = Duration::from_secs(10);
/// Of what is answered so much is read, so that the connection can be used again; nobody looks at it.
const READ: usize = 16 * 1024;
/// Addresses of one host that are looked at.
const ADDRESSES: usize = 16;
/// The longest that a receiver can have itself waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// The way to receivers.
pub(super) struct Calls {
    hosts: Arc<WebhookHosts>,
    client: tokio::sync::OnceCell<reqwest::Client>,
}

/// What is sent.
pub(super) struct Message {
    pub id: String,
    pub seconds: i64,
    pub signature: String,
    pub body: Bytes,
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It answered with that status.
    Status(u16),
    /// Its host leads to an address that may not be called, or its address is none any more that may be a webhook's.
    AddressRefused,
    /// Its certificate is not one that this machine trusts for that host.
    CertificateRefused,
    /// There was no connection, or no TLS.
    NoConnection,
    /// It took too long.
    TooSlow,
    /// It broke off.
    Broken,
}

/// What came of a call, and how long is to be waited as the receiver says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Called {
    pub outcome: Outcome,
    pub wait: Option<Duration>,
}

impl Outcome {
    /// The words in documents; a status is its number.
    pub(super) const WORDS: [&str; 5] = ["address-refused", "certificate-refused", "no-connection", "too-slow", "broken"];

    pub(super) fn word(self) -> String {
        let [address, certificate, connection, slow, broken] = Self::WORDS;
        match self {
            Self::Status(status) => status.to_string(),
            Self::AddressRefused => address.to_owned(),
            Self::CertificateRefused => certificate.to_owned(),
            Self::NoConnection => connection.to_owned(),
            Self::TooSlow => slow.to_owned(),
            Self::Broken => broken.to_owned(),
        }
    }

    /// Whether the receiver took it.
    pub(super) fn took(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }

    /// Whether the receiver wants nothing any more (410, as Standard Webhooks has it).
    pub(super) fn is_gone(self) -> bool {
        self == Self::Status(410)
    }
}

impl Calls {
    pub(super) fn new(hosts: WebhookHosts) -> Self {
        Self { hosts: Arc::new(hosts), client: tokio::sync::OnceCell::new() }
    }

    pub(super) fn hosts(&self) -> &WebhookHosts {
        &self.hosts
    }

    pub(super) async fn call(&self, url: &str, message: Message) -> Called {
        let refused = Called { outcome: Outcome::AddressRefused, wait: None };
        // What was allowed when it was made may not be any more.
        let Ok(url) = self.hosts.url(url) else { return refused };
        let client = match self.client.get_or_try_init(|| async { self.built() }).await {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(%error, "webhooks cannot be called");
                return Called { outcome: Outcome::NoConnection, wait: None };
            }
        };
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.seconds)
            .header("webhook-signature", message.signature)
            .body(message.body);
        match request.send().await {
            Ok(mut response) => {
                let called = Called {
                    outcome: Outcome::Status(response.status().as_u16()),
                    wait: asked_to_wait(response.headers(), SystemTime::now()).map(|wait| wait.min(LONGEST_WAIT)),
                };
                let mut read = 0;
                while let Ok(Some(piece)) = response.chunk().await {
                    read += piece.len();
                    if read > READ {
                        break;
                    }
                }
                called
            }
            Err(error) => Called { outcome: failed(&error), wait: None },
        }
    }

    fn built(&self) -> reqwest::Result<reqwest::Client> {
        let client = outgoing::client(PATIENCE).dns_resolver(Guarded(Arc::clone(&self.hosts)));
        client.user_agent(concat!("polder/", env!("CARGO_PKG_VERSION"))).pool_max_idle_per_host(1).build()
    }
}

fn failed(error: &reqwest::Error) -> Outcome {
    if causes(error).any(|cause| cause.is::<NotPermitted>()) {
        return Outcome::AddressRefused;
    }
    if causes(error).any(is_about_a_certificate) {
        return Outcome::CertificateRefused;
    }
    match (error.is_timeout(), error.is_connect()) {
        (true, _) => Outcome::TooSlow,
        (false, true) => Outcome::NoConnection,
        (false, false) => Outcome::Broken,
    }
}

/// Whether TLS ended since the certificate is not trusted.
fn is_about_a_certificate(cause: &(dyn std::error::Error + 'static)) -> bool {
    // One that is wrapped in an error of input and output is no source of that.
    let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let is_one = matches!(cause.downcast_ref(), Some(rustls::Error::InvalidCertificate(_)));
    is_one || wrapped.is_some_and(|within| is_about_a_certificate(within))
}

/// A host leads to an address that may not be called.
#[derive(Debug, thiserror::Error)]
#[error("this host leads to an address that webhooks may not lead to")]
struct NotPermitted;

/// Looks names up once: a connection goes to the addresses that were looked at, and to no other that the name may lead to a moment later.
struct Guarded(Arc<WebhookHosts>);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.take(ADDRESSES).collect();
            if found.iter().any(|address| !hosts.permits(&host, address.ip())) {
                return Err(NotPermitted.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_called() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://localhost:{}/", listener.local_addr().expect("an address").port());
        let refused = Guarded(Arc::default()).resolve("localhost".parse().expect("a name")).await.err().expect("refused");
        assert!(refused.is::<NotPermitted>(), "{refused}");
        // Through the whole client, past what looks at the address.
        let calls = Calls::new(WebhookHosts::default());
        let error = calls.built().expect("a client").get(&url).send().await.expect_err("refused");
        assert_eq!(failed(&error), Outcome::AddressRefused, "{error:?}");
        let named = Guarded(Arc::new(WebhookHosts::read(["localhost"]).expect("read")));
        assert!(named.resolve("LOCALHOST.".parse().expect("a name")).await.expect("found").all(|address| address.ip().is_loopback()));
    }
}
