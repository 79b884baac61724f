//! What becomes of each property of schema.org JobPosting 30.0, and of those that every thing has.

use crate::fields::{Fate, Field, Table};

const PUBLISHED: &str = "a node keeps its own times";
const ONE_VIEW: &str = "an offer has text and no pictures";

/// The properties.
pub const TABLE: Table = Table {
    title: "schema.org JobPosting 30.0",
    about: "Read from a JSON-LD object, a list, `@graph`, `ItemList` or `DataFeed`, from NDJSON, and from a page with `<script type=\"application/ld+json\">`. \
            Written as one object, for everyone: an offer whose terms name its recipients is not written. HTML becomes plain text with paragraphs.",
    fields: FIELDS,
};

macro_rules! fields {
    ($($name:literal => $fate:expr,)+) => { &[$(Field { name: $name, fate: $fate }),+] };
}

const FIELDS: &[Field] = fields![
    "additionalType" => Fate::LeftOut("it says what kind of thing it is in another vocabulary"),
    "alternateName" => Fate::LeftOut("an offer has one title"),
    "applicantLocationRequirements" => Fate::Text("Waar u moet wonen", "Where you must live"),
    "applicationContact" => Fate::Mapped(&["/application/email", "/application/telephone", "/application/url", "/application/instructions"]),
    "baseSalary" => Fate::Mapped(&["/salary"]),
    "benefits" => Fate::Text("Arbeidsvoorwaarden", "Benefits"),
    "datePosted" => Fate::LeftOut(PUBLISHED),
    "description" => Fate::Mapped(&["/description"]),
    "directApply" => Fate::LeftOut("it is about the page on which it stands"),
    "disambiguatingDescription" => Fate::Text("Samenvatting", "Summary"),
    "educationRequirements" => Fate::Mapped(&["/minimumEducation"]),
    "eligibilityToWorkRequirement" => Fate::Text("Toestemming om te werken", "Permission to work"),
    "employerOverview" => Fate::Text("Over de werkgever", "About the employer"),
    "employmentType" => Fate::Mapped(&["/contracts"]),
    "employmentUnit" => Fate::Text("Afdeling", "Department"),
    "estimatedSalary" => Fate::LeftOut("it is an estimate that is not the employer's"),
    "experienceInPlaceOfEducation" => Fate::Text("Ervaring telt als opleiding", "Experience in place of education"),
    "experienceRequirements" => Fate::Text("Ervaring", "Experience"),
    "hiringOrganization" => Fate::Mapped(&["/employer/name", "/employer/kvk"]),
    "identifier" => Fate::Key,
    "image" => Fate::LeftOut(ONE_VIEW),
    "incentiveCompensation" => Fate::Text("Extra beloning", "Incentives"),
    "incentives" => Fate::Text("Extra beloning", "Incentives"),
    "industry" => Fate::Mapped(&["/employer/sbi", "/employer/sector"]),
    "jobBenefits" => Fate::Text("Arbeidsvoorwaarden", "Benefits"),
    "jobDuration" => Fate::Text("Duur", "Duration"),
    "jobImmediateStart" => Fate::Text("Per direct", "Immediate start"),
    "jobLocation" => Fate::Mapped(&["/location/postcode", "/location/place", "/location/municipality", "/location/latitude", "/location/longitude", "/location"]),
    "jobLocationType" => Fate::Mapped(&["/location/remoteShare"]),
    "jobStartDate" => Fate::Mapped(&["/startDate"]),
    "mainEntityOfPage" => Fate::LeftOut("it is about the page on which it stands"),
    "occupationalCategory" => Fate::Mapped(&["/occupations"]),
    "owner" => Fate::LeftOut("the partner that publishes is known by its node"),
    "physicalRequirement" => Fate::Text("Lichamelijke eisen", "Physical requirements"),
    "potentialAction" => Fate::LeftOut("it is about the page on which it stands"),
    "qualifications" => Fate::Text("Gevraagde kwalificaties", "Qualifications"),
    "relevantOccupation" => Fate::Mapped(&["/occupations"]),
    "responsibilities" => Fate::Text("Taken", "Responsibilities"),
    "salaryCurrency" => Fate::Steers("the currency of `baseSalary`, where that names none"),
    "sameAs" => Fate::Mapped(&["/application/url"]),
    "securityClearanceRequirement" => Fate::Text("Screening", "Security clearance"),
    "sensoryRequirement" => Fate::Text("Eisen aan zien, horen en voelen", "Sensory requirements"),
    "skills" => Fate::Mapped(&["/skills"]),
    "specialCommitments" => Fate::Text("Bijzonderheden van de werkgever", "Special commitments"),
    "subjectOf" => Fate::LeftOut(ONE_VIEW),
    "title" => Fate::Mapped(&["/title"]),
    "name" => Fate::Mapped(&["/title"]),
    "totalJobOpenings" => Fate::Mapped(&["/positions"]),
    "url" => Fate::Mapped(&["/application/url"]),
    "validThrough" => Fate::Mapped(&["/closingDate"]),
    "workHours" => Fate::Mapped(&["/hours"]),
    "inLanguage" => Fate::Mapped(&["/language"]),
    "@language" => Fate::Mapped(&["/language"]),
];

/// Members of a vacancy that have no property of JobPosting, and why.
pub const NOT_WRITTEN: &[(&str, &str)] = &[
    ("/skills/level", "a skill of schema.org has no level"),
    ("/skills/importance", "`skills` says nothing of how much each is needed; only the essential ones are written"),
    ("/workingTimes", "there is no property for it"),
    ("/season", "there is no property for it"),
    ("/contracts", "`employmentType` knows fixed-term, freelance, internship and volunteer alone"),
    ("/contracts/recognisedTrainingCompany", "there is no property for it"),
    ("/welcomesSharing", "there is no property for it"),
    ("/location/remoteShare", "there is none but at a place and wholly remote; hybrid is written as at a place"),
    ("/location/latitude", "a point has two coordinates, and the offer has one"),
    ("/languages", "there is no property for it"),
    ("/licences", "there is no property for it"),
    ("/terms", "what is published is for everyone"),
];
