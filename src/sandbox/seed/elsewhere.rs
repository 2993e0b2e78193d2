//! The other two systems, which hold some of the same people: who works here, who has left, and who was never told.

use serde_json::{Map, Value, json};

use super::{known, names};
use crate::sandbox::{
    random::Random,
    settings::Settings,
    world::{Directory, DirectoryGroup, Entry, Invitation, Member, Role, Team, User},
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Everybody with an address of the company, the one who has left (inactive), and people who are in no status page.
pub(super) fn directory(settings: &Settings, team: &[User], random: &mut Random) -> Directory {
    let mut directory = Directory::default();
    directory
        .users
        .push(person(known::LEAVER, "Lena", "Leaver", false, random));
    let own = team
        .iter()
        .filter(|user| user.email.ends_with("@example.com"));
    for user in own.take(settings.scim.users.saturating_sub(6)) {
        let (first, last) = (
            user.first_name.as_deref().unwrap_or(""),
            user.last_name.as_deref().unwrap_or(""),
        );
        // One in forty has been deactivated and is still on the team.
        let active = user.owner || user.email == known::JANE || !random.one_in(40);
        directory
            .users
            .push(person(&user.email, first, last, active, random));
    }
    for at in 0.. {
        if directory.users.len() >= settings.scim.users {
            break;
        }
        let first = names::FIRST
            .get(at % names::FIRST.len())
            .copied()
            .unwrap_or(("Alex", "alex"));
        directory.users.push(person(
            &format!("{}.elsewhere{at}@example.com", first.1),
            first.0,
            "Elsewhere",
            true,
            random,
        ));
    }
    if let Some(leaver) = directory.users.first_mut() {
        known::LEAVER_DIRECTORY_USER.clone_into(&mut leaver.id);
    }
    if let Some(jane) = directory
        .users
        .iter_mut()
        .find(|user| user.text("userName") == known::JANE)
    {
        known::JANE_DIRECTORY_USER.clone_into(&mut jane.id);
    }
    for (name, every) in [
        ("status-page-editors", 12),
        ("engineering", 3),
        ("on-call", 20),
        ("former-staff", 90),
    ] {
        let members = directory
            .users
            .iter()
            .skip(1)
            .step_by(every)
            .map(|user| user.id.clone())
            .collect();
        let attributes = Map::from_iter([("displayName".to_owned(), json!(name))]);
        directory.groups.push(DirectoryGroup {
            entry: Entry::new(random.uuid(), attributes, None, random.date()),
            members,
        });
    }
    directory
}

pub(super) fn person(
    email: &str,
    first: &str,
    last: &str,
    active: bool,
    random: &mut Random,
) -> Entry {
    let name = json!({ "givenName": first, "familyName": last, "formatted": format!("{first} {last}").trim() });
    let attributes = [
        ("userName", json!(email)),
        ("externalId", json!(format!("00u{}", random.id()))),
        (
            "emails",
            json!([{ "value": email, "type": "work", "primary": true }]),
        ),
        ("name", name),
        ("displayName", json!(format!("{first} {last}").trim())),
        (
            "title",
            json!(random.pick(
                &[
                    "Engineer",
                    "Support lead",
                    "Account manager",
                    "Site reliability engineer"
                ],
                "Engineer"
            )),
        ),
        ("timezone", json!("Europe/Berlin")),
        ("active", Value::Bool(active)),
        (
            ENTERPRISE,
            json!({ "department": random.pick(&["Platform", "Support", "Sales"], "Platform"), "organization": "Example" }),
        ),
    ];
    let attributes = attributes
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Entry::new(
        random.uuid(),
        attributes,
        Some(format!("712020:{}", random.uuid())),
        random.date(),
    )
}

/// Two owners, the one who has left as an administrator, Jane, and others; and invitations that nobody cleaned up.
pub(super) fn team(settings: &Settings, users: &[User], random: &mut Random) -> Team {
    let mut team = Team::default();
    let mut join =
        |id: Option<&str>, email: &str, name: Option<String>, role: Role, random: &mut Random| {
            let id = id.map_or_else(|| format!("tm_{}", random.id()), str::to_owned);
            let accepted_at = random.date();
            team.members.push(Member {
                id,
                email: email.to_owned(),
                name,
                role,
                status: "ACCEPTED",
                accepted_at,
            });
        };
    join(
        Some(known::OWNER_MEMBER),
        known::OWNER,
        Some("Olivia Owner".to_owned()),
        Role::Owner,
        random,
    );
    join(
        None,
        "second.owner@example.com",
        Some("Sven Second".to_owned()),
        Role::Owner,
        random,
    );
    join(
        Some(known::LEAVER_MEMBER),
        known::LEAVER,
        Some("Lena Leaver".to_owned()),
        Role::Admin,
        random,
    );
    join(
        Some(known::JANE_MEMBER),
        "Jane.Doe@example.com",
        Some("Jane Doe".to_owned()),
        Role::Member,
        random,
    );
    join(
        None,
        "auditor@audit-firm.example",
        None,
        Role::Viewer,
        random,
    );
    let roles = [Role::Member, Role::Viewer, Role::Member, Role::Admin];
    let more = users
        .iter()
        .filter(|user| !user.owner && user.email != known::JANE)
        .cycle()
        .zip(0..);
    for (user, at) in more.take(settings.statusapp.members.saturating_sub(5)) {
        let name = user
            .first_name
            .as_ref()
            .map(|first| format!("{first} {}", user.last_name.as_deref().unwrap_or("")));
        let email = if at < users.len() {
            user.email.clone()
        } else {
            format!("member{at}@example.com")
        };
        join(
            None,
            &email,
            name,
            roles.get(at % 4).copied().unwrap_or(Role::Viewer),
            random,
        );
    }
    for (email, status, role, invited, expires) in [
        (
            known::NEW_HIRE,
            "PENDING",
            Role::Member,
            "2099-01",
            "2099-01",
        ),
        (
            known::FORGOTTEN,
            "PENDING",
            Role::Admin,
            "2026-01",
            "2099-01",
        ),
        (
            "never.came@agency.example",
            "EXPIRED",
            Role::Admin,
            "2026-01",
            "2026-01",
        ),
        (
            "wrong.address@exmaple.test",
            "EXPIRED",
            Role::Viewer,
            "2026-01",
            "2026-01",
        ),
        (
            "taken.back@example.com",
            "REVOKED",
            Role::Owner,
            "2026-01",
            "2026-01",
        ),
    ] {
        team.invitations.push(Invitation {
            id: format!("inv_{}", random.id()),
            email: email.to_owned(),
            name: None,
            role,
            status,
            invited_at: format!("{invited}-05T09:00:00.000Z"),
            expires_at: format!("{expires}-12T09:00:00.000Z"),
        });
    }
    team
}
