//! CSV with a mapping, in and out.

use polder_formats::report::Note;
use polder_formats::sheet::{self, Mapping};
use polder_model::{Kind, OfferKey};
use polder_random::Random;
use serde_json::{Value, json};

use crate::{assert_valid, made, mangled, notes, refused};

fn mapping(text: &str) -> Mapping {
    Mapping::read(text.as_bytes()).unwrap_or_else(|why| panic!("{why}"))
}

/// Offers as a file, and what is not in it.
pub fn written(offers: &[(OfferKey, Value)], mapping: &Mapping) -> (Vec<u8>, Vec<Note>) {
    let mut writer = sheet::Writer::new(mapping);
    let mut bytes = writer.head();
    offers.iter().for_each(|(key, offer)| bytes.extend(writer.row(key, offer)));
    (bytes, writer.lost())
}

/// The blocks of that language in the documentation.
fn documented(language: &str) -> String {
    let page = include_str!("../../../../docs/formats.md");
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("a block");
    rest.split("```").next().expect("its end").to_owned()
}

#[test]
fn the_example_in_the_documentation_does_what_it_says() {
    let read = sheet::read(documented("csv").as_bytes(), &mapping(&documented("toml")));
    assert_eq!(read.refused, []);
    read.records.iter().for_each(assert_valid);
    let [one, two] = &read.records[..] else { panic!("two records") };
    assert_eq!(
        one.document,
        json!({"title": "Metselaar", "description": "Je metselt.\nOok binnenmuren.\n\nWij bieden: Een bus", "language": "nl", "employer": {"name": "Voorbeeld Bouw B.V."},
            "location": {"postcode": "8225 AB"}, "hours": {"min": 32, "max": 40}, "salary": {"min": 265_050, "period": "month"}, "licences": ["B", "BE"],
            "closingDate": "2026-12-31", "contracts": [{"form": "permanent"}]})
    );
    assert_eq!((one.key.as_str(), one.place.to_string().as_str()), ("V-1", "record 1, line 2"));
    assert_eq!(two.place.to_string(), "record 2, line 4");
    assert_eq!(two.document["description"], "Je stuct.\n\nSalaris vanaf: marktconform");
    assert_eq!(notes(two), [("Salaris vanaf", "kept-as-text"), ("Salaris vanaf", "not-understood")]);
    let said: Vec<String> = read.notes.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["Intern: left out: the mapping says so"]);
}

/// A mapping of every member, in one of the ways in which they are written.
fn every_member(random: &mut Random, kind: Kind) -> Mapping {
    let members = |page: &str| {
        let lines = page.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| line.split('`').next());
        lines.map(|member| format!("{member:?} = {member:?}\n")).collect::<String>()
    };
    let page = sheet::markdown();
    let (vacancies, trainings) = page.split_once("### CSV: the members of a training").expect("both kinds");
    let (collection, columns) = if kind == Kind::Vacancy { ("vacancies", members(vacancies)) } else { ("trainings", members(trainings)) };
    let (separator, decimal) = (random.pick(&[";", ",", "\\t", "|"]), random.pick(&[",", "."]));
    let date = random.pick(&["YYYY-MM-DD", "DD-MM-YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYYMMDD"]);
    let list = random.pick(&["|", ",", "/", "#"]);
    mapping(&format!(
        "collection = \"{collection}\"\nkey = \"key\"\nseparator = \"{separator}\"\ndecimal = \"{decimal}\"\ndate = \"{date}\"\nlist = \"{list}\"\n[columns]\n{columns}"
    ))
}

#[test]
fn a_round_trip_loses_nothing() {
    for seed in 0..50 {
        let mut random = Random::new(seed);
        for kind in [Kind::Vacancy, Kind::Training] {
            let make = |random: &mut Random| if kind == Kind::Vacancy { made::vacancy(random) } else { made::training(random) };
            let offers: Vec<(OfferKey, Value)> = (0..4).map(|at| (format!("k-{at}").parse().expect("a key"), make(&mut random))).collect();
            let mapping = if seed == 0 { Mapping::whole(kind) } else { every_member(&mut random, kind) };
            let (bytes, lost) = written(&offers, &mapping);
            assert_eq!(lost, []);
            let read = sheet::read(&bytes, &mapping);
            let text = String::from_utf8_lossy(&bytes);
            assert_eq!((&read.refused, &read.notes), (&vec![], &vec![]), "seed {seed}: {text}");
            for (record, (key, offer)) in read.records.iter().zip(&offers) {
                assert_eq!((&record.document, &record.key, &record.notes), (offer, key, &vec![]), "seed {seed}: {text}");
                assert_valid(record);
            }
            assert_eq!(read.records.len(), offers.len());
        }
    }
}

