//! The portal: where a worker decides alone who sees what, and sees what was done with it.

mod apply;
mod asking;
mod cv;
mod data;
mod erased;
mod home;
pub(crate) mod moves;
mod offers;
mod over;
mod preview;
mod profile;
mod programs;
mod seen;
mod share;
mod verify;

use axum::Router;
use axum::routing::{get, post};
use polder_store::people::Door;

use crate::login;
use crate::pages::{Pages, on_to};

/// Every page of the portal.
pub(crate) fn router() -> Router<Pages> {
    Router::new()
        .route("/", get(|| async { on_to("/portal") }))
        .route("/portal", get(home::home))
        .route("/portal/welcome", get(|pages, visit, asked| login::welcome(Door::Portal, pages, visit, asked)))
        .route("/portal/login", get(|pages, visit, asked| login::begin(Door::Portal, pages, visit, asked)))
        .route(
            "/portal/login/done",
            get(|pages, visit, came, headers, answer| login::finish(Door::Portal, pages, visit, came, headers, answer)),
        )
        .route("/portal/login/backchannel", post(|pages, headers, body| login::ended(Door::Portal, pages, headers, body)))
        .route("/portal/logout", post(|pages, visit, headers, body| login::log_out(Door::Portal, pages, visit, headers, body)))
        .route("/portal/profile", get(profile::edit).post(profile::keep))
        .route("/portal/resume", get(over::logged_in).post(over::resume))
        .route("/portal/profile/import", get(cv::ask).post(cv::import))
        .route("/portal/invitation", get(programs::ask_code).post(programs::take_code))
        .route("/portal/programs", get(programs::programs).post(programs::make))
        .route("/portal/programs/end", post(programs::end))
        .route("/portal/work", get(offers::work))
        .route("/portal/work/stream", post(offers::work_stream))
        .route("/portal/training", get(offers::training))
        .route("/portal/training/stream", post(offers::training_stream))
        .route("/portal/apply", get(apply::write).post(apply::begin))
        .route("/portal/apply/check", get(apply::to_work).post(apply::check))
        .route("/portal/apply/send", post(apply::send))
        .route("/portal/applications", get(apply::applications))
        .route("/portal/applications/{application}/withdraw", post(apply::withdraw))
        .route("/portal/share", get(share::pick))
        .route("/portal/share/check", post(share::check))
        .route("/portal/share/give", post(share::give))
        .route("/portal/requests/{request}", get(share::request))
        .route("/portal/requests/{request}/offer", get(asking::offer))
        .route("/portal/seen", get(seen::disclosures))
        .route("/portal/erasures", get(seen::erasures))
        .route("/portal/questions", get(seen::questions))
        .route("/portal/verify", get(verify::verify))
        .route("/portal/verify/proof", get(verify::proof))
        .route("/portal/verify/since", get(verify::since))
        .route("/portal/data", get(data::data))
        .route("/portal/data/gather", post(data::gather))
        .route("/portal/data/export", get(data::export))
        .route("/portal/data/proof", get(data::proof))
        .route("/portal/data/erase", get(erased::ask).post(erased::erase))
        .route("/portal/erased", get(erased::last))
        .route("/portal/erased/{link}", get(erased::by_link))
        .route("/portal/move", get(moves::ask))
        .route("/portal/move/check", get(|| async { on_to("/portal/move") }).post(moves::check))
        .route("/portal/move/keep", post(moves::keep))
        .route("/portal/consents", get(data::consents))
        .route("/portal/consents/{consent}", get(data::consent))
        .route("/portal/consents/{consent}/receipt", get(data::receipt))
        .route("/portal/consents/withdraw", post(home::withdraw_all))
        .route("/portal/consents/{consent}/withdraw", post(home::withdraw))
}
