//! The configuration: read from a file, the environment and the flags, validated as a whole, and plain data afterwards.
//!
//! Guarantees: read-only unless told otherwise; an unknown key refuses to start; every problem is reported at once, with its
//! place and what to write instead; no credential appears in a problem or in `Debug`. It does not check that a key is
//! accepted upstream: that takes a request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

mod command;
mod credential;
mod file;
mod given;
mod http;
mod keys;
mod nearest;
mod policy;
mod problem;
mod reader;
mod server;
mod sources;
mod store;
mod systems;
mod traces;
mod unknown;

use url::Url;

use crate::access::Key;
use crate::policy::Toolsets;
use reader::Reader;

pub use http::{Http, Metrics, OAuth};
pub use policy::Policy;
pub use problem::{Origin, Problem, Problems};
pub use server::{Audit, Confirmation, Log, LogFormat, Mode, Server};
pub use sources::{Flags, Sources, VARIABLES, process_environment};
pub use store::Redis;
pub use systems::{AtlassianScim, StatusApp, Statuspage, System};

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that was read, if any was.
    pub file: Option<PathBuf>,
    /// `[server]`.
    pub server: Server,
    /// `[store]`, if it names a Redis.
    pub redis: Option<Redis>,
    /// `[http]`.
    pub http: Http,
    /// `[statuspage]`, if anything of it is given. `None` on the sandbox.
    pub statuspage: Option<Statuspage>,
    /// `[atlassian_scim]`, likewise.
    pub atlassian_scim: Option<AtlassianScim>,
    /// `[statusapp]`, likewise.
    pub statusapp: Option<StatusApp>,
    /// `[credentials] keys`: keys besides those that this server uses.
    pub other_keys: Vec<Key>,
    /// `[toolsets] enabled`.
    pub toolsets: Toolsets,
    /// `[policy]`.
    pub policy: Policy,
    /// `[confirmation]`.
    pub confirmation: Confirmation,
    /// `[audit]`.
    pub audit: Audit,
    /// `[log]`.
    pub log: Log,
    /// `[traces] endpoint`.
    pub traces: Option<Url>,
}

impl Config {
    /// Reads and checks everything. Blocks while a key command runs (30 s at most).
    ///
    /// # Errors
    /// Every problem that there is, not the first one.
    pub fn load(sources: &Sources<'_>) -> Result<Self, Problems> {
        let directory = |name: &str| {
            let path = PathBuf::from(sources.environment.get(name)?);
            // The XDG base directory specification: a relative path is invalid and must be ignored.
            path.is_absolute().then_some(path)
        };
        let home = directory("HOME");
        let state_home = directory("XDG_STATE_HOME")
            .or_else(|| Some(home.as_ref()?.join(".local/state")))
            .map(|base| base.join("status-roster"));
        // Its own folder: what was tried on the sandbox must not stand in the audit of what was done.
        let usual_state_dir = state_home.map(|base| {
            if sources.flags.sandbox {
                base.join("sandbox")
            } else {
                base
            }
        });

        let file = file_to_read(
            sources,
            home.as_deref(),
            directory("XDG_CONFIG_HOME").as_deref(),
        );
        let mut problems = Vec::new();
        let mut values = BTreeMap::new();
        if let Some(path) = &file {
            values.extend(file::read(path, &mut problems));
        }
        values.extend(sources::from_environment(
            &sources.environment,
            &mut problems,
        ));
        values.extend(sources::from_flags(&sources.flags));

        let mut from = Reader::new(values, problems, home);
        let draft = Draft::read(&mut from, sources, usual_state_dir.as_deref());
        from.finish()?;
        // All are there whenever there was no problem.
        let (Some(server), Some(audit), Some(http)) = (draft.server, draft.audit, draft.http)
        else {
            return Err(Problems(Vec::new()));
        };
        Ok(Self {
            file,
            server,
            redis: draft.redis,
            http,
            statuspage: draft.statuspage,
            atlassian_scim: draft.atlassian_scim,
            statusapp: draft.statusapp,
            other_keys: draft.other_keys,
            toolsets: draft.toolsets,
            policy: draft.policy,
            confirmation: draft.confirmation,
            audit,
            log: draft.log,
            traces: draft.traces,
        })
    }

    /// Every key there is, as `table.key`.
    #[must_use]
    pub fn keys() -> Vec<&'static str> {
        let mut from = Reader::new(BTreeMap::new(), Vec::new(), None);
        Draft::read(&mut from, &Sources::default(), None);
        from.known().collect()
    }

    /// A whole file with every key, its default and what it decides; each key is commented out.
    #[must_use]
    pub fn example() -> &'static str {
        include_str!("config/example.toml")
    }
}

/// The parts read so far: a part that has a problem may be missing.
struct Draft {
    server: Option<Server>,
    redis: Option<Redis>,
    http: Option<Http>,
    statuspage: Option<Statuspage>,
    atlassian_scim: Option<AtlassianScim>,
    statusapp: Option<StatusApp>,
    other_keys: Vec<Key>,
    toolsets: Toolsets,
    policy: Policy,
    confirmation: Confirmation,
    audit: Option<Audit>,
    log: Log,
    traces: Option<Url>,
}

impl Draft {
    fn read(from: &mut Reader, sources: &Sources<'_>, usual_state_dir: Option<&Path>) -> Self {
        let stored = !sources.flags.sandbox;
        let look = stored && !sources.at_the_server;
        let systems = ["statuspage", "atlassian_scim", "statusapp"];
        if look && !systems.iter().any(|it| from.has_table(it)) {
            let what = "no system is configured; set `STATUSPAGE_API_KEY` and `STATUSPAGE_ORGANIZATION_ID`, or add `--sandbox` to try the server without a key";
            from.problem(Origin::Nowhere, what.to_owned());
        }
        let server = server::server(from, usual_state_dir);
        let state_dir = server.as_ref().map(|it| it.state_dir.as_path());
        Self {
            audit: server::audit(from, state_dir),
            redis: store::redis(from, stored),
            http: http::http(from, state_dir),
            statuspage: systems::statuspage(from, look),
            atlassian_scim: systems::atlassian_scim(from, look),
            statusapp: systems::statusapp(from, look),
            other_keys: keys::others(from),
            toolsets: policy::toolsets(from),
            policy: policy::policy(from, sources.tools),
            confirmation: server::confirmation(from),
            log: server::log(from),
            traces: traces::endpoint(from),
            server,
        }
    }
}

/// `--config`, else the variable, else the default place if there is a file: the first two must exist.
fn file_to_read(
    sources: &Sources<'_>,
    home: Option<&Path>,
    config_home: Option<&Path>,
) -> Option<PathBuf> {
    let named = sources
        .environment
        .get(sources::FILE_VARIABLE)
        .filter(|path| !path.is_empty());
    sources
        .file
        .clone()
        .or_else(|| named.map(PathBuf::from))
        .or_else(|| file::default_place(home, config_home).filter(|path| path.exists()))
}
