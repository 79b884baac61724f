//! A vacancy as a source of VUM shows it: what is searched, what a match shows, and all of it.

use polder_model::{Date, Kind, OfferKey, Purpose};
use serde_json::{Map, Value, json};

use super::{Crosswalk, codes, id};
use crate::public::{self, NotPublic};
use crate::report::{Loss, Note};

/// Members of a vacancy that VUM has no field for, or none in every case, and why.
pub const NOT_WRITTEN: &[(&str, &str)] = &[
    ("/season", "there is no field for seasons"),
    ("/welcomesSharing", "there is no field for sharing of employees"),
    ("/positions", "there is no field for the number of people sought"),
    ("/language", "there is no field for the language of the text"),
    ("/location/remoteShare", "there is no field for work from elsewhere"),
    ("/employer/kvk", "there is no field for the number in the trade register"),
    ("/employer/sector", "only a code of SBI of more than one sign has a place"),
    ("/occupations", "only codes of CompetentNL have a place, and the first alone"),
    ("/skills", "only codes of CompetentNL have a place"),
    ("/skills/importance", "there is no field for how much a skill is needed"),
    ("/skills/level", "there is no field for the level of a skill"),
    ("/contracts", "this form of contract has no code"),
    ("/contracts/recognisedTrainingCompany", "there is no field for it"),
    ("/languages", "this language has no code of three letters"),
    ("/workingTimes", "of the parts of the week only whether they are office hours has a place"),
    ("/application/instructions", "there is no field for it"),
];

/// Longest name, description and salary that VUM takes, in characters.
const NAME: usize = 120;
const DESCRIPTION: usize = 2_000;
const SALARY: usize = 100;
const EMPLOYER: usize = 500;
const NUMBER: usize = 11;
const TELEPHONE: usize = 14;
/// The members by which a vacancy is sought, beside its first day.
const SEARCHED: [&str; 7] =
    ["beroep", "codeWerkEnDenkniveauMinimaal", "contractvorm", "rijbewijs", "taalbeheersing", "werktijden", "flexibiliteit"];
/// The letters of a postcode of which only the digits are known.
pub(super) const LETTERS: &str = "AA";

/// A vacancy in the forms of VUM.
#[derive(Clone, Debug, PartialEq)]
pub struct Vacancy {
    /// What a question is put to.
    pub searched: Value,
    /// What a match shows.
    pub matching: Value,
    /// All of it: for who asks for this vacancy.
    pub detail: Value,
    /// What of the vacancy is not in it, by the JSON Pointers of its members.
    pub lost: Vec<Note>,
}

/// Writes a vacancy.
///
/// # Errors
/// When it is not for everyone, or can be found no more.
pub fn vacancy(key: &OfferKey, exact: &[u8], today: Date, crosswalk: Crosswalk<'_>) -> Result<Vacancy, NotPublic> {
    let vacancy = public::document(Kind::Vacancy, exact, Purpose::FindWork, today)?;
    let mut writer = Writer { members: Map::new(), lost: Vec::new(), crosswalk };
    writer.write(key, &vacancy);
    let Writer { members, lost, .. } = writer;
    let mut searched = Value::Object(
        members.iter().filter(|(name, _)| SEARCHED.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())).collect(),
    );
    // What says no first day fits every day.
    searched["datumAanvangWerkzaamheden"] = vacancy.get("startDate").cloned().unwrap_or_else(|| json!("9999-12-31"));
    let matching = Value::Object(members.clone());
    let mut detail = members;
    detail.insert("nummerVacature".to_owned(), cut(key.as_str(), NUMBER).into());
    if let Some(contact) = contact(&vacancy) {
        detail.entry("werkgever").or_insert_with(|| json!({}))["contactpersoon"] = json!([contact]);
    }
    Ok(Vacancy { searched, matching, detail: Value::Object(detail), lost })
}

struct Writer<'c> {
    members: Map<String, Value>,
    lost: Vec<Note>,
    crosswalk: Crosswalk<'c>,
}

