//! HTTP: the client interface `/v1`, the peer interface `/peer/v1`, the operator's port, and the client that carries peer calls.
//!
//! Handlers turn HTTP into calls of `polder-exchange` and back, nothing else. `client::operations` lists every operation of the client interface;
//! the router and the OpenAPI document are both made from it. `client::auth` is the one place where a client is recognised, `peer::call` the one
//! where a peer is, with `fsc` for those that come by an Inway. `oeapi` serves trainings in another dialect, `syncs` reads the catalogues of
//! schools, and `vum` speaks with the national exchange of vacancies.

mod bearer;
mod body;
mod causes;
mod client;
mod desk;
mod disk;
mod feed;
mod fsc;
mod limits;
mod login;
mod metrics;
mod oauth;
mod oeapi;
mod openapi;
mod operator;
mod outgoing;
mod pages;
mod peer;
mod portal;
mod processing;
mod questions;
mod quota;
mod rarely;
mod reference;
mod refusal;
mod running;
mod serve;
mod stopping;
mod syncs;
mod traces;
mod tries;
mod vum;
mod webhooks;

pub use bearer::{Bearer, BearerAt, BearerKey, NoBearer};
pub use causes::{root_cause, with_causes};
pub use client::auth::{OperatorToken, OperatorTokenHash};
pub use disk::{DiskRoom, LEAST_ROOM, LITTLE_ROOM, disk_room};
pub use fsc::{InwayAt, OutwayAt, Outways};
pub use limits::Limits;
pub use login::{LoginAt, Roles, algorithm, look_at_provider};
pub use oauth::{KeysAt, TOKEN_KEY_FILE, TokenKey, TokenKeyError, TokensOf};
pub use openapi::openapi_json;
pub use pages::{COLORS, HouseStyle, LARGEST_LOGO, PagesAt, Region};
pub use peer::visit::{NodeNow, Visit, visit};
pub use running::{Parts, RunningNode, StartError};
pub use serve::{CLIENT_CERTIFICATE_DAYS, Listeners, ServeError, ServerOptions, Tls, client_chain};
pub use syncs::{Pace, Shown, SyncFrom};
pub use traces::{Collector, TracesTo};
pub use vum::{Exchange, ExchangeAt, VumSource};
pub use webhooks::WebhookHosts;
