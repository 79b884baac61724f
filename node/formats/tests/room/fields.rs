//! Every field of every format has a fate, written down once.

use polder_formats::fields::{Fate, Table};
use polder_formats::{curriculum, education, job_posting, position_opening, vum};
use serde_json::Value;

/// The properties of JobPosting in schema.org 30.0, with those that were superseded.
const JOB_POSTING: &str = "applicationContact baseSalary datePosted educationRequirements eligibilityToWorkRequirement employerOverview employmentType \
    employmentUnit estimatedSalary experienceRequirements hiringOrganization incentiveCompensation industry jobBenefits jobImmediateStart jobLocation \
    jobLocationType jobStartDate occupationalCategory physicalRequirement qualifications relevantOccupation responsibilities salaryCurrency \
    securityClearanceRequirement sensoryRequirement skills specialCommitments title totalJobOpenings validThrough workHours \
    applicantLocationRequirements directApply experienceInPlaceOfEducation jobDuration benefits incentives";
/// The properties of every Thing.
const THING: &str = "additionalType alternateName description disambiguatingDescription identifier image mainEntityOfPage name owner potentialAction \
    sameAs subjectOf url";

/// Names in the list that the table lacks, and names in the table that the list lacks.
fn compare(table: &Table, names: &[&str], extra: &[&str]) {
    for name in names {
        assert!(table.field(name).is_some(), "{}: {name} has no fate", table.title);
    }
    for field in table.fields {
        assert!(names.contains(&field.name) || extra.contains(&field.name), "{}: {} is no field of the format", table.title, field.name);
        assert_eq!(table.fields.iter().filter(|other| other.name == field.name).count(), 1, "{}: {} stands twice", table.title, field.name);
    }
}

/// Each member that a field is said to become is one of the schema.
fn members_exist(table: &Table, kind: &str) {
    let schema: Value = serde_json::from_str(polder_schemas::schema(kind).expect("known")).expect("JSON");
    for field in table.fields {
        let Fate::Mapped(members) = field.fate else { continue };
        for member in members {
            let mut place = &schema;
            for step in member.split('/').skip(1) {
                let inner = if place["type"] == "array" { &place["items"] } else { place };
                place = inner["properties"]
                    .get(step)
                    .unwrap_or_else(|| panic!("{}: {} becomes {member}, which is no member", table.title, field.name));
            }
        }
    }
}

#[test]
fn every_property_of_job_posting_has_a_fate() {
    let names: Vec<&str> = JOB_POSTING.split_whitespace().chain(THING.split_whitespace()).collect();
    compare(&job_posting::TABLE, &names, &["@language", "inLanguage"]);
    members_exist(&job_posting::TABLE, "vacancy");
}

/// What SETU Vacancies 1.1 lists, and of HR-XML 2.5 what a PositionOpening has; containers stand for what is in them.
const POSITION_OPENING: &str = "Id Status PositionSupplierNL PositionSupplier Company OrganizationName OrganizationId IndustryCode OrganizationDescription \
    ContactInfo StartDate StartAsSoonAsPossible MaximumStartDate ExpectedEndDate PhysicalLocation JobCategory FunctionName PositionTitle FunctionDescription \
    FormattedPositionDescription SalaryScale BasePay Benefits OtherPay HoursPerWeek PositionSchedule PositionClassification Shift ContractDetails EducationDegree \
    WorkingAndThinkingLevel YearsOfRelevantWorkingExperience CareerLevel LicensesAndCertifications Competency Languages Travel Relocation HowToApply ClosingDate \
    NumberToFill PositionPostings DistributionGuidelinesNL DistributionGuidelines AdvertisementInfoNL AdvertisementInfo ExtensionsNL UserArea";

#[test]
fn every_element_of_a_position_opening_has_a_fate() {
    compare(&position_opening::TABLE, &POSITION_OPENING.split_whitespace().collect::<Vec<_>>(), &["@lang"]);
    members_exist(&position_opening::TABLE, "vacancy");
}

/// Version 6 and what 6.1 adds, as the specification lists the members of each schema.
const COURSE_6: &str = "courseId primaryCode name abbreviation studyLoad modesOfDelivery duration firstStartDate firstPossibleOfferingStartDateTime \
    lastPossibleOfferingStartDateTime lastPossibleOfferingEndDateTime description teachingLanguages fieldsOfStudy learningOutcomeIds learningOutcomes \
    admissionRequirements qualificationRequirements level enrolment resources assessment link addresses otherCodes programmeIds supplementaryInformation \
    programmes coordinatorIds coordinators instructorIds instructors organisationId organisation validFrom validTo timelineOverrides consumer ext";
