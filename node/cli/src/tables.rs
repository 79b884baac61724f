//! The reference tables that this program works with: those of the node whose configuration is found, or those of the program.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use polder_exchange::tables;
use polder_model::reference::Reference;
use polder_web::RunningNode;

use crate::config::Source;
use crate::output::Output;
use crate::print::Lang;

/// How often a running node looks whether tables were imported.
pub(crate) const WATCH: Duration = Duration::from_secs(2);

static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
static IN_USE: OnceLock<Option<Reference>> = OnceLock::new();

/// From now on the tables are those of the node of this configuration, if there is one.
pub(crate) fn use_those_of(config: Source<'_>) {
    // Whether the configuration is right is for the command to say.
    if let Ok(config) = config.load() {
        let _ = DIRECTORY.set(tables::directory(&config.data));
    }
}

/// The tables of this command, read when they are first needed.
pub(crate) fn in_use() -> &'static Reference {
    let imported = IN_USE.get_or_init(|| {
        let (imported, kept) = match tables::load(DIRECTORY.get()?) {
            Ok(loaded) => loaded,
            Err(error) => {
                Output::new(false, Lang::En).warn(&format!("the imported reference tables are not used: {error}"));
                return None;
            }
        };
        if kept.tables.is_empty() { None } else { Reference::with(&imported).ok() }
    });
    imported.as_ref().unwrap_or_else(|| Reference::starter())
}

/// Puts in force what was imported while the node runs.
pub(crate) async fn look(running: &RunningNode) {
    let node = Arc::clone(&running.node);
    match tokio::task::spawn_blocking(move || node.look_for_tables()).await {
        Ok(Ok(false)) => {}
        Ok(Ok(true)) => {
            let tables =
                running.node.reference().tables().iter().map(|table| format!("{} {}", table.name, table.version)).collect::<Vec<_>>();
            tracing::info!(tables = tables.join(", "), "other reference tables are in force");
        }
        Ok(Err(error)) => tracing::error!(%error, "the imported reference tables cannot be read; those before stay in force"),
        Err(error) => tracing::error!(%error, "the imported reference tables were not read"),
    }
}
