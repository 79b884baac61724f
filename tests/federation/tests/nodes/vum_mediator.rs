//! The desk of a mediator of VUM 3.0: what the national exchange has stands in a section of its own, and goes nowhere else.

use std::time::{Duration, Instant};

use http::StatusCode;
use polder_exchange::tables;
use polder_federation_tests::browser::{Browser, Shown, staff, with_people, worker};
use polder_federation_tests::exchange::{Exchange, PARTY, Says, matched};
use polder_federation_tests::http::{Client, start_all, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_model::Timestamp;
use polder_model::reference::{Reference, Table, TableVersion};
use polder_store::people::Role;
use polder_web::{ExchangeAt, RunningNode};
use serde_json::{Value, json};

use crate::desk::{ask, desk, recruiter};
use crate::workers::about_people;

const TITLE: &str = "Via de landelijke uitwisseling";
const LARGEST: usize = 50_000;

/// Two nodes, each with a vacancy; the staff of the second asks the exchange.
async fn stage(directory: &std::path::Path, exchange: &Exchange) -> Vec<RunningNode> {
    stage_at(directory, &exchange.at()).await
}

async fn stage_at(directory: &std::path::Path, at: &ExchangeAt) -> Vec<RunningNode> {
    let mut partners = about_people(directory, 2);
    let people = || vec![staff("Rosa Recruiter", &[Role::Desk]), staff("Bas Beheerder", &[Role::Administrator]), worker("Willem Werkende")];
    partners.iter_mut().for_each(|partner| with_people(partner, people()));
    partners[1].vum_exchange = Some(polder_web::Exchange::new(at).expect("an exchange"));
    let nodes = start_all(&mut partners).await;
    for (node, title) in nodes.iter().zip(["Lasser aan de kade", "Monteur windmolens"]) {
        let mut document = vacancy(title);
        document["location"] = json!({"place": "Lelystad", "postcode": "8232"});
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", document.to_string()).await.status(), 201);
    }
    nodes
}

const NEAR: [(&str, &str); 4] = [("kind", "vacancy"), ("from", "8232 ab"), ("minutes", "30"), ("mode", "car")];

async fn near(browser: &mut Browser, node: &RunningNode, more: &[(&str, &str)]) -> Shown {
    let desk = desk(node);
    let csrf = browser.open(&format!("{desk}/search")).await.csrf();
    ask(browser, &desk, &csrf, &[&NEAR[..], more].concat()).await
}

/// What stands in the section of the exchange.
fn section(shown: &Shown) -> &str {
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.html.len() < LARGEST, "{}", shown.html.len());
    let (before, section) = shown.html.split_once("<section id=\"exchange\"").expect("a section");
    assert!(!before.contains(TITLE));
    section.split("</section>").next().expect("its end")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_exchange_has_stands_apart_ranked_with_reasons() {
    let directory = tempfile::tempdir().expect("a directory");
    let exchange = Exchange::start(directory.path());
    let nodes = stage(directory.path(), &exchange).await;
    let mut rosa = recruiter(&nodes[1]).await;
    let form = rosa.open(&format!("{}/search", desk(&nodes[1]))).await;
    assert!(
        form.html.contains("landelijke uitwisseling (VUM)")
            && form.html.contains("<section id=\"exchange\" aria-labelledby=\"exchange-title\" hidden"),
        "{}",
        form.html
    );

    let far = json!({"postcode": "6211AB"});
    let mut all = vec![matched("1", "Kok"), matched("2", "Lasser van ver"), matched("3", "Te ver weg")];
    all[2]["adres"] = far;
    exchange.says(Says::Matches(all));
    let found = near(&mut rosa, &nodes[1], &[("text", "lasser")]).await;
    let apart = section(&found);
    for said in [
        TITLE,
        "1 vacature past.",
        "Lasser van ver",
        "Bedrijf van ver",
        "Lelystad",
        "Waarom dit past",
        "Werk- en denkniveau: mbo",
        "ver.example",
    ] {
        assert!(apart.contains(said), "{said}: {apart}");
    }
    assert!(!apart.contains("Kok") && !apart.contains("Te ver") && !apart.contains("Lasser aan de kade"), "{apart}");
    assert!(!apart.contains("href=\"https"), "an address that nobody vouches for leads nowhere: {apart}");
    let partners = found.html.split("<section id=\"exchange\"").next().expect("a page");
    assert!(
        partners.contains("Lasser aan de kade") && !partners.contains("Lasser van ver") && partners.contains("Eén resultaat. 2 partners"),
        "{partners}"
    );

    let asked = exchange.asked();
    let (headers, body) = &asked[0];
    assert_eq!(asked.len(), 1);
    let header = |name: &str| headers[name].to_str().expect("text").to_owned();
    let vum = PARTY.trim_start_matches("oin:");
    for (name, value) in [
        ("api-version", "3.0.0"),
        ("x-vum-berichtversie", "3.0.0"),
        ("x-vum-fromparty", "00000001001000000001"),
        ("x-vum-toparty", vum),
        ("x-vum-viaparty", vum),
    ] {
        assert_eq!(header(name), value, "{name}");
    }
    assert_eq!(body["vraagObject"]["selectiegebied"]["postcode"], "8232AA", "four digits leave, and no more");
    assert!(body.to_string().len() < 100, "words are for whoever ranks: {body}");

    let nowhere = {
        let csrf = form.csrf();
        ask(&mut rosa, &desk(&nodes[1]), &csrf, &[("kind", "vacancy"), ("text", "lasser")]).await
    };
    assert!(section(&nowhere).contains("Vul een plaats in") && exchange.asked().is_empty(), "{}", nowhere.html);
    let training = ask(&mut rosa, &desk(&nodes[1]), &form.csrf(), &[("kind", "training"), ("from", "8232"), ("minutes", "30")]).await;
    assert!(!training.html.contains(TITLE) && exchange.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_has_it_in_a_line_of_its_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let exchange = Exchange::start(directory.path());
    let nodes = stage(directory.path(), &exchange).await;
    exchange.says(Says::Matches(vec![matched("1", "Lasser van ver")]));
    let mut rosa = recruiter(&nodes[1]).await;
    let desk = desk(&nodes[1]);
    let csrf = rosa.open(&format!("{desk}/search")).await.csrf();
    let fields = [&[("csrf", csrf.as_str())], &NEAR[..]].concat();
    let streamed = rosa.post_from(&format!("http://{}", nodes[1].client), &format!("{desk}/search/stream"), &fields).await;
    let lines: Vec<Value> = streamed.html.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    let (apart, done) = (of("exchange"), of("done"));
    assert_eq!((apart.len(), done.len()), (1, 1), "{lines:?}");
    assert_eq!(
        (&apart[0]["rows"][0]["title"], &apart[0]["failed"], &apart[0]["rows"][0]["link"]),
        (&json!("Lasser van ver"), &json!(false), &json!(null))
    );
    let others: Vec<&Value> = lines.iter().filter(|line| line["type"] != "exchange").collect();
    assert!(others.iter().all(|line| !line.to_string().contains("Lasser van ver")), "{others:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_that_asks_here_sees_it_and_no_partner_ever() {
    let directory = tempfile::tempdir().expect("a directory");
    let exchange = Exchange::start(directory.path());
    let nodes = stage(directory.path(), &exchange).await;
    exchange.says(Says::Matches(vec![matched("1", "Lasser van ver")]));
    let mut rosa = recruiter(&nodes[1]).await;
    assert!(section(&near(&mut rosa, &nodes[1], &[]).await).contains("Lasser van ver"));
    assert_eq!(exchange.asked().len(), 1);
    // A partner that asks this node, at its desk and by its systems; the node's own systems and workers.
    let question = json!({"kind": "vacancy", "travel": {"from": "8232", "maxMinutes": 30}});
    let mut other = recruiter(&nodes[0]).await;
    let at_partner = near(&mut other, &nodes[0], &[]).await;
    assert!(
        at_partner.html.contains("Monteur windmolens") && !at_partner.html.contains("van ver") && !at_partner.html.contains(TITLE),
        "{}",
        at_partner.html
    );
    for node in &nodes {
        let (status, result) = Client::of(node).query(&question).await;
        assert_eq!((status, result["hits"].as_array().map(Vec::len)), (200, Some(2)), "{result}");
        assert!(!result.to_string().contains("van ver"));
    }
    // Who may not ask at the desk asks nothing.
    let mut bas = Browser::new();
    bas.log_in(&desk(&nodes[1]), "Bas Beheerder").await;
    let csrf = bas.open(&format!("{}/node", desk(&nodes[1]))).await.csrf();
    for path in ["search", "search/stream"] {
        let refused = bas.post(&format!("{}/{path}", desk(&nodes[1])), &[&[("csrf", csrf.as_str())], &NEAR[..]].concat()).await;
        assert!(refused.status == StatusCode::FORBIDDEN && !refused.html.contains("van ver"), "{}: {}", refused.status, refused.html);
        let without = rosa.post(&format!("{}/{path}", desk(&nodes[1])), &NEAR).await;
        assert!(without.status.is_client_error() && !without.html.contains("van ver"), "without the field of the form: {}", without.status);
        let nobody = Browser::new().post(&format!("{}/{path}", desk(&nodes[1])), &NEAR).await;
        assert!(!nobody.html.contains("van ver"));
    }
    assert!(exchange.asked().is_empty(), "nobody else asks the exchange");
    assert!(
        nodes[1]
            .node
            .store()
            .list_offers(polder_model::Kind::Vacancy, None, 10)
            .await
            .expect("offers")
            .iter()
            .all(|one| one.key.as_str() == "V-1")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_fails_lies_or_never_ends_spoils_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let exchange = Exchange::start(directory.path());
    let nodes = stage(directory.path(), &exchange).await;
    let mut rosa = recruiter(&nodes[1]).await;
    let nasty = "<script>alert(1)</script>\"'><img src=x>".repeat(60);
    let evil = |one: &mut Value| {
        fn fill(value: &mut Value, with: &str) {
            match value {
                Value::String(text) if text != "8232AB" => with.clone_into(text),
                Value::Array(all) => all.iter_mut().for_each(|one| fill(one, with)),
                Value::Object(all) => all.iter_mut().filter(|(name, _)| *name != "vumID").for_each(|(_, one)| fill(one, with)),
                _ => {}
            }
        }
        fill(one, &nasty);
    };
    let evils: Vec<Value> = (0..100)
        .map(|number| {
            let mut one = matched(&format!("<{number}>"), "x");
            evil(&mut one);
            one
        })
        .collect();
    for (says, said) in [
        (Says::Status(500), "wijst onze vraag af"),
        (Says::Status(401), "wijst onze vraag af"),
        (Says::Status(302), "wijst onze vraag af"),
        (Says::Status(429), "neemt nu geen vragen aan"),
        (Says::Status(503), "neemt nu geen vragen aan"),
        (Says::After(Duration::from_secs(30)), "niet op tijd"),
        (Says::Endless, "niet lezen"),
        (Says::Text("{".to_owned()), "niet lezen"),
        (Says::Text("{}".to_owned()), "niet lezen"),
        (Says::Text("[".repeat(100_000)), "niet lezen"),
        (Says::Text(format!("{{\"matches\":[{}{}]}}", "[".repeat(50_000), "]".repeat(50_000))), "1 vacature konden wij niet lezen"),
        (Says::Text(format!("{{\"matches\":[{}1]}}", "1,".repeat(500_000))), "100 vacatures konden wij niet lezen"),
        (Says::Matches(evils), "vacatures passen"),
    ] {
        exchange.says(says.clone());
        let began = Instant::now();
        let found = near(&mut rosa, &nodes[1], &[("limit", "100")]).await;
        let shown = format!("{says:?}").chars().take(80).collect::<String>();
        assert!(began.elapsed() < Duration::from_secs(8), "{shown}: {:?}", began.elapsed());
        let apart = section(&found);
        assert!(apart.contains(said), "{shown}: {apart}");
        assert!(!apart.contains("<script>alert") && !apart.contains("<img"), "{shown}: {apart}");
        assert!(found.html.contains("Lasser aan de kade"), "what partners have is there: {shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_show_a_certificate_that_the_other_knows() {
    let directory = tempfile::tempdir().expect("a directory");
    let exchange = Exchange::start(directory.path());
    let file = |name: &str| directory.path().join(name);
    let not_the_exchange = ExchangeAt { roots: file("other-root.pem"), ..exchange.at() };
    let not_known = ExchangeAt { certificate: file("stranger.pem"), key: file("stranger.key"), ..exchange.at() };
    for (number, at) in [not_the_exchange, not_known].iter().enumerate() {
        let place = directory.path().join(number.to_string());
        std::fs::create_dir(&place).expect("a directory");
        let nodes = stage_at(&place, at).await;
        let mut rosa = recruiter(&nodes[1]).await;
        let found = near(&mut rosa, &nodes[1], &[]).await;
        assert!(section(&found).contains("niet bereikbaar") && exchange.asked().is_empty(), "{number}: {}", found.html);
    }
    // What does not belong together is told at the start.
    for at in [
        ExchangeAt { key: file("stranger.key"), ..exchange.at() },
        ExchangeAt { roots: file("mediator.key"), ..exchange.at() },
        ExchangeAt { certificate: file("none.pem"), ..exchange.at() },
    ] {
        assert!(polder_web::Exchange::new(&at).is_err());
    }
    // A key that others can read is no secret.
    let key = exchange.at().key;
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("rights");
    let refused = polder_web::Exchange::new(&exchange.at()).expect_err("refused");
    assert!(refused.contains("others"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skill_of_competentnl_is_one_of_ours_only_by_a_row_of_an_imported_table() {
    let directory = tempfile::tempdir().expect("a directory");
    let exchange = Exchange::start(directory.path());
    let nodes = stage(directory.path(), &exchange).await;
    let reference = Reference::starter();
    let (skill, occupation) =
        (&reference.skill_labelled("lassen").expect("a skill").uri, &reference.occupation_labelled("lasser").expect("an occupation").uri);
    let (code, work) = ("https://linkeddata.competentnl.nl/id/humancapability/3", "https://linkeddata.competentnl.nl/id/occupation/7");
    let mut one = matched("1", "Werk met metaal");
    one["competentiebeheersing"] = json!([{"codeCompetentie": code, "naam": "lassen"}]);
    exchange.says(Says::Matches(vec![one]));
    let mut rosa = recruiter(&nodes[1]).await;
    let found = near(&mut rosa, &nodes[1], &[("skill", skill.as_str())]).await;
    assert!(section(&found).contains("niets dat past"), "{}", section(&found));
    let of_work = near(&mut rosa, &nodes[1], &[("occupation", occupation.as_str())]).await;
    assert!(section(&of_work).contains("Het beroep is niet meegevraagd"), "{}", section(&of_work));
    assert!(exchange.asked().iter().all(|(_, body)| body["vraagObject"].get("beroep.codeBeroepsnaam").is_none()));

    let table = format!("competentnl,esco\n{code},{skill}\n{work},{occupation}\n").into_bytes();
    let version = TableVersion::of(Table::CompetentnlEsco.as_str(), "1", &table);
    let kept = tables::KeptTable { version, rows: 2, source: "test".to_owned(), imported_at: Timestamp::from_micros(0) };
    let data = tables::directory(&directory.path().join(PARTNERS[1].replace(':', "-")));
    tables::keep(&data, &[(kept, table)]).expect("kept");
    assert!(nodes[1].node.look_for_tables().expect("tables"));
    let found = near(&mut rosa, &nodes[1], &[("skill", skill.as_str())]).await;
    assert!(section(&found).contains("Werk met metaal") && section(&found).contains("<li>vaardigheid "), "{}", section(&found));
    let _ = exchange.asked();
    near(&mut rosa, &nodes[1], &[("occupation", occupation.as_str())]).await;
    assert_eq!(exchange.asked()[0].1["vraagObject"]["beroep.codeBeroepsnaam"], json!({"$eq": work}));
}
