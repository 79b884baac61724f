//! Configurations that are wrong say where and why; docs/configuration.md says what the code does.

use std::path::{Path, PathBuf};

use super::keys::every_key;
use super::*;

const LEAST: &str = "partner = \"kvk:12345678\"\nname = \"Voorbeeld BV\"\ndata = \"data\"\n";

fn load(text: &str, environment: &[(&str, &str)], set: &[&str]) -> (PathBuf, Result<Config, ConfigError>) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("polder.toml");
    std::fs::write(&file, text).expect("written");
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let settings: Vec<Setting> = set.iter().map(|text| text.parse().expect("a known key")).collect();
    (directory.path().to_owned(), Config::load(Some(&file), environment, &settings))
}

fn refused(text: &str) -> String {
    load(text, &[], &[]).1.expect_err("refused").to_string()
}

#[test]
fn the_least_that_is_needed() {
    let (directory, config) = load(LEAST, &[], &[]);
    let config = config.expect("fine");
    assert_eq!(config.data, directory.join("data"));
    assert_eq!(config.register.directory, directory.join("data/register"));
    assert_eq!(config.database, directory.join("data/polder.db").into());
    assert_eq!(config.keys(), directory.join("data/keys"));
    assert_eq!(config.client_url(), "http://127.0.0.1:8080");
    assert_eq!((&config.limits, config.log.format), (&polder_web::Limits::default(), LogFormat::Text));
    assert_eq!(config.policy, Policy::default(), "the defaults of the table are those of the program");
    assert!(config.check_ready_to_serve().expect_err("no fingerprint").to_string().contains("POLDER_REGISTER_FINGERPRINT"));
}

const INWAY: &str = "[fsc]\nlisten = \"127.0.0.1:8445\"\ngroup = \"fsc.example\"\npeer_id = \"00000001234567890000\"\ninway = \"https://inway.example.nl:443\"\nkeys_file = \"keys.json\"\n";

#[test]
fn an_inway_has_a_port_that_nobody_else_reaches_and_all_that_its_tokens_are_held_against() {
    let with = |text: &str| load(&format!("{LEAST}{text}"), &[], &[]).1;
    let inway = with(INWAY).expect("fine").fsc.inway.expect("an Inway");
    assert_eq!((inway.service.as_str(), inway.algorithm.as_str(), inway.certificate), ("polder", "RS256", None));
    assert!(with("").expect("fine").fsc.inway.is_none());
    let elsewhere = INWAY.replace("127.0.0.1", "0.0.0.0");
    for (text, says) in [
        (elsewhere.clone(), "fsc.listen: 0.0.0.0:8445 can be reached from elsewhere"),
        (INWAY.replace("listen = \"127.0.0.1:8445\"\n", ""), "fsc.listen: fsc.group is given"),
        (INWAY.replace("group = \"fsc.example\"\n", ""), "fsc.group: fsc.listen is given"),
        (INWAY.replace("peer_id = \"00000001234567890000\"\n", ""), "fsc.peer_id: fsc.listen is given"),
        (INWAY.replace("inway = \"https://inway.example.nl:443\"\n", ""), "fsc.inway: fsc.listen is given"),
        (INWAY.replace("keys_file = \"keys.json\"\n", ""), "fsc.keys_file: fsc.listen is given"),
        (format!("{INWAY}keys_url = \"https://manager.example.nl/keys\"\n"), "fsc.keys_url: fsc.keys_file is given too"),
        (format!("{INWAY}algorithm = \"none\"\n"), "fsc.algorithm: allowed are RS256"),
        (INWAY.replace("fsc.example", "fsc example"), "fsc.group: the id of a group"),
        (format!("{INWAY}[[fsc.partner]]\npartner = \"kvk:1\"\n"), "fsc.partner.partner: "),
        (format!("{INWAY}services = \"polder\"\n"), "fsc.services"),
    ] {
        let said = with(&text).expect_err("refused").to_string();
        assert!(said.contains(says), "{text}: {said}");
    }
    assert!(with(&format!("{elsewhere}inway_certificate = \"inway.pem\"\n")).is_ok());
    // Who has an OIN is the Peer of that number.
    let own =
        format!("{LEAST}{INWAY}").replace("kvk:12345678", "oin:00000009876543210000").replace("peer_id = \"00000001234567890000\"\n", "");
    assert_eq!(load(&own, &[], &[]).1.expect("fine").fsc.inway.expect("an Inway").peer_id, "00000009876543210000");
}

