//! Whether the node is open to all its partners: after a restore from a backup it waits for each to say what it holds.

use std::path::Path;

use polder_consent::Reopening;
use polder_store::people::{Behind, Openness};
use polder_store::{Reader, StoreError};

use super::Check;
use crate::print::{Lang, moment};

const ABOUT: &str = "reopening";
/// Most partners that are named.
const NAMED: usize = 5;

/// How far it is open, and where the node does not run, what its next start finds in the journal. Nothing where it is open, and of a database that no node of
/// this version has opened yet.
pub(crate) async fn check(reader: &Reader, journal: &Path, runs: bool) -> Option<Check> {
    match look(reader, journal, runs).await {
        Ok(found) => found,
        Err(StoreError::Journal(error)) => {
            let says = format!("the journal of what ended cannot be read: {error}");
            Some(Check::failure(ABOUT, says, "mend that before the node starts (docs/operating.md): it does not start without it"))
        }
        Err(error) => Some(Check::failure(ABOUT, format!("it cannot be read: {error}"), "see what is said of the database")),
    }
}

async fn look(reader: &Reader, journal: &Path, runs: bool) -> Result<Option<Check>, StoreError> {
    let schema = reader.schema().await?;
    if schema.found != schema.known {
        return Ok(None);
    }
    let found = reader.openness().await?;
    // A node that runs writes to its journal first.
    let behind = if runs { Behind::default() } else { reader.behind(journal).await? };
    Ok(standing(&found).filter(|_| !behind.was_restored).or_else(|| at_the_start(behind)))
}

/// What the next start does.
fn at_the_start(Behind { was_restored, ends, lost_journal }: Behind) -> Option<Check> {
    if lost_journal && !was_restored {
        return Some(lost(
            "the database had a journal of what ended, and it is not in its place: when the node starts, nothing about people leaves",
        ));
    }
    let again = match ends {
        1 => "1 withdrawal or erasure that the database does not know is carried out again".to_owned(),
        _ => format!("{ends} withdrawals or erasures that the database does not know are carried out again"),
    };
    if was_restored {
        let again = if ends == 0 { String::new() } else { format!("{again}, and ") };
        let says = format!(
            "the database is older than its journal: it was restored from a backup. When the node starts, {again}nothing about people leaves for a \
             partner, nor can consent be given for it, until it has said what it holds"
        );
        let advice = "start the node if this is the copy that you meant to put back; `polder doctor` says then for whom it waits. If it is not, put the \
                      right one in its place first";
        return Some(Check::warning(ABOUT, says, advice));
    }
    let says = format!(
        "the journal is ahead of the database: the node stopped between the two, or a backup was put back. When it starts, {again}"
    );
    let advice =
        "if you put back a backup, run `polder restored` first: partners may hold what the backup does not know. If not, start the node";
    (ends > 0).then(|| Check::warning(ABOUT, says, advice))
}

/// Whether anything ended that the database does not know, nobody can tell.
fn lost(says: &str) -> Check {
    let advice = "stop the node; put consent.journal and consent.leaves back where `journal` says, or see that their disk is mounted; where they are lost, \
                  run `polder restored`; then start it (docs/operating.md, Back up and restore)";
    Check::failure(ABOUT, format!("{says}, and no consent can be given"), advice)
}

fn standing(found: &Openness) -> Option<Check> {
    if found.is_open() {
        return None;
    }
    if found.has_lost_its_journal() && !found.has_to_begin() {
        return Some(lost(
            "the database had a journal of what ended, and found a new one in its place at the start: nothing about people leaves",
        ));
    }
    if found.has_to_begin() || found.reopening().has_to_replay() {
        let says = "the database was restored from a backup: nothing about people leaves, and no consent can be given";
        return Some(Check::warning(ABOUT, says, "start the node: it asks each partner what it holds, and opens to those who answer"));
    }
    Some(waits(found.reopening()))
}

fn waits(reopening: &Reopening) -> Check {
    let mut names: Vec<&str> = reopening.waits_for().iter().take(NAMED).map(polder_model::PartnerId::as_str).collect();
    let more = reopening.waits_for().len().saturating_sub(NAMED);
    let others = format!("{more} more");
    if more > 0 {
        names.push(&others);
    }
    let since = reopening.since().map(|since| format!(" since {}", moment(since, Lang::En))).unwrap_or_default();
    let says = format!(
        "the database was restored from a backup. The node waits{since} for {}: nothing about people leaves for them, and no consent can be given for them",
        names.join(", ")
    );
    Check::warning(
        ABOUT,
        says,
        "see that the node runs, and that these partners can be reached: it asks them again and again, from two minutes after the restore on",
    )
}

#[cfg(test)]
mod tests {
    use polder_consent::Found;
    use polder_model::Timestamp;

    use super::*;
    use crate::checks::Grade;

    #[test]
    fn it_is_said_for_whom_it_waits_and_since_when() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
        let told = Found { told: true, journal: 0, seen: 0, journal_change: 0, change: 0 };
        let mut reopening = Reopening::default();
        let partners = (1..=7).map(|number| format!("kvk:1000000{number}").parse().expect("a partner"));
        reopening.start(told, partners, now);
        let check = waits(&reopening);
        assert_eq!(check.grade, Grade::Warning);
        assert!(check.says.contains(&format!("since {} for kvk:10000001, kvk:10000002, ", moment(now, Lang::En))), "{}", check.says);
        assert!(check.says.contains("kvk:10000005, 2 more: nothing"), "{}", check.says);
        assert!(standing(&Openness::default()).is_none());
    }
}
