//! `polder import` from the outside, without a node: what files hold, and what is said about it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::command::{code, err, out, polder};

const POSTING: &str = r#"{"@context": "https://schema.org", "@type": "JobPosting", "title": "Lasser", "description": "Je last.", "identifier": "V-1",
    "hiringOrganization": {"name": "Las BV"}, "jobLocation": {"address": {"postalCode": "8302 AB"}}}"#;

fn import(directory: &Path, arguments: &[&str], input: &str) -> Output {
    polder(directory, &[&["import"], arguments].concat(), input)
}

fn lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The verdicts on one file with this text.
fn verdicts(name: &str, text: &str) -> Vec<Value> {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join(name), text).expect("written");
    lines(&import(directory.path(), &[name, "--dry-run", "--json"], ""))
}

#[test]
fn a_vacancy_that_has_closed_is_said() {
    let line = |date: &str| {
        format!(
            r#"{{"kind":"vacancy","key":"a","document":{{"title":"Lasser","description":"x","employer":{{"name":"A"}},"closingDate":"{date}"}}}}"#
        )
    };
    let past = verdicts("a.ndjson", &line("2020-12-31"));
    assert_eq!(past[0]["outcome"], "valid");
    assert_eq!(past[0]["notes"][0]["code"], "over", "{past:?}");
    assert_eq!(verdicts("a.ndjson", &line("2099-12-31"))[0].get("notes"), None);
    let posting = verdicts("a.json", &POSTING.replace("\"title\"", "\"validThrough\": \"31-12-2020\", \"title\""));
    assert!(posting[0]["notes"].to_string().contains("/closingDate"), "{posting:?}");
}

#[test]
fn line_breaks_inside_texts_are_read_with_a_note() {
    let text = POSTING.replace("Je last.", "Je last.\r\nElke\tdag.");
    for (name, text) in [
        ("a.json", text.clone()),
        ("a", text.clone()),
        ("a.json", format!("[{text},\n{text}]")),
        ("a.html", format!("<script type=\"application/ld+json\">{text}</script>")),
    ] {
        let found = verdicts(name, &text);
        assert!(found.iter().all(|line| line["outcome"] == "valid"), "{name}: {found:?}");
        assert!(found[0]["mapping"].to_string().contains("line breaks"), "{name}: {found:?}");
    }
}

/// Whether something is refused on that line, which is said once, and where on it.
fn is_at(verdict: &Value, line: u64) -> bool {
    let problem = verdict["problem"].to_string();
    verdict["line"] == line && problem.contains(" column ") && !problem.contains("line")
}

