//! `clear_metric_data`: empties a graph.

use std::sync::Arc;

use super::operations_input::EndOfMetric;
use crate::access::{Access, Ask, ChangeReport, MetricEnd, Refusal};
use crate::policy::Toolset;
use crate::roster::System;
use crate::toolkit::{Effect, Tool};

/// Delete every point of a metric.
pub(super) struct ClearMetricData;

impl Tool for ClearMetricData {
    const NAME: &'static str = "clear_metric_data";
    const TITLE: &'static str = "Delete every point of a metric";
    const ABOUT: &'static str = include_str!("clear_metric_data.md");
    const EFFECT: Effect = Effect::Remove;
    const TOOLSET: Toolset = Toolset::Operations;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = EndOfMetric;
    type Output = ChangeReport;

    async fn call(
        access: Arc<Access>,
        ask: Ask,
        input: EndOfMetric,
    ) -> Result<Self::Output, Refusal> {
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
