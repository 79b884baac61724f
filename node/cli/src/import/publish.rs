//! Putting records, several at once, those with the same key in order.

use std::collections::HashMap;

use futures::stream::{self, Stream, StreamExt};
use polder_model::problem::{Problem, ProblemType};
use polder_model::{Date, Finding, Kind, OfferKey, offer};
use serde::Deserialize;
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;

use super::{Item, Note, Record, Refused};
use crate::client::{NodeClient, PutOutcome};
use crate::exit::Failure;
use crate::tables;

/// How many offers are on their way at the same time.
const AT_ONCE: usize = 16;

/// Where records go.
#[derive(Clone)]
pub(crate) enum Target {
    /// To a node.
    Node(NodeClient),
    /// Nowhere: they are only checked.
    Check,
}

/// What became of a record.
pub(crate) struct Verdict {
    /// The line in its file.
    pub line: u64,
    /// Its kind.
    pub kind: Option<Kind>,
    /// Its key.
    pub key: Option<String>,
    /// Its document, unless it was refused.
    pub document: Option<String>,
    /// `created`, `replaced`, `unchanged`, `valid` (only checked) or `refused`.
    pub outcome: &'static str,
    /// Why it was refused.
    pub problem: Option<Problem>,
    /// How it was mapped, and what was not.
    pub mapping: Vec<Note>,
    /// What no reference table knows.
    pub notes: Vec<Finding>,
}

/// Puts the records that come in; the verdicts come in the same order. What has closed before today is said.
pub(crate) fn publish(records: Receiver<Item>, target: Target, today: Date) -> impl Stream<Item = Result<Verdict, Failure>> {
    let mut turns = Turns::default();
    let records = stream::unfold(records, |mut records| async move { records.recv().await.map(|record| (record, records)) });
    let putting = records.map(move |item| {
        let target = target.clone();
        let turn = item.as_ref().ok().map(|record| turns.take(record));
        async move {
            match item {
                Err(refused) => Ok(verdict_of(refused)),
                Ok(record) => put(&target, record, turn, today).await,
            }
        }
    });
    putting.buffered(AT_ONCE)
}

/// When a record may go: after the one before it with the same key.
struct Turn {
    before: Option<oneshot::Receiver<()>>,
    _done: oneshot::Sender<()>,
}

#[derive(Default)]
struct Turns(HashMap<(Kind, OfferKey), oneshot::Receiver<()>>);

impl Turns {
    fn take(&mut self, record: &Record) -> Turn {
        if self.0.len() > 8 * AT_ONCE {
            // A turn is over when its sender is gone.
            self.0.retain(|_, turn| matches!(turn.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        }
        let (done, after) = oneshot::channel();
        Turn { before: self.0.insert((record.kind, record.key.clone()), after), _done: done }
    }
}

async fn put(target: &Target, record: Record, turn: Option<Turn>, today: Date) -> Result<Verdict, Failure> {
    let Record { line, kind, key, document, mut mapping } = record;
    mapping.extend(closed(&document, today));
    let mut turn = turn;
    if let Some(before) = turn.as_mut().and_then(|turn| turn.before.take()) {
        // Nothing is ever sent: this ends when the one before is done.
        let _ = before.await;
    }
    let (outcome, problem, notes) = match target {
        Target::Node(client) => match client.put(kind, &key, &document).await? {
            PutOutcome::Stored { outcome, notes } => (outcome.as_str(), None, notes),
            PutOutcome::Refused(problem) => ("refused", Some(*problem), Vec::new()),
        },
        Target::Check => match offer::parse(kind, document.as_bytes()) {
            Ok(parsed) => ("valid", None, parsed.notes(tables::in_use())),
            Err(findings) => {
                let problem = Problem::new(ProblemType::InvalidDocument, "the offer does not follow its schema or rules");
                ("refused", Some(problem.with_findings(findings)), Vec::new())
            }
        },
    };
    let document = Some(document).filter(|_| problem.is_none());
    Ok(Verdict { line, kind: Some(kind), key: Some(key.to_string()), document, outcome, problem, mapping, notes })
}

/// Enough of an offer to see until when it stands.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Closing {
    closing_date: Option<Date>,
}

/// Says that an offer has closed.
fn closed(document: &str, today: Date) -> Option<Note> {
    let day = serde_json::from_str::<Closing>(document).ok()?.closing_date?;
    (day < today).then(|| Note::about("closingDate: in the past; nobody will find this offer", day.to_string()))
}

fn verdict_of(refused: Refused) -> Verdict {
    let Refused { line, kind, key, problem, mapping } = refused;
    Verdict { line, kind, key, document: None, outcome: "refused", problem: Some(*problem), mapping, notes: Vec::new() }
}