#[test]
fn what_a_partner_decides_stays_within_what_was_promised() {
    let policy = |set: &[&str]| load(LEAST, &[], set).1.map(|config| config.policy);
    let stricter = policy(&[
        "purposes.match_vacancy=false",
        "consent.matching_lease_hours=12",
        "consent.contact_lease_hours=24",
        "consent.longest_days=30",
        "consent.workers_per_day=50",
        "consent.narrow_per_day=5",
        "consent.late_hours=2",
        "consent.overdue_hours=3",
        "consent.remembered_days=800",
        "consent.ledger_days=500",
        "processing_log.keep_days=30",
        "processing_log.keys_days=60",
    ]);
    let expected = Policy {
        unused: vec![polder_model::Purpose::MatchVacancy],
        matching_lease_seconds: 12 * 3_600,
        contact_lease_seconds: 24 * 3_600,
        consent_days: 30,
        budget: polder_consent::Budget { workers: 50, narrow: 5 },
        late_hours: 2,
        overdue_hours: 3,
        remembered_days: 800,
        ledger_days: 500,
        processing_days: 30,
        processing_keys_days: 60,
    };
    assert_eq!(stricter.expect("fine"), expected);
    for looser in [
        "consent.matching_lease_hours=25",
        "consent.contact_lease_hours=169",
        "consent.longest_days=366",
        "consent.workers_per_day=501",
        "consent.narrow_per_day=101",
        "consent.late_hours=25",
        "consent.overdue_hours=73",
        "consent.overdue_hours=23",
        "consent.remembered_days=399",
        "consent.ledger_days=399",
        "processing_log.keep_days=6",
        "processing_log.keys_days=89",
        "processing_log.endpoint=http://logboek.example.nl",
        "purposes.application=sometimes",
    ] {
        let refused = policy(&[looser]).expect_err(looser).to_string();
        let key = looser.split('=').next().expect("a key");
        assert!(refused.starts_with(&format!("--set: {key}: ")), "{refused}");
    }
    assert!(policy(&["processing_log.endpoint=http://127.0.0.1:4318"]).is_ok());
}

#[test]
fn the_environment_stands_over_the_file_and_flags_over_that() {
    let environment = [("POLDER_CLIENT_LISTEN", "127.0.0.1:1"), ("POLDER_LOG_FORMAT", "json"), ("POLDER_SERVICE_HOST", "x"), ("HOME", "/")];
    let set = ["client.listen=127.0.0.1:9", "client.listen=127.0.0.1:2", "limits.queries_at_once=7"];
    let config = load(&format!("{LEAST}[client]\nlisten = \"127.0.0.1:3\"\n"), &environment, &set).1.expect("fine");
    assert_eq!((config.client.listen.port(), config.log.format, config.limits.queries_at_once), (2, LogFormat::Json, 7));
    let wrong = load(LEAST, &[], &["log.format=xml"]).1.expect_err("refused").to_string();
    assert!(wrong.starts_with("--set: log.format: allowed are"), "{wrong}");
    let setting = |text: &str| text.parse::<Setting>().expect_err("refused");
    assert_eq!(setting("client.lisen=x"), "there is no such key; did you mean client.listen?");
    assert_eq!(setting("token=x"), "there is no such key");
    assert!(setting("client.listen").starts_with("a key and a value are expected"));
}

#[test]
fn who_is_responsible_is_said_where_it_is_given() {
    let config = load(LEAST, &[], &[]).1.expect("fine");
    assert_eq!((config.address, config.contact, config.basis), (None, None, None));
    let set = ["address=Voorbeeldweg 1, 8200 AA Lelystad", "contact=privacy@voorbeeld.example.nl", "legal_basis=public-task"];
    let config = load(LEAST, &[], &set).1.expect("fine");
    assert_eq!(config.address.as_deref(), Some("Voorbeeldweg 1, 8200 AA Lelystad"));
    assert_eq!(config.contact.as_deref(), Some("privacy@voorbeeld.example.nl"));
    assert_eq!(config.basis, Some(Basis::PublicTask));
    let of_consents = load(LEAST, &[], &["legal_basis=contract-request"]).1.expect_err("refused").to_string();
    assert!(of_consents.ends_with("allowed are consent, contract, legal-obligation, public-task, legitimate-interest"), "{of_consents}");
    let Some(super::keys::Takes::Word(words)) = super::keys::find("legal_basis").map(|key| key.takes) else { panic!("a word") };
    assert_eq!(words, Basis::OF_PARTNERS.map(Basis::as_str));
    let empty = load(LEAST, &[], &["contact="]).1.expect_err("refused").to_string();
    assert!(empty.starts_with("--set: contact: 1 to 200 characters are expected"), "{empty}");
}

