//! The style sheet, the scripts and the logo. Their addresses have the hash of what they are, and so they can be kept by browsers for good.

use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Pages;
use super::routes::RESOURCE;
use super::style::{HouseStyle, Picture};

pub(super) const STYLE: &str = include_str!("../../pages/assets/style.css");
const RESULTS: &str = include_str!("../../pages/assets/results.js");
const VERIFY: &str = include_str!("../../pages/assets/verify.js");
const REFERENCE: &str = include_str!("../../pages/assets/reference.js");
const ICON: &str = include_str!("../../pages/assets/icon.svg");

/// Where the sign of these pages is.
pub(super) const ICON_PATH: &str = "/pages/icon.svg";

const SVG: &str = "image/svg+xml";
const SCRIPT: &str = "text/javascript; charset=utf-8";

struct Asset {
    path: String,
    kind: &'static str,
    bytes: Cow<'static, [u8]>,
}

/// What the pages of this node are made of beside their HTML.
pub(super) struct Assets {
    style: Asset,
    results: Asset,
    verify: Asset,
    reference: Asset,
    icon: Asset,
    logo: Option<Asset>,
}

/// Where the scripts are.
#[derive(Serialize)]
pub(super) struct Scripts<'a> {
    /// Results that fill in as partners answer.
    results: &'a str,
    /// The log, verified.
    verify: &'a str,
    /// Operations of the client interface, tried.
    reference: &'a str,
}

impl Assets {
    pub(super) fn new(house: &HouseStyle) -> Self {
        let logo = house.logo().map(|(bytes, picture)| match picture {
            Picture::Png => hashed("logo", "png", "image/png", bytes.to_vec().into()),
            Picture::Svg => hashed("logo", "svg", SVG, bytes.to_vec().into()),
        });
        Self {
            style: hashed("style", "css", "text/css; charset=utf-8", house.sheet().into_bytes().into()),
            results: hashed("results", "js", SCRIPT, RESULTS.as_bytes().into()),
            verify: hashed("verify", "js", SCRIPT, VERIFY.as_bytes().into()),
            reference: hashed("reference", "js", SCRIPT, REFERENCE.as_bytes().into()),
            icon: Asset { path: ICON_PATH.to_owned(), kind: SVG, bytes: ICON.as_bytes().into() },
            logo,
        }
    }

    /// Where the style sheet is.
    pub(super) fn style(&self) -> &str {
        &self.style.path
    }

    /// Where the scripts are.
    pub(super) fn scripts(&self) -> Scripts<'_> {
        Scripts { results: &self.results.path, verify: &self.verify.path, reference: &self.reference.path }
    }

    /// Where the logo is.
    pub(super) fn logo(&self) -> Option<&str> {
        self.logo.as_ref().map(|logo| logo.path.as_str())
    }
}

fn hashed(name: &str, ending: &str, kind: &'static str, bytes: Cow<'static, [u8]>) -> Asset {
    let hash = hex::encode(Sha256::digest(&bytes));
    Asset { path: format!("/pages/{name}-{}.{ending}", &hash[..16]), kind, bytes }
}

pub(super) async fn asset(State(pages): State<Pages>, Path(asset): Path<String>) -> Response {
    let Assets { style, results, verify, reference, icon, logo } = pages.assets();
    let mut every = [style, results, verify, reference, icon].into_iter().chain(logo);
    let Some(found) = every.find(|known| known.path.strip_prefix("/pages/") == Some(asset.as_str())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(found.kind)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (RESOURCE, HeaderValue::from_static("same-origin")),
        // A picture that is opened by itself runs nothing either.
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox")),
    ];
    (headers, found.bytes.to_vec()).into_response()
}
