//! Pages for whoever looks after the node: partners, register, systems, ledger, the node itself. They show how things stand, and what to do.

mod clients;
mod ledger;
mod node;
mod partners;
mod proposal;
mod register;
mod registered;
mod seen;
mod syncs;
mod webhooks;

use axum::Router;
use axum::routing::get;
use polder_exchange::people::Language;
use polder_model::{PartnerId, Timestamp};
use polder_trust::register::WARNING_DAYS;
use serde::Serialize;

use crate::pages::{PageError, Pages, bounded};

/// Every page of the administrator.
pub(super) fn router() -> Router<Pages> {
    Router::new()
        .route("/desk/partners", get(partners::list).post(partners::try_listed))
        .route("/desk/partners/{partner}", get(partners::one).post(partners::try_one))
        .route("/desk/register", get(register::show).post(proposal::look))
        .route("/desk/clients", get(clients::list).post(registered::decide))
        .route("/desk/syncs", get(syncs::show).post(syncs::crawl))
        .route("/desk/ledger", get(ledger::show))
        .route("/desk/node", get(node::show))
}

/// How many things there are to look at, by page.
pub(super) async fn to_look_at(pages: &Pages) -> Result<Vec<(&'static str, usize)>, PageError> {
    let register = register::warnings(pages, &register::endings(pages)).await?.len();
    let mut all = vec![
        ("clients", registered::waiting(pages.node()).await?),
        ("partners", partners::urgent(pages).await?),
        ("register", register),
        ("ledger", ledger::warnings(pages.node().now(), &pages.node().log_view().await?).len()),
        ("node", node::warnings(pages).await?.len()),
    ];
    // Where no school is read, nothing is in order either.
    if !pages.node().sources().is_empty() {
        all.push(("syncs", syncs::warnings(pages).await?.len()));
    }
    Ok(all)
}

/// A partner by its name, with its id.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Named {
    partner: PartnerId,
    /// Its id, where no register here names it.
    name: String,
}

impl Named {
    pub(super) fn of(pages: &Pages, partner: &PartnerId) -> Self {
        let register = pages.node().register();
        let name = register.member(partner).map_or_else(|| partner.to_string(), |member| bounded::short(&member.name));
        Self { partner: partner.clone(), name }
    }
}

/// Something to be done, said by the message `warn-…`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Warning {
    says: &'static str,
    /// Since or until when.
    at: Timestamp,
    count: i64,
    text: String,
}

impl Warning {
    pub(super) fn new(says: &'static str) -> Self {
        Self { says, at: Timestamp::from_micros(0), count: 0, text: String::new() }
    }

    pub(super) fn at(self, at: Timestamp) -> Self {
        Self { at, ..self }
    }

    pub(super) fn count(self, count: i64) -> Self {
        Self { count, ..self }
    }

    pub(super) fn text(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }
}

/// Something that ends, with how near that is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ending {
    what: &'static str,
    at: Timestamp,
    /// Whole days that are left.
    days: i64,
    /// `good`, `soon` within the days of warning, most often those of [`WARNING_DAYS`], `near` within the last of them, or `over`.
    grade: &'static str,
}

impl Ending {
    pub(super) fn new(what: &'static str, at: Timestamp, now: Timestamp) -> Self {
        Self::warned(what, at, now, WARNING_DAYS[0])
    }

    /// The same, warned for so many days.
    pub(super) fn warned(what: &'static str, at: Timestamp, now: Timestamp, soon: i64) -> Self {
        let days = (at.seconds() - now.seconds()).div_euclid(86_400);
        let grade = match days {
            _ if at <= now => "over",
            days if days < WARNING_DAYS[2] => "near",
            days if days < soon => "soon",
            _ => "good",
        };
        Self { what, at, days, grade }
    }

    /// Whether it is to be looked at.
    pub(super) fn warns(&self) -> bool {
        self.grade != "good"
    }
}

