//! The public keys of a server whose tokens are taken: read from its address or from a file, believed for an hour, and read anew when one is missing.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use openidconnect::AsyncHttpClient;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::login::Http;

/// For how long keys are believed.
const KNOWN_FOR: Duration = Duration::from_secs(3_600);
/// The least time between two looks at them, whatever keys tokens name.
const COOLDOWN: Duration = Duration::from_secs(60);
/// Most keys that a server may have.
const MOST_KEYS: usize = 50;
/// Largest file of keys, in bytes.
const LARGEST: u64 = 256 * 1024;

/// Where keys are (JWKS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysAt {
    /// An address; plain `http` for this machine alone.
    Url(String),
    /// A file.
    File(PathBuf),
}

/// The keys that a server had lately.
pub(crate) struct Keys {
    /// Whose keys, for the log.
    whose: String,
    at: KeysAt,
    http: LazyLock<Result<Http, String>>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: Vec<Jwk>,
    /// When they were read.
    read: Option<Instant>,
    /// When they were last asked for.
    asked: Option<Instant>,
}

impl Keys {
    pub(crate) fn new(whose: String, at: KeysAt) -> Self {
        // Made when it is first needed: it holds all certificates that this machine trusts.
        let is_plain = matches!(&at, KeysAt::Url(url) if url.starts_with("http:"));
        let http = if is_plain { LazyLock::new(Http::plain as fn() -> _) } else { LazyLock::new(Http::new as fn() -> _) };
        Self { whose, at, http, known: Mutex::default() }
    }

    /// What is found among the keys. They are read anew when they are old, or nothing is found, though not often.
    pub(crate) async fn find<T>(&self, find: impl Fn(&[Jwk]) -> Option<T>) -> Option<T> {
        let mut known = self.known.lock().await;
        let now = Instant::now();
        let is_fresh = |known: &Known| known.read.is_some_and(|read| now < read + KNOWN_FOR);
        let found = Some(&*known).filter(|known| is_fresh(known)).and_then(|known| find(&known.keys));
        if found.is_some() || known.asked.is_some_and(|asked| now < asked + COOLDOWN) {
            return found;
        }
        known.asked = Some(now);
        match self.read().await {
            Ok(keys) => *known = Known { keys, read: Some(now), asked: Some(now) },
            Err(why) => tracing::warn!(whose = self.whose, why, "the keys of the authorization server cannot be read"),
        }
        Some(&*known).filter(|known| is_fresh(known)).and_then(|known| find(&known.keys))
    }

    async fn read(&self) -> Result<Vec<Jwk>, String> {
        let text = match &self.at {
            KeysAt::Url(url) => self.fetch(url).await?,
            KeysAt::File(path) => {
                let mut text = Vec::new();
                let read = File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut text));
                read.map_err(|error| format!("{}: {error}", path.display()))?;
                text
            }
        };
        // A key of a kind that is not known here is left out, not the others with it.
        let set: serde_json::Value = serde_json::from_slice(&text).map_err(|_| "no JSON".to_owned())?;
        let keys = set["keys"].as_array().ok_or("no keys")?.iter().take(MOST_KEYS);
        Ok(keys.filter_map(|key| serde_json::from_value(key.clone()).ok()).collect())
    }

    async fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        let http = self.http.as_ref().map_err(Clone::clone)?;
        let request = http::Request::get(url).body(Vec::new()).map_err(|error| error.to_string())?;
        let reply = http.call(request).await.map_err(|error| error.to_string())?;
        if reply.status().is_success() { Ok(reply.into_body()) } else { Err(format!("status {}", reply.status())) }
    }
}
