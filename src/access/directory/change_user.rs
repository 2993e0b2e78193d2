//! People of the user directory: put in, change, switch off and on. Nobody is ever deleted.

use std::collections::BTreeMap;

use crate::access::acts::{
    change_directory_user::ChangeDirectoryUser, create_directory_user::CreateDirectoryUser,
};
use crate::access::change::plan::Plan;
use crate::access::change::several::for_one;
use crate::access::look::directory::state;
use crate::access::words;
use crate::access::{Access, Ask, ChangeReport, Refusal, Who};
use crate::caller::Scope;
use crate::providers::atlassian_scim::{NewDirectoryUser, UserChange};
use crate::roster::{Clearable, DirectoryContact, DirectoryUser, Email, Status};

/// The changes to a person. Absent fields stay as they are.
#[derive(Debug, Clone, Default)]
pub struct DirectoryChange {
    /// The address, and with it the user name where the two are the same.
    pub new_email: Option<Email>,
    /// The name to sign in with.
    pub user_name: Option<String>,
    /// Other values.
    pub values: BTreeMap<Clearable, String>,
    /// True switches an account on again.
    pub active: Option<bool>,
    /// The values to remove.
    pub clear: Vec<Clearable>,
}

impl DirectoryChange {
    /// The value that is both given and taken away.
    fn contradiction(&self) -> Option<Clearable> {
        let is_set = |field: &Clearable| self.values.contains_key(field);
        self.clear.iter().copied().find(is_set)
    }
}

impl Access {
    /// Puts somebody into the directory, unless the address is there already.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn provision_directory_user(
        &self,
        ask: &Ask,
        new: NewDirectoryUser,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(
            ask,
            Scope::Write,
            &[],
            std::slice::from_ref(&new.email),
            &[],
        )?;
        let directory = self.atlassian_scim()?.clone();
        let existing = self
            .directory_person(ask, &Who::Email(new.email.clone()))
            .await?;
        let mut plan = Plan::to(
            format!("{} will be put into the directory.", new.email),
            format!("{} was put into the directory.", new.email),
        );
        match existing {
            Some(user) if user.record.status == Some(Status::Inactive) => {
                return Err(Refusal::Preflight(format!(
                    "{} is in the directory and switched off. To switch the account on again, call `update_directory_user` with `active` true.",
                    words::who(&user.record)
                )));
            }
            Some(user) => {
                plan.say_so(format!(
                    "{} is in the directory already.",
                    words::who(&user.record)
                ));
            }
            None => {
                plan.warnings = vec![
                    "an Atlassian account is made, or the one that has this address is taken over; the address has to be on a domain that the organization has verified, or the account stays outside of it".to_owned(),
                    "it opens no product until access is granted in admin.atlassian.com; groups of the directory do not reach Statuspage".to_owned(),
                ];
                plan.acts
                    .push(Box::new(CreateDirectoryUser { directory, new }));
            }
        }
        self.carry_out(ask, None, plan).await
    }

    /// Changes what is named about somebody; what takes a sign-in away is confirmed.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn update_directory_user(
        &self,
        ask: &Ask,
        who: &Who,
        change: DirectoryChange,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        if change.active == Some(false) {
            return Err(Refusal::arguments(
                "an account is switched off by `remove_user` with `system` `atlassian_scim`, which shows first what that takes away",
            ));
        }
        if let Some(field) = change.contradiction() {
            return Err(Refusal::arguments(format!(
                "`{field}` is given and also in `clear`: give it to change it, or clear it to take it away"
            )));
        }
        let new_address = change.new_email.clone();
        self.permit(ask, Scope::Write, &[], new_address.as_slice(), &[])?;
        let directory = self.atlassian_scim()?.clone();
        let user = self
            .directory_person(ask, who)
            .await?
            .ok_or_else(|| not_in(who))?;
        let shown = words::who(&user.record);
        let wanted = difference(&user, change);
        let mut plan = Plan::to(
            format!("{shown} will be changed in the directory."),
            format!("{shown} was changed in the directory."),
        );
        plan.state = state(&user);
        if wanted.active == Some(true) {
            plan.say(
                format!("The Atlassian account of {shown} will be switched on again."),
                format!("The Atlassian account of {shown} was switched on again."),
            );
            if wanted
                != (UserChange {
                    active: Some(true),
                    ..UserChange::default()
                })
            {
                plan.besides(
                    " It will be changed as well: see the step.",
                    " It was changed as well.",
                );
            }
            plan.warnings.push(
                "product access and groups that were taken meanwhile do not come back with it"
                    .to_owned(),
            );
        }
        if wanted.emails.is_some() {
            plan.to_type = Some(words::address_or_id(&user.record));
            if user.emails.is_empty() {
                plan.warnings.push("the directory did not list this person's addresses: the list that is sent holds the new one alone and takes the place of any that was not shown".to_owned());
            }
            plan.warnings.push("Statuspage and StatusApp are not told: viewers, subscriptions and members keep the old address until they are added anew with the new one".to_owned());
        }
        if wanted == UserChange::default() {
            plan.say_so(format!("{shown} is exactly so already."));
        } else {
            let act = ChangeDirectoryUser::new(directory, user, wanted)?;
            plan.acts.push(Box::new(act));
        }
        self.carry_out(ask, token, plan).await
    }

    /// Switches a person's whole Atlassian account off, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn deactivate_directory_user(
        &self,
        ask: &Ask,
        who: &Who,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        if let Who::Email(email) = who {
            self.permit(ask, Scope::Remove, &[], &[], std::slice::from_ref(email))?;
        }
        let Some(user) = self.directory_person(ask, who).await? else {
            let plan = Plan::so(format!("{who} is not in the directory."));
            return self.carry_out(ask, token, plan).await;
        };
        let mut plan = self.plan_deactivation(&user)?;
        if !plan.acts.is_empty() {
            plan.warnings.push(self.others_of(ask, &user.record).await);
        }
        self.carry_out(ask, token, plan).await
    }

    /// Switches several people's Atlassian accounts off, with one confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn deactivate_directory_users(
        &self,
        ask: &Ask,
        emails: &[Email],
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Remove, &[], &[], emails)?;
        self.for_several(ask, token, emails, |emails, began| async move {
            let mut plans = Vec::new();
            for (email, found) in self.directory_people(ask, &emails).await? {
                let plan = match found {
                    Ok(Some(user)) => Ok(self.plan_deactivation(&user)?),
                    Ok(None) => Ok(Plan::so(format!("{email} is not in the directory."))),
                    Err(refusal) => Err(for_one(refusal)?),
                };
                plans.push((email.to_string(), plan));
            }
            let what = "switch off whole Atlassian accounts";
            self.carry_out_several(ask, token, (what, began), plans)
                .await
        })
        .await
    }

    /// The plan to switch one person off.
    fn plan_deactivation(&self, user: &DirectoryUser) -> Result<Plan, Refusal> {
        let directory = self.atlassian_scim()?.clone();
        let shown = words::who(&user.record);
        let reach = "not only Statuspage, but Jira, Confluence and every other Atlassian product that the person uses";
        let mut plan = Plan::to(
            format!("The whole Atlassian account of {shown} will be switched off: {reach}."),
            format!("The whole Atlassian account of {shown} was switched off: {reach}."),
        );
        plan.state = state(user);
        plan.to_type = Some(words::address_or_id(&user.record));
        if user.record.status == Some(Status::Inactive) {
            plan.say_so(format!("{shown} is switched off already."));
            return Ok(plan);
        }
        plan.warnings = vec![
            "nothing is deleted: the account is suspended, and `update_directory_user` with `active` true switches it on again".to_owned(),
        ];
        let change = UserChange {
            active: Some(false),
            ..UserChange::default()
        };
        let act = ChangeDirectoryUser::new(directory, user.clone(), change)?;
        plan.acts.push(Box::new(act));
        Ok(plan)
    }
}

