//! The kinds of findings.

use std::fmt::Display;

use super::finding::FindingId;
use crate::access::Refusal;
use crate::roster::text;
use crate::roster::words::words;

words! {
    /// A kind of finding.
    FindingKind {
        /// A team member's address is another one in the directory.
        AddressChanged = "address_changed",
        /// Nobody is in a group of the directory.
        DirectoryGroupWithoutMembers = "directory_group_without_members",
        /// Somebody is switched on in the directory and should not be there.
        DirectoryUserNotInIdentities = "directory_user_not_in_identities",
        /// A group has members and gives nothing.
        GroupGivesNothing = "group_gives_nothing",
        /// Nobody is in a page access group.
        GroupWithoutMembers = "group_without_members",
        /// An account holds hidden characters, or an address that is none.
        HiddenOrBrokenText = "hidden_or_broken_text",
        /// Somebody is switched off in the directory and has accounts elsewhere.
        InactiveWithAccess = "inactive_with_access",
        /// An invitation ran out.
        InvitationExpired = "invitation_expired",
        /// Somebody is invited and should not be there.
        InvitationNotInIdentities = "invitation_not_in_identities",
        /// An invitation has been open for long.
        InvitationPendingLong = "invitation_pending_long",
        /// An API key ends soon, or has ended.
        KeyEnds = "key_ends",
        /// An API key was made by somebody who has left.
        KeyOfSomebodyGone = "key_of_somebody_gone",
        /// Somebody is in the team and should not be there.
        MemberNotInIdentities = "member_not_in_identities",
        /// Two people of the directory have one name.
        NameOfTwoPeople = "name_of_two_people",
        /// An address is from outside the company.
        OutsideAddress = "outside_address",
        /// The organization's owner is switched off in the directory.
        OwnerHasLeft = "owner_has_left",
        /// The organization's owner is a mailbox that several people read.
        OwnerIsShared = "owner_is_shared",
        /// The organization's owner is not in the team.
        OwnerNotInTeam = "owner_not_in_team",
        /// Messages do not reach a subscriber.
        QuarantinedSubscriber = "quarantined_subscriber",
        /// One address has two accounts of one kind in one place.
        SameAddressTwice = "same_address_twice",
        /// One person has accounts under several addresses.
        SeveralAddresses = "several_addresses",
        /// An account is of a mailbox that several people read.
        SharedMailbox = "shared_mailbox",
        /// One person alone can run the pages.
        SingleTeamMember = "single_team_member",
        /// Somebody is in the StatusApp team and should not be there.
        StatusappNotInIdentities = "statusapp_not_in_identities",
        /// The StatusApp team has one owner.
        StatusappSingleOwner = "statusapp_single_owner",
        /// The StatusApp team has no owner.
        StatusappWithoutOwner = "statusapp_without_owner",
        /// A name reads as a formula, an id, code or a sentence.
        StrangeName = "strange_name",
        /// Somebody with an address of the company is told, and should not be there.
        SubscriberNotInIdentities = "subscriber_not_in_identities",
        /// Somebody with an address of the company can look, and should not be there.
        ViewerNotInIdentities = "viewer_not_in_identities",
        /// A viewer is in no group.
        ViewerWithoutGroup = "viewer_without_group",
        /// A private page has page access users.
        ViewersWithoutEffect = "viewers_without_effect",
        /// Incidents are sent to a host outside the company.
        WebhookToUnknownHost = "webhook_to_unknown_host",
        /// A team member has no Atlassian account that the directory knows.
        WithoutAtlassianAccount = "without_atlassian_account",
    }
}

impl FindingKind {
    /// The kinds that somebody names.
    ///
    /// # Errors
    /// Names the kinds that there are, where one is none of them.
    pub fn named(words: &[String]) -> Result<Vec<Self>, Refusal> {
        let each = words.iter().map(|word| {
            Self::from_word(word).ok_or_else(|| {
                let all: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
                Refusal::arguments(format!(
                    "`kinds` has no `{}`: the kinds are {}",
                    text::clean(word, 60).text,
                    all.join(", ")
                ))
            })
        });
        each.collect()
    }

    /// The id of a finding of this kind about an account or a thing: the same in every review.
    pub(super) fn of(self, about: impl Display) -> FindingId {
        FindingId {
            kind: self,
            about: Some(about.to_string()),
        }
    }

    /// The id of the one finding of this kind that there can be.
    pub(super) fn alone(self) -> FindingId {
        FindingId {
            kind: self,
            about: None,
        }
    }
}
