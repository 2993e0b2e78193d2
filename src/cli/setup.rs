//! From the command line to a wired server.

use std::time::Duration;

use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use url::Url;

use super::args::Common;
use crate::access::Key;
use crate::app::App;
use crate::config::{self, Config, Flags, LogFormat, Sources};
use crate::roster::{DirectoryId, OrganizationId, System};
use crate::sandbox;
use crate::secret::Secret;
use crate::store::window::Limits;
use crate::{toolkit, tools};

/// A server, and the sandbox behind it where there is one: it lives as long as this does.
pub(super) struct Ready {
    pub app: App,
    pub config: Config,
    _sandbox: Option<sandbox::Running>,
}

/// Reads the configuration whole.
pub(super) fn configuration(common: &Common) -> Result<Config, String> {
    load(common, false)
}

/// The same for a command that reads what the server wrote: whoever audits or approves has no key.
pub(super) fn at_the_server(common: &Common) -> Result<Config, String> {
    load(common, true)
}

fn load(common: &Common, at_the_server: bool) -> Result<Config, String> {
    let catalogue = tools::catalogue(toolkit::Limits::default());
    let names: Vec<&str> = catalogue.cards().map(|card| card.name).collect();
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
    let mut config = configuration(common)?;
    start_logging(&config);
    let mut running = None;
    if common.sandbox {
        let sandbox = sandbox(&config).await?;
        point_at(&mut config, &sandbox)?;
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

/// Where the world of `--sandbox` is kept.
pub(super) fn sandbox_folder(config: &Config) -> std::path::PathBuf {
    config.server.state_dir.join("sandbox")
}

async fn sandbox(config: &Config) -> Result<sandbox::Running, String> {
    let folder = sandbox_folder(config);
    let kept = sandbox::start_in(sandbox::Settings::default(), &folder).await;
    let running = match kept {
        Ok(running) => Ok(running),
        Err(error) => {
            tracing::warn!(%error, folder = %folder.display(), "the sandbox's world ends with this process");
            sandbox::start(sandbox::Settings::default()).await
        }
    };
    running.map_err(|error| format!("the sandbox could not start: {error}"))
}

/// All three systems; a key that the operator wrote something down of is not the sandbox's.
fn point_at(config: &mut Config, sandbox: &sandbox::Running) -> Result<(), String> {
    let system = |system: System, base_url: &str, key: &str, limits: Limits| {
        let base_url = Url::parse(base_url)
            .map_err(|error| format!("the sandbox has no usable address: {error}"))?;
        Ok::<_, String>(config::System {
            base_url,
            api_key: Secret::new(key),
            limits,
            key: Key {
                name: format!("the sandbox's {system} key"),
                system,
                created: None,
                expires: None,
                creator: None,
                own: true,
            },
        })
    };
    let limits = |requests, seconds| Limits::new(requests, Duration::from_secs(seconds));
    config.statuspage = Some(config::Statuspage {
        system: system(
            System::Statuspage,
            &sandbox.statuspage_url(),
            &sandbox.api_key,
            Limits {
                reserve: 5,
                ..limits(60, 60)
            },
        )?,
        organization_id: OrganizationId::parse(&sandbox.organization_id)
            .map_err(|error| error.to_string())?,
        owner: None,
        audience_specific_pages: std::collections::BTreeSet::new(),
    });
    config.atlassian_scim = Some(config::AtlassianScim {
        system: system(
            System::AtlassianScim,
            &sandbox.scim_url(),
            &sandbox.scim_api_key,
            limits(120, 60),
        )?,
        directory_id: DirectoryId::parse(&sandbox.directory_id)
            .map_err(|error| error.to_string())?,
    });
    config.statusapp = Some(config::StatusApp {
        system: system(
            System::Statusapp,
            &sandbox.statusapp_url(),
            &sandbox.statusapp_api_key,
            limits(1_000, 3_600),
        )?,
    });
    Ok(())
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
