//! The XML of Europass: `SkillsPassport` (of Cedefop's editor, version 3), and `Candidate` (HR Open Standards, of the portal since 2020). Elements are known by
//! their local names. There are no entities: a document that has any is refused before they are looked at.

use roxmltree::{Document, Error, Node, ParsingOptions};

use super::text::{listed, plain};
use super::{Cv, Left, Unread, levels};

/// Most elements, texts and comments of a document.
const MOST_NODES: u32 = 50_000;
/// Most of one list that are looked at.
const MOST: usize = 200;
/// Bytes of a text that are read, with its markup.
const LONGEST_TEXT: usize = 20_000;

/// Elements that say what is left out, in either form.
const LEFT: [(Left, &[&str]); 11] = [
    (Left::Photo, &["Photo", "Attachment", "EmbeddedData"]),
    (Left::Birth, &["Birthdate", "BirthDate", "PlaceOfBirth", "BirthPlace"]),
    (Left::Gender, &["Gender", "GenderCode"]),
    (Left::Nationality, &["Nationality", "NationalityCode", "CitizenshipCountryCode"]),
    (Left::Health, &["Disability", "DisabilityLevelCode"]),
    (Left::Address, &["AddressLine", "StreetName"]),
    (Left::Employers, &["Employer", "EmployerHistory"]),
    (Left::Schools, &["Organisation", "EducationOrganizationAttendance"]),
    (Left::Links, &["Website", "WebsiteList", "InstantMessaging"]),
    (Left::References, &["EmploymentReferences"]),
    (
        Left::Others,
        &[
            "Achievement",
            "Certification",
            "PublicationHistory",
            "Projects",
            "HobbiesAndInterests",
            "VoluntaryWorks",
            "NetworksAndMemberships",
            "CreativeWorks",
            "ConferencesAndSeminars",
            "Others",
        ],
    ),
];

/// The longest tag of a CV, in bytes. The parser compares each attribute of a tag with all others.
const LONGEST_TAG: usize = 4 * 1024;

/// Whether a tag is longer than that. What stands in quotes within it, or in a comment or CDATA, ends none.
fn has_huge_tag(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(begin) = bytes[at..].iter().position(|byte| *byte == b'<').map(|found| at + found) {
        let ends_with =
            [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")].into_iter().find(|(begins, _)| text[begin..].starts_with(begins));
        if let Some((begins, end)) = ends_with {
            let Some(found) = text[begin + begins.len()..].find(end) else { return false };
            at = begin + begins.len() + found + end.len();
            continue;
        }
        let mut quote = None;
        let end = bytes[begin..].iter().position(|byte| {
            match (quote, byte) {
                (Some(open), byte) if open == *byte => quote = None,
                (None, b'"' | b'\'') => quote = Some(*byte),
                (None, b'>') => return true,
                _ => {}
            }
            false
        });
        // A tag that never ends is as long as what is left.
        let length = end.unwrap_or(bytes.len() - begin);
        if length > LONGEST_TAG {
            return true;
        }
        at = begin + length.max(1);
    }
    false
}

/// Reads a document of either form.
pub(super) fn read(text: &str) -> Result<Cv, Unread> {
    if has_huge_tag(text) {
        return Err(Unread::Large);
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, entity_resolver: None };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        Error::DtdDetected | Error::UnknownEntityReference(..) | Error::EntityReferenceLoop(..) => Unread::Entities,
        Error::NodesLimitReached => Unread::Large,
        _ => Unread::Form,
    })?;
    let root = document.root_element();
    let mut cv = Cv::default();
    match root.tag_name().name() {
        "SkillsPassport" | "Europass" => passport(&mut cv, root),
        "Candidate" => candidate(&mut cv, root),
        _ => return Err(Unread::Form),
    }
    for node in root.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        cv.left.extend(LEFT.iter().filter(|(_, names)| names.contains(&name)).map(|(left, _)| *left));
        if ["Licence", "LicenseTypeCode", "LicenseName", "LicenceTypeCode"].contains(&name) {
            cv.licences.extend(levels::licence(&said(node)));
        }
    }
    Ok(cv)
}

