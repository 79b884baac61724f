//! The imports that the node keeps: shown, and ended.

use crate::client::NodeClient;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::{Lang, moment, table};

/// Shows the imports.
pub(super) async fn list(client: &NodeClient, output: &Output) -> Result<Exit, Failure> {
    let imports = client.imports().await?;
    if output.json {
        output.pretty_json(&serde_json::json!({"items": imports}))?;
        return Ok(Exit::Done);
    }
    if imports.is_empty() {
        output.line(output.lang.either("the node keeps no imports", "het knooppunt bewaart geen imports"))?;
        return Ok(Exit::Done);
    }
    let head = output.lang.either(
        ["id", "collection", "opened", "kept until", "parts", "unfinished", "lines", "refused"],
        ["id", "verzameling", "geopend", "bewaard tot", "delen", "niet af", "regels", "geweigerd"],
    );
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(imports.iter().map(|import| {
        let numbers = [import.parts, import.unfinished, import.lines, import.refused].map(|number| number.to_string());
        let [opened, until] = [import.opened_at, import.kept_until].map(|at| moment(at, output.lang));
        let texts = [clean(&import.id), clean(&import.collection), opened, until];
        texts.into_iter().chain(numbers).collect()
    }));
    table::lines(&rows).into_iter().try_for_each(|line| output.line(line))?;
    Ok(Exit::Done)
}

/// Ends an import.
pub(super) async fn end(client: &NodeClient, id: &str, output: &Output) -> Result<Exit, Failure> {
    client.end_import(id).await?;
    if output.json {
        output.json(&serde_json::json!({"ended": id}))?;
    } else {
        output.line(match output.lang {
            Lang::En => format!("import {id} is ended, and its verdicts are removed; the offers that it stored stay"),
            Lang::Nl => format!("import {id} is beëindigd en wat erover is gezegd is gewist; het aanbod dat erin stond blijft"),
        })?;
    }
    Ok(Exit::Done)
}
