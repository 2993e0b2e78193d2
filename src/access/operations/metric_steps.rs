//! The steps that make, rename, empty and delete metrics.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::change::act::{Before, Seen};
use crate::access::look::whole::read_all;
use crate::access::operations::metrics::{MetricEnd, is_own};
use crate::access::operations::step::Work;
use crate::access::operations::text::same;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{NewMetric, Statuspage};
use crate::roster::{MetricDetail, MetricId, MetricsProviderId, PageId};
use crate::upstream::Cx;

pub(in crate::access) struct OwnProvider {
    pub statuspage: Statuspage,
    pub page: PageId,
}

impl OwnProvider {
    async fn there(&self, cx: &Cx) -> Result<Option<MetricsProviderId>, ProviderError> {
        let all = read_all(
            self.statuspage.metrics_providers(&self.page),
            cx,
            "metrics providers",
        )
        .await?;
        Ok(all.into_iter().find(is_own).map(|it| it.id))
    }
}

impl Work for OwnProvider {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        Ok(self
            .there(cx)
            .await?
            .map_or(Before::AsPlanned, |_| Before::Done))
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        self.statuspage
            .create_own_provider(cx, intent, &self.page)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        Ok(match self.there(cx).await? {
            Some(id) => Seen::AsWanted(json!({"provider_id": id})),
            None => Seen::Unchanged(Value::Null, "there is none".to_owned()),
        })
    }
}

pub(in crate::access) struct Create {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub new: NewMetric,
    pub known: BTreeSet<MetricId>,
}

impl Create {
    async fn made(&self, cx: &Cx) -> Result<Option<MetricDetail>, ProviderError> {
        let all = read_all(self.statuspage.metric_details(&self.page), cx, "metrics").await?;
        Ok(all
            .into_iter()
            .find(|it| !self.known.contains(&it.id) && same(&self.new.name, it.name.as_deref())))
    }
}

impl Work for Create {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        Ok(self.made(cx).await?.map_or(Before::AsPlanned, |it| {
            Before::Changed(format!(
                "somebody else made one of this name in the meantime ({})",
                it.id
            ))
        }))
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        let own = OwnProvider {
            statuspage: self.statuspage.clone(),
            page: self.page.clone(),
        };
        let Some(provider) = own.there(cx).await? else {
            return Err(ProviderError::Untrusted {
                what: "list of metrics providers",
                place: "type".to_owned(),
                why: "the provider `Self` is not in it, so nothing was sent".to_owned(),
            });
        };
        self.statuspage
            .create_metric(cx, intent, &self.page, &provider, &self.new)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        Ok(match self.made(cx).await? {
            Some(made) => {
                let found = format!("its id is {}", made.id);
                Seen::AsWantedAnd(json!(made), found)
            }
            None => Seen::Unchanged(
                Value::Null,
                "there is no new metric of this name".to_owned(),
            ),
        })
    }
}

pub(in crate::access) struct Rename {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub id: MetricId,
    pub name: String,
    pub old: Option<String>,
}

impl Work for Rename {
    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        self.statuspage
            .rename_metric(cx, intent, &self.page, &self.id, &self.name)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let now = self
            .statuspage
            .metric_detail(cx, &self.page, &self.id)
            .await?;
        Ok(if same(&self.name, now.name.as_deref()) {
            Seen::AsWanted(json!(now))
        } else if now.name == self.old {
            Seen::Unchanged(json!(now), "it is called as it was".to_owned())
        } else {
            Seen::Otherwise(json!(now), "somebody else gave it another name".to_owned())
        })
    }
}

pub(in crate::access) struct End {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub id: MetricId,
    pub end: MetricEnd,
}

impl Work for End {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        match self
            .statuspage
            .metric_detail(cx, &self.page, &self.id)
            .await
        {
            Ok(_) => Ok(Before::AsPlanned),
            Err(error) if error.is_not_found() && self.end == MetricEnd::Remove => Ok(Before::Done),
            Err(error) => Err(error),
        }
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        match self.end {
            MetricEnd::Clear => {
                self.statuspage
                    .clear_metric(cx, intent, &self.page, &self.id)
                    .await
            }
            MetricEnd::Remove => {
                self.statuspage
                    .delete_metric(cx, intent, &self.page, &self.id)
                    .await
            }
        }
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let now = self
            .statuspage
            .metric_detail(cx, &self.page, &self.id)
            .await;
        Ok(match (now, self.end) {
            (Err(error), MetricEnd::Remove) if error.is_not_found() => Seen::AsWanted(Value::Null),
            (Err(error), _) => return Err(error),
            (Ok(now), MetricEnd::Remove) => Seen::Unchanged(json!(now), "it is still there".to_owned()),
            (Ok(now), MetricEnd::Clear) if now.most_recent_data_at.is_none() => Seen::AsWanted(json!(now)),
            (Ok(now), MetricEnd::Clear) => Seen::Unchanged(json!(now), "it still says when data last came: points came in the meantime, or nothing was deleted".to_owned()),
        })
    }
}
