//! The pages of the provider, which look alike.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

const TEMPLATES: [(&str, &str); 3] = [
    ("frame.html", include_str!("../templates/frame.html")),
    ("choose.html", include_str!("../templates/choose.html")),
    ("sessions.html", include_str!("../templates/sessions.html")),
];

/// A page, under that policy.
pub(crate) fn page(template: &str, policy: &'static str, values: impl Serialize) -> Response {
    match render(template, values) {
        Ok(page) => ([(CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn render(template: &str, values: impl Serialize) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    environment.get_template(template)?.render(Serde(values))
}
