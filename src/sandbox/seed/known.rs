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

/// A person who has left: inactive in the directory, and still a viewer, a subscriber and a StatusApp administrator.
pub const LEAVER: &str = "lena.leaver@example.com";
/// Lena as a viewer of the audience-specific page.
pub const LEAVER_VIEWER: &str = "lenaleaver01";
/// Lena as a subscriber of the public page.
pub const LEAVER_SUBSCRIBER: &str = "lenaleaver02";
/// Lena in the directory, inactive.
pub const LEAVER_DIRECTORY_USER: &str = "1ea7e000-0000-4000-8000-000000000001";
/// Lena in StatusApp, still an administrator.
pub const LEAVER_MEMBER: &str = "tm_lenaleaver";
/// Jane in the directory.
pub const JANE_DIRECTORY_USER: &str = "0a4e0000-0000-4000-8000-000000000002";
/// Jane in StatusApp, where her address has capitals.
pub const JANE_MEMBER: &str = "tm_janedoe";
/// The first of two owners in StatusApp.
pub const OWNER_MEMBER: &str = "tm_oliviaowner";

/// Invited to the StatusApp team just now.
pub const NEW_HIRE: &str = "new.hire@example.com";
/// Invited to the StatusApp team as an administrator long ago, and the invitation is still open.
pub const FORGOTTEN: &str = "forgotten@agency.example";

/// A component of the audience-specific page.
pub const COMPONENT: &str = "componentapi";
/// A component group of the public page, and its one member.
pub const LONELY_GROUP: &str = "lonelyheadng";
/// The only component of that group.
pub const LONELY_COMPONENT: &str = "lonelycompon";
/// A component of the public page, under an open incident.
pub const PUBLIC_COMPONENT: &str = "publicapicmp";
/// An incident of the public page that is open.
pub const OPEN_INCIDENT: &str = "incidentopen";
/// An incident of the public page that is resolved, with a published postmortem.
pub const RESOLVED_INCIDENT: &str = "incidentdone";
/// A maintenance of the public page that is announced.
pub const MAINTENANCE: &str = "maintenance1";
/// An incident of the audience-specific page.
pub const AUDIENCE_INCIDENT: &str = "incidentcust";
/// The provider of metrics that are fed by API, on the audience-specific page.
pub const PROVIDER: &str = "providerself";
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

/// With namesakes: the mail address of Uma, who is in every system under it.
pub const UMA: &str = "uma.private@example.com";
/// The user name with which Uma signs in.
pub const UMA_UPN: &str = "u123456@corp.example.com";
/// Uma in the directory.
pub const UMA_DIRECTORY_USER: &str = "0a4e0000-0000-4000-8000-0000000000a1";
/// With namesakes: the mail address of Sam, which is also the user name of Sol.
pub const SHARED: &str = "shared.name@example.com";
/// Sam in the directory.
pub const SAM_DIRECTORY_USER: &str = "0a4e0000-0000-4000-8000-0000000000b1";
/// Sol in the directory.
pub const SOL_DIRECTORY_USER: &str = "0a4e0000-0000-4000-8000-0000000000b2";
/// Sol's mail address.
pub const SOL: &str = "sol.other@example.com";
/// With namesakes: a user name that is no address, of Nora.
pub const NORA_USER_NAME: &str = "CORP\\nora";
/// Nora's mail address.
pub const NORA: &str = "nora@example.com";
/// With namesakes: a viewer whose address is stored in capitals and small letters.
pub const MIXED: &str = "Mixed.Case@Northwind.example";
/// The viewer with that address.
pub const MIXED_VIEWER: &str = "mixedcaseview";
/// With namesakes: a viewer whose domain is not ASCII.
pub const UMLAUT: &str = "jörg@exämple.example";
/// With namesakes: a viewer whose address is stored as a link.
pub const LINKED: &str = "mailto:linked@northwind.example";
/// The viewer with that address.
pub const LINKED_VIEWER: &str = "linkedviewer";