const PROGRAMME_6: &str = "programmeId primaryCode programmeType name abbreviation description teachingLanguages studyLoad qualificationAwarded \
    qualificationDesignations modeOfStudy modesOfDelivery duration firstStartDateTime firstPossibleOfferingStartDateTime lastPossibleOfferingStartDateTime \
    lastPossibleOfferingEndDateTime levelOfQualification level fieldsOfStudy enrolment resources learningOutcomeIds learningOutcomes assessment \
    admissionRequirements qualificationRequirements formalDocument link otherCodes addresses parentId parent childIds children coordinatorIds coordinators \
    instructorIds instructors organisationId organisation supplementaryInformation validFrom validTo timelineOverrides consumer ext";
const OFFERING_6: &str = "courseOfferingId programmeOfferingId primaryCode groupIds academicSessionId academicSession name state rosteringState abbreviation \
    description teachingLanguages modesOfDelivery maxNumberStudents enrolledNumberStudents pendingNumberStudents minNumberStudents resultExpected resultValueType \
    link otherCodes enrolmentPeriods supplementaryInformation startDateTime endDateTime flexibleEntryPeriodStartDateTime flexibleEntryPeriodEndDateTime addresses \
    priceInformation courseId course programmeId programme programmeOfferingIds programmeOfferings organisationId organisation consumer ext";
const OUTCOME_6: &str = "learningOutcomeId primaryCode name abbreviation description parentIds parents childIds children fieldsOfStudy otherCodes complexityLevel \
    validFrom validTo consumer ext";
const ORGANISATION_6: &str = "organisationId primaryCode organisationType name shortName description addresses link logo otherCodes rootId root parentId parent \
    childIds children consumer ext";
/// Version 5.
const COURSE_5: &str = "courseId primaryCode name abbreviation ects studyLoad duration description teachingLanguage learningOutcomes requirements \
    admissionRequirements qualificationRequirements level fieldsOfStudy firstStartDate modeOfDelivery enrollment resources assessment link educationSpecification \
    addresses otherCodes programs coordinators organization validFrom validTo timelineOverrides consumers ext";
const PROGRAMME_5: &str = "programId primaryCode programType name abbreviation description teachingLanguage studyLoad qualificationAwarded modeOfStudy \
    modeOfDelivery duration firstStartDate levelOfQualification level sector fieldsOfStudy enrollment resources learningOutcomes assessment admissionRequirements \
    qualificationRequirements formalDocument link educationSpecification otherCodes addresses parent children coordinators organization validFrom validTo \
    timelineOverrides consumers ext";
const OFFERING_5: &str = "offeringId primaryCode offeringType academicSession name abbreviation description offeringState teachingLanguage modeOfDelivery modeOfStudy \
    maxNumberStudents enrolledNumberStudents pendingNumberStudents minNumberStudents resultExpected resultValueType link otherCodes consumers ext startDate endDate \
    enrollStartDate enrollEndDate flexibleEntryPeriodStart flexibleEntryPeriodEnd addresses priceInformation course program programOffering organization";
const ORGANISATION_5: &str =
    "organizationId primaryCode organizationType name shortName description addresses link logo otherCodes parent children consumers ext";

#[test]
fn every_field_of_the_open_education_api_has_a_fate() {
    for (table, names) in [
        (education::COURSE_6, COURSE_6),
        (education::PROGRAMME_6, PROGRAMME_6),
        (education::OFFERING_6, OFFERING_6),
        (education::OUTCOME_6, OUTCOME_6),
        (education::ORGANISATION_6, ORGANISATION_6),
        (education::COURSE_5, COURSE_5),
        (education::PROGRAMME_5, PROGRAMME_5),
        (education::OFFERING_5, OFFERING_5),
        (education::ORGANISATION_5, ORGANISATION_5),
    ] {
        compare(&table, &names.split_whitespace().collect::<Vec<_>>(), &[]);
        members_exist(&table, "training");
    }
}

