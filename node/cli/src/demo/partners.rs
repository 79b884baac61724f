//! The eight partners of the demo.

/// A partner of the demo. Its numbers are invented, its name says that it is one.
pub(crate) struct DemoPartner {
    /// Short name, for directories.
    pub slug: &'static str,
    pub id: &'static str,
    pub name: &'static str,
    pub role: &'static str,
}

const fn partner(slug: &'static str, id: &'static str, name: &'static str, role: &'static str) -> DemoPartner {
    DemoPartner { slug, id, name, role }
}

/// The partners, in the order in which they are shown.
pub(crate) const PARTNERS: [DemoPartner; 8] = [
    partner("provincie", "oin:00000009000000010000", "Provincie Flevoland (demo)", "province"),
    partner("almere", "oin:00000009000000020000", "Gemeente Almere (demo)", "municipality"),
    partner("lelystad", "oin:00000009000000030000", "Gemeente Lelystad (demo)", "municipality"),
    partner("roc", "oin:00000009000000040000", "ROC van Flevoland (demo)", "school"),
    partner("windesheim", "oin:00000009000000050000", "Windesheim (demo)", "school"),
    partner("flevolandwerkt", "oin:00000009000000060000", "Flevoland Werkt! (demo)", "regional-work-company"),
    partner("employer-a", "kvk:90000001", "Dobberkant Machines BV", "employer"),
    partner("employer-b", "kvk:90000002", "Kavelkade Logistiek BV", "employer"),
];