/// All elements below one, of a name.
fn all<'a, 'd: 'a>(node: Node<'a, 'd>, name: &'static str) -> impl Iterator<Item = Node<'a, 'd>> {
    node.descendants().filter(move |node| node.is_element() && node.tag_name().name() == name).take(MOST)
}

/// The first element along a path of names, each anywhere below the one before.
fn first<'a, 'd: 'a>(node: Node<'a, 'd>, path: &[&'static str]) -> Option<Node<'a, 'd>> {
    path.iter().try_fold(node, |node, name| all(node, name).next())
}

/// The text of an element and of what is in it, without markup: as much as a profile could take.
fn said(node: Node<'_, '_>) -> String {
    let mut whole = String::new();
    for text in node.descendants().filter(Node::is_text).filter_map(|node| node.text()) {
        let room = LONGEST_TEXT.saturating_sub(whole.len());
        whole.push_str(&text[..text.floor_char_boundary(room)]);
        if room <= text.len() {
            break;
        }
    }
    plain(&whole)
}

fn text(node: Node<'_, '_>, path: &[&'static str]) -> String {
    first(node, path).map(said).unwrap_or_default()
}

/// `SkillsPassport`.
fn passport(cv: &mut Cv, root: Node<'_, '_>) {
    let Some(person) = first(root, &["LearnerInfo"]) else { return };
    if let Some(who) = first(person, &["Identification"]) {
        cv.name = format!("{} {}", text(who, &["FirstName"]), text(who, &["Surname"]));
        cv.email = text(who, &["Email", "Contact"]);
        cv.telephone = text(who, &["Telephone", "Contact"]);
        let country = text(who, &["Address", "Country", "Code"]);
        if country.is_empty() || country.eq_ignore_ascii_case("nl") {
            cv.postcode = text(who, &["Address", "PostalCode"]);
        }
    }
    if let Some(headline) = first(person, &["Headline"]) {
        let line = text(headline, &["Description", "Label"]);
        if text(headline, &["Type", "Code"]) == "personal_statement" {
            cv.about = line;
        } else {
            cv.wanted.push(line.clone());
            cv.title = line;
        }
    }
    for job in all(person, "WorkExperience") {
        cv.held.push(text(job, &["Position", "Label"]));
        cv.wrote(first(job, &["Activities"]).map(said));
    }
    for school in all(person, "Education") {
        if text(school, &["Current"]) != "true" {
            // The editor offered the levels of EQF; whoever named those of another frame said so.
            let of_eqf = !text(school, &["Level", "Label"]).to_ascii_uppercase().contains("ISCED");
            let by_code = Some(text(school, &["Level", "Code"])).filter(|_| of_eqf).and_then(|code| levels::eqf(&code));
            cv.learnt(by_code.or_else(|| levels::education(&text(school, &["Title"]))));
        }
    }
    let mother_tongues = all(person, "MotherTongue").map(|spoken| (spoken, Some("C2")));
    let foreign = all(person, "ForeignLanguage").map(|spoken| (spoken, proficiency(spoken)));
    for (spoken, level) in mother_tongues.chain(foreign) {
        let name = |part| levels::language(&text(spoken, &["Description", part]));
        language(cv, name("Code").or_else(|| name("Label")), level);
    }
    for kind in ["Computer", "JobRelated", "Other"] {
        if let Some(skills) = first(person, &["Skills"]).and_then(|skills| first(skills, &[kind, "Description"])) {
            cv.skills.extend(listed(&said(skills)));
        }
    }
    // What one writes about how one works with others is no list of skills.
    if let Some(skills) = first(person, &["Skills"]) {
        cv.wrote(["Communication", "Organisational"].into_iter().filter_map(|kind| first(skills, &[kind, "Description"])).map(said));
    }
}

fn proficiency(spoken: Node<'_, '_>) -> Option<&'static str> {
    let parts = ["Listening", "Reading", "SpokenInteraction", "SpokenProduction", "Writing"];
    let mut found: Vec<_> = parts.iter().filter_map(|part| levels::level(&text(spoken, &["ProficiencyLevel", part]))).collect();
    levels::middle(&mut found)
}

