//! One PositionOpening becomes a vacancy.

use polder_model::Kind;
use roxmltree::{Node, NodeId};
use serde_json::{Map, Value, json};

use super::{TABLE, values};
use crate::draft::Draft;
use crate::fields::Fate;
use crate::report::{Ended, Loss, NotLive, Place, Record, Refused, Why};
use crate::xml::{self, DEEPEST, attribute, children, name, within, words};
use crate::{Context, html, key};

/// What came of it.
pub(super) enum Came {
    Ended(Ended),
    Record(Box<Result<Record, Refused>>),
}

/// What is known of the vacancy so far.
pub(super) struct Reading<'r> {
    pub(super) draft: Draft,
    pub(super) context: Context<'r>,
    pub(super) employer: Map<String, Value>,
    /// The supplier that is the employer.
    pub(super) employing: Option<NodeId>,
    pub(super) application: Map<String, Value>,
    pub(super) contracts: Vec<Value>,
    pub(super) skills: Vec<Value>,
    pub(super) licences: Vec<Value>,
    pub(super) description: Vec<String>,
    too_deep: bool,
}

/// Reads one.
pub(super) fn opening(node: &Node<'_, '_>, place: Place, context: Context<'_>) -> Came {
    let refused = |refused: Refused| Came::Record(Box::new(Err(refused)));
    let info = within(node, "PositionRecordInfo").unwrap_or(*node);
    // That of the owner before those of others.
    let ids: Vec<Node<'_, '_>> = children(&info).filter(|inner| name(inner) == "Id").collect();
    let id =
        ids.iter().find(|id| attribute(id, "idOwner").is_some_and(|owner| owner.eq_ignore_ascii_case("owner"))).or_else(|| ids.first());
    let Some(key) = id.map(words).filter(|text| !text.is_empty()).and_then(|text| key::of(&text)) else {
        return refused(Refused::new(place, "Id", Why::Missing { allowed: "an IdValue in PositionRecordInfo" }));
    };
    let status = children(&info).find(|inner| name(inner) == "Status");
    let word = status.as_ref().map(words).unwrap_or_default().to_lowercase();
    if ["x:delete", "x:deactivate", "inactive", "closed", "deleted"].contains(&word.as_str()) {
        return Came::Ended(Ended { place, key, because: NotLive::Withdrawn });
    }
    let mut reading = Reading {
        draft: Draft::new(Kind::Vacancy, TABLE),
        context,
        employer: Map::new(),
        employing: values::employing(node),
        application: Map::new(),
        contracts: Vec::new(),
        skills: Vec::new(),
        licences: Vec::new(),
        description: Vec::new(),
        too_deep: false,
    };
    let language = node.descendants().filter(Node::is_element).find_map(|inner| attribute(&inner, "lang"));
    if let Some(language) = language.and_then(crate::values::language) {
        reading.draft.language(&language);
    }
    if let Some(last) = status.as_ref().and_then(|status| attribute(status, "validTo")) {
        reading.date("Status", "closingDate", last);
    }
    reading.visit(node, 0);
    if reading.too_deep {
        return refused(Refused::new(place, "", Why::TooMuch { what: "levels of elements", most: DEEPEST as u64 }).of(key));
    }
    if !reading.draft.has("title") {
        return refused(Refused::new(place, "FunctionName", Why::Missing { allowed: "what the work is called" }).of(key));
    }
    if !reading.employer.contains_key("name") {
        return refused(Refused::new(place, "OrganizationName", Why::Missing { allowed: "the name of the employer" }).of(key));
    }
    Came::Record(Box::new(reading.finish(place, key)))
}

