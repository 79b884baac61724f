//! What the desk can ask beyond what is asked most, and what it sees of a result: all of it.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown, staff, with_people};
use polder_federation_tests::filling::Filling;
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::{Client, start_all, vacancy};
use polder_store::people::Role;
use polder_web::RunningNode;
use serde_json::{Value, json};

use crate::desk::{ask, desk, recruiter};
use crate::workers::about_people;

async fn put(node: &RunningNode, path: &str, document: &Value) {
    assert_eq!(Client::of(node).put(path, document.to_string()).await.status(), 201, "{path}");
}

/// Two nodes; at the first one staff, at the other vacancies that each ask something else.
async fn stage(directory: &std::path::Path) -> Vec<RunningNode> {
    let mut partners = about_people(directory, 2);
    partners[1].member.link_hosts = vec!["voorbeeld.nl".parse().expect("a host")];
    with_people(&mut partners[0], vec![staff("Rosa Recruiter", &[Role::Desk])]);
    let nodes = start_all(&mut partners).await;
    let vacancies = [
        ("Chauffeur", json!({"licences": ["C"]})),
        ("Tolk", json!({"languages": [{"language": "de", "level": "C1"}]})),
        ("Plukker", json!({"contracts": [{"form": "seasonal"}], "startDate": "2089-06-01"})),
        ("Ingenieur", json!({"minimumEducation": 70, "employer": {"name": "Brug", "sector": "F"}})),
        ("Deler", json!({"welcomesSharing": true})),
    ];
    for (title, members) in vacancies {
        let mut document = vacancy(title);
        for (name, value) in members.as_object().expect("an object") {
            document[name] = value.clone();
        }
        put(&nodes[1], &format!("/v1/vacancies/{title}"), &document).await;
    }
    nodes
}

