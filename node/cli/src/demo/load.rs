//! Publishing offers at the nodes of the demo, through their client interfaces.

use std::path::Path;

use futures::stream::{StreamExt, TryStreamExt};
use polder_exchange::{Clock, SystemClock};

use super::node::DemoNode;
use super::samples::{self, Sample};
use super::{DemoArgs, Federation};
use crate::client::{NodeClient, PutOutcome, in_words};
use crate::exit::Failure;
use crate::import::{self, Format, Options, Parts, Resume, Target};
use crate::output::Output;
use crate::print::Lang;

/// Offers on their way to one node at the same time: they share a sync of its disk.
const AT_ONCE: usize = 64;

/// What became of a partner's offers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub published: u64,
    pub refused: u64,
}

/// What became of the offers, by partner.
pub(crate) struct Loaded(pub Vec<(&'static str, Count)>);

impl Loaded {
    pub(crate) fn published(&self) -> u64 {
        self.0.iter().map(|(_, count)| count.published).sum()
    }

    pub(crate) fn refused(&self) -> u64 {
        self.0.iter().map(|(_, count)| count.refused).sum()
    }
}

/// Publishes sample offers, or those of a directory, at all nodes at the same time. Nothing to publish is a failure: every question would be answered with nothing.
pub(crate) async fn offers(federation: &Federation, args: &DemoArgs, output: &Output) -> Result<Loaded, Failure> {
    if let Some(data) = &args.data {
        known_folders(data, federation)?;
    }
    let each = federation.nodes.iter().map(|node| async move {
        let client = node.client()?;
        let count = match &args.data {
            Some(data) => folder(client, &data.join(node.partner.slug), output).await?,
            None => Count { published: publish(&client, samples_of(node, args)).await?, refused: 0 },
        };
        Ok::<_, Failure>((node.partner.slug, count))
    });
    let loaded = Loaded(futures::future::try_join_all(each).await?);
    match &args.data {
        Some(data) if loaded.published() == 0 => Err(nothing(data, loaded.refused())),
        _ => Ok(loaded),
    }
}

fn nothing(data: &Path, refused: u64) -> Failure {
    let why = match refused {
        0 => "the partners' folders hold no records".to_owned(),
        1 => "the only record was refused".to_owned(),
        _ => format!("all {refused} records were refused"),
    };
    Failure::configuration(format!("--data {}: there is no offer to ask for: {why}", data.display()))
}

fn samples_of(node: &DemoNode, args: &DemoArgs) -> Vec<Sample> {
    let count = usize::try_from(args.offers).unwrap_or(usize::MAX);
    samples::offers(node.partner.slug, count, args.seed, SystemClock.now().date())
}

async fn publish(client: &NodeClient, samples: Vec<Sample>) -> Result<u64, Failure> {
    let puts = samples.into_iter().map(|sample| async move {
        let key = sample.key.parse().map_err(|error: polder_model::name::NameError| Failure::internal(error.to_string()))?;
        match client.put(sample.kind, &key, &sample.document.to_string()).await? {
            PutOutcome::Refused(problem) => Err(Failure::internal(format!("a sample offer was refused: {}", in_words(&problem)))),
            PutOutcome::Stored => Ok(1),
        }
    });
    futures::stream::iter(puts).buffer_unordered(AT_ONCE).try_fold(0, |sum, one| async move { Ok(sum + one) }).await
}

/// Publishes every file of a folder; records that are refused are named and left out.
async fn folder(client: NodeClient, folder: &Path, output: &Output) -> Result<Count, Failure> {
    let mut count = Count::default();
    if !folder.exists() {
        return Ok(count);
    }
    let failed = |error: std::io::Error| Failure::configuration(format!("{}: {error}", folder.display()));
    let entries = std::fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut files: Vec<_> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    let mut target = Target::Node(Box::new(Parts::new(client, Resume::default())));
    for file in files {
        let options = Options { kind: None, format: Format::Auto, today: SystemClock.now().date(), lang: Lang::En };
        import::file(&file, options, None, &mut target, |verdict| {
            match &verdict.problem {
                None => count.published += 1,
                Some(problem) => {
                    count.refused += 1;
                    output.note(&format!("{}:{}: refused: {}", file.display(), verdict.line, in_words(problem)));
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(count)
}

/// A folder that belongs to nobody would be left out in silence.
fn known_folders(data: &Path, federation: &Federation) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::configuration(format!("--data {}: {error}", data.display()));
    for entry in std::fs::read_dir(data).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !federation.nodes.iter().any(|node| name.to_str() == Some(node.partner.slug)) {
            let known: Vec<&str> = federation.nodes.iter().map(|node| node.partner.slug).collect();
            return Err(Failure::configuration(format!(
                "--data: {} is no partner's folder; there are {}",
                name.display(),
                known.join(", ")
            )));
        }
    }
    Ok(())
}
