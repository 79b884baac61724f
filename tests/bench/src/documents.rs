//! Vacancies as documents, each a pure function of its number, and questions about them. All invented.

use std::sync::Arc;

use polder_exchange::{Clock, Home, Keeping, Node, Place, Publication};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::random::Random;
use polder_federation_tests::register;
use polder_model::answer::Answer;
use polder_model::query::Query;
use polder_model::reference::Reference;
use polder_model::{Kind, Timestamp};
use polder_store::imports::Import;
use polder_store::{ActsFor, Database, Precondition};
use polder_trust::register::SharedRegister;
use serde_json::{Value, json};

const SENTENCES: [&str; 12] = [
    "Je werkt in een klein team dat zijn eigen planning maakt en elkaar helpt als het druk is.",
    "Wij zoeken iemand die graag leert en die afspraken nakomt, ook als niemand meekijkt.",
    "Ervaring is mooi, maar een goede inzet vinden wij belangrijker dan een stapel papieren.",
    "Je begint om zeven uur en bent rond vier uur weer thuis, op vrijdag vaak eerder.",
    "Het werk is afwisselend: de ene dag sta je buiten, de andere dag in de werkplaats.",
    "Een opleiding kun je bij ons volgen, onder werktijd en op onze kosten.",
    "Wie met de bus komt stapt voor de deur uit; een fiets staat bij ons droog.",
    "Je overlegt met klanten en collega's en legt uit wat je doet en waarom.",
    "Wij hebben gereedschap dat werkt en een kantine waar de soep elke dag vers is.",
    "Na een half jaar praten wij over een vast contract; meestal komt dat er dan ook.",
    "Je let op de veiligheid van jezelf en van anderen, en zegt het als iets niet klopt.",
    "Er is ruimte om minder uren te werken of om diensten te ruilen.",
];
const SECTORS: [&str; 6] = ["C", "F", "G", "H", "N", "Q"];

/// The key of the vacancy with that number.
#[must_use]
pub fn key(number: usize) -> String {
    format!("V-{number:07}")
}

/// The document of the vacancy with that number, about 2 KB; another `edition` is another text.
#[must_use]
pub fn vacancy(number: usize, edition: usize) -> Vec<u8> {
    let reference = Reference::starter();
    let random = &mut Random::new((number as u64) << 8 | edition as u64);
    let occupation = random.pick(reference.occupations()).clone();
    let place = random.pick(reference.places()).postcode;
    let count = 4 + random.below(5);
    let mut skills: Vec<Value> = Vec::new();
    for _ in 0..count {
        let skill = random.pick(reference.skills());
        if !skills.iter().any(|known| known["uri"] == skill.uri.as_str()) {
            let importance = *random.pick(&["essential", "important", "optional"]);
            skills.push(json!({"uri": skill.uri.as_str(), "label": {"nl": skill.label_nl}, "importance": importance}));
        }
    }
    let sentences: Vec<&str> = (0..8 + random.below(5)).map(|_| *random.pick(&SENTENCES)).collect();
    let least = 8 * random.below(5);
    let document = json!({
        "title": format!("{} ({edition})", occupation.label_nl),
        "description": format!("{} {}", sentences.join(" "), random.pick(reference.skills()).label_nl),
        "language": "nl",
        "employer": {"name": format!("Proefbedrijf {} BV", number % 997), "sector": random.pick(&SECTORS)},
        "occupations": [{"scheme": "esco", "uri": occupation.uri.as_str()}],
        "skills": skills,
        "hours": {"min": least, "max": least + 8},
        "contracts": [{"form": "permanent"}, {"form": "fixed-term"}],
        "salary": {"min": 260_000, "max": 340_000, "currency": "EUR", "period": "month"},
        "location": {"postcode": place.to_string()},
        "startDate": "2026-12-01",
        "languages": [{"language": "nl", "level": "B1"}],
        "application": {"url": format!("https://werk.example.nl/v/{number}"), "email": "werk@example.nl"},
    });
    document.to_string().into_bytes()
}

/// The vacancies with these numbers, to be published.
pub fn publications(numbers: impl Iterator<Item = usize>, edition: usize) -> Vec<Publication> {
    let publication = |number: usize| Publication {
        kind: Kind::Vacancy,
        key: key(number).parse().expect("a key"),
        document: vacancy(number, edition).into(),
        precondition: Precondition::None,
    };
    numbers.map(publication).collect()
}