impl Writer<'_> {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.members.insert(name.to_owned(), value.into());
    }

    fn put_all(&mut self, name: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.put(name, values);
        }
    }

    fn note(&mut self, field: &str, loss: Loss) {
        let note = Note { field: field.to_owned(), loss, of: String::new() };
        if !self.lost.contains(&note) {
            self.lost.push(note);
        }
    }

    fn lose(&mut self, member: &str) {
        let because = NOT_WRITTEN.iter().find(|(known, _)| *known == member).map_or("there is no field for it", |(_, because)| *because);
        self.note(member, Loss::LeftOut { because });
    }

    fn text(&mut self, field: &str, text: &str, most: usize) -> String {
        let shown = cut(text, most);
        if shown.len() < text.len() {
            self.note(field, Loss::Shortened { most: most as u64 });
        }
        shown.to_owned()
    }

    fn write(&mut self, key: &OfferKey, vacancy: &Value) {
        self.put("idVacature", id(key.as_str()));
        let name = self.text("/title", vacancy["title"].as_str().unwrap_or_default(), NAME);
        self.put("naamVacature", name);
        if let Some(description) = vacancy["description"].as_str() {
            let description = self.text("/description", description, DESCRIPTION);
            self.put("omschrijvingVacature", description);
        }
        if let Some(closing) = vacancy.get("closingDate") {
            self.put("sluitingsdatumVacature", closing.clone());
        }
        if let Some(level) = vacancy["minimumEducation"].as_u64() {
            codes::working_level(level).into_iter().for_each(|code| self.put("codeWerkEnDenkniveauMinimaal", code));
            codes::education(level).into_iter().for_each(|code| self.put("opleiding", json!([{"codeNiveauOpleiding": code}])));
        }
        self.place(vacancy);
        self.employer(vacancy);
        self.codes(vacancy);
        self.conditions(vacancy);
        self.ways(vacancy);
        for member in ["season", "welcomesSharing", "positions", "language"] {
            if vacancy.get(member).is_some() {
                self.lose(&format!("/{member}"));
            }
        }
    }

    fn place(&mut self, vacancy: &Value) {
        if vacancy.pointer("/location/remoteShare").is_some() {
            self.lose("/location/remoteShare");
        }
        let Some(postcode) = vacancy.pointer("/location/postcode").and_then(Value::as_str) else { return };
        let mut postcode = postcode.replace(' ', "");
        if postcode.len() == 4 {
            postcode.push_str(LETTERS);
            self.note("/location/postcode", Loss::Assumed { what: "the letters AA behind the digits of the postcode" });
        }
        self.put("adres", json!({"postcode": postcode}));
    }

    fn employer(&mut self, vacancy: &Value) {
        let employer = &vacancy["employer"];
        let name = self.text("/employer/name", employer["name"].as_str().unwrap_or_default(), EMPLOYER);
        let mut shown = json!({"handelsnaamOrganisatie": name});
        match employer["sbi"].as_str().and_then(|code| code.parse::<u32>().ok()) {
            Some(code) => {
                shown["sector"] = json!([{"codeSbi": code}]);
                self.put("sector", json!({"codeSbi": code}));
            }
            None if employer.get("sector").is_some() => self.lose("/employer/sector"),
            None => {}
        }
        if employer.get("kvk").is_some() {
            self.lose("/employer/kvk");
        }
        self.put("werkgever", shown);
    }

    fn codes(&mut self, vacancy: &Value) {
        let mut occupations = Vec::new();
        for one in list(vacancy, "occupations") {
            let uri = one["uri"].as_str().unwrap_or_default();
            let code = if one["scheme"] == "competentnl" { Some(uri.to_owned()) } else { (self.crosswalk)(uri) };
            match code {
                Some(code) if occupations.is_empty() => occupations.push(code),
                _ => self.lose("/occupations"),
            }
        }
        if let Some(code) = occupations.pop() {
            self.put("beroep", json!({"codeBeroepsnaam": code}));
        }
        let mut skills: Vec<Value> = Vec::new();
        for one in list(vacancy, "skills") {
            let uri = one["uri"].as_str().unwrap_or_default();
            let code = if is_competentnl(uri) { Some(uri.to_owned()) } else { (self.crosswalk)(uri) };
            match code.map(|code| json!({"codeCompetentie": code})) {
                Some(skill) if !skills.contains(&skill) => skills.push(skill),
                Some(_) => {}
                None => self.lose("/skills"),
            }
            for member in ["importance", "level"] {
                if one.get(member).is_some() {
                    self.lose(&format!("/skills/{member}"));
                }
            }
        }
        self.put_all("competentiebeheersing", skills);
    }

    fn conditions(&mut self, vacancy: &Value) {
        let mut terms = Map::new();
        if let Some(start) = vacancy.get("startDate") {
            terms.insert("datumAanvangWerkzaamheden".to_owned(), start.clone());
        }
        if let Some(salary) = vacancy.get("salary") {
            terms.insert("salarisIndicatie".to_owned(), cut(&pay(salary), SALARY).into());
        }
        if !terms.is_empty() {
            self.put("arbeidsVoorwaarden", terms);
        }
        let mut times = Map::new();
        if let Some(hours) = vacancy.get("hours") {
            for (member, name) in [("min", "aantalWerkurenPerWeekMinimaal"), ("max", "aantalWerkurenPerWeekMaximaal")] {
                hours.get(member).into_iter().for_each(|hours| _ = times.insert(name.to_owned(), hours.clone()));
            }
        }
        if let Some(parts) = vacancy.get("workingTimes") {
            self.lose("/workingTimes");
            if let Some(office) = codes::office_hours(parts) {
                times.insert("indicatieKantoortijden".to_owned(), codes::indication(office).into());
                self.put("flexibiliteit", json!({"indicatieOnregelmatigWerkOfPloegendienst": codes::indication(!office)}));
            }
        }
        if !times.is_empty() {
            self.put("werktijden", times);
        }
        let mut contracts = Vec::new();
        for contract in list(vacancy, "contracts") {
            match codes::contract(contract["form"].as_str().unwrap_or_default()) {
                Some((Some(term), agreement)) => {
                    contracts.push(json!({"codeTypeArbeidscontract": term, "codeTypeOvereenkomst": agreement}))
                }
                Some((None, agreement)) => contracts.push(json!({"codeTypeOvereenkomst": agreement})),
                None => self.lose("/contracts"),
            }
            if contract.get("recognisedTrainingCompany").is_some() {
                self.lose("/contracts/recognisedTrainingCompany");
            }
        }
        self.put_all("contractvorm", contracts);
        self.put_all("rijbewijs", list(vacancy, "licences").map(|code| json!({"codeSoortRijbewijs": code})).collect());
        let mut languages = Vec::new();
        for one in list(vacancy, "languages") {
            let Some(code) = one["language"].as_str().and_then(codes::language) else {
                self.lose("/languages");
                continue;
            };
            let mut language = json!({"codeTaal": code});
            if let Some(level) = one["level"].as_str().and_then(codes::language_level) {
                for skill in ["Lezen", "Luisteren", "Mondeling", "Schriftelijk"] {
                    language[format!("codeNiveauTaalbeheersing{skill}")] = level.into();
                }
            }
            languages.push(language);
        }
        self.put_all("taalbeheersing", languages);
    }

    fn ways(&mut self, vacancy: &Value) {
        let application = &vacancy["application"];
        let mut ways = Vec::new();
        if let Some(url) = application["url"].as_str() {
            ways.push(json!({"codeSollicitatiewijze": "4", "webadres": {"codeWebadres": 4, "url": url}}));
        }
        for (member, code) in [("email", "3"), ("telephone", "2")] {
            if application.get(member).is_some() {
                ways.push(json!({"codeSollicitatiewijze": code}));
            }
        }
        self.put_all("sollicitatiewijze", ways);
        if application.get("instructions").is_some() {
            self.lose("/application/instructions");
        }
    }
}

