//! The kinds that a review looked for in everything, and those that it could not look for in everything.
//!
//! Nothing found means something only where every list was read that the kind is found in.

use std::collections::BTreeMap;

use super::facts::{Facts, PEOPLE, STATUSAPP, TEAM};
use super::{FindingKind, Found, Rules};
use crate::access::across::everybody::Extent;
use crate::access::across::find_person::Unknown;
use crate::roster::System;

/// Lists that a reason names, and reasons that a kind has, at most; the rest is counted.
const MOST: usize = 3;

/// A list, or one of each page, that findings are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Team,
    Viewers,
    Subscribers,
    Groups,
    Directory,
    DirectoryGroups,
    Statusapp,
    Invitations,
}

use List::{
    Directory, DirectoryGroups, Groups, Invitations, Statusapp, Subscribers, Team, Viewers,
};

impl List {
    const ALL: [Self; 8] = [
        Team,
        Viewers,
        Subscribers,
        Groups,
        Directory,
        DirectoryGroups,
        Statusapp,
        Invitations,
    ];

    /// The beginning of what the reads call it.
    fn words(self) -> &'static str {
        match self {
            Team => TEAM,
            Viewers => "the page access users of page",
            Subscribers => "the subscribers of page",
            Groups => "the page access groups of page",
            Directory => PEOPLE,
            DirectoryGroups => "the groups of the directory",
            Statusapp => STATUSAPP,
            Invitations => "the StatusApp invitations",
        }
    }

    fn system(self) -> System {
        match self {
            Team | Viewers | Subscribers | Groups => System::Statuspage,
            Directory | DirectoryGroups => System::AtlassianScim,
            Statusapp | Invitations => System::Statusapp,
        }
    }

    /// Returns whether a review of this extent reads it.
    fn is_in(self, extent: Extent) -> bool {
        match self {
            Team => extent.team,
            Viewers => extent.viewers,
            Subscribers => extent.subscribers,
            Groups => extent.groups,
            Directory => extent.directory,
            DirectoryGroups => extent.directory_groups,
            Statusapp => extent.statusapp,
            Invitations => extent.invitations,
        }
    }

    /// Returns whether what was not read is this list or a part of it. What is no list by its name is a page, or the list of pages.
    fn lacks(self, unread: &Unknown) -> bool {
        let named = |list: &&Self| unread.what.starts_with(list.words());
        match Self::ALL.iter().find(named) {
            Some(list) => *list == self,
            None => {
                unread.system == System::Statuspage
                    && matches!(self, Viewers | Subscribers | Groups)
            }
        }
    }
}

impl FindingKind {
    /// The lists in which findings of this kind are found.
    fn lists(self) -> &'static [List] {
        match self {
            Self::AddressChanged | Self::WithoutAtlassianAccount => &[Team, Directory],
            Self::DirectoryGroupWithoutMembers => &[DirectoryGroups],
            Self::DirectoryUserNotInIdentities | Self::NameOfTwoPeople => &[Directory],
            Self::GroupGivesNothing | Self::GroupWithoutMembers => &[Groups],
            Self::HiddenOrBrokenText | Self::StrangeName => {
                &[Team, Viewers, Statusapp, Directory, Invitations]
            }
            Self::InactiveWithAccess | Self::SeveralAddresses => &[
                Directory,
                Team,
                Viewers,
                Subscribers,
                Statusapp,
                Invitations,
            ],
            Self::InvitationExpired
            | Self::InvitationNotInIdentities
            | Self::InvitationPendingLong => &[Invitations],
            Self::KeyEnds | Self::KeyOfSomebodyGone => &[],
            Self::MemberNotInIdentities
            | Self::OwnerIsShared
            | Self::OwnerNotInTeam
            | Self::SingleTeamMember => &[Team],
            Self::OwnerHasLeft => &[Directory],
            Self::OutsideAddress => &[Team, Statusapp, Invitations],
            Self::QuarantinedSubscriber
            | Self::SubscriberNotInIdentities
            | Self::WebhookToUnknownHost => &[Subscribers],
            Self::SameAddressTwice => &[Team, Viewers, Subscribers, Statusapp],
            Self::SharedMailbox => &[Team, Statusapp],
            Self::StatusappNotInIdentities
            | Self::StatusappSingleOwner
            | Self::StatusappWithoutOwner => &[Statusapp],
            Self::ViewerNotInIdentities | Self::ViewerWithoutGroup | Self::ViewersWithoutEffect => {
                &[Viewers]
            }
        }
    }
}

/// The checks of a review.
#[derive(Default)]
pub(super) struct Checks {
    /// The number of findings of each kind; 0 only where everything was read that the kind is found in.
    pub run: BTreeMap<String, usize>,
    /// The reason why a kind was not looked for, or not in everything.
    pub incomplete: BTreeMap<String, String>,
}

impl Checks {
    pub(super) fn of(found: &Found, facts: &Facts, rules: &Rules<'_>, extent: Extent) -> Self {
        let mut checks = Self::default();
        for finding in &found.findings {
            let kind = finding.id.kind.to_string();
            *checks.run.entry(kind).or_default() += 1;
        }
        let unread = facts.unread();
        for kind in FindingKind::ALL {
            let missed = found.missed.get(kind).into_iter().flatten().cloned();
            let mut reasons: Vec<String> = missed.collect();
            if found.looked_for.contains(kind) {
                reasons.extend(unread_of(*kind, &unread, rules, extent));
                if reasons.is_empty() {
                    checks.run.entry(kind.to_string()).or_default();
                }
            }
            if !reasons.is_empty() {
                checks
                    .incomplete
                    .insert(kind.to_string(), some_of(&reasons, "; "));
            }
        }
        checks
    }
}

/// Tells why a kind was not looked for in everything, by the lists that it is found in.
fn unread_of(
    kind: FindingKind,
    unread: &[Unknown],
    rules: &Rules<'_>,
    extent: Extent,
) -> Option<String> {
    let lists = kind.lists().iter().filter(|list| list.is_in(extent));
    let lists: Vec<&List> = lists.collect();
    // The directory tells who somebody is; what they have is in the other systems.
    let accounts = lists
        .iter()
        .filter(|list| list.system() != System::AtlassianScim);
    let mut needed: Vec<System> = accounts.map(|list| list.system()).collect();
    if needed.is_empty() {
        needed.extend(lists.iter().map(|list| list.system()));
    }
    if let Some(first) = needed.first()
        && !needed.iter().any(|system| rules.has(*system))
    {
        let name = match first {
            System::Statuspage => "Statuspage",
            System::AtlassianScim => "the directory",
            System::Statusapp => "StatusApp",
        };
        return Some(format!("{name} is not configured"));
    }
    let lacks = |unread: &&Unknown| lists.iter().any(|list| list.lacks(unread));
    let unread = unread.iter().filter(lacks);
    let names: Vec<String> = unread.map(|unread| unread.what.clone()).collect();
    let named = || format!("not read to the end: {}", some_of(&names, ", "));
    (!names.is_empty()).then(named)
}

/// The first of them, and how many more there are.
fn some_of(all: &[String], between: &str) -> String {
    let shown: Vec<&str> = all.iter().take(MOST).map(String::as_str).collect();
    match all.len().saturating_sub(MOST) {
        0 => shown.join(between),
        more => format!("{}{between}and {more} more", shown.join(between)),
    }
}
