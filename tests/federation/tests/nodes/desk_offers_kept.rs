//! What staff is told of an offer that was kept, or was not: nothing that was typed is lost without a word.

use http::StatusCode;
use polder_federation_tests::browser::{Browser, Shown, hidden};
use polder_federation_tests::forms::filled_in;
use polder_model::Kind;
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