fn language(cv: &mut Cv, code: Option<&'static str>, level: Option<&'static str>) {
    match (code, level) {
        (Some(code), Some(level)) => cv.languages.push((code, level)),
        _ => drop(cv.left.insert(Left::Languages)),
    }
}

/// `Candidate`.
fn candidate(cv: &mut Cv, root: Node<'_, '_>) {
    if let Some(person) = first(root, &["CandidatePerson"]) {
        let name = |part| text(person, &["PersonName", part]);
        cv.name = Some(name("FormattedName"))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("{} {}", name("GivenName"), name("FamilyName")));
        for way in all(person, "Communication") {
            reached(cv, way);
        }
        for spoken in all(person, "PrimaryLanguageCode") {
            language(cv, levels::language(&said(spoken)), Some("C2"));
        }
    }
    let Some(profile) = first(root, &["CandidateProfile"]) else { return };
    cv.about = text(profile, &["ExecutiveSummary"]);
    let wished: Vec<String> = all(profile, "CandidatePositionPreferences").map(|wish| text(wish, &["PositionTitle"])).collect();
    cv.title = wished.iter().find(|title| !title.is_empty()).cloned().unwrap_or_default();
    cv.wanted.extend(wished);
    for job in all(profile, "PositionHistory") {
        cv.held.push(text(job, &["PositionTitle"]));
        cv.wrote(first(job, &["Description"]).map(said));
    }
    for school in all(profile, "EducationOrganizationAttendance") {
        let ongoing = ["Ongoing", "CurrentIndicator"].iter().any(|name| text(school, &[name]) == "true");
        let by_code = first(school, &["EducationLevelCode"])
            .filter(|code| code.attribute("listName").is_some_and(|list| list.to_ascii_uppercase().contains("EQF")))
            .and_then(|code| levels::eqf(&said(code)));
        let named = ["ProgramName", "DegreeName"].iter().filter_map(|name| levels::education(&text(school, &[name]))).max();
        if !ongoing {
            cv.learnt(by_code.or(named));
        }
    }
    for competence in all(profile, "PersonCompetency") {
        let (id, name) = (text(competence, &["CompetencyID"]), text(competence, &["CompetencyName"]));
        if text(competence, &["TaxonomyID"]).eq_ignore_ascii_case("language") {
            let scores = all(competence, "CompetencyDimension").filter_map(|of| levels::level(&text(of, &["ScoreText"])));
            let level = levels::middle(&mut scores.collect::<Vec<_>>());
            language(cv, levels::language(&id).or_else(|| levels::language(&name)), level);
        } else {
            cv.skills.push(name);
        }
    }
    let sections = ["CommunicationAndInterpersonalSkills", "ManagementAndLeadershipSkills", "OrganisationalSkills"];
    cv.wrote(sections.into_iter().filter_map(|section| first(profile, &[section])).map(said));
}

/// One way to reach somebody.
fn reached(cv: &mut Cv, way: Node<'_, '_>) {
    let channel = text(way, &["ChannelCode"]);
    match channel.as_str() {
        "Email" if cv.email.is_empty() => cv.email = text(way, &["URI"]),
        "Telephone" | "MobileTelephone" if cv.telephone.is_empty() => {
            let (country, number) = (text(way, &["CountryDialing"]), text(way, &["DialNumber"]));
            let country = country.trim_start_matches('+');
            cv.telephone = if country.is_empty() { number } else { format!("+{country} {number}") };
        }
        "Web" | "InstantMessage" => drop(cv.left.insert(Left::Links)),
        _ => {}
    }
    if let Some(address) = first(way, &["Address"]) {
        let country = text(address, &["CountryCode"]);
        if cv.postcode.is_empty() && (country.is_empty() || country.eq_ignore_ascii_case("nl")) {
            cv.postcode = text(address, &["PostalCode"]);
        }
    }
}
