//! The command line: every command and option.

mod access;
mod server;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub(super) use access::{AddViewer, Export, Find, Offboard, Permissions, Review, Sync};
pub(super) use server::{Audit, Named, Sandbox, SandboxCommand, Serve, Tail, Token};

/// Shows AI agents who has access to your status pages, and lets them change it without losing or keeping anybody by accident.
#[derive(Debug, Parser)]
#[command(name = "status-roster", version, about, after_help = AFTER, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

const AFTER: &str = "\
Start here: `status-roster demo` tells the whole story on a built-in sandbox, without a key.
`status-roster --sandbox find lena.leaver@example.com` asks the sandbox something.

Exit codes: 0 done, or answered whole; 1 refused or failed; 2 wrong usage; 3 a confirmation is needed; 4 incomplete or
unknown: conclude nothing from it; 5 the system accepted the request and nothing changed; 6 `find` found accounts.";

/// The options of every command.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Common {
    /// Configuration file (TOML). Without it: `STATUS_ROSTER_CONFIG`, then `~/.config/status-roster/config.toml`.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Keep budgets, spent tokens, the sandbox's world and the audit file in this directory.
    #[arg(long, global = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Let tools change access. Without it the server only looks.
    #[arg(long, global = true)]
    pub allow_writes: bool,
    /// Turn on these groups of tools, with commas between them: `access` (the default), `operations` (incidents, components, metrics,
    /// settings).
    #[arg(long, global = true, value_name = "NAMES")]
    pub toolsets: Option<String>,
    /// Use the built-in sandbox instead of the real systems: seeded data, no key, no network. What you change there stays in the
    /// state directory; `status-roster sandbox reset` starts anew.
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// Print results in this form. Without it: a table on a terminal, JSON in a pipe.
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    pub output: Option<Format>,
    /// Print the result and errors, and nothing else.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Log this on standard error, such as `info` or `status_roster=debug`.
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

/// The form in which a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, as wide as the terminal.
    Table,
    /// The whole result of the tool.
    Json,
    /// The rows, with a header line.
    Csv,
    /// The rows, a JSON object a line.
    Ndjson,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find every account of a person, in every system.
    Find(Find),
    /// Print or write the roster, to its last row.
    Export(Export),
    /// Look through everybody's access for what should not be.
    Review(Review),
    /// Remove every account of people who have left, after a confirmation.
    Offboard(Offboard),
    /// Let people look at one audience-specific page.
    AddViewer(AddViewer),
    /// Show a team member's page roles, or change them.
    Permissions(Permissions),
    /// Make the viewers of a page those of a list, after a confirmation.
    Sync(Sync),
    /// Call any tool and print its result.
    Call(Call),
    /// List the tools, or show one.
    Tools(Tools),
    /// Tell the whole story on the built-in sandbox: no key, no network, some seconds.
    Demo,
    /// Check the configuration and reach every system once. Every problem is printed.
    Check,
    /// Serve the Model Context Protocol on standard input and output, or over HTTP.
    Serve(Serve),
    /// Run the sandbox alone, as an HTTP server that plays the upstream systems, or put `--sandbox` back to its start.
    Sandbox(Sandbox),
    /// Make, list and revoke the tokens of HTTP callers.
    #[command(subcommand)]
    Token(Token),
    /// List the plans that wait for a person at the server (`confirmation.require = "operator"`).
    Plans,
    /// Show a plan that waits and approve it, by typing the word that it asks for.
    Approve(Named),
    /// Say no to a plan that waits.
    Deny(Named),
    /// Read or verify the record of changes.
    #[command(subcommand)]
    Audit(Audit),
    /// Ask an address over HTTP and end with 0 where the answer is a success: for health checks of a container.
    #[command(after_help = "Example: status-roster probe http://127.0.0.1:8080/readyz")]
    Probe {
        /// The address: `https://…`, or `http://…` on this machine.
        url: url::Url,
    },
    /// Print completions for a shell.
    #[command(
        after_help = "Example: status-roster completions bash > ~/.local/share/bash-completion/completions/status-roster"
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print a manual page, or write one for every command.
    #[command(after_help = "Example: status-roster man --out ~/.local/share/man/man1")]
    Man {
        /// The command; left out, the program.
        command: Option<String>,
        /// Write the pages of every command into this folder.
        #[arg(long, value_name = "DIR", conflicts_with = "command")]
        out: Option<PathBuf>,
    },
}

/// A shell that completions are made for.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true, after_help = CALL)]
pub(super) struct Call {
    /// The tool's name; `status-roster tools` lists them.
    pub tool: Option<String>,
    /// Arguments as `key=value`, read as the tool's schema says: `component_ids=a,b` is a list. `key=@FILE` reads a file.
    #[arg(value_name = "KEY=VALUE")]
    pub arguments: Vec<String>,
    /// All arguments as one JSON object, or the file that holds it; `-` is standard input.
    #[arg(long, value_name = "OBJECT|FILE|-", conflicts_with = "arguments")]
    pub json: Option<String>,
    /// Follow cursors to the last row.
    #[arg(long)]
    pub all: bool,
    /// Show the tool's arguments, with an example.
    #[arg(short, long)]
    pub help: bool,
}

const CALL: &str = "\
Examples:
  status-roster --sandbox call list_org_users name=jane
  status-roster --sandbox call list_page_access_users page_id=customerpage --all --output csv
  status-roster call find_person --help";

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  status-roster tools\n  status-roster tools find_person")]
pub(super) struct Tools {
    /// Show this tool alone: its words and its arguments.
    pub tool: Option<String>,
    /// Print each tool with its schemas, as a client receives it.
    #[arg(long)]
    pub json: bool,
    /// Print the tables of the documentation.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}
