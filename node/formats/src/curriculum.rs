//! What becomes of each field of a CV that a worker brings to the portal, which reads it: Europass in both its forms of XML, and JSON Resume.

use crate::fields::{Fate, Table, fields};

const NAME: Fate = Fate::Mapped(&["/contact/name"]);
const EMAIL: Fate = Fate::Mapped(&["/contact/email"]);
const TELEPHONE: Fate = Fate::Mapped(&["/contact/telephone"]);
const POSTCODE: Fate = Fate::Mapped(&["/postcode"]);
const COUNTRY: Fate = Fate::Steers("of another country than the Netherlands no postcode is taken");
const WANTED: Fate = Fate::Mapped(&["/title", "/occupationsWanted"]);
const ABOUT: Fate = Fate::Mapped(&["/description"]);
const HELD: Fate = Fate::Steers("is proposed as a wanted occupation; the worker picks it, or does not");
const EDUCATION: Fate = Fate::Mapped(&["/education"]);
const DONE: Fate = Fate::Steers("what is not finished does not count");
const SKILLS: Fate = Fate::Mapped(&["/skills"]);
const LANGUAGES: Fate = Fate::Mapped(&["/languages"]);
const LICENCES: Fate = Fate::Mapped(&["/licences"]);
const ADDRESS: Fate = Fate::LeftOut("of an address a profile has the postcode alone");
const LINKS: Fate = Fate::LeftOut("a page says who somebody is, which they decide later");
const PERSON: Fate = Fate::LeftOut("nobody is found by it");
const PHOTO: Fate = Fate::LeftOut("a profile has no pictures and no files");
const TEXTS: Fate = Fate::LeftOut("a text about work or school may name others; the worker writes what is to be read");
const PROPOSES: Fate = Fate::Steers("skills are proposed for it, which the worker ticks or leaves; the text is not kept");
const EMPLOYERS: Fate = Fate::LeftOut("a profile names no employers");
const SCHOOLS: Fate = Fate::LeftOut("a profile names no schools");
const PERIODS: Fate = Fate::LeftOut("a profile does not say when somebody worked or learnt somewhere");
const REFERENCES: Fate = Fate::LeftOut("others are named in it");
const OTHERS: Fate = Fate::LeftOut("a profile has no place for it");
const KNOWN_BY_NAME: &str = "Elements are known by their names, in any namespace. What is not in this table is not read. The table was made from documents that the editors of Europass write.";

