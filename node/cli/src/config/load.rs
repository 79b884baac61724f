//! From file, environment and flags to a configuration.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use polder_consent::{Budget, Policy};
use polder_model::Purpose;
use polder_store::Database;
use polder_web::{COLORS, HouseStyle, LARGEST_LOGO, TokensOf, WebhookHosts};

use super::fsc;
use super::keys::{Takes, every_key, find};
use super::nearest::nearest;
use super::values::{
    Values, address, basis, collector, fingerprint, ip_address, line, list, name, partner, share, site, switch, travels_readable,
    value_error,
};
use super::{
    Certificates, Client, Config, ConfigError, Limits, Listen, Log, LogFormat, Login, Pages, Peer, ProcessingLog, Register, Setting, Traces,
};

/// How a complaint names the command line.
const COMMAND_LINE: &str = "--set";

impl Config {
    /// Loads a configuration: the file, the environment over it, `set` (from the command line) over that.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and key.
    pub(crate) fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        set: &[Setting],
    ) -> Result<Self, ConfigError> {
        let mut values = Values::none();
        if let Some(file) = file {
            values.read_file(file)?;
        }
        for (name, text) in environment {
            if let Some(key) = every_key().find(|key| key.environment() == name) {
                values.set(key, text, name);
            }
        }
        for (path, text) in set.iter().map(Setting::parts) {
            let Some(key) = find(path) else { return Err(value_error(COMMAND_LINE, path, "there is no such key")) };
            values.set(key, text.to_owned(), COMMAND_LINE.to_owned());
        }
        typed(&values)
    }
}

fn typed(values: &Values) -> Result<Config, ConfigError> {
    let partner = values.needed("partner", partner)?;
    let name = values.needed("name", name)?;
    values.needed("data", |text| if text.is_empty() { Err("a directory is expected") } else { Ok(()) }.map_err(str::to_owned))?;
    let data = values.path("data").unwrap_or_default();
    let database = database(values, &data)?;
    let directory = values.path("register.directory").unwrap_or_else(|| data.join("register"));
    let fingerprint = match values.needed("register.fingerprint", fingerprint) {
        Err(ConfigError::Missing { .. }) => String::new(),
        other => other?,
    };
    Ok(Config {
        name,
        address: values.given_as("address", line)?,
        contact: values.given_as("contact", line)?,
        basis: values.given_as("legal_basis", basis)?,
        client: client(values)?,
        peer: Peer { listen: values.needed("peer.listen", address)?, call_from: values.given_as("peer.call_from", ip_address)? },
        operator: Listen { listen: values.needed("operator.listen", address)? },
        register: Register { directory, fingerprint, freshness_key: values.path("register.freshness_key") },
        log: Log { level: values.needed("log.level", level)?, format: values.needed("log.format", format)? },
        limits: limits(values)?,
        pages: pages(values)?,
        one_person: values.needed("client.one_person", switch)?,
        webhook_hosts: values.given_as("webhooks.hosts", webhook_hosts)?.unwrap_or_default(),
        quorum: values.needed("witnesses.quorum", |text| number("witnesses.quorum", text))?,
        traces: traces(values)?,
        processing_log: processing_log(values)?,
        policy: policy(values)?,
        vum: super::vum::read(values, values.given("client.certificates_listen").is_some())?,
        syncs: values.syncs.clone(),
        fsc: fsc::of(values, &partner)?,
        without_effect: without_effect(values),
        journal: values.path("journal").unwrap_or_else(|| data.join("consent.journal")),
        database_password_file: values.path("database_password_file"),
        database,
        data,
        partner,
    })
}

/// A relative path in a file counts from that file's directory; a URL is taken as it stands.
fn database(values: &Values, data: &Path) -> Result<Database, ConfigError> {
    let Some(given) = values.given("database") else { return Ok(data.join("polder.db").into()) };
    let parsed = given.parse().map_err(|problem: String| value_error(&values.place_of("database"), "database", problem))?;
    Ok(match parsed {
        Database::Sqlite(path) => Database::Sqlite(values.beside("database", path)),
        postgres @ Database::Postgres(_) => postgres,
    })
}

