//! `polder partners`: who is in the federation, as the node's register says.

use serde::Deserialize;

use crate::client::NodeArgs;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::table;

#[derive(Deserialize)]
struct Partners {
    register: InForce,
    items: Vec<Partner>,
}

#[derive(Deserialize)]
struct InForce {
    region: String,
    epoch: u64,
    version: u64,
    standing: String,
}

#[derive(Deserialize)]
struct Partner {
    partner: String,
    name: String,
    roles: Vec<String>,
    purposes: Vec<String>,
    status: String,
    region: String,
    home: bool,
    #[serde(rename = "otherTables")]
    other_tables: Option<Vec<String>>,
}

/// Shows the partners.
pub(crate) async fn run(args: &NodeArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let body = args.client(config)?.get("/v1/partners").await?;
    let no_list = |error: serde_json::Error| Failure::internal(format!("/v1/partners: the reply is not of its form: {error}"));
    if output.json {
        output.pretty_json(&serde_json::from_slice::<serde_json::Value>(&body).map_err(no_list)?)?;
        return Ok(Exit::Done);
    }
    let Partners { register, items } = serde_json::from_slice(&body).map_err(no_list)?;
    let InForce { epoch, version, .. } = &register;
    output.line(format!("register of {}, epoch {epoch}, version {version}: {}", clean(&register.region), clean(&register.standing)))?;
    let mut rows = vec![["partner", "name", "roles", "may ask for", "status", "tables"].map(str::to_owned).to_vec()];
    for item in &items {
        let name = match () {
            () if item.home => format!("{} (this node)", item.name),
            () if item.region != register.region => format!("{} (of {})", item.name, item.region),
            () => item.name.clone(),
        };
        let tables = match item.other_tables.as_deref() {
            None => "not heard of".to_owned(),
            Some([]) => "as here".to_owned(),
            Some(others) => format!("other {}", others.join(", ")),
        };
        let row = [&item.partner, &name, &item.roles.join(", "), &item.purposes.join(", "), &item.status, &tables];
        rows.push(row.map(|text| clean(text)).to_vec());
    }
    for line in table::lines(&rows) {
        output.line(line)?;
    }
    if items.iter().any(|item| item.other_tables.is_none()) {
        output
            .line("not heard of: that one has not said yet which tables it has; it is asked again and again (`polder doctor` visits it)")?;
    }
    Ok(Exit::Done)
}
