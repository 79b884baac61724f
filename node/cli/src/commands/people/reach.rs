//! `polder people ask`, `request` and `contact`: asking a worker, and reaching somebody who was found.

use clap::Args;
use polder_consent::{Field, RequestId};
use polder_exchange::people::{RequestStanding, StandingState};
use polder_model::about::About;
use polder_model::contact::ContactAsked;
use polder_model::{OfferKey, PartnerId, Purpose};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{show, words};
use crate::client::NodeArgs;
use crate::commands::consent::about_people;
use crate::commands::query::about;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, table};
use crate::words_of::words_of;

/// What is asked, and of whom.
#[derive(Debug, Args)]
pub(crate) struct AskArgs {
    /// The worker: the key of a skill offer of your own node, or with --partner the key of a result.
    #[arg(long)]
    key: OfferKey,
    /// The partner whose result showed them; your own node otherwise.
    #[arg(long)]
    partner: Option<PartnerId>,
    /// What for.
    #[arg(long, value_name = "PURPOSE", value_parser = words_of::<Purpose>(about_people()))]
    purpose: Purpose,
    /// What is to be seen; may be repeated.
    #[arg(long = "field", value_name = "FIELD", required = true, value_parser = words_of::<Field>(Field::ALL.map(Field::pointer)))]
    fields: Vec<Field>,
    /// Who is to see it, where that is another partner than yours; of workers of your own node alone.
    #[arg(long, value_name = "PARTNER")]
    recipient: Option<PartnerId>,
    /// Who helps the worker, by an id of your own that says nothing by itself; of workers of your own node alone.
    #[arg(long, value_name = "ID")]
    assisted_by: Option<OfferKey>,
    /// For which open vacancy or training of your own, such as vacancy:V-2041: the worker is told. Name it wherever you can.
    #[arg(long, value_name = "KIND:KEY", value_parser = about)]
    about: Option<About>,
    #[command(flatten)]
    node: NodeArgs,
}

/// Which request.
#[derive(Debug, Args)]
pub(crate) struct RequestArgs {
    /// The id of the request, as `polder people ask` said it.
    request: RequestId,
    #[command(flatten)]
    node: NodeArgs,
}

/// Who, and for what.
#[derive(Debug, Args)]
pub(crate) struct ContactArgs {
    /// The partner whose result showed them.
    #[arg(long)]
    partner: PartnerId,
    /// Their key in that result.
    #[arg(long)]
    key: OfferKey,
    /// The offer of your own for which they are sought, such as vacancy:V-2041.
    #[arg(long, value_name = "KIND:KEY", value_parser = about)]
    about: About,
    #[command(flatten)]
    node: NodeArgs,
}

/// Asks.
pub(super) async fn ask(args: &AskArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let mut asked = json!({"key": args.key, "purpose": args.purpose, "fields": args.fields});
    let optional = [
        ("partner", args.partner.as_ref().map(PartnerId::as_str)),
        ("recipient", args.recipient.as_ref().map(PartnerId::as_str)),
        ("assistedBy", args.assisted_by.as_ref().map(OfferKey::as_str)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            asked[name] = json!(value);
        }
    }
    if let Some(about) = &args.about {
        asked["about"] = json!(about);
    }
    let standing: Value = args.node.client(config)?.post("/v1/requests", &asked).await?;
    show::show(&standing, output.lang, output, |standing: &RequestStanding, lang| {
        let mut lines = vec![lang.either(format!("Asked, as request {}.", standing.id), format!("Gevraagd, als verzoek {}.", standing.id))];
        lines.extend(standing_lines(standing, lang));
        if standing.state == StandingState::NotGiven {
            lines.push(lang.either(
                format!("`polder people request {}` says later what is in force.", standing.id),
                format!("`polder people request {}` zegt later wat er geldt.", standing.id),
            ));
        }
        lines
    })
}

/// Looks.
pub(super) async fn request(args: &RequestArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let standing = show::one_page(&args.node.client(config)?, &format!("/v1/requests/{}", args.request)).await?;
    show::show(&standing, output.lang, output, standing_lines)
}

fn standing_lines(standing: &RequestStanding, lang: Lang) -> Vec<String> {
    let (what_for, fields) = (words::purpose(standing.purpose, lang), words::fields(standing.in_force, lang));
    let (key, recipient) = (&standing.key, &standing.recipient);
    vec![match standing.state {
        StandingState::Given => lang.either(
            format!("In force: {recipient} may see of {key}: {fields} ({what_for})."),
            format!("Er geldt: {recipient} mag van {key} zien: {fields} ({what_for})."),
        ),
        StandingState::Asked => lang.either(
            format!("What {key} decides towards {recipient} is for the worker alone to see."),
            format!("Wat {key} tegenover {recipient} beslist ziet alleen de werkende."),
        ),
        StandingState::NotGiven => lang.either(
            format!("Nothing of it is in force. Whether {key} refused, has not answered or was not asked nobody can see."),
            format!("Er geldt niets van. Of {key} weigerde, nog niet antwoordde of niet gevraagd is kan niemand zien."),
        ),
    }]
}

#[derive(Deserialize)]
struct Reached {
    document: Document,
    disclosure: Under,
}

#[derive(Deserialize)]
struct Document {
    contact: Contact,
}

#[derive(Deserialize)]
struct Contact {
    name: Option<String>,
    email: Option<String>,
    telephone: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Under {
    use_until: String,
}

/// Asks how somebody can be reached.
pub(super) async fn contact(args: &ContactArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let asked = ContactAsked { partner: args.partner.clone(), key: args.key.clone(), about: args.about.clone() };
    let reached: Value = args.node.client(config)?.post("/v1/contacts", &asked).await?;
    show::show(&reached, output.lang, output, contact_lines)
}

fn contact_lines(reached: &Reached, lang: Lang) -> Vec<String> {
    let Contact { name, email, telephone } = &reached.document.contact;
    let named = [(lang.either("name", "naam"), name), ("e-mail", email), (lang.either("telephone", "telefoon"), telephone)];
    let said = named.into_iter().filter_map(|(label, value)| Some(vec![label.to_owned(), clean(value.as_deref()?)]));
    let mut lines = table::lines(&said.collect::<Vec<_>>());
    let until = words::moment(&reached.disclosure.use_until, lang);
    lines.push(
        lang.either(format!("To be used until {until}, and then erased."), format!("Te gebruiken tot {until}, en daarna te wissen.")),
    );
    lines
}