fn client(values: &Values) -> Result<Client, ConfigError> {
    let listen = values.needed("client.listen", address)?;
    let (tls_certificate, tls_key) = (values.path("client.tls_certificate"), values.path("client.tls_key"));
    for (there, missing, absent) in [
        ("client.tls_certificate", "client.tls_key", tls_key.is_none()),
        ("client.tls_key", "client.tls_certificate", tls_certificate.is_none()),
    ] {
        if absent && values.path(there).is_some() {
            return Err(value_error(&values.place_of(there), missing, format!("{there} is given, so this must be given too")));
        }
    }
    let behind_proxy = values.needed("client.behind_proxy", switch)?;
    if !listen.ip().is_loopback() && tls_certificate.is_none() && !behind_proxy {
        let problem = format!(
            "{listen} can be reached from elsewhere, where tokens and offers would travel readable; do one of these: \
             set client.tls_certificate and client.tls_key; or listen on 127.0.0.1; or set client.behind_proxy = true when a proxy of yours ends TLS"
        );
        return Err(value_error(&values.place_of("client.listen"), "client.listen", problem));
    }
    const LISTEN: &str = "client.certificates_listen";
    let certificates = match (values.given_as(LISTEN, address)?, values.given_as("client.certificates_url", site)?) {
        (None, None) => None,
        (Some(_), _) if tls_certificate.is_none() => {
            return Err(value_error(
                &values.place_of(LISTEN),
                "client.tls_certificate",
                format!("{LISTEN} is given, so this must be given too"),
            ));
        }
        (Some(listen), Some(url)) => Some(Certificates { listen, url: url.trim_end_matches('/').to_owned() }),
        (listen, _) => {
            let (there, missing) = if listen.is_some() { (LISTEN, "client.certificates_url") } else { ("client.certificates_url", LISTEN) };
            return Err(value_error(&values.place_of(there), missing, format!("{there} is given, so this must be given too")));
        }
    };
    let tokens_of = tokens_of(values)?;
    Ok(Client { listen, tls_certificate, tls_key, behind_proxy, certificates, tokens_of })
}

/// The partner's own authorization server: all of what is needed of it, or nothing.
fn tokens_of(values: &Values) -> Result<Option<TokensOf>, ConfigError> {
    const NEEDED: [&str; 3] = ["client.issuer", "client.issuer_keys", "client.audience"];
    let Some(there) = NEEDED.into_iter().find(|name| values.given(name).is_some()) else { return Ok(None) };
    let missing = |name: &str| value_error(&values.place_of(there), name, format!("{there} is given, so this must be given too"));
    let address = |name: &'static str| values.given_as(name, site)?.ok_or_else(|| missing(name));
    let (issuer, keys) = (address(NEEDED[0])?, address(NEEDED[1])?);
    let audience = values.given(NEEDED[2]).map(ToOwned::to_owned).ok_or_else(|| missing(NEEDED[2]))?;
    let algorithm = values.needed("client.issuer_algorithm", |text| Ok(text.to_owned()))?;
    Ok(Some(TokensOf { issuer, audience, keys, algorithm }))
}

/// How pages look, so that everybody can read them.
fn style(values: &Values) -> Result<HouseStyle, ConfigError> {
    let said = |name: &str| values.given(&format!("style.{name}")).map(str::to_owned);
    let colors: Vec<_> = COLORS.into_iter().filter_map(|name| Some((name, said(name)?))).collect();
    let radius = values.given_as("style.radius", |text| number("style.radius", text))?;
    let wrong = |name: &str, problem: String| {
        let path = format!("style.{name}");
        value_error(&values.place_of(&path), &path, problem)
    };
    let style = HouseStyle::new(&colors, said("font").as_deref(), radius).map_err(|(name, problem)| wrong(name, problem))?;
    let Some(file) = values.path("style.logo_file") else { return Ok(style) };
    let logo = read_at_most(&file, LARGEST_LOGO).and_then(|logo| style.with_logo(logo));
    logo.map_err(|problem| wrong("logo_file", format!("{}: {problem}", file.display())))
}

/// A file, or one byte more than it may have.
fn read_at_most(file: &Path, most: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|opened| opened.take(most as u64 + 1).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| error.to_string())
}

