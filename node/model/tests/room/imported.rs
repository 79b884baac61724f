//! The files of publishers, and the tables that they make over those of the program. Every label here is invented.
#![expect(clippy::panic, reason = "tests")]

use std::collections::HashMap;

use polder_model::code::{Importance, TravelMode};
use polder_model::query::{Measure, Query};
use polder_model::reference::official::{self, EnglishLabels, Read, Recognised};
use polder_model::reference::{Content, Imported, Reference, Table, TableVersion};
use polder_model::request::{CodeAsked, QueryRequest, SkillAsked, expand};
use polder_model::{CodeUri, Finding, Kind, PartnerId, Timestamp, travel};

const LASSEN: &str = "http://data.europa.eu/esco/skill/530cb489-d900-46ab-9350-4d50ccd49eea";

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/official/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn uri(text: &str) -> CodeUri {
    text.parse().expect("a URI")
}

fn read(bytes: &[u8], english: &EnglishLabels) -> (Table, Read) {
    match official::recognise(bytes) {
        Recognised::Table(table, separator) => (table, official::read(table, separator, english, bytes)),
        other => panic!("{other:?}"),
    }
}

fn good(bytes: &[u8]) -> Content {
    let (_, read) = read(bytes, &EnglishLabels::new());
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    read.content
}

fn import(imported: &mut Imported, bytes: &[u8], english: &EnglishLabels) -> TableVersion {
    let (table, read) = read(bytes, english);
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let csv = read.content.to_csv().expect("written");
    assert_eq!(Content::from_csv(table, &csv).expect("read back"), read.content);
    let version = TableVersion::of(table.as_str(), "test 1", &csv);
    imported.put(table, version.clone(), read.content);
    version
}

/// Every file of `tests/official`.
fn all() -> (Imported, Reference) {
    let (english, findings) = official::english_labels(Table::Skills, b',', &*file("skills_en.csv"));
    assert!(findings.is_empty());
    let mut imported = Imported::none();
    for name in ["skills_nl", "skillGroups_nl", "broaderRelationsSkillPillar_nl", "occupations_nl", "occupationSkillRelations_nl", "words"]
    {
        import(&mut imported, &file(&format!("{name}.csv")), &english);
    }
    import(&mut imported, &file("NL.txt"), &english);
    let reference = Reference::with(&imported).expect("tables");
    (imported, reference)
}

