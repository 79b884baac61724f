//! Somebody of the staff, with the role that a page is for, and with the form that they send: what every page of the desk asks first.

use std::marker::PhantomData;

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use polder_store::people::{Door, Role};

use super::{Fields, Known, PageError, Pages, Visit};

/// Somebody of the staff who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct Staff {
    pub visit: Visit,
    pub known: Known,
}

impl Staff {
    /// Whether they have this role.
    pub(crate) fn has(&self, role: Role) -> bool {
        self.known.is.session.roles.contains(&role)
    }
}

impl<S: Sync> FromRequestParts<S> for Staff {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let known = visit.session.clone().filter(|known| known.is.session.door == Door::Desk);
        known.map(|known| Self { visit, known }).ok_or(PageError::LogIn)
    }
}

/// A role that a page is for.
pub(crate) trait For: Send + Sync {
    const ROLE: Role;
}

macro_rules! roles {
    ($($(#[$says:meta])* $role:ident)+) => {
        $($(#[$says])* pub(crate) struct $role;

        impl For for $role {
            const ROLE: Role = Role::$role;
        })+
    };
}

roles! {
    /// Whoever searches, asks people for contact, and keeps offers.
    Desk
    /// Whoever looks after the node.
    Administrator
    /// Whoever watches over people's data.
    PrivacyOfficer
}

/// Staff who has the role that a page is for; whoever has not is refused.
pub(crate) struct As<R> {
    pub staff: Staff,
    role: PhantomData<R>,
}

impl<R: For, S: Sync> FromRequestParts<S> for As<R> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let staff = Staff::from_request_parts(parts, state).await?;
        if staff.has(R::ROLE) { Ok(Self { staff, role: PhantomData }) } else { Err(PageError::NotAllowed) }
    }
}

/// The form that staff who has the role of a page sends from it; the body of anybody else is not read.
pub(crate) struct Sent<R> {
    pub staff: Staff,
    pub fields: Fields,
    role: PhantomData<R>,
}

impl<R: For> FromRequest<Pages> for Sent<R> {
    type Rejection = PageError;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let As { staff, role } = As::from_request_parts(&mut parts, pages).await?;
        let fields = pages.form(&staff.known, &parts.headers, body).await?;
        Ok(Self { staff, fields, role })
    }
}
