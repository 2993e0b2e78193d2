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
mod export_roster;
mod find_person;
mod get_permissions;
mod invite_team_member;
mod list_components;
mod list_directory_groups;
mod list_directory_users;
mod list_org_users;
mod list_page_access_groups;
mod list_page_access_users;
mod list_pages;
mod list_subscribers;
mod list_team_invitations;
mod list_team_members;
mod offboard_person;
mod provision_directory_user;
mod remove_page_access_group;
mod remove_user;
mod review_access;
mod save_page_access_group;
mod server_status;
mod set_permissions;
mod set_team_role;
mod sync_page_viewers;
mod update_directory_user;

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
}
