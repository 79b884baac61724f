//! One provider of log-ins (OpenID Connect Core 1.0, the authorization code flow with PKCE): what it says of itself, and what it says of somebody.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreSubjectIdentifierType,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, Client, ClientId,
    ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, LanguageTag,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, RequestTokenError, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use polder_exchange::people::Language;
use polder_model::Timestamp;
use polder_model::offer::may_hold_bsn;
use polder_store::people::LoginId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::claims::{Others, shown_name};
use super::ended::{Refused, Token};
use super::http::Http;
use super::{Identity, LoginAt, LoginFailed};

/// How long what a provider says of itself is believed.
const KNOWN_FOR: Duration = Duration::from_secs(3_600);
/// The least time between two looks at it, whatever keys tokens name.
const COOLDOWN: Duration = Duration::from_secs(60);
/// How far clocks may be apart, in seconds.
pub(super) const SKEW: i64 = 60;
/// The oldest ID token, in seconds (OIDC-NLGov: it holds for five minutes).
pub(super) const OLDEST: i64 = 5 * 60;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct More {
    /// RFC 9207.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;
type Tokens = StandardTokenResponse<
    IdTokenFields<Others, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>,
    CoreTokenType,
>;
type RelyingParty = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A log-in that has begun, as the browser keeps it: everything that belongs to it follows from one random secret.
pub(super) struct Begun(pub [u8; 32]);

impl Begun {
    /// What of it goes to the provider says nothing about the rest.
    fn derive(&self, what: &str) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(b"polder log-in\n").chain_update(what).chain_update(self.0).finalize())
    }

    pub(super) fn state(&self) -> String {
        self.derive("state")
    }

    fn nonce(&self) -> Nonce {
        Nonce::new(self.derive("nonce"))
    }

    fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.derive("verifier"))
    }
}

/// How somebody is to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As the provider sees fit.
    Usual,
    /// At this very moment, at a level that is enough to give a consent.
    Anew,
}

pub(super) struct Provider {
    at: LoginAt,
    redirect: RedirectUrl,
    http: Arc<LazyLock<Result<Http, String>>>,
    known: Mutex<Option<(Metadata, Instant)>>,
}

impl Provider {
    /// The way to it is made when somebody first logs in: it holds all certificates that this machine trusts.
    pub(super) fn new(at: LoginAt, redirect: String, http: &Arc<LazyLock<Result<Http, String>>>) -> Result<Self, String> {
        let redirect = RedirectUrl::new(redirect).map_err(|error| format!("the address of the pages: {error}"))?;
        IssuerUrl::new(at.issuer.clone()).map_err(|error| format!("{}: {error}", at.issuer))?;
        Ok(Self { at, redirect, http: Arc::clone(http), known: Mutex::new(None) })
    }

    pub(super) fn at(&self) -> &LoginAt {
        &self.at
    }

    /// What the provider says of itself; what was heard lately, unless something is missing in it.
    async fn metadata(&self, look_again: bool) -> Result<Metadata, LoginFailed> {
        let mut known = self.known.lock().await;
        if let Some((metadata, since)) = &*known {
            let age = since.elapsed();
            if age < KNOWN_FOR && !(look_again && age >= COOLDOWN) {
                return Ok(metadata.clone());
            }
        }
        let issuer = IssuerUrl::new(self.at.issuer.clone()).map_err(|error| LoginFailed::Provider(error.to_string()))?;
        let heard = Metadata::discover_async(issuer, self.http()?).await;
        let metadata = heard.map_err(|error| LoginFailed::Provider(crate::causes::with_causes(&error)))?;
        *known = Some((metadata.clone(), Instant::now()));
        Ok(metadata)
    }

