//! What kinds of work there are in the demo, and what one says about them.

use super::{roles_care, roles_public, roles_technical, roles_trade};

/// Where work belongs, so that it meets an employer who has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Machines,
    Ships,
    Vehicles,
    Installing,
    Building,
    Logistics,
    Farming,
    Food,
    Kitchen,
    Care,
    Children,
    Teaching,
    Software,
    Energy,
    Mobility,
    Assets,
    Desk,
    Campus,
}

/// Which occupation it is: its Dutch label in the reference tables.
#[derive(Clone, Copy)]
pub(super) struct Of(pub &'static str);

/// A kind of work.
pub(super) struct Role {
    pub field: Field,
    pub of: Of,
    pub titles: &'static [&'static str],
    /// Sentences: what you do.
    pub tasks: &'static [&'static str],
    /// Sentences: what you bring.
    pub brings: &'static [&'static str],
    /// Labels of skills beside those of the occupation.
    pub more: &'static [&'static str],
    /// Full-time salary in euros a month.
    pub pay: (u32, u32),
    pub licences: &'static [&'static str],
}

/// Every role of these fields.
pub(super) fn of_fields(fields: &[Field]) -> Vec<&'static Role> {
    let lists = [roles_technical::ROLES, roles_trade::ROLES, roles_care::ROLES, roles_public::ROLES];
    lists.into_iter().flatten().filter(|role| fields.contains(&role.field)).collect()
}