/// Whom to reach, for who asks for the vacancy itself.
fn contact(vacancy: &Value) -> Option<Value> {
    let mut contact = Map::new();
    if let Some(email) = vacancy.pointer("/application/email") {
        contact.insert("emailadres".to_owned(), json!([email]));
    }
    let telephone = vacancy.pointer("/application/telephone").and_then(Value::as_str);
    let digits: String = telephone.into_iter().flat_map(str::chars).filter(|sign| sign.is_ascii_digit() || *sign == '+').collect();
    if (1..=TELEPHONE).contains(&digits.len()) {
        contact.insert("telefoonnummer".to_owned(), json!([digits]));
    }
    (!contact.is_empty()).then_some(Value::Object(contact))
}

fn list<'v>(vacancy: &'v Value, member: &str) -> impl Iterator<Item = &'v Value> {
    vacancy[member].as_array().into_iter().flatten()
}

/// Whether a code is one of CompetentNL.
pub(super) fn is_competentnl(uri: &str) -> bool {
    let host = uri.split("//").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    host == "competentnl.nl" || host.ends_with(".competentnl.nl")
}

/// The first characters of a text.
fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

/// Pay in words: `€ 2.650,00 tot € 3.100,00 per maand`.
fn pay(salary: &Value) -> String {
    let euros = |member: &str| salary[member].as_u64().map(euros);
    let period = match salary["period"].as_str() {
        Some("hour") => "per uur",
        Some("day") => "per dag",
        Some("week") => "per week",
        Some("year") => "per jaar",
        _ => "per maand",
    };
    match (euros("min"), euros("max")) {
        (Some(min), Some(max)) if min == max => format!("{min} {period}"),
        (Some(min), Some(max)) => format!("{min} tot {max} {period}"),
        (Some(min), None) => format!("vanaf {min} {period}"),
        (None, Some(max)) => format!("tot {max} {period}"),
        (None, None) => String::new(),
    }
}

/// An amount in Dutch.
fn euros(cents: u64) -> String {
    let whole = (cents / 100).to_string();
    let groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("€ {},{:02}", groups.join("."), cents % 100)
}
