//! The sources of a configuration: a file, the environment and the flags. Each overrides the one before.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::given::{Given, Value};
use super::problem::{Origin, Problem};

/// Everything that decides. Nothing else is read, so a test that fills this in needs no real environment.
#[derive(Debug, Clone, Default)]
pub struct Sources<'a> {
    /// The file named by `--config`. Without it `STATUS_ROSTER_CONFIG` names one, then the default place if it exists.
    pub file: Option<PathBuf>,
    /// The environment: [`process_environment`] outside tests.
    pub environment: BTreeMap<String, String>,
    /// The flags of the command line.
    pub flags: Flags,
    /// The names of the tools that exist: `[policy]` may name no other.
    pub tools: &'a [&'a str],
    /// For a command of a person at the server, which reads what the server wrote: no system needs to be configured, no key is
    /// read, no key command is run.
    pub at_the_server: bool,
}

/// The settings that the command line can give.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--allow-writes`: the same as `[server] mode = "write"`.
    pub allow_writes: bool,
    /// `--state-dir`.
    pub state_dir: Option<PathBuf>,
    /// `--log`: a tracing filter.
    pub log: Option<String>,
    /// `--toolsets`: names with commas between them.
    pub toolsets: Option<String>,
    /// `--sandbox`: the built-in upstream. No system needs to be configured, no key is read, no key command is run.
    pub sandbox: bool,
}

/// The environment of this process. Variables that are not Unicode keep what is readable of them.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "only this function reads the environment; everything else is given the map"
)]
pub fn process_environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .map(|(name, value)| {
            (
                name.to_string_lossy().into_owned(),
                value.to_string_lossy().into_owned(),
            )
        })
        .collect()
}

/// The variables that give a setting, and the setting that each gives.
pub const VARIABLES: &[(&str, &str)] = &[
    ("STATUSPAGE_API_KEY", "statuspage.api_key"),
    ("STATUSPAGE_API_KEY_FILE", "statuspage.api_key_file"),
    ("STATUSPAGE_ORGANIZATION_ID", "statuspage.organization_id"),
    ("STATUSPAGE_BASE_URL", "statuspage.base_url"),
    ("ATLASSIAN_SCIM_API_KEY", "atlassian_scim.api_key"),
    ("ATLASSIAN_SCIM_API_KEY_FILE", "atlassian_scim.api_key_file"),
    ("ATLASSIAN_SCIM_DIRECTORY_ID", "atlassian_scim.directory_id"),
    ("ATLASSIAN_SCIM_BASE_URL", "atlassian_scim.base_url"),
    ("STATUSAPP_API_KEY", "statusapp.api_key"),
    ("STATUSAPP_API_KEY_FILE", "statusapp.api_key_file"),
    ("STATUSAPP_BASE_URL", "statusapp.base_url"),
    ("STATUS_ROSTER_STATE_DIR", "server.state_dir"),
    ("STATUS_ROSTER_REDIS_URL", "store.redis_url"),
    ("STATUS_ROSTER_REDIS_URL_FILE", "store.redis_url_file"),
    ("STATUS_ROSTER_LOG", "log.filter"),
    ("STATUS_ROSTER_TRACES_ENDPOINT", "traces.endpoint"),
    ("STATUS_ROSTER_TOOLSETS", "toolsets.enabled"),
];

/// The variable that names the file.
pub(super) const FILE_VARIABLE: &str = "STATUS_ROSTER_CONFIG";

/// A variable that begins so and comes near to one of ours is a misspelling. Others are left alone: Kubernetes sets
/// `STATUS_ROSTER_SERVICE_HOST` and its like in every pod beside a service of that name.
const PREFIXES: [&str; 4] = [
    "STATUS_ROSTER_",
    "STATUSPAGE_",
    "ATLASSIAN_SCIM_",
    "STATUSAPP_",
];

/// Letters of a whole name that may be wrong where not even its beginning is one of ours.
const SLIPS: usize = 2;

/// Reads the settings in the environment. A variable that is empty is not set: MCP hosts write `"KEY": ""` for a value that nobody filled
/// in.
pub(super) fn from_environment(
    environment: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> Vec<(String, Given)> {
    problems.extend(environment.keys().filter_map(|name| misspelt(name)));
    VARIABLES
        .iter()
        .filter_map(|(name, key)| {
            let text = environment.get(*name).filter(|text| !text.is_empty())?;
            let origin = Origin::Environment((*name).to_owned());
            Some((
                (*key).to_owned(),
                Given {
                    value: value(key, text),
                    origin,
                },
            ))
        })
        .collect()
}

/// A text as the setting takes it: names with commas between them where it is a list.
fn value(key: &str, text: &str) -> Value {
    if key != "toolsets.enabled" {
        return Value::Text(text.to_owned());
    }
    let names = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    Value::List(names.map(|name| Value::Text(name.to_owned())).collect())
}

/// The problem of a variable that is nearly one of ours.
fn misspelt(name: &str) -> Option<Problem> {
    let ours = || {
        let names = VARIABLES.iter().map(|(name, _)| *name);
        names.chain([FILE_VARIABLE])
    };
    if ours().any(|it| it == name) {
        return None;
    }
    let by_prefix = PREFIXES.iter().find_map(|prefix| {
        let rest = name.strip_prefix(prefix)?;
        let names = ours().filter_map(|it| it.strip_prefix(prefix));
        super::nearest::name(rest, names).map(|meant| format!("{prefix}{meant}"))
    });
    let meant = by_prefix.or_else(|| {
        let near = |it: &&str| strsim::damerau_levenshtein(it, name) <= SLIPS;
        ours().find(near).map(ToOwned::to_owned)
    })?;
    Some(Problem {
        origin: Origin::Environment(name.to_owned()),
        what: format!("there is no such setting; did you mean `{meant}`?"),
    })
}

/// Returns the settings that flags give.
pub(super) fn from_flags(flags: &Flags) -> Vec<(String, Given)> {
    let mode = flags
        .allow_writes
        .then(|| ("server.mode", "--allow-writes", "write".to_owned()));
    let state_dir = flags.state_dir.as_ref().map(|path| {
        (
            "server.state_dir",
            "--state-dir",
            path.to_string_lossy().into_owned(),
        )
    });
    let log = flags
        .log
        .clone()
        .map(|filter| ("log.filter", "--log", filter));
    let toolsets = flags
        .toolsets
        .clone()
        .map(|names| ("toolsets.enabled", "--toolsets", names));
    [mode, state_dir, log, toolsets]
        .into_iter()
        .flatten()
        .map(|(key, flag, text)| {
            (
                key.to_owned(),
                Given {
                    value: value(key, &text),
                    origin: Origin::Flag(flag),
                },
            )
        })
        .collect()
}
