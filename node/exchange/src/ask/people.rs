//! People in a question on its way: they come in one phase, are verified, and are noted before anyone gets them.

use std::sync::Arc;

use polder_consent::processing::Chain;
use polder_consent::{Epoch, Field, FieldSet};
use polder_model::about::About;
use polder_model::answer::{Answer, Hit, People};
use polder_model::{PartnerId, Purpose};
use polder_store::StoreError;
use polder_store::people::Came;
use polder_trust::register::Member;

use super::flight::Flight;
use super::merge::{Shown, Verified};
use super::verify;
use crate::peers::{PeerFailure, Received};
use crate::people::For;
use crate::traces::{self, Outcome, Span};

impl Flight<'_> {
    /// People come with their documents. Nothing of them is told before they are noted ([`Flight::land`]).
    pub(super) fn take_in_people(&mut self, member: &Arc<Member>, reply: Result<Received<People>, PeerFailure>, span: &Span) -> Outcome {
        let received = match reply {
            Ok(received) => received,
            Err(failure) => return self.fail(member, &failure),
        };
        let People { query_id, partner, began_at, more, people } = received.reply;
        let hits = people.iter().map(|person| Hit { key: person.handle.clone(), version: person.version, score: person.score }).collect();
        let named = match self.merge.answer(&member.partner, Answer { query_id, partner, began_at, more, hits }) {
            Ok(named) => named,
            Err(what) => return self.distrust(member, what, &received.evidence),
        };
        for person in people {
            if let Err(what) = verify::person(&self.plan, &member.partner, &person, self.node.now()) {
                return self.distrust(member, &what, &received.evidence);
            }
            self.merge.document(&member.partner, Verified::of_person(person));
        }
        self.answered(member, named, more, span)
    }

    /// Notes the people who are shown, before anyone gets them; those whose consent has ended meanwhile, as far as this node was told, make way for others.
    pub(super) async fn note_people(&mut self, whom: &For) -> Result<(), StoreError> {
        let client = match whom {
            For::Client(name) => name.clone(),
            For::Worker(_) => return Ok(()),
        };
        loop {
            let came: Vec<Came> = self
                .merge
                .shown()
                .into_iter()
                .filter_map(|shown| came(shown, self.query.purpose, self.query.about.as_ref()?, &client, self.chain_of(&shown.0.partner)))
                .collect();
            let new: Vec<Came> = came.into_iter().filter(|came| self.noted.insert(came.disclosure)).collect();
            if new.is_empty() {
                return Ok(());
            }
            let kept = self.node.store().note_copies(new.clone(), self.node.now()).await?;
            for (came, _) in new.iter().zip(kept).filter(|(_, kept)| !kept) {
                if let Ok(handle) = came.handle.to_string().parse() {
                    self.merge.gone(&came.source, &[handle]);
                }
            }
        }
    }

    /// Where what came from a partner stands in a chain of processing.
    fn chain_of(&self, source: &PartnerId) -> Chain {
        Chain { transaction: self.transactions.get(source).copied(), ..traces::chain() }
    }
}

/// A person as it is noted; `None` where it is none.
fn came((ranked, verified): Shown<'_>, purpose: Purpose, about: &About, client: &str, chain: Chain) -> Option<Came> {
    let under = verified.disclosure.as_ref()?;
    let fields = under.fields.iter().map(|field| field.parse::<Field>()).collect::<Result<FieldSet, _>>().ok()?;
    Some(Came {
        disclosure: under.id.parse().ok()?,
        source: ranked.partner.clone(),
        handle: verified.document.key.as_str().parse().ok()?,
        purpose,
        epoch: Epoch(under.epoch),
        fields,
        about: about.clone(),
        client: client.to_owned(),
        use_until: under.use_until,
        chain,
    })
}
