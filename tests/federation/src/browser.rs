//! A browser without JavaScript: it keeps cookies, follows links and sends forms; and a provider where people who are made up log in.

use std::collections::BTreeMap;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;

use http::StatusCode;
use http::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use polder_provider::{Client as RelyingParty, Person, Provider};
use polder_store::people::Role;
use polder_trust::keys::{Identity, SpkiPin};
use polder_web::{HouseStyle, LoginAt, PagesAt, Roles, algorithm};

use crate::http::Partner;

/// The level of assurance at which people log in here.
pub const SUBSTANTIAL: &str = "http://eidas.europa.eu/LoA/substantial";

/// Somebody who logs in at a portal.
#[must_use]
pub fn worker(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        about: "werkzoekende".to_owned(),
        about_en: "seeks work".to_owned(),
        clients: vec!["portal".to_owned()],
        roles: Vec::new(),
        level: SUBSTANTIAL.to_owned(),
        email: None,
    }
}

/// Somebody who logs in at a desk, with these roles.
#[must_use]
pub fn staff(name: &str, roles: &[Role]) -> Person {
    let roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
    Person { about: "medewerker".to_owned(), about_en: "staff".to_owned(), clients: vec!["desk".to_owned()], roles, ..worker(name) }
}

/// Has people log in to a partner's pages, at a provider of their own.
///
/// # Panics
/// When there is no port, or the node runs already.
pub fn with_people(partner: &mut Partner, people: Vec<Person>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    let url = partner.url();
    let client = |door: &str| RelyingParty {
        id: door.to_owned(),
        secret: SECRET.to_owned(),
        redirect_uri: format!("{url}/{door}/login/done"),
        logout_uri: format!("{url}/{door}/login/backchannel"),
        name: partner.member.name.clone(),
    };
    let provider = Provider { clients: vec![client("portal"), client("desk")], people };
    drop(provider.serve(listener).expect("a provider"));
    at_provider(partner, &issuer, SECRET);
}

const SECRET: &str = "a secret of clients here";

/// Has workers log in to a partner's pages at that provider.
///
/// # Panics
/// When the node runs already.
pub fn at_provider(partner: &mut Partner, issuer: &str, secret: &str) {
    let login = |door: &str| LoginAt {
        issuer: issuer.to_owned(),
        client_id: door.to_owned(),
        client_secret: secret.to_owned(),
        algorithm: algorithm("ES256").expect("an algorithm"),
        scopes: vec!["profile".to_owned()],
        levels: vec![SUBSTANTIAL.to_owned()],
        roles: Roles::default(),
    };
    let values = Role::ALL.into_iter().map(|role| (role, vec![role.as_str().to_owned()])).collect();
    let desk = LoginAt { roles: Roles { claim: "roles".to_owned(), values }, ..login("desk") };
    let style = HouseStyle::default();
    partner.pages =
        Some(PagesAt { portal: Some(login("portal")), desk: Some(desk), url: partner.url(), region: None, style, behind_proxy: false });
}

/// What came back.
#[derive(Debug)]
pub struct Shown {
    /// Its status.
    pub status: StatusCode,
    /// Where it stands.
    pub url: String,
    /// Its headers.
    pub headers: http::HeaderMap,
    /// Its text.
    pub html: String,
}

/// A browser.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    /// Cookies by their site and name.
    cookies: BTreeMap<(String, String), String>,
    language: &'static str,
    /// What proxies say of where it is.
    forwarded_for: Option<String>,
}

impl Browser {
    /// A fresh one, whose owner reads Dutch.
    ///
    /// # Panics
    /// When no client can be made.
    #[must_use]
    pub fn new() -> Self {
        Self::at([127, 0, 0, 1])
    }