#[test]
fn every_unknown_key_of_a_file_is_said_at_once() {
    let message = refused(&format!("{LEAST}colour = 1\n[client]\nlisen = 1\n[log]\nlevle = \"info\"\nformat = 3\n"));
    for key in ["`colour`", "`client.lisen` (did you mean `client.listen`?)", "`log.levle` (did you mean `log.level`?)"] {
        assert!(message.contains(key), "{message}");
    }
}

#[test]
fn names_in_the_environment_that_are_nearly_ours_are_told() {
    let warned = |name: &str| misspelt(std::iter::once(name.to_owned())).pop();
    assert!(warned("POLDER_CLIENT_LISEN").is_some_and(|text| text.contains("did you mean POLDER_CLIENT_LISTEN?")));
    assert!(warned("POLDER_TOKENFILE").is_some_and(|text| text.contains("POLDER_TOKEN_FILE")));
    for fine in ["POLDER_CLIENT_LISTEN", "POLDER_CONFIG", "POLDER_SERVICE_HOST", "POLDER_PORT", "POLDER_PORT_8080_TCP_ADDR", "CLIENT_LISEN"]
    {
        assert_eq!(warned(fine), None, "{fine}");
    }
}

#[test]
fn what_is_wrong_names_file_and_key() {
    for (text, expected) in [
        ("[client]\nlisen = 1\n", "polder.toml: there is no key `client.lisen` (did you mean `client.listen`?)"),
        ("[clients]\nlisten = 1\n", "there is no key `clients`"),
        ("colour = 1\n", "there is no key `colour`; docs/configuration.md lists every key"),
        ("client = 1\n", "polder.toml: client: a table is expected: [client]"),
        ("[client]\nlisten = 8080\n", "client.listen: a text in quotes is expected (address and port)"),
        ("[client]\nlisten = \"localhost\"\n", "client.listen: an IP address and a port are expected"),
        ("[client]\nbehind_proxy = \"yes\"\n", "client.behind_proxy: true or false is expected, without quotes"),
        ("[peer]\ncall_from = \"here\"\n", "peer.call_from: an IP address of this machine is expected"),
        ("[limits]\nqueries_at_once = 0\n", "limits.queries_at_once: a whole number from 1 to 10000 is expected"),
        (
            "[log]\nlevel = \"inof\"\n",
            "log.level: `inof` is no level (did you mean info?); allowed are error, warn, info, debug, trace, off",
        ),
        ("[log]\nlevel = \"info,polder_store=loud\"\n", "log.level: `loud` is no level"),
        ("[log]\nformat = \"xml\"\n", "log.format: allowed are \"text\" and \"json\""),
        ("[register]\nfingerprint = \"abc\"\n", "register.fingerprint: 64 hexadecimal digits are expected"),
        ("[client]\ntls_key = \"k\"\n", "client.tls_certificate: client.tls_key is given, so this must be given too"),
        ("[client]\nlisten = \"0.0.0.0:80\"\n", "client.listen: 0.0.0.0:80 can be reached from elsewhere"),
        (
            "[traces]\nendpoint = \"collector:4318\"\n",
            "traces.endpoint: the http or https address of an OTLP collector is expected, such as",
        ),
        ("[traces]\nendpoint = \"http://a:geheim@b\"\n", "traces.endpoint: a user or password does not stand in the address"),
        ("[traces]\nendpoint = \"http://a/?token=x\"\n", "traces.endpoint: an address without ? and # is expected"),
        (
            "[traces]\nendpoint = \"http://c\"\ntoken_file = \"t\"\n",
            "traces.endpoint: with traces.token_file it is an https address, or one of this machine",
        ),
        ("[traces]\nshare = 1.5\n", "traces.share: a number from 0 to 1 is expected, with at most six decimals, such as 0.1"),
        ("[traces]\nshare = -0.1\n", "traces.share: a number from 0 to 1"),
        (
            "[traces]\nshare = \"0.1\"\n",
            "traces.share: a number from 0 to 1 is expected, with at most six decimals, such as 0.1, without quotes",
        ),
        ("[traces]\nspans_per_second = 1\n", "traces.spans_per_second: a whole number from 10 to 100000 is expected"),
        ("nonsense\n", "polder.toml: TOML parse error"),
    ] {
        let message = refused(&format!("{LEAST}{text}"));
        assert!(message.contains(expected), "{message}\nshould have said: {expected}");
    }
    assert!(
        refused("").contains(
            "partner is missing (Whose node this is, as the register names it. Must be given); set it there or in POLDER_PARTNER"
        )
    );
    let environment = load(LEAST, &[("POLDER_PEER_LISTEN", "x")], &[]).1.expect_err("refused").to_string();
    assert!(environment.starts_with("POLDER_PEER_LISTEN: peer.listen:"), "{environment}");
}

