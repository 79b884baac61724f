//! Faults that the exactness test plants, one at a time, to see itself go red.
//!
//! In an optimised build, the one that people run, there is none to plant: [`planted`] is a constant `false` and leaves no trace in the program. The build of
//! tests can plant one, and nothing but the test of that name does.

/// A fault that can be planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// Ties are broken by the highest hash.
    TieReversed = 1,
    /// Points for skills are rounded up.
    RoundingUp,
    /// Every skill of a vacancy counts as essential.
    ImportanceIgnored,
    /// Of equal matches the highest URI counts.
    HighestUri,
    /// A deleted offer stays in the index.
    TombstoneIgnored,
    /// A replaced offer keeps its old entry in the index.
    StaleIndexEntry,
    /// The index keeps one hit too few of those that tie at the limit.
    TieOffByOne,
    /// The index forgets to look at the closing date.
    ClosingDateIgnored,
    /// The index forgets whom an offer is for.
    AudienceIgnored,
    /// The merge loses one partner's hits.
    PartnerDropped,
    /// The merge keeps a hit twice.
    HitTwice,
    /// The asking node does not replace an offer that changed between the phases.
    SurplusForgotten,
    /// Freshness is counted from the wrong day.
    FreshnessOffByOne,
    /// The whole document is shown where the terms hide members.
    HiddenFieldsShown,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 14] = [
        Self::TieReversed,
        Self::RoundingUp,
        Self::ImportanceIgnored,
        Self::HighestUri,
        Self::TombstoneIgnored,
        Self::StaleIndexEntry,
        Self::TieOffByOne,
        Self::ClosingDateIgnored,
        Self::AudienceIgnored,
        Self::PartnerDropped,
        Self::HitTwice,
        Self::SurplusForgotten,
        Self::FreshnessOffByOne,
        Self::HiddenFieldsShown,
    ];
}

#[cfg(debug_assertions)]
static PLANTED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// Plants a fault, or removes the one that is planted.
#[cfg(debug_assertions)]
pub fn plant(fault: Option<Fault>) {
    PLANTED.store(fault.map_or(0, |fault| fault as u8), std::sync::atomic::Ordering::SeqCst);
}

/// Whether this fault is planted.
#[cfg(debug_assertions)]
#[must_use]
pub fn planted(fault: Fault) -> bool {
    PLANTED.load(std::sync::atomic::Ordering::SeqCst) == fault as u8
}

/// Whether this fault is planted: never, in a program that people run.
#[cfg(not(debug_assertions))]
#[inline(always)]
#[must_use]
pub const fn planted(_fault: Fault) -> bool {
    false
}
