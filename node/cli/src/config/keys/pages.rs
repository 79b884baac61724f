//! Keys of the pages: where browsers find them, and where people log in.

use super::{Key, Takes, key};

const ALGORITHMS: Takes = Takes::Word(&["RS256", "PS256", "ES256", "ES384", "EdDSA"]);

pub(super) const PAGES: [Key; 18] = [
    key(
        "pages.url",
        Takes::Site,
        "",
        "\"https://werk.example.nl\"",
        "Under which address browsers reach the client port: `https`, unless it is this machine; without a path. Pages are served at `/portal` and `/desk` where this is given.",
    ),
    key(
        "pages.map_file",
        Takes::Path,
        "",
        "\"/etc/polder/region.geojson\"",
        "What maps are drawn of, in place of the coarse outlines of Flevoland: GeoJSON, a `FeatureCollection` of at most 100 areas, each a `Polygon` or `MultiPolygon` in WGS84 with a `name` (or `statnaam`); at most 2 MiB. It is drawn no finer than a page can carry, and read when the node starts.",
    ),
    key(
        "portal.issuer",
        Takes::Site,
        "",
        "\"https://login.example.nl\"",
        "The OpenID Connect provider at which workers log in: its issuer, exactly. Without it nobody logs in at the portal. It must say a pseudonym, never a citizen service number.",
    ),
    key(
        "portal.client_id",
        Takes::Text,
        "",
        "\"polder-portal\"",
        "What that provider knows this node by. Its redirect address is `pages.url` with `/portal/login/done`.",
    ),
    key(
        "portal.client_secret_file",
        Takes::Path,
        "",
        "\"/etc/polder/portal-secret\"",
        "The file with the secret that goes with it; readable by the node's user alone.",
    ),
    key(
        "portal.algorithm",
        ALGORITHMS,
        "RS256",
        "\"ES256\"",
        "The one algorithm by which that provider signs ID tokens; any other is refused.",
    ),
    key(
        "portal.scopes",
        Takes::List,
        "profile",
        "\"profile\"",
        "What is asked beside `openid`. A node keeps a name to greet by, for as long as somebody is logged in, and nothing else.",
    ),
    key(
        "portal.levels_to_give",
        Takes::List,
        "http://eidas.europa.eu/LoA/substantial, http://eidas.europa.eu/LoA/high",
        "\"http://eidas.europa.eu/LoA/high\"",
        "The levels of assurance (`acr`) at which a worker can share something; empty: any. Stopping needs none of them.",
    ),
    key(
        "desk.issuer",
        Takes::Site,
        "",
        "\"https://login.example.nl/medewerkers\"",
        "The OpenID Connect provider at which your staff logs in. Without it there is no desk.",
    ),
    key(
        "desk.client_id",
        Takes::Text,
        "",
        "\"polder-desk\"",
        "What that provider knows this node by. Its redirect address is `pages.url` with `/desk/login/done`.",
    ),
    key(
        "desk.client_secret_file",
        Takes::Path,
        "",
        "\"/etc/polder/desk-secret\"",
        "The file with the secret that goes with it; readable by the node's user alone.",
    ),
    key(
        "desk.algorithm",
        ALGORITHMS,
        "RS256",
        "\"ES256\"",
        "The one algorithm by which that provider signs ID tokens; any other is refused.",
    ),
    key("desk.scopes", Takes::List, "profile", "\"profile, groups\"", "What is asked beside `openid`."),
    key(
        "desk.levels",
        Takes::List,
        "",
        "\"http://eidas.europa.eu/LoA/substantial\"",
        "The levels of assurance (`acr`) at which staff is let in; none: any.",
    ),
    key(
        "desk.claim",
        Takes::Text,
        "roles",
        "\"groups\"",
        "Which claim of the ID token says what somebody may do: one that lists roles or groups; or `email` (one that the provider has verified; `desk.scopes` needs `email` then) or `sub`, where you list people here.",
    ),
    key(
        "desk.caseworkers",
        Takes::List,
        "desk",
        "\"consulenten, recruiters\"",
        "The values of that claim for who may ask the federation, ask workers, and keep your offers.",
    ),
    key("desk.privacy_officers", Takes::List, "privacy-officer", "\"fg@example.nl\"", "The same for who watches over people's data."),
    key("desk.administrators", Takes::List, "administrator", "\"beheer\"", "The same for who looks after the node."),
];

/// How the pages look. Colours that people could not tell apart are refused.
pub(super) const STYLE: [Key; 14] = [
    key("style.color_accent", Takes::Color, "#0b5d57", "\"#154273\"", "The colour of the bar above, of buttons and links."),
    key("style.color_on_accent", Takes::Color, "#ffffff", "\"#ffffff\"", "What stands on that."),
    key("style.color_ink", Takes::Color, "#17212b", "\"#000000\"", "Text."),
    key("style.color_quiet", Takes::Color, "#4a5763", "\"#475569\"", "What is less important than text."),
    key("style.color_paper", Takes::Color, "#ffffff", "\"#ffffff\"", "What text stands on."),
    key("style.color_ground", Takes::Color, "#f2f5f4", "\"#f3f3f3\"", "What is around that."),
    key("style.color_soft", Takes::Color, "#dcefeb", "\"#e5eef8\"", "Notices."),
    key("style.color_stop", Takes::Color, "#9c2a10", "\"#a3160c\"", "What ends or erases something."),
    key("style.color_edge", Takes::Color, "#6d7b84", "\"#696969\"", "The edge of what can be filled in."),
    key("style.color_line", Takes::Color, "#c3cdd1", "\"#cccccc\"", "Lines between parts."),
    key("style.color_focus", Takes::Color, "#f7c843", "\"#ffb612\"", "What surrounds the part that the keyboard has reached."),
    key("style.font", Takes::Text, "", "\"Open Sans, sans-serif\"", "Names of fonts that a visitor may have, as in CSS; none is loaded."),
    key("style.radius", Takes::Number(0, 32), "", "4", "How round corners are, in pixels."),
    key(
        "style.logo_file",
        Takes::Path,
        "",
        "\"/etc/polder/logo.svg\"",
        "Your logo, a PNG or an SVG of at most 32 KiB, beside your name above every page.",
    ),
];
