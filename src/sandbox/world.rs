//! The stored world: people, pages and what they may see. No HTTP.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

pub(super) use super::{
    directory::{Directory, DirectoryGroup, Entry},
    history::{Data, Incident, Postmortem, Provider, Template, Update},
    team::{Invitation, Member, Role, Team},
};
use super::{
    random::Random,
    reply::Refusal,
    report::{Mail, Notification},
};

/// The roles that a team member has on a page. Empty for a page without role-based access control.
pub(super) type Roles = BTreeMap<String, bool>;

/// The organization and its pages.
#[derive(Debug, Clone, Serialize)]
pub(super) struct World {
    pub(super) users: Vec<User>,
    pub(super) pages: Vec<Page>,
    #[serde(skip)]
    pub(super) directory: Directory,
    #[serde(skip)]
    pub(super) team: Team,
    #[serde(skip)]
    pub(super) writes: BTreeMap<&'static str, u64>,
    #[serde(skip)]
    pub(super) mails: Vec<Mail>,
    #[serde(skip)]
    pub(super) notifications: Vec<Notification>,
    #[serde(skip)]
    pub(super) random: Random,
}

/// A team member.
#[derive(Debug, Clone, Serialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    /// The account owner: has every page, cannot be deleted, and permissions written to it change nothing.
    pub(super) owner: bool,
    /// The pages that can be reached, with the roles on each.
    pub(super) permissions: BTreeMap<String, Roles>,
}

/// The type of a page. The API does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Audience {
    Public,
    Private,
    Specific,
}

/// A page and everything on it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Page {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) subdomain: String,
    pub(super) audience: Audience,
    /// True when the permissions on the page carry role keys.
    pub(super) role_based: bool,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) viewers: Vec<Viewer>,
    pub(super) groups: Vec<Group>,
    pub(super) components: Vec<Component>,
    pub(super) metrics: Vec<Metric>,
    pub(super) subscribers: Vec<Subscriber>,
    pub(super) unsubscribed: Vec<Subscriber>,
    /// The settings of the page that were changed, besides its name; the others have their defaults.
    pub(super) settings: BTreeMap<String, Value>,
    /// Newest first.
    pub(super) incidents: Vec<Incident>,
    pub(super) templates: Vec<Template>,
    pub(super) providers: Vec<Provider>,
}

/// A page access user.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Viewer {
    pub(super) id: String,
    pub(super) email: Option<String>,
    pub(super) external_login: Option<String>,
    /// The one place where membership is kept; a group's list of users is made from it.
    pub(super) group_ids: Vec<String>,
    pub(super) component_ids: Vec<String>,
    pub(super) metric_ids: Vec<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

/// A page access group.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) external_identifier: Option<String>,
    pub(super) component_ids: Vec<String>,
    pub(super) metric_ids: Vec<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

/// A component, or with `group` a heading over components.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Component {
    pub(super) id: String,
    pub(super) group_id: Option<String>,
    pub(super) group: bool,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) position: usize,
    pub(super) status: String,
    pub(super) showcase: bool,
    pub(super) only_show_if_degraded: bool,
    pub(super) start_date: Option<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

/// A metric.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Metric {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) suffix: String,
    pub(super) provider_id: String,
    /// The fields that can be set at creation alone.
    pub(super) look: Value,
    pub(super) data: Data,
    pub(super) most_recent_data_at: Option<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

/// Somebody who is notified.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Subscriber {
    pub(super) id: String,
    pub(super) mode: &'static str,
    pub(super) email: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) phone_number: Option<String>,
    pub(super) phone_country: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) workspace: Option<String>,
    pub(super) confirmed: bool,
    pub(super) quarantined_at: Option<String>,
    /// Empty means all components.
    pub(super) component_ids: Vec<String>,
    pub(super) page_access_user_id: Option<String>,
    pub(super) created_at: String,
}

impl World {
    pub(super) fn page(&self, id: &str) -> Result<&Page, Refusal> {
        self.pages
            .iter()
            .find(|page| page.id == id)
            .ok_or_else(Refusal::not_found)
    }

    pub(super) fn page_mut(&mut self, id: &str) -> Result<&mut Page, Refusal> {
        self.pages
            .iter_mut()
            .find(|page| page.id == id)
            .ok_or_else(Refusal::not_found)
    }

    /// Counts a change that happened.
    pub(super) fn wrote(&mut self, kind: &'static str) {
        *self.writes.entry(kind).or_default() += 1;
    }

    /// Somebody gets mail.
    pub(super) fn mail(&mut self, to: Option<&str>, why: &'static str) {
        if let Some(to) = to {
            self.mails.push(Mail {
                to: to.to_owned(),
                why,
            });
        }
    }

    /// Everything, also what no API shows.
    pub(super) fn snapshot(&self) -> Value {
        json!({ "statuspage": self, "atlassian_scim": self.directory, "statusapp": self.team })
    }
}

impl Page {
    pub(super) fn viewer(&self, id: &str) -> Result<&Viewer, Refusal> {
        self.viewers
            .iter()
            .find(|viewer| viewer.id == id)
            .ok_or_else(Refusal::not_found)
    }

    pub(super) fn viewer_mut(&mut self, id: &str) -> Result<&mut Viewer, Refusal> {
        self.viewers
            .iter_mut()
            .find(|viewer| viewer.id == id)
            .ok_or_else(Refusal::not_found)
    }

    pub(super) fn group(&self, id: &str) -> Result<&Group, Refusal> {
        self.groups
            .iter()
            .find(|group| group.id == id)
            .ok_or_else(Refusal::not_found)
    }

    pub(super) fn group_mut(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        self.groups
            .iter_mut()
            .find(|group| group.id == id)
            .ok_or_else(Refusal::not_found)
    }

    /// Makes exactly the given viewers members of a group; `None` leaves the members as they are.
    pub(super) fn set_members(&mut self, group: &str, members: Option<&[String]>) {
        let Some(members) = members else { return };
        for viewer in &mut self.viewers {
            let (is, shall) = (
                viewer.group_ids.iter().any(|id| id == group),
                members.contains(&viewer.id),
            );
            if is && !shall {
                viewer.group_ids.retain(|id| id != group);
            } else if shall && !is {
                viewer.group_ids.push(group.to_owned());
            }
        }
    }

    pub(super) fn component(&self, id: &str) -> Result<&Component, Refusal> {
        self.components
            .iter()
            .find(|component| component.id == id)
            .ok_or_else(Refusal::not_found)
    }

    pub(super) fn incident(&self, id: &str) -> Result<&Incident, Refusal> {
        let mut rows = self.incidents.iter();
        rows.find(|it| it.id == id).ok_or_else(Refusal::not_found)
    }

    pub(super) fn incident_mut(&mut self, id: &str) -> Result<&mut Incident, Refusal> {
        let mut rows = self.incidents.iter_mut();
        rows.find(|it| it.id == id).ok_or_else(Refusal::not_found)
    }

    pub(super) fn has_component(&self, id: &str) -> bool {
        self.components.iter().any(|component| component.id == id)
    }

    pub(super) fn has_metric(&self, id: &str) -> bool {
        self.metrics.iter().any(|metric| metric.id == id)
    }
}