impl Reading<'_> {
    fn visit(&mut self, node: &Node<'_, '_>, depth: usize) {
        if depth > DEEPEST {
            self.too_deep = true;
            return;
        }
        for inner in children(node) {
            match TABLE.field(name(&inner)).map(|field| field.fate) {
                Some(Fate::LeftOut(because)) => self.draft.note(name(&inner), Loss::LeftOut { because }),
                Some(Fate::Text(..)) => self.text(&inner),
                Some(_) => self.field(&inner),
                None if children(&inner).next().is_some() => self.visit(&inner, depth + 1),
                None if !words(&inner).is_empty() => self.draft.note(name(&inner), Loss::UnknownField),
                None => {}
            }
        }
    }

    fn text(&mut self, node: &Node<'_, '_>) {
        let said = words(node);
        let flag = said.eq_ignore_ascii_case("true");
        if said.eq_ignore_ascii_case("false") {
            return;
        }
        let said = if flag { "ja".to_owned() } else { html::plain(&said) };
        self.draft.keep(name(node), &said, ("", ""));
    }

    fn field(&mut self, node: &Node<'_, '_>) {
        let field = name(node);
        match field {
            "FunctionName" | "PositionTitle" => {
                let title = html::unescaped(&words(node));
                // In the Dutch standard, the name of the function comes second and says more.
                if !title.trim().is_empty() && (field == "FunctionName" || !self.draft.has("title")) {
                    self.draft.put("title", title);
                }
            }
            "FunctionDescription" => self.description.insert(0, html::plain(&words(node))),
            "FormattedPositionDescription" => self.formatted(node),
            "PositionSupplierNL" | "PositionSupplier" => values::supplier(self, node),
            "OrganizationName" | "Company" => values::employer_name(self, &words(node)),
            "OrganizationId" => values::employer_id(self, node),
            "IndustryCode" => values::industry(self, node),
            "StartDate" => self.date(field, "startDate", &words(node)),
            "ClosingDate" => self.date(field, "closingDate", &words(node)),
            "PhysicalLocation" => values::location(self, node),
            "BasePay" => values::pay(self, node),
            "HoursPerWeek" => values::hours(self, node),
            "ContractDetails" => values::contract(self, node),
            "EducationDegree" | "WorkingAndThinkingLevel" => values::education(self, node),
            "LicensesAndCertifications" => values::licences(self, node),
            "Competency" => values::competency(self, node),
            "HowToApply" => values::application(self, node),
            "NumberToFill" => match words(node).parse::<u16>().ok().filter(|count| (1..=1000).contains(count)) {
                Some(count) => self.draft.put("positions", count),
                None => self.draft.not_understood(field, "a whole number from 1 to 1000"),
            },
            // Id and Status have been read.
            _ => {}
        }
    }

    /// A part of the description, with its name as a heading.
    fn formatted(&mut self, node: &Node<'_, '_>) {
        let heading = within(node, "Name").map(|name| words(&name)).unwrap_or_default();
        let value = within(node, "Value").map_or_else(|| words(node), |value| words(&value));
        let text = html::plain(&value);
        if !text.is_empty() {
            self.description.push(if heading.is_empty() { text } else { format!("{heading}:\n{text}") });
        }
    }

    pub(super) fn date(&mut self, field: &str, member: &str, text: &str) {
        match crate::values::date(text) {
            Some(date) => self.draft.put(member, date.to_string()),
            None => self.draft.not_understood(field, "a date as 2026-11-30, with or without a time, from 1970 to 2099"),
        }
    }

    fn finish(mut self, place: Place, key: polder_model::OfferKey) -> Result<Record, Refused> {
        let description = self.description.join("\n\n");
        if !description.trim().is_empty() {
            self.draft.put("description", description);
        }
        self.draft.put("employer", self.employer);
        if !self.application.is_empty() {
            self.draft.put("application", self.application);
        }
        self.draft.put_list("ContractDetails", "contracts", self.contracts, 11);
        self.draft.put_list("Competency", "skills", self.skills, 50);
        self.draft.put_list("LicensesAndCertifications", "licences", self.licences, 16);
        self.draft.finish(place, key)
    }
}

/// A value in an element: of an attribute or an element of one of these names.
pub(super) fn either(node: &Node<'_, '_>, names: &[&str]) -> Option<String> {
    let attributes = names.iter().find_map(|wanted| xml::attribute(node, wanted)).map(str::to_owned);
    attributes.or_else(|| names.iter().find_map(|wanted| within(node, wanted)).map(|inner| words(&inner))).filter(|text| !text.is_empty())
}

/// A list of one contract.
pub(super) fn form(form: &str) -> Value {
    json!({"form": form})
}
