//! VUM 3.0, the exchange of vacancies between municipalities, UWV and mediators (koppelvlakspecificaties 3.0.0), from both sides (`docs/vum.md`).
//!
//! - `source` answers the exchange with the vacancies that everyone may see, at `/vum/v3` on the port for certificates. Of workers it answers nothing: a worker
//!   consents to recipients of the register, of which no mediator behind the exchange is one.
//! - `mediator` puts a question of staff to the exchange. What comes back is shown to whoever asked, kept nowhere, and goes to no partner.

mod mediator;
mod source;

pub use mediator::{Exchange, ExchangeAt};
pub(crate) use mediator::{Found, Mediator, NotFound};
pub use source::VumSource;
pub(crate) use source::router;

use http::HeaderName;

/// The version of messages and of the interface.
const VERSION: &str = polder_formats::vum::VERSION;
const API_VERSION: HeaderName = HeaderName::from_static("api-version");
const MESSAGE_VERSION: HeaderName = HeaderName::from_static("x-vum-berichtversie");
/// Who asks.
const FROM_PARTY: HeaderName = HeaderName::from_static("x-vum-fromparty");
/// Who is asked.
const TO_PARTY: HeaderName = HeaderName::from_static("x-vum-toparty");
/// Who carries the question.
const VIA_PARTY: HeaderName = HeaderName::from_static("x-vum-viaparty");
/// Whether who asks takes part in SUWI.
const SUWI_PARTY: HeaderName = HeaderName::from_static("x-vum-suwiparty");
