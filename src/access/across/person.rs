//! Determines who is meant: leads from the names that were given to every name that the directory has of the same person.
//!
//! A name that two people of the directory have is not followed: whose it is, the caller says, by the id in the directory. A name of
//! the chosen person that is rather somebody else's (their mail address, and only this one's user name) is not theirs in any other
//! system; names lead to one record and no further, so that two people who share a name never become one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::access::words::whom;
use crate::roster::{Claim, DirectoryUser, DirectoryUserId, Email};

/// Names of one person that are asked for at most: each costs requests for every page.
const MOST_NAMES: usize = 20;

/// The names by which a caller asks for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Addresses of one person.
    pub emails: Vec<Email>,
    /// The record in the directory, where a name alone does not say who is meant.
    pub directory_user_id: Option<DirectoryUserId>,
}

impl Asked {
    /// Returns a key that is equal for equal questions.
    pub(in crate::access) fn key(&self) -> serde_json::Value {
        let folded: Vec<&str> = self.emails.iter().map(Email::folded).collect();
        serde_json::json!([folded, self.directory_user_id])
    }

    /// In words.
    pub(in crate::access) fn shown(&self) -> String {
        let mut all: Vec<String> = self.emails.iter().map(ToString::to_string).collect();
        if let (Some(id), true) = (&self.directory_user_id, all.is_empty()) {
            all.push(format!("the person {id} of the directory"));
        }
        all.join(", ")
    }
}

/// A name that was found and not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct AlsoKnownAs {
    /// The name, as stored.
    pub name: String,
    /// The kind of name.
    pub kind: NameKind,
    /// The record that has it.
    pub from: String,
}

/// The kind of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum NameKind {
    /// An address: asked for in every system.
    Email,
    /// The name that the person signs in with: also asked for in every system where it is an address.
    UserName,
}

/// A name that is not asked for, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) struct Unasked {
    pub name: String,
    pub why: String,
}

/// The person who is meant, as far as the directory tells.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Person {
    /// The addresses that are asked for in every system.
    pub emails: Vec<Email>,
    /// Names that were found besides those that were given.
    pub also_known_as: Vec<AlsoKnownAs>,
    /// Names that are not asked for.
    pub unasked: Vec<Unasked>,
    /// The people of the directory who are meant; several only where several names were given, or where one is not clear.
    pub people: Vec<DirectoryUser>,
    /// The reason why nothing can be planned: one name stands for several people, or nobody has the id.
    pub unclear: Option<String>,
}

impl Person {
    /// Somebody of whom only the given names are known.
    pub(in crate::access) fn of(asked: &Asked) -> Self {
        Self {
            emails: asked.emails.clone(),
            ..Self::default()
        }
    }

    /// Looks the names up among everybody of the directory.
    pub(in crate::access) fn among(asked: &Asked, everybody: &[DirectoryUser]) -> Self {
        let mut person = Self::of(asked);
        if let Some(id) = &asked.directory_user_id {
            let has = |user: &&DirectoryUser| user.record.directory_user_id().as_ref() == Some(id);
            let Some(user) = everybody.iter().find(has) else {
                person.unclear = Some(format!(
                    "nobody of the directory has the id `{id}`: `list_directory_users` shows the ids"
                ));
                return person;
            };
            person.people.push(user.clone());
        } else {
            for email in &asked.emails {
                let named: Vec<&DirectoryUser> = everybody
                    .iter()
                    .filter(|user| user.answers_to(email))
                    .collect();
                if named.len() > 1 {
                    person.unclear.get_or_insert_with(|| several(email, &named));
                }
                for user in named {
                    if !person.has(user) {
                        person.people.push(user.clone());
                    }
                }
            }
        }
        if person.unclear.is_none() {
            person.follow(asked, everybody);
        }
        person
    }

    fn has(&self, user: &DirectoryUser) -> bool {
        let is = |other: &DirectoryUser| other.record.id == user.record.id;
        self.people.iter().any(is)
    }

    /// Adds every name that the people meant have, and takes away those that are rather somebody else's.
    fn follow(&mut self, asked: &Asked, everybody: &[DirectoryUser]) {
        for user in self.people.clone() {
            let from = format!("the directory: {}", whom(&user.record));
            for email in user.addresses() {
                let asked_for = asked.emails.contains(&email);
                if let Some(why) = self.rather_of(&user, &email, asked_for, everybody) {
                    self.emails.retain(|kept| *kept != email);
                    let name = email.to_string();
                    self.unasked.push(Unasked { name, why });
                    continue;
                }
                if self.emails.contains(&email) {
                    continue;
                }
                let kind = match user.claim(&email) {
                    Some(Claim::UserName) => NameKind::UserName,
                    _ => NameKind::Email,
                };
                self.also_known_as.push(AlsoKnownAs {
                    name: email.to_string(),
                    kind,
                    from: from.clone(),
                });
                if self.emails.len() < MOST_NAMES {
                    self.emails.push(email);
                } else {
                    let why = format!(
                        "only {MOST_NAMES} names of one person are asked for: give this one by itself"
                    );
                    let name = email.to_string();
                    self.unasked.push(Unasked { name, why });
                }
            }
            if let (Some(name), None) = (&user.user_name, user.user_name_address()) {
                self.also_known_as.push(AlsoKnownAs {
                    name: name.to_string(),
                    kind: NameKind::UserName,
                    from,
                });
            }
        }
    }

    /// Names the person to whom an address belongs rather than to this one; `None` where it is this person's.
    fn rather_of(
        &self,
        user: &DirectoryUser,
        email: &Email,
        given: bool,
        everybody: &[DirectoryUser],
    ) -> Option<String> {
        let mine = user.claim(email);
        let theirs = |other: &&DirectoryUser| !self.has(other) && other.answers_to(email);
        let other = everybody
            .iter()
            .filter(theirs)
            .max_by_key(|other| other.claim(email))?;
        let claim = other.claim(email);
        (claim > mine || claim == mine && !given).then(|| {
            format!(
                "it is also {} of {} of the directory: accounts under it may be that person's",
                claim.map_or("a name", in_words),
                whom(&other.record)
            )
        })
    }
}

fn in_words(claim: Claim) -> &'static str {
    match claim {
        Claim::Main => "the main address",
        Claim::Further => "a further address",
        Claim::UserName => "the user name",
    }
}

fn several(email: &Email, people: &[&DirectoryUser]) -> String {
    let each: Vec<String> = people
        .iter()
        .map(|user| {
            let claim = user.claim(email).map_or("a name", in_words);
            format!("{} ({claim})", whom(&user.record))
        })
        .collect();
    format!(
        "`{email}` is a name of several people of the directory: {}. Say who is meant by `directory_user_id`",
        each.join(", ")
    )
}
