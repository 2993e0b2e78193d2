//! The catalogue: one line a tool, no logic.
//!
//! A tool is three files with its name: `NAME.rs` (input, output, effect, a short handler), `NAME.md` (the words that the
//! model reads) and `contracts/NAME.snap` (what a client receives).

use crate::toolkit::{Catalogue, Limits};

mod add_org_user;
mod add_page_viewer;
mod add_subscriber;
mod change_directory_group;
mod change_viewer_access;
mod clear_metric_data;
mod edit_incident_update;
mod export_roster;
mod find_person;
mod get_page_settings;
mod get_permissions;
mod invite_team_member;
mod list_components;
mod list_directory_groups;
mod list_directory_users;
mod list_incidents;
mod list_metrics;
mod list_org_users;
mod list_page_access_groups;
mod list_page_access_users;
mod list_pages;
mod list_subscribers;
mod list_team_invitations;
mod list_team_members;
mod offboard_person;
mod open_incident;
mod operations_input;
mod provision_directory_user;
mod remove_component;
mod remove_incident;
mod remove_metric;
mod remove_page_access_group;
mod remove_user;
mod review_access;
mod save_component;
mod save_metric;
mod save_page_access_group;
mod save_page_settings;
mod save_postmortem;
mod schedule_maintenance;
mod server_status;
mod set_component_status;
mod set_permissions;
mod set_team_role;
mod submit_metric_data;
mod sync_page_viewers;
mod update_directory_user;
mod update_incident;

/// Every tool.
#[must_use]
pub fn catalogue(limits: Limits) -> Catalogue {
    Catalogue::new(limits)
        .with::<add_org_user::AddOrgUser>()
        .with::<add_page_viewer::AddPageViewer>()
        .with::<add_subscriber::AddSubscriber>()
        .with::<change_directory_group::ChangeDirectoryGroupTool>()
        .with::<change_viewer_access::ChangeViewerAccess>()
        .with::<export_roster::ExportRosterTool>()
        .with::<find_person::FindPersonTool>()
        .with::<get_permissions::GetPermissions>()
        .with::<invite_team_member::InviteTeamMember>()
        .with::<list_components::ListComponents>()
        .with::<list_directory_groups::ListDirectoryGroups>()
        .with::<list_directory_users::ListDirectoryUsers>()
        .with::<list_org_users::ListOrgUsers>()
        .with::<list_page_access_groups::ListPageAccessGroups>()
        .with::<list_page_access_users::ListPageAccessUsers>()
        .with::<list_pages::ListPages>()
        .with::<list_subscribers::ListSubscribers>()
        .with::<list_team_invitations::ListTeamInvitations>()
        .with::<list_team_members::ListTeamMembers>()
        .with::<offboard_person::OffboardPerson>()
        .with::<provision_directory_user::ProvisionDirectoryUser>()
        .with::<remove_page_access_group::RemovePageAccessGroup>()
        .with::<remove_user::RemoveUser>()
        .with::<review_access::ReviewAccess>()
        .with::<save_page_access_group::SavePageAccessGroup>()
        .with::<server_status::ServerStatusTool>()
        .with::<set_permissions::SetPermissionsTool>()
        .with::<set_team_role::SetTeamRoleTool>()
        .with::<update_directory_user::UpdateDirectoryUser>()
        .with::<sync_page_viewers::SyncPageViewers>()
        .with::<clear_metric_data::ClearMetricData>()
        .with::<edit_incident_update::EditIncidentUpdate>()
        .with::<get_page_settings::GetPageSettings>()
        .with::<list_incidents::ListIncidents>()
        .with::<list_metrics::ListMetrics>()
        .with::<open_incident::OpenIncident>()
        .with::<remove_component::RemoveComponent>()
        .with::<remove_incident::RemoveIncident>()
        .with::<remove_metric::RemoveMetric>()
        .with::<save_component::SaveComponent>()
        .with::<save_metric::SaveMetric>()
        .with::<save_page_settings::SavePageSettings>()
        .with::<save_postmortem::SavePostmortem>()
        .with::<schedule_maintenance::ScheduleMaintenance>()
        .with::<set_component_status::SetComponentStatus>()
        .with::<submit_metric_data::SubmitMetricData>()
        .with::<update_incident::UpdateIncident>()
}
