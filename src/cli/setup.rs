//! From the command line to a wired server.

mod sandbox;

use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub(super) use self::sandbox::sandbox_folder;
use super::args::Common;
use crate::app::App;
use crate::config::{self, Config, Flags, LogFormat, Sources};
use crate::confirmation::Require;
use crate::{toolkit, tools};

/// A server, and the sandbox behind it where there is one: it lives as long as this does.
pub(super) struct Ready {
    pub app: App,
    pub config: Config,
    _sandbox: Option<crate::sandbox::Running>,
}

/// Reads the configuration whole.
pub(super) fn configuration(common: &Common) -> Result<Config, String> {
    load(common, false)
}

/// Reads the configuration for a command that works on what the server wrote: an auditor or approver has no key.
pub(super) fn at_the_server(common: &Common) -> Result<Config, String> {
    load(common, true)
}

fn load(common: &Common, at_the_server: bool) -> Result<Config, String> {
    let catalogue = tools::catalogue(toolkit::Limits::default());
    let names: Vec<&str> = catalogue.specs().map(|spec| spec.name).collect();
    let sources = Sources {
        file: common.config.clone(),
        environment: config::process_environment(),
        flags: Flags {
            allow_writes: common.allow_writes,
            state_dir: common.state_dir.clone(),
            log: common.log.clone(),
            toolsets: common.toolsets.clone(),
            sandbox: common.sandbox,
        },
        tools: &names,
        at_the_server,
    };
    Config::load(&sources).map_err(|problems| problems.to_string())
}

/// Reads the configuration, starts logging, and wires the server.
pub(super) async fn ready(common: &Common) -> Result<Ready, String> {
    ready_for(common, false).await
}

/// Prepares a command like [`ready`]. With `asks`, where a token would be enough to confirm, the person at the terminal types a word of the
/// plan instead.
pub(super) async fn ready_for(common: &Common, asks: bool) -> Result<Ready, String> {
    let mut config = configuration(common)?;
    if asks && config.confirmation.require == Require::Token {
        config.confirmation.require = Require::Human;
    }
    start_logging(&config);
    let mut running = None;
    if common.sandbox {
        let sandbox = sandbox::sandbox(&config).await?;
        sandbox::point_at(&mut config, &sandbox)?;
        running = Some(sandbox);
    }
    let app = App::build(&config, common.sandbox)
        .await
        .map_err(|error| error.to_string())?;
    Ok(Ready {
        app,
        config,
        _sandbox: running,
    })
}

/// Logs to standard error: standard output belongs to the protocol.
pub(super) fn start_logging(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log.filter);
    let lines = tracing_subscriber::fmt::layer()
        // Whoever started it may close the log; to complain of that where nobody listens would be a panic.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    let lines = match config.log.format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let subscriber = tracing_subscriber::registry().with(lines.with_filter(filter));
    // A second start in one process (a test) keeps the first one's logging.
    #[cfg(not(feature = "otel"))]
    drop(subscriber.try_init());
    #[cfg(feature = "otel")]
    {
        let traces = config.traces.as_ref().map(super::traces::layer).transpose();
        let why = traces.as_ref().err().cloned();
        drop(subscriber.with(traces.ok().flatten()).try_init());
        if let Some(why) = why {
            tracing::error!(%why, "traces are not exported");
        }
    }
}