fn titles(page: &Shown) -> Vec<&str> {
    let mut titles: Vec<&str> = page.html.split("<h3>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::trim).collect();
    titles.sort_unstable();
    titles
}

fn one<'f>(fields: &'f [(String, String)], name: &str) -> Vec<&'f str> {
    fields.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_criterion_leaves_out_what_does_not_fit_and_is_kept_and_said() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let desk = desk(&nodes[0]);
    let mut rosa = recruiter(&nodes[0]).await;
    let form = rosa.open(&format!("{desk}/search")).await;
    assert!(form.html.contains("Meer eisen") && !form.html.contains("id=\"more-criteria\" open"), "{}", form.html);
    let csrf = form.csrf();
    let all = ["Chauffeur", "Deler", "Ingenieur", "Plukker", "Tolk"];
    for (fields, but, said) in [
        (&[("licence", "B")][..], &["Chauffeur"][..], "heeft rijbewijs B"),
        (&[("no_licence", "yes")], &["Chauffeur"], "heeft geen rijbewijs"),
        (&[("language nl", "C2"), ("language de", "B2")], &["Tolk"], "spreekt Duits B2, Nederlands C2"),
        (&[("language de", "C1")], &[], "spreekt Duits C1"),
        (&[("contract", "permanent")], &["Plukker"], "contract: vast"),
        (&[("level_max", "60")], &["Ingenieur"], "opleiding hoogstens Hbo"),
        (&[("sector", "G")], &["Ingenieur"], "sector: handel"),
        (&[("start_until", "2088-01-01")], &["Plukker"], "begint uiterlijk 1 januari 2088"),
        (&[("sharing", "yes")], &["Chauffeur", "Ingenieur", "Plukker", "Tolk"], "ook ergens anders werkt"),
    ] {
        let fields: Vec<_> = [("kind", "vacancy")].iter().chain(fields).copied().collect();
        let page = ask(&mut rosa, &desk, &csrf, &fields).await;
        let expected: Vec<&str> = all.into_iter().filter(|title| !but.contains(title)).collect();
        assert_eq!(titles(&page), expected, "{fields:?}: {}", page.html);
        let asked = page.html.split("id=\"asks\"").nth(1).and_then(|rest| rest.split("</p>").next()).expect("what was asked");
        assert!(asked.contains("Gevraagd: ") && asked.contains(said), "{said}: {asked}");
        assert!(page.html.contains("id=\"more-criteria\" open") && page.html.len() < 50_000, "what is asked is seen: {}", page.html.len());
        let again = filled_in(&page.html, "/desk/search#results");
        for (name, value) in &fields {
            assert_eq!(one(&again, name), [*value], "{name} is kept: {}", page.html);
        }
    }
    let wrong = ask(&mut rosa, &desk, &csrf, &[("kind", "training"), ("level_min", "60"), ("level_max", "20")]).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.html.contains("Het laagste niveau is niet hoger"), "{}", wrong.html);
    assert!(wrong.html.contains("id=\"more-criteria\" open"), "what is wrong is seen: {}", wrong.html);
    // All that is wrong is said at once: a name that may be more than one thing, a place, hours, and a licence that nobody can have beside none.
    let all = [
        ("kind", "vacancy"),
        ("find_skill", "las"),
        ("from", "Nergenshuizen"),
        ("hours_min", "veel"),
        ("licence", "B"),
        ("no_licence", "yes"),
    ];
    let wrong = ask(&mut rosa, &desk, &csrf, &all).await;
    for said in [
        "Kies eerst een van deze vaardigheden",
        "Die plaats of postcode kennen wij niet",
        "hoeveel minuten reizen hoogstens",
        "Uren per week zijn hele getallen",
        "en ook “heeft geen rijbewijs”",
    ] {
        assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.html.contains(said), "{said}: {}", wrong.html);
    }
    let wrong = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("start_from", "2027-13-01")]).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.html.contains("zoals 2027-01-31"), "{}", wrong.html);

    // What a kind does not say is not in its form, and is not asked where it is sent all the same.
    let of_trainings = rosa.open(&format!("{desk}/search?kind=training")).await;
    for name in ["licence", "no_licence", "language nl", "contract", "sharing"] {
        let field = format!("name=\"{name}\"");
        assert!(form.html.contains(&field) && !of_trainings.html.contains(&field), "{name}");
    }
    let sent = [("kind", "training"), ("licence", "B"), ("contract", "permanent"), ("sharing", "yes"), ("level_min", "20")];
    let page = ask(&mut rosa, &desk, &csrf, &sent).await;
    assert!(
        page.status == StatusCode::OK && page.html.contains("niveau minstens Vmbo") && !page.html.contains("contract:"),
        "{}",
        page.html
    );

    // A saved search asks the same, and says so.
    let saved = [
        ("csrf", csrf.as_str()),
        ("kind", "vacancy"),
        ("licence", "B"),
        ("language pl", "C1"),
        ("save_as", "Poolse chauffeur"),
        ("do", "save"),
    ];
    let list = rosa.post(&format!("{desk}/searches"), &saved).await;
    assert!(list.html.contains("heeft rijbewijs B · spreekt Pools C1"), "{}", list.html);
    let id = list.html.split("/desk/searches/").nth(1).and_then(|rest| rest.split(['/', '"']).next()).expect("a search").to_owned();
    let opened = rosa.post(&format!("{desk}/searches/{id}"), &[("csrf", &csrf)]).await;
    assert_eq!(titles(&opened), ["Deler", "Ingenieur", "Plukker"], "{}", opened.html);
    let again = filled_in(&opened.html, "/desk/search#results");
    assert_eq!((one(&again, "licence"), one(&again, "language pl")), (vec!["B"], vec!["C1"]));
}

