//! What every refusal must be: a problem document of the closed list, that echoes nothing.

use polder_model::problem::ProblemType;
use serde_json::Value;

/// A refusal.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The status.
    pub status: u16,
    /// The last part of the problem's type.
    pub name: String,
    /// The whole document.
    pub text: String,
}

impl Refused {
    /// Status and name, for comparing.
    #[must_use]
    pub fn is(&self) -> (u16, &str) {
        (self.status, &self.name)
    }
}

/// Reads a refusal.
///
/// # Panics
/// When the response is not a problem document of the closed list that fits its status.
pub async fn refused(response: reqwest::Response) -> Refused {
    let status = response.status().as_u16();
    let media = response.headers().get("content-type").map(|value| value.to_str().unwrap_or_default().to_owned());
    let text = response.text().await.expect("a body");
    assert_eq!(media.as_deref(), Some("application/problem+json"), "{status}: {text}");
    refused_as(status, text)
}

/// Reads a refusal from its status and body.
///
/// # Panics
/// As [`refused`].
#[must_use]
pub fn refused_as(status: u16, text: String) -> Refused {
    let problem: Value = serde_json::from_str(&text).expect("JSON");
    let kind = problem["type"].as_str().and_then(ProblemType::from_urn).expect("a type of the closed list");
    assert_eq!((problem["status"].as_u64(), kind.status()), (Some(u64::from(status)), status), "{text}");
    assert_eq!(problem["title"], kind.title(), "{text}");
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{text}");
    Refused { status, name: kind.name().to_owned(), text }
}

/// `fine` for an answer, and otherwise the problem's name.
///
/// # Panics
/// As [`refused`].
#[must_use]
pub fn outcome((status, text): (u16, String)) -> String {
    if status == 200 { "fine".to_owned() } else { refused_as(status, text).name }
}
