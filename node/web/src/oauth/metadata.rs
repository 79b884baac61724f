//! How tokens are got here (RFC 8414), and the key that signs them.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use jsonwebtoken::jwk::JwkSet;
use serde::Serialize;

use super::{OAuth, jose};
use crate::client::scope::Scope;

#[derive(Serialize)]
struct Server {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    scopes_supported: Vec<String>,
    response_types_supported: [&'static str; 0],
    grant_types_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 4],
    dpop_signing_alg_values_supported: [&'static str; 4],
    tls_client_certificate_bound_access_tokens: bool,
    /// Where certificates are taken (RFC 8705, section 5).
    #[serde(skip_serializing_if = "Option::is_none")]
    mtls_endpoint_aliases: Option<Aliases>,
    service_documentation: String,
}

#[derive(Serialize)]
struct Aliases {
    token_endpoint: String,
}

/// `GET /.well-known/oauth-authorization-server`.
pub(super) async fn server(State(oauth): State<OAuth>) -> Response {
    let (issuer, at) = (oauth.issuer(), oauth.0.certificates_url.as_deref());
    let server = Server {
        token_endpoint: format!("{issuer}/oauth/token"),
        jwks_uri: format!("{issuer}/oauth/jwks"),
        scopes_supported: Scope::of_clients().into_iter().map(Scope::name).collect(),
        response_types_supported: [],
        grant_types_supported: ["client_credentials"],
        token_endpoint_auth_methods_supported: ["private_key_jwt"].into_iter().chain(at.map(|_| "self_signed_tls_client_auth")).collect(),
        token_endpoint_auth_signing_alg_values_supported: jose::ALGORITHMS,
        dpop_signing_alg_values_supported: jose::ALGORITHMS,
        tls_client_certificate_bound_access_tokens: at.is_some(),
        mtls_endpoint_aliases: at.map(|at| Aliases { token_endpoint: format!("{at}/oauth/token") }),
        service_documentation: format!("{issuer}{}", if oauth.0.pages_url.is_some() { "/reference" } else { "/v1/openapi.json" }),
        issuer,
    };
    ([(CACHE_CONTROL, "public, max-age=300"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], axum::Json(&server)).into_response()
}

/// `GET /oauth/jwks`.
pub(super) async fn keys(State(oauth): State<OAuth>) -> Response {
    let keys = JwkSet { keys: vec![oauth.0.key.public().clone()] };
    ([(CACHE_CONTROL, "public, max-age=300"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], axum::Json(&keys)).into_response()
}
