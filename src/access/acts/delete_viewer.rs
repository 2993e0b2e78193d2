//! Removes a page access user.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{PageId, Record, ViewerId};
use crate::upstream::Cx;

pub(in crate::access) struct DeleteViewer {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub viewer: ViewerId,
    pub record: Record,
}

impl Act for DeleteViewer {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn action(&self) -> String {
        format!("remove the page access user from page {}", self.page)
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "page_access_user_id": self.viewer})
    }

    fn before(&self) -> Value {
        json!(self.record)
    }

    fn losses(&self) -> Vec<Loss> {
        let groups = self.record.groups.as_ref().map_or(0, Vec::len);
        let by_groups = match groups {
            0 => String::new(),
            1 => ", with what 1 group gave".to_owned(),
            many => format!(", with what {many} groups gave"),
        };
        let words = format!(
            "{} can no longer see page {}{by_groups}",
            who(&self.record),
            self.page
        );
        vec![Loss::of(&self.record, words)]
    }

    fn gains(&self) -> Vec<Gain> {
        Vec::new()
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            match self.statuspage.viewer(cx, &self.page, &self.viewer).await {
                Err(error) if error.is_not_found() => Ok(Before::Done),
                Err(error) => Err(error),
                Ok(now) if now.email == self.record.email => Ok(Before::AsPlanned),
                Ok(_) => Ok(Before::Changed(
                    "the account has another e-mail address now".to_owned(),
                )),
            }
        })
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .delete_viewer(cx, intent, &self.page, &self.viewer)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            match self.statuspage.viewer(cx, &self.page, &self.viewer).await {
                Err(error) if error.is_not_found() => Ok(Seen::AsWanted(Value::Null)),
                Ok(still) => Ok(Seen::Unchanged(
                    json!(still),
                    "the page access user is still there".to_owned(),
                )),
                Err(error) => Err(error),
            }
        })
    }
}
