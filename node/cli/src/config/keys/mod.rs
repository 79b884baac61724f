//! Every key of the configuration. The loader and docs/configuration.md are both made from these tables.

mod fsc;
mod limits;
mod node;
mod pages;
mod people;
mod vum;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `oin:` and 20 digits or `kvk:` and 8 digits.
    Partner,
    /// Text of 1 to 200 characters.
    Text,
    /// A path; one in the file counts from the file's directory.
    Path,
    /// A path, or the URL of a database.
    Database,
    /// An IP address and a port.
    Address,
    /// An IP address.
    Ip,
    /// `true` or `false`.
    Switch,
    /// 64 hexadecimal digits.
    Fingerprint,
    /// A whole number from the first to the second.
    Number(usize, usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A level, or a filter of levels.
    Level,
    /// The address of a collector of traces.
    Collector,
    /// The address of a site.
    Site,
    /// A colour: `#` and six hexadecimal digits.
    Color,
    /// Values, separated by commas.
    List,
    /// A share: 0 to 1, with at most six decimals.
    Share,
}

impl Takes {
    /// The type as the documentation says it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Partner => "partner".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Database => "path or URL".to_owned(),
            Self::Address => "address and port".to_owned(),
            Self::Ip => "IP address".to_owned(),
            Self::Switch => "true or false".to_owned(),
            Self::Fingerprint => "64 hexadecimal digits".to_owned(),
            Self::Number(least, most) => format!("number, {least} to {most}"),
            Self::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "),
            Self::Level => "level or filter".to_owned(),
            Self::Collector => "URL".to_owned(),
            Self::Site => "URL".to_owned(),
            Self::Color => "colour, `#rrggbb`".to_owned(),
            Self::List => "values, separated by commas".to_owned(),
            Self::Share => "number, 0 to 1".to_owned(),
        }
    }
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Its path, such as `client.listen`.
    pub path: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What holds where it is not given; empty where it must be given, or where there is nothing then.
    pub default: &'static str,
    /// A value as it stands in the file.
    pub example: &'static str,
    /// What it is for.
    pub says: &'static str,
}

impl Key {
    /// The name in the environment: `POLDER_` and the path with `_`.
    pub(crate) fn environment(&self) -> String {
        environment(self.path)
    }
}

/// The name in the environment of a key.
pub(crate) fn environment(path: &str) -> String {
    format!("POLDER_{}", path.replace('.', "_").to_ascii_uppercase())
}

const fn key(path: &'static str, takes: Takes, default: &'static str, example: &'static str, says: &'static str) -> Key {
    Key { path, takes, default, example, says }
}

/// Every key, in the order of docs/configuration.md.
pub(crate) fn every_key() -> impl Iterator<Item = &'static Key> {
    node::NODE
        .iter()
        .chain(&pages::PAGES)
        .chain(&pages::STYLE)
        .chain(&vum::VUM)
        .chain(&people::PEOPLE)
        .chain(&fsc::FSC)
        .chain(&limits::LIMITS)
}

/// The key with that path.
pub(crate) fn find(path: &str) -> Option<&'static Key> {
    every_key().find(|key| key.path == path)
}
