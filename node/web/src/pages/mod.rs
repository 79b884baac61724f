//! What the pages of the portal and of the desk share: who visits, templates, texts, forms, and the headers that keep a page to itself.

mod assets;
pub(crate) mod bounded;
mod cookies;
pub(crate) mod cursor;
pub(crate) mod facts;
mod fields;
pub(crate) mod filled;
pub(crate) mod find;
pub(crate) mod map;
pub(crate) mod money;
pub(crate) mod over;
pub(crate) mod plot;
mod problem;
pub(crate) mod propose;
mod routes;
pub(crate) mod sealed;
pub(crate) mod spoken;
mod staff;
mod style;
mod templates;
mod upload;
mod visit;
mod watched;
pub(crate) mod whose;
mod words;

use std::sync::{Arc, OnceLock};

use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use polder_exchange::Node;
use polder_exchange::people::Language;
use polder_model::CodeUri;
use polder_store::people::{Door, LoggedIn, LoginId, Role, SessionId};
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use cookies::{Cookie, Cookies};
pub(crate) use fields::{Fields, token as form_token};
use map::Map;
pub use map::Region;
pub(crate) use problem::PageError;
use routes::secured;
pub(crate) use routes::{beside, is_own};
pub(crate) use staff::{Administrator, As, Desk, PrivacyOfficer, Sent, Staff};
pub use style::{COLORS, HouseStyle, LARGEST_LOGO};
pub(crate) use templates::said_date;
pub(crate) use visit::{Known, Visit, Worker};
pub(crate) use watched::{OwnTls, Watched};
pub(crate) use words::{Said, Words};

use crate::login::{LoginAt, Providers};
use crate::openapi::reference::{self as operations, Section};
use crate::portal::moves::LookedAt;
use crate::questions::Questions;
use crate::quota::Callers;
use crate::vum::Mediator;
use assets::Assets;
use templates::Templates;

/// A session that nobody used for so long is over.
pub(crate) const IDLE_SECONDS: i64 = 15 * 60;
/// How often it is written down that a session is used, in seconds.
const SEEN_SECONDS: i64 = 60;
/// Requests of one person on their way at the same time.
const REQUESTS_OF_ONE: usize = 32;

/// How pages are served.
#[derive(Clone, Debug)]
pub struct PagesAt {
    /// The address under which browsers reach this node: scheme, host, and port where it is not the usual one; without a path.
    pub url: String,
    /// Where workers log in.
    pub portal: Option<LoginAt>,
    /// Where staff logs in.
    pub desk: Option<LoginAt>,
    /// How pages look.
    pub style: HouseStyle,
    /// What maps are drawn of; Flevoland, coarsely, where there is none.
    pub region: Option<Region>,
    /// Whether a proxy of the partner's own stands before: then it says where somebody comes from who logs in (`X-Forwarded-For`).
    pub behind_proxy: bool,
}

struct Inner {
    node: Arc<Node>,
    at: PagesAt,
    providers: Providers,
    templates: Templates,
    assets: Assets,
    cookies: Cookies,
    callers: Callers<LoginId>,
    questions: Questions,
    exchange: Option<Mediator>,
    looked_at: Arc<LookedAt>,
    watched: Watched,
    region: Arc<Region>,
    /// What the reference of the client interface says, once somebody has asked for it.
    reference: OnceLock<Vec<Section>>,
}

/// What handlers of pages share.
#[derive(Clone)]
pub(crate) struct Pages(Arc<Inner>);

/// What surrounds every page.
#[derive(Serialize)]
struct Frame<'f, T> {
    language: &'static str,
    /// The partner whose node this is.
    partner: &'f str,
    door: &'static str,
    path: &'f str,
    /// Whether it is only looked at: in another language it is the same then.
    looks: bool,
    /// What the page is made of.
    template: &'f str,
    /// Which entry of the menu this is.
    here: &'f str,
    style: &'f str,
    scripts: assets::Scripts<'f>,
    /// The logo of the partner.
    logo: Option<&'f str>,
    /// What they may do at the desk.
    roles: Vec<&'static str>,
    /// Who is logged in.
    who: Option<&'f str>,
    csrf: Option<String>,
    page: T,
}

impl Pages {
    pub(crate) fn new(
        node: Arc<Node>,
        mut at: PagesAt,
        questions: Questions,
        exchange: Option<Mediator>,
        watched: Watched,
    ) -> Result<Self, String> {
        let providers = Providers::new(&at, watched.limits.client_failed_tries_per_minute)?;
        let region = at.region.take().map_or_else(Region::flevoland, Arc::new);
        let callers = Callers::new(watched.limits.of_client(), REQUESTS_OF_ONE);
        let assets = Assets::new(&at.style);
        let looked_at = Arc::default();
        let templates = Templates::new();
        let cookies = Cookies::of(&at.url);
        let reference = OnceLock::new();
        Ok(Self(Arc::new(Inner {
            node,
            at,
            providers,
            templates,
            assets,
            cookies,
            callers,
            questions,
            exchange,
            looked_at,
            watched,
            region,
            reference,
        })))
    }

    pub(crate) fn node(&self) -> &Node {
        &self.0.node
    }

    /// The address under which browsers reach this node: the origin of its pages.
    pub(crate) fn url(&self) -> &str {
        &self.0.at.url
    }

    pub(crate) fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// How pages are served.
    pub(crate) fn at(&self) -> &PagesAt {
        &self.0.at
    }

