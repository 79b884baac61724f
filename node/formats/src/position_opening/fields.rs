//! What becomes of each element of a PositionOpening of HR-XML 2.5, and of PositionOpeningNL of SETU Vacancies 1.1.

use crate::fields::{Fate, Field, Table};

const SPREAD: Fate = Fate::LeftOut("it says where the vacancy is to be published");
const FOREIGN: Fate = Fate::LeftOut("it is an extension that partners agree on between themselves");

macro_rules! fields {
    ($($name:literal => $fate:expr,)+) => { &[$(Field { name: $name, fate: $fate }),+] };
}

/// The elements, by their names alone: what stands in one of them is part of it.
pub const TABLE: Table = Table {
    title: "SETU Vacancies 1.1 and HR-XML 2.5: PositionOpeningNL, PositionOpening",
    about: "Elements are known by their names, whatever their namespace. What stands in an element of this table is part of it. Codes of SETU whose meaning this \
            reader was not told (education 1–6, job category 1–29, contract feature 1–22, language 1–4) are kept as text.",
    fields: fields![
        "@lang" => Fate::Mapped(&["/language"]),
        "Id" => Fate::Key,
        "Status" => Fate::Steers("`x:delete`, `x:deactivate`, inactive and closed end the offer"),
        "PositionSupplierNL" => Fate::Mapped(&["/employer/name", "/employer/kvk"]),
        "PositionSupplier" => Fate::Mapped(&["/employer/name", "/employer/kvk"]),
        "Company" => Fate::Mapped(&["/employer/name"]),
        "OrganizationName" => Fate::Mapped(&["/employer/name"]),
        "OrganizationId" => Fate::Mapped(&["/employer/kvk"]),
        "IndustryCode" => Fate::Mapped(&["/employer/sbi"]),
        "OrganizationDescription" => Fate::Text("Over de werkgever", "About the employer"),
        "ContactInfo" => Fate::Text("Meer informatie", "More information"),
        "StartDate" => Fate::Mapped(&["/startDate"]),
        "StartAsSoonAsPossible" => Fate::Text("Zo snel mogelijk", "As soon as possible"),
        "MaximumStartDate" => Fate::Text("Begint uiterlijk op", "Starts no later than"),
        "ExpectedEndDate" => Fate::Text("Duurt tot", "Until"),
        "PhysicalLocation" => Fate::Mapped(&["/location"]),
        "JobCategory" => Fate::Text("Beroepsgroep (code van SETU)", "Job category (code of SETU)"),
        "FunctionName" => Fate::Mapped(&["/title"]),
        "PositionTitle" => Fate::Mapped(&["/title"]),
        "FunctionDescription" => Fate::Mapped(&["/description"]),
        "FormattedPositionDescription" => Fate::Mapped(&["/description"]),
        "SalaryScale" => Fate::Text("Salarisschaal", "Salary scale"),
        "BasePay" => Fate::Mapped(&["/salary"]),
        "Benefits" => Fate::Text("Arbeidsvoorwaarden", "Benefits"),
        "OtherPay" => Fate::Text("Extra beloning", "Other pay"),
        "HoursPerWeek" => Fate::Mapped(&["/hours"]),
        "PositionSchedule" => Fate::Text("Werktijden", "Schedule"),
        "PositionClassification" => Fate::Text("Dienstverband", "Employment"),
        "Shift" => Fate::Text("Diensten", "Shifts"),
        "ContractDetails" => Fate::Mapped(&["/contracts"]),
        "EducationDegree" => Fate::Mapped(&["/minimumEducation"]),
        "WorkingAndThinkingLevel" => Fate::Mapped(&["/minimumEducation"]),
        "YearsOfRelevantWorkingExperience" => Fate::Text("Jaren ervaring", "Years of experience"),
        "CareerLevel" => Fate::Text("Loopbaanfase", "Career level"),
        "LicensesAndCertifications" => Fate::Mapped(&["/licences"]),
        "Competency" => Fate::Mapped(&["/skills"]),
        "Languages" => Fate::Text("Talen", "Languages"),
        "Travel" => Fate::Text("Reizen", "Travel"),
        "Relocation" => Fate::Text("Verhuizen", "Relocation"),
        "HowToApply" => Fate::Mapped(&["/application/url", "/application/email", "/application/telephone"]),
        "ClosingDate" => Fate::Mapped(&["/closingDate"]),
        "NumberToFill" => Fate::Mapped(&["/positions"]),
        "PositionPostings" => SPREAD,
        "DistributionGuidelinesNL" => SPREAD,
        "DistributionGuidelines" => SPREAD,
        "AdvertisementInfoNL" => SPREAD,
        "AdvertisementInfo" => SPREAD,
        "ExtensionsNL" => FOREIGN,
        "UserArea" => FOREIGN,
    ],
};
