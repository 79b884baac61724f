//! Keys of FSC: the Inway before this node. Partners stand in tables of their own (`[[fsc.partner]]`).

use super::{Key, Takes, key};

pub(super) const FSC: [Key; 9] = [
    key(
        "fsc.listen",
        Takes::Address,
        "",
        "\"127.0.0.1:8445\"",
        "Where your Inway passes on what other nodes send: a port for it alone ([FSC](fsc.md)). Loopback, or any address with `fsc.inway_certificate`.",
    ),
    key(
        "fsc.inway_certificate",
        Takes::Path,
        "",
        "\"/etc/polder/inway.pem\"",
        "The certificate that your Inway shows there, in PEM: the port then speaks TLS, with the node's own certificate (`keys/tls.pem`), and lets in nobody without that key. A renewed certificate of the same key is the same.",
    ),
    key("fsc.group", Takes::Text, "", "\"fsc.voorbeeld.example.nl\"", "The id of your group. Tokens of another one (`gid`) are refused."),
    key(
        "fsc.peer_id",
        Takes::Text,
        "",
        "\"00000001234567890000\"",
        "Which Peer of the group you are. Without it the OIN in `partner`. Tokens of another issuer (`iss`) are refused: your own Manager gives them.",
    ),
    key(
        "fsc.service",
        Takes::Text,
        "polder",
        "\"polder\"",
        "What this node is called as a service. Tokens for another one (`svc`) are refused.",
    ),
    key(
        "fsc.inway",
        Takes::Site,
        "",
        "\"https://inway.example.nl:443\"",
        "The address of your Inway, exactly as tokens have it (`aud`). Others are refused.",
    ),
    key(
        "fsc.keys_file",
        Takes::Path,
        "",
        "\"/etc/polder/manager-keys.json\"",
        "The public keys of your Manager (JWKS), as it shows them at `/.well-known/jwks.json`. Read anew every hour, and when a key is missing. This or `fsc.keys_url`.",
    ),
    key(
        "fsc.keys_url",
        Takes::Site,
        "",
        "\"http://127.0.0.1:9443/.well-known/jwks.json\"",
        "Where your Manager shows them without asking for a certificate. This or `fsc.keys_file`.",
    ),
    key(
        "fsc.algorithm",
        Takes::Word(&["RS256", "RS384", "RS512", "ES256", "ES384"]),
        "RS256",
        "\"ES256\"",
        "The one algorithm by which it signs tokens; any other is refused.",
    ),
];
