//! The page of a door for whoever is not logged in.

use axum::extract::{Query, State};
use axum::response::Response;
use polder_store::people::Door;
use serde::{Deserialize, Serialize};

use crate::pages::{PageError, Pages, Visit, is_own};

#[derive(Deserialize)]
pub(crate) struct Asked {
    back: Option<String>,
    left: Option<String>,
    over: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Welcome {
    /// Where to log in; `None` where nobody can.
    log_in: Option<String>,
    /// Whether whoever visits has just left.
    left: bool,
    /// Whether their session is over, since they did nothing for a while.
    over: bool,
}

/// Says what stands behind the door, and where to log in.
pub(crate) async fn welcome(
    door: Door,
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (name, template) = if door == Door::Desk { ("desk", "desk/welcome.html") } else { ("portal", "portal/welcome.html") };
    let back = asked.back.filter(|back| is_own(back)).unwrap_or_else(|| format!("/{name}"));
    let back: String = form_urlencoded::Serializer::new(String::new()).append_pair("back", &back).finish();
    let log_in = pages.providers().at(door).map(|_| format!("/{name}/login?{back}"));
    pages.show(&visit, template, "", Welcome { log_in, left: asked.left.is_some(), over: asked.over.is_some() })
}