#[test]
fn no_cell_that_is_written_is_a_formula() {
    let offer = json!({"title": "=HYPERLINK(\"http://evil.example\")", "description": "@SUM(1+1)", "employer": {"name": "+Werk"}, "location": {"postcode": "8225", "latitude": 52.5, "longitude": -5.25},
        "application": {"telephone": "+31 320 000001"}});
    let (bytes, _) = written(&[("-2041".parse().expect("a key"), offer.clone())], &Mapping::whole(Kind::Vacancy));
    let mut rows = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(&bytes[3..]);
    let cells: Vec<String> = rows.records().flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{cells:?}");
    assert!(cells.contains(&"'-2041".to_owned()) && cells.contains(&"'-5,25".to_owned()));
    let read = sheet::read(&bytes, &Mapping::whole(Kind::Vacancy));
    assert_eq!((&read.records[0].document, read.records[0].key.as_str()), (&offer, "-2041"));
    let raw = sheet::read(
        b"key;/title;/description;/employer/name\r\n1;=1+1;@x;B\r\n",
        &mapping(
            "collection='vacancies'\nkey='key'\n[columns]\n'/title'='/title'\n'/description'='/description'\n'/employer/name'='/employer/name'",
        ),
    );
    assert_eq!(raw.records[0].document["title"], "=1+1", "a formula is text, and is not worked out");
}

const SMALL: &str = "collection = 'vacancies'\nkey = 'Nr'\nseparator = ';'\n[columns]\n'Titel' = '/title'\n'Tekst' = '/description'\n'Bedrijf' = '/employer/name'\n'Start' = '/startDate'\n'Vaardigheid' = '/skills/uri'\n'Niveau' = '/skills/level'\n";

#[test]
fn a_bad_row_never_spoils_a_good_one_and_says_its_line() {
    let input = "sep=;\r\nNr;Titel;Tekst;Bedrijf;Start;Vaardigheid;Niveau;Nieuw\r\n\
        1;Lasser;\"Lassen\r\nen meer\";B.V.;2027-02-30;http://data.europa.eu/esco/skill/1||http://data.europa.eu/esco/skill/3;9;z\r\n\
        ;Lasser;Lassen;B.V.\r\n\
        \r\n\
        2;;Lassen;B.V.\r\n\
        3;Lasser;Lassen;B.V.;;;;;;te veel\r\n\
        1;Lasser;Lassen;B.V.\r\n\
        4;Lasser;bel 111222333;B.V.\r\n\
        5;Lasser;Lassen;B.V.\r\n";
    let read = sheet::read(input.as_bytes(), &mapping(SMALL));
    let expected = [
        ("record 2, line 5", "Nr", "missing"),
        ("record 3, line 7", "Titel", "missing"),
        ("record 4, line 8", "", "not-of-the-format"),
        ("record 5, line 9", "", "key-twice"),
        ("record 6, line 10", "Tekst", "rule"),
    ];
    assert_eq!(refused(&read), expected.map(|(place, field, code)| (place.to_owned(), field, code)));
    assert_eq!(read.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["Nieuw: left out: the format has no field of this name"]);
    let keys: Vec<&str> = read.records.iter().map(|record| record.key.as_str()).collect();
    assert_eq!(keys, ["1", "5"]);
    read.records.iter().for_each(assert_valid);
    let first = &read.records[0];
    assert_eq!(first.document["skills"], json!([{"uri": "http://data.europa.eu/esco/skill/3"}]), "the level 9 of the first is none");
    assert!(
        first.document["description"].as_str().is_some_and(|text| text.starts_with("Lassen\nen meer\n\nStart: 2027-02-30")),
        "{}",
        first.document
    );
    assert!(
        notes(first).contains(&("Start", "not-understood")) && notes(first).contains(&("Niveau", "not-understood")),
        "{:?}",
        first.notes
    );
}