#[test]
fn a_document_that_is_not_json_is_named_as_a_whole() {
    let broken = POSTING.replace("\"Lasser\",", "\"Lasser\"");
    for (name, text) in [("a.json", broken.clone()), ("a.jsonld", broken.clone()), ("a", broken.clone())] {
        let found = verdicts(name, &text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(is_at(&found[0], 1), "{found:?}");
    }
    let array = verdicts("a.json", &format!("\n\n[\n{POSTING},\n{broken}\n]"));
    assert!(array.len() == 1 && is_at(&array[0], 6), "{array:?}");
    // An end that is missing, and text that is nothing at all.
    assert!(is_at(&verdicts("a.json", "{\n\"title\":\n")[0], 2));
    assert_eq!(verdicts("a.json", "title\nLasser\nSlijper").len(), 1);
    // Lines stay lines, whatever the name says.
    let line = r#"{"kind":"vacancy","key":"a","document":{"title":"Lasser","description":"x","employer":{"name":"A"}}}"#;
    let outcomes = |text: String| verdicts("a.json", &text).iter().map(|line| line["outcome"].to_string()).collect::<Vec<_>>();
    assert_eq!(outcomes(format!("{line}\n{{oops\n{line}")), ["\"valid\"", "\"refused\"", "\"valid\""]);
}

#[test]
fn a_page_with_several_scripts() {
    let script = |text: &str| format!("<script type='application/ld+json'>{text}</script>\n");
    let page = format!(
        "<html>\n{}{}{}{}</html>",
        script(r##"{"@type": "Organization", "@id": "#org", "name": "Zorg BV"}"##),
        script(POSTING),
        script("{oops"),
        script(
            r##"{"@graph": [[{"@type": "schema:JobPosting", "schema:title": "Kok", "description": "x", "identifier": "V-2", "hiringOrganization": {"@id": "#org"}}]]}"##
        ),
    );
    let found = verdicts("a.html", &page);
    let shape: Vec<_> = found.iter().map(|line| (line["key"].as_str(), line["outcome"].as_str().expect("an outcome"))).collect();
    assert_eq!(shape, [(Some("V-1"), "valid"), (None, "refused"), (Some("V-2"), "valid")], "{found:?}");
}

#[test]
fn the_mapping_can_be_seen() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let pretty = "[{\"kind\": \"vacancy\", \"key\": \"b\",\n \"document\": {\"title\": \"Kok\",\n \"description\": \"x\", \"employer\": {\"name\": \"A\"}}}]";
    fs::write(here.join("a.json"), POSTING).expect("written");
    fs::write(here.join("b.json"), pretty).expect("written");
    fs::write(here.join("c.ndjson"), "{\"kind\":\"vacancy\",\"key\":\"c\",\"document\":{}}").expect("written");
    let run = import(here, &["a.json", "b.json", "c.ndjson", "--output", "-"], "");
    assert_eq!(code(&run), 1, "{}", err(&run));
    let written = lines(&run);
    let keys: Vec<_> = written.iter().map(|line| (line["kind"].as_str(), line["key"].as_str())).collect();
    assert_eq!(keys, [(Some("vacancy"), Some("V-1")), (Some("vacancy"), Some("b"))]);
    assert_eq!((&written[0]["document"]["location"]["postcode"], &written[1]["document"]["title"]), (&"8302 AB".into(), &"Kok".into()));
    assert!(err(&run).contains("c refused") && err(&run).contains("1 refused, 2 valid"), "{}", err(&run));

    let to_file = import(here, &["a.json", "b.json", "--output", "all.ndjson", "--json"], "");
    assert_eq!((code(&to_file), lines(&to_file).len()), (0, 2), "{}", err(&to_file));
    assert_eq!(
        fs::read_to_string(here.join("all.ndjson")).expect("a file"),
        out(&import(here, &["a.json", "b.json", "--output", "-"], ""))
    );
    let again = import(here, &["all.ndjson", "--dry-run"], "");
    assert!(code(&again) == 0 && out(&again).ends_with("2 valid\n"), "{}", out(&again));
    let nowhere = import(here, &["a.json", "--output", "none/all.ndjson"], "");
    assert!(code(&nowhere) == 2 && err(&nowhere).contains("none/all.ndjson"), "{}", err(&nowhere));
}

#[test]
fn equal_notes_stand_once_with_their_number() {
    let directory = tempfile::tempdir().expect("a directory");
    let one = |key: u32, skill: &str| {
        POSTING.replace("V-1", &format!("V-{key}")).replace('\n', " ").replace("\"title\"", &format!("\"skills\": \"{skill}\", \"title\""))
    };
    let input: String = (0..5).map(|key| one(key, &format!("toverspreuk {}", key.min(3))) + "\n").collect();
    let run = import(directory.path(), &["-", "--dry-run"], &input);
    let text = out(&run);
    let about: Vec<&str> = text.lines().filter(|line| line.contains("skills:")).collect();
    assert_eq!(about.len(), 1, "{text}");
    assert!(about[0].contains("skills: text kept, not parsed (5 records: toverspreuk 0; toverspreuk 1; toverspreuk 2; …)"), "{text}");
    assert!(text.ends_with("5 valid\n"), "{text}");
    let json = lines(&import(directory.path(), &["-", "--dry-run", "--json"], &input));
    assert_eq!(json[2]["mapping"][0], "skills: text kept, not parsed (toverspreuk 2)");
}

#[test]
fn nothing_to_import_is_no_success() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    fs::write(here.join("good.json"), POSTING).expect("written");
    for text in ["", " \n\n", "[]", "[\n]"] {
        fs::write(here.join("empty.json"), text).expect("written");
        for more in [&[][..], &["--json"], &["--output", "-"]] {
            let run = import(here, &[&["empty.json", "--dry-run"], more].concat(), "");
            assert_eq!(code(&run), 1, "{text:?}");
            assert!(err(&run).contains("no records in empty.json"), "{}", err(&run));
        }
        let beside = import(here, &["good.json", "empty.json", "--dry-run"], "");
        assert!(code(&beside) == 1 && err(&beside).contains("no records in empty.json"), "{}", err(&beside));
        assert!(out(&beside).ends_with("1 valid\n"), "{}", out(&beside));
    }
    let null = import(here, &["/dev/null", "--dry-run"], "");
    assert!(code(&null) == 1 && err(&null).contains("no records in /dev/null"), "{}", err(&null));
}

