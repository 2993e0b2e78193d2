//! The person whom a caller means: one by the one thing that is known of them, or several by address.

use crate::access::Refusal;
use crate::roster::email::all_good;
use crate::roster::{Email, Emails, Record, SetChange, ViewerId};

/// A person, by the one thing that the caller knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By the account's id.
    Id(String),
    /// By address, without regard to case.
    Email(Email),
    /// By the name that the person signs in with, which only the directory knows.
    UserName(String),
}

impl Who {
    /// Exactly one of the two.
    ///
    /// # Errors
    /// When both or none are given.
    pub fn one_of(id: Option<String>, email: Option<Email>) -> Result<Self, Refusal> {
        match (id, email) {
            (Some(id), None) => Ok(Self::Id(id)),
            (None, Some(email)) => Ok(Self::Email(email)),
            _ => Err(Refusal::arguments(
                "give exactly one of `user_id` and `email`",
            )),
        }
    }

    /// Exactly one of the three by which the directory knows somebody.
    ///
    /// # Errors
    /// When several or none are given.
    pub fn in_directory(
        id: Option<String>,
        email: Option<Email>,
        user_name: Option<String>,
    ) -> Result<Self, Refusal> {
        match (id, email, user_name) {
            (Some(id), None, None) => Ok(Self::Id(id)),
            (None, Some(email), None) => Ok(Self::Email(email)),
            (None, None, Some(name)) => Ok(Self::UserName(name)),
            _ => Err(Refusal::arguments(
                "give exactly one of `user_id`, `email` and `user_name`",
            )),
        }
    }

    /// People as a caller writes them in a list, each an id or an address.
    ///
    /// # Errors
    /// When an entry is neither.
    pub fn id_or_email(field: &str, people: Vec<String>) -> Result<Vec<Self>, Refusal> {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (at, text) in people.into_iter().enumerate() {
            if is_id(&text) {
                good.push(Self::Id(text));
                continue;
            }
            match Email::parse(&text) {
                Ok(email) => good.push(Self::Email(email)),
                Err(error) => bad.push(format!("entry {}: {error}", at + 1)),
            }
        }
        all_good(good, bad).map_err(|why| Refusal::arguments(format!("`{field}`: {why}")))
    }

    pub(in crate::access) fn is(&self, record: &Record) -> bool {
        match self {
            Self::Id(id) => record.id.as_str() == id,
            Self::Email(email) => record.goes_by(email),
            Self::UserName(_) => false,
        }
    }
}

/// One person, or several by address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// One.
    One(Who),
    /// Several, of whom each is planned for.
    Several(Vec<Email>),
}

impl Whom {
    /// `emails`, or else the one person that `one` reads out of the other arguments.
    ///
    /// # Errors
    /// When both or none are given.
    pub fn of(
        emails: Option<Emails>,
        nobody_else: bool,
        one: impl FnOnce() -> Result<Who, Refusal>,
    ) -> Result<Self, Refusal> {
        match (emails, nobody_else) {
            (None, false) => one().map(Self::One),
            (Some(Emails(emails)), true) => Ok(Self::Several(emails)),
            _ => Err(Refusal::arguments(
                "give exactly one of `user_id`, `email` and `emails` (several people)",
            )),
        }
    }
}

/// Returns whether a text is made of what ids are made of, which no address is.
fn is_id(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "the id `{id}`"),
            Self::Email(email) => write!(f, "{email}"),
            Self::UserName(name) => {
                let name = crate::roster::text::clean(name, 80).text;
                write!(f, "the user name `{name}`")
            }
        }
    }
}

/// Members of a group as a caller names them: by id or by address.
#[derive(Debug, Clone, Default)]
pub struct MemberChange {
    /// By id.
    pub by_id: SetChange<ViewerId>,
    /// By address.
    pub by_address: SetChange<Email>,
}

impl MemberChange {
    /// Reads the members to add, to remove, or to set, each an id or an address.
    ///
    /// # Errors
    /// When an entry is neither.
    pub fn read(
        add: Vec<String>,
        remove: Vec<String>,
        replace: Option<Vec<String>>,
    ) -> Result<Self, Refusal> {
        let (grant, granted) = apart("add_member_ids", add)?;
        let (revoke, revoked) = apart("remove_member_ids", remove)?;
        let replace = replace
            .map(|all| apart("replace_member_ids", all))
            .transpose()?;
        let (replace, replaced) = replace.unzip();
        Ok(Self {
            by_id: SetChange {
                grant,
                revoke,
                replace,
            },
            by_address: SetChange {
                grant: granted,
                revoke: revoked,
                replace: replaced,
            },
        })
    }
}

/// The ids and the addresses of a list.
fn apart(field: &str, people: Vec<String>) -> Result<(Vec<ViewerId>, Vec<Email>), Refusal> {
    let (mut ids, mut emails) = (Vec::new(), Vec::new());
    for who in Who::id_or_email(field, people)? {
        match who {
            Who::Email(email) => emails.push(email),
            Who::Id(id) | Who::UserName(id) => ids.push(
                ViewerId::parse(&id)
                    .map_err(|error| Refusal::arguments(format!("`{field}`: {error}")))?,
            ),
        }
    }
    Ok((ids, emails))
}
