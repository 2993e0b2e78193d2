//! The users and groups that the Atlassian Guard directory stores.

use serde::Serialize;
use serde_json::{Map, Value};

/// Users and groups of one directory.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Directory {
    pub(super) users: Vec<Entry>,
    pub(super) groups: Vec<DirectoryGroup>,
}

/// A resource: what clients wrote, and what the directory adds.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Entry {
    pub(super) id: String,
    /// Writable attributes by their names in the schema.
    pub(super) attributes: Map<String, Value>,
    /// The Atlassian account behind a user.
    pub(super) account_id: Option<String>,
    pub(super) created: String,
    pub(super) modified: String,
}

/// A group; its members are user ids.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DirectoryGroup {
    pub(super) entry: Entry,
    pub(super) members: Vec<String>,
}

impl Entry {
    pub(super) fn new(
        id: String,
        attributes: Map<String, Value>,
        account_id: Option<String>,
        now: String,
    ) -> Self {
        Self {
            id,
            attributes,
            account_id,
            created: now.clone(),
            modified: now,
        }
    }

    /// A text attribute; empty when absent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.attributes
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

impl Directory {
    pub(super) fn user(&self, id: &str) -> Option<&Entry> {
        self.users.iter().find(|entry| entry.id == id)
    }

    pub(super) fn group(&self, id: &str) -> Option<&DirectoryGroup> {
        self.groups.iter().find(|group| group.entry.id == id)
    }
}
