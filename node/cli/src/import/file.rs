//! One file from its first record to the last verdict.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::pin::pin;

use futures::StreamExt;
use tokio::sync::mpsc;

use polder_exchange::{Clock, SystemClock};

use super::{Named, Options, Target, Verdict, publish, read};
use crate::exit::Failure;

/// Records that wait to be put.
const WAITING: usize = 64;

/// Publishes the records of a file (`-` for standard input), and gives each verdict to `each`, in order.
///
/// # Errors
/// When the file cannot be read or the node fails; a record that is refused is a verdict.
pub(crate) async fn file(
    path: &Path,
    options: Options,
    target: Target,
    mut each: impl FnMut(Verdict) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (sender, records) = mpsc::channel(WAITING);
    let opened = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        let mut reader = open(&opened)?;
        read(&mut *reader, Named::of(&opened), options, &mut |item| sender.blocking_send(item).is_ok())
    });
    let mut verdicts = pin!(publish(records, target, SystemClock.now().date()));
    while let Some(verdict) = verdicts.next().await {
        each(verdict?)?;
    }
    let read = reading.await.map_err(|error| Failure::internal(format!("{}: {error}", path.display())))?;
    read.map_err(|error| Failure::configuration(format!("{}: {error}", path.display())))
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        let shown = path.display();
        return Err(io::Error::new(io::ErrorKind::IsADirectory, format!("this is a folder; name the files in it, as {shown}/*.json")));
    }
    Ok(Box::new(BufReader::new(file)))
}