/// The instant of everything.
fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

/// Opens a node that is alone.
pub async fn open(database: &Database, data: &std::path::Path, keeping: Keeping) -> Node {
    let home = Home::named(PARTNERS[0].parse().expect("a partner"), "A partner".to_owned());
    let register = SharedRegister::new(register::of(&PARTNERS[..2], now()));
    let place = Place { database: database.clone(), data: data.to_owned(), journal: data.join("consent.journal") };
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(now()));
    Node::open_keeping(home, place, register, Arc::new(NoPeers), clock, keeping).await.expect("a node")
}

/// Questions about vacancies like these, the same for every node.
pub fn questions(node: &Node, count: usize) -> Vec<Arc<Query>> {
    let reference = Reference::starter();
    let random = &mut Random::new(3);
    let question = |_| {
        let mut request = json!({"kind": "vacancy", "limit": 20, "skills": [], "travel": null, "text": null});
        let members = request.as_object_mut().expect("an object");
        let skills: Vec<Value> = (0..=random.below(4)).map(|_| json!({"uri": random.pick(reference.skills()).uri.as_str()})).collect();
        let distinct = skills.iter().enumerate().filter(|(at, skill)| !skills[..*at].contains(skill)).map(|(_, skill)| skill.clone());
        members.insert("skills".to_owned(), distinct.collect());
        members.remove("travel");
        members.remove("text");
        if random.chance(50) {
            let from = random.pick(reference.places()).postcode.to_string();
            members.insert("travel".to_owned(), json!({"from": from, "mode": "car", "maxMinutes": 30}));
        }
        if random.chance(50) {
            members.insert("text".to_owned(), json!(random.pick(reference.occupations()).label_nl));
        }
        let request = serde_json::from_value(request).expect("a request");
        Arc::new(node.self_contained(&request).expect("a question"))
    };
    (0..count).map(question).collect()
}

/// The answers of a node, as a peer gets them.
///
/// # Panics
/// When nothing is found: then nothing is compared.
pub async fn answers(node: &Node, questions: &[Arc<Query>]) -> Vec<Answer> {
    let asker = register::member(PARTNERS[0]);
    let mut answers = Vec::new();
    for question in questions {
        answers.push(node.answer(&asker, question).await.expect("an answer").into_inner());
    }
    assert!(answers.iter().map(|answer| answer.hits.len()).sum::<usize>() > questions.len(), "the questions find something");
    answers
}

/// Publishes, in parts as an import has them; all of them must be stored.
pub async fn publish(node: &Node, mut publications: Vec<Publication>) {
    while !publications.is_empty() {
        let rest = publications.split_off(publications.len().min(PART));
        for verdict in node.publish_many(std::mem::replace(&mut publications, rest)).await {
            verdict.expect("stored");
        }
    }
}

/// Offers of one part: about 16 MiB.
const PART: usize = 8_000;

/// The same offers as the parts of an import.
#[must_use]
pub fn parts(publications: &[Publication]) -> Vec<Vec<u8>> {
    let line = |one: &Publication| {
        let pieces: [&[u8]; 5] = [br#"{"key":""#, one.key.as_str().as_bytes(), br#"","document":"#, &one.document, b"}\n"];
        pieces.concat()
    };
    publications.chunks(PART).map(|some| some.iter().flat_map(line).collect()).collect()
}

/// Imports parts, as `/v1/imports` does once it has their bytes; all of their offers must be stored.
///
/// # Panics
/// When they are not.
pub async fn import(node: &Node, parts: &[Vec<u8>]) {
    let import = Import { id: "1".to_owned(), client: "operator".to_owned(), kind: Kind::Vacancy, opened_at: now() };
    node.store().open_import(import.clone()).await.expect("opened");
    for (number, bytes) in (1..).zip(parts) {
        let mut spool = node.spool().expect("a file");
        for some in bytes.chunks(64 * 1024) {
            spool.write(some).await.expect("written");
        }
        let spooled = spool.finish().await.expect("whole");
        node.import_part(ActsFor::Everyone, &import, number, spooled).await.expect("imported");
    }
    let done = node.store().import_parts(&import.id).await.expect("parts");
    assert!(done.len() == parts.len() && done.iter().all(|part| part.counts.refused == 0), "{done:?}");
}
