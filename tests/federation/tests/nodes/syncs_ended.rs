//! What ends in a course system: handed to another organisation, over, or gone; each named in the report.

use polder_exchange::syncs::{Gone, Outcome, Report};
use polder_federation_tests::school::{School, Treatment, course, id};
use serde_json::{Value, json};

use crate::syncs::{Stage, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_handed_to_another_organisation_ends_after_two_whole_crawls() {
    let (mut stage, school) = (Stage::new().await, School::new(6, 3));
    assert_eq!(stage.crawl(&school).await.counts.created, 3);
    let hand_over = |number: usize, to: Value| {
        school.change("courses", move |courses| {
            courses[number]["organisation"] = to;
            courses[number].as_object_mut().expect("an object").remove("organisationId");
        });
    };
    let other =
        json!({"organisationId": "p", "name": text("Ander"), "primaryCode": {"codeType": "kvk_organisation_id", "code": "90000007"}});
    hand_over(2, other.clone());
    let named = |report: &Report| report.ended.iter().map(|one| (one.title.clone(), one.code.clone(), one.withdrawn)).collect::<Vec<_>>();
    let once = stage.crawl(&school).await;
    assert_eq!((once.outcome, once.counts.missing, once.counts.withdrawn, named(&once)), (Outcome::Whole, 1, 0, vec![]), "{once:?}");
    assert_eq!(stage.titles().await.len(), 3, "it stays for now");
    // A crawl that breaks off is none of the two, and neither is one that cannot read it.
    school.treats(|path, _| if path.starts_with("/courses?") { Treatment::Status(503, Vec::new()) } else { Treatment::Rightly });
    assert_eq!(stage.crawl(&school).await.outcome, Outcome::BrokenOff);
    let offerings = format!("/courses/{}/", id(2));
    school.treats(move |path, _| if path.starts_with(&offerings) { Treatment::Status(400, Vec::new()) } else { Treatment::Rightly });
    let unread = stage.crawl(&school).await;
    assert_eq!((unread.outcome, unread.counts.withdrawn), (Outcome::Whole, 0), "{unread:?}");
    assert_eq!(stage.titles().await.len(), 3);
    // Given back in between, it is published as before, and two crawls count anew.
    school.treats(|_, _| Treatment::Rightly);
    hand_over(2, json!({"organisationId": "o", "name": text("School Proef")}));
    let back = stage.crawl(&school).await;
    assert_eq!((back.counts.missing, back.counts.refused), (0, 0), "{back:?}");
    hand_over(2, other.clone());
    assert_eq!(stage.crawl(&school).await.counts.withdrawn, 0);
    let before = school.asked();
    let twice = stage.crawl(&school).await;
    assert_eq!((twice.outcome, twice.counts.missing, twice.counts.withdrawn), (Outcome::Whole, 0, 1), "{twice:?}");
    assert_eq!(named(&twice), [("Cursus 2".to_owned(), "another-organisation".to_owned(), true)]);
    assert_eq!(stage.titles().await, ["Cursus 0", "Cursus 1"]);
    assert!(school.asked() > before);
    // It is not withdrawn again, and is still named as what cannot be taken.
    let after = stage.crawl(&school).await;
    assert_eq!(
        (after.counts.missing, after.counts.withdrawn, after.not_mapped[0].code.as_str()),
        (0, 0, "another-organisation"),
        "{after:?}"
    );
    // Read for that organisation, it is there again.
    stage.source.acts_for = vec!["kvk:90000007".parse().expect("a partner")];
    assert_eq!(stage.crawl(&school).await.counts.created, 1);
    // Not any more: what is of an organisation for which this source is not read is left alone, and holds nothing else up.
    stage.source.acts_for.clear();
    school.change("courses", |courses| courses[2]["name"] = text("Veranderd"));
    for _ in 0..3 {
        let left = stage.crawl(&school).await;
        assert_eq!((left.outcome, left.counts.missing, left.counts.withdrawn), (Outcome::Whole, 0, 0), "{left:?}");
    }
    assert_eq!(stage.titles().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn much_that_is_handed_over_at_once_is_not_believed() {
    let (stage, school) = (Stage::new().await, School::new(6, 10));
    assert_eq!(stage.crawl(&school).await.counts.created, 10);
    school.change("courses", |courses| {
        for course in courses.iter_mut().take(5) {
            course["organisation"] = json!({"organisationId": "p", "name": text("Ander"), "primaryCode": {"codeType": "kvk_organisation_id", "code": "90000007"}});
            course.as_object_mut().expect("an object").remove("organisationId");
        }
    });
    for _ in 0..3 {
        let report = stage.crawl(&school).await;
        assert_eq!((report.outcome, report.counts.missing, report.counts.withdrawn), (Outcome::LostTooMuch, 5, 0), "{report:?}");
    }
    assert_eq!(stage.titles().await.len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_is_named_and_no_more_of_it_than_may_be() {
    let (stage, school) = (Stage::new().await, School::new(6, 3));
    assert_eq!(stage.crawl(&school).await.counts.created, 3);
    // One that was there is over, one was never there, and one is gone from the catalogue.
    school.change("courses", |courses| {
        courses[0]["validTo"] = json!("2026-11-01");
        let mut never = course(8);
        never["validFrom"] = json!("2027-09-01");
        courses.push(never);
        courses.remove(2);
    });
    let named = |report: &Report| {
        let one =
            |one: &Gone| (one.title.clone(), one.path.clone(), one.key.as_ref().map(ToString::to_string), one.code.clone(), one.withdrawn);
        report.ended.iter().map(one).collect::<Vec<_>>()
    };
    let gone = |number: usize, code: &str, withdrawn| {
        (format!("Cursus {number}"), format!("/courses/{}", id(number)), Some(id(number)), code.to_owned(), withdrawn)
    };
    let first = stage.crawl(&school).await;
    assert_eq!(named(&first), [gone(0, "past", true), gone(8, "not-yet", false)], "{first:?}");
    let second = stage.crawl(&school).await;
    let expected = [gone(2, "not-found", true), gone(0, "past", false), gone(8, "not-yet", false)];
    assert_eq!((second.counts.ended, named(&second)), (2, expected.to_vec()), "what was taken away comes first");
    // Of very many those are named whose trainings went.
    school.change("courses", |courses| {
        courses[1]["validTo"] = json!("2026-11-01");
        for number in (100..600).rev() {
            let mut past = course(number);
            past["validTo"] = json!("2026-11-01");
            courses.insert(0, past);
        }
    });
    let many = stage.crawl(&school).await;
    assert_eq!((many.counts.ended, many.ended.len()), (503, 200));
    assert_eq!(named(&many)[0], gone(1, "past", true));
}
