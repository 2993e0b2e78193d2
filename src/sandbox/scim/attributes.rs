//! The attributes of users and groups, declared once: what is read, what is refused and what `/Schemas` says follow from it.

pub(super) const USER_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(super) const EXTERNAL: &str = "urn:scim:schemas:extension:atlassian-external:1.0";

/// The type of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    /// A reference to a resource of this type, by address.
    Reference(&'static str),
    /// An object with these parts.
    One(&'static [Attribute]),
    /// A list of such objects.
    Many(&'static [Attribute]),
}

/// Says whether a client may write an attribute always, only at creation, or never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writes {
    Always,
    Once,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) writes: Writes,
    pub(super) required: bool,
}

const fn text(name: &'static str) -> Attribute {
    Attribute {
        name,
        kind: Kind::Text,
        writes: Writes::Always,
        required: false,
    }
}

const fn flag(name: &'static str) -> Attribute {
    Attribute {
        name,
        kind: Kind::Flag,
        writes: Writes::Always,
        required: false,
    }
}

const fn of(name: &'static str, kind: Kind) -> Attribute {
    Attribute {
        name,
        kind,
        writes: Writes::Always,
        required: false,
    }
}

const fn required(attribute: Attribute) -> Attribute {
    Attribute {
        required: true,
        ..attribute
    }
}

const fn written(writes: Writes, attribute: Attribute) -> Attribute {
    Attribute {
        writes,
        ..attribute
    }
}

const NAME: &[Attribute] = &[
    text("formatted"),
    text("familyName"),
    text("givenName"),
    text("middleName"),
    text("honorificPrefix"),
    text("honorificSuffix"),
];
const CONTACT: &[Attribute] = &[required(text("value")), text("type"), flag("primary")];
const MEMBERSHIP: &[Attribute] = &[
    written(Writes::Never, text("value")),
    written(Writes::Never, text("display")),
    written(Writes::Never, text("type")),
    written(Writes::Never, of("$ref", Kind::Reference("Group"))),
];
const MEMBER: &[Attribute] = &[
    required(written(Writes::Once, text("value"))),
    written(Writes::Never, text("display")),
    written(Writes::Never, text("type")),
    written(Writes::Once, of("$ref", Kind::Reference("User"))),
];

pub(super) const USER: &[Attribute] = &[
    required(text("userName")),
    text("externalId"),
    required(of("emails", Kind::Many(CONTACT))),
    of("name", Kind::One(NAME)),
    text("displayName"),
    text("nickName"),
    text("title"),
    text("preferredLanguage"),
    text("department"),
    text("organization"),
    text("timezone"),
    of("phoneNumbers", Kind::Many(CONTACT)),
    flag("active"),
    written(Writes::Never, of("groups", Kind::Many(MEMBERSHIP))),
    of(ENTERPRISE, Kind::One(ENTERPRISE_PARTS)),
    written(Writes::Never, of(EXTERNAL, Kind::One(EXTERNAL_PARTS))),
];
pub(super) const ENTERPRISE_PARTS: &[Attribute] = &[text("organization"), text("department")];
pub(super) const EXTERNAL_PARTS: &[Attribute] =
    &[written(Writes::Never, text("atlassianAccountId"))];

/// "Renaming groups is not supported": the name is given once.
pub(super) const GROUP: &[Attribute] = &[
    required(written(Writes::Once, text("displayName"))),
    text("externalId"),
    of("members", Kind::Many(MEMBER)),
];

/// Names of attributes are the same in any case (RFC 7643, 2.1).
pub(super) fn find(among: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    among
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

impl Attribute {
    pub(super) fn parts(&self) -> &'static [Attribute] {
        match self.kind {
            Kind::One(parts) | Kind::Many(parts) => parts,
            Kind::Text | Kind::Flag | Kind::Reference(_) => &[],
        }
    }

    pub(super) fn is_extension(&self) -> bool {
        self.name.starts_with("urn:")
    }
}
