//! Groups of the user directory: list, make, change who is in them. None of them reaches Statuspage.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::access::acts::{
    change_directory_group::ChangeDirectoryGroup, create_directory_group::CreateDirectoryGroup,
};
use crate::access::change::plan::Plan;
use crate::access::change::several::{OfPerson, for_one};
use crate::access::directory::change_user::not_in;
use crate::access::look::whole::read_all;
use crate::access::reads::scan::{Feed, Scan};
use crate::access::words::{count, who};
use crate::access::{Access, Ask, ChangeReport, Listing, NamedRow, Refusal, Who, Window};
use crate::caller::Scope;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::roster::{DirectoryGroup, DirectoryUser, Email, Fit, GroupId, NamePart};

/// Ids of members in an answer at most: a group can have 35,000 (Atlassian support, "User provisioning limits").
const MEMBERS: usize = 200;
/// Groups of the site itself: provisioning cannot manage them (Atlassian support, "User provisioning features").
const OWN: [&str; 2] = ["org-admins", "atlassian-addons-admin"];

/// The filter of a list of groups.
#[derive(Debug, Clone, Default)]
pub struct DirectoryGroupFilter {
    /// The one with this id.
    pub group_id: Option<GroupId>,
    /// A part of the name, without regard to case.
    pub name: Option<String>,
}

/// The group, and the people who are added and removed.
#[derive(Debug, Clone)]
pub struct DirectoryGroupChange {
    /// An existing group; absent for a new one.
    pub group_id: Option<GroupId>,
    /// The name of a new group; absent for an existing one.
    pub new_group: Option<String>,
    /// The people to add.
    pub add: Vec<Who>,
    /// The people to remove.
    pub remove: Vec<Who>,
}

