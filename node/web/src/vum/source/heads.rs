//! The headers of the contract: demanded of each request, and said again in each response.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::super::{API_VERSION, FROM_PARTY, MESSAGE_VERSION, SUWI_PARTY, TO_PARTY, VERSION, VIA_PARTY};
use super::Error;

/// Longest name of a party, in characters.
const LONGEST: usize = 100;

/// The headers of a request.
#[derive(Clone, Debug)]
pub(super) struct Heads {
    /// Who asks.
    pub from: Arc<str>,
    /// The parties, as they are said again.
    parties: [HeaderValue; 3],
}

impl Heads {
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Error> {
        for name in [API_VERSION, MESSAGE_VERSION] {
            if one(headers, &name)? != VERSION {
                return Err(Error::asked(&format!("{name}: {VERSION} is the version that this source knows")));
            }
        }
        if !["true", "false"].contains(&one(headers, &SUWI_PARTY)?) {
            return Err(Error::asked(&format!("{SUWI_PARTY}: true or false is expected")));
        }
        let mut parties = Vec::with_capacity(3);
        for name in [FROM_PARTY, TO_PARTY, VIA_PARTY] {
            let party = one(headers, &name)?;
            let form = (1..=LONGEST).contains(&party.len()) && party.bytes().all(|byte| byte.is_ascii_graphic());
            let value = form.then(|| HeaderValue::from_str(party).ok()).flatten();
            parties.push(
                value.ok_or_else(|| {
                    Error::asked(&format!("{name}: 1 to {LONGEST} characters without spaces are expected, such as an OIN"))
                })?,
            );
        }
        let parties = <[HeaderValue; 3]>::try_from(parties).map_err(|_| Error::asked("three parties are expected"))?;
        Ok(Self { from: parties[0].to_str().unwrap_or_default().into(), parties })
    }
}

/// A header that stands there once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<&'h str, Error> {
    let mut all = headers.get_all(name).iter();
    let (Some(value), None) = (all.next(), all.next()) else {
        return Err(Error::asked(&format!("{name}: this header is expected, once")));
    };
    value.to_str().map_err(|_| Error::asked(&format!("{name}: it has characters that it may not have")))
}

/// A response with the headers of its request, as far as they were right.
pub(super) fn say(heads: Option<&Heads>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(API_VERSION, HeaderValue::from_static(VERSION));
    headers.insert(MESSAGE_VERSION, HeaderValue::from_static(VERSION));
    for (name, value) in [FROM_PARTY, TO_PARTY, VIA_PARTY].into_iter().zip(heads.iter().flat_map(|heads| &heads.parties)) {
        headers.insert(name, value.clone());
    }
    response
}
