//! Whether this node has evidence that the log of another partner was changed.

use std::path::Path;

use polder_exchange::log::{is_settled, two_histories};
use polder_store::{Reader, StoreError};
use polder_trust::log::Origin;
use polder_trust::register::Register;

use super::Check;

const ABOUT: &str = "histories";
/// Most logs that are named.
const NAMED: usize = 5;

/// Which logs are known to have two histories. Nothing where none is, and of a database that no node of this version has opened yet.
pub(crate) async fn check(reader: &Reader, data: &Path, register: Option<&Register>) -> Option<Check> {
    match look(reader).await {
        Ok(found) => {
            let open: Vec<Origin> = found.into_iter().filter(|log| !register.is_some_and(|register| is_settled(log, register))).collect();
            standing(&open, data)
        }
        Err(error) => Some(Check::failure(ABOUT, format!("they cannot be read: {error}"), "see what is said of the database")),
    }
}

async fn look(reader: &Reader) -> Result<Vec<Origin>, StoreError> {
    let schema = reader.schema().await?;
    if schema.found == schema.known { two_histories(reader).await } else { Ok(Vec::new()) }
}

fn standing(logs: &[Origin], data: &Path) -> Option<Check> {
    if logs.is_empty() {
        return None;
    }
    let mut names: Vec<String> = logs.iter().take(NAMED).map(ToString::to_string).collect();
    if logs.len() > NAMED {
        names.push(format!("{} more", logs.len() - NAMED));
    }
    let says = format!(
        "two histories of the log of {}: for each there are two checkpoints of as many leaves with another root, both signed by its partner. It was changed",
        names.join(", ")
    );
    let advice = format!(
        "send the files log-… in {} to the stewards, who decide what follows (docs/log.md). This is said until that partner is expelled",
        data.join("evidence").display()
    );
    Some(Check::warning(ABOUT, says, advice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Grade;

    #[test]
    fn whose_log_it_is_and_where_the_evidence_is_stands_there() {
        let logs: Vec<Origin> = (1..=7).map(|number| format!("proef/kvk:1000000{number}").parse().expect("a log")).collect();
        let check = standing(&logs, Path::new("/data")).expect("a warning");
        assert_eq!(check.grade, Grade::Warning);
        assert!(
            check.says.contains("proef/kvk:10000001, proef/kvk:10000002, ") && check.says.contains("kvk:10000005, 2 more: "),
            "{}",
            check.says
        );
        assert!(check.advice.as_deref().is_some_and(|advice| advice.contains("/data/evidence") && advice.contains("stewards")));
        assert_eq!(standing(&[], Path::new("/data")), None);
    }
}
