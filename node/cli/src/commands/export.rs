//! `polder export`: this partner's own offers as lines of JSON, or as rows of a spreadsheet.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use polder_formats::sheet::{Mapping, Writer};
use polder_model::{Kind, OfferKey};
use serde::Deserialize;
use serde_json::Value;

use crate::client::{NodeArgs, NodeClient};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::print::count;
use crate::register_files::temporary_beside;

/// What, and where to.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Only offers of this kind; may be repeated.
    #[arg(long = "kind", value_name = "KIND", value_parser = crate::words_of::kind())]
    kinds: Vec<Kind>,
    /// Write rows of CSV by this mapping, which `polder import --format csv` reads too (docs/formats.md says how). It names the collection.
    #[arg(long, value_name = "FILE", conflicts_with = "kinds")]
    mapping: Option<PathBuf>,
    /// Write to this file, which appears when it is whole, instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

/// Writes the offers.
pub(crate) async fn run(args: &ExportArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let client = args.node.client(config)?;
    let mapping = args.mapping.as_deref().map(mapping).transpose()?;
    let what = (args, mapping.as_ref());
    let Some(path) = &args.output else {
        export(&client, what, &mut io::BufWriter::new(output.writer()), output).await?;
        return Ok(Exit::Done);
    };
    let failed = |error: io::Error| Failure::configuration(format!("--output {}: {error}", path.display()));
    let mut file = io::BufWriter::new(temporary_beside(path).map_err(failed)?);
    let lines = export(&client, what, &mut file, output).await?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    // It may hold personal data: the file stays its owner's alone.
    file.persist(path).map_err(|error| failed(error.error))?;
    if output.json {
        output.json(&serde_json::json!({"output": path, "offers": lines}))?;
    } else {
        output.line(format!("{} written to {}", count(lines as usize, "offer", "offers"), path.display()))?;
    }
    Ok(Exit::Done)
}

fn mapping(file: &Path) -> Result<Mapping, Failure> {
    let failed = |problem: &dyn std::fmt::Display| Failure::configuration(format!("{}: {problem}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| failed(&error))?;
    Mapping::read(&bytes).map_err(|why| failed(&why))
}

async fn export(
    client: &NodeClient,
    (args, mapping): (&ExportArgs, Option<&Mapping>),
    to: &mut impl Write,
    output: &Output,
) -> Result<u64, Failure> {
    if let Some(mapping) = mapping {
        let mut rows = Rows::begin(mapping, to)?;
        let lines = client.export(mapping.kind(), &mut rows).await?;
        rows.flush()?;
        for lost in rows.writer.lost() {
            output.note(&lost.to_string());
        }
        return Ok(lines);
    }
    let kinds = if args.kinds.is_empty() { Kind::ALL.to_vec() } else { args.kinds.clone() };
    let (mut lines, mut people) = (0, 0);
    for kind in kinds {
        let of_kind = client.export(kind, to).await?;
        lines += of_kind;
        people += if kind == Kind::SkillOffer { of_kind } else { 0 };
    }
    to.flush()?;
    if people > 0 {
        let profiles = count(people as usize, "profile", "profiles");
        output.warn(&format!(
            "{profiles} of people: as offers alone. Whose they are, who may see them, who saw them and the log stay in this database, and nothing moves them to \
             another one (docs/scaling.md, Move the data)"
        ));
    }
    Ok(lines)
}

/// Lines of an export become rows, one by one: how many there are costs no memory.
struct Rows<'r, W> {
    writer: Writer<'r>,
    to: &'r mut W,
    begun: Vec<u8>,
}

/// What a line says that stands in a row.
#[derive(Deserialize)]
struct Line {
    key: OfferKey,
    document: Value,
}

impl<'r, W: Write> Rows<'r, W> {
    fn begin(mapping: &'r Mapping, to: &'r mut W) -> io::Result<Self> {
        let writer = Writer::new(mapping);
        to.write_all(&writer.head())?;
        Ok(Self { writer, to, begun: Vec::new() })
    }
}

impl<W: Write> Write for Rows<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        while let Some(end) = self.begun.iter().position(|byte| *byte == b'\n') {
            let line: Line = serde_json::from_slice(&self.begun[..end])?;
            self.begun.drain(..=end);
            let row = self.writer.row(&line.key, &line.document);
            self.to.write_all(&row)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