impl Access {
    /// The groups of the directory; with the ids of their members where one group is asked for.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_directory_groups(
        &self,
        ask: &Ask,
        filter: &DirectoryGroupFilter,
        window: &Window,
    ) -> Result<Listing<Vec<NamedRow<DirectoryGroup>>>, Refusal> {
        let DirectoryGroupFilter { group_id, name } = filter;
        let query = json!({"group_id": group_id, "name": name});
        let directory = self.atlassian_scim()?;
        let anew = || Ok(self.directory_groups_scan(directory, window.max_age()));
        let filtered = group_id.is_some() || name.is_some();
        let found = self.found(&self.directory_groups, ask, window, &query, filtered, anew)?;
        let part = name.as_deref().map(NamePart::of);
        let fits = |group: &DirectoryGroup| {
            let id = group_id.as_ref().is_none_or(|id| group.id == *id);
            let name = group.name.as_deref();
            let name = part.as_ref().map_or(Fit::Yes, |part| part.fits(name));
            name.and(id)
        };
        let show = |group: &DirectoryGroup| {
            let fit = fits(group);
            let with_members = group_id.is_some() || fit == Fit::Exactly;
            NamedRow::of(shown(group, with_members), fit)
        };
        let mut listing = self.piece(ask, window, &query, found, &fits, show).await?;
        let groups = || listing.records.iter().map(|it| &it.row);
        let cut = |group: &&DirectoryGroup| {
            let listed = group.member_ids.as_ref().map(Vec::len);
            listed
                .zip(group.member_count)
                .is_some_and(|(listed, all)| listed < all)
        };
        let untold = groups().filter(|group| group.member_count.is_none());
        let untold = untold.count();
        let first = groups().find(cut).map(|group| group.member_count);
        if let Some(members) = first {
            listing.warnings.push(format!(
                "the ids of the first {MEMBERS} of {} members are shown; `list_directory_users` with `group_id` lists all",
                members.unwrap_or_default()
            ));
        }
        if untold > 0 {
            listing.warnings.push(format!(
                "of {untold} groups the directory did not say who is in them: without `member_count` a group is not known to be empty"
            ));
        }
        Ok(listing)
    }

    /// A read of every group, not begun yet where there is none at hand: the directory itself looks for whole names alone.
    pub(in crate::access) fn directory_groups_scan(
        &self,
        directory: &AtlassianScim,
        max_age: Duration,
    ) -> Arc<Scan<DirectoryGroup>> {
        let feed = || -> Box<dyn Feed<DirectoryGroup>> { Box::new(directory.groups(None)) };
        let what = "the groups of the directory";
        self.directory_groups
            .at_hand(self, "groups", what, max_age, feed)
    }

    /// Makes a group, or changes who is in one; what takes somebody out is confirmed.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn change_directory_group(
        &self,
        ask: &Ask,
        change: DirectoryGroupChange,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let addresses = |people: &[Who]| -> Vec<Email> {
            let email = |who: &Who| match who {
                Who::Email(email) => Some(email.clone()),
                Who::Id(_) | Who::UserName(_) => None,
            };
            people.iter().filter_map(email).collect()
        };
        let (adds, removes) = (addresses(&change.add), addresses(&change.remove));
        self.permit(ask, Scope::Write, &[], &adds, &removes)?;
        let (add, mut strangers) = self.people_of(ask, &change.add).await?;
        let mut plan = match (change.group_id, change.new_group) {
            (Some(group), None) => {
                let (remove, others) = self.people_of(ask, &change.remove).await?;
                strangers.extend(others);
                if let (true, true, Some((_, why))) =
                    (add.is_empty(), remove.is_empty(), strangers.first())
                {
                    return Err(Refusal::Preflight(why.clone()));
                }
                self.plan_members(ask, &group, add, remove).await?
            }
            (None, Some(name)) if change.remove.is_empty() => {
                if let (true, Some((_, why))) = (add.is_empty(), strangers.first()) {
                    return Err(Refusal::Preflight(why.clone()));
                }
                self.plan_group(ask, name, add).await?
            }
            (None, Some(_)) => {
                return Err(Refusal::arguments("nobody can be removed from a new group"));
            }
            _ => {
                return Err(Refusal::arguments(
                    "give exactly one of `group_id` and `new_group`",
                ));
            }
        };
        // The others go on without those who are not there.
        plan.people = strangers
            .into_iter()
            .map(|(who, why)| OfPerson::refused(who, why))
            .collect();
        self.carry_out(ask, token, plan).await
    }

    async fn plan_members(
        &self,
        ask: &Ask,
        id: &GroupId,
        add: Vec<DirectoryUser>,
        remove: Vec<DirectoryUser>,
    ) -> Result<Plan, Refusal> {
        if add.is_empty() && remove.is_empty() {
            return Err(Refusal::arguments("name somebody in `add` or `remove`"));
        }
        let directory = self.atlassian_scim()?.clone();
        let group = match directory.group(&ask.interactive(), id).await {
            Ok(group) => group,
            Err(error) if error.is_not_found() => {
                return Err(Refusal::NotFound {
                    what: format!("the group `{id}`"),
                    where_: " in the directory".to_owned(),
                    next: "`list_directory_groups` shows the ids.".to_owned(),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let both = add
            .iter()
            .find(|user| remove.iter().any(|other| other.record.id == user.record.id));
        if let Some(user) = both {
            return Err(Refusal::arguments(format!(
                "{} is named in `add` and in `remove`",
                who(&user.record)
            )));
        }
        let members = group.member_ids.clone();
        // The group says who is in it, or else a person says in which groups they are; where neither does, it is not known.
        let is_in = |user: &DirectoryUser| match (&members, &user.record.groups) {
            (Some(members), _) => {
                let member = user.record.directory_user_id();
                Some(member.is_some_and(|member| members.contains(&member)))
            }
            (None, Some(groups)) => Some(groups.contains(id)),
            (None, None) => None,
        };
        let add: Vec<_> = add
            .into_iter()
            .filter(|user| is_in(user) != Some(true))
            .collect();
        let remove: Vec<_> = remove
            .into_iter()
            .filter(|user| is_in(user) != Some(false))
            .collect();
        let untold = add.iter().chain(&remove).any(|user| is_in(user).is_none());
        let name = group.name.clone().unwrap_or_else(|| id.to_string());
        let (gets, loses) = (
            count(add.len(), "person", "people"),
            count(remove.len(), "person", "people"),
        );
        let mut plan = Plan::to(
            format!("The directory group {name} will get {gets} and lose {loses}."),
            format!("The directory group {name} got {gets} and lost {loses}."),
        );
        if untold {
            plan.warnings.push(format!(
                "the directory does not say who is in {name}, so whether the people named are in it now is not known; they are added and taken out by name, and everybody else stays"
            ));
        }
        plan.state = json!({"group": id, "members": members});
        plan.to_type = Some(name.clone());
        if add.is_empty() && remove.is_empty() {
            plan.say_so(format!("The directory group {name} is exactly so already."));
        } else {
            plan.acts.push(Box::new(ChangeDirectoryGroup {
                directory,
                group,
                add,
                remove,
            }));
        }
        Ok(plan)
    }

    async fn plan_group(
        &self,
        ask: &Ask,
        name: String,
        members: Vec<DirectoryUser>,
    ) -> Result<Plan, Refusal> {
        if OWN.iter().any(|own| same(own, &name)) {
            return Err(Refusal::Preflight(format!(
                "`{name}` is a group of the Atlassian site itself, which provisioning cannot make or manage: use admin.atlassian.com (Groups)."
            )));
        }
        let directory = self.atlassian_scim()?.clone();
        let cx = ask.interactive();
        let same_name = read_all(directory.groups(Some(&name)), &cx, "groups").await?;
        if let Some(group) = same_name.first() {
            return Err(Refusal::Preflight(format!(
                "the directory has a group of this name, `{}`. To change who is in it, give it as `group_id`.",
                group.id
            )));
        }
        let size = count(members.len(), "member", "members");
        let mut plan = Plan::to(
            format!("The directory group {name} will be made, with {size}."),
            format!("The directory group {name} was made, with {size}."),
        );
        plan.warnings.push(
            "the group is not synchronized to Statuspage, and its name cannot be changed later"
                .to_owned(),
        );
        plan.acts.push(Box::new(CreateDirectoryGroup {
            directory,
            name,
            members,
        }));
        Ok(plan)
    }

    /// Everybody who is meant, and those who are not in the directory, with the reason.
    async fn people_of(
        &self,
        ask: &Ask,
        people: &[Who],
    ) -> Result<(Vec<DirectoryUser>, Vec<(String, String)>), Refusal> {
        let (mut found, mut strangers) = (Vec::<DirectoryUser>::new(), Vec::new());
        let address = |who: &Who| match who {
            Who::Email(email) => Some(email.clone()),
            Who::Id(_) | Who::UserName(_) => None,
        };
        let emails: Vec<Email> = people.iter().filter_map(address).collect();
        let mut by_address = if emails.is_empty() {
            Vec::new()
        } else {
            self.directory_people(ask, &emails).await?
        }
        .into_iter();
        for who in people {
            let user = match who {
                Who::Email(_) => by_address.next().map_or(Ok(None), |(_, user)| user),
                Who::Id(_) | Who::UserName(_) => self.directory_person(ask, who).await,
            };
            match user.and_then(|user| user.ok_or_else(|| not_in(who))) {
                Ok(user) if found.iter().any(|it| it.record.id == user.record.id) => {}
                Ok(user) => found.push(user),
                Err(refusal) => strangers.push((who.to_string(), for_one(refusal)?)),
            }
        }
        Ok((found, strangers))
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// A group as an answer has it.
fn shown(group: &DirectoryGroup, with_members: bool) -> DirectoryGroup {
    let mut group = group.clone();
    if with_members {
        group
            .member_ids
            .iter_mut()
            .for_each(|ids| ids.truncate(MEMBERS));
    } else {
        group.member_ids = None;
    }
    group
}
