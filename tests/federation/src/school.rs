//! A school whose catalogue of courses is read: in this process, or over HTTP on loopback. It can be slow, fail, reorder, repeat and send nonsense.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;
use polder_exchange::syncs::{Got, Missed, NotGot, School as Way, Source};
use polder_random::Random;
use polder_web::{Pace, Shown, SyncFrom};
use serde_json::{Value, json};

/// What the school does with a request, in the place of a right reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It replies as it should.
    Rightly,
    /// This status, with these headers.
    Status(u16, Vec<(&'static str, String)>),
    /// This text, as if it were right.
    Says(String),
    /// It replies as it should, after so long.
    After(Duration),
    /// It never replies.
    Never,
}

/// How a school treats a request: by the path with its query, and the number of the request, from 1.
type Treats = Box<dyn FnMut(&str, u64) -> Treatment + Send>;

struct Held {
    version: u8,
    collections: BTreeMap<&'static str, Vec<Value>>,
    /// By the path of the object.
    offerings: BTreeMap<String, Vec<Value>>,
    /// Whether each page is cut from another order.
    shuffles: Option<Random>,
    treats: Treats,
}

/// A school.
pub struct School {
    held: Mutex<Held>,
    asked: AtomicU64,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    /// `User-Agent` and `Authorization` of the last request.
    shown: Mutex<(String, String)>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The id of the course of that number.
#[must_use]
pub fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// A course of version 6 of the school's organisation `o`.
#[must_use]
pub fn course(number: usize) -> Value {
    json!({"courseId": id(number), "primaryCode": {"codeType": "identifier", "code": format!("C{number}")},
           "name": [{"language": "nl-NL", "value": format!("Cursus {number}")}],
           "description": [{"language": "nl-NL", "value": format!("Les {number}.")}], "organisationId": "o"})
}

impl School {
    /// A school that speaks that version, with so many courses, an organisation and a learning outcome, and no programmes.
    #[must_use]
    pub fn new(version: u8, courses: usize) -> Arc<Self> {
        let (organisations, id_of, kind) = if version == 5 {
            ("organizations", "organizationId", "organizationType")
        } else {
            ("organisations", "organisationId", "organisationType")
        };
        let organisation = json!({id_of: "o", kind: "root", "name": [{"language": "nl-NL", "value": "School Proef"}],
                                  "primaryCode": {"codeType": "institution_code", "code": "99ZZ"}});
        let outcome = json!({"learningOutcomeId": "l", "name": [{"language": "nl-NL", "value": "Kan lassen"}],
                             "primaryCode": {"codeType": "identifier", "code": "L"}});
        let programmes = if version == 5 { "programs" } else { "programmes" };
        let mut collections = BTreeMap::from([(organisations, vec![organisation]), (programmes, Vec::new())]);
        if version == 6 {
            collections.insert("learning-outcomes", vec![outcome]);
        }
        collections.insert("courses", (0..courses).map(course).collect());
        let held = Held { version, collections, offerings: BTreeMap::new(), shuffles: None, treats: Box::new(|_, _| Treatment::Rightly) };
        let (asked, at_once, most_at_once) = (AtomicU64::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { held: Mutex::new(held), asked, at_once, most_at_once, shown: Mutex::default() })
    }

    /// Changes a collection, such as `courses`.
    pub fn change(&self, collection: &'static str, change: impl FnOnce(&mut Vec<Value>)) {
        change(locked(&self.held).collections.entry(collection).or_default());
    }

    /// Sets the offerings of an object, by its path, such as `courses/…`.
    pub fn offers(&self, path: &str, offerings: Vec<Value>) {
        locked(&self.held).offerings.insert(path.to_owned(), offerings);
    }

    /// From now on each page is cut from another order of the whole.
    pub fn shuffles(&self, seed: u64) {
        locked(&self.held).shuffles = Some(Random::new(seed));
    }

    /// How requests are treated from now on.
    pub fn treats(&self, treats: impl FnMut(&str, u64) -> Treatment + Send + 'static) {
        locked(&self.held).treats = Box::new(treats);
    }

    /// How many requests came.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    /// How many were on their way at the same time at most.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    /// `User-Agent` and `Authorization` of the last request.
    #[must_use]
    pub fn shown(&self) -> (String, String) {
        locked(&self.shown).clone()
    }

    /// Notes who asks. The path that is asked for.
    fn hears(&self, request: &Request) -> String {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        *locked(&self.shown) = (header("user-agent"), header("authorization"));
        request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned()
    }

    fn treatment(&self, path: &str) -> Treatment {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        (locked(&self.held).treats)(path, number)
    }

    /// The right reply; `None` where there is nothing.
    fn right(&self, path: &str) -> Option<Value> {
        let mut held = locked(&self.held);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let path = path.trim_matches('/');
        if path.is_empty() {
            let specification = format!("https://openonderwijsapi.nl/specification/v{}/docs.html", held.version);
            return Some(json!({"contactEmail": "ict@school.example.nl", "specification": specification}));
        }
        if let Some(object) =
            path.strip_suffix("/course-offerings").or(path.strip_suffix("/programme-offerings")).or(path.strip_suffix("/offerings"))
        {
            let offerings = held.offerings.get(object).cloned().unwrap_or_default();
            return Some(page(offerings, query));
        }
        if let Some((collection, id)) = path.split_once('/') {
            let all = held.collections.get(collection)?;
            return all.iter().find(|one| one.as_object().is_some_and(|one| one.values().any(|value| value == id))).cloned();
        }
        let mut all = held.collections.get(path)?.clone();
        if let Some(random) = &mut held.shuffles {
            for index in (1..all.len()).rev() {
                all.swap(index, random.below(index + 1));
            }
        }
        Some(page(all, query))
    }

    /// Listens on loopback, until the test ends.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn listen(self: &Arc<Self>) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = axum::Router::new().fallback(reply).with_state(Arc::clone(self));
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}

fn page(all: Vec<Value>, query: &str) -> Value {
    let of = |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
    let (size, number) = (of("pageSize").unwrap_or(10), of("pageNumber").unwrap_or(1));
    let more = number * size < all.len();
    let items: Vec<Value> = all.into_iter().skip((number - 1) * size).take(size).collect();
    json!({"pageSize": size, "pageNumber": number, "hasPreviousPage": number > 1, "hasNextPage": more, "items": items})
}

async fn reply(State(school): State<Arc<School>>, request: Request) -> Response {
    let path = school.hears(&request);
    drop(request);
    let now = school.at_once.fetch_add(1, Ordering::SeqCst) + 1;
    school.most_at_once.fetch_max(now, Ordering::SeqCst);
    let response = treated(&school, &path).await;
    school.at_once.fetch_sub(1, Ordering::SeqCst);
    response
}

async fn treated(school: &School, path: &str) -> Response {
    let json = |body: String| Response::builder().header("content-type", "application/json").body(Body::from(body)).expect("a response");
    match school.treatment(path) {
        Treatment::Status(status, headers) => {
            let response = headers.iter().fold(Response::builder().status(status), |response, (name, value)| response.header(*name, value));
            return response.body(Body::empty()).expect("a response");
        }
        Treatment::Says(text) => return json(text),
        Treatment::After(time) => tokio::time::sleep(time).await,
        Treatment::Never => std::future::pending().await,
        Treatment::Rightly => {}
    }
    match school.right(path) {
        Some(value) => json(value.to_string()),
        None => Response::builder().status(404).body(Body::empty()).expect("a response"),
    }
}

/// The way to it within this process.
impl Way for School {
    fn get<'s>(&'s self, path: &'s str) -> BoxFuture<'s, Result<Got, NotGot>> {
        async move {
            match self.treatment(path) {
                Treatment::Status(404 | 410, _) => return Ok(Got::Nothing),
                Treatment::Status(status, _) => return Err(NotGot { what: Missed::Status, status: Some(status), wait: None }),
                Treatment::Says(text) => return Ok(Got::Document(text.into())),
                Treatment::Never => std::future::pending().await,
                Treatment::After(time) => tokio::time::sleep(time).await,
                Treatment::Rightly => {}
            }
            Ok(self.right(path).map_or(Got::Nothing, |value| Got::Document(value.to_string().into())))
        }
        .boxed()
    }
}

/// A source that is read once an hour.
#[must_use]
pub fn source(address: &str) -> Source {
    Source { name: "school".to_owned(), address: address.to_owned(), every_seconds: 3_600, acts_for: Vec::new(), most_lost: 20 }
}

/// A way over HTTP that waits for nothing longer than it must.
#[must_use]
pub fn from(address: &str) -> SyncFrom {
    let pace = Pace { pause: Duration::ZERO, patience: Duration::from_secs(2), first_wait: Duration::from_millis(10), tries: 3 };
    SyncFrom { source: source(address), shown: Shown::Nothing, contact: Some("beheer@partner.example.nl".to_owned()), pace }
}
