//! What a worker sees beside work that fits: what does not fit all the same, what nobody looked at, all that the vacancy says, and where it is.

use polder_federation_tests::filling::Filling;
use polder_federation_tests::http::Client;
use polder_federation_tests::people::profile;
use serde_json::json;

use crate::finding::SKILL;
use crate::portal::{stage, with_document};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_at_and_what_not_is_said_of_each_vacancy_and_the_map_says_where_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    let vacancies = [
        json!({"title": "Past", "languages": [{"language": "nl", "level": "B1"}], "location": {"place": "Lelystad", "postcode": "8232"},
            "workingTimes": {"dayParts": ["mon-morning"]}, "salary": {"min": 250_000, "max": 300_000, "period": "month"},
            "application": {"email": "werk@voorbeeld.nl"}, "hours": {"min": 24, "max": 32}, "contracts": [{"form": "permanent"}]}),
        json!({"title": "Anders", "workingTimes": {"dayParts": ["mon-morning", "sat-night"]}, "salary": {"max": 200_000, "period": "month"},
            "hours": {"min": 24, "max": 32}, "contracts": [{"form": "permanent"}], "licences": ["CE"], "location": {"place": "Urk", "postcode": "8321"},
            "minimumEducation": 40}),
        json!({"title": "Zwijgt"}),
        json!({"title": "Tolk", "languages": [{"language": "de", "level": "C1"}]}),
        json!({"title": "Meesterstuk", "languages": [{"language": "nl", "level": "C2"}]}),
    ];
    for vacancy in vacancies {
        let mut document = json!({"description": "Sleutelen.", "employer": {"name": "Werkplaats"}, "skills": [{"uri": SKILL}]});
        for (name, value) in vacancy.as_object().expect("an object") {
            document[name] = value.clone();
        }
        let put =
            Client::of(&nodes[1]).put(&format!("/v1/vacancies/{}", vacancy["title"].as_str().expect("text")), document.to_string()).await;
        assert_eq!(put.status(), 201);
    }
    let mut mine = profile("Monteur zoekt werk");
    mine["languages"] = json!([{"language": "nl", "level": "B2"}]);
    mine["workingTimes"] = json!({"dayParts": ["mon-morning", "mon-afternoon"]});
    mine["salaryWish"] = json!({"min": 280_000, "period": "month"});
    mine["contracts"] = json!(["permanent"]);
    mine["employersAtOnce"] = json!(2);
    let mut anna = with_document(&nodes[0], "Anna Voorbeeld", "W-1", &mine).await;
    let (origin, portal) = (format!("http://{}", nodes[0].client), format!("http://{}/portal", nodes[0].client));
    let page = anna.open(&format!("{portal}/work")).await;
    assert!(page.status == 200 && page.html.len() < 50_000, "{}", page.html.len());
    assert!(page.html.contains("<li>talen die u spreekt</li>"), "that languages are asked is said: {}", page.html);
    let card = |title: &str| {
        let found = page.html.split("<article").find(|card| card.contains(&format!("<h3>{title}</h3>")));
        found.and_then(|card| card.split("</article>").next()).unwrap_or_else(|| panic!("{title}: {}", page.html)).to_owned()
    };
    for title in ["Tolk", "Meesterstuk"] {
        assert!(!page.html.contains(title), "it asks a language or a level that she does not have");
    }
    let unseen = |what: &str| format!("Hier is niet gekeken naar: {what}.");
    for (title, said, not) in [
        (
            "Past",
            vec![
                "De dagdelen passen bij uw week".to_owned(),
                "Het loon past".to_owned(),
                unseen("bij hoeveel werkgevers tegelijk"),
                "werk@voorbeeld.nl".to_owned(),
                "Nederlands, B1".to_owned(),
            ],
            "Let op",
        ),
        (
            "Anders",
            vec![
                "Gevraagd, niet in uw profiel: rijbewijs CE; opleiding Mbo 4 of havo.".to_owned(),
                "<dd>Mbo 4 of havo</dd>".to_owned(),
                "er is ook werk op zaterdagnacht".to_owned(),
                "het loon is lager".to_owned(),
                unseen("bij hoeveel werkgevers tegelijk"),
            ],
            "passen bij uw week",
        ),
        (
            "Zwijgt",
            vec![unseen(
                "wanneer u wilt werken, wat u wilt verdienen, bij hoeveel werkgevers tegelijk, hoeveel uren u wilt werken, welke contracten u wilt",
            )],
            "Let op",
        ),
    ] {
        let card = card(title);
        for text in said {
            assert!(card.contains(&text), "{title}: {text}: {card}");
        }
        assert!(!card.contains(not), "{title}: {card}");
    }
    assert!(!page.html.contains("NLQF"), "a level is called as people call it: {}", page.html);
    let letter = |title: &str| card(title).split("op de kaart: </span>").nth(1).and_then(|rest| rest.get(..1)).map(str::to_owned);
    let (lelystad, urk) = (letter("Past").expect("a letter"), letter("Anders").expect("a letter"));
    assert!(lelystad != urk && letter("Zwijgt").is_none(), "{lelystad} {urk}");
    for (place, letter) in [("Lelystad", &lelystad), ("Urk", &urk)] {
        assert!(page.html.contains(&format!(">{letter}</text><title>{letter}: {place}, één resultaat</title>")), "{place}: {}", page.html);
    }
    assert!(page.html.contains("Eén resultaat staat niet op de kaart."), "{}", page.html);

    let streamed = anna.post_from(&origin, &format!("{portal}/work/stream"), &[("csrf", &page.csrf())]).await;
    let list = Filling::of(&streamed.html);
    assert_eq!((list.rows.len(), list.map["dots"].as_array().map(Vec::len)), (3, Some(2)), "{list:?}");
    for row in &list.rows {
        for text in [&row["but"], &row["why"]].into_iter().flat_map(|list| list.as_array().expect("a list")) {
            assert!(page.html.contains(text.as_str().expect("text")), "the stream says what the page says: {text}");
        }
    }
    assert_eq!(list.map["elsewhere"], "Eén resultaat staat niet op de kaart.");
    // Without one of the wishes: the same on the page and in the stream, and what is asked of it is said to lack.
    let wider = anna.open(&format!("{portal}/work?whole=yes&without=%2Flanguages")).await;
    assert!(wider.html.contains("name=\"without\" value=\"&#x2f;languages\""), "it is looked for so again: {}", wider.html);
    assert!(wider.html.contains("Gevraagd, niet in uw profiel: Duits, C1."), "{}", wider.html);
    let streamed = anna.post_from(&origin, &format!("{portal}/work/stream"), &[("csrf", &page.csrf()), ("without", "/languages")]).await;
    assert_eq!(Filling::of(&streamed.html).rows.len(), 5, "{}", streamed.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_far_from_home_is_left_out_unless_distance_is_not_looked_at() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &["Anna Voorbeeld"]).await;
    for (title, postcode) in [("Dichtbij", "8251"), ("Ver weg", "1315")] {
        let document = json!({"title": title, "description": "Sleutelen.", "employer": {"name": "Werkplaats"}, "skills": [{"uri": SKILL}],
            "location": {"postcode": postcode}});
        let put = Client::of(&nodes[1]).put(&format!("/v1/vacancies/V-{postcode}"), document.to_string()).await;
        assert_eq!(put.status(), 201);
    }
    let mut mine = profile("Monteur zoekt werk");
    mine["commute"] = json!({"mode": "bike", "maxMinutes": 20});
    let mut anna = with_document(&nodes[0], "Anna Voorbeeld", "W-1", &mine).await;
    let work = format!("http://{}/portal/work", nodes[0].client);
    let page = anna.open(&work).await;
    assert!(page.html.contains("Dichtbij") && !page.html.contains("Ver weg"), "{}", page.html);
    assert!(page.html.contains("Eén minuut met de fiets"), "{}", page.html);
    let wider = anna.open(&format!("{work}?whole=yes&without=%2Fcommute")).await;
    assert!(wider.html.contains("Dichtbij") && wider.html.contains("Ver weg"), "{}", wider.html);
}
