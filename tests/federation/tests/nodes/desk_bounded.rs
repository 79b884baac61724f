//! The desk of a node with much data, in a region of many partners, whose texts are as long as they may be: every page stays small, and every list goes on.

use std::sync::Arc;

use polder_consent::processing::{Chain, TraceId};
use polder_consent::{DisclosureId, Epoch, Field, FieldSet, Handle};
use polder_exchange::Publication;
use polder_federation_tests::browser::{Browser, Shown, staff, with_people};
use polder_federation_tests::http::{Partner, region_of};
use polder_federation_tests::register::member;
use polder_model::about::About;
use polder_model::{Kind, OfferKey, PartnerId, Purpose};
use polder_store::Precondition;
use polder_store::people::{Came, Receiving, Role};
use polder_web::RunningNode;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::workers::about_people;

const PARTNERS: u32 = 200;
const OFFERS: usize = 500;
const APPLICATIONS: u32 = 300;
const SAVED: usize = 45;
/// No page is larger.
const LARGEST: usize = 50_000;

/// A text of so many characters that take most bytes on a page.
fn text(characters: usize) -> String {
    "<é&'\"> ".chars().cycle().take(characters).collect()
}

fn other(number: u32) -> String {
    format!("kvk:{number:08}")
}

/// The node of somebody with every role.
async fn stage(directory: &std::path::Path) -> (RunningNode, Partner) {
    let mut home = about_people(directory, 1).pop().expect("a partner");
    with_people(&mut home, vec![staff("Alles Kan", &Role::ALL)]);
    home.member.acts_for = (0..90).map(|number| other(50_000 + number).parse().expect("a partner")).collect();
    let mut region = region_of(std::slice::from_ref(&home));
    region.change(|members| {
        for number in 0..PARTNERS {
            let mut one = member(&other(number));
            one.name = format!("Partner {number} {}", "<b>en zoon & dochters ".repeat(6));
            one.acts_for = (0..60).map(|organisation| other(60_000 + 100 * number + organisation).parse().expect("a partner")).collect();
            members.members.push(Arc::new(one));
        }
        members.members.sort_by(|one, other| one.partner.cmp(&other.partner));
    });
    let node = home.start(region.register(polder_exchange::Clock::now(&polder_exchange::SystemClock))).await;
    (node, home)
}

