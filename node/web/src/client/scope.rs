//! What a client may be allowed to do: the closed list of scopes, and which of them a system may have.

use polder_model::Kind;

/// What a client may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Read this partner's own offers of a kind.
    Read(Kind),
    /// Write them.
    Write(Kind),
    /// Follow what happens; the operation sees what of it.
    Follow,
    /// Write offers of some kind; the operation sees which.
    WriteSome,
    /// Ask the federation.
    Query,
    /// See who is in the federation. Workers may: they choose who sees something of them.
    ReadPartners,
    /// Ask for people, and for their contact details.
    Match,
    /// See what the caller itself is to erase of people whom it was told of, and say that it is.
    Erase,
    /// Read applications that came for this partner's vacancies.
    ReadApplications,
    /// Say what became of them.
    SayApplication,
    /// See who has not erased yet what workers withdrew, and the record of processing activities.
    Oversee,
    /// Ask workers for consent, and see what is in force of what was asked.
    AskConsent,
    /// End workers' consents on a stated ground, as a privacy officer.
    RevokeConsent,
    /// Invite a worker to take over a profile.
    Invite,
    /// Have itself told of what happens.
    Webhooks,
    /// Save searches that are asked again.
    Searches,
    /// Ask as the exchange of VUM.
    Vum,
    /// Propose, approve and end systems. No system has it.
    Manage,
    /// Decide about oneself, and see what was done with it. No system and no staff of a partner has it.
    Me,
}

impl Scope {
    /// The scopes that a system may be approved for.
    pub(crate) fn of_clients() -> Vec<Self> {
        let kinds = Kind::ALL.into_iter().flat_map(|kind| [Self::Read(kind), Self::Write(kind)]);
        let others = [
            Self::Query,
            Self::ReadPartners,
            Self::Match,
            Self::ReadApplications,
            Self::SayApplication,
            Self::AskConsent,
            Self::Invite,
            Self::Oversee,
            Self::Webhooks,
            Self::Searches,
            Self::Vum,
        ];
        kinds.chain(others).collect()
    }

    /// Those that a system in a sandbox may be approved for: nothing of people, and questions for public offers.
    pub(crate) fn of_sandboxes() -> Vec<Self> {
        let kinds = Kind::ALL.into_iter().filter(|kind| !kind.is_personal());
        kinds.flat_map(|kind| [Self::Read(kind), Self::Write(kind)]).chain([Self::Query, Self::ReadPartners]).collect()
    }

    /// Whether it is about workers of this partner itself: a system that acts for others alone does not have it.
    pub(crate) fn is_of_partner(self) -> bool {
        matches!(
            self,
            Self::Read(Kind::SkillOffer) | Self::Write(Kind::SkillOffer) | Self::AskConsent | Self::Invite | Self::Oversee | Self::Vum
        )
    }

    /// What a scope lets a system do.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Read(_) => "Read offers of this kind of the organisations for which the system acts.",
            Self::Write(_) => "Write them.",
            Self::Follow => "Follow what happens.",
            Self::WriteSome => "Write offers of some kind.",
            Self::Query => "Ask the federation.",
            Self::ReadPartners => "See who is in the federation.",
            Self::Match => "Ask for people, ask for their contact details, be told what is to be erased of them and say that it is.",
            Self::Erase => "Be told what is to be erased, and say that it is.",
            Self::ReadApplications => "Read applications that came, be told what is to be erased of them and say that it is.",
            Self::SayApplication => "Say what became of an application.",
            Self::Oversee => "See who has not erased yet what workers withdrew, and the record of processing activities.",
            Self::AskConsent => "Ask workers for consent.",
            Self::RevokeConsent => "End workers' consents on a stated ground.",
            Self::Invite => "Invite a worker to take over a profile.",
            Self::Webhooks => "Make webhooks, by which it is told of what it may read, and end them.",
            Self::Vum => "Ask as the exchange of VUM, by a TLS certificate: vacancies that everyone may see.",
            Self::Manage => "Propose, approve and end systems.",
            Self::Searches => "Save searches for vacancies and trainings, which the node asks again; be told what is new.",
            Self::Me => "Decide about oneself.",
        }
    }

    /// The scopes of which one is enough.
    pub(crate) fn one_of(self) -> Vec<Self> {
        match self {
            Self::Follow => Kind::ALL
                .into_iter()
                .map(Self::Read)
                .chain([Self::ReadApplications, Self::Match, Self::Searches, Self::AskConsent])
                .collect(),
            Self::WriteSome => Kind::ALL.into_iter().map(Self::Write).collect(),
            // Whoever may get something of people.
            Self::Erase => vec![Self::Match, Self::ReadApplications],
            one => vec![one],
        }
    }

    /// The name of the scope.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Read(kind) => format!("{kind}:read"),
            Self::Write(kind) => format!("{kind}:write"),
            Self::Follow => "to read something of which events tell".to_owned(),
            Self::WriteSome => "to write a collection".to_owned(),
            Self::Erase => "to get something of people".to_owned(),
            Self::Query => "query".to_owned(),
            Self::ReadPartners => "partner:read".to_owned(),
            Self::Match => "skill-offer:match".to_owned(),
            Self::ReadApplications => "application:read".to_owned(),
            Self::SayApplication => "application:status".to_owned(),
            Self::Oversee => "consent:oversee".to_owned(),
            Self::AskConsent => "consent:request".to_owned(),
            Self::RevokeConsent => "consent:revoke".to_owned(),
            Self::Invite => "worker:invite".to_owned(),
            Self::Webhooks => "webhook:manage".to_owned(),
            Self::Searches => "search:manage".to_owned(),
            Self::Vum => "vum:ask".to_owned(),
            Self::Manage => "client:manage".to_owned(),
            Self::Me => "me, which a worker alone has".to_owned(),
        }
    }
}
