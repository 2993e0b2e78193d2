//! Wires everything once: from a configuration to a server that can be called.

use std::sync::Arc;

use crate::access::{Access, Parts, Settings};
use crate::audit::{self, Log};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::confirmation::{self, Gate};
use crate::mcp::Handler;
use crate::memory::Memory;
use crate::policy::Rules;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::providers::statusapp::StatusApp;
use crate::providers::statuspage::Statuspage;
use crate::roster;
use crate::secret::Secret;
use crate::store::Store;
use crate::toolkit::{self, Catalogue};
use crate::tools;
use crate::transport::http;
use crate::upstream::{self, Client, Credential};

/// A server, wired and ready; nothing has been sent yet.
pub struct App {
    /// The use cases.
    pub access: Arc<Access>,
    /// The tools.
    pub catalogue: Arc<Catalogue>,
    /// The state that processes share.
    pub store: Store,
}

/// The reasons why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The state directory.
    #[error("the state directory `{path}` cannot be used: {why}; name another with `--state-dir`")]
    State {
        /// The path of the directory.
        path: String,
        /// The reason.
        why: String,
    },
    /// The Redis that several machines share.
    #[error("{0}; the server does not start without it")]
    Redis(crate::store::StoreError),
    /// A system's settings.
    #[error("{0}")]
    Upstream(String),
}

/// Opens the store of shared state that the configuration names.
///
/// # Errors
/// A sentence for the person who starts it.
pub async fn store(config: &Config, clock: Clock) -> Result<Store, StartError> {
    match &config.redis {
        Some(redis) => Store::in_redis(redis.address.clone(), redis.prefix.clone(), clock)
            .await
            .map_err(StartError::Redis),
        None => Store::in_directory(&config.server.state_dir, clock)
            .map_err(|error| state_error(config, &error)),
    }
}

fn state_error(config: &Config, error: &crate::store::StoreError) -> StartError {
    StartError::State {
        path: config.server.state_dir.display().to_string(),
        why: error.to_string(),
    }
}

impl App {
    /// Wires a server.
    ///
    /// # Errors
    /// A sentence for the person who starts it.
    pub async fn build(config: &Config, sandbox: bool) -> Result<Self, StartError> {
        Self::build_at(config, sandbox, Clock::system()).await
    }

    /// Wires a server that lives by this clock.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub async fn build_at(
        config: &Config,
        sandbox: bool,
        clock: Clock,
    ) -> Result<Self, StartError> {
        // The sandbox's world stays in the state directory, and with it the keys and what is spent; its limits begin with the process.
        let store = if sandbox {
            Store::in_directory(&config.server.state_dir, clock).map_or_else(
                |error| {
                    tracing::warn!(%error, "what is remembered of the sandbox ends with this process");
                    Store::memory(clock)
                },
                Store::with_window_of_its_own,
            )
        } else {
            store(config, clock).await?
        };
        let statuspage = match &config.statuspage {
            Some(settings) => Some(statuspage(settings, &store, clock)?),
            None => None,
        };
        let atlassian_scim = match &config.atlassian_scim {
            Some(settings) => Some(atlassian_scim(settings, &store, clock)?),
            None => None,
        };
        let statusapp = match &config.statusapp {
            Some(settings) => Some(statusapp(settings, &store, clock)?),
            None => None,
        };
        let systems = systems(config);
        let secrets: Vec<Secret> = systems.iter().map(|it| it.api_key.clone()).collect();
        let own_keys = systems.iter().map(|it| it.key.clone());
        let keys_known: Vec<_> = own_keys.chain(config.other_keys.iter().cloned()).collect();
        let log = open_log(config, clock, secrets).await;
        let keys = store.keys().await.map_err(|error| match config.redis {
            Some(_) => StartError::Redis(error),
            None => state_error(config, &error),
        })?;
        let gate = Gate::new(
            store.clone(),
            clock,
            confirmation::Settings {
                ttl: config.confirmation.ttl,
                require: config.confirmation.require,
            },
        );
        let each = [
            (
                crate::roster::System::Statuspage,
                config.statuspage.as_ref().map(|it| &it.system),
            ),
            (
                crate::roster::System::AtlassianScim,
                config.atlassian_scim.as_ref().map(|it| &it.system),
            ),
            (
                crate::roster::System::Statusapp,
                config.statusapp.as_ref().map(|it| &it.system),
            ),
        ];
        let limits = |system: &config::System| (system.limits.requests, system.limits.window);
        let budgets = each
            .into_iter()
            .filter_map(|(name, system)| Some((name, limits(system?))));
        let audience_specific_pages = match &config.statuspage {
            Some(it) => it.audience_specific_pages.iter().cloned().collect(),
            None => Vec::new(),
        };
        let access = Access::new(Parts {
            statuspage,
            atlassian_scim,
            statusapp,
            rules: rules(config),
            gate,
            log,
            keys,
            store: store.clone(),
            clock,
            memory: Memory::new(config.server.memory),
            settings: Settings {
                sandbox,
                budgets: budgets.collect(),
                audience_specific_pages,
                keys: keys_known,
                systems: asked_where(config, sandbox),
                owner: config.statuspage.as_ref().and_then(|it| it.owner.clone()),
            },
        });
        let concurrent = usize::try_from(config.server.max_concurrent_calls).unwrap_or(usize::MAX);
        let limits = toolkit::Limits {
            max_wait: config.server.max_wait,
            concurrent,
            // A single caller may use all concurrent calls.
            each: if http(config).asks_who() {
                concurrent / 4
            } else {
                concurrent
            },
            ..toolkit::Limits::default()
        };
        Ok(Self {
            access: Arc::new(access),
            catalogue: Arc::new(tools::catalogue(limits)),
            store,
        })
    }

    /// The protocol's side of it.
    #[must_use]
    pub fn handler(&self) -> Handler {
        Handler::new(self.access.clone(), self.catalogue.clone())
    }
}

