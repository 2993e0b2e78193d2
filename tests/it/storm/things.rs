//! What callers change, and what each believes of it.
//!
//! A thing belongs to one caller, so that what is true of it follows from that caller's answers alone. Things of several
//! callers are parts of one record (roles of one person, groups of one viewer): a change that overwrites a neighbour's
//! shows in the neighbour's belief.

use serde_json::{Value, json};
use status_roster::sandbox::known;

/// Something that is there or not.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Viewer(String),
    Member(String),
    Role {
        user: String,
        page: &'static str,
        role: &'static str,
    },
    Group {
        viewer: String,
        group: &'static str,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) kind: Kind,
    /// Nothing after an answer `unknown`.
    pub(super) there: Option<bool>,
}

/// One call.
pub(super) type Call = (&'static str, Value);

impl Kind {
    /// The call that makes it so.
    pub(super) fn change(&self, there: bool) -> Call {
        match (self, there) {
            (Self::Viewer(email), true) => (
                "add_page_viewer",
                json!({"page_id": known::AUDIENCE_PAGE, "email": email}),
            ),
            (Self::Viewer(email), false) => (
                "remove_user",
                json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": email}),
            ),
            (Self::Member(email), true) => (
                "add_org_user",
                json!({"email": email, "first_name": "Storm", "last_name": "Petrel"}),
            ),
            (Self::Member(email), false) => (
                "remove_user",
                json!({"system": "statuspage_team", "email": email}),
            ),
            (Self::Role { user, page, role }, _) => {
                let verb = if there { "grant" } else { "revoke" };
                (
                    "set_permissions",
                    json!({"user_id": user, verb: [{"page_id": page, "roles": [role]}]}),
                )
            }
            (Self::Group { viewer, group }, _) => (
                "add_page_viewer",
                json!({"page_id": known::AUDIENCE_PAGE, "email": viewer, "group_ids": [group]}),
            ),
        }
    }

    /// Whether there is a tool that takes it away alone.
    pub(super) fn can_go(&self) -> bool {
        !matches!(self, Self::Group { .. })
    }

    /// The call that shows it.
    pub(super) fn look(&self) -> Call {
        match self {
            Self::Viewer(email) | Self::Group { viewer: email, .. } => (
                "list_page_access_users",
                json!({"page_id": known::AUDIENCE_PAGE, "email": email}),
            ),
            Self::Member(email) => ("list_org_users", json!({"email": email})),
            Self::Role { user, .. } => ("get_permissions", json!({"user_id": user})),
        }
    }

    /// What the answer to [`Kind::look`] says; nothing where it says itself that it is not the whole truth.
    pub(super) fn shown(&self, answer: &Value) -> Option<bool> {
        if answer["complete"] == false {
            return None;
        }
        Some(match self {
            Self::Viewer(_) | Self::Member(_) => answer["matched"] == 1,
            Self::Group { group, .. } => has(&answer["records"][0]["groups"], group),
            Self::Role { page, role, .. } => rows(&answer["pages"])
                .iter()
                .any(|held| held["page_id"] == *page && has(&held["roles"], role)),
        })
    }

    /// What the sandbox holds.
    pub(super) fn stored(&self, world: &Value) -> bool {
        let users = rows(&world["statuspage"]["users"]);
        let viewers = viewers(world);
        match self {
            Self::Viewer(email) => viewers.iter().any(|row| row["email"] == *email),
            Self::Member(email) => users.iter().any(|row| row["email"] == *email),
            Self::Role { user, page, role } => users
                .iter()
                .any(|row| row["id"] == *user && row["permissions"][page][role] == true),
            Self::Group { viewer, group } => viewers
                .iter()
                .any(|row| row["email"] == *viewer && has(&row["group_ids"], group)),
        }
    }
}

pub(super) fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn has(list: &Value, text: &str) -> bool {
    rows(list).iter().any(|item| item == text)
}

fn viewers(world: &Value) -> &[Value] {
    let pages = rows(&world["statuspage"]["pages"]);
    let page = pages.iter().find(|page| page["id"] == known::AUDIENCE_PAGE);
    rows(&page.unwrap()["viewers"])
}

/// Every caller's hand.
pub(super) fn dealt(world: &Value, callers: usize) -> Vec<Vec<Thing>> {
    let mut kinds = Vec::new();
    for number in 0..callers * 3 {
        kinds.push(Kind::Viewer(format!("storm{number}@example.org")));
    }
    for number in 0..callers {
        kinds.push(Kind::Member(format!("storm{number}@example.com")));
    }
    let plain = |row: &&Value| row["owner"] == false && row["id"] != known::EXTRA_ROLE_USER;
    for user in rows(&world["statuspage"]["users"])
        .iter()
        .filter(plain)
        .skip(30)
        .take(7)
    {
        for page in [known::AUDIENCE_PAGE, known::PUBLIC_PAGE] {
            for role in [
                "page_configuration",
                "incident_manager",
                "maintenance_manager",
            ] {
                let user = user["id"].as_str().unwrap().to_owned();
                kinds.push(Kind::Role { user, page, role });
            }
        }
    }
    for viewer in viewers(world).iter().skip(20).take(3) {
        for (group, _) in known::GROUPS {
            let viewer = viewer["email"].as_str().unwrap().to_owned();
            kinds.push(Kind::Group { viewer, group });
        }
    }
    let mut hands = vec![Vec::new(); callers];
    for (number, kind) in kinds.into_iter().enumerate() {
        let there = Some(kind.stored(world));
        hands[number % callers].push(Thing { kind, there });
    }
    hands
}
