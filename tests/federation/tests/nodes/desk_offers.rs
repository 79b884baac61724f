//! The partner's own offers, written at the desk.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, hidden, staff, with_people};
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::{Client, start_all};
use polder_model::OfferKey;
use polder_store::people::Role;
use serde_json::{Value, json};

use crate::desk::{ask, desk, recruiter, stage};
use crate::workers::about_people;

#[tokio::test(flavor = "multi_thread")]
async fn staff_writes_changes_and_deletes_offers() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let mut rosa = recruiter(&nodes[1]).await;
    let form = rosa.open(&format!("{desk}/offers/vacancy/+")).await;
    assert!(form.html.contains("<a href=\"/desk&#x2f;offers\" aria-current=\"page\">"), "the menu says where one is: {}", form.html);
    let csrf = form.csrf();
    let new = format!("{desk}/offers/vacancy/+");
    let wrong = [("csrf", csrf.as_str()), ("title", "Kok"), ("whom", "De Proef"), ("hours_min", "veel"), ("key", "K-1"), ("do", "keep")];
    let refused = rosa.post(&new, &wrong).await;
    // All of it at once, each at its part, which its fields name.
    for said in [
        "<p>Uren per week, minstens: Dit is geen getal. Een heel getal van 0 tot en met 80.</p>",
        "<p>Omschrijving: Dit ontbreekt nog.</p>",
        "<a href=\"#p-description\">Omschrijving</a>",
        "name=\"hours_min\" value=\"veel\" inputmode=\"numeric\" maxlength=\"2\" aria-invalid=\"true\" aria-describedby=\"wrong-hours\"",
    ] {
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains(said), "{said}: {}", refused.html);
    }
    let right = [
        ("csrf", csrf.as_str()),
        ("title", "Kok <b>gezocht</b>"),
        ("whom", "De Proef"),
        ("description", "Koken aan de kade."),
        ("hours_min", "24"),
        ("postcode", "8232"),
        ("contract", "permanent"),
        ("key", "K-1"),
        ("do", "keep"),
    ];
    let kept = rosa.post(&new, &right).await;
    assert!(kept.html.contains("Bewaard.") && kept.html.contains("Er zijn er 2."), "{}", kept.html);
    assert!(kept.html.contains("Kok &lt;b&gt;gezocht") && !kept.html.contains("<b>"), "what is typed is text: {}", kept.html);
    let twice = rosa.post(&new, &right).await;
    assert!(twice.status == StatusCode::BAD_REQUEST && twice.html.contains("al een aanbod met dit kenmerk"), "{}", twice.html);
    assert!(twice.html.contains("Koken aan de kade."), "what was typed comes back: {}", twice.html);
    let no_key: Vec<_> = right.iter().map(|(name, value)| (*name, if *name == "key" { "a b" } else { value })).collect();
    let no_key = rosa.post(&new, &no_key).await;
    assert!(
        no_key.status == StatusCode::BAD_REQUEST && no_key.html.contains("<p>Kenmerk: Een kenmerk is 1 tot 100 tekens"),
        "{}",
        no_key.html
    );

    let edit = rosa.open(&format!("{desk}/offers/vacancy/K-1")).await;
    let etag = hidden(&edit.html).into_iter().find(|(name, _)| name == "etag").expect("a tag").1;
    assert!(edit.html.contains("Koken aan de kade.") && edit.html.contains("value=\"8232\""), "{}", edit.html);
    let change = |etag: &str, csrf: &str| {
        let fields =
            [("csrf", csrf), ("etag", etag), ("title", "Chef-kok"), ("whom", "De Proef"), ("description", "Koken."), ("do", "keep")];
        fields.map(|(name, value)| (name, value.to_owned()))
    };
    let at = format!("{desk}/offers/vacancy/K-1");
    for (etag, status) in [("", StatusCode::CONFLICT), (etag.as_str(), StatusCode::OK), (etag.as_str(), StatusCode::CONFLICT)] {
        let fields = change(etag, &csrf);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(rosa.post(&at, &fields).await.status, status, "{etag}");
    }
    let found = ask(&mut rosa, &desk, &csrf, &[("kind", "vacancy"), ("text", "chef-kok")]).await;
    assert!(found.html.contains("Chef-kok"), "{}", found.html);

    let question = rosa.open(&format!("{at}/delete")).await;
    assert!(question.html.contains("Chef-kok verwijderen?"), "{}", question.html);
    let stale = rosa.post(&format!("{at}/delete"), &[("csrf", &csrf), ("etag", &etag)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let yes = hidden(&question.html);
    let yes: Vec<(&str, &str)> = yes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let gone = rosa.post(&format!("{at}/delete"), &yes).await;
    assert!(gone.html.contains("Verwijderd.") && gone.html.contains("Er is er één."), "{}", gone.html);
    assert_eq!(rosa.open(&at).await.status, StatusCode::NOT_FOUND);
    let history = rosa.open(&format!("{desk}/changes")).await;
    let steps: Vec<_> =
        ["vacature verwijderd", "vacature gewijzigd, nu versie 2", "nieuwe vacature"].iter().map(|step| history.html.find(step)).collect();
    assert!(steps.iter().all(Option::is_some) && steps.is_sorted(), "newest first: {}", history.html);
    // What it was called, who did it, and what became another.
    for said in ["Chef-kok<", "Kok &lt;b&gt;gezocht", "Veranderd: ", "Titel, ", "aan de balie</span>", "door een systeem</span>"] {
        assert!(history.html.contains(said) || history.html.contains(&said.replace("Titel, ", ", Titel")), "{said}: {}", history.html);
    }
    assert!(!history.html.contains("Rosa Recruiter</td>"), "no names: {}", history.html);

    // Nobody's profile is an offer of the desk.
    for path in ["/offers/skill-offer", "/offers/skill-offer/W-1", "/import/skill-offer", "/offers/others", "/offers/vacancy/K-9"] {
        assert_eq!(rosa.open(&format!("{desk}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut english = rosa;
    for path in [
        "",
        "/search",
        "/asked",
        "/offers/vacancy",
        "/offers/training",
        "/offers/training/+",
        "/offers/vacancy/V-1",
        "/import/training",
        "/changes",
        "/searches",
        "/applications",
        "/erasures",
    ] {
        let page = english.open(&format!("http://{}/pages/language/en?back=/desk{path}", nodes[1].client)).await;
        assert!(
            page.status == StatusCode::OK && page.html.contains("<html lang=\"en\">") && page.html.len() < 50_000,
            "{path}: {}",
            page.html
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_looked_at_before_those_that_hold_are_kept() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let mut rosa = recruiter(&nodes[1]).await;
    let csrf = rosa.open(&format!("{desk}/import/training")).await.csrf();
    let line = |key: &str, title: &str| {
        json!({"key": key, "document": {"title": title, "description": "Leren.", "provider": {"name": "De School"}}}).to_string()
    };
    let lines = [line("T-1", "Lassen"), String::new(), line("T-2", ""), "geheim".to_owned(), line("a b", "Solderen"), line("T-3", "Zagen")]
        .join("\r\n");
    let import = format!("{desk}/import/training");
    let tried = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", &lines), ("do", "try")], b"").await;
    assert!(tried.html.contains("Er is nog niets bewaard. 2 regels zijn goed. 3 regels zijn geweigerd:"), "{}", tried.html);
    for said in [
        "<td>3</td><td class=\"key\">zonder titel<br><span class=\"quiet\">T-2</span></td>",
        "<strong>Titel</strong> <code>&#x2f;title</code><br>Dit kan niet. 2 tot en met 200 tekens.",
        "<td>4</td><td class=\"key\">zonder titel<br><span class=\"quiet\"></span></td>",
        "<td>5</td><td class=\"key\">Solderen<br><span class=\"quiet\">a b</span></td>",
        "<strong>Kenmerk</strong>",
        "Dit kunnen wij niet lezen. Een regel begint met een accolade",
        "Bewaar de 2 goede regels",
    ] {
        assert!(tried.html.contains(said), "{said}: {}", tried.html);
    }
    let trainings = || nodes[1].node.store().count_offers(polder_model::Kind::Training);
    assert_eq!(trainings().await.expect("read"), 0, "a try keeps nothing");
    let kept = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", &lines), ("do", "store")], b"").await;
    assert!(kept.html.contains("2 regels zijn bewaard. 3 regels zijn geweigerd:"), "{}", kept.html);
    assert_eq!(trainings().await.expect("read"), 2);
    // Those that were refused stay, to be mended here, or in a file.
    let left = filled_in(&kept.html, "/desk/import/training");
    let left = left.iter().find(|(name, _)| name == "lines").map(|(_, text)| text.trim().to_owned());
    let refused_lines = [line("T-2", ""), "geheim".to_owned(), line("a b", "Solderen")].join("\n");
    assert_eq!(left.as_deref(), Some(refused_lines.as_str()));
    let file = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", &lines), ("do", "refused")], b"").await;
    assert_eq!(file.html, format!("{refused_lines}\n"));
    assert!(file.headers["content-disposition"].to_str().expect("text").contains("polder-training-refused.ndjson"));
    // What would become of each line that holds.
    let again = [line("T-1", "Lassen voor iedereen"), line("T-5", "Frezen"), line("T-5", "Draaien"), line("T-6", "Boren")].join("\n");
    let tried = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", &again), ("do", "try")], b"").await;
    // Of two with the same key the last one counts; the first is left out of everything.
    for said in ["vervangt “Lassen”", "nieuw", "Bewaar de 3 goede regels", "Eén regel is geweigerd:"] {
        assert!(tried.html.contains(said), "{said}: {}", tried.html);
    }
    assert_eq!(tried.html.matches("dit kenmerk staat verderop nog eens").count(), 1, "{}", tried.html);
    let kept = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", &again), ("do", "store")], b"").await;
    assert!(kept.html.contains("3 regels zijn bewaard. Eén regel is geweigerd:"), "{}", kept.html);
    let last =
        nodes[1].node.store().offer(polder_model::Kind::Training, &"T-5".parse().expect("a key")).await.expect("read").expect("there");
    assert!(last.version == 1 && String::from_utf8_lossy(&last.document).contains("Draaien"), "once, and the last one");
    let unknown = r#"{"key":"T-4","document":{"title":"Lassen","description":"Leren.","provider":{"name":"De School"},"uren":3,"<b>":1}}"#;
    let unknown = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", unknown), ("do", "try")], b"").await;
    assert!(unknown.html.contains("Dit kennen wij niet: “&lt;b&gt;”, “uren”. Hier mag staan: "), "{}", unknown.html);
    let wrapped = r#"{"sleutel":"T-4","document":{}}"#;
    let wrapped = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", wrapped), ("do", "try")], b"").await;
    assert!(
        wrapped.html.contains("Dit kennen wij niet: “sleutel”.") && wrapped.html.contains("Hier mag staan: document, key"),
        "{}",
        wrapped.html
    );
    let many = vec![line("T-9", "Lassen"); 501].join("\n");
    let refused = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", &many), ("do", "store")], b"").await;
    assert!(refused.html.contains("te veel regels: hoogstens 500"), "{}", refused.html);
    assert_eq!(trainings().await.expect("read"), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_read_as_people_write_it_and_says_by_row_and_column_what_is_wrong() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let mut rosa = recruiter(&nodes[1]).await;
    for (kind, count) in [("vacancy", 2), ("training", 1)] {
        let import = format!("{desk}/import/{kind}");
        let page = rosa.open(&import).await;
        let csrf = page.csrf();
        assert!(
            page.html.contains("enctype=\"multipart/form-data\"") && page.html.contains(&format!("/desk/import/{kind}/example")),
            "{}",
            page.html
        );
        // The example is one that this node would keep as it is, and does.
        let example = rosa.fetch(&format!("{import}/example")).await;
        assert!(example.headers["content-disposition"].to_str().expect("text").contains(&format!("polder-{kind}.csv")));
        for (wants, said) in
            [("try", "Er is nog niets bewaard. Eén regel is goed. Geen regel is geweigerd."), ("store", "Eén regel is bewaard.")]
        {
            let sent = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", ""), ("do", wants)], example.html.as_bytes()).await;
            assert!(sent.status == StatusCode::OK && sent.html.contains(said), "{said}: {}", sent.html);
        }
        let kind = kind.parse().expect("a kind");
        assert_eq!(nodes[1].node.store().count_offers(kind).await.expect("read"), count);
    }
    let read = async |key: &str| -> Value {
        let stored = nodes[1].node.store().offer(polder_model::Kind::Vacancy, &key.parse().expect("a key")).await.expect("read");
        serde_json::from_slice(&stored.expect("it is there").document).expect("JSON")
    };
    let example = read("A-1").await;
    assert_eq!((&example["hours"], &example["salary"]["min"]), (&json!({"min": 24, "max": 36}), &json!(265_000)), "{example}");
    assert!(example["skills"].as_array().is_some_and(|skills| skills.len() > 2), "{example}");
    assert_eq!(example["languages"], json!([{"language": "nl", "level": "B1"}, {"language": "en", "level": "A2"}]));

    // As people write it, in either language, with what they leave out.
    let import = format!("{desk}/import/vacancy");
    let csrf = rosa.open(&import).await.csrf();
    let table = "Kenmerk;TITEL;Description;Uren per week, minstens;Salaris vanaf;Salaris per;Soort contract;Opleiding minstens;Vaardigheden;Talen;\
        Eerste werkdag;Tijden in overleg;Rijbewijs\n\
        B-1;Lasser;\"Werk;\naan de kade\";24;2.650,50;maand;vast|zzp;mbo 4;solderen;Nederlands b1, de A2;1-3-2089;ja;B,BE\n\
        B-2;;Koken;veel;16;per uur;altijd;havo;solderne | hokuspokus;;31-31-2089;misschien;B\n\
        ;Kok;Koken;;;;;;;;;;;te veel\n";
    let send = async |rosa: &mut Browser, wants: &str, file: &str| {
        rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", "{\"a\": 1}"), ("do", wants)], file.as_bytes()).await
    };
    let tried = send(&mut rosa, "try", table).await;
    for said in [
        "Eén regel is goed. 2 regels zijn geweigerd:",
        "<td>3</td>",
        "<strong>TITEL</strong><br>Dit ontbreekt nog.",
        "<strong>Uren per week, minstens</strong><br>Dit is geen getal. Een heel getal van 0 tot en met 80.",
        "<strong>Soort contract</strong><br>“altijd” kennen wij hier niet. Kies uit: vast, tijdelijk",
        "<strong>Vaardigheden</strong><br>“solderne” kennen wij niet. Bedoelt u: ",
        "<strong>Eerste werkdag</strong><br>",
        "<strong>Tijden in overleg</strong><br>Vul ja of nee in.",
        "<td>4</td>",
        "<strong>Kenmerk</strong><br>Dit ontbreekt nog. Geef elk aanbod een eigen kenmerk",
        "Deze rij heeft meer cellen dan er kolommen zijn.",
    ] {
        assert!(tried.html.contains(said), "{said}: {}", tried.html);
    }
    assert!(!tried.html.contains("<code>&#x2f;"), "no place in a document is said: {}", tried.html);
    let kept = send(&mut rosa, "store", table).await;
    assert!(kept.html.contains("Eén regel is bewaard. 2 regels zijn geweigerd:"), "{}", kept.html);
    let lasser = read("B-1").await;
    for (pointer, value) in [
        ("/description", json!("Werk;\naan de kade")),
        ("/employer/name", json!(nodes[1].node.home().name)),
        ("/hours", json!({"min": 24, "max": 24})),
        ("/salary", json!({"min": 265_050, "period": "month", "currency": "EUR"})),
        ("/contracts", json!([{"form": "permanent"}, {"form": "freelance"}])),
        ("/minimumEducation", json!(40)),
        ("/startDate", json!("2089-03-01")),
        ("/workingTimes/flexible", json!(true)),
        ("/licences", json!(["B", "BE"])),
        ("/languages", json!([{"language": "nl", "level": "B1"}, {"language": "de", "level": "A2"}])),
        ("/skills/0/label/nl", json!("solderen")),
    ] {
        assert_eq!(lasser.pointer(pointer), Some(&value), "{pointer}: {lasser}");
    }
    // What was refused comes back as a table of its own, in the field and as a file.
    let left = filled_in(&kept.html, "/desk/import/vacancy");
    let left = left.into_iter().find(|(name, _)| name == "lines").expect("a field").1;
    assert!(left.starts_with("Kenmerk;TITEL;") && left.contains("B-2;") && !left.contains("B-1;"), "{left}");
    let file = send(&mut rosa, "refused", table).await;
    assert!(file.headers["content-disposition"].to_str().expect("text").contains("polder-vacancy-refused.csv"));
    assert_eq!(file.html.trim_start_matches('\u{feff}').trim(), left.trim());

    for (file, said) in [
        ("Kenmerk;Titel;Omschrijving;Loon\nA;B;C;D".as_bytes(), "Deze kolommen kennen wij niet: “Loon”."),
        (&b"Kenmerk;Titel\nA;B"[..], "Deze kolommen ontbreken: Omschrijving."),
        // All that is wrong with the columns at once.
        (&b"Kenmerk;Titel;Loon\nA;B;C"[..], "Deze kolommen ontbreken: Omschrijving."),
        (&b"PK\x03\x04\xff\xfe"[..], "Bewaar uw lijst als CSV UTF-8"),
        (&b"Kenmerk;Titel;Omschrijving\n"[..], "Kies een bestand, of plak uw lijst."),
    ] {
        let refused = rosa.post_with_file(&import, &[("csrf", &csrf), ("do", "store")], file).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains(said), "{said}: {}", refused.html);
    }
    // A quotation mark that is not closed takes no good row with it.
    let open = "Kenmerk;Titel;Omschrijving\nD-1;Kok;Koken in de keuken\nD-2;\"Metselaar;Metselen\nD-3;Bakker;Bakken in de \"bakkerij\"\n";
    let tried = send(&mut rosa, "try", open).await;
    for said in ["2 regels zijn goed. Eén regel is geweigerd:", "<td>3</td>", "een aanhalingsteken dat niet wordt gesloten"] {
        assert!(tried.html.contains(said), "{said}: {}", tried.html);
    }
    let file = send(&mut rosa, "refused", open).await;
    assert!(file.html.contains("D-2;\"Metselaar;Metselen"), "as it was brought: {}", file.html);
    for rows in [501, 40_000] {
        let many = format!("Kenmerk;Titel;Omschrijving\n{}", "C-1;Kok;Koken in de keuken\n".repeat(rows));
        let refused = send(&mut rosa, "store", &many).await;
        let said = if rows == 501 { "te veel regels: hoogstens 500" } else { "Dit is te groot: hoogstens 1 MB" };
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains(said), "{said}: {}", refused.html);
    }
    assert_eq!(nodes[1].node.store().count_offers(polder_model::Kind::Vacancy).await.expect("read"), 3);

    // Own offers are found again, with how long they are open.
    for (text, said) in
        [("lass", "Lasser"), ("b-", "Lasser"), ("B-1", "Lasser"), ("windturbines onderhoud", "Onderhoudsmonteur windturbines")]
    {
        let found = rosa.open(&format!("{desk}/offers/vacancy?text={}", text.replace(' ', "+"))).await;
        assert!(found.html.contains("Eén gevonden met") && found.html.contains(said), "{text}: {}", found.html);
    }
    let none = rosa.open(&format!("{desk}/offers/vacancy?text=<b>x")).await;
    assert!(none.html.contains("Niets gevonden met “&lt;b&gt;x”") && none.html.contains("Toon alles"), "{}", none.html);
    assert!(rosa.open(&format!("{desk}/offers/vacancy")).await.html.contains("Open tot en met"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_refused_says_which_hosts_may_be_linked_to_and_what_clashes() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 2);
    partners[0].member.link_hosts = ["werk.example", "b.example"].map(|host| host.parse().expect("a host")).into();
    with_people(&mut partners[0], vec![staff("Rosa Recruiter", &[Role::Desk])]);
    let nodes = start_all(&mut partners).await;
    let mut rosa = recruiter(&nodes[0]).await;
    let import = format!("{}/import/vacancy", desk(&nodes[0]));
    let csrf = rosa.open(&import).await.csrf();
    let table = "Kenmerk;Titel;Omschrijving;Uren per week, minstens;Uren per week, hoogstens;Eerste werkdag;application.url\n\
        B-1;Kok;Koken;36;24;1-3-2089;https://www.werk.example/1\n\
        B-2;Kok;Koken;24;36;1-3-2089;https://elders.example/1\n\
        B-3;Kok;Koken;24;36;31-2-2089;https://b.example/1\n";
    let tried = rosa.post_with_file(&import, &[("csrf", &csrf), ("do", "try")], table.as_bytes()).await;
    for said in [
        "Uren per week, hoogstens</strong><br>Het kleinste getal is groter dan het grootste.<",
        "Dit adres mag hier niet staan. Dit mag wel, en wat daaronder ligt: werk.example, b.example.",
        "Een dag die bestaat, zoals 31-1-2027 of 2027-01-31.",
    ] {
        assert!(tried.html.contains(said), "{said}: {}", tried.html);
    }
    assert!(!tried.html.contains("de eerste dag niet na de laatste"), "hours are no days: {}", tried.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_keeps_all_that_an_offer_says_and_changes_what_is_typed() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (desk, client) = (desk(&nodes[1]), Client::of(&nodes[1]));
    let mut rosa = recruiter(&nodes[1]).await;
    let key: OfferKey = "E-1".parse().expect("a key");
    let read = async |kind: &str| -> Value {
        let stored = nodes[1].node.store().offer(kind.parse().expect("a kind"), &key).await.expect("read").expect("it is there");
        serde_json::from_slice(&stored.document).expect("JSON")
    };
    for (kind, collection, apply) in [("vacancy", "vacancies", "application"), ("training", "trainings", "enrolment")] {
        let (_, text) = polder_schemas::examples::of(kind).find(|(name, _)| *name == "nearly-everything").expect("an example");
        let mut example: Value = serde_json::from_str(text).expect("JSON");
        // The register names no such host for this partner, and the dates of an example pass.
        example[apply].as_object_mut().expect("an object").remove("url");
        example["closingDate"] = json!("2089-01-01");
        example["terms"]["until"] = json!("2089-01-01");
        let put = client.put(&format!("/v1/{collection}/E-1"), example.to_string()).await;
        assert_eq!(put.status(), 201, "{}", put.text().await.expect("text"));
        let at = format!("{desk}/offers/{kind}/E-1");
        let form = rosa.open(&at).await;
        assert!(form.html.len() < 50_000, "{}", form.html.len());
        let mut fields = filled_in(&form.html, &format!("/desk/offers/{kind}/E-1"));
        let keep = async |rosa: &mut Browser, fields: &[(String, String)]| {
            let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            fields.push(("do", "keep"));
            let kept = rosa.post(&at, &fields).await;
            assert!(kept.html.contains("Bewaard."), "{}", kept.html);
        };
        keep(&mut rosa, &fields).await;
        assert_eq!(read(kind).await, example, "nothing was typed");
        let form = rosa.open(&at).await;
        fields = filled_in(&form.html, &format!("/desk/offers/{kind}/E-1"));
        let line = if kind == "vacancy" { "pay_min" } else { "price" };
        fields.iter_mut().filter(|(name, _)| name == line).for_each(|(_, value)| *value = "1.234,50".to_owned());
        keep(&mut rosa, &fields).await;
        *example.pointer_mut(if kind == "vacancy" { "/salary/min" } else { "/price/amount" }).expect("an amount") = json!(123_450);
        assert_eq!(read(kind).await, example);
    }
}