async fn fill(node: &RunningNode, home: &Partner) {
    for kind in [Kind::Vacancy, Kind::Training] {
        let whom = if kind == Kind::Vacancy { "employer" } else { "provider" };
        let publications = (0..OFFERS).map(|number| {
            let title = format!("{number:03} {}", text(196));
            let document = json!({"title": title, "description": format!("sluis {}", text(900)), whom: {"name": text(200)}, "occupations": [],
                "closingDate": "2089-01-01"});
            let key = format!("{}-{number:03}", "k".repeat(96)).parse().expect("a key");
            Publication { kind, key, document: Arc::from(document.to_string().into_bytes()), precondition: Precondition::None }
        });
        let verdicts = node.node.publish_many(publications.collect()).await;
        assert!(verdicts.iter().all(Result::is_ok), "{:?}", verdicts.iter().find(|one| one.is_err()));
    }
    let now = node.node.now();
    for number in 0..APPLICATIONS {
        let bytes: [u8; 16] = u128::from(number + 1).to_be_bytes();
        let vacancy: OfferKey = format!("{}-{:03}", "k".repeat(96), number % 200).parse().expect("a key");
        let came = Came {
            disclosure: DisclosureId::from_random(bytes),
            source: other(1).parse().expect("a partner"),
            handle: Handle::from_random(bytes),
            purpose: Purpose::Application,
            epoch: Epoch(1),
            fields: FieldSet::of(&[Field::Title, Field::ContactName]),
            about: About { kind: Kind::Vacancy, key: vacancy.clone() },
            client: String::new(),
            use_until: now.plus_seconds(86_400),
            chain: Chain { trace: TraceId::from_bytes([1; 16]), parent: None, transaction: None },
        };
        let document = json!({"title": text(200), "contact": {"name": text(200)}}).to_string().into_bytes();
        let id = format!("application-{number}");
        let receiving = Receiving { id, came, vacancy, document, most: 1_000, now };
        node.node.store().receive_application(receiving).await.expect("written").expect("it is taken in");
    }
    let options = SqliteConnectOptions::new().filename(home.directory.join("polder.db"));
    let mut database = SqliteConnection::connect_with(&options).await.expect("the database");
    let day = now.seconds() / 86_400;
    for number in 0..PARTNERS {
        for day in [day - 1, day] {
            let sql = "INSERT INTO budgets (recipient, day, workers, narrow) VALUES ($1, $2, 499, 99)";
            sqlx::query(sql).bind(other(number)).bind(day).execute(&mut database).await.expect("written");
        }
        let sql = "INSERT INTO tombstones (number, id, worker, recipient, handle, purpose, epoch, fields, at, done, acknowledged_at, acknowledgement)
            VALUES ($1, $2, $2, $3, $2, 'match-vacancy', 1, 0, $4, FALSE, 0, '')";
        let id = format!("{number:032x}");
        let query = sqlx::query(sql).bind(i64::from(number) + 1).bind(&id).bind(other(number)).bind(now.micros() - 1);
        query.execute(&mut database).await.expect("written");
        // Everything that a profile can say, once a partner and fifty times to one of them.
        for copy in 0..if number == 3 { 50 } else { 1 } {
            let sql = "INSERT INTO disclosures (id, worker, recipient, purpose, consent, epoch, fields, about, at, use_until, held, erased, salt, leaf)
                VALUES ($1, $2, $3, 'match-vacancy', $1, 1, $4, $5, $6, $7, $7, FALSE, '', $8)";
            let id = format!("{:032x}", 1_000 * number + copy);
            let query = sqlx::query(sql)
                .bind(&id)
                .bind(format!("{number:032x}"))
                .bind(other(number))
                .bind(i64::from(FieldSet::of(&Field::ALL).bits()));
            let query = query.bind(r#"{"kind":"vacancy","key":"V-1"}"#).bind(now.micros() - 1).bind(now.micros() + 86_400_000_000);
            query.bind(1_000_000 + i64::from(1_000 * number + copy)).execute(&mut database).await.expect("written");
        }
    }
}

/// Opens a page in either language: it is there, and small.
async fn small(browser: &mut Browser, origin: &str, path: &str) -> Shown {
    let mut last = None;
    for language in ["en", "nl"] {
        browser.set_cookie(origin, "__Host-polder-language", language);
        let page = browser.open(&format!("{origin}{path}")).await;
        assert!(page.status == 200 && page.html.len() < LARGEST, "{path}: {} {}", page.status, page.html.len());
        last = Some(page);
    }
    last.expect("a page")
}

/// The link that a page has under these words.
fn link(page: &Shown, words: &str) -> Option<String> {
    let before = page.html.split(&format!(">{words}</a>")).next().filter(|before| before.len() < page.html.len())?;
    let address = before.rsplit("href=\"").next()?.split('"').next()?;
    Some(address.replace("&#x2f;", "/").replace("&amp;", "&"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_desk_stays_small_and_every_list_goes_on() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, home) = stage(directory.path()).await;
    fill(&node, &home).await;
    let origin = format!("http://{}", node.client);
    let mut all = Browser::new();
    let csrf = all.log_in(&format!("{origin}/desk"), "Alles Kan").await.csrf();
    let words = format!("sluis {}", text(140));
    for number in 0..SAVED {
        let name = format!("{number:02} {}", text(57));
        let fields = [("csrf", csrf.as_str()), ("kind", "vacancy"), ("text", &words), ("save_as", &name), ("do", "save")];
        let saved = all.post(&format!("{origin}/desk/searches"), &fields).await;
        assert!(saved.html.contains("Bewaard."), "{}", saved.html);
    }
    let partner = other(3).parse::<PartnerId>().expect("a partner");
    let one = format!("/desk/partners/{partner}");
    let application = "/desk/applications/7".to_owned();
    let search = format!("/desk/search?kind=skill-offer&about={}-001", "k".repeat(96));
    for path in [
        "/desk",
        "/desk/search?kind=vacancy",
        "/desk/search?kind=skill-offer",
        &search,
        "/desk/asked",
        "/desk/erasures",
        "/desk/offers/vacancy/+",
        "/desk/import/vacancy",
        &one,
        &application,
        "/desk/register",
        "/desk/clients",
        "/desk/syncs",
        "/desk/ledger",
        "/desk/node",
        "/desk/outstanding",
        "/desk/budgets",
        "/desk/incidents",
        "/desk/revocations",
        "/desk/revocations/profiles",
        "/desk/revocations/notices",
        "/desk/processing",
    ] {
        small(&mut all, &origin, path).await;
    }
    for (path, words, pages) in [
        ("/desk/offers/vacancy", "Volgende", OFFERS.div_ceil(20)),
        ("/desk/offers/training", "Volgende", OFFERS.div_ceil(20)),
        ("/desk/changes", "Ouder", 2 * OFFERS / 50 + 1),
        ("/desk/applications", "Ouder", APPLICATIONS as usize / 25 + 1),
        ("/desk/searches", "Volgende", 3),
        ("/desk/partners", "Volgende", PARTNERS.div_ceil(25) as usize),
    ] {
        let (mut next, mut seen) = (Some(path.to_owned()), 0);
        while let Some(path) = next {
            let page = small(&mut all, &origin, &path).await;
            next = link(&page, words);
            seen += 1;
        }
        assert!((pages - 1..=pages).contains(&seen), "{path}: {seen} of {pages}");
    }
    results(&mut all, &origin, &csrf).await;
    imports(&mut all, &origin, &csrf).await;
    copies(&mut all, &origin, &partner).await;
}

/// A hundred results without a script: part by part, each once.
async fn results(browser: &mut Browser, origin: &str, csrf: &str) {
    let (mut row, mut titles) = (Some("0".to_owned()), std::collections::BTreeSet::new());
    while let Some(from) = row {
        let fields = [("csrf", csrf), ("kind", "vacancy"), ("text", "sluis"), ("limit", "100"), ("row", &from)];
        let page = browser.post(&format!("{origin}/desk/search"), &fields).await;
        assert!(page.status == 200 && page.html.len() < LARGEST, "{from}: {} {}", page.status, page.html.len());
        let found: Vec<&str> = page.html.split("<h3>").skip(1).filter_map(|rest| rest.get(..3)).collect();
        assert!(!found.is_empty() && found.iter().all(|title| titles.insert((*title).to_owned())), "{found:?}");
        let said = format!("U ziet {} tot en met {} van 100.", titles.len() - found.len() + 1, titles.len());
        assert!(page.html.contains(&said) && page.html.contains("en nog 180 partners"), "{said}: {}", page.html);
        let next = page.html.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        row = next.filter(|next| *next != "0").map(str::to_owned);
    }
    assert_eq!(titles.len(), 100);
}

/// As many lines as are taken at once, all good, all refused, and half of each: the page that looks at them and the page that kept them.
async fn imports(browser: &mut Browser, origin: &str, csrf: &str) {
    let line = |number: usize, refused: bool| {
        let title = if refused { String::new() } else { format!("{number} {}", text(40)) };
        json!({"key": format!("I-{number}"), "document": {"title": title, "description": text(40), "employer": {"name": "De Proef"}}})
            .to_string()
    };
    for refused in [0, 1, 2] {
        let lines: Vec<String> = (0..500).map(|number| line(number, number % 2 < refused)).collect();
        let (lines, url) = (lines.join("\n"), format!("{origin}/desk/import/vacancy"));
        for what in ["try", "store"] {
            let page = browser.post_with_file(&url, &[("csrf", csrf), ("lines", &lines), ("do", what)], b"").await;
            assert!(page.status == 200 && page.html.len() < LARGEST, "{refused} {what}: {} {}", page.status, page.html.len());
            assert_eq!(page.html.contains("Kies of plak"), what == "try" || refused > 0, "{refused} {what}: {}", page.html);
        }
    }
    let many = format!("{}\n", text(140)).repeat(501);
    let rows = format!("I-1;;\"{}\"\n", text(40).replace('"', "'")).repeat(500);
    for (file, status) in [(many, 400), (format!("Kenmerk;Titel;Omschrijving\n{rows}"), 200)] {
        let url = format!("{origin}/desk/import/vacancy");
        let page = browser.post_with_file(&url, &[("csrf", csrf), ("do", "try")], file.as_bytes()).await;
        assert!(page.status == status && page.html.len() < LARGEST, "{} {}", page.status, page.html.len());
    }
}

/// Copies that left to a partner, page by page.
async fn copies(browser: &mut Browser, origin: &str, partner: &PartnerId) {
    let found = browser.open(&format!("{origin}/desk/incidents")).await;
    let value = |name: &str| {
        let rest = found.html.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field");
        rest.split('"').next().expect("a value").to_owned()
    };
    let fields = [("partner", partner.as_str()), ("from", &value("from")), ("until", &value("until")), ("purpose", "match-vacancy")];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let page = small(browser, origin, &format!("/desk/incidents?{query}")).await;
    assert!(page.html.contains("Kopieën 1 tot en met 15 van 50"), "{}", page.html);
    let mut page = small(browser, origin, &link(&page, "Volgende kopieën").expect("there are more")).await;
    while let Some(next) = link(&page, "Volgende kopieën") {
        page = small(browser, origin, &next).await;
    }
    assert!(page.html.contains("Kopieën 46 tot en met 50 van 50"), "{}", page.html);
}
