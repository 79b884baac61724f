//! A federation of an asker, an honest partner and a liar.

use std::sync::Arc;

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, region_of, vacancy};
use polder_federation_tests::liar::{Liar, Phase, Said};
use polder_federation_tests::logs::{self, Line};
use polder_federation_tests::offers::PARTNERS;
use polder_model::Kind;
use polder_store::Precondition;
use polder_web::RunningNode;
use serde_json::{Value, json};

/// A lie to be told.
pub type Lie = Box<dyn Fn(Phase, Value) -> Said + Send + Sync>;

/// The lies of a test, each with the words by which the log says what was found.
#[derive(Default)]
pub struct Lies {
    /// Them.
    pub told: Vec<(&'static str, Lie)>,
}

impl Lies {
    /// One more.
    pub fn add(&mut self, what: &'static str, lie: impl Fn(Phase, Value) -> Said + Send + Sync + 'static) {
        self.told.push((what, Box::new(lie)));
    }
}

/// The one host that the register names for links of each partner.
pub const HOST: &str = "werkplaats.example";
/// How many offers the honest partner may have.
pub const MOST_OFFERS: u64 = 40;

/// The parts of a result that are looked at.
pub struct Asked {
    /// The query's id.
    pub id: String,
    /// The hits.
    pub hits: Vec<Value>,
    /// Who answered.
    pub answered: Vec<String>,
    /// Who is missing, with the reason.
    pub missing: Vec<(String, String)>,
    /// Whether nobody is.
    pub complete: bool,
    /// How long it took.
    pub ms: u64,
}

/// An asker (0), an honest partner (1) and a liar (2).
pub struct Federation {
    nodes: Vec<RunningNode>,
    liar: Liar,
    _directory: tempfile::TempDir,
}

/// An offer of the liar that is not for the asker.
pub fn for_others() -> Value {
    let mut offer = vacancy("Monteur elders");
    offer["terms"] = json!({"recipients": [PARTNERS[1]]});
    offer
}

/// An offer of the liar whose terms hide its skills.
pub fn hides() -> Value {
    let mut offer = vacancy("Monteur met voorwaarden");
    offer["hours"] = json!({"min": 8, "max": 16});
    offer["skills"] = json!([{"uri": "http://data.europa.eu/esco/skill/geheim"}]);
    offer["terms"] = json!({"fields": ["hours"]});
    offer
}

impl Federation {
    /// Starts it and fills it.
    pub async fn start() -> Self {
        logs::keep_all();
        let directory = tempfile::tempdir().expect("a directory");
        let mut partners = partners(directory.path(), &PARTNERS[..3]);
        partners.iter_mut().for_each(|partner| partner.member.link_hosts = vec![HOST.parse().expect("a host")]);
        partners[1].limits.offers = MOST_OFFERS;
        let region = region_of(&partners);
        let register = || region.register(SystemClock.now());
        let identity = Arc::clone(&partners[2].identity);
        let liar = Liar::start(&mut partners[2], &identity, register()).await;
        let mut nodes = Vec::new();
        for partner in &mut partners[..2] {
            nodes.push(partner.start(register()).await);
        }
        for (number, node) in nodes.iter().enumerate() {
            for (offer, title) in ["Monteur", "Monteur windmolens"].into_iter().enumerate() {
                let put = Client::of(node).put(&format!("/v1/vacancies/H-{number}-{offer}"), vacancy(title).to_string()).await;
                assert_eq!(put.status(), 201);
            }
        }
        for (key, offer) in [
            ("L-1", vacancy("Monteur")),
            ("L-2", vacancy("Monteur windmolens")),
            ("L-3", vacancy("Hoofdmonteur, monteur")),
            ("L-hides", hides()),
            ("L-for-others", for_others()),
        ] {
            let key = key.parse().expect("a key");
            let published = liar.node.publish(Kind::Vacancy, key, offer.to_string().as_bytes(), Precondition::None).await;
            published.expect("the liar's offers are fine");
        }
        Self { nodes, liar, _directory: directory }
    }

    /// The honest partner's own client.
    pub fn client(&self) -> Client {
        Client::of(&self.nodes[1])
    }

    /// The liar tells this from now on.
    pub fn tells(&self, lie: Lie) {
        self.liar.tells(lie);
    }

    /// Asks for work as a `monteur`.
    pub async fn ask(&self, deadline: u32) -> Asked {
        let request = json!({"kind": "vacancy", "text": "monteur", "deadlineMs": deadline});
        let (status, result) = Client::of(&self.nodes[0]).query(&request).await;
        assert_eq!(status, 200, "{result}");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let list = |name: &str| result[name].as_array().expect("a list").clone();
        Asked {
            id: text(&result["query"]["id"]),
            hits: list("hits"),
            answered: list("answered").iter().map(|one| text(&one["partner"])).collect(),
            missing: list("missing").iter().map(|one| (text(&one["partner"]), text(&one["reason"]))).collect(),
            complete: result["complete"] == true,
            ms: result["ms"].as_u64().expect("a number"),
        }
    }

    /// The result while the liar tells the truth: everyone answers.
    pub async fn honest(&self) -> Asked {
        let result = self.ask(2_000).await;
        assert!(result.complete && result.answered.len() == 3, "{:?}", result.missing);
        assert!(result.hits.iter().any(|hit| hit["partner"] == PARTNERS[2]), "the liar's offers count while it is honest");
        result
    }

    /// The liar left the result for that reason, and the others' hits are what they were. The line of the log that says so.
    pub fn left(&self, honest: &Asked, result: &Asked, reason: &str, what: &str) -> Line {
        assert_eq!(result.missing, [(PARTNERS[2].to_owned(), reason.to_owned())], "{what}");
        assert!(!result.complete && result.answered.len() == 2 && !result.answered.iter().any(|one| one == PARTNERS[2]), "{what}");
        let others: Vec<&Value> = honest.hits.iter().filter(|hit| hit["partner"] != PARTNERS[2]).collect();
        assert_eq!(result.hits.iter().collect::<Vec<_>>(), others, "{what}");
        let lines = logs::lines_with(&[&result.id, what]);
        assert!(!lines.is_empty(), "{what}: {:?}", logs::lines_with(&[&result.id]));
        lines[0].clone()
    }
}
