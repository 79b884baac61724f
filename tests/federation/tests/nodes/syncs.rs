//! Course systems: what a school has becomes trainings, whatever happens on the way, and nothing is withdrawn by mistake.

use std::sync::Arc;
use std::time::Duration;

use polder_exchange::Node;
use polder_exchange::syncs::{Outcome, Report, Source};
use polder_federation_tests::local::Federation;
use polder_federation_tests::school::{School, Treatment, course, id, source};
use polder_model::{Kind, OfferKey, Timestamp};
use polder_random::Random;
use polder_store::Precondition;
use serde_json::{Value, json};

const NOW: &str = "2026-11-30T12:00:00Z";

pub(crate) struct Stage {
    federation: Federation,
    pub(crate) source: Source,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let now: Timestamp = NOW.parse().expect("an instant");
        Self { federation: Federation::open(1, now).await, source: source("https://school.example.nl/v6") }
    }

    fn node(&self) -> &Arc<Node> {
        &self.federation.nodes[0]
    }

    /// Crawls once, or goes on with a crawl that broke off.
    pub(crate) async fn crawl(&self, school: &School) -> Report {
        self.federation.clock.pass(Duration::from_secs(3_600));
        assert!(self.node().sync_if_due(&self.source, school).await.expect("a crawl"), "it is due");
        self.node().sync_standing(&self.source).await.expect("a standing").report.expect("a report")
    }

    /// The trainings, by title.
    pub(crate) async fn titles(&self) -> Vec<String> {
        let mut titles = Vec::new();
        let mut after: Option<OfferKey> = None;
        loop {
            let some = self.node().store().list_offers(Kind::Training, after.as_ref(), 500).await.expect("offers");
            let Some(last) = some.last() else { break };
            after = Some(last.key.clone());
            titles.extend(some.iter().map(|one| document(&one.document)["title"].as_str().expect("a title").to_owned()));
        }
        titles.sort();
        titles
    }

    async fn changes(&self) -> u64 {
        self.node().store().latest_change().await.expect("a number")
    }

    async fn training(&self, number: usize) -> Option<Value> {
        let key = id(number).parse().expect("a key");
        self.node().store().offer(Kind::Training, &key).await.expect("an offer").map(|one| document(&one.document))
    }
}

