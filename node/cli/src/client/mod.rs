//! The client of a node's own interface `/v1`.

mod address;
mod bulk;
mod calls;
mod dutch;
mod reply;

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode, Url};

pub(crate) use address::is_loopback;
use address::{authorization, check_url, configured};
pub(crate) use bulk::PartReply;
pub(crate) use calls::PutOutcome;
pub(crate) use reply::{Reply, finding_in_words, finding_in_words_of, in_words, in_words_of};

use polder_web::root_cause;

use crate::config::Source;
use crate::exit::Failure;

/// Largest reply that is read, in bytes: a page of offers, or a result with its documents.
const LARGEST_REPLY: usize = 32 * 1024 * 1024;
/// How often a node that is busy is asked again.
const MOST_TRIES: u32 = 6;
/// How often a request is sent again at once whose connection ended before a response: the node may close one that lay idle just when a
/// request sets out on it (RFC 9112, section 9.3.1), and others that lay idle may be as old.
const MOST_LOST: u32 = 3;
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Where a node says that it is to be asked again after more than this, it is not: a day's bound is no moment of too much to do.
const WORTH_WAITING: Duration = Duration::from_secs(600);
/// Time for one request.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time for one with a body of lines: the node stores all of them before it replies.
const PATIENCE_WITH_LINES: Duration = Duration::from_secs(600);

/// The body of a request.
#[derive(Clone, Copy)]
pub(crate) struct Content<'b> {
    media: &'static str,
    bytes: &'b [u8],
}

impl<'b> Content<'b> {
    /// JSON.
    pub(crate) fn json(bytes: &'b [u8]) -> Self {
        Self { media: "application/json", bytes }
    }
}

/// Where the node is, and with which token.
#[derive(Debug, clap::Args)]
pub(crate) struct NodeArgs {
    /// Address of the node's client interface; without it, the configuration says.
    #[arg(long, env = "POLDER_URL", value_name = "URL")]
    pub url: Option<String>,
    /// File with the operator token, or with a worker's where a worker decides; readable by you alone.
    #[arg(long, env = "POLDER_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

impl NodeArgs {
    /// A client for the node that the command line or the configuration names.
    pub(crate) fn client(&self, config: Source<'_>) -> Result<NodeClient, Failure> {
        NodeClient::new(self, Some(config))
    }
}

/// A node's client interface.
#[derive(Clone)]
pub(crate) struct NodeClient {
    http: Client,
    base: Url,
    token: HeaderValue,
}

/// An HTTP client that follows no redirects, so that a token goes nowhere else.
pub(crate) fn plain_http() -> Result<Client, Failure> {
    build(Client::builder().no_proxy())
}

fn build(builder: reqwest::ClientBuilder) -> Result<Client, Failure> {
    let builder = builder.redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).connect_timeout(Duration::from_secs(5));
    builder.build().map_err(|error| Failure::internal(format!("the HTTP client cannot be made: {}", root_cause(&error))))
}

impl NodeClient {
    /// A client for the node that the command line or the configuration names.
    pub(crate) fn new(args: &NodeArgs, config: Option<Source<'_>>) -> Result<Self, Failure> {
        // A call to the node of this machine goes nowhere else, whatever its certificate's name leads to.
        let (base, here) = match &args.url {
            Some(url) => (url.clone(), None),
            None => configured(config).map(|(url, address)| (url, Some(address)))?,
        };
        let Some(file) = &args.token_file else {
            return Err(Failure::configuration((
                "which token? give --token-file FILE or POLDER_TOKEN_FILE: the file with the operator token of `polder init`, or with a worker's where a worker decides",
                "welk token? geef --token-file BESTAND of POLDER_TOKEN_FILE: het bestand met het token van de werkende, of met dat van de beheerder (`polder init`)",
            )));
        };
        let url = check_url(&base)?;
        let http = match here {
            Some(address) => build(Client::builder().no_proxy().resolve(url.host_str().unwrap_or_default(), address))?,
            None if is_loopback(&url) => plain_http()?,
            None => build(Client::builder())?,
        };
        Self::at(http, &base, file)
    }

    /// A client for the node at that address, with the token in that file.
    pub(crate) fn at(http: Client, base: &str, token_file: &Path) -> Result<Self, Failure> {
        Ok(Self { http, base: check_url(base)?, token: authorization(token_file)? })
    }

