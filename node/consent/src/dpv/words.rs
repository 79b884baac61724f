//! Which of their words stands for which of ours: the only place where that is decided.

use polder_model::Purpose;

use super::CONTEXT;
use crate::field::Field;
use crate::purpose::LegalBasis;
use crate::state::State;

/// The word of a state with its prefix.
pub(super) fn short(state: State) -> String {
    state.dpv().replacen(CONTEXT.dpv, "dpv:", 1)
}

/// The nearest broader purpose of the vocabulary.
pub(super) const fn broader_purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::MatchVacancy | Purpose::Application => "dpv:PersonnelHiring",
        Purpose::BeContacted => "dpv:CommunicationManagement",
        Purpose::TrainingAdvice => "dpv:ProvidePersonalisedRecommendations",
        Purpose::RegionalStatistics => "dpv:NonCommercialResearch",
        Purpose::FindWork | Purpose::FindTraining => "dpv:RequestedServiceProvision",
    }
}

/// The article of the GDPR, as the vocabulary names it.
pub(super) const fn legal_basis(basis: LegalBasis) -> &'static str {
    match basis {
        LegalBasis::Consent => "eu-gdpr:A6-1-a",
        LegalBasis::ContractRequest => "eu-gdpr:A6-1-b-enter-into-contract",
    }
}

/// The nearest broader kind of personal data (`https://w3id.org/dpv/pd`).
pub(super) const fn kind_of_data(field: Field) -> &'static str {
    match field {
        Field::Title | Field::Skills => "pd:Professional",
        Field::Description | Field::Motivation => "pd:IndividualProfile",
        Field::OccupationsWanted => "pd:Job",
        Field::OccupationsHeld => "pd:EmploymentHistory",
        Field::Education => "pd:EducationQualification",
        Field::Hours
        | Field::PeriodWishes
        | Field::WorkingTimes
        | Field::Contracts
        | Field::EmployersAtOnce
        | Field::AvailableFrom
        | Field::AvailableUntil
        | Field::Commute
        | Field::Sectors => "pd:Preference",
        Field::Postcode => "pd:Location",
        Field::Languages => "pd:Language",
        Field::Licences => "pd:ProfessionalCertification",
        Field::Interests => "pd:Interest",
        Field::SalaryWish => "pd:Salary",
        Field::ContactName => "pd:Name",
        Field::ContactEmail => "pd:EmailAddress",
        Field::ContactTelephone => "pd:TelephoneNumber",
    }
}
