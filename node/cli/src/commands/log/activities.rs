//! `polder log activities`: what the records of the processing log point to, as the running node says it.

use polder_exchange::people::{Activities, Activity};

use crate::commands::consent::{ShowArgs, show, words};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::Lang;

pub(super) async fn list(args: &ShowArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let all = show::one_page(&args.client(config)?, "/v1/activities").await?;
    show::show(&all, args.lang(), output, lines)
}

fn lines(all: &Activities, lang: Lang) -> Vec<String> {
    let head = lang.either(["activity", "what for", "used", "records"], ["activiteit", "waarvoor", "in gebruik", "regels"]);
    let row = |one: &Activity| {
        let what_for =
            one.purpose.map_or_else(|| lang.either("keep profiles", "profielen bewaren"), |purpose| words::purpose(purpose, lang));
        let used = if one.in_use { lang.either("yes", "ja") } else { lang.either("no", "nee") };
        vec![clean(&one.activity), what_for.to_owned(), used.to_owned(), clean(&one.records.join(", "))]
    };
    show::rows(&head, all.items.iter().map(row), lang)
}