#[test]
fn a_folder_is_no_file() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir(directory.path().join("offers")).expect("made");
    let run = import(directory.path(), &["offers", "--dry-run"], "");
    assert!(code(&run) == 2 && err(&run).contains("offers: this is a folder; name the files in it"), "{}", err(&run));
}

/// Where a node is whose disk is full: it opens imports, and takes no part.
fn full_node() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let import =
        r#"{"id": "i1", "collection": "vacancies", "openedAt": "2026-01-01T00:00:00Z", "keptUntil": "2026-01-08T00:00:00Z", "parts": []}"#;
    let full = r#"{"type": "https://a.example/storage-full", "title": "The storage of this node is full; nothing was stored", "status": 507,
        "detail": "the disk that holds its database is full. Reading and searching go on"}"#;
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.expect("a connection"));
            let (mut request, mut length) = (String::new(), 0);
            while reader.read_line(&mut request).expect("a line") > 2 {
                let line = request.lines().next_back().unwrap_or_default().to_lowercase();
                length = line.strip_prefix("content-length: ").map_or(length, |digits| digits.parse().expect("a number"));
            }
            reader.read_exact(&mut vec![0; length]).expect("a body");
            let (status, body) = if request.starts_with("PUT") { ("507 Full", full) } else { ("200 OK", import) };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            reader.get_mut().write_all(format!("{head}{body}").as_bytes()).expect("written");
        }
    });
    url
}

#[test]
fn a_full_node_is_told_with_the_way_to_go_on() {
    let (directory, url) = (tempfile::tempdir().expect("a directory"), full_node());
    let token = directory.path().join("token");
    fs::write(&token, "secret").expect("written");
    fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).expect("a mode");
    fs::write(directory.path().join("posting.json"), POSTING).expect("written");
    let to = ["posting.json", "--url", &url, "--token-file", "token"];
    for (more, way) in [
        (&[][..], "run the same command again: what is in already stays unchanged (with --resume FILE"),
        (&["--resume", "state"], "run the same command with its --resume again: it goes on with what is not in yet"),
    ] {
        let output = import(directory.path(), &[&to, more].concat(), "");
        assert_eq!(code(&output), 1, "{}", err(&output));
        assert!(err(&output).contains("go on. When there is room, ") && err(&output).contains(way), "{}", err(&output));
    }
    assert!(directory.path().join("state").exists(), "what was begun is remembered");
}

#[test]
fn what_many_records_are_refused_for_is_said_once_more_at_the_end() {
    let refused = |count: usize| {
        let directory = tempfile::tempdir().expect("a directory");
        let line =
            |number| format!("{{\"kind\":\"training\",\"key\":\"T-{number}\",\"document\":{{\"title\":\"Lassen\",\"plaats\":\"x\"}}}}\n");
        fs::write(directory.path().join("a.ndjson"), (0..count).map(line).collect::<String>()).expect("written");
        out(&import(directory.path(), &["a.ndjson", "--dry-run"], ""))
    };
    let ten = refused(10);
    assert!(ten.ends_with("10 refused\n") && !ten.contains("each reason once"), "{ten}");
    let eleven = refused(11);
    let (_, reasons) = eleven.split_once("Refused, each reason once:\n").expect("the reasons");
    assert!(reasons.contains("  /description: this member must be given (11 records: line 1 T-0; line 2 T-1; line 3 T-2; …)"), "{reasons}");
    // Whoever used a member that is not there reads which there are.
    assert!(reasons.contains("1 member(s) that are not known here (plaats); it has closingDate, credential, description, "), "{reasons}");
    assert!(reasons.contains("editions"), "{reasons}");
}

