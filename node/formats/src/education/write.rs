//! A training becomes a course or programme of version 6, with its offerings, outcomes and organisation.

use polder_model::{Date, Kind, OfferKey, PartnerId, Purpose};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{CONSUMER, values};
use crate::html;
use crate::public::{self, NotPublic};

/// A training as objects of version 6. They refer to each other by their ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// It is a programme, and no course.
    pub programme: bool,
    /// The course or programme.
    pub object: Value,
    /// Its offerings.
    pub offerings: Vec<Value>,
    /// Its learning outcomes: the skills that are taught.
    pub outcomes: Vec<Value>,
    /// The provider.
    pub organisation: Value,
}

/// Writes a training. Ids are made of partner and key: the same for the same. `published` is the day since when it can be found.
///
/// # Errors
/// When it is not for everyone, or can be found no more.
pub fn write(partner: &PartnerId, key: &OfferKey, exact: &[u8], published: Date, today: Date) -> Result<Published, NotPublic> {
    let training = public::document(Kind::Training, exact, Purpose::FindTraining, today)?;
    let writing = Writing { partner, key, training: &training, published };
    Ok(writing.write())
}

struct Writing<'w> {
    partner: &'w PartnerId,
    key: &'w OfferKey,
    training: &'w Value,
    published: Date,
}

