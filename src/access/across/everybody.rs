//! Everybody's accounts in every system, as one read: what a review looks at and an export writes.

use std::time::Duration;

use crate::access::reads::counted::Counted;
use crate::access::reads::journey::{Part, Tells, Told};
use crate::access::reads::lists::{Given, tail};
use crate::access::reads::weight::Weighs;
use crate::access::{Access, Refusal, Unknown, UnknownKind};
use crate::roster::{
    By, DirectoryGroup, DirectoryUser, Invitation, Page, PageAccessGroup, PageId, Record,
    Subscriber, System,
};

/// A row of a read of everybody. What is longer than an account stands elsewhere, so that a row is no longer than one.
#[derive(Clone)]
pub(in crate::access) enum Fact {
    Page(Box<Page>),
    Member(Record),
    Viewer(Record),
    Subscriber(Box<Subscriber>),
    Group(PageAccessGroup),
    Person(Box<DirectoryUser>),
    DirectoryGroup(DirectoryGroup),
    TeamMember(Record),
    Invitation(Box<Invitation>),
    Read(Told),
}

impl Counted for Fact {
    fn values(&self, by: By) -> Vec<String> {
        self.account()
            .map(|record| record.values(by))
            .unwrap_or_default()
    }
}

impl Weighs for Fact {
    fn weight(&self) -> usize {
        let elsewhere = match self {
            Self::Member(row) | Self::Viewer(row) | Self::TeamMember(row) => {
                row.weight() - size_of_val(row)
            }
            Self::Subscriber(row) => row.weight(),
            Self::Person(row) => row.weight(),
            Self::DirectoryGroup(row) => row.weight(),
            Self::Invitation(row) => row.weight(),
            Self::Group(row) => row.weight(),
            Self::Page(_) | Self::Read(_) => 512,
        };
        size_of::<Self>() + elsewhere
    }
}

impl Tells for Fact {
    fn told(told: Told) -> Option<Self> {
        Some(Self::Read(told))
    }
}

impl Fact {
    /// The account, where it is one. An invitation is none: nobody can sign in with it.
    pub(in crate::access) fn account(&self) -> Option<&Record> {
        match self {
            Self::Member(record) | Self::Viewer(record) | Self::TeamMember(record) => Some(record),
            Self::Subscriber(row) => Some(&row.record),
            Self::Person(user) => Some(&user.record),
            Self::Page(_)
            | Self::Group(_)
            | Self::DirectoryGroup(_)
            | Self::Invitation(_)
            | Self::Read(_) => None,
        }
    }

    /// Returns the part of the read that is not known in full, where this row reports one.
    pub(in crate::access) fn unread(&self) -> Option<Unknown> {
        let Self::Read(told) = self else { return None };
        Some(Unknown {
            what: told.what.clone(),
            system: told.system,
            kind: UnknownKind::NotRead,
            why: told.why.clone()?,
        })
    }
}

/// The lists that are read.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each list is wanted or not, whatever the others are"
)]
pub(in crate::access) struct Extent {
    pub team: bool,
    pub viewers: bool,
    pub subscribers: bool,
    pub groups: bool,
    pub directory: bool,
    pub directory_groups: bool,
    pub statusapp: bool,
    pub invitations: bool,
}

impl Extent {
    fn pages(self) -> bool {
        self.viewers || self.subscribers || self.groups
    }

    /// Returns whether anything of a system is wanted.
    pub(in crate::access) fn touches(self, system: System) -> bool {
        match system {
            System::Statuspage => self.team || self.pages(),
            System::AtlassianScim => self.directory || self.directory_groups,
            System::Statusapp => self.statusapp || self.invitations,
        }
    }
}

impl Access {
    /// The lists of the systems that are configured. Nothing is asked for before they are read.
    ///
    /// The small systems come first: the people of one page can be thousands, and take the time of several calls.
    pub(in crate::access) fn everybody(
        &self,
        extent: Extent,
        pages: Option<Vec<PageId>>,
        max_age: Duration,
    ) -> Result<Vec<Box<dyn Part<Fact>>>, Refusal> {
        let mut parts = Vec::new();
        if extent.touches(System::Statusapp)
            && let Ok(statusapp) = self.statusapp()
        {
            if extent.statusapp {
                let team = self.members_scan_of(statusapp, max_age);
                parts.push(tail(System::Statusapp, team, Fact::TeamMember));
            }
            if extent.invitations {
                let invitations = self.invitations_scan_of(statusapp, max_age);
                parts.push(tail(System::Statusapp, invitations, |row| {
                    Fact::Invitation(Box::new(row))
                }));
            }
        }
        if extent.touches(System::Statuspage) && self.statuspage().is_ok() {
            let lists = self.lists(max_age)?;
            if extent.team {
                parts.push(lists.team(Fact::Member));
            }
            if extent.pages() {
                parts.push(lists.each_page(pages, move |lists, page| {
                    let named = format!("page {}", page.id);
                    let page_itself = Given(Some(vec![Fact::Page(Box::new(page.clone()))]), named);
                    let mut parts: Vec<Box<dyn Part<Fact>>> = vec![Box::new(page_itself)];
                    if extent.viewers {
                        parts.push(lists.viewers(&page.id, Fact::Viewer));
                    }
                    if extent.subscribers {
                        parts.push(
                            lists.subscribers(&page.id, |row| Fact::Subscriber(Box::new(row))),
                        );
                    }
                    if extent.groups {
                        parts.push(lists.groups(&page.id, Fact::Group));
                    }
                    parts
                }));
            }
        }
        if extent.touches(System::AtlassianScim)
            && let Ok(directory) = self.atlassian_scim()
        {
            if extent.directory {
                let people = self.directory_everybody(directory, max_age);
                parts.push(tail(System::AtlassianScim, people, |row| {
                    Fact::Person(Box::new(row))
                }));
            }
            if extent.directory_groups {
                let groups = self.directory_groups_scan(directory, max_age);
                parts.push(tail(System::AtlassianScim, groups, Fact::DirectoryGroup));
            }
        }
        Ok(parts)
    }

    /// The systems of which something was wanted and that are not configured.
    pub(in crate::access) fn unconfigured_of(&self, extent: Extent) -> Vec<Unknown> {
        let mut missing = self.unconfigured();
        missing.retain(|unknown| extent.touches(unknown.system));
        missing
    }
}