#[test]
fn a_database_is_a_file_or_a_url() {
    let database = |value: &str| {
        let (directory, config) = load(&format!("{LEAST}database = \"{value}\"\n"), &[], &[]);
        (directory, config.map(|config| config.database))
    };
    let (directory, found) = database("sqlite:offers.db");
    assert_eq!(found.expect("fine"), directory.join("offers.db").into());
    assert_eq!(database("/srv/offers.db").1.expect("fine"), PathBuf::from("/srv/offers.db").into());
    assert!(matches!(database("postgres://polder@db/polder").1, Ok(Database::Postgres(_))));
    let refused = database("postgres://polder:geheim@db/polder").1.expect_err("refused").to_string();
    assert!(refused.contains("polder.toml: database: a password does not stand in the URL") && !refused.contains("geheim"), "{refused}");
    assert!(database("postgrs://polder@db/polder").1.is_err());
    let environment = [("POLDER_DATABASE", "postgres://polder@db/polder"), ("POLDER_DATABASE_PASSWORD_FILE", "/run/secrets/database")];
    let config = load(LEAST, &environment, &[]).1.expect("fine");
    assert_eq!(config.database.to_string(), "postgres://polder@db/polder");
    assert_eq!(config.database_password_file, Some(PathBuf::from("/run/secrets/database")));
}

#[test]
fn traces_are_off_until_a_collector_is_named() {
    let traces = |text: &str| load(&format!("{LEAST}[traces]\n{text}"), &[], &[]).1.expect("fine").traces;
    assert_eq!(traces("share = 0.5\n"), None);
    let all = traces("endpoint = \"http://127.0.0.1:4318\"\n").expect("on");
    assert_eq!((all.endpoint.as_str(), all.share_millionths, all.spans_per_second), ("http://127.0.0.1:4318/v1/traces", 1_000_000, 500));
    let some = traces("endpoint = \"https://collector.example.nl/otlp/v1/traces\"\nshare = 0.000001\n").expect("on");
    assert_eq!((some.endpoint.as_str(), some.share_millionths), ("https://collector.example.nl/otlp/v1/traces", 1));
    for (share, millionths) in [("0", 0), ("1", 1_000_000), ("0.25", 250_000), ("1.0", 1_000_000)] {
        assert_eq!(traces(&format!("endpoint = \"http://c\"\nshare = {share}\n")).expect("on").share_millionths, millionths, "{share}");
    }
    for fine in ["https://c", "http://127.0.0.1:4318"] {
        let with_token = traces(&format!("endpoint = \"{fine}\"\ntoken_file = \"token\"\n")).expect("on");
        assert!(with_token.token_file.is_some_and(|file| file.is_absolute()), "{fine}");
    }
    let environment = [("POLDER_TRACES_ENDPOINT", "http://c:4318"), ("POLDER_TRACES_SHARE", "0.1")];
    assert_eq!(load(LEAST, &environment, &[]).1.expect("fine").traces.expect("on").share_millionths, 100_000);
}

#[test]
fn another_address_than_loopback_needs_tls_or_a_proxy() {
    let open = format!("{LEAST}[client]\nlisten = \"0.0.0.0:80\"\n");
    assert!(load(&format!("{open}behind_proxy = true\n"), &[], &[]).1.is_ok());
    let with_tls = load(&format!("{open}tls_certificate = \"c.pem\"\ntls_key = \"c.key\"\n"), &[], &[]).1.expect("fine");
    assert_eq!(with_tls.client_url(), "https://127.0.0.1:80");
}

#[test]
fn what_init_writes_can_be_read() {
    let settings = Settings {
        partner: "kvk:12345678".parse().expect("a partner"),
        name: "Bakker \"De Polder\" \\ Zn".to_owned(),
        data: PathBuf::from("/var/lib/polder"),
        client_listen: "127.0.0.1:8080".parse().expect("an address"),
        peer_listen: "[::]:8443".parse().expect("an address"),
        operator_listen: "127.0.0.1:9090".parse().expect("an address"),
        register_directory: Some(PathBuf::from("/srv/register")),
        fingerprint: Some("ab".repeat(32)),
    };
    let config = load(&render(&settings), &[], &[]).1.expect("fine");
    assert_eq!((config.name, config.data), (settings.name.clone(), settings.data.clone()));
    assert_eq!((config.register.directory, config.register.fingerprint), (PathBuf::from("/srv/register"), "ab".repeat(32)));
    let without = Settings { register_directory: None, fingerprint: None, ..settings };
    assert_eq!(load(&render(&without), &[], &[]).1.expect("fine").register.directory, Path::new("/var/lib/polder/register"));
}