    /// Sends a request, again when the node is too busy or the connection was lost, and reads the reply. Every request of this client may
    /// be sent twice: an import that was opened so and stays empty is forgotten like any other.
    ///
    /// # Errors
    /// When the node cannot be reached, or does not know or allow the caller. Every other status is a reply.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        content: Option<Content<'_>>,
    ) -> Result<Reply, Failure> {
        let url = self.base.join(path).map_err(|error| Failure::internal(format!("{path}: {error}")))?;
        let (mut tries, mut lost) = (1, 0);
        loop {
            let mut request = self.http.request(method.clone(), url.clone()).header(AUTHORIZATION, self.token.clone());
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(Content { media, bytes }) = content {
                request = request.header(CONTENT_TYPE, media).body(bytes.to_owned());
                if media != "application/json" {
                    request = request.timeout(PATIENCE_WITH_LINES);
                }
            }
            let response = match request.send().await {
                Err(error) if is_lost(&error) && lost < MOST_LOST => {
                    lost += 1;
                    continue;
                }
                other => other.map_err(|error| self.unreachable(&error))?,
            };
            let busy = matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
            if busy
                && tries < MOST_TRIES
                && let Some(wait) = wait(&response)
            {
                tokio::time::sleep(wait).await;
                tries += 1;
                continue;
            }
            let reply = self.read(response).await?;
            return self.allowed(reply);
        }
    }

    fn allowed(&self, reply: Reply) -> Result<Reply, Failure> {
        match reply.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::not_allowed(reply.says(&format!("{}: ", self.base)))),
            _ => Ok(reply),
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
        let (base, cause) = (&self.base, root_cause(error));
        if base.scheme() == "https" && cause.contains("certificate") {
            return Failure::unreachable((
                format!(
                    "{base} cannot be reached: {cause}; give the name that its certificate has (--url https://NAME or POLDER_URL), and where its \
                     authority is one of your own the file of that: SSL_CERT_FILE"
                ),
                format!(
                    "{base} is niet bereikbaar: {cause}; geef de naam die in het certificaat staat (--url https://NAAM of POLDER_URL), en het bestand van \
                     uw eigen autoriteit, als het certificaat daarvan is: SSL_CERT_FILE"
                ),
            ));
        }
        Failure::unreachable((
            format!("{base} cannot be reached: {cause}; does the node run (`polder serve`), and is this its address?"),
            format!("{base} is niet bereikbaar: {cause}; draait het knooppunt (`polder serve`), en is dit het adres?"),
        ))
    }
}

/// Whether a connection that stood was lost before a response came.
fn is_lost(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout()
}

/// How long to wait before the next try; `None` where that is so long that nobody waits for it.
fn wait(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let said = seconds.map_or(Duration::from_millis(200), Duration::from_secs);
    (said <= WORTH_WAITING).then(|| said.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Takes connections and reads a request on each; only the last one is answered. How many there were.
    async fn answers_only(listener: TcpListener, last: u32) -> u32 {
        let mut taken = 0;
        while taken < last {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            taken += 1;
            assert!(stream.read(&mut [0; 4_096]).await.expect("a request") > 0);
            if taken == last {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await.expect("written");
            }
        }
        taken
    }

    async fn ask(last: u32) -> (Result<Reply, Failure>, Option<u32>) {
        // Another test may have done it.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}/", listener.local_addr().expect("an address"));
        let node = tokio::spawn(answers_only(listener, last));
        let client = NodeClient {
            http: plain_http().expect("a client"),
            base: base.parse().expect("an address"),
            token: HeaderValue::from_static("Bearer x"),
        };
        let reply = client.send(Method::POST, "/v1/queries", &[], Some(Content::json(b"{}"))).await;
        (reply, tokio::time::timeout(Duration::from_secs(1), node).await.ok().and_then(Result::ok))
    }

    #[tokio::test]
    async fn a_request_whose_connection_ended_is_sent_again() {
        let (reply, taken) = ask(1 + MOST_LOST).await;
        assert_eq!((reply.expect("a reply").body, taken), (b"{}".to_vec(), Some(1 + MOST_LOST)));
        let (reply, taken) = ask(2 + MOST_LOST).await;
        assert_eq!((reply.err().map(|failure| failure.exit()), taken), (Some(crate::exit::Exit::Unreachable), None));
    }
}
