//! Somebody is sent here to log in (OpenID Connect Core 1.0 §3.1.2): they pick who they are, and are sent back with a code.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};

use crate::codes::Granted;
use crate::keys::random;
use crate::{Client, Person, Shared};

/// What the relying party asks (RFC 6749 §4.1.1, RFC 7636 §4.3).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Asked {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
    ui_locales: Option<String>,
}

impl Asked {
    /// Whether the relying party asks for a page in English before one in Dutch (OpenID Connect Core 1.0 §3.1.2.1).
    fn in_english(&self) -> bool {
        let locales = self.ui_locales.as_deref().unwrap_or_default();
        locales.split(' ').find_map(|locale| locale.get(..2).filter(|language| ["nl", "en"].contains(language))) == Some("en")
    }
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    person: String,
    #[serde(flatten)]
    asked: Asked,
}

#[derive(Serialize)]
struct Page<'p> {
    english: bool,
    client: &'p str,
    asked: &'p Asked,
    people: Vec<Choice<'p>>,
}

#[derive(Serialize)]
struct Choice<'p> {
    number: usize,
    name: &'p str,
    about: String,
}

/// Nobody is sent back where it is not certain who asks.
fn refused(what: &str) -> Response {
    (StatusCode::BAD_REQUEST, format!("this cannot be asked of this provider: {what}\n")).into_response()
}

fn checked<'p>(provider: &'p Shared, asked: &Asked) -> Result<&'p Client, &'static str> {
    let client = provider.clients.iter().find(|client| client.id == asked.client_id).ok_or("client_id is not known")?;
    if client.redirect_uri != asked.redirect_uri {
        return Err("redirect_uri is not the one of this client");
    }
    if asked.response_type != "code" || asked.code_challenge_method != "S256" || asked.code_challenge.len() != 43 {
        return Err("response_type is code, with a code_challenge by S256");
    }
    if !asked.scope.split(' ').any(|scope| scope == "openid") {
        return Err("scope has openid in it");
    }
    Ok(client)
}

/// The page on which somebody picks who they are.
pub(crate) async fn choose(
    State(provider): State<Arc<Shared>>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else { return refused("a parameter is missing") };
    let client = match checked(&provider, &asked) {
        Ok(client) => client,
        Err(what) => return refused(what),
    };
    let known = provider.people.iter().enumerate().filter(|(_, person)| person.clients.contains(&client.id));
    let english = asked.in_english();
    let about = |person: &Person| if english { person.about_en.clone() } else { person.about.clone() };
    let people = known.map(|(number, person)| Choice { number, name: &person.name, about: about(person) }).collect();
    let page = Page { english, client: &client.name, asked: &asked, people };
    // Where the form leads back to is no address of this provider's own.
    crate::page::page("choose.html", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'", page)
}

/// Somebody picked.
pub(crate) async fn chosen(
    State(provider): State<Arc<Shared>>,
    chosen: Result<Form<Chosen>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Ok(Form(Chosen { person, asked })) = chosen else { return refused("a parameter is missing") };
    let client = match checked(&provider, &asked) {
        Ok(client) => client,
        Err(what) => return refused(what),
    };
    let number = person.parse().unwrap_or(usize::MAX);
    if !provider.people.get(number).is_some_and(|person| person.clients.contains(&client.id)) {
        return refused("there is nobody like that here");
    }
    let Ok(code) = random(24) else { return refused("the system gives no randomness") };
    let location = location(&asked.redirect_uri, &code, asked.state.as_deref(), &provider.issuer);
    let granted = Granted {
        client: asked.client_id,
        redirect_uri: asked.redirect_uri,
        challenge: asked.code_challenge,
        nonce: asked.nonce,
        person: number,
        authenticated_at: seconds(),
    };
    provider.codes.keep(code, granted);
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// With the issuer in it (RFC 9207), so that no answer of another provider passes for one of this.
fn location(redirect_uri: &str, code: &str, state: Option<&str>, issuer: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("code", code).append_pair("iss", issuer);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    format!("{redirect_uri}?{}", query.finish())
}

pub(crate) fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