/// How pages are served; a provider without pages would be of no use.
fn pages(values: &Values) -> Result<Option<Pages>, ConfigError> {
    let portal = login(
        values,
        ["portal.issuer", "portal.client_id", "portal.client_secret_file", "portal.algorithm", "portal.scopes", "portal.levels_to_give"],
    )?;
    let desk = login(values, ["desk.issuer", "desk.client_id", "desk.client_secret_file", "desk.algorithm", "desk.scopes", "desk.levels"])?;
    const URL: &str = "pages.url";
    let Some(url) = values.given_as(URL, site)? else {
        return match [("portal.issuer", portal.is_some()), ("desk.issuer", desk.is_some())].into_iter().find(|(_, given)| *given) {
            Some((key, _)) => Err(value_error(&values.place_of(key), URL, format!("{key} is given, so this must be given too"))),
            None => Ok(None),
        };
    };
    if url.matches('/').count() > 2 {
        let problem = "this has no path and no / at its end: pages stand at /portal and /desk";
        return Err(value_error(&values.place_of(URL), URL, problem));
    }
    let claim = values.needed("desk.claim", |text| Ok(text.to_owned()))?;
    if claim == "email" && desk.as_ref().is_some_and(|desk| !desk.scopes.iter().any(|scope| scope == "email")) {
        let problem = "`email` is missing: without it the provider says no address, and desk.claim asks for it";
        return Err(value_error(&values.place_of("desk.scopes"), "desk.scopes", problem));
    }
    Ok(Some(Pages {
        url,
        map_file: values.path("pages.map_file"),
        portal,
        desk,
        claim,
        caseworkers: values.needed("desk.caseworkers", list)?,
        privacy_officers: values.needed("desk.privacy_officers", list)?,
        administrators: values.needed("desk.administrators", list)?,
        style: style(values)?,
    }))
}

/// Keys of pages that are given where none are served, and of a door at which nobody can log in.
fn without_effect(values: &Values) -> Vec<&'static str> {
    let served = values.given("pages.url").is_some();
    let parts = [
        ("style.", served),
        ("pages.", served),
        ("portal.", served && values.given("portal.issuer").is_some()),
        ("desk.", served && values.given("desk.issuer").is_some()),
    ];
    parts.into_iter().filter(|(_, has)| !has).flat_map(|(part, _)| values.given_within(part)).collect()
}

fn login(values: &Values, keys: [&'static str; 6]) -> Result<Option<Login>, ConfigError> {
    let [issuer, client_id, secret, algorithm, scopes, levels] = keys;
    let Some(found) = values.given_as(issuer, site)? else { return Ok(None) };
    let missing = |key| value_error(&values.place_of(issuer), key, format!("{issuer} is given, so this must be given too"));
    Ok(Some(Login {
        issuer: found,
        client_id: values.given_as(client_id, line)?.ok_or_else(|| missing(client_id))?,
        client_secret_file: values.path(secret).ok_or_else(|| missing(secret))?,
        algorithm: values.needed(algorithm, |text| match polder_web::algorithm(text) {
            Some(_) => Ok(text.to_owned()),
            None => Err("allowed are RS256, PS256, ES256, ES384 and EdDSA".to_owned()),
        })?,
        scopes: values.needed(scopes, list)?,
        levels: values.given_as(levels, list)?.unwrap_or_default(),
    }))
}

/// Where webhooks may lead beside the public internet.
fn webhook_hosts(text: &str) -> Result<WebhookHosts, String> {
    list(text).and_then(|hosts| WebhookHosts::read(hosts.iter().map(String::as_str)))
}

/// What is in it is about people: it travels to another machine by TLS alone.
fn processing_log(values: &Values) -> Result<Option<ProcessingLog>, ConfigError> {
    const KEY: &str = "processing_log.endpoint";
    let endpoint = values.given_as(KEY, collector)?;
    if endpoint.as_deref().is_some_and(travels_readable) {
        let problem = "the processing log is about people: an https address is expected, or one of this machine";
        return Err(value_error(&values.place_of(KEY), KEY, problem));
    }
    let token_file = values.path("processing_log.token_file");
    Ok(endpoint.map(|endpoint| ProcessingLog { endpoint, token_file }))
}

/// What the partner decided about people's data; the ranges of the table are the bounds.
fn policy(values: &Values) -> Result<Policy, ConfigError> {
    const KEYS: &str = "processing_log.keys_days";
    const OVERDUE: &str = "consent.overdue_hours";
    const HOUR: i64 = 3_600;
    let of = |path: &'static str| values.needed(path, |text| number(path, text)).map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let rate = |path| of(path).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let policy = Policy {
        unused: unused(values)?,
        matching_lease_seconds: of("consent.matching_lease_hours")? * HOUR,
        contact_lease_seconds: of("consent.contact_lease_hours")? * HOUR,
        consent_days: of("consent.longest_days")?,
        remembered_days: of("consent.remembered_days")?,
        late_hours: of("consent.late_hours")?,
        overdue_hours: of(OVERDUE)?,
        ledger_days: of("consent.ledger_days")?,
        budget: Budget { workers: rate("consent.workers_per_day")?, narrow: rate("consent.narrow_per_day")? },
        processing_days: of("processing_log.keep_days")?,
        processing_keys_days: of(KEYS)?,
    };
    if policy.overdue_hours < policy.late_hours {
        let problem = "a partner is told of before it is answered nothing: not less than consent.late_hours";
        return Err(value_error(&values.place_of(OVERDUE), OVERDUE, problem));
    }
    if policy.processing_keys_days < policy.processing_days {
        let problem = "it is told whom a record is about as long as there are records at least: not less than processing_log.keep_days";
        return Err(value_error(&values.place_of(KEYS), KEYS, problem));
    }
    Ok(policy)
}

