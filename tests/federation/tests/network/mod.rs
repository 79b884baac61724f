//! A federation of real nodes, each behind a wire of its own and calling from an address of its own.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, Node, SystemClock};
use polder_federation_tests::check::{equals_oracle, exports_of};
use polder_federation_tests::http::{Partner, partners, region_of};
use polder_federation_tests::logs;
use polder_federation_tests::offers::{PARTNERS, document};
use polder_federation_tests::proxy::{Proxy, State};
use polder_federation_tests::queries;
use polder_federation_tests::random::Random;
use polder_federation_tests::register::Region;
use polder_federation_tests::resetter::Resetter;
use polder_model::Kind;
use polder_model::answer::{MissingReason, QueryResult};
use polder_model::query::Criteria;
use polder_oracle::Line;
use polder_store::Precondition;
use polder_web::RunningNode;

/// How often nodes look for register news here.
const ROUND: Duration = Duration::from_millis(300);
/// How long a question may take. Healthy partners answer in a fraction of it, also on a machine that does much else.
pub const DEADLINE_MS: u32 = 2_000;
/// What a result may be late on such a machine.
const LATE_MS: u64 = 700;
/// Offers of each partner: more than fit in one result together.
const OFFERS: usize = 30;
/// Longer than this nothing here may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Federation {
    pub partners: Vec<Partner>,
    pub nodes: Vec<RunningNode>,
    pub wires: Vec<Proxy>,
    /// The last partner, where it is one that resets streams.
    pub resetter: Option<Resetter>,
    pub region: Region,
    exports: Vec<(String, Vec<Line>)>,
    _directory: tempfile::TempDir,
}

/// The address from which that node calls.
pub fn address(node: usize) -> IpAddr {
    IpAddr::from([127, 0, 0, 11 + u8::try_from(node).expect("few nodes")])
}

impl Federation {
    pub async fn start(count: usize) -> Self {
        Self::start_with(count, false).await
    }

    /// With one more partner, which resets streams.
    pub async fn with_resetter(count: usize) -> Self {
        Self::start_with(count, true).await
    }

    async fn start_with(count: usize, resetter: bool) -> Self {
        logs::keep_all();
        let directory = tempfile::tempdir().expect("a directory");
        let mut partners = partners(directory.path(), &PARTNERS[..count + usize::from(resetter)]);
        let mut wires = Vec::new();
        for (number, partner) in partners.iter_mut().enumerate() {
            let target = partner.member.peer_url.trim_start_matches("https://").parse().expect("an address");
            let wire = Proxy::start(target, Duration::ZERO);
            partner.member.peer_url = format!("https://{}", wire.address);
            partner.call_from = Some(address(number));
            wires.push(wire);
        }
        let region = region_of(&partners);
        let register = || region.register(SystemClock.now());
        let mut nodes = Vec::new();
        for partner in &mut partners[..count] {
            nodes.push(partner.start_asking_every(register(), ROUND).await);
        }
        let resetter = if resetter { Some(Resetter::start(&mut partners[count], register()).await) } else { None };
        let mut federation = Self { partners, nodes, wires, resetter, region, exports: Vec::new(), _directory: directory };
        federation.fill().await;
        federation.all_answer().await;
        federation
    }

    /// Offers that all partners may see, and that differ enough to be in some order.
    async fn fill(&mut self) {
        let mut random = Random::new(4_711);
        let now = SystemClock.now();
        let holders: Vec<Arc<Node>> =
            self.nodes.iter().map(|node| &node.node).chain(self.resetter.as_ref().map(|one| &one.node)).map(Arc::clone).collect();
        for node in &holders {
            for number in 0..OFFERS {
                let offer = document(Kind::Vacancy, &mut random, now);
                let key = format!("V-{number}").parse().expect("a key");
                node.publish(Kind::Vacancy, key, offer.as_bytes(), Precondition::None).await.expect("published");
            }
        }
        self.exports = exports_of(&holders).await.expect("exports");
    }

    /// Asks at that node for the best vacancies, and holds the result against the oracle over those who answered. The result names exactly these
    /// as missing, each for one of these reasons, within the deadline.
    pub async fn holds(&self, at: usize, missing: &[usize], reasons: &[MissingReason]) -> QueryResult {
        self.holds_within(at, DEADLINE_MS, missing, reasons).await
    }

    pub async fn holds_within(&self, at: usize, deadline_ms: u32, missing: &[usize], reasons: &[MissingReason]) -> QueryResult {
        let result = self.ask(at, deadline_ms).await;
        let named: Vec<_> = result.missing.iter().map(|missing| (missing.partner.as_str(), missing.reason)).collect();
        let mut expected: Vec<&str> = missing.iter().map(|number| self.partners[*number].id.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(
            named.iter().map(|(partner, _)| *partner).collect::<Vec<_>>(),
            expected,
            "at {at}: {named:?}, answered {:?}",
            result.answered
        );
        assert!(named.iter().all(|(_, reason)| reasons.contains(reason)), "{named:?}");
        assert_eq!((result.complete, result.answered.len()), (missing.is_empty(), self.partners.len() - missing.len()));
        for partner in &expected {
            let told = logs::lines_with(&[&result.query.id, partner, "partner is missing"]);
            assert!(!told.is_empty(), "the log names {partner}");
        }
        result
    }

    /// Asks, and checks what always holds: the deadline, and the equality with brute force over those who answered.
    pub async fn ask(&self, at: usize, deadline_ms: u32) -> QueryResult {
        let node = &self.nodes[at].node;
        let now = SystemClock.now();
        // The clock itself: whatever seed is as good as another.
        let mut random = Random::new(u64::try_from(now.micros()).unwrap_or(0));
        let mut query = queries::query(&mut random, &node.home().partner, now);
        (query.kind, query.purpose, query.criteria) = (Kind::Vacancy, polder_model::Purpose::FindWork, Criteria::default());
        (query.limit, query.deadline_ms) = (20, deadline_ms);
        query.tie_key = query.criteria.tie_key(query.kind);
        let result = node.ask_query(Arc::new(query), &polder_federation_tests::operator(), None).await.expect("asked");
        assert!(result.ms <= u64::from(deadline_ms) + LATE_MS, "the deadline was {deadline_ms} ms: {} ms", result.ms);
        equals_oracle(&result, &self.exports).expect("exact over those who answered");
        result
    }

    /// Waits until everyone answers at each node; how long it took.
    pub async fn all_answer(&self) -> Duration {
        let began = Instant::now();
        for at in 0..self.nodes.len() {
            loop {
                let result = self.ask(at, DEADLINE_MS).await;
                if result.complete {
                    break;
                }
                assert!(began.elapsed() < PATIENCE, "at {at}: {:?}", result.missing);
            }
        }
        began.elapsed()
    }

    /// All wires are whole.
    pub fn heal(&self) {
        self.wires.iter().for_each(|wire| wire.set(State::default()));
    }

    /// The version of the members in force at that node.
    pub fn version(&self, at: usize) -> u64 {
        self.nodes[at].node.register().adopted().version
    }

    /// Waits until those nodes have that version of the members; how long it took.
    pub async fn until_version(&self, nodes: &[usize], version: u64) -> Duration {
        let began = Instant::now();
        while nodes.iter().any(|node| self.version(*node) != version) {
            assert!(began.elapsed() < PATIENCE, "{:?}", nodes.iter().map(|node| self.version(*node)).collect::<Vec<_>>());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        began.elapsed()
    }
}
