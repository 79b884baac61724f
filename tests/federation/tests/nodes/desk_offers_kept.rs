//! What staff is told of an offer that was kept, or was not: nothing that was typed is lost without a word.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown, hidden, staff, with_people};
use polder_federation_tests::forms::filled_in;
use polder_federation_tests::http::{Client, partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_model::Kind;
use polder_store::people::Role;
use serde_json::{Value, json};

use crate::desk::{desk, recruiter, stage};

/// Sends what a form says, with other values for some of its fields.
async fn keep(browser: &mut Browser, at: &str, form: &Shown, typed: &[(&str, &str)]) -> Shown {
    let path = &at[at.find("/desk").expect("a path")..];
    let fields = filled_in(&form.html, path);
    let kept =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(name, _)| typed.iter().all(|(one, _)| one != name));
    let fields: Vec<(&str, &str)> = kept.chain(typed.iter().copied()).chain([("do", "keep")]).collect();
    browser.post(at, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_was_typed_and_not_looked_up_is_kept_or_asked_about() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (mut rosa, new) = (recruiter(&nodes[1]).await, format!("{}/offers/vacancy/+", desk(&nodes[1])));
    let form = rosa.open(&new).await;
    let typed = [("title", "Lasser"), ("description", "Lassen aan de kade."), ("key", "L-1")];
    let with = |more: &[(&'static str, &'static str)]| [&typed[..], more].concat();
    // Neither is anything kept, nor is anything said alone.
    let wrong = [("find_occupation", "xyzzy"), ("find_skill", "las"), ("hours_min", "36"), ("hours_max", "24"), ("kvk", "12")];
    let refused = keep(&mut rosa, &new, &form, &with(&wrong)).await;
    for said in [
        "<a href=\"#p-occupations\">Beroepen</a>: Dit beroep kennen wij niet.",
        "Kies eerst een van deze vaardigheden",
        "<div class=\"found\"",
        "Uren per week: ",
        "Acht cijfers, zonder punten of spaties.",
        "value=\"xyzzy\"",
    ] {
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.html.contains(said), "{said}: {}", refused.html);
    }
    assert!(!refused.html.contains("^[0-9]{8}$"), "{}", refused.html);
    let kept = keep(&mut rosa, &new, &form, &with(&[("find_occupation", "lasser"), ("find_skill", "lastechnieken")])).await;
    assert!(
        kept.html.contains("Alle partners vinden het vanaf nu:") && kept.html.contains("/desk/offers/vacancy/L-1\">Lasser"),
        "{}",
        kept.html
    );
    let stored = nodes[1].node.store().offer(Kind::Vacancy, &"L-1".parse().expect("a key")).await.expect("read").expect("it is there");
    let document: Value = serde_json::from_slice(&stored.document).expect("JSON");
    let labels = |list: &str| document[list].as_array().into_iter().flatten().map(|one| one["label"]["nl"].clone()).collect::<Vec<_>>();
    assert_eq!((labels("occupations"), labels("skills")), (vec![json!("lasser")], vec![json!("lastechnieken")]), "{document}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_finds_an_offer_is_said_when_it_is_kept() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let desk = desk(&nodes[1]);
    let (mut rosa, new) = (recruiter(&nodes[1]).await, format!("{desk}/offers/vacancy/+"));
    let form = rosa.open(&new).await;
    let typed = [("title", "Kok"), ("description", "Koken."), ("key", "K-1"), ("closing", "2020-01-31"), ("postcode", "9999")];
    let kept = keep(&mut rosa, &new, &form, &typed).await;
    for said in ["Bewaard. Maar niemand vindt het", "maar wij kennen het niet", "Postcode: "] {
        assert!(kept.html.contains(said), "{said}: {}", kept.html);
    }
    let csrf = rosa.open(&format!("{desk}/import/vacancy")).await.csrf();
    let table = "Kenmerk;Titel;Omschrijving;Open tot en met\nC-1;Kok;Koken;31-1-2020\nC-2;Kok;Koken;31-1-2089\n";
    let tried = rosa.post_with_file(&format!("{desk}/import/vacancy"), &[("csrf", &csrf), ("do", "try")], table.as_bytes()).await;
    assert_eq!(tried.html.matches("al gesloten: niemand vindt het").count(), 1, "{}", tried.html);
    // A closed one is kept, and counts among none that can be found.
    let open = nodes[1].node.indexed().open(Kind::Vacancy, nodes[1].node.now().date());
    assert_eq!((nodes[1].node.store().count_offers(Kind::Vacancy).await.expect("read"), open), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_people_type_at_once_is_not_lost() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (mut rosa, mut other) = (recruiter(&nodes[1]).await, recruiter(&nodes[1]).await);
    let at = format!("{}/offers/vacancy/V-1", desk(&nodes[1]));
    let (form, form_of_other) = (rosa.open(&at).await, other.open(&at).await);
    let kept = keep(&mut other, &at, &form_of_other, &[("description", "Van een ander.")]).await;
    assert!(kept.html.contains("Bewaard."), "{}", kept.html);
    let changed = keep(&mut rosa, &at, &form, &[("title", "Van Rosa")]).await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    for said in [
        "Iemand anders veranderde dit aanbod intussen.",
        "value=\"Van Rosa\"",
        "verschilt wat u typte van wat er nu staat: Omschrijving, Titel.",
    ] {
        assert!(changed.html.contains(said), "{said}: {}", changed.html);
    }
    // With the words of the other taken over, both are kept.
    let kept = keep(&mut rosa, &at, &changed, &[("description", "Van een ander.")]).await;
    assert!(kept.html.contains("Bewaard."), "{}", kept.html);
    let now = rosa.open(&at).await;
    assert!(now.html.contains("value=\"Van Rosa\"") && now.html.contains("Van een ander."), "{}", now.html);

    // A question to delete that is stale is asked again.
    let question = rosa.open(&format!("{at}/delete")).await;
    let form_of_other = other.open(&at).await;
    keep(&mut other, &at, &form_of_other, &[("title", "Nog anders")]).await;
    let yes = hidden(&question.html);
    let yes: Vec<(&str, &str)> = yes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let again = rosa.post(&format!("{at}/delete"), &yes).await;
    assert!(
        again.status == StatusCode::CONFLICT && again.html.contains("Er is niets verwijderd.") && again.html.contains("Nog anders"),
        "{}",
        again.html
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_into_an_offer_that_somebody_else_deletes_is_not_lost() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (mut rosa, mut other) = (recruiter(&nodes[1]).await, recruiter(&nodes[1]).await);
    let desk = desk(&nodes[1]);
    let at = format!("{desk}/offers/vacancy/V-1");
    let form = rosa.open(&at).await;
    let question = other.open(&format!("{at}/delete")).await;
    let yes = hidden(&question.html);
    let yes: Vec<(&str, &str)> = yes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    other.post(&format!("{at}/delete"), &yes).await;
    let gone = keep(&mut rosa, &at, &form, &[("description", "Van Rosa.")]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    for said in ["Iemand anders verwijderde dit aanbod intussen.", "Van Rosa.", "name=\"key\" value=\"V-1\""] {
        assert!(gone.html.contains(said), "{said}: {}", gone.html);
    }
    let there = async || nodes[1].node.store().offer(Kind::Vacancy, &"V-1".parse().expect("a key")).await.expect("read").is_some();
    assert!(!there().await, "nothing is kept unasked");
    // Looking something up loses nothing either.
    let fields = filled_in(&form.html, "/desk/offers/vacancy/V-1");
    let looked: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let looked: Vec<_> =
        looked.into_iter().filter(|(name, _)| *name != "find_skill").chain([("find_skill", "las"), ("do", "skill")]).collect();
    let looked = rosa.post(&at, &looked).await;
    assert!(looked.html.contains("Monteur windmolens") && looked.html.contains("lastechnieken"), "{}", looked.html);
    let new = format!("{desk}/offers/vacancy/+");
    let kept = keep(&mut rosa, &new, &gone, &[]).await;
    assert!(kept.html.contains("Bewaard.") && there().await, "{}", kept.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn skills_are_proposed_from_the_text_and_kept_only_where_they_are_ticked() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (mut rosa, new) = (recruiter(&nodes[1]).await, format!("{}/offers/vacancy/+", desk(&nodes[1])));
    let form = rosa.open(&new).await;
    let csrf = form.csrf();
    let text = "Je gaat <i>lassen</i> aan de kade en je rijdt heftruck in onze hal.";
    let typed =
        [("csrf", csrf.as_str()), ("title", "Lasser"), ("whom", "De Proef"), ("description", text), ("key", "P-1"), ("hours_min", "veel")];
    let send = async |rosa: &mut Browser, more: &[(&str, &str)]| rosa.post(&new, &[&typed[..], more].concat()).await;
    let proposed = send(&mut rosa, &[("do", "propose")]).await;
    assert_eq!(proposed.status, StatusCode::OK);
    let part = proposed.html.split("id=\"proposed\"").nth(1).and_then(|rest| rest.split("value=\"propose\"").next()).expect("proposals");
    for said in ["lastechnieken", "In de tekst: Je gaat &lt;i&gt;<strong>lassen</strong>", "Wat u niet aanvinkt, bewaren wij niet."] {
        assert!(part.contains(said), "{said}: {part}");
    }
    assert!(part.contains("name=\"skill\"") && !part.contains("checked") && !part.contains("<i>"), "nothing is ticked by itself: {part}");
    assert!(
        proposed.html.contains("value=\"veel\"") && proposed.html.contains("rijdt heftruck"),
        "what was typed stays: {}",
        proposed.html
    );
    let count = async || nodes[1].node.store().count_offers(Kind::Vacancy).await.expect("read");
    assert_eq!(count().await, 1, "nothing is kept by asking");

    // Kept as the page is, nothing that was proposed is in it.
    let store = async |rosa: &mut Browser, key: &str, page: &Shown, ticked: Option<&str>| {
        let mut changed = vec![("hours_min", "24"), ("key", key)];
        changed.extend(ticked.map(|uri| ("skill", uri)));
        let kept = keep(rosa, &new, page, &changed).await;
        assert!(kept.html.contains("Bewaard."), "{}", kept.html);
        let stored = nodes[1].node.store().offer(Kind::Vacancy, &key.parse().expect("a key")).await.expect("read").expect("it is there");
        let document: Value = serde_json::from_slice(&stored.document).expect("JSON");
        document["skills"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(store(&mut rosa, "P-1", &proposed, None).await, 0);
    let uri = part.split("name=\"skill\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a skill").replace("&#x2f;", "/");
    assert_eq!(store(&mut rosa, "P-2", &proposed, Some(&uri)).await, 1);
    // What is picked is not proposed again; a text without skills says so.
    let again = send(&mut rosa, &[("skill", &uri), ("do", "propose")]).await;
    let part = again.html.split("id=\"proposed\"").nth(1).and_then(|rest| rest.split("value=\"propose\"").next()).expect("a part");
    assert!(!part.contains(&uri.replace('/', "&#x2f;")), "{part}");
    let none = rosa.post(&new, &[("csrf", &csrf), ("title", "X"), ("description", "Niets."), ("do", "propose")]).await;
    assert!(none.html.contains("vinden wij geen andere vaardigheid"), "{}", none.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_kept_as_it_was_shown_or_shown_anew() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (mut rosa, mut other) = (recruiter(&nodes[1]).await, recruiter(&nodes[1]).await);
    let desk = desk(&nodes[1]);
    let import = format!("{desk}/import/vacancy");
    let csrf = rosa.open(&import).await.csrf();
    let table = "Kenmerk;Titel;Omschrijving\nA-1;Kok;Koken\n";
    let count = async || nodes[1].node.store().count_offers(Kind::Vacancy).await.expect("read");
    let tried = rosa.post_with_file(&import, &[("csrf", &csrf), ("lines", table), ("do", "try")], b"").await;
    assert_eq!(count().await, 1, "nothing is kept by looking: {}", tried.html);
    // Somebody else makes an offer of that key meanwhile.
    let form = other.open(&format!("{desk}/offers/vacancy/+")).await;
    keep(&mut other, &format!("{desk}/offers/vacancy/+"), &form, &[("title", "Van een ander"), ("description", "X"), ("key", "A-1")]).await;
    let store = async |rosa: &mut Browser, page: &Shown, lines: Option<&str>| {
        let mut fields = filled_in(&page.html, "/desk/import/vacancy");
        if let Some(lines) = lines {
            fields.iter_mut().filter(|(name, _)| name == "lines").for_each(|(_, value)| *value = lines.to_owned());
        }
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("do", "store"));
        rosa.post_with_file(&import, &fields, b"").await
    };
    let outdated = store(&mut rosa, &tried, None).await;
    assert_eq!(outdated.status, StatusCode::CONFLICT);
    for said in ["Er is niets bewaard. Uw lijst is niet meer dezelfde", "A-1;Kok;Koken", "Van een ander"] {
        assert!(outdated.html.contains(said), "{said}: {}", outdated.html);
    }
    let title = async || -> Value {
        let stored = nodes[1].node.store().offer(Kind::Vacancy, &"A-1".parse().expect("a key")).await.expect("read").expect("there");
        serde_json::from_slice::<Value>(&stored.document).expect("JSON")["title"].clone()
    };
    assert_eq!(title().await, "Van een ander");
    // Another list than was looked at is shown first.
    let another = store(&mut rosa, &outdated, Some("Kenmerk;Titel;Omschrijving\nA-2;Bakker;Bakken\n")).await;
    assert!(another.status == StatusCode::CONFLICT && another.html.contains("Bakker"), "{}", another.html);
    let kept = store(&mut rosa, &outdated, None).await;
    assert!(kept.status == StatusCode::OK && kept.html.contains("Eén regel is bewaard."), "{}", kept.html);
    assert_eq!(title().await, "Kok");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_the_only_organisation_stands_in_a_new_offer() {
    for (id, acts_for, number) in [("kvk:10000004", None, "10000004"), ("kvk:10000004", Some("kvk:10000005"), ""), (PARTNERS[0], None, "")]
    {
        let directory = tempfile::tempdir().expect("a directory");
        let mut partners = partners(directory.path(), &[id]);
        partners[0].member.acts_for = acts_for.iter().map(|other| other.parse().expect("a partner")).collect();
        with_people(&mut partners[0], vec![staff("Rosa Recruiter", &[Role::Desk])]);
        let node = start_all(&mut partners).await.pop().expect("a node");
        for kind in ["vacancy", "training"] {
            let form = recruiter(&node).await.open(&format!("{}/offers/{kind}/+", desk(&node))).await;
            let fields = filled_in(&form.html, &format!("/desk/offers/{kind}/+"));
            let one = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
            assert_eq!((one("kvk"), one("whom")), (Some(number), Some(node.node.home().name.as_str())), "{id} {acts_for:?}: {}", form.html);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_last_stands_first_and_each_page_goes_on_where_the_one_before_ended() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), &[]).await;
    let (desk, client) = (desk(&nodes[1]), Client::of(&nodes[1]));
    let mut rosa = recruiter(&nodes[1]).await;
    let put = async |number: usize, text: &str| {
        let document = json!({"title": format!("Kok {number}"), "description": text, "employer": {"name": "Bakkerij"}});
        let stored = client.put(&format!("/v1/vacancies/O-{number}"), document.to_string()).await;
        assert!(stored.status().is_success(), "{}", stored.status());
    };
    for number in 0..45 {
        put(number, "Koken.").await;
    }
    put(7, "Bakken.").await;
    let keys = |html: &str| -> Vec<String> {
        let cells = html.split("<td class=\"far key\">").skip(1).filter_map(|rest| rest.split('<').next());
        cells.map(str::to_owned).collect()
    };
    for search in ["", "?text=kok"] {
        let (mut next, mut seen) = (format!("{desk}/offers/vacancy{search}"), Vec::new());
        loop {
            let page = rosa.open(&next).await;
            seen.extend(keys(&page.html));
            // One of a later page changes meanwhile: no other is passed over by that, and none stands there twice.
            if seen.len() == 20 {
                put(2, &format!("Koken {search}")).await;
            }
            let html = page.html.replace("&#x2f;", "/").replace("&amp;", "&");
            let Some(on) = html.split("/offers/vacancy?before=").nth(1).and_then(|rest| rest.split('"').next()) else { break };
            next = format!("{desk}/offers/vacancy?before={on}");
        }
        let first: Vec<String> = seen.iter().filter(|key| key.starts_with("O-")).take(3).cloned().collect();
        let expected = if search.is_empty() { ["O-7", "O-44", "O-43"] } else { ["O-2", "O-7", "O-44"] };
        assert_eq!(first, expected, "{search}");
        let mut each: Vec<&String> = seen.iter().filter(|key| key.starts_with("O-") && *key != "O-2").collect();
        each.sort();
        let all = each.len();
        each.dedup();
        assert_eq!((all, each.len()), (44, 44), "{search}: {seen:?}");
    }
    // People are sought first for what was written last.
    let pick = rosa.open(&format!("{desk}/search?kind=skill-offer")).await;
    let options: Vec<&str> = pick.html.split("<option value=\"").skip(1).filter_map(|rest| rest.split('"').next()).take(3).collect();
    assert_eq!(options, ["", "O-2", "O-7"], "{}", pick.html);
}
