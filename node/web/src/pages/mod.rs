//! What the pages of the portal and of the desk share: who visits, templates, texts, forms, and the headers that keep a page to itself.

mod assets;
mod cookies;
mod fields;
pub(crate) mod find;
pub(crate) mod map;
mod templates;
mod visit;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query};
use axum::middleware;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};
use polder_exchange::Node;
use polder_exchange::people::{DecideRefused, Language};
use polder_model::CodeUri;
use polder_store::StoreError;
use polder_store::people::{Door, LoggedIn, LoginId, Role, SessionId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use cookies::Cookie;
pub(crate) use fields::Fields;
use map::Map;
pub use map::Region;
pub(crate) use visit::{Known, Staff, Visit, Worker};
pub(crate) use words::{Said, Words};

use crate::limits::Limits;
use crate::login::{LoginAt, Providers};
use crate::questions::Questions;
use crate::quota::Callers;
use crate::refusal::Refusal;
use crate::{desk, portal};
use templates::Templates;

/// A session that nobody used for so long is over.
const IDLE_SECONDS: i64 = 15 * 60;
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
    /// What maps are drawn of; Flevoland, coarsely, where there is none.
    pub region: Option<Region>,
}

struct Inner {
    node: Arc<Node>,
    at: PagesAt,
    providers: Providers,
    templates: Templates,
    callers: Callers<LoginId>,
    questions: Questions,
    region: Arc<Region>,
}

/// What handlers of pages share.
#[derive(Clone)]
pub(crate) struct Pages(Arc<Inner>);

/// Why there is no page.
#[derive(Clone, Debug)]
pub(crate) enum PageError {
    /// Whoever asks is not logged in.
    LogIn,
    /// A form that was not sent from a page of this node, or from one of another session.
    Forged,
    /// Whoever asks has not the role for it.
    NotAllowed,
    /// There is no such page, or not for whoever asks.
    NotFound,
    /// It cannot be done, for a reason that a message says.
    Said(StatusCode, &'static str),
    /// As many as may be.
    Busy(Duration),
    /// Another status, with its general words.
    Status(StatusCode),
    /// A fault of ours; the log has it under this name.
    Internal(String),
}

impl PageError {
    pub(crate) fn status(status: StatusCode) -> Self {
        Self::Status(status)
    }

    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        let instance = uuid::Uuid::new_v4().to_string();
        tracing::error!(%instance, %error, "a page failed");
        Self::Internal(instance)
    }