    /// What whoever looks after the node sees of it beside its store.
    pub(crate) fn watched(&self) -> &Watched {
        &self.0.watched
    }

    /// How many people visited since the start.
    pub(crate) fn visitors(&self) -> usize {
        self.0.callers.count()
    }

    /// Where questions are asked.
    pub(crate) fn questions(&self) -> &Questions {
        &self.0.questions
    }

    /// The national exchange of vacancies, where staff asks it too.
    pub(crate) fn exchange(&self) -> Option<&Mediator> {
        self.0.exchange.as_ref()
    }

    /// The operations of the client interface.
    pub(crate) fn reference(&self) -> &[Section] {
        self.0.reference.get_or_init(|| operations::sections(self.url()))
    }

    /// Exports that somebody looks at before they move in.
    pub(crate) fn looked_at(&self) -> &Arc<LookedAt> {
        &self.0.looked_at
    }

    /// Lets somebody ask a question, if they have not asked too many.
    pub(crate) fn may_ask(&self, known: &Known) -> Result<(), PageError> {
        // The request itself has a place already.
        Ok(self.callers().of(&known.is.session.login).admit(true).map(drop)?)
    }

    /// A map of the region, with nothing on it.
    pub(crate) fn map(&self) -> Map {
        Map::of(&self.0.region)
    }

    /// The texts of a language.
    pub(crate) fn words(&self, language: Language) -> &Words {
        self.0.templates.words(language)
    }

    /// The cookies of this node.
    pub(crate) fn cookies(&self) -> &Cookies {
        &self.0.cookies
    }

    fn assets(&self) -> &Assets {
        &self.0.assets
    }

    fn callers(&self) -> &Callers<LoginId> {
        &self.0.callers
    }

    /// The session of a token at a door; it is used from now on.
    async fn session(&self, token: &str, door: Door) -> Result<Option<LoggedIn>, PageError> {
        let (store, now) = (self.node().store(), self.node().now());
        let id = SessionId::of(token);
        let found = store.session(&id, now.plus_seconds(-IDLE_SECONDS), now).await?.filter(|found| found.session.door == door);
        if found.as_ref().is_some_and(|found| found.session.seen_at < now.plus_seconds(-SEEN_SECONDS)) {
            store.see_session(id, now).await?;
        }
        Ok(found)
    }

    /// A page.
    pub(crate) fn show(&self, visit: &Visit, template: &str, here: &str, page: impl Serialize) -> Result<Response, PageError> {
        self.show_as(StatusCode::OK, visit, template, here, page)
    }

    pub(crate) fn show_as(
        &self,
        status: StatusCode,
        visit: &Visit,
        template: &str,
        here: &str,
        page: impl Serialize,
    ) -> Result<Response, PageError> {
        let session = visit.session.as_ref();
        let frame = Frame {
            language: visit.language.as_str(),
            partner: &self.node().home().name,
            door: match visit.path.split(['/', '?']).nth(1) {
                Some("desk") => "desk",
                Some("reference") => "reference",
                _ => "portal",
            },
            path: &visit.path,
            looks: visit.looks,
            template: template.trim_end_matches(".html"),
            here,
            style: self.assets().style(),
            scripts: self.assets().scripts(),
            logo: self.assets().logo(),
            roles: session.map(|known| known.is.session.roles.iter().map(|role: &Role| role.as_str()).collect()).unwrap_or_default(),
            who: session.map(|known| known.is.session.name.as_str()),
            csrf: session.map(|known| fields::token(&known.token)),
            page,
        };
        let html = self
            .0
            .templates
            .render(visit.language, template, frame)
            .map_err(|error| PageError::internal(format!("{template}: {error:#}")))?;
        Ok((status, Html(html)).into_response())
    }

    /// A document with the names of its skills and occupations, where it says the codes alone and this node knows them.
    pub(crate) fn labelled(&self, mut document: Value) -> Value {
        let reference = self.node().reference();
        for list in ["skills", "skillsTaught", "occupations", "occupationsWanted", "occupationsHeld"] {
            for item in
                document.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().filter(|item| item.get("label").is_none())
            {
                let Some(uri) = item.get("uri").and_then(Value::as_str).and_then(|uri| uri.parse::<CodeUri>().ok()) else { continue };
                let labels = match reference.skill(&uri) {
                    Some(skill) => Some((&skill.label_nl, &skill.label_en)),
                    None => reference.occupation(&uri).map(|occupation| (&occupation.label_nl, &occupation.label_en)),
                };
                if let Some((dutch, english)) = labels {
                    item["label"] = json!({"nl": dutch, "en": english});
                }
            }
        }
        document
    }

    /// Reads the form of a page.
    pub(crate) async fn form(&self, known: &Known, headers: &http::HeaderMap, body: axum::body::Body) -> Result<Fields, PageError> {
        Fields::read(headers, body, self.url(), &known.token).await
    }

    /// Reads the form of a page with one file of at most `most` bytes.
    pub(crate) async fn form_with_file(
        &self,
        known: &Known,
        headers: &http::HeaderMap,
        body: axum::body::Body,
        most: usize,
    ) -> Result<(Fields, Bytes), PageError> {
        Fields::with_file(headers, body, most, self.url(), &known.token).await
    }
}

/// Leads on to another page of this node, after something was done.
pub(crate) fn on_to(path: &str) -> Response {
    match HeaderValue::try_from(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(error) => PageError::internal(error).into_response(),
    }
}
