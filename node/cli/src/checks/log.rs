//! The log of what was done with people's data: whether other partners have seen it lately.

use polder_exchange::log::{LogNow, LogStanding};
use polder_model::Timestamp;
use polder_store::{Reader, StoreError};

use super::Check;
use crate::print::{Lang, moment};

const ABOUT: &str = "log";
const ADVICE: &str = "see that the node runs, and that other partners' nodes can be reached: the node asks them again and again. What it says of \
    `another history` or of lost leaves is in its log (docs/log.md)";

/// How it stands. Nothing, of a database that no node of this version has opened yet.
pub(crate) async fn check(reader: &Reader, now: Timestamp) -> Option<Check> {
    match look(reader).await {
        Ok(found) => found.map(|found| standing(&found, now)),
        Err(error) => Some(Check::failure(ABOUT, format!("it cannot be read: {error}"), "see what is said of the database")),
    }
}

async fn look(reader: &Reader) -> Result<Option<LogNow>, StoreError> {
    let schema = reader.schema().await?;
    if schema.found == schema.known { LogNow::read(reader).await.map(Some) } else { Ok(None) }
}

fn standing(found: &LogNow, now: Timestamp) -> Check {
    let LogNow { leaves, signed, cosigned, .. } = found;
    let says = format!("{leaves} leaves, {signed} of them signed, {cosigned} cosigned by enough partners");
    let Some(since) = found.since else { return Check::ok(ABOUT, "it is empty") };
    let last = moment(since, Lang::En);
    match found.standing(now) {
        LogStanding::Cosigned => Check::ok(ABOUT, says),
        LogStanding::Red => Check::warning(ABOUT, format!("{says}; the last time was {last}, more than a day ago"), ADVICE),
        LogStanding::Stopped => {
            Check::failure(ABOUT, format!("{says}; the last time was {last}, more than three days ago: nothing personal leaves"), ADVICE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Grade;

    #[test]
    fn a_day_without_witnesses_is_said_and_three_are_a_failure() {
        let since: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
        let found = LogNow { leaves: 3, signed: 2, cosigned: 1, since: Some(since) };
        let at = |seconds| standing(&found, since.plus_seconds(seconds));
        assert_eq!((at(0).grade, at(24 * 3_600).grade), (Grade::Ok, Grade::Ok));
        assert_eq!((at(24 * 3_600 + 1).grade, at(72 * 3_600).grade), (Grade::Warning, Grade::Warning));
        assert_eq!(at(72 * 3_600 + 1).grade, Grade::Failure);
        assert!(at(72 * 3_600 + 1).says.contains("3 leaves, 2 of them signed, 1 cosigned"));
        assert_eq!(standing(&LogNow::default(), since).grade, Grade::Ok);
    }
}
