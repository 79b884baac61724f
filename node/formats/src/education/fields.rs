//! What becomes of each field of the Open Education API, versions 5 and 6.

use crate::fields::{Fate, Table, fields};

const PEOPLE: Fate = Fate::LeftOut("it names people, and an offer of education names none");
const ORDER: Fate = Fate::LeftOut("how programmes and courses are part of each other is not part of an offer");
const INTERNAL: Fate = Fate::LeftOut("it is for the school's own use");
const ID: Fate = Fate::Key;
const VALID: Fate = Fate::Steers("before and after it, there is no offer");
const TITLE: Fate = Fate::Mapped(&["/title", "/language"]);
const DESCRIPTION: Fate = Fate::Mapped(&["/description"]);
const CODES: Fate = Fate::Mapped(&["/programmeCodes"]);
const PROVIDER: Fate = Fate::Mapped(&["/provider"]);
const LEVEL: Fate = Fate::Mapped(&["/level"]);
const CREDENTIAL: Fate = Fate::Mapped(&["/credential"]);
const MODES: Fate = Fate::Steers("the mode of its editions, where they name none; without offerings, of one edition without a day");
const LANGUAGES: Fate = Fate::Steers("the language of its editions, where they name none; without offerings, of one edition without a day");
const PLACES: Fate = Fate::Steers("the place of its editions, where they name none; without offerings, of one edition without a day");
const OUTCOMES: Fate = Fate::Mapped(&["/skillsTaught"]);
const LINK: Fate = Fate::Mapped(&["/enrolment/url"]);
const ENROL: Fate = Fate::Mapped(&["/enrolment/instructions"]);
const LOAD: Fate = Fate::Mapped(&["/studyLoad"]);
const DURATION: Fate = Fate::Mapped(&["/durationWeeks"]);
const FIRST: Fate = Fate::LeftOut("its editions say when they begin");
const REQUIREMENTS: Fate = Fate::Text("Toelating", "Admission");
const ENDING: Fate = Fate::Text("Eisen voor het diploma", "Requirements for the diploma");
const BOOKS: Fate = Fate::Text("Leermiddelen", "Resources");
const TESTS: Fate = Fate::Text("Toetsing", "Assessment");
const MORE: Fate = Fate::Text("Meer informatie", "More information");
const ISCED: Fate = Fate::LeftOut("an offer has no field of study by ISCED-F");
const CONSUMER: Fate = Fate::Mapped(&[
    "/skillsRequired",
    "/occupations",
    "/sectors",
    "/hoursPerWeek",
    "/funding",
    "/leadsTo",
    "/closingDate",
    "/enrolment/email",
    "/enrolment/telephone",
]);
const STATE: Fate = Fate::Steers("only `active`, or none, is an edition; `cancelled` ends it at once");
const KEY: Fate = Fate::Mapped(&["/editions/key"]);
const START: Fate = Fate::Mapped(&["/editions/startDate"]);
const END: Fate = Fate::Mapped(&["/editions/endDate"]);
const PLACE: Fate = Fate::Mapped(&["/editions/location"]);
const SEATS: Fate = Fate::Mapped(&["/editions/seats"]);
const PRICE: Fate = Fate::Mapped(&["/price"]);
const PERIODS: Fate = Fate::Steers("an edition whose enrolment is over is none; the last day becomes `/closingDate`");
const FLEXIBLE: Fate = Fate::Steers("one can still begin until its end");
const OWNER: Fate = Fate::Steers("to what it belongs");
const RESULT: Fate = Fate::LeftOut("it is about results of students");
const SAME: Fate = Fate::LeftOut("an edition has no texts of its own");
const MODE: Fate = Fate::Mapped(&["/editions/mode"]);
const LANGUAGE: Fate = Fate::Mapped(&["/editions/language"]);
const UNIT: Fate = Fate::Steers("the provider is the organisation above all others");
const OUTSIDE: Fate = Fate::LeftOut("of a provider an offer has the name and two numbers");
const STUDENTS: Fate = Fate::LeftOut("an offer says which seats are left");