/// Europass, as Cedefop's editor wrote it.
pub const PASSPORT: Table = Table {
    title: "Europass: SkillsPassport, below LearnerInfo",
    about: KNOWN_BY_NAME,
    fields: fields! {
        "Identification/PersonName/FirstName" => NAME,
        "Identification/PersonName/Surname" => NAME,
        "Identification/ContactInfo/Email/Contact" => EMAIL,
        "Identification/ContactInfo/TelephoneList/Telephone/Contact" => TELEPHONE,
        "Identification/ContactInfo/Address/Contact/PostalCode" => POSTCODE,
        "Identification/ContactInfo/Address/Contact/Country/Code" => COUNTRY,
        "Identification/ContactInfo/Address/Contact/AddressLine" => ADDRESS,
        "Identification/ContactInfo/Address/Contact/Municipality" => ADDRESS,
        "Identification/ContactInfo/WebsiteList/Website/Contact" => LINKS,
        "Identification/ContactInfo/InstantMessagingList/InstantMessaging/Contact" => LINKS,
        "Identification/Demographics/Birthdate" => PERSON,
        "Identification/Demographics/Gender/Code" => PERSON,
        "Identification/Demographics/NationalityList/Nationality/Code" => PERSON,
        "Identification/Photo/Data" => PHOTO,
        "Headline/Type/Code" => Fate::Steers("`personal_statement` is a description, any other is what is wanted"),
        "Headline/Description/Label" => Fate::Mapped(&["/title", "/occupationsWanted", "/description"]),
        "WorkExperienceList/WorkExperience/Position/Label" => HELD,
        "WorkExperienceList/WorkExperience/Activities" => PROPOSES,
        "WorkExperienceList/WorkExperience/Employer/Name" => EMPLOYERS,
        "WorkExperienceList/WorkExperience/Period/From" => PERIODS,
        "WorkExperienceList/WorkExperience/Period/To" => PERIODS,
        "EducationList/Education/Title" => EDUCATION,
        "EducationList/Education/Level/Code" => EDUCATION,
        "EducationList/Education/Level/Label" => Fate::Steers("a level of ISCED is none of EQF"),
        "EducationList/Education/Period/Current" => DONE,
        "EducationList/Education/Activities" => TEXTS,
        "EducationList/Education/Organisation/Name" => SCHOOLS,
        "Skills/Linguistic/MotherTongueList/MotherTongue/Description/Code" => LANGUAGES,
        "Skills/Linguistic/MotherTongueList/MotherTongue/Description/Label" => LANGUAGES,
        "Skills/Linguistic/ForeignLanguageList/ForeignLanguage/Description/Code" => LANGUAGES,
        "Skills/Linguistic/ForeignLanguageList/ForeignLanguage/Description/Label" => LANGUAGES,
        "Skills/Linguistic/ForeignLanguageList/ForeignLanguage/ProficiencyLevel/Listening" => LANGUAGES,
        "Skills/Linguistic/ForeignLanguageList/ForeignLanguage/ProficiencyLevel/Reading" => LANGUAGES,
        "Skills/Linguistic/ForeignLanguageList/ForeignLanguage/ProficiencyLevel/SpokenInteraction" => LANGUAGES,
        "Skills/Linguistic/ForeignLanguageList/ForeignLanguage/ProficiencyLevel/SpokenProduction" => LANGUAGES,
        "Skills/Linguistic/ForeignLanguageList/ForeignLanguage/ProficiencyLevel/Writing" => LANGUAGES,
        "Skills/Computer/Description" => SKILLS,
        "Skills/JobRelated/Description" => SKILLS,
        "Skills/Other/Description" => SKILLS,
        "Skills/Communication/Description" => PROPOSES,
        "Skills/Organisational/Description" => PROPOSES,
        "Skills/Driving/Description/Licence" => LICENCES,
        "AchievementList/Achievement/Description" => OTHERS,
        "Documentation/Attachment/Data" => PHOTO,
    },
};

