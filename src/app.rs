//! Wires everything once: from a configuration to a server that can be called.

use std::sync::Arc;

use crate::access::{Access, Parts, Settings};
use crate::audit::{self, Log};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::confirmation::{self, Gate};
use crate::mcp::Handler;
use crate::policy::Rules;
use crate::providers::statuspage::Statuspage;
use crate::secret::Secret;
use crate::store::Store;
use crate::toolkit::{self, Catalogue};
use crate::tools;
use crate::upstream::{self, Client, Credential};

/// A server, wired and ready; nothing has been sent yet.
pub struct App {
    /// The use cases.
    pub access: Arc<Access>,
    /// The tools.
    pub catalogue: Arc<Catalogue>,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The state directory.
    #[error("the state directory `{path}` cannot be used: {why}; name another with `--state-dir`")]
    State {
        /// Which.
        path: String,
        /// Why.
        why: String,
    },
    /// A system's settings.
    #[error("{0}")]
    Upstream(String),
}

impl App {
    /// Wires a server.
    ///
    /// # Errors
    /// A sentence for the person who starts it.
    pub async fn build(config: &Config, sandbox: bool) -> Result<Self, StartError> {
        let clock = Clock::system();
        let state = |error: crate::store::StoreError| StartError::State {
            path: config.server.state_dir.display().to_string(),
            why: error.to_string(),
        };
        // A sandbox is new in every process, and so is everything that is remembered about it.
        let store = if sandbox {
            Store::memory(clock)
        } else {
            Store::in_directory(&config.server.state_dir, clock).map_err(state)?
        };
        let statuspage = match &config.statuspage {
            Some(settings) => Some(statuspage(settings, &store, clock)?),
            None => None,
        };
        let secrets: Vec<Secret> = config
            .statuspage
            .iter()
            .map(|settings| settings.system.api_key.clone())
            .collect();
        let mut notices = Vec::new();
        let log = open_log(config, clock, secrets, &mut notices).await;
        let keys = store.keys().await.map_err(state)?;
        let gate = Gate::new(
            store.clone(),
            clock,
            confirmation::Settings {
                ttl: config.confirmation.ttl,
            },
        );
        let budget = config
            .statuspage
            .as_ref()
            .map_or((0, std::time::Duration::ZERO), |it| {
                (it.system.limits.requests, it.system.limits.window)
            });
        let audience_specific_pages = match &config.statuspage {
            Some(it) => it.audience_specific_pages.iter().cloned().collect(),
            None => Vec::new(),
        };
        let access = Access::new(Parts {
            statuspage,
            rules: rules(config),
            gate,
            log,
            keys,
            clock,
            settings: Settings {
                sandbox,
                budget,
                audience_specific_pages,
                notices,
            },
        });
        let limits = toolkit::Limits {
            max_wait: config.server.max_wait,
            concurrent: usize::try_from(config.server.max_concurrent_calls).unwrap_or(usize::MAX),
            ..toolkit::Limits::default()
        };
        Ok(Self {
            access: Arc::new(access),
            catalogue: Arc::new(tools::catalogue(limits)),
        })
    }

    /// The protocol's side of it.
    #[must_use]
    pub fn handler(&self) -> Handler {
        Handler::new(self.access.clone(), self.catalogue.clone())
    }
}

fn statuspage(
    settings: &config::Statuspage,
    store: &Store,
    clock: Clock,
) -> Result<Statuspage, StartError> {
    let config::System {
        base_url,
        api_key,
        limits,
    } = &settings.system;
    let upstream = upstream::Settings {
        limits: *limits,
        ..upstream::Settings::new(
            "statuspage",
            base_url.clone(),
            Credential::OAuth(api_key.clone()),
        )
    };
    let client = Client::new(upstream, store, clock)
        .map_err(|error| StartError::Upstream(error.to_string()))?;
    Ok(Statuspage::new(
        client,
        settings.organization_id.clone(),
        clock,
    ))
}

async fn open_log(
    config: &Config,
    clock: Clock,
    secrets: Vec<Secret>,
    notices: &mut Vec<String>,
) -> Result<Log, String> {
    let opened: audit::Opened = Log::open(&config.audit.path, clock, secrets)
        .await
        .map_err(|error| error.to_string())?;
    for change in opened.unfinished {
        let notice = format!(
            "a change was begun at {} and its outcome is not on record: {} {} (plan {}). Look at the target before anything else",
            change.at,
            change.action,
            change
                .target
                .get("name")
                .and_then(serde_json::Value::as_str)
                .unwrap_or("somebody"),
            change.plan
        );
        tracing::warn!(plan = %change.plan, intent = %change.intent, "a change has no outcome on record");
        notices.push(notice);
    }
    Ok(opened.log)
}

fn rules(config: &Config) -> Rules {
    let policy = &config.policy;
    Rules {
        writes: config.server.mode == config::Mode::Write,
        tools: policy.tools.clone(),
        without_tools: policy.without_tools.clone(),
        pages: policy.pages.clone(),
        domains: policy.email_domains.clone(),
        protected: policy.protected_people.clone(),
    }
}
