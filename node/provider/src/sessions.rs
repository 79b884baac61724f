//! Who is logged in, and logging them out: whoever they are logged in at is told (OpenID Connect Back-Channel Logout 1.0).

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::authorize::seconds;
use crate::keys::random;
use crate::{Client, Shared};

/// Most sessions that are known; the oldest makes room.
const MOST: usize = 200;
/// How long a token of log-out holds, in seconds.
const LIFE: u64 = 120;
/// Time to tell a client.
const PATIENCE: Duration = Duration::from_secs(5);

/// Somebody who is logged in somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub id: String,
    pub client: String,
    pub person: usize,
}

#[derive(Default)]
pub(crate) struct Sessions(Mutex<VecDeque<Session>>);

impl Sessions {
    pub(crate) fn keep(&self, session: Session) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MOST {
            sessions.pop_front();
        }
        sessions.push_back(session);
    }

    fn take(&self, id: &str) -> Option<Session> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = sessions.iter().position(|session| session.id == id)?;
        sessions.remove(at)
    }

    fn all(&self) -> Vec<Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}

#[derive(Serialize)]
struct Row<'r> {
    id: String,
    name: &'r str,
    client: &'r str,
}

/// The page on which somebody is logged out.
pub(crate) async fn sessions(State(provider): State<Arc<Shared>>) -> Response {
    let rows = provider.sessions.all().into_iter().filter_map(|session| {
        let client = provider.clients.iter().find(|client| client.id == session.client)?;
        Some(Row { name: &provider.people.get(session.person)?.name, client: &client.name, id: session.id })
    });
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
    crate::page::page("sessions.html", policy, json!({"rows": rows.collect::<Vec<_>>()}))
}

#[derive(Deserialize)]
pub(crate) struct Ends {
    session: String,
}

/// Logs somebody out, and says so to the client.
pub(crate) async fn end(
    State(provider): State<Arc<Shared>>,
    ends: Result<Form<Ends>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Some(session) = ends.ok().and_then(|Form(ends)| provider.sessions.take(&ends.session)) else {
        return (StatusCode::BAD_REQUEST, "there is no such session\n").into_response();
    };
    if let Err(error) = provider.tell(&session).await {
        tracing::warn!(client = session.client, %error, "a client was not told that somebody is logged out");
    }
    (StatusCode::SEE_OTHER, [(LOCATION, "/sessions")]).into_response()
}

impl Shared {
    async fn tell(&self, session: &Session) -> io::Result<()> {
        let known = self.clients.iter().find(|client| client.id == session.client).zip(self.people.get(session.person));
        let Some((client, person)) = known else { return Ok(()) };
        let now = seconds();
        let claims = json!({
            "iss": self.issuer, "aud": client.id, "iat": now, "exp": now + LIFE, "jti": random(16).map_err(io::Error::other)?,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, "sid": session.id, "sub": person.subject(&client.id),
        });
        let status = tokio::time::timeout(PATIENCE, post(client, &self.logout_token(&claims)?)).await??;
        if status == "200" { Ok(()) } else { Err(io::Error::other(format!("it replied {status}"))) }
    }

    fn logout_token(&self, claims: &Value) -> io::Result<String> {
        self.key.sign_as("logout+jwt", claims).map_err(io::Error::other)
    }
}

/// Clients are on this machine, and speak plain HTTP. The status of the reply.
async fn post(client: &Client, token: &str) -> io::Result<String> {
    let no_address = || io::Error::other("its address is none of plain HTTP");
    let (host, path) = client.logout_uri.strip_prefix("http://").and_then(|rest| rest.split_once('/')).ok_or_else(no_address)?;
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", token).finish();
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut reply = Vec::new();
    stream.take(1_024).read_to_end(&mut reply).await?;
    let line = String::from_utf8_lossy(&reply);
    line.split(' ').nth(1).map(str::to_owned).ok_or_else(|| io::Error::other("it replied nothing"))
}
