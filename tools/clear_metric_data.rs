//! `clear_metric_data`: empties a graph.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, MetricEnd, Refusal};
use crate::policy::Toolset;
use crate::roster::{MetricId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Delete every point of a metric.
pub(super) struct ClearMetricData;

/// Which.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// From `list_metrics`. E.g. `fxpr5cl9ys7v`.
    metric_id: MetricId,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for ClearMetricData {
    const NAME: &'static str = "clear_metric_data";
    const TITLE: &'static str = "Delete every point of a metric";
    const ABOUT: &'static str = include_str!("clear_metric_data.md");
    const EFFECT: Effect = Effect::Remove;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let token = input.confirmation_token.as_deref();
        access
            .end_metric(
                &ask,
                &input.page_id,
                &input.metric_id,
                MetricEnd::Clear,
                token,
            )
            .await
    }
}
