//! Whatever the world and whatever is asked: the world afterwards is the plan that was shown, and nothing else changed.

mod groups;
pub(crate) mod request;
mod viewer_access;
