//! The rights of each role of a StatusApp team, and the seats of each plan: StatusApp's own tables ("Team Collaboration": Permission
//! Matrix, Team Member Limits), whole. The roles are in order, so an action is known by the weakest role that has it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{TeamRole, words::words};

words! {
    /// Something that is done in StatusApp.
    TeamAction {
        /// Monitors.
        ViewMonitors = "view monitors",
        /// Monitors.
        CreateMonitor = "create a monitor",
        /// Monitors.
        EditMonitor = "edit a monitor",
        /// Monitors.
        DeleteMonitor = "delete a monitor",
        /// Monitors.
        PauseMonitor = "pause or resume a monitor",
        /// Incidents.
        ViewIncidents = "view incidents",
        /// Incidents.
        CreateIncident = "create an incident",
        /// Incidents.
        UpdateIncident = "update an incident",
        /// Incidents.
        ResolveIncident = "resolve an incident",
        /// Incidents.
        AssignIncident = "assign an incident",
        /// Status pages.
        ViewPages = "view status pages",
        /// Status pages.
        CreatePage = "create a status page",
        /// Status pages.
        EditPage = "edit a status page",
        /// Status pages.
        DeletePage = "delete a status page",
        /// Notifications.
        ViewChannels = "view notification channels",
        /// Notifications.
        EditChannels = "create or edit notification channels",
        /// Notifications.
        DeleteChannels = "delete notification channels",
        /// Team and settings.
        View = "view team members",
        /// Team and settings.
        Invite = "invite users",
        /// Team and settings.
        Remove = "remove users",
        /// Team and settings.
        ChangeRoles = "change roles",
        /// Team and settings.
        Billing = "access billing",
        /// Team and settings.
        ManageKeys = "manage API keys",
        /// Analytics.
        ViewAnalytics = "view analytics",
        /// Analytics.
        CreateDashboards = "create dashboards",
        /// Analytics.
        CreateReports = "create reports",
    }
}

impl TeamAction {
    /// The weakest role that may.
    #[must_use]
    pub fn least(self) -> TeamRole {
        match self {
            Self::ViewMonitors
            | Self::ViewIncidents
            | Self::ViewPages
            | Self::ViewChannels
            | Self::View
            | Self::ViewAnalytics => TeamRole::Viewer,
            Self::CreateMonitor
            | Self::EditMonitor
            | Self::PauseMonitor
            | Self::CreateIncident
            | Self::UpdateIncident
            | Self::ResolveIncident
            | Self::AssignIncident => TeamRole::Member,
            Self::DeleteMonitor
            | Self::CreatePage
            | Self::EditPage
            | Self::DeletePage
            | Self::EditChannels
            | Self::DeleteChannels
            | Self::Invite
            | Self::Remove
            | Self::ManageKeys
            | Self::CreateDashboards
            | Self::CreateReports => TeamRole::Admin,
            Self::ChangeRoles | Self::Billing => TeamRole::Owner,
        }
    }
}

/// Both tables, as they are shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct TeamRights {
    /// Each action with the roles that may do it; a role that is not named may not.
    pub permissions: Vec<Permission>,
    /// Seats of each plan.
    pub plans: Vec<PlanSeats>,
    /// Notes on what the tables leave out.
    pub notes: Vec<String>,
}

/// One line of the permission matrix.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Permission {
    /// The action.
    pub action: TeamAction,
    /// The roles that may do it.
    pub roles: Vec<TeamRole>,
}

/// One line of the table of seats.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct PlanSeats {
    /// The plan.
    pub plan: &'static str,
    /// The number of team members that it allows.
    pub seats: &'static str,
}

impl TeamRights {
    /// The tables.
    #[must_use]
    pub fn tables() -> Self {
        let may = |action: TeamAction| {
            let all = TeamRole::ALL.iter().copied();
            all.filter(|role| role.may(action)).rev().collect()
        };
        let permission = |action: &TeamAction| Permission {
            action: *action,
            roles: may(*action),
        };
        let plans = [
            ("Starter", "1-5"),
            ("Professional", "5-25"),
            ("Business", "25-100"),
            ("Enterprise", "unlimited"),
        ];
        let notes = [
            "An administrator cannot touch an owner's role; there is always at least one owner, and an only owner cannot be given another role.",
            "A changed role works after the member has signed in again.",
            "Audit logs, single sign-on and roles of one's own are for the Enterprise plan alone: a role with another name is one of those, and what it may do stands in StatusApp.",
        ];
        Self {
            permissions: TeamAction::ALL.iter().map(permission).collect(),
            plans: plans.map(|(plan, seats)| PlanSeats { plan, seats }).into(),
            notes: notes.map(str::to_owned).into(),
        }
    }
}
