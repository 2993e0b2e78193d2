//! The use cases: look, plan, apply; and the only place that orders them.
//!
//! A change is always the same walk: plan from fresh reads, ask policy, and where it takes something away ask for a
//! confirmation; then for each step write the intent to the audit file, make the change, read it back, write the outcome.
//! `change` holds that walk; a use case only says what the steps are.

mod account;
mod across;
mod acts;
mod ask;
mod change;
mod core;
mod directory;
mod look;
mod operations;
mod reads;
mod refusal;
mod server;
mod statusapp;
mod statuspage;
mod who;
mod words;

pub use self::core::{Access, Parts, Settings};
pub use account::Account;
pub use across::export::{
    ActiveDate, Export, ExportColumn, ExportColumns, ExportFormat, ExportRoster, ExportWhat,
    WholeExport,
};
pub use across::find_person::{FindPerson, PersonReport, Unknown, UnknownKind, Verdict};
pub use across::offboard::{Keep, Offboard, OffboardReport};
pub use across::person::{AlsoKnownAs, Asked, NameKind};
pub use across::review::{
    FindingGroup, FindingKind, Fix, Profile, Review, ReviewReport, Severity, ShownFindings, Step,
    StepState,
};
pub use ask::{Ask, Needs, Progress, Silent};
pub use change::person::{Person, Question, Reply};
pub use change::publication::{Publication, Told};
pub use change::report::{ChangeReport, Cost, NotShown, Progress as Done, Status, StepReport};
pub use directory::change_user::DirectoryChange;
pub use directory::groups::{DirectoryGroupChange, DirectoryGroupFilter};
pub use directory::users::DirectoryFilter;
pub use operations::edit_update::UpdateChange;
pub use operations::list::{IncidentFilter, IncidentListing, IncidentRow, IncidentState};
pub use operations::metrics::{MetricEdit, MetricEnd, MetricListing};
pub use operations::open::NewIncident;
pub use operations::postmortem::PostmortemAction;
pub use operations::save_component::ComponentEdit;
pub use operations::schedule::NewMaintenance;
pub use operations::update::IncidentChange;
pub use reads::listing::{Listing, Rate, Window};
pub use reads::named_row::NamedRow;
pub use reads::spelt::{Spelling, Spelt, quoted};
pub use refusal::Refusal;
pub use server::gauges::Gauge;
pub use server::keys::{Key, KeyAge};
pub use server::memory::{Named, Snapshot, SnapshotRecords};
pub use server::status::{ServerStatus, SystemStatus, ToolOff, ToolsetStatus};
pub use statusapp::team::{InvitationFilter, InvitationListing, TeamFilter, TeamListing};
pub use statuspage::add_viewer::NewPageViewer;
pub use statuspage::groups::{GroupDetail, GroupFilter, GroupRow};
pub use statuspage::items::PageItem;
pub use statuspage::pages::PageList;
pub use statuspage::permissions::{
    MemberPermissions, PageGrantInput, PagePermission, SetPermissions,
};
pub use statuspage::reach::{EffectiveAccess, GroupHeld, Reached};
pub use statuspage::save_group::GroupEdit;
pub use statuspage::subscribe::NewSubscription;
pub use statuspage::subscribers::{Components, SubscriberFilter, SubscriberListing, SubscriberRow};
pub use statuspage::sync_viewers::{SyncDifference, SyncReport, SyncViewers};
pub use statuspage::team::MemberFilter;
pub use statuspage::viewer_access::{ScopeChange, ViewerChangeReport};
pub use statuspage::viewers::{ViewerFilter, ViewerRow};
pub use who::{MemberChange, Who, Whom};
