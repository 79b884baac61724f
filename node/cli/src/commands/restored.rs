//! `polder restored`: says to a node that its database is one that was restored from a backup.

use polder_exchange::{Clock, SystemClock};
use polder_store::{Store, StoreError};
use serde_json::json;

use crate::checks;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::serve;

/// Notes it in the database; the node begins to reopen when it starts, or at once where replicas run.
pub(crate) async fn run(source: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let config = source.load()?;
    serve::alone(&config)?;
    let database = serve::database(&config)?;
    let failed = |error: StoreError| checks::database::not_opened(&database, &error);
    if checks::database::open(&database).await?.is_none() {
        return Err(Failure::configuration(format!("{database} is not there: put the backup in its place first")));
    }
    let store = Store::open(database.clone(), std::sync::Arc::new(|_: &[polder_store::Change]| {})).await.map_err(failed)?;
    let said = store.say_restored(SystemClock.now()).await;
    store.close().await;
    said.map_err(failed)?;
    if output.json {
        output.json(&json!({"restored": true}))?;
        return Ok(Exit::Done);
    }
    output.line("The node knows that its database was restored from a backup.")?;
    output.line(
        "When it runs it ends again what its journal says has ended, and asks each partner what it holds, two minutes later. Until a partner has answered, \
         nothing about people leaves for it, and no consent can be given for it. `polder doctor` says for whom it waits.",
    )?;
    Ok(Exit::Done)
}