async fn streamed(browser: &mut Browser, node: &RunningNode, csrf: &str, fields: &[(&str, &str)]) -> Shown {
    let fields: Vec<_> = [("csrf", csrf)].iter().chain(fields).copied().collect();
    browser.post_from(&format!("http://{}", node.client), &format!("{}/search/stream", desk(node)), &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_vacancy_says_is_there_with_how_to_apply() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path()).await;
    let text = format!("{} Tot ziens bij ons.", "Wij bouwen sluizen. ".repeat(490));
    let document = json!({"title": "Sluisbouwer", "description": text, "employer": {"name": "Sluis BV"},
        "languages": [{"language": "en", "level": "B1"}], "location": {"place": "Lelystad", "postcode": "8232"},
        "workingTimes": {"dayParts": ["tue-morning", "mon-evening"]}, "positions": 3,
        "application": {"url": "https://werk.voorbeeld.nl/1?a=b", "email": "werk@voorbeeld.nl", "instructions": "Stuur <b>een</b> brief."}});
    put(&nodes[1], "/v1/vacancies/sluis", &document).await;
    let mut elsewhere = document.clone();
    elsewhere["title"] = json!("Sluiswachter");
    elsewhere["application"] = json!({"url": "https://elders.example/1"});
    elsewhere["location"] = json!({"place": "Urk", "postcode": "8321"});
    // The register names no host of this partner.
    put(&nodes[0], "/v1/vacancies/wachter", &elsewhere).await;
    let (node, desk) = (&nodes[0], desk(&nodes[0]));
    let mut rosa = recruiter(node).await;
    let csrf = rosa.open(&format!("{desk}/search")).await.csrf();

    // Without a script as many stand on a page as fit, each whole.
    let (mut whole, mut row) = (String::new(), "0".to_owned());
    for _ in 0..2 {
        let page = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("text", "sluizen"), ("row", &row)]).await;
        assert!(page.status == StatusCode::OK && page.html.len() < 50_000, "{}", page.html.len());
        row = page.html.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("0").to_owned();
        whole.push_str(&page.html);
        if row == "0" {
            break;
        }
    }
    assert_eq!(whole.matches("Tot ziens bij ons.").count(), 2, "each text is there to its end: {whole}");
    for said in [
        "<dd>Engels, B1</dd>",
        "<dd>maandagavond; dinsdagochtend</dd>",
        "Zo solliciteert men",
        "<dd>werk@voorbeeld.nl</dd>",
        "Stuur &lt;b&gt;een&lt;",
        "<dt>Aantal mensen</dt><dd>3</dd>",
        "Meer staat op elders.example",
        "<span class=\"unseen\">op de kaart: </span>A</span>",
    ] {
        assert!(whole.contains(said), "{said}: {whole}");
    }
    let links: Vec<&str> = whole.split("<a href=\"https").skip(1).filter_map(|rest| rest.split('>').next()).collect();
    assert_eq!(links.len(), 1, "only to a host that the register names for the partner: {links:?}");
    assert!(links[0].contains("werk.voorbeeld.nl") && links[0].contains("rel=\"noopener noreferrer external\""), "{links:?}");

    let stream = streamed(&mut rosa, node, &csrf, &[("kind", "vacancy"), ("text", "sluizen"), ("level_max", "80")]).await;
    let list = Filling::of(&stream.html);
    let done = &list.last;
    assert!(done["asked"].as_str().is_some_and(|asked| asked.contains("“sluizen” · opleiding hoogstens Doctoraat")), "{}", done["asked"]);
    assert_eq!(list.rows.len(), 2, "{list:?}");
    for row in &list.rows {
        assert!(row["whole"].as_str().is_some_and(|whole| whole.ends_with("Tot ziens bij ons.")), "{row:?}");
        let dots = list.map["dots"].as_array().expect("dots");
        let dot = dots.iter().find(|dot| dot["letter"] == row["letter"]).expect("its dot");
        assert_eq!(row["place"], dot["place"], "the letter leads from the list to the map");
    }
    for line in stream.html.lines().filter(|line| line.contains("\"type\":\"rows\"")) {
        assert!(!line.contains("Tot ziens bij ons."), "what may change yet is short: {line}");
    }
}
