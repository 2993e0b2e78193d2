//! Statuspage: the team and its permissions, pages, page access users and groups, components, subscribers.

pub(in crate::access) mod add_viewer;
pub(in crate::access) mod group_losses;
pub(in crate::access) mod groups;
pub(in crate::access) mod items;
pub(in crate::access) mod members;
pub(in crate::access) mod pages;
pub(in crate::access) mod permissions;
pub(in crate::access) mod reach;
pub(in crate::access) mod remove_group;
pub(in crate::access) mod save_group;
pub(in crate::access) mod scope_words;
pub(in crate::access) mod sees;
pub(in crate::access) mod several;
pub(in crate::access) mod subscribe;
pub(in crate::access) mod subscribers;
pub(in crate::access) mod sync_viewers;
pub(in crate::access) mod team;
pub(in crate::access) mod viewer_access;
pub(in crate::access) mod viewer_sign_in;
pub(in crate::access) mod viewers;
pub(in crate::access) mod who_sees;
