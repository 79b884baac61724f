//! Which pages there are, where one may be led, and the headers that keep a page to itself.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue};
use serde::Deserialize;

use super::{PageError, Pages, assets, on_to, visit};
use crate::{desk, portal, reference};

/// Every page, and whatever else stands at the same port.
pub(crate) fn beside(pages: &Pages, others: Router) -> Router {
    let nothing = || get(|| async { PageError::NotFound });
    Router::new()
        .merge(desk::router())
        .merge(portal::router())
        .merge(reference::router())
        .route("/pages/language/{language}", get(pick_language))
        .route("/portal/", get(|| async { on_to("/portal") }))
        .route("/desk/", get(|| async { on_to("/desk") }))
        .route("/portal/{*rest}", nothing())
        .route("/desk/{*rest}", nothing())
        .route("/reference/", get(|| async { on_to("/reference") }))
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
async fn pick_language(State(pages): State<Pages>, Path(language): Path<String>, Query(back): Query<Back>) -> Result<Response, PageError> {
    let language = visit::named(&language).ok_or(PageError::NotFound)?;
    let back = back.back.as_deref().filter(|path| is_own(path)).unwrap_or("/portal");
    let mut response = on_to(back);
    response.headers_mut().extend(pages.cookies().language(language).map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// Whether a path leads to a page of this node: nothing leads anywhere else.
pub(crate) fn is_own(path: &str) -> bool {
    let starts = ["/portal", "/desk", "/reference"]
        .iter()
        .any(|start| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?'])));
    starts
        && path.len() <= 1_000
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !path.contains("//")
        && !path.contains("/.")
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
pub(super) const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Headers of every page: nothing of another origin is loaded, framed or told.
pub(super) fn secured(response: &mut Response) {
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
        for own in ["/portal", "/portal?x=y", "/portal/consents", "/desk/search?kind=vacancy&page=2", "/reference/offers"] {
            assert!(is_own(own), "{own}");
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/portal",
            "/portal//evil.example",
            "/portal/../v1/offers",
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