/// A UUID that is made of what it names (RFC 9562, version 8).
fn uuid(kind: &str, name: &str) -> String {
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&Sha256::digest(format!("polder:{kind}:{name}").as_bytes())[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

impl Writing<'_> {
    fn get(&self, pointer: &str) -> Option<&Value> {
        self.training.pointer(pointer)
    }

    fn list(&self, member: &str) -> &[Value] {
        self.training.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Texts have a language; `und` is the tag where none is known.
    fn text(&self, text: &Value) -> Value {
        let language = self.get("/language").and_then(Value::as_str).unwrap_or("und");
        json!([{"language": language, "value": text}])
    }

    fn name(&self) -> Value {
        self.text(&html::escaped(self.training["title"].as_str().unwrap_or_default()).into())
    }

    fn write(&self) -> Published {
        let credential = self.get("/credential").and_then(Value::as_str).unwrap_or_default();
        let awarded = [
            ("mbo-diploma", "vocational_diploma"),
            ("associate-degree", "associate_degree"),
            ("bachelor", "bachelor"),
            ("master", "master"),
        ];
        let awarded = awarded.iter().find(|(known, _)| *known == credential).map(|(_, word)| *word);
        let programme = awarded.is_some();
        let id = uuid(if programme { "programme" } else { "course" }, &format!("{}:{}", self.partner, self.key));
        let outcomes = self.outcomes();
        let organisation = self.organisation();
        let mut object = json!({
            if programme { "programmeId" } else { "courseId" }: id,
            "primaryCode": {"codeType": "identifier", "code": self.key.as_str()},
            "name": self.name(),
            "description": self.text(&html::long(self.training["description"].as_str().unwrap_or_default()).into()),
            "organisationId": organisation["organisationId"],
        });
        let mut consumer = Map::new();
        if let Some(awarded) = awarded {
            object["programmeType"] = "programme".into();
            object["qualificationAwarded"] = awarded.into();
            object["formalDocument"] = "diploma".into();
        } else if !credential.is_empty() {
            consumer.insert("credential".to_owned(), credential.into());
        }
        self.level(programme, &mut object, &mut consumer);
        self.plain_fields(programme, &mut object, &mut consumer);
        if !outcomes.is_empty() {
            object["learningOutcomeIds"] = outcomes.iter().map(|outcome| outcome["learningOutcomeId"].clone()).collect();
        }
        // What the API has no field for.
        for member in ["skillsTaught", "skillsRequired", "occupations", "sectors", "hoursPerWeek", "funding", "leadsTo", "closingDate"] {
            if let Some(value) = self.training.get(member).filter(|value| value.as_array().is_none_or(|list| !list.is_empty())) {
                consumer.insert(member.to_owned(), value.clone());
            }
        }
        if !consumer.is_empty() {
            consumer.insert("consumerKey".to_owned(), CONSUMER.into());
            object["consumer"] = Value::Object(consumer);
        }
        let offerings = self.offerings(programme, &id);
        Published { programme, object, offerings, outcomes, organisation }
    }

    fn level(&self, programme: bool, object: &mut Value, consumer: &mut Map<String, Value>) {
        let Some(level) = self.get("/level").and_then(Value::as_u64) else { return };
        let word = match level {
            10 | 20 | 30 | 40 => format!("secondary_vocational_education_{}", level / 10),
            50 => "associate_degree".to_owned(),
            60 => "bachelor".to_owned(),
            70 => "master".to_owned(),
            80 => "doctoral".to_owned(),
            _ => String::new(),
        };
        if !word.is_empty() {
            object["level"] = word.into();
        } else if !programme {
            consumer.insert("level".to_owned(), level.into());
        }
        if programme {
            object["levelOfQualification"] = if level == 45 { "nlqf_4plus".into() } else { format!("eqf_{}", level / 10).into() };
        }
    }

    fn plain_fields(&self, programme: bool, object: &mut Value, consumer: &mut Map<String, Value>) {
        if let Some(load) = self.get("/studyLoad") {
            let unit = if load["unit"] == "hours" { json!("hour") } else { load["unit"].clone() };
            object["studyLoad"] = json!([{"studyLoadUnit": unit, "value": load["value"]}]);
        }
        if let Some(weeks) = self.get("/durationWeeks") {
            object["duration"] = format!("P{weeks}W").into();
        }
        let routes = self.list("routes");
        let mode = match routes {
            [one] if programme => match one.as_str().unwrap_or_default() {
                "full-time" => Some("full_time"),
                "part-time" => Some("part_time"),
                "dual" => Some("dual_training"),
                "self-paced" => Some("self_paced"),
                _ => None,
            },
            _ => None,
        };
        if let Some(mode) = mode {
            object["modeOfStudy"] = mode.into();
        } else if !routes.is_empty() {
            consumer.insert("routes".to_owned(), routes.into());
        }
        let codes = self.list("programmeCodes");
        if !codes.is_empty() {
            let kind = |scheme: &Value| {
                if scheme == "rio" { "programme_code".to_owned() } else { format!("x-{}", scheme.as_str().unwrap_or_default()) }
            };
            object["otherCodes"] = codes.iter().map(|code| json!({"codeType": kind(&code["scheme"]), "code": code["code"]})).collect();
        }
        if let Some(enrolment) = self.get("/enrolment").and_then(Value::as_object) {
            if let Some(url) = enrolment.get("url") {
                object["link"] = url.clone();
            }
            if let Some(instructions) = enrolment.get("instructions") {
                object["enrolment"] = self.text(&html::long(instructions.as_str().unwrap_or_default()).into());
            }
            consumer.insert("enrolment".to_owned(), Value::Object(enrolment.clone()));
        }
        if let Some(price) = self.get("/price")
            && (price.get("note").is_some() || self.list("editions").is_empty())
        {
            consumer.insert("price".to_owned(), price.clone());
        }
    }

    /// Each skill that is taught as an outcome, with one id wherever it is taught.
    fn outcomes(&self) -> Vec<Value> {
        let outcome = |skill: &Value| {
            let uri = skill["uri"].as_str().unwrap_or_default();
            let labels = skill.get("label").and_then(Value::as_object).into_iter().flatten();
            let mut names: Vec<Value> = labels.map(|(language, text)| json!({"language": language, "value": text})).collect();
            if names.is_empty() {
                names.push(json!({"language": "und", "value": uri}));
            }
            let code = json!({"codeType": "x-skill", "code": uri});
            json!({"learningOutcomeId": uuid("outcome", uri), "primaryCode": code, "name": names})
        };
        self.list("skillsTaught").iter().map(outcome).collect()
    }

    fn organisation(&self) -> Value {
        let provider = &self.training["provider"];
        let name = provider["name"].as_str().unwrap_or_default();
        let mut codes = Vec::new();
        for (member, kind) in [("institutionCode", "institution_code"), ("kvk", "kvk_organisation_id")] {
            if let Some(code) = provider.get(member) {
                codes.push(json!({"codeType": kind, "code": code}));
            }
        }
        let told = format!("{}:{name}:{}", self.partner, Value::from(codes.clone()));
        let id = uuid("organisation", &told);
        let primary = codes.first().cloned().unwrap_or_else(|| json!({"codeType": "uuid", "code": id}));
        let mut organisation =
            json!({"organisationId": id, "primaryCode": primary, "organisationType": "root", "name": self.text(&provider["name"])});
        if codes.len() > 1 {
            organisation["otherCodes"] = codes[1..].into();
        }
        organisation
    }

    fn offerings(&self, programme: bool, id: &str) -> Vec<Value> {
        let (own, owner) = if programme { ("programmeOfferingId", "programmeId") } else { ("courseOfferingId", "courseId") };
        let offering = |(index, edition): (usize, &Value)| {
            let text = |name: &str| edition.get(name).and_then(Value::as_str);
            let offering_id =
                uuid("offering", &format!("{id}:{}", text("key").map_or_else(|| index.to_string(), |key| format!("key {key}"))));
            let code = text("key")
                .map_or_else(|| json!({"codeType": "uuid", "code": offering_id}), |key| json!({"codeType": "offering_code", "code": key}));
            let mode = match text("mode").unwrap_or_default() {
                "online" => "online",
                "blended" => "blended",
                _ => "presential",
            };
            let mut offering = json!({own: offering_id, owner: id, "primaryCode": code, "name": self.name(), "state": "active",
                "modesOfDelivery": [mode]});
            for (member, name, end) in [("startDate", "startDateTime", false), ("endDate", "endDateTime", true)] {
                if let Some(instant) = text(member).and_then(|day| values::instant(day, end)) {
                    offering[name] = instant.into();
                }
            }
            if let Some(language) = text("language") {
                offering["teachingLanguages"] = json!([language]);
            }
            if let Some(seats) = edition.get("seats") {
                offering["maxNumberStudents"] = seats.clone();
                offering["enrolledNumberStudents"] = 0.into();
            }
            if let Some(location) = edition.get("location") {
                offering["addresses"] = json!([address(location)]);
                if let Some(code) = location.get("municipality") {
                    offering["consumer"] = json!({"consumerKey": CONSUMER, "municipality": code});
                }
            }
            if let Some(cents) = self.get("/price/amount").and_then(Value::as_u64) {
                let amount = format!("{}.{:02}", cents / 100, cents % 100);
                offering["priceInformation"] = json!([{"costType": "total_costs", "amount": amount, "currency": "EUR"}]);
            }
            if let Some(last) = self.get("/closingDate").and_then(Value::as_str).and_then(|day| values::instant(day, true)) {
                let mut period = json!({"startDateTime": values::instant(&self.published.to_string(), false), "endDateTime": last});
                if let Some(url) = self.get("/enrolment/url") {
                    period["enrolmentUrl"] = url.clone();
                }
                offering["enrolmentPeriods"] = json!([period]);
            }
            offering
        };
        self.list("editions").iter().enumerate().map(offering).collect()
    }
}

fn address(location: &Value) -> Value {
    let mut address = json!({"addressType": "teaching", "countryCode": "NL"});
    for (member, name) in [("postcode", "postCode"), ("place", "city")] {
        if let Some(value) = location.get(member) {
            address[name] = value.clone();
        }
    }
    if let Some((latitude, longitude)) = location.get("latitude").zip(location.get("longitude")) {
        address["geolocation"] = json!({"latitude": latitude, "longitude": longitude});
    }
    address
}
