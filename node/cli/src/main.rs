//! The polder node as a program: init, serve, demo, register, log, reference, import, sync, export, query, consent,
//! rights, people, partners.
//!
//! `commands` holds one module for each command; each takes its arguments and an [`output::Output`] and says how it ended.

mod accession;
mod checks;
mod client;
mod command_line;
mod commands;
mod config;
mod demo;
mod digits;
mod exit;
mod file_descriptors;
mod files_seen;
mod fsc;
mod import;
mod log;
mod new_node;
mod output;
mod print;
mod register_files;
mod register_watch;
mod serve;
mod tables;
mod words_of;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{
    backup, clients, completions, configuration, consent, doctor, export, import as import_command, init, join, log as log_command,
    openapi, partners, people, query, reference, register, restored, rights, sync,
};

use client::NodeArgs;
use config::{Setting, Source};
use exit::{EXIT_CODES, Exit, Failure};
use new_node::MadeToken;
use output::Output;
use print::Lang;

/// A federated data-exchange node for a regional labour market.
#[derive(Debug, Parser)]
#[command(name = "polder", version, after_help = EXIT_CODES, max_term_width = 120)]
struct Cli {
    /// Configuration file; without it ./polder.toml, then /etc/polder/polder.toml.
    #[arg(long, global = true, env = "POLDER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// A value for a key of the configuration, over file and environment, such as client.listen=127.0.0.1:8080; may be repeated.
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    set: Vec<Setting>,
    /// Write JSON instead of text for people.
    #[arg(long, global = true)]
    json: bool,
    /// The language of text for workers, and of what goes wrong; that of LANG otherwise. Help, and what only operators read, is in English.
    #[arg(long, global = true)]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start eight nodes on this machine and watch them answer together.
    Demo(demo::DemoArgs),
    /// Make keys, an operator token and a configuration for a new node.
    Init(init::InitArgs),
    /// Join a region with the accession file of its registrar: check it, start, ask everyone a first question.
    Join(join::JoinArgs),
    /// Look at everything that a node needs, and say what to do where something is wrong.
    Doctor,
    /// Copy the database to a file, while the node runs.
    Backup(backup::BackupArgs),
    /// Say that the database was restored from a backup, after it was put in its place and before the node starts.
    Restored,
    /// Run the node.
    Serve(serve::ServeArgs),
    /// Make, change and check the register of partners.
    #[command(subcommand)]
    Register(register::RegisterCommand),
    /// Check the log of what was done with people's data.
    #[command(subcommand)]
    Log(log_command::LogCommand),
    /// Import official tables of skills, occupations, postcodes and words, and see which there are.
    #[command(subcommand)]
    Reference(reference::ReferenceCommand),
    /// Publish offers from files: lines of JSON, schema.org JobPosting, SETU or HR-XML, or rows with a mapping.
    Import(import_command::ImportArgs),
    /// Have the node read the catalogues of course systems (Open Education API), and see what could not be mapped.
    Sync(sync::SyncArgs),
    /// Write this partner's own offers as lines of JSON.
    Export(export::ExportArgs),
    /// Ask the federation.
    Query(query::QueryArgs),
    /// What a worker decides about themself, and sees of what was done with it.
    #[command(subcommand)]
    Consent(consent::ConsentCommand),
    /// What a worker may have done with all that is held of them, here and elsewhere.
    #[command(subcommand)]
    Rights(rights::RightsCommand),
    /// What a partner's own systems do about people: ask a worker, reach somebody, erase what ended.
    #[command(subcommand)]
    People(people::PeopleCommand),
    /// Systems that call this node: propose, approve and end them.
    #[command(subcommand)]
    Clients(clients::ClientsCommand),
    /// Show who is in the federation.
    Partners(NodeArgs),
    /// Write the OpenAPI document of the client interface.
    Openapi(openapi::OpenapiArgs),
    /// Write the reference of every key of the configuration.
    Configuration(configuration::ConfigurationArgs),
    /// Write a script that completes commands in a shell.
    Completions(completions::CompletionsArgs),
}

