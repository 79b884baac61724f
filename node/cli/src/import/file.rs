//! One file from its first record to the last verdict.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

use polder_exchange::{Clock, SystemClock};
use tokio::sync::mpsc::{self, Receiver};

use super::{Foreign, Item, Named, Options, Parts, Verdict, foreign as others, read};
use crate::exit::Failure;

/// Records that wait to be put.
const WAITING: usize = 64;
/// Most records that are put together.
const TOGETHER: usize = 5_000;
/// Most bytes of them, but for the last one.
const BYTES_TOGETHER: usize = 4 * 1024 * 1024;
/// How long is waited for more records of standard input before those that are there are put.
const LULL: Duration = Duration::from_secs(1);

/// Where records go.
pub(crate) enum Target {
    /// To a node.
    Node(Box<Parts>),
    /// Nowhere: they are only checked.
    Check,
}

/// Publishes the records of a file (`-` for standard input), of another format where one is named, and gives each verdict to `each`, in order.
///
/// # Errors
/// When the file cannot be read or the node fails; a record that is refused is a verdict.
pub(crate) async fn file(
    path: &Path,
    options: Options,
    foreign: Option<&Foreign>,
    target: &mut Target,
    mut each: impl FnMut(Verdict) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (sender, mut records) = mpsc::channel(WAITING);
    let (opened, foreign) = (path.to_owned(), foreign.cloned());
    let today = SystemClock.now().date();
    let reading = tokio::task::spawn_blocking(move || {
        let mut reader = open(&opened)?;
        let take = &mut |item| sender.blocking_send(item).is_ok();
        match &foreign {
            Some(foreign) => others::read(&mut *reader, foreign, today, take),
            None => read(&mut *reader, Named::of(&opened), options, take),
        }
    });
    // The same file is put in the same pieces each time, so that an import can go on.
    let lull = (path == Path::new("-")).then_some(LULL);
    loop {
        let items = together(&mut records, lull).await;
        if items.is_empty() {
            break;
        }
        let verdicts = match target {
            Target::Node(parts) => parts.put(items).await?,
            Target::Check => items.into_iter().map(|item| item.map_or_else(Verdict::from, Verdict::of_check)).collect(),
        };
        verdicts.into_iter().try_for_each(&mut each)?;
    }
    let read = reading.await.map_err(|error| Failure::internal(format!("{}: {error}", path.display())))?;
    read.map_err(|error| {
        Failure::configuration((format!("{}: {error}", path.display()), format!("{}: {}", path.display(), in_dutch(&error, path))))
    })
}

/// Why a file was not read, in Dutch where that is of this program.
fn in_dutch(error: &io::Error, path: &Path) -> String {
    match error.kind() {
        io::ErrorKind::IsADirectory => format!("dit is een map; noem de bestanden erin, zoals {}/*.json", path.display()),
        io::ErrorKind::FileTooLarge => {
            "meer dan 64 MiB in één JSON-document of pagina; zet elk record op een eigen regel (NDJSON)".to_owned()
        }
        io::ErrorKind::NotFound => "dit bestand is er niet".to_owned(),
        io::ErrorKind::PermissionDenied => "dit bestand mag niet worden gelezen".to_owned(),
        _ => error.to_string(),
    }
}

/// The next records that are put together; none at the end.
async fn together(records: &mut Receiver<Item>, lull: Option<Duration>) -> Vec<Item> {
    let (mut items, mut bytes) = (Vec::new(), 0);
    while items.len() < TOGETHER && bytes < BYTES_TOGETHER {
        let next = match lull.filter(|_| !items.is_empty()) {
            None => records.recv().await,
            Some(lull) => tokio::time::timeout(lull, records.recv()).await.unwrap_or_default(),
        };
        let Some(item) = next else { break };
        if let Ok(record) = &item {
            bytes += record.document.len() + record.key.as_str().len();
        }
        items.push(item);
    }
    items
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
