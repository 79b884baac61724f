//! What a next list of members changes.

use std::sync::Arc;

use polder_model::{PartnerId, Purpose, Timestamp};
use polder_trust::register::{Member, Members, Register, Status};

use super::super::new::MEMBERS_DAYS;
use super::{Sayings, between, keys, listed};
use crate::output::clean;

pub(super) fn say(register: &Register, after: &Members, now: Timestamp, found: &mut Sayings) {
    let before = register.members_document();
    let regions = (clean(&before.region), clean(&after.region));
    // A list that begins an epoch begins to count anew.
    let begins = after.epoch == before.epoch.saturating_add(1) && after.version == 1 && after.previous.is_none();
    let version = if begins { 1 } else { before.version };
    found.frame((&regions.0, &regions.1), (version, after.version), (before.expires, after.expires), (now, MEMBERS_DAYS));
    if begins {
        found.risk(format!(
            "begins epoch {}: it counts together with the root that the stewards sign for it, and nothing before it counts",
            after.epoch
        ));
    } else if after.epoch != before.epoch {
        found.risk(format!("epoch {} → {}: only a root of the stewards raises it by one", before.epoch, after.epoch));
    }
    if !begins && after.previous.as_ref() != Some(&register.adopted().sha256) && after != before {
        found.risk("it does not name the list in force as the one before it: two lists may go about");
    }
    for next in &after.members {
        match before.members.iter().find(|known| known.partner == next.partner) {
            None => entry(next, "adds ", found),
            Some(known) => changed(known, next, after.version, found),
        }
    }
    for gone in before.members.iter().filter(|known| !after.members.iter().any(|next| next.partner == known.partner)) {
        let who = who(gone);
        found.risk(format!(
            "removes {who} altogether: nothing keeps its keys from coming back under another name (an expelled entry stays)"
        ));
    }
    twice(&after.members, found);
}

fn who(member: &Member) -> String {
    format!("{} ({})", member.partner, clean(&member.name))
}

/// A whole entry.
pub(super) fn entry(member: &Member, verb: &str, found: &mut Sayings) {
    let Member {
        partner: _,
        name: _,
        roles,
        client_url,
        peer_url,
        purposes,
        acts_for,
        link_hosts,
        tls_pins,
        message_keys,
        status,
        since: _,
    } = member;
    let who = who(member);
    let roles = if roles.is_empty() { String::new() } else { format!(" as {}", listed(roles)) };
    let says = format!("{verb}{who}{roles}, at {}: may ask for {}", clean(peer_url), purposes_of(purposes));
    if *status == Status::Active {
        found.plain(says)
    } else {
        found.risk(format!("{says}; it is {}", word(*status)))
    }
    if let Some(url) = client_url {
        found.plain(format!("{who}: its own clients reach it at {}", clean(url)));
    }
    if !acts_for.is_empty() {
        found.risk(format!("{who} acts for {}", listed(acts_for)));
    }
    if !link_hosts.is_empty() {
        found.risk(format!("{who} may send people to {} and what lies below", listed(link_hosts)));
    }
    keys::of(&who, tls_pins, message_keys).into_iter().for_each(|says| found.plain(says));
}

fn changed(before: &Member, after: &Member, version: u64, found: &mut Sayings) {
    let Member { partner: _, name, roles, client_url, peer_url, purposes, acts_for, link_hosts, tls_pins, message_keys, status, since } =
        after;
    let who = who(before);
    match (before.status, *status) {
        (old, new) if old == new => {
            if before.since != *since {
                found.risk(format!("{who}: its status is said to hold since version {since} (before: {})", before.since));
            }
        }
        (old, new) => {
            let says = match new {
                Status::Suspended => format!("suspends {who}: it is neither asked nor answered for now"),
                Status::Expelled => format!("expels {who}: nobody asks or answers it any more"),
                Status::Active => format!("reinstates {who}, which was {}", word(old)),
            };
            if new == Status::Active || new == Status::Suspended && old == Status::Expelled {
                found.risk(says)
            } else {
                found.plain(says)
            }
            if *since != version {
                found.risk(format!("{who}: its status is said to hold since version {since}, and this is version {version}"));
            }
        }
    }
    if before.name != *name {
        found.plain(format!("{who}: name {} (before: {})", clean(name), clean(&before.name)));
    }
    if before.roles != *roles {
        found.plain(format!("{who}: roles {} (before: {})", listed(roles), listed(&before.roles)));
    }
    if before.peer_url != *peer_url {
        found.plain(format!("{who}: address {} (before: {})", clean(peer_url), clean(&before.peer_url)));
    }
    if before.client_url != *client_url {
        found.plain(format!("{who}: its own clients reach it at {} (before: {})", listed(client_url), listed(&before.client_url)));
    }
    let (less, more) = between(&before.purposes, purposes);
    if !more.is_empty() {
        found.risk(format!("{who}: purposes widen by {}", purposes_of(more)));
    }
    if !less.is_empty() {
        found.plain(format!("{who}: purposes narrow by {}", purposes_of(less)));
    }
    organisations(&who, &before.acts_for, acts_for, found);
    let (less, more) = between(&before.link_hosts, link_hosts);
    if !more.is_empty() {
        found.risk(format!("{who} may send people to more hosts: {}", listed(more)));
    }
    if !less.is_empty() {
        found.plain(format!("{who} may no longer send people to {}", listed(less)));
    }
    keys::changed(&who, (&before.tls_pins, &before.message_keys), (tls_pins, message_keys), found);
}

fn organisations(who: &str, before: &[PartnerId], after: &[PartnerId], found: &mut Sayings) {
    let (less, more) = between(before, after);
    if !more.is_empty() {
        found.risk(format!("{who} acts for more organisations: {}", listed(more)));
    }
    if !less.is_empty() {
        found.plain(format!("{who} acts no longer for {}", listed(less)));
    }
}

fn twice(members: &[Arc<Member>], found: &mut Sayings) {
    for (index, member) in members.iter().enumerate() {
        if members[..index].iter().any(|other| other.partner == member.partner) {
            found.risk(format!("{} stands in it twice: no node takes such a list", who(member)));
        }
    }
}

fn purposes_of<'a>(purposes: impl IntoIterator<Item = &'a Purpose>) -> String {
    listed(purposes.into_iter().map(|purpose| purpose.as_str()))
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Suspended => "suspended",
        Status::Expelled => "expelled",
    }
}
