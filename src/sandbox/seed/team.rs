//! The team: an owner, a person known from everywhere, shared mailboxes, outsiders, hostile names, and everybody else.

use std::collections::{BTreeMap, BTreeSet};

use super::{known, names};
use crate::sandbox::{
    random::Random,
    settings::Settings,
    world::{Roles, User},
};

const ROLES: [&str; 3] = [
    "page_configuration",
    "incident_manager",
    "maintenance_manager",
];

/// Shared mailboxes: they cannot move to Atlassian accounts.
const MAILBOXES: [(&str, &str, &str); 3] = [
    ("oncall@example.com", "On", "Call"),
    ("noc@example.com", "NOC", "Team"),
    ("status-updates@example.com", "Status", "Updates"),
];

/// People from elsewhere.
const OUTSIDERS: [(&str, &str, &str); 4] = [
    ("p.contractor@agency.example", "Pat", "Contractor"),
    ("sam.vendor@northwind.example", "Sam", "Vendor"),
    ("lee.freelance@mail.test", "Lee", "Freelance"),
    ("Kim.Former@old-example.test", "Kim", "Former"),
];

pub(super) fn members(settings: &Settings, random: &mut Random) -> Vec<User> {
    let mut team = Team {
        random,
        users: Vec::new(),
        taken: BTreeSet::new(),
    };
    team.add(known::OWNER, Some("Olivia"), Some("Owner"), everything());
    team.add(known::JANE, Some("Jane"), Some("Doe"), jane());
    for (email, first, last) in MAILBOXES.into_iter().chain(OUTSIDERS) {
        let permissions = team.some_permissions();
        team.add(email, Some(first), Some(last), permissions);
    }
    for (at, (first, last)) in names::HOSTILE.into_iter().enumerate() {
        team.add(
            &format!("hostile.name{at}@example.com"),
            Some(first),
            Some(last),
            BTreeMap::new(),
        );
    }
    let endless = "Wolfeschlegelsteinhausenbergerdorff ".repeat(150);
    team.add(
        "long.name@example.com",
        Some("Hubert"),
        Some(&endless),
        BTreeMap::new(),
    );
    team.add("no.name@example.com", None, None, BTreeMap::new());
    team.add(
        "only.first@example.com",
        Some("Cher"),
        None,
        BTreeMap::new(),
    );
    team.add(
        "extra.role@example.com",
        Some("Ada"),
        Some("Ahead"),
        ahead_of_the_documents(),
    );
    for (at, id) in [(0, known::OWNER_USER), (1, known::JANE_USER)] {
        if let Some(user) = team.users.get_mut(at) {
            id.clone_into(&mut user.id);
        }
    }
    if let Some(user) = team.users.last_mut() {
        known::EXTRA_ROLE_USER.clone_into(&mut user.id);
    }
    while team.users.len() < settings.team_members {
        team.add_somebody();
    }
    team.users.truncate(settings.team_members.max(2));
    if let Some(owner) = team.users.first_mut() {
        owner.owner = true;
    }
    team.users
}

struct Team<'a> {
    random: &'a mut Random,
    users: Vec<User>,
    taken: BTreeSet<String>,
}

impl Team<'_> {
    fn add(
        &mut self,
        email: &str,
        first: Option<&str>,
        last: Option<&str>,
        permissions: BTreeMap<String, Roles>,
    ) {
        self.taken.insert(email.to_lowercase());
        let created_at = self.random.date();
        self.users.push(User {
            id: self.random.id(),
            email: email.to_owned(),
            first_name: first.map(str::to_owned),
            last_name: last.map(str::to_owned),
            updated_at: created_at.clone(),
            created_at,
            owner: false,
            permissions,
        });
    }

    fn add_somebody(&mut self) {
        let (first, first_in_address) = pick(self.random, &names::FIRST);
        let (last, last_in_address) = pick(self.random, &names::LAST);
        let plain = format!("{first_in_address}.{last_in_address}");
        let mut email = format!("{plain}@example.com");
        if self.taken.contains(&email) {
            email = format!("{plain}{}@example.com", self.users.len());
        }
        let permissions = self.some_permissions();
        self.add(&email, Some(first), Some(last), permissions);
    }

    fn some_permissions(&mut self) -> BTreeMap<String, Roles> {
        let mut pages = BTreeMap::new();
        for page in [known::AUDIENCE_PAGE, known::PUBLIC_PAGE] {
            if !self.random.one_in(3) {
                let roles = ROLES.map(|role| (role.to_owned(), self.random.one_in(3)));
                pages.insert(page.to_owned(), Roles::from(roles));
            }
        }
        if self.random.one_in(2) {
            pages.insert(known::PRIVATE_PAGE.to_owned(), Roles::new());
        }
        pages
    }
}

fn pick(
    random: &mut Random,
    from: &[(&'static str, &'static str)],
) -> (&'static str, &'static str) {
    from.get(random.below(from.len()))
        .copied()
        .unwrap_or(("Alex", "alex"))
}

fn roles(on: &[&str]) -> Roles {
    ROLES
        .iter()
        .map(|role| ((*role).to_owned(), on.contains(role)))
        .collect()
}

fn everything() -> BTreeMap<String, Roles> {
    BTreeMap::from([
        (known::AUDIENCE_PAGE.to_owned(), roles(&ROLES)),
        (known::PUBLIC_PAGE.to_owned(), roles(&ROLES)),
        (known::PRIVATE_PAGE.to_owned(), Roles::new()),
    ])
}

fn jane() -> BTreeMap<String, Roles> {
    BTreeMap::from([
        (
            known::AUDIENCE_PAGE.to_owned(),
            roles(&["incident_manager"]),
        ),
        (
            known::PUBLIC_PAGE.to_owned(),
            roles(&["page_configuration", "incident_manager"]),
        ),
        (known::PRIVATE_PAGE.to_owned(), Roles::new()),
    ])
}

/// A role that the documents do not know yet: whoever merges permissions must not lose it.
fn ahead_of_the_documents() -> BTreeMap<String, Roles> {
    let mut on_page = roles(&["maintenance_manager"]);
    on_page.insert("template_manager".to_owned(), true);
    BTreeMap::from([
        (known::AUDIENCE_PAGE.to_owned(), on_page),
        (known::PUBLIC_PAGE.to_owned(), roles(&[])),
    ])
}
