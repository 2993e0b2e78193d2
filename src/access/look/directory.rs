//! People and groups of the directory, as plans and steps compare them.

use serde_json::{Value, json};

use crate::access::words::who;
use crate::roster::{Clearable, DirectoryUser, DirectoryUserId};

/// Returns the state that a plan is made from: everything about the person but the time of the read.
pub(in crate::access) fn state(user: &DirectoryUser) -> Value {
    let mut state = json!(&user.record);
    if let Some(state) = state.as_object_mut() {
        state.insert("user_name".to_owned(), json!(user.user_name));
        state.insert("other_emails".to_owned(), json!(user.other_emails));
        for field in Clearable::ALL {
            if let Some(value) = user.value(*field) {
                state.insert(field.as_str().to_owned(), json!(value));
            }
        }
    }
    state
}

/// The ids of people.
pub(in crate::access) fn ids(people: &[DirectoryUser]) -> Vec<DirectoryUserId> {
    let id = |user: &DirectoryUser| user.record.directory_user_id();
    people.iter().filter_map(id).collect()
}

/// Returns the names of people, for a plan.
pub(in crate::access) fn names(people: &[DirectoryUser]) -> String {
    let names: Vec<String> = people.iter().map(|user| who(&user.record)).collect();
    names.join(", ")
}

/// Returns the ids of a group's people, in an order that two reads share.
pub(in crate::access) fn sorted(ids: Option<&[DirectoryUserId]>) -> Value {
    let mut ids: Vec<_> = ids.unwrap_or_default().to_vec();
    ids.sort();
    json!(ids)
}