#[test]
fn rows_of_a_spreadsheet_become_offers_by_their_mapping() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let mapping = "collection = \"vacancies\"\nkey = \"Nummer\"\n[columns]\n\"Functie\" = \"/title\"\n\"Tekst\" = \"/description\"\n\"Uren\" = \"/hours/max\"\n\
        [constants]\n\"/employer/name\" = \"Voorbeeld Bouw\"\n";
    fs::write(here.join("mapping.toml"), mapping).expect("written");
    fs::write(
        here.join("a.csv"),
        "Nummer;Functie;Tekst;Uren;Intern\r\nV-1;Metselaar;Je metselt.;32;x\r\nV-2;;Zonder titel.;;\r\nV-3;Stukadoor;Je stuct.;veel;\r\n",
    )
    .expect("written");
    let run = import(here, &["a.csv", "--format", "csv", "--mapping", "mapping.toml", "--dry-run", "--json"], "");
    let found = lines(&run);
    let shape: Vec<_> =
        found.iter().map(|line| (line["line"].as_u64(), line["key"].as_str(), line["outcome"].as_str().expect("an outcome"))).collect();
    assert_eq!(code(&run), 1);
    assert_eq!(shape[0], (Some(2), Some("V-1"), "valid"), "{found:?}");
    assert_eq!((shape[1].0, shape[1].2, shape[2].2), (Some(3), "refused", "valid"), "{found:?}");
    assert!(found[0]["mapping"].to_string().contains("Intern: left out: the format has no field of this name"), "{found:?}");
    let dutch = out(&import(here, &["a.csv", "--format", "csv", "--mapping", "mapping.toml", "--dry-run", "--lang", "nl"], ""));
    assert!(dutch.contains("Intern: weggelaten: dit veld is onbekend") && dutch.contains("als tekst bewaard"), "{dutch}");

    for said in ["regel 3", "geweigerd: ", "het geheel: kan zo niet (Functie: dit ontbreekt: ", "1 geweigerd, 2 goed"] {
        assert!(dutch.contains(said), "{said}: {dutch}");
    }

    let none = import(here, &["a.csv", "--format", "csv", "--dry-run"], "");
    assert!(code(&none) == 2 && err(&none).contains("--format csv needs --mapping FILE"), "{}", err(&none));
    let twice = import(here, &["a.csv", "--mapping", "mapping.toml", "--dry-run"], "");
    assert!(code(&twice) == 2 && err(&twice).contains("--mapping: only with --format csv"), "{}", err(&twice));
    fs::write(here.join("wrong.toml"), "collection = \"vacancies\"\nkey = \"x\"\n[columns]\n\"a\" = \"/nergens\"\n").expect("written");
    let wrong = import(here, &["a.csv", "--format", "csv", "--mapping", "wrong.toml", "--dry-run"], "");
    assert!(code(&wrong) == 2 && err(&wrong).contains("wrong.toml: "), "{}", err(&wrong));
}

