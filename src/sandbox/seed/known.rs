//! Ids and addresses that are there whatever the seed: for the README, the demo and the tests.

/// The organization.
pub const ORGANIZATION: &str = "exampleorg01";
/// The audience-specific page: viewers, groups, many components, role-based permissions.
pub const AUDIENCE_PAGE: &str = "customerpage";
/// The public page: not audience-specific, role-based permissions.
pub const PUBLIC_PAGE: &str = "publicstatus";
/// The private page: viewers must be team members; permissions on it have no role keys.
pub const PRIVATE_PAGE: &str = "internalpage";

/// A person who is a team member, a viewer and a subscriber.
pub const JANE: &str = "jane.doe@example.com";
/// Jane as a team member.
pub const JANE_USER: &str = "janedoeteam1";
/// Jane as a viewer of the audience-specific page.
pub const JANE_VIEWER: &str = "janedoeview1";
/// Jane as a subscriber of the audience-specific page, joined to her viewer.
pub const JANE_SUBSCRIBER: &str = "janedoesubs1";
/// The account owner among the team members: cannot be deleted, and permissions written to it change nothing.
pub const OWNER_USER: &str = "accountowner";
/// The owner's address.
pub const OWNER: &str = "olivia.owner@example.com";
/// A team member with a role beyond the three documented ones, on the audience-specific page.
pub const EXTRA_ROLE_USER: &str = "extraroleusr";

/// A component of the audience-specific page.
pub const COMPONENT: &str = "componentapi";
/// A metric of the audience-specific page.
pub const METRIC: &str = "metricuptime";
/// The groups of the audience-specific page: id and name. The last has no members.
pub const GROUPS: [(&str, &str); 8] = [
    ("groupeurope1", "Enterprise EU"),
    ("groupamerica", "Enterprise Americas"),
    ("groupasiapac", "Enterprise Asia-Pacific"),
    ("grouppartner", "Partners"),
    ("groupbetausr", "Beta testers"),
    ("grouppayment", "Payments customers"),
    ("groupsandbox", "Trial accounts"),
    ("groupnobody1", "Retired resellers"),
];
