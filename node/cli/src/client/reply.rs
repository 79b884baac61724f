//! Replies of the node, and its problems in words.

use polder_model::Finding;
use polder_model::problem::Problem;
use reqwest::StatusCode;

use super::dutch;
use crate::exit::Failure;
use crate::output::clean;
use crate::print::Lang;

/// A reply of the node: its status and its bytes.
pub(crate) struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body of a reply that is a success.
    pub(crate) fn success(self) -> Result<Vec<u8>, Failure> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        let (says, findings) = (self.says(""), self.problem().findings);
        let failure = if self.status == StatusCode::INTERNAL_SERVER_ERROR { Failure::internal(says) } else { Failure::refused(says) };
        Err(failure.with_findings(findings))
    }

    /// The problem document of a refusal; one in the same form where the reply is something else.
    pub(crate) fn problem(&self) -> Problem {
        let other = || Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Refused").to_owned(),
            status: self.status.as_u16(),
            detail: "the reply is no problem document; is this a polder node?".to_owned(),
            instance: None,
            findings: Vec::new(),
        };
        serde_json::from_slice(&self.body).unwrap_or_else(|_| other())
    }

    /// The refusal in words, after what stands before it.
    pub(super) fn says(&self, before: &str) -> (String, String) {
        let problem = self.problem();
        (format!("{before}{}", in_words(&problem)), format!("{before}{}", dutch::in_words(&problem)))
    }
}

/// A problem in words: what, why, and each finding on a line of its own.
pub(crate) fn in_words(problem: &Problem) -> String {
    let mut text = format!("{} ({})", clean(&problem.title), problem.status);
    // The detail often repeats the first finding, which stands below.
    let repeated = problem.findings.first().is_some_and(|finding| problem.detail.contains(&finding.message));
    if !problem.detail.is_empty() && !repeated {
        text = format!("{text}: {}", clean(&problem.detail));
    }
    for finding in &problem.findings {
        text = format!("{text}\n  {}", finding_in_words(finding));
    }
    text
}

/// The same in a language.
pub(crate) fn in_words_of(problem: &Problem, lang: Lang) -> String {
    match lang {
        Lang::En => in_words(problem),
        Lang::Nl => dutch::in_words(problem),
    }
}

/// A finding in words, in a language.
pub(crate) fn finding_in_words_of(finding: &Finding, lang: Lang) -> String {
    match lang {
        Lang::En => finding_in_words(finding),
        Lang::Nl => dutch::finding_in_words(finding),
    }
}

/// A finding in words: where, and what.
pub(crate) fn finding_in_words(finding: &Finding) -> String {
    let place = if finding.pointer.is_empty() { "document" } else { &finding.pointer };
    format!("{}: {}", clean(place), clean(&finding.message))
}