#[test]
fn vacancies_of_setu_are_read_and_ended_ones_are_not_put() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    let opening = |key: &str, status: &str| {
        format!(
            "<PositionOpeningNL><PositionRecordInfo><Id><IdValue>{key}</IdValue></Id><Status>{status}</Status></PositionRecordInfo>\
             <PositionPostings/><PositionProfile><Organization><OrganizationName>Las BV</OrganizationName></Organization>\
             <PositionDetail><PositionTitle>Lasser</PositionTitle></PositionDetail>\
             <FormattedPositionDescription><Name>x</Name><Value>Je last.</Value></FormattedPositionDescription></PositionProfile></PositionOpeningNL>"
        )
    };
    fs::write(here.join("a.xml"), format!("<Envelope>\n{}\n{}\n</Envelope>", opening("V-1", "active"), opening("V-2", "x:delete")))
        .expect("written");
    let found = lines(&import(here, &["a.xml", "--format", "setu", "--dry-run", "--json"], ""));
    let shape: Vec<_> =
        found.iter().map(|line| (line["line"].as_u64(), line["key"].as_str(), line["outcome"].as_str().expect("an outcome"))).collect();
    assert_eq!(shape, [(Some(2), Some("V-1"), "valid"), (Some(3), Some("V-2"), "refused")], "{found:?}");
    fs::write(here.join("bomb.xml"), "<!DOCTYPE a [<!ENTITY b \"x\">]>\n<a>&b;</a>").expect("written");
    let bomb = import(here, &["bomb.xml", "--format", "setu", "--dry-run"], "");
    assert!(code(&bomb) == 1 && out(&bomb).contains("DOCTYPE"), "{}{}", out(&bomb), err(&bomb));
}

/// What the program itself says of an import is Dutch where that is asked; what stands in brackets, or behind `Het knooppunt zegt in het Engels`, is the node's.
#[test]
fn an_import_speaks_dutch_where_it_is_asked() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    std::fs::create_dir(here.join("map")).expect("made");
    let lines = "{\"kind\":\"vacancy\",\"key\":\"a\",\"document\":{}}\n{oops\n{\"key\":\"b\",\"document\":{}}\n";
    fs::write(here.join("a.ndjson"), [lines.as_bytes(), b"\xff\n", &vec![b'x'; 2 * 1024 * 1024], b"\n"].concat()).expect("written");
    fs::write(here.join("b.ndjson"), format!("{POSTING}\n{{\"@type\": \"Organization\"}}\n").replace("\n ", " ")).expect("written");
    fs::write(here.join("utf16.json"), [0xff, 0xfe, 0xff]).expect("written");
    fs::write(here.join("leeg.json"), "").expect("written");
    fs::write(here.join("tabel.csv"), "a;b\n").expect("written");
    fs::write(here.join("mapping.toml"), "collection = 'jobs'\nkey = 'a'\n").expect("written");
    let english = ["this ", "there ", "refused", "line", "no records", "needs", "cannot", "has to", "whole", "reason", "name the", "file"];
    for (arguments, said) in [
        (
            &["a.ndjson"][..],
            &[
                "regel 1: a geweigerd: Het document klopt niet",
                "regel 2: geweigerd",
                "van welke soort is dit record? Geef --kind",
                "deze regel is geen UTF-8",
                "deze regel is langer dan 1 MiB",
                "5 geweigerd",
            ][..],
        ),
        (&["b.ndjson"], &["1 geweigerd"]),
        (&["utf16.json"], &["geweigerd"]),
        (&["leeg.json"], &["er staan geen records in leeg.json"]),
        (&["map"], &["map: dit is een map; noem de bestanden erin, zoals map/*.json"]),
        (&["weg.json"], &["weg.json: dit bestand is er niet"]),
        (&["tabel.csv"], &["zeg wat de kolommen van een tabel betekenen"]),
        (&["tabel.csv", "--format", "csv"], &["--format csv heeft --mapping BESTAND nodig"]),
        (&["tabel.csv", "--mapping", "mapping.toml"], &["--mapping: alleen met --format csv"]),
        (&["tabel.csv", "--format", "csv", "--mapping", "mapping.toml"], &["mapping.toml: dit heeft niet de vorm die het moet hebben"]),
        (&["a.ndjson", "--output", "map"], &["--output map: daar staat iets dat geen bestand is"]),
    ] {
        let run = import(here, &[arguments, &["--dry-run", "--lang", "nl"]].concat(), "");
        let text = format!("{}{}", out(&run), err(&run));
        for said in said {
            assert!(text.contains(said), "{arguments:?}: {said}: {text}");
        }
        // Without what comes of the node's own findings, in brackets, and of what a file must be.
        let own: String = text
            .split('\n')
            .map(|line| line.split(" (").next().unwrap_or_default().split(" hebben: ").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n");
        for word in english {
            assert!(!own.contains(word), "{arguments:?}: {word}: {own}");
        }
    }
}