/// The purposes for people that are switched off.
fn unused(values: &Values) -> Result<Vec<Purpose>, ConfigError> {
    let mut unused = Vec::new();
    for (path, purpose) in [
        ("purposes.match_vacancy", Purpose::MatchVacancy),
        ("purposes.be_contacted", Purpose::BeContacted),
        ("purposes.training_advice", Purpose::TrainingAdvice),
        ("purposes.application", Purpose::Application),
    ] {
        if !values.needed(path, switch)? {
            unused.push(purpose);
        }
    }
    Ok(unused)
}

/// A wrong value is told also where no traces are made.
fn traces(values: &Values) -> Result<Option<Traces>, ConfigError> {
    let endpoint = values.given_as("traces.endpoint", collector)?;
    let share_millionths = values.needed("traces.share", share)?;
    let spans_per_second = values.needed("traces.spans_per_second", |text| number("traces.spans_per_second", text))?;
    // The range of the table fits.
    let spans_per_second = u32::try_from(spans_per_second).unwrap_or(u32::MAX);
    let token_file = values.path("traces.token_file");
    if token_file.is_some() && endpoint.as_deref().is_some_and(travels_readable) {
        let problem = "with traces.token_file it is an https address, or one of this machine: the token would travel readable otherwise";
        return Err(value_error(&values.place_of("traces.endpoint"), "traces.endpoint", problem));
    }
    Ok(endpoint.map(|endpoint| Traces { endpoint, token_file, share_millionths, spans_per_second }))
}

fn limits(values: &Values) -> Result<Limits, ConfigError> {
    let of = |path: &'static str| values.needed(path, |text| number(path, text));
    // The ranges of the table fit.
    let rate = |path| of(path).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    Ok(Limits {
        offers: of("limits.offers").map(|number| number as u64)?,
        queries_at_once: of("limits.queries_at_once")?,
        client_connections: of("limits.client_connections")?,
        client_idle_seconds: rate("limits.client_idle_seconds")?,
        client_requests_per_second: rate("limits.client_requests_per_second")?,
        client_questions_per_minute: rate("limits.client_questions_per_minute")?,
        client_body_kib_per_second: rate("limits.client_body_kib_per_second")?,
        client_failed_tries_per_minute: rate("limits.client_failed_tries_per_minute")?,
        peer_connections: of("limits.peer_connections")?,
        peer_connections_per_partner: of("limits.peer_connections_per_partner")?,
        peer_calls_at_once: of("limits.peer_calls_at_once")?,
        peer_requests_per_second: rate("limits.peer_requests_per_second")?,
        peer_questions_per_minute: rate("limits.peer_questions_per_minute")?,
        peer_body_kib_per_second: rate("limits.peer_body_kib_per_second")?,
        connection_seconds: rate("limits.connection_seconds")?,
    })
}

/// Levels of the log.
const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];

/// A level, or a filter of levels for parts of the program. A word that is none would be taken for the name of a part, and silence all others.
fn level(text: &str) -> Result<String, String> {
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let word = part.rsplit_once('=').map_or(part, |(_, level)| level);
        if !LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word)) {
            let hint = nearest(word, LEVELS.into_iter()).map(|level| format!(" (did you mean {level}?)")).unwrap_or_default();
            let levels = LEVELS.join(", ");
            return Err(format!("`{word}` is no level{hint}; allowed are {levels}, or a filter such as info,polder_store=debug"));
        }
    }
    if text.trim().is_empty() { Err(format!("a level is expected: {}", LEVELS.join(", "))) } else { Ok(text.to_owned()) }
}

fn format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("allowed are \"text\" and \"json\"".to_owned()),
    }
}

pub(super) fn number(path: &str, text: &str) -> Result<usize, String> {
    let Some(Takes::Number(least, most)) = find(path).map(|key| key.takes) else { return Err("this key takes no number".to_owned()) };
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("a whole number from {least} to {most} is expected"))
}
