//! A consent that time has ended, and that nobody has seen to yet: whatever is decided next settles it in the same transaction.

use polder_consent::{ConsentId, Epoch, Ground, State, What, WorkerId};
use polder_model::Kind;
use polder_store::Precondition;
use polder_store::people::{NotEnded, Which};

use crate::on_both_engines;
use crate::support::stage::{Stage, partner};
use crate::support::{Engine, at, key};

on_both_engines!(what_time_has_ended_is_settled_by_what_is_decided_next);

#[derive(Clone, Copy, Debug)]
enum Next {
    Give,
    Withdraw,
    WithdrawAll,
    DeleteProfile,
    Erase,
    Invalidate,
}

async fn what_time_has_ended_is_settled_by_what_is_decided_next(engine: Engine) {
    for next in [Next::Give, Next::Withdraw, Next::WithdrawAll, Next::DeleteProfile, Next::Erase, Next::Invalidate] {
        let stage = Stage::set(engine).await;
        let (worker, other) = (stage.worker("P-1").await, stage.worker("P-2").await);
        let (consent, store) = (stage.give(worker, 1, "tekst", (0, 100)).await, &stage.store);
        stage.give_to(partner(3), worker, 2, "tekst", (0, 100)).await;
        stage.give(other, 3, "tekst", (0, 100)).await;
        assert_eq!(stage.disclose(1).await.len(), 2);
        decide(&stage, next, worker, consent.id).await;

        let owed = store.owed_to(&partner(2), 0, 9).await.expect("read");
        assert_eq!(owed.iter().map(|one| one.epoch).collect::<Vec<_>>(), [Epoch(1)], "{next:?}: what the recipient has is over");
        assert_eq!(owed[0].at, at(200), "{next:?}");
        let of_worker = store.worker_by_handle(owed[0].handle, &partner(2)).await.expect("read");
        assert_eq!(of_worker, (!matches!(next, Next::Erase)).then_some(worker), "{next:?}");
        assert_eq!(store.owed_to(&partner(3), 0, 9).await.expect("read"), [], "{next:?}: it has nothing");
        assert_eq!(store.expire_consents(at(201)).await.expect("written"), 1, "{next:?}: that of the other worker alone is left");
        assert_eq!(store.owed_to(&partner(2), 0, 9).await.expect("read").len(), 2, "{next:?}");
    }
}

async fn decide(stage: &Stage, next: Next, worker: WorkerId, consent: ConsentId) {
    let store = &stage.store;
    match next {
        Next::Give => {
            let given = stage.give(worker, 9, "tekst", (200, 1_000)).await;
            assert_eq!((given.epoch, given.renews), (Epoch(2), None), "it takes nobody's place");
        }
        Next::Withdraw => {
            let refused = store.end_consent(worker, consent, What::Withdraw, at(200)).await.expect("written");
            assert_eq!(refused, Err(NotEnded::NotInForce(Some(State::Expired))));
        }
        Next::WithdrawAll => {
            let ended = store.end_all_consents(worker, What::Withdraw, at(200)).await.expect("written");
            assert_eq!(ended, [], "nothing was in force");
        }
        Next::DeleteProfile => {
            store.delete_offer(Kind::SkillOffer, &key("P-1"), Precondition::None, at(200)).await.expect("deleted");
        }
        Next::Erase => {
            let erased = store.erase_worker(worker, at(0), at(200)).await.expect("written").expect("there was one");
            assert_eq!((erased.consents, erased.disclosures), (2, 1));
            assert_eq!(erased.told.len(), 1, "the recipient is told");
        }
        Next::Invalidate => {
            let which = Which::Of(worker, vec![consent]);
            let revoked = store.revoke(which, None, Ground::NotFree, at(200)).await.expect("written").expect("it reaches back");
            assert_eq!(revoked.ended[0].kept.state(at(200)), Some(State::Invalidated));
        }
    }
}
