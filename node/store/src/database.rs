//! Where a database is, and how it is named.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Where a node's database is: a file of SQLite, or a database of PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file; it is made when it is not there.
    Sqlite(PathBuf),
    /// A database that is there already; its tables are made when they are not there.
    Postgres(Address),
}

/// The address of a PostgreSQL database. Its password is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: String,
    password: Option<String>,
}

impl Database {
    /// The same database, with the password of its user. SQLite has none: nothing changes then.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        match self {
            Self::Postgres(address) => Self::Postgres(Address { password: Some(password.to_owned()), ..address }),
            Self::Sqlite(path) => Self::Sqlite(path),
        }
    }
}

/// `sqlite:PATH`, a path, or `postgres://USER@HOST:PORT/NAME?sslmode=…&sslrootcert=…` without a password.
impl FromStr for Database {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.parse()?));
        }
        match text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text) {
            "" => Err("a path or a URL is expected".to_owned()),
            // A mistyped scheme would otherwise become a file of that name.
            path if path.contains("://") => Err("a path, `sqlite:PATH` or `postgres://…` is expected".to_owned()),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let authority = url.split_once("://").map_or("", |(_, rest)| rest).split(['/', '?']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        if user.contains(':') || query.split('&').any(|part| part.starts_with("password=")) {
            return Err("a password does not stand in the URL; name the file that holds it in database_password_file".to_owned());
        }
        let address = Self { url: url.to_owned(), password: None };
        address.options().map(|_| address).map_err(|error| format!("this is no URL of a PostgreSQL database: {error}"))
    }
}

impl Address {
    /// What sqlx needs to connect. Off this machine the server's certificate is checked, unless the URL says otherwise.
    pub(crate) fn options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        let mut options = PgConnectOptions::from_str(&self.url)?;
        if options.get_application_name().is_none() {
            options = options.application_name("polder");
        }
        if let Some(password) = &self.password {
            options = options.password(password);
        }
        let here = options.get_socket().is_some() || matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]");
        if !here && !self.url.contains("sslmode=") && !self.url.contains("ssl-mode=") {
            options = options.ssl_mode(PgSslMode::VerifyFull);
        }
        Ok(options)
    }
}

impl From<PathBuf> for Database {
    fn from(path: PathBuf) -> Self {
        Self::Sqlite(path)
    }
}

impl From<&Path> for Database {
    fn from(path: &Path) -> Self {
        Self::Sqlite(path.to_owned())
    }
}

impl From<&PathBuf> for Database {
    fn from(path: &PathBuf) -> Self {
        Self::Sqlite(path.clone())
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(address) => f.write_str(&address.url),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> PgConnectOptions {
        match text.parse() {
            Ok(Database::Postgres(address)) => address.options().expect("options"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_path_is_a_file() {
        for (text, path) in
            [("polder.db", "polder.db"), ("sqlite:/var/lib/polder.db", "/var/lib/polder.db"), ("sqlite:///a.db", "/a.db"), ("a:b", "a:b")]
        {
            assert_eq!(text.parse(), Ok(Database::Sqlite(PathBuf::from(path))));
        }
        for bad in ["", "sqlite:", "postgrs://host/polder", "mysql://host/polder", "sqlite://"] {
            assert!(bad.parse::<Database>().is_err(), "{bad}");
        }
    }

    #[test]
    fn another_machine_must_show_its_certificate() {
        let verified = |text| matches!(options(text).get_ssl_mode(), PgSslMode::VerifyFull);
        assert!(verified("postgres://polder@db.example.nl/polder"));
        assert!(verified("postgresql://polder@10.0.0.5/polder?sslrootcert=/etc/polder/db.pem"));
        assert!(!verified("postgres://polder@db.example.nl/polder?sslmode=disable"));
        assert!(!verified("postgres://polder@127.0.0.1/polder"));
        assert!(!verified("postgres://polder@localhost/polder?host=/run/postgresql"));
    }

    #[test]
    fn a_password_is_never_shown_and_never_in_the_url() {
        for bad in [
            "postgres://polder:secret@db/polder",
            "postgres://polder@db/polder?password=secret",
            "postgres://db/polder?a=1&password=secret",
        ] {
            let refused = bad.parse::<Database>().expect_err("refused");
            assert!(refused.contains("database_password_file") && !refused.contains("secret"), "{refused}");
        }
        let database = "postgres://polder@db/polder".parse::<Database>().expect("an address").with_password("secret");
        assert!(!format!("{database} {database:?} {database:#?}").contains("secret"));
    }
}
