//! The parts of one client.

use super::budget::Budget;
use super::counters::Tally;
use super::removals::Removals;
use super::reported::Reported;
use super::settings::Settings;
use super::wire::Wire;
use crate::clock::Clock;

/// Everything that the clones of a client share.
pub(super) struct Inner {
    pub(super) settings: Settings,
    pub(super) wire: Wire,
    pub(super) budget: Budget,
    pub(super) tally: Tally,
    pub(super) removals: Removals,
    pub(super) reported: std::sync::Mutex<Option<Reported>>,
    pub(super) fingerprint: String,
    pub(super) clock: Clock,
}
