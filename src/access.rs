//! The use cases: look, plan, apply; and the only place that orders them.
//!
//! A change is always the same walk: plan from fresh reads, ask policy, and where it takes something away ask for a
//! confirmation; then for each step write the intent to the audit file, make the change, read it back, write the outcome.
//! `change` holds that walk; a use case only says what the steps are.

mod account;
mod act;
mod acts;
mod add_viewer;
mod ask;
mod change;
mod check;
mod confirm;
mod core;
mod cursor;
mod directory;
mod directory_change;
mod directory_groups;
mod drift;
mod export;
mod find_person;
mod gauges;
mod group_losses;
mod groups;
mod items;
mod job;
mod journey;
mod keys;
mod listing;
mod lists;
mod members;
mod memory;
mod offboard;
mod pages;
mod permissions;
mod person;
mod reach;
mod refusal;
mod remove_group;
mod report;
mod review;
mod save_group;
mod scan;
mod scope_words;
mod settle;
mod shelf;
mod status;
mod statusapp_change;
mod statusapp_team;
mod subscribe;
mod subscribers;
mod surface;
mod surfaces;
mod sync_viewers;
mod team;
mod viewer_access;
mod viewers;

pub use self::core::{Access, Parts, Settings};
pub use account::Account;
pub use add_viewer::NewPageViewer;
pub use ask::{Ask, Needs, Progress, Silent};
pub use directory::DirectoryFilter;
pub use directory_change::DirectoryChange;
pub use directory_groups::{DirectoryGroupChange, DirectoryGroupFilter};
pub use export::{
    ActiveDate, Export, ExportColumns, ExportFormat, ExportRoster, ExportWhat, WholeExport,
};
pub use find_person::{FindPerson, PersonReport, Unknown, UnknownKind, Verdict};
pub use gauges::Gauge;
pub use groups::{GroupFilter, GroupRow};
pub use items::PageItem;
pub use keys::{Key, KeyAge};
pub use listing::{Listing, Rate, Window};
pub use memory::{Named, Snapshot, SnapshotRecords};
pub use offboard::{Keep, Offboard, OffboardReport};
pub use pages::PageList;
pub use permissions::{MemberPermissions, PageGrantInput, PagePermission, SetPermissions, Who};
pub use person::{Person, Question, Reply};
pub use reach::{EffectiveAccess, GroupHeld, Reached};
pub use refusal::Refusal;
pub use report::{ChangeReport, Cost, NotShown, Progress as Done, Status, StepReport};
pub use review::{Finding, Fix, Profile, Review, ReviewReport, Severity};
pub use save_group::GroupEdit;
pub use status::{ServerStatus, SystemStatus, ToolOff};
pub use statusapp_team::{InvitationFilter, InvitationListing, TeamFilter, TeamListing};
pub use subscribe::NewSubscription;
pub use subscribers::SubscriberFilter;
pub use sync_viewers::{SyncDifference, SyncReport, SyncViewers};
pub use team::MemberFilter;
pub use viewer_access::{ScopeChange, ViewerChangeReport};
pub use viewers::{ViewerFilter, ViewerRow};
