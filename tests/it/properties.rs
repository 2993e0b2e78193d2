//! Whatever the world and whatever is asked: the world afterwards is the plan that was shown, and nothing else changed.

mod addresses;
mod cursor;
mod groups;
mod permissions;
pub(crate) mod request;
mod sync;
mod viewer_access;
