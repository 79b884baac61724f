//! Imports are kept for their time, in a bounded number, and then nothing of them is left.

use futures::future::join_all;
use polder_model::{Kind, Timestamp};
use polder_store::imports::{Claim, Import, KEPT_SECONDS, LineCounts, MOST_IMPORTS, VerdictRow};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at};

on_both_engines!(what_is_old_is_not_shown_and_swept);

const SHA256: &str = "00";

impl Fixture {
    async fn open_import(&self, id: &str, opened_at: Timestamp) {
        self.store
            .open_import(Import { id: id.to_owned(), client: "operator".to_owned(), kind: Kind::Vacancy, opened_at })
            .await
            .expect("opened");
    }

    async fn claim(&self, id: &str, now: Timestamp) -> Claim {
        self.store.claim_part(id, 1, SHA256, now).await.expect("claimed")
    }

    /// The ids of those that are kept, the last first.
    async fn listed(&self, now: Timestamp) -> Vec<String> {
        let listed = self.store.imports(None, 2_000, now).await.expect("read");
        listed.into_iter().map(|listed| listed.import.id).collect()
    }

    /// Whether it is found, how many parts it has, and whether it has verdicts.
    async fn holds(&self, id: &str, now: Timestamp) -> (bool, usize, bool) {
        let found = self.store.import(id, now).await.expect("read").is_some();
        let parts = self.store.import_parts(id).await.expect("read").len();
        (found, parts, self.store.verdicts(id, 0).await.expect("read").is_some())
    }
}

async fn what_is_old_is_not_shown_and_swept(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    for (id, opened_at) in [("old", at(0)), ("new", at(1))] {
        fixture.open_import(id, opened_at).await;
        assert_eq!(fixture.claim(id, opened_at).await, Claim::New { after_line: 0 });
        let row = VerdictRow { part: 1, after_line: 0, last_line: 1, counts: LineCounts::default(), verdicts: b"{}\n".to_vec() };
        fixture.store.queue_verdicts(id, row).await.await.expect("kept");
        fixture.store.finish_part(id, 1).await.expect("done");
    }
    // To its last moment it is there, and swept is nothing.
    let (last, over) = (at(KEPT_SECONDS - 1), at(KEPT_SECONDS));
    assert!(!fixture.store.sweep_imports(last).await.expect("swept"));
    assert_eq!(fixture.listed(last).await, ["new", "old"]);
    assert_eq!((fixture.claim("old", last).await, fixture.holds("old", last).await), (Claim::Done, (true, 1, true)));
    // Then nobody is shown it any more, also before it is swept.
    assert_eq!(fixture.listed(over).await, ["new"]);
    assert_eq!((fixture.claim("old", over).await, fixture.holds("old", over).await), (Claim::Unknown, (false, 1, true)));
    assert!(!fixture.store.sweep_imports(over).await.expect("swept"), "there is no more of it");
    assert_eq!(fixture.listed(last).await, ["new"], "it is gone");
    assert_eq!((fixture.holds("old", last).await, fixture.holds("new", over).await), ((false, 0, false), (true, 1, true)));
}

/// On one engine: a thousand take seconds, and the statement is the same on the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_too_many_the_oldest_goes() {
    let fixture = Fixture::new(Engine::Postgres).await;
    let most = i64::from(MOST_IMPORTS);
    let names: Vec<String> = (0..=most).map(|number| format!("i{number:04}")).collect();
    join_all(names.iter().zip(0..).map(|(id, second)| fixture.open_import(id, at(second)))).await;
    let listed = fixture.listed(at(most)).await;
    assert_eq!((listed.len() as i64, listed.last()), (most, names.get(1)));
}