pub(in crate::access) fn not_in(who: &Who) -> Refusal {
    Refusal::NotFound {
        what: who.to_string(),
        where_: " in the directory".to_owned(),
        next: "`list_directory_users` shows who is; `provision_directory_user` puts somebody in."
            .to_owned(),
    }
}

/// Returns the part of a change that is not so already.
fn difference(user: &DirectoryUser, change: DirectoryChange) -> UserChange {
    let record = &user.record;
    let new_email = change
        .new_email
        .filter(|new| record.email.as_ref().map(Email::as_str) != Some(new.as_str()));
    let name_is_address = user
        .user_name
        .as_deref()
        .and_then(|name| Email::parse(name).ok())
        .is_some_and(|name| record.has_email(&name));
    let user_name = change.user_name.or_else(|| {
        let new = new_email.as_ref().filter(|_| name_is_address)?;
        Some(new.to_string())
    });
    let is_there = |field: &Clearable| user.value(*field).is_some();
    let mut cleared: Vec<Clearable> = change.clear.into_iter().filter(is_there).collect();
    cleared.sort_unstable();
    cleared.dedup();
    let mut texts = change.values;
    texts.retain(|field, new| user.value(*field) != Some(new.as_str()));
    let takes_phone = cleared.contains(&Clearable::Phone);
    let phones = match texts.remove(&Clearable::Phone) {
        Some(new) => Some(with_phone(user, Some(&new))),
        // Others stay: only the whole list can be removed by its name.
        None if takes_phone && user.phones.len() > 1 => Some(with_phone(user, None)),
        None => None,
    };
    UserChange {
        cleared,
        phones,
        texts,
        user_name: user_name.filter(|new| user.user_name.as_deref() != Some(new)),
        emails: new_email.map(|new| with_address(user, &new)),
        active: change
            .active
            .filter(|_| record.status != Some(Status::Active)),
    }
}

/// All phone numbers with another main one, or without the main one; the others go back as they came.
fn with_phone(user: &DirectoryUser, new: Option<&str>) -> Vec<DirectoryContact> {
    let is_main = |phone: &DirectoryContact| user.phone.as_deref() == Some(phone.value.trim());
    let old = user.phones.iter().find(|phone| is_main(phone));
    let main = new.map(|new| DirectoryContact {
        value: new.to_owned(),
        kind: old.map_or_else(|| Some("work".to_owned()), |old| old.kind.clone()),
        primary: true,
    });
    let rest = user.phones.iter().filter(|phone| !is_main(phone));
    let rest = rest.filter(|phone| Some(phone.value.as_str()) != new);
    main.into_iter().chain(rest.cloned()).collect()
}

/// All addresses with another main one; the others go back as they came.
fn with_address(user: &DirectoryUser, new: &Email) -> Vec<DirectoryContact> {
    let is_main = |email: &DirectoryContact| {
        let parsed = Email::parse(&email.value);
        matches!(parsed, Ok(parsed) if user.record.has_email(&parsed))
    };
    let old = user.emails.iter().find(|email| is_main(email));
    let main = DirectoryContact {
        value: new.to_string(),
        kind: old.map_or_else(|| Some("work".to_owned()), |old| old.kind.clone()),
        primary: true,
    };
    let rest = user
        .emails
        .iter()
        .filter(|email| !is_main(email) && Email::parse(&email.value).ok().as_ref() != Some(new))
        .map(|email| DirectoryContact {
            primary: false,
            ..email.clone()
        });
    std::iter::once(main).chain(rest).collect()
}