/// Europass, as its portal has written it since 2020.
pub const CANDIDATE: Table = Table {
    title: "Europass: Candidate",
    about: KNOWN_BY_NAME,
    fields: fields! {
        "CandidatePerson/PersonName/FormattedName" => NAME,
        "CandidatePerson/PersonName/GivenName" => NAME,
        "CandidatePerson/PersonName/FamilyName" => NAME,
        "CandidatePerson/Communication/ChannelCode" => Fate::Steers("`Email`, `Telephone` and `MobileTelephone` are taken"),
        "CandidatePerson/Communication/URI" => EMAIL,
        "CandidatePerson/Communication/CountryDialing" => TELEPHONE,
        "CandidatePerson/Communication/DialNumber" => TELEPHONE,
        "CandidatePerson/Communication/Address/PostalCode" => POSTCODE,
        "CandidatePerson/Communication/Address/CountryCode" => COUNTRY,
        "CandidatePerson/Communication/Address/AddressLine" => ADDRESS,
        "CandidatePerson/Communication/Address/CityName" => ADDRESS,
        "CandidatePerson/NationalityCode" => PERSON,
        "CandidatePerson/BirthDate" => PERSON,
        "CandidatePerson/GenderCode" => PERSON,
        "CandidatePerson/PrimaryLanguageCode" => LANGUAGES,
        "CandidatePerson/Disability/DisabilityLevelCode" => Fate::LeftOut("nothing about anybody's health stands in a profile"),
        "CandidateProfile/ExecutiveSummary" => ABOUT,
        "CandidateProfile/CandidatePositionPreferences/PositionTitle" => WANTED,
        "CandidateProfile/EmploymentHistory/EmployerHistory/OrganizationName" => EMPLOYERS,
        "CandidateProfile/EmploymentHistory/EmployerHistory/PositionHistory/PositionTitle" => HELD,
        "CandidateProfile/EmploymentHistory/EmployerHistory/PositionHistory/Description" => PROPOSES,
        "CandidateProfile/EmploymentHistory/EmployerHistory/EmploymentPeriod/StartDate" => PERIODS,
        "CandidateProfile/EducationHistory/EducationOrganizationAttendance/EducationLevelCode" => EDUCATION,
        "CandidateProfile/EducationHistory/EducationOrganizationAttendance/ProgramName" => EDUCATION,
        "CandidateProfile/EducationHistory/EducationOrganizationAttendance/EducationDegree/DegreeName" => EDUCATION,
        "CandidateProfile/EducationHistory/EducationOrganizationAttendance/AttendancePeriod/Ongoing" => DONE,
        "CandidateProfile/EducationHistory/EducationOrganizationAttendance/OrganizationName" => SCHOOLS,
        "CandidateProfile/PersonQualifications/PersonCompetency/TaxonomyID" => Fate::Steers("`language` is a language, any other a skill"),
        "CandidateProfile/PersonQualifications/PersonCompetency/CompetencyID" => LANGUAGES,
        "CandidateProfile/PersonQualifications/PersonCompetency/CompetencyName" => Fate::Mapped(&["/skills", "/languages"]),
        "CandidateProfile/PersonQualifications/PersonCompetency/CompetencyDimension/Score/ScoreText" => LANGUAGES,
        "CandidateProfile/Licenses/License/LicenseTypeCode" => LICENCES,
        "CandidateProfile/Licenses/License/LicenseName" => LICENCES,
        "CandidateProfile/CommunicationAndInterpersonalSkills" => PROPOSES,
        "CandidateProfile/ManagementAndLeadershipSkills" => PROPOSES,
        "CandidateProfile/OrganisationalSkills" => PROPOSES,
        "CandidateProfile/EmploymentReferences" => REFERENCES,
        "CandidateProfile/Attachment/EmbeddedData" => PHOTO,
        "CandidateProfile/Certifications/Certification" => OTHERS,
        "CandidateProfile/PublicationHistory" => OTHERS,
        "CandidateProfile/Projects" => OTHERS,
        "CandidateProfile/HobbiesAndInterests" => OTHERS,
        "CandidateProfile/VoluntaryWorks" => OTHERS,
        "CandidateProfile/NetworksAndMemberships" => OTHERS,
        "CandidateProfile/CreativeWorks" => OTHERS,
        "CandidateProfile/ConferencesAndSeminars" => OTHERS,
        "CandidateProfile/Others" => OTHERS,
    },
};

/// JSON Resume.
pub const RESUME: Table = Table {
    title: "JSON Resume 1.0",
    about: "",
    fields: fields! {
        "basics.name" => NAME,
        "basics.label" => WANTED,
        "basics.image" => PHOTO,
        "basics.email" => EMAIL,
        "basics.phone" => TELEPHONE,
        "basics.url" => LINKS,
        "basics.summary" => ABOUT,
        "basics.location.address" => ADDRESS,
        "basics.location.postalCode" => POSTCODE,
        "basics.location.city" => ADDRESS,
        "basics.location.countryCode" => COUNTRY,
        "basics.location.region" => ADDRESS,
        "basics.profiles" => LINKS,
        "work[].name" => EMPLOYERS,
        "work[].location" => EMPLOYERS,
        "work[].description" => EMPLOYERS,
        "work[].position" => HELD,
        "work[].url" => EMPLOYERS,
        "work[].startDate" => PERIODS,
        "work[].endDate" => PERIODS,
        "work[].summary" => PROPOSES,
        "work[].highlights" => PROPOSES,
        "volunteer" => OTHERS,
        "education[].institution" => SCHOOLS,
        "education[].url" => SCHOOLS,
        "education[].area" => Fate::LeftOut("a profile has the level of an education alone"),
        "education[].studyType" => EDUCATION,
        "education[].startDate" => PERIODS,
        "education[].endDate" => DONE,
        "education[].score" => Fate::LeftOut("a profile has no marks"),
        "education[].courses" => TEXTS,
        "awards" => OTHERS,
        "certificates" => OTHERS,
        "publications" => OTHERS,
        "skills[].name" => SKILLS,
        "skills[].level" => Fate::LeftOut("its words are no steps of a profile"),
        "skills[].keywords" => SKILLS,
        "languages[].language" => LANGUAGES,
        "languages[].fluency" => LANGUAGES,
        "interests" => OTHERS,
        "references" => REFERENCES,
        "projects" => OTHERS,
        "meta" => Fate::LeftOut("it is about the file"),
    },
};
