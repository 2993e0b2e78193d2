//! The parts that the use cases are built from.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::access::Key;
use crate::audit::Log;
use crate::clock::Clock;
use crate::confirmation::Gate;
use crate::memory::Memory;
use crate::policy::Rules;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::providers::statusapp::StatusApp;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Email, PageId, System};
use crate::store::{KeyRing, Store};

/// The parts that `app` builds.
pub struct Parts {
    /// Statuspage, where it is configured.
    pub statuspage: Option<Statuspage>,
    /// The user directory, where it is configured.
    pub atlassian_scim: Option<AtlassianScim>,
    /// StatusApp, where it is configured.
    pub statusapp: Option<StatusApp>,
    /// The rules of the operator.
    pub rules: Rules,
    /// Confirmations.
    pub gate: Gate,
    /// The audit file, or why it cannot be written: then nothing is changed.
    pub log: Result<Log, String>,
    /// Seals cursors.
    pub keys: KeyRing,
    /// Lets a change be alone with what it changes.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The memory for clients.
    pub memory: Memory,
    /// The facts of the set-up that `server_status` shows.
    pub settings: Settings,
}

/// Facts of the set-up that only `server_status` and estimates use.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// True when the upstream is the built-in sandbox.
    pub sandbox: bool,
    /// Requests in a window, and the window's length, of each system that is configured.
    pub budgets: BTreeMap<System, (u32, Duration)>,
    /// Pages that the operator says are audience-specific.
    pub audience_specific_pages: Vec<PageId>,
    /// The operator's notes about API keys, this server's own first.
    pub keys: Vec<Key>,
    /// The systems that are asked, so that no read of another is gone on with.
    pub systems: String,
    /// The owner of the Statuspage organization, where the operator names them: the API does not show it.
    pub owner: Option<Email>,
}