fn document(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

pub(crate) fn text(value: &str) -> Value {
    json!([{"language": "nl-NL", "value": value}])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_catalogue_becomes_trainings_and_follows_it() {
    let (stage, school) = (Stage::new().await, School::new(6, 3));
    school.change("courses", |courses| courses[0]["learningOutcomeIds"] = json!(["l"]));
    school.offers(
        &format!("courses/{}", id(1)),
        vec![json!({"courseOfferingId": "k", "primaryCode": {"codeType": "offering_code", "code": "januari"},
        "name": text("x"), "state": "active", "startDateTime": "2027-01-11T09:00:00+01:00", "modesOfDelivery": ["online"]})],
    );
    let first = stage.crawl(&school).await;
    assert_eq!((first.outcome, first.counts.created, first.counts.courses, first.counts.offerings), (Outcome::Whole, 3, 3, 1), "{first:?}");
    assert_eq!(stage.titles().await, ["Cursus 0", "Cursus 1", "Cursus 2"]);
    let welding = stage.training(0).await.expect("a training");
    assert_eq!(welding["provider"], json!({"name": "School Proef", "institutionCode": "99ZZ"}));
    assert!(welding["description"].as_str().is_some_and(|text| text.contains("Kan lassen")), "{welding}");
    let edition = stage.training(1).await.expect("a training")["editions"].clone();
    assert_eq!(edition, json!([{"key": "januari", "startDate": "2027-01-11", "mode": "online"}]));

    // Nothing new: nothing is written of offers.
    let before = stage.changes().await;
    let second = stage.crawl(&school).await;
    assert_eq!((second.outcome, second.counts.unchanged, second.counts.created + second.counts.replaced), (Outcome::Whole, 3, 0));
    assert_eq!(stage.changes().await, before);

    // One is another, one is cancelled, one is new.
    school.change("courses", |courses| {
        courses[0]["name"] = text("Lassen");
        courses.push(course(3));
    });
    school.offers(
        &format!("courses/{}", id(1)),
        vec![json!({"courseOfferingId": "k", "name": text("x"), "state": "cancelled",
        "primaryCode": {"codeType": "offering_code", "code": "januari"}})],
    );
    let third = stage.crawl(&school).await;
    let counts = &third.counts;
    assert_eq!((counts.created, counts.replaced, counts.unchanged, counts.ended), (1, 1, 1, 1), "{third:?}");
    assert_eq!(stage.titles().await, ["Cursus 2", "Cursus 3", "Lassen"], "what is cancelled goes at once");

    // It is given again.
    school.offers(&format!("courses/{}", id(1)), Vec::new());
    assert_eq!(stage.crawl(&school).await.counts.created, 1);
    assert_eq!(stage.titles().await.len(), 4);

    // What is missing goes after the second whole crawl.
    school.change("courses", |courses| drop(courses.remove(2)));
    let once = stage.crawl(&school).await;
    assert_eq!((once.counts.missing, once.counts.withdrawn, stage.titles().await.len()), (1, 0, 4));
    let twice = stage.crawl(&school).await;
    assert_eq!((twice.counts.missing, twice.counts.withdrawn), (0, 1), "{twice:?}");
    assert_eq!(stage.titles().await, ["Cursus 1", "Cursus 3", "Lassen"]);
    assert_eq!(stage.crawl(&school).await.counts.unchanged, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bad_object_spoils_no_other_and_is_reported() {
    let (mut stage, school) = (Stage::new().await, School::new(6, 6));
    let whole = json!({"pageSize": 250, "pageNumber": 1, "hasPreviousPage": false, "hasNextPage": false, "items": []}).to_string();
    let good: Vec<String> = [0, 5].map(|number| course(number).to_string()).into();
    let mut other = course(4);
    other["organisation"] = json!({"organisationId": "p", "organisationType": "root", "name": text("Ander"), "primaryCode": {"codeType": "kvk_organisation_id", "code": "90000007"}});
    other["organisationId"] = json!("p");
    let nameless = json!({"courseId": id(3), "primaryCode": {"codeType": "identifier", "code": "x"}, "organisationId": "o"});
    let items = [
        good[0].clone(),
        format!(r#"{{"courseId": "{}", "studyLoad": [{{"value": 1e999}}]}}"#, id(1)),
        r#"{"courseId": 7}"#.to_owned(),
        format!(r#"{{"courseId": "{0}", "courseId": "{0}"}}"#, id(2)),
        nameless.to_string(),
        other.to_string(),
        good[1].clone(),
    ];
    let says = whole.replace("[]", &format!("[{}]", items.join(",")));
    school.treats(move |path, _| if path.starts_with("/courses?") { Treatment::Says(says.clone()) } else { Treatment::Rightly });
    let report = stage.crawl(&school).await;
    assert_eq!((report.outcome, report.counts.created, report.counts.refused), (Outcome::Whole, 2, 5), "{report:?}");
    let said: Vec<(&str, &str)> = report.not_mapped.iter().map(|one| (one.path.as_str(), one.code.as_str())).collect();
    let (page, of) = ("/courses?pageSize=250&pageNumber=1", |number| format!("/courses/{}", id(number)));
    let expected = [2, 3, 4].map(|number| format!("{page}#{number}"));
    assert_eq!(
        said[..3],
        [(&*expected[0], "not-of-the-format"), (&*expected[1], "not-of-the-format"), (&*expected[2], "not-of-the-format")]
    );
    assert_eq!(said[3..], [(&*of(3), "missing"), (&*of(4), "another-organisation")]);
    // Named in the configuration, it is read for that organisation as well.
    stage.source.acts_for = vec!["kvk:90000007".parse().expect("a partner")];
    assert_eq!(stage.crawl(&school).await.counts.created, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_goes_wrong_withdraws_nothing() {
    let (stage, school) = (Stage::new().await, School::new(6, 600));
    assert_eq!(stage.crawl(&school).await.counts.created, 600);
    let before = stage.changes().await;
    let empty = r#"{"pageSize": 250, "pageNumber": 1, "hasPreviousPage": false, "hasNextPage": false, "items": []}"#;
    let again = json!({"pageSize": 250, "pageNumber": 1, "hasPreviousPage": false, "hasNextPage": true, "items": [course(1)]}).to_string();
    let cases: [(&str, &str, Treatment); 8] = [
        ("?pageSize=250&pageNumber=2", "status", Treatment::Status(500, Vec::new())),
        ("?pageSize=250&pageNumber=2", "no-page", Treatment::Says("<html>".to_owned())),
        ("?pageSize=250&pageNumber=2", "no-page", Treatment::Says("[]".to_owned())),
        ("?pageSize=250&pageNumber=3", "collection-gone", Treatment::Status(404, Vec::new())),
        ("?pageSize=250&pageNumber=1", "collection-gone", Treatment::Status(404, Vec::new())),
        ("?pageSize=250&pageNumber", "goes-round", Treatment::Says(again)),
        ("/course-offerings", "status", Treatment::Status(503, Vec::new())),
        ("/", "", Treatment::Says(empty.to_owned())),
    ];
    for (part, code, treatment) in cases {
        for _ in 0..3 {
            let treatment = treatment.clone();
            let treats = move |path: &str, _| {
                let lost = part == "/" && path.starts_with("/courses?");
                let fails = part != "/" && path.starts_with("/courses") && path.contains(part);
                if lost || fails { treatment.clone() } else { Treatment::Rightly }
            };
            school.treats(treats);
            let report = stage.crawl(&school).await;
            let outcome = if code.is_empty() { Outcome::LostTooMuch } else { Outcome::BrokenOff };
            assert_eq!(
                (report.outcome, report.trouble.map(|trouble| trouble.code).unwrap_or_default().as_str()),
                (outcome, code),
                "{part}"
            );
        }
        assert_eq!((stage.titles().await.len(), stage.changes().await), (600, before), "{part}");
        school.treats(|_, _| Treatment::Rightly);
        let whole = stage.crawl(&school).await;
        assert_eq!((whole.outcome, whole.counts.withdrawn), (Outcome::Whole, 0), "after {part}: {whole:?}");
    }
    assert_eq!(stage.changes().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crawl_that_broke_off_is_none_of_the_two_that_miss_something() {
    let (stage, school) = (Stage::new().await, School::new(6, 3));
    assert_eq!(stage.crawl(&school).await.counts.created, 3);
    school.change("courses", |courses| drop(courses.remove(2)));
    school.treats(|path, _| if path.starts_with("/courses?") { Treatment::Status(503, Vec::new()) } else { Treatment::Rightly });
    for _ in 0..2 {
        assert_eq!(stage.crawl(&school).await.outcome, Outcome::BrokenOff);
    }
    school.treats(|_, _| Treatment::Rightly);
    for withdrawn in [0, 1] {
        let whole = stage.crawl(&school).await;
        assert_eq!((whole.outcome, whole.counts.withdrawn), (Outcome::Whole, withdrawn), "{whole:?}");
    }
    assert_eq!(stage.titles().await, ["Cursus 0", "Cursus 1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_read_again_is_counted_once() {
    let (stage, school) = (Stage::new().await, School::new(6, 6));
    for _ in 0..3 {
        school.treats(|path, _| if path.contains("/course-offerings") { Treatment::Status(503, Vec::new()) } else { Treatment::Rightly });
        let report = stage.crawl(&school).await;
        assert_eq!((report.outcome, report.counts.courses, report.counts.refused), (Outcome::BrokenOff, 0, 0), "{report:?}");
        assert_eq!(report.not_mapped, []);
    }
    // An offering that cannot be read is named, and is no training that could not be made.
    let offerings = r#"{"pageSize": 250, "pageNumber": 1, "hasPreviousPage": false, "hasNextPage": false, "items": [7]}"#;
    school.treats(move |path, _| {
        let one = path.starts_with(&format!("/courses/{}/", id(5)));
        if one { Treatment::Says(offerings.to_owned()) } else { Treatment::Rightly }
    });
    let report = stage.crawl(&school).await;
    assert_eq!((report.outcome, report.counts.courses, report.counts.refused), (Outcome::Whole, 6, 0), "{report:?}");
    assert_eq!(report.not_mapped.len(), 1, "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_may_shuffle_at_each_request() {
    let (mut stage, school) = (Stage::new().await, School::new(6, 700));
    // However much is missing, it is believed to be: the school itself has to say that it is gone.
    stage.source.most_lost = 100;
    assert_eq!(stage.crawl(&school).await.counts.created, 700);
    let before = stage.changes().await;
    let mut looked_for = false;
    for seed in 0..6 {
        school.shuffles(seed);
        let asked = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let counted = Arc::clone(&asked);
        school.treats(move |path, _| {
            let alone = path.starts_with("/courses/") && !path.contains("offerings");
            counted.fetch_add(u64::from(alone), std::sync::atomic::Ordering::SeqCst);
            Treatment::Rightly
        });
        let report = stage.crawl(&school).await;
        assert_eq!(report.counts.withdrawn, 0);
        looked_for |= asked.load(std::sync::atomic::Ordering::SeqCst) > 0;
    }
    assert!(looked_for, "some were missing twice, and were asked for by themselves");
    assert_eq!((stage.titles().await.len(), stage.changes().await), (700, before));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crawl_that_is_cut_off_at_any_request_goes_on() {
    let (stage, school) = (Stage::new().await, School::new(6, 1_200));
    let mut random = Random::new(7);
    let (mut begun, mut cuts) = (school.asked(), 0);
    // Each time it is cut off a little later: it gets on all the same, for what a page made is kept.
    loop {
        let until = begun + 260 + random.below(200) as u64;
        let cut = Arc::new(tokio::sync::Notify::new());
        let told = Arc::clone(&cut);
        school.treats(move |_, number| {
            if number == until {
                told.notify_one();
                return Treatment::Never;
            }
            Treatment::Rightly
        });
        stage.federation.clock.pass(Duration::from_secs(1));
        let ended = tokio::select! {
            ended = stage.node().sync_if_due(&stage.source, &*school) => { ended.expect("a crawl"); true }
            () = cut.notified() => false,
        };
        if ended {
            break;
        }
        (begun, cuts) = (school.asked(), cuts + 1);
        assert!(cuts < 60, "it gets nowhere");
    }
    assert!(cuts >= 3, "{cuts}");
    let report = stage.node().sync_standing(&stage.source).await.expect("a standing").report.expect("a report");
    assert_eq!((report.outcome, report.counts.courses), (Outcome::Whole, 1_200), "{report:?}");
    assert_eq!((stage.titles().await.len(), stage.changes().await), (1_200, 1_200), "each was written once");
    school.treats(|_, _| Treatment::Rightly);
    assert_eq!(stage.crawl(&school).await.counts.unchanged, 1_200);
    assert_eq!(stage.changes().await, 1_200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_of_others_is_left_alone() {
    let (stage, school) = (Stage::new().await, School::new(6, 2));
    let own = json!({"title": "Van een ander", "description": "Les.", "provider": {"name": "Ander"}}).to_string();
    let key: OfferKey = id(1).parse().expect("a key");
    stage.node().publish(Kind::Training, key, own.as_bytes(), Precondition::None).await.expect("published");
    let report = stage.crawl(&school).await;
    assert_eq!((report.counts.created, report.not_mapped[0].code.as_str()), (1, "key-twice"), "{report:?}");
    assert_eq!(stage.titles().await, ["Cursus 0", "Van een ander"]);
    school.change("courses", Vec::clear);
    for _ in 0..3 {
        stage.crawl(&school).await;
    }
    assert_eq!(stage.titles().await, ["Van een ander"], "what did not come from the school is not withdrawn with it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn version_5_is_read_as_well() {
    let (stage, school) = (Stage::new().await, School::new(5, 0));
    school.change("courses", |courses| {
        courses.push(json!({"courseId": id(1), "primaryCode": {"codeType": "identifier", "code": "C"}, "name": [{"language": "nl-NL", "value": "Lassen"}],
            "abbreviation": "L", "description": [{"language": "nl-NL", "value": "Les."}], "teachingLanguage": "nld", "level": "secondary vocational education 3",
            "organization": "o"}));
    });
    school.offers(&format!("courses/{}", id(1)), vec![json!({"offeringId": "k", "primaryCode": {"codeType": "offeringCode", "code": "a"}, "offeringType": "course",
        "name": text("x"), "description": text("x"), "teachingLanguage": "nld", "resultExpected": false, "startDate": "2027-02-01", "modeOfDelivery": ["online"]})]);
    let report = stage.crawl(&school).await;
    assert_eq!((report.version, report.counts.created, report.counts.learning_outcomes), (Some(5), 1, 0), "{report:?}");
    let training = stage.training(1).await.expect("a training");
    assert_eq!(
        (&training["level"], &training["editions"][0]["startDate"], &training["provider"]["name"]),
        (&json!(30), &json!("2027-02-01"), &json!("School Proef"))
    );
}
