//! The log of a node: text or JSON lines on standard error.

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::exit::Failure;

/// Starts logging. `log.level` is a level or a filter such as `info,polder_store=debug`.
pub(crate) fn start(log: &Log) -> Result<(), Failure> {
    let refused = |error: String| {
        Failure::configuration(format!("log.level: {error}; allowed are error, warn, info, debug, trace, or a filter of them"))
    };
    let filter = EnvFilter::try_new(&log.level).map_err(|error| refused(error.to_string()))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    }
    .map_err(|error| Failure::internal(format!("the log cannot be started: {error}")))
}
