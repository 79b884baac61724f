//! `polder backup`: a copy of the database as it is at one moment, while the node runs.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_store::{Database, Reader};
use serde_json::json;

use crate::config::{Config, Source};
use crate::exit::{Exit, Failure};
use crate::new_node::refuse_existing;
use crate::output::Output;

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// A new file for the copy (mode 0600).
    file: PathBuf,
}

/// Copies, reads the copy through, and only then gives it its name.
pub(crate) async fn run(args: &BackupArgs, source: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let config = source.load()?;
    let Database::Sqlite(path) = &config.database else {
        let problem = "the database is PostgreSQL: copy it with pg_dump, or with the server's own backups (docs/scaling.md)";
        return Err(Failure::configuration(format!("{}: {problem}", config.database)));
    };
    refuse_existing(&args.file)?;
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("no backup was made: {}: {error}", args.file.display()));
    let reader = Reader::open(&config.database).await.map_err(|error| Failure::configuration(format!("{}: {error}", path.display())))?;
    let Some(reader) = reader else {
        return Err(Failure::configuration(format!("{} is not there; has this node ever run?", path.display())));
    };
    let partial = Partial::new(&args.file).map_err(|error| failed(&error))?;
    let progress = output.progress(0);
    progress.step("copying");
    let copied = reader.copy_to(&partial.0).await;
    reader.close().await;
    copied.map_err(|error| failed(&error))?;
    progress.step("reading the copy through");
    let bytes = whole(&partial.0).await.map_err(|error| failed(&error))?;
    fs::File::open(&partial.0).and_then(|file| file.sync_all()).map_err(|error| failed(&error))?;
    fs::rename(&partial.0, &args.file).map_err(|error| failed(&error))?;
    progress.finish();
    report(args, &config, source.found(), bytes, output)
}

/// A copy on its way; removed where it does not get its name.
struct Partial(PathBuf);

impl Partial {
    fn new(file: &Path) -> std::io::Result<Self> {
        let mut name = std::path::absolute(file)?.into_os_string();
        name.push(".partial");
        // For its owner alone before anything is in it.
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name)?;
        Ok(Self(PathBuf::from(name)))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // It has its name, or nobody needs it.
        let _ = fs::remove_file(&self.0);
    }
}

/// The bytes of a copy that is whole.
async fn whole(copy: &Path) -> Result<u64, String> {
    let reader = Reader::open(&Database::Sqlite(copy.to_owned())).await.map_err(|error| error.to_string())?;
    let reader = reader.ok_or("the copy is not there")?;
    let damaged = reader.check().await;
    reader.close().await;
    match damaged.map_err(|error| error.to_string())?.first() {
        Some(first) => Err(format!("the copy is damaged, and so may the database be: {first}; see polder doctor")),
        None => fs::metadata(copy).map(|found| found.len()).map_err(|error| error.to_string()),
    }
}

/// What to keep with it: a node does not come back without these, and they are not in the copy.
fn to_keep(config: &Config, file: Option<PathBuf>) -> Vec<PathBuf> {
    let mut all = vec![config.keys(), config.operator_token_hash()];
    all.extend(file);
    all.extend(
        [config.client.tls_certificate.clone(), config.client.tls_key.clone(), config.register.freshness_key.clone()].into_iter().flatten(),
    );
    all.push(config.register.directory.clone());
    let tables = config.data.join("reference");
    if tables.exists() {
        all.push(tables);
    }
    all
}

fn report(args: &BackupArgs, config: &Config, file: Option<PathBuf>, bytes: u64, output: &Output) -> Result<Exit, Failure> {
    let keep = to_keep(config, file);
    if output.json {
        output.json(&json!({"file": args.file, "bytes": bytes, "keep": keep}))?;
        return Ok(Exit::Done);
    }
    output.line(format!("Copied the database to {} ({} KiB), and read the copy through.", args.file.display(), bytes.div_ceil(1024)))?;
    output.line("Keep with it, encrypted; they are not in the copy, and without the keys a registrar must give the node new ones:")?;
    for path in keep {
        output.line(format!("  {}", path.display()))?;
    }
    let (journal, leaves) = (config.journal.display(), config.journal.with_extension("leaves"));
    output
        .line(format!(
            "Leave {journal} and {} where they are: they are never put back from a backup (docs/operating.md).",
            leaves.display()
        ))
        .map(|()| Exit::Done)
}