fn ask(request: &QueryRequest, reference: &Reference) -> Result<Query, Vec<Finding>> {
    let asker: PartnerId = "kvk:12345678".parse().expect("a partner");
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
    expand(request, reference, &asker, "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(), now)
}

fn skill(label: &str) -> QueryRequest {
    let asked = SkillAsked { uri: None, label: Some(label.to_owned()), importance: None };
    QueryRequest { skills: vec![asked], ..QueryRequest::new(Kind::Vacancy) }
}

#[test]
fn files_are_known_by_their_columns() {
    for (name, table) in [
        ("skills_nl.csv", Table::Skills),
        ("skillGroups_nl.csv", Table::SkillGroups),
        ("broaderRelationsSkillPillar_nl.csv", Table::SkillBroader),
        ("occupations_nl.csv", Table::Occupations),
        ("occupationSkillRelations_nl.csv", Table::OccupationSkills),
        ("NL.txt", Table::Postcodes),
        ("words.csv", Table::Words),
    ] {
        assert!(matches!(official::recognise(&file(name)), Recognised::Table(found, _) if found == table), "{name}");
    }
    assert!(matches!(official::recognise(&file("skillSkillRelations_nl.csv")), Recognised::Unused(_)));
    let occupations = b"conceptType,conceptUri,broaderType,broaderUri\nOccupation,http://a.nl/1,ISCOGroup,http://a.nl/2\n";
    assert!(matches!(official::recognise(occupations), Recognised::Unused(_)));
    assert_eq!(official::recognise(b"weight;word\n7;molen\n"), Recognised::Table(Table::Words, b';'));
    for other in [&b""[..], b"PK\x03\x04", &[0x1f, 0x8b, 8], &[0xff, 0xfe, b'w', 0], b"a,b,c\n1,2,3\n", b"\0\0"] {
        assert!(matches!(official::recognise(other), Recognised::Unknown(_)), "{other:?}");
    }
}

#[test]
fn new_labels_are_known_and_old_ones_go_on() {
    let (_, reference) = all();
    for (label, of) in [
        ("windmolens nalopen", "http://example.org/skill/windmolens"),
        ("Turbines  Nalopen", "http://example.org/skill/windmolens"),
        ("walk wind turbines", "http://example.org/skill/windmolens"),
        ("stroom meten, \"spanning\" aflezen", "http://example.org/skill/stroom"),
        ("metalen delen verbinden", LASSEN),
        ("metaal verbinden", LASSEN),
        ("lassen", LASSEN),
        ("lastechnieken", LASSEN),
        ("welding techniques", LASSEN),
        ("molens en rotors", "http://example.org/skill/S9.1"),
        ("heftruck", "http://data.europa.eu/esco/skill/28cb374e-6261-4133-8371-f9a5470145da"),
    ] {
        assert_eq!(reference.skill_labelled(label).map(|skill| skill.uri.as_str()), Some(of), "{label}");
    }
    assert_eq!(reference.skill(&uri(LASSEN)).map(|skill| skill.label_nl.as_str()), Some("metalen delen verbinden"));
    assert!(reference.skill_labelled("verouderde handeling").is_none());
    for (label, of) in [("turbineloper", "rotorkijker"), ("elektricien", "stroommonteur"), ("bakker", "bakker")] {
        assert_eq!(reference.occupation_labelled(label).map(|one| one.label_nl.as_str()), Some(of), "{label}");
    }
    assert_eq!(reference.suggest_skills("windmolens naloopen").first().map(String::as_str), Some("windmolens nalopen"));
}

#[test]
fn a_label_that_stands_for_two_is_refused_with_both() {
    let (_, reference) = all();
    assert_eq!(reference.shared_labels(), (1, 0));
    let refused = ask(&skill("rotors bekijken"), &reference).expect_err("it stands for two");
    let message = &refused.first().expect("a finding").message;
    assert!(message.contains("more than one skill") && message.contains("/rotors") && message.contains("/windmolens"), "{message}");
    assert_eq!(refused.first().map(|finding| finding.pointer.as_str()), Some("/skills/0/label"));
}

#[test]
fn codes_are_the_same_only_where_a_row_says_exactly_so() {
    let (c, e) = ("https://linkeddata.competentnl.nl/id", "http://data.europa.eu/esco");
    let text = format!(
        "esco;match;competentnl;label\n{e}/skill/1;exactMatch;{c}/1;Lassen\n{e}/skill/2;skos:closeMatch;{c}/2;Lassen\n\
         {e}/occupation/3;http://www.w3.org/2004/02/skos/core#exactMatch;{c}/3;Lasser\n"
    );
    let (table, read) = read(text.as_bytes(), &EnglishLabels::new());
    assert_eq!((table, read.lines, read.content.rows()), (Table::CompetentnlEsco, 3, 2), "{:?}", read.findings);
    assert_eq!(read.left_out.iter().map(|(_, times)| *times).collect::<Vec<_>>(), [1]);
    let mut imported = Imported::none();
    import(&mut imported, text.as_bytes(), &EnglishLabels::new());
    let reference = Reference::with(&imported).expect("tables");
    let crosswalk = reference.crosswalk();
    assert_eq!(crosswalk.esco(&format!("{c}/1")), Some(&uri(&format!("{e}/skill/1"))));
    assert_eq!(crosswalk.competentnl(&format!("{e}/occupation/3")), Some(&uri(&format!("{c}/3"))));
    assert_eq!((crosswalk.esco(&format!("{c}/2")), crosswalk.competentnl(&format!("{e}/skill/2"))), (None, None));
    assert_eq!(Reference::starter().crosswalk().esco(&format!("{c}/1")), None, "the program knows of none");
    for (row, says) in [
        (format!("{e}/skill/1;same;{c}/1"), "match: a relation of SKOS"),
        (format!("{e}/skill/1;;{c}/1"), "match: a value"),
        (format!("{c}/1;exactMatch;{e}/skill/1"), "esco: codes of ESCO begin with"),
        (format!("lassen;exactMatch;{c}/1"), "esco: an absolute"),
    ] {
        let (_, read) = self::read(format!("esco;match;competentnl\n{row}\n").as_bytes(), &EnglishLabels::new());
        let said: Vec<String> = read.findings.named.iter().map(|finding| format!("{}: {}", finding.column, finding.message)).collect();
        assert!(said.iter().any(|said| said.starts_with(says)), "{row}: {said:?}");
    }
}

#[test]
fn the_publishers_label_stands_over_that_of_the_program() {
    let text = "conceptUri,skillType,preferredLabel,altLabels\nhttp://example.org/skill/1,skill/competence,Lassen,\nhttp://example.org/skill/2,knowledge,iets,heftruck\n";
    let mut imported = Imported::none();
    import(&mut imported, text.as_bytes(), &EnglishLabels::new());
    let reference = Reference::with(&imported).expect("tables");
    assert_eq!(reference.skill_labelled("lassen").map(|skill| skill.uri.as_str()), Some("http://example.org/skill/1"));
    // An alternative of a publisher does not take away what people call something else.
    assert_eq!(reference.skill_labelled("heftruck").map(|skill| skill.label_nl.as_str()), Some("heftruck rijden"));
}

#[test]
fn relations_make_related_skills_and_weights() {
    let (imported, reference) = all();
    let query = ask(&skill("windmolens nalopen"), &reference).expect("a query");
    let [asked] = query.criteria.skills.as_slice() else { panic!("one skill") };
    // Two occupations need it: 1000 - 1000 * 1500 / 10300.
    assert_eq!(asked.weight, 855);
    let related: Vec<(&str, u8)> = asked.related.iter().map(|related| (related.uri.as_str(), related.factor)).collect();
    assert_eq!(related, [("http://example.org/skill/rotors", 80), ("http://example.org/skill/S9.1", 50)]);
    let weight = |text: &str| reference.skill(&uri(text)).map(|skill| skill.weight);
    assert_eq!(weight("http://example.org/skill/S9.1"), Some(100), "a group");
    assert_eq!(weight(LASSEN), Some(903), "one occupation");
    let starter = Reference::starter().skill_labelled("heftruck").expect("known");
    assert_eq!(weight(starter.uri.as_str()), Some(starter.weight), "what no imported relation names stays as it was");
    assert_eq!(reference.dangling(&imported), [(Table::OccupationSkills, 0, 5), (Table::SkillBroader, 0, 2)]);
    let molenaar = reference.occupation_labelled("rotorloper").expect("known");
    let needs: Vec<(&str, Importance)> = molenaar.skills.iter().map(|(uri, importance)| (uri.as_str(), *importance)).collect();
    assert_eq!(needs, [("http://example.org/skill/windmolens", Importance::Essential), (LASSEN, Importance::Optional)]);
    let asked = QueryRequest {
        occupations: vec![CodeAsked { uri: None, label: Some("windmolenloper".to_owned()) }],
        ..QueryRequest::new(Kind::Vacancy)
    };
    let factors: Vec<u8> = ask(&asked, &reference).expect("a query").criteria.occupations.iter().map(|one| one.factor).collect();
    assert!(factors.starts_with(&[100, 50]), "{factors:?}");
}

#[test]
fn postcodes_become_places_within_reach() {
    let (imported, reference) = all();
    let place = |postcode: &str| reference.place(postcode.parse().expect("a postcode")).expect("known");
    let polderstad = place("8301");
    // The middle of three rows; the name of most of them, then the other, then what the program calls it.
    assert_eq!((polderstad.latitude, polderstad.longitude), (52.72, 5.77));
    assert_eq!((polderstad.name.as_str(), polderstad.other_names.first().map(String::as_str)), ("Polderstad", Some("Kleindorp")));
    assert!(polderstad.other_names.iter().any(|name| name == "Emmeloord"), "{:?}", polderstad.other_names);
    assert_eq!((polderstad.municipality.as_str(), polderstad.land.as_str()), ("GM0171", "noordoostpolder"));
    assert_eq!(place("9999").land, "east", "the nearest known place lies on it");
    assert_eq!(reference.place_named("Verweg").map(|place| place.postcode.to_string()).as_deref(), Some("9999"));
    assert!(reference.place_named("Urk").is_some() && Reference::starter().places().len() + 2 == reference.places().len());
    let from =
        |from: &str, minutes| travel::reach(&reference, from.parse().expect("a postcode"), TravelMode::Car, Measure::Minutes, minutes);
    let near: Vec<String> = from("9999", 30).iter().map(|row| row.0.to_string()).collect();
    assert_eq!(near, ["9998", "9999"]);
    assert!(from("8302", 240).iter().any(|row| row.0.to_string() == "9999"), "over the bridges");
    assert_eq!(imported.version(Table::Postcodes).map(|version| version.name.as_str()), Some("postcodes"));
}

#[test]
fn counts_fill_in_and_weights_stand() {
    let (_, reference) = all();
    let starter = Reference::starter();
    // 100 - 100 * log2(101) / log2(5001002), of both forms of the word together.
    let stem = polder_model::text::distinct_stems("rotor rotors").remove(0);
    assert_eq!((starter.word_weight(&stem), reference.word_weight(&stem)), (60, 71));
    assert_ne!(starter.word_weight("vacatur"), 60, "the program knows this word");
    assert_eq!(reference.word_weight("vacatur"), starter.word_weight("vacatur"));
    let mut imported = Imported::none();
    import(&mut imported, b"word\tweight\nvacature\t33\nrotor\t2\nrotors\t9\n", &EnglishLabels::new());
    let reference = Reference::with(&imported).expect("tables");
    assert_eq!((reference.word_weight("vacatur"), reference.word_weight(&stem)), (33, 9));
}

#[test]
fn versions_tell_whether_tables_are_the_same() {
    let names = |reference: &Reference| -> Vec<(String, String)> {
        reference.tables().iter().map(|table| (table.name.clone(), table.version.clone())).collect()
    };
    assert!(names(Reference::starter()).iter().all(|(_, version)| version == "starter") && names(Reference::starter()).len() == 5);
    let (_, reference) = all();
    assert_eq!(names(&reference).len(), 7);
    assert!(names(&reference).iter().all(|(_, version)| version == "test 1"));
    // The order of rows and columns, line ends and what is not used make no other table.
    let one = good(b"conceptUri,skillType,preferredLabel,altLabels\nhttp://a.nl/1,x,een,\"b\na\"\nhttp://a.nl/2,x,twee,\n");
    let other = good(b"\xef\xbb\xbfaltLabels,description,preferredLabel,conceptUri,skillType\r\n,,twee,http://a.nl/2,y\r\n\"a\r\nb\r\na\",\"x\r\ny\", een ,http://a.nl/1,y\r\n");
    assert_eq!(one.to_csv(), other.to_csv());
    let third = good(b"conceptUri,skillType,preferredLabel,altLabels\nhttp://a.nl/1,x,een,\"b\nc\"\nhttp://a.nl/2,x,twee,\n");
    assert_ne!(one.to_csv(), third.to_csv());
}

#[test]
fn every_bad_line_is_told_by_its_number() {
    let skills = "conceptType,conceptUri,skillType,preferredLabel,altLabels\r\n\
        KnowledgeSkillCompetence,http://a.nl/1,x,een,\"p\r\nq\"\r\n\
        KnowledgeSkillCompetence,no uri,x,twee,\r\n\
        Occupation,http://a.nl/3,x,drie,\r\n\
        KnowledgeSkillCompetence,http://a.nl/4,x,,\r\n\
        KnowledgeSkillCompetence,http://a.nl/1,x,vijf,\r\n\
        KnowledgeSkillCompetence,http://a.nl/6,x,=HYPERLINK(1),\r\n\
        KnowledgeSkillCompetence,http://a.nl/7,x\r\n";
    let long = format!("{skills}KnowledgeSkillCompetence,http://a.nl/8,x,{},\r\n", "a".repeat(201));
    assert_eq!(
        told(long.as_bytes()),
        [
            (4, "conceptUri"),
            (5, "conceptType"),
            (6, "preferredLabel"),
            (7, "conceptUri"),
            (8, "preferredLabel"),
            (9, ""),
            (10, "preferredLabel")
        ]
    );
    let postcodes = "NL\t8301\tStad\t\t16\t\t0171\t\t\t52.7\t5.7\t6\nBE\t1000\tStad\t\t\t\t\t\t\t50.8\t4.3\t\nNL\t0301\tStad\t\t\t\t\t\t\t52.7\t5.7\t\n\
        NL\t8302\t\t\t\t\t\t\t\t52.7\t5.7\t\nNL\t8302\tStad\t\t\t\t\t\t\t12.7\t5.7\t\nNL\t8302\tStad\t\t\t\t\t\t\t52.7\tnan\t\nNL\t8302\n";
    assert_eq!(
        told(postcodes.as_bytes()),
        [(2, "country code"), (3, "postal code"), (4, "place name"), (5, "latitude"), (6, "longitude"), (7, "")]
    );
    assert_eq!(
        told(b"word,weight,count\nmolen,0,\nmolen,101,\nmolen,x,\n,5,\nmolen,,-1\nmolen,,\n"),
        [(2, "weight"), (3, "weight"), (4, "weight"), (5, "word"), (6, "count"), (7, "count")]
    );
    let needs = b"occupationUri,relationType,skillType,skillUri\nhttp://a.nl/1,much,x,http://a.nl/2\nhttp://a.nl/1,essential,x,2\n";
    assert_eq!(told(needs), [(2, "relationType"), (3, "skillUri")]);
    assert_eq!(told(b"conceptUri,broaderUri\nhttp://a.nl/1,http://a.nl/1\n"), [(2, "broaderUri")]);
    assert_eq!(told(b"word,count\n\"molen,1\n"), [(2, "")], "a quotation mark that does not end");
    assert_eq!(told(b"word,count\nmol\xe9n,1\n"), [(2, "word")], "Latin-1");
    assert_eq!(told(b"word,count\n"), [(0, "")], "no rows");
}

/// ESCO 1.2.1 repeats rows of skills and of occupations: more than may be wrong in a file.
#[test]
fn a_row_that_is_repeated_is_left_out() {
    let mut skills = "conceptType,conceptUri,skillType,preferredLabel,altLabels,description\n".to_owned();
    for number in (0..30).chain(0..30) {
        skills.push_str(&format!("KnowledgeSkillCompetence,http://a.nl/{number},x,kunde {number},\"een\ntwee\",\"zegt\n\"\"dit\"\"\"\n"));
    }
    let (_, once) = read(skills.as_bytes(), &EnglishLabels::new());
    assert!(once.findings.is_empty(), "{:?}", once.findings);
    assert_eq!((once.content.rows(), once.lines, once.left_out), (30, 60, vec![("rows that say what a row before says", 30)]));
    let other = "conceptUri,skillType,preferredLabel\nhttp://a.nl/1,x,een\nhttp://a.nl/1,x,twee\n";
    assert_eq!(told(other.as_bytes()), [(3, "conceptUri")], "one that says something else is told");
}

/// The last column of GeoNames is empty in many rows, and is lost where blanks at the ends of lines are.
#[test]
fn postcodes_need_no_last_column() {
    let whole = "NL\t8301\t't Dorp\tFlevoland\t16\tStad\t0171\t\t\t52.7\t5.7\t\nNL\t8302\tStad \"Oost\tFlevoland\t16\tStad\t0171\t\t\t52.8\t5.8\t4\n";
    let cut = whole.replace("\t\n", "\n").replace("\t4\n", "\n");
    assert_eq!(cut.matches('\t').count(), 20);
    let (whole, cut) = (good(whole.as_bytes()), good(cut.as_bytes()));
    assert_eq!(whole, cut);
    assert!(whole.rows() == 2 && String::from_utf8(whole.to_csv().expect("written")).expect("text").contains("'t Dorp"));
}

fn told(bytes: &[u8]) -> Vec<(u64, &'static str)> {
    let (_, read) = read(bytes, &EnglishLabels::new());
    let columns = ["conceptUri", "conceptType", "preferredLabel", "country code", "postal code", "place name", "latitude", "longitude"];
    let others = ["word", "weight", "count", "relationType", "skillUri", "broaderUri", ""];
    let known: HashMap<&str, &'static str> = columns.iter().chain(&others).map(|name| (*name, *name)).collect();
    read.findings.named.iter().map(|finding| (finding.line, known[finding.column.as_str()])).collect()
}

#[test]
fn findings_are_counted_and_name_no_value() {
    let many = format!("word,weight\n{}", "geheim,400\n".repeat(1_000));
    let (_, read) = read(many.as_bytes(), &EnglishLabels::new());
    assert_eq!((read.findings.named.len(), read.findings.others), (50, 950));
    assert!(read.findings.named.iter().all(|finding| !finding.message.contains("geheim") && !finding.message.contains("400")));
}

#[test]
fn a_table_has_a_bound() {
    let mut text = String::from("conceptUri,preferredLabel,conceptType\n");
    for number in 0..=Table::SkillGroups.most_rows() {
        text.push_str(&format!("http://a.nl/{number},groep {number},SkillGroup\n"));
    }
    let (_, read) = read(text.as_bytes(), &EnglishLabels::new());
    assert!(read.findings.named.first().is_some_and(|finding| finding.message.contains("more than 5000 rows")), "{:?}", read.findings);
    let mut postcodes = String::new();
    for number in 2_000..6_000 {
        postcodes.push_str(&format!("NL\t{number}\tStad\t\t\t\t\t\t\t52.7\t5.7\t\n"));
    }
    let mut imported = Imported::none();
    import(&mut imported, postcodes.as_bytes(), &EnglishLabels::new());
    assert!(Reference::with(&imported).is_err(), "with those of the program there are more than a query can carry");
}

#[test]
fn a_deep_and_broad_hierarchy_stays_within_the_bounds_of_a_query() {
    let base = "http://example.org/skill/with-a-name-that-is-as-long-as-names-of-skills-may-well-be-in-such-a-file/";
    let (mut skills, mut above) = ("conceptUri,skillType,preferredLabel\n".to_owned(), "conceptUri,broaderUri\n".to_owned());
    for number in 0..3_000 {
        skills.push_str(&format!("{base}{number},x,kunde {number}\n"));
        // Fifty chains, each under the other, and fifty skills under each of the first fifty.
        if number >= 50 {
            above.push_str(&format!("{base}{number},{base}{}\n{base}{number},{base}{}\n", number - 50, number % 50));
        }
    }
    let mut imported = Imported::none();
    import(&mut imported, skills.as_bytes(), &EnglishLabels::new());
    import(&mut imported, above.as_bytes(), &EnglishLabels::new());
    let reference = Reference::with(&imported).expect("tables");
    let asked = |number| SkillAsked { uri: None, label: Some(format!("kunde {number}")), importance: None };
    let one = ask(&QueryRequest { skills: vec![asked(0)], ..QueryRequest::new(Kind::Vacancy) }, &reference).expect("a query");
    assert_eq!(one.criteria.skills.first().map(|skill| skill.related.len()), Some(40));
    let all = ask(&QueryRequest { skills: (0..50).map(asked).collect(), ..QueryRequest::new(Kind::Vacancy) }, &reference).expect("a query");
    assert_eq!(all.findings(), []);
    let bytes = serde_json::to_vec(&all).expect("JSON");
    assert!(Query::parse(&bytes).is_ok(), "{} bytes", bytes.len());
    assert!(all.criteria.skills.iter().all(|skill| skill.related.len() == 20));
    assert_eq!(all.tie_key, all.criteria.tie_key(Kind::Vacancy));
}

#[test]
fn relations_of_what_no_table_has_are_counted_and_left_out() {
    let mut imported = Imported::none();
    let above = format!("conceptUri,broaderUri\n{LASSEN},http://example.org/skill/nowhere\nhttp://example.org/skill/nowhere,{LASSEN}\n");
    import(&mut imported, above.as_bytes(), &EnglishLabels::new());
    let needs = format!("occupationUri,relationType,skillUri\nhttp://example.org/occupation/nobody,essential,{LASSEN}\n");
    import(&mut imported, needs.as_bytes(), &EnglishLabels::new());
    let reference = Reference::with(&imported).expect("tables");
    assert_eq!(reference.dangling(&imported), [(Table::OccupationSkills, 1, 1), (Table::SkillBroader, 2, 2)]);
    let skill = reference.skill(&uri(LASSEN)).expect("known");
    assert_eq!(Some(&skill.broader), Reference::starter().skill(&skill.uri).map(|known| &known.broader));
    assert!(reference.narrower(&skill.uri).iter().all(|uri| reference.skill(uri).is_some()));
}