/// Names the systems that are asked, the same in every process. The sandbox is on another port in each.
fn asked_where(config: &Config, sandbox: bool) -> String {
    if sandbox {
        return "the sandbox".to_owned();
    }
    let organization = config
        .statuspage
        .iter()
        .map(|it| it.organization_id.to_string());
    let directory = config
        .atlassian_scim
        .iter()
        .map(|it| it.directory_id.to_string());
    let addresses = systems(config)
        .into_iter()
        .map(|it| it.base_url.to_string());
    let all: Vec<String> = addresses.chain(organization).chain(directory).collect();
    all.join(" ")
}

/// Returns the settings of every configured system.
fn systems(config: &Config) -> Vec<&config::System> {
    let statuspage = config.statuspage.iter().map(|it| &it.system);
    let directory = config.atlassian_scim.iter().map(|it| &it.system);
    let team = config.statusapp.iter().map(|it| &it.system);
    statuspage.chain(directory).chain(team).collect()
}

fn client(
    name: roster::System,
    credential: fn(Secret) -> Credential,
    system: &config::System,
    store: &Store,
    clock: Clock,
) -> Result<Client, StartError> {
    let settings = upstream::Settings {
        limits: system.limits,
        // StatusApp alone says what is left.
        follow_headers: name == roster::System::Statusapp,
        ..upstream::Settings::new(
            name.as_str(),
            system.base_url.clone(),
            credential(system.api_key.clone()),
        )
    };
    Client::new(settings, store, clock).map_err(|error| StartError::Upstream(error.to_string()))
}

fn statuspage(
    settings: &config::Statuspage,
    store: &Store,
    clock: Clock,
) -> Result<Statuspage, StartError> {
    let name = roster::System::Statuspage;
    let client = client(name, Credential::OAuth, &settings.system, store, clock)?;
    let organization = settings.organization_id.clone();
    Ok(Statuspage::new(client, organization, clock))
}

fn atlassian_scim(
    settings: &config::AtlassianScim,
    store: &Store,
    clock: Clock,
) -> Result<AtlassianScim, StartError> {
    let name = roster::System::AtlassianScim;
    let client = client(name, Credential::Bearer, &settings.system, store, clock)?;
    let directory = settings.directory_id.clone();
    Ok(AtlassianScim::new(client, directory, clock))
}

fn statusapp(
    settings: &config::StatusApp,
    store: &Store,
    clock: Clock,
) -> Result<StatusApp, StartError> {
    let name = roster::System::Statusapp;
    let client = client(name, Credential::ApiKey, &settings.system, store, clock)?;
    Ok(StatusApp::new(client, clock))
}

async fn open_log(config: &Config, clock: Clock, secrets: Vec<Secret>) -> Result<Log, String> {
    let opened: audit::Opened = Log::open(&config.audit.path, clock, secrets)
        .await
        .map_err(|error| error.to_string())?;
    for change in opened.unfinished {
        tracing::warn!(plan = %change.plan, intent = %change.intent, "a change has no outcome on record");
    }
    Ok(opened.log)
}

fn rules(config: &Config) -> Rules {
    let policy = &config.policy;
    Rules {
        writes: config.server.mode == config::Mode::Write,
        toolsets: config.toolsets.clone(),
        tools: policy.tools.clone(),
        without_tools: policy.without_tools.clone(),
        pages: policy.pages.clone(),
        domains: policy.email_domains.clone(),
        protected: policy.protected_people.clone(),
    }
}

/// Converts the HTTP part of the configuration into the settings of the transport.
#[must_use]
pub fn http(config: &Config) -> http::Settings {
    let settings = &config.http;
    // With an identity provider nobody is let in without a token anyway, so that a token file may come later.
    let in_force =
        settings.tokens_file_named || settings.oauth.is_some() || settings.tokens_file.exists();
    let longest_call = config.server.max_wait + std::time::Duration::from_secs(60);
    http::Settings {
        public_url: settings.public_url.clone(),
        allowed_hosts: settings.allowed_hosts.clone(),
        allowed_origins: settings.allowed_origins.clone(),
        tokens_file: in_force.then(|| settings.tokens_file.clone()),
        oauth: settings.oauth.as_ref().map(|oauth| http::OAuth {
            issuer: oauth.issuer.clone(),
            issuer_text: oauth.issuer_text.clone(),
            audience: oauth.audience.clone(),
            jwks_url: oauth.jwks_url.clone(),
            scopes: oauth.scopes.clone(),
        }),
        requests_per_minute: settings.requests_per_minute,
        total_requests_per_minute: settings.total_requests_per_minute,
        max_body: settings.max_body,
        patience: settings.patience,
        max_sessions: settings.max_sessions as usize,
        session_idle: settings.session_idle.max(longest_call),
        max_connections: settings.max_connections as usize,
        metrics_open: settings.metrics == config::Metrics::Open,
    }
}
