//! The style sheet and the scripts. Their addresses have the hash of what they are, and so they can be kept by browsers for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../../pages/assets/style.css");
const RESULTS: &str = include_str!("../../pages/assets/results.js");
const VERIFY: &str = include_str!("../../pages/assets/verify.js");
const ICON: &str = include_str!("../../pages/assets/icon.svg");

static STYLE_PATH: LazyLock<String> = LazyLock::new(|| path("style", "css", STYLE));
static SCRIPTS: LazyLock<Scripts> =
    LazyLock::new(|| Scripts { results: path("results", "js", RESULTS), verify: path("verify", "js", VERIFY) });

/// Where the scripts are.
#[derive(Serialize)]
pub(super) struct Scripts {
    /// Results that fill in as partners answer.
    results: String,
    /// The log, verified.
    verify: String,
}

fn path(name: &str, kind: &str, text: &str) -> String {
    let hash = hex::encode(Sha256::digest(text));
    format!("/pages/{name}-{}.{kind}", &hash[..16])
}

/// Where the sign of these pages is.
pub(super) const ICON_PATH: &str = "/pages/icon.svg";

/// Where the style sheet is.
pub(super) fn style() -> &'static str {
    &STYLE_PATH
}

/// Where the scripts are.
pub(super) fn scripts() -> &'static Scripts {
    &SCRIPTS
}

pub(super) async fn asset(Path(asset): Path<String>) -> Response {
    let kind = "text/javascript; charset=utf-8";
    let scripts = [(scripts().results.as_str(), kind, RESULTS), (scripts().verify.as_str(), kind, VERIFY)];
    let found = [(style(), "text/css; charset=utf-8", STYLE), (ICON_PATH, "image/svg+xml", ICON)]
        .into_iter()
        .chain(scripts)
        .find(|(path, ..)| path.strip_prefix("/pages/") == Some(asset.as_str()));
    let Some((_, kind, text)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, text).into_response()
}
