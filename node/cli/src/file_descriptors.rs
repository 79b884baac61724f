//! Open files: each connection is one, and systems often allow a program 1,024 unless it asks for more.

use polder_web::Limits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What a node has open besides the connections to its ports: database, log, connections to other nodes.
const OTHERS: usize = 512;

/// Asks for as many as this program may have, and warns where that is too few for the limits.
pub(crate) fn allow_for(limits: &Limits) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum && setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_err() {
        tracing::warn!(?current, "the number of open files could not be raised");
    }
    let needed = limits.client_connections + limits.peer_connections + OTHERS;
    let allowed = getrlimit(Resource::Nofile).current;
    if allowed.is_some_and(|allowed| usize::try_from(allowed).is_ok_and(|allowed| allowed < needed)) {
        tracing::warn!(
            ?allowed,
            needed,
            "this program may not have enough open files for its limits: raise that number (LimitNOFILE with systemd), or lower limits.client_connections and limits.peer_connections"
        );
    }
}
