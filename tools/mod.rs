//! The catalogue: one line a tool, no logic.
//!
//! A tool is three files with its name: `NAME.rs` (input, output, effect, a short handler), `NAME.md` (the words that the
//! model reads) and `contracts/NAME.snap` (what a client receives).

use crate::toolkit::{Catalogue, Limits};

mod add_org_user;
mod add_page_viewer;
<<<<<<< HEAD
mod find_person;
=======
mod change_viewer_access;
>>>>>>> 679e20b (Change what a viewer is given by merging, and say what they still see through groups)
mod get_permissions;
mod list_components;
mod list_org_users;
mod list_page_access_groups;
mod list_page_access_users;
mod list_pages;
mod list_subscribers;
mod offboard_person;
mod remove_user;
mod server_status;
mod set_permissions;

/// Every tool.
#[must_use]
pub fn catalogue(limits: Limits) -> Catalogue {
    Catalogue::new(limits)
        .with::<add_org_user::AddOrgUser>()
        .with::<add_page_viewer::AddPageViewer>()
<<<<<<< HEAD
        .with::<find_person::FindPersonTool>()
=======
        .with::<change_viewer_access::ChangeViewerAccess>()
>>>>>>> 679e20b (Change what a viewer is given by merging, and say what they still see through groups)
        .with::<get_permissions::GetPermissions>()
        .with::<list_components::ListComponents>()
        .with::<list_org_users::ListOrgUsers>()
        .with::<list_page_access_groups::ListPageAccessGroups>()
        .with::<list_page_access_users::ListPageAccessUsers>()
        .with::<list_pages::ListPages>()
        .with::<list_subscribers::ListSubscribers>()
        .with::<offboard_person::OffboardPerson>()
        .with::<remove_user::RemoveUser>()
        .with::<server_status::ServerStatusTool>()
        .with::<set_permissions::SetPermissionsTool>()
}