/// The members of a vacancy in the interface of the exchange, version 3.0; lists are marked.
const VUM: &str = "vumID idVacature nummerVacature naamVacature omschrijvingVacature sluitingsdatumVacature beroep.codeBeroepsnaam \
    competentiebeheersing[].codeCompetentie codeWerkEnDenkniveauMinimaal sector.codeSbi adres.postcode adres.straatnaam adres.huisnummer \
    adres.huisnummertoevoeging sollicitatiewijze[].codeSollicitatiewijze sollicitatiewijze[].webadres.codeWebadres sollicitatiewijze[].webadres.url \
    arbeidsVoorwaarden.datumAanvangWerkzaamheden arbeidsVoorwaarden.datumEindeWerkzaamheden arbeidsVoorwaarden.omschrijvingArbeidsvoorwaarden \
    arbeidsVoorwaarden.salarisIndicatie contractvorm[].codeTypeArbeidscontract contractvorm[].codeTypeOvereenkomst \
    werktijden.aantalWerkurenPerWeekMinimaal werktijden.aantalWerkurenPerWeekMaximaal werktijden.indicatieKantoortijden \
    flexibiliteit.datumEindeBeschikbaarVoorWerk flexibiliteit.indicatieOnregelmatigWerkOfPloegendienst opleiding[].codeOpleidingsnaam \
    opleiding[].codeNiveauOpleiding opleiding[].indicatieDiploma opleiding[].toelichtingOpleiding cursus[].naamCursus cursus[].indicatieCertificaat \
    cursus[].toelichtingCursus werkervaring[].aantalJarenWerkzaamInBeroep rijbewijs[].codeSoortRijbewijs taalbeheersing[].codeTaal \
    taalbeheersing[].codeNiveauTaalbeheersingLezen taalbeheersing[].codeNiveauTaalbeheersingLuisteren taalbeheersing[].codeNiveauTaalbeheersingMondeling \
    taalbeheersing[].codeNiveauTaalbeheersingSchriftelijk vervoermiddel[].codeVervoermiddel vervoermiddel[].indicatieBeschikbaarVoorUitvoeringWerk \
    vervoermiddel[].indicatieBeschikbaarVoorWoonWerkverkeer werkgever.handelsnaamOrganisatie werkgever.sector werkgever.webadres werkgever.contactpersoon";
/// The members of version 1.0 of its schema, where a part is read member by member; the others whole.
const RESUME: &str = "basics.name basics.label basics.image basics.email basics.phone basics.url basics.summary basics.location.address \
    basics.location.postalCode basics.location.city basics.location.countryCode basics.location.region basics.profiles work[].name work[].location \
    work[].description work[].position work[].url work[].startDate work[].endDate work[].summary work[].highlights volunteer education[].institution \
    education[].url education[].area education[].studyType education[].startDate education[].endDate education[].score education[].courses awards \
    certificates publications skills[].name skills[].level skills[].keywords languages[].language languages[].fluency interests references projects meta";

#[test]
fn every_field_of_the_exchange_and_of_a_cv_has_a_fate() {
    for (table, names, kind) in [(vum::TABLE, VUM, "vacancy"), (curriculum::RESUME, RESUME, "skill-offer")] {
        compare(&table, &names.split_whitespace().collect::<Vec<_>>(), &[]);
        members_exist(&table, kind);
    }
    // Of Europass no list of elements is at hand: that each row of its tables holds is tried where it is read.
    for table in [curriculum::PASSPORT, curriculum::CANDIDATE] {
        compare(&table, &table.fields.iter().map(|field| field.name).collect::<Vec<_>>(), &[]);
        members_exist(&table, "skill-offer");
    }
}

/// The tables, as `docs/formats.md` has them after this mark.
const MARK: &str = "<!-- The tables below are made from the code: POLDER_WRITE=1 cargo test -p polder-formats fields:: -->\n";

#[test]
fn the_documentation_says_what_the_code_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let (before, _) = page.split_once(MARK).expect("the mark");
    let tables: Vec<String> = polder_formats::TABLES.iter().map(|table| table.markdown()).collect();
    let lost = [("JobPosting", job_posting::NOT_WRITTEN), ("VUM 3.0 shows it", vum::NOT_WRITTEN)].map(|(as_what, members)| {
        let rows: String = members.iter().map(|(member, because)| format!("| `{member}` | {because} |\n")).collect();
        format!("### A vacancy as {as_what}\n\nThese members have no field of that format, or not always, and are left out then:\n\n| member | because |\n| --- | --- |\n{rows}")
    });
    let lost = lost.join("\n");
    let made = format!("{before}{MARK}\n{}\n{lost}\n{}", tables.join("\n"), polder_formats::sheet::markdown().trim_end());
    let made = format!("{}\n", made.trim_end());
    if std::env::var_os("POLDER_WRITE").is_some() {
        std::fs::write(path, &made).expect("the page can be written");
    }
    assert!(page == made, "docs/formats.md has drifted: run POLDER_WRITE=1 cargo test -p polder-formats fields::");
}
