//! How a token is shown to be its caller's own (DPoP, RFC 9449), in the words of the document.

use serde_json::{Value, json};

use super::describe::form;

/// What the document says of tokens of registered systems.
pub(super) const TOKENS: &str = "A token of a registered system, for five minutes, of `POST /oauth/token` with `grant_type=client_credentials`. \
    The system shows who it is by `client_assertion`, a JWT that it signs (`private_key_jwt`, RFC 7523: `iss` and `sub` its id, `aud` the issuer, `exp` at \
    most 60 s ahead, `jti` of 16 to 128 characters, new each time), or by its TLS certificate (RFC 8705). With a proof in the header `DPoP` of that request \
    (RFC 9449; without `ath`) the token is bound to the key of the proof, and goes as `Authorization: DPoP …` with a proof of its own for each call: the \
    parameter `DPoP` says what stands in one. Bound to a certificate it goes as `Authorization: Bearer …`, over the port for certificates. \
    `/.well-known/oauth-authorization-server` has the rest.";

/// What a node says of a token that it does not take.
const CHALLENGE: &str = "What is wrong with the token, in the words of its scheme (RFC 6750, RFC 9449): none came (no `error`), it is not taken \
    (`error=\"invalid_token\"`: get another one), its proof is not (`error=\"invalid_dpop_proof\"`), or that is to name the nonce of `DPoP-Nonce` \
    (`error=\"use_dpop_nonce\"`: make another proof, and send the same again).";
/// The same where a scope is lacking.
const LACKING: &str = "Where the token lacks a scope: `error=\"insufficient_scope\"`, with that `scope` where just one would do.";
/// The nonce that the next proof names.
const NONCE: &str = "With `use_dpop_nonce` and `invalid_dpop_proof`: the `nonce` of the next proof. It is taken for one to two minutes.";

/// What the header `DPoP` of a call is.
const PROOF: &str = "With a token that is bound to a key (`Authorization: DPoP …`): the proof that this call is made by that key. A JWT of the type `dpop+jwt` \
    by ES256, PS256, RS256 or EdDSA, with the public key as `jwk` in its header, and in it `htm`, the method; `htu`, the address without its query; `iat`; \
    `jti`, 16 to 128 characters that are new each time; `ath`, the SHA-256 of the token in base64url; and `nonce`, as the last header `DPoP-Nonce` said. The \
    first one has no nonce yet: the reply is 401 with `use_dpop_nonce`. One proof is good for one request.";

/// Adds them to all that a registered system may call; each stands in the document once.
pub(super) fn add(document: &mut Value) {
    let example = "eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJodG0iOiJHRVQifQ.c2lnbmF0dXJl";
    let schema = form(5, 8_192, r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", example);
    document["components"]["parameters"] =
        json!({"DPoP": {"name": "DPoP", "in": "header", "required": false, "description": PROOF, "schema": schema}});
    let header = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    document["components"]["headers"] =
        json!({"Challenge": header(CHALLENGE), "ScopeLacking": header(LACKING), "DPoP-Nonce": header(NONCE)});
    let items = document["paths"].as_object_mut().into_iter().flatten();
    for operation in items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten()).map(|(_, operation)| operation) {
        let ways = operation["security"].as_array().into_iter().flatten();
        if ways.filter_map(Value::as_object).all(|way| !way.contains_key("client")) {
            continue;
        }
        if operation["parameters"].is_null() {
            operation["parameters"] = json!([]);
        }
        if let Some(parameters) = operation["parameters"].as_array_mut() {
            parameters.push(json!({"$ref": "#/components/parameters/DPoP"}));
        }
        let said =
            [("401", "WWW-Authenticate", "Challenge"), ("401", "DPoP-Nonce", "DPoP-Nonce"), ("403", "WWW-Authenticate", "ScopeLacking")];
        for (status, name, component) in said {
            if operation["responses"][status].is_object() {
                operation["responses"][status]["headers"][name] = json!({"$ref": format!("#/components/headers/{component}")});
            }
        }
    }
}
