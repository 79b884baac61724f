//! An honest system of a recipient: it keeps what it gets for as long as it may, reads what it is to erase, erases, and says so.

use polder_consent::FieldSet;
use polder_exchange::Node;
use polder_model::Timestamp;

use crate::history::Item;

/// Its name at its node.
pub const SYSTEM: &str = "operator";

/// What it has of a person, and whose node gave it.
#[derive(Clone, Debug)]
pub struct Copy {
    pub source: usize,
    pub item: Item,
}

/// A system.
#[derive(Default)]
pub struct Client {
    pub copies: Vec<Copy>,
    /// Up to which number it has erased.
    pub erased: u64,
}

impl Client {
    pub fn takes(&mut self, source: usize, item: Item) {
        self.copies.push(Copy { source, item });
    }

    /// By its own clock, what may be used no longer is gone.
    pub fn lapse(&mut self, now: Timestamp) {
        self.copies.retain(|copy| now < copy.item.use_until);
    }

    /// Reads what is to be erased, at most so many, erases it, and then says so.
    pub async fn erase(&mut self, node: &Node, number_of: impl Fn(&polder_model::PartnerId) -> usize, most: u32) {
        let erasures = node.erasures(SYSTEM, self.erased, most).await.expect("read");
        for erasure in &erasures {
            let source = number_of(&erasure.source);
            let means = |copy: &Copy| {
                let Item { disclosure, handle, purpose, epoch, .. } = &copy.item;
                let named = erasure.named.is_empty() || erasure.named.contains(disclosure);
                copy.source == source && *handle == erasure.handle && *purpose == erasure.purpose && *epoch <= erasure.epoch.0 && named
            };
            for copy in self.copies.iter_mut().filter(|copy| means(copy)) {
                let fields = copy.item.fields;
                copy.item.fields = if erasure.fields.is_empty() { FieldSet::NONE } else { fields.without(erasure.fields) };
            }
        }
        self.copies.retain(|copy| !copy.item.fields.is_empty());
        if let Some(last) = erasures.last() {
            self.erased = last.number;
            node.erased(SYSTEM, last.number, Vec::new()).await.expect("noted").expect("nothing is kept");
        }
    }
}
