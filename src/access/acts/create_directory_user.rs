//! Puts somebody into the user directory.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::{AtlassianScim, NewDirectoryUser, UserFilter};
use crate::roster::Names;
use crate::upstream::Cx;

pub(in crate::access) struct CreateDirectoryUser {
    pub directory: AtlassianScim,
    pub new: NewDirectoryUser,
}

impl CreateDirectoryUser {
    fn user_name(&self) -> &str {
        self.new
            .user_name
            .as_deref()
            .unwrap_or(self.new.email.as_str())
    }
}

impl Act for CreateDirectoryUser {
    fn system(&self) -> &'static str {
        "atlassian_scim"
    }

    fn what(&self) -> String {
        "put a person into the directory".to_owned()
    }

    fn target(&self) -> String {
        self.new.email.to_string()
    }

    fn exact(&self) -> Value {
        let new = &self.new;
        json!({
            "email": new.email, "user_name": self.user_name(), "first_name": new.first_name, "last_name": new.last_name,
            "display_name": new.display_name, "external_id": new.external_id,
        })
    }

    fn before(&self) -> Value {
        Value::Null
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        let new = &self.new;
        let named = [Some(self.user_name()), new.external_id.as_deref()];
        let named: Names = named.into_iter().map(Names::text).collect();
        vec![Gain::Access(named.and(Names::from(&new.email)))]
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move { self.directory.create_user(cx, intent, &self.new).await })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let by_name = UserFilter::UserName(self.user_name().to_owned());
            let found = self.directory.users(Some(&by_name)).rest(cx).await?;
            let person = found
                .into_iter()
                .find(|user| user.answers_to(&self.new.email));
            Ok(match person {
                Some(user) => Seen::AsWanted(json!(user)),
                None => Seen::Unchanged(
                    Value::Null,
                    "the directory accepted the request, and nobody with this user name is in it"
                        .to_owned(),
                ),
            })
        })
    }
}
