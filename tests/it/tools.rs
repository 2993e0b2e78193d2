//! Tools, asked as a client asks them: by name, with JSON, against the sandbox.

mod add_page_viewer;
mod arguments;
mod change_viewer_access;
mod confirmation;
mod directory;
mod export_roster;
mod find_person;
mod fits;
mod groups;
mod injection;
mod keys;
mod lists;
mod meanwhile;
mod offboard_person;
mod permission_matrix;
mod policy;
mod review_access;
mod review_fixes;
mod review_migration;
mod review_people;
mod review_systems;
mod set_permissions;
mod statusapp;
mod subscribers;
mod sync_page_viewers;
mod systems;
pub(crate) mod world;