macro_rules! table {
    ($(#[$doc:meta])* $constant:ident, $title:literal, { $($name:literal => $fate:expr,)+ }) => {
        $(#[$doc])*
        pub const $constant: Table = Table { title: $title, about: "", fields: fields! { $($name => $fate,)+ } };
    };
}

table!(
    /// A course of version 6.
    COURSE_6, "Open Education API 6: Course", {
    "courseId" => ID, "primaryCode" => CODES, "otherCodes" => CODES, "name" => TITLE, "abbreviation" => INTERNAL, "description" => DESCRIPTION,
    "studyLoad" => LOAD, "modesOfDelivery" => MODES, "duration" => DURATION, "firstStartDate" => FIRST, "firstPossibleOfferingStartDateTime" => FIRST,
    "lastPossibleOfferingStartDateTime" => FIRST, "lastPossibleOfferingEndDateTime" => FIRST, "teachingLanguages" => LANGUAGES,
    "fieldsOfStudy" => ISCED, "learningOutcomeIds" => OUTCOMES, "learningOutcomes" => OUTCOMES, "admissionRequirements" => REQUIREMENTS,
    "qualificationRequirements" => ENDING, "level" => LEVEL, "enrolment" => ENROL, "resources" => BOOKS, "assessment" => TESTS, "link" => LINK,
    "addresses" => PLACES, "programmeIds" => ORDER, "programmes" => ORDER, "supplementaryInformation" => MORE, "coordinatorIds" => PEOPLE,
    "coordinators" => PEOPLE, "instructorIds" => PEOPLE, "instructors" => PEOPLE, "organisationId" => PROVIDER, "organisation" => PROVIDER,
    "validFrom" => VALID, "validTo" => VALID, "timelineOverrides" => FIRST, "consumer" => CONSUMER, "ext" => INTERNAL,
    }
);

table!(
    /// A programme of version 6.
    PROGRAMME_6, "Open Education API 6: Programme", {
    "programmeId" => ID, "primaryCode" => CODES, "otherCodes" => CODES, "programmeType" => Fate::Steers("a `specification` is no offer"),
    "name" => TITLE, "abbreviation" => INTERNAL, "description" => DESCRIPTION, "teachingLanguages" => LANGUAGES, "studyLoad" => LOAD,
    "qualificationAwarded" => CREDENTIAL, "qualificationDesignations" => Fate::Text("Titel na afronding", "Designation"),
    "modeOfStudy" => Fate::Mapped(&["/routes"]), "modesOfDelivery" => MODES, "duration" => DURATION, "firstStartDateTime" => FIRST,
    "firstPossibleOfferingStartDateTime" => FIRST, "lastPossibleOfferingStartDateTime" => FIRST, "lastPossibleOfferingEndDateTime" => FIRST,
    "levelOfQualification" => LEVEL, "level" => LEVEL, "fieldsOfStudy" => ISCED, "enrolment" => ENROL, "resources" => BOOKS,
    "learningOutcomeIds" => OUTCOMES, "learningOutcomes" => OUTCOMES, "assessment" => TESTS, "admissionRequirements" => REQUIREMENTS,
    "qualificationRequirements" => ENDING, "formalDocument" => CREDENTIAL, "link" => LINK, "addresses" => PLACES, "parentId" => ORDER,
    "parent" => ORDER, "childIds" => ORDER, "children" => ORDER, "coordinatorIds" => PEOPLE, "coordinators" => PEOPLE, "instructorIds" => PEOPLE,
    "instructors" => PEOPLE, "organisationId" => PROVIDER, "organisation" => PROVIDER, "supplementaryInformation" => MORE, "validFrom" => VALID,
    "validTo" => VALID, "timelineOverrides" => FIRST, "consumer" => CONSUMER, "ext" => INTERNAL,
    }
);

table!(
    /// An offering of version 6, of a course or of a programme.
    OFFERING_6, "Open Education API 6: CourseOffering, ProgrammeOffering", {
    "courseOfferingId" => KEY, "programmeOfferingId" => KEY, "primaryCode" => KEY, "otherCodes" => INTERNAL, "groupIds" => INTERNAL,
    "academicSessionId" => INTERNAL, "academicSession" => INTERNAL, "name" => SAME, "state" => STATE, "rosteringState" => INTERNAL,
    "abbreviation" => INTERNAL, "description" => SAME, "teachingLanguages" => LANGUAGE, "modesOfDelivery" => MODE, "maxNumberStudents" => SEATS,
    "enrolledNumberStudents" => SEATS, "pendingNumberStudents" => STUDENTS, "minNumberStudents" => STUDENTS, "resultExpected" => RESULT,
    "resultValueType" => RESULT, "link" => LINK, "enrolmentPeriods" => PERIODS, "supplementaryInformation" => SAME, "startDateTime" => START,
    "endDateTime" => END, "flexibleEntryPeriodStartDateTime" => FLEXIBLE, "flexibleEntryPeriodEndDateTime" => FLEXIBLE, "addresses" => PLACE,
    "priceInformation" => PRICE, "courseId" => OWNER, "course" => OWNER, "programmeId" => OWNER, "programme" => OWNER,
    "programmeOfferingIds" => ORDER, "programmeOfferings" => ORDER, "organisationId" => OWNER, "organisation" => OWNER,
    "consumer" => Fate::Mapped(&["/editions/location/municipality"]), "ext" => INTERNAL,
    }
);

table!(
    /// A learning outcome of version 6.
    OUTCOME_6, "Open Education API 6: LearningOutcome", {
    "learningOutcomeId" => OWNER, "primaryCode" => Fate::Mapped(&["/skillsTaught/uri"]), "name" => Fate::Mapped(&["/skillsTaught/label"]),
    "abbreviation" => INTERNAL, "description" => Fate::LeftOut("its name says it"), "parentIds" => ORDER, "parents" => ORDER, "childIds" => ORDER,
    "children" => ORDER, "fieldsOfStudy" => ISCED, "otherCodes" => Fate::Mapped(&["/skillsTaught/uri"]),
    "complexityLevel" => Fate::LeftOut("its steps are not those of the level of a skill"), "validFrom" => Fate::LeftOut("its course says when it is given"),
    "validTo" => Fate::LeftOut("its course says when it is given"), "consumer" => INTERNAL, "ext" => INTERNAL,
    }
);

table!(
    /// An organisation of version 6.
    ORGANISATION_6, "Open Education API 6: Organisation", {
    "organisationId" => OWNER, "primaryCode" => Fate::Mapped(&["/provider/kvk", "/provider/institutionCode"]), "organisationType" => UNIT,
    "name" => Fate::Mapped(&["/provider/name"]), "shortName" => OUTSIDE, "description" => OUTSIDE, "addresses" => OUTSIDE, "link" => OUTSIDE,
    "logo" => OUTSIDE, "otherCodes" => Fate::Mapped(&["/provider/kvk", "/provider/institutionCode"]), "rootId" => UNIT, "root" => UNIT,
    "parentId" => UNIT, "parent" => UNIT, "childIds" => UNIT, "children" => UNIT, "consumer" => INTERNAL, "ext" => INTERNAL,
    }
);

table!(
    /// A course of version 5.
    COURSE_5, "Open Education API 5: Course", {
    "courseId" => ID, "primaryCode" => CODES, "otherCodes" => CODES, "name" => TITLE, "abbreviation" => INTERNAL, "description" => DESCRIPTION,
    "ects" => LOAD, "studyLoad" => LOAD, "duration" => DURATION, "teachingLanguage" => LANGUAGES,
    "learningOutcomes" => Fate::Text("U leert", "You learn"), "requirements" => REQUIREMENTS, "admissionRequirements" => REQUIREMENTS,
    "qualificationRequirements" => ENDING, "level" => LEVEL, "fieldsOfStudy" => ISCED, "firstStartDate" => FIRST, "modeOfDelivery" => MODES,
    "enrollment" => ENROL, "resources" => BOOKS, "assessment" => TESTS, "link" => LINK,
    "educationSpecification" => Fate::LeftOut("the course itself is the offer"), "addresses" => PLACES, "programs" => ORDER,
    "coordinators" => PEOPLE, "organization" => PROVIDER, "validFrom" => VALID, "validTo" => VALID, "timelineOverrides" => FIRST,
    "consumers" => CONSUMER, "ext" => INTERNAL,
    }
);

table!(
    /// A program of version 5.
    PROGRAMME_5, "Open Education API 5: Program", {
    "programId" => ID, "primaryCode" => CODES, "otherCodes" => CODES, "programType" => Fate::Steers("what it is called there"), "name" => TITLE,
    "abbreviation" => INTERNAL, "description" => DESCRIPTION, "teachingLanguage" => LANGUAGES, "studyLoad" => LOAD,
    "qualificationAwarded" => CREDENTIAL, "modeOfStudy" => Fate::Mapped(&["/routes"]), "modeOfDelivery" => MODES, "duration" => DURATION,
    "firstStartDate" => FIRST, "levelOfQualification" => LEVEL, "level" => LEVEL, "sector" => Fate::LeftOut("it is a sector of education, which the level says"),
    "fieldsOfStudy" => ISCED, "enrollment" => ENROL, "resources" => BOOKS, "learningOutcomes" => Fate::Text("U leert", "You learn"),
    "assessment" => TESTS, "admissionRequirements" => REQUIREMENTS, "qualificationRequirements" => ENDING, "formalDocument" => CREDENTIAL,
    "link" => LINK, "educationSpecification" => Fate::LeftOut("the program itself is the offer"), "addresses" => PLACES, "parent" => ORDER,
    "children" => ORDER, "coordinators" => PEOPLE, "organization" => PROVIDER, "validFrom" => VALID, "validTo" => VALID,
    "timelineOverrides" => FIRST, "consumers" => CONSUMER, "ext" => INTERNAL,
    }
);

table!(
    /// An offering of version 5, of a course or of a program.
    OFFERING_5, "Open Education API 5: Offering of a course or program", {
    "offeringId" => KEY, "primaryCode" => KEY, "otherCodes" => INTERNAL, "offeringType" => OWNER, "academicSession" => INTERNAL, "name" => SAME,
    "abbreviation" => INTERNAL, "description" => SAME, "offeringState" => STATE, "teachingLanguage" => LANGUAGE, "modeOfDelivery" => MODE,
    "modeOfStudy" => Fate::LeftOut("the program says it"), "maxNumberStudents" => SEATS, "enrolledNumberStudents" => SEATS,
    "pendingNumberStudents" => STUDENTS, "minNumberStudents" => STUDENTS, "resultExpected" => RESULT, "resultValueType" => RESULT, "link" => LINK,
    "startDate" => START, "endDate" => END, "enrollStartDate" => PERIODS, "enrollEndDate" => PERIODS, "flexibleEntryPeriodStart" => FLEXIBLE,
    "flexibleEntryPeriodEnd" => FLEXIBLE, "addresses" => PLACE, "priceInformation" => PRICE, "course" => OWNER, "program" => OWNER,
    "programOffering" => ORDER, "organization" => OWNER, "consumers" => Fate::Mapped(&["/editions/location/municipality"]), "ext" => INTERNAL,
    }
);

table!(
    /// An organization of version 5.
    ORGANISATION_5, "Open Education API 5: Organization", {
    "organizationId" => OWNER, "primaryCode" => Fate::Mapped(&["/provider/kvk", "/provider/institutionCode"]), "organizationType" => UNIT,
    "name" => Fate::Mapped(&["/provider/name"]), "shortName" => OUTSIDE, "description" => OUTSIDE, "addresses" => OUTSIDE, "link" => OUTSIDE,
    "logo" => OUTSIDE, "otherCodes" => Fate::Mapped(&["/provider/kvk", "/provider/institutionCode"]), "parent" => UNIT, "children" => UNIT,
    "consumers" => INTERNAL, "ext" => INTERNAL,
    }
);