#[test]
fn the_documentation_says_what_the_code_does() {
    let page = include_str!("../../../../docs/configuration.md");
    let made = put_reference(page).expect("a table of keys");
    assert_eq!(page, made, "docs/configuration.md has drifted: run `cargo run -- configuration --into docs/configuration.md`");
    assert!(page.contains(crate::exit::EXIT_CODES.lines().skip(1).collect::<Vec<_>>().join("\n").as_str()), "the exit codes have drifted");
}

#[test]
fn a_row_that_drifted_is_put_right_and_all_else_stays() {
    let page = include_str!("../../../../docs/configuration.md");
    let drifted = page.replace("| `log.format` |", "| `log.colour` |");
    assert_ne!(drifted, page);
    assert_eq!(put_reference(&drifted).as_deref(), Some(page));
    assert_eq!(put_reference("no table"), None);
}

#[test]
fn every_default_can_be_read() {
    let config = load(LEAST, &[], &[]).1.expect("fine");
    let keys: Vec<&str> = every_key().map(|key| key.path).collect();
    assert_eq!(keys.len(), keys.iter().collect::<std::collections::BTreeSet<_>>().len());
    assert_eq!(config.operator.listen.to_string(), super::keys::find("operator.listen").expect("a key").default);
}

#[test]
fn a_house_style_is_one_that_people_can_read() {
    let pages = format!("{LEAST}\n[pages]\nurl = \"https://werk.example.nl\"\n[style]\n");
    let with = |line: &str| load(&format!("{pages}{line}\n"), &[], &[]).1;
    let style = |line: &str| with(line).expect("a house style").pages.expect("pages").style;
    assert_eq!(style(""), HouseStyle::default());
    assert_ne!(style("color_accent = \"#154273\"\nfont = \"Open Sans, sans-serif\"\nradius = 0"), HouseStyle::default());
    for (line, key, problem) in [
        ("color_accent = \"#ffd500\"", "style.color_accent", "a contrast of 1.4"),
        ("color_accent = \"blue\"", "style.color_accent", "six hexadecimal digits"),
        ("font = \"x;}\"", "style.font", "names of fonts"),
        ("radius = 33", "style.radius", "from 0 to 32"),
        ("logo_file = \"nowhere.svg\"", "style.logo_file", "nowhere.svg: No such file"),
    ] {
        let error = with(line).expect_err(line).to_string();
        assert!(error.contains(key) && error.contains(problem), "{line}: {error}");
    }
    // What the documentation says is so without them is so.
    for name in polder_web::COLORS {
        let key = super::keys::find(&format!("style.{name}")).expect("a key");
        assert_eq!(HouseStyle::color(name), Some(key.default), "{name}");
    }
}

#[test]
fn an_address_is_asked_for_where_staff_is_known_by_it() {
    let desk = format!(
        "{LEAST}\n[pages]\nurl = \"https://werk.example.nl\"\n[desk]\nissuer = \"https://login.example.nl\"\nclient_id = \"desk\"\n\
         client_secret_file = \"secret\"\nclaim = \"email\"\n"
    );
    assert!(refused(&desk).contains("desk.scopes: `email` is missing"), "{}", refused(&desk));
    assert!(load(&format!("{desk}scopes = \"profile, email\"\n"), &[], &[]).1.is_ok());
}

#[test]
fn an_authorization_server_is_named_whole() {
    let all = [
        ("client.issuer", "https://login.example.nl"),
        ("client.issuer_keys", "https://login.example.nl/jwks"),
        ("client.audience", "polder"),
    ];
    let set = |some: &[(&str, &str)]| some.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    let load = |some: &[(&str, &str)]| {
        let set = set(some);
        load(LEAST, &[], &set.iter().map(String::as_str).collect::<Vec<_>>()).1
    };
    assert_eq!(load(&[]).expect("fine").client.tokens_of, None);
    let whole = load(&all).expect("fine").client.tokens_of.expect("a server");
    assert_eq!((&*whole.issuer, &*whole.audience, &*whole.algorithm), ("https://login.example.nl", "polder", "RS256"));
    for (number, (missing, _)) in all.iter().enumerate() {
        let mut some = all.to_vec();
        some.remove(number);
        assert!(load(&some).expect_err("refused").to_string().contains(missing), "{missing}");
    }
    let mut readable = all;
    readable[1].1 = "http://login.example.nl/jwks";
    assert!(load(&readable).expect_err("refused").to_string().contains("client.issuer_keys"));
}