    /// What it says of itself and does not fit how it is used here.
    pub(super) async fn does_not_fit(&self) -> Result<Vec<String>, String> {
        let metadata = self.metadata(false).await.map_err(|failed| match failed {
            LoginFailed::Provider(says) => says,
            LoginFailed::Wrong(what) => what.to_owned(),
            LoginFailed::Forbidden => "it says what no node may know".to_owned(),
        })?;
        let mut found = Vec::new();
        let name = |algorithm: &CoreJwsSigningAlgorithm| {
            serde_json::to_value(algorithm).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
        };
        let signs = metadata.id_token_signing_alg_values_supported();
        if !signs.contains(&self.at.algorithm) {
            let known: Vec<String> = signs.iter().map(name).collect();
            found.push(format!("algorithm: it signs by {}, and not by {}", known.join(", "), name(&self.at.algorithm)));
        }
        if metadata.token_endpoint().is_none() {
            found.push("it names no token_endpoint".to_owned());
        }
        if metadata.jwks().keys().is_empty() {
            found.push("it shows no key by which its tokens could be verified".to_owned());
        }
        let known = metadata.scopes_supported().map(|known| known.iter().map(|scope| scope.as_str()).collect::<Vec<_>>());
        found.extend(not_among("scopes", known, &self.at.scopes));
        let known = metadata.acr_values_supported().map(|known| known.iter().map(|level| level.as_str()).collect::<Vec<_>>());
        found.extend(not_among("levels", known, &self.at.levels));
        Ok(found)
    }

    fn http(&self) -> Result<&Http, LoginFailed> {
        self.http.as_ref().as_ref().map_err(|error| LoginFailed::Provider(error.clone()))
    }

    fn relying_party(&self, metadata: Metadata) -> RelyingParty {
        let secret = Some(ClientSecret::new(self.at.client_secret.clone()));
        RelyingParty::from_provider_metadata(metadata, ClientId::new(self.at.client_id.clone()), secret)
            .set_redirect_uri(self.redirect.clone())
    }

    /// Where somebody is sent to log in.
    pub(super) async fn begin(&self, begun: &Begun, how: How, language: Language) -> Result<String, LoginFailed> {
        let relying_party = self.relying_party(self.metadata(false).await?);
        let (state, nonce) = (CsrfToken::new(begun.state()), begun.nonce());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&begun.verifier());
        let mut request = relying_party.authorize_url(flow, move || state, move || nonce).set_pkce_challenge(challenge);
        request = request.add_ui_locale(LanguageTag::new(language.as_str().to_owned()));
        for scope in &self.at.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if how == How::Anew {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        for level in &self.at.levels {
            request = request.add_auth_context_value(AuthenticationContextClass::new(level.clone()));
        }
        Ok(request.url().0.to_string())
    }

