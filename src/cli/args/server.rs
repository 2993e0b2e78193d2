//! The commands of whoever runs the server.

use std::net::SocketAddr;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  status-roster serve                          # for a client that starts it
  status-roster serve --http 127.0.0.1:8080    # for many clients")]
pub(in crate::cli) struct Serve {
    /// Serve over HTTP at this address, such as `127.0.0.1:8080`, for many clients at once.
    #[arg(long, value_name = "ADDR")]
    pub http: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Token {
    /// Make a token and print it, this once.
    #[command(after_help = "Example: status-roster token new --name chatops --scopes read,write")]
    New {
        /// Name the person, agent or team that the token stands for.
        #[arg(long)]
        name: String,
        /// Give its bearer these rights: `read`, `write`, `remove`, `publish`, `admin`, with commas between them.
        #[arg(long, value_delimiter = ',', default_value = "read")]
        scopes: Vec<String>,
        /// Let it expire after this time, such as `90d` or `12h`.
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

#[derive(Debug, Args)]
pub(in crate::cli) struct Named {
    /// The plan's name, as `status-roster plans` shows it; its beginning is enough.
    pub plan: String,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct Sandbox {
    #[command(subcommand)]
    pub command: Option<SandboxCommand>,
    /// Listen on this address. Loopback only.
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

#[derive(Debug, Clone, Copy, Subcommand)]
pub(in crate::cli) enum SandboxCommand {
    /// Put the world of `--sandbox` in this state directory back to its start.
    Reset,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Audit {
    /// Print the last changes and refusals.
    #[command(after_help = "\
Examples:
  status-roster audit tail --person jane.doe@example.com --since 7d
  status-roster audit tail -n 100 --tool offboard_person --output json     # the lines as they are")]
    Tail(Tail),
    /// Check that no line was edited, removed, added or moved.
    Verify,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Tail {
    /// Show at most so many lines.
    #[arg(short = 'n', long, default_value_t = 20)]
    pub lines: usize,
    /// Only lines that name this person: an address, a name or an id.
    #[arg(long, value_name = "WHO")]
    pub person: Option<String>,
    /// Only lines since then: a date, a time (RFC 3339), or how long ago, such as `7d` or `12h`.
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Only lines of this tool.
    #[arg(long, value_name = "TOOL")]
    pub tool: Option<String>,
}
