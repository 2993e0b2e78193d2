//! Changes what is named about a person of the directory, switching off and on included.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::Parts;
use crate::access::Refusal;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::directory::state;
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::{AtlassianScim, UserChange};
use crate::roster::{Clearable, DirectoryUser, DirectoryUserId, Email, Names, Status};
use crate::upstream::Cx;

pub(in crate::access) struct ChangeDirectoryUser {
    directory: AtlassianScim,
    id: DirectoryUserId,
    user: DirectoryUser,
    change: UserChange,
}

impl ChangeDirectoryUser {
    pub(in crate::access) fn new(
        directory: AtlassianScim,
        user: DirectoryUser,
        change: UserChange,
    ) -> Result<Self, Refusal> {
        let id = user.record.directory_user_id().ok_or_else(|| {
            Refusal::Preflight(format!("{} is not of the directory.", who(&user.record)))
        })?;
        Ok(Self {
            directory,
            id,
            user,
            change,
        })
    }

    /// The values that the change is about, by name: as wanted, or as a person has them.
    fn wanted(&self) -> Vec<(&'static str, Value)> {
        let change = &self.change;
        let main = change.emails.as_ref().and_then(|all| all.first());
        let phone = change.phones.as_ref();
        // Without the main one, the first of the others is shown as such.
        let phone = phone.map(|all| json!(all.first().map(|phone| &phone.value)));
        let all = [
            ("email", main.map(|email| json!(email.value))),
            ("user_name", change.user_name.as_ref().map(|it| json!(it))),
            ("phone", phone),
            ("active", change.active.map(|it| json!(it))),
        ];
        let texts = change.texts.iter();
        let texts = texts.map(|(field, text)| (field.as_str(), json!(text)));
        let by_list = |field: &&Clearable| **field == Clearable::Phone && change.phones.is_some();
        let cleared = change.cleared.iter().filter(|field| !by_list(field));
        let cleared = cleared.map(|field| (field.as_str(), Value::Null));
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .chain(texts)
            .chain(cleared)
            .collect()
    }

    fn held(user: &DirectoryUser, name: &str) -> Value {
        let record = &user.record;
        match name {
            "email" => json!(record.email.as_ref().map(Email::as_str)),
            "user_name" => json!(user.user_name),
            "active" => json!(record.status.map(|status| status == Status::Active)),
            name => json!(Clearable::from_word(name).and_then(|field| user.value(field))),
        }
    }
}

impl Act for ChangeDirectoryUser {
    fn system(&self) -> &'static str {
        "atlassian_scim"
    }

    fn what(&self) -> String {
        match self.change.active {
            Some(false) => "switch off the whole Atlassian account, in every product".to_owned(),
            Some(true) => "switch the whole Atlassian account on again".to_owned(),
            None => "change the person in the directory".to_owned(),
        }
    }

    fn target(&self) -> String {
        who(&self.user.record)
    }

    fn exact(&self) -> Value {
        let change: serde_json::Map<String, Value> = self
            .wanted()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        json!({"user_id": self.id, "change": change})
    }

    fn before(&self) -> Value {
        state(&self.user)
    }

    fn losses(&self) -> Vec<Loss> {
        let shown = who(&self.user.record);
        let mut words = Vec::new();
        if self.change.active == Some(false) {
            words.push(format!(
                "{shown} can no longer sign in to any Atlassian product: Statuspage, Jira, Confluence and all others"
            ));
        }
        let wanted = self.wanted();
        let taken = |name: &str| {
            let (_, new) = wanted.iter().find(|(named, _)| *named == name)?;
            let old = Self::held(&self.user, name);
            let old = old.as_str().filter(|old| new.as_str() != Some(old));
            old.map(ToOwned::to_owned)
        };
        let name = taken("user_name");
        if let Some(old) = &name {
            words.push(format!("{shown} can no longer sign in as {old}"));
        }
        if let Some(old) = taken("email").filter(|old| name.as_ref() != Some(old)) {
            words.push(format!("{shown} no longer has the address {old}"));
        }
        if let Some(old) = taken("external_id") {
            words.push(format!(
                "the identity provider no longer finds {shown} by the external id {old}, and may make a second account or switch this one off"
            ));
        }
        for field in &self.change.cleared {
            let name = field.as_str();
            if let Some(old) = taken(name).filter(|_| *field != Clearable::ExternalId) {
                words.push(format!(
                    "{shown} loses the {} {old}",
                    name.replace('_', " ")
                ));
            }
        }
        let loss = |words| Loss::of_user(&self.user, words);
        words.into_iter().map(loss).collect()
    }

    fn gains(&self) -> Vec<Gain> {
        let change = &self.change;
        let main = change.emails.as_ref().and_then(|all| all.first());
        let new = [
            main.map(|email| email.value.as_str()),
            change.user_name.as_deref(),
            change.texts.get(&Clearable::ExternalId).map(String::as_str),
        ];
        let mut who: Names = new.into_iter().map(Names::text).collect();
        if change.active == Some(true) {
            who = who.and(Names::signing_in(&self.user));
        }
        let gain = || Gain::Access(who.clone());
        (!who.is_empty()).then(gain).into_iter().collect()
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.directory
                .change_user(cx, intent, &self.id, &self.change)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let now = self.directory.user(cx, &self.id).await?;
            let after = state(&now);
            let mut parts = Parts::default();
            let mut others = false;
            for (name, value) in self.wanted() {
                let (held, before) = (Self::held(&now, name), Self::held(&self.user, name));
                others |= held != value && held != before;
                parts.add(name.replace('_', " "), held == value);
            }
            if others {
                return Ok(Seen::Otherwise(
                    after,
                    format!(
                        "it is neither as before nor as wanted: the identity provider or somebody else may be changing it. {}",
                        parts.words()
                    ),
                ));
            }
            Ok(parts.seen(after, "the directory accepted the request and nothing changed; the identity provider may own these values"))
        })
    }
}