    fn code(&self) -> StatusCode {
        match self {
            Self::LogIn => StatusCode::UNAUTHORIZED,
            Self::Forged | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Said(status, _) | Self::Status(status) => *status,
            Self::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The message that says it.
    fn message(&self) -> &'static str {
        match self {
            Self::LogIn => "problem-log-in",
            Self::Forged => "problem-forged",
            Self::NotAllowed => "problem-not-allowed",
            Self::NotFound => "problem-not-found",
            Self::Said(_, message) => message,
            Self::Busy(_) => "problem-busy",
            Self::Status(_) => "problem-request",
            Self::Internal(_) => "problem-internal",
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full | StoreError::Busy | StoreError::ReadOnly(_) | StoreError::Unreachable(_) | StoreError::TooMany { .. } => {
                tracing::error!(%error, "a page cannot keep what was sent");
                Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-full")
            }
            error => Self::internal(error),
        }
    }
}

impl From<DecideRefused> for PageError {
    fn from(refused: DecideRefused) -> Self {
        match refused {
            DecideRefused::Unknown | DecideRefused::UnknownRequest => Self::NotFound,
            DecideRefused::NotOpen => Self::Said(StatusCode::CONFLICT, "problem-request-over"),
            DecideRefused::NotInForce(_) => Self::Said(StatusCode::CONFLICT, "problem-not-in-force"),
            DecideRefused::NoticeDiffers => Self::Said(StatusCode::CONFLICT, "problem-notice-differs"),
            DecideRefused::NoOffer => Self::Said(StatusCode::CONFLICT, "problem-no-profile"),
            DecideRefused::ClosedTo(_) => Self::Said(StatusCode::SERVICE_UNAVAILABLE, "problem-closed"),
            DecideRefused::Enough { wait } => Self::Busy(wait),
            DecideRefused::Invalid(_) => Self::Status(StatusCode::BAD_REQUEST),
            DecideRefused::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> Self {
        let seconds = refusal.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
        seconds.map_or_else(|| Self::Status(refusal.status()), |seconds| Self::Busy(Duration::from_secs(seconds)))
    }
}

/// The layer around every page makes a page of it: it knows the language.
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.code().into_response();
        if let Self::Busy(wait) = &self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// What surrounds every page.
#[derive(Serialize)]
struct Frame<'f, T> {
    language: &'static str,
    /// The partner whose node this is.
    partner: &'f str,
    door: &'static str,
    path: &'f str,
    /// Which entry of the menu this is.
    here: &'f str,
    style: &'static str,
    /// The script of the desk.
    script: &'static str,
    /// What they may do at the desk.
    roles: Vec<&'static str>,
    /// Who is logged in.
    who: Option<&'f str>,
    csrf: Option<String>,
    page: T,
}

impl Pages {
    pub(crate) fn new(node: Arc<Node>, mut at: PagesAt, limits: &Limits, questions: Questions) -> Result<Self, String> {
        let providers = Providers::new(&at)?;
        let region = at.region.take().map_or_else(Region::flevoland, Arc::new);
        let callers = Callers::new(limits.of_client(), REQUESTS_OF_ONE);
        Ok(Self(Arc::new(Inner { node, at, providers, templates: Templates::new(), callers, questions, region })))
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

    /// Where questions are asked.
    pub(crate) fn questions(&self) -> &Questions {
        &self.0.questions
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
            door: if visit.path.starts_with("/desk") { "desk" } else { "portal" },
            path: &visit.path,
            here,
            style: assets::style(),
            script: assets::script(),
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
        for list in ["skills", "occupationsWanted", "occupationsHeld"] {
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
}

/// Leads on to another page of this node, after something was done.
pub(crate) fn on_to(path: &str) -> Response {
    match HeaderValue::try_from(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(error) => PageError::internal(error).into_response(),
    }
}

/// Every page, and whatever else stands at the same port.
pub(crate) fn beside(pages: &Pages, others: Router) -> Router {
    let nothing = || get(|| async { PageError::NotFound });
    Router::new()
        .merge(desk::router())
        .merge(portal::router())
        .route("/pages/language/{language}", get(pick_language))
        .route("/portal/{*rest}", nothing())
        .route("/desk/{*rest}", nothing())
        .layer(middleware::from_fn_with_state(pages.clone(), visit::received))
        .route("/pages/{asset}", get(assets::asset))
        .with_state(pages.clone())
        .fallback_service(others)
}

#[derive(Deserialize)]
struct Back {
    back: Option<String>,
}

/// Another language from now on.
async fn pick_language(Path(language): Path<String>, Query(back): Query<Back>) -> Result<Response, PageError> {
    let language = match language.as_str() {
        "nl" => Language::Nl,
        "en" => Language::En,
        _ => return Err(PageError::NotFound),
    };
    let back = back.back.as_deref().filter(|path| is_own(path)).unwrap_or("/portal");
    let mut response = on_to(back);
    let year = 365 * 24 * 3_600;
    response.headers_mut().extend(Cookie::Language.set(language.as_str(), Some(year)).map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// Whether a path leads to a page of this node: nothing leads anywhere else.
pub(crate) fn is_own(path: &str) -> bool {
    let starts = ["/portal", "/desk"]
        .iter()
        .any(|start| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?'])));
    starts && path.len() <= 1_000 && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') && !path.contains("//")
}

#[derive(Serialize)]
struct Problem<'p> {
    message: &'static str,
    status: u16,
    instance: Option<&'p str>,
}

/// Makes a page of what went wrong; whoever is not logged in is led to where they log in.
fn problem(pages: &Pages, visit: &Visit, response: Response) -> Response {
    let Some(error) = response.extensions().get::<PageError>().cloned() else { return response };
    if matches!(error, PageError::LogIn) && is_own(&visit.path) {
        let door = if visit.path.starts_with("/desk") { "desk" } else { "portal" };
        let back: String = form_urlencoded::Serializer::new(String::new()).append_pair("back", &visit.path).finish();
        return on_to(&format!("/{door}/welcome?{back}"));
    }
    let instance = match &error {
        PageError::Internal(instance) => Some(instance.as_str()),
        _ => None,
    };
    let page = Problem { message: error.message(), status: error.code().as_u16(), instance };
    match pages.show_as(error.code(), visit, "problem.html", "", page) {
        Ok(mut shown) => {
            shown.headers_mut().extend(response.headers().get(RETRY_AFTER).map(|wait| (RETRY_AFTER, wait.clone())));
            shown
        }
        // The page that says so cannot be made either.
        Err(_) => error.code().into_response(),
    }
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Headers of every page: nothing of another origin is loaded, framed or told.
fn secured(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
        (OPENER, "same-origin"),
        (RESOURCE, "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn nobody_is_led_to_another_site() {
        for own in ["/portal", "/portal?x=y", "/portal/consents", "/desk/search?kind=vacancy&page=2"] {
            assert!(is_own(own), "{own}");
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/portal",
            "/portal//evil.example",
            "/portalx",
            "/\\evil.example",
            "/portal\\x",
            "/portal/ x",
            "/portal/\r\nx",
            "portal",
            "/v1/offers",
        ] {
            assert!(!is_own(other), "{other}");
        }
    }
}
