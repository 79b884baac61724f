//! What happens to one worker: they give, are found, narrow, are found again, withdraw; copies are erased; logs are signed; they give anew.

use std::path::Path;

use polder_consent::{Field, WorkerId};
use polder_federation_tests::local::Federation;
use polder_federation_tests::people::{MATCHED, decision, give, morning, profile, put, seek, vacancy};

/// The system of the recipient.
pub const SYSTEM: &str = "operator";

/// A source and a recipient.
pub struct Stage {
    pub federation: Federation,
    pub worker: WorkerId,
}

impl Stage {
    /// Opens what is in a directory, or begins there.
    pub async fn open(directory: &Path) -> Self {
        let federation = Federation::about_people_at(directory, 2, morning()).await;
        let source = &federation.nodes[0];
        let key = "P-1".parse().expect("a key");
        let worker = match source.store().worker_of(&key, morning()).await.expect("read") {
            Some(worker) => worker,
            None => {
                vacancy(&federation.nodes[1], "V-1").await;
                put(source, "P-1", &profile("Monteur")).await
            }
        };
        Self { federation, worker }
    }

    async fn gives(&self, fields: &[Field]) {
        let recipient = &self.federation.nodes[1].home().partner;
        let given = give(&self.federation.nodes[0], self.worker, &decision(&[recipient], fields)).await.expect("given");
        said("given", &given[0].epoch.0);
    }

    async fn is_found(&self) {
        for hit in seek(&self.federation.nodes[1]).await.hits {
            said("seen", &format!("{} {}", hit.disclosure.expect("under what it was given").id, hit.key));
        }
    }

    /// Brings what is owed, and has the system erase what it is to.
    pub async fn erases(&self) {
        let [source, recipient] = [0, 1].map(|number| &self.federation.nodes[number]);
        source.deliver_once().await.expect("delivered");
        said("delivered", &"");
        if let Some(last) = recipient.erasures(SYSTEM, 0, 100).await.expect("read").last() {
            recipient.erased(SYSTEM, last.number, Vec::new()).await.expect("erased").expect("nothing is kept");
            said("erased", &last.number);
        }
    }

    pub async fn happens(&self) {
        self.gives(&[Field::Title, Field::Skills, Field::Hours, Field::Postcode]).await;
        self.is_found().await;
        self.gives(&MATCHED).await;
        self.is_found().await;
        self.erases().await;
        self.federation.nodes[0].withdraw_all(self.worker).await.expect("withdrawn");
        said("withdrawn", &2);
        self.erases().await;
        self.federation.tend_logs().await;
        said("signed", &self.federation.nodes[0].store().log_size().await.expect("read"));
        self.gives(&MATCHED).await;
    }
}

/// Tells whoever listens that something is done: it must not be lost from here on.
fn said(what: &str, which: &dyn std::fmt::Display) {
    println!("done {what} {which}");
}