    /// The same at another address of this machine.
    ///
    /// # Panics
    /// When no client can be made.
    #[must_use]
    pub fn at(address: [u8; 4]) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().local_address(IpAddr::from(address));
        let http = http.tls_backend_preconfigured(crate::http::no_tls()).build().expect("a client");
        Self { http, cookies: BTreeMap::new(), language: "nl", forwarded_for: None }
    }

    /// The same, of somebody who believes every certificate.
    ///
    /// # Panics
    /// When no client can be made.
    #[must_use]
    pub fn over_tls(identity: &Identity) -> Self {
        let tls = polder_trust::tls::client_config(identity, Arc::new(|_: &SpkiPin| true)).expect("TLS");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().tls_backend_preconfigured(tls);
        Self { http: http.build().expect("a client"), ..Self::new() }
    }

    /// Proxies say from now on that it is there.
    pub fn forwarded_for(&mut self, addresses: &str) {
        self.forwarded_for = Some(addresses.to_owned());
    }

    /// The same, whose owner reads another language.
    #[must_use]
    pub fn reading(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// A cookie of the node at a site, without the port behind its name.
    #[must_use]
    pub fn cookie(&self, url: &str, name: &str) -> Option<&str> {
        self.cookies.get(&(site(url), with_port(url, name))).map(String::as_str)
    }

    /// Sets a cookie of the node at a site, by its name without the port.
    pub fn set_cookie(&mut self, url: &str, name: &str, value: &str) {
        self.cookies.insert((site(url), with_port(url, name)), value.to_owned());
    }

    /// Opens an address, without following where it leads.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn fetch(&mut self, url: &str) -> Shown {
        self.send(self.http.get(url), url).await
    }

    /// Opens an address, and follows where it leads.
    ///
    /// # Panics
    /// When there is no response, or it leads nowhere.
    pub async fn open(&mut self, url: &str) -> Shown {
        let shown = self.fetch(url).await;
        let shown = self.follow(shown).await;
        // A page may lead on whoever has no script.
        let on = shown.html.split_once("<noscript><meta http-equiv=\"refresh\" content=\"0; url=").map(|(_, rest)| rest);
        match on.and_then(|rest| rest.split('"').next()) {
            Some(path) => {
                let url = format!("{}{}", site(&shown.url), path.replace("&#x2f;", "/").replace("&amp;", "&"));
                let shown = self.fetch(&url).await;
                self.follow(shown).await
            }
            None => shown,
        }
    }

    /// Sends a form from a page of the same site, and follows where it leads.
    ///
    /// # Panics
    /// As [`Browser::open`].
    pub async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Shown {
        let shown = self.post_from(&site(url), url, fields).await;
        self.follow(shown).await
    }

    /// Sends a form from a page of that site, without following where it leads.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn post_from(&mut self, origin: &str, url: &str, fields: &[(&str, &str)]) -> Shown {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self.http.post(url).header(ORIGIN, origin).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(body.finish()), url).await
    }

    /// Sends a form with a file, from a page of the same site, and follows where it leads.
    ///
    /// # Panics
    /// As [`Browser::open`].
    pub async fn post_file(&mut self, url: &str, csrf: &str, file: &[u8]) -> Shown {
        let shown = self.post_file_from(&site(url), url, csrf, file).await;
        self.follow(shown).await
    }

    /// Sends a form with these fields and a file, from a page of the same site, and follows where it leads.
    ///
    /// # Panics
    /// As [`Browser::open`].
    pub async fn post_with_file(&mut self, url: &str, fields: &[(&str, &str)], file: &[u8]) -> Shown {
        let shown = self.post_parts(&site(url), url, fields, file).await;
        self.follow(shown).await
    }

    /// Sends a form with a file from a page of that site, without following where it leads.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn post_file_from(&mut self, origin: &str, url: &str, csrf: &str, file: &[u8]) -> Shown {
        self.post_parts(origin, url, &[("csrf", csrf)], file).await
    }

    async fn post_parts(&mut self, origin: &str, url: &str, fields: &[(&str, &str)], file: &[u8]) -> Shown {
        let part = |name: &str| format!("--a boundary\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n");
        let mut body: Vec<u8> = fields.iter().flat_map(|(name, value)| format!("{}{value}\r\n", part(name)).into_bytes()).collect();
        body.extend([part("file").as_bytes(), file, b"\r\n--a boundary--\r\n"].concat());
        let request = self.http.post(url).header(ORIGIN, origin).header("content-type", "multipart/form-data; boundary=\"a boundary\"");
        self.send(request.body(body), url).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder, url: &str) -> Shown {
        let own = self.cookies.iter().filter(|((of, _), _)| *of == site(url));
        let cookies: Vec<String> = own.map(|((_, name), value)| format!("{name}={value}")).collect();
        let request = self.forwarded_for.iter().fold(request, |request, addresses| request.header("x-forwarded-for", addresses));
        let response = request.header(COOKIE, cookies.join("; ")).header(ACCEPT_LANGUAGE, self.language).send().await.expect("a response");
        for set in response.headers().get_all(SET_COOKIE) {
            let set = set.to_str().expect("text");
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if value.is_empty() || set.contains("Max-Age=0") {
                self.cookies.remove(&(site(url), name.to_owned()));
            } else {
                self.cookies.insert((site(url), name.to_owned()), value.to_owned());
            }
        }
        let (status, headers) = (response.status(), response.headers().clone());
        Shown { status, url: url.to_owned(), headers, html: response.text().await.expect("text") }
    }

    async fn follow(&mut self, mut shown: Shown) -> Shown {
        for _ in 0..20 {
            let Some(location) = shown.headers.get(LOCATION) else { return shown };
            let location = location.to_str().expect("text");
            let url = if location.starts_with('/') { format!("{}{location}", site(&shown.url)) } else { location.to_owned() };
            shown = self.fetch(&url).await;
        }
        panic!("{} leads in circles", shown.url);
    }

    /// Logs in at a portal, as somebody whom the provider knows; the page to which that leads.
    ///
    /// # Panics
    /// When the provider does not know them.
    pub async fn log_in(&mut self, portal: &str, name: &str) -> Shown {
        let choose = self.open(&format!("{portal}/login")).await;
        self.choose(&choose, name).await
    }

    /// Picks somebody on the page of the provider.
    ///
    /// # Panics
    /// When the provider does not know them.
    pub async fn choose(&mut self, choose: &Shown, name: &str) -> Shown {
        let before = choose.html.split(&format!("<strong>{name}</strong>")).next().expect("a page");
        let number = before.rsplit("value=\"").next().and_then(|rest| rest.split('"').next()).expect("a button").to_owned();
        let mut fields = hidden(&choose.html);
        fields.push(("person".to_owned(), number));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let action = format!("{}/authorize", site(&choose.url));
        self.post(&action, &fields).await
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Shown {
    /// What its forms would say of who sends them.
    ///
    /// # Panics
    /// When it has no form.
    #[must_use]
    pub fn csrf(&self) -> String {
        hidden(&self.html).into_iter().find(|(name, _)| name == "csrf").expect("a form").1
    }
}

/// How a cookie is called at a site that has a port of its own.
fn with_port(url: &str, name: &str) -> String {
    let site = site(url);
    let port = site.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok());
    port.map_or_else(|| name.to_owned(), |port| format!("{name}-{port}"))
}

/// Scheme, host and port.
fn site(url: &str) -> String {
    url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

/// The hidden fields of a page, with what stands in them.
#[must_use]
pub fn hidden(html: &str) -> Vec<(String, String)> {
    inputs(html, &["type=\"hidden\""])
}

/// The same, and what is ticked.
#[must_use]
pub fn filled(html: &str) -> Vec<(String, String)> {
    inputs(html, &["type=\"hidden\"", " checked"])
}

fn inputs(html: &str, with: &[&str]) -> Vec<(String, String)> {
    let inputs = html.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
    let inputs = inputs.filter(|input| with.iter().any(|said| input.contains(said)));
    let of = |input: &str, attribute: &str| Some(input.split_once(&format!("{attribute}=\""))?.1.split('"').next()?.to_owned());
    let read = |input: &str| {
        let value = of(input, "value")?;
        let plain = value.replace("&#x2f;", "/").replace("&#x27;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
        Some((of(input, "name")?, plain.replace("&amp;", "&")))
    };
    inputs.filter_map(read).collect()
}
