//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Shows AI agents who has access to your status pages, and lets them change it without losing or keeping anybody by accident.
#[derive(Debug, Parser)]
#[command(name = "status-roster", version, about, after_help = AFTER, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str =
    "Start here: `status-roster demo` tells the whole story on a built-in sandbox, without a key.";

/// What every command understands.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Common {
    /// Configuration file (TOML). Without it: `STATUS_ROSTER_CONFIG`, then `~/.config/status-roster/config.toml`.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where budgets, spent tokens and the audit file are kept.
    #[arg(long, global = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Let tools change access. Without it the server only looks.
    #[arg(long, global = true)]
    pub allow_writes: bool,
    /// Which groups of tools are on, with commas: `access` (the default), `operations` (incidents, components, metrics, settings).
    #[arg(long, global = true, value_name = "NAMES")]
    pub toolsets: Option<String>,
    /// Use the built-in sandbox instead of the real systems: seeded data, no key, no network.
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// What to log on standard error, such as `info` or `status_roster=debug`.
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tell the whole story on the built-in sandbox: no key, no network, some seconds.
    Demo,
    /// Serve the Model Context Protocol on standard input and output, or over HTTP.
    Serve(Serve),
    /// Call one tool and print its result.
    Call(Call),
    /// List the tools.
    Tools(Tools),
    /// Check the configuration and reach every system once. Every problem is printed.
    Check,
    /// Run the sandbox alone, as an HTTP server that plays the upstream systems.
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
}

#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Serve over HTTP at this address, such as `127.0.0.1:8080`, for many clients at once.
    #[arg(long, value_name = "ADDR")]
    pub http: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Make a token and print it, this once.
    New {
        /// Whom it stands for: a person, an agent or a team.
        #[arg(long)]
        name: String,
        /// What its bearer may do: `read`, `write`, `remove`, `publish`, `admin`, with commas between them.
        #[arg(long, value_delimiter = ',', default_value = "read")]
        scopes: Vec<String>,
        /// How long it is good for, such as `90d` or `12h`.
        #[arg(long, default_value = "90d")]
        expires: String,
    },
    /// List the tokens: names, scopes and ends.
    List,
    /// Take a token away. It is refused from the next second on.
    Revoke {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Call {
    /// The tool's name; `status-roster tools` lists them.
    pub tool: String,
    /// Arguments as `key=value`. A value that is JSON is taken as JSON, anything else as text.
    #[arg(value_name = "KEY=VALUE")]
    pub arguments: Vec<String>,
    /// All arguments as one JSON object, instead of `key=value`.
    #[arg(long, value_name = "OBJECT", conflicts_with = "arguments")]
    pub json: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The plan's name, as `status-roster plans` shows it; its beginning is enough.
    pub plan: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Tools {
    /// Print cards with schemas, as a client receives them.
    #[arg(long)]
    pub json: bool,
    /// Print the table that README.md holds.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Sandbox {
    /// Where to listen. Loopback only.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8917")]
    pub listen: SocketAddr,
    /// Page access users of the big page.
    #[arg(long, default_value_t = 1_200)]
    pub viewers: usize,
    /// Team members.
    #[arg(long, default_value_t = 250)]
    pub team_members: usize,
    /// Requests that it allows in a window.
    #[arg(long, default_value_t = 60)]
    pub requests_per_window: u32,
    /// The window's length in seconds.
    #[arg(long, default_value_t = 60)]
    pub window_seconds: u64,
}

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Print the last lines.
    Tail {
        /// How many.
        #[arg(short = 'n', long, default_value_t = 20)]
        lines: usize,
    },
    /// Check that no line was edited, removed, added or moved.
    Verify,
}