/// A number of bytes as people say it.
pub(super) fn bytes(language: Language, bytes: u64) -> String {
    let (mut rest, mut unit) = (bytes, 0);
    while rest >= 1_024 * 1_024 && unit < 3 {
        rest /= 1_024;
        unit += 1;
    }
    if bytes < 1_024 {
        return format!("{bytes} B");
    }
    let tenths = rest * 10 / 1_024;
    let point = if language == Language::Nl { ',' } else { '.' };
    format!("{}{point}{} {}", tenths / 10, tenths % 10, ["kB", "MB", "GB", "TB"][unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_as_people_do() {
        for (number, said) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_024, "1,0 kB"),
            (1_536, "1,5 kB"),
            (5 * 1_024 * 1_024, "5,0 MB"),
            (3 * 1_024 * 1_024 * 1_024, "3,0 GB"),
            (u64::MAX, "16777215,9 TB"),
        ] {
            assert_eq!(bytes(Language::Nl, number), said);
        }
        assert_eq!(bytes(Language::En, 1_536), "1.5 kB");
    }

    /// What stands in quotes after a piece of the sources of these pages, up to the first that is something else.
    fn quoted(after: &str) -> Vec<String> {
        let sources = [
            include_str!("ledger.rs"),
            include_str!("node.rs"),
            include_str!("register.rs"),
            include_str!("seen.rs"),
            include_str!("syncs.rs"),
            include_str!("proposal.rs"),
            include_str!("proposal/changes.rs"),
        ];
        let pieces = sources.iter().flat_map(|source| source.split(after).skip(1));
        pieces.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned)).collect()
    }

    #[test]
    fn there_are_words_for_whatever_is_said() {
        let mut names: Vec<String> = quoted("Warning::new(").into_iter().map(|name| format!("warn-{name}")).collect();
        assert!(names.len() >= 15, "{names:?}");
        let changes = [".say(", ".purposes(", ".list((", "Status::Active => (", "Status::Suspended => (", "Status::Expelled => ("];
        let changes: Vec<String> = changes.iter().flat_map(|piece| quoted(piece)).map(|name| format!("change-{name}")).collect();
        assert!(changes.len() > 25, "{changes:?}");
        names.extend(changes);
        names.extend(
            ["acts-for-less", "hosts-less", "roles-less", "name", "address", "client-address"].map(|name| format!("change-{name}")),
        );
        names.extend(
            [
                "partner-key-over",
                "partner-key-ends",
                "partner-certificate-over",
                "partner-certificate-ends",
                "register-root",
                "register-members",
                "register-fresh",
                "register-key",
                "register-certificate",
                "client-certificate",
            ]
            .map(|name| format!("warn-{name}")),
        );
        names.extend(polder_exchange::Trouble::ALL.map(|trouble| format!("trouble-{}", trouble.as_str())));
        names.extend(["log-red", "log-stopped"].map(|name| format!("warn-{name}")));
        names.extend(quoted("Ending::new(").into_iter().chain(quoted("Ending::warned(")).map(|name| format!("ends-{name}")));
        names.extend(quoted("const NOT_JSON: &str =").into_iter().chain(quoted("const NOT_FORM: &str =")));
        names.extend(polder_model::Purpose::ALL.map(|purpose| format!("aim-{purpose}")));
        names.extend(polder_consent::Ground::ALL.map(|ground| format!("revocations-ground-{}", ground.as_str())));
        let bases = polder_exchange::people::Basis::OF_PARTNERS.into_iter().chain([polder_exchange::people::Basis::ContractRequest]);
        names.extend(bases.map(|basis| format!("processing-basis-{}", basis.as_str())));
        for language in [Language::Nl, Language::En] {
            let words = crate::pages::Words::new(language);
            for name in &names {
                let mut arguments = fluent_bundle::FluentArgs::new();
                ["moment", "text", "who", "after", "before"].iter().for_each(|argument| arguments.set(*argument, "x"));
                ["count", "days"].iter().for_each(|argument| arguments.set(*argument, 2));
                assert!(words.say(name, &arguments).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn what_ends_is_graded_as_the_log_warns() {
        let now = Timestamp::from_micros(0).plus_seconds(100 * 86_400);
        let grade = |seconds| Ending::new("root", now.plus_seconds(seconds), now).grade;
        assert_eq!(
            [0, 1, 2 * 86_400 - 1, 2 * 86_400, 14 * 86_400 - 1, 14 * 86_400].map(grade),
            ["over", "near", "near", "soon", "soon", "good"]
        );
    }
}
