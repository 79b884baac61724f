//! Where somebody comes from who logs in, and whether too much came to nothing from there.
//!
//! Each beginning and each coming back counts until the log-in is done: who only fails is told to wait before the provider is asked anything. It counts
//! for one address and one door, so that nobody elsewhere waits for it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use polder_store::people::Door;

use crate::pages::{PageError, Pages};
use crate::serve::{Connection, origin};

/// Where proxies write whom they pass on, each behind those before it.
const FORWARDED: &str = "x-forwarded-for";

/// Where somebody comes from: an address, or the network of one subscriber. `None` where there is no connection.
pub(crate) struct CameFrom(Option<IpAddr>);

impl CameFrom {
    /// Somebody begins to log in, or comes back.
    pub(super) fn tries(&self, pages: &Pages, door: Door) -> Result<(), PageError> {
        let Some(address) = self.0 else { return Ok(()) };
        pages.providers().tries(door).begins(address).map_err(PageError::LogInLater)
    }

    /// They are logged in.
    pub(super) fn came_right(&self, pages: &Pages, door: Door) {
        if let Some(address) = self.0 {
            pages.providers().tries(door).came_right(address);
        }
    }
}

/// What the partner's own proxy says of where a request comes from: the last address, which it wrote itself.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = last.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(last);
    bare.parse().ok().or_else(|| bare.rsplit_once(':')?.0.parse().ok()).map(origin)
}

impl FromRequestParts<Pages> for CameFrom {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, PageError> {
        let connection = parts.extensions.get::<Arc<Connection>>().map(|connection| connection.origin);
        let said = if pages.at().behind_proxy { forwarded(&parts.headers) } else { None };
        Ok(Self(said.or(connection)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_last_address_is_the_one_that_the_own_proxy_wrote() {
        let of = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED, HeaderValue::from_str(line).expect("a value"));
            }
            forwarded(&headers).map(|address| address.to_string())
        };
        for (lines, is) in [
            (&["192.0.2.7"][..], "192.0.2.7"),
            (&["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
            (&["192.0.2.7", "198.51.100.1,192.0.2.8"], "192.0.2.8"),
            (&["192.0.2.7:4711"], "192.0.2.7"),
            (&["::ffff:192.0.2.7"], "192.0.2.7"),
            (&["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::"),
            (&["[2001:db8:1:2:3:4:5:6]:4711"], "2001:db8:1:2::"),
        ] {
            assert_eq!(of(lines).as_deref(), Some(is), "{lines:?}");
        }
        for lines in [&[][..], &[""], &["unknown"], &["192.0.2.7, "], &["192.0.2.7, _hidden"]] {
            assert_eq!(of(lines), None, "{lines:?}");
        }
    }
}
