//! What a proposal changes, one thing at a time. Nothing is left out but the order of lists, which means nothing.

use std::fmt::Display;

use polder_model::{Kind, Purpose, Timestamp};
use polder_trust::register::{KeySet, Member, Members, Register, Root, Status};

use super::Change;

/// How people call a role.
pub(super) type InWords<'w> = &'w dyn Fn(&str) -> String;

/// Longest life of a root and of a list, in days, and a day for the way.
const ROOT_DAYS: i64 = 366;
const MEMBERS_DAYS: i64 = 31;
const DAY: i64 = 86_400;

/// What is found.
#[derive(Default)]
struct Found(Vec<Change>);

impl Found {
    fn say(&mut self, says: &'static str, risk: bool, who: impl Display, after: impl Display, before: impl Display) {
        let (who, after, before) = (who.to_string(), after.to_string(), before.to_string());
        self.0.push(Change { says, risk, who, after, before, purposes: Vec::new() });
    }

    fn purposes(&mut self, says: &'static str, risk: bool, who: impl Display, purposes: Vec<Purpose>) {
        if !purposes.is_empty() {
            self.0.push(Change { says, risk, who: who.to_string(), purposes, ..Change::default() });
        }
    }

    /// What is in one list and not in the other.
    fn list<T: PartialEq + Display>(&mut self, (more, less): (&'static str, &'static str), who: &str, before: &[T], after: &[T]) {
        for (says, risk, only) in [(more, true, without(after, before)), (less, false, without(before, after))] {
            if !only.is_empty() {
                let all: Vec<String> = only.iter().map(ToString::to_string).collect();
                self.say(says, risk, who, all.join(", "), "");
            }
        }
    }

    fn expires(&mut self, before: Timestamp, after: Timestamp, (now, days): (Timestamp, i64)) {
        if before != after {
            let risk = after < before || after > now.plus_seconds(days * DAY);
            // Where the day is the same, the time of it is another.
            let (is_day, whole) = (after.date() != before.date(), |at: Timestamp| at.to_string());
            if is_day {
                self.say("expires", risk, "", after.date(), before.date());
            } else {
                self.say("expires-at", risk, "", whole(after), whole(before));
            }
        }
    }

    fn region(&mut self, ours: &str, theirs: &str) {
        if ours != theirs {
            self.say("region", true, "", theirs, ours);
        }
    }
}

fn without<'t, T: PartialEq>(these: &'t [T], others: &[T]) -> Vec<&'t T> {
    these.iter().filter(|one| !others.contains(one)).collect()
}

fn only(these: &[Purpose], others: &[Purpose]) -> Vec<Purpose> {
    without(these, others).into_iter().copied().collect()
}

/// What a next root changes.
pub(super) fn of_root(before: &Root, after: &Root, now: Timestamp) -> Vec<Change> {
    let mut found = Found::default();
    found.region(&before.region, &after.region);
    found.expires(before.expires, after.expires, (now, ROOT_DAYS));
    for (who, old, new) in [
        ("stewards", &before.stewards, &after.stewards),
        ("registrars", &before.registrars, &after.registrars),
        ("freshness", &before.freshness, &after.freshness),
    ] {
        keys(&mut found, who, old, new);
    }
    if before.members_epoch != after.members_epoch {
        found.say("epoch", true, "", after.members_epoch, before.members_epoch);
    }
    for next in &after.recognised {
        match before.recognised.iter().find(|known| known.region == next.region) {
            None => {
                found.say("recognises", true, &next.region, &next.root_fingerprint, "");
                found.purposes("purposes-more", true, &next.region, next.purposes.clone());
            }
            Some(known) => {
                if known.root_fingerprint != next.root_fingerprint {
                    found.say("another-region", true, &next.region, &next.root_fingerprint, &known.root_fingerprint);
                }
                found.purposes("purposes-more", true, &next.region, only(&next.purposes, &known.purposes));
                found.purposes("purposes-less", false, &next.region, only(&known.purposes, &next.purposes));
            }
        }
    }
    for known in before.recognised.iter().filter(|known| after.recognised.iter().all(|next| next.region != known.region)) {
        found.say("recognises-no-more", false, &known.region, "", "");
    }
    found.0
}

fn keys(found: &mut Found, who: &str, before: &KeySet, after: &KeySet) {
    for (id, key) in &after.keys {
        match before.keys.get(id) {
            None => found.say("signer-new", true, who, id, ""),
            Some(known) if known != key => found.say("signer-other", true, who, id, ""),
            Some(_) => {}
        }
    }
    for id in before.keys.keys().filter(|id| !after.keys.contains_key(*id)) {
        found.say("signer-gone", true, who, id, "");
    }
    let number = |set: &KeySet| format!("{}/{}", set.threshold, set.keys.len());
    if number(before) != number(after) {
        found.say("threshold", true, who, number(after), number(before));
    }
}

