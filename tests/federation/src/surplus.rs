//! One partner's offers change between the phases: up to the surplus they are replaced, beyond it the partner leaves the result.

use std::sync::Arc;

use polder_model::answer::MissingReason;
use polder_model::query::{Criteria, Query, SURPLUS};
use polder_model::{Kind, Timestamp};
use polder_store::Precondition;

use crate::changes::Changes;
use crate::check::{Checked, equals_oracle, exports, hold_against};
use crate::local::Federation;
use crate::random::Random;
use crate::{offers, queries};

/// What became of the partner whose offers change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It answered, and so many of its offers were replaced from the surplus.
    Answered(usize),
    /// It was named as `changing`, and none of its hits was shown.
    Changing,
}

/// Generates a federation in which one partner has many offers, changes some of them in between, and holds the result against the oracle.
///
/// # Errors
/// What is not as it should be, readable, with the seed.
pub async fn federation(seed: u64) -> Result<Became, String> {
    let mut random = Random::new(seed);
    let now: Timestamp = "2026-03-02T09:30:00.123456Z".parse().map_err(|error| format!("{error}"))?;
    let federation = Federation::open(2 + random.below(3), now).await;
    let changing = random.below(federation.nodes.len());
    for (place, node) in federation.nodes.iter().enumerate() {
        let count = if place == changing { 40 + random.below(80) } else { random.below(12) };
        for number in 0..count {
            let document = offers::document(Kind::Vacancy, &mut random, now);
            let key = format!("C-{number}").parse().map_err(|error| format!("{error}"))?;
            node.publish(Kind::Vacancy, key, document.as_bytes(), Precondition::None).await.map_err(|error| format!("{error:?}"))?;
        }
    }
    outcome(&federation, changing, &mut random, now).await.map_err(|what| format!("seed {seed}: {what}"))
}

async fn outcome(federation: &Federation, changing: usize, random: &mut Random, now: Timestamp) -> Result<Became, String> {
    let asking = random.pick(&federation.nodes).clone();
    let query = Arc::new(query(random, &asking.home().partner, now));
    let node = &federation.nodes[changing];
    let partner = &node.home().partner;
    let register = node.register();
    let asker = register.members().iter().find(|member| member.partner == asking.home().partner).ok_or("the asker is a member")?;
    let answer = node.answer(asker, &query).await.map_err(|error| error.to_string())?.into_inner();

    let mut exports = exports(federation).await?;
    let most = usize::from(SURPLUS) - 2 + random.below(10);
    let changes = Changes::begin(federation, Kind::Vacancy, Some(partner), most, now);
    let result = asking.ask_query(Arc::clone(&query), &crate::operator(), None).await.expect("asked");
    let gone = changes.end(federation)?;
    gone.leave(&mut exports);

    // It holds more than it named, and of what it named less than a whole list is left.
    if !answer.more || gone.len() <= usize::from(SURPLUS) {
        if usize::try_from(result.replaced).unwrap_or(0) != gone.len() {
            return Err(format!("{} offers changed, the result says {}", gone.len(), result.replaced));
        }
        hold_against(&result, &exports, federation.nodes.len(), &mut Checked::default())?;
        return Ok(Became::Answered(gone.len()));
    }
    let missing: Vec<_> = result.missing.iter().map(|missing| (&missing.partner, missing.reason)).collect();
    if missing != [(partner, MissingReason::Changing)] || result.complete {
        return Err(format!("{} offers changed, missing {:?}", gone.len(), result.missing));
    }
    if result.hits.iter().any(|hit| hit.partner == *partner) || result.answered.iter().any(|answered| answered.partner == *partner) {
        return Err("a partner that is missing is shown".to_owned());
    }
    if result.answered.len() + 1 != federation.nodes.len() || result.replaced != 0 {
        return Err(format!("answered {:?}, replaced {}", result.answered, result.replaced));
    }
    equals_oracle(&result, &exports)?;
    Ok(Became::Changing)
}

/// A question that most offers are hits of; a few of them with words.
fn query(random: &mut Random, asker: &polder_model::PartnerId, now: Timestamp) -> Query {
    let mut query = queries::query(random, asker, now);
    let text = if random.chance(25) { query.criteria.text } else { Vec::new() };
    (query.kind, query.purpose) = (Kind::Vacancy, polder_model::Purpose::FindWork);
    query.criteria = Criteria { text, ..Criteria::default() };
    query.limit = u16::try_from(*random.pick(&[1_usize, 3, 10, 20, 50])).unwrap_or(1);
    query.tie_key = query.criteria.tie_key(query.kind);
    query
}
