//! Tables of full size, with invented labels: read, kept, and looked things up in, within bounds of time and memory. One test alone in its program:
//! the peak of the whole process is what is measured.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use polder_model::code::TravelMode;
use polder_model::query::Measure;
use polder_model::reference::official::{self, EnglishLabels};
use polder_model::reference::{Content, Imported, Reference, Table, TableVersion, TextLanguage};
use polder_model::travel;

const SKILLS: u64 = 13_900;
const OCCUPATIONS: u64 = 3_050;
const RELATIONS: u64 = 126_000;
const POSTCODE_ROWS: u64 = 500_000;
const PARTS: [&str; 16] = ["mol", "ta", "ren", "ki", "vo", "lam", "ster", "du", "pie", "gra", "wen", "so", "lin", "ber", "ka", "zij"];

/// The most memory that this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// Numbers that look like nothing (SplitMix64).
fn mixed(number: u64) -> u64 {
    let z = (number.wrapping_add(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Three words that nobody ever said.
fn label(number: u64) -> String {
    let mut text = String::new();
    for place in 0..9 {
        text.push_str(PARTS[(mixed(number * 9 + place) % 16) as usize]);
        if place % 3 == 2 && place < 8 {
            text.push(' ');
        }
    }
    text
}

fn skill(number: u64) -> String {
    format!("http://example.org/skill/{:016x}-{number:016x}", mixed(number))
}

fn occupation(number: u64) -> String {
    format!("http://example.org/occupation/{:016x}-{number:016x}", mixed(number))
}

fn concepts(count: u64, header: &str, row: impl Fn(u64) -> String) -> String {
    let mut text = format!("{header}\r\n");
    for number in 0..count {
        let others: Vec<String> = (0..mixed(number) % 14).map(|other| label(1_000_000 + number * 20 + other)).collect();
        let _ = write!(text, "{},{},\"{}\",\"{}\"\r\n", row(number), label(number), others.join("\n"), label(number * 7).repeat(8));
    }
    text
}

fn files() -> [(Table, String); 5] {
    let skills = concepts(SKILLS, "conceptType,conceptUri,skillType,preferredLabel,altLabels,description", |number| {
        format!("KnowledgeSkillCompetence,{},knowledge", skill(number))
    });
    let occupations = concepts(OCCUPATIONS, "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description", |number| {
        format!("Occupation,{},{}", occupation(1_000_000 + number), 1_000 + number % 430)
    })
    .replace("/occupation/", "/occupation/o-");
    let (mut above, mut needs) = ("conceptUri,broaderUri\r\n".to_owned(), "occupationUri,relationType,skillType,skillUri\r\n".to_owned());
    for number in 1..SKILLS {
        let _ = write!(above, "{},{}\r\n", skill(number), skill(mixed(number) % number));
    }
    for number in 0..RELATIONS {
        let occupation = occupation(1_000_000 + number % OCCUPATIONS).replace("/occupation/", "/occupation/o-");
        let _ = write!(needs, "{occupation},essential,knowledge,{}\r\n", skill((number * 37 + number / OCCUPATIONS) % SKILLS));
    }
    let known: Vec<u16> = Reference::starter().places().iter().map(|place| place.postcode.number()).collect();
    let others = (1_011..9_999).filter(|postcode| !known.contains(postcode));
    let postcodes: Vec<u16> = known.iter().copied().chain(others).take(4_070).collect();
    let mut areas = String::new();
    for row in 0..POSTCODE_ROWS {
        let (postcode, letter) = (postcodes[(row % 4_070) as usize], |by: u64| char::from(b'A' + (row / by % 26) as u8));
        let (north, east) = (51.0 + f64::from(postcode % 97) / 40.0, 4.0 + f64::from(postcode % 83) / 30.0);
        let place = label(u64::from(postcode / 3));
        let _ = writeln!(
            areas,
            "NL\t{postcode} {}{}\t{place}\tp\t{:02}\tm\t{:04}\t\t\t{north:.4}\t{east:.4}\t6",
            letter(26),
            letter(1),
            postcode % 12,
            postcode / 30
        );
    }
    [
        (Table::Skills, skills),
        (Table::SkillBroader, above),
        (Table::Occupations, occupations),
        (Table::OccupationSkills, needs),
        (Table::Postcodes, areas),
    ]
}

#[test]
fn tables_of_full_size_are_read_and_used_within_bounds() {
    let files = files();
    let (before, began) = (peak(), Instant::now());
    let mut kept: Vec<(Table, Vec<u8>)> = Vec::new();
    for (table, text) in &files {
        let read = official::read(*table, b',', &EnglishLabels::new(), text.as_bytes());
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        kept.push((*table, read.content.to_csv().expect("written")));
    }
    let reading = began.elapsed();
    let rows: Vec<usize> = kept.iter().map(|(_, bytes)| bytes.iter().filter(|byte| **byte == b'\n').count()).collect();
    println!("read in {reading:?}, {rows:?} lines, {} KiB kept", kept.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() >> 10);

    let began = Instant::now();
    let mut imported = Imported::none();
    for (table, bytes) in &kept {
        imported.put(*table, TableVersion::of(table.as_str(), "full", bytes), Content::from_csv(*table, bytes).expect("read back"));
    }
    let parsed = began.elapsed();
    let reference = Reference::with(&imported).expect("tables");
    let loading = began.elapsed();
    let grown = peak() - before;
    println!("loaded in {loading:?} (of which {parsed:?} for the files), the peak grew by {grown} KiB");
    assert_eq!((reference.skills().len() as u64, reference.places().len()), (SKILLS + Reference::starter().skills().len() as u64, 4_070));

    let began = Instant::now();
    for number in 0..100 {
        let mistyped = label(number * 31).replacen('e', "a", 1);
        assert!(!reference.suggest_skills(&mistyped).is_empty(), "{mistyped}");
    }
    let suggesting = began.elapsed() / 100;
    // The words of labels are taken apart once, for texts as well.
    let began = Instant::now();
    assert!(!reference.skills_in("lassen", TextLanguage::Nl, 1).is_empty());
    let words = began.elapsed();
    let began = Instant::now();
    for number in 0..50 {
        let named = label(number * 31);
        let mistyped = named.replacen('e', "a", 1);
        for typed in [named.as_str(), &mistyped, "ik kan goed lassen", "hefftruck rijden"] {
            assert!(!reference.find_skills(typed, false, 12).is_empty(), "{typed}");
        }
    }
    let finding = began.elapsed() / 200;
    println!("what somebody typed is found in {finding:?}, once the words of labels were taken apart in {words:?}");
    let from = reference.place_named("Emmeloord").expect("known").postcode;
    let began = Instant::now();
    let reached = travel::reach(&reference, from, TravelMode::PublicTransport, Measure::Minutes, 240);
    println!("suggestions in {suggesting:?}, {} places within reach in {:?}", reached.len(), began.elapsed());
    // Bounds for a machine that is busy with other things, and for a build that is not optimised.
    assert!(reading < Duration::from_secs(120) && loading < Duration::from_secs(60), "{reading:?} {loading:?}");
    assert!(suggesting < Duration::from_millis(200), "{suggesting:?}");
    assert!(finding < Duration::from_millis(500) && words < Duration::from_secs(30), "{finding:?} {words:?}");
    assert!(grown < 256 * 1024, "{grown} KiB");
}
