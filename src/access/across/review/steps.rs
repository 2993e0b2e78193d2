//! The steps of the migration, in order: the blocking ones first.

use schemars::JsonSchema;
use serde::Serialize;

use super::facts::{Facts, PEOPLE, TEAM, is_on};
use super::{Finding, FindingKind, Rules};
use crate::roster::System;

/// A step of a list that a person works through from the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Step {
    /// The action, and the way to do it.
    pub what: String,
    /// True when the migration cannot go on before it, or somebody could not get in after it.
    pub blocks: bool,
    /// Says whether there is anything to do.
    pub state: StepState,
    /// The kinds of findings that are meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub kinds: Vec<FindingKind>,
    /// The number of those findings.
    pub findings: usize,
}

/// The state of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum StepState {
    /// Yes.
    ToDo,
    /// No system tells all of it: a person has to look.
    Look,
    /// Everything was read, and there is nothing.
    Clear,
}

/// The steps, given what was found.
pub(super) fn steps(facts: &Facts, rules: &Rules<'_>, findings: &[Finding]) -> Vec<Step> {
    let team = facts.gap(TEAM);
    let directory = if rules.has(System::AtlassianScim) {
        facts.gap(PEOPLE)
    } else {
        Some("the directory is not configured".to_owned())
    };
    let step = |what: &str, blocks: bool, kinds: &[FindingKind], unseen: bool| {
        let is_of = |finding: &&Finding| kinds.contains(&finding.id.kind);
        let count = findings.iter().filter(is_of).count();
        let state = match count {
            0 if unseen => StepState::Look,
            0 => StepState::Clear,
            _ => StepState::ToDo,
        };
        Step {
            what: what.to_owned(),
            blocks,
            state,
            kinds: kinds.to_vec(),
            findings: count,
        }
    };
    let known = |on: bool| {
        let people = facts.members.iter().filter(|member| {
            let person = member.email.as_ref().and_then(|it| facts.person(it));
            person.is_some_and(|person| is_on(person) || !on)
        });
        people.count()
    };
    let strangers = facts.members.len() - known(false);
    let unread = team.is_some();
    let owner = match rules.owner {
        Some(owner) => format!(
            "The owner is {owner}, by what the operator of this server wrote down (`statuspage.owner`); no API shows it."
        ),
        None => "Who that is now, is unknown: no API shows it, and the operator of this server wrote nothing down (`statuspage.owner`). It stands in Statuspage under Team members.".to_owned(),
    };
    let mut steps = Vec::new();
    if let Some(why) = &team {
        steps.push(step(
            &format!("Read the whole team first: it was not read to its end ({why}). Where the organization uses Atlassian accounts already, the migration is done"),
            true,
            &[],
            true,
        ));
    }
    steps.extend([
        step(
            &format!("See to it that the right person is the owner. {owner} Only the owner can run the migration, and only the owner is written to about it. If it is to be somebody else, transfer the ownership in Statuspage"),
            true,
            &[FindingKind::OwnerNotInTeam, FindingKind::OwnerIsShared, FindingKind::OwnerHasLeft],
            unread || rules.owner.is_none(),
        ),
        step(
            "Replace lists and shared mailboxes by people: no Atlassian account can be made for a list. For each, add the people behind it, give them its roles, and remove it last",
            true,
            &[FindingKind::SharedMailbox],
            unread,
        ),
        step(
            &format!("Bring addresses into line: the Atlassian account must have the address that the person has in Statuspage. {strangers} of the team members are not in the directory, so nobody but they can tell"),
            true,
            &[FindingKind::AddressChanged, FindingKind::SeveralAddresses, FindingKind::SameAddressTwice],
            unread || directory.is_some() || strangers > 0,
        ),
        step(
            "Remove who is no longer with the company",
            false,
            &[FindingKind::InactiveWithAccess, FindingKind::MemberNotInIdentities],
            unread || (directory.is_some() && rules.identities.is_none()),
        ),
        step(
            "Decide about people with addresses from elsewhere: they get Atlassian accounts that the company does not manage",
            false,
            &[FindingKind::OutsideAddress],
            unread || rules.domains.is_none(),
        ),
        step(
            "Tell those without an Atlassian account: they make one with the same address, and confirm it, at their first sign-in after the migration",
            false,
            &[FindingKind::WithoutAtlassianAccount],
            unread || directory.is_some() || !facts.tells_accounts(),
        ),
        step(
            &format!("Find out whether the team signs in by single sign-on: then Atlassian's page \"Migrate to an Atlassian account while using single sign-on\" is the one to follow. {} of the team members are switched on in the company's directory", known(true)),
            false,
            &[],
            true,
        ),
        step(
            "Choose the Atlassian site. The company's own site gives one place for the users of all products: the owner must be an administrator of it. Its administrator can make the owner one, or becomes the owner of Statuspage and runs the migration. Otherwise a new site is made, and with it a new Atlassian organization",
            false,
            &[],
            true,
        ),
        step(
            "Request access to the site's other Atlassian products for those who are to have it, where there are any: the migration gives access to Statuspage alone",
            false,
            &[],
            true,
        ),
        Step {
            what: "Tell the team when it will be: nothing changes for them before the owner completes the last step, and then every team member and the owner are signed out of Statuspage. Who has no Atlassian account makes one at the next sign-in and confirms the address; who has one is sent to its sign-in".to_owned(),
            blocks: false,
            state: StepState::ToDo,
            kinds: Vec::new(),
            findings: 0,
        },
        Step {
            what: "The owner signs in to Statuspage, chooses Get started, makes or confirms an Atlassian account with the same address (another address: invite it, transfer the ownership to it, and go on with that account), connects the site, and chooses Migrate all accounts: within three months of Atlassian's e-mail".to_owned(),
            blocks: false,
            state: StepState::ToDo,
            kinds: Vec::new(),
            findings: 0,
        },
        Step {
            what: "The owner stays on the screen \"Migration in progress\" until it reloads and shows \"Migration complete!\", and signs in with the Atlassian account afterwards; a password that is not remembered is reset at that sign-in".to_owned(),
            blocks: false,
            state: StepState::ToDo,
            kinds: Vec::new(),
            findings: 0,
        },
    ]);
    steps
}