#[test]
fn a_byte_that_is_no_text_spoils_its_own_row_alone() {
    let head = &b"Nr;Titel;Tekst;Bedrijf;Start;Vaardigheid;Niveau\n"[..];
    // A character that is none, which stands in a good row, marks no other.
    let rows = [
        &b"1;Lasser;Lassen;B.V.\n"[..],
        &b"2;Caf\xe9;Lassen;B.V.\n"[..],
        "3;Lasser;Lassen \u{fdd0};B.V.\n".as_bytes(),
        b"\xff4;Lasser;Lassen;B.V.\n",
        b"5;Lasser;\"Lassen\nen caf\xc3\";B.V.\n",
        b"6;Lasser;Lassen;B.V.;;;;\x80\n",
        "7;Lasser;Café;B.V.\n".as_bytes(),
    ];
    let bytes = [head, &rows.concat()].concat();
    for (bytes, named) in [(bytes.clone(), false), ([b"\xef\xbb\xbf", &bytes[..]].concat(), false), (bytes, true)] {
        let read = if named {
            let names = [("Nr", "key"), ("Titel", "/title"), ("Tekst", "/description"), ("Bedrijf", "/employer/name")];
            let head =
                names.iter().fold(String::from_utf8(head.to_vec()).expect("text"), |head, (ours, theirs)| head.replace(ours, theirs));
            let head = head.replace("Start", "/startDate").replace("Vaardigheid", "/skills/uri").replace("Niveau", "/skills/level");
            sheet::read_named(&[head.as_bytes(), &rows.concat()].concat(), Kind::Vacancy)
        } else {
            sheet::read(&bytes, &mapping(SMALL))
        };
        let fields = if named { ["/title", "key", "/description"] } else { ["Titel", "Nr", "Tekst"] };
        let expected =
            [("record 2, line 3", fields[0]), ("record 4, line 5", fields[1]), ("record 5, line 6", fields[2]), ("record 6, line 8", "")];
        assert_eq!(refused(&read), expected.map(|(place, field)| (place.to_owned(), field, "encoding")));
        let keys: Vec<Option<&str>> = read.refused.iter().map(|one| one.key.as_ref().map(|key| key.as_str())).collect();
        assert_eq!(keys, [Some("2"), None, Some("5"), Some("6")], "the key where that can be read");
        let good: Vec<&str> = read.records.iter().map(|record| record.key.as_str()).collect();
        assert_eq!(good, ["1", "3", "7"]);
        assert_eq!(read.records[2].document["description"], "Café");
    }
    // UTF-16 with half of a pair in one cell, and cut off in the middle of a character.
    let text: Vec<u16> = format!("\u{feff}{}1;Lasser;Lassen;B.V.\n2;x", String::from_utf8_lossy(head)).encode_utf16().collect();
    let units = [&text[..], &[0xd800], &"y;Lassen;B.V.\n3;Lasser;Lassen;B.V.\n".encode_utf16().collect::<Vec<_>>()].concat();
    let read = sheet::read(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>(), &mapping(SMALL));
    assert_eq!(refused(&read), [("record 2, line 3".to_owned(), "Titel", "encoding")]);
    assert_eq!(read.records.len(), 2);
}

#[test]
fn a_list_that_is_cut_off_is_noted() {
    let uris: Vec<String> = (0..300).map(|number| format!("http://data.europa.eu/esco/skill/{number}")).collect();
    let input = format!("Nr;Titel;Tekst;Bedrijf;Start;Vaardigheid;Niveau\n1;Lasser;Lassen;B.V.;;{};\n", uris.join("|"));
    let read = sheet::read(input.as_bytes(), &mapping(SMALL));
    let kept = read.records[0].document["skills"].as_array().map_or(0, Vec::len);
    assert!((1..300).contains(&kept), "{kept}");
    assert_eq!(notes(&read.records[0]), [("Vaardigheid", "list-shortened")]);
}