impl Command {
    fn reads_the_configuration(&self) -> bool {
        matches!(
            self,
            Self::Log(_)
                | Self::Reference(_)
                | Self::Join(_)
                | Self::Doctor
                | Self::Backup(_)
                | Self::Restored
                | Self::Serve(_)
                | Self::Import(_)
                | Self::Sync(_)
                | Self::Export(_)
                | Self::Query(_)
                | Self::Consent(_)
                | Self::Rights(_)
                | Self::People(_)
                | Self::Clients(_)
                | Self::Partners(_)
        )
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version are no errors, and are for people.
        Err(error) if error.use_stderr() => {
            let asked = |wanted: &str| std::env::args().any(|argument| argument == wanted);
            return command_line::fail(&error, asked("--json"), Lang::of_arguments(std::env::args()));
        }
        Err(error) => error.exit(),
    };
    let output = Output::new(cli.json, cli.lang.unwrap_or_else(Lang::of_environment));
    let exit = run(&cli, &output).unwrap_or_else(|failure| {
        output.fail(&failure);
        failure.exit()
    });
    exit.into()
}

fn run(cli: &Cli, output: &Output) -> Result<Exit, Failure> {
    // Both TLS stacks, of the node and of its client, use this one provider. Only a second call could fail.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = Source { file: cli.config.as_deref(), set: &cli.set };
    if !cli.set.is_empty() && !cli.command.reads_the_configuration() {
        return Err(Failure::configuration("--set: this command does not read the configuration; leave it out"));
    }
    if cli.command.reads_the_configuration() {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        config::misspelt(names).iter().for_each(|warning| output.warn(warning));
    }
    if matches!(cli.command, Command::Import(_) | Command::Query(_)) {
        tables::use_those_of(config);
    }
    match &cli.command {
        Command::Demo(args) => wait(demo::run(args, make_token, output)),
        Command::Init(args) => init::run(args, config.file, make_token, output),
        Command::Join(args) => wait(join::run(args, config, output)),
        Command::Doctor => wait(doctor::run(config, output)),
        Command::Backup(args) => wait(backup::run(args, config, output)),
        Command::Restored => wait(restored::run(config, output)),
        Command::Serve(args) => serve_node(args, config),
        Command::Register(command) => register::run(command, output),
        Command::Log(command) => wait(log_command::run(command, config, output)),
        Command::Reference(command) => reference::run(command, config, output),
        Command::Import(args) => wait(import_command::run(args, config, output)),
        Command::Sync(args) => wait(sync::run(args, config, output)),
        Command::Export(args) => wait(export::run(args, config, output)),
        Command::Query(args) => wait(query::run(args, config, output)),
        Command::Consent(command) => wait(consent::run(command, config, output)),
        Command::Rights(command) => wait(rights::run(command, config, output)),
        Command::People(command) => wait(people::run(command, config, output)),
        Command::Clients(command) => wait(clients::run(command, config, output)),
        Command::Partners(args) => wait(partners::run(args, config, output)),
        Command::Openapi(args) => openapi::run(args, &polder_web::openapi_json(), output),
        Command::Configuration(args) => configuration::run(args, output),
        Command::Completions(args) => completions::run::<Cli>(args, output),
    }
}

/// Runs a command that waits for the network.
fn wait<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::internal(format!("the runtime cannot be started: {error}")))?;
    let ended = runtime.block_on(command);
    // A thread that reads standard input must not keep the program.
    runtime.shutdown_background();
    ended
}

fn serve_node(args: &serve::ServeArgs, config: Source<'_>) -> Result<Exit, Failure> {
    let config = config.load()?;
    config.check_ready_to_serve().map_err(|error| Failure::configuration(error.to_string()))?;
    log::start(&config.log)?;
    file_descriptors::allow_for(&config.limits);
    wait(serve::run(&config, args)).map(|()| Exit::Done)
}

fn make_token(random: [u8; 32]) -> MadeToken {
    let token = polder_web::OperatorToken::from_random(random);
    MadeToken { token: token.reveal().to_owned(), hash: token.hash().to_hex() }
}