    /// Who came back with this code.
    pub(super) async fn finish(&self, begun: &Begun, code: &str, issuer: Option<&str>, now: Timestamp) -> Result<Identity, LoginFailed> {
        let mut metadata = self.metadata(false).await?;
        // RFC 9207 §2.4: a provider that says who it is says so each time.
        let says = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        if issuer.is_some_and(|issuer| issuer != self.at.issuer) || (says && issuer.is_none()) {
            return Err(LoginFailed::Wrong("the answer is not of the provider that was asked"));
        }
        let relying_party = self.relying_party(metadata.clone());
        let exchange = relying_party
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| LoginFailed::Provider(error.to_string()))?;
        let tokens: Tokens = exchange.set_pkce_verifier(begun.verifier()).request_async(self.http()?).await.map_err(not_exchanged)?;
        if self.identity(&tokens, &metadata, begun, now).is_err_and(|failed| matches!(failed, LoginFailed::Wrong(_))) {
            // The provider may have a new key.
            metadata = self.metadata(true).await?;
        }
        self.identity(&tokens, &metadata, begun, now)
    }

    /// Whether it signed this token; where it did not, it may have a new key.
    pub(super) async fn signed(&self, token: &Token<'_>) -> Result<bool, Refused> {
        for look_again in [false, true] {
            let metadata = self.metadata(look_again).await.map_err(|failed| {
                tracing::error!(?failed, "a provider logs somebody out, and does not show its keys");
                Refused::Later
            })?;
            if token.is_signed(&self.at, metadata.jwks().keys()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn identity(&self, tokens: &Tokens, metadata: &Metadata, begun: &Begun, now: Timestamp) -> Result<Identity, LoginFailed> {
        let token = tokens.id_token().ok_or(LoginFailed::Wrong("there is no ID token"))?;
        let relying_party = self.relying_party(metadata.clone());
        let seconds = now.micros() / 1_000_000;
        let verifier = relying_party
            .id_token_verifier()
            .set_allowed_algs([self.at.algorithm.clone()])
            .set_other_audience_verifier_fn(|_| false)
            .set_issue_time_verifier_fn(move |issued| {
                let issued = issued.timestamp();
                if (seconds - OLDEST - SKEW..=seconds + SKEW).contains(&issued) {
                    Ok(())
                } else {
                    Err("it is not of this moment".to_owned())
                }
            });
        let claims = token.claims(&verifier, &begun.nonce()).map_err(|error| {
            tracing::warn!(issuer = %self.at.issuer, error = %crate::causes::with_causes(&error), "an ID token does not hold");
            LoginFailed::Wrong("the ID token does not hold")
        })?;
        if let Some(expected) = claims.access_token_hash() {
            let key = token.signing_key(&verifier).map_err(|_| LoginFailed::Wrong("the ID token does not hold"))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), &self.at.algorithm, key);
            if actual.map_or(true, |actual| actual != *expected) {
                return Err(LoginFailed::Wrong("the access token is not the one of the ID token"));
            }
        }
        let (subject, others) = (claims.subject().as_str(), claims.additional_claims());
        if subject.is_empty() || subject.len() > 255 {
            return Err(LoginFailed::Wrong("the ID token names nobody"));
        }
        // Whoever may not know such a number does not keep it either, nor a hash of it: there are few enough to try them all.
        if others.has_forbidden() || (subject.len() <= 11 && may_hold_bsn(subject)) {
            return Err(LoginFailed::Forbidden);
        }
        let level = claims.auth_context_ref().map(|level| level.as_str().to_owned()).unwrap_or_default();
        let authenticated = claims.auth_time().map_or(0, |at| at.timestamp()).min(seconds);
        let email = claims.email().filter(|_| claims.email_verified() == Some(true)).map(|email| email.as_str());
        let name = claims.name().and_then(|name| name.get(None)).map(|name| shown_name(name.as_str())).unwrap_or_default();
        Ok(Identity {
            login: LoginId::of(&self.at.issuer, subject),
            provider: self.at.issuer.clone(),
            provider_session: others.session(),
            level,
            authenticated_at: Timestamp::from_micros(authenticated * 1_000_000),
            roles: others.roles(&self.at.roles, subject, email),
            name,
        })
    }
}

/// What is asked of a provider that says what it has, and has it not.
fn not_among(what: &str, known: Option<Vec<&str>>, asked: &[String]) -> Option<String> {
    let known = known?;
    let missing: Vec<&str> = asked.iter().map(String::as_str).filter(|one| !known.contains(one)).collect();
    (!missing.is_empty()).then(|| format!("{what}: it has {}, and not {}", known.join(", "), missing.join(", ")))
}

/// A code that the provider does not take says nothing of the provider (RFC 6749 §5.2): anybody can make one up.
fn not_exchanged<E: std::error::Error + 'static>(error: RequestTokenError<E, StandardErrorResponse<CoreErrorResponseType>>) -> LoginFailed {
    match &error {
        RequestTokenError::ServerResponse(said) if *said.error() == CoreErrorResponseType::InvalidGrant => {
            LoginFailed::Wrong("the provider does not take the code")
        }
        _ => LoginFailed::Provider(crate::causes::with_causes(&error)),
    }
}
