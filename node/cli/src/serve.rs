//! `polder serve`: one node, until it is told to stop.

use std::fs::{self, File, TryLockError};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use polder_exchange::syncs::Source;
use polder_exchange::{Home, OpenError, Place, SystemClock};
use polder_store::Database;
use polder_store::people::Role;
use polder_trust::keys::{Identity, read_secret};
use polder_web::{
    Bearer, BearerAt, BearerKey, Collector, Exchange, Listeners, LoginAt, OperatorTokenHash, Pace, PagesAt, Parts, Region, Roles,
    RunningNode, ServerOptions, Shown, StartError, SyncFrom, TOKEN_KEY_FILE, Tls, TokenKey, TracesTo, with_causes,
};
use reqwest::header::HeaderValue;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::checks;
use crate::config::{Config, Login, SyncOauth, SyncSource};
use crate::exit::Failure;
use crate::fsc;
use crate::register_watch::{self, RegisterWatch, WATCH};
use crate::tables;

/// How a node is run.
#[derive(clap::Args, Debug)]
pub(crate) struct ServeArgs {
    /// Also stop when standard input closes: a node that another program started does not outlive it.
    #[arg(long)]
    until_input_closes: bool,
}

/// What a node is told from outside. Listened for before it starts, so that none is lost and none ends it halfway.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Listens from now on.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let on = |kind| signal(kind).map_err(|error| Failure::internal(format!("signals cannot be received: {error}")));
        Ok(Self { terminate: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())?, hang_up: on(SignalKind::hangup())? })
    }
}

/// Runs a node until SIGTERM or SIGINT.
pub(crate) async fn run(config: &Config, args: &ServeArgs) -> Result<(), Failure> {
    let signals = Signals::listen()?;
    let register = RegisterWatch::new(config)?;
    let running = start(config).await?;
    until_stopped(config, running, register, signals, args.until_input_closes).await
}

/// Runs a node that has started until SIGTERM or SIGINT. SIGHUP reads the files of the register and of imported tables again.
pub(crate) async fn until_stopped(
    config: &Config,
    running: RunningNode,
    mut register: RegisterWatch,
    signals: Signals,
    until_input_closes: bool,
) -> Result<(), Failure> {
    register.warn(&running);
    tracing::info!(
        partner = %config.partner, client = %running.client, peer = %running.peer, operator = %running.operator,
        version = env!("CARGO_PKG_VERSION"), "the node takes requests"
    );
    let (mut watch, mut look) = (tokio::time::interval(WATCH), tokio::time::interval(tables::WATCH));
    let Signals { mut terminate, mut interrupt, mut hang_up } = signals;
    let looking_after = async {
        loop {
            tokio::select! {
                _ = hang_up.recv() => {
                    register_watch::reload(config, &running).await;
                    tables::look(&running).await;
                }
                _ = look.tick() => tables::look(&running).await,
                _ = watch.tick() => register.look(&running).await,
            }
        }
    };
    // Whoever looks after something waits for a database or a partner, and the word to stop does not wait for them.
    tokio::select! {
        () = looking_after => {}
        () = input_closes(until_input_closes) => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    let began = Instant::now();
    tracing::info!("stopping: requests on their way have some seconds");
    running.stop().await;
    tracing::info!(ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX), "stopped");
    Ok(())
}

/// Ends when standard input does; never, unless that is asked.
async fn input_closes(asked: bool) {
    if !asked {
        return std::future::pending().await;
    }
    // A read that fails means the same as the end.
    let _ = tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await;
}

/// The locks of this process's node; the system lets them go when the process ends, however it does.
static LOCKS: OnceLock<[File; 2]> = OnceLock::new();

/// Sees that no other process runs a node on this database. Two on one file would each answer from an index that does not know what the other writes;
/// replicas share a database of PostgreSQL, which tells them.
pub(crate) fn alone(config: &Config) -> Result<(), Failure> {
    let Database::Sqlite(database) = &config.database else { return Ok(()) };
    if LOCKS.get().is_some() {
        return Ok(());
    }
    // Two configurations may name one file in two ways, and each have a directory of its own.
    let mut beside = fs::canonicalize(database).unwrap_or_else(|_| database.clone()).into_os_string();
    beside.push(".lock");
    let locks = [lock(&config.data.join("node.lock"), &config.data)?, lock(Path::new(&beside), database)?];
    // Whoever was sooner in this process holds the same locks.
    let _ = LOCKS.set(locks);
    Ok(())
}