/// What a next list changes.
pub(super) fn of_members(register: &Register, after: &Members, now: Timestamp, in_words: InWords<'_>) -> Vec<Change> {
    let (before, mut found) = (register.members_document(), Found::default());
    found.region(&before.region, &after.region);
    found.expires(before.expires, after.expires, (now, MEMBERS_DAYS));
    if after.epoch != before.epoch {
        found.say("epoch", true, "", after.epoch, before.epoch);
    } else if after != before && after.previous.as_ref() != Some(&register.adopted().sha256) {
        found.say("not-after-ours", true, "", "", "");
    }
    for (place, next) in after.members.iter().enumerate() {
        if after.members[..place].iter().any(|other| other.partner == next.partner) {
            found.say("member-twice", true, who(next), "", "");
        }
        match before.members.iter().find(|known| known.partner == next.partner) {
            None => added(&mut found, next, in_words),
            Some(known) => changed(&mut found, known, next, after.version, in_words),
        }
    }
    for gone in before.members.iter().filter(|known| after.members.iter().all(|next| next.partner != known.partner)) {
        found.say("member-removed", true, who(gone), "", "");
    }
    found.0
}

/// Whether a key would count at a time at which it does not now.
fn is_longer((from, until): Period, (new_from, new_until): Period) -> bool {
    let earlier = from.is_some_and(|from| new_from.is_none_or(|new| new < from));
    let later = until.is_some_and(|until| new_until.is_none_or(|new| new > until));
    earlier || later
}

/// From when until when, in microseconds.
type Period = (Option<i64>, Option<i64>);

fn who(member: &Member) -> String {
    format!("{} ({})", member.name, member.partner)
}

fn added(found: &mut Found, member: &Member, in_words: InWords<'_>) {
    let who = who(member);
    found.say("member-new", true, &who, &member.peer_url, roles(member, in_words).join(", "));
    found.purposes("purposes-more", member.purposes.iter().any(|purpose| purpose.fits(Kind::SkillOffer)), &who, member.purposes.clone());
    found.list(("acts-for-more", "acts-for-less"), &who, &[], &member.acts_for);
    found.list(("hosts-more", "hosts-less"), &who, &[], &member.link_hosts);
}

fn roles(member: &Member, in_words: InWords<'_>) -> Vec<String> {
    member.roles.iter().map(|role| in_words(role)).collect()
}

fn changed(found: &mut Found, before: &Member, after: &Member, version: u64, in_words: InWords<'_>) {
    let who = who(before);
    if before.status != after.status {
        let (says, risk) = match after.status {
            Status::Active => ("reinstated", true),
            Status::Suspended => ("suspended", true),
            Status::Expelled => ("expelled", true),
        };
        found.say(says, risk, &who, "", "");
    }
    let since = if before.status == after.status { before.since } else { version };
    if after.since != since {
        found.say("since", true, &who, after.since, since);
    }
    for (says, old, new) in [
        ("name", before.name.clone(), after.name.clone()),
        ("address", before.peer_url.clone(), after.peer_url.clone()),
        ("client-address", before.client_url.clone().unwrap_or_default(), after.client_url.clone().unwrap_or_default()),
    ] {
        if old != new {
            // Under another name or address somebody else may stand there.
            found.say(says, true, &who, new, old);
        }
    }
    found.list(("roles-more", "roles-less"), &who, &roles(before, in_words), &roles(after, in_words));
    found.purposes("purposes-more", true, &who, only(&after.purposes, &before.purposes));
    found.purposes("purposes-less", false, &who, only(&before.purposes, &after.purposes));
    found.list(("acts-for-more", "acts-for-less"), &who, &before.acts_for, &after.acts_for);
    found.list(("hosts-more", "hosts-less"), &who, &before.link_hosts, &after.link_hosts);
    let named = |member: &Member| {
        let tls = member.tls_pins.iter().map(|pin| {
            let period = (pin.not_before.map(|at| at.micros()), pin.not_after.map(|at| at.micros()));
            (pin.sha256.as_str().chars().take(16).collect::<String>(), pin.sha256.as_str().to_owned(), period)
        });
        let message = member.message_keys.iter().map(|key| {
            let period = (Some(key.not_before.micros()), Some(key.not_after.micros()));
            (key.keyid.as_str().to_owned(), format!("{} {}", key.keyid, key.public_key), period)
        });
        tls.chain(message).collect::<Vec<_>>()
    };
    let (old, new) = (named(before), named(after));
    for (name, key, period) in &new {
        match old.iter().find(|(_, known, _)| known == key) {
            None => found.say("key-new", true, &who, name, ""),
            Some((.., known)) if known != period => found.say("key-period", is_longer(*known, *period), &who, name, ""),
            Some(_) => {}
        }
    }
    for (name, ..) in old.iter().filter(|(_, key, _)| new.iter().all(|(_, next, _)| next != key)) {
        found.say("key-gone", true, &who, name, "");
    }
}