#[test]
fn what_cannot_be_read_at_all_says_why() {
    let said = |bytes: &[u8]| {
        let read = sheet::read(bytes, &mapping(SMALL));
        assert!(read.records.is_empty());
        read.refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert!(said(b"Nr,Titel,Tekst\n1,a,b").contains("the column Bedrijf of the mapping"), "{}", said(b"Nr,Titel,Tekst\n1,a,b"));
    assert!(said(b"Nr;Titel;Titel;Tekst;Bedrijf;Start;Vaardigheid;Niveau\n").contains("Titel stands twice"));
    assert!(said(b"").contains("the names of the columns"));
    assert!(said(b"Nr;Titel\xe9\n").contains("UTF-8"));
    let long = format!("Nr;Titel;Tekst;Bedrijf;Start;Vaardigheid;Niveau\n1;\"{}", "x\n".repeat(70_000));
    assert!(said(long.as_bytes()).contains("quotation mark"), "{}", said(long.as_bytes()));
}

#[test]
fn a_mapping_that_is_wrong_says_where_and_what_is_allowed() {
    let said = |text: &str| Mapping::read(text.as_bytes()).expect_err(text).to_string();
    for (wrong, expected) in [
        ("collection = 'vacancies'\nkey = 'a'\ncolour = 1\n", "line 3: unknown field `colour`"),
        ("collection = 'jobs'\nkey = 'a'\n", "vacancies or trainings"),
        ("collection = 'vacancies'\n", "missing field `key`"),
        ("collection = 'vacancies'\nkey = 'a'\nseparator = 'x'\n", "separator"),
        ("collection = 'vacancies'\nkey = 'a'\ndate = 'D-M-Y'\n", "YYYY-MM-DD"),
        ("collection = 'vacancies'\nkey = 'a'\n[columns]\nb = '/titel'\n", "/title"),
        ("collection = 'vacancies'\nkey = 'a'\n[columns]\nb = '/title'\nc = '/title'\n", "/title stands twice"),
        ("collection = 'vacancies'\nkey = 'a'\n[columns]\na = '/title'\n", "a column of its own"),
        ("{\"collection\": \"vacancies\",\n \"key\": 7}", "line 2"),
        ("collection = ", "line 1"),
    ] {
        assert!(said(wrong).contains(expected), "{wrong}: {}", said(wrong));
    }
    let json = Mapping::read(
        br#"{"collection": "trainings", "key": "id", "columns": {"Naam": "/title"}, "constants": {"/provider/name": "School"}}"#,
    );
    assert_eq!(json.map(|mapping| mapping.kind()), Ok(Kind::Training));
}

#[test]
fn what_the_mapping_has_no_column_for_is_named() {
    let offer = json!({"title": "Lasser", "description": "x", "employer": {"name": "B.V.", "sector": "C"}, "skills": [{"uri": "http://data.europa.eu/esco/skill/1", "importance": "optional"}], "welcomesSharing": true});
    let with = mapping(&format!("{SMALL}[constants]\n'/employer/sector' = 'C'\n"));
    let lost: Vec<String> = written(&[("1".parse().expect("a key"), offer)], &with).1.into_iter().map(|note| note.field).collect();
    assert_eq!(lost, ["/skills/importance", "/welcomesSharing"]);
}

#[test]
fn whatever_comes_in_what_comes_out_is_valid() {
    let mut read = 0;
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let kind = *random.pick(&[Kind::Vacancy, Kind::Training]);
        let offers: Vec<(OfferKey, Value)> = (0..3)
            .map(|at| {
                (
                    format!("k-{at}").parse().expect("a key"),
                    if kind == Kind::Vacancy { made::vacancy(&mut random) } else { made::training(&mut random) },
                )
            })
            .collect();
        let mapping = Mapping::whole(kind);
        let bytes = mangled(&mut random, &written(&offers, &mapping).0);
        let out = sheet::read(&bytes, &mapping);
        out.records.iter().for_each(assert_valid);
        read += out.records.len();
    }
    assert!(read > 150, "{read}");
}

#[test]
fn only_what_was_lost_is_noted() {
    let mapping = mapping(
        "collection = \"vacancies\"\nkey = \"Nr\"\n[columns]\nTitel = \"/title\"\nTekst = \"/description\"\nUren = \"/hours/min\"\nLoon = \"/salary/min\"\n\
         [constants]\n\"/salary/period\" = \"month\"\n\"/employer/name\" = \"Bouw\"\n",
    );
    let read = sheet::read(b"Nr;Titel;Tekst;Uren;Loon\n1;Kok;U kookt.;;\n2;Kok;U kookt.;24;2650\n3;Kok;U kookt.;;-5\n", &mapping);
    assert_eq!(read.refused, []);
    let [empty, half, odd] = &read.records[..] else { panic!("three records") };
    assert_eq!(notes(empty), []);
    assert_eq!((notes(half), half.document.get("hours")), (vec![("Uren", "kept-as-text")], None));
    assert_eq!((&half.document["description"], &half.document["salary"]["min"]), (&json!("U kookt.\n\nUren: 24"), &json!(265_000)));
    assert!(notes(odd).contains(&("Loon", "kept-as-text")), "{:?}", notes(odd));
    // A currency that the mapping gives to all is no price, and none was lost.
    let priced = self::mapping(
        "collection = \"trainings\"\nkey = \"Nr\"\n[columns]\nTitel = \"/title\"\nTekst = \"/description\"\nPrijs = \"/price/amount\"\n\
         [constants]\n\"/price/currency\" = \"EUR\"\n\"/provider/name\" = \"School\"\n",
    );
    let read = sheet::read(b"Nr;Titel;Tekst;Prijs\n1;Lassen;U leert.;\n", &priced);
    let [free] = &read.records[..] else { panic!("one record: {:?}", refused(&read)) };
    assert_eq!((notes(free), free.document.get("price")), (vec![], None));
}

#[test]
fn columns_may_have_the_names_of_members() {
    for file in [
        "key;/title;/description;/employer/name;Ander\nV-1;Kok;U kookt.;Bouw;x\n",
        "key,/title,/description,/employer/name,Ander\nV-1,Kok,U kookt.,Bouw,x\n",
    ] {
        let read = sheet::read_named(file.as_bytes(), Kind::Vacancy);
        let [record] = &read.records[..] else { panic!("one record: {:?}", refused(&read)) };
        assert_eq!((record.key.as_str(), &record.document["employer"]["name"]), ("V-1", &json!("Bouw")));
        assert_eq!(read.notes.iter().map(|note| note.field.as_str()).collect::<Vec<_>>(), ["Ander"]);
    }
    assert_eq!(refused(&sheet::read_named(b"/title\nKok\n", Kind::Vacancy)).len(), 1, "the column of the key is missing");
}