/// Takes a lock that keeps others off something.
fn lock(path: &Path, of: &Path) -> Result<File, Failure> {
    let failed = |error: std::io::Error| Failure::configuration(format!("{}: {error}", path.display()));
    let file = File::options().create(true).truncate(false).write(true).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::configuration(format!(
            "another process runs a node on {}: stop it first; several replicas of one node need a database of PostgreSQL (docs/scaling.md)",
            of.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Opens the node of a configuration and listens.
pub(crate) async fn start(config: &Config) -> Result<RunningNode, Failure> {
    alone(config)?;
    let identity = Identity::load(&config.keys()).map_err(|error| Failure::configuration(format!("the keys of this node: {error}")))?;
    let token = config.operator_token_hash();
    let text = read_secret(&token).map_err(|error| Failure::configuration(format!("the hash of the operator token: {error}")))?;
    let token_key_is_new = !config.keys().join(TOKEN_KEY_FILE).exists();
    let token_key = TokenKey::open(&config.keys()).map_err(|error| Failure::configuration(format!("the key of tokens: {error}")))?;
    let operator_token = OperatorTokenHash::from_hex(&text).ok_or_else(|| {
        Failure::configuration(format!("{}: 64 hexadecimal digits are expected, as `polder init` writes them", token.display()))
    })?;
    register_watch::put_back(config).await?;
    let register = register_watch::load_register(config)?;
    register_watch::say_of_keys(config, &identity, &register);
    let parts = Parts {
        home: Home {
            partner: config.partner.clone(),
            name: config.name.clone(),
            address: config.address.clone(),
            contact: config.contact.clone(),
            basis: config.basis,
        },
        place: Place { database: database(config)?, data: config.data.clone(), journal: config.journal.clone() },
        identity: Arc::new(identity),
        register,
        clock: Arc::new(SystemClock),
        listeners: Listeners {
            client: bind(config.client.listen)?,
            certificates: config.client.certificates.as_ref().map(|at| bind(at.listen)).transpose()?,
            peer: bind(config.peer.listen)?,
            inway: config.fsc.inway.as_ref().map(|inway| bind(inway.listen)).transpose()?,
            operator: bind(config.operator.listen)?,
        },
        call_from: config.peer.call_from,
        outways: fsc::outways(&config.fsc)?,
        options: ServerOptions {
            operator_token,
            token_key,
            client_url: config.client_url(),
            certificates_url: config.client.certificates.as_ref().map(|at| at.url.clone()),
            tokens_of: config.client.tokens_of.clone(),
            one_person: config.one_person,
            inway: fsc::inway(&config.fsc)?,
            webhook_hosts: config.webhook_hosts.clone(),
            vum_source: config.vum.source,
            vum_exchange: vum_exchange(config)?,
            client_tls: client_tls(config),
            pages: pages_at(config)?,
            limits: config.limits.clone(),
        },
        traces: traces_to(config)?,
        processing_log: processing_log_to(config)?,
        quorum: config.quorum,
        policy: config.policy.clone(),
        syncs: syncs_from(config)?,
    };
    let running = RunningNode::start(parts).await.map_err(|error| not_started(config, &error))?;
    if token_key_is_new {
        say_secrets_are_new(&running).await;
    }
    register_watch::carry_others(config, &running).await;
    Ok(running)
}

/// Every secret of a webhook follows from the key of tokens: with another key every receiver refuses what it is told from now on.
async fn say_secrets_are_new(running: &RunningNode) {
    match running.node.store().count_webhooks().await {
        Ok(webhooks) if webhooks > 0 => tracing::warn!(
            webhooks,
            "there was no keys/token.key and a new one was made: every webhook has another secret now. Put the file of before back and restart, or have \
             each system get its new secret (POST /v1/webhooks/ID/secret)"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "whether there are webhooks, whose secrets are others now, could not be read"),
    }
}

/// Why a node does not start, and what to do.
fn not_started(config: &Config, error: &StartError) -> Failure {
    match error {
        StartError::Open(OpenError::Store(error)) => {
            let failure = checks::database::not_opened(&config.database, error);
            Failure::configuration(format!("{failure}. `polder doctor` says what it finds there"))
        }
        error => Failure::configuration(with_causes(error)),
    }
}

/// The database with its password, which no configuration holds.
pub(crate) fn database(config: &Config) -> Result<Database, Failure> {
    let Some(file) = &config.database_password_file else { return Ok(config.database.clone()) };
    let password = read_secret(file).map_err(|error| Failure::configuration(format!("the password of the database: {error}")))?;
    Ok(config.database.clone().with_password(password.trim_end_matches(['\r', '\n'])))
}

/// How pages are served, with the secrets that no configuration holds.
fn pages_at(config: &Config) -> Result<Option<PagesAt>, Failure> {
    let Some(pages) = &config.pages else { return Ok(None) };
    let values = vec![
        (Role::Desk, pages.caseworkers.clone()),
        (Role::PrivacyOfficer, pages.privacy_officers.clone()),
        (Role::Administrator, pages.administrators.clone()),
    ];
    let roles = Roles { claim: pages.claim.clone(), values };
    let (portal, desk) = (login_at(pages.portal.as_ref(), "portal", Roles::default())?, login_at(pages.desk.as_ref(), "desk", roles)?);
    let region = pages.map_file.as_deref().map(Region::read).transpose();
    let region = region.map_err(|problem| Failure::configuration(format!("pages.map_file: {problem}")))?;
    Ok(Some(PagesAt { url: pages.url.clone(), portal, desk, region, style: pages.style.clone(), behind_proxy: config.client.behind_proxy }))
}

pub(crate) fn login_at(login: Option<&Login>, door: &str, roles: Roles) -> Result<Option<LoginAt>, Failure> {
    let Some(login) = login else { return Ok(None) };
    let failed = |problem: &dyn std::fmt::Display| Failure::configuration(format!("{door}.client_secret_file: {problem}"));
    let client_secret = read_secret(&login.client_secret_file).map_err(|error| failed(&error))?.trim().to_owned();
    let algorithm = polder_web::algorithm(&login.algorithm).ok_or_else(|| failed(&"an unknown algorithm"))?;
    let Login { issuer, client_id, scopes, levels, .. } = login.clone();
    Ok(Some(LoginAt { issuer, client_id, client_secret, algorithm, scopes, levels, roles }))
}

/// Where traces go, with the token that no configuration holds.
fn traces_to(config: &Config) -> Result<Option<TracesTo>, Failure> {
    let Some(traces) = &config.traces else { return Ok(None) };
    let collector = collector(&traces.endpoint, traces.token_file.as_deref(), "traces")?;
    Ok(Some(TracesTo { collector, share_millionths: traces.share_millionths, spans_per_second: traces.spans_per_second }))
}

/// Where the processing log goes, with the token that no configuration holds.
fn processing_log_to(config: &Config) -> Result<Option<Collector>, Failure> {
    let Some(log) = &config.processing_log else { return Ok(None) };
    collector(&log.endpoint, log.token_file.as_deref(), "the processing log").map(Some)
}

/// The course systems, with the tokens that no configuration holds.
fn syncs_from(config: &Config) -> Result<Vec<SyncFrom>, Failure> {
    let from = |one: &SyncSource| {
        let of = format!("the course system {}", one.name);
        let shown = match (&one.token_file, &one.oauth) {
            (Some(file), _) => Shown::Always(bearer(file, &of)?),
            (None, Some(oauth)) => Shown::Token(Arc::new(tokens(oauth, &of)?)),
            (None, None) => Shown::Nothing,
        };
        let source = Source {
            name: one.name.clone(),
            address: one.url.clone(),
            every_seconds: i64::from(one.every_hours) * 3_600,
            acts_for: one.acts_for.clone(),
            most_lost: one.most_lost_percent,
        };
        let pace = Pace { pause: Duration::from_millis(one.pause_ms.into()), ..Pace::default() };
        Ok(SyncFrom { source, shown, contact: config.contact.clone(), pace })
    };
    config.syncs.iter().map(from).collect()
}

/// Tokens of an authorization server, asked for with the key that no configuration holds.
fn tokens(oauth: &SyncOauth, for_what: &str) -> Result<Bearer, Failure> {
    let failed = |problem: &dyn std::fmt::Display| Failure::configuration(format!("the key for {for_what}: {problem}"));
    let pem = read_secret(&oauth.key_file).map_err(|error| failed(&error))?;
    let key =
        BearerKey::read(pem.as_bytes(), &oauth.algorithm).map_err(|problem| failed(&format!("{}: {problem}", oauth.key_file.display())))?;
    let SyncOauth { token_url, issuer: audience, client_id: client, key_id, scope, .. } = oauth.clone();
    Bearer::new(BearerAt { token_url, audience, client, key_id, scope }, key, Arc::new(SystemClock)).map_err(|problem| failed(&problem))
}

/// The way to the exchange of VUM, with the key that no configuration holds.
fn vum_exchange(config: &Config) -> Result<Option<Exchange>, Failure> {
    let made = config.vum.exchange.as_ref().map(Exchange::new).transpose();
    made.map_err(|problem| Failure::configuration(format!("the exchange of VUM: {problem}")))
}

fn collector(endpoint: &str, token_file: Option<&Path>, of: &str) -> Result<Collector, Failure> {
    let endpoint = endpoint.to_owned();
    let Some(file) = token_file else { return Ok(Collector { endpoint, authorization: None }) };
    Ok(Collector { endpoint, authorization: Some(bearer(file, &format!("the collector of {of}"))?) })
}

/// The token of that file, as it is shown.
fn bearer(file: &Path, for_what: &str) -> Result<HeaderValue, Failure> {
    let failed = |problem: &dyn std::fmt::Display| Failure::configuration(format!("the token for {for_what}: {problem}"));
    let token = read_secret(file).map_err(|error| failed(&error))?;
    if token.trim().is_empty() {
        return Err(failed(&format!("{}: the file is empty", file.display())));
    }
    let value = HeaderValue::try_from(format!("Bearer {}", token.trim()));
    let mut value = value.map_err(|_| failed(&format!("{}: this is no token", file.display())))?;
    value.set_sensitive(true);
    Ok(value)
}

pub(crate) fn client_tls(config: &Config) -> Option<Tls> {
    let (certificate, key) = (config.client.tls_certificate.clone()?, config.client.tls_key.clone()?);
    Some(Tls { certificate, key })
}

fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| Failure::configuration(format!("{address} cannot be listened on: {error}")))
}
