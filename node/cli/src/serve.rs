//! `polder serve`: one node, until it is told to stop.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use polder_exchange::{Clock, Home, SystemClock};
use polder_store::Database;
use polder_trust::keys::{Identity, read_secret};
use polder_trust::register::{Register, Standing};
use polder_web::{Listeners, OperatorTokenHash, Parts, RunningNode, ServerOptions, Tls, with_causes};
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::exit::Failure;
use crate::register_files::read_register;

/// How often the standing of the register is looked at.
const WATCH: Duration = Duration::from_secs(3_600);

/// How long before its end a message key is warned of.
const KEY_WARNING_SECONDS: i64 = 30 * 86_400;

/// How a node is run.
#[derive(clap::Args, Debug)]
pub(crate) struct ServeArgs {
    /// Also stop when standard input closes: a node that another program started does not outlive it.
    #[arg(long)]
    until_input_closes: bool,
}

/// Runs a node until SIGTERM or SIGINT. SIGHUP reads the register's files again.
pub(crate) async fn run(config: &Config, args: &ServeArgs) -> Result<(), Failure> {
    let stop = |kind| signal(kind).map_err(|error| Failure::internal(format!("signals cannot be received: {error}")));
    let (mut terminate, mut interrupt, mut hang_up) =
        (stop(SignalKind::terminate())?, stop(SignalKind::interrupt())?, stop(SignalKind::hangup())?);
    let running = start(config).await?;
    tracing::info!(
        partner = %config.partner, client = %running.client, peer = %running.peer, operator = %running.operator,
        version = env!("CARGO_PKG_VERSION"), "the node takes requests"
    );
    let mut watch = tokio::time::interval(WATCH);
    let mut input_closes = std::pin::pin!(input_closes(args.until_input_closes));
    loop {
        tokio::select! {
            () = &mut input_closes => break,
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => reload(config, &running).await,
            _ = watch.tick() => warn_of_standing(&running),
        }
    }
    tracing::info!("stopping: requests on their way are finished");
    running.stop().await;
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

/// Opens the node of a configuration and listens.
pub(crate) async fn start(config: &Config) -> Result<RunningNode, Failure> {
    let identity = Identity::load(&config.keys()).map_err(|error| Failure::configuration(format!("the keys of this node: {error}")))?;
    let token = config.operator_token_hash();
    let text = read_secret(&token).map_err(|error| Failure::configuration(format!("the hash of the operator token: {error}")))?;
    let operator_token = OperatorTokenHash::from_hex(&text).ok_or_else(|| {
        Failure::configuration(format!("{}: 64 hexadecimal digits are expected, as `polder init` writes them", token.display()))
    })?;
    let parts = Parts {
        home: Home { partner: config.partner.clone(), name: config.name.clone() },
        database: database(config)?,
        identity: Arc::new(identity),
        register: load_register(config)?,
        clock: Arc::new(SystemClock),
        listeners: Listeners {
            client: bind(config.client.listen)?,
            peer: bind(config.peer.listen)?,
            operator: bind(config.operator.listen)?,
        },
        options: ServerOptions { operator_token, client_tls: client_tls(config), questions_at_once: config.limits.queries_at_once },
    };
    RunningNode::start(parts).await.map_err(|error| Failure::configuration(with_causes(&error)))
}

/// The database with its password, which no configuration holds.
fn database(config: &Config) -> Result<Database, Failure> {
    let Some(file) = &config.database_password_file else { return Ok(config.database.clone()) };
    let password = read_secret(file).map_err(|error| Failure::configuration(format!("the password of the database: {error}")))?;
    Ok(config.database.clone().with_password(password.trim_end_matches(['\r', '\n'])))
}

fn client_tls(config: &Config) -> Option<Tls> {
    let (certificate, key) = (config.client.tls_certificate.clone()?, config.client.tls_key.clone()?);
    Some(Tls { certificate, key })
}

fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| Failure::configuration(format!("{address} cannot be listened on: {error}")))
}

fn load_register(config: &Config) -> Result<Register, Failure> {
    let files = read_register(&config.register.directory).map_err(|error| Failure::configuration(error.to_string()))?;
    let register = Register::load(&config.register.fingerprint, &files, None, SystemClock.now())
        .map_err(|error| Failure::configuration(format!("the register in {}: {error}", config.register.directory.display())))?;
    if register.member(&config.partner).is_none() {
        let detail =
            format!("the register in {} does not hold {}: have a registrar add it", config.register.directory.display(), config.partner);
        return Err(Failure::configuration(detail));
    }
    Ok(register)
}

async fn reload(config: &Config, running: &RunningNode) {
    match load_register(config) {
        Err(failure) => tracing::error!(%failure, "the register was not read again; the one before stays in force"),
        Ok(register) => {
            let (version, same) = (register.adopted().version, register.adopted() == running.node.register().adopted());
            match running.node.adopt(register).await {
                Ok(()) if same => {
                    tracing::info!(version, "the register was read again; it is the one in force, with the freshness of its file")
                }
                Ok(()) => tracing::info!(version, "another register is in force"),
                Err(error) => tracing::error!(error = with_causes(&error), "the register was not taken; the one before stays in force"),
            }
        }
    }
}

fn warn_of_standing(running: &RunningNode) {
    let (register, soon) = (running.node.register(), running.node.now().plus_seconds(KEY_WARNING_SECONDS));
    let own = register.member(&running.node.home().partner);
    if own.is_some_and(|member| member.message_keys.iter().all(|key| key.not_after < soon)) {
        tracing::warn!("this node's message key ends within 30 days; make a new one and have a registrar add it");
    }
    match running.node.register().standing(running.node.now()) {
        Standing::Current => {}
        Standing::Stale => tracing::warn!("the register's freshness has run out; ask a registrar for a newer fresh.json"),
        Standing::NoDisclosure => tracing::error!("the register ran out long ago; ask a registrar for newer files"),
    }
}
