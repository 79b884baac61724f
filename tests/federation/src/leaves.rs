//! Leaves in the log of a node, of disclosures that never were.

use futures::future::join_all;
use polder_consent::leaf::row_bytes;
use polder_consent::{Disclosure, Epoch, FieldSet, LeafKind, NewLeaf, Salt};
use polder_exchange::Node;
use polder_exchange::log::LogRow;
use polder_model::about::About;
use polder_model::{Kind, Purpose, Timestamp};

use crate::offers::PARTNERS;

/// The row of a disclosure with that number.
///
/// # Panics
/// Never: its parts are well formed.
#[must_use]
pub fn disclosure(number: u64, at: Timestamp) -> Disclosure {
    Disclosure {
        id: format!("{number:032x}").parse().expect("an id"),
        worker: format!("{:032x}", 4711).parse().expect("an id"),
        recipient: PARTNERS[1].parse().expect("a partner"),
        purpose: Purpose::MatchVacancy,
        consent: format!("{:032x}", 7).parse().expect("an id"),
        epoch: Epoch(1),
        fields: FieldSet::NONE,
        about: About { kind: Kind::Vacancy, key: "V-2041".parse().expect("a key") },
        at,
        use_until: at.plus_seconds(86_400),
        fsc_transaction: None,
    }
}

/// The salt of the row with that number: in truth salts are random.
#[must_use]
pub fn salt(number: u64) -> Salt {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Salt::from_random(bytes)
}

/// Appends the leaves of disclosures with these numbers, side by side. The rows, as their worker has them, in the order of the leaves.
///
/// # Panics
/// When they cannot be stored, or were before.
pub async fn append(node: &Node, numbers: std::ops::Range<u64>) -> Vec<LogRow> {
    let now = node.now();
    let rows = |number| row_bytes(&disclosure(number, now));
    let all = numbers.clone().map(async |number| {
        let (kind, row, salt) = (LeafKind::Disclosure, rows(number), salt(number));
        let (recipient, purpose) = (PARTNERS[1].parse().ok(), Some(Purpose::MatchVacancy));
        let leaf = NewLeaf { at: now, kind, recipient, purpose, activity: Some("bemiddeling/3".to_owned()), salt, row };
        let name = format!("disclosure {number}");
        assert!(node.store().replace_setting_logged(&name, None, "", leaf).await.expect("stored"), "once each");
    });
    let first = node.store().log_size().await.expect("read");
    join_all(all).await;
    // The writer takes them in the order in which they came.
    (first..).zip(numbers).map(|(seq, number)| LogRow { seq, text: Some((rows(number), salt(number))) }).collect()
}
