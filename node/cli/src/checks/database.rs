//! The database, looked at beside a node that may be running.

use std::path::Path;
use std::time::Duration;

use polder_store::{Database, Reader, StoreError};

use super::Check;
use crate::config::Config;
use crate::exit::Failure;

const ABOUT: &str = "database";
/// Reading a large file through takes longer than anyone waits.
const PATIENCE: Duration = Duration::from_secs(20);
/// Under which name a node notes whose database it is.
const HOME_SETTING: &str = "home-partner";

/// Opens it for reading, and says what is wrong. Without a reader there is none yet, or it cannot be used.
pub(crate) async fn check(config: &Config, database: &Database) -> (Vec<Check>, Option<Reader>) {
    let opened = tokio::time::timeout(PATIENCE, Reader::open(database)).await;
    let reader = match opened.unwrap_or_else(|_| Err(StoreError::Unreachable("no reply".to_owned()))) {
        Err(error) => return (vec![refused(database, &error)], None),
        Ok(None) => return (vec![not_there(database, &config.journal)], None),
        Ok(Some(reader)) => reader,
    };
    let mut checks: Vec<Check> = not_writable(database).into_iter().collect();
    match look(config, &reader).await {
        Ok(found) => checks.extend(found),
        Err(error) => checks.push(refused(database, &error)),
    }
    if checks.is_empty() {
        checks.push(Check::ok(ABOUT, format!("{database} opens, is whole and can be written")));
    }
    (checks, Some(reader))
}

/// A journal beside no database is that of one that was there.
fn not_there(database: &Database, journal: &Path) -> Check {
    if !journal.exists() {
        return Check::ok(ABOUT, format!("{database} is not there yet; the first start makes it"));
    }
    let says = format!("{database} is not there, and {} is: this node has run, and its database is gone", journal.display());
    let advice = "put the database, or the last backup of it, in its place before the node starts (docs/operating.md); a start would make an empty one";
    Check::warning(ABOUT, says, advice)
}

/// Opens it for reading, where it is there.
pub(crate) async fn open(database: &Database) -> Result<Option<Reader>, Failure> {
    let opened = tokio::time::timeout(PATIENCE, Reader::open(database)).await;
    let opened = opened.unwrap_or_else(|_| Err(StoreError::Unreachable("no reply".to_owned())));
    opened.map_err(|error| not_opened(database, &error))
}

/// That it cannot be used, and what to do.
pub(crate) fn not_opened(database: &Database, error: &StoreError) -> Failure {
    let Check { says, advice, .. } = refused(database, error);
    Failure::configuration(format!("{says}; {}", advice.unwrap_or_default()))
}

async fn look(config: &Config, reader: &Reader) -> Result<Vec<Check>, StoreError> {
    let mut checks = Vec::new();
    let schema = reader.schema().await?;
    if schema.found == 0 {
        return Ok(vec![Check::ok(ABOUT, "it is empty; the first start makes its tables")]);
    }
    if schema.found < schema.known {
        let says = format!("its schema has version {}; the next start makes {} of it", schema.found, schema.known);
        checks.push(Check::warning(ABOUT, says, "make a backup before that start: an older program does not open it any more"));
    }
    if let Some(found) = reader.setting(HOME_SETTING).await?.filter(|found| found != config.partner.as_str()) {
        let says = format!("it belongs to {found}, and this node is configured for {}", config.partner);
        checks.push(Check::failure(ABOUT, says, "name another database, or mend `partner` in the configuration"));
    }
    if schema.found == schema.known {
        checks.extend(room(reader.offers().await?, config.limits.offers));
    }
    if !reader.syncs().await? {
        checks.push(Check::warning(
            ABOUT,
            "the server does not sync its disk (fsync = off)",
            "set fsync = on: what it acknowledges is lost when its machine stops",
        ));
    }
    match tokio::time::timeout(PATIENCE, reader.check()).await {
        Err(_) => checks.push(Check::ok(ABOUT, "it is so large that it was not read through in 20 s; what was read is whole")),
        Ok(damaged) => checks.extend(damaged?.first().map(|first| {
            Check::failure(
                ABOUT,
                format!("it is damaged: {first}"),
                "stop the node, and put the last backup in its place (docs/operating.md)",
            )
        })),
    }
    Ok(checks)
}

/// Whether there is room for more offers: less than a tenth is to be looked at.
fn room(offers: u64, most: u64) -> Option<Check> {
    let advice = "see whether a system of yours brings the same offers under new keys (polder export), or raise limits.offers";
    let says = format!("it holds {offers} offers, and limits.offers lets it hold {most}");
    if offers >= most {
        return Some(Check::failure(ABOUT, format!("{says}: new ones are refused"), advice));
    }
    (offers > most - most / 10).then(|| Check::warning(ABOUT, says, advice))
}

fn refused(database: &Database, error: &StoreError) -> Check {
    let advice = match error {
        StoreError::UnknownSchema { .. } => "run the version of the program that wrote it, or put back a backup of before the upgrade",
        StoreError::Unreachable(_) => {
            "see that the server runs, that `database` has its address, and that its user may connect (docs/scaling.md)"
        }
        StoreError::Full => "make room on that disk, and start again: nothing has to be restored",
        // What is wrong with it says what to do.
        StoreError::Journal(_) => {
            return Check::failure(
                ABOUT,
                error.to_string(),
                "the database itself was not touched (docs/operating.md, Back up and restore)",
            );
        }
        StoreError::ReadOnly(_) => {
            "give the file and its directory to the user that runs the node (chown), and see that its disk is not mounted read-only; under systemd a \
             place outside /var/lib/polder needs ReadWritePaths= in the unit (docs/operating.md)"
        }
        _ if matches!(database, Database::Postgres(_)) => {
            "see that the database in `database` is there (createdb makes it), and that its user may log in and use it, with the password of \
             `database_password_file` (docs/scaling.md)"
        }
        _ => {
            "see `database` in the configuration, and the rights of the file; put a backup in its place if it is damaged (docs/operating.md)"
        }
    };
    Check::failure(ABOUT, format!("{database}: {error}"), advice)
}

/// A file that this user cannot write, or whose directory takes no new files.
fn not_writable(database: &Database) -> Option<Check> {
    let Database::Sqlite(path) = database else { return None };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    for path in [path.as_path(), directory] {
        if let Err(error) = rustix::fs::access(path, rustix::fs::Access::WRITE_OK) {
            let says = format!("{} cannot be written: {error}", path.display());
            return Some(Check::failure(
                ABOUT,
                says,
                "give it to the user that runs the node (chown), and see that its disk is not mounted read-only",
            ));
        }
    }
    None
}
