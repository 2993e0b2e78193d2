//! The roster as plain values: people, pages, roles and groups, and who has access to what.
//!
//! Guarantees: a value that exists is valid ([`Email`], [`PageId`]), text from outside has been through [`text::clean`],
//! and what changes access ([`Permissions::merge`]) never touches what was not named.
//! Not here: where the values come from, and whether somebody may change them. Nothing in this module does I/O.

pub mod counting;
pub mod desired;
pub mod difference;
pub mod directory;
pub mod email;
pub mod fingerprint;
pub mod ids;
pub mod incident;
pub mod merge;
pub mod name_part;
pub mod names;
pub mod nearest;
pub mod operations;
pub mod page;
pub mod permissions;
pub mod reach;
pub mod record;
pub mod set_change;
pub mod sheet;
pub mod strange;
pub mod subscriber;
pub mod team;
pub mod team_matrix;
pub mod text;
pub mod viewers;
pub(crate) mod words;

pub use counting::{By, Counting, ValueCount};
pub use desired::{Desired, desired};
pub use difference::{Difference, difference};
pub use directory::{Claim, Clearable, DirectoryContact, DirectoryGroup, DirectoryUser};
pub use email::{BadEmail, Email, Emails};
pub use fingerprint::Fingerprint;
pub use ids::{
    BadId, ComponentId, DirectoryId, DirectoryUserId, GroupId, IncidentId, IncidentUpdateId,
    InvitationId, MemberId, MetricId, MetricsProviderId, OrganizationId, PageId, RecordId,
    SubscriberId, Thing, UserId, ViewerId,
};
pub use incident::{
    ComponentStatus, Impact, Incident, IncidentKind, IncidentUpdate, Postmortem, Template,
};
pub use merge::{Change, Delta, MergeError, Merged, PageGrant};
pub use name_part::{Domain, Fit, NameMatch, NamePart};
pub use names::Names;
pub use operations::{ComponentSettings, MetricDetail, MetricsProvider, PageSettings};
pub use page::{Audience, Evidence, Page};
pub use permissions::{PageRoles, Permissions, Role};
pub use reach::{Reach, Ways};
pub use record::{
    EveryRecord, Kind, Level, Provenance, Record, RecordScope, RosterRow, Status, System,
};
pub use set_change::{SetChange, SetError, SetMerged};
pub use subscriber::{Mode, Subscriber};
pub use team::{Invitation, TeamRole};
pub use team_matrix::{Permission, PlanSeats, TeamAction, TeamRights};
pub use viewers::{Component, Metric, PageAccessGroup, ViewerScope};
