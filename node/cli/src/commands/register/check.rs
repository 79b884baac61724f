//! Whether an entry may stand in the register.

use polder_model::link::Host;
use polder_model::text::is_invisible;
use polder_model::{Purpose, Timestamp};
use polder_trust::register::Member;
use reqwest::Url;

/// Most hosts of links of one partner.
const MOST_LINK_HOSTS: usize = 20;

/// What a partner states of itself in an entry: all but its keys.
pub(crate) struct Stated<'m> {
    pub name: &'m str,
    pub roles: &'m [String],
    pub peer_url: &'m str,
    pub link_hosts: &'m [Host],
    pub purposes: &'m [Purpose],
}

impl Stated<'_> {
    /// Everything that is wrong with it.
    pub(crate) fn problems(&self) -> Vec<String> {
        let name = (1..=200).contains(&self.name.chars().count()) && !self.name.chars().any(|c| c.is_control() || is_invisible(c));
        let roles = self.roles.len() <= 10 && self.roles.iter().all(|role| is_role(role));
        let rules = [
            (name, "name: 1 to 200 characters, without control or invisible characters".to_owned()),
            (roles, "roles: at most 10, each 1 to 40 of a–z and -, the first a letter".to_owned()),
            (is_address(self.peer_url), "peerUrl: an address such as https://node.example.nl:8443, without a path".to_owned()),
            (
                self.link_hosts.len() <= MOST_LINK_HOSTS && distinct(self.link_hosts),
                format!("linkHosts: at most {MOST_LINK_HOSTS}, each once"),
            ),
            (distinct(self.purposes), "purposes: each once".to_owned()),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, problem)| problem).collect()
    }
}

/// Everything that is wrong with an entry.
pub(super) fn problems(member: &Member, others: &[&Member], now: Timestamp) -> Vec<String> {
    let stated = Stated {
        name: &member.name,
        roles: &member.roles,
        peer_url: &member.peer_url,
        link_hosts: &member.link_hosts,
        purposes: &member.purposes,
    };
    let mut found = stated.problems();
    let mut must = |holds: bool, problem: &str| {
        if !holds {
            found.push(problem.to_owned());
        }
    };
    must(member.client_url.as_deref().is_none_or(is_address), "clientUrl: an https address, without a path");
    must((1..=4).contains(&member.tls_pins.len()), "tlsPins: 1 to 4");
    must(member.tls_pins.iter().all(|pin| is_sha256(pin.sha256.as_str())), "tlsPins: sha256 is 64 hexadecimal digits in lower case");
    must((1..=4).contains(&member.message_keys.len()), "messageKeys: 1 to 4");
    must(member.message_keys.iter().all(|key| key.keyid == key.public_key.id()), "messageKeys: a keyid is not that of its publicKey");
    let usable = member.message_keys.iter().any(|key| key.not_before < key.not_after && now < key.not_after);
    must(usable, "messageKeys: none can be used any more; have the partner make new keys");
    for other in others.iter().filter(|other| other.partner != member.partner) {
        let pin = member.tls_pins.iter().any(|pin| other.tls_pins.iter().any(|known| known.sha256 == pin.sha256));
        let key = member.message_keys.iter().any(|key| other.message_keys.iter().any(|known| known.public_key == key.public_key));
        must(!pin && !key, &format!("a key of this entry is already that of {}; every partner has its own", other.partner));
    }
    found
}

fn is_role(role: &str) -> bool {
    let form = role.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    form && (1..=40).contains(&role.len()) && !role.starts_with('-')
}

fn is_address(text: &str) -> bool {
    let url = text.parse::<Url>().ok().filter(|url| url.scheme() == "https" && url.host_str().is_some());
    let bare = |url: Url| {
        url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none()
    };
    text.len() <= 500 && text.bytes().all(|b| b.is_ascii_graphic()) && url.is_some_and(bare)
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn distinct<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().all(|(index, one)| !list[..index].contains(one))
}
